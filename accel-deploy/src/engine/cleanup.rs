//! Ends what a stack or stack set keeps for others: the template that is wanted, and the deletion of what was replaced.

use std::collections::BTreeMap;

use accel_synth::{manifest::StackSet, schema::why_stateful};

use super::{
    Shared, State, Trouble,
    settle::Change,
    stack::{same_json, was_never_made},
    targets::{Compared, compare},
};
use crate::{
    cleanup::{Cleanup, Owner, Superseded},
    cloud::{
        Cloud, ErrorClass, Place,
        cloudformation::{ListStackResources, StackInstance, StackResource},
    },
    deployed::{Deployed, FormerId},
};

mod cloud_control;

/// A stack, and its resources by logical id.
struct Contents {
    place: Place,
    resources: BTreeMap<String, StackResource>,
}

/// A resource that its stack has no more.
struct Former<'a> {
    of: &'a Superseded,
    id: FormerId,
}

impl Contents {
    /// Whether a resource is one of the stack's.
    fn has(&self, of: &Superseded, id: &FormerId) -> bool {
        let is_it = |it: &StackResource| {
            it.resource_type == of.type_name
                && it
                    .physical_resource_id
                    .as_ref()
                    .is_some_and(|physical| id.is(&self.place, physical))
        };
        self.resources.values().any(is_it)
    }
}

impl<C: Cloud> Shared<C> {
    pub(super) async fn look_at_cleanup(
        &self,
        path: &str,
        cleanup: &Cleanup,
    ) -> Result<State, Trouble> {
        if !self.is_everywhere(cleanup).await? {
            let users: Vec<_> = cleanup.users.iter().map(|user| format!("`{user}`")).collect();
            let reason = |it: &Superseded| {
                format!("deletes the old {} after {} has changed", it.called(), users.join(", "))
            };
            return Ok(State::Differs(cleanup.superseded.iter().map(reason).collect()));
        }
        let (mut reasons, mut stay) = (Vec::new(), Vec::new());
        // Whoever goes on with a run has to agree as who began it.
        let mut losses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for Former { of, id } in self.formers(cleanup).await? {
            let called = format!("{}, {}", of.called(), id.physical);
            match &id.known_as {
                Some(known_as) if !self.is_left(of, &id, known_as).await? => {}
                Some(_) if !of.is_saved => {
                    let (flag, is_allowed) = match of.is_removed {
                        true => ("--allow-delete", self.allowed.delete),
                        false => ("--allow-replace", self.allowed.replace),
                    };
                    if let Some(loses) = why_stateful(&of.type_name).filter(|_| !is_allowed) {
                        let loss = format!("deleting the old {called} loses {loses}");
                        losses.entry(flag).or_default().push(loss);
                    }
                    reasons.push(format!("deletes the old {called}"));
                }
                _ => stay.push(format!("`{}`: the old {called}", cleanup.path)),
            }
        }
        self.stay.lock().await.insert(cleanup.path.clone(), stay);
        if !losses.is_empty() {
            let lines = losses.into_iter();
            let lines =
                lines.map(|(flag, losses)| format!("needs `{flag}`: {}", losses.join("; ")));
            let lines: Vec<String> = lines.collect();
            self.losses().set(path, lines.clone());
            reasons.extend(lines);
        }
        Ok(if reasons.is_empty() { State::Present } else { State::Differs(reasons) })
    }

    pub(super) async fn clean_up(
        &self,
        cleanup: &Cleanup,
        state: &State,
    ) -> Result<Change, Trouble> {
        let mut change = Change::Made;
        if !self.is_everywhere(cleanup).await? {
            change = self.end_interim(cleanup, state).await?;
            if !matches!(change, Change::Nothing) {
                // What is left to do, the next look shows.
                return Ok(change);
            }
        }
        for Former { of, id } in self.formers(cleanup).await? {
            if let Some(known_as) = id.known_as.as_ref().filter(|_| !of.is_saved)
                && self.is_left(of, &id, known_as).await?
            {
                self.delete_former(&id.place, of, known_as).await?;
            }
        }
        Ok(change)
    }

    /// Notes by what the resources can be found that are about to be replaced: their stacks will not know them.
    pub(super) async fn note_formers(
        &self,
        record: &mut Deployed,
        paths: &[String],
    ) -> Result<(), Trouble> {
        for cleanup in self.graph.cleanups().filter(|it| paths.contains(&it.path)) {
            for Contents { place, resources } in self.stacks_of(cleanup).await? {
                for of in &cleanup.superseded {
                    let resource = resources.get(&of.logical_id);
                    let physical = resource.and_then(|it| it.physical_resource_id.clone());
                    let Some(physical) = physical else { continue };
                    let ids = record.formers().ids(&cleanup.path, of);
                    if ids.iter().any(|id| id.is(&place, &physical)) {
                        continue;
                    }
                    let known_as = self.known_as(&place, of, &physical).await?;
                    let place = place.clone();
                    let id = FormerId { place, physical, known_as };
                    record.formers_mut().note(&cleanup.path, of, id);
                }
            }
        }
        *self.formers.lock().await = record.formers().clone();
        Ok(())
    }

    /// Says of a refused change what an earlier one has left that may be in its way.
    pub(super) fn beside_what_is_kept(&self, path: &str, trouble: Trouble) -> Trouble {
        let formers = self.graph.formers().of(path);
        let kept: Vec<String> = formers.map(|(_, former)| former.called()).collect();
        match trouble {
            Trouble::Refused(reason) if !kept.is_empty() => Trouble::Refused(format!(
                "{reason}; an earlier update keeps the old {} until all that uses it has moved, and what has the same name \
                 or addresses cannot be made beside it: bring that update to its end first, or take others",
                kept.join(", ")
            )),
            other => other,
        }
    }

    /// Whether the stack, or all that is of the set, has the template that is wanted.
    async fn is_everywhere(&self, cleanup: &Cleanup) -> Result<bool, Trouble> {
        Ok(self.has_its_template(cleanup).await?
            && match &cleanup.owner {
                Owner::Stack(_) => true,
                Owner::StackSet(set) => self.all_are_current(set).await?,
            })
    }

    /// Whether it is as it is to be in the end; what is not there has nothing to be changed.
    pub(super) async fn has_its_template(&self, cleanup: &Cleanup) -> Result<bool, Trouble> {
        let deployed = match &cleanup.owner {
            Owner::Stack(stack) => {
                let place = self.place(&stack.account, &stack.region)?;
                let found = self.there(&place, &stack.name).await?;
                match found.filter(|found| !was_never_made(&found.stack_status.0)) {
                    Some(_) => Some(self.deployed_template(&place, &stack.name).await?),
                    None => None,
                }
            }
            Owner::StackSet(set) => self.stack_set(set).await?.map(|found| found.template_body),
        };
        let wanted = self.text(cleanup.owner.template())?;
        Ok(deployed.is_none_or(|deployed| same_json(&deployed, wanted)))
    }

    async fn end_interim(&self, cleanup: &Cleanup, state: &State) -> Result<Change, Trouble> {
        let (path, text) = (&cleanup.path, self.text(cleanup.owner.template())?);
        match &cleanup.owner {
            Owner::Stack(stack) => self.change_stack_to(path, stack, text, &[]).await,
            // An instance that has missed the template until then would lose what it keeps.
            Owner::StackSet(set)
                if !self.has_its_template(cleanup).await? && !self.all_are_current(set).await? =>
            {
                Err(Trouble::Refused(format!(
                    "not all instances of `{path}` are current; what they keep for others stays until they are"
                )))
            }
            Owner::StackSet(set) => {
                let failed = self.change_stack_set_to(path, set, text, &[], state).await?;
                Ok(Change::from(failed))
            }
        }
    }

    async fn all_are_current(&self, set: &StackSet) -> Result<bool, Trouble> {
        let Compared { missing, stale, .. } =
            compare(&self.spots(set).await?, &self.instances(set).await?);
        Ok(missing.is_empty() && stale.is_empty())
    }

    /// What was noted and is in its stack no more, in the order of its deletion.
    async fn formers<'a>(&self, cleanup: &'a Cleanup) -> Result<Vec<Former<'a>>, Trouble> {
        let known = self.formers.lock().await.clone();
        if known.of(&cleanup.path).next().is_none() {
            return Ok(Vec::new());
        }
        let stacks = self.stacks_of(cleanup).await?;
        let mut formers = Vec::new();
        for of in &cleanup.superseded {
            // It may have been taken in under another logical id.
            let is_still = |id: &FormerId| stacks.iter().any(|stack| stack.has(of, id));
            // A stack that a set has let go keeps all that is in it.
            let is_let_go = |id: &FormerId| {
                cleanup.owner.lets_go() && !stacks.iter().any(|stack| id.is_in(&stack.place))
            };
            let known = known.ids(&cleanup.path, of).iter();
            let gone = known.filter(|id| !is_still(id) && !is_let_go(id));
            formers.extend(gone.map(|id| Former { of, id: id.clone() }));
        }
        Ok(formers)
    }

    /// The stacks that a template is in, those that are there.
    async fn stacks_of(&self, cleanup: &Cleanup) -> Result<Vec<Contents>, Trouble> {
        let stacks: Vec<(Place, String)> = match &cleanup.owner {
            Owner::Stack(stack) => {
                let record = self.graph.deployed.as_ref();
                let recorded = || record?.place(&stack.account, &stack.region);
                let place = self.place(&stack.account, &stack.region).ok().or_else(recorded);
                // Where nobody knows the account, nothing is deployed.
                place.map(|place| (place, stack.name.clone())).into_iter().collect()
            }
            Owner::StackSet(set) => {
                let instances = self.instances(set).await?.into_iter();
                let stack = |it: StackInstance| {
                    Some((self.place_of(&it.account, &it.region), it.stack_id?))
                };
                instances.filter_map(stack).collect()
            }
        };
        let mut found = Vec::new();
        for (place, name) in stacks {
            let resources = self.resources(&place, &name).await?;
            found.push(Contents { place, resources });
        }
        Ok(found)
    }

    /// None of a stack that is not there.
    async fn resources(
        &self,
        place: &Place,
        stack: &str,
    ) -> Result<BTreeMap<String, StackResource>, Trouble> {
        let mut list = ListStackResources { stack_name: stack.to_owned(), next_token: None };
        let mut found = BTreeMap::new();
        loop {
            let page = match self.call(place, &list).await {
                Err(error) if error.class == ErrorClass::NotFound => return Ok(found),
                page => page?,
            };
            let resources = page.stack_resource_summaries.into_iter();
            found.extend(resources.map(|it| (it.logical_resource_id.clone(), it)));
            match page.next_token {
                None => return Ok(found),
                next_token => list.next_token = next_token,
            }
        }
    }
}

impl Superseded {
    fn called(&self) -> String {
        format!("`{}` ({})", self.construct, self.type_name)
    }
}
