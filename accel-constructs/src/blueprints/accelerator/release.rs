//! How what is merged gets into the accounts: roles, registries and workflows.

use accel_core::{
    AccountRef, App, Attr, PolicyDocument, Region, Scope, ScopeRef, Stack, StackSet, Text, Value,
    actions, policy::Statement, text,
};

use super::{Accelerator, CoreAccounts, EcsPlatform, Platform, StageRef, accounts, platform};
use crate::{
    foundation::{EveryAccount, GithubAccess, Organization},
    platform::{
        EcrRepository, EcrRepositoryRef, FargateService, FargateServiceRef, PullAccess, Route,
        StaticSite, StaticSiteRef,
    },
    release::{
        GithubOidcProvider, GithubRole, GithubRoleRef, GithubSubject, Repository,
        archetypes::{
            Deployment, EcsDeployment, ExecutableToolchain, ExecutableWorkflows, GitopsDeployment,
            GitopsRepository, ImageRepository, InfraStage, InfraWorkflows, LibraryWorkflows,
            MicroserviceWorkflows, Preview, SpaStage, SpaWorkflows, Stage, Toolchain,
        },
    },
};

/// What a team builds and runs: a repository with the workflows of its kind, and what these need in the
/// accounts of the first tenant.
#[derive(Clone, Debug)]
pub struct Service {
    name: Text,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Microservice(Platform),
    Spa,
    Library(Toolchain),
    Executable(ExecutableToolchain),
}

impl Service {
    /// A service in a container, that runs on a platform of the stages.
    pub fn microservice(name: impl Into<Text>, on: Platform) -> Self {
        Self { name: name.into(), kind: Kind::Microservice(on) }
    }

    /// A single-page application, behind CloudFront.
    pub fn spa(name: impl Into<Text>) -> Self {
        Self { name: name.into(), kind: Kind::Spa }
    }

    /// A library that others depend on.
    pub fn library(name: impl Into<Text>, toolchain: Toolchain) -> Self {
        Self { name: name.into(), kind: Kind::Library(toolchain) }
    }

    /// A program that people download.
    pub fn executable(name: impl Into<Text>, toolchain: ExecutableToolchain) -> Self {
        Self { name: name.into(), kind: Kind::Executable(toolchain) }
    }

    pub(super) const fn is_microservice(&self) -> bool {
        matches!(self.kind, Kind::Microservice(_))
    }

    /// Whether people reach it under a name.
    pub(super) const fn is_reached(&self) -> bool {
        matches!(self.kind, Kind::Microservice(_) | Kind::Spa)
    }

    pub(super) fn runs_on(&self, platform: Platform) -> bool {
        matches!(self.kind, Kind::Microservice(on) if on == platform)
    }
}

/// What a [`Service`] has.
#[derive(Clone, Debug)]
pub struct ServiceRef {
    /// Its name.
    pub name: Text,
    /// Its repository.
    pub repository: ScopeRef<Repository>,
    /// Where its images are, if it has any.
    pub images: Option<EcrRepositoryRef>,
    /// What runs on Amazon ECS, one per stage.
    pub fargate: Vec<FargateServiceRef>,
    /// Its sites, one per stage.
    pub sites: Vec<StaticSiteRef>,
}

/// How this program's own repository gets into every account.
#[derive(Clone, Debug)]
pub struct Access {
    /// The role that looks.
    pub plan: GithubRoleRef,
    /// The role that changes.
    pub apply: GithubRoleRef,
    /// Makes the provider that the roles of all repositories trust.
    members: ScopeRef<StackSet>,
}

pub(super) fn access(
    org: &mut Scope<'_, Organization>,
    suit: &Accelerator,
    stages: &[accounts::Stage],
) -> Access {
    let environments = environments(stages.iter().map(|stage| &stage.name));
    let access = GithubAccess::builder()
        .repository(&suit.repository)
        .plan_trusts([GithubSubject::environment("plan")])
        .apply_trusts(environments.into_iter().map(GithubSubject::environment))
        .build();
    let access = org.add("github", EveryAccount::builder().construct(access).build());
    let roles = access.in_members;
    Access { plan: roles.plan, apply: roles.apply, members: access.members }
}

/// What is deployed one after the other: what there is once, then each stage.
fn environments<'a>(stages: impl Iterator<Item = &'a Text>) -> Vec<Text> {
    let mut names = vec![Text::Static("core")];
    for stage in stages {
        if !names.contains(stage) {
            names.push(stage.clone());
        }
    }
    names
}

/// The repository that this program is in.
pub(super) fn infrastructure(
    app: &mut Scope<'_, App>,
    suit: &Accelerator,
    core: CoreAccounts,
    access: &Access,
    stages: &[&StageRef],
) -> ScopeRef<Repository> {
    let home = core.root.in_region(suit.home());
    let deploy = environments(stages.iter().map(|stage| &stage.name)).into_iter().map(|name| {
        let mut accounts: Vec<Text> = Vec::new();
        if &*name == "core" {
            accounts.extend(CoreAccounts::NAMES.map(Text::Static));
        }
        let of_stage = stages.iter().filter(|stage| stage.name == name);
        accounts.extend(of_stage.map(|stage| stage.account_name.clone()));
        let deploy = InfraStage::new(Stage::new(name, &access.apply, home));
        accounts.into_iter().fold(deploy, InfraStage::only)
    });
    let workflows = InfraWorkflows::builder()
        .plan(Stage::new("plan", &access.plan, home))
        .deploy(deploy)
        .build();
    let mut repository = app.open("infrastructure", suit.repository.clone());
    repository.add("workflows", workflows);
    repository.reference()
}

/// What is around all services.
pub(super) struct Around<'a> {
    pub(super) suit: &'a Accelerator,
    pub(super) artifacts: AccountRef,
    pub(super) organization_id: Attr<String>,
    pub(super) access: &'a Access,
    /// Development, staging and production.
    pub(super) stages: [&'a StageRef; 3],
}

impl Around<'_> {
    /// The service with this number: its rules of load balancers are asked in that order.
    pub(super) fn service(
        &self,
        app: &mut Scope<'_, App>,
        number: u16,
        service: &Service,
    ) -> ServiceRef {
        let name = &service.name;
        let repository = Repository::new(self.suit.sibling(name));
        let mut made = ServiceRef {
            name: name.clone(),
            repository: app.open(&format!("repository-{name}"), repository.clone()).reference(),
            images: None,
            fargate: Vec::new(),
            sites: Vec::new(),
        };
        match service.kind {
            Kind::Microservice(on) => {
                self.microservice(app, &repository, on, number, &mut made);
            }
            Kind::Spa => self.spa(app, &repository, &mut made),
            Kind::Library(toolchain) => {
                let workflows = LibraryWorkflows::builder().toolchain(toolchain).build();
                app.reopen(made.repository).add("workflows", workflows);
            }
            Kind::Executable(toolchain) => {
                let workflows =
                    ExecutableWorkflows::builder().name(name.clone()).toolchain(toolchain).build();
                app.reopen(made.repository).add("workflows", workflows);
            }
        }
        made
    }

    /// A role for the workflows of a repository, in a stack of its own.
    fn role(
        &self,
        stack: &mut Scope<'_, Stack>,
        id: &str,
        repository: &Repository,
        environment: &[Text],
        policy: PolicyDocument,
    ) -> GithubRoleRef {
        stack.after(self.access.members);
        let name = repository.slug().rsplit('/').next().unwrap_or_default();
        let role = GithubRole::builder()
            .name(format!("{name}-{id}"))
            .provider(GithubOidcProvider::existing())
            .repository(repository)
            .trusts(environment.iter().cloned().map(GithubSubject::environment))
            .policy(policy)
            .build();
        stack.add(id, role)
    }

    fn microservice(
        &self,
        app: &mut Scope<'_, App>,
        repository: &Repository,
        on: Platform,
        priority: u16,
        made: &mut ServiceRef,
    ) {
        let (name, home) = (made.name.clone(), self.artifacts.in_region(self.suit.home()));
        let images = EcrRepository::builder().name(repository.slug().to_owned());
        let mut stack = app.open(&format!("images-{name}"), Stack::new(home));
        let id = stack.share(self.organization_id, self.artifacts);
        let images = stack.add("images", images.pull([PullAccess::organization(id)]).build());
        let image = ImageRepository::of(&images, home);
        // Previews are of Kubernetes alone, in the cluster for development.
        let preview = on == Platform::Eks;
        let mut pushes = vec![Text::Static("registry")];
        pushes.extend(preview.then_some(Text::Static("preview")));
        let publisher =
            self.role(&mut stack, "publisher", repository, &pushes, image.push_policy());

        let gitops = GitopsRepository::new(self.suit.sibling("gitops"));
        let [dev, staging, prod] = self.stages.map(|stage| {
            let (eks, ecs) = (&stage.platforms.eks, &stage.platforms.ecs);
            if let (Platform::Ecs, Some(ecs)) = (on, ecs) {
                let tag = text![images.uri_in(home), ":", stage.name.clone()];
                let mut stack = app.reopen(ecs.stack);
                let service = fargate(&mut stack, &name, stage, ecs, tag, priority);
                let role =
                    self.deployer(app, repository, stage, &name, EcsDeployment::policy(&service));
                let to = EcsDeployment::of(role, &service);
                made.fargate.push(service);
                return Deployment::from(to);
            }
            let cluster = eks.as_ref().map_or(&*name, |eks| &*eks.cluster.literal_name);
            let to = GitopsDeployment::new(stage.name.clone(), &gitops, cluster.to_owned());
            Deployment::from(to.host(stage.host(&name)))
        });
        let workflows = MicroserviceWorkflows::builder()
            .name(name)
            .image(image)
            .publisher(&publisher)
            .dev(dev)
            .staging(staging)
            .prod(prod);
        let [development, ..] = self.stages;
        let workflows = match &development.platforms.eks {
            Some(eks) if preview => {
                let to = GitopsDeployment::new("preview", &gitops, &eks.cluster);
                let domain = format!("preview.{}", development.zone.domain);
                workflows.preview(Preview::new(to).domain(domain)).build()
            }
            _ => workflows.build(),
        };
        app.reopen(made.repository).add("workflows", workflows);
        made.images = Some(images);
    }

    fn spa(&self, app: &mut Scope<'_, App>, repository: &Repository, made: &mut ServiceRef) {
        let name = made.name.clone();
        let mut stages = Vec::new();
        for stage in self.stages {
            let Some(certificate) = stage.zone.certificate(Region::US_EAST_1) else { continue };
            let place = stage.account.in_region(self.suit.home());
            let mut stack = app.open(&format!("site-{name}"), Stack::new(place));
            let site = StaticSite::builder()
                .domain(stage.host(&name))
                .certificate(certificate)
                .zone(stage.zone.zone.id)
                .build();
            let site = stack.add("site", site);
            let policy = deploy_to_site(&site);
            let role = self.deployer(app, repository, stage, &name, policy);
            stages.push(SpaStage::new(role, text![site.bucket.name], text![site.distribution_id]));
            made.sites.push(site);
        }
        // Each stage's zone has a certificate there: the blueprint asked for it.
        if let Ok([dev, staging, prod]) = <[SpaStage; 3]>::try_from(stages) {
            let workflows = SpaWorkflows::builder().dev(dev).staging(staging).prod(prod).build();
            app.reopen(made.repository).add("workflows", workflows);
        }
    }

    /// The environment of a repository that stands for a stage, and the role that it deploys with.
    fn deployer(
        &self,
        app: &mut Scope<'_, App>,
        repository: &Repository,
        stage: &StageRef,
        name: &Text,
        policy: PolicyDocument,
    ) -> Stage {
        let place = stage.account.in_region(self.suit.home());
        let mut stack = app.open(&format!("deployer-{name}"), Stack::new(place));
        let environment = [stage.name.clone()];
        let role = self.role(&mut stack, "deployer", repository, &environment, policy);
        let url = format!("https://{}", stage.host(name));
        Stage::new(stage.name.clone(), &role, place).url(url)
    }
}

/// A service on Fargate behind the public load balancer, with a name in the stage's zone.
fn fargate(
    stack: &mut Scope<'_, Stack>,
    name: &Text,
    stage: &StageRef,
    ecs: &EcsPlatform,
    image: Value<String>,
    priority: u16,
) -> FargateServiceRef {
    let service = FargateService::builder()
        .cluster(&ecs.cluster)
        .vpc(ecs.vpc.id)
        .subnets(&ecs.vpc.private_subnets)
        .image(image)
        .name(name.clone())
        .port(8080);
    platform::name(stack, &stage.zone, name, &ecs.public);
    let route = Route::builder()
        .load_balancer(&ecs.public)
        .priority(priority)
        .hosts([stage.host(name)])
        .build();
    stack.add(&format!("service-{name}"), service.route(route).build())
}

/// What puts files into a site.
fn deploy_to_site(site: &StaticSiteRef) -> PolicyDocument {
    let files = actions!["s3:DeleteObject", "s3:GetObject", "s3:PutObject"];
    let invalidate = actions!["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"];
    PolicyDocument::from([
        Statement::allow(actions!["s3:ListBucket"]).resource(site.bucket.arn),
        Statement::allow(files).resource(text![site.bucket.arn, "/*"]),
        Statement::allow(invalidate).resource(&site.distribution_arn),
    ])
}
