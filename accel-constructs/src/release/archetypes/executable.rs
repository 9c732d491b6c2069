use accel_core::{Construct, Diagnostic, Scope, Text};
use typed_builder::TypedBuilder;

use super::toolchain::Toolchain;
use crate::release::{
    Attest, Checkout, DownloadArtifact, GithubWorkflow, HostedRunner, Job, Matrix, PullRequest,
    Push, Repository, Runner, Step, UploadArtifact, codes,
    expr::{github, matrix},
    permission,
};

/// The workflows of a program that people download.
///
/// | file | when | what |
/// |---|---|---|
/// | `test` | a pull request changes, something is merged | lints and tests |
/// | `release` | a tag `v*` is pushed | builds for every platform; checksums, attestations, a release |
///
/// The release has `<name>-<platform>.tar.gz` for each platform and `SHA256SUMS`. Whoever downloads one
/// can ask where it comes from: `gh attestation verify FILE --repo OWNER/NAME`.
///
/// ```
/// use accel_core::Scope;
/// use accel_constructs::release::{
///     Repository,
///     archetypes::{ExecutableTarget, ExecutableToolchain, ExecutableWorkflows},
/// };
///
/// fn tool(repository: &mut Scope<'_, Repository>) {
///     repository.add(
///         "tool",
///         ExecutableWorkflows::builder()
///             .name("shopctl")
///             .toolchain(ExecutableToolchain::Rust)
///             .targets([ExecutableTarget::LINUX_X64, ExecutableTarget::MACOS_ARM64])
///             .build(),
///     );
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct ExecutableWorkflows {
    /// The program.
    #[builder(setter(into))]
    name: Text,
    /// What it is made with.
    toolchain: ExecutableToolchain,
    /// The version of that; the one of accel unless said otherwise.
    #[builder(default, setter(strip_option, into))]
    version: Option<Text>,
    /// What it is built for, each on a machine of its own kind.
    #[builder(
        default = ExecutableTarget::ALL.to_vec(),
        setter(transform = |targets: impl IntoIterator<Item = ExecutableTarget>| {
            targets.into_iter().collect::<Vec<_>>()
        })
    )]
    targets: Vec<ExecutableTarget>,
    /// The environment of the repository that releases are made in.
    #[builder(default = Text::Static("release"), setter(into))]
    release_environment: Text,
}

/// What a program that people download is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutableToolchain {
    /// Cargo: the binary of the package, called as the program is.
    Rust,
    /// Go: the module itself.
    Go,
}

/// A platform that a program is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutableTarget {
    runner: HostedRunner,
    triple: &'static str,
}

impl ExecutableTarget {
    /// Linux on x86-64.
    pub const LINUX_X64: Self = Self::new(Runner::UBUNTU_24_04, "x86_64-unknown-linux-gnu");
    /// Linux on 64-bit ARM.
    pub const LINUX_ARM64: Self = Self::new(Runner::UBUNTU_24_04_ARM, "aarch64-unknown-linux-gnu");
    /// macOS on Apple's own processors.
    pub const MACOS_ARM64: Self = Self::new(Runner::MACOS_15, "aarch64-apple-darwin");
    /// Windows on x86-64.
    pub const WINDOWS_X64: Self = Self::new(Runner::WINDOWS_2025, "x86_64-pc-windows-msvc");

    /// Those that are built for unless said otherwise.
    pub const ALL: [Self; 4] =
        [Self::LINUX_X64, Self::LINUX_ARM64, Self::MACOS_ARM64, Self::WINDOWS_X64];

    /// A platform as Rust calls it, on a machine that builds for it without further tools.
    #[must_use]
    pub const fn new(runner: HostedRunner, triple: &'static str) -> Self {
        Self { runner, triple }
    }
}

impl Construct for ExecutableWorkflows {
    type Level = Repository;
    type Output = ();

    fn build(self, scope: &mut Scope<'_, Repository>) {
        if self.targets.is_empty() {
            let message = format!("the program {:?} is built for no platform", self.name);
            scope.report(
                Diagnostic::error(&codes::EMPTY_WORKFLOW_SET, message, scope.location())
                    .allowed("one platform or more")
                    .help(".targets([ExecutableTarget::LINUX_X64])"),
            );
            return;
        }
        let branch = scope.level().map_or("main", Repository::main_branch).to_owned();
        scope.add("test", self.test(&branch));
        scope.add("release", self.release());
    }
}

impl ExecutableWorkflows {
    fn install(&self, job: Job) -> Job {
        let toolchain = self.toolchain();
        let version = self.version.as_deref().unwrap_or(toolchain.version());
        toolchain.install(job, version)
    }

    const fn toolchain(&self) -> Toolchain {
        match self.toolchain {
            ExecutableToolchain::Rust => Toolchain::Rust,
            ExecutableToolchain::Go => Toolchain::Go,
        }
    }

    fn test(&self, branch: &str) -> GithubWorkflow {
        let test = Job::new("test", Runner::UBUNTU_24_04).step(Checkout::new());
        GithubWorkflow::new("Test")
            .on(PullRequest::new())
            .on(Push::new().branches([branch]))
            .job(self.install(test).step(self.toolchain().check()))
    }

    fn release(&self) -> GithubWorkflow {
        let platforms =
            self.targets.iter().fold(Matrix::new().fail_fast(true), |matrix, target| {
                let (runner, platform) = (target.runner.label(), target.triple);
                matrix.include([("runner", runner.into()), ("platform", platform.into())])
            });
        let build = Job::new("build", matrix("runner"))
            .name("Build for " + matrix("platform"))
            .matrix(platforms)
            .env("NAME", &*self.name)
            .env("PLATFORM", matrix("platform"))
            .step(Checkout::new());
        let compile = match self.toolchain {
            ExecutableToolchain::Rust => {
                "cargo build --release --locked --bin \"$NAME\"\n\
                 suffix=''\n\
                 test \"$RUNNER_OS\" != Windows || suffix=.exe\n\
                 mkdir dist\n\
                 tar -czf \"dist/$NAME-$PLATFORM.tar.gz\" -C target/release \"$NAME$suffix\""
            }
            ExecutableToolchain::Go => {
                "suffix=''\n\
                 test \"$RUNNER_OS\" != Windows || suffix=.exe\n\
                 mkdir bin dist\n\
                 CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o \"bin/$NAME$suffix\" .\n\
                 tar -czf \"dist/$NAME-$PLATFORM.tar.gz\" -C bin \"$NAME$suffix\""
            }
        };
        let keep = UploadArtifact::new("dist/*.tar.gz")
            .with_name("package-" + matrix("platform"))
            .if_no_files_found("error");
        let build = self.install(build).step(Step::run(compile).name("Build and pack")).step(keep);
        let fetch = DownloadArtifact::new().pattern("package-*").path("dist").merge_multiple(true);
        let publish = Job::new("publish", Runner::UBUNTU_24_04)
            .needs(&build)
            .environment(&*self.release_environment)
            .step(fetch)
            .step(
                Step::run("sha256sum -- *.tar.gz > SHA256SUMS")
                    .name("Checksums")
                    .working_directory("dist"),
            )
            .step(
                Attest::new().name("Say where it comes from").subject_checksums("dist/SHA256SUMS"),
            )
            .step(
                Step::run("gh release create \"$TAG\" --verify-tag --generate-notes dist/*")
                    .name("Release")
                    .env("GH_TOKEN", github::TOKEN)
                    .env("GH_REPO", github::REPOSITORY)
                    .env("TAG", github::REF_NAME)
                    .permission(permission::CONTENTS.write(), "to make a release"),
            );
        GithubWorkflow::new("Release").on(Push::new().tags(["v*"])).job(build).job(publish)
    }
}
