//! Policies that say what is to be, and not what is allowed.

use accel_cfn::organizations;
use accel_core::{Construct, Object, Prop, Scope, Text, Value, policy::PolicyProfile};
use typed_builder::TypedBuilder;

use super::{OrganizationPolicy, PolicyTarget, PolicyType};
use crate::foundation::Organization;

/// Which values tags may have, and how their keys are written, in the accounts below the targets.
///
/// It says what is right, and reports show what is not; only for the types of resources that a [`TagRule`]
/// is enforced for is a wrong value refused. A tag that is missing is never refused.
///
/// ```
/// use accel_constructs::foundation::{Organization, OrganizationScope, TagPolicy, TagRule};
/// use accel_core::Scope;
///
/// fn tags(org: &mut Scope<'_, Organization>) {
///     let stage = TagRule::builder().key("stage").values(["dev", "staging", "prod"]).build();
///     let owner = TagRule::builder().key("owner").build();
///     org.add("tags", TagPolicy::builder().rules([stage, owner]).targets([org.root()]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct TagPolicy {
    /// One per key.
    #[builder(setter(transform = |rules: impl IntoIterator<Item = TagRule>| {
        rules.into_iter().collect()
    }))]
    rules: Vec<TagRule>,
    /// What it is attached to: the root, units, accounts.
    #[builder(setter(transform = |targets: impl IntoIterator<Item = impl Into<PolicyTarget>>| {
        targets.into_iter().map(Into::into).collect()
    }))]
    targets: Vec<PolicyTarget>,
    /// What people see; the construct's id if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
}

/// What a [`TagPolicy`] says of one key.
#[derive(Clone, Debug, TypedBuilder)]
pub struct TagRule {
    /// The key, with its capital letters as they are to be.
    #[builder(setter(into))]
    key: Text,
    /// The values it may have, `*` for any letters; any if none is said.
    #[builder(default, setter(transform = |values: impl IntoIterator<Item = impl Into<Text>>| {
        values.into_iter().map(Into::into).collect()
    }))]
    values: Vec<Text>,
    /// Types of resources for which another value is refused: `ec2:instance`, `s3:bucket`.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_supported-resources-enforcement.html>
    #[builder(default, setter(transform = |types: impl IntoIterator<Item = impl Into<Text>>| {
        types.into_iter().map(Into::into).collect()
    }))]
    enforced_for: Vec<Text>,
}

impl TagRule {
    fn content(self) -> (Text, Prop) {
        // What rules are told apart by is in small letters.
        let id = Text::from(self.key.to_lowercase());
        let mut content = Object::new();
        content.insert("tag_key", assign(self.key));
        if !self.values.is_empty() {
            content.insert("tag_value", assign(Prop::list(self.values)));
        }
        if !self.enforced_for.is_empty() {
            content.insert("enforced_for", assign(Prop::list(self.enforced_for)));
        }
        (id, content.into())
    }
}

impl Construct for TagPolicy {
    type Level = Organization;
    type Output = organizations::PolicyRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> organizations::PolicyRef {
        let rules = Prop::object(self.rules.into_iter().map(TagRule::content));
        let policy = OrganizationPolicy {
            policy_type: PolicyType::Tag,
            content: Value::from_prop(Prop::object([("tags", rules)])),
            targets: self.targets,
            name: self.name,
            description: None,
            profile: PolicyProfile::Conservative,
        };
        policy.build(org)
    }
}

/// Keeps what is in the accounts below the targets from teaching AI services of AWS, and keeps accounts from
/// deciding otherwise.
///
/// ```
/// use accel_constructs::foundation::{AiServicesOptOut, Organization, OrganizationScope};
/// use accel_core::Scope;
///
/// fn keep_to_ourselves(org: &mut Scope<'_, Organization>) {
///     org.add("ai-opt-out", AiServicesOptOut::builder().targets([org.root()]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct AiServicesOptOut {
    /// What it is attached to: the root, units, accounts.
    #[builder(setter(transform = |targets: impl IntoIterator<Item = impl Into<PolicyTarget>>| {
        targets.into_iter().map(Into::into).collect()
    }))]
    targets: Vec<PolicyTarget>,
    /// What people see; the construct's id if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
}

impl Construct for AiServicesOptOut {
    type Level = Organization;
    type Output = organizations::PolicyRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> organizations::PolicyRef {
        let last_word = || ("@@operators_allowed_for_child_policies", Prop::list(["@@none"]));
        let opt_out = Prop::object([last_word(), ("@@assign", "optOut".into())]);
        let all = Prop::object([last_word(), ("opt_out_policy", opt_out)]);
        let services = Prop::object([last_word(), ("default", all)]);
        let policy = OrganizationPolicy {
            policy_type: PolicyType::AiServicesOptOut,
            content: Value::from_prop(Prop::object([("services", services)])),
            targets: self.targets,
            name: self.name,
            description: None,
            profile: PolicyProfile::Conservative,
        };
        policy.build(org)
    }
}

fn assign(value: impl Into<Prop>) -> Prop {
    Prop::object([("@@assign", value.into())])
}
