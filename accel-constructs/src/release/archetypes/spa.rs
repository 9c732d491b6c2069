use accel_core::{Construct, IntoValue, Scope, Text, Value};
use typed_builder::TypedBuilder;

use super::{
    PREVIEW_LABEL, Stage, Toolchain, check_stages, loses_preview, preview_trigger, wants_preview,
};
use crate::release::{
    Checkout, Concurrency, DeploymentEnvironment, DownloadArtifact, GithubWorkflow, Job,
    PullRequest, Push, Repository, Runner, Step, UploadArtifact, event,
    expr::{github, needs, steps},
    permission,
};

/// The workflows of a single-page application: static files in a bucket behind CloudFront.
///
/// | file | when | what |
/// |---|---|---|
/// | `pull-request` | a pull request changes | lints, tests, builds |
/// | `preview` | it has the label | builds and puts it below `pr-<number>/`; takes it away again |
/// | `main` | something is merged | builds it once, deploys to dev |
/// | `release` | a release is published | the files of that build, staging, then production |
///
/// The same files are in every stage, so what differs between stages is asked for at run time. Files with
/// a digest in their name are kept for a year by browsers, all others are asked for again; the old
/// ones stay for pages that are open.
///
/// ```
/// use accel_core::{Scope, Value};
/// use accel_constructs::release::{
///     Repository,
///     archetypes::{SpaPreview, SpaStage, SpaWorkflows, Stage},
/// };
///
/// fn site(repository: &mut Scope<'_, Repository>, stages: [Stage; 4], distribution: Value<String>) {
///     let [preview, dev, staging, prod] = stages;
///     let preview = SpaStage::new(preview, "acme-site-previews", &distribution);
///     repository.add(
///         "site",
///         SpaWorkflows::builder()
///             .preview(SpaPreview::new(preview).domain("preview.example.com"))
///             .dev(SpaStage::new(dev, "acme-site-dev", &distribution))
///             .staging(SpaStage::new(staging, "acme-site-staging", &distribution))
///             .prod(SpaStage::new(prod, "acme-site-prod", &distribution))
///             .build(),
///     );
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct SpaWorkflows {
    /// Where what is merged is deployed.
    dev: SpaStage,
    /// Where a release is deployed first.
    staging: SpaStage,
    /// Where a release is deployed then.
    prod: SpaStage,
    /// What a pull request with the label gets.
    #[builder(default, setter(strip_option))]
    preview: Option<SpaPreview>,
    /// The version of Node.js that builds it.
    #[builder(default = Text::Static(Toolchain::Node.version()), setter(into))]
    node: Text,
    /// The directory that `npm run build` leaves it in.
    #[builder(default = Text::Static("dist"), setter(into))]
    output: Text,
    /// The directory in it whose files have a digest in their name.
    #[builder(default = Text::Static("assets"), setter(into))]
    assets: Text,
    /// What jobs run on.
    #[builder(default = Runner::UBUNTU_24_04.into(), setter(into))]
    runner: Runner,
}

/// Where the files go; see [`SpaWorkflows`].
#[derive(Clone, Debug)]
pub struct SpaStage {
    stage: Stage,
    bucket: Value<String>,
    distribution: Value<String>,
}

impl SpaStage {
    /// Into the bucket of this name, which the distribution with this id serves.
    pub fn new(
        stage: Stage,
        bucket: impl IntoValue<String>,
        distribution: impl IntoValue<String>,
    ) -> Self {
        Self { stage, bucket: bucket.into_value(), distribution: distribution.into_value() }
    }
}

/// Previews of pull requests; see [`SpaWorkflows`]. Each is a directory `pr-<number>/` of a bucket, which
/// a function of the distribution shows under a name of its own.
#[derive(Clone, Debug)]
pub struct SpaPreview {
    stage: SpaStage,
    label: Text,
    domain: Option<Text>,
}

impl SpaPreview {
    /// In this bucket.
    #[must_use]
    pub const fn new(stage: SpaStage) -> Self {
        Self { stage, label: Text::Static(PREVIEW_LABEL), domain: None }
    }

    /// The label that asks for one; `preview` unless said otherwise.
    #[must_use]
    pub fn label(mut self, label: impl Into<Text>) -> Self {
        self.label = label.into();
        self
    }

    /// The domain below which each has a name: `pr-17.preview.example.com`.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<Text>) -> Self {
        self.domain = Some(domain.into());
        self
    }
}

impl Construct for SpaWorkflows {
    type Level = Repository;
    type Output = ();

    fn build(self, scope: &mut Scope<'_, Repository>) {
        let previews = self.preview.iter().map(|preview| &preview.stage);
        let stages: Vec<&SpaStage> =
            [&self.dev, &self.staging, &self.prod].into_iter().chain(previews).collect();
        stages.iter().for_each(|stage| stage.stage.check(scope));
        check_stages(scope, &stages.iter().map(|stage| stage.stage.name()).collect::<Vec<_>>());
        scope.add("pull-request", self.pull_request());
        if let Some(preview) = &self.preview {
            scope.add("preview", self.preview(preview));
        }
        let branch = scope.level().map_or("main", Repository::main_branch).to_owned();
        scope.add("main", self.main(&branch));
        scope.add("release", self.release());
    }
}

impl SpaWorkflows {
    /// A job that has the sources and npm.
    fn job(&self, id: &'static str) -> Job {
        let job = Job::new(id, self.runner.clone()).step(Checkout::new());
        Toolchain::Node.install(job, &*self.node)
    }

    /// A job that leaves the files behind; no job with a role runs what `npm` brings.
    fn build(&self, days: i64) -> Job {
        let keep = UploadArtifact::new(&*self.output)
            .with_name("site")
            .if_no_files_found("error")
            .include_hidden_files(true)
            .retention_days(days);
        self.job("build")
            .step(Step::run("npm ci --ignore-scripts\nnpm run build").name("Build"))
            .step(keep)
    }

    fn pull_request(&self) -> GithubWorkflow {
        let test = self.job("test").step(Toolchain::Node.check());
        GithubWorkflow::new("Pull request").on(PullRequest::new()).job(test)
    }

    fn preview(&self, preview: &SpaPreview) -> GithubWorkflow {
        let number = || github::event("pull_request.number");
        let build = self.build(1).if_(wants_preview(&preview.label));
        let mut environment = DeploymentEnvironment::new(preview.stage.stage.name());
        if let Some(domain) = &preview.domain {
            environment = environment.url("https://pr-" + number() + &*format!(".{domain}"));
        }
        let deploy = Job::new("deploy", self.runner.clone())
            .needs(&build)
            .environment(environment)
            .env("PREFIX", "pr-" + number() + "/");
        let deploy = self.sync(deploy, &preview.stage, DownloadArtifact::new());
        let remove = Job::new("remove", self.runner.clone())
            .if_(loses_preview(&preview.label))
            .environment(preview.stage.stage.without_deployment())
            .env("PREFIX", "pr-" + number() + "/")
            .env("BUCKET", preview.stage.bucket.clone())
            .step(preview.stage.stage.credentials())
            .step(Step::run("aws s3 rm --recursive \"s3://$BUCKET/$PREFIX\"").name("Remove"));
        GithubWorkflow::new("Preview")
            .on(preview_trigger())
            .concurrency(Concurrency::new("preview-" + number()))
            .job(build)
            .job(deploy)
            .job(remove)
    }

    fn main(&self, branch: &str) -> GithubWorkflow {
        let build = self.build(90);
        let deploy = self.deploy(&self.dev, &build, DownloadArtifact::new());
        GithubWorkflow::new("Main").on(Push::new().branches([branch])).job(build).job(deploy)
    }

    fn release(&self) -> GithubWorkflow {
        let find = Step::run(
            r#"run=$(gh run list --workflow main.yml --commit "$GITHUB_SHA" --event push --status success --limit 1 --json databaseId --jq '.[0].databaseId // empty')
if test -z "$run"; then
  echo "No run of main.yml built $GITHUB_SHA, or it is not through yet: release a commit of the main branch that was deployed in the last 90 days." >&2
  exit 1
fi
echo "run=$run" >> "$GITHUB_OUTPUT""#,
        )
        .name("Find the run that built the commit")
        .id("find")
        .env("GH_TOKEN", github::TOKEN)
        .env("GH_REPO", github::REPOSITORY)
        .permission(permission::ACTIONS.read(), "to find the run");
        let run = steps(&find).output("run");
        let find = Job::new("find", self.runner.clone())
            .name("Find the build of the commit")
            .step(find)
            .output("run", run);
        let fetch = || {
            DownloadArtifact::new()
                .run_id(needs(&find).output("run"))
                .github_token(github::TOKEN)
                .permission(permission::ACTIONS.read(), "to fetch what the run built")
        };
        let staging = self.deploy(&self.staging, &find, fetch());
        let prod = self.deploy(&self.prod, &staging, fetch());
        GithubWorkflow::new("Release")
            .on(event::Release::Published)
            .job(find)
            .job(staging)
            .job(prod)
    }

    fn deploy(&self, to: &SpaStage, after: &Job, fetch: DownloadArtifact) -> Job {
        let name = to.stage.name();
        let job = Job::new(format!("deploy-{name}"), self.runner.clone())
            .name(format!("Deploy to {name}"))
            .needs(after)
            .concurrency(Concurrency::new(format!("deploy-{name}")))
            .environment(to.stage.environment())
            .env("PREFIX", "");
        self.sync(job, to, fetch)
    }

    /// First what pages ask for, then the pages, then nothing that they do not ask for any more.
    fn sync(&self, job: Job, to: &SpaStage, fetch: DownloadArtifact) -> Job {
        job.env("ASSETS", &*self.assets)
            .env("BUCKET", to.bucket.clone())
            .env("DISTRIBUTION", to.distribution.clone())
            .step(fetch.name("Fetch the files").with_name("site").path("site"))
            .step(to.stage.credentials())
            .step(Step::run(include_str!("scripts/spa-deploy.sh")).name("Deploy"))
    }
}
