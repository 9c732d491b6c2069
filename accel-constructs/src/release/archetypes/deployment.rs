use accel_core::{
    Diagnostic, PolicyDocument, Scope, Text, actions,
    policy::{Operator, Statement},
};

use super::{ImageRepository, Stage};
use crate::{
    platform::{EksClusterRef, FargateServiceRef},
    release::{
        AmazonEcsDeployTaskDefinition, AmazonEcsRenderTaskDefinition, Checkout, Concurrency,
        CreateGithubAppToken, DeploymentEnvironment, Job, Repository, Runner, Step, codes,
        expr::{Expr, context::Needs, env, secret, steps, variable},
        repository::is_slug,
    },
};

/// How an image gets to one stage.
#[derive(Clone, Debug)]
pub enum Deployment {
    /// Argo CD fetches it, from what is committed to a repository.
    Gitops(GitopsDeployment),
    /// ECS is given a task definition with it.
    Ecs(EcsDeployment),
}

impl From<GitopsDeployment> for Deployment {
    fn from(gitops: GitopsDeployment) -> Self {
        Self::Gitops(gitops)
    }
}
impl From<EcsDeployment> for Deployment {
    fn from(ecs: EcsDeployment) -> Self {
        Self::Ecs(ecs)
    }
}

/// The repository that Argo CD watches. Workflows commit to it as an app of GitHub, which is installed
/// there alone: its client id is the variable `GITOPS_CLIENT_ID`, its key the secret
/// `GITOPS_PRIVATE_KEY` of each environment that deploys.
///
/// Deploying the app `shop` to the cluster `acme-dev` writes `apps/acme-dev/shop/config.json`, with
/// `name`, `namespace`, `repository` and `revision` (where the chart is), `image.repository`,
/// `image.digest` and `host`: what a git file generator of an ApplicationSet makes an Application of.
///
/// Source: <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/>
#[derive(Clone, Debug)]
pub struct GitopsRepository {
    slug: Text,
    client_id: Text,
    private_key: Text,
}

impl GitopsRepository {
    /// The repository `owner/name`.
    pub fn new(slug: impl Into<Text>) -> Self {
        Self {
            slug: slug.into(),
            client_id: Text::Static("GITOPS_CLIENT_ID"),
            private_key: Text::Static("GITOPS_PRIVATE_KEY"),
        }
    }

    /// The names of the variable and of the secret of the app that commits.
    #[must_use]
    pub fn app(mut self, client_id: impl Into<Text>, private_key: impl Into<Text>) -> Self {
        self.client_id = client_id.into();
        self.private_key = private_key.into();
        self
    }

    /// `owner/name`.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Checks it out into `gitops` and runs `script` there, with a token for it and nothing else.
    fn change(&self, job: Job, what: &str, script: &str) -> Job {
        let (owner, name) = self.slug.split_once('/').unwrap_or((&self.slug, ""));
        let token = CreateGithubAppToken::new(secret(&self.private_key))
            .name("Become the app that may change the GitOps repository")
            .client_id(variable(&self.client_id))
            .owner(owner)
            .repositories([name])
            .permission_contents("write")
            .id("token");
        let read = || steps(&token).output("token");
        let checkout =
            Checkout::new().repository(&*self.slug).token(read()).path("gitops").name("Fetch it");
        let change =
            Step::run(script).name(what).working_directory("gitops").env("GH_TOKEN", read());
        job.step(token).step(checkout).step(change)
    }
}

/// A stage that Argo CD serves; see [`GitopsRepository`].
#[derive(Clone, Debug)]
pub struct GitopsDeployment {
    environment: Text,
    repository: GitopsRepository,
    cluster: Text,
    namespace: Option<Text>,
    host: Option<Text>,
}

impl GitopsDeployment {
    /// The environment `name` of the repository stands for `cluster`: an [`EksClusterRef`], or the name
    /// of one.
    pub fn new(
        name: impl Into<Text>,
        repository: &GitopsRepository,
        cluster: impl Into<Text>,
    ) -> Self {
        Self {
            environment: name.into(),
            repository: repository.clone(),
            cluster: cluster.into(),
            namespace: None,
            host: None,
        }
    }

    /// The namespace; the name of the application unless said otherwise.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Text>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// The name under which the application is reached: `shop.dev.example.com`.
    #[must_use]
    pub fn host(mut self, host: impl Into<Text>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// The name of the environment.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.environment
    }

    fn environment(&self) -> DeploymentEnvironment {
        let environment = DeploymentEnvironment::new(&*self.environment);
        match &self.host {
            Some(host) => environment.url(format!("https://{host}")),
            None => environment,
        }
    }

    /// A job that writes what `job` has in its variables; `NAME` and `HOST` may be set by the caller.
    pub(super) fn deploy(&self, job: Job, application: &str) -> Job {
        let namespace = self.namespace.as_deref().unwrap_or(application);
        let job = job.env("CLUSTER", &*self.cluster).env("NAMESPACE", namespace);
        self.repository.change(job, "Deploy", include_str!("scripts/gitops-deploy.sh"))
    }

    pub(super) fn remove(&self, job: Job) -> Job {
        let job = job.env("CLUSTER", &*self.cluster);
        self.repository.change(job, "Remove", include_str!("scripts/gitops-remove.sh"))
    }

    pub(super) fn check(&self, scope: &mut Scope<'_, Repository>) {
        let slug = &self.repository.slug;
        if !is_slug(slug) {
            let message = format!("{slug:?} is no repository of GitHub");
            scope.report(
                Diagnostic::error(&codes::INVALID_REPOSITORY, message, scope.location())
                    .allowed("owner/name")
                    .help("GitopsRepository::new(\"acme/gitops\")"),
            );
        }
    }
}

impl From<&EksClusterRef> for Text {
    fn from(cluster: &EksClusterRef) -> Self {
        cluster.literal_name.clone()
    }
}

/// A service of ECS. What its task definition says besides the image stays as it is: the latest revision
/// is taken, the infrastructure's own included, and a new one registered with the image.
#[derive(Clone, Debug)]
pub struct EcsDeployment {
    stage: Stage,
    cluster: Text,
    service: Text,
    family: Text,
    container: Text,
}

impl EcsDeployment {
    /// The service of a cluster, both by name. Its task definition's family and its container are called
    /// like the service, unless said otherwise.
    pub fn new(stage: Stage, cluster: impl Into<Text>, service: impl Into<Text>) -> Self {
        let service = service.into();
        Self {
            stage,
            cluster: cluster.into(),
            family: service.clone(),
            container: service.clone(),
            service,
        }
    }

    /// A service of this program.
    #[must_use]
    pub fn of(stage: Stage, service: &FargateServiceRef) -> Self {
        Self::new(stage, &service.cluster.literal_name, &service.literal_name)
            .family(&service.family)
    }

    /// What the role of a stage needs that deploys a service: new revisions of its task definition, with
    /// the roles that it has.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html>
    #[must_use]
    pub fn policy(service: &FargateServiceRef) -> PolicyDocument {
        let revise =
            Statement::allow(actions!["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]);
        let update = Statement::allow(actions!["ecs:DescribeServices", "ecs:UpdateService"]);
        let pass = Statement::allow(actions!["iam:PassRole"])
            .resources([service.task_role.arn, service.execution_role.arn])
            .when(Operator::StringEquals, "iam:PassedToService", "ecs-tasks.amazonaws.com");
        PolicyDocument::from([revise.resource("*"), update.resource(service.arn), pass])
    }

    /// The family of its task definition.
    #[must_use]
    pub fn family(mut self, family: impl Into<Text>) -> Self {
        self.family = family.into();
        self
    }

    /// The container that gets the image.
    #[must_use]
    pub fn container(mut self, container: impl Into<Text>) -> Self {
        self.container = container.into();
        self
    }

    fn deploy(&self, job: Job) -> Job {
        let render = AmazonEcsRenderTaskDefinition::new(
            &*self.container,
            env("IMAGE") + "@" + env("DIGEST"),
        )
        .name("Put the image into the task definition")
        .task_definition_family(&*self.family)
        .id("task");
        let deploy = AmazonEcsDeployTaskDefinition::new(steps(&render).output("task-definition"))
            .name("Deploy, and wait until it is stable")
            .cluster(&*self.cluster)
            .service(&*self.service)
            .wait_for_service_stability(true);
        job.step(self.stage.credentials()).step(render).step(deploy)
    }
}

impl Deployment {
    /// The name of the environment of the repository.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Gitops(gitops) => gitops.name(),
            Self::Ecs(ecs) => ecs.stage.name(),
        }
    }

    /// A job that deploys the image with a digest that another job knows. It needs the variable
    /// `REVISION` still: the commit or the tag that is deployed.
    pub(super) fn job(
        &self,
        runner: Runner,
        application: &str,
        image: &ImageRepository,
        digest: Expr<Needs>,
    ) -> Job {
        let name = self.name();
        let job = Job::new(format!("deploy-{name}"), runner)
            .name(format!("Deploy to {name}"))
            .concurrency(Concurrency::new(format!("deploy-{name}")))
            .env("IMAGE", image.uri())
            .env("DIGEST", digest);
        match self {
            Self::Gitops(gitops) => {
                let host = gitops.host.as_deref().unwrap_or_default();
                let job = job.environment(gitops.environment());
                gitops.deploy(job.env("NAME", application).env("HOST", host), application)
            }
            Self::Ecs(ecs) => ecs.deploy(job.environment(ecs.stage.environment())),
        }
    }

    pub(super) fn check(&self, scope: &mut Scope<'_, Repository>) {
        match self {
            Self::Gitops(gitops) => gitops.check(scope),
            Self::Ecs(ecs) => ecs.stage.check(scope),
        }
    }
}
