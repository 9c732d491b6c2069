//! What `policy why` answers, for people and for programs.

use std::{collections::BTreeMap, fmt};

use accel_policy::{
    Decision, Explanation, Grant, Layer, Match, Outcome, Principal, Reason, Request, Step,
};
use accel_synth::access::Situation;
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::problem::Location;

/// A decision with its steps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// `allowed`, `implicitly-denied`, `explicitly-denied` or `unknown`.
    decision: &'static str,
    principal: String,
    action: String,
    resource: String,
    /// The layer that does not allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_allowed_by: Option<String>,
    /// The statements that decided.
    by: Vec<Told>,
    /// The keys of the context that it hangs on.
    missing: Vec<String>,
    steps: Vec<ToldStep>,
    /// Policies that are in force and not known here, and could make it another decision.
    unread: Vec<String>,
    /// What was taken for granted.
    assumed: Vec<&'static str>,
}

/// A statement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    layer: String,
    policy: String,
    /// Its place in the policy, from 1.
    statement: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<String>,
    /// The line of the program that made the construct.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    /// How closely a resource's policy names the principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<&'static str>,
}

/// What one kind of policy says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldStep {
    layer: String,
    policies: Vec<String>,
    /// `denies`, `allows`, `silent`, `unknown` or `not-in-force`.
    outcome: &'static str,
    /// Why these policies are not in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    denies: Vec<Told>,
    allows: Vec<Told>,
}

impl Answer {
    pub(super) fn new(
        request: &Request,
        explanation: Explanation,
        situation: &Situation,
        lines: &BTreeMap<String, Location>,
    ) -> Self {
        let Explanation { decision, steps } = explanation;
        let unread = situation.open(&decision);
        let unread = unread.iter().map(|unread| unread.policy.clone()).collect();
        let told = |reasons: Vec<Reason>| -> Vec<Told> {
            reasons.into_iter().map(|reason| Told::new(reason, lines)).collect()
        };
        let (word, not_allowed_by, by, missing) = match decision {
            Decision::Allowed(reasons) => ("allowed", None, told(reasons), Vec::new()),
            Decision::ImplicitlyDenied(layer) => {
                ("implicitly-denied", Some(layer.to_string()), Vec::new(), Vec::new())
            }
            Decision::ExplicitlyDenied(reason) => {
                ("explicitly-denied", None, told(vec![reason]), Vec::new())
            }
            Decision::Unknown(keys) => ("unknown", None, Vec::new(), keys.into_iter().collect()),
        };
        Self {
            decision: word,
            principal: name(request.principal()),
            action: request.action().to_owned(),
            resource: request.resource().to_owned(),
            not_allowed_by,
            by,
            missing,
            steps: steps.into_iter().map(|step| ToldStep::new(step, lines)).collect(),
            unread,
            assumed: situation.assumed.clone(),
        }
    }

    /// Whether it certainly is.
    pub(super) fn is_allowed(&self) -> bool {
        self.decision == "allowed" && self.unread.is_empty()
    }
}

impl ToldStep {
    fn new(step: Step, lines: &BTreeMap<String, Location>) -> Self {
        let (outcome, why) = match step.outcome {
            Outcome::Denies => ("denies", None),
            Outcome::Allows => ("allows", None),
            Outcome::Silent => ("silent", None),
            Outcome::Unknown(_) => ("unknown", None),
            Outcome::NotInForce(why) => ("not-in-force", Some(why)),
        };
        let layer = match &step.layer {
            Layer::ServiceControl(level) if level.is_empty() => {
                "service control policies".to_owned()
            }
            Layer::ResourceControl(level) if level.is_empty() => {
                "resource control policies".to_owned()
            }
            layer => layer.to_string(),
        };
        let told = |found: Vec<Match>| -> Vec<Told> {
            let one = |one: Match| Told {
                missing: one.missing.into_iter().collect(),
                names: one.grant.map(grant),
                ..Told::new(one.reason, lines)
            };
            found.into_iter().map(one).collect()
        };
        Self {
            layer,
            policies: step.policies,
            outcome,
            why,
            denies: told(step.denies),
            allows: told(step.allows),
        }
    }

    /// What comes of it, in words.
    fn finding(&self) -> (String, Style) {
        let green = AnsiColor::Green.on_default();
        let (red, yellow) = (AnsiColor::Red.on_default(), AnsiColor::Yellow.on_default());
        let only_denies = self.layer.starts_with("resource control");
        match self.outcome {
            "denies" => ("denied".to_owned(), red),
            "allows" if only_denies => ("not denied".to_owned(), Style::new()),
            "allows" => ("allowed".to_owned(), green),
            "unknown" => ("not known".to_owned(), yellow),
            "silent" if only_denies => ("not denied".to_owned(), Style::new()),
            "silent" => ("not allowed".to_owned(), Style::new()),
            _ => (format!("not in force: {}", self.why.unwrap_or_default()), Style::new().dimmed()),
        }
    }
}

impl Told {
    fn new(reason: Reason, lines: &BTreeMap<String, Location>) -> Self {
        let location =
            reason.construct.as_ref().and_then(|construct| lines.get(construct).copied());
        Self {
            layer: reason.layer.to_string(),
            policy: reason.policy,
            statement: reason.statement,
            sid: reason.sid,
            construct: reason.construct,
            location,
            missing: Vec::new(),
            names: None,
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement)?;
        if let Some(sid) = &self.sid {
            write!(f, " `{sid}`")?;
        }
        write!(f, " of `{}`", self.policy)?;
        if let Some(construct) = &self.construct {
            write!(f, ", made by `{construct}`")?;
        }
        if let Some(location) = &self.location {
            write!(f, " at {location}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let color = match self.decision {
            "allowed" if self.unread.is_empty() => AnsiColor::Green,
            "allowed" | "unknown" => AnsiColor::Yellow,
            _ => AnsiColor::Red,
        };
        let color = color.on_default().bold();
        let word = match self.decision {
            "allowed" => "allowed",
            "unknown" => "not known",
            _ => "denied",
        };
        writeln!(f, "{color}{word}{color:#}: `{}` on `{}`", self.action, self.resource)?;
        writeln!(f, "  asked by `{}`", self.principal)?;
        if let Some(layer) = &self.not_allowed_by {
            writeln!(f, "  nothing denies it, and nothing allows it in the {layer}")?;
        }
        for told in &self.by {
            writeln!(f, "  by {told} ({})", told.layer)?;
        }
        if !self.missing.is_empty() {
            writeln!(f, "  it hangs on `{}`", self.missing.join("`, `"))?;
            writeln!(
                f,
                "  say it with `--context KEY=VALUE`, or that there is nothing more with `--complete`"
            )?;
        }
        for policy in &self.unread {
            writeln!(f, "  what `{policy}` says is not known here, and could change it")?;
        }
        self.assumed.iter().try_for_each(|assumed| writeln!(f, "  {assumed}"))?;
        writeln!(f)?;
        let width = self.steps.iter().map(|step| step.layer.chars().count()).max().unwrap_or(0);
        for step in &self.steps {
            let (finding, style) = step.finding();
            writeln!(f, "{:width$}  {style}{finding}{style:#}", step.layer)?;
            let denies = step.denies.iter().map(|told| ("denies", told));
            let allows = step.allows.iter().map(|told| ("allows", told));
            for (word, told) in denies.chain(allows) {
                let word = if told.missing.is_empty() {
                    word.to_owned()
                } else {
                    format!("{word}, perhaps")
                };
                write!(f, "  {word}: {told}")?;
                if let Some(names) = told.names {
                    write!(f, ", which names {names}")?;
                }
                if !told.missing.is_empty() {
                    write!(f, "; it hangs on `{}`", told.missing.join("`, `"))?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

const fn grant(grant: Grant) -> &'static str {
    match grant {
        Grant::Account => "the principal's account",
        Grant::Role => "the principal's role",
        Grant::Everyone => "everybody",
        Grant::Itself => "the principal itself",
    }
}

fn name(principal: &Principal) -> String {
    match principal {
        Principal::User { arn } => arn.clone(),
        Principal::Role { session, .. } => session.clone(),
        Principal::Root { account } => format!("arn:aws:iam::{account}:root"),
        Principal::Service(name) | Principal::Federated(name) => name.clone(),
        Principal::Anonymous => "anonymous".to_owned(),
    }
}
