use super::{
    Check, Kind, NodeId, Object, Path, Presence, Rule, Violation, count, describe, nearest,
};

impl Check<'_> {
    pub(super) fn object_rule(
        &mut self,
        rule: &Rule,
        siblings: &[Rule],
        object: &Object,
        path: &Path<'_>,
    ) {
        match rule {
            Rule::Properties(nodes, all) => self.properties(nodes, *all, object, path),
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
                    self.unknown_property(name, named(siblings), path);
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
                for (name, others) in dependents.iter().filter(|(name, _)| has(object, name)) {
                    for other in others {
                        self.needs(name, other, object, path);
                    }
                }
            }
            Rule::DependentExcluded(dependents) => {
                for (name, others) in dependents.iter().filter(|(name, _)| has(object, name)) {
                    for other in others.iter().filter(|other| has(object, other)) {
                        if !is_mirrored(dependents, name, other) {
                            self.excludes(name, other, object, path);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn properties(
        &mut self,
        nodes: &[(&'static str, NodeId)],
        all: bool,
        object: &Object,
        path: &Path<'_>,
    ) {
        // Both are sorted by name.
        let mut rest = nodes;
        for (name, value) in object.iter() {
            let smaller = rest.iter().take_while(|(known, _)| *known < name.as_str()).count();
            rest = &rest[smaller..];
            match rest.first() {
                Some((known, node)) if *known == name.as_str() => {
                    self.check(*node, value, &path.name(name));
                }
                _ if all => self.unknown_property(name, nodes, path),
                _ => {}
            }
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

    fn unknown_property(&mut self, name: &str, known: &[(&str, NodeId)], path: &Path<'_>) {
        self.report(|| {
            let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let near = nearest(name, known.iter().copied());
            Violation {
                kind: Kind::UnknownProperty,
                path: path.name(name).to_string(),
                given: format!("`{name}`"),
                allowed: describe::some(&known),
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
            let given = match &present[..] {
                [] => format!("none of {}", describe::and(names)),
                present => format!("{} together", describe::and(present)),
            };
            self.combination(given, format!("exactly one of {}", describe::some(names)), path);
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
            let given = format!("none of {}", describe::and(names));
            self.combination(given, "at least one of them".to_owned(), path);
        }
    }

    fn needs(&mut self, name: &str, other: &str, object: &Object, path: &Path<'_>) {
        match (Presence::of(object.get(name)), Presence::of(object.get(other))) {
            (Presence::Absent, _) | (_, Presence::Present) => {}
            (Presence::Present, Presence::Absent) => {
                let given = format!("`{name}` without `{other}`");
                self.combination(given, format!("`{name}` and `{other}`, or neither"), path);
            }
            _ => self.unknown = true,
        }
    }

    fn excludes(&mut self, name: &str, other: &str, object: &Object, path: &Path<'_>) {
        match (Presence::of(object.get(name)), Presence::of(object.get(other))) {
            (Presence::Absent, _) | (_, Presence::Absent) => {}
            (Presence::Present, Presence::Present) => {
                let given = format!("{} together", describe::and(&[name, other]));
                self.combination(given, describe::some(&[name, other]), path);
            }
            _ => self.unknown = true,
        }
    }

    fn combination(&mut self, given: String, allowed: String, path: &Path<'_>) {
        self.report(|| Violation {
            kind: Kind::PropertyCombination,
            path: path.to_string(),
            given,
            allowed,
            help: None,
        });
    }
}

fn named(rules: &[Rule]) -> &[(&'static str, NodeId)] {
    let nodes = rules.iter().find_map(|rule| match rule {
        Rule::Properties(nodes, _) => Some(nodes.as_slice()),
        _ => None,
    });
    nodes.unwrap_or_default()
}

/// Most properties are not set: a quick way to know.
fn has(object: &Object, name: &str) -> bool {
    object.get(name).is_some()
}

/// Whether two properties exclude each other, and this is said from the other side too.
fn is_mirrored(dependents: &[(&str, Vec<&str>)], name: &str, other: &str) -> bool {
    other < name
        && dependents.iter().any(|(first, others)| *first == other && others.contains(&name))
}

fn is_known(siblings: &[Rule], name: &str) -> bool {
    siblings.iter().any(|rule| match rule {
        Rule::Properties(nodes, _) => {
            nodes.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok()
        }
        Rule::PatternProperties(patterns) => {
            patterns.iter().any(|(pattern, _)| pattern.is_match(name))
        }
        _ => false,
    })
}
