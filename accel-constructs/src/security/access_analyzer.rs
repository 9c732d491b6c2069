use accel_cfn::accessanalyzer::{
    self,
    analyzer::{AnalyzerConfiguration, UnusedAccessConfiguration},
};
use accel_core::{AccountRef, Construct, Region, Scope, ScopeRef, Stack};
use typed_builder::TypedBuilder;

use super::delegation;
use crate::foundation::{Organization, OrganizationScope as _};

/// IAM Access Analyzer for the whole organization, administered by one account: what principals outside
/// of the organization can reach, per region, and on request which access nobody uses.
///
/// ```
/// use accel_constructs::{foundation::Organization, security::AccessAnalyzer};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn look_at_borders(org: &mut Scope<'_, Organization>, security: AccountRef) {
///     let analyzer = AccessAnalyzer::builder()
///         .administrator(security)
///         .regions([Region::EU_WEST_1, Region::US_EAST_1])
///         .unused_access_after_days(30)
///         .build();
///     org.add("access-analyzer", analyzer);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct AccessAnalyzer {
    /// The account that sees all findings.
    administrator: AccountRef,
    /// Where; the organization's home region if not said. Resources are regional, so an analyzer is.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// After how many days without use access is reported, 1 to 365; 30 are usual. Not at all by
    /// default: it is paid per role and user. Roles are global, so the first region does it for all.
    #[builder(default, setter(strip_option))]
    unused_access_after_days: Option<u16>,
}

/// What an [`AccessAnalyzer`] gives back.
#[derive(Clone, Debug)]
pub struct AccessAnalyzerRef {
    /// One per region, in the order given: the stack and the analyzer of external access in it.
    pub external: Vec<(ScopeRef<Stack>, accessanalyzer::AnalyzerRef)>,
    /// The analyzer of unused access, in the first region.
    pub unused: Option<accessanalyzer::AnalyzerRef>,
}

impl Construct for AccessAnalyzer {
    type Level = Organization;
    type Output = AccessAnalyzerRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> AccessAnalyzerRef {
        let regions = delegation::regions(org, NAME, self.regions.as_deref());
        let setting = format!("delegated-administrator/{PRINCIPAL}/");
        delegation::one_administrator(org, NAME, &setting, self.administrator, &[]);
        let delegated = org.delegated_administrator(PRINCIPAL, self.administrator);
        let mut unused = None;
        let mut external = Vec::new();
        for (index, region) in regions.into_iter().enumerate() {
            let environment = self.administrator.in_region(region);
            let mut stack = org.open("analyzers", Stack::new(environment));
            stack.after(delegated);
            let analyzer = stack.add("external", accessanalyzer::Analyzer::new("ORGANIZATION"));
            external.push((stack.reference(), analyzer));
            if let (0, Some(days)) = (index, self.unused_access_after_days) {
                let access = UnusedAccessConfiguration::new().unused_access_age(days);
                let access = AnalyzerConfiguration::new().unused_access_configuration(access);
                let analyzer = accessanalyzer::Analyzer::new("ORGANIZATION_UNUSED_ACCESS")
                    .analyzer_configuration(access);
                unused = Some(stack.add("unused", analyzer));
            }
        }
        AccessAnalyzerRef { external, unused }
    }
}

const NAME: &str = "Access Analyzer";
const PRINCIPAL: &str = "access-analyzer.amazonaws.com";
