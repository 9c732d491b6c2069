//! What a property is before deployment: a value, one of several, nothing, or not known.

use accel_core::{Intrinsic, Object, Prop, Pseudo, Text};

/// A property with its intrinsics understood as far as that is possible before deployment.
pub(super) enum Shape<'a> {
    /// Literal. Its parts may be anything again.
    Literal(&'a Prop),
    /// One of these, depending on a condition, a region or an account.
    OneOf(Vec<&'a Prop>),
    /// As if it were not there.
    Absent,
    /// Only the deployment knows.
    Unknown,
}

/// Whether a property is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Present,
    Absent,
    /// In some branch of a condition.
    Sometimes,
}

impl<'a> Shape<'a> {
    pub(super) fn of(prop: &'a Prop) -> Self {
        match prop {
            Prop::Intrinsic(intrinsic) => match &**intrinsic {
                Intrinsic::Pseudo(Pseudo::NoValue) => Self::Absent,
                Intrinsic::If(_, yes, no) => Self::OneOf(vec![yes, no]),
                Intrinsic::Table(table) => Self::OneOf(table.rows().collect()),
                _ => Self::Unknown,
            },
            Prop::Object(object) => Self::of_object(prop, object),
            Prop::String(text) if text.contains('{') && text.contains("{{resolve:") => {
                Self::Unknown
            }
            _ => Self::Literal(prop),
        }
    }

    /// Templates that others wrote have their functions as objects of one key.
    fn of_object(prop: &'a Prop, object: &'a Object) -> Self {
        let only = (object.len() == 1).then(|| object.iter().next()).flatten();
        match only.map(|(key, value)| (key.as_str(), value)) {
            Some(("Ref", Prop::String(name))) if *name == "AWS::NoValue" => Self::Absent,
            Some(("Ref", Prop::String(_))) => Self::Unknown,
            Some(("Fn::If", Prop::List(operands))) => match &operands[..] {
                [_, yes, no] => Self::OneOf(vec![yes, no]),
                _ => Self::Unknown,
            },
            _ if object.iter().any(|(key, _)| is_function(key)) => Self::Unknown,
            _ => Self::Literal(prop),
        }
    }
}

fn is_function(key: &Text) -> bool {
    key.starts_with("Fn::")
}

impl Presence {
    pub(super) fn of(prop: Option<&Prop>) -> Self {
        let Some(prop) = prop else { return Self::Absent };
        match Shape::of(prop) {
            Shape::Literal(_) | Shape::Unknown => Self::Present,
            Shape::Absent => Self::Absent,
            Shape::OneOf(branches) => {
                let mut branches = branches.into_iter().map(|branch| Self::of(Some(branch)));
                let first = branches.next().unwrap_or(Self::Present);
                if branches.all(|branch| branch == first) { first } else { Self::Sometimes }
            }
        }
    }
}

/// How many of `props` are there: at least and at most.
pub(super) fn count<'a>(props: impl IntoIterator<Item = &'a Prop>) -> (u64, u64) {
    let presence = props.into_iter().map(|prop| Presence::of(Some(prop)));
    presence.fold((0, 0), |(least, most), presence| match presence {
        Presence::Present => (least + 1, most + 1),
        Presence::Sometimes => (least, most + 1),
        Presence::Absent => (least, most),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, operand: impl Into<Prop>) -> Prop {
        Prop::object([(name, operand.into())])
    }

    #[test]
    fn no_value_is_absent_in_both_spellings() {
        let typed = Prop::from(Intrinsic::Pseudo(Pseudo::NoValue));
        assert_eq!(Presence::of(Some(&typed)), Presence::Absent);
        let written = function("Ref", "AWS::NoValue");
        assert_eq!(Presence::of(Some(&written)), Presence::Absent);
        assert_eq!(Presence::of(None), Presence::Absent);
    }

    #[test]
    fn a_condition_may_take_a_property_away() {
        let no_value = function("Ref", "AWS::NoValue");
        let choice = |yes: Prop, no: Prop| function("Fn::If", [Prop::from("c"), yes, no]);
        let presence = |prop: &Prop| Presence::of(Some(prop));
        assert_eq!(presence(&choice("a".into(), no_value.clone())), Presence::Sometimes);
        assert_eq!(presence(&choice("a".into(), "b".into())), Presence::Present);
        assert_eq!(presence(&choice(no_value.clone(), no_value)), Presence::Absent);
    }

    #[test]
    fn counts_are_ranges() {
        let sometimes =
            function("Fn::If", [Prop::from("c"), "a".into(), function("Ref", "AWS::NoValue")]);
        assert_eq!(count([&Prop::from("a"), &sometimes]), (1, 2));
    }
}
