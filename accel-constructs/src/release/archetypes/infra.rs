use accel_core::{Construct, Diagnostic, Scope, Text};
use typed_builder::TypedBuilder;

use super::{Stage, check_stages};
use crate::release::{
    Checkout, Concurrency, GithubWorkflow, Job, PullRequest, Push, Repository, Runner,
    RustToolchain, Schedule, Step, UploadArtifact, WorkflowDispatch, codes, expr::github,
    permission,
};

/// The workflows of the repository that the infrastructure's own program is in.
///
/// | file | when | what |
/// |---|---|---|
/// | `check` | a pull request changes, something is merged | tests, `check` |
/// | `plan` | a pull request changes | `diff` with what is merged, and `plan` against AWS |
/// | `deploy` | something is merged, or by hand | `synth`, then `deploy` stage after stage |
/// | `drift` | by schedule, or by hand | `drift`; what it finds becomes an issue |
///
/// `plan`, `deploy` and `drift` are commands of a program with accel's feature `deploy`: the package needs
/// a feature of that name that turns it on. A stage waits for the one before and for whoever its
/// environment asks.
///
/// ```
/// use accel_core::{AccountRef, Region, Scope};
/// use accel_constructs::release::{
///     GithubRoleRef, Repository,
///     archetypes::{InfraStage, InfraWorkflows, Stage},
/// };
///
/// fn infrastructure(
///     repository: &mut Scope<'_, Repository>,
///     root: AccountRef,
///     [planner, deployer]: [&GithubRoleRef; 2],
/// ) {
///     let home = root.in_region(Region::US_EAST_1);
///     let stage = |name: &'static str| InfraStage::new(Stage::new(name, deployer, home));
///     repository.add(
///         "infrastructure",
///         InfraWorkflows::builder()
///             .plan(Stage::new("plan", planner, home))
///             .deploy([stage("dev").only("dev"), stage("prod")])
///             .build(),
///     );
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct InfraWorkflows {
    /// The environment and the role that read: for plans and for drift. Code that nobody has reviewed
    /// runs with it, from branches of the repository alone.
    plan: Stage,
    /// What is deployed, one after the other.
    #[builder(setter(transform = |stages: impl IntoIterator<Item = InfraStage>| {
        stages.into_iter().collect::<Vec<_>>()
    }))]
    deploy: Vec<InfraStage>,
    /// When drift is looked for: minute, hour, day, month, day of the week, in UTC.
    #[builder(default = Text::Static("0 5 * * 1-5"), setter(into))]
    drift_schedule: Text,
    /// The version of Rust that builds the program.
    #[builder(default = Text::Static("1.95"), setter(into))]
    rust: Text,
    /// What jobs run on.
    #[builder(default = Runner::UBUNTU_24_04.into(), setter(into))]
    runner: Runner,
}

/// What is deployed at once; see [`InfraWorkflows`].
#[derive(Clone, Debug)]
pub struct InfraStage {
    stage: Stage,
    only: Vec<Text>,
}

impl InfraStage {
    /// All that differs, with the role of the stage.
    #[must_use]
    pub const fn new(stage: Stage) -> Self {
        Self { stage, only: Vec::new() }
    }

    /// Only what is below this path of the tree, such as an account's name; may be said several times.
    #[must_use]
    pub fn only(mut self, path: impl Into<Text>) -> Self {
        self.only.push(path.into());
        self
    }
}

impl Construct for InfraWorkflows {
    type Level = Repository;
    type Output = ();

    fn build(self, scope: &mut Scope<'_, Repository>) {
        self.plan.check(scope);
        self.deploy.iter().for_each(|stage| stage.stage.check(scope));
        let names = self.deploy.iter().map(|stage| stage.stage.name());
        let names: Vec<&str> = names.chain([self.plan.name()]).collect();
        check_stages(scope, &names);
        if self.deploy.is_empty() {
            let message = "the infrastructure has no stage to deploy";
            scope.report(
                Diagnostic::error(&codes::EMPTY_WORKFLOW_SET, message, scope.location())
                    .allowed("one stage or more")
                    .help(".deploy([InfraStage::new(Stage::new(\"prod\", &role, environment))])"),
            );
        }
        let branch = scope.level().map_or("main", Repository::main_branch).to_owned();
        scope.add("check", self.check(&branch));
        scope.add("plan", self.plan());
        scope.add("deploy", self.deploy(&branch));
        scope.add("drift", self.drift());
    }
}

impl InfraWorkflows {
    /// A job that has the program.
    fn job(&self, id: impl Into<Text>) -> Job {
        Job::new(id, self.runner.clone())
            .step(Checkout::new())
            .step(RustToolchain::new(&*self.rust).components("clippy, rustfmt"))
    }

    fn check(&self, branch: &str) -> GithubWorkflow {
        let job = self
            .job("check")
            .step(Step::run("cargo fmt --check").name("Formatted"))
            .step(
                Step::run("cargo clippy --locked --all-targets -- --deny warnings").name("Linted"),
            )
            .step(Step::run("cargo test --locked").name("Tested"))
            .step(Step::run("cargo run --release --locked -- check").name("It synthesizes"));
        GithubWorkflow::new("Check")
            .on(PullRequest::new())
            .on(Push::new().branches([branch]))
            .job(job)
    }

    fn plan(&self) -> GithubWorkflow {
        let base = Checkout::new()
            .name("What is merged")
            .with_ref(github::event("pull_request.base.sha"))
            .path("base");
        let synth = "cargo run --release --locked -- synth --out ../base.out";
        let diff = self
            .job("diff")
            .name("Difference")
            .step(base)
            .step(Step::run(synth).name("Synthesize what is merged").working_directory("base"))
            .step(report("Compare", "cargo run --release --locked -- diff base.out"));
        let plan = self
            .job("plan")
            .name("Plan")
            .if_(github::event("pull_request.head.repo.full_name").is(github::REPOSITORY))
            .environment(self.plan.without_deployment())
            .step(Step::run(BUILD).name("Build, before there are credentials"))
            .step(self.plan.credentials())
            .step(report("Plan", "cargo run --release --locked --features deploy -- plan"));
        GithubWorkflow::new("Plan").on(PullRequest::new()).job(diff).job(plan)
    }

    fn deploy(&self, branch: &str) -> GithubWorkflow {
        let synth = self
            .job("synth")
            .name("Synthesize")
            .step(
                Step::run("cargo run --release --locked -- synth --out accel.out")
                    .name("The assembly, for whoever approves"),
            )
            .step(
                UploadArtifact::new("accel.out").with_name("assembly").if_no_files_found("error"),
            );
        let mut jobs = vec![synth];
        for stage in &self.deploy {
            let only = stage.only.iter().map(|path| format!(" --only {path}"));
            let deploy = format!(
                "cargo run --release --locked --features deploy -- deploy --yes{}",
                only.collect::<String>()
            );
            let name = stage.stage.name();
            let job = self
                .job(format!("deploy-{name}"))
                .name(format!("Deploy {name}"))
                .timeout_minutes(360)
                .environment(stage.stage.environment())
                .step(Step::run(BUILD).name("Build, before there are credentials"))
                .step(stage.stage.credentials())
                .step(Step::run(deploy).name("Deploy"));
            let job = match jobs.last() {
                Some(before) => job.needs(before),
                None => job,
            };
            jobs.push(job);
        }
        let workflow = GithubWorkflow::new("Deploy")
            .on(Push::new().branches([branch]))
            .on(WorkflowDispatch::new())
            // One deployment at a time, whatever started it.
            .concurrency(Concurrency::new("deploy"));
        jobs.into_iter().fold(workflow, GithubWorkflow::job)
    }

    fn drift(&self) -> GithubWorkflow {
        let drift = Step::run(include_str!("scripts/drift.sh"))
            .name("Look for drift")
            .env("GH_TOKEN", github::TOKEN)
            .permission(permission::ISSUES.write(), "to say what has drifted");
        let job = self
            .job("drift")
            .timeout_minutes(120)
            .environment(self.plan.without_deployment())
            .step(Step::run(BUILD).name("Build, before there are credentials"))
            .step(self.plan.credentials())
            .step(drift);
        GithubWorkflow::new("Drift")
            .on(Schedule::cron(self.drift_schedule.clone()))
            .on(WorkflowDispatch::new())
            .job(job)
    }
}

/// What the program is built with where it speaks to AWS.
const BUILD: &str = "cargo build --release --locked --features deploy";

/// A command whose answer stands on the page of the run, even if it fails: `diff` does, if data would be
/// lost.
fn report(name: &'static str, command: &str) -> Step {
    Step::run(format!(
        "status=0\n\
         {command} > report.txt || status=$?\n\
         cat report.txt\n\
         {{ echo '```'; head --bytes 900000 report.txt; echo '```'; }} >> \"$GITHUB_STEP_SUMMARY\"\n\
         exit \"$status\""
    ))
    .name(name)
}
