use accel_cfn::guardduty::{self, DetectorId, detector};
use accel_core::{
    AccountRef, Attr, Const, Construct, Object, Prop, Region, Scope, ScopeRef, Stack, StepRef,
};
use typed_builder::TypedBuilder;

use super::delegation;
use crate::foundation::{AutoEnable, Organization, OrganizationScope as _, OrganizationStep};

/// Amazon GuardDuty for the whole organization, administered by one account.
///
/// Per region, in this order: the administrator's detector, in a stack of its own; the administrator is
/// named, which would switch GuardDuty on there if nobody had; GuardDuty is switched on in the accounts
/// of the organization. The last two are steps, because CloudFormation has no resource for them.
///
/// ```
/// use accel_constructs::{foundation::Organization, security::GuardDuty};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn watch(org: &mut Scope<'_, Organization>, security: AccountRef) {
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     org.add("guardduty", GuardDuty::builder().administrator(security).regions(regions).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct GuardDuty {
    /// The account that sees and handles all findings. Not the management account, which policies of
    /// the organization do not bind.
    administrator: AccountRef,
    /// Where; the organization's home region if not said. Findings of global services are in all.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// Which accounts it is switched on in; all by default, so that none is forgotten.
    #[builder(default = AutoEnable::All)]
    members: AutoEnable,
    /// What it looks at besides CloudTrail, flow logs and name resolution. By default everything that
    /// needs no agent on the workloads.
    #[builder(default = GuardDutyFeature::AGENTLESS.to_vec(), setter(transform = |features: impl IntoIterator<Item = GuardDutyFeature>| {
        features.into_iter().collect()
    }))]
    features: Vec<GuardDutyFeature>,
}

/// What a [`GuardDuty`] gives back.
#[derive(Clone, Debug)]
pub struct GuardDutyRef {
    /// One per region, in the order given.
    pub detectors: Vec<RegionalDetector>,
}

/// The administrator's side of [`GuardDuty`] in one region.
#[derive(Clone, Copy, Debug)]
pub struct RegionalDetector {
    /// Where.
    pub region: Region,
    /// The stack, for filters, lists and destinations of findings.
    pub stack: ScopeRef<Stack>,
    /// The id.
    pub id: Attr<DetectorId>,
    /// The L1 resource.
    pub resource: guardduty::DetectorRef,
    /// The step after which the organization's accounts are watched.
    pub configured: StepRef,
}

impl Construct for GuardDuty {
    type Level = Organization;
    type Output = GuardDutyRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> GuardDutyRef {
        let regions = delegation::regions(org, "GuardDuty", self.regions.as_deref());
        let setting = "guardduty-administrator";
        delegation::one_administrator(org, "GuardDuty", setting, self.administrator, &regions);
        let detectors = regions.into_iter().map(|region| self.in_region(org, region));
        GuardDutyRef { detectors: detectors.collect() }
    }
}

impl GuardDuty {
    fn in_region(&self, org: &mut Scope<'_, Organization>, region: Region) -> RegionalDetector {
        let (management, environment) = (org.management(), self.administrator.in_region(region));
        let mut stack = org.open("detector", Stack::new(environment));
        let features: Vec<_> = self.features.iter().map(|feature| feature.enabled()).collect();
        let detector = guardduty::Detector::new(true)
            .features(features)
            .finding_publishing_frequency(detector::FindingPublishingFrequency::FIFTEEN_MINUTES);
        let resource = stack.add("detector", detector);
        let (stack, id) = (stack.reference(), resource.id());

        let administrator =
            OrganizationStep::guardduty_administrator(management, region, self.administrator);
        let administrator = org.add(&format!("administrator-{region}"), administrator.after(stack));

        let features = self.features.iter().map(|feature| feature.enabled_for(self.members));
        let configuration = OrganizationStep::guardduty_configuration(
            environment,
            id,
            self.members,
            Prop::list(features),
        );
        let configured =
            org.add(&format!("configuration-{region}"), configuration.after(administrator));
        RegionalDetector { region, stack, id, resource, configured }
    }
}

/// What Amazon GuardDuty can look at besides what it always does.
///
/// Source: <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuardDutyFeature {
    /// What is done to objects in S3.
    S3DataEvents,
    /// The audit log of EKS clusters.
    EksAuditLogs,
    /// Malware on the volumes of instances that behave oddly.
    EbsMalwareProtection,
    /// Sign-ins to Aurora databases.
    RdsLoginEvents,
    /// The network of Lambda functions.
    LambdaNetworkLogs,
    /// Processes on nodes and instances: an agent, which GuardDuty installs.
    RuntimeMonitoring,
}

impl GuardDutyFeature {
    /// All that need no agent.
    pub const AGENTLESS: [Self; 5] = [
        Self::S3DataEvents,
        Self::EksAuditLogs,
        Self::EbsMalwareProtection,
        Self::RdsLoginEvents,
        Self::LambdaNetworkLogs,
    ];

    /// As GuardDuty writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::S3DataEvents => "S3_DATA_EVENTS",
            Self::EksAuditLogs => "EKS_AUDIT_LOGS",
            Self::EbsMalwareProtection => "EBS_MALWARE_PROTECTION",
            Self::RdsLoginEvents => "RDS_LOGIN_EVENTS",
            Self::LambdaNetworkLogs => "LAMBDA_NETWORK_LOGS",
            Self::RuntimeMonitoring => "RUNTIME_MONITORING",
        }
    }

    /// For the administrator's own detector.
    fn enabled(self) -> detector::CfnFeatureConfiguration {
        let on = detector::Status::ENABLED;
        let feature = detector::CfnFeatureConfiguration::new(
            Const::<detector::CfnFeatureConfigurationName>::new(self.name()),
            on,
        );
        if self.agents().is_empty() {
            return feature;
        }
        let agents = self.agents().iter().map(|agent| {
            let agent = detector::CfnFeatureAdditionalConfiguration::new().name(Const::<
                detector::CfnFeatureAdditionalConfigurationName,
            >::new(
                agent
            ));
            agent.status(on)
        });
        feature.additional_configuration(agents.collect::<Vec<_>>())
    }

    /// For the accounts of the organization.
    fn enabled_for(self, members: AutoEnable) -> Prop {
        let entry = |name: &'static str| [("name", name), ("autoEnable", members.name())];
        let mut feature: Object = entry(self.name()).into_iter().collect();
        if !self.agents().is_empty() {
            let agents = self.agents().iter().map(|agent| Prop::object(entry(agent)));
            feature.insert("additionalConfiguration", Prop::list(agents));
        }
        Prop::Object(feature)
    }

    /// What GuardDuty installs; without these the agents would be the user's to install.
    const fn agents(self) -> &'static [&'static str] {
        match self {
            Self::RuntimeMonitoring => {
                &["EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"]
            }
            _ => &[],
        }
    }
}
