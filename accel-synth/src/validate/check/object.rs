use super::{Check, Kind, Object, Path, Presence, Rule, Violation, count, describe, nearest};

/// As many names as a message can hold.
const MOST_NAMES: usize = 20;

impl Check<'_> {
    pub(super) fn object_rule(
        &mut self,
        rule: &Rule,
        siblings: &[Rule],
        object: &Object,
        path: &Path<'_>,
    ) {
        match rule {
            Rule::Properties(nodes) => {
                for (name, value) in object.iter() {
                    if let Ok(index) = nodes.binary_search_by(|(known, _)| (*known).cmp(name)) {
                        self.check(nodes[index].1, value, &path.name(name));
                    }
                }
            }
            Rule::PatternProperties(patterns) => {
                for (name, value) in object.iter() {
                    for (_, node) in patterns.iter().filter(|(pattern, _)| pattern.is_match(name)) {
                        self.check(*node, value, &path.name(name));
                    }
                }
            }
            Rule::AdditionalProperties(node) => {
                for (name, value) in object.iter().filter(|(name, _)| !is_known(siblings, name)) {
                    self.check(*node, value, &path.name(name));
                }
            }
            Rule::NoAdditionalProperties => {
                for (name, _) in object.iter().filter(|(name, _)| !is_known(siblings, name)) {
                    self.unknown_property(name, siblings, path);
                }
            }
            Rule::Required(names) => {
                for name in names {
                    match Presence::of(object.get(name)) {
                        Presence::Present => {}
                        // In a form that is tried on, another form may hold in that branch.
                        Presence::Sometimes if self.quiet => self.unknown = true,
                        _ => self.missing(name, path),
                    }
                }
            }
            Rule::MinProperties(least) => {
                let allowed = || format!("at least {least} of its properties");
                self.entry_count(object, |count| count >= *least, path, allowed);
            }
            Rule::MaxProperties(most) => {
                let allowed = || format!("at most {most} of its properties");
                self.entry_count(object, |count| count <= *most, path, allowed);
            }
            Rule::RequiredXor(names) => self.exactly_one(names, object, path),
            Rule::RequiredOr(names) => self.at_least_one(names, object, path),
            Rule::DependentRequired(dependents) => {
                for (name, others) in dependents {
                    for other in others {
                        self.needs(name, other, object, path);
                    }
                }
            }
            Rule::DependentExcluded(dependents) => {
                for (name, others) in dependents {
                    for other in others {
                        self.excludes(name, other, object, path);
                    }
                }
            }
            _ => {}
        }
    }

    fn missing(&mut self, name: &str, path: &Path<'_>) {
        self.report(|| Violation {
            kind: Kind::MissingProperty,
            path: path.name(name).to_string(),
            given: "nothing".to_owned(),
            allowed: "a value".to_owned(),
            help: None,
        });
    }

    fn unknown_property(&mut self, name: &str, siblings: &[Rule], path: &Path<'_>) {
        self.report(|| {
            let known: Vec<&str> = siblings.iter().flat_map(known_names).collect();
            let near = nearest(name, known.iter().copied());
            let mut allowed = describe::or(&known[..known.len().min(MOST_NAMES)]);
            if known.len() > MOST_NAMES {
                allowed += &format!(" and {} more", known.len() - MOST_NAMES);
            }
            Violation {
                kind: Kind::UnknownProperty,
                path: path.name(name).to_string(),
                given: format!("`{name}`"),
                allowed,
                help: near.map(|near| format!("did you mean `{near}`?")),
            }
        });
    }

    fn entry_count(
        &mut self,
        object: &Object,
        holds: impl Fn(u64) -> bool,
        path: &Path<'_>,
        allowed: impl Fn() -> String,
    ) {
        let entries = count(object.iter().map(|(_, value)| value));
        if self.certainly_not(entries, holds) {
            self.wrong_count(describe::object(object), path, allowed);
        }
    }

    fn exactly_one(&mut self, names: &[&str], object: &Object, path: &Path<'_>) {
        let presence = |name: &&&str| Presence::of(object.get(name));
        let present: Vec<&str> =
            names.iter().filter(|name| presence(name) == Presence::Present).copied().collect();
        let sometimes = names.iter().any(|name| presence(&name) == Presence::Sometimes);
        self.unknown |= sometimes;
        if present.len() > 1 || present.is_empty() && !sometimes {
            let allowed = format!("exactly one of {}", describe::or(names));
            let given = if present.is_empty() {
                "none of them".to_owned()
            } else {
                describe::and(&present)
            };
            self.combination(&given, allowed, path);
        }
    }

    fn at_least_one(&mut self, names: &[&str], object: &Object, path: &Path<'_>) {
        let presence = |name: &&str| Presence::of(object.get(name));
        if names.iter().any(|name| presence(name) == Presence::Present) {
            return;
        }
        if names.iter().any(|name| presence(name) == Presence::Sometimes) {
            self.unknown = true;
        } else {
            let allowed = format!("at least one of {}", describe::or(names));
            self.combination("none of them", allowed, path);
        }
    }

    fn needs(&mut self, name: &str, other: &str, object: &Object, path: &Path<'_>) {
        match (Presence::of(object.get(name)), Presence::of(object.get(other))) {
            (Presence::Absent, _) | (_, Presence::Present) => {}
            (Presence::Present, Presence::Absent) => {
                let given = format!("`{name}` without `{other}`");
                self.combination(&given, format!("`{name}` and `{other}`, or neither"), path);
            }
            _ => self.unknown = true,
        }
    }

    fn excludes(&mut self, name: &str, other: &str, object: &Object, path: &Path<'_>) {
        match (Presence::of(object.get(name)), Presence::of(object.get(other))) {
            (Presence::Absent, _) | (_, Presence::Absent) => {}
            (Presence::Present, Presence::Present) => {
                let given = describe::and(&[name, other]);
                self.combination(&given, describe::or(&[name, other]), path);
            }
            _ => self.unknown = true,
        }
    }

    fn combination(&mut self, given: &str, allowed: String, path: &Path<'_>) {
        self.report(|| Violation {
            kind: Kind::PropertyCombination,
            path: path.to_string(),
            given: given.to_owned(),
            allowed,
            help: None,
        });
    }
}

fn known_names(rule: &Rule) -> impl Iterator<Item = &'static str> + '_ {
    let nodes = match rule {
        Rule::Properties(nodes) => nodes.as_slice(),
        _ => &[],
    };
    nodes.iter().map(|(name, _)| *name)
}

fn is_known(siblings: &[Rule], name: &str) -> bool {
    siblings.iter().any(|rule| match rule {
        Rule::Properties(nodes) => nodes.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok(),
        Rule::PatternProperties(patterns) => {
            patterns.iter().any(|(pattern, _)| pattern.is_match(name))
        }
        _ => false,
    })
}
