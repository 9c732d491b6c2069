//! The state of everything, and what a call makes of it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use accel_deploy::{Call, CloudError, Place, Protocol, cloud::AccountKey};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    by_hand::ByHand,
    cloud_control::Deletion,
    drift::Detection,
    errors,
    faults::{Conditions, Failure, GateAt},
    organizations::{ACCESS_ROLE, Organization, ROOT},
    quotas::{ACCOUNTS, STACK_SETS, STACKS},
    s3::Bucket,
    settings::Settings,
    ssm::Parameter,
    stack_sets::{Gate, StackSet},
    stacks::{self, Existing, Stack},
};

/// All accounts and what is in them. It changes by calls and by time alone.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    now: Duration,
    /// The account whose credentials calls are made with.
    pub caller: String,
    /// The role by which each account is entered that was made here, by id. Those that have joined came with some
    /// role: any enters them, unless they are in this too.
    pub roles: BTreeMap<String, String>,
    /// The organization, once there is one.
    pub organization: Option<Organization>,
    /// How many accounts an organization may have: 10 unless AWS was asked for more.
    pub account_quota: usize,
    /// How many stacks a region of an account may have: 2,000 unless AWS was asked for more.
    pub stack_quota: usize,
    /// How many stack sets an account may have: 1,000 unless AWS was asked for more.
    pub stack_set_quota: usize,
    /// How many instances a stack set may have: 100,000 unless AWS was asked for more.
    pub instance_quota: usize,
    /// E-mail addresses of accounts that are not in the organization.
    pub(crate) addresses: BTreeSet<String>,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// By account, region and name.
    pub(crate) parameters: BTreeMap<(String, String, String), Parameter>,
    pub(crate) stacks: BTreeMap<stacks::Key, Stack>,
    /// How many resources of a logical id a stack had that are no more: ids are not given twice.
    pub(crate) generations: BTreeMap<stacks::Key, BTreeMap<String, u64>>,
    /// When something ends in a stack.
    pub(crate) due: BTreeSet<(Duration, stacks::Key)>,
    /// Resources that no stack has made.
    pub(crate) existing: BTreeSet<Existing>,
    /// Resources that stacks have left behind.
    pub(crate) left: BTreeSet<Physical>,
    /// Of those that no stack has made, what is no more.
    pub(crate) gone: BTreeSet<Physical>,
    /// The hashes of words that there are in properties, or were: who looks for an id looks here first.
    pub(crate) words: BTreeSet<u64>,
    /// What was deleted while others used it, one line each.
    pub(crate) broken: Vec<String>,
    pub(crate) stack_sets: BTreeMap<String, StackSet>,
    /// Comparisons of stacks with what is there, by id.
    pub(crate) detections: BTreeMap<String, Detection>,
    /// When which of them ends.
    pub(crate) detecting: BTreeSet<(Duration, String)>,
    /// Deletions by Cloud Control, by the token of the request.
    pub(crate) deletions: BTreeMap<String, Deletion>,
    /// When which of them ends.
    pub(crate) deleting: BTreeSet<(Duration, String)>,
    pub(crate) settings: Settings,
    /// What was done by hand, as the file of faults says it.
    by_hand: Vec<ByHand>,
    /// What fails, and why: by account, region, and the logical id of a resource or the name of a stack
    /// set.
    pub failures: BTreeMap<(String, String, String), String>,
    /// The account gates that there are, by account and region.
    pub gates: BTreeMap<(String, String), Gate>,
    /// How far the lists of operations of stack sets, and of their results, are behind.
    pub list_lag: Duration,
}

/// A resource by account, region, type and physical id.
pub(crate) type Physical = (String, String, String, String);

const CONDITIONS: &str = "ChangeConditions";

/// A code and its words.
pub(crate) struct Refusal(pub(crate) Cow<'static, str>, pub(crate) String);

impl Refusal {
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: String) -> Self {
        Self(code.into(), message)
    }
}

pub(crate) type Reply = Result<Value, Refusal>;

impl World {
    pub(crate) fn new(now: Duration) -> Self {
        Self {
            now,
            caller: "999999999999".to_owned(),
            roles: BTreeMap::new(),
            organization: None,
            account_quota: ACCOUNTS.2,
            stack_quota: STACKS.2,
            stack_set_quota: STACK_SETS.2,
            instance_quota: 100_000,
            addresses: BTreeSet::new(),
            buckets: BTreeMap::new(),
            parameters: BTreeMap::new(),
            stacks: BTreeMap::new(),
            generations: BTreeMap::new(),
            due: BTreeSet::new(),
            existing: BTreeSet::new(),
            left: BTreeSet::new(),
            gone: BTreeSet::new(),
            words: BTreeSet::new(),
            broken: Vec::new(),
            stack_sets: BTreeMap::new(),
            detections: BTreeMap::new(),
            detecting: BTreeSet::new(),
            deletions: BTreeMap::new(),
            deleting: BTreeSet::new(),
            settings: Settings::default(),
            by_hand: Vec::new(),
            failures: BTreeMap::new(),
            gates: BTreeMap::new(),
            list_lag: Duration::ZERO,
        }
    }

    /// Time since the epoch.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Makes this the address of an account that is not in the organization.
    pub fn take_address(&mut self, address: impl Into<String>) {
        self.addresses.insert(address.into());
    }

    /// Such accounts have other addresses now.
    pub fn free_addresses(&mut self) {
        self.addresses.clear();
    }

    /// Settles what ends until then, each thing at its time. The clock never goes back.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(next) = self.next().filter(|next| *next <= now) {
            self.now = self.now.max(next);
            let quota = self.account_quota;
            let made = (self.organization.as_mut())
                .map(|organization| organization.settle(self.now, quota, &self.addresses));
            for (account, role) in made.into_iter().flatten() {
                self.roles.insert(account.clone(), role);
                self.follow(&account, None, ROOT);
            }
            self.settle_stacks();
            self.settle_stack_sets();
            self.settle_detections();
            self.settle_deletions();
        }
        self.now = self.now.max(now);
    }

    /// When the next of what runs ends.
    fn next(&self) -> Option<Duration> {
        let organization = self.organization.as_ref().and_then(Organization::next);
        let (stacks, sets) = (self.next_of_stacks(), self.next_of_stack_sets());
        let (detections, deletions) = (self.next_of_detections(), self.next_of_deletions());
        [organization, stacks, sets, detections, deletions].into_iter().flatten().min()
    }

    /// Whether something that runs ends until then.
    pub(crate) fn ends_by(&self, now: Duration) -> bool {
        self.next().is_some_and(|next| next <= now)
    }

    /// What goes wrong in the world, as a file of faults says it.
    pub(crate) fn conditions(&self) -> Conditions {
        let failure = |((account, region, of), reason): (&(String, String, String), &String)| {
            let [account, region, of] = [account, region, of].map(String::clone);
            Failure { account, region, of, reason: reason.clone() }
        };
        let failures = self.failures.iter().map(failure).collect();
        let gate = |((account, region), gate): (&(String, String), &Gate)| GateAt {
            account: account.clone(),
            region: region.clone(),
            gate: gate.clone(),
        };
        Conditions {
            failures,
            gates: self.gates.iter().map(gate).collect(),
            by_hand: self.by_hand.clone(),
            list_lag: self.list_lag.as_secs(),
            existing: self.existing.iter().cloned().collect(),
            quotas: self.changed_quotas(),
        }
    }

    /// What is new by hand is done, once. What is no longer there was done all the same.
    fn set_conditions(&mut self, conditions: Conditions) -> Result<(), Refusal> {
        let Conditions { failures, gates, by_hand, list_lag, existing, quotas } = conditions;
        self.set_quotas(&quotas);
        let before = std::mem::replace(&mut self.by_hand, by_hand.clone());
        for change in by_hand.iter().filter(|change| !before.contains(change)) {
            self.change_by_hand(change).map_err(|why| Refusal::new("ValidationException", why))?;
        }
        let failure = |it: Failure| ((it.account, it.region, it.of), it.reason);
        self.failures = failures.into_iter().map(failure).collect();
        self.gates = gates.into_iter().map(|it| ((it.account, it.region), it.gate)).collect();
        self.list_lag = Duration::from_secs(list_lag);
        self.existing = existing.into_iter().collect();
        Ok(())
    }

    pub(crate) fn apply(
        &mut self,
        now: Duration,
        place: &Place,
        call: &Call,
    ) -> Result<Value, CloudError> {
        self.advance(now);
        self.answer(place, call).map_err(|Refusal(code, message)| {
            let (service, action) = (&call.service, &call.action);
            if errors::is_known(service, action, &code) {
                return CloudError::answer(service, action, code, message);
            }
            let message =
                format!("the simulation answers {code}, which {action} has not: {message}");
            CloudError::answer(service, action, "InternalFailure", message)
        })
    }

    fn answer(&mut self, place: &Place, call: &Call) -> Reply {
        let account = self.enter(place)?;
        let (action, request) = (call.action.as_ref(), &call.request);
        match call.service.as_ref() {
            "cloudcontrolapi" => self.cloud_control(&account, &place.region, action, request),
            "organizations" => self.organizations(&account, action, request),
            "servicequotas" => self.service_quotas(action, request),
            "s3" => self.s3(&account, &place.region, action, request),
            "ssm" => self.ssm(&account, &place.region, action, request),
            "sts" if action == "GetCallerIdentity" => Ok(json!({
                "Account": account,
                "Arn": format!("arn:aws:sts::{account}:assumed-role/simulated/run"),
                "UserId": format!("AROASIMULATED{account}:run"),
            })),
            "simulation" => {
                if action == CONDITIONS {
                    self.set_conditions(read(request)?)?;
                }
                Ok(json!({}))
            }
            // Which gives the service trusted access, too.
            "ram" if action == "EnableSharingWithAwsOrganization" => {
                let request = json!({ "ServicePrincipal": "ram.amazonaws.com" });
                self.organizations(&account, "EnableAWSServiceAccess", &request)
            }
            "cloudformation" if action.contains("StackSet") || action.contains("StackInstance") => {
                self.stack_sets(&account, action, request)
            }
            "cloudformation"
                if action.contains("Stack")
                    || action.contains("ChangeSet")
                    || matches!(
                        action,
                        "GetTemplate" | "UpdateTerminationProtection" | "ContinueUpdateRollback"
                    ) =>
            {
                self.stacks(&account, &place.region, action, request)
            }
            service => self.settings(&account, &place.region, service, action, request),
        }
    }

    /// The account of a place, if the caller comes into it: members of the organization that are not
    /// suspended have one access role.
    fn enter(&self, place: &Place) -> Result<String, Refusal> {
        let id = match &place.account {
            AccountKey::Caller => return Ok(self.caller.clone()),
            AccountKey::Id(id) => id,
        };
        let role = place.role.as_deref().unwrap_or(ACCESS_ROLE);
        let account = self.organization.as_ref().and_then(|it| it.accounts.get(id));
        let is_open = account.is_some_and(|it| it.state == "ACTIVE")
            && self.roles.get(id).is_none_or(|has| has == role);
        if *id == self.caller || is_open {
            return Ok(id.clone());
        }
        let role = format!("arn:aws:iam::{id}:role/{role}");
        let message = format!(
            "User: arn:aws:iam::{}:root is not authorized to perform: sts:AssumeRole on resource: {role}",
            self.caller
        );
        Err(Refusal::new("AccessDenied", message))
    }
}

/// Stands in a journal for a time at which something has ended.
pub(crate) fn time_passes() -> Call {
    happening("TimePasses", json!({}))
}

/// From then on other things go wrong.
pub(crate) fn change_conditions(conditions: &Conditions) -> serde_json::Result<Call> {
    Ok(happening(CONDITIONS, serde_json::to_value(conditions)?))
}

/// What is in a journal and was asked by nobody.
fn happening(action: &'static str, request: Value) -> Call {
    let protocol = Protocol::Json { target: "".into() };
    Call { service: "simulation".into(), action: action.into(), protocol, request }
}

pub(crate) fn unknown(action: &str) -> Refusal {
    Refusal::new("UnknownOperationException", format!("the simulation does not know {action}"))
}

/// A request as its operation.
pub(crate) fn read<T: DeserializeOwned>(request: &Value) -> Result<T, Refusal> {
    T::deserialize(request).map_err(|error| Refusal::new("ValidationException", error.to_string()))
}

pub(crate) fn reply(output: &impl Serialize) -> Reply {
    let mut reply = serde_json::to_value(output)
        .map_err(|error| Refusal::new("InternalFailure", error.to_string()))?;
    if let Value::Object(members) = &mut reply {
        members.retain(|_, member| !member.is_null());
    }
    Ok(reply)
}

/// A required text member.
pub(crate) fn text<'a>(request: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    request[name].as_str().filter(|text| !text.is_empty()).ok_or_else(|| {
        Refusal::new("ValidationException", format!("{name} is required, and is a text"))
    })
}

/// A page of at most `MaxResults` from the token on, which is an index.
pub(crate) fn page<T>(items: impl Iterator<Item = T>, request: &Value) -> (Vec<T>, Option<String>) {
    let most = request["MaxResults"].as_u64().and_then(|most| usize::try_from(most).ok());
    let most = most.unwrap_or(100).clamp(1, 100);
    let start = request["NextToken"].as_str().and_then(|token| token.parse().ok()).unwrap_or(0);
    let mut items = items.skip(start);
    let page: Vec<T> = items.by_ref().take(most).collect();
    let next = items.next().map(|_| (start + most).to_string());
    (page, next)
}
