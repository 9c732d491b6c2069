use super::*;

#[test]
fn a_repository_is_an_owner_and_a_name() {
    let mut app = App::new("example");
    let _ = app.open("platform", Repository::new("platform"));
    let diagnostics = accel_synth::synth(app).unwrap_err().to_string();
    assert!(diagnostics.contains("error[invalid-repository]: \"platform\" is no repository"));
}

#[test]
fn a_workflow_has_a_trigger_and_a_job_and_a_job_has_a_step() {
    insta::assert_snapshot!(problems(GithubWorkflow::new("Test")), @r#"
    error[workflow-without-trigger]: the workflow "platform/test": nothing starts it
       = help: add one: .on(Push::new())

    error[workflow-without-job]: the workflow "platform/test": it has no jobs
       = help: add one: .job(Job::new(..))
    "#);
    insta::assert_snapshot!(problems(around(Job::new("test", "ubuntu-24.04"))), @r#"
    error[job-without-step]: the workflow "platform/test", job "test": it has no steps
       = help: add one: .step(Step::run(".."))
    "#);
}

#[test]
fn ids_are_identifiers_and_differ() {
    let step = |id: &str| Step::run("true").id(id.to_owned());
    let job = Job::new("1st job", "ubuntu-24.04").step(step("__a")).step(step("b")).step(step("B"));
    let other = Job::new("1ST JOB", "ubuntu-24.04").step(step("b")).env("GITHUB_X", 1);
    insta::assert_snapshot!(problems(around(job).job(other)), @r#"
    error[workflow-duplicate-name]: the workflow "platform/test": two jobs have the id "1ST JOB"
       = help: give one of them another id

    error[workflow-invalid-name]: the workflow "platform/test", job "1st job": "1st job" cannot be an id
       = note: allowed: a letter or `_`, then letters, digits, `-` and `_`; not `__` in front
       = help: GitHub shows the name, which is any text: .name("..")

    error[workflow-invalid-name]: the workflow "platform/test", job "1st job", step "__a": "__a" cannot be an id
       = note: allowed: a letter or `_`, then letters, digits, `-` and `_`; not `__` in front
       = help: GitHub shows the name, which is any text: .name("..")

    error[workflow-duplicate-name]: the workflow "platform/test", job "1st job": two steps have the id "B"
       = help: give one of them another id

    error[workflow-invalid-name]: the workflow "platform/test", job "1ST JOB": "1ST JOB" cannot be an id
       = note: allowed: a letter or `_`, then letters, digits, `-` and `_`; not `__` in front
       = help: GitHub shows the name, which is any text: .name("..")

    error[workflow-invalid-name]: the workflow "platform/test", job "1ST JOB": "GITHUB_X" cannot be an environment variable
       = note: allowed: a letter or `_`, then letters, digits and `_`; not `GITHUB_` in front
       = help: give it another name
    "#);
}

#[test]
fn jobs_wait_for_jobs_that_exist_and_not_for_each_other() {
    let job = |id: &str| Job::new(id.to_owned(), "ubuntu-24.04").step(Step::run("true"));
    let workflow = around(job("build").needs_id("deploy"))
        .job(job("test").needs_id("build"))
        .job(job("deploy").needs_id("test").needs_id("biuld"));
    insta::assert_snapshot!(problems(workflow), @r#"
    error[unknown-job]: the workflow "platform/test", job "deploy": it waits for "biuld", a job that the workflow does not have
       = note: allowed: build, test, deploy
       = help: did you mean "build"?

    error[job-cycle]: the workflow "platform/test": its jobs wait for each other: build -> deploy -> test -> build
       = help: let one of them not wait, or split it in two
    "#);
}

#[test]
fn what_is_read_exists() {
    let forgotten = Job::new("build", "ubuntu-24.04").step(Step::run("true"));
    let nameless = Step::run("true");
    let late = Checkout::new().id("late");
    let checkout = Checkout::new().id("checkout");
    let other = Job::new("other", "ubuntu-24.04").step(Step::run("true")).output("tag", "1");
    let job = Job::new("test", "ubuntu-24.04")
        .env("A", needs(&forgotten).output("a"))
        .env("B", needs(&other).output("tga"))
        .env("C", matrix("os"))
        .env("D", input("level"))
        .step(
            Step::run("true")
                .env("E", steps(&nameless).output("e"))
                .env("F", steps(&late).output("commit")),
        )
        .step(late)
        .step(checkout.name(matrix("so")))
        .output("g", steps(&Checkout::new().id("checkout")).output("comit"))
        .matrix(Matrix::new().axis("os", ["ubuntu-24.04"]));
    insta::assert_snapshot!(problems(around(job).job(other)), @r#"
    error[unknown-job]: the workflow "platform/test", job "test": it waits for "build", a job that the workflow does not have
       = note: allowed: test, other

    error[unknown-output]: the workflow "platform/test", job "test": the job "other" has no output "tga"
       = note: allowed: tag

    error[unknown-input]: the workflow "platform/test", job "test": the input "level" is read, which no trigger takes
       = note: allowed: none

    error[unknown-step]: the workflow "platform/test", job "test", step 1: a step is read that has no id
       = help: give it one: .id("build")

    error[unknown-step]: the workflow "platform/test", job "test", step 1: the step "late" is read, which is not before it in the job
       = note: allowed: none

    error[unknown-axis]: the workflow "platform/test", job "test", step "checkout": it reads the axis "so", which its matrix does not have
       = note: allowed: os

    error[unknown-output]: the workflow "platform/test", job "test": actions/checkout has no output "comit"
       = note: allowed: ref, commit
       = help: did you mean "commit"?
    "#);
}

#[test]
fn a_matrix_makes_1_to_256_jobs() {
    let with =
        |matrix| around(Job::new("test", "ubuntu-24.04").step(Step::run("a")).matrix(matrix));
    insta::assert_snapshot!(
        problems(with(Matrix::new().axis("a", 0..16).axis("b", 0..16).axis("c", 0..2))), @r#"
    error[matrix-size]: the workflow "platform/test", job "test": its matrix makes 512 jobs
       = note: allowed: 1 to 256
       = help: split it into two jobs, or change what is included and excluded
    "#
    );
    insta::assert_snapshot!(problems(with(Matrix::new())), @r#"
    error[matrix-size]: the workflow "platform/test", job "test": its matrix makes 0 jobs
       = note: allowed: 1 to 256
       = help: split it into two jobs, or change what is included and excluded
    "#);
    printed(with(Matrix::new().axis("a", 0..16).axis("b", 0..16)));
}

#[test]
fn somebody_who_starts_a_workflow_is_asked_for_25_inputs_at_most() {
    let dispatch = |inputs: u32| {
        (0..inputs).fold(WorkflowDispatch::new(), |trigger, number| {
            trigger.input(WorkflowInput::string(format!("input{number}")))
        })
    };
    let job = || Job::new("test", "ubuntu-24.04").step(Step::run("true"));
    insta::assert_snapshot!(problems(around(job()).on(dispatch(26))), @r#"
    error[too-many-inputs]: the workflow "platform/test": it asks for 26 inputs
       = note: allowed: at most 25
       = help: several small ones can be one JSON text
    "#);
    printed(around(job()).on(dispatch(25)));
}

#[test]
fn a_schedule_has_five_fields() {
    let job = Job::new("test", "ubuntu-24.04").step(Step::run("true"));
    let workflow = around(job).on(Schedule::cron("@daily")).on(Schedule::cron("0 5 * * MON-FRI"));
    insta::assert_snapshot!(problems(workflow), @r#"
    error[invalid-cron]: the workflow "platform/test": "@daily" is no schedule
       = note: allowed: minute, hour, day of the month, month, day of the week
       = help: for instance `30 5 * * 1-5`: at 5:30 from Monday to Friday
    "#);
}

#[test]
fn a_script_has_something_in_it_but_no_expression() {
    insta::assert_snapshot!(problems(around_step(Step::run(" \n"))), @r#"
    error[empty-script]: the workflow "platform/test", job "test", step 1: its script is empty
       = help: say what it runs, or leave it out
    "#);
    let title = "echo ${{ github.event.issue.title }}";
    insta::assert_snapshot!(problems(around_step(Step::run(title))), @r#"
    error[expression-in-script]: the workflow "platform/test", job "test", step 1: its script has an expression in it, and what that says would be run
       = help: hand the value over with .env("NAME", ..) and read it as "$NAME"
    "#);
    let by_hand = Step::run("true").raw("run", title);
    assert!(problems(around_step(by_hand)).contains("expression-in-script"));
    let script = GithubScript::new(format!("console.log(`{title}`)"));
    insta::assert_snapshot!(problems(around_step(script)), @r#"
    error[expression-in-script]: the workflow "platform/test", job "test", step 1: its script has an expression in it, and what that says would be run
       = help: hand the value over with .env("NAME", ..) and read it as process.env.NAME
    "#);
}

#[test]
fn an_expression_is_not_written_as_text() {
    let step = Step::run("true").env("A", "${{ github.sha }}");
    insta::assert_snapshot!(problems(around_step(step)), @r#"
    error[untyped-expression]: the workflow "platform/test", job "test", step 1: "${{ github.sha }}" has an expression in it
       = help: put it together: "deploy-" + github::REF_NAME
    "#);
}

#[test]
fn an_expression_has_at_most_21000_characters() {
    let step = Step::run("true").if_(github::SHA.is("x".repeat(21_000)));
    insta::assert_snapshot!(problems(around_step(step)), @r#"
    error[expression-size]: the workflow "platform/test", job "test", step 1: `if` is 21016 characters long
       = note: allowed: at most 21000
       = help: read a file, or an output that was put together
    "#);
}

#[test]
fn an_action_takes_the_inputs_it_has_and_all_that_it_needs() {
    let step = SetupNode::new().with("node-versoin", 22).cache("bun");
    insta::assert_snapshot!(problems(around_step(step)), @r#"
    error[unknown-input]: the workflow "platform/test", job "test", step 1: actions/setup-node v7.0.0 has no input "node-versoin"
       = note: allowed: architecture, cache, cache-dependency-path, check-latest, mirror, mirror-token, node-version, node-version-file, package-manager-cache, registry-url, scope, token
       = help: did you mean "node-version"?

    error[invalid-action-input]: the workflow "platform/test", job "test", step 1: cache of actions/setup-node cannot be "bun"
       = note: allowed: npm, yarn, pnpm
    "#);
    insta::assert_snapshot!(problems(around_step(DeployArgocd::new().cluster("a"))), @r#"
    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "application"
       = help: give it: .with("application", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "github-pat"
       = help: give it: .with("github-pat", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "image"
       = help: give it: .with("image", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "image-tag"
       = help: give it: .with("image-tag", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "namespace"
       = help: give it: .with("namespace", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "path"
       = help: give it: .with("path", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "ref"
       = help: give it: .with("ref", ..)

    error[missing-input]: the workflow "platform/test", job "test", step 1: cloudposse/github-action-deploy-argocd cannot do without the input "repository"
       = help: give it: .with("repository", ..)
    "#);
    let withheld = Checkout::new().with("allow-unsafe-pr-checkout", true);
    assert!(problems(around_step(withheld)).contains("no input \"allow-unsafe-pr-checkout\""));
    // What is known of these inputs is of an earlier release, so an unknown one may be right.
    printed(around_step(Cache::new("a", "b").with("newer", "x")));
}

#[test]
fn a_called_workflow_takes_the_inputs_it_has_and_all_that_it_needs() {
    let mut app = App::new("example");
    let mut repository = app.open("platform", Repository::new("example/platform"));
    let job = Job::new("build", "ubuntu-24.04").step(Step::run("true"));
    let call = WorkflowCall::new()
        .input(WorkflowInput::string("level").required())
        .secret("TOKEN", "For the registry.");
    let called = repository.add("build", GithubWorkflow::new("Build").on(call).job(job));
    let job = Job::calling("build", &called).with("levle", "1");
    repository.add("test", around(job));
    let diagnostics = accel_synth::synth(app).unwrap_err().to_string();
    let lines: Vec<_> = diagnostics.lines().filter(|line| !line.contains(".rs:")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    error[unknown-input]: the workflow "platform/test", job "build": $/.github/workflows/build.yml takes no input "levle"
       = note: allowed: level
       = help: did you mean "level"?

    error[missing-input]: the workflow "platform/test", job "build": $/.github/workflows/build.yml needs the input "level"
       = help: give it: .with("level", ..)

    error[missing-input]: the workflow "platform/test", job "build": $/.github/workflows/build.yml needs the secret "TOKEN"
       = help: give it: .secret("TOKEN", ..)
    "#);
}

#[test]
fn an_action_is_pinned_to_the_commit_of_its_version() {
    let sha = "0123456789012345678901234567890123456789";
    let uses = |action| problems(around_step(Step::uses(action)));
    insta::assert_snapshot!(uses(ActionRef::pinned("example/action", "v1", "v1.2.3")), @r#"
    error[unpinned-action]: the workflow "platform/test", job "test", step 1: example/action is pinned to "v1.2.3", which is no commit
       = note: allowed: 40 hexadecimal digits in lower case
       = help: git ls-remote shows the commit of a tag; or say why not: ActionRef::unpinned(..)
    "#);
    insta::assert_snapshot!(uses(ActionRef::pinned("actions/checkout", "v7.0.1", sha)), @r#"
    error[unpinned-action]: the workflow "platform/test", job "test", step 1: actions/checkout v7.0.1 is pinned to 0123456789012345678901234567890123456789, which is another release
       = note: allowed: v7.0.1 is 3d3c42e5aac5ba805825da76410c181273ba90b1
       = help: the catalogue has the action: use its type
    "#);
    insta::assert_snapshot!(uses(ActionRef::docker("ghcr.io/example/tools:1")), @r#"
    error[unpinned-action]: the workflow "platform/test", job "test", step 1: the image "ghcr.io/example/tools:1" is not pinned to a digest
       = help: docker buildx imagetools inspect shows it: image@sha256:..
    "#);
    printed(around_step(Step::uses(ActionRef::pinned("actions/checkout", "v6.0.0", sha))));
}

#[test]
fn what_strangers_wrote_is_not_checked_out_with_secrets_at_hand() {
    let workflow = |trigger: Trigger| {
        let checkout = Checkout::new().with_ref(github::event("pull_request.head.sha"));
        let job = Job::new("test", "ubuntu-24.04").step(checkout);
        GithubWorkflow::new("Test").on(trigger).job(job)
    };
    insta::assert_snapshot!(problems(workflow(PullRequestTarget::new().into())), @r#"
    error[unsafe-checkout]: the workflow "platform/test", job "test", step 1: it checks out another ref in a run that pull_request_target started
       = help: use PullRequest; or say why it is safe: .acknowledge_pwn_request_risk("..")
    "#);
    let comment = event::IssueComment::Created;
    assert!(problems(workflow(comment.into())).contains("unsafe-checkout"));
    printed(workflow(comment.into()).acknowledge_pwn_request_risk("Nothing of it is run."));
    printed(workflow(PullRequest::new().into()));
}

/// The warnings about a workflow that is well otherwise, without the lines of this test.
fn warnings(workflow: GithubWorkflow) -> String {
    let mut app = App::new("example");
    app.open("platform", Repository::new("example/platform")).add("test", workflow);
    let assembly = accel_synth::synth(app).unwrap();
    let lines = assembly.warnings().to_string();
    lines.lines().filter(|line| !line.contains(".rs:")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_secret_is_one_of_an_environment() {
    let step = || Step::run("true").env("A", secret("KEY")).env("B", secret("GITHUB_TOKEN"));
    let job = || Job::new("test", "ubuntu-24.04").step(step()).env("C", secret("KEY"));
    insta::assert_snapshot!(warnings(around(job())), @r#"
    warning[secret-without-environment]: the workflow "platform/test", job "test": it reads KEY and runs in no environment
       = help: make it a secret of an environment, and name that: .environment("prod")
    "#);
    assert_eq!(warnings(around(job().environment("prod"))), "");
    let own = Job::new("test", "ubuntu-24.04").step(Step::run("true").env("A", github::TOKEN));
    assert_eq!(warnings(around(own)), "");
}

#[test]
fn a_release_reads_no_cache() {
    let job = || Job::new("test", "ubuntu-24.04").step(SetupNode::new().cache("npm"));
    let release = || GithubWorkflow::new("Test").on(event::Release::Published);
    insta::assert_snapshot!(warnings(release().job(job())), @r#"
    warning[cache-in-release]: the workflow "platform/test", job "test", a step: actions/setup-node reads a cache that a pull request can have filled
       = help: leave it to workflows that test
    "#);
    let tags = GithubWorkflow::new("Test").on(Push::new().tags(["v*"]));
    assert!(warnings(tags.job(job())).contains("cache-in-release"));
    assert_eq!(warnings(around(job())), "");
    let images = DockerBuildPush::new().cache_from(["type=gha"]);
    let images = Job::new("test", "ubuntu-24.04").step(images);
    assert!(warnings(release().job(images)).contains("cache-in-release"));
    let safe = Job::new("test", "ubuntu-24.04").step(SetupNode::new()).step(SetupUv::new());
    assert_eq!(warnings(release().job(safe)), "");
}
