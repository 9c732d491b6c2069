//! Policies as they are read: of a synthesized template, of a file, of a test.

use std::fmt;

use serde_json::Value;

use crate::{condition::Condition, pattern::Pattern};

mod parse;

/// A policy of IAM, read once and ready to be asked.
///
/// ```
/// use accel_policy::{Origin, Policy};
///
/// let text = r#"{"Version": "2012-10-17", "Statement": [
///     {"Sid": "NoStop", "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}]}"#;
/// let policy = Policy::parse(text, Origin::named("trail"))?;
/// assert_eq!(policy.len(), 1);
/// # Ok::<(), accel_policy::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(crate) origin: Origin,
    pub(crate) statements: Vec<Statement>,
}

/// Where a policy comes from, for the one who asks why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// What people call it: a policy's name, a resource's.
    pub policy: String,
    /// The construct that made it, if one did.
    pub construct: Option<String>,
}

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Of the text, from 1; none if the text is JSON, and wrong as a policy.
    pub line: Option<usize>,
    /// Of the line, from 1.
    pub column: Option<usize>,
    /// What is wrong, where, and what is allowed.
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    /// None for policies of identities and organizations.
    pub(crate) principals: Option<Principals>,
    pub(crate) actions: Patterns,
    /// None for the trust policy of a role.
    pub(crate) resources: Option<Patterns>,
    pub(crate) conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// Texts of which one must match; or none, for `NotAction` and `NotResource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patterns {
    pub(crate) negated: bool,
    pub(crate) texts: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principals {
    pub(crate) negated: bool,
    pub(crate) names: Vec<PrincipalName>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrincipalName {
    Everyone,
    /// An account, by its id.
    Account(String),
    /// A user, a role, or a session of one.
    Arn(String),
    Service(String),
    Federated(String),
    /// An owner of S3, by an id that says nothing of the account.
    CanonicalUser(String),
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// When `text` is not JSON, with line and column; or is no policy by the
    /// [grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html): an
    /// element it does not know, one too many or too few, or a wrong shape.
    pub fn parse(text: &str, origin: Origin) -> Result<Self, ParseError> {
        let value: Value = serde_json::from_str(text).map_err(|error| ParseError {
            line: Some(error.line()),
            column: Some(error.column()),
            message: error.to_string(),
        })?;
        Self::from_value(&value, origin)
    }

    /// Reads a policy that is JSON already.
    ///
    /// # Errors
    /// As [`Policy::parse`], without line and column.
    pub fn from_value(value: &Value, origin: Origin) -> Result<Self, ParseError> {
        parse::policy(value, origin)
    }

    /// Where it comes from.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many statements it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.statements.len()
    }

    /// Whether it has none, which AWS accepts nowhere.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// The policy without the statements that are about all resources but some (`NotResource`): for who asks
    /// before a resource has a name, which could be one of those.
    #[must_use]
    pub fn without_excepted_resources(&self) -> Self {
        let is_named = |statement: &&Statement| {
            statement.resources.as_ref().is_none_or(|resources| !resources.negated)
        };
        let statements = self.statements.iter().filter(is_named).cloned().collect();
        Self { origin: self.origin.clone(), statements }
    }

    /// The actions that its statements allow by their whole names.
    pub fn allowed_by_name(&self) -> impl Iterator<Item = &str> {
        let allows = |it: &&Statement| it.effect == Effect::Allow && !it.actions.negated;
        let texts = self.statements.iter().filter(allows).flat_map(|it| &it.actions.texts);
        texts.filter(|text| text.is_literal()).map(Pattern::text)
    }

    /// Whether a statement allows the action, of whatever resource and under whatever conditions.
    #[must_use]
    pub fn may_allow(&self, action: &str) -> bool {
        let allows = |it: &Statement| it.effect == Effect::Allow && it.actions.match_action(action);
        self.statements.iter().any(allows)
    }

    /// Whether a statement denies the action whatever the resource and the request: only who asks can make
    /// it an exception.
    ///
    /// ```
    /// use accel_policy::{Origin, Policy};
    ///
    /// let text = r#"{"Version": "2012-10-17", "Statement": {
    ///     "Effect": "Deny", "Action": "organizations:Leave*", "Resource": "*",
    ///     "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/platform"}}}}"#;
    /// let policy = Policy::parse(text, Origin::default())?;
    /// assert!(policy.denies_outright("organizations:LeaveOrganization"));
    /// assert!(!policy.denies_outright("organizations:ListRoots"));
    /// # Ok::<(), accel_policy::ParseError>(())
    /// ```
    #[must_use]
    pub fn denies_outright(&self, action: &str) -> bool {
        self.statements.iter().any(|it| it.denies_outright() && it.actions.match_action(action))
    }

    /// The policy with only those of its denials that hold whatever the resource and the request, as
    /// [`Policy::denies_outright`] says.
    #[must_use]
    pub fn only_outright_denials(&self) -> Self {
        let kept = |it: &&Statement| it.effect == Effect::Allow || it.denies_outright();
        let statements = self.statements.iter().filter(kept).cloned().collect();
        Self { origin: self.origin.clone(), statements }
    }

    /// The policy that allows everything: what every target of an organization has unless it is detached.
    #[must_use]
    pub fn full_access(name: &str) -> Self {
        Self { origin: Origin::named(name), statements: vec![Statement::everything(None)] }
    }

    /// The policy of a resource that lets everybody do everything with it.
    #[must_use]
    pub fn open_to_everybody() -> Self {
        let everybody = Principals { negated: false, names: vec![PrincipalName::Everyone] };
        let statement = Statement::everything(Some(everybody));
        Self { origin: Origin::default(), statements: vec![statement] }
    }
}

impl Statement {
    fn denies_outright(&self) -> bool {
        self.effect == Effect::Deny
            && self.resources.as_ref().is_some_and(Patterns::is_everything)
            && self.conditions.iter().all(Condition::is_of_principal)
    }

    fn everything(principals: Option<Principals>) -> Self {
        let everything = || Patterns { negated: false, texts: vec![Pattern::new("*", false)] };
        Self {
            sid: None,
            effect: Effect::Allow,
            principals,
            actions: everything(),
            resources: Some(everything()),
            conditions: Vec::new(),
        }
    }
}

impl Patterns {
    /// Whether a statement of these actions is about `action`.
    pub(crate) fn match_action(&self, action: &str) -> bool {
        self.texts.iter().any(|pattern| pattern.matches_action(action)) != self.negated
    }

    fn is_everything(&self) -> bool {
        !self.negated && self.texts.iter().any(|pattern| pattern.text() == "*")
    }
}

impl Origin {
    /// A policy that no construct made.
    #[must_use]
    pub fn named(policy: impl Into<String>) -> Self {
        Self { policy: policy.into(), construct: None }
    }

    /// A policy of a construct.
    #[must_use]
    pub fn of(policy: impl Into<String>, construct: impl Into<String>) -> Self {
        Self { policy: policy.into(), construct: Some(construct.into()) }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A JSON error's words name line and column already.
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}
