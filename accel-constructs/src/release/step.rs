use std::{marker::PhantomData, panic::Location};

use accel_core::{DocumentEntry, DocumentNode, Prop, Text};

use super::{
    action::{ActionRef, ActionSpec, hardening},
    expr::{AvailableIn, Expr, IntoList, IntoScalar, Uses, place},
    keys::Keys,
    permission::{Grants, Permission},
};

/// A step of a job. `A` says what it does: it runs a [`Script`], uses an action of the catalogue
/// ([`Checkout`](super::Checkout)) or [`AnyAction`], or [`Control`]s other steps.
///
/// ```
/// use accel_constructs::release::{Step, expr::github};
///
/// Step::run("gh pr edit \"$NUMBER\" --add-label ready")
///     .name("Label the pull request")
///     .env("NUMBER", github::event("pull_request.number"))
///     .env("GH_TOKEN", github::TOKEN);
/// ```
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsteps>
#[derive(Debug)]
#[must_use = "a step is added to a job: `job.step(..)`"]
pub struct Step<A = Script> {
    pub(super) data: StepData,
    does: PhantomData<fn() -> A>,
}

/// Runs a script.
#[derive(Debug)]
pub enum Script {}
/// Uses an action that is not in the catalogue.
#[derive(Debug)]
pub enum AnyAction {}
/// Waits for steps in the background, cancels one, or runs several at once.
#[derive(Debug)]
pub enum Control {}

/// What uses an action.
pub trait UsesAction {}
impl UsesAction for AnyAction {}

/// A step without its type.
#[derive(Clone, Debug)]
pub(super) struct StepData {
    pub(super) location: &'static Location<'static>,
    pub(super) id: Option<Text>,
    pub(super) action: Option<ActionRef>,
    pub(super) with: Keys,
    pub(super) env: Keys,
    pub(super) keys: Keys,
    /// The steps that run at once, of a step that runs others.
    pub(super) parallel: Vec<Self>,
    pub(super) grants: Grants,
    pub(super) uses: Uses,
}

/// What runs a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `bash` that stops at the first command that fails, one in a pipe too.
    Bash,
    /// `sh`, for containers without `bash`.
    Sh,
    /// PowerShell.
    Pwsh,
    /// The PowerShell that Windows brings.
    PowerShell,
    /// Python.
    Python,
    /// Any other: `nu {0}`, where `{0}` is the file with the script.
    Custom(Text),
}

impl From<Shell> for DocumentNode {
    fn from(shell: Shell) -> Self {
        Self::Value(Prop::String(match shell {
            Shell::Bash => Text::Static("bash"),
            Shell::Sh => Text::Static("sh"),
            Shell::Pwsh => Text::Static("pwsh"),
            Shell::PowerShell => Text::Static("powershell"),
            Shell::Python => Text::Static("python"),
            Shell::Custom(template) => template,
        }))
    }
}

impl Step<Script> {
    /// Runs a script, which is a text and nothing else: an expression in it is a diagnostic, as what
    /// it says would be run. Hand values over with [`env`](Self::env).
    #[track_caller]
    pub fn run(script: impl AsRef<str>) -> Self {
        let mut step = Self::new_at(Location::caller());
        step.data.keys.set("run", script_text(script.as_ref()));
        step
    }

    /// What runs the script; `bash` unless the workflow says otherwise.
    pub fn shell(mut self, shell: Shell) -> Self {
        self.data.keys.set("shell", shell);
        self
    }

    /// Where it runs, from the root of the workspace.
    pub fn working_directory(mut self, directory: impl IntoScalar<place::Step>) -> Self {
        let directory = self.data.uses.take(directory.into_scalar());
        self.data.keys.set("working-directory", directory);
        self
    }
}

/// Lines end with `\n`. What would need quotes on one line is a block of its own, as people write it.
fn script_text(script: &str) -> Prop {
    let script = script.replace("\r\n", "\n");
    let script = script.trim_end();
    let is_plain = script.starts_with(|c: char| c.is_ascii_alphanumeric() || "./$".contains(c))
        && !script.contains('\n')
        && !script.contains(": ")
        && !script.contains(" #");
    if is_plain || script.is_empty() { script.into() } else { format!("{script}\n").into() }
}

impl Step<AnyAction> {
    /// Uses an action.
    #[track_caller]
    pub fn uses(action: impl Into<ActionRef>) -> Self {
        Self::of_action(action.into(), Location::caller())
    }
}

impl Step<Control> {
    /// Waits for a step that runs in the background.
    #[track_caller]
    pub fn wait_for<A>(step: &Step<A>) -> Self {
        Self::control(Location::caller(), "wait", step.data.id.clone().unwrap_or(Text::Static("")))
    }

    /// Waits for all steps that run in the background.
    #[track_caller]
    pub fn wait_for_all() -> Self {
        Self::control(Location::caller(), "wait-all", true)
    }

    /// Cancels a step that runs in the background.
    #[track_caller]
    pub fn cancel<A>(step: &Step<A>) -> Self {
        let id = step.data.id.clone().unwrap_or(Text::Static(""));
        Self::control(Location::caller(), "cancel", id)
    }

    /// Runs the steps that are added with [`and`](Self::and) at once.
    #[track_caller]
    pub fn parallel() -> Self {
        Self::new_at(Location::caller())
    }

    /// One more step that runs at the same time.
    pub fn and<A>(mut self, step: Step<A>) -> Self {
        self.data.parallel.push(step.data);
        self
    }

    fn control(
        location: &'static Location<'static>,
        key: &'static str,
        value: impl Into<Prop>,
    ) -> Self {
        let mut step = Self::new_at(location);
        step.data.keys.set(key, value.into());
        step
    }
}

impl<A: UsesAction> Step<A> {
    /// Sets an input of the action, by its name. The setters of the catalogue know its type.
    pub fn with(self, input: impl Into<Text>, value: impl IntoScalar<place::Step>) -> Self {
        self.input(input, value)
    }

    pub(super) fn input<K>(
        mut self,
        input: impl Into<Text>,
        value: impl IntoScalar<place::Step, K>,
    ) -> Self {
        let value = self.data.uses.take(value.into_scalar());
        self.data.with.set(input, value);
        self
    }

    pub(super) fn input_list(
        mut self,
        input: &'static str,
        value: impl IntoList<place::Step>,
        separator: &'static str,
    ) -> Self {
        let value = self.data.uses.take(value.into_list(separator));
        self.data.with.set(input, value);
        self
    }

    /// An input that is a program, so a text and no expression.
    pub(super) fn program(mut self, input: &'static str, program: Text) -> Self {
        self.data.with.set(input, Prop::from(program.replace("\r\n", "\n").trim_end()));
        self
    }

    /// With the permissions and the safe defaults that accel knows of for the action.
    pub(super) fn catalogued(
        spec: &'static ActionSpec,
        location: &'static Location<'static>,
    ) -> Self {
        Self::of_action(spec.into(), location)
    }

    fn of_action(action: ActionRef, location: &'static Location<'static>) -> Self {
        Self { data: StepData::of_action(action, location), does: PhantomData }
    }
}

impl<A> Step<A> {
    const fn new_at(location: &'static Location<'static>) -> Self {
        Self { data: StepData::new(location), does: PhantomData }
    }

    /// What the log shows.
    pub fn name(mut self, name: impl IntoScalar<place::Step>) -> Self {
        let name = self.data.uses.take(name.into_scalar());
        self.data.keys.set("name", name);
        self
    }

    /// What other steps call it: `steps(&step).output("name")`.
    pub fn id(mut self, id: impl Into<Text>) -> Self {
        self.data.id = Some(id.into());
        self
    }

    pub(super) const fn own_id(&self) -> Option<&Text> {
        self.data.id.as_ref()
    }

    /// Runs only if the condition holds. Without a status function in it that means: and nothing
    /// before failed.
    pub fn if_<C: AvailableIn<place::StepCondition>>(mut self, condition: Expr<C>) -> Self {
        let condition = self.data.uses.condition(condition);
        self.data.keys.set("if", condition);
        self
    }

    /// Sets an environment variable; a script reads it as `"$NAME"`.
    pub fn env(mut self, name: impl Into<Text>, value: impl IntoScalar<place::Step>) -> Self {
        let value = self.data.uses.take(value.into_scalar());
        self.data.env.set(name, value);
        self
    }

    /// Stops it after so many minutes.
    pub fn timeout_minutes(mut self, minutes: impl IntoScalar<place::Step, i64>) -> Self {
        let minutes = self.data.uses.take(minutes.into_scalar());
        self.data.keys.set("timeout-minutes", minutes);
        self
    }

    /// Whether the job goes on when it fails.
    pub fn continue_on_error(mut self, go_on: impl IntoScalar<place::Step, bool>) -> Self {
        let go_on = self.data.uses.take(go_on.into_scalar());
        self.data.keys.set("continue-on-error", go_on);
        self
    }

    /// Runs beside the steps behind it; see [`Step::wait_for`].
    pub fn background(mut self) -> Self {
        self.data.keys.set("background", true);
        self
    }

    /// Asks for a permission of the job's token, with the reason.
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

impl StepData {
    const fn new(location: &'static Location<'static>) -> Self {
        Self {
            location,
            id: None,
            action: None,
            with: Keys::new(),
            env: Keys::new(),
            keys: Keys::new(),
            parallel: Vec::new(),
            grants: Grants::new(),
            uses: Uses::new(),
        }
    }

    fn of_action(action: ActionRef, location: &'static Location<'static>) -> Self {
        let mut data = Self::new(location);
        for (permission, reason) in hardening::permissions(action.name()) {
            data.grants.add(*permission, *reason);
        }
        for (input, value) in hardening::defaults(action.name()) {
            data.with.set(input, value);
        }
        data.action = Some(action);
        data
    }

    /// Itself and the steps that it runs at once.
    pub(super) fn all(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.parallel.iter().flat_map(Self::all)).collect()
    }

    pub(super) fn into_node(mut self) -> DocumentNode {
        if let Some(id) = self.id {
            self.keys.set("id", Prop::String(id));
        }
        if let Some(action) = self.action {
            let (uses, comment) = action.uses();
            self.keys
                .set_entry(DocumentEntry { behind: comment, ..DocumentEntry::new("uses", uses) });
        }
        if !self.with.is_empty() {
            self.keys.set_if_absent("with", self.with);
        }
        if !self.env.is_empty() {
            self.keys.set_if_absent("env", self.env);
        }
        if !self.parallel.is_empty() {
            let steps = self.parallel.into_iter().map(Self::into_node);
            self.keys.set("parallel", DocumentNode::List(steps.collect()));
        }
        self.keys.in_order(&[
            "name",
            "id",
            "if",
            "uses",
            "with",
            "env",
            "shell",
            "working-directory",
            "run",
            "timeout-minutes",
            "continue-on-error",
            "background",
        ])
    }
}
