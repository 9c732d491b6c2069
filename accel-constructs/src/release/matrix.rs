use accel_core::{DocumentNode, Prop, Text};

use super::{
    expr::{AvailableIn, Expr, IntoScalar, Uses, place},
    keys::Keys,
};

/// Runs a job once for each combination of the values of its axes.
///
/// Source: <https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations>
///
/// ```
/// use accel_constructs::release::Matrix;
///
/// let matrix = Matrix::new()
///     .axis("os", ["ubuntu-24.04", "windows-2025"])
///     .axis("node", [22, 24])
///     .exclude([("os", "windows-2025".into()), ("node", 22.into())]);
/// assert_eq!(matrix.size(), Some(3));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    axes: Vec<(Text, Axis)>,
    include: Vec<Combination>,
    exclude: Vec<Combination>,
    whole: Option<Prop>,
    strategy: Keys,
    pub(super) uses: Uses,
}

type Combination = Vec<(Text, Prop)>;

#[derive(Clone, Debug)]
enum Axis {
    Values(Vec<Prop>),
    Expression(Prop),
}

/// Beyond this nobody counts: it is far too many.
const COUNTED: usize = 100_000;

impl Matrix {
    /// A matrix without an axis.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A matrix that an expression makes: `from_json(needs(&plan).output("matrix"))`.
    pub fn dynamic<C: AvailableIn<place::Strategy>>(matrix: Expr<C>) -> Self {
        let mut new = Self::default();
        let scalar = IntoScalar::<place::Strategy>::into_scalar(matrix);
        new.whole = Some(new.uses.take(scalar));
        new
    }

    /// An axis and its values, which the job reads as `matrix("name")`.
    #[must_use]
    pub fn axis<V: Into<Prop>>(
        mut self,
        name: impl Into<Text>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.axes.push((name.into(), Axis::Values(values.into_iter().map(Into::into).collect())));
        self
    }

    /// An axis whose values are known only when the workflow runs.
    #[must_use]
    pub fn dynamic_axis<C: AvailableIn<place::Strategy>>(
        mut self,
        name: impl Into<Text>,
        values: Expr<C>,
    ) -> Self {
        let values = self.uses.take(IntoScalar::<place::Strategy>::into_scalar(values));
        self.axes.push((name.into(), Axis::Expression(values)));
        self
    }

    /// Adds entries to the combinations that they contradict in nothing; to none of them: a further
    /// combination.
    #[must_use]
    pub fn include<K: Into<Text>>(mut self, entries: impl IntoIterator<Item = (K, Prop)>) -> Self {
        self.include.push(combination(entries));
        self
    }

    /// Takes out the combinations that have all of the entries.
    #[must_use]
    pub fn exclude<K: Into<Text>>(mut self, entries: impl IntoIterator<Item = (K, Prop)>) -> Self {
        self.exclude.push(combination(entries));
        self
    }

    /// Whether the first combination that fails cancels the others; GitHub does unless told.
    #[must_use]
    pub fn fail_fast(mut self, fail_fast: impl IntoScalar<place::Strategy, bool>) -> Self {
        let fail_fast = self.uses.take(fail_fast.into_scalar());
        self.strategy.set("fail-fast", fail_fast);
        self
    }

    /// How many run at once at most.
    #[must_use]
    pub fn max_parallel(mut self, jobs: impl IntoScalar<place::Strategy, i64>) -> Self {
        let jobs = self.uses.take(jobs.into_scalar());
        self.strategy.set("max-parallel", jobs);
        self
    }

    /// How many jobs it makes, as far as that is known before it runs.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        let mut combinations: Vec<Vec<(&str, &Prop)>> = vec![Vec::new()];
        for (name, axis) in &self.axes {
            let Axis::Values(values) = axis else { return None };
            if combinations.len().saturating_mul(values.len()) > COUNTED {
                return Some(combinations.len().saturating_mul(values.len()));
            }
            let mut longer = Vec::new();
            for combination in &combinations {
                for value in values {
                    let mut combination = combination.clone();
                    combination.push((name.as_str(), value));
                    longer.push(combination);
                }
            }
            combinations = longer;
        }
        if self.whole.is_some() {
            return None;
        }
        if self.axes.is_empty() {
            combinations.clear();
        }
        let has = |combination: &[(&str, &Prop)], (key, value): &(Text, Prop)| {
            combination.iter().any(|(name, own)| key == *name && *own == value)
        };
        combinations.retain(|combination| {
            !self.exclude.iter().any(|entries| entries.iter().all(|entry| has(combination, entry)))
        });
        let contradicts = |combination: &[(&str, &Prop)], (key, value): &(Text, Prop)| {
            combination.iter().any(|(name, own)| key == *name && *own != value)
        };
        let adds_one = |entries: &&Combination| {
            combinations
                .iter()
                .all(|combination| entries.iter().any(|entry| contradicts(combination, entry)))
        };
        Some(combinations.len() + self.include.iter().filter(adds_one).count())
    }

    /// Whether `matrix.name` may exist.
    pub(super) fn has(&self, name: &str) -> bool {
        self.whole.is_some() || self.names().any(|own| own == name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let included = self.include.iter().flatten().map(|(name, _)| name.as_str());
        self.axes.iter().map(|(name, _)| name.as_str()).chain(included)
    }

    pub(super) fn into_node(mut self) -> DocumentNode {
        let mut matrix = Keys::default();
        for (name, axis) in self.axes {
            match axis {
                Axis::Values(values) => matrix.set(name, DocumentNode::list(values)),
                Axis::Expression(expression) => matrix.set(name, expression),
            }
        }
        for (key, combinations) in [("include", self.include), ("exclude", self.exclude)] {
            if !combinations.is_empty() {
                matrix
                    .set(key, DocumentNode::list(combinations.into_iter().map(DocumentNode::map)));
            }
        }
        let matrix = self.whole.map_or_else(|| DocumentNode::from(matrix), DocumentNode::from);
        self.strategy.set("matrix", matrix);
        self.strategy.in_order(&["fail-fast", "max-parallel", "matrix"])
    }
}

fn combination<K: Into<Text>>(entries: impl IntoIterator<Item = (K, Prop)>) -> Combination {
    entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_added_where_they_fit_and_are_a_combination_of_their_own_elsewhere() {
        let matrix = Matrix::new()
            .axis("fruit", ["apple", "pear"])
            .axis("animal", ["cat", "dog"])
            .include([("color", "green".into())])
            .include([("fruit", "apple".into()), ("shape", "circle".into())])
            .include([("fruit", "banana".into())])
            .include([("fruit", "banana".into()), ("animal", "cat".into())]);
        assert_eq!(matrix.size(), Some(6));
    }

    #[test]
    fn a_matrix_of_included_combinations_alone_has_as_many() {
        let matrix = Matrix::new().include([("a", 1.into())]).include([("a", 2.into())]);
        assert_eq!(matrix.size(), Some(2));
    }

    #[test]
    fn an_enormous_matrix_is_not_counted_out() {
        let digits = 0..10;
        let matrix = (0..9)
            .fold(Matrix::new(), |matrix, axis| matrix.axis(format!("axis{axis}"), digits.clone()));
        assert!(matrix.size().unwrap() > COUNTED);
    }
}
