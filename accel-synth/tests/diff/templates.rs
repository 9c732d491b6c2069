//! Stacks and stack sets.

use accel_core::{
    Attr, DeletionPolicy, Object, Prop, Region, Stack, StackSet, TagStyle, template::Output,
};
use accel_synth::diff::{Diff, diff};
use serde_json::json;

use super::{HERE, assembly, bucket, prop, resource, stack};

fn blocked(diff: &Diff) -> Vec<String> {
    diff.blocked(false, false).iter().map(ToString::to_string).collect()
}

#[test]
fn each_change_is_a_line() {
    let logs = |tags: &[(&'static str, &'static str)], rules: serde_json::Value| {
        let rules = prop(json!({ "Rules": rules }));
        let mut bucket = resource("AWS::S3::Bucket", [("LifecycleConfiguration", rules)])
            .taggable(TagStyle::List("Tags"));
        for (key, value) in tags {
            bucket.tag(*key, *value);
        }
        bucket
    };
    let old = stack(|stack| {
        let rules = json!([
            { "Id": "old", "Status": "Enabled", "ExpirationInDays": 90 },
            { "Id": "tmp", "Status": "Enabled", "ExpirationInDays": 1 },
        ]);
        stack.add("logs", logs(&[("a", "1"), ("b", "2")], rules));
        stack.add("queue", resource("AWS::SQS::Queue", [("DelaySeconds", 3.into())]));
        stack.add("topic", resource("AWS::SNS::Topic", []));
    });
    let new = stack(|stack| {
        let rules = json!([{ "Id": "tmp", "Status": "Disabled", "ExpirationInDays": 1 }]);
        stack.add("logs", logs(&[("b", "3"), ("c", "4")], rules));
        let key = stack.add(
            "alias",
            resource(
                "AWS::KMS::Alias",
                [
                    ("AliasName", "alias/queue".into()),
                    ("TargetKeyId", "0b1c2d3e-0000-1111-2222-333344445555".into()),
                ],
            ),
        );
        let key = Attr::<String>::new(key, None);
        let queue =
            stack.add("queue", resource("AWS::SQS::Queue", [("KmsMasterKeyId", key.into())]));
        stack[queue].deletion_policy(DeletionPolicy::Retain);
        stack.add("queue-url", Output::new(Attr::<String>::new(queue, None)));
    });
    insta::assert_snapshot!(diff(&old, &new), @r#"
    ~ stack prod/eu-west-1/data
        ~   logs   AWS::S3::Bucket
              - LifecycleConfiguration.Rules[old]: { ExpirationInDays: 90, Id: "old", Status: "Enabled" }
              ~ LifecycleConfiguration.Rules[tmp].Status: "Enabled" -> "Disabled"
              - Tags[a]: "1"
              ~ Tags[b]: "2" -> "3"
              + Tags[c]: "4"
        ~   queue  AWS::SQS::Queue
              - DelaySeconds: 3
              + KmsMasterKeyId: "${alias}"
              + @DeletionPolicy: "Retain"
        -   topic  AWS::SNS::Topic
        +   alias  AWS::KMS::Alias
        +   output QueueUrl8AB30C9E: "${queue}"

    1 resource to add, 2 to change, 1 to delete
    "#);
}

#[test]
fn nothing_differs_from_itself() {
    let build = || stack(|stack| _ = stack.add("logs", bucket("logs")));
    let same = diff(&build(), &build());
    assert!(same.is_empty());
    assert_eq!(same.to_string(), "no differences\n");
}

#[test]
fn what_holds_something_is_neither_replaced_nor_deleted_by_accident() {
    let build = |name: &str, is_there: bool| {
        stack(|stack| {
            stack.add("store", bucket(name));
            stack.add("worker", resource("AWS::SNS::Topic", [("TopicName", name.into())]));
            if is_there {
                stack.add("lost", bucket("lost"));
                let kept = stack.add("kept", bucket("kept"));
                stack[kept].retain();
            }
        })
    };
    let diff = diff(&build("one", true), &build("two", false));
    insta::assert_snapshot!(diff, @r#"
    ~ stack prod/eu-west-1/data
        -   kept    AWS::S3::Bucket  (stateful; what is there is kept)
        -   lost    AWS::S3::Bucket  (stateful: the objects in it, and its name until it is made again)
        -/+ store   AWS::S3::Bucket  (stateful: the objects in it, and its name until it is made again)
              ~ BucketName: "one" -> "two"  (replaces)
        -/+ worker  AWS::SNS::Topic
              ~ TopicName: "one" -> "two"  (replaces)

    2 resources to replace, 2 to delete
    "#);
    insta::assert_snapshot!(blocked(&diff).join("\n"), @"
    prod/eu-west-1/data/lost (AWS::S3::Bucket) would be deleted, which loses: the objects in it, and its name until it is made again
    prod/eu-west-1/data/store (AWS::S3::Bucket) would be replaced, which loses: the objects in it, and its name until it is made again
    ");
    assert_eq!(diff.blocked(true, false).len(), 1);
    assert_eq!(diff.blocked(false, true).len(), 1);
    assert_eq!(diff.blocked(true, true), []);
}

#[test]
fn a_replacement_is_followed_through_properties_and_stacks() {
    let build = |cidr: &str| {
        assembly(|app, prod| {
            let mut network = app.open("network", Stack::new(prod.in_region(HERE)));
            let vpc = network.add("vpc", resource("AWS::EC2::VPC", [("CidrBlock", cidr.into())]));
            let id = Attr::<String>::new(vpc, None);
            let subnet = network.add(
                "subnet",
                resource(
                    "AWS::EC2::Subnet",
                    [("VpcId", id.into()), ("CidrBlock", "10.0.0.0/24".into())],
                ),
            );
            let subnet = Attr::<String>::new(subnet, None);
            let mut apps = app.open("apps", Stack::new(prod.in_region(HERE)));
            let subnets = Prop::list([Prop::from(subnet)]);
            apps.add("files", resource("AWS::EFS::FileSystem", []));
            let mount = resource(
                "AWS::EC2::SecurityGroup",
                [("GroupDescription", "Apps.".into()), ("VpcId", id.into())],
            );
            apps.add("group", mount);
            apps.add(
                "group-of-subnets",
                resource(
                    "AWS::RDS::DBSubnetGroup",
                    [("DBSubnetGroupDescription", "Apps.".into()), ("SubnetIds", subnets)],
                ),
            );
        })
    };
    let diff = diff(&build("10.0.0.0/16"), &build("10.0.0.0/17"));
    insta::assert_snapshot!(diff, @r#"
    ~ stack prod/eu-west-1/apps
        -/+ group             AWS::EC2::SecurityGroup
              ~ VpcId: follows the replacement of prod/eu-west-1/network/vpc  (replaces)
        ~   group-of-subnets  AWS::RDS::DBSubnetGroup
              ~ SubnetIds[0]: follows the replacement of prod/eu-west-1/network/subnet

    ~ stack prod/eu-west-1/network
        -/+ subnet  AWS::EC2::Subnet  (stateful: everything that is in it; used by prod/eu-west-1/apps)
              ~ VpcId: follows the replacement of prod/eu-west-1/network/vpc  (replaces)
        -/+ vpc     AWS::EC2::VPC     (stateful: everything that is in it; used by prod/eu-west-1/apps)
              ~ CidrBlock: "10.0.0.0/16" -> "10.0.0.0/17"  (replaces)

    1 resource to change, 3 to replace
    "#);
    assert_eq!(blocked(&diff).len(), 2, "the network and what is in it");
}

#[test]
fn policies_are_compared_by_what_they_mean() {
    let build = |statements: serde_json::Value| {
        stack(|stack| {
            let store = stack.add("store", bucket("store"));
            let mut policy = resource("AWS::S3::BucketPolicy", []);
            policy.set("Bucket", Attr::<String>::new(store, None));
            let mut document = Object::new();
            document.insert("Version", "2012-10-17");
            document.insert("Statement", prop(statements));
            policy.set("PolicyDocument", document);
            stack.add("policy", policy);
        })
    };
    let read = json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::store/*",
        "Principal": { "AWS": "arn:aws:iam::111111111111:root" },
    });
    let secure = json!({
        "Sid": "Tls", "Effect": "Deny", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::store"],
        "Principal": "*", "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    });
    let mut shouting = read.clone();
    shouting["Action"] = json!(["S3:GETOBJECT"]);
    let old = build(json!([read, secure]));

    let reordered = diff(&old, &build(json!([secure, shouting])));
    assert!(reordered.is_empty());
    insta::assert_snapshot!(reordered, @"
    no differences
    = prod/eu-west-1/data: written differently, means the same
    ");

    let mut write = read.clone();
    write["Action"] = json!(["s3:GetObject", "s3:PutObject"]);
    insta::assert_snapshot!(diff(&old, &build(json!([secure, write]))), @"
    ~ stack prod/eu-west-1/data
        ~   policy  AWS::S3::BucketPolicy
              - PolicyDocument.Statement: Allow s3:GetObject on arn:aws:s3:::store/* to AWS arn:aws:iam::111111111111:root
              + PolicyDocument.Statement: Allow s3:GetObject, s3:PutObject on arn:aws:s3:::store/* to AWS arn:aws:iam::111111111111:root

    1 resource to change
    ");
}

#[test]
fn a_declared_rename_is_no_difference() {
    let build = |network: &str, id: &str, moves: &[(&str, &str)]| {
        assembly(|app, prod| {
            let mut stack = app.open(network, Stack::new(prod.in_region(HERE)));
            let vpc = resource("AWS::EC2::VPC", [("CidrBlock", "10.0.0.0/16".into())]);
            let vpc = stack.add(id, vpc);
            app.open("apps", Stack::new(prod.in_region(HERE))).add(
                "group",
                resource(
                    "AWS::EC2::SecurityGroup",
                    [
                        ("GroupDescription", "Apps.".into()),
                        ("VpcId", Attr::<String>::new(vpc, None).into()),
                    ],
                ),
            );
            for (old, new) in moves {
                app.moved(old, new);
            }
        })
    };
    let old = build("network", "vpc", &[]);
    let moves = [
        ("prod/eu-west-1/network", "prod/eu-west-1/base"),
        ("prod/eu-west-1/network/vpc", "prod/eu-west-1/base/main"),
    ];
    assert_eq!(diff(&old, &build("base", "main", &moves)), Diff::default());

    let undeclared = diff(&old, &build("network", "main", &[]));
    insta::assert_snapshot!(undeclared, @r#"
    ~ stack prod/eu-west-1/apps
        -/+ group  AWS::EC2::SecurityGroup
              ~ VpcId: "${prod/eu-west-1/network/vpc}" -> "${prod/eu-west-1/network/main}"  (replaces)
        +   parameter NetworkMain0D6E4079CD1F48C5: prod/eu-west-1/network/main
        -   parameter NetworkVpc38FABA71CD1F48C5: prod/eu-west-1/network/vpc

    ~ stack prod/eu-west-1/network
        -   vpc   AWS::EC2::VPC  (stateful: everything that is in it; used by prod/eu-west-1/apps)
        +   main  AWS::EC2::VPC
        +   output Main0D6E4079: "${main}"
        -   output Vpc38FABA71: "${vpc}"
        ? if this is a rename, `app.moved("prod/eu-west-1/network/vpc", "prod/eu-west-1/network/main")` keeps what is there

    1 resource to add, 1 to replace, 1 to delete
    "#);
    assert_eq!(blocked(&undeclared).len(), 1);
    let undeclared = diff(&old, &build("base", "vpc", &[]));
    insta::assert_snapshot!(undeclared, @r#"
    ~ stack prod/eu-west-1/apps
        -/+ group  AWS::EC2::SecurityGroup
              ~ VpcId: "${prod/eu-west-1/network/vpc}" -> "${prod/eu-west-1/base/vpc}"  (replaces)
        +   parameter BaseVpc38FABA714AA61541: prod/eu-west-1/base/vpc
        -   parameter NetworkVpc38FABA71CD1F48C5: prod/eu-west-1/network/vpc

    + stack prod/eu-west-1/base
        +   vpc  AWS::EC2::VPC
        ? if this is a rename, `app.moved("prod/eu-west-1/network", "prod/eu-west-1/base")` keeps what is there

    - stack prod/eu-west-1/network
        -   vpc  AWS::EC2::VPC  (stateful: everything that is in it)

    1 resource to add, 1 to replace, 1 to delete
    "#);
}

#[test]
fn what_leaves_a_stack_set_is_deleted_there() {
    let build = |regions: &[Region]| {
        assembly(|app, prod| {
            let set = StackSet::for_accounts([prod]).regions(regions.iter().copied());
            let mut set = app.open("baseline", set);
            set.add("topic", resource("AWS::SNS::Topic", []));
            set.add("store", resource("AWS::S3::Bucket", []));
        })
    };
    let diff = diff(&build(&[HERE, Region::US_EAST_1]), &build(&[HERE, Region::EU_NORTH_1]));
    insta::assert_snapshot!(diff, @r#"
    ~ stack set baseline
        - regions[1]: "us-east-1"
        + regions[1]: "eu-north-1"
        - instances in us-east-1
        -   store  AWS::S3::Bucket  (stateful: the objects in it, and its name until it is made again)
    "#);
    insta::assert_snapshot!(blocked(&diff).join("\n"), @"baseline/store (AWS::S3::Bucket) would be deleted in us-east-1, which loses: the objects in it, and its name until it is made again");
    assert_eq!(diff.blocked(false, true), []);
}

#[test]
fn stacks_that_stay_lose_nothing() {
    let build = |regions: &[Region]| {
        assembly(|app, prod| {
            if !regions.is_empty() {
                let set = StackSet::for_accounts([prod]).regions(regions.iter().copied());
                let mut set = app.open("baseline", set.retain_on_removal(true));
                set.add("store", resource("AWS::S3::Bucket", []));
            }
        })
    };
    let both = build(&[HERE, Region::US_EAST_1]);
    let fewer = diff(&both, &build(&[HERE]));
    insta::assert_snapshot!(fewer, @r#"
    ~ stack set baseline
        - regions[1]: "us-east-1"
        - instances in us-east-1  (their stacks stay)
    "#);
    let gone = diff(&both, &build(&[]));
    insta::assert_snapshot!(gone, @"
    - stack set baseline
        (its stacks stay)
    ");
    assert_eq!((fewer.blocked(false, false), gone.blocked(false, false)), (vec![], vec![]));
}

#[test]
fn stacks_that_differ_alike_are_told_once() {
    let build = |name: &str| {
        assembly(|app, prod| {
            for region in [HERE, Region::US_EAST_1] {
                let mut stack = app.open("data", Stack::new(prod.in_region(region)));
                stack.add("topic", resource("AWS::SNS::Topic", [("DisplayName", name.into())]));
            }
        })
    };
    insta::assert_snapshot!(diff(&build("one"), &build("two")), @r#"
    ~ stack prod/eu-west-1/data
    ~ stack prod/us-east-1/data
        ~   topic  AWS::SNS::Topic
              ~ DisplayName: "one" -> "two"

    2 resources to change
    "#);
}

#[test]
fn json_has_whole_values() {
    let old = stack(|stack| _ = stack.add("store", bucket("one")));
    let new = stack(|stack| _ = stack.add("store", bucket("two")));
    insta::assert_snapshot!(serde_json::to_string_pretty(&diff(&old, &new)).unwrap(), @r#"
    {
      "accounts": [],
      "steps": [],
      "templates": [
        {
          "path": "prod/eu-west-1/data",
          "name": "test-data",
          "kind": "stack",
          "action": "change",
          "resources": [
            {
              "logicalId": "Store824D80D7",
              "construct": "store",
              "type": "AWS::S3::Bucket",
              "action": "replace",
              "stateful": "the objects in it, and its name until it is made again",
              "edits": [
                {
                  "path": "BucketName",
                  "action": "change",
                  "old": "one",
                  "new": "two",
                  "replacement": "yes"
                }
              ]
            }
          ]
        }
      ],
      "documents": [],
      "rewritten": []
    }
    "#);
}
