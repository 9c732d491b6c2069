use std::fmt;

use crate::{InvalidInput, Prop, Text};

/// The name of an action, `service:Action`, wildcards allowed in its second half, or `*`.
///
/// Literals are checked at compile time by [`actions!`](crate::actions), texts known only at run
/// time by [`Action::parse`]. Whether the service has such an action is for a later check.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action(Text);

impl Action {
    /// Reads the name of an action.
    ///
    /// # Errors
    /// When `text` has not the form `service:Action` (lower case, digits and hyphens; then
    /// letters, digits, `*` and `?`), and is not `*`.
    #[track_caller]
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        let Err(reason) = check(text) else {
            return Ok(Self(text.into()));
        };
        let help = "write it as the service's page of the Service Authorization Reference does";
        let allowed = "service:Action with the service in lower case, or *";
        Err(InvalidInput::new(text, "an action", reason, allowed, help))
    }

    /// The action that `text` names: what [`actions!`](crate::actions) calls.
    ///
    /// # Panics
    /// Where [`Action::parse`] fails: at compile time, as the value of a `const`.
    #[must_use]
    #[track_caller]
    pub const fn from_literal(text: &'static str) -> Self {
        match check(text) {
            Ok(()) => Self(Text::Static(text)),
            Err(reason) => panic!("{}", reason),
        }
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({self})")
    }
}

impl From<&Action> for Prop {
    fn from(action: &Action) -> Self {
        action.0.clone().into()
    }
}

/// An array of [`Action`](crate::policy::Action)s, checked at compile time.
///
/// ```
/// let read = accel_core::actions!["store:GetItem", "store:List*"];
/// ```
///
/// ```compile_fail
/// let read = accel_core::actions!["GetItem"];
/// ```
// The const has a name because `cargo check` does not evaluate an inline `const {}` block.
#[macro_export]
macro_rules! actions {
    ($($name:literal),+ $(,)?) => {
        [$({
            const ACTION: $crate::policy::Action = $crate::policy::Action::from_literal($name);
            ACTION
        }),+]
    };
}

/// The actions that a statement is about. It converts from [`actions!`](crate::actions) and from a
/// vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actions {
    /// These (`Action`).
    Only(Vec<Action>),
    /// All but these (`NotAction`).
    Except(Vec<Action>),
}

impl Actions {
    /// All actions but these (`NotAction`).
    pub fn except(actions: impl IntoIterator<Item = Action>) -> Self {
        Self::Except(actions.into_iter().collect())
    }
}

impl<const N: usize> From<[Action; N]> for Actions {
    fn from(actions: [Action; N]) -> Self {
        Self::Only(actions.into())
    }
}

impl From<Vec<Action>> for Actions {
    fn from(actions: Vec<Action>) -> Self {
        Self::Only(actions)
    }
}

const fn check(text: &str) -> Result<(), &'static str> {
    let bytes = text.as_bytes();
    if matches!(bytes, b"*") {
        return Ok(());
    }
    let mut colon = 0;
    while colon < bytes.len() && bytes[colon] != b':' {
        if !matches!(bytes[colon], b'a'..=b'z' | b'0'..=b'9' | b'-') {
            return Err("an action starts with its service in lower case, and a colon");
        }
        colon += 1;
    }
    if colon == 0 || colon + 1 >= bytes.len() {
        return Err("an action is its service, a colon and its name");
    }
    let mut i = colon + 1;
    while i < bytes.len() {
        if !(bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'*' | b'?')) {
            return Err("the name of an action is letters and digits, and wildcards * and ?");
        }
        i += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_name_of_an_action_is_refused() {
        let bad = [
            "",
            ":",
            "store",
            "store:",
            ":GetItem",
            "Store:GetItem",
            "store:GetItem ",
            "store:Get:Item",
            "sto*:GetItem",
            "**",
            "arn:aws:store:::x",
        ];
        for bad in bad {
            assert!(Action::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn what_is_the_name_of_an_action_is_accepted() {
        for good in ["*", "store:*", "store-v2:Get*", "a4b:GetItem", "gateway:GET"] {
            assert_eq!(Action::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn the_error_says_what_was_given_what_is_allowed_and_the_way_out() {
        assert_eq!(
            Action::parse("GetItem").unwrap_err().to_string(),
            "\"GetItem\" is not an action: an action starts with its service in lower case, and a \
             colon; allowed: service:Action with the service in lower case, or *; help: \
             write it as the service's page of the Service Authorization Reference does"
        );
    }
}
