//! Stacks: every change goes through a change set, whose name is a digest of what is wanted.

use std::{collections::BTreeMap, time::Duration};

use accel_synth::manifest::{Stack, Template};
use serde_json::Value;

use super::{
    Shared, State, Trouble,
    deadline::Deadline,
    settle::{Change, is_settled_by_looking},
    told::STARS,
};
use crate::{
    cleanup::Cleanup,
    cloud::{
        Cloud, CloudError, ErrorClass, Place,
        cloudformation::{
            self, CancelUpdateStack, CreateChangeSet, DeleteStack, DescribeStacks, GetTemplate,
            Parameter, Tag, UpdateTerminationProtection,
        },
    },
    plan::digest,
};

mod change_set;
mod events;
mod import;

const POLL: Duration = Duration::from_secs(5);

/// What a stack or a stack set is made of, with all values known.
pub(super) struct Wanted {
    pub(super) parameters: Vec<Parameter>,
    pub(super) tags: Vec<Tag>,
    pub(super) capabilities: Vec<String>,
}

impl<C: Cloud> Shared<C> {
    pub(super) async fn look_at_stack(&self, path: &str, stack: &Stack) -> Result<State, Trouble> {
        let place = self.place(&stack.account, &stack.region)?;
        let wanted = self.wanted(path, &stack.template).await?;
        let found = self.stack(&place, &stack.name).await?;
        let found = found.filter(|found| {
            !["REVIEW_IN_PROGRESS", "DELETE_COMPLETE"].contains(&found.stack_status.0.as_str())
        });
        let Some(found) = found else {
            // What cannot be imported is refused before it is begun.
            let import = self.import(stack, None)?;
            let remarks = import.map(|import| import.lines(stack)).unwrap_or_default();
            return Ok(State::Absent(remarks));
        };
        let status = &found.stack_status;
        if status.is_in_progress() {
            return Ok(State::Differs(vec![format!("an operation runs: {status}")]));
        }
        if is_dead(&status.0) {
            return Ok(State::Differs(vec![format!("it was never made: {status}")]));
        }
        if status.is_failed() {
            return Ok(State::Differs(vec![format!("it is {status}")]));
        }
        let deployed = self.deployed_template(&place, &stack.name).await?;
        self.learn_losses(path, &deployed);
        let import = self.import(stack, Some(&deployed))?;
        let mut reasons = import.map(|import| import.lines(stack)).unwrap_or_default();
        if self.template_there(path, &stack.template, &deployed)?.is_none() {
            reasons.push("the template differs".to_owned());
        }
        reasons.extend(wanted.differences(&found.parameters, &found.tags));
        if stack.termination_protection != found.enable_termination_protection {
            reasons.push("the termination protection differs".to_owned());
        }
        self.learn_outputs(path, &found);
        Ok(if reasons.is_empty() { State::Present } else { State::Differs(reasons) })
    }

    /// What others take of a stack that is there.
    pub(super) fn learn_outputs(&self, path: &str, found: &cloudformation::Stack) {
        let mut values = self.values();
        for output in &found.outputs {
            values.learn(path, &output.output_key, output.output_value.clone());
        }
    }

    pub(super) async fn change_stack(&self, path: &str, stack: &Stack) -> Result<Change, Trouble> {
        match self.graph.cleanup_of(path) {
            Some(cleanup) if !self.has_its_template(cleanup).await? => {
                let Cleanup { interim, parameters, .. } = cleanup;
                let changed = self.change_stack_to(path, stack, interim, parameters).await;
                changed.map_err(|trouble| self.beside_what_is_kept(path, trouble))
            }
            _ => self.change_stack_to(path, stack, self.text(&stack.template)?, &[]).await,
        }
    }

    /// Which of the templates that a stack or stack set is to have is deployed: that for as long as it keeps something for
    /// others, the last, or none.
    pub(super) fn template_there(
        &self,
        path: &str,
        template: &Template,
        deployed: &str,
    ) -> Result<Option<&str>, Trouble> {
        let interim = self.graph.cleanup_of(path).map(|it| it.interim.as_str());
        let mut texts = interim.into_iter().chain([self.text(template)?]);
        Ok(texts.find(|text| same_json(deployed, text)))
    }

    /// Gives a stack a template, which may have parameters that keep their values.
    pub(super) async fn change_stack_to(
        &self,
        path: &str,
        stack: &Stack,
        text: &str,
        kept_parameters: &[String],
    ) -> Result<Change, Trouble> {
        let place = self.place(&stack.account, &stack.region)?;
        let wanted = self.wanted(path, &stack.template).await?;
        let mut found = self.stack(&place, &stack.name).await?;
        if let Some(running) = &found
            && running.stack_status.is_in_progress()
            && running.stack_status.0 != "REVIEW_IN_PROGRESS"
        {
            // Whoever has started it, a killed run or somebody else: then look again.
            self.rest(&place, &stack.name).await?;
            return Ok(Change::Made);
        }
        if let Some(dead) = &found
            && is_dead(&dead.stack_status.0)
        {
            let token = token(&["delete", &dead.stack_id]);
            let delete = DeleteStack {
                stack_name: stack.name.clone(),
                client_request_token: Some(token),
                retain_resources: None,
            };
            self.call(&place, &delete).await?;
            self.rest_of_ours(&place, &stack.name).await?;
            found = None;
        }
        if let Some(stuck) = &found
            && stuck.stack_status.is_failed()
        {
            return Err(Trouble::Refused(format!(
                "`{}` in {place} is {}: {}; mend what keeps it, continue its rollback or its deletion \
                 in CloudFormation, and deploy again",
                stack.name,
                stuck.stack_status,
                self.reasons(&place, &stack.name).await?
            )));
        }
        let is_new =
            found.as_ref().is_none_or(|found| found.stack_status.0 == "REVIEW_IN_PROGRESS");
        if !stack.imports.is_empty() {
            let deployed = match is_new {
                true => None,
                false => Some(self.deployed_template(&place, &stack.name).await?),
            };
            if let Some(import) = self.import(stack, deployed.as_deref())? {
                // What is left to do, the next look shows.
                self.take_in(&place, path, &stack.name, import, &wanted).await?;
                return Ok(Change::Made);
            }
        }
        let name = token(&[path, text, &wanted.print()]);
        let create = CreateChangeSet {
            stack_name: stack.name.clone(),
            change_set_name: name,
            change_set_type: Some(if is_new { "CREATE" } else { "UPDATE" }.to_owned()),
            parameters: with_kept(wanted.parameters, kept_parameters),
            capabilities: wanted.capabilities,
            tags: Some(wanted.tags),
            ..CreateChangeSet::default()
        };
        let change = self.carry_out(&place, text, create).await?;
        let protection = found.is_some_and(|found| found.enable_termination_protection);
        if protection != stack.termination_protection {
            let update = UpdateTerminationProtection {
                stack_name: stack.name.clone(),
                enable_termination_protection: stack.termination_protection,
            };
            self.call(&place, &update).await?;
            return Ok(Change::Made);
        }
        Ok(change)
    }

    pub(super) async fn stack(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<Option<cloudformation::Stack>, CloudError> {
        let describe = DescribeStacks { stack_name: Some(name.to_owned()), next_token: None };
        match self.call(place, &describe).await {
            Ok(stacks) => Ok(stacks.stacks.into_iter().next()),
            Err(error) if error.class == ErrorClass::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn deployed_template(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<String, CloudError> {
        let template_stage = Some("Original".to_owned());
        let get = GetTemplate { stack_name: name.to_owned(), template_stage };
        Ok(self.call(place, &get).await?.template_body)
    }

    /// Waits until nothing happens to a stack any more that was begun before this run: by a killed one, or by somebody
    /// else, who is not waited for without end.
    pub(super) async fn rest(&self, place: &Place, name: &str) -> Result<(), Trouble> {
        let mut deadline = Some(self.deadline());
        while let Some(stack) = self.stack(place, name).await?
            && stack.stack_status.is_in_progress()
        {
            let status = &stack.stack_status;
            if self.stop.is_cancelled() {
                return Err(Trouble::Stopped(format!("it is {status}")));
            }
            if deadline.is_some_and(|deadline| self.is_over(deadline)) {
                if let Some(token) = self.others_token(place, name).await? {
                    let token = match token.as_str() {
                        "" => "it has no token".to_owned(),
                        token => format!("its token: `{token}`"),
                    };
                    let what = format!(
                        "`{name}` in {place} is {status} by what no run of accel has begun ({token})"
                    );
                    let way_out = "wait for its end or cancel it in CloudFormation";
                    return Err(Deadline::give_up(&what, way_out));
                }
                deadline = None;
            }
            self.pause(POLL).await;
        }
        Ok(())
    }

    /// Waits until nothing happens any more that this run has begun. If the run is cancelled, an update is
    /// taken back; that a stack is made or deleted cannot be.
    pub(super) async fn rest_of_ours(
        &self,
        place: &Place,
        name: &str,
    ) -> Result<Option<cloudformation::Stack>, Trouble> {
        let mut is_taken_back = false;
        loop {
            let stack = self.stack(place, name).await?;
            let Some(running) = stack.as_ref().filter(|it| it.stack_status.is_in_progress()) else {
                return Ok(stack);
            };
            let is_update = running.stack_status.0 == "UPDATE_IN_PROGRESS";
            if self.stop.is_cancelled() && is_update && !is_taken_back {
                let token = Some(token(&["cancel", &running.stack_id]));
                let cancel =
                    CancelUpdateStack { stack_name: name.to_owned(), client_request_token: token };
                is_taken_back = stop_is_answered(self.call(place, &cancel).await)?;
            }
            self.pause(POLL).await;
        }
    }

    /// What is sent with a template; values that other places publish are read there.
    pub(super) async fn wanted(&self, path: &str, template: &Template) -> Result<Wanted, Trouble> {
        let mut parameters = Vec::new();
        self.read_published(&template.parameters.values().collect::<Vec<_>>()).await?;
        for (name, source) in &template.parameters {
            parameters.push(Parameter {
                parameter_key: name.clone(),
                parameter_value: Some(self.values().get(source)?),
                use_previous_value: None,
            });
        }
        for name in self.open_parameters.get(path).into_iter().flatten() {
            parameters.push(Parameter {
                parameter_key: name.clone(),
                parameter_value: Some(self.values().given(path, name)?),
                use_previous_value: None,
            });
        }
        let tag = |key: &str, value: &str| Tag { key: key.to_owned(), value: value.to_owned() };
        Ok(Wanted {
            parameters,
            tags: vec![tag("accel:app", &self.graph.manifest.app), tag("accel:node", path)],
            capabilities: template.capabilities.clone(),
        })
    }
}

impl Wanted {
    /// What of it is not so, in words.
    pub(super) fn differences(&self, parameters: &[Parameter], tags: &[Tag]) -> Vec<String> {
        let mut differences = Vec::new();
        let there: BTreeMap<&str, Option<&str>> = parameters
            .iter()
            .map(|there| (there.parameter_key.as_str(), there.parameter_value.as_deref()))
            .collect();
        for wanted in &self.parameters {
            let name = wanted.parameter_key.as_str();
            let there = there.get(name).copied().flatten();
            // A secret cannot be compared.
            if there != wanted.parameter_value.as_deref() && there != Some(STARS) {
                differences.push(format!("the parameter `{name}` differs"));
            }
        }
        if self.tags.iter().any(|tag| !tags.contains(tag)) {
            differences.push("the tags differ".to_owned());
        }
        differences
    }

    /// The same text for the same parameters, tags and capabilities.
    pub(super) fn print(&self) -> String {
        // Plain structs of texts always serialize.
        serde_json::to_string(&(&self.parameters, &self.tags, &self.capabilities))
            .unwrap_or_default()
    }
}

/// With parameters that keep their values.
pub(super) fn with_kept(wanted: Vec<Parameter>, kept: &[String]) -> Vec<Parameter> {
    let kept = kept.iter().map(|name| Parameter {
        parameter_key: name.clone(),
        parameter_value: None,
        use_previous_value: Some(true),
    });
    wanted.into_iter().chain(kept).collect()
}

/// Whether a request to stop something need not be sent again. One that is refused came too late, and the
/// next look shows how it has ended.
pub(super) fn stop_is_answered<T>(answer: Result<T, CloudError>) -> Result<bool, CloudError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.class == ErrorClass::Expired => Err(error),
        Err(error) => Ok(!is_settled_by_looking(error.class)),
    }
}

/// A stack whose creation was taken back has nothing left, and can only be deleted.
fn is_dead(status: &str) -> bool {
    status == "ROLLBACK_COMPLETE"
}

const OURS: &str = "accel-";

/// Whether a run, this one or a killed one, has given something this token or id.
pub(super) fn is_ours(token: &str) -> bool {
    token.starts_with(OURS)
}

/// Whether nothing of a stack is there but its name: all that was made was a change set, or was taken back.
pub(super) fn was_never_made(status: &str) -> bool {
    status == "REVIEW_IN_PROGRESS" || is_dead(status)
}

/// A name for what has these contents, in the letters that CloudFormation takes.
pub(super) fn token(contents: &[&str]) -> String {
    format!("{OURS}{}", &digest(contents)[..24])
}

/// Whether two templates say the same, however they are printed.
pub(super) fn same_json(left: &str, right: &str) -> bool {
    left == right
        || serde_json::from_str::<Value>(left)
            .is_ok_and(|left| serde_json::from_str::<Value>(right).is_ok_and(|right| left == right))
}
