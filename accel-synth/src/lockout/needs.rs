//! Who keeps an organization running, and what they need for it.

use std::{borrow::Cow, collections::BTreeSet, panic::Location};

use accel_core::{
    policy,
    tree::{Kind, Tree},
};
use accel_policy::actions;
use litemap::LiteMap;

use crate::{
    Assembly,
    access::{Access, Step},
    layout::Layout,
    manifest::PermissionModel,
    ordered::IntoMap as _,
};

/// Somebody who has work to do in an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Who {
    /// The role's name, with its path.
    pub(super) role: String,
    pub(super) duty: Duty,
    /// The line that said so; none where it follows from the app.
    pub(super) named_at: Option<&'static Location<'static>>,
}

/// What somebody is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Duty {
    /// Makes stacks, and settings that only an API makes.
    Deploy,
    /// Makes instances of stack sets.
    StackSets,
    /// Mends what nobody else can.
    BreakGlass,
}

/// An action that somebody needs in a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need<'a> {
    pub(super) duty: Duty,
    pub(super) action: Cow<'a, str>,
    pub(super) region: &'a str,
}

/// What is needed in each account but the management account, which no policy limits.
///
/// The service-linked role `AWSServiceRoleForCloudFormationStackSetsOrgMember`, by which CloudFormation makes the roles of
/// stack sets, is not here: no policy limits it either.
pub(super) struct Needs<'a> {
    by_account: LiteMap<&'a str, BTreeSet<Need<'a>>>,
    keepers: LiteMap<&'a str, Vec<Who>>,
}

/// How the management account becomes the role of another account.
pub(super) const ENTER: &str = "sts:AssumeRole";

/// What a stack is made and looked at with.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html>
const STACKS: [&str; 7] = [
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
];

/// What StackSets makes an instance with.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html>
const INSTANCES: [&str; 4] = [
    "cloudformation:CreateStack",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStacks",
    "cloudformation:UpdateStack",
];

/// What values by account are written with, and taken away.
const VALUES_BY_ACCOUNT: [&str; 3] =
    ["ssm:DeleteParameter", "ssm:GetParameters", "ssm:PutParameter"];

/// What takes back a policy that has gone wrong, whatever the app consists of.
static ALWAYS: &[Need<'static>] = &[
    emergency("cloudformation:DeleteStack"),
    emergency("cloudformation:UpdateStack"),
    emergency("cloudtrail:LookupEvents"),
    emergency("iam:AttachRolePolicy"),
    emergency("iam:CreateRole"),
    emergency("iam:DeleteRolePolicy"),
    emergency("iam:DetachRolePolicy"),
    emergency("iam:PutRolePolicy"),
    emergency("kms:PutKeyPolicy"),
    emergency("s3:DeleteBucketPolicy"),
    emergency("s3:PutBucketPolicy"),
];

const fn emergency(action: &'static str) -> Need<'static> {
    Need { duty: Duty::BreakGlass, action: Cow::Borrowed(action), region: GLOBAL }
}

/// The role of service-managed stack sets ends with an id of its own.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html>
const SERVICE_MANAGED: &str = "stacksets-exec-0123456789abcdef0123456789abcdef";
const SELF_MANAGED: &str = "AWSCloudFormationStackSetExecutionRole";

/// By which the management account gets into the accounts it makes, unless they are made with another.
const ACCESS_ROLE: &str = "OrganizationAccountAccessRole";

/// Where requests to services without regions are made.
const GLOBAL: &str = "us-east-1";
const GLOBAL_SERVICES: [&str; 9] = [
    "account",
    "budgets",
    "cloudfront",
    "globalaccelerator",
    "iam",
    "organizations",
    "route53",
    "shield",
    "support",
];

impl<'a> Needs<'a> {
    pub(super) fn new(
        tree: &Tree,
        layout: &Layout,
        assembly: &'a Assembly,
        access: &'a Access<'_>,
    ) -> Self {
        let manifest = assembly.manifest();
        let members = manifest.accounts.iter().filter(|(_, account)| !account.management);
        let mut all = Self {
            by_account: LiteMap::new_vec(),
            keepers: keepers(tree, members.map(|(name, _)| name), access),
        };
        let mut known = LiteMap::new_vec();
        for (template, members) in layout.templates() {
            let path = tree.path(template);
            let types: BTreeSet<&str> = members
                .iter()
                .filter_map(|&node| tree[node].resource())
                .map(accel_core::Resource::type_name)
                .collect();
            let creates = types
                .into_iter()
                .filter_map(|name| known.entry(name).or_insert_with(|| creates(name)).clone());
            let creates: Vec<Cow<'_, str>> = creates.map(Cow::from).collect();
            match tree[template].kind() {
                Kind::Stack(_) => {
                    let Some(stack) = manifest.stacks.get(&path) else { continue };
                    let uploads = stack.template.upload.then_some("s3:GetObject");
                    let fixed = STACKS.into_iter().chain(uploads).map(Cow::from);
                    fixed.chain(creates).for_each(|action| {
                        all.add(&stack.account, Duty::Deploy, action, &stack.region);
                    });
                }
                Kind::StackSet(_) => {
                    let Some(set) = manifest.stack_sets.get(&path) else { continue };
                    let role = match set.permission_model {
                        PermissionModel::ServiceManaged => SERVICE_MANAGED,
                        PermissionModel::SelfManaged => SELF_MANAGED,
                    };
                    for account in access.targets(&set.targets) {
                        let who =
                            Who { role: role.to_owned(), duty: Duty::StackSets, named_at: None };
                        all.keeper(account, who);
                        for region in &set.regions {
                            let fixed = INSTANCES.into_iter().map(Cow::from);
                            for action in fixed.chain(creates.iter().cloned()) {
                                all.add(account, Duty::StackSets, action, region);
                            }
                            let tables = !set.by_account.is_empty();
                            for action in VALUES_BY_ACCOUNT.into_iter().filter(|_| tables) {
                                all.add(account, Duty::Deploy, action.into(), region);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        // By the management account; how another deployer gets in, the app does not say.
        let entered: Vec<&str> = all
            .keepers
            .iter()
            .filter(|(_, keepers)| {
                keepers.iter().any(|who| who.duty == Duty::Deploy && who.named_at.is_none())
            })
            .map(|(account, _)| *account)
            .collect();
        for account in entered {
            all.add(account, Duty::Deploy, ENTER.into(), GLOBAL);
        }
        for step in access.steps() {
            // What an API calls an action is what IAM calls it, mostly.
            let Some(call) = &step.call else { continue };
            let action = format!("{}:{}", call.service, call.action);
            if actions::action(&action).is_some() {
                all.add(&step.account, Duty::Deploy, action.into(), &step.region);
            }
        }
        all
    }

    /// What is needed, by the accounts that have keepers.
    pub(super) fn by_account(&self) -> impl Iterator<Item = (&'a str, Vec<&Need<'a>>)> {
        self.keepers.keys().map(|account| {
            let needs = self.by_account.get(account).into_iter().flatten();
            (*account, needs.chain(ALWAYS).collect())
        })
    }

    pub(super) fn keepers(&self, account: &str) -> &[Who] {
        self.keepers.get(account).map(Vec::as_slice).unwrap_or_default()
    }

    fn keeper(&mut self, account: &str, who: Who) {
        if let Some(keepers) = self.keepers.get_mut(account)
            && !keepers.contains(&who)
        {
            keepers.push(who);
        }
    }

    fn add(&mut self, account: &'a str, duty: Duty, action: Cow<'a, str>, region: &'a str) {
        let service = action.split(':').next().unwrap_or_default();
        let region = if GLOBAL_SERVICES.contains(&service) { GLOBAL } else { region };
        let needs = self.by_account.entry(account).or_default();
        needs.insert(Need { duty, action, region });
    }
}

impl Who {
    /// The role's name without its path.
    pub(super) fn name(&self) -> &str {
        self.role.rsplit('/').next().unwrap_or(&self.role)
    }
}

impl Duty {
    pub(super) const fn describe(self) -> &'static str {
        match self {
            Self::Deploy => "by which the app is deployed",
            Self::StackSets => "by which stack sets are deployed",
            Self::BreakGlass => "which is there for emergencies",
        }
    }
}

/// Who is there in each account, besides the roles of stack sets. The app is deployed by whoever it names, or
/// else by the role that the account was made with.
fn keepers<'a>(
    tree: &Tree,
    accounts: impl Iterator<Item = &'a String>,
    access: &Access<'_>,
) -> LiteMap<&'a str, Vec<Who>> {
    let named: Vec<Who> = tree
        .keepers()
        .iter()
        .map(|&(line, ref keeper)| Who {
            role: keeper.role().to_owned(),
            duty: match keeper.duty() {
                policy::Duty::Deploy => Duty::Deploy,
                policy::Duty::BreakGlass => Duty::BreakGlass,
            },
            named_at: Some(line),
        })
        .collect();
    let is_deployed_by = named.iter().any(|who| who.duty == Duty::Deploy);
    let with_access = |account: &'a String| {
        let mut keepers = named.clone();
        if !is_deployed_by {
            let role = access_role(access, account).unwrap_or(ACCESS_ROLE).to_owned();
            keepers.push(Who { role, duty: Duty::Deploy, named_at: None });
        }
        (account.as_str(), keepers)
    };
    accounts.map(with_access).into_lite_map()
}

/// The role by which the program says that an account is entered, or that its step makes with it.
fn access_role<'a>(access: &'a Access<'_>, account: &str) -> Option<&'a str> {
    if let Some(role) = access.entered_by(account) {
        return Some(role);
    }
    let made =
        |step: &&Step| step.kind == "account" && step.path.rsplit('/').next() == Some(account);
    access.steps().iter().find(made)?.call.as_ref()?.request["RoleName"].as_str()
}

/// The action that makes a resource of a type, where it is called as the type is.
fn creates(type_name: &str) -> Option<String> {
    let mut parts = type_name.split("::").skip(1);
    let (service, name) = (parts.next()?, parts.next()?);
    if let Some((_, action)) = OTHERWISE.iter().find(|(known, _)| *known == type_name) {
        return Some((*action).to_owned());
    }
    let prefix = match SERVICES.iter().find(|(known, _)| *known == service) {
        Some((_, prefix)) => (*prefix).to_owned(),
        None => service.to_lowercase(),
    };
    let service = actions::service(&prefix)?;
    let action =
        ["Create", "Put"].iter().find_map(|verb| service.action(&format!("{verb}{name}")))?;
    Some(format!("{prefix}:{}", action.name()))
}

/// Types that are made by actions of other names.
const OTHERWISE: [(&str, &str); 5] = [
    ("AWS::EC2::Instance", "ec2:RunInstances"),
    ("AWS::IAM::ManagedPolicy", "iam:CreatePolicy"),
    ("AWS::IAM::Policy", "iam:PutRolePolicy"),
    ("AWS::IAM::OIDCProvider", "iam:CreateOpenIDConnectProvider"),
    ("AWS::SNS::Subscription", "sns:Subscribe"),
];

/// Services that IAM calls otherwise than CloudFormation does.
const SERVICES: [(&str, &str); 9] = [
    ("ApplicationAutoScaling", "application-autoscaling"),
    ("CertificateManager", "acm"),
    ("EFS", "elasticfilesystem"),
    ("ElasticLoadBalancingV2", "elasticloadbalancing"),
    ("InspectorV2", "inspector2"),
    ("Macie", "macie2"),
    ("OpenSearchService", "es"),
    ("StepFunctions", "states"),
    ("AccessAnalyzer", "access-analyzer"),
];
