//! What a stack set says: it is made, changed and deleted.

use std::{collections::BTreeSet, sync::Arc};

use accel_deploy::cloud::cloudformation::{AutoDeployment, CreateStackSet, UpdateStackSet};
use serde_json::json;

use super::{
    Spot, StackSet, absent, busy,
    operation::{Action, Work},
};
use crate::{
    stacks::{Key, checked, invalid, named, tagged},
    world::{Refusal, Reply, World},
};

/// After how many others a set may come in new accounts, and how many such orders there may be.
const FIRST: usize = 10;
const ORDERS: usize = 100;

/// A new definition, with the text of its template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Update {
    request: UpdateStackSet,
    template: Arc<str>,
    /// What its resources are refused for.
    invalid: Option<String>,
    /// The only instances that get it at once, where a part of them was asked for.
    pub(super) part: Option<BTreeSet<Spot>>,
}

impl World {
    pub(super) fn create_stack_set(&mut self, request: CreateStackSet) -> Reply {
        let name = request.stack_set_name.clone();
        named("stackSetName", &name)?;
        tagged(&request.tags)?;
        if self.stack_sets.contains_key(&name) {
            return Err(Refusal::new(
                "NameAlreadyExistsException",
                format!("{name} exists already"),
            ));
        }
        if self.stack_sets.len() >= self.stack_set_quota {
            let message = format!("More than {} stack sets", self.stack_set_quota);
            return Err(Refusal::new("LimitExceededException", message));
        }
        let service = "member.org.stacksets.cloudformation.amazonaws.com";
        let is_trusted = self.organization.as_ref().is_some_and(|it| it.services.contains(service));
        if request.permission_model.as_deref() == Some("SERVICE_MANAGED")
            && !is_trusted
            && !self.settings.has("cloudformation", "ActivateOrganizationsAccess")
        {
            let message =
                "You must enable organizations access to operate a service managed stack set";
            return Err(Refusal::new("ValidationError", message.to_owned()));
        }
        let template = self.template_text(
            &self.caller,
            request.template_body.as_ref(),
            request.template_u_r_l.as_ref(),
        )?;
        let key: Key = (self.caller.clone(), "us-east-1".to_owned(), name.clone());
        let checked = checked(&key, &template, &request.parameters, &request.capabilities)?;
        let is_managed = request.permission_model.as_deref() == Some("SERVICE_MANAGED");
        if is_managed && !checked.body["Transform"].is_null() {
            let message =
                "Service-managed stack sets do not take templates with macros or transforms";
            return Err(Refusal::new("ValidationError", message.to_owned()));
        }
        self.ordered(&name, request.auto_deployment.as_ref())?;
        let invalid = invalid(&template, &[]);
        let template = template.into();
        let set = StackSet { definition: request, template, invalid, ..StackSet::default() };
        self.stack_sets.insert(name.clone(), set);
        Ok(json!({ "StackSetId": format!("{name}:1") }))
    }

    pub(super) fn update_stack_set(&mut self, mut request: UpdateStackSet) -> Reply {
        let name = request.stack_set_name.clone();
        let set = self.stack_sets.get(&name).ok_or_else(|| absent(&name))?;
        if request.managed_execution.as_ref().is_some_and(|it| it.active) != set.is_managed()
            && !set.active.is_empty()
        {
            let message = "The execution configuration cannot be changed while operations run";
            return Err(Refusal::new("InvalidOperationException", message.to_owned()));
        }
        let template: Arc<str> = match request.use_previous_template {
            Some(true) => Arc::clone(&set.template),
            _ => self
                .template_text(
                    &self.caller,
                    request.template_body.as_ref(),
                    request.template_u_r_l.as_ref(),
                )?
                .into(),
        };
        let key: Key = (self.caller.clone(), "us-east-1".to_owned(), name.clone());
        let checked = checked(&key, &template, &request.parameters, &request.capabilities)?;
        let is_managed = request.permission_model.as_deref() == Some("SERVICE_MANAGED");
        if is_managed && !checked.body["Transform"].is_null() {
            let message =
                "Service-managed stack sets do not take templates with macros or transforms";
            return Err(Refusal::new("ValidationError", message.to_owned()));
        }
        let (accounts, targets) = (request.accounts.take(), request.deployment_targets.take());
        let regions = request.regions.take().unwrap_or_default();
        let has_places = accounts.is_some() || targets.is_some();
        if has_places == regions.is_empty() {
            let message = "Accounts or targets and regions are given together, or neither";
            return Err(Refusal::new("ValidationError", message.to_owned()));
        }
        let part = match has_places {
            true => Some(self.spots(&name, accounts.as_deref(), targets.as_ref(), &regions)?),
            false => None,
        };
        tagged(&request.tags)?;
        self.ordered(&name, request.auto_deployment.as_ref())?;
        let invalid = invalid(&template, &[]);
        let id = request.operation_id.take();
        let work = Work {
            action: Action::Update,
            spots: set.instances.keys().cloned().collect(),
            preferences: request.operation_preferences.take().unwrap_or_default(),
            targets: None,
            regions: Vec::new(),
            update: Some(Box::new(Update { request, template, invalid, part })),
            is_automatic: false,
        };
        self.start(&name, id, work)
    }

    /// Refuses more order in new accounts than there may be, of a set and of all.
    fn ordered(&self, name: &str, auto: Option<&AutoDeployment>) -> Result<(), Refusal> {
        let first = |auto: &AutoDeployment| auto.depends_on.as_ref().map_or(0, Vec::len);
        let own = auto.map_or(0, first);
        let others = self.stack_sets.iter().filter(|(other, _)| *other != name);
        let others = others.filter_map(|(_, set)| set.definition.auto_deployment.as_ref());
        if own <= FIRST && own + others.map(first).sum::<usize>() <= ORDERS {
            return Ok(());
        }
        let message = format!(
            "A stack set may depend on {FIRST} others, and {ORDERS} dependencies may be in an account"
        );
        Err(Refusal::new("ValidationError", message))
    }

    pub(super) fn delete_stack_set(&mut self, name: &str) -> Reply {
        let set = self.stack_sets.get(name).ok_or_else(|| absent(name))?;
        if !set.active.is_empty() {
            return Err(busy(name));
        }
        if !set.instances.is_empty() {
            let message = "StackSet is not empty".to_owned();
            return Err(Refusal::new("StackSetNotEmptyException", message));
        }
        self.stack_sets.remove(name);
        Ok(json!({}))
    }
}

impl StackSet {
    pub(super) fn is_managed(&self) -> bool {
        self.definition.managed_execution.as_ref().is_some_and(|it| it.active)
    }

    /// The set has what is new even if the operation that brings it fails. Where only a part of its instances was
    /// asked for, the others are behind if template or parameters are new.
    pub(super) fn redefine(&mut self, Update { request, template, invalid, part }: Update) {
        let is_new = self.template != template || self.definition.parameters != request.parameters;
        self.template = template;
        self.invalid = invalid;
        self.definition.parameters = request.parameters;
        self.definition.capabilities = request.capabilities;
        self.definition.tags = request.tags;
        self.definition.auto_deployment = request.auto_deployment;
        self.definition.managed_execution = request.managed_execution;
        let is_behind =
            |spot: &Spot| is_new || part.as_ref().is_none_or(|part| part.contains(spot));
        for (spot, instance) in &mut self.instances {
            if instance.status == "CURRENT" && is_behind(spot) {
                instance.status = "OUTDATED";
            }
        }
    }
}
