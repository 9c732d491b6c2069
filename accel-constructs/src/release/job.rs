use std::{marker::PhantomData, panic::Location};

use accel_core::{DocumentEntry, DocumentNode, Prop, Text};

use super::{
    concurrency::Concurrency,
    container::Container,
    environment::DeploymentEnvironment,
    expr::{AvailableIn, Expr, IntoScalar, Read, Uses, place},
    keys::Keys,
    matrix::Matrix,
    permission::{Grants, Permission},
    runner::Runner,
    step::{Shell, Step, StepData},
    workflow::WorkflowRef,
};

/// A job of a workflow. `K` says what it does: it runs [`Steps`], or it [`Calls`] a workflow.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobs>
#[derive(Debug)]
#[must_use = "a job is added to a workflow: `workflow.job(..)`"]
pub struct Job<K = Steps> {
    pub(super) data: JobData,
    does: PhantomData<fn() -> K>,
}

/// Runs steps.
#[derive(Debug)]
pub enum Steps {}
/// Calls a workflow.
#[derive(Debug)]
pub enum Calls {}

/// A job without its type.
#[derive(Clone, Debug)]
pub(super) struct JobData {
    pub(super) location: &'static Location<'static>,
    pub(super) id: Text,
    pub(super) needs: Vec<Text>,
    pub(super) steps: Vec<StepData>,
    pub(super) matrix: Option<Matrix>,
    pub(super) outputs: Keys,
    pub(super) called: Option<WorkflowRef>,
    with: Keys,
    secrets: Keys,
    env: Keys,
    services: Keys,
    defaults: Keys,
    grants: Grants,
    keys: Keys,
    pub(super) uses: Uses,
}

impl Job<Steps> {
    /// A job that runs steps: [`Runner::UBUNTU_24_04`], a label, or an expression such as
    /// `matrix("os")`. It stops after 30 minutes unless said otherwise.
    #[track_caller]
    pub fn new(id: impl Into<Text>, runs_on: impl Into<Runner>) -> Self {
        let mut job = Self::new_at(id.into(), Location::caller());
        let mut runner = runs_on.into();
        job.data.uses.extend(std::mem::take(&mut runner.uses));
        job.data.keys.set("runs-on", runner.into_node());
        job.data.keys.set("timeout-minutes", 30);
        job
    }

    /// Adds a step behind the others.
    pub fn step<A>(mut self, step: Step<A>) -> Self {
        self.data.steps.push(step.data);
        self
    }

    /// Leaves a value to the jobs that wait for this one: `needs(&job).output("name")`.
    pub fn output(
        mut self,
        name: impl Into<Text>,
        value: impl IntoScalar<place::JobOutput>,
    ) -> Self {
        let value = self.data.uses.take(value.into_scalar());
        self.data.outputs.set(name, value);
        self
    }

    /// Sets an environment variable for all steps.
    pub fn env(mut self, name: impl Into<Text>, value: impl IntoScalar<place::JobEnv>) -> Self {
        let value = self.data.uses.take(value.into_scalar());
        self.data.env.set(name, value);
        self
    }

    /// What it deploys to: an environment of the repository.
    pub fn environment(mut self, environment: impl Into<DeploymentEnvironment>) -> Self {
        let environment = environment.into();
        self.data.uses.extend(environment.uses);
        let node = environment.keys.in_order(&["name", "url"]);
        self.data.keys.set("environment", node);
        self
    }

    /// Runs its steps in a container.
    pub fn container(mut self, container: impl Into<Container>) -> Self {
        let mut container = container.into();
        self.data.uses.extend(std::mem::take(&mut container.uses));
        self.data.keys.set("container", container.into_node());
        self
    }

    /// Runs a container beside it.
    pub fn service(mut self, id: impl Into<Text>, container: impl Into<Container>) -> Self {
        let mut container = container.into();
        self.data.uses.extend(std::mem::take(&mut container.uses));
        self.data.services.set(id, container.into_node());
        self
    }

    /// Stops it after so many minutes.
    pub fn timeout_minutes(mut self, minutes: impl IntoScalar<place::JobSetting, i64>) -> Self {
        let minutes = self.data.uses.take(minutes.into_scalar());
        self.data.keys.set("timeout-minutes", minutes);
        self
    }

    /// Whether the workflow goes on when it fails.
    pub fn continue_on_error(mut self, go_on: impl IntoScalar<place::JobSetting, bool>) -> Self {
        let go_on = self.data.uses.take(go_on.into_scalar());
        self.data.keys.set("continue-on-error", go_on);
        self
    }

    /// What runs its scripts.
    pub fn shell(mut self, shell: Shell) -> Self {
        self.data.defaults.set("shell", shell);
        self
    }

    /// Where its scripts run, from the root of the workspace.
    pub fn working_directory(mut self, directory: impl Into<Text>) -> Self {
        self.data.defaults.set("working-directory", Prop::String(directory.into()));
        self
    }
}

impl Job<Calls> {
    /// A job that calls a workflow: one of this program, which adding it gave back, or
    /// [`WorkflowRef::pinned`].
    #[track_caller]
    pub fn calling(id: impl Into<Text>, workflow: &WorkflowRef) -> Self {
        let mut job = Self::new_at(id.into(), Location::caller());
        job.data.grants.extend(&workflow.grants);
        job.data.called = Some(workflow.clone());
        job
    }

    /// Gives an input to the workflow.
    pub fn with(
        mut self,
        input: impl Into<Text>,
        value: impl IntoScalar<place::JobSetting>,
    ) -> Self {
        let value = self.data.uses.take(value.into_scalar());
        self.data.with.set(input, value);
        self
    }

    /// Gives a secret to the workflow.
    pub fn secret(mut self, name: impl Into<Text>, value: impl IntoScalar<place::JobEnv>) -> Self {
        let value = self.data.uses.take(value.into_scalar());
        self.data.secrets.set(name, value);
        self
    }
}

impl<K> Job<K> {
    const fn new_at(id: Text, location: &'static Location<'static>) -> Self {
        let data = JobData {
            location,
            id,
            needs: Vec::new(),
            steps: Vec::new(),
            matrix: None,
            outputs: Keys::new(),
            called: None,
            with: Keys::new(),
            secrets: Keys::new(),
            env: Keys::new(),
            services: Keys::new(),
            defaults: Keys::new(),
            grants: Grants::new(),
            keys: Keys::new(),
            uses: Uses::new(),
        };
        Self { data, does: PhantomData }
    }

    /// What other jobs call it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.data.id
    }

    /// What GitHub shows; made of the id unless said otherwise.
    pub fn name(mut self, name: impl IntoScalar<place::JobSetting>) -> Self {
        let name = self.data.uses.take(name.into_scalar());
        self.data.keys.set("name", name);
        self
    }

    /// Waits for another job. Reading an output of it says so as well.
    pub fn needs<L>(mut self, job: &Job<L>) -> Self {
        self.data.needs.push(job.data.id.clone());
        self
    }

    /// Waits for the job with this id, where no handle is at hand.
    pub fn needs_id(mut self, id: impl Into<Text>) -> Self {
        self.data.needs.push(id.into());
        self
    }

    /// Runs only if the condition holds. Without a status function in it that means: and no job it
    /// waits for failed.
    pub fn if_<C: AvailableIn<place::JobCondition>>(mut self, condition: Expr<C>) -> Self {
        let condition = self.data.uses.condition(condition);
        self.data.keys.set("if", condition);
        self
    }

    /// Runs once for each combination.
    pub fn matrix(mut self, mut matrix: Matrix) -> Self {
        self.data.uses.extend(std::mem::take(&mut matrix.uses));
        self.data.matrix = Some(matrix);
        self
    }

    /// Runs one after the other with the jobs of its group.
    pub fn concurrency(mut self, concurrency: Concurrency<place::JobSetting>) -> Self {
        self.data.uses.extend(concurrency.uses);
        self.data.keys.set("concurrency", concurrency.keys);
        self
    }

    /// Asks for a permission of the job's token, with the reason. Those that its steps need are
    /// there already.
    pub fn permission(mut self, permission: Permission, reason: impl Into<Text>) -> Self {
        self.data.grants.add(permission, reason);
        self
    }

    /// The escape hatch: sets a key as it is, for those newer than this library.
    pub fn raw(mut self, key: impl Into<Text>, value: impl Into<DocumentNode>) -> Self {
        self.data.keys.set(key, value);
        self
    }
}

impl JobData {
    /// All steps, those that run at once too.
    pub(super) fn all_steps(&self) -> impl Iterator<Item = &StepData> {
        self.steps.iter().flat_map(StepData::all)
    }

    /// The jobs it waits for: those that were named and those whose outputs it reads.
    pub(super) fn all_needs(&self) -> Vec<&Text> {
        let of_steps = self.all_steps().flat_map(|step| &step.uses.reads);
        let read = self.uses.reads.iter().chain(of_steps).filter_map(|read| match read {
            Read::Job { id, .. } => Some(id),
            _ => None,
        });
        let mut needs: Vec<&Text> = Vec::new();
        for id in self.needs.iter().chain(read) {
            if !needs.contains(&id) {
                needs.push(id);
            }
        }
        needs
    }

    /// What its token may do: what was asked for and what its steps need.
    pub(super) fn all_grants(&self) -> Grants {
        let mut grants = self.grants.clone();
        self.all_steps().for_each(|step| grants.extend(&step.grants));
        grants
    }

    pub(super) const fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(super) const fn inputs(&self) -> &Keys {
        &self.with
    }

    pub(super) const fn given_secrets(&self) -> &Keys {
        &self.secrets
    }

    pub(super) const fn variables(&self) -> &Keys {
        &self.env
    }

    pub(super) fn into_entry(mut self) -> DocumentEntry {
        self.keys.set_if_absent("name", name_of(&self.id));
        let needs = self.all_needs().into_iter().cloned().map(Prop::String);
        let needs: Vec<Prop> = needs.collect();
        match <[Prop; 1]>::try_from(needs) {
            Ok([one]) => self.keys.set_if_absent("needs", one),
            Err(none) if none.is_empty() => {}
            Err(several) => self.keys.set_if_absent("needs", DocumentNode::list(several)),
        }
        self.keys.set_if_absent("permissions", self.all_grants().into_node());
        if let Some(matrix) = self.matrix {
            self.keys.set("strategy", matrix.into_node());
        }
        if !self.defaults.is_empty() {
            let defaults = [("run", DocumentNode::from(self.defaults))];
            self.keys.set_if_absent("defaults", DocumentNode::map(defaults));
        }
        if let Some(called) = self.called {
            self.keys.set_entry(called.entry());
        }
        let maps = [
            ("with", self.with),
            ("secrets", self.secrets),
            ("env", self.env),
            ("services", self.services),
            ("outputs", self.outputs),
        ];
        for (key, map) in maps.into_iter().filter(|(_, map)| !map.is_empty()) {
            self.keys.set(key, map);
        }
        if !self.steps.is_empty() {
            let steps = self.steps.into_iter().map(StepData::into_node);
            self.keys.set("steps", DocumentNode::List(steps.collect()));
        }
        let order = [
            "name",
            "needs",
            "if",
            "strategy",
            "runs-on",
            "uses",
            "timeout-minutes",
            "continue-on-error",
            "environment",
            "permissions",
            "concurrency",
            "container",
            "services",
            "with",
            "secrets",
            "outputs",
            "defaults",
            "env",
            "steps",
        ];
        DocumentEntry::new(self.id, self.keys.in_order(&order))
    }
}

/// `build-image` as people say it: `Build image`.
fn name_of(id: &str) -> String {
    let words = id.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
