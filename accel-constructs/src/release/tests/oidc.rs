use accel_core::{PolicyDocument, Region, Stack, account_id, actions, policy::Statement};

use super::*;

/// An account with a role for deploying, and a workflow that assumes it.
fn deploying(account: Production) -> App {
    let platform = Repository::new("example/platform").ids(11, 22);
    let mut app = App::new("example");
    let production = app.add("accounts", account);
    let mut stack = app.open("github", Stack::new(production.in_region(Region::EU_WEST_1)));
    let provider = stack.add("provider", GithubOidcProvider);
    let sync = Statement::allow(actions!["s3:PutObject"]).resource("arn:aws:s3:::site/*");
    let deployer = stack.add(
        "deployer",
        GithubRole::builder()
            .name("platform-deployer")
            .provider(provider)
            .repository(&platform)
            .trusts([GithubSubject::environment("prod"), GithubSubject::branch("main")])
            .policy(PolicyDocument::from([sync]))
            .build(),
    );
    let job = Job::new("deploy", Runner::UBUNTU_24_04)
        .environment("prod")
        .step(deployer.credentials(production, Region::EU_WEST_1))
        .step(Step::run("aws s3 sync --delete site/ s3://site/"));
    app.open("platform", platform).add("test", around(job));
    app
}

#[test]
fn a_role_trusts_the_named_runs_of_a_repository_in_both_forms_of_its_name() {
    let app = deploying(Production { id: Some(account_id!("111111111111")) });
    let assembly = accel_synth::synth(app).unwrap();
    let template = assembly.file("stacks/production/eu-west-1/github.template.json").unwrap();
    insta::assert_snapshot!(template);
}

fn with(app: App) -> String {
    with_of(&accel_synth::synth(app).unwrap())
}

fn with_of(assembly: &accel_synth::Assembly) -> String {
    let text = assembly.file("github/example/platform/.github/workflows/test.yml").unwrap();
    let (_, with) = text.split_once("with:\n").unwrap();
    let (with, _) = with.split_once("      - run:").unwrap();
    with.to_owned()
}

#[test]
fn the_arn_of_a_role_stands_in_the_workflow_before_the_role_exists() {
    let known = deploying(Production { id: Some(account_id!("111111111111")) });
    insta::assert_snapshot!(with(known), @r"
    role-session-name: github-${{ github.run_id }}-${{ github.run_attempt }}
    aws-region: eu-west-1
    role-to-assume: arn:aws:iam::111111111111:role/platform-deployer
    allowed-account-ids: '111111111111'
    ");
    let unknown = deploying(Production { id: None });
    insta::assert_snapshot!(with(unknown), @r"
    role-session-name: github-${{ github.run_id }}-${{ github.run_attempt }}
    aws-region: eu-west-1
    role-to-assume: arn:aws:iam::${{ vars.ACCEL_PRODUCTION_ACCOUNT_ID }}:role/platform-deployer
    allowed-account-ids: ${{ vars.ACCEL_PRODUCTION_ACCOUNT_ID }}
    ");
    let mut learned = deploying(Production { id: None });
    let mut lock = accel_core::Lock::default();
    lock.set_account("production", account_id!("222222222222"));
    learned.set_lock(lock);
    insta::assert_snapshot!(with(learned), @r"
    role-session-name: github-${{ github.run_id }}-${{ github.run_attempt }}
    aws-region: eu-west-1
    role-to-assume: arn:aws:iam::222222222222:role/platform-deployer
    allowed-account-ids: '222222222222'
    ");
}

#[test]
fn a_role_names_the_provider_that_its_account_has_already() {
    let mut app = App::new("example");
    let production = app.add("accounts", Production { id: None });
    let role = GithubRole::builder()
        .name("reader")
        .provider(GithubOidcProvider::existing())
        .repository(&Repository::new("example/platform"))
        .trusts([GithubSubject::PullRequest, GithubSubject::tag("v1")])
        .build();
    let mut stack = app.open("github", Stack::new(production.in_region(Region::CN_NORTH_1)));
    let reader = stack.add("reader", role);
    let job = Job::new("read", Runner::UBUNTU_24_04)
        .step(reader.credentials(production, Region::CN_NORTH_1))
        .step(Step::run("true"));
    app.open("platform", Repository::new("example/platform")).add("test", around(job));
    let assembly = accel_synth::synth(app).unwrap();
    let template = assembly.file("stacks/production/cn-north-1/github.template.json").unwrap();
    let trust = template.split_once("\"Statement\"").unwrap().1;
    insta::assert_snapshot!(trust.split_once("\"Description\"").unwrap().0, @r#"
    : [
                {
                  "Action": "sts:AssumeRoleWithWebIdentity",
                  "Condition": {
                    "StringEquals": {
                      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com.cn",
                      "token.actions.githubusercontent.com:sub": [
                        "repo:example/platform:pull_request",
                        "repo:example/platform:ref:refs/tags/v1"
                      ]
                    }
                  },
                  "Effect": "Allow",
                  "Principal": {
                    "Federated": {
                      "Fn::Join": [
                        "",
                        [
                          "arn:",
                          {
                            "Ref": "AWS::Partition"
                          },
                          ":iam::",
                          {
                            "Ref": "AWS::AccountId"
                          },
                          ":oidc-provider/token.actions.githubusercontent.com"
                        ]
                      ]
                    }
                  }
                }
              ],
              "Version": "2012-10-17"
            },
    "#);
    insta::assert_snapshot!(with_of(&assembly), @r"
    role-session-name: github-${{ github.run_id }}-${{ github.run_attempt }}
    aws-region: cn-north-1
    role-to-assume: arn:aws-cn:iam::${{ vars.ACCEL_PRODUCTION_ACCOUNT_ID }}:role/reader
    allowed-account-ids: ${{ vars.ACCEL_PRODUCTION_ACCOUNT_ID }}
    audience: sts.amazonaws.com.cn
    ");
}

#[test]
fn a_role_that_nobody_can_assume_is_a_mistake() {
    let mut app = App::new("example");
    let production = app.add("accounts", Production { id: None });
    let role = GithubRole::builder()
        .name("nobody")
        .provider(GithubOidcProvider::existing())
        .repository(&Repository::new("example/platform"))
        .trusts([])
        .build();
    app.open("github", Stack::new(production.in_region(Region::EU_WEST_1))).add("role", role);
    let diagnostics = accel_synth::synth(app).unwrap_err().to_string();
    assert!(
        diagnostics.starts_with("error[role-without-subject]: the role \"nobody\" trusts no run")
    );
}
