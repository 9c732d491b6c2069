use std::marker::PhantomData;

use accel_core::{DocumentNode, Prop, Text};

use super::Trigger;
use crate::release::{
    expr::{AvailableIn, Expr, IntoScalar, Uses, place},
    keys::Keys,
};

/// What a workflow takes and gives.
#[derive(Clone, Debug, Default)]
pub(in crate::release) struct Interface {
    pub(in crate::release) inputs: Vec<Declared>,
    pub(in crate::release) secrets: Vec<Declared>,
    pub(in crate::release) outputs: Vec<Text>,
}

/// An input or a secret.
#[derive(Clone, Debug)]
pub(in crate::release) struct Declared {
    pub(in crate::release) name: Text,
    /// Whether a caller has to give it.
    pub(in crate::release) required: bool,
}

/// An input of a workflow, which it reads as `input("name")`. `K` says who can ask for it.
#[derive(Debug)]
pub struct WorkflowInput<K = ForAll> {
    name: Text,
    keys: Keys,
    required: bool,
    kind: PhantomData<fn() -> K>,
}

/// An input that people and calling workflows can give.
#[derive(Debug)]
pub enum ForAll {}
/// An input that only people can give.
#[derive(Debug)]
pub enum ForPeople {}

impl WorkflowInput<ForAll> {
    /// A text.
    pub fn string(name: impl Into<Text>) -> Self {
        Self::new(name.into(), "string")
    }

    /// `true` or `false`.
    pub fn boolean(name: impl Into<Text>) -> Self {
        Self::new(name.into(), "boolean")
    }

    /// A number.
    pub fn number(name: impl Into<Text>) -> Self {
        Self::new(name.into(), "number")
    }
}

impl WorkflowInput<ForPeople> {
    /// One of the options.
    pub fn choice<T: Into<Text>>(
        name: impl Into<Text>,
        options: impl IntoIterator<Item = T>,
    ) -> Self {
        let mut input = Self::new(name.into(), "choice");
        input.keys.set("options", super::texts(options));
        input
    }

    /// An environment of the repository.
    pub fn environment(name: impl Into<Text>) -> Self {
        Self::new(name.into(), "environment")
    }
}

impl<K> WorkflowInput<K> {
    fn new(name: Text, kind: &'static str) -> Self {
        let mut keys = Keys::default();
        keys.set("type", kind);
        Self { name, keys, required: false, kind: PhantomData }
    }

    /// What it is for.
    #[must_use]
    pub fn description(mut self, description: impl Into<Text>) -> Self {
        self.keys.set("description", Prop::String(description.into()));
        self
    }

    /// It has to be given.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self.keys.set("required", true);
        self
    }

    /// What it is when it is not given.
    #[must_use]
    pub fn default(mut self, value: impl Into<Prop>) -> Self {
        self.keys.set("default", value.into());
        self
    }

    fn declare(self, inputs: &mut Keys, declared: &mut Vec<Declared>) {
        declared.retain(|other| other.name != self.name);
        declared.push(Declared { name: self.name.clone(), required: self.required });
        let order = ["description", "type", "required", "default", "options"];
        inputs.set(self.name, self.keys.in_order(&order));
    }
}

/// Somebody starts the workflow by hand.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatch>
#[derive(Clone, Debug, Default)]
pub struct WorkflowDispatch {
    inputs: Keys,
    interface: Interface,
}

impl WorkflowDispatch {
    /// Without inputs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for an input; GitHub takes 25 at most.
    #[must_use]
    pub fn input<K>(mut self, input: WorkflowInput<K>) -> Self {
        input.declare(&mut self.inputs, &mut self.interface.inputs);
        self
    }
}

impl From<WorkflowDispatch> for Trigger {
    fn from(trigger: WorkflowDispatch) -> Self {
        let mut keys = Keys::default();
        if !trigger.inputs.is_empty() {
            keys.set("inputs", trigger.inputs);
        }
        let interface = Some(trigger.interface);
        Self { interface, ..Self::filtered("workflow_dispatch", keys) }
    }
}

/// Another workflow calls this one: [`Job::calling`](crate::release::Job::calling).
///
/// Source: <https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows>
#[derive(Clone, Debug, Default)]
pub struct WorkflowCall {
    inputs: Keys,
    secrets: Keys,
    outputs: Keys,
    interface: Interface,
    uses: Uses,
}

impl WorkflowCall {
    /// Without inputs, secrets and outputs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an input.
    #[must_use]
    pub fn input(mut self, input: WorkflowInput) -> Self {
        input.declare(&mut self.inputs, &mut self.interface.inputs);
        self
    }

    /// Takes a secret that the caller has to give.
    #[must_use]
    pub fn secret(self, name: impl Into<Text>, description: impl Into<Text>) -> Self {
        self.take_secret(name.into(), description.into(), true)
    }

    /// Takes a secret that the caller may give.
    #[must_use]
    pub fn optional_secret(self, name: impl Into<Text>, description: impl Into<Text>) -> Self {
        self.take_secret(name.into(), description.into(), false)
    }

    fn take_secret(mut self, name: Text, description: Text, required: bool) -> Self {
        let keys = [("description", Prop::String(description)), ("required", required.into())];
        self.interface.secrets.retain(|other| other.name != name);
        self.interface.secrets.push(Declared { name: name.clone(), required });
        self.secrets.set(name, DocumentNode::map(keys));
        self
    }

    /// Gives an output of one of its jobs: `jobs(&build, "image")`.
    #[must_use]
    pub fn output<C: AvailableIn<place::CallOutput>>(
        mut self,
        name: impl Into<Text>,
        description: impl Into<Text>,
        value: Expr<C>,
    ) -> Self {
        let value = self.uses.take(IntoScalar::<place::CallOutput>::into_scalar(value));
        let keys = [("description", Prop::String(description.into())), ("value", value)];
        let name = name.into();
        self.interface.outputs.push(name.clone());
        self.outputs.set(name, DocumentNode::map(keys));
        self
    }
}

impl From<WorkflowCall> for Trigger {
    fn from(trigger: WorkflowCall) -> Self {
        let mut keys = Keys::default();
        let parts = [
            ("inputs", trigger.inputs),
            ("secrets", trigger.secrets),
            ("outputs", trigger.outputs),
        ];
        for (key, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            keys.set(key, part);
        }
        let interface = Some(trigger.interface);
        Self { interface, uses: trigger.uses, ..Self::filtered("workflow_call", keys) }
    }
}
