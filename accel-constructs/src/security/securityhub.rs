use accel_cfn::securityhub::{
    self,
    configuration_policy::{Policy, SecurityControlsConfiguration, SecurityHubPolicy},
    finding_aggregator::RegionLinkingMode,
    organization_configuration::{AutoEnableStandards, ConfigurationType},
    policy_association::TargetType,
};
use accel_core::{AccountRef, Construct, Region, Scope, ScopeRef, Stack, Text, Value, text};
use typed_builder::TypedBuilder;

use super::delegation;
use crate::foundation::{Organization, OrganizationScope as _};

/// AWS Security Hub CSPM for the whole organization, configured by one account in one place.
///
/// In this order: the administrator's hub, in its home region; the administrator is named, which would
/// switch Security Hub on there if nobody had; findings of the other regions are collected in the home
/// region; central configuration is switched on, and one policy for the root says which standards all
/// accounts are held to, those that join later included.
///
/// ```
/// use accel_constructs::{foundation::Organization, security::SecurityHub};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn judge(org: &mut Scope<'_, Organization>, security: AccountRef) {
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     let hub = SecurityHub::builder().administrator(security).regions(regions).build();
///     org.add("security-hub", hub);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/central-configuration-intro.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct SecurityHub {
    /// The account that sees and handles all findings, and configures all accounts.
    administrator: AccountRef,
    /// Where findings are collected and the configuration is kept; the organization's home region if
    /// not said.
    #[builder(default, setter(strip_option))]
    home_region: Option<Region>,
    /// Where accounts are looked at, the home region included whether it is named or not; the home
    /// region alone if not said.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// What accounts are held to. By default the best practices of AWS and the CIS benchmark.
    #[builder(default = SecurityStandard::DEFAULT.to_vec(), setter(transform = |standards: impl IntoIterator<Item = SecurityStandard>| {
        standards.into_iter().collect()
    }))]
    standards: Vec<SecurityStandard>,
    /// Controls that are not looked at, by id: `EC2.10`. All others of the standards are.
    #[builder(default, setter(transform = |controls: impl IntoIterator<Item = impl Into<Text>>| {
        controls.into_iter().map(Into::into).collect()
    }))]
    disabled_controls: Vec<Text>,
}

/// What a [`SecurityHub`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct SecurityHubRef {
    /// Where findings of all regions are collected.
    pub home_region: Region,
    /// The stack of the administrator that has the configuration, for policies of single units and
    /// for rules.
    pub configuration: ScopeRef<Stack>,
    /// The policy that is attached to the root.
    pub policy: securityhub::ConfigurationPolicyRef,
}

impl Construct for SecurityHub {
    type Level = Organization;
    type Output = SecurityHubRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> SecurityHubRef {
        let regions = delegation::regions(org, NAME, self.regions.as_deref());
        let home_region = self.home_region.unwrap_or_else(|| org.home_region());
        let administrator = self.administrator.in_region(home_region);
        let resource = ("AWS::SecurityHub::DelegatedAdmin", "AdminAccountId");
        delegation::one_administrator_resource(org, NAME, resource, self.administrator);

        // Naming the administrator would make a hub that the stack then could not.
        let mut stack = org.open("hub", Stack::new(administrator));
        let hub = securityhub::Hub::new()
            .auto_enable_controls(true)
            .control_finding_generator("SECURITY_CONTROL")
            .enable_default_standards(false);
        stack.add("hub", hub);
        let hub = stack.reference();

        let trusted = org.trusted_access("securityhub.amazonaws.com");
        let management = org.management().in_region(home_region);
        let mut stack = org.open("administrator", Stack::new(management));
        stack.after(trusted);
        stack.after(hub);
        stack.add("administrator", securityhub::DelegatedAdmin::new(self.administrator.id()));
        let named = stack.reference();

        let (root, name) = (org.root(), Text::from(org.id()));
        let mut stack = org.open("configuration", Stack::new(administrator));
        stack.after(named);
        let aggregator = stack.add("aggregator", aggregator(home_region, &regions));
        let central = securityhub::OrganizationConfiguration::new(false)
            .auto_enable_standards(AutoEnableStandards::NONE)
            .configuration_type(ConfigurationType::CENTRAL);
        let central = stack.add("central", central);
        stack[central].depends_on(aggregator);
        let policy = stack.add("policy", self.policy(name, home_region));
        stack[policy].depends_on(central);
        let association =
            securityhub::PolicyAssociation::new(policy.id(), root.id(), TargetType::ROOT);
        stack.add("root", association);
        SecurityHubRef { home_region, configuration: stack.reference(), policy }
    }
}

const NAME: &str = "Security Hub";

impl SecurityHub {
    fn policy(self, name: Text, region: Region) -> securityhub::ConfigurationPolicy {
        let standards: Vec<_> =
            self.standards.iter().map(|standard| standard.arn(region)).collect();
        let controls = SecurityControlsConfiguration::new()
            .disabled_security_control_identifiers(self.disabled_controls);
        let policy = SecurityHubPolicy::new()
            .service_enabled(true)
            .enabled_standard_identifiers(standards)
            .security_controls_configuration(controls);
        securityhub::ConfigurationPolicy::new(Policy::new().security_hub(policy), name)
            .description("What every account of the organization is held to")
    }
}

/// Central configuration needs an aggregator even where there is one region: it then links none.
fn aggregator(home: Region, regions: &[Region]) -> securityhub::FindingAggregator {
    let linked: Vec<Region> = regions.iter().copied().filter(|&region| region != home).collect();
    if !linked.is_empty() {
        let mode = RegionLinkingMode::SPECIFIED_REGIONS;
        return securityhub::FindingAggregator::new(mode).regions(linked);
    }
    let others = Region::all().iter().copied();
    let others = others.filter(|other| other.partition() == home.partition() && *other != home);
    let mode = RegionLinkingMode::ALL_REGIONS_EXCEPT_SPECIFIED;
    securityhub::FindingAggregator::new(mode).regions(others.collect::<Vec<_>>())
}

/// A set of controls that Security Hub holds accounts to.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityStandard {
    /// AWS Foundational Security Best Practices 1.0.0.
    FoundationalBestPractices,
    /// CIS AWS Foundations Benchmark 5.0.0.
    CisFoundations5,
    /// CIS AWS Foundations Benchmark 3.0.0.
    CisFoundations3,
    /// CIS AWS Foundations Benchmark 1.4.0.
    CisFoundations1,
    /// NIST SP 800-53 revision 5.
    Nist80053,
    /// PCI DSS 4.0.1.
    PciDss4,
}

impl SecurityStandard {
    /// What [`SecurityHub`] takes if nothing is said.
    pub const DEFAULT: [Self; 2] = [Self::FoundationalBestPractices, Self::CisFoundations5];

    /// Its ARN in a region.
    fn arn(self, region: Region) -> Value<String> {
        let name = match self {
            Self::FoundationalBestPractices => "aws-foundational-security-best-practices/v/1.0.0",
            Self::CisFoundations5 => "cis-aws-foundations-benchmark/v/5.0.0",
            Self::CisFoundations3 => "cis-aws-foundations-benchmark/v/3.0.0",
            Self::CisFoundations1 => "cis-aws-foundations-benchmark/v/1.4.0",
            Self::Nist80053 => "nist-800-53/v/5.0.0",
            Self::PciDss4 => "pci-dss/v/4.0.1",
        };
        let rest = format!(":securityhub:{region}::standards/{name}");
        text!["arn:", Value::own_partition(), rest]
    }
}
