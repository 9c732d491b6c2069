use accel_cfn::organizations;
use accel_core::{AccountRef, Construct, Object, Prop, Region, Scope, StepRef, Text};
use typed_builder::TypedBuilder;

use super::delegation;
use crate::foundation::{
    Organization, OrganizationPolicy, OrganizationScope as _, OrganizationStep, PolicyTarget,
    PolicyType,
};

/// Amazon Inspector for the whole organization, administered by one account.
///
/// The administrator is named per region, which is a step, because CloudFormation has no resource for
/// it. A policy of the organization then switches the scans on, in accounts that are there already and
/// in those that join later.
///
/// ```
/// use accel_constructs::{foundation::Organization, security::Inspector};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn scan(org: &mut Scope<'_, Organization>, security: AccountRef) {
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     org.add("inspector", Inspector::builder().administrator(security).regions(regions).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inspector.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Inspector {
    /// The account that sees all findings.
    administrator: AccountRef,
    /// Where; the organization's home region if not said.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// What is scanned. By default instances, images and the packages of functions.
    #[builder(default = InspectorScan::DEFAULT.to_vec(), setter(transform = |scans: impl IntoIterator<Item = InspectorScan>| {
        scans.into_iter().collect()
    }))]
    scans: Vec<InspectorScan>,
    /// Whose accounts are scanned; all of the organization if not said.
    #[builder(default, setter(transform = |targets: impl IntoIterator<Item = impl Into<PolicyTarget>>| {
        Some(targets.into_iter().map(Into::into).collect())
    }))]
    targets: Option<Vec<PolicyTarget>>,
}

/// What an [`Inspector`] gives back.
#[derive(Clone, Debug)]
pub struct InspectorRef {
    /// The steps that name the administrator, one per region, in the order given.
    pub administrators: Vec<StepRef>,
    /// The policy that switches the scans on.
    pub policy: organizations::PolicyRef,
}

impl Construct for Inspector {
    type Level = Organization;
    type Output = InspectorRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> InspectorRef {
        let regions = delegation::regions(org, NAME, self.regions.as_deref());
        let setting = "inspector-administrator";
        delegation::one_administrator(org, NAME, setting, self.administrator, &regions);
        let management = org.management();
        let administrators: Vec<StepRef> = regions
            .iter()
            .map(|&region| {
                let step = OrganizationStep::inspector_administrator(
                    management,
                    region,
                    self.administrator,
                );
                org.add(&format!("administrator-{region}"), step)
            })
            .collect();
        let (root, name) = (org.root(), Text::from(org.id()));
        let policy = OrganizationPolicy::builder()
            .policy_type(PolicyType::Inspector)
            .content(content(&self.scans, &regions))
            .targets(self.targets.unwrap_or_else(|| vec![root.into()]))
            .name(name)
            .description("Scans of Amazon Inspector")
            .build();
        // The policy links what it switches on to the administrator, who is there before.
        let mut home = org.home();
        administrators.iter().for_each(|&step| home.after(step));
        let policy = org.add("policy", policy);
        InspectorRef { administrators, policy }
    }
}

const NAME: &str = "Inspector";

/// What Amazon Inspector looks at.
///
/// Source: <https://docs.aws.amazon.com/inspector/latest/user/scanning-resources.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InspectorScan {
    /// Packages and open ports of instances.
    Ec2,
    /// Packages of container images.
    Ecr,
    /// Packages of functions.
    Lambda,
    /// The code of functions; includes [`InspectorScan::Lambda`].
    LambdaCode,
    /// Repositories that are connected to Inspector.
    CodeRepository,
}

impl InspectorScan {
    /// What [`Inspector`] scans if nothing is said.
    pub const DEFAULT: [Self; 3] = [Self::Ec2, Self::Ecr, Self::Lambda];
}

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inspector_syntax.html>
fn content(scans: &[InspectorScan], regions: &[Region]) -> Prop {
    let enabled = || {
        let assign =
            |regions: &[Region]| Prop::object([("@@assign", Prop::list(regions.to_vec()))]);
        let mut scan = Object::new();
        scan.insert("disable_in_regions", assign(&[]));
        scan.insert("enable_in_regions", assign(regions));
        scan
    };
    let has = |scan| scans.contains(&scan);
    let mut enablement = Object::new();
    for (scan, name) in [
        (InspectorScan::Ec2, "ec2_scanning"),
        (InspectorScan::Ecr, "ecr_scanning"),
        (InspectorScan::CodeRepository, "code_repository_scanning"),
    ] {
        if has(scan) {
            enablement.insert(name, Prop::Object(enabled()));
        }
    }
    if has(InspectorScan::Lambda) || has(InspectorScan::LambdaCode) {
        let mut functions = enabled();
        if has(InspectorScan::LambdaCode) {
            functions.insert("lambda_code_scanning", Prop::Object(enabled()));
        }
        enablement.insert("lambda_standard_scanning", Prop::Object(functions));
    }
    Prop::object([("inspector", Prop::object([("enablement", Prop::Object(enablement))]))])
}
