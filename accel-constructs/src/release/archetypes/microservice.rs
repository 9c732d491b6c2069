use accel_core::{Construct, Scope, Text};
use typed_builder::TypedBuilder;

use super::{
    Deployment, GitopsDeployment, ImageRepository, PREVIEW_LABEL, Stage, check_stages,
    loses_preview, preview_trigger, wants_preview,
};
use crate::release::{
    Checkout, Concurrency, DeploymentEnvironment, DockerBuildPush, GithubRoleRef, GithubWorkflow,
    Job, PullRequest, Push, Repository, Runner, SetupBuildx, Step, WorkflowDispatch, WorkflowInput,
    event,
    expr::{AvailableIn, Expr, Template, env, github, input, needs, place, steps},
};

/// The workflows of a service that is one image: from the pull request to production.
///
/// | file | when | what |
/// |---|---|---|
/// | `pull-request` | a pull request changes | builds the stage `test` of the Dockerfile |
/// | `preview` | it has the label | builds, pushes and deploys it; takes it away again |
/// | `main` | something is merged | builds and pushes `sha-<commit>`, deploys to dev |
/// | `release` | a release is published | tags that image with the version, staging, then production |
/// | `rollback` | by hand | deploys the image of an earlier version |
///
/// Nothing is built twice, and what is deployed is named by its digest. The gate before production is
/// the environment's: its required reviewers.
///
/// ```
/// use accel_core::{AccountRef, Region, Scope};
/// use accel_constructs::{
///     platform::EksClusterRef,
///     release::{
///         GithubRoleRef, Repository,
///         archetypes::{
///             GitopsDeployment, GitopsRepository, ImageRepository, MicroserviceWorkflows, Preview,
///         },
///     },
/// };
///
/// fn shop(
///     repository: &mut Scope<'_, Repository>,
///     artifacts: AccountRef,
///     publisher: &GithubRoleRef,
///     [dev, staging, prod]: [&EksClusterRef; 3],
/// ) {
///     let gitops = GitopsRepository::new("acme/gitops");
///     let stage = |name: &'static str, cluster| GitopsDeployment::new(name, &gitops, cluster);
///     repository.add(
///         "service",
///         MicroserviceWorkflows::builder()
///             .name("shop")
///             .image(ImageRepository::new(artifacts.in_region(Region::EU_WEST_1), "acme/shop"))
///             .publisher(publisher)
///             .preview(Preview::new(stage("preview", dev)).domain("preview.example.com"))
///             .dev(stage("dev", dev))
///             .staging(stage("staging", staging))
///             .prod(stage("prod", prod).host("shop.example.com"))
///             .build(),
///     );
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct MicroserviceWorkflows {
    /// What the service is called in a cluster.
    #[builder(setter(into))]
    name: Text,
    /// Where its image is.
    image: ImageRepository,
    /// The role that pushes it, with [`ImageRepository::push_policy`]. It trusts the environment
    /// `registry`, and that of previews if there are any.
    #[builder(setter(transform = |role: &GithubRoleRef| role.clone()))]
    publisher: GithubRoleRef,
    /// Where what is merged is deployed.
    #[builder(setter(into))]
    dev: Deployment,
    /// Where a release is deployed first.
    #[builder(setter(into))]
    staging: Deployment,
    /// Where a release is deployed then.
    #[builder(setter(into))]
    prod: Deployment,
    /// What a pull request with the label gets.
    #[builder(default, setter(strip_option))]
    preview: Option<Preview>,
    /// The environment in which images are pushed.
    #[builder(default = Text::Static("registry"), setter(into))]
    registry_environment: Text,
    /// The stage of the Dockerfile that runs the tests.
    #[builder(default = Text::Static("test"), setter(into))]
    test_stage: Text,
    /// What the image runs on: `linux/arm64`, or several with commas between them. Built without
    /// emulation, so the runner is of that kind.
    #[builder(default = Text::Static("linux/amd64"), setter(into))]
    platforms: Text,
    /// What jobs run on.
    #[builder(default = Runner::UBUNTU_24_04.into(), setter(into))]
    runner: Runner,
}

/// Previews of pull requests; see [`MicroserviceWorkflows`]. They are called `<name>-pr-<number>`.
#[derive(Clone, Debug)]
pub struct Preview {
    target: GitopsDeployment,
    label: Text,
    domain: Option<Text>,
}

impl Preview {
    /// Deployed in this environment of the repository.
    #[must_use]
    pub const fn new(target: GitopsDeployment) -> Self {
        Self { target, label: Text::Static(PREVIEW_LABEL), domain: None }
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

impl Construct for MicroserviceWorkflows {
    type Level = Repository;
    type Output = ();

    fn build(self, scope: &mut Scope<'_, Repository>) {
        self.check(scope);
        scope.add("pull-request", self.pull_request());
        if let Some(preview) = &self.preview {
            scope.add("preview", self.preview(preview));
        }
        let branch = scope.level().map_or("main", Repository::main_branch).to_owned();
        scope.add("main", self.main(branch));
        scope.add("release", self.release());
        scope.add("rollback", self.rollback());
    }
}

impl MicroserviceWorkflows {
    fn check(&self, scope: &mut Scope<'_, Repository>) {
        let stages = [&self.dev, &self.staging, &self.prod];
        for stage in stages {
            stage.check(scope);
        }
        let mut environments = stages.map(Deployment::name).to_vec();
        environments.push(&self.registry_environment);
        self.publishing(&self.registry_environment).check(scope);
        if let Some(preview) = &self.preview {
            preview.target.check(scope);
            self.publishing(preview.target.name()).check(scope);
            environments.push(preview.target.name());
        }
        check_stages(scope, &environments);
    }

    /// The role that pushes, in an environment.
    fn publishing(&self, environment: &str) -> Stage {
        Stage::new(environment, &self.publisher, self.image.home)
    }

    fn pull_request(&self) -> GithubWorkflow {
        let test = DockerBuildPush::new()
            .name("Run the tests")
            .target(&*self.test_stage)
            .platforms(&*self.platforms);
        let job = Job::new("test", self.runner.clone())
            .step(Checkout::new())
            .step(SetupBuildx::new())
            .step(test);
        GithubWorkflow::new("Pull request").on(PullRequest::new()).job(job)
    }

    fn preview(&self, preview: &Preview) -> GithubWorkflow {
        let number = || github::event("pull_request.number");
        let name = || format!("{}-pr-", self.name);
        let commit = || github::event("pull_request.head.sha");
        let tag = env("IMAGE") + ":pr-" + number() + "-" + commit();
        let stage = self.publishing(preview.target.name());
        let build = self.build("build", &stage, tag).if_(wants_preview(&preview.label));
        let digest = needs(&build).output("digest");
        let mut environment = DeploymentEnvironment::new(preview.target.name());
        let deploy = Job::new("deploy", self.runner.clone())
            .env("NAME", &*name() + number())
            .env("IMAGE", self.image.uri())
            .env("DIGEST", digest)
            .env("REVISION", commit());
        let deploy = match &preview.domain {
            Some(domain) => {
                let below = format!(".{domain}");
                environment = environment.url("https://pr-" + number() + &*below);
                deploy.env("HOST", "pr-" + number() + &*below)
            }
            None => deploy.env("HOST", ""),
        };
        let deploy = preview.target.deploy(deploy.environment(environment), &self.name);
        let remove = Job::new("remove", self.runner.clone())
            .if_(loses_preview(&preview.label))
            .environment(DeploymentEnvironment::new(preview.target.name()).deployment(false))
            .env("NAME", &*name() + number());
        GithubWorkflow::new("Preview")
            .on(preview_trigger())
            .concurrency(Concurrency::new("preview-" + number()))
            .job(build)
            .job(deploy)
            .job(preview.target.remove(remove))
    }

    fn main(&self, branch: String) -> GithubWorkflow {
        let tag = env("IMAGE") + ":sha-" + github::SHA;
        let build = self.build("build", &self.publishing(&self.registry_environment), tag);
        let deploy = self.deploy(&self.dev, &build, github::SHA);
        GithubWorkflow::new("Main").on(Push::new().branches([branch])).job(build).job(deploy)
    }

    fn release(&self) -> GithubWorkflow {
        let version = || github::event("release.tag_name");
        let promote = self
            .with_registry("promote", &self.publishing(&self.registry_environment))
            .name("Tag the image of the commit")
            .env("VERSION", version());
        let tag = Step::run(
            r#"digest=$(docker buildx imagetools inspect --format '{{json .Manifest}}' "$IMAGE:sha-$GITHUB_SHA" | jq --raw-output .digest)
docker buildx imagetools create --tag "$IMAGE:$VERSION" "$IMAGE@$digest"
echo "digest=$digest" >> "$GITHUB_OUTPUT""#,
        )
        .name("Give it the version, without building it again")
        .id("image");
        let digest = steps(&tag).output("digest");
        let promote = promote.step(tag).output("digest", digest);
        let staging = self.deploy(&self.staging, &promote, version());
        let prod = self.deploy(&self.prod, &promote, version()).needs(&staging);
        GithubWorkflow::new("Release")
            .on(event::Release::Published)
            .job(promote)
            .job(staging)
            .job(prod)
    }

    fn rollback(&self) -> GithubWorkflow {
        let stages = [&self.staging, &self.prod];
        let find = self
            .with_registry("find", &self.publishing(&self.registry_environment))
            .name("Find the image of the version")
            .env("VERSION", input("version"));
        let inspect = Step::run(
            r#"digest=$(docker buildx imagetools inspect --format '{{json .Manifest}}' "$IMAGE:$VERSION" | jq --raw-output .digest)
echo "digest=$digest" >> "$GITHUB_OUTPUT""#,
        )
        .name("Look it up")
        .id("image");
        let digest = steps(&inspect).output("digest");
        let find = find.step(inspect).output("digest", digest);
        let version = WorkflowInput::string("version").description("The version to go back to");
        let stage =
            WorkflowInput::choice("stage", stages.map(Deployment::name)).description("Where");
        let workflow = GithubWorkflow::new("Rollback")
            .run_name("Back to " + input("version") + " in " + input("stage"))
            .on(WorkflowDispatch::new().input(version.required()).input(stage.required()))
            .concurrency(Concurrency::new("rollback"));
        let jobs = stages.map(|stage| {
            self.deploy(stage, &find, input("version")).if_(input("stage").is(stage.name()))
        });
        jobs.into_iter().fold(workflow.job(find), GithubWorkflow::job)
    }

    fn deploy<C: AvailableIn<place::JobEnv>>(
        &self,
        to: &Deployment,
        after: &Job,
        revision: Expr<C>,
    ) -> Job {
        let digest = needs(after).output("digest");
        to.job(self.runner.clone(), &self.name, &self.image, digest).env("REVISION", revision)
    }

    /// A job that may pull and push.
    fn with_registry(&self, id: &'static str, stage: &Stage) -> Job {
        Job::new(id, self.runner.clone())
            .environment(stage.without_deployment())
            .env("IMAGE", self.image.uri())
            .step(stage.credentials())
            .step(self.image.log_in())
    }

    fn build<C: AvailableIn<place::Step>>(
        &self,
        id: &'static str,
        stage: &Stage,
        tag: Template<C>,
    ) -> Job {
        let push = DockerBuildPush::new()
            .name("Build and push the image")
            .push(true)
            .tags(tag)
            .platforms(&*self.platforms)
            .provenance("mode=max")
            .sbom(true)
            .id("image");
        let digest = steps(&push).output("digest");
        self.with_registry(id, stage)
            .step(Checkout::new())
            .step(SetupBuildx::new())
            .step(push)
            .output("digest", digest)
    }
}
