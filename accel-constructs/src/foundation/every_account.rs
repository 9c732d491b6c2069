use accel_core::{Construct, OuRef, Region, Scope, ScopeRef, Stack, StackSet, Template};
use typed_builder::TypedBuilder;

use super::{Organization, OrganizationScope as _};

/// A construct in every account of the organization, those that join later included: a stack set for
/// the member accounts, and stacks for the management account, which no stack set with permissions of
/// the organization ever reaches.
///
/// ```
/// use accel_constructs::foundation::{Baseline, EveryAccount, Organization};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn everywhere(org: &mut Scope<'_, Organization>, audit: AccountRef) {
///     let baseline = Baseline::builder().auditor(audit).build();
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     org.add("baseline", EveryAccount::builder().construct(baseline).regions(regions).build());
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct EveryAccount<C> {
    /// What each account gets, per region.
    construct: C,
    /// Where; the organization's home region if not said.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// The units whose accounts get it; all by default.
    #[builder(default, setter(transform = |units: impl IntoIterator<Item = OuRef>| {
        Some(units.into_iter().collect())
    }))]
    units: Option<Vec<OuRef>>,
}

/// What an [`EveryAccount`] gives back.
#[derive(Clone, Debug)]
pub struct EveryAccountRef<O> {
    /// The stack set of the member accounts.
    pub members: ScopeRef<StackSet>,
    /// What the construct gave back there.
    pub in_members: O,
    /// The stacks of the management account, one per region.
    pub management: Vec<ScopeRef<Stack>>,
    /// What the construct gave back in each.
    pub in_management: Vec<O>,
}

impl<C: Construct<Level = Template> + Clone> Construct for EveryAccount<C> {
    type Level = Organization;
    type Output = EveryAccountRef<C::Output>;
    fn build(self, org: &mut Scope<'_, Organization>) -> Self::Output {
        let units = self.units.unwrap_or_else(|| vec![org.root()]);
        let regions = self.regions.unwrap_or_else(|| vec![org.home_region()]);
        let access = org.stack_set_access();

        let mut members =
            org.open("members", StackSet::for_units(units).regions(regions.iter().copied()));
        members.after(access);
        let in_members = members.add("content", self.construct.clone());
        let members = members.reference();

        let account = org.management();
        let (mut management, mut in_management) = (Vec::new(), Vec::new());
        for region in regions {
            let mut stack = org.open("management", Stack::new(account.in_region(region)));
            in_management.push(stack.add("content", self.construct.clone()));
            management.push(stack.reference());
        }
        EveryAccountRef { members, in_members, management, in_management }
    }
}
