//! Settings that nobody in the accounts can change: guardrails of all other types of policies. What a unit
//! below may say otherwise follows from the operators of inheritance.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>

use accel_core::{Prop, Region, Text};

use super::OrganizationGuardrail;
use crate::foundation::PolicyType;

impl OrganizationGuardrail {
    /// `ec2.declarative-imds`: instances require tokens for their metadata unless they are started
    /// otherwise, which [`Self::ec2_require_imdsv2`] forbids.
    #[must_use]
    pub fn ec2_declarative_imds() -> Self {
        let defaults = Prop::object([
            ("http_endpoint", assign("no_preference")),
            ("http_put_response_hop_limit", assign("2")),
            ("http_tokens", assign("required")),
            ("instance_metadata_tags", assign("no_preference")),
        ]);
        ec2("ec2.declarative-imds", "instance_metadata_defaults", defaults)
            .intent("Instances ask for their metadata with tokens, unless somebody says otherwise")
            .controls(["CIS5:5.7"])
    }

    /// `ec2.declarative-ami-bpa`: no image becomes public.
    #[must_use]
    pub fn ec2_declarative_ami_bpa() -> Self {
        let state = Prop::object([("state", assign("block_new_sharing"))]);
        ec2("ec2.declarative-ami-bpa", "image_block_public_access", state)
            .intent("No image of a machine becomes public")
    }

    /// `ec2.declarative-snapshot-bpa`: no snapshot of a disk is public. Not beside a
    /// [`Baseline`](crate::foundation::Baseline) with private snapshots, which sets the same in each account.
    #[must_use]
    pub fn ec2_declarative_snapshot_bpa() -> Self {
        let state = Prop::object([("state", assign("block_all_sharing"))]);
        ec2("ec2.declarative-snapshot-bpa", "snapshot_block_public_access", state)
            .intent("No snapshot of a disk is public")
            .controls(["FSBP:EC2.1"])
    }

    /// `ec2.declarative-serial`: nobody gets into instances by their serial console.
    #[must_use]
    pub fn ec2_declarative_serial() -> Self {
        let status = Prop::object([("status", assign("disabled"))]);
        ec2("ec2.declarative-serial", "serial_console_access", status)
            .intent("Nobody gets into instances by their serial console")
    }

    /// `s3.org-bpa`: no bucket is public. All or nothing: leave out the unit of public sites.
    #[must_use]
    pub fn s3_org_bpa() -> Self {
        let block = Prop::object([("public_access_block_configuration", assign("all"))]);
        let content = Prop::object([("s3_attributes", block)]);
        Self::declarative("s3.org-bpa", PolicyType::S3, content)
            .intent("No bucket of any account is public")
            .controls(["CIS5:2.1.4", "FSBP:S3.1"])
    }

    /// `sec.inspector-policy`: Amazon Inspector looks at everything in `regions`. It costs by what there
    /// is. Not beside an [`Inspector`](crate::security::Inspector), which sets the same.
    pub fn sec_inspector_policy(regions: impl IntoIterator<Item = Region>) -> Self {
        let regions: Vec<String> = regions.into_iter().map(|region| region.to_string()).collect();
        let none = Prop::list([] as [&str; 0]);
        let scan = || {
            [
                ("disable_in_regions", assign(none.clone())),
                ("enable_in_regions", assign(Prop::list(regions.iter().cloned()))),
            ]
        };
        let [off, on] = scan();
        let functions = [off, on, ("lambda_code_scanning", Prop::object(scan()))];
        let enablement = Prop::object([
            ("code_repository_scanning", Prop::object(scan())),
            ("ec2_scanning", Prop::object(scan())),
            ("ecr_scanning", Prop::object(scan())),
            ("lambda_standard_scanning", Prop::object(functions)),
        ]);
        let content = Prop::object([("inspector", Prop::object([("enablement", enablement)]))]);
        Self::declarative("sec.inspector-policy", PolicyType::Inspector, content)
            .intent("Amazon Inspector looks at everything that runs")
    }

    /// `sec.securityhub-policy`: AWS Security Hub is on in all regions. It costs by what it finds.
    #[must_use]
    pub fn sec_securityhub_policy() -> Self {
        let append = |regions: Prop| Prop::object([("@@append", regions)]);
        let hub = Prop::object([
            ("disable_in_regions", append(Prop::list([] as [&str; 0]))),
            ("enable_in_regions", append(Prop::list(["ALL_SUPPORTED"]))),
        ]);
        let content = Prop::object([("securityhub", hub)]);
        Self::declarative("sec.securityhub-policy", PolicyType::SecurityHub, content)
            .intent("AWS Security Hub is on everywhere")
            .controls(["CIS5:4.16"])
    }

    /// `ai.opt-out`: AI services of AWS do not learn from content, and nobody below can say otherwise.
    #[must_use]
    pub fn ai_opt_out() -> Self {
        let last_word = || ("@@operators_allowed_for_child_policies", Prop::list(["@@none"]));
        let opt_out = Prop::object([last_word(), ("@@assign", "optOut".into())]);
        let all = Prop::object([last_word(), ("opt_out_policy", opt_out)]);
        let services = Prop::object([last_word(), ("default", all)]);
        let content = Prop::object([("services", services)]);
        Self::declarative("ai.opt-out", PolicyType::AiServicesOptOut, content)
            .intent("AI services of AWS do not learn from content")
    }

    /// `tag.required`: the tag `key` has one of `values`, and resources of the types `enforced_for` are
    /// not tagged otherwise. A tag that is missing is not refused.
    pub fn tag_required(
        key: impl Into<Text>,
        values: impl IntoIterator<Item = impl Into<Text>>,
        enforced_for: impl IntoIterator<Item = impl Into<Text>>,
    ) -> Self {
        let key = key.into();
        let list = |items: Vec<Text>| assign(Prop::list(items));
        let rule = Prop::object([
            ("enforced_for", list(enforced_for.into_iter().map(Into::into).collect())),
            ("tag_key", assign(key.clone())),
            ("tag_value", list(values.into_iter().map(Into::into).collect())),
        ]);
        // What rules are told apart by is in small letters.
        let rules = Prop::object([(Text::from(key.to_lowercase()), rule)]);
        let content = Prop::object([("tags", rules)]);
        Self::declarative("tag.required", PolicyType::Tag, content)
            .intent("What data is worth stands on what holds it, in the same words")
    }
}

fn ec2(id: &'static str, attribute: &'static str, value: Prop) -> OrganizationGuardrail {
    let content = Prop::object([("ec2_attributes", Prop::object([(attribute, value)]))]);
    OrganizationGuardrail::declarative(id, PolicyType::DeclarativeEc2, content)
}

fn assign(value: impl Into<Prop>) -> Prop {
    Prop::object([("@@assign", value.into())])
}
