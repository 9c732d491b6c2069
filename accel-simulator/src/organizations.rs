//! Organizations: the tree, its accounts and policies, what is enabled.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use accel_deploy::cloud::organizations::{self as api, CreateAccountStatus};
use serde_json::{Value, json};

use crate::world::{Refusal, Reply, World, reply, text, unknown};

pub(crate) const ROOT: &str = "r-sim1";
pub(crate) const ID: &str = "o-simulation";
/// How long an account takes to be made.
const CREATION: Duration = Duration::from_secs(45);

/// The organization of a world.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Organization {
    management: String,
    /// By id.
    pub accounts: BTreeMap<String, Account>,
    /// By id.
    pub units: BTreeMap<String, Unit>,
    /// By id.
    pub policies: BTreeMap<String, Policy>,
    /// The types of policies that the root has enabled.
    pub policy_types: BTreeSet<String>,
    /// The principals of services that have trusted access.
    pub services: BTreeSet<String>,
    /// Pairs of a service's principal and an account.
    pub administrators: BTreeSet<(String, String)>,
    creations: Vec<Creation>,
}

/// The role that Organizations makes in an account, if it is told no other name.
pub(crate) const ACCESS_ROLE: &str = "OrganizationAccountAccessRole";

/// An account of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its address, unique over all of AWS.
    pub email: String,
    /// `ACTIVE` or `SUSPENDED`.
    pub state: String,
    /// The root or unit it is in.
    pub parent: String,
}

/// An organizational unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Unique in its parent.
    pub name: String,
    /// The root or another unit.
    pub parent: String,
}

/// A policy of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Unique in its type.
    pub name: String,
    /// `SERVICE_CONTROL_POLICY` and the like.
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// The document.
    pub content: String,
    /// Root, units and accounts it is attached to.
    pub targets: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Creation {
    name: String,
    email: String,
    access_role: String,
    ends: Duration,
    /// The id of the account, or the reason why there is none.
    outcome: Option<Result<String, &'static str>>,
}

impl Organization {
    fn new(management: &str) -> Self {
        let account = Account {
            name: "management".to_owned(),
            email: "management@example.com".to_owned(),
            state: "ACTIVE".to_owned(),
            parent: ROOT.to_owned(),
        };
        Self {
            management: management.to_owned(),
            accounts: [(management.to_owned(), account)].into(),
            ..Self::default()
        }
    }

    /// Settles what ends now: the ids of accounts that have been made, and their access roles.
    pub(crate) fn settle(
        &mut self,
        now: Duration,
        quota: usize,
        taken: &BTreeSet<String>,
    ) -> Vec<(String, String)> {
        let mut made = Vec::new();
        for index in 0..self.creations.len() {
            let creation = &self.creations[index];
            if creation.outcome.is_some() || creation.ends > now {
                continue;
            }
            let is_taken = taken.contains(&creation.email)
                || self.accounts.values().any(|it| it.email == creation.email);
            let outcome = if is_taken {
                Err("EMAIL_ALREADY_EXISTS")
            } else if self.accounts.len() >= quota {
                Err("ACCOUNT_LIMIT_EXCEEDED")
            } else {
                Ok(format!("{:012}", 200_000_000_001_u64 + index as u64))
            };
            if let Ok(id) = &outcome {
                let account = Account {
                    name: creation.name.clone(),
                    email: creation.email.clone(),
                    state: "ACTIVE".to_owned(),
                    parent: ROOT.to_owned(),
                };
                self.accounts.insert(id.clone(), account);
                made.push((id.clone(), creation.access_role.clone()));
            }
            self.creations[index].outcome = Some(outcome);
        }
        made
    }

    fn arn(&self, resource: &str) -> String {
        format!("arn:aws:organizations::{}:{resource}", self.management)
    }

    fn account(&self, id: &str) -> Value {
        let account = &self.accounts[id];
        json!({
            "Id": id, "Arn": self.arn(&format!("account/{ID}/{id}")), "Name": account.name,
            "Email": account.email, "State": account.state, "Status": account.state,
            "JoinedMethod": if id == self.management { "INVITED" } else { "CREATED" },
        })
    }

    fn unit(&self, id: &str) -> Value {
        let arn = self.arn(&format!("ou/{ID}/{id}"));
        json!({ "Id": id, "Arn": arn, "Name": self.units[id].name })
    }

    fn policy(&self, id: &str) -> Value {
        let policy = &self.policies[id];
        let kind = policy.kind.to_lowercase();
        json!({
            "Id": id, "Arn": self.arn(&format!("policy/{ID}/{kind}/{id}")), "Name": policy.name,
            "Description": policy.description, "Type": policy.kind, "AwsManaged": false,
        })
    }

    /// The accounts of units and of all units below, without the one that manages; suspended ones too.
    pub(crate) fn members_of(&self, units: &[String]) -> BTreeSet<String> {
        let inside = self.accounts.iter().filter(|(id, account)| {
            let line = self.line(&account.parent);
            **id != self.management && units.iter().any(|unit| line.contains(&unit.as_str()))
        });
        inside.map(|(id, _)| id.clone()).collect()
    }

    /// A unit and all that it is in.
    pub(crate) fn line<'a>(&'a self, unit: &'a str) -> Vec<&'a str> {
        let parent = |unit: &&'a str| Some(self.units.get(*unit)?.parent.as_str());
        std::iter::successors(Some(unit), parent).collect()
    }

    /// When the next account is made, or will not be.
    pub(crate) fn next(&self) -> Option<Duration> {
        let open = self.creations.iter().filter(|creation| creation.outcome.is_none());
        open.map(|creation| creation.ends).min()
    }

    fn has_parent(&self, id: &str) -> bool {
        id == ROOT || self.units.contains_key(id)
    }

    fn status(&self, index: usize) -> CreateAccountStatus {
        let creation = &self.creations[index];
        let (state, account_id, failure_reason) = match &creation.outcome {
            None => ("IN_PROGRESS", None, None),
            Some(Ok(id)) => ("SUCCEEDED", Some(id.clone()), None),
            Some(Err(reason)) => ("FAILED", None, Some((*reason).to_owned())),
        };
        CreateAccountStatus {
            id: format!("car-{index:032x}"),
            account_name: Some(creation.name.clone()),
            state: state.to_owned(),
            account_id,
            failure_reason,
        }
    }

    fn answer(&mut self, now: Duration, action: &str, request: &Value) -> Reply {
        let get = |name: &str| text(request, name);
        match action {
            "CreateOrganization" => {
                let message = "The AWS account is already a member of an organization.";
                return Err(Refusal::new("AlreadyInOrganizationException", message.to_owned()));
            }
            "EnableAllFeatures" => {
                let message = "All features are enabled already.";
                return Err(Refusal::new(
                    "HandshakeConstraintViolationException",
                    message.to_owned(),
                ));
            }
            "DescribeOrganization" => {
                return Ok(json!({ "Organization": {
                "Id": ID, "Arn": self.arn(&format!("organization/{ID}")), "FeatureSet": "ALL",
                "MasterAccountId": self.management,
                "MasterAccountEmail": self.accounts[&self.management].email,
            } }));
            }
            "ListRoots" => {
                let types = self.policy_types.iter();
                let types: Vec<_> =
                    types.map(|kind| json!({ "Type": kind, "Status": "ENABLED" })).collect();
                let arn = self.arn(&format!("root/{ID}/{ROOT}"));
                let root = json!({ "Id": ROOT, "Arn": arn, "Name": "Root", "PolicyTypes": types });
                return Ok(json!({ "Roots": [root] }));
            }
            "EnablePolicyType" => {
                known(get("RootId")? == ROOT, "RootNotFoundException")?;
                if !self.policy_types.insert(get("PolicyType")?.to_owned()) {
                    return Err(taken("PolicyTypeAlreadyEnabledException"));
                }
                return self.answer(now, "ListRoots", &json!({})).map(|mut reply| {
                    let root = reply["Roots"][0].take();
                    json!({ "Root": root })
                });
            }
            "CreateOrganizationalUnit" => {
                let (name, parent) = (get("Name")?, get("ParentId")?);
                known(self.has_parent(parent), "ParentNotFoundException")?;
                if self.units.values().any(|unit| unit.parent == parent && unit.name == name) {
                    return Err(taken("DuplicateOrganizationalUnitException"));
                }
                let id = format!("ou-sim1-{:08}", self.units.len() + 1);
                let unit = Unit { name: name.to_owned(), parent: parent.to_owned() };
                self.units.insert(id.clone(), unit);
                return Ok(json!({ "OrganizationalUnit": self.unit(&id) }));
            }
            "ListOrganizationalUnitsForParent" => {
                let parent = get("ParentId")?;
                known(self.has_parent(parent), "ParentNotFoundException")?;
                let units = self.units.iter().filter(|(_, unit)| unit.parent == parent);
                let units: Vec<_> = units.map(|(id, _)| self.unit(id)).collect();
                return Ok(json!({ "OrganizationalUnits": units }));
            }
            "ListParents" => {
                let child = get("ChildId")?;
                let account = self.accounts.get(child).map(|account| &account.parent);
                let parent = account.or_else(|| self.units.get(child).map(|unit| &unit.parent));
                let parent = parent.ok_or_else(|| absent("ChildNotFoundException"))?;
                let kind = if parent == ROOT { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
                return Ok(json!({ "Parents": [{ "Id": parent, "Type": kind }] }));
            }
            "CreateAccount" => {
                let creation = Creation {
                    name: get("AccountName")?.to_owned(),
                    email: get("Email")?.to_owned(),
                    access_role: request["RoleName"].as_str().unwrap_or(ACCESS_ROLE).to_owned(),
                    ends: now + CREATION,
                    outcome: None,
                };
                self.creations.push(creation);
                let create_account_status = self.status(self.creations.len() - 1);
                return reply(&api::CreatedAccount { create_account_status });
            }
            // Those who are invited accept at once.
            "InviteAccountToOrganization" => {
                let id = text(&request["Target"], "Id")?;
                if self.accounts.contains_key(id) {
                    let message = "ALREADY_IN_AN_ORGANIZATION: the account is a member already.";
                    let code = "HandshakeConstraintViolationException";
                    return Err(Refusal::new(code, message.to_owned()));
                }
                let account = Account {
                    name: format!("account-{id}"),
                    email: format!("account-{id}@example.com"),
                    state: "ACTIVE".to_owned(),
                    parent: ROOT.to_owned(),
                };
                self.accounts.insert(id.to_owned(), account);
                return Ok(json!({ "Handshake": { "State": "ACCEPTED" } }));
            }
            "DescribeAccount" => {
                let id = get("AccountId")?;
                known(self.accounts.contains_key(id), "AccountNotFoundException")?;
                return Ok(json!({ "Account": self.account(id) }));
            }
            "DescribeCreateAccountStatus" => {
                let id = get("CreateAccountRequestId")?;
                let mut statuses = (0..self.creations.len()).map(|index| self.status(index));
                let create_account_status = statuses
                    .find(|status| status.id == id)
                    .ok_or_else(|| absent("CreateAccountStatusNotFoundException"))?;
                return reply(&api::CreatedAccount { create_account_status });
            }
            "ListCreateAccountStatus" => {
                let is_asked = |status: &CreateAccountStatus| {
                    request["States"]
                        .as_array()
                        .is_none_or(|states| states.iter().any(|state| *state == status.state))
                };
                let statuses = (0..self.creations.len()).map(|index| self.status(index));
                let create_account_statuses = statuses.filter(is_asked).collect();
                return reply(&api::CreatedAccounts { create_account_statuses, next_token: None });
            }
            "ListAccounts" => {
                let accounts: Vec<_> = self.accounts.keys().map(|id| self.account(id)).collect();
                return Ok(json!({ "Accounts": accounts }));
            }
            "ListAccountsForParent" => {
                let parent = get("ParentId")?;
                known(self.has_parent(parent), "ParentNotFoundException")?;
                let accounts = self.accounts.iter().filter(|(_, it)| it.parent == parent);
                let accounts: Vec<_> = accounts.map(|(id, _)| self.account(id)).collect();
                return Ok(json!({ "Accounts": accounts }));
            }
            "MoveAccount" => {
                let to = get("DestinationParentId")?;
                known(self.has_parent(to), "DestinationParentNotFoundException")?;
                let account = self.accounts.get_mut(get("AccountId")?);
                let account = account.ok_or_else(|| absent("AccountNotFoundException"))?;
                known(account.parent == get("SourceParentId")?, "SourceParentNotFoundException")?;
                if account.parent == to {
                    return Err(taken("DuplicateAccountException"));
                }
                to.clone_into(&mut account.parent);
            }
            "EnableAWSServiceAccess" => {
                self.services.insert(get("ServicePrincipal")?.to_owned());
            }
            "DisableAWSServiceAccess" => {
                self.services.remove(get("ServicePrincipal")?);
            }
            "ListAWSServiceAccessForOrganization" => {
                let services = self.services.iter();
                let services: Vec<_> =
                    services.map(|service| json!({ "ServicePrincipal": service })).collect();
                return Ok(json!({ "EnabledServicePrincipals": services }));
            }
            "RegisterDelegatedAdministrator" => {
                let (account, service) = (get("AccountId")?, get("ServicePrincipal")?);
                known(self.accounts.contains_key(account), "AccountNotFoundException")?;
                if !self.administrators.insert((service.to_owned(), account.to_owned())) {
                    return Err(taken("AccountAlreadyRegisteredException"));
                }
            }
            "ListDelegatedAdministrators" => {
                let service = request["ServicePrincipal"].as_str();
                let ids: BTreeSet<_> = (self.administrators.iter())
                    .filter(|(of, _)| service.is_none_or(|service| service == of))
                    .map(|(_, account)| account)
                    .collect();
                let accounts: Vec<_> = ids.into_iter().map(|id| self.account(id)).collect();
                return Ok(json!({ "DelegatedAdministrators": accounts }));
            }
            _ => return self.policies(action, request),
        }
        Ok(json!({}))
    }

    fn policies(&mut self, action: &str, request: &Value) -> Reply {
        let get = |name: &str| text(request, name);
        match action {
            "CreatePolicy" => {
                let (name, kind, content) = (get("Name")?, get("Type")?, get("Content")?);
                if serde_json::from_str::<Value>(content).is_err() {
                    let message = "The provided policy document is not valid JSON.";
                    return Err(Refusal::new(
                        "MalformedPolicyDocumentException",
                        message.to_owned(),
                    ));
                }
                if self.policies.values().any(|policy| policy.kind == kind && policy.name == name) {
                    return Err(taken("DuplicatePolicyException"));
                }
                let id = format!("p-sim{:08}", self.policies.len() + 1);
                let policy = Policy {
                    name: name.to_owned(),
                    kind: kind.to_owned(),
                    description: request["Description"].as_str().unwrap_or_default().to_owned(),
                    content: content.to_owned(),
                    targets: BTreeSet::new(),
                };
                self.policies.insert(id.clone(), policy);
                let summary = self.policy(&id);
                Ok(json!({ "Policy": { "PolicySummary": summary, "Content": content } }))
            }
            "ListPolicies" | "ListPoliciesForTarget" => {
                let kind = get("Filter")?;
                let target = request["TargetId"].as_str();
                let policies = self.policies.iter().filter(|(_, policy)| {
                    policy.kind == kind && target.is_none_or(|it| policy.targets.contains(it))
                });
                let policies: Vec<_> = policies.map(|(id, _)| self.policy(id)).collect();
                Ok(json!({ "Policies": policies }))
            }
            "DescribePolicy" => {
                let id = get("PolicyId")?;
                let policy = self.policies.get(id);
                let policy = policy.ok_or_else(|| absent("PolicyNotFoundException"))?;
                let summary = self.policy(id);
                Ok(json!({ "Policy": { "PolicySummary": summary, "Content": policy.content } }))
            }
            "AttachPolicy" => {
                let target = get("TargetId")?;
                let is_there = self.has_parent(target) || self.accounts.contains_key(target);
                known(is_there, "TargetNotFoundException")?;
                let policy = self.policies.get_mut(get("PolicyId")?);
                let policy = policy.ok_or_else(|| absent("PolicyNotFoundException"))?;
                known(self.policy_types.contains(&policy.kind), "PolicyTypeNotEnabledException")?;
                if !policy.targets.insert(target.to_owned()) {
                    return Err(taken("DuplicatePolicyAttachmentException"));
                }
                Ok(json!({}))
            }
            _ => Err(unknown(action)),
        }
    }
}

impl World {
    pub(crate) fn organizations(&mut self, account: &str, action: &str, request: &Value) -> Reply {
        let now = self.now();
        match &mut self.organization {
            Some(organization) if organization.management == account => {
                let reply = organization.answer(now, action, request)?;
                if action == "MoveAccount" {
                    let account = text(request, "AccountId")?;
                    let from = text(request, "SourceParentId")?;
                    self.follow(account, Some(from), text(request, "DestinationParentId")?);
                }
                Ok(reply)
            }
            Some(_) => {
                let message = "You don't have permissions to access this resource.";
                Err(Refusal::new("AccessDeniedException", message.to_owned()))
            }
            none if action == "CreateOrganization" => {
                let organization = none.insert(Organization::new(account));
                organization.answer(now, "DescribeOrganization", &json!({}))
            }
            None => {
                let message = "Your account is not a member of an organization.";
                Err(Refusal::new("AWSOrganizationsNotInUseException", message.to_owned()))
            }
        }
    }
}

fn known(is: bool, code: &'static str) -> Result<(), Refusal> {
    if is { Ok(()) } else { Err(absent(code)) }
}

fn absent(code: &'static str) -> Refusal {
    Refusal::new(code, "You specified something that doesn't exist.".to_owned())
}

fn taken(code: &'static str) -> Refusal {
    Refusal::new(code, "It is there already.".to_owned())
}
