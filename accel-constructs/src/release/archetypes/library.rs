use accel_core::{Construct, Diagnostic, Scope, Text};
use typed_builder::TypedBuilder;

use super::toolchain::{AXIS, Toolchain, Version};
use crate::release::{
    Checkout, CratesIoAuth, DependencyReview, DownloadArtifact, GithubWorkflow, HostedRunner, Job,
    Matrix, PullRequest, Push, PypiPublish, ReleasePlease, Repository, Runner, Step,
    UploadArtifact, codes,
    expr::{github, matrix, needs, steps},
    permission,
};

/// The workflows of a library that others depend on.
///
/// | file | when | what |
/// |---|---|---|
/// | `test` | a pull request changes, something is merged | every version on every system; new dependencies |
/// | `release` | something is merged | proposes the next release; once that is merged, publishes it |
///
/// It is published without a secret: the registry trusts the workflow `release.yml` in the environment
/// `release` of the repository. For Go, whose registry is the tag itself, there is nothing to publish.
///
/// ```
/// use accel_core::Scope;
/// use accel_constructs::release::{
///     Repository, Runner,
///     archetypes::{LibraryWorkflows, Toolchain},
/// };
///
/// fn library(repository: &mut Scope<'_, Repository>) {
///     repository.add(
///         "library",
///         LibraryWorkflows::builder()
///             .toolchain(Toolchain::Rust)
///             .versions(["1.88", "stable"])
///             .systems([Runner::UBUNTU_24_04, Runner::WINDOWS_2025])
///             .build(),
///     );
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct LibraryWorkflows {
    /// What it is made with.
    toolchain: Toolchain,
    /// The versions of that which it works with, the oldest one first; the one of accel unless said
    /// otherwise. A release is built with the last.
    #[builder(default, setter(transform = |versions: impl IntoIterator<Item: Into<Text>>| {
        Some(versions.into_iter().map(Into::into).collect::<Vec<_>>())
    }))]
    versions: Option<Vec<Text>>,
    /// The systems that it works on.
    #[builder(
        default = vec![Runner::UBUNTU_24_04, Runner::MACOS_15, Runner::WINDOWS_2025],
        setter(transform = |systems: impl IntoIterator<Item = HostedRunner>| {
            systems.into_iter().collect::<Vec<_>>()
        })
    )]
    systems: Vec<HostedRunner>,
    /// The environment of the repository that the registry trusts.
    #[builder(default = Text::Static("release"), setter(into))]
    release_environment: Text,
}

impl Construct for LibraryWorkflows {
    type Level = Repository;
    type Output = ();

    fn build(self, scope: &mut Scope<'_, Repository>) {
        if self.systems.is_empty() || self.versions.as_ref().is_some_and(Vec::is_empty) {
            let message = "the library is tested with no version or on no system";
            scope.report(
                Diagnostic::error(&codes::EMPTY_WORKFLOW_SET, message, scope.location())
                    .allowed("one version and one system, or more")
                    .help(".versions([\"1.95\"]).systems([Runner::UBUNTU_24_04])"),
            );
            return;
        }
        let branch = scope.level().map_or("main", Repository::main_branch).to_owned();
        scope.add("test", self.test(&branch));
        scope.add("release", self.release(&branch));
    }
}

impl LibraryWorkflows {
    fn versions(&self) -> Vec<Text> {
        self.versions.clone().unwrap_or_else(|| vec![Text::Static(self.toolchain.version())])
    }

    /// With what a release is built.
    fn install(&self, job: Job) -> Job {
        let last = self.versions.iter().flatten().last();
        self.toolchain.install(job, last.map_or(self.toolchain.version(), Text::as_str))
    }

    fn test(&self, branch: &str) -> GithubWorkflow {
        let versions = self.versions().into_iter().map(accel_core::Prop::String);
        let axes = Matrix::new()
            .axis("system", self.systems.iter().map(|system| system.label()))
            .axis(AXIS, versions)
            .fail_fast(false);
        let test = Job::new("test", matrix("system"))
            .name("Test on " + matrix("system") + " with " + matrix(AXIS))
            .matrix(axes)
            .step(Checkout::new());
        let test = self.toolchain.install(test, Version::OfMatrix).step(self.toolchain.check());
        let dependencies = Job::new("dependencies", Runner::UBUNTU_24_04)
            .if_(github::is_pull_request())
            .step(Checkout::new())
            .step(DependencyReview::new().fail_on_severity("moderate"));
        GithubWorkflow::new("Test")
            .on(PullRequest::new())
            .on(Push::new().branches([branch]))
            .job(test)
            .job(dependencies)
    }

    fn release(&self, branch: &str) -> GithubWorkflow {
        let please = ReleasePlease::new().release_type(self.toolchain.release_type()).id("release");
        let created = steps(&please).output("release_created");
        let propose = Job::new("propose", Runner::UBUNTU_24_04)
            .name("Propose or make a release")
            .output("created", created)
            .step(please);
        let is_created = || needs(&propose).output("created").is("true");
        let workflow = GithubWorkflow::new("Release").on(Push::new().branches([branch]));
        let package = || {
            let job =
                Job::new("package", Runner::UBUNTU_24_04).if_(is_created()).step(Checkout::new());
            self.install(job)
        };
        let publish = |packaged: &Job| {
            Job::new("publish", Runner::UBUNTU_24_04)
                .if_(is_created())
                .environment(&*self.release_environment)
                .needs(packaged)
        };
        let keep = |path: &'static str| {
            UploadArtifact::new(path).with_name("package").if_no_files_found("error")
        };
        let fetch = || DownloadArtifact::new().with_name("package").path("dist");
        match self.toolchain {
            Toolchain::Go => workflow.job(propose),
            Toolchain::Rust => {
                let package = package().step(
                    Step::run("cargo package --locked").name("Package, to see that it builds"),
                );
                let log_in = CratesIoAuth::new().id("registry");
                let token = steps(&log_in).output("token");
                let publish = publish(&package).step(Checkout::new());
                let publish = self.install(publish).step(log_in).step(
                    Step::run("cargo publish --locked --no-verify")
                        .name("Publish")
                        .env("CARGO_REGISTRY_TOKEN", token),
                );
                workflow.job(propose).job(package).job(publish)
            }
            Toolchain::Node => {
                let pack = "npm ci --ignore-scripts\n\
                            npm run build --if-present\n\
                            mkdir dist-package\n\
                            npm pack --pack-destination dist-package";
                let package = package()
                    .step(Step::run(pack).name("Package"))
                    .step(keep("dist-package/*.tgz"));
                let publish = publish(&package).step(fetch());
                let publish = self.install(publish).step(
                    Step::run("npm publish --access public --provenance ./dist/*.tgz")
                        .name("Publish")
                        .permission(permission::ID_TOKEN.write(), "to publish as this workflow"),
                );
                workflow.job(propose).job(package).job(publish)
            }
            Toolchain::Python => {
                let package =
                    package().step(Step::run("uv build").name("Package")).step(keep("dist/*"));
                let publish = publish(&package).step(fetch()).step(PypiPublish::new());
                workflow.job(propose).job(package).job(publish)
            }
        }
    }
}
