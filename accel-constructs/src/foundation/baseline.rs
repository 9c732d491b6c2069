use accel_cfn::{
    accessanalyzer,
    ec2::{self, snapshot_block_public_access::State},
};
use accel_core::{
    AccountRef, Construct, Region, Scope, Template, Text, Value, policy::Principal,
    template::Condition,
};
use typed_builder::TypedBuilder;

use crate::security::{IamRole, IamRoleRef, aws_managed_policy};

/// What every account has: a role for whoever audits it, an analyzer that finds what outsiders can
/// reach, and no snapshot of a disk that anybody can read.
///
/// It lives in a template, so that a stack set brings it to all accounts; see
/// [`EveryAccount`](super::EveryAccount).
#[derive(Clone, Debug, TypedBuilder)]
pub struct Baseline {
    /// The account whose principals may assume the role, as far as their own policies let them.
    auditor: AccountRef,
    /// The name of the role: the same in every account, so that it can be assumed by name.
    #[builder(default = Text::Static("audit"), setter(into))]
    role_name: Text,
    /// The region whose stack has the role: an account has it once, not once per region.
    #[builder(default = Region::US_EAST_1)]
    home_region: Region,
    /// Whether there is an analyzer in each region.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html>
    #[builder(default = true)]
    access_analyzer: bool,
    /// Whether snapshots of disks cannot be public.
    ///
    /// Source: <https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html>
    #[builder(default = true)]
    private_snapshots: bool,
}

/// What a [`Baseline`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct BaselineRef {
    /// The role of the auditor.
    pub role: IamRoleRef,
    /// The analyzer, if there is one.
    pub analyzer: Option<accessanalyzer::AnalyzerRef>,
}

impl Construct for Baseline {
    type Level = Template;
    type Output = BaselineRef;
    fn build(self, template: &mut Scope<'_>) -> BaselineRef {
        let home = Condition::equals(Value::own_region(), self.home_region);
        let home = template.add("is-home-region", home);
        let role = IamRole::builder()
            .name(self.role_name)
            .description("Reads the configuration of the account, and none of its data")
            .trusted([Principal::account(self.auditor.id())])
            .managed_policies(
                ["SecurityAudit", "job-function/ViewOnlyAccess"].map(aws_managed_policy),
            )
            .condition(home)
            .build();
        let role = template.add("auditor", role);
        let analyzer = self
            .access_analyzer
            .then(|| template.add("analyzer", accessanalyzer::Analyzer::new("ACCOUNT")));
        if self.private_snapshots {
            let block = ec2::SnapshotBlockPublicAccess::new(State::BLOCK_ALL_SHARING);
            template.add("private-snapshots", block);
        }
        BaselineRef { role, analyzer }
    }
}
