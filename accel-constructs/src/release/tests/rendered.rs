use super::*;

#[test]
fn a_workflow_that_tests() {
    let workflow =
        GithubWorkflow::new("CI").on(Push::new().branches(["main"])).on(PullRequest::new()).job(
            Job::new("test-all", matrix("os"))
                .matrix(
                    Matrix::new()
                        .axis("os", ["ubuntu-24.04", "windows-2025"])
                        .axis("node", [22, 24])
                        .exclude([("os", "windows-2025".into()), ("node", 22.into())])
                        .fail_fast(false),
                )
                .step(Checkout::new().fetch_depth(0))
                .step(SetupNode::new().node_version(matrix("node")))
                .step(Step::run("npm ci --ignore-scripts\nnpm test"))
                .step(
                    Step::run("gh pr comment \"$NUMBER\" --body 'It works: all of it.'")
                        .name("Say so")
                        .if_(github::is_pull_request())
                        .env("NUMBER", github::event("pull_request.number"))
                        .env("GH_TOKEN", github::TOKEN)
                        .permission(permission::PULL_REQUESTS.write(), "to comment"),
                ),
        );
    insta::assert_snapshot!(printed(workflow));
}

#[test]
fn a_workflow_that_deploys() {
    let digest = DockerBuildPush::new().push(true).tags(["example:latest"]).id("push");
    let read = steps(&digest).output("digest");
    let build = Job::new("build", Runner::UBUNTU_24_04_ARM)
        .step(Checkout::new())
        .step(digest)
        .output("digest", read);
    let deploy = Job::new("deploy", Runner::UBUNTU_24_04)
        .environment(DeploymentEnvironment::new("prod").url("https://example.com"))
        .if_(github::REF_NAME.is("main"))
        .step(
            ConfigureAwsCredentials::new("eu-west-1")
                .role_to_assume("arn:aws:iam::111111111111:role/deploy")
                .allowed_account_ids(["111111111111", "222222222222"]),
        )
        .step(
            Step::run("aws ecs update-service --service web")
                .env("DIGEST", needs(&build).output("digest")),
        );
    let workflow = GithubWorkflow::new("Deploy")
        .run_name("Deploy " + github::SHA)
        .on(Push::new().branches(["main"]).paths_ignore(["docs/**"]))
        .on(Schedule::cron("30 5 * * 1-5").timezone("Europe/Berlin"))
        .on(Schedule::cron("0 12 * * 6"))
        .env("LEVEL", "1.10")
        .job(build)
        .job(deploy);
    insta::assert_snapshot!(printed(workflow));
}

#[test]
fn a_workflow_calls_another_one_with_what_that_needs() {
    let mut app = App::new("example");
    let mut repository = app.open("platform", Repository::new("example/platform"));
    let build = Job::new("build", Runner::UBUNTU_24_04)
        .step(Checkout::new())
        .step(Step::run("make \"$GOAL\"").env("GOAL", input("goal")))
        .output("version", "1.2.3");
    let called = repository.add(
        "build",
        GithubWorkflow::new("Build")
            .on(WorkflowCall::new()
                .input(WorkflowInput::string("goal").description("What to make.").required())
                .secret("TOKEN", "For the registry.")
                .output("version", "What was built.", jobs(&build, "version")))
            .job(build),
    );
    let call =
        Job::calling("build", &called).with("goal", "all").secret("TOKEN", secret("REGISTRY"));
    let version = needs(&call).output("version");
    let tag = Job::new("tag", Runner::UBUNTU_24_04)
        .step(Step::run("echo \"$VERSION\"").env("VERSION", version));
    repository.add(
        "release",
        GithubWorkflow::new("Release").on(event::Release::Published).job(call).job(tag),
    );
    let assembly = accel_synth::synth(app).unwrap();
    let file =
        |name| assembly.file(&format!("github/example/platform/.github/workflows/{name}.yml"));
    insta::assert_snapshot!(file("build").unwrap());
    insta::assert_snapshot!(file("release").unwrap());
}

#[test]
fn every_key_of_a_job_and_of_a_step_has_its_place() {
    let server = Step::run("./serve").id("server").background();
    let wait = Step::wait_for(&server);
    let cancel = Step::cancel(&server);
    let job = Job::new("all", Runner::labels(["self-hosted", "linux"]))
        .name("All of it")
        .timeout_minutes(10)
        .continue_on_error(true)
        .environment("test")
        .permission(permission::CONTENTS.read(), "to read")
        .permission(permission::CONTENTS.write(), "to push")
        .permission(permission::CONTENTS.write(), "to tag")
        .concurrency(Concurrency::new("all").queue(Queue::Max))
        .container(
            Container::new("ghcr.io/example/tools@sha256:00")
                .credentials(github::ACTOR, secret("PASSWORD"))
                .env("A", 1)
                .volumes(["/a:/b"])
                .options("--cpus 1"),
        )
        .service("db", Container::new("postgres@sha256:00").ports(["5432:5432"]))
        .env("B", true)
        .shell(Shell::Sh)
        .working_directory("tools")
        .step(server)
        .step(
            Step::run("exit")
                .name("Everything")
                .shell(Shell::Custom("nu {0}".into()))
                .working_directory("/")
                .timeout_minutes(5)
                .continue_on_error(true)
                .raw("newer", "key"),
        )
        .step(Step::parallel().and(Step::run("a")).and(Step::run("b")))
        .step(wait)
        .step(cancel)
        .step(Step::wait_for_all())
        .step(Step::uses(ActionRef::local(".github/actions/setup")).with("x", 1.to_string()))
        .step(Step::uses(ActionRef::unpinned("example/action@v1", "made by ourselves")));
    insta::assert_snapshot!(printed(around(job).no_concurrency().shell(Shell::Pwsh)));
}

/// The lines of a workflow from `key` up to the next key of the same depth.
fn part(text: &str, key: &str) -> String {
    let start = text.find(&format!("\n{key}:")).unwrap() + 1;
    let lines = text[start..].lines();
    let mut part: Vec<&str> = Vec::new();
    for line in lines {
        if !part.is_empty() && !line.starts_with(' ') {
            break;
        }
        part.push(line);
    }
    part.join("\n")
}

fn triggered(trigger: impl Into<Trigger>) -> GithubWorkflow {
    let job = Job::new("test", Runner::UBUNTU_24_04).step(Step::run("true"));
    GithubWorkflow::new("Test").on(trigger).job(job)
}

#[test]
fn triggers_print_their_filters() {
    use event::*;
    let workflow = triggered(Push::new().tags(["v*"]).branches_ignore(["wip/**"]))
        .on(PullRequest::new().types([PullRequestActivity::Labeled]).paths(["src/**"]))
        .on(MergeGroup::new())
        .on(WorkflowRun::new(["CI"]).types([WorkflowRunActivity::Completed]).branches(["main"]))
        .on(RepositoryDispatch::new().types(["deploy"]))
        .on(ImageVersion::new().names(["tools"]).types([ImageVersionActivity::Ready]))
        .on([Issues::Opened, Issues::FieldAdded])
        .on(Release::Published)
        .on(Discussion::any())
        .on(Plain::Fork)
        .on(WorkflowDispatch::new().input(
            WorkflowInput::choice("level", ["low", "high"]).description("How much.").default("low"),
        ));
    insta::assert_snapshot!(part(&printed(workflow), "on"));
}

#[test]
fn a_second_filter_of_one_kind_takes_the_place_of_the_first() {
    let push = Push::new().branches(["main"]).branches_ignore(["wip"]).branches_ignore(["tmp"]);
    insta::assert_snapshot!(part(&printed(triggered(push)), "on"), @r"
    on:
      push:
        branches-ignore:
          - tmp
    ");
}

#[test]
fn concurrency_cancels_what_a_pull_request_overtakes_and_nothing_else() {
    let concurrency = |workflow| part(&printed(workflow), "concurrency");
    insta::assert_snapshot!(concurrency(triggered(PullRequest::new())), @r"
    concurrency:
      group: ${{ github.workflow }}-${{ github.ref }}
      cancel-in-progress: true
    ");
    insta::assert_snapshot!(concurrency(triggered(PullRequest::new()).on(Push::new())), @r"
    concurrency:
      group: ${{ github.workflow }}-${{ github.ref }}
      cancel-in-progress: ${{ github.event_name == 'pull_request' }}
    ");
    insta::assert_snapshot!(concurrency(triggered(Push::new())), @r"
    concurrency:
      group: ${{ github.workflow }}-${{ github.ref }}
      cancel-in-progress: false
    ");
}

#[test]
fn runs_that_must_not_give_way_have_no_concurrency_unless_they_are_told() {
    let with_input = WorkflowDispatch::new().input(WorkflowInput::environment("environment"));
    for trigger in
        [event::Issues::Opened.into(), WorkflowCall::new().into(), Trigger::from(with_input)]
    {
        assert!(!printed(triggered(trigger)).contains("concurrency"));
    }
    let own = triggered(event::Issues::Opened).concurrency(Concurrency::new("issues"));
    assert!(printed(own).contains("group: issues"));
}

#[test]
fn a_checkout_that_pushes_says_so() {
    let text = printed(around_step(Checkout::new().with_push()));
    assert!(text.contains("persist-credentials: true\n"));
    assert!(text.contains("contents: write # to push\n"));
}
