//! Who may do what by an [`Assembly`]: the policies that are in force between somebody and a resource, as the
//! synthesized files have them.
//!
//! ```
//! use accel_core::{AccountInfo, App, Region, Resource, Stack};
//! use accel_synth::access::{Access, Identity};
//!
//! let mut app = App::new("shop");
//! let prod = app.scope().declare_account_as("prod", AccountInfo::default());
//! app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)))
//!     .add("bucket", Resource::new("AWS::S3::Bucket"));
//!
//! let assembly = accel_synth::synth(app)?;
//! let access = Access::new(&assembly);
//! let mut situation = access.identity(&Identity::Administrator { account: "prod" })?;
//! access.resource("prod/eu-west-1/data/bucket/report.csv", &mut situation)?;
//! let request = situation.request("s3:GetObject").complete();
//! assert!(accel_policy::evaluate(&request, &situation.policies).is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::{collections::BTreeMap, sync::OnceLock};

use accel_policy::{Policy, PolicySet, Principal};
use litemap::LiteMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Assembly,
    manifest::{Filter, TargetSet, ValueSource},
    ordered::IntoMap as _,
};

mod error;
mod levels;
mod place;
mod resources;
mod roles;
mod situation;
mod step;

pub use error::AccessError;
pub use situation::{Situation, Unread};
pub(crate) use step::Step;

use levels::Attached;
use place::Place;
use step::Steps;

/// The id of the organization, which only a deployment knows.
pub(crate) const ORGANIZATION: &str = "o-thisorganization";

/// The policy that Organizations attaches to whatever is made.
const FULL_ACCESS: &str = "FullAWSAccess";

const NO_IDENTITY: &str =
    "the principal's own policies are not in this assembly: they are taken to allow everything";
const NO_RESOURCE: &str =
    "the resource is not in this assembly: it is taken to have no policy of its own";

/// Finds the policies of an assembly.
///
/// What only a deployment knows has a name that nothing else has, never a guess: the id of an account that
/// does not exist yet, and `<construct path>` for the name of a resource that AWS will invent.
#[derive(Debug)]
pub struct Access<'a> {
    assembly: &'a Assembly,
    /// Ids by name; an account of unknown id has one that no account has.
    accounts: BTreeMap<String, String>,
    /// The step of the unit that an account or a unit is in; those at the root are not here.
    parents: BTreeMap<String, String>,
    /// Of the organization; empty without one.
    steps: Vec<Step>,
    /// By construct path of the stack or stack set; read when they are first asked for.
    templates: LiteMap<&'a str, OnceLock<Value>>,
    attached: OnceLock<Result<Vec<Attached>, AccessError>>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity<'a> {
    /// A role that a stack makes.
    Role {
        /// The construct path of the stack: `prod/eu-west-1/apps`.
        stack: &'a str,
        /// The construct path of the role below it.
        role: &'a str,
    },
    /// A role of an account, by its name; stack sets make roles in many.
    NamedRole {
        /// The account's name.
        account: &'a str,
        /// What AWS calls the role.
        role: &'a str,
    },
    /// Somebody in an account who may do whatever the organization lets them.
    Administrator {
        /// The account's name.
        account: &'a str,
    },
    /// The root user of an account.
    Root {
        /// The account's name.
        account: &'a str,
    },
    /// Whoever has this ARN, or a service: `cloudtrail.amazonaws.com`. Of a role of the assembly the policies
    /// are known; anybody else of an account may do whatever the organization lets them.
    Principal(&'a str),
}

impl<'a> Access<'a> {
    /// Reads the accounts, the tree of the organization and all templates.
    #[must_use]
    pub fn new(assembly: &'a Assembly) -> Self {
        let manifest = assembly.manifest();
        let accounts = manifest.accounts.iter().enumerate().map(|(index, (name, account))| {
            let id = account.id.clone().unwrap_or_else(|| format!("{:012}", index + 1));
            (name.clone(), id)
        });
        let steps = manifest.steps.as_ref().map(|file| read::<Steps>(assembly, file).steps);
        let steps = steps.unwrap_or_default();
        let stacks = manifest.stacks.iter().map(|(path, stack)| (path, &stack.template));
        let sets = manifest.stack_sets.iter().map(|(path, set)| (path, &set.template));
        let templates = stacks.chain(sets);
        Self {
            assembly,
            accounts: accounts.into_map(),
            parents: levels::parents(&steps),
            steps,
            templates: templates.map(|(path, _)| (path.as_str(), OnceLock::new())).into_lite_map(),
            attached: OnceLock::new(),
        }
    }

    /// Somebody with their own policies and those of the organization. What they ask for is of their own
    /// account unless [`Access::resource`] says otherwise.
    ///
    /// # Errors
    /// If there is nobody of that name, or a policy cannot be read.
    pub fn identity(&self, identity: &Identity<'_>) -> Result<Situation, AccessError> {
        match *identity {
            Identity::Role { stack, role } => {
                let stacks = &self.assembly.manifest().stacks;
                let Some(entry) = stacks.get(stack) else {
                    return Err(AccessError::not_there("stack", stack, stacks.keys()));
                };
                let place = self.place(stack, &entry.account, &entry.region)?;
                self.role(place, role)
            }
            Identity::NamedRole { account, role } => {
                self.account(account)?;
                match self.role_named(account, role) {
                    Some((place, id)) => self.found_role(place, &id),
                    None => {
                        let roles = self.roles_of(account).map(|(place, id)| place.role_name(&id));
                        Err(AccessError::not_there("role", role, roles))
                    }
                }
            }
            Identity::Administrator { account } => {
                let id = self.account(account)?;
                let arn = format!("arn:aws:iam::{id}:role/administrator");
                let mut found = self.somebody(Principal::role_session(arn, "test"))?;
                found.policies.identity.push(Policy::full_access("AdministratorAccess"));
                Ok(found)
            }
            Identity::Root { account } => self.somebody(Principal::root(self.account(account)?)),
            Identity::Principal(text) => {
                let Some(principal) = Principal::parse(text) else {
                    return Err(AccessError::NoPrincipal(text.to_owned()));
                };
                if let Principal::Role { arn, .. } = &principal
                    && let Some((place, id)) = self.role_of(arn)
                {
                    return Ok(Situation { principal, ..self.found_role(place, &id)? });
                }
                let has_policies =
                    matches!(principal, Principal::User { .. } | Principal::Role { .. });
                let mut found = self.somebody(principal)?;
                if has_policies {
                    found.policies.identity.push(Policy::full_access("AdministratorAccess"));
                    found.assumed.push(NO_IDENTITY);
                }
                Ok(found)
            }
        }
    }

    /// Says what is asked for: an ARN, in which `{account}` is the account of whoever asks, or the construct
    /// path of a resource with what is below it (`prod/eu-west-1/data/bucket/report.csv`). Its own policy
    /// and the resource control policies of its account are in force then.
    ///
    /// # Errors
    /// If there is no such resource, or its policy cannot be read.
    pub fn resource(&self, resource: &str, situation: &mut Situation) -> Result<(), AccessError> {
        let account = situation.principal.account().unwrap_or_default().to_owned();
        let account = account.as_str();
        let resource = resource.replace("{account}", account);
        // What only begins as an ARN is taken for a path, and there is none.
        let is_arn = resource.starts_with("arn:") && resource.matches(':').count() >= 5;
        let found = if resource == "*" || is_arn {
            situation.resource = resource;
            self.resource_of(&situation.resource)
        } else {
            let (found, arn) = self.resource_at(&resource, account)?;
            situation.resource = arn;
            Some(found)
        };
        situation.assumed.retain(|assumed| *assumed != NO_RESOURCE);
        if found.is_none() && resources::have_policies(&situation.resource) {
            situation.assumed.push(NO_RESOURCE);
        }
        situation.policies.resource = match &found {
            Some((place, id)) => place.resource_policy(id)?,
            None => None,
        };
        let named = situation.resource.split(':').nth(4).unwrap_or_default();
        let owner = match &found {
            Some((place, _)) => Some(place.account),
            None => self.account_of(named),
        };
        situation.owner = owner.and_then(|owner| self.accounts.get(owner).cloned());
        let owner = match owner {
            // A bucket's ARN says nothing of its account.
            None if named.is_empty() => self.account_of(account),
            owner => owner,
        };
        self.owned_by(owner, situation)
    }

    /// Somebody without policies of their own.
    pub(crate) fn somebody(&self, principal: Principal) -> Result<Situation, AccessError> {
        let account = principal.account().and_then(|id| self.account_of(id));
        let mut situation = Situation {
            principal_is_ours: account.is_some(),
            principal,
            resource: "*".to_owned(),
            policies: PolicySet::default(),
            unread: Vec::new(),
            assumed: Vec::new(),
            owner: None,
            resource_is_ours: false,
        };
        if let Some(account) = account {
            situation.policies.principal_manages = self.manages(account);
            situation.policies.scps = self.levels(account, "SERVICE_CONTROL_POLICY")?;
        }
        self.owned_by(account, &mut situation)?;
        Ok(situation)
    }

    /// Somebody who may do anything, and asks for what an account has and leaves open to everybody: only the
    /// organization's policies have a say.
    pub(crate) fn unlimited(
        &self,
        principal: Principal,
        owner: &str,
    ) -> Result<Situation, AccessError> {
        let mut situation = self.somebody(principal)?;
        situation.policies.identity = vec![Policy::full_access("AdministratorAccess")];
        situation.policies.resource = Some(Policy::open_to_everybody());
        self.owned_by(Some(owner), &mut situation)?;
        Ok(situation)
    }

    /// The role by which the program says that an account is entered.
    pub(crate) fn entered_by(&self, account: &str) -> Option<&str> {
        self.assembly.manifest().accounts.get(account)?.access_role.as_deref()
    }

    /// The names of the accounts that policies of the organization can bind.
    pub(crate) fn members(&self) -> impl Iterator<Item = &str> {
        let accounts = self.assembly.manifest().accounts.iter();
        accounts.filter(|(_, account)| !account.management).map(|(name, _)| name.as_str())
    }

    /// A region that an account is used in; or else one of another account, but that of the organization's own
    /// stack, which is where AWS Organizations is and not where people work.
    pub(crate) fn region(&self, account: &str) -> &str {
        let stacks = || self.assembly.manifest().stacks.values();
        let own = stacks().filter(|stack| stack.account == account);
        let others = stacks().filter(|stack| !self.manages(&stack.account));
        own.chain(others).chain(stacks()).next().map_or("us-east-1", |stack| &stack.region)
    }

    /// Puts what limits the resources of an account into force.
    fn owned_by(&self, owner: Option<&str>, situation: &mut Situation) -> Result<(), AccessError> {
        situation.resource_is_ours = owner.is_some();
        situation.policies.resource_manages = owner.is_some_and(|owner| self.manages(owner));
        situation.policies.rcps = match owner {
            Some(owner) => self.levels(owner, "RESOURCE_CONTROL_POLICY")?,
            None => Vec::new(),
        };
        Ok(())
    }

    /// The steps of the organization.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The id of an account by its name; of one that does not exist yet, one that no account has.
    pub(crate) fn id(&self, account: &str) -> &str {
        self.accounts.get(account).map_or("", String::as_str)
    }

    /// The id of the management account.
    pub(crate) fn management(&self) -> Option<&str> {
        let accounts = &self.assembly.manifest().accounts;
        let (name, _) = accounts.iter().find(|(_, account)| account.management)?;
        Some(self.id(name))
    }

    fn manages(&self, account: &str) -> bool {
        self.assembly.manifest().accounts.get(account).is_some_and(|account| account.management)
    }

    /// The id of an account by its name.
    fn account(&self, name: &str) -> Result<&str, AccessError> {
        match self.accounts.get(name) {
            Some(id) => Ok(id),
            None => Err(AccessError::not_there("account", name, self.accounts.keys())),
        }
    }

    /// The name of an account by its id.
    fn account_of(&self, id: &str) -> Option<&str> {
        self.accounts.iter().find(|(_, known)| *known == id).map(|(name, _)| name.as_str())
    }

    /// A template where a stack or an instance of a stack set has it.
    fn place<'b>(
        &'b self,
        path: &str,
        account: &'b str,
        region: &'b str,
    ) -> Result<Place<'b>, AccessError> {
        let manifest = self.assembly.manifest();
        let stack = manifest.stacks.get_key_value(path).map(|(path, it)| (path, &it.template));
        let set = manifest.stack_sets.get_key_value(path).map(|(path, it)| (path, &it.template));
        match stack.or(set) {
            Some((path, template)) => Ok(Place {
                access: self,
                path,
                template,
                json: self.templates[&path.as_str()]
                    .get_or_init(|| read(self.assembly, &template.template)),
                account,
                region,
            }),
            None => Err(AccessError::not_there("stack or stack set", path, self.templates.keys())),
        }
    }

    /// All stacks, and all instances of stack sets, of an account or of all.
    fn places<'b>(&'b self, account: Option<&'b str>) -> Vec<Place<'b>> {
        let manifest = self.assembly.manifest();
        let mut places = Vec::new();
        let mut add = |path, in_account: &'b str, region| {
            if account.is_none_or(|account| account == in_account) {
                places.extend(self.place(path, in_account, region));
            }
        };
        for (path, stack) in &manifest.stacks {
            add(path, &stack.account, &stack.region);
        }
        for (path, set) in &manifest.stack_sets {
            for account in self.targets(&set.targets) {
                for region in &set.regions {
                    add(path, account, region);
                }
            }
        }
        places
    }

    /// The names of the accounts that have an instance. Those of units are never the management account.
    pub(crate) fn targets<'b>(&'b self, targets: &'b TargetSet) -> Vec<&'b str> {
        let (units, filter, named) = match targets {
            TargetSet::Accounts(names) => return names.iter().map(String::as_str).collect(),
            TargetSet::Units { units, filter, accounts } => (units, filter, accounts),
        };
        let is_target = |account: &String| {
            let is_below = self.chain(account).iter().any(|level| {
                units.iter().any(|unit| match unit {
                    ValueSource::Step { result, .. } if result == "RootId" => true,
                    ValueSource::Step { step, .. } => step == level,
                    _ => false,
                })
            });
            let is_named = named.contains(account);
            !self.manages(account)
                && match filter {
                    Filter::None => is_below,
                    Filter::Intersection => is_below && is_named,
                    Filter::Difference => is_below && !is_named,
                    Filter::Union => is_below || is_named,
                }
        };
        self.accounts.keys().filter(|account| is_target(account)).map(String::as_str).collect()
    }
}

/// A file that synthesis wrote; an assembly that is read back has the same bytes.
fn read<T: DeserializeOwned + Default>(assembly: &Assembly, file: &str) -> T {
    serde_json::from_str(assembly.file(file).unwrap_or_default()).unwrap_or_default()
}
