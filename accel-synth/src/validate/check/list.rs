use super::{Check, Kind, Path, Prop, Rule, Shape, Violation, count, describe};

impl Check<'_> {
    pub(super) fn list_rule(
        &mut self,
        rule: &Rule,
        siblings: &[Rule],
        items: &[Prop],
        path: &Path<'_>,
    ) {
        match rule {
            Rule::PrefixItems(nodes) => {
                for (index, (item, node)) in items.iter().zip(nodes).enumerate() {
                    self.check(*node, item, &path.index(index));
                }
            }
            Rule::Items(node) => {
                let checked = siblings.iter().find_map(|rule| match rule {
                    Rule::PrefixItems(nodes) => Some(nodes.len()),
                    _ => None,
                });
                for (index, item) in items.iter().enumerate().skip(checked.unwrap_or(0)) {
                    self.check(*node, item, &path.index(index));
                }
            }
            Rule::MinItems(least) => {
                let allowed = || format!("at least {}", describe::counted(*least, "item"));
                self.item_count(items, |count| count >= *least, path, allowed);
            }
            Rule::MaxItems(most) => {
                let allowed = || format!("at most {}", describe::counted(*most, "item"));
                self.item_count(items, |count| count <= *most, path, allowed);
            }
            Rule::UniqueItems => self.unique(items, path),
            Rule::MaxUniqueItems(most) => {
                let distinct = (0..items.len()).filter(|at| !items[..*at].contains(&items[*at]));
                if distinct.count() as u64 > *most {
                    self.wrong_count(describe::list(items), path, || {
                        format!("at most {}", describe::counted(*most, "distinct item"))
                    });
                }
            }
            Rule::UniqueKeys(keys) => self.unique_keys(items, keys, path),
            _ => {}
        }
    }

    fn item_count(
        &mut self,
        items: &[Prop],
        holds: impl Fn(u64) -> bool,
        path: &Path<'_>,
        allowed: impl Fn() -> String,
    ) {
        if self.certainly_not(count(items), holds) {
            self.wrong_count(describe::list(items), path, allowed);
        }
    }

    /// Whether a count fails a bound for sure; notes it if it may.
    pub(super) fn certainly_not(
        &mut self,
        (least, most): (u64, u64),
        holds: impl Fn(u64) -> bool,
    ) -> bool {
        let (low, high) = (holds(least), holds(most));
        self.unknown |= low != high;
        !low && !high
    }

    pub(super) fn wrong_count(
        &mut self,
        given: String,
        path: &Path<'_>,
        allowed: impl Fn() -> String,
    ) {
        self.report(|| Violation {
            kind: Kind::WrongItemCount,
            path: path.to_string(),
            given,
            allowed: allowed(),
            help: None,
        });
    }

    fn unique(&mut self, items: &[Prop], path: &Path<'_>) {
        let twice = items.iter().enumerate().find(|(at, item)| {
            // A choice may choose differently each time, and nothing is not an item.
            items[..*at].contains(item)
                && matches!(Shape::of(item), Shape::Literal(_) | Shape::Unknown)
        });
        if let Some((_, twice)) = twice {
            self.duplicate(|| describe::value(twice), path);
        }
    }

    fn unique_keys(&mut self, items: &[Prop], keys: &[&str], path: &Path<'_>) {
        let same = |left: &Prop, right: &Prop| {
            let (Some(left), Some(right)) = (left.as_object(), right.as_object()) else {
                return false;
            };
            keys.iter().all(|key| left.get(key).is_some() && left.get(key) == right.get(key))
        };
        let twice = items.iter().enumerate().find_map(|(at, item)| {
            let before = items[..at].iter().any(|other| same(other, item));
            before.then(|| item.as_object()).flatten()
        });
        if let Some(object) = twice {
            let values = keys.iter().filter_map(|key| object.get(key)).map(describe::value);
            let values = || values.collect::<Vec<_>>().join(", ");
            self.duplicate(|| format!("{} {}", describe::and(keys), values()), path);
        }
    }

    fn duplicate(&mut self, given: impl FnOnce() -> String, path: &Path<'_>) {
        self.report(|| Violation {
            kind: Kind::DuplicateItem,
            path: path.to_string(),
            given: given(),
            allowed: "each of them once".to_owned(),
            help: None,
        });
    }
}
