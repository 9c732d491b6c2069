//! What the commands tell that write nothing.

use insta::assert_snapshot;

use crate::session::Session;

#[test]
fn ls() {
    let session = Session::new();
    assert_snapshot!(session.tour("ls"), @r"
    stack      prod/eu-west-1/data                                tour-data
    stack set  baseline                                           tour-baseline
    document   github/example/docs/.github/workflows/publish.yml
    document   github/example/shop/.github/workflows/ci.yml
    document   github/example/shop/.github/workflows/deploy.yml
    ");
    assert_snapshot!(session.tour("ls --json --workflow ci"), @r#"
    {
      "stacks": [
        {
          "path": "prod/eu-west-1/data",
          "name": "tour-data",
          "account": "prod",
          "accountId": "111111111111",
          "region": "eu-west-1",
          "template": "stacks/prod/eu-west-1/data.template.json"
        }
      ],
      "stackSets": [
        {
          "path": "baseline",
          "name": "tour-baseline",
          "regions": [
            "eu-west-1",
            "eu-central-1"
          ],
          "template": "stack-sets/baseline.template.json"
        }
      ],
      "documents": [
        {
          "file": "github/example/docs/.github/workflows/publish.yml",
          "construct": "docs/publish",
          "pending": false
        },
        {
          "file": "github/example/shop/.github/workflows/ci.yml",
          "construct": "shop/ci",
          "pending": false
        }
      ],
      "diagnostics": []
    }
    "#);
}

#[test]
fn tree() {
    let session = Session::new();
    assert_snapshot!(session.tour("tree"), @r"
    tour
    ├── prod  account 111111111111
    │   └── eu-west-1
    │       └── data  stack
    │           └── bucket  AWS::S3::Bucket
    ├── sandbox  account
    ├── baseline  stack set
    │   └── topic  AWS::SNS::Topic
    ├── shop  Repository
    │   ├── ci  document
    │   └── deploy  document
    └── docs  Repository
        └── publish  document
    ");
    assert_snapshot!(session.tour("tree prod/eu-west-1 --depth 1"), @r"
    eu-west-1
    └── data  stack
    ");
    assert_snapshot!(session.tour("tree prod/eu-west-1/data --json"), @r#"
    {
      "id": "data",
      "path": "prod/eu-west-1/data",
      "kind": "stack",
      "children": [
        {
          "id": "bucket",
          "path": "prod/eu-west-1/data/bucket",
          "kind": "AWS::S3::Bucket"
        }
      ],
      "diagnostics": []
    }
    "#);
}

#[test]
fn tree_shows_an_app_that_does_not_synthesize() {
    let shown = Session::new().tour("tree prod --mistake duplicate-id");
    assert_eq!(shown.matches("bucket").count(), 2, "{shown}");
}

#[test]
fn tree_suggests_a_path() {
    assert_snapshot!(Session::new().tour("tree prod/eu-west-2/data"), @r"
    --- stderr
    error[no-such-construct]: there is no `prod/eu-west-2/data` in the tree
       = help: did you mean `prod/eu-west-1/data`?

    1 error
    --- exit 1
    ");
}

#[test]
fn explain() {
    let session = Session::new();
    assert_snapshot!(session.tour("explain no-assembly"), @r"
    no-assembly

    The directory does not hold an assembly, or one that was written by another
    version, interrupted or edited: every file must be what the manifest lists.
    Synthesize again.
    ");
    assert_snapshot!(session.tour("explain duplicate-ids"), @r"
    --- stderr
    error: there is no code `duplicate-ids`; did you mean `duplicate-id`?
    --- exit 64
    ");
    assert_snapshot!(session.tour("explain quite-another"), @r"
    --- stderr
    error: there is no code `quite-another`; `explain` without a code lists all of them
    --- exit 64
    ");
}

#[test]
fn explain_lists_the_codes_of_every_crate() {
    let listed = Session::new().tour("explain");
    let all = [accel_core::codes::ALL, accel_synth::codes::ALL, accel_cli::codes::ALL].concat();
    for code in &all {
        assert!(listed.lines().any(|line| line == code.name()), "{}", code.name());
    }
    assert_eq!(listed.lines().count(), all.len(), "each code has one meaning");
}

#[test]
fn completions_know_commands_and_the_flags_of_the_program() {
    let session = Session::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = session.tour(&format!("completions {shell}"));
        for word in ["synth", "out", "mistake"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        assert!(script.contains("tour"), "{shell}");
    }
}
