use accel_cfn::{
    auditmanager::{
        self,
        assessment::{AssessmentReportsDestination, AwsAccount, Role, Scope as AssessmentScope},
    },
    iam::RoleArn,
};
use accel_core::{
    AccountRef, Const, Construct, Diagnostic, IntoValue, Region, Scope, ScopeRef, Stack, Text,
    Value, text,
};
use typed_builder::TypedBuilder;

use super::{codes, delegation};
use crate::{
    foundation::{Organization, OrganizationScope as _, OrganizationStep},
    platform::{Bucket, BucketRef},
};

/// AWS Audit Manager for the whole organization, administered by one account, with a bucket for its
/// reports.
///
/// **It is closed to new customers since 2026-04-30**: this is for organizations that used it before,
/// and using it is a warning. For all others there is the report that synthesis writes; see
/// [`ComplianceReport`](super::ComplianceReport).
///
/// ```
/// use accel_constructs::{foundation::Organization, security::AuditManager};
/// use accel_core::{AccountRef, Scope};
///
/// fn collect_evidence(org: &mut Scope<'_, Organization>, security: AccountRef) {
///     org.add("audit-manager", AuditManager::builder().administrator(security).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/audit-manager/latest/userguide/setup-recommendations.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct AuditManager {
    /// The account that has the assessments.
    administrator: AccountRef,
    /// Where; the organization's home region if not said.
    #[builder(default, setter(strip_option))]
    region: Option<Region>,
    /// What is assessed; nothing if not said.
    #[builder(default, setter(transform = |all: impl IntoIterator<Item = AuditAssessment>| {
        all.into_iter().collect()
    }))]
    assessments: Vec<AuditAssessment>,
}

/// Accounts that AWS Audit Manager collects evidence of, for one framework.
///
/// Source: <https://docs.aws.amazon.com/audit-manager/latest/userguide/create-assessments.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct AuditAssessment {
    /// What people see.
    #[builder(setter(into))]
    name: Text,
    /// The id of the framework in Audit Manager, a UUID; those of AWS differ from account to account.
    #[builder(setter(into))]
    framework_id: Text,
    /// The role that owns the assessment.
    #[builder(setter(transform = |role: impl IntoValue<RoleArn>| role.into_value()))]
    owner: Value<RoleArn>,
    /// The accounts.
    #[builder(setter(transform = |accounts: impl IntoIterator<Item = AccountRef>| {
        accounts.into_iter().collect()
    }))]
    accounts: Vec<AccountRef>,
}

/// What an [`AuditManager`] gives back.
#[derive(Clone, Debug)]
pub struct AuditManagerRef {
    /// The stack of the administrator.
    pub stack: ScopeRef<Stack>,
    /// The bucket of the reports.
    pub reports: BucketRef,
    /// In the order given.
    pub assessments: Vec<auditmanager::AssessmentRef>,
}

impl Construct for AuditManager {
    type Level = Organization;
    type Output = AuditManagerRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> AuditManagerRef {
        let message = format!("`{}` needs AWS Audit Manager", org.path());
        let diagnostic = Diagnostic::warning(&codes::AUDIT_MANAGER_CLOSED, message, org.location())
            .allowed("organizations that used it before 2026-04-30")
            .help("leave it out, and read the report of a `ComplianceReport` instead");
        org.report(diagnostic);
        let region = self.region.unwrap_or_else(|| org.home_region());
        let setting = "audit-manager-administrator";
        let administrator = self.administrator;
        delegation::one_administrator(org, "Audit Manager", setting, administrator, &[region]);

        let management = org.management().in_region(region);
        let account = org.add("account", OrganizationStep::audit_manager_account(management));
        let named = OrganizationStep::audit_manager_administrator(management, administrator);
        let named = org.add("administrator", named.after(account));

        let mut stack = org.open("assessments", Stack::new(administrator.in_region(region)));
        stack.after(named);
        let reports = stack.add("reports", Bucket::builder().build());
        let assessments = self.assessments.into_iter().map(|assessment| {
            let id = format!("assessment-{}", assessment.framework_id);
            stack.add(&id, assessment.resource(reports))
        });
        let assessments = assessments.collect();
        AuditManagerRef { stack: stack.reference(), reports, assessments }
    }
}

impl AuditAssessment {
    fn resource(self, reports: BucketRef) -> auditmanager::Assessment {
        let destination = AssessmentReportsDestination::new()
            .destination_type(Const::new("S3"))
            .destination(text!["s3://", reports.name]);
        let owner = Role::new().role_arn(self.owner).role_type(Const::new("PROCESS_OWNER"));
        let accounts = self.accounts.iter().map(|account| AwsAccount::new().id(account.id()));
        auditmanager::Assessment::new()
            .name(self.name)
            .framework_id(self.framework_id)
            .assessment_reports_destination(destination)
            .roles([owner])
            .scope(AssessmentScope::new().aws_accounts(accounts.collect::<Vec<_>>()))
    }
}
