use std::panic::Location;

use crate::{
    AccountRef, Environment, OuRef, Region, Text,
    tree::{NodeId, Tree},
};

/// A CloudFormation stack: one account, one region, one template.
///
/// ```
/// use accel_core::{AccountRef, Region, Stack};
///
/// fn apps(prod: AccountRef) -> Stack {
///     Stack::new(prod.in_region(Region::EU_WEST_1)).termination_protection(true)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Stack {
    environment: Environment,
    description: Option<Text>,
    termination_protection: bool,
}

impl Stack {
    /// A stack in `environment`.
    #[must_use]
    pub const fn new(environment: Environment) -> Self {
        Self { environment, description: None, termination_protection: false }
    }

    /// A word to whoever looks at the stack; at most 1,024 bytes.
    #[must_use]
    pub fn description(mut self, text: impl Into<Text>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Whether AWS refuses to delete the stack.
    #[must_use]
    pub const fn termination_protection(mut self, on: bool) -> Self {
        self.termination_protection = on;
        self
    }

    /// The account and region.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// See [`Stack::description`].
    #[must_use]
    pub fn get_description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// See [`Stack::termination_protection`].
    #[must_use]
    pub const fn is_termination_protected(&self) -> bool {
        self.termination_protection
    }
}

/// One template for many accounts and regions.
///
/// Account and region are pseudo parameters in it, *by type*: a literal cannot leak in. What differs is
/// [`Value::by_region`](crate::Value::by_region) or [`Value::by_account`](crate::Value::by_account).
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>
#[derive(Clone, Debug)]
pub struct StackSet {
    targets: Targets,
    regions: Vec<Region>,
    description: Option<Text>,
    auto_deployment: bool,
    retain_on_removal: bool,
    preferences: OperationPreferences,
    canary: Option<OuRef>,
}

/// Where the instances of a [`StackSet`] are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// The accounts of units, now and later: permissions are managed by the service. It never reaches
    /// the management account.
    Units {
        /// The units, everything below them included.
        units: Vec<OuRef>,
        /// Which of their accounts.
        filter: AccountFilter,
    },
    /// Named accounts: permissions are roles that exist in them.
    Accounts(Vec<AccountRef>),
}

/// Which accounts of the targeted units get an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AccountFilter {
    /// All.
    #[default]
    All,
    /// Only these.
    Only(Vec<AccountRef>),
    /// All but these.
    Except(Vec<AccountRef>),
    /// All and these, which may be in other units.
    And(Vec<AccountRef>),
}

impl AccountFilter {
    /// The accounts it names.
    #[must_use]
    pub fn accounts(&self) -> &[AccountRef] {
        match self {
            Self::All => &[],
            Self::Only(accounts) | Self::Except(accounts) | Self::And(accounts) => accounts,
        }
    }
}

/// How an operation on a stack set rolls out. The default goes to all regions at once, to all accounts
/// at once, and stops a region when more than a tenth of its accounts failed. What AWS deploys by itself to accounts
/// that join a unit does not follow it.
///
/// ```
/// # use accel_core::{AccountLimit, ConcurrencyMode, OperationPreferences, Region, RegionConcurrency};
/// let careful = OperationPreferences {
///     region_concurrency: RegionConcurrency::Sequential(vec![Region::EU_WEST_1, Region::US_EAST_1]),
///     max_concurrent: AccountLimit::Count(5),
///     failure_tolerance: AccountLimit::Count(0),
///     ..OperationPreferences::default()
/// };
/// # assert_eq!(careful.concurrency_mode, ConcurrencyMode::Soft);
/// ```
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationPreferences {
    /// Whether regions go at once, or one after the other.
    pub region_concurrency: RegionConcurrency,
    /// How many accounts of a region go at once: one at least.
    pub max_concurrent: AccountLimit,
    /// How many accounts of a region may fail. With one more the operation stops there, and does not begin in the
    /// regions that come after.
    pub failure_tolerance: AccountLimit,
    /// Whether failures slow the operation down.
    pub concurrency_mode: ConcurrencyMode,
}

/// In which order regions go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RegionConcurrency {
    /// All at once.
    #[default]
    Parallel,
    /// One after the other: first these, which are regions of the set, then the others as the set names them.
    Sequential(Vec<Region>),
}

/// How many accounts of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountLimit {
    /// So many.
    Count(u32),
    /// Of the accounts that the operation is for, in percent, rounded down: 0 to 100.
    Percentage(u8),
}

/// Whether failures slow an operation down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConcurrencyMode {
    /// At most one more than may still fail goes at once.
    Strict,
    /// As many go at once, whatever fails.
    #[default]
    Soft,
}

impl Default for OperationPreferences {
    fn default() -> Self {
        Self {
            region_concurrency: RegionConcurrency::Parallel,
            max_concurrent: AccountLimit::Percentage(100),
            failure_tolerance: AccountLimit::Percentage(10),
            concurrency_mode: ConcurrencyMode::Soft,
        }
    }
}

impl StackSet {
    /// One instance in each account of `units` (and of the units below them) per region, accounts that
    /// join later included. The management account is never among them: give it a stack of its own.
    #[must_use]
    pub fn for_units(units: impl IntoIterator<Item = OuRef>) -> Self {
        let units = units.into_iter().collect();
        Self::new(Targets::Units { units, filter: AccountFilter::All }, true)
    }

    /// One instance in each of `accounts` per region, through roles that exist in them
    /// (self-managed permissions).
    #[must_use]
    pub fn for_accounts(accounts: impl IntoIterator<Item = AccountRef>) -> Self {
        Self::new(Targets::Accounts(accounts.into_iter().collect()), false)
    }

    fn new(targets: Targets, auto_deployment: bool) -> Self {
        Self {
            targets,
            regions: Vec::new(),
            description: None,
            auto_deployment,
            retain_on_removal: false,
            preferences: OperationPreferences::default(),
            canary: None,
        }
    }

    /// The regions, in the order in which they are deployed if one waits for the other.
    #[must_use]
    pub fn regions(mut self, regions: impl IntoIterator<Item = Region>) -> Self {
        self.regions = regions.into_iter().collect();
        self
    }

    /// Which accounts of the units. Does nothing to a set [for accounts](Self::for_accounts).
    #[must_use]
    pub fn filter(mut self, only: AccountFilter) -> Self {
        if let Targets::Units { filter, .. } = &mut self.targets {
            *filter = only;
        }
        self
    }

    /// A word to whoever looks at the stack set; at most 1,024 bytes.
    #[must_use]
    pub fn description(mut self, text: impl Into<Text>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Whether AWS itself deploys to accounts that join a unit, and removes instances from those that leave it; it does
    /// unless this says otherwise. Does nothing to a set [for accounts](Self::for_accounts).
    #[must_use]
    pub const fn auto_deployment(mut self, on: bool) -> Self {
        self.auto_deployment = on;
        self
    }

    /// Whether stacks stay, with all that is in them, when their account or region is no longer one of the set's, or the
    /// set leaves the app; otherwise they are deleted. What stays is nobody's from then on: if the account comes back,
    /// another stack is made beside it.
    #[must_use]
    pub const fn retain_on_removal(mut self, on: bool) -> Self {
        self.retain_on_removal = on;
        self
    }

    /// How operations roll out.
    #[must_use]
    pub fn operation_preferences(mut self, preferences: OperationPreferences) -> Self {
        self.preferences = preferences;
        self
    }

    /// The unit that goes first: one of the set's units or one below them. Only when every instance in its accounts
    /// is current, the others are begun.
    #[must_use]
    pub const fn canary(mut self, unit: OuRef) -> Self {
        self.canary = Some(unit);
        self
    }

    /// See [`StackSet::for_units`] and [`StackSet::for_accounts`].
    #[must_use]
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }

    /// See [`StackSet::regions`].
    #[must_use]
    pub fn get_regions(&self) -> &[Region] {
        &self.regions
    }

    /// See [`StackSet::description`].
    #[must_use]
    pub fn get_description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// See [`StackSet::auto_deployment`].
    #[must_use]
    pub const fn is_auto_deployed(&self) -> bool {
        self.auto_deployment
    }

    /// See [`StackSet::retain_on_removal`].
    #[must_use]
    pub const fn is_retained_on_removal(&self) -> bool {
        self.retain_on_removal
    }

    /// See [`StackSet::operation_preferences`].
    #[must_use]
    pub const fn get_operation_preferences(&self) -> &OperationPreferences {
        &self.preferences
    }

    /// See [`StackSet::canary`].
    #[must_use]
    pub const fn get_canary(&self) -> Option<OuRef> {
        self.canary
    }

    pub(crate) fn report_strays(&self, tree: &mut Tree, location: &'static Location<'static>) {
        let nodes: Vec<NodeId> = match &self.targets {
            Targets::Units { units, filter } => {
                let units = units.iter().map(|unit| unit.node());
                units.chain(filter.accounts().iter().map(|account| account.node())).collect()
            }
            Targets::Accounts(accounts) => accounts.iter().map(|account| account.node()).collect(),
        };
        if nodes.into_iter().any(|node| !tree.owns(node)) {
            tree.report_stray("a target of this stack set", location);
        }
        if self.canary.is_some_and(|unit| !tree.owns(unit.node())) {
            tree.report_stray("the canary of this stack set", location);
        }
    }
}
