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
        let key_of = |item: &'_ Prop| -> Option<Vec<Prop>> {
            let object = item.as_object()?;
            keys.iter().map(|key| object.get(key).cloned()).collect()
        };
        if items.len() < 2 {
            return;
        }
        let found: Vec<Option<Vec<Prop>>> = items.iter().map(key_of).collect();
        let twice =
            found.iter().enumerate().find(|(at, key)| key.is_some() && found[..*at].contains(key));
        if let Some((_, Some(twice))) = twice {
            let named = || twice.iter().map(describe::value).collect::<Vec<_>>().join(", ");
            self.duplicate(|| format!("{} {}", describe::and(keys), named()), path);
        }
    }

    fn duplicate(&mut self, given: impl Fn() -> String, path: &Path<'_>) {
        self.report(|| Violation {
            kind: Kind::DuplicateItem,
            path: path.to_string(),
            given: given(),
            allowed: "each of them once".to_owned(),
            help: None,
        });
    }
}
