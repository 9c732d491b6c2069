//! Only GitHub: the workflows of five kinds of repositories, and the roles that they assume.
//! `cargo run --example github-only -- synth --out accel.out`, then
//! `cargo run --example github-only -- write --repository acme/shop ../shop` for each checkout.

use std::process::ExitCode;

use accel::{
    constructs::release::{
        Checkout, GithubOidcProvider, GithubRole, GithubSubject, RustToolchain, Schedule,
        archetypes::{
            ExecutableToolchain, ExecutableWorkflows, GitopsDeployment, GitopsRepository,
            ImageRepository, InfraStage, InfraWorkflows, LibraryWorkflows, MicroserviceWorkflows,
            Preview, SpaPreview, SpaStage, SpaWorkflows, Stage, Toolchain,
        },
        expr::github,
        permission,
    },
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(github_only())
}

pub(crate) fn github_only() -> App {
    let mut app = App::new("acme");

    // One account is enough to show it. Its id may be unknown: workflows then read a variable of GitHub.
    let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
    let account = Account::builder()
        .email(email!("aws+apps@example.com"))
        .id(account_id!("111111111111"))
        .build();
    let home = org.add("apps", account).in_region(Region::EU_WEST_1);

    // The roles: each trusts environments of one repository and nothing else.
    let [infra, shop, site] = ["acme/infra", "acme/shop", "acme/site"].map(Repository::new);
    let images = ImageRepository::new(home, "acme/shop");
    let mut roles = app.open("github", Stack::new(home));
    let provider = roles.add("provider", GithubOidcProvider);
    let mut role = |name: &'static str, repository, environments: &[&'static str], policy| {
        let trusts = environments.iter().map(|name| GithubSubject::environment(*name));
        let role = GithubRole::builder()
            .name(name)
            .provider(provider)
            .repository(repository)
            .trusts(trusts)
            .policy(policy)
            .build();
        roles.add(name, role)
    };
    let read = Statement::allow(actions!["cloudformation:Describe*"]).resource("*");
    let planner = role("infra-planner", &infra, &["plan"], PolicyDocument::from([read]));
    let change = Statement::allow(actions!["cloudformation:*"]).resource("*");
    let deployer = role("infra-deployer", &infra, &["prod"], PolicyDocument::from([change]));
    let publisher = role("shop-publisher", &shop, &["registry", "preview"], images.push_policy());
    let stages = ["preview", "dev", "staging", "prod"];
    let sync = Statement::allow(actions!["s3:PutObject", "s3:ListBucket", "s3:DeleteObject"])
        .resources(["arn:aws:s3:::acme-site-*", "arn:aws:s3:::acme-site-*/*"]);
    let invalidate = Statement::allow(actions!["cloudfront:CreateInvalidation"]).resource("*");
    let syncer = role("site-deployer", &site, &stages, PolicyDocument::from([sync, invalidate]));

    let plan = Stage::new("plan", &planner, home);
    let prod = InfraStage::new(Stage::new("prod", &deployer, home));
    let workflows = InfraWorkflows::builder().plan(plan).deploy([prod]).build();
    app.open("infra", infra).add("workflows", workflows);

    let gitops = GitopsRepository::new("acme/gitops");
    let on =
        |stage: &'static str, cluster: &'static str| GitopsDeployment::new(stage, &gitops, cluster);
    let workflows = MicroserviceWorkflows::builder()
        .name("shop")
        .image(images)
        .publisher(&publisher)
        .preview(Preview::new(on("preview", "acme-dev")).domain("preview.example.com"))
        .dev(on("dev", "acme-dev"))
        .staging(on("staging", "acme-staging"))
        .prod(on("prod", "acme-prod").host("shop.example.com"))
        .build();
    app.open("shop", shop).add("workflows", workflows);

    let [preview, dev, staging, prod] = stages.map(|name| {
        let stage = Stage::new(name, &syncer, home);
        SpaStage::new(stage, format!("acme-site-{name}"), format!("E{}", name.to_uppercase()))
    });
    let workflows = SpaWorkflows::builder()
        .preview(SpaPreview::new(preview).domain("preview.example.com"))
        .dev(dev)
        .staging(staging)
        .prod(prod)
        .build();
    app.open("site", site).add("workflows", workflows);

    let workflows = LibraryWorkflows::builder().toolchain(Toolchain::Rust).build();
    let mut money = app.open("library", Repository::new("acme/money"));
    money.add("workflows", workflows);
    // A workflow of one's own beside a set: new versions of dependencies, as a pull request.
    let update = Job::new("update", Runner::UBUNTU_24_04)
        .step(Checkout::new().with_push())
        .step(RustToolchain::new("1.95"))
        .step(Step::run(UPDATE).name("Propose newer versions").env("GH_TOKEN", github::TOKEN))
        .permission(permission::PULL_REQUESTS.write(), "to propose them");
    money.add(
        "dependencies",
        GithubWorkflow::new("Dependencies").on(Schedule::cron("0 4 * * 1")).job(update),
    );

    let tool = ExecutableWorkflows::builder().name("shopctl").toolchain(ExecutableToolchain::Go);
    app.open("tool", Repository::new("acme/shopctl")).add("workflows", tool.build());

    app
}

const UPDATE: &str = "\
cargo update
git diff --quiet && exit 0
git config user.name \"$GITHUB_ACTOR\"
git config user.email \"$GITHUB_ACTOR@users.noreply.github.com\"
git switch --create \"update-$GITHUB_RUN_ID\"
git commit --all --message 'Update dependencies'
git push --set-upstream origin HEAD
gh pr create --fill
";
