/// Above this many pairs, lists are compared place by place: an exact answer would take too long.
const EXACT: usize = 4_000_000;

/// Which item of `old` became which of `new`: pairs in order, with `None` where one was removed or added.
/// Equal items stay together; in a gap between them, items are paired as long as both sides have some.
pub(super) fn align<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in kept(old, new).into_iter().chain([(old.len(), new.len())]) {
        while i < next_i || j < next_j {
            let removed = (i < next_i).then_some(i);
            let added = (j < next_j).then_some(j);
            pairs.push((removed, added));
            i += usize::from(removed.is_some());
            j += usize::from(added.is_some());
        }
        if i < old.len() && j < new.len() {
            pairs.push((Some(i), Some(j)));
            (i, j) = (i + 1, j + 1);
        }
    }
    pairs
}

/// The longest common subsequence, as pairs of places.
fn kept<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (&old[prefix..], &new[prefix..]);
    let suffix =
        rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_old, middle_new) =
        (&rest_old[..rest_old.len() - suffix], &rest_new[..rest_new.len() - suffix]);
    let mut kept: Vec<(usize, usize)> = (0..prefix).map(|at| (at, at)).collect();
    let middle = common(middle_old, middle_new);
    kept.extend(middle.into_iter().map(|(i, j)| (prefix + i, prefix + j)));
    let ends = (old.len() - suffix, new.len() - suffix);
    kept.extend((0..suffix).map(|at| (ends.0 + at, ends.1 + at)));
    kept
}

fn common<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.is_empty() || new.is_empty() || old.len() * new.len() > EXACT {
        return Vec::new();
    }
    // lengths[i][j]: of the longest common subsequence of old[i..] and new[j..].
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = if old[i] == new[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::align;

    #[test]
    fn equal_items_stay_together() {
        let pairs = align(&["a", "b", "c", "d"], &["a", "x", "c", "y", "d"]);
        let expected = [
            (Some(0), Some(0)),
            (Some(1), Some(1)),
            (Some(2), Some(2)),
            (None, Some(3)),
            (Some(3), Some(4)),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn everything_or_nothing_may_be_there() {
        assert_eq!(align::<u8>(&[], &[]), []);
        assert_eq!(align(&[1], &[]), [(Some(0), None)]);
        assert_eq!(align(&[], &[1]), [(None, Some(0))]);
        assert_eq!(align(&[1, 1], &[1]), [(Some(0), Some(0)), (Some(1), None)]);
    }
}
