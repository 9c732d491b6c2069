use std::cell::RefCell;

use serde_json::Value;

use crate::FoundResource;

/// What a property is expected to be. Literals are patterns: `("CidrBlock", "10.0.0.0/16".into())`.
#[derive(Clone, Debug)]
pub struct Pattern<'p>(Expected<'p>);

#[derive(Clone, Debug)]
enum Expected<'p> {
    Value(Value),
    Any,
    Absent,
    Like(String),
    Object(Vec<(&'p str, Pattern<'p>)>),
    List(Vec<Pattern<'p>>),
    Containing(Vec<Pattern<'p>>),
    Reference { logical_id: String, attribute: Option<&'p str> },
    Capture(&'p Capture, Box<Pattern<'p>>),
}

/// Anything, as long as it is there.
#[must_use]
pub const fn any<'p>() -> Pattern<'p> {
    Pattern(Expected::Any)
}

/// Nothing: the property is not set.
#[must_use]
pub const fn absent<'p>() -> Pattern<'p> {
    Pattern(Expected::Absent)
}

/// A text, in which `*` of the pattern stands for any characters: `arn:*:kms:*`.
#[must_use]
pub fn like<'p>(pattern: &str) -> Pattern<'p> {
    Pattern(Expected::Like(pattern.to_owned()))
}

/// An object with these entries, and perhaps others.
#[must_use]
pub fn object<'p>(entries: impl IntoIterator<Item = (&'p str, Pattern<'p>)>) -> Pattern<'p> {
    Pattern(Expected::Object(entries.into_iter().collect()))
}

/// A list of exactly these items.
#[must_use]
pub fn list<'p>(items: impl IntoIterator<Item = Pattern<'p>>) -> Pattern<'p> {
    Pattern(Expected::List(items.into_iter().collect()))
}

/// A list that has each of these items, in any order, and perhaps others.
#[must_use]
pub fn containing<'p>(items: impl IntoIterator<Item = Pattern<'p>>) -> Pattern<'p> {
    Pattern(Expected::Containing(items.into_iter().collect()))
}

/// What `Ref` gives of `resource`: its id, usually.
#[must_use]
pub fn reference_to<'p>(resource: &FoundResource<'_>) -> Pattern<'p> {
    let logical_id = resource.logical_id().to_owned();
    Pattern(Expected::Reference { logical_id, attribute: None })
}

/// What `Fn::GetAtt` gives of `resource`.
#[must_use]
pub fn attribute_of<'p>(resource: &FoundResource<'_>, attribute: &'p str) -> Pattern<'p> {
    let logical_id = resource.logical_id().to_owned();
    Pattern(Expected::Reference { logical_id, attribute: Some(attribute) })
}

/// Keeps what stands there, if everything around it is as expected.
///
/// ```
/// # use accel_core::{AccountInfo, App, Region, Resource, Stack};
/// # use accel_testing::{Lookup as _, assembly};
/// use accel_testing::{Capture, capture};
/// # let mut app = App::new("shop");
/// # let prod = app.scope().declare_account_as("prod", AccountInfo::default());
/// # let mut stack = app.open("network", Stack::new(prod.in_region(Region::EU_WEST_1)));
/// # let vpc = stack.add("vpc", Resource::new("AWS::EC2::VPC"));
/// # stack[vpc].set("CidrBlock", "10.0.0.0/16");
/// # let assembly = assembly(app);
/// # let network = assembly.template("prod/eu-west-1/network");
///
/// let cidr = Capture::new();
/// network.resource::<Resource>("vpc").assert([("CidrBlock", capture(&cidr))]);
/// assert_eq!(cidr.value(), "10.0.0.0/16");
/// ```
#[must_use]
pub fn capture(into: &Capture) -> Pattern<'_> {
    into.when(any())
}

/// What a [`capture`] kept.
#[derive(Clone, Debug, Default)]
pub struct Capture(RefCell<Vec<Value>>);

impl Capture {
    /// Nothing so far.
    #[must_use]
    pub const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// Keeps what stands there if it is as expected.
    #[must_use]
    pub fn when<'p>(&'p self, expected: Pattern<'p>) -> Pattern<'p> {
        Pattern(Expected::Capture(self, Box::new(expected)))
    }

    /// The only value that was kept.
    ///
    /// # Panics
    ///
    /// If none was, or several.
    #[track_caller]
    #[must_use]
    pub fn value(&self) -> Value {
        match self.0.borrow().as_slice() {
            [only] => only.clone(),
            all => panic!("{} values were captured, and not one: {all:?}", all.len()),
        }
    }

    /// Every value that was kept, in order.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        self.0.borrow().clone()
    }
}

impl<V: Into<Value>> From<V> for Pattern<'_> {
    fn from(value: V) -> Self {
        Self(Expected::Value(value.into()))
    }
}

/// What is kept once everything matches.
#[derive(Default)]
pub(crate) struct Captured<'p>(Vec<(&'p Capture, Value)>);

impl Captured<'_> {
    pub(crate) fn keep(self) {
        for (capture, value) in self.0 {
            capture.0.borrow_mut().push(value);
        }
    }
}

/// The first entry that is not as expected.
pub(crate) fn entries_match<'p>(
    expected: &[(&'p str, Pattern<'p>)],
    object: &Value,
    captured: &mut Captured<'p>,
) -> Option<&'p str> {
    let failed =
        expected.iter().find(|(name, pattern)| !pattern.matches(object.get(name), captured));
    failed.map(|(name, _)| *name)
}

impl<'p> Pattern<'p> {
    fn matches(&self, value: Option<&Value>, captured: &mut Captured<'p>) -> bool {
        let Some(value) = value else { return matches!(self.0, Expected::Absent) };
        let before = captured.0.len();
        let matches = self.matches_value(value, captured);
        if !matches {
            captured.0.truncate(before);
        }
        matches
    }

    fn matches_value(&self, value: &Value, captured: &mut Captured<'p>) -> bool {
        match &self.0 {
            Expected::Value(expected) => value == expected,
            Expected::Any => true,
            Expected::Absent => false,
            Expected::Like(pattern) => value.as_str().is_some_and(|text| is_like(text, pattern)),
            Expected::Object(entries) => {
                value.is_object() && entries_match(entries, value, captured).is_none()
            }
            Expected::List(patterns) => value.as_array().is_some_and(|items| {
                items.len() == patterns.len()
                    && items
                        .iter()
                        .zip(patterns)
                        .all(|(item, pattern)| pattern.matches(Some(item), captured))
            }),
            Expected::Containing(patterns) => value.as_array().is_some_and(|items| {
                patterns
                    .iter()
                    .all(|pattern| items.iter().any(|item| pattern.matches(Some(item), captured)))
            }),
            Expected::Reference { logical_id, attribute: None } => value["Ref"] == **logical_id,
            Expected::Reference { logical_id, attribute: Some(attribute) } => {
                value["Fn::GetAtt"] == Value::from(vec![logical_id.as_str(), attribute])
            }
            Expected::Capture(capture, inner) => {
                let matches = inner.matches(Some(value), captured);
                if matches {
                    captured.0.push((capture, value.clone()));
                }
                matches
            }
        }
    }
}

fn is_like(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else { return true };
    for part in middle {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

pub(crate) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_is_any_text() {
        for (text, pattern) in [
            ("abc", "abc"),
            ("abc", "*"),
            ("", "*"),
            ("abc", "a*c"),
            ("abcabc", "a*b*c"),
            ("aa", "a*a"),
        ] {
            assert!(is_like(text, pattern), "{text} is like {pattern}");
        }
        for (text, pattern) in [("abc", "ab"), ("a", "a*a"), ("abc", "*b"), ("abc", "a*x*c")] {
            assert!(!is_like(text, pattern), "{text} is not like {pattern}");
        }
    }
}
