use accel_core::{
    AccountRef, Cidr, Construct, Diagnostic, Environment, Level, Region, Scope, cidr,
};
use typed_builder::TypedBuilder;

use crate::foundation::{
    Organization,
    codes::{CIDR_PLAN_EXHAUSTED, CIDR_PLAN_INVALID, CIDR_PLAN_WITHOUT_NETWORK},
};

/// Which addresses belong to which account and region, for the whole organization: a pool, of which each
/// account has one block, of which each region has one part.
///
/// ```
/// use accel_constructs::foundation::{CidrPlan, Organization, Vpc};
/// use accel_core::{AccountRef, App, Region, Stack, email};
///
/// fn networks(app: &mut App, dev: AccountRef, prod: AccountRef) {
///     let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     let plan = CidrPlan::builder().accounts([dev, prod]).regions(regions).build();
///     let plan = org.add("addresses", plan);
///
///     let place = prod.in_region(Region::US_EAST_1);
///     let mut network = app.open("network", Stack::new(place));
///     let cidr = plan.network(&mut network, place); // 10.102.64.0/18
///     network.add("vpc", Vpc::builder().cidr(cidr).build());
/// }
/// ```
///
/// The place in the lists is what the addresses are made of, so new accounts and regions are appended:
/// an insertion would move the networks of those behind it, and a VPC cannot be moved without being
/// replaced. Several plans are several pools.
///
/// The first block avoids `10.100.0.0/16`, and the pool `172.20.0.0/16`: clusters of EKS take their
/// services' addresses from these when they are not told.
#[derive(Clone, Debug, TypedBuilder)]
pub struct CidrPlan {
    /// The accounts that have networks: the first has the first block, and so on.
    #[builder(setter(transform = |accounts: impl IntoIterator<Item = AccountRef>| {
        accounts.into_iter().collect()
    }))]
    accounts: Vec<AccountRef>,
    /// The regions: the first has the first part of each account's block, and so on.
    #[builder(setter(transform = |regions: impl IntoIterator<Item = Region>| {
        regions.into_iter().collect()
    }))]
    regions: Vec<Region>,
    /// The block of the first account.
    #[builder(default = cidr!("10.101.0.0/16"))]
    first: Cidr,
    /// The block of the last account that the pool has room for; of the same size.
    #[builder(default = cidr!("10.255.0.0/16"))]
    last: Cidr,
    /// The prefix of a region's part. The default has room for four regions in a `/16`.
    #[builder(default = 18)]
    region_prefix: u8,
}

/// What a [`CidrPlan`] gives back.
#[derive(Clone, Debug)]
pub struct CidrPlanRef {
    path: String,
    first: Cidr,
    blocks: Vec<(AccountRef, Cidr)>,
    networks: Vec<(Environment, Cidr)>,
    left: u32,
    /// Whether some that it lists have no place in it, which was reported.
    used_up: bool,
}

impl CidrPlanRef {
    /// The addresses of an account in a region. For what the plan does not list they are a stand-in,
    /// and the diagnostic is of `scope`.
    #[must_use]
    pub fn network<L: Level>(&self, scope: &mut Scope<'_, L>, environment: Environment) -> Cidr {
        let mut networks = self.networks.iter();
        if let Some((_, cidr)) = networks.find(|(planned, _)| *planned == environment) {
            return *cidr;
        }
        if self.used_up {
            return self.first;
        }
        let Environment { account, region } = environment;
        let name = name(scope, account);
        let message = format!("`{}` has no addresses for `{name}` in {region}", self.path);
        let diagnostic = Diagnostic::error(&CIDR_PLAN_WITHOUT_NETWORK, message, scope.location())
            .allowed("accounts and regions that the plan lists and has room for")
            .help(format!("append `{name}` and {region} to the lists of `{}`", self.path));
        scope.report(diagnostic);
        self.first
    }

    /// All addresses of an account, in whichever region; none if the plan does not list it.
    #[must_use]
    pub fn account(&self, account: AccountRef) -> Option<Cidr> {
        let (_, block) = self.blocks.iter().find(|(planned, _)| *planned == account)?;
        Some(*block)
    }

    /// How many accounts the pool still has room for.
    #[must_use]
    pub const fn accounts_left(&self) -> u32 {
        self.left
    }
}

impl Construct for CidrPlan {
    type Level = Organization;
    type Output = CidrPlanRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> CidrPlanRef {
        let path = org.path();
        let Self { first, last, region_prefix, .. } = self;
        self.check(org);
        let size = first.addresses();
        let distance = u64::from(last.network().to_bits())
            .saturating_sub(u64::from(first.network().to_bits()));
        // At most 2^32, of a block of one address.
        let room = u32::try_from(distance / size + 1).unwrap_or(u32::MAX);

        let mut plan = CidrPlanRef {
            path: path.clone(),
            first,
            blocks: Vec::new(),
            networks: Vec::new(),
            left: room,
            used_up: false,
        };
        let mut accounts = self.accounts.iter();
        for account in accounts.by_ref().take(room as usize) {
            let number = plan.blocks.len() as u32;
            // None only where the last block is of another size, which was reported.
            let Some(block) = block(first, number) else { break };
            plan.blocks.push((*account, block));
            plan.left -= 1;
            for (index, region) in (0..).zip(&self.regions) {
                if let Some(network) = block.subnet(region_prefix, index) {
                    plan.networks.push((account.in_region(*region), network));
                }
            }
        }
        let asking = self.accounts.len();
        if let Some(account) = accounts.next() {
            plan.used_up = true;
            let name = name(org, *account);
            let message = format!(
                "the pool `{path}` is used up: it has {room} blocks of /{} from {first} to {last}, {asking} \
                 accounts ask for one, and none is left for `{name}`",
                first.prefix(),
            );
            let help = "say a later `.last(..)`, smaller blocks (`.first(cidr!(\"10.101.0.0/17\"))`, \
                        before anything is deployed), or make a second plan for the others";
            let diagnostic = Diagnostic::error(&CIDR_PLAN_EXHAUSTED, message, org.location());
            org.report(diagnostic.allowed(format!("{room} accounts")).help(help));
        }
        let parts = 1_usize << region_prefix.saturating_sub(first.prefix()).min(31);
        if let Some(region) = self.regions.get(parts) {
            plan.used_up = true;
            let message = format!(
                "the pool `{path}` is used up: the /{} of an account has {parts} parts of /{region_prefix}, \
                 {} regions ask for one, and none is left for {region}",
                first.prefix(),
                self.regions.len(),
            );
            let help = "say a longer `.region_prefix(..)`, or larger blocks \
                        (`.first(cidr!(\"10.102.0.0/15\"))`), before anything is deployed";
            let diagnostic = Diagnostic::error(&CIDR_PLAN_EXHAUSTED, message, org.location());
            org.report(diagnostic.allowed(format!("{parts} regions")).help(help));
        }
        plan
    }
}

impl CidrPlan {
    fn check(&self, org: &mut Scope<'_, Organization>) {
        let path = org.path();
        let mut report = |message: String, allowed: &str, help: String| {
            let diagnostic = Diagnostic::error(&CIDR_PLAN_INVALID, message, org.location());
            org.report(diagnostic.allowed(allowed).help(help));
        };
        let Self { first, last, region_prefix, .. } = *self;
        if first.prefix() != last.prefix() || first > last {
            report(
                format!("the pool `{path}` goes from {first} to {last}"),
                "a first and a last block of one size, the last not before the first",
                format!("give both as /{}", first.prefix()),
            );
        }
        if !(first.prefix().max(16)..=28).contains(&region_prefix) {
            report(
                format!(
                    "`{path}` gives regions a /{region_prefix} of an account's /{}",
                    first.prefix()
                ),
                "a part of the block that is a VPC: /16 to /28",
                format!("say `.region_prefix({})`", first.prefix().clamp(14, 26) + 2),
            );
        }
        for (number, account) in self.accounts.iter().enumerate() {
            if self.accounts[..number].contains(account) {
                let name = org.tree().account_name(*account);
                let message = format!("`{path}` lists `{name}` twice");
                let diagnostic = Diagnostic::error(&CIDR_PLAN_INVALID, message, org.location());
                org.report(diagnostic.allowed("each account once").help("take one away"));
            }
        }
        for (number, region) in self.regions.iter().enumerate() {
            if self.regions[..number].contains(region) {
                let message = format!("`{path}` lists {region} twice");
                let diagnostic = Diagnostic::error(&CIDR_PLAN_INVALID, message, org.location());
                org.report(diagnostic.allowed("each region once").help("take one away"));
            }
        }
    }
}

/// The block that is `number` blocks behind `first`.
fn block(first: Cidr, number: u32) -> Option<Cidr> {
    let size = u32::try_from(first.addresses()).ok()?;
    let index = (first.network().to_bits() / size).checked_add(number)?;
    Cidr::ANY.subnet(first.prefix(), index)
}

fn name<L: Level>(scope: &Scope<'_, L>, account: AccountRef) -> String {
    scope.tree().account_name(account).to_owned()
}
