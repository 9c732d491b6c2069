//! What each set writes, and what it finds wrong.

use accel_core::{AccountInfo, AccountRef, App, Construct, Region, Scope, Stack, account_id};

use super::*;
use crate::release::{GithubOidcProvider, GithubRole, GithubRoleRef, GithubSubject};

/// An account whose id is known.
struct Account(&'static str);

impl Construct for Account {
    type Level = App;
    type Output = AccountRef;
    fn build(self, scope: &mut Scope<'_, App>) -> AccountRef {
        let id = Some(account_id!("111111111111"));
        scope.declare_account_as(self.0, AccountInfo { id, ..AccountInfo::default() })
    }
}

/// An app with a repository, an account, and a role in it that trusts `environments`.
struct World {
    app: App,
    account: AccountRef,
    role: GithubRoleRef,
}

const REPOSITORY: &str = "example/shop";

fn world(environments: &[&'static str]) -> World {
    let mut app = App::new("example");
    let account = app.add("accounts", Account("prod"));
    let mut stack = app.open("roles", Stack::new(account.in_region(Region::EU_WEST_1)));
    let provider = stack.add("provider", GithubOidcProvider);
    let role = GithubRole::builder()
        .name("shop")
        .provider(provider)
        .repository(&Repository::new(REPOSITORY))
        .trusts(environments.iter().map(|name| GithubSubject::environment(*name)))
        .build();
    let role = stack.add("role", role);
    World { app, account, role }
}

impl World {
    fn stage(&self, name: &'static str) -> Stage {
        Stage::new(name, &self.role, self.account.in_region(Region::EU_WEST_1))
    }

    fn image(&self) -> ImageRepository {
        ImageRepository::new(self.account.in_region(Region::EU_WEST_1), "example/shop")
    }

    /// The workflows of the repository, by the name of the file.
    fn files<C: Construct<Level = Repository>>(mut self, set: C) -> Vec<(String, String)> {
        self.app.open("shop", Repository::new(REPOSITORY)).add("set", set);
        let assembly = accel_synth::synth(self.app).unwrap_or_else(|problems| panic!("{problems}"));
        let prefix = format!("github/{REPOSITORY}/.github/workflows/");
        let files = assembly.files().filter_map(|(path, text)| {
            Some((path.strip_prefix(&prefix)?.to_owned(), text.to_owned()))
        });
        files.collect()
    }

    /// What is wrong with the set, without the lines of this test.
    fn problems<C: Construct<Level = Repository>>(mut self, set: C) -> String {
        self.app.open("shop", Repository::new(REPOSITORY)).add("set", set);
        let diagnostics = accel_synth::synth(self.app).expect_err("nothing was found wrong");
        let lines = diagnostics.to_string();
        lines.lines().filter(|line| !line.contains(".rs:")).collect::<Vec<_>>().join("\n")
    }
}

fn names(files: &[(String, String)]) -> Vec<&str> {
    files.iter().map(|(name, _)| name.as_str()).collect()
}

fn file<'a>(files: &'a [(String, String)], name: &str) -> &'a str {
    files.iter().find(|(other, _)| other == name).map(|(_, text)| text).unwrap()
}

fn gitops(environment: &'static str) -> GitopsDeployment {
    GitopsDeployment::new(
        environment,
        &GitopsRepository::new("example/gitops"),
        format!("example-{environment}"),
    )
}

fn service(world: &World) -> MicroserviceWorkflows {
    MicroserviceWorkflows::builder()
        .name("shop")
        .image(world.image())
        .publisher(&world.role)
        .preview(Preview::new(gitops("preview")).domain("preview.example.com"))
        .dev(gitops("dev").host("shop.dev.example.com"))
        .staging(gitops("staging"))
        .prod(gitops("prod"))
        .build()
}

#[test]
fn a_service_goes_from_the_pull_request_to_production_through_gitops() {
    let world = world(&["registry", "preview"]);
    let set = service(&world);
    let files = world.files(set);
    assert_eq!(
        names(&files),
        ["main.yml", "preview.yml", "pull-request.yml", "release.yml", "rollback.yml"]
    );
    insta::assert_snapshot!("service_main", file(&files, "main.yml"));
    insta::assert_snapshot!("service_preview", file(&files, "preview.yml"));
    insta::assert_snapshot!("service_release", file(&files, "release.yml"));
}

#[test]
fn a_service_of_ecs_gets_the_image_by_its_digest() {
    let world = world(&["registry", "dev", "staging", "prod"]);
    let ecs = |name| EcsDeployment::new(world.stage(name), "apps", "shop").container("web");
    let set = MicroserviceWorkflows::builder()
        .name("shop")
        .image(world.image())
        .publisher(&world.role)
        .dev(ecs("dev"))
        .staging(ecs("staging"))
        .prod(ecs("prod"))
        .build();
    let files = world.files(set);
    assert_eq!(names(&files), ["main.yml", "pull-request.yml", "release.yml", "rollback.yml"]);
    insta::assert_snapshot!("ecs_main", file(&files, "main.yml"));
}

#[test]
fn a_release_of_a_service_builds_nothing() {
    let world = world(&["registry", "preview"]);
    let set = service(&world);
    let files = world.files(set);
    for name in ["release.yml", "rollback.yml"] {
        assert!(!file(&files, name).contains("build-push-action"), "{name}");
    }
}

#[test]
fn a_site_is_built_once_and_synced() {
    let world = world(&["preview", "dev", "staging", "prod"]);
    let stage =
        |name| SpaStage::new(world.stage(name), format!("example-{name}"), "EDFDVBD6EXAMPLE");
    let set = SpaWorkflows::builder()
        .preview(SpaPreview::new(stage("preview")).domain("preview.example.com"))
        .dev(stage("dev"))
        .staging(stage("staging"))
        .prod(stage("prod"))
        .build();
    let files = world.files(set);
    assert_eq!(names(&files), ["main.yml", "preview.yml", "pull-request.yml", "release.yml"]);
    insta::assert_snapshot!("site_preview", file(&files, "preview.yml"));
    insta::assert_snapshot!("site_release", file(&files, "release.yml"));
}

#[test]
fn the_infrastructure_is_planned_deployed_and_watched() {
    let world = world(&["plan", "dev", "prod"]);
    let set = InfraWorkflows::builder()
        .plan(world.stage("plan"))
        .deploy([
            InfraStage::new(world.stage("dev")).only("dev"),
            InfraStage::new(world.stage("prod")),
        ])
        .build();
    let files = world.files(set);
    assert_eq!(names(&files), ["check.yml", "deploy.yml", "drift.yml", "plan.yml"]);
    for (name, text) in &files {
        insta::assert_snapshot!(format!("infra_{}", name.trim_end_matches(".yml")), text);
    }
}

#[test]
fn a_library_is_tested_in_a_matrix_and_published_without_a_secret() {
    let toolchains = [
        (Toolchain::Rust, "cargo publish"),
        (Toolchain::Node, "npm publish"),
        (Toolchain::Python, "pypa/gh-action-pypi-publish"),
        (Toolchain::Go, "release-please"),
    ];
    for (toolchain, publishes) in toolchains {
        let files = world(&["x"]).files(LibraryWorkflows::builder().toolchain(toolchain).build());
        assert_eq!(names(&files), ["release.yml", "test.yml"]);
        let release = file(&files, "release.yml");
        assert!(release.contains(publishes), "{release}");
        assert!(!release.contains("secrets."), "{release}");
        if toolchain == Toolchain::Rust {
            insta::assert_snapshot!("library_test", file(&files, "test.yml"));
            insta::assert_snapshot!("library_release", release);
        }
    }
}

#[test]
fn an_executable_is_released_with_checksums_and_attestations() {
    let set = ExecutableWorkflows::builder().name("shopctl").toolchain(ExecutableToolchain::Rust);
    let files = world(&["x"]).files(set.build());
    assert_eq!(names(&files), ["release.yml", "test.yml"]);
    insta::assert_snapshot!("executable_release", file(&files, "release.yml"));
}

#[test]
fn a_role_trusts_the_environments_that_its_jobs_run_in() {
    let world = world(&["registry"]);
    let set = service(&world);
    insta::assert_snapshot!(world.problems(set));
}

#[test]
fn a_role_is_that_of_the_repository() {
    let mut world = world(&["plan", "prod"]);
    let set = InfraWorkflows::builder()
        .plan(world.stage("plan"))
        .deploy([InfraStage::new(world.stage("prod"))])
        .build();
    world.app.open("other", Repository::new("example/other")).add("infra", set);
    let diagnostics = accel_synth::synth(world.app).unwrap_err().to_string();
    assert!(
        diagnostics.contains(
            "error[untrusted-environment]: the role \"shop\" does not trust example/other"
        ),
        "{diagnostics}"
    );
}

#[test]
fn each_stage_has_an_environment_of_its_own() {
    let world = world(&["registry", "preview"]);
    let set = MicroserviceWorkflows::builder()
        .name("shop")
        .image(world.image())
        .publisher(&world.role)
        .dev(gitops("dev"))
        .staging(gitops("prod"))
        .prod(gitops("prod"))
        .build();
    let problems = world.problems(set);
    assert!(
        problems.contains("error[duplicate-stage]: two stages deploy to the environment \"prod\""),
        "{problems}"
    );
}

#[test]
fn a_set_has_something_to_do() {
    let empty = "error[empty-workflow-set]";
    let infra = world(&["plan"]);
    let set = InfraWorkflows::builder().plan(infra.stage("plan")).deploy([]).build();
    assert!(infra.problems(set).starts_with(empty));
    let library = LibraryWorkflows::builder().toolchain(Toolchain::Go).systems([]).build();
    assert!(world(&["x"]).problems(library).starts_with(empty));
    let tool = ExecutableWorkflows::builder()
        .name("shopctl")
        .toolchain(ExecutableToolchain::Go)
        .targets([])
        .build();
    assert!(world(&["x"]).problems(tool).starts_with(empty));
}

#[test]
fn a_library_of_too_many_combinations_is_refused() {
    let versions = (0..300).map(|minor| format!("1.{minor}"));
    let set = LibraryWorkflows::builder().toolchain(Toolchain::Go).versions(versions).build();
    let problems = world(&["x"]).problems(set);
    assert!(problems.contains("error[matrix-size]"), "{problems}");
}
