//! What policies of settings (tags, backups, declarative EC2, S3, Inspector, ...) say together to an account:
//! those of the root, of each unit on the way down, and its own, merged by the operators of inheritance.
//!
//! ```
//! use accel_core::Prop;
//! use accel_policy::inheritance::effective;
//!
//! let list = |operator, values: &[&str]| {
//!     let values = Prop::list(values.iter().copied().map(String::from));
//!     Prop::object([("regions", Prop::object([(operator, values)]))])
//! };
//! let root = list("@@assign", &["eu-west-1"]);
//! let unit = list("@@append", &["us-east-1"]);
//! let both = Prop::object([("regions", Prop::list(["eu-west-1", "us-east-1"]))]);
//! assert_eq!(effective([&root, &unit]), both);
//! ```
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>

use std::collections::BTreeMap;

use accel_core::{Object, Prop, Text};

/// The effective policy of an account: `policies` are the contents of one type, from the root down to the
/// account. What a policy above does not let its children say is left out, as AWS does.
#[must_use]
pub fn effective<'a>(policies: impl IntoIterator<Item = &'a Prop>) -> Prop {
    let mut root = Node::default();
    for policy in policies {
        root.take(policy);
        root.settle();
    }
    root.into_prop().unwrap_or_else(|| Object::new().into())
}

/// A setting or a group of them.
#[derive(Default)]
struct Node {
    value: Option<Prop>,
    children: BTreeMap<Text, Self>,
    /// What policies further down may not do here.
    forbidden: Forbidden,
    /// The same, of the policy that is being read: it does not bind itself.
    next: Forbidden,
}

/// A setting that takes an operator away cannot get it back further down.
#[derive(Clone, Copy, Default)]
struct Forbidden {
    assign: bool,
    append: bool,
    remove: bool,
}

impl Forbidden {
    /// All but the operators of the list.
    fn except(allowed: &[Prop]) -> Self {
        let allows = |operator| {
            allowed.iter().any(|it| it.as_str() == Some(operator) || it.as_str() == Some("@@all"))
        };
        Self {
            assign: !allows("@@assign"),
            append: !allows("@@append"),
            remove: !allows("@@remove"),
        }
    }

    const fn or(self, other: Self) -> Self {
        Self {
            assign: self.assign || other.assign,
            append: self.append || other.append,
            remove: self.remove || other.remove,
        }
    }

    const fn everything(self) -> bool {
        self.assign && self.append && self.remove
    }
}

impl Node {
    fn take(&mut self, content: &Prop) {
        let Some(members) = content.as_object() else {
            if !self.forbidden.assign {
                self.value = Some(content.clone());
            }
            return;
        };
        for (name, member) in members.iter() {
            let items = || member.as_list().unwrap_or(std::slice::from_ref(member));
            match name.as_str() {
                "@@assign" if !self.forbidden.assign => self.value = Some(member.clone()),
                "@@append" if !self.forbidden.append => {
                    let mut values = self.values();
                    let new = items().iter().filter(|item| !values.contains(item)).cloned();
                    let new: Vec<Prop> = new.collect();
                    values.extend(new);
                    self.value = Some(Prop::List(values));
                }
                "@@remove" if !self.forbidden.remove && self.value.is_some() => {
                    let mut values = self.values();
                    values.retain(|value| !items().contains(value));
                    self.value = Some(Prop::List(values));
                }
                "@@operators_allowed_for_child_policies" => {
                    self.next = self.next.or(Forbidden::except(items()));
                }
                operator if operator.starts_with("@@") => {}
                _ => match self.children.get_mut(name) {
                    Some(child) => child.take(member),
                    // A group whose children may say nothing gets no new ones either.
                    None if self.forbidden.everything() => {}
                    None => self.children.entry(name.clone()).or_default().take(member),
                },
            }
        }
    }

    fn values(&self) -> Vec<Prop> {
        let value = self.value.as_ref();
        value.and_then(Prop::as_list).map(<[Prop]>::to_vec).unwrap_or_default()
    }

    /// From here on, what the policy that was read takes away is gone.
    fn settle(&mut self) {
        self.forbidden = self.forbidden.or(self.next);
        self.children.values_mut().for_each(Self::settle);
    }

    fn into_prop(self) -> Option<Prop> {
        if self.value.is_some() {
            return self.value;
        }
        let children = self.children.into_iter();
        let said: Object =
            children.filter_map(|(name, child)| Some((name, child.into_prop()?))).collect();
        (!said.is_empty()).then(|| said.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(operator: &'static str, value: impl Into<Prop>) -> Prop {
        Prop::object([("a", Prop::object([(operator, value.into())]))])
    }

    fn list(operator: &'static str, values: &[&'static str]) -> Prop {
        setting(operator, Prop::list(values.iter().copied()))
    }

    fn a(value: impl Into<Prop>) -> Prop {
        Prop::object([("a", value.into())])
    }

    #[test]
    fn a_child_assigns_appends_and_removes() {
        let root = list("@@assign", &["x", "y"]);
        let of = |child: &Prop| effective([&root, child]);
        assert_eq!(of(&list("@@assign", &["z"])), a(Prop::list(["z"])));
        assert_eq!(of(&list("@@append", &["y", "z"])), a(Prop::list(["x", "y", "z"])));
        assert_eq!(of(&list("@@remove", &["x", "z"])), a(Prop::list(["y"])));
        assert_eq!(effective([&list("@@append", &["x"])]), a(Prop::list(["x"])));
        assert_eq!(effective([&list("@@remove", &["x"])]), Prop::from(Object::new()));
        assert_eq!(effective([&setting("@@assign", "1"), &setting("@@assign", "2")]), a("2"));
    }

    #[test]
    fn what_is_taken_away_does_not_come_back() {
        let control = |allowed: &[&'static str], value: &'static str| {
            let allowed = Prop::list(allowed.iter().copied());
            let members = [
                ("@@assign", Prop::list([value])),
                ("@@operators_allowed_for_child_policies", allowed),
            ];
            a(Prop::object(members))
        };
        let root = control(&["@@append"], "x");
        let unit = control(&["@@all"], "y");
        let account = list("@@assign", &["z"]);
        assert_eq!(effective([&root, &unit, &account]), a(Prop::list(["x"])));
        let more = list("@@append", &["z"]);
        assert_eq!(effective([&root, &unit, &more]), a(Prop::list(["x", "z"])));
        let closed = control(&["@@none"], "x");
        assert_eq!(effective([&closed, &more]), a(Prop::list(["x"])));
    }

    #[test]
    fn a_closed_group_takes_no_new_members() {
        let none = ("@@operators_allowed_for_child_policies", Prop::list(["@@none"]));
        let assign = |value: &'static str| Prop::object([("@@assign", value)]);
        let root = a(Prop::object([none, ("known", assign("1"))]));
        let child = a(Prop::object([("known", assign("2")), ("new", assign("3"))]));
        // The member that is there says for itself what may be done to it.
        assert_eq!(effective([&root, &child]), a(Prop::object([("known", "2")])));
    }
}
