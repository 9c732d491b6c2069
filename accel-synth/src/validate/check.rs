use accel_core::{Object, Prop, nearest};

use super::{
    Kind, Violation, describe,
    path::Path,
    shape::{Presence, Shape, count},
};
use crate::schema::{
    block::{Block, NodeId, Rule, TypeSchema},
    encoding::types,
};

mod forms;
mod list;
mod object;
mod scalar;

use self::forms::Attempt;

/// Checks properties against the nodes of one service.
///
/// Nothing here allocates while a resource is valid.
pub(super) struct Check<'a> {
    pub(super) block: &'a Block,
    /// What was found.
    pub(super) violations: Vec<Violation>,
    /// What was found, in quiet mode too.
    pub(super) errors: usize,
    /// Something that only the deployment knows decides whether a rule holds.
    pub(super) unknown: bool,
    /// Count only: a form is being tried on.
    pub(super) quiet: bool,
    /// Scalars are not coerced: a form has to match exactly.
    pub(super) strict: bool,
}

impl<'a> Check<'a> {
    pub(super) const fn new(block: &'a Block) -> Self {
        Self {
            block,
            violations: Vec::new(),
            errors: 0,
            unknown: false,
            quiet: false,
            strict: false,
        }
    }

    /// What is wrong with the properties of a resource of type `known`.
    pub(super) fn run(mut self, known: &TypeSchema, properties: &Object) -> Vec<Violation> {
        self.literal(known.root, Literal::Object(properties), &Path::Root);
        for path in &known.read_only {
            self.read_only(properties, path, &Path::Root);
        }
        self.violations
    }

    /// Checks `prop` against a node, whatever it turns out to be.
    fn check(&mut self, node: NodeId, prop: &Prop, path: &Path<'_>) {
        match Shape::of(prop) {
            Shape::Literal(prop) => self.literal(node, Literal::of(prop), path),
            Shape::OneOf(branches) => self.branches(node, &branches, path),
            Shape::Absent => {}
            Shape::Unknown => self.unknown |= !self.block.rules(node).is_empty(),
        }
    }

    pub(super) fn literal(&mut self, node: NodeId, value: Literal<'_>, path: &Path<'_>) {
        let rules = self.block.rules(node);
        for rule in rules {
            match (rule, value) {
                (Rule::Type(mask), _) => {
                    if !self.has_type(*mask, value, path) {
                        return;
                    }
                }
                (Rule::AllOf(nodes), _) => {
                    nodes.iter().for_each(|node| self.literal(*node, value, path));
                }
                (Rule::AnyOf(nodes), _) => self.any_of(nodes, value, path),
                (Rule::OneOf(nodes), _) => self.one_of(nodes, value, path),
                (Rule::IfThen(condition, then), _) => {
                    let attempt = self.attempt(*condition, value, path, false);
                    match attempt {
                        Attempt::Fits => self.literal(*then, value, path),
                        Attempt::Fails => {}
                        Attempt::Unknown => self.unknown = true,
                    }
                }
                (rule, Literal::Object(object)) => self.object_rule(rule, rules, object, path),
                (rule, Literal::List(items)) => self.list_rule(rule, rules, items, path),
                (rule, Literal::Scalar(scalar)) => self.scalar_rule(rule, scalar, path),
            }
        }
    }

    /// Every branch has to be valid. While a form is tried on, a form that fits only some of them
    /// may still be the one that holds in those.
    fn branches(&mut self, node: NodeId, branches: &[&Prop], path: &Path<'_>) {
        if !self.quiet {
            for branch in branches {
                self.check(node, branch, path);
            }
            return;
        }
        let before = self.errors;
        let mut failing = 0;
        for branch in branches {
            let errors = self.errors;
            self.check(node, branch, path);
            failing += usize::from(self.errors > errors);
        }
        if failing < branches.len() {
            self.unknown |= failing > 0;
            self.errors = before;
        }
    }

    fn has_type(&mut self, mask: u8, value: Literal<'_>, path: &Path<'_>) -> bool {
        let fits = mask & value.exact_type() != 0 || !self.strict && value.coerces(mask);
        if !fits {
            self.report(|| Violation {
                kind: Kind::WrongType,
                path: path.to_string(),
                given: value.describe(),
                allowed: describe::type_names(mask),
                help: None,
            });
        }
        fits
    }

    /// Counts a violation, and describes it if anybody wants to know.
    pub(super) fn report(&mut self, violation: impl FnOnce() -> Violation) {
        self.errors += 1;
        if !self.quiet {
            self.violations.push(violation());
        }
    }

    fn read_only(&mut self, object: &Object, rest: &str, path: &Path<'_>) {
        let (name, rest) =
            rest.split_once('/').map_or((rest, None), |(name, rest)| (name, Some(rest)));
        let Some(value) = object.get(name) else { return };
        let path = path.name(name);
        match (rest, value) {
            (None, _) if Presence::of(Some(value)) == Presence::Absent => {}
            (None, _) => self.report(|| Violation {
                kind: Kind::ReadOnlyProperty,
                path: path.to_string(),
                given: describe::value(value),
                allowed: "nothing: leave it out".to_owned(),
                help: None,
            }),
            (Some(rest), Prop::Object(object)) => self.read_only(object, rest, &path),
            (Some(rest), Prop::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    if let Prop::Object(object) = item {
                        self.read_only(object, rest, &path.index(index));
                    }
                }
            }
            _ => {}
        }
    }
}

/// A value that is known before deployment, by the rules that apply to it.
#[derive(Clone, Copy)]
pub(super) enum Literal<'a> {
    Object(&'a Object),
    List(&'a [Prop]),
    Scalar(&'a Prop),
}

impl<'a> Literal<'a> {
    const fn of(prop: &'a Prop) -> Self {
        match prop {
            Prop::Object(object) => Self::Object(object),
            Prop::List(items) => Self::List(items.as_slice()),
            scalar => Self::Scalar(scalar),
        }
    }

    /// The bits of the types that the value has by itself.
    const fn exact_type(self) -> u8 {
        match self {
            Self::Object(_) => types::OBJECT,
            Self::List(_) => types::ARRAY,
            Self::Scalar(scalar) => match scalar {
                Prop::Bool(_) => types::BOOLEAN,
                Prop::Integer(_) => types::INTEGER | types::NUMBER,
                Prop::Float(_) => types::NUMBER,
                _ => types::STRING,
            },
        }
    }

    /// Whether CloudFormation takes the scalar where one of the types of `mask` is asked for.
    fn coerces(self, mask: u8) -> bool {
        let Self::Scalar(scalar) = self else { return false };
        match scalar {
            Prop::Bool(_) | Prop::Integer(_) => mask & types::STRING != 0,
            Prop::Float(value) => {
                mask & types::STRING != 0 || mask & types::INTEGER != 0 && value.fract() == 0.0
            }
            Prop::String(text) => {
                mask & types::BOOLEAN != 0 && matches!(&**text, "true" | "false" | "True" | "False")
                    || mask & types::INTEGER != 0 && text.trim().parse::<i64>().is_ok()
                    || mask & types::NUMBER != 0 && text.trim().parse::<f64>().is_ok()
            }
            Prop::List(_) | Prop::Object(_) | Prop::Intrinsic(_) => false,
        }
    }

    fn describe(self) -> String {
        match self {
            Self::Object(object) => describe::object(object),
            Self::List(items) => describe::list(items),
            Self::Scalar(scalar) => describe::value(scalar),
        }
    }
}
