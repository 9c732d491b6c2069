//! Policy documents as typed values that are always written the same way.
//!
//! ```
//! use accel_core::{PolicyDocument, actions};
//! use accel_core::policy::{Operator, Principal, Statement};
//!
//! let policy = PolicyDocument::from([
//!     Statement::allow(actions!["store:GetItem", "store:List*"])
//!         .sid("Read")
//!         .principal(Principal::service("jobs.amazonaws.com"))
//!         .resource("arn:aws:store:::orders/*")
//!         .when(Operator::StringEquals, "aws:SourceAccount", "111111111111"),
//!     Statement::deny(actions!["*"])
//!         .principal(Principal::any())
//!         .resource("*")
//!         .when(Operator::Bool, "aws:SecureTransport", false),
//! ]);
//! assert_eq!(policy.size(), 375);
//! ```

use std::collections::BTreeMap;

use crate::{IntoValue, Intrinsic, Json, Object, Prop, Text, Value};

mod action;
mod condition;
mod keeper;
mod merge;
mod principal;
mod probe;
mod profile;

pub use action::{Action, Actions};
pub use condition::{ConditionValues, Operator, Test};
pub use keeper::{Duty, Keeper};
pub use principal::Principal;
pub use probe::{GuardrailProbes, Probe, ProbeKind};
pub use profile::{PolicyLimits, PolicyProfile};

/// A policy document, of whatever type: of an identity, a resource, a role's trust, an
/// organization.
///
/// It is canonical: actions, principals, and literal resources and values are sorted and stand
/// there once, a list of one is written as its item, and keys have a fixed order. Statements keep
/// the order in which they were added. See
/// [the grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyDocument {
    id: Option<Text>,
    statements: Vec<Statement>,
}

impl PolicyDocument {
    /// A document without a statement.
    #[must_use]
    pub const fn new() -> Self {
        Self { id: None, statements: Vec::new() }
    }

    /// Sets the `Id`, which a few services want.
    #[must_use]
    pub fn id(self, id: impl Into<Text>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// The document with one more statement.
    #[must_use]
    pub fn statement(mut self, statement: Statement) -> Self {
        self.push(statement);
        self
    }

    /// Adds a statement.
    pub fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// The statements, in order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Whether the document has no statement; AWS accepts none such.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The number of characters of the document as JSON without white space, which is what AWS
    /// limits. What only the deployment knows counts nothing, so with references it is the least
    /// that the size can be.
    #[must_use]
    pub fn size(&self) -> usize {
        size(&Prop::from(self))
    }
}

impl<const N: usize> From<[Statement; N]> for PolicyDocument {
    fn from(statements: [Statement; N]) -> Self {
        statements.into_iter().collect()
    }
}

impl FromIterator<Statement> for PolicyDocument {
    fn from_iter<I: IntoIterator<Item = Statement>>(statements: I) -> Self {
        Self { id: None, statements: statements.into_iter().collect() }
    }
}

impl Extend<Statement> for PolicyDocument {
    fn extend<I: IntoIterator<Item = Statement>>(&mut self, statements: I) {
        self.statements.extend(statements);
    }
}

impl From<&PolicyDocument> for Prop {
    fn from(document: &PolicyDocument) -> Self {
        let mut object = Object::new();
        if let Some(id) = &document.id {
            object.insert("Id", id.clone());
        }
        object.insert_static("Statement", Self::list(&document.statements));
        object.insert_static("Version", Self::String(Text::Static("2012-10-17")));
        Self::Object(object)
    }
}

impl From<PolicyDocument> for Prop {
    fn from(document: PolicyDocument) -> Self {
        Self::from(&document)
    }
}

impl IntoValue<Json> for PolicyDocument {
    fn into_value(self) -> Value<Json> {
        Value::from_prop(self.into())
    }
}

impl IntoValue<Json> for &PolicyDocument {
    fn into_value(self) -> Value<Json> {
        Value::from_prop(self.into())
    }
}

/// One statement of a [`PolicyDocument`].
///
/// A setter in the singular adds to what is there.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Statement {
    sid: Option<Text>,
    effect: &'static str,
    actions: Actions,
    principals: Vec<Principal>,
    resources: Resources,
    conditions: BTreeMap<Test, BTreeMap<Text, Vec<Prop>>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Resources {
    Only(Vec<Prop>),
    Except(Vec<Prop>),
}

impl Statement {
    /// A statement that allows `actions`.
    pub fn allow(actions: impl Into<Actions>) -> Self {
        Self::new("Allow", actions.into())
    }

    /// A statement that denies `actions`.
    pub fn deny(actions: impl Into<Actions>) -> Self {
        Self::new("Deny", actions.into())
    }

    const fn new(effect: &'static str, actions: Actions) -> Self {
        Self {
            sid: None,
            effect,
            actions,
            principals: Vec::new(),
            resources: Resources::Only(Vec::new()),
            conditions: BTreeMap::new(),
        }
    }

    /// Names the statement; unique in its document. Most services take letters and digits only.
    pub fn sid(self, sid: impl Into<Text>) -> Self {
        Self { sid: Some(sid.into()), ..self }
    }

    /// Adds a principal. A document of an identity or an organization has none.
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principals.push(principal);
        self
    }

    /// Adds principals.
    pub fn principals(mut self, principals: impl IntoIterator<Item = Principal>) -> Self {
        self.principals.extend(principals);
        self
    }

    /// Adds a resource: an ARN, a pattern of one, or `*`. The trust policy of a role has none.
    pub fn resource(self, resource: impl IntoValue<String>) -> Self {
        self.resources([resource])
    }

    /// Adds resources. They replace those of [`not_resources`](Self::not_resources).
    pub fn resources(mut self, resources: impl IntoIterator<Item: IntoValue<String>>) -> Self {
        let mut all = match self.resources {
            Resources::Only(resources) => resources,
            Resources::Except(_) => Vec::new(),
        };
        all.append(&mut props(resources));
        self.resources = Resources::Only(all);
        self
    }

    /// Makes the statement hold for every resource except these (`NotResource`). They replace
    /// those set before.
    pub fn not_resources(self, resources: impl IntoIterator<Item: IntoValue<String>>) -> Self {
        Self { resources: Resources::Except(props(resources)), ..self }
    }

    /// Adds a condition: the statement holds only where the request's value of `key` passes `test`
    /// against one of `values`. All conditions of a statement must hold; one of the same test and
    /// key replaces the earlier.
    pub fn when(
        mut self,
        test: impl Into<Test>,
        key: impl Into<Text>,
        values: impl ConditionValues,
    ) -> Self {
        self.conditions.entry(test.into()).or_default().insert(key.into(), values.into_props());
        self
    }

    /// Adds values to those that a negated condition excepts (`ArnNotLike`, `StringNotEquals`): where
    /// [`when`](Self::when) replaces, whoever was excepted before stays so.
    ///
    /// ```
    /// use accel_core::{Prop, actions, policy::{Operator, Statement}};
    ///
    /// let arn = "aws:PrincipalArn";
    /// let deny = Statement::deny(actions!["iam:CreateUser"]).resource("*");
    /// let one = deny.clone().when(Operator::ArnNotLike, arn, "arn:aws:iam::*:role/people");
    /// let two = one.excepting(Operator::ArnNotLike, arn, "arn:aws:iam::*:role/platform");
    /// let both = ["arn:aws:iam::*:role/people", "arn:aws:iam::*:role/platform"];
    /// assert_eq!(two, deny.when(Operator::ArnNotLike, arn, both));
    /// ```
    pub fn excepting(
        mut self,
        test: impl Into<Test>,
        key: impl Into<Text>,
        values: impl ConditionValues,
    ) -> Self {
        let excepted = self.conditions.entry(test.into()).or_default().entry(key.into());
        excepted.or_default().extend(values.into_props());
        self
    }
}

impl From<&Statement> for Prop {
    fn from(statement: &Statement) -> Self {
        let Statement { sid, effect, actions, principals, resources, conditions } = statement;
        let mut object = Object::new();
        let (element, list) = match actions {
            Actions::Only(actions) => ("Action", actions),
            Actions::Except(actions) => ("NotAction", actions),
        };
        object.insert_static(element, canonical(list.iter().map(Self::from)));
        if !conditions.is_empty() {
            let tests = conditions.iter().map(|(test, keys)| {
                let keys =
                    keys.iter().map(|(key, values)| (key, canonical(values.iter().cloned())));
                (test.to_string(), Self::object(keys))
            });
            object.insert_static("Condition", Self::object(tests));
        }
        object.insert_static("Effect", Self::String(Text::Static(effect)));
        if !principals.is_empty() {
            object.insert_static("Principal", principal::element(principals));
        }
        match resources {
            Resources::Only(resources) if resources.is_empty() => {}
            Resources::Only(list) => {
                object.insert_static("Resource", canonical(list.iter().cloned()));
            }
            Resources::Except(list) => {
                object.insert_static("NotResource", canonical(list.iter().cloned()));
            }
        }
        if let Some(sid) = sid {
            object.insert_static("Sid", sid.clone().into());
        }
        Self::Object(object)
    }
}

fn props(values: impl IntoIterator<Item: IntoValue<String>>) -> Vec<Prop> {
    let mut props = Vec::new();
    for value in values {
        props.push(value.into_value().into_prop());
    }
    props
}

/// A set of values as a policy writes it: literals sorted, then what only the deployment knows, in
/// the order given; each once; one alone not in a list.
fn canonical(values: impl Iterator<Item = Prop>) -> Prop {
    let (mut literals, references): (Vec<Prop>, Vec<Prop>) =
        values.partition(|value| value.as_str().is_some());
    literals.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
    literals.dedup();
    for reference in references {
        if !literals.contains(&reference) {
            literals.push(reference);
        }
    }
    match <[Prop; 1]>::try_from(literals) {
        Ok([one]) => one,
        Err(several) => Prop::List(several),
    }
}

/// The characters of `prop` as minified JSON, intrinsics as empty strings.
fn size(prop: &Prop) -> usize {
    let separators = |items: usize| items.saturating_sub(1);
    match prop {
        Prop::Bool(true) => 4,
        Prop::Bool(false) => 5,
        Prop::Integer(number) => number.to_string().len(),
        Prop::Float(number) => number.to_string().len(),
        Prop::String(text) => 2 + characters(text),
        Prop::List(items) => 2 + separators(items.len()) + items.iter().map(size).sum::<usize>(),
        Prop::Object(object) => {
            let entry = |(key, value): (&Text, &Prop)| 3 + characters(key) + size(value);
            2 + separators(object.len()) + object.iter().map(entry).sum::<usize>()
        }
        Prop::Intrinsic(intrinsic) => match &**intrinsic {
            Intrinsic::Join(separator, parts) => {
                let literals: usize = parts.iter().filter_map(Prop::as_str).map(characters).sum();
                2 + separators(parts.len()) * characters(separator) + literals
            }
            _ => 2,
        },
    }
}

/// The characters of `text` inside a JSON string.
fn characters(text: &str) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => 1,
    };
    text.chars().map(escaped).sum()
}

#[cfg(test)]
mod tests;
