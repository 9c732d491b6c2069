//! `manifest.json`: what the deployer and other tools read of an assembly.

use std::collections::BTreeMap;

use accel_core::{
    AccountFilter, AccountRef, Object, Prop, StackSet as CoreStackSet, Targets,
    tree::{Kind, NodeId, Tree},
};
use serde::{Deserialize, Serialize};

use crate::{
    layout::Layout,
    links::{Links, Source},
};

mod build;
mod tables;

pub(crate) use build::{build, source_prop, stack_name, template_path};
pub(crate) use tables::by_account;

/// The version of the manifest this crate writes. It changes when a reader of the old one would misread
/// the new one; before the first release there is no old one.
pub const VERSION: u32 = 1;

/// What an assembly is: its accounts, stacks, stack sets, documents, and what they need of each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// The version of the format: it changes when a reader of the old one would misread the new one.
    #[cfg_attr(feature = "schema", schemars(extend("const" = VERSION)))]
    pub version: u32,
    /// The app's id.
    pub app: String,
    /// By name.
    pub accounts: BTreeMap<String, Account>,
    /// By construct path, `account/region/ids`.
    pub stacks: BTreeMap<String, Stack>,
    /// By construct path.
    pub stack_sets: BTreeMap<String, StackSet>,
    /// The file of the organization's steps, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<String>,
    /// By path below the assembly.
    pub documents: BTreeMap<String, Document>,
    /// Every file but this one, by path below the assembly.
    pub files: BTreeMap<String, File>,
}

/// An account of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// Twelve digits, if the program or the lock file knows them.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9]{12}$")))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The address by which an account of unknown id is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether it manages the organization.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub management: bool,
    /// The role by which it is entered, where it is another one than elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_role: Option<String>,
}

/// A stack: one template in one account and region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Stack {
    /// What AWS calls it.
    pub name: String,
    /// Its account, by name.
    pub account: String,
    /// Its region.
    pub region: String,
    /// Whether AWS refuses to delete it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub termination_protection: bool,
    /// By logical id: resources that exist already, and are taken into the stack if it does not have them yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub imports: BTreeMap<String, Import>,
    /// What stacks and stack sets have in common.
    #[serde(flatten)]
    pub template: Template,
}

/// A resource that exists already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Import {
    /// `AWS::EC2::VPC`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// By what AWS knows it, property and value.
    pub identifier: BTreeMap<String, String>,
}

/// What the deployer needs to know of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// Its file.
    pub template: String,
    /// Whether it is too large to be sent inline, 51,200 bytes, and goes through a bucket.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub upload: bool,
    /// The capabilities that must be acknowledged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// By name: where the value of each parameter comes from. Parameters with a default and no source
    /// are not listed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, ValueSource>,
    /// The paths of the stacks, stack sets and steps that come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// Logical id to construct path, relative to the path of the stack or stack set.
    pub constructs: BTreeMap<String, String>,
}

/// One template for many accounts and regions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct StackSet {
    /// What AWS calls it.
    pub name: String,
    /// Where its instances are.
    pub targets: TargetSet,
    /// In the order in which they are deployed if one waits for the other.
    pub regions: Vec<String>,
    /// Whether AWS or roles in the accounts give the permissions.
    pub permission_model: PermissionModel,
    /// What happens when an account joins or leaves; only with service-managed permissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_deployment: Option<AutoDeployment>,
    /// Whether stacks stay when their account or region is no longer one of the set's, or the set leaves the app.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retain_stacks: bool,
    /// How operations roll out.
    pub operation_preferences: OperationPreferences,
    /// Where the id of the unit comes from that goes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<ValueSource>,
    /// Whether operations that do not conflict may run at once.
    pub managed_execution: bool,
    /// By key: what the deployer writes into each account, as a parameter of the parameter store.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_account: BTreeMap<String, ByAccount>,
    /// Key to the parameter that every instance writes its value to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub published: BTreeMap<String, String>,
    /// What stacks and stack sets have in common.
    #[serde(flatten)]
    pub template: Template,
}

impl StackSet {
    /// The construct path of the unit that goes first.
    #[must_use]
    pub fn canary_unit(&self) -> Option<&str> {
        match self.canary.as_ref()? {
            ValueSource::Step { step, .. } => Some(step),
            _ => None,
        }
    }
}

/// Where the instances of a stack set are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TargetSet {
    /// The accounts of units.
    #[serde(rename_all = "camelCase")]
    Units {
        /// Where each unit's id comes from.
        units: Vec<ValueSource>,
        /// Which of their accounts.
        filter: Filter,
        /// The accounts the filter names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accounts: Vec<String>,
    },
    /// Named accounts.
    Accounts(Vec<String>),
}

/// Which accounts of the targeted units get an instance, in the words of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Filter {
    /// All.
    None,
    /// Only those named.
    Intersection,
    /// All but those named.
    Difference,
    /// All and those named.
    Union,
}

/// Who gives the permissions to deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PermissionModel {
    /// AWS, through trusted access.
    ServiceManaged,
    /// Roles that exist in the accounts.
    SelfManaged,
}

/// What happens when an account joins or leaves a targeted unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AutoDeployment {
    /// Whether it gets or loses its instances by itself.
    pub enabled: bool,
    /// Whether stacks stay when an account leaves: as `retainStacks` says.
    pub retain_stacks_on_account_removal: bool,
}

/// How an operation on a stack set rolls out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OperationPreferences {
    /// Whether regions go at once.
    pub parallel_regions: bool,
    /// The regions that go first, one after the other, where it is not the order of the set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub region_order: Vec<String>,
    /// How many accounts of a region go at once; none if it is a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_concurrent_count: Option<u32>,
    /// How many accounts of a region go at once, in percent; none if it is a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_concurrent_percentage: Option<u8>,
    /// How many accounts of a region may fail; none if it is a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_tolerance_count: Option<u32>,
    /// How many accounts of a region may fail, in percent; none if it is a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_tolerance_percentage: Option<u8>,
    /// Whether concurrency stays when accounts fail.
    pub soft_failure_tolerance: bool,
}

/// What the deployer writes into each account before its instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ByAccount {
    /// The name of the parameter, which is another one when a row changes.
    pub parameter: String,
    /// By account name.
    pub rows: BTreeMap<String, ValueSource>,
    /// For all other accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<ValueSource>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "from", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ValueSource {
    /// It stands here.
    Literal {
        /// As a parameter takes it.
        value: String,
    },
    /// An output of a stack.
    Output {
        /// The stack's construct path.
        stack: String,
        /// The output's name.
        output: String,
    },
    /// What a step makes known.
    Step {
        /// The step's construct path.
        step: String,
        /// The result's name.
        result: String,
    },
    /// The id of an account.
    AccountId {
        /// The account's name.
        account: String,
    },
    /// The id that a document's target gives to what the document describes.
    Document {
        /// The document's construct path.
        document: String,
    },
    /// What a stack set published in one account and region.
    Published {
        /// The stack set's construct path.
        #[serde(rename = "stackSet")]
        stack_set: String,
        /// The key.
        key: String,
        /// The account's name.
        account: String,
        /// The region.
        region: String,
    },
}

/// A file that is neither a template nor the steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// The construct it comes from.
    pub construct: String,
    /// Whether it is left out of the assembly until a value is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// The values of the tree in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<DocumentValue>,
}

/// A value of the tree in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentValue {
    /// Where it comes from.
    pub source: ValueSource,
    /// Whether it was known, so that the document holds it.
    pub known: bool,
    /// The name under which the target looks it up while it is not known; of the id of a document, what
    /// stands between `%{` and `}`, and by which whoever sends the documents finds the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
}

/// A file of the assembly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// Of its bytes, in lower-case hexadecimal.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-f]{64}$")))]
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}
