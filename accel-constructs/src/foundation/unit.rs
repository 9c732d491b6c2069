use accel_core::{Construct, OuRef, Scope, Text};
use typed_builder::TypedBuilder;

use super::{Organization, OrganizationScope as _, OrganizationStep};

/// An organizational unit: a group of accounts, to which policies and stack sets apply.
///
/// It is a step and not a CloudFormation resource, because it must be there before anything can be
/// deployed to it, and because no rollback may delete it. Taking it out of the program leaves it where
/// it is.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_ous.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct OrganizationalUnit {
    /// What people see; the construct's id if not said. Unique below the parent.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// The unit above; the root if not said. Units nest up to five deep.
    #[builder(default, setter(strip_option))]
    parent: Option<OuRef>,
}

impl Construct for OrganizationalUnit {
    type Level = Organization;
    type Output = OuRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> OuRef {
        let name = self.name.unwrap_or_else(|| org.id().into());
        let parent = self.parent.unwrap_or_else(|| org.root());
        let step = OrganizationStep::organizational_unit(parent, org, &name);
        OuRef::new(step.build(org).result("Id"))
    }
}
