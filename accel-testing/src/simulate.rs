use std::{fmt, sync::Arc};

use accel_policy::{Decision, Origin, Policy, actions, evaluate};
use accel_synth::{
    Assembly,
    access::{Access, AccessError, Identity, Situation},
};

/// Decides requests by the policies of an [`Assembly`], without AWS.
///
/// ```
/// use accel_core::{
///     AccountInfo, App, PolicyDocument, Prop, Region, Resource, Stack, actions,
///     policy::{Principal, Statement},
/// };
/// use accel_testing::{Identity, Simulate as _, assembly};
///
/// let trust = Statement::allow(actions!["sts:AssumeRole"]);
/// let trust = trust.principal(Principal::service("ec2.amazonaws.com"));
/// let read = Statement::allow(actions!["s3:GetObject"]).resource("arn:aws:s3:::reports/*");
/// let reads = Prop::object([
///     ("PolicyName", Prop::from("reads")),
///     ("PolicyDocument", PolicyDocument::from([read]).into()),
/// ]);
/// let mut role = Resource::new("AWS::IAM::Role");
/// role.set("AssumeRolePolicyDocument", PolicyDocument::from([trust]));
/// role.set("Policies", Prop::list([reads]));
///
/// let mut app = App::new("shop");
/// let prod = app.scope().declare_account_as("prod", AccountInfo::default());
/// app.open("apps", Stack::new(prod.in_region(Region::EU_WEST_1))).add("reader", role);
///
/// let assembly = assembly(app);
/// let reader = assembly.simulate(Identity::Role { stack: "prod/eu-west-1/apps", role: "reader" });
/// let reader = reader.complete().on("arn:aws:s3:::reports/2026.csv");
/// reader.clone().action("s3:GetObject").assert_allowed();
/// reader.action("s3:DeleteObject").assert_denied();
/// ```
pub trait Simulate {
    /// A simulation of what `identity` may do: by its own policies and by those of the organization's tree.
    #[track_caller]
    fn simulate(&self, identity: Identity<'_>) -> Simulation<'_>;
}

/// A request that is put together, and what becomes of it.
///
/// Its context is open: where the decision hangs on a key that nobody gave, an assertion fails and says
/// which. What only a deployment knows (the id of an account that does not exist yet) is a name that
/// nothing else has, never a guess.
#[derive(Clone, Debug)]
#[must_use]
pub struct Simulation<'a> {
    access: Arc<Access<'a>>,
    situation: Situation,
    action: String,
    context: Vec<(String, Vec<String>)>,
    complete: bool,
}

/// What a row of a table expects; see [`Simulation::assert_cases`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected<'a> {
    /// It is certainly allowed.
    Allowed,
    /// It is certainly denied, by a statement or because nothing allows it.
    Denied,
    /// A statement whose `Sid` has this in it denies it; see [`Simulation::assert_denied_by`].
    DeniedBy(&'a str),
    /// It hangs on keys of the context of which nobody said anything.
    Unknown,
}

impl Simulate for Assembly {
    #[track_caller]
    fn simulate(&self, identity: Identity<'_>) -> Simulation<'_> {
        let access = Access::new(self);
        let situation = found(access.identity(&identity));
        Simulation {
            access: Arc::new(access),
            situation,
            action: String::new(),
            context: Vec::new(),
            complete: false,
        }
    }
}

impl Simulation<'_> {
    /// What is asked for: `cloudtrail:StopLogging`.
    ///
    /// # Panics
    /// If IAM knows no such action: nothing allows it, so an assertion that it is denied would show nothing.
    #[track_caller]
    pub fn action(mut self, action: &str) -> Self {
        if actions::action(action).is_none() {
            panic!("IAM knows no action `{action}`{}", did_you_mean(actions::nearest(action)));
        }
        self.action = action.to_owned();
        self
    }

    /// Of which resource; `*` unless it is said. By its ARN, in which `{account}` is the account of whoever
    /// asks, or by its construct path with what is below it: `prod/eu-west-1/data/bucket/report.csv`.
    ///
    /// # Panics
    /// If no construct is there.
    #[track_caller]
    pub fn on(mut self, resource: &str) -> Self {
        found(self.access.resource(resource, &mut self.situation));
        self
    }

    /// With a key of the context and its value; a key that was given again is a list.
    ///
    /// # Panics
    /// If no request has such a key. Those of an identity provider have its host in their name.
    #[track_caller]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        if actions::condition_key(key).is_none() && !key.contains('.') {
            let meant = did_you_mean(actions::nearest_condition_key(key));
            panic!("`{key}` is no condition key: no request has it{meant}");
        }
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

    /// In a session that was given this policy, JSON, when the role was assumed.
    ///
    /// # Panics
    /// If it is no policy.
    #[track_caller]
    pub fn session(mut self, policy: &str) -> Self {
        let policy = Policy::parse(policy, Origin::named("session"));
        let policy = policy.unwrap_or_else(|error| panic!("the session's policy: {error}"));
        self.situation.policies.session = Some(policy);
        self
    }

    /// Without `FullAWSAccess` at a level of the organization, from which people detached it: `root`, the path of a unit, or
    /// the account's name. Then what other policies there allow is all that is allowed.
    ///
    /// # Panics
    /// If the account is not below such a level.
    #[track_caller]
    pub fn without_full_access(mut self, level: &str) -> Self {
        found(self.situation.detach_full_access(level));
        self
    }

    /// What is decided.
    ///
    /// # Panics
    /// If nobody said what is asked for.
    #[must_use]
    #[track_caller]
    pub fn decide(&self) -> Decision {
        assert!(!self.action.is_empty(), "say what is asked for, with `.action(..)`");
        let request = self.situation.request(&self.action);
        let request = self
            .context
            .iter()
            .fold(request, |request, (key, values)| request.with(key, values.clone()));
        let request = if self.complete { request.complete() } else { request };
        evaluate(&request, &self.situation.policies)
    }

    /// # Panics
    /// Unless it is certainly allowed.
    #[track_caller]
    pub fn assert_allowed(&self) {
        let decision = self.decide();
        assert!(decision.is_allowed() && self.is_certain(&decision), "{}", self.told(&decision));
    }

    /// # Panics
    /// Unless it is certainly denied.
    #[track_caller]
    pub fn assert_denied(&self) {
        let decision = self.decide();
        assert!(decision.is_denied() && self.is_certain(&decision), "{}", self.told(&decision));
    }

    /// # Panics
    /// Unless a statement whose `Sid` has this in it denies it: of a guardrail, its id (`log.protect-cloudtrail`) or the
    /// words of it, `LogProtectCloudtrail`. Guardrails that are packed into one statement have their names there one
    /// after the other.
    #[track_caller]
    pub fn assert_denied_by(&self, sid: &str) {
        let decision = self.decide();
        assert!(is_denied_by(&decision, sid), "{}, and not by `{sid}`", self.told(&decision));
    }

    /// Decides a table of requests: action, resource, and what is expected of it.
    ///
    /// ```
    /// use accel_core::{AccountInfo, App};
    /// use accel_testing::{Expected::{Allowed, DeniedBy}, Identity, Simulate as _, assembly};
    ///
    /// let mut app = App::new("shop");
    /// app.scope().declare_account_as("prod", AccountInfo::default());
    /// let assembly = assembly(app);
    /// let session = r#"{"Version": "2012-10-17", "Statement": [
    ///     {"Sid": "Most", "Effect": "Allow", "Action": "*", "Resource": "*"},
    ///     {"Sid": "NoStop", "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}]}"#;
    ///
    /// const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:{account}:trail/main";
    /// let administrator = assembly.simulate(Identity::Administrator { account: "prod" });
    /// administrator.session(session).complete().assert_cases([
    ///     ("cloudtrail:GetTrailStatus", TRAIL, Allowed),
    ///     ("cloudtrail:StopLogging", TRAIL, DeniedBy("NoStop")),
    /// ]);
    /// ```
    ///
    /// # Panics
    /// With all rows that are decided otherwise.
    #[track_caller]
    pub fn assert_cases<'c>(
        &self,
        cases: impl IntoIterator<Item = (&'c str, &'c str, Expected<'c>)>,
    ) {
        let mut wrong = Vec::new();
        for (action, resource, expected) in cases {
            let case = self.clone().action(action).on(resource);
            let decision = case.decide();
            let holds = match expected {
                Expected::Allowed => decision.is_allowed() && case.is_certain(&decision),
                Expected::Denied => decision.is_denied() && case.is_certain(&decision),
                Expected::DeniedBy(sid) => is_denied_by(&decision, sid),
                Expected::Unknown => matches!(decision, Decision::Unknown(_)),
            };
            if !holds {
                wrong.push(format!("{}, and not {expected:?}", case.told(&decision)));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Whether no policy that nobody here knows could make it another decision.
    fn is_certain(&self, decision: &Decision) -> bool {
        self.situation.open(decision).is_empty()
    }

    fn told(&self, decision: &Decision) -> String {
        let mut text = format!("`{}` on `{}` is {decision}", self.action, self.situation.resource);
        if let Decision::Unknown(_) = decision {
            text.push_str("\n  say it with `.with(key, value)`, or that there is nothing more with `.complete()`");
        }
        let unread: Vec<_> =
            self.situation.open(decision).iter().map(|unread| unread.policy.as_str()).collect();
        if !unread.is_empty() {
            text.push_str(&format!(
                "\n  what these policies say is not known here: `{}`",
                unread.join("`, `")
            ));
        }
        text
    }
}

fn is_denied_by(decision: &Decision, sid: &str) -> bool {
    let words = sid.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: String =
        words.map(|word| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..])).collect();
    match decision {
        Decision::ExplicitlyDenied(reason) => {
            let is_it = |found: &str| found.contains(sid) || found.contains(&words);
            !words.is_empty() && reason.sid.as_deref().is_some_and(is_it)
        }
        _ => false,
    }
}

fn did_you_mean<T: fmt::Display>(meant: Option<T>) -> String {
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

#[track_caller]
fn found<T>(result: Result<T, AccessError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
