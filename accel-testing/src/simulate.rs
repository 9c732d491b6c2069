use std::collections::BTreeMap;

use accel_policy::{
    Decision, Layer, Level, Origin, Policy, PolicySet, Principal, Request, evaluate,
};
use accel_synth::{
    Assembly,
    manifest::{Template, ValueSource},
};
use serde_json::{Map, Value};

use crate::lookup::{Lookup as _, not_there, read};

/// Who asks, in a [`Simulate::simulate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity<'a> {
    /// A role that a stack makes.
    Role {
        /// The construct path of the stack: `prod/eu-west-1/apps`.
        stack: &'a str,
        /// The construct path of the role below it.
        role: &'a str,
    },
    /// Somebody in an account who may do whatever the organization lets them.
    Administrator {
        /// The account's name.
        account: &'a str,
    },
}

/// Decides requests by the policies of an [`Assembly`], without AWS.
///
/// ```no_run
/// # let assembly: accel_synth::Assembly = unimplemented!();
/// use accel_testing::{Identity, Simulate as _};
///
/// assembly
///     .simulate(Identity::Administrator { account: "prod" })
///     .action("cloudtrail:StopLogging")
///     .on("arn:aws:cloudtrail:eu-west-1:{account}:trail/main")
///     .assert_denied();
/// ```
pub trait Simulate {
    /// A simulation of what `identity` may do: by its own policies and by those of the organization's tree.
    #[track_caller]
    fn simulate(&self, identity: Identity<'_>) -> Simulation;
}

/// A request that is put together, and what becomes of it.
///
/// Its context is open: where the decision hangs on a key that nobody gave, an assertion fails and says
/// which. What only a deployment knows (the id of an account that does not exist yet) is a name that
/// nothing else has, never a guess.
#[derive(Clone, Debug)]
#[must_use]
pub struct Simulation {
    principal: Principal,
    policies: PolicySet,
    /// Managed policies that the role has and whose documents nobody here knows.
    unread: Vec<String>,
    action: String,
    resource: String,
    context: Vec<(String, Vec<String>)>,
    complete: bool,
}

impl Simulate for Assembly {
    #[track_caller]
    fn simulate(&self, identity: Identity<'_>) -> Simulation {
        let world = World::new(self);
        let account = match identity {
            Identity::Role { stack, .. } => match self.manifest().stacks.get(stack) {
                Some(stack) => stack.account.clone(),
                None => not_there("stack", stack, self.manifest().stacks.keys()),
            },
            Identity::Administrator { account } => account.to_owned(),
        };
        let Some(id) = world.accounts.get(&account) else {
            not_there("account", &account, world.accounts.keys())
        };
        let mut simulation = Simulation {
            principal: Principal::role_session(
                format!("arn:aws:iam::{id}:role/administrator"),
                "test",
            ),
            policies: PolicySet::default(),
            unread: Vec::new(),
            action: String::new(),
            resource: "*".to_owned(),
            context: vec![
                ("aws:PrincipalOrgID".to_owned(), vec![ORGANIZATION.to_owned()]),
                ("aws:ResourceOrgID".to_owned(), vec![ORGANIZATION.to_owned()]),
            ],
            complete: false,
        };
        match identity {
            Identity::Role { stack, role } => world.role(stack, role, id, &mut simulation),
            Identity::Administrator { .. } => {
                simulation.policies.identity.push(Policy::full_access("AdministratorAccess"));
            }
        }
        let manages =
            self.manifest().accounts.get(&account).is_some_and(|account| account.management);
        simulation.policies.principal_manages = manages;
        simulation.policies.resource_manages = manages;
        simulation.policies.scps = world.levels(&account, "SERVICE_CONTROL_POLICY");
        simulation.policies.rcps = world.levels(&account, "RESOURCE_CONTROL_POLICY");
        simulation
    }
}

impl Simulation {
    /// What is asked for: `cloudtrail:StopLogging`.
    pub fn action(mut self, action: &str) -> Self {
        self.action = action.to_owned();
        self
    }

    /// Of which resource, by its ARN, in which `{account}` is the account of whoever asks; `*` unless it is
    /// said.
    pub fn on(mut self, arn: &str) -> Self {
        let account = self.principal.account().unwrap_or_default();
        self.resource = arn.replace("{account}", account);
        self
    }

    /// With a key of the context and its value; a key that was given again is a list.
    pub fn with(mut self, key: &str, value: &str) -> Self {
        match self.context.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
            Some((_, values)) => values.push(value.to_owned()),
            None => self.context.push((key.to_owned(), vec![value.to_owned()])),
        }
        self
    }

    /// With no keys but those that were given.
    pub const fn complete(mut self) -> Self {
        self.complete = true;
        self
    }

    /// What is decided.
    #[must_use]
    pub fn decide(&self) -> Decision {
        let request = Request::new(self.principal.clone(), &self.action, &self.resource);
        let request = self
            .context
            .iter()
            .fold(request, |request, (key, values)| request.with(key, values.clone()));
        evaluate(&if self.complete { request.complete() } else { request }, &self.policies)
    }

    /// # Panics
    /// Unless it is certainly allowed.
    #[track_caller]
    pub fn assert_allowed(&self) {
        let decision = self.decide();
        assert!(decision.is_allowed(), "{}", self.told(&decision));
    }

    /// # Panics
    /// Unless it is certainly denied.
    #[track_caller]
    pub fn assert_denied(&self) {
        let decision = self.decide();
        let hidden = matches!(decision, Decision::ImplicitlyDenied(Layer::Identity))
            && !self.unread.is_empty();
        assert!(decision.is_denied() && !hidden, "{}", self.told(&decision));
    }

    /// # Panics
    /// Unless a statement whose `Sid` begins so denies it: of a guardrail, its id without what is neither
    /// letter nor digit.
    #[track_caller]
    pub fn assert_denied_by(&self, sid: &str) {
        let decision = self.decide();
        let by = match &decision {
            Decision::ExplicitlyDenied(reason) => {
                reason.sid.as_deref().is_some_and(|found| found.starts_with(sid))
            }
            _ => false,
        };
        assert!(by, "{}, and not by `{sid}`", self.told(&decision));
    }

    fn told(&self, decision: &Decision) -> String {
        let mut text = format!("`{}` on `{}` is {decision}", self.action, self.resource);
        if let Decision::Unknown(_) = decision {
            text.push_str("\n  say it with `.with(key, value)`, or that there is nothing more with `.complete()`");
        }
        if !self.unread.is_empty() && !decision.is_allowed() {
            let names = self.unread.join("`, `");
            text.push_str(&format!(
                "\n  what the managed policies say is not known here: `{names}`"
            ));
        }
        text
    }
}

/// The id of the organization, which only a deployment knows.
const ORGANIZATION: &str = "o-thisorganization";

/// The accounts and the tree of the organization, and all templates.
struct World<'a> {
    assembly: &'a Assembly,
    /// Ids by name; an account of unknown id has one that no account has.
    accounts: BTreeMap<String, String>,
    /// The step of the unit that an account or a unit is in; those at the root are not here.
    parents: BTreeMap<String, String>,
    has_organization: bool,
}

impl<'a> World<'a> {
    fn new(assembly: &'a Assembly) -> Self {
        let manifest = assembly.manifest();
        let accounts = manifest.accounts.iter().enumerate().map(|(index, (name, account))| {
            let id = account.id.clone().unwrap_or_else(|| format!("{:012}", index + 1));
            (name.clone(), id)
        });
        let steps = manifest.steps.as_ref().and_then(|file| assembly.file(file));
        let steps = steps.map_or(Value::Null, read);
        let steps = steps["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut parents = BTreeMap::new();
        for step in steps {
            let request = &step["call"]["request"];
            let (child, parent) = match step["kind"].as_str() {
                Some("organizational-unit") => (&step["path"], &request["ParentId"]),
                Some("account-unit") => {
                    (&request["AccountId"]["$value"]["account"], &request["DestinationParentId"])
                }
                _ => continue,
            };
            let parent = &parent["$value"];
            if let (Some(child), Some("Id"), Some(parent)) =
                (child.as_str(), parent["result"].as_str(), parent["step"].as_str())
            {
                parents.insert(child.to_owned(), parent.to_owned());
            }
        }
        Self {
            assembly,
            accounts: accounts.collect(),
            parents,
            has_organization: !steps.is_empty(),
        }
    }

    /// From the root down to the account, each with what is attached to it.
    fn levels(&self, account: &str, policy_type: &str) -> Vec<Level> {
        if !self.has_organization {
            return Vec::new();
        }
        let mut chain = vec![account.to_owned()];
        while let Some(parent) = chain.last().and_then(|last| self.parents.get(last)) {
            chain.push(parent.clone());
        }
        chain.push("root".to_owned());
        let full =
            if policy_type.starts_with("SERVICE") { "FullAWSAccess" } else { "RCPFullAWSAccess" };
        let mut levels: Vec<_> = chain
            .into_iter()
            .rev()
            .map(|name| Level { name, policies: vec![Policy::full_access(full)] })
            .collect();
        for (path, stack) in &self.assembly.manifest().stacks {
            let place = Place {
                world: self,
                template: &stack.template,
                account: &stack.account,
                region: &stack.region,
            };
            let template = self.assembly.template(path);
            for (id, resource) in resources(template.json(), "AWS::Organizations::Policy") {
                let properties = &resource["Properties"];
                if properties["Type"] != policy_type {
                    continue;
                }
                let construct = place.construct(path, id);
                let name = properties["Name"].as_str().unwrap_or(id);
                let policy = place.policy(&properties["Content"], Origin::of(name, construct));
                for target in properties["TargetIds"].as_array().into_iter().flatten() {
                    let target = place.target(target);
                    let level =
                        levels.iter_mut().find(|level| Some(&level.name) == target.as_ref());
                    if let Some(level) = level {
                        level.policies.push(policy.clone());
                    }
                }
            }
        }
        levels
    }

    /// The principal and the policies of a role that a stack makes.
    #[track_caller]
    fn role(&self, path: &str, role: &str, account: &str, simulation: &mut Simulation) {
        let stack = &self.assembly.manifest().stacks[path];
        let place = Place {
            world: self,
            template: &stack.template,
            account: &stack.account,
            region: &stack.region,
        };
        let template = self.assembly.template(path);
        let json = template.json();
        let mut roles = resources(json, "AWS::IAM::Role");
        let paths = || {
            resources(json, "AWS::IAM::Role").map(|(id, _)| stack.template.constructs[id].clone())
        };
        let Some((id, resource)) = roles.find(|(id, _)| stack.template.constructs[*id] == role)
        else {
            not_there("role", role, paths())
        };
        let properties = &resource["Properties"];
        let name = properties["RoleName"].as_str().unwrap_or(id);
        let below = properties["Path"].as_str().unwrap_or("/");
        let arn = format!("arn:aws:iam::{account}:role{below}{name}");
        simulation.principal = Principal::role_session(arn, "test");
        let construct = place.construct(path, id);
        for inline in properties["Policies"].as_array().into_iter().flatten() {
            let origin = Origin::of(place.text(&inline["PolicyName"]), &construct);
            simulation.policies.identity.push(place.policy(&inline["PolicyDocument"], origin));
        }
        for kind in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"] {
            for (other, resource) in resources(json, kind) {
                let properties = &resource["Properties"];
                let named = |value: &Value| value["Ref"] == *id || *value == *name;
                let roles = properties["Roles"].as_array().into_iter().flatten();
                let attached = properties["Roles"].is_array() && roles.clone().any(named)
                    || named(&properties["RoleName"]);
                if attached {
                    let origin = Origin::of(other, place.construct(path, other));
                    let policy = place.policy(&properties["PolicyDocument"], origin);
                    simulation.policies.identity.push(policy);
                }
            }
        }
        let managed = |value: &Value| {
            let id = value["Ref"].as_str()?;
            let found = &json["Resources"][id];
            (found["Type"] == "AWS::IAM::ManagedPolicy").then(|| {
                let origin = Origin::of(id, place.construct(path, id));
                place.policy(&found["Properties"]["PolicyDocument"], origin)
            })
        };
        for value in properties["ManagedPolicyArns"].as_array().into_iter().flatten() {
            match managed(value) {
                Some(policy) => simulation.policies.identity.push(policy),
                None => match place.text(value) {
                    arn if arn == "arn:aws:iam::aws:policy/AdministratorAccess" => {
                        simulation
                            .policies
                            .identity
                            .push(Policy::full_access("AdministratorAccess"));
                    }
                    arn => simulation.unread.push(arn),
                },
            }
        }
        let boundary = &properties["PermissionsBoundary"];
        if !boundary.is_null() {
            match managed(boundary) {
                Some(policy) => simulation.policies.boundary = Some(policy),
                None => panic!(
                    "what the boundary `{}` of `{construct}` says is not known here",
                    place.text(boundary)
                ),
            }
        }
    }
}

/// Where a template is, to say what its values are there.
struct Place<'a> {
    world: &'a World<'a>,
    template: &'a Template,
    account: &'a str,
    region: &'a str,
}

impl Place<'_> {
    fn construct(&self, path: &str, id: &str) -> String {
        let below = self.template.constructs.get(id).map_or(id, String::as_str);
        format!("{path}/{below}")
    }

    #[track_caller]
    fn policy(&self, document: &Value, origin: Origin) -> Policy {
        let known = match document {
            Value::String(text) => read(text),
            document => self.known(document),
        };
        let name = origin.policy.clone();
        Policy::from_value(&known, origin).unwrap_or_else(|error| panic!("`{name}`: {error}"))
    }

    /// The root, the step of a unit, or the name of an account.
    fn target(&self, value: &Value) -> Option<String> {
        match value["Ref"].as_str().and_then(|name| self.template.parameters.get(name)) {
            Some(ValueSource::Step { result, .. }) if result == "RootId" => Some("root".to_owned()),
            Some(ValueSource::Step { step, .. }) => Some(step.clone()),
            Some(ValueSource::AccountId { account }) => Some(account.clone()),
            _ => {
                let id = self.text(value);
                let account = self.world.accounts.iter().find(|(_, known)| **known == id);
                account.map(|(name, _)| name.clone())
            }
        }
    }

    /// A document with its functions evaluated.
    fn known(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.known(item)).collect(),
            Value::Object(members) if is_function(members) => Value::String(self.text(value)),
            Value::Object(members) => {
                let known = members.iter().map(|(name, value)| (name.clone(), self.known(value)));
                Value::Object(known.collect())
            }
            other => other.clone(),
        }
    }

    /// A text; what only a deployment knows is a name that nothing else has.
    fn text(&self, value: &Value) -> String {
        let account_id = |name: &str| self.world.accounts.get(name).cloned().unwrap_or_default();
        if let Some(text) = value.as_str() {
            return text.to_owned();
        }
        if let Some(parts) = value["Fn::Join"].as_array()
            && let [separator, Value::Array(items)] = parts.as_slice()
        {
            let items: Vec<_> = items.iter().map(|item| self.text(item)).collect();
            return items.join(separator.as_str().unwrap_or_default());
        }
        match value["Ref"].as_str() {
            Some("AWS::AccountId") => account_id(self.account),
            Some("AWS::Partition") => "aws".to_owned(),
            Some("AWS::Region") => self.region.to_owned(),
            Some("AWS::URLSuffix") => "amazonaws.com".to_owned(),
            Some(name) => match self.template.parameters.get(name) {
                Some(ValueSource::Literal { value }) => value.clone(),
                Some(ValueSource::AccountId { account }) => account_id(account),
                Some(ValueSource::Step { result, step })
                    if result == "Id" && !self.world.parents.contains_key(step) =>
                {
                    ORGANIZATION.to_owned()
                }
                _ => format!("<{name}>"),
            },
            None => format!("<{value}>"),
        }
    }
}

fn is_function(members: &Map<String, Value>) -> bool {
    members.len() == 1 && members.keys().all(|name| name == "Ref" || name.starts_with("Fn::"))
}

/// The resources of one type, by logical id.
fn resources<'a>(
    template: &'a Value,
    kind: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    let all = template["Resources"].as_object().into_iter().flatten();
    all.filter(move |(_, resource)| resource["Type"] == kind)
}
