use std::{collections::BTreeMap, fs, path::PathBuf};

use accel_core::App;
use accel_policy::{Origin, actions, explain};
use accel_synth::{
    Assembly,
    access::{Access, AccessError, Identity},
};
use clap::{Args, Subcommand};

use super::Json;
use crate::{
    codes,
    input::{Input, Written},
    outcome::{Exit, Outcome},
    problem::{Location, Problem, Problems},
};

mod answer;

use answer::Answer;

/// Say what the synthesized policies decide
#[derive(Subcommand, Debug)]
pub(crate) enum Policy {
    Why(Why),
}

/// Say what the policies of an assembly decide
#[derive(Subcommand, Debug)]
pub(crate) enum PolicyWritten {
    Why(WhyWritten),
}

/// How many names a message lists.
const LISTED: usize = 12;

const WHO: &str = "\
Principals:
  prod                                an administrator of the account `prod`
  prod/deployer                       the role `deployer` of the account, by its name
  prod/eu-west-1/apps/worker/role     a role, by its construct path
  prod:root                           the account's root user
  cloudtrail.amazonaws.com            a service
  arn:aws:iam::111111111111:role/app  whoever has the ARN

What a request says beyond principal, action and resource is in the keys of its context. Where the
decision hangs on one that is not given, the answer is `not known` and names it.";

/// Say who may do what, and by which statements
///
/// Decided by the synthesized policies alone, without AWS: explicit denies, the organization's policies
/// level by level, the resource's policy, the principal's, its boundary, and the session's.
#[derive(Args, Debug)]
#[command(after_help = WHO)]
pub(crate) struct Why {
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    input: Input,
}

/// Say who may do what, and by which statements
///
/// Decided by the policies of the assembly alone, without AWS: explicit denies, the organization's policies
/// level by level, the resource's policy, the principal's, its boundary, and the session's.
#[derive(Args, Debug)]
#[command(after_help = WHO)]
pub(crate) struct WhyWritten {
    #[command(flatten)]
    question: Question,
    /// The directory of the assembly
    #[arg(long, value_name = "DIR", default_value = "accel.out")]
    assembly: PathBuf,
}

#[derive(Args, Debug)]
struct Question {
    /// Who asks: an account, one of its roles, an ARN, a service
    principal: String,
    /// For what: s3:GetObject
    action: String,
    /// Of what: an ARN, a construct path with what is below it, or * for what has no resource
    resource: String,
    /// A key of the request's context; given again, the key is a list
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    context: Vec<(String, String)>,
    /// The context has no other keys than those
    #[arg(long)]
    complete: bool,
    /// The policy that was passed when the role was assumed
    #[arg(long, value_name = "FILE")]
    session_policy: Option<PathBuf>,
    /// Levels without FullAWSAccess: root, the path of a unit, an account
    #[arg(long, value_name = "LEVEL")]
    without_full_access: Vec<String>,
    /// Exit with 2 unless it is certainly allowed
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    json: Json,
}

impl Why {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Answer>, Problems> {
        let tree = app.tree();
        let lines = tree.ids().map(|id| (tree.path(id), Location::from(tree[id].location())));
        let lines = lines.collect();
        let (assembly, warnings) = self.input.synthesize(app)?;
        self.question.answer(&assembly, &lines, warnings)
    }

    pub(super) const fn json(&self) -> Json {
        self.question.json
    }
}

impl WhyWritten {
    pub(super) fn run(&self) -> Result<Outcome<Answer>, Problems> {
        let assembly = Written { directory: self.assembly.clone() }.read()?;
        self.question.answer(&assembly, &BTreeMap::new(), Problems::default())
    }

    pub(super) const fn json(&self) -> Json {
        self.question.json
    }
}

impl Question {
    /// `lines` are those of the program, by construct path.
    fn answer(
        &self,
        assembly: &Assembly,
        lines: &BTreeMap<String, Location>,
        warnings: Problems,
    ) -> Result<Outcome<Answer>, Problems> {
        self.check_names()?;
        let access = Access::new(assembly);
        let mut situation =
            access.identity(&identity(&self.principal, assembly)).map_err(problem)?;
        access.resource(&self.resource, &mut situation).map_err(problem)?;
        for level in &self.without_full_access {
            situation.detach_full_access(level).map_err(problem)?;
        }
        if let Some(file) = &self.session_policy {
            situation.policies.session = Some(read_policy(file)?);
        }
        let mut request = situation.request(&self.action);
        let mut context = BTreeMap::<String, Vec<&str>>::new();
        for (key, value) in &self.context {
            context.entry(key.to_ascii_lowercase()).or_default().push(value);
        }
        for (key, values) in context {
            request = request.with(&key, values);
        }
        if self.complete {
            request = request.complete();
        }
        let answer =
            Answer::new(&request, explain(&request, &situation.policies), &situation, lines);
        let exit =
            if self.exit_code && !answer.is_allowed() { Exit::Differences } else { Exit::Done };
        Ok(Outcome { answer, problems: warnings, exit })
    }

    /// An answer about an action that does not exist would be one about nothing.
    fn check_names(&self) -> Result<(), Problems> {
        if actions::action(&self.action).is_none() {
            let message = format!("IAM knows no action `{}`", self.action);
            let problem = Problem::new(&accel_synth::codes::UNKNOWN_ACTION, message);
            return Err(match actions::nearest(&self.action) {
                Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                None => problem.help("write it as `service:Action`, without wildcards"),
            }
            .into());
        }
        for (key, _) in &self.context {
            // Claims of an identity provider have its host in their name.
            if actions::condition_key(key).is_none() && !key.contains('.') {
                let message = format!("`{key}` is no condition key: no request has it");
                let problem = Problem::new(&accel_synth::codes::UNKNOWN_CONDITION_KEY, message);
                return Err(match actions::nearest_condition_key(key) {
                    Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                    None => problem.help("look it up in the Service Authorization Reference"),
                }
                .into());
            }
        }
        Ok(())
    }
}

/// Whom a text means; see [`WHO`].
fn identity<'a>(text: &'a str, assembly: &Assembly) -> Identity<'a> {
    let is_account = |name: &str| assembly.manifest().accounts.contains_key(name);
    if text.starts_with("arn:") || text.ends_with(".amazonaws.com") {
        return Identity::Principal(text);
    }
    if let Some(account) = text.strip_suffix(":root") {
        return Identity::Root { account };
    }
    match text.split_once('/') {
        None => Identity::Administrator { account: text },
        // A path of a stack set has no account; then the role is named in an account.
        Some((account, role)) if is_account(account) => {
            let is_path = assembly.manifest().stacks.keys().any(|stack| {
                text.strip_prefix(stack.as_str()).is_some_and(|below| below.starts_with('/'))
            });
            Identity::NamedRole { account, role: if is_path { text } else { role } }
        }
        Some((account, role)) => Identity::NamedRole { account, role },
    }
}

fn problem(error: AccessError) -> Problems {
    match error {
        AccessError::NotThere { what, name, others } => {
            let code = match what {
                "resource" | "level" => &codes::NO_SUCH_CONSTRUCT,
                _ => &codes::UNKNOWN_PRINCIPAL,
            };
            let nearest = accel_core::nearest(&name, others.iter().map(String::as_str));
            let help = match (nearest, others.is_empty()) {
                (Some(meant), _) => format!("did you mean `{meant}`?"),
                (None, true) => format!("the assembly has no {what}"),
                (None, false) if others.len() <= LISTED => {
                    format!("there are `{}`", others.join("`, `"))
                }
                (None, false) => format!("there are {}; `tree` shows them", others.len()),
            };
            Problem::new(code, format!("there is no {what} `{name}`")).help(help)
        }
        AccessError::NoPrincipal(text) => {
            let message = format!("`{text}` is neither the ARN of somebody nor a service");
            Problem::new(&codes::UNKNOWN_PRINCIPAL, message).help(
                "name a user, a role, a session or the root of an account; `--help` has examples",
            )
        }
        AccessError::Unreadable { policy, error, .. } => {
            Problem::new(&codes::UNREADABLE_POLICY, format!("`{policy}`: {error}"))
                .help("see what the template says there: the construct's path is in the manifest")
        }
    }
    .into()
}

fn read_policy(file: &PathBuf) -> Result<accel_policy::Policy, Problems> {
    let shown = file.display();
    let text = fs::read_to_string(file)
        .map_err(|error| Problem::new(&codes::CANNOT_WRITE, format!("`{shown}`: {error}")))?;
    accel_policy::Policy::parse(&text, Origin::named(shown.to_string())).map_err(|error| {
        Problem::new(&codes::UNREADABLE_POLICY, format!("`{shown}`: {error}"))
            .help("write a policy document as `sts:AssumeRole` takes it")
            .into()
    })
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it is `key=value`, for example `aws:RequestedRegion=eu-west-1`".to_owned()),
    }
}
