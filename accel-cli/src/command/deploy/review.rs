use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use accel_deploy::Plan;
use clap::Args;

use super::planned::Planned;
use crate::{
    codes,
    outcome::tell,
    problem::{Problem, Problems},
};

/// Who agrees to what is done.
#[derive(Args, Debug)]
pub(super) struct Review {
    /// Do what the plan of this file says, which `plan --out` wrote: if something else would be done now,
    /// nothing is
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Do not ask before AWS is changed
    #[arg(long)]
    yes: bool,
}

impl Review {
    /// The plan that was reviewed, if there is one.
    pub(super) fn reviewed(&self) -> Result<Option<Plan>, Problems> {
        self.plan.as_deref().map(Planned::read).transpose()
    }

    /// Says why a plan is not to be done, unless somebody has agreed to it. `ask` gets the answer of whoever sits at the
    /// terminal, if anybody does.
    pub(super) fn agree(
        &self,
        plan: &Plan,
        reviewed: Option<&Plan>,
        is_simulated: bool,
        ask: impl FnOnce(&Plan) -> Result<Option<String>, Problems>,
    ) -> Result<(), Problems> {
        let is_asked = reviewed.is_none() && !is_simulated && !self.yes;
        if !is_asked {
            // Whoever is asked sees the whole plan.
            plan.prerequisites.iter().for_each(|row| tell(&format!("! {row}\n")));
        }
        match reviewed {
            Some(reviewed) => return is_the_same(plan, reviewed),
            None if !is_asked || plan.is_empty() => return Ok(()),
            None => {}
        }
        match ask(plan)? {
            Some(answer) if answer.trim() == "yes" => Ok(()),
            Some(_) => Err(refused(
                "the plan is not agreed to, and nothing was changed",
                "run again to be asked again",
            )),
            None => Err(refused(
                "nobody is there to agree to the plan, and nothing was changed",
                "review what `plan --out FILE` writes, and pass `--plan FILE`; or pass `--yes`",
            )),
        }
    }
}

/// Shows a plan, and asks whether to do it.
pub(super) fn at_the_terminal(plan: &Planned) -> Option<String> {
    tell(&plan.to_string());
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return None;
    }
    tell("Do this? Only `yes` does it: ");
    let mut answer = String::new();
    // What cannot be read is no `yes`.
    io::stdin().read_line(&mut answer).ok();
    Some(answer)
}

fn is_the_same(plan: &Plan, reviewed: &Plan) -> Result<(), Problems> {
    if plan.hash() == reviewed.hash() {
        return Ok(());
    }
    let differences = reviewed.differences(plan);
    let message = format!(
        "what would be done now is not what was reviewed, and nothing was changed:\n  {}",
        differences.join("\n  ")
    );
    Err(refused(message, "plan and review again"))
}

fn refused(message: impl Into<String>, help: &str) -> Problems {
    Problem::new(&codes::NOT_REVIEWED, message).help(help).into()
}

#[cfg(test)]
mod tests {
    use accel_deploy::{Action, Entry, NodeKind};

    use super::*;

    fn plan(action: Action) -> Plan {
        let entry = Entry {
            path: "data".to_owned(),
            kind: NodeKind::Stack,
            action,
            reasons: Vec::new(),
            wanted: String::new(),
        };
        Plan {
            app: "example".to_owned(),
            prerequisites: Vec::new(),
            entries: vec![entry],
            left: Vec::new(),
        }
    }

    fn agreed(yes: bool, action: Action, answer: Option<&str>) -> bool {
        let review = Review { plan: None, yes };
        let answer = answer.map(str::to_owned);
        review.agree(&plan(action), None, false, |_| Ok(answer)).is_ok()
    }

    #[test]
    fn aws_is_changed_only_after_a_yes() {
        assert!(agreed(false, Action::Create, Some("yes\n")));
        for answer in [Some("y\n"), Some("\n"), Some("no\n"), None] {
            assert!(!agreed(false, Action::Create, answer), "{answer:?}");
        }
        assert!(agreed(true, Action::Create, None));
    }

    #[test]
    fn nobody_is_asked_about_nothing() {
        assert!(agreed(false, Action::None, None));
    }
}
