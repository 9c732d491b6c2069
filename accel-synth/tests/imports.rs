//! Resources that exist already: what the manifest says of them, and what is refused.

use accel_core::{
    AccountInfo, AccountRef, App, DeletionPolicy, Diagnostic, Handle, Region, Resource, Scope,
    Stack, StackSet, template::Condition,
};
use accel_synth::{diff::diff, synth};

const HERE: Region = Region::EU_WEST_1;

fn app() -> (App, AccountRef) {
    let mut app = App::new("test");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    (app, prod)
}

fn stage() -> Resource {
    let mut stage = Resource::new("AWS::ApiGateway::Stage");
    stage.set("RestApiId", "a1b2c3");
    stage
}

fn vpc() -> Resource {
    let mut vpc = Resource::new("AWS::EC2::VPC");
    vpc.set("CidrBlock", "10.0.0.0/16");
    vpc
}

/// A stack with one resource of a type, to which something is done.
fn with(type_name: &'static str, change: impl FnOnce(&mut Scope<'_, Stack>, Handle)) -> App {
    let (mut app, prod) = app();
    let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
    let thing = match type_name {
        "AWS::EC2::VPC" => vpc(),
        "AWS::ApiGateway::Stage" => stage(),
        other => Resource::new(other),
    };
    let thing = stack.add("thing", thing);
    change(&mut stack, thing);
    app
}

fn problems(app: App) -> Vec<Diagnostic> {
    synth(app).expect_err("something is wrong").into_iter().collect()
}

/// The one thing that is wrong: code, message, what is allowed, the way out.
fn problem(app: App) -> [String; 4] {
    let mut problems = problems(app);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = problems.remove(0);
    assert!(problem.location.file().ends_with("imports.rs"), "{}", problem.location);
    let allowed = problem.notes.into_iter().map(|note| note.text).collect::<Vec<_>>().join("; ");
    let help = problem.help.expect("a way out");
    [problem.code.name().to_owned(), problem.message, allowed, help]
}

#[test]
fn the_manifest_lists_what_exists() {
    let (mut app, prod) = app();
    let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
    let orders = stack.add("orders", Resource::new("AWS::S3::Bucket"));
    stack[orders].retain().import("orders-2019");
    let mut stage = stage();
    stage.deletion_policy(DeletionPolicy::Delete);
    stage.import([("StageName", "prod"), ("RestApiId", "a1b2c3")]);
    stack.add("stage", stage);
    stack.add("logs", Resource::new("AWS::S3::Bucket"));
    let assembly = synth(app).expect("nothing is wrong");
    let imports = &assembly.manifest().stacks["prod/eu-west-1/data"].imports;
    let text = serde_json::to_string_pretty(imports).expect("JSON");
    insta::assert_snapshot!(text, @r#"
    {
      "Orders1C168ADB": {
        "type": "AWS::S3::Bucket",
        "identifier": {
          "BucketName": "orders-2019"
        }
      },
      "StageC7FF6DCD": {
        "type": "AWS::ApiGateway::Stage",
        "identifier": {
          "RestApiId": "a1b2c3",
          "StageName": "prod"
        }
      }
    }
    "#);
    // A template says nothing of it.
    let template = assembly.file("stacks/prod/eu-west-1/data.template.json").expect("a template");
    assert!(!template.contains("orders-2019"), "{template}");
}

#[test]
fn a_diff_tells_what_is_imported_from_what_is_made() {
    let build = |is_there: bool| {
        let (mut app, prod) = app();
        let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
        stack.add("logs", Resource::new("AWS::S3::Bucket"));
        if is_there {
            let orders = stack.add("orders", Resource::new("AWS::S3::Bucket"));
            stack[orders].retain().import("orders-2019");
            stack.add("files", Resource::new("AWS::S3::Bucket"));
        }
        synth(app).expect("nothing is wrong")
    };
    let shown = diff(&build(false), &build(true)).to_string();
    insta::assert_snapshot!(shown);
    assert!(diff(&build(true), &build(true)).is_empty());
}

#[test]
fn the_identifier_is_that_of_the_type() {
    let stage = "AWS::ApiGateway::Stage";
    let both = [
        "the values of `RestApiId`, `StageName`, each once",
        r#"`.import([("RestApiId", "..."), ("StageName", "...")])`"#,
    ];
    let identified = |type_name, change: fn(&mut Resource) -> &mut Resource| {
        let app = with(type_name, |stack, thing| {
            stack[thing].retain();
            change(&mut stack[thing]);
        });
        let [code, message, allowed, help] = problem(app);
        assert_eq!(code, "import-identifier");
        [message, allowed.trim_start_matches("allowed: ").to_owned(), help]
    };
    let thing =
        |type_name: &str, says: &str| format!("`prod/eu-west-1/data/thing` ({type_name}) {says}");
    assert_eq!(
        identified("AWS::EC2::VPC", |it| it.import(" ")),
        [
            &thing("AWS::EC2::VPC", "is imported by an empty identifier"),
            "the values of `VpcId`, each once",
            "`.import(\"...\")` with its `VpcId`",
        ]
    );
    assert_eq!(
        identified("AWS::EC2::VPC", |it| it.import([("VpcID", "vpc-0abc")])),
        [
            &thing("AWS::EC2::VPC", "is not identified by `VpcID`"),
            "the values of `VpcId`, each once",
            "did you mean `VpcId`?",
        ]
    );
    assert_eq!(
        identified(stage, |it| it.import("prod")),
        [&thing(stage, "is not identified by one value"), both[0], both[1]]
    );
    assert_eq!(
        identified(stage, |it| it.import([("StageName", "prod")])),
        [&thing(stage, "is not identified by 1 of its properties"), both[0], both[1]]
    );
    assert_eq!(
        identified(stage, |it| it.import([("StageName", "a"), ("StageName", "b")])),
        [&thing(stage, "is not identified by 2 of its properties"), both[0], both[1]]
    );
    let nobody_knows = "the properties of the type's primary identifier, with their values";
    assert_eq!(
        identified("Example::New::Thing", |it| it.import("a")),
        [
            &thing("Example::New::Thing", "is not identified by one value"),
            nobody_knows,
            "`.import([(\"Property\", \"value\")])`",
        ]
    );
    synth(with("Example::New::Thing", |stack, thing| {
        stack[thing].retain().import([("ThingId", "a")]);
    }))
    .expect("nothing is wrong");
}

#[test]
fn a_property_that_identifies_says_the_same() {
    let app = with("AWS::S3::Bucket", |stack, thing| {
        stack[thing].retain().set("BucketName", "bookings").import("orders");
    });
    let [code, message, allowed, help] = problem(app);
    assert_eq!(code, "import-identifier");
    assert_eq!(
        message,
        "`prod/eu-west-1/data/thing` (AWS::S3::Bucket) is imported as `orders`, and its `BucketName` is `bookings`"
    );
    assert_eq!(allowed, "the property is set here; allowed: one value of `BucketName`".to_owned());
    assert!(help.starts_with("write the properties as those that exist"), "{help}");
}

#[test]
fn what_is_imported_has_a_deletion_policy() {
    let [code, message, allowed, help] = problem(with("AWS::EC2::VPC", |stack, thing| {
        stack[thing].import("vpc-0abc");
    }));
    assert_eq!(code, "import-without-deletion-policy");
    assert_eq!(
        message,
        "`prod/eu-west-1/data/thing` (AWS::EC2::VPC) is imported, and has no deletion policy"
    );
    assert_eq!(allowed, "allowed: `Retain`, `RetainExceptOnCreate`, `Delete`, `Snapshot`");
    assert_eq!(help, "`.retain()` keeps the thing whatever becomes of the stack");
}

#[test]
fn what_cannot_be_imported_is_refused() {
    for (type_name, way_out) in [
        ("AWS::CloudFormation::CustomResource", "a function that finds what is there"),
        ("Custom::Thing", "let a deployment make it"),
        ("AWS::Serverless::SimpleTable", "let a deployment make it"),
        ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"),
    ] {
        let app = with(type_name, |stack, thing| {
            stack[thing].retain().import("a");
        });
        let found = problems(app);
        let found = found.iter().find(|it| it.code.name() == "import-not-possible");
        let help = found.expect(type_name).help.as_deref().unwrap_or_default();
        assert!(help.contains(way_out), "{type_name}: {help}");
    }
    let [code, message, ..] = problem(with("AWS::EC2::VPC", |stack, thing| {
        let condition = stack.add("never", Condition::equals("a", "b"));
        stack[thing].retain().condition(condition).import("vpc-0abc");
    }));
    assert_eq!(code, "import-not-possible");
    assert!(message.ends_with("is imported, and is there under a condition only"), "{message}");
    let (mut app, prod) = app();
    let set = StackSet::for_accounts([prod]).regions([HERE]);
    let mut set = app.open("everywhere", set);
    let vpc = set.add("vpc", vpc());
    set[vpc].retain().import("vpc-0abc");
    let [code, message, allowed, _] = problem(app);
    assert_eq!(
        (code.as_str(), allowed.as_str()),
        ("import-not-possible", "allowed: imports into stacks")
    );
    assert!(message.ends_with("is of a stack set, which makes all its resources"), "{message}");
}

#[test]
fn one_thing_is_imported_once() {
    let (mut app, prod) = app();
    for (name, region) in [("a", HERE), ("b", HERE), ("c", Region::EU_CENTRAL_1)] {
        let mut stack = app.open(name, Stack::new(prod.in_region(region)));
        let vpc = stack.add("vpc", vpc());
        stack[vpc].retain().import("vpc-0abc");
    }
    let [code, message, ..] = problem(app);
    assert_eq!(code, "two-owners");
    assert_eq!(
        message,
        "`prod/eu-west-1/a/vpc` and `prod/eu-west-1/b/vpc` both import one `AWS::EC2::VPC`"
    );
}

#[test]
fn a_stack_takes_in_so_many_at_once() {
    let (mut app, prod) = app();
    let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
    for index in 0..201 {
        let bucket = stack.add(&format!("bucket-{index}"), Resource::new("AWS::S3::Bucket"));
        stack[bucket].retain().import(format!("example-{index}"));
    }
    let [code, message, allowed, _] = problem(app);
    assert_eq!(code, "limit-exceeded");
    assert_eq!(message, "`prod/eu-west-1/data` has 201 imports");
    assert_eq!(allowed, "allowed: at most 200 of a stack at once");
}
