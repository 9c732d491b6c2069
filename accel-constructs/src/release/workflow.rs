use accel_core::{Construct, Document, DocumentEntry, DocumentNode, Format, Prop, Scope, Text};

use super::{
    Repository, check,
    concurrency::Concurrency,
    expr::{IntoScalar, Uses, github, place},
    job::{Job, JobData},
    keys::Keys,
    permission::Grants,
    step::Shell,
    trigger::{Interface, Trigger},
};

/// A workflow of GitHub Actions. In the repository it is `.github/workflows/<id>.yml`.
///
/// Unless said otherwise it has no permissions (each job has those that its steps need), scripts run
/// in a `bash` that stops at the first failure, and a newer run takes the place of an older one: at
/// once for a pull request, after the older one is through for everything else.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>
#[derive(Debug)]
pub struct GithubWorkflow {
    pub(super) triggers: Vec<Trigger>,
    pub(super) jobs: Vec<JobData>,
    pub(super) env: Keys,
    pub(super) uses: Uses,
    pub(super) risk_acknowledged: Option<Text>,
    keys: Keys,
    defaults: Keys,
    has_concurrency: bool,
}

impl GithubWorkflow {
    /// A workflow that people know as `name`.
    pub fn new(name: impl Into<Text>) -> Self {
        let mut keys = Keys::new();
        keys.set("name", Prop::String(name.into()));
        let mut defaults = Keys::new();
        defaults.set("shell", Shell::Bash);
        Self {
            triggers: Vec::new(),
            jobs: Vec::new(),
            env: Keys::new(),
            uses: Uses::new(),
            risk_acknowledged: None,
            keys,
            defaults,
            has_concurrency: true,
        }
    }

    /// Starts the workflow. A second trigger of one event takes the place of the first, except that
    /// schedules add up.
    #[must_use]
    pub fn on(mut self, trigger: impl Into<Trigger>) -> Self {
        let trigger = trigger.into();
        match self.triggers.iter_mut().find(|other| other.event == trigger.event) {
            None => self.triggers.push(trigger),
            Some(other) => match (&mut other.node, trigger.node) {
                (DocumentNode::List(schedules), DocumentNode::List(more)) => schedules.extend(more),
                (_, node) => *other = Trigger { node, ..trigger },
            },
        }
        self
    }

    /// Adds a job.
    #[must_use]
    pub fn job<K>(mut self, job: Job<K>) -> Self {
        self.jobs.push(job.data);
        self
    }

    /// What GitHub shows for a run; without it the commit or the pull request.
    #[must_use]
    pub fn run_name(mut self, name: impl IntoScalar<place::Workflow>) -> Self {
        let name = self.uses.take(name.into_scalar());
        self.keys.set("run-name", name);
        self
    }

    /// Sets an environment variable for all jobs.
    #[must_use]
    pub fn env(
        mut self,
        name: impl Into<Text>,
        value: impl IntoScalar<place::WorkflowEnv>,
    ) -> Self {
        let value = self.uses.take(value.into_scalar());
        self.env.set(name, value);
        self
    }

    /// What runs the scripts of its jobs.
    #[must_use]
    pub fn shell(mut self, shell: Shell) -> Self {
        self.defaults.set("shell", shell);
        self
    }

    /// Where the scripts of its jobs run, from the root of the workspace.
    #[must_use]
    pub fn working_directory(mut self, directory: impl Into<Text>) -> Self {
        self.defaults.set("working-directory", Prop::String(directory.into()));
        self
    }

    /// Which runs run one after the other.
    #[must_use]
    pub fn concurrency(mut self, concurrency: Concurrency<place::Workflow>) -> Self {
        self.uses.extend(concurrency.uses);
        self.keys.set("concurrency", concurrency.keys);
        self
    }

    /// Lets its runs run at once.
    #[must_use]
    pub const fn no_concurrency(mut self) -> Self {
        self.has_concurrency = false;
        self
    }

    /// A run that somebody outside can start, with the secrets of the repository, checks out what
    /// that somebody wrote. Says why it cannot be made to run code.
    #[must_use]
    pub fn acknowledge_pwn_request_risk(mut self, reason: impl Into<Text>) -> Self {
        self.risk_acknowledged = Some(reason.into());
        self
    }

    /// The escape hatch: sets a key as it is, for those newer than this library.
    #[must_use]
    pub fn raw(mut self, key: impl Into<Text>, value: impl Into<DocumentNode>) -> Self {
        self.keys.set(key, value);
        self
    }

    pub(super) fn has_trigger(&self, event: &str) -> bool {
        self.triggers.iter().any(|trigger| trigger.event == event)
    }

    /// What it takes and gives, by hand or by call.
    pub(super) fn interface(&self) -> impl Iterator<Item = &Interface> {
        self.triggers.iter().filter_map(|trigger| trigger.interface.as_ref())
    }

    /// A run that waits gives way to a newer one, so only for events that say no more than which
    /// branch or tag is meant. A called workflow is part of its caller's run, and would wait for it.
    fn default_concurrency(&self) -> Option<Concurrency<place::Workflow>> {
        const OF_A_REF: [&str; 7] = [
            "push",
            "pull_request",
            "merge_group",
            "schedule",
            "workflow_dispatch",
            "release",
            "create",
        ];
        let takes_inputs = |interface: &Interface| !interface.inputs.is_empty();
        let of_a_ref = |trigger: &Trigger| {
            OF_A_REF.contains(&trigger.event)
                && !trigger.interface.as_ref().is_some_and(takes_inputs)
        };
        if !self.has_concurrency || !self.triggers.iter().all(of_a_ref) {
            return None;
        }
        let group = Concurrency::new(github::WORKFLOW + "-" + github::REF);
        Some(match self.triggers.as_slice() {
            [only] if only.event == "pull_request" => group.cancel_in_progress(true),
            _ if self.has_trigger("pull_request") => {
                group.cancel_in_progress(github::is_pull_request())
            }
            _ => group,
        })
    }

    fn into_root(mut self) -> DocumentNode {
        if let Some(concurrency) = self.default_concurrency() {
            self.keys.set_if_absent("concurrency", concurrency.keys);
        }
        let triggers = self.triggers.into_iter();
        let triggers = triggers.map(|trigger| DocumentEntry::new(trigger.event, trigger.node));
        self.keys.set_if_absent("on", DocumentNode::Map(triggers.collect()));
        self.keys.set_if_absent("permissions", DocumentNode::Map(Vec::new()));
        if !self.env.is_empty() {
            self.keys.set("env", self.env);
        }
        let has_scripts = self.jobs.iter().any(|job| job.called.is_none());
        if has_scripts {
            let defaults = [("run", DocumentNode::from(self.defaults))];
            self.keys.set_if_absent("defaults", DocumentNode::map(defaults));
        }
        let jobs = self.jobs.into_iter().map(JobData::into_entry);
        self.keys.set_if_absent("jobs", DocumentNode::Map(jobs.collect()));
        self.keys.in_order(&[
            "name",
            "run-name",
            "on",
            "permissions",
            "concurrency",
            "env",
            "defaults",
            "jobs",
        ])
    }
}

impl Construct for GithubWorkflow {
    type Level = Repository;
    type Output = WorkflowRef;

    fn build(self, scope: &mut Scope<'_, Repository>) -> WorkflowRef {
        check::check(&self, scope);
        let path = format!(".github/workflows/{}.yml", scope.id());
        let mut grants = Grants::new();
        self.jobs.iter().for_each(|job| grants.extend(&job.all_grants()));
        let called = self.triggers.iter().find(|trigger| trigger.event == "workflow_call");
        let reference = WorkflowRef {
            uses: format!("$/{path}").into(),
            version: None,
            interface: called.and_then(|trigger| trigger.interface.clone()),
            grants,
        };
        scope.document(Document::new(path, Format::Yaml, self.into_root()));
        reference
    }
}

/// A workflow that others can call: [`Job::calling`].
#[derive(Clone, Debug)]
pub struct WorkflowRef {
    pub(super) uses: Text,
    pub(super) version: Option<Text>,
    /// None for a workflow that nothing is known of.
    pub(super) interface: Option<Interface>,
    /// What its jobs need of the caller's token.
    pub(super) grants: Grants,
}

impl WorkflowRef {
    /// A workflow of another repository, `owner/name/.github/workflows/file.yml`, at the commit
    /// `sha` (40 digits), which is the release `version`.
    pub fn pinned(workflow: &str, version: impl Into<Text>, sha: &str) -> Self {
        Self {
            uses: format!("{workflow}@{sha}").into(),
            version: Some(version.into()),
            interface: None,
            grants: Grants::new(),
        }
    }

    pub(super) fn entry(self) -> DocumentEntry {
        let behind = self.version;
        DocumentEntry { behind, ..DocumentEntry::new("uses", Prop::String(self.uses)) }
    }
}
