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
fn diff_shows_what_deploying_would_do() {
    let session = Session::new();
    assert_snapshot!(session.tour("diff"), @r"
    --- stderr
    error[no-assembly]: `accel.out`: `manifest.json`: No such file or directory (os error 2)
       = help: name the directory that `synth` wrote, or synthesize again

    1 error
    --- exit 1
    ");
    session.tour("synth --out old");
    assert_snapshot!(session.tour("diff old --exit-code"), @r"no differences");
    assert_snapshot!(session.tour("diff old --exit-code --workflow ci"), @r"
    - document github/example/shop/.github/workflows/deploy.yml  (5 lines)

    1 document to delete
    --- exit 2
    ");
}

#[test]
fn diff_fails_where_state_would_be_lost() {
    let session = Session::new();
    session.tour("synth --archive orders");
    assert_snapshot!(session.tour("diff --archive bookings"), @r#"
    ~ stack prod/eu-west-1/data
        -/+ archive  AWS::S3::Bucket  (stateful: the objects in it, and its name until it is made again)
              ~ BucketName: "orders" -> "bookings"  (replaces)

    1 resource to replace
    --- stderr
    error[stateful-loss]: prod/eu-west-1/data/archive (AWS::S3::Bucket) would be replaced, which loses: the objects in it, and its name until it is made again
       = help: if it was renamed, say so with `app.moved(old, new)`; if it is meant, pass `--allow-replace`

    1 error
    --- exit 1
    "#);
    assert!(session.tour("diff --archive bookings --allow-delete").ends_with("--- exit 1\n"));
    assert!(!session.tour("diff --archive bookings --allow-replace").contains("--- "));
    assert_snapshot!(session.tour("diff --json"), @r#"
    {
      "accounts": [],
      "steps": [],
      "templates": [
        {
          "path": "prod/eu-west-1/data",
          "name": "tour-data",
          "kind": "stack",
          "action": "change",
          "resources": [
            {
              "logicalId": "Archive0EB3E36B",
              "construct": "archive",
              "type": "AWS::S3::Bucket",
              "action": "remove",
              "stateful": "the objects in it, and its name until it is made again"
            }
          ]
        }
      ],
      "documents": [],
      "rewritten": [],
      "diagnostics": [
        {
          "severity": "error",
          "code": "stateful-loss",
          "message": "prod/eu-west-1/data/archive (AWS::S3::Bucket) would be deleted, which loses: the objects in it, and its name until it is made again",
          "location": null,
          "notes": [],
          "help": "if it was renamed, say so with `app.moved(old, new)`; if it is meant, pass `--allow-delete`"
        }
      ]
    }
    --- exit 1
    "#);
    assert!(session.tour("diff --allow-replace").ends_with("--- exit 1\n"));
    assert!(!session.tour("diff --allow-delete").contains("--- "));
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
