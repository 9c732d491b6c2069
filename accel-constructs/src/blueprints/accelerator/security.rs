//! What is done in every account is recorded and watched in one, and what nobody may do is forbidden in all.

use accel_core::{Intrinsic, Prop, Scope, Value, policy::Keeper};

use super::{Accelerator, CoreAccounts, Units, accounts::Stage};
use crate::{
    foundation::{
        Baseline, EveryAccount, LogArchive, LogArchiveRef, MonthlyBudget, Organization,
        OrganizationConfig, OrganizationConfigRef, OrganizationScope as _, OrganizationTrail,
        OrganizationTrailRef,
    },
    security::{
        AccessAnalyzer, AccessAnalyzerRef, FindingSeverity, FindingsReceiver, FindingsRouting,
        FindingsRoutingRef, GuardDuty, GuardDutyRef, GuardrailCatalogue, Guardrails, GuardrailsRef,
        Inspector, InspectorRef, Macie, MacieRef, SecurityHub, SecurityHubRef,
    },
};

/// What watches the organization, and what nobody may do in it.
#[derive(Clone, Debug)]
pub struct Security {
    /// The trail of the organization, and its archive.
    pub trail: OrganizationTrailRef,
    /// The archive of flow logs.
    pub flow_logs: LogArchiveRef,
    /// The recorders of AWS Config, and who sees what they record.
    pub config: OrganizationConfigRef,
    /// Threats.
    pub guardduty: GuardDutyRef,
    /// Findings of all services, and the standards that accounts are held against.
    pub security_hub: SecurityHubRef,
    /// Known weaknesses of instances, images and functions.
    pub inspector: InspectorRef,
    /// Secrets and personal data in buckets.
    pub macie: MacieRef,
    /// What is reached from outside the organization.
    pub access_analyzer: AccessAnalyzerRef,
    /// Who hears of findings.
    pub findings: FindingsRoutingRef,
    /// What nobody may do.
    pub guardrails: GuardrailsRef,
}

pub(super) fn security(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    core: CoreAccounts,
    units: Units,
    stages: &[Stage],
) -> Security {
    let regions = || suit.regions.iter().copied();
    let administrator = core.security;

    let trail = org.add("trail", OrganizationTrail::builder().log_archive(core.audit).build());
    let flow_logs = org.add("flow-logs", LogArchive::builder().account(core.audit).build());
    let config = OrganizationConfig::builder()
        .log_archive(core.audit)
        .administrator(administrator)
        .regions(regions())
        .build();
    let config = org.add("config", config);

    // One analyzer sees the whole organization: none is needed in each account.
    let baseline = Baseline::builder()
        .auditor(core.audit)
        .home_region(suit.home())
        .access_analyzer(false)
        .build();
    org.add("baseline", EveryAccount::builder().construct(baseline).regions(regions()).build());
    let budget = MonthlyBudget::builder()
        .limit_usd(suit.monthly_budget_usd)
        .emails([suit.email.clone()])
        .build();
    org.add("budgets", EveryAccount::builder().construct(budget).build());

    let guardduty = GuardDuty::builder().administrator(administrator).regions(regions()).build();
    let guardduty = org.add("guardduty", guardduty);
    let security_hub =
        SecurityHub::builder().administrator(administrator).regions(regions()).build();
    let security_hub = org.add("security-hub", security_hub);
    let inspector = Inspector::builder().administrator(administrator).regions(regions()).build();
    let inspector = org.add("inspector", inspector);
    let members = [core.audit, core.network, core.artifacts];
    let macie = Macie::builder()
        .administrator(administrator)
        .regions(regions())
        .members(members.into_iter().chain(stages.iter().map(|stage| stage.account)))
        .build();
    let macie = org.add("macie", macie);
    let access_analyzer =
        AccessAnalyzer::builder().administrator(administrator).regions(regions()).build();
    let access_analyzer = org.add("access-analyzer", access_analyzer);

    // The secret holds the address of the incident backend, key included.
    let pager = FindingsReceiver::https(Value::managed(INCIDENT_ENDPOINT));
    let findings = FindingsRouting::builder()
        .administrator(administrator)
        .region(suit.home())
        .routes([
            (FindingSeverity::Critical, pager.clone()),
            (FindingSeverity::High, pager),
            (FindingSeverity::Medium, FindingsReceiver::email(suit.email.clone())),
        ])
        .build();
    let findings = org.add("findings", findings);

    let archives = [&trail.bucket_name, &flow_logs.bucket_name, &config.archive.bucket_name];
    let tree = org.tree();
    // Stack sets are called by the app and their path.
    let stack_sets = format!("{}-{}-*", tree[tree.root()].id(), org.path().replace('/', "-"));
    let catalogue = GuardrailCatalogue::builder()
        .regions(regions())
        .organization_id(org.organization_id())
        .github_organizations([suit.owner()])
        .log_archives(archives.into_iter().filter_map(pattern))
        .stack_sets([stack_sets])
        .security_accounts([administrator.id()])
        .build();
    org.keeper(Keeper::deployer("github-apply"));
    let guardrails = Guardrails::builder()
        .guardrails(catalogue.baseline())
        .targets([units.core, units.plat, units.sandbox])
        .platform_roles(Guardrails::PLATFORM_ROLES.into_iter().chain([DEPLOYER]))
        .profile(suit.policy_profile)
        .build();
    let guardrails = org.add("guardrails", guardrails);
    Security {
        trail,
        flow_logs,
        config,
        guardduty,
        security_hub,
        inspector,
        macie,
        access_analyzer,
        findings,
        guardrails,
    }
}

/// What a name is like whose account only the deployment knows; none if nothing of it is known.
fn pattern(name: &Value<String>) -> Option<String> {
    match Prop::from(name) {
        Prop::String(name) => Some(name.to_string()),
        Prop::Intrinsic(name) => match &*name {
            Intrinsic::Join(separator, parts) => {
                let parts: Vec<&str> = parts.iter().map(|it| it.as_str().unwrap_or("*")).collect();
                Some(parts.join(separator))
            }
            _ => None,
        },
        _ => None,
    }
}

/// By which this program is deployed: the role that changes, of [`GithubAccess`](crate::foundation::GithubAccess).
const DEPLOYER: &str = "arn:*:iam::*:role/github-apply";

/// The secret of the security account that holds the address of the incident backend.
const INCIDENT_ENDPOINT: &str = "security/incident-endpoint";
