//! What every synthesis does most: `cargo bench -p accel-synth`.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use accel_core::{AccountInfo, App, Object, Prop, Region, Resource, Stack};
use accel_synth::{
    diff::diff,
    read, synth,
    validate::{Options, validate},
};
use criterion::{Criterion, criterion_group, criterion_main};

/// As many resources as a stack of the benchmark has, of types that are checked in different ways.
fn resources() -> Vec<(&'static str, Object)> {
    let kinds = [
        (
            "AWS::EC2::Subnet",
            r#"{"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a"}"#,
        ),
        ("AWS::EC2::RouteTable", r#"{"VpcId": {"Ref": "Vpc"}}"#),
        (
            "AWS::EC2::Route",
            r#"{"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}}"#,
        ),
        (
            "AWS::IAM::Role",
            r#"{"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}, "RoleName": "audit", "MaxSessionDuration": 3600}"#,
        ),
        (
            "AWS::Logs::LogGroup",
            r#"{"LogGroupName": "/app/audit", "RetentionInDays": 365, "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}"#,
        ),
        (
            "AWS::S3::Bucket",
            r#"{"BucketName": "logs-of-example", "VersioningConfiguration": {"Status": "Enabled"}, "PublicAccessBlockConfiguration": {"BlockPublicAcls": true}}"#,
        ),
        (
            "AWS::KMS::Key",
            r#"{"EnableKeyRotation": true, "KeyPolicy": {"Version": "2012-10-17", "Statement": []}}"#,
        ),
    ];
    let read = |(type_name, json): &(&'static str, &str)| {
        let properties = read::json(json).ok().as_ref().and_then(Prop::as_object).cloned();
        (*type_name, properties.unwrap_or_default())
    };
    kinds.iter().map(read).cycle().take(56).collect()
}

fn app(resources: &[(&'static str, Object)]) -> App {
    let mut app = App::new("bench");
    let account = app.scope().declare_account_as("prod", AccountInfo::default());
    let mut stack = app.open("stack", Stack::new(account.in_region(Region::EU_WEST_1)));
    for (index, (type_name, properties)) in resources.iter().enumerate() {
        let mut resource = Resource::new(*type_name);
        for (name, value) in properties.iter() {
            resource.set(name, value.clone());
        }
        stack.add(&format!("resource-{index}"), resource);
    }
    app
}

fn hot_paths(criterion: &mut Criterion) {
    let resources = resources();
    let options = Options { regions: &[Region::EU_WEST_1], newer_than_schemas: false };
    criterion.bench_function("validate 56 resources", |bencher| {
        bencher.iter(|| {
            for (type_name, properties) in &resources {
                black_box(validate(type_name, properties, options));
            }
        });
    });
    criterion.bench_function("synth a stack of 56 resources", |bencher| {
        bencher.iter_with_setup(|| app(&resources), |app| black_box(synth(app).is_ok()));
    });
    let Ok(old) = synth(app(&resources)) else { return };
    let Ok(new) = synth(app(&resources[..55])) else { return };
    criterion.bench_function("diff two assemblies of a stack", |bencher| {
        bencher.iter(|| black_box(diff(&old, &new)));
    });
    let template = old.file("stacks/prod/eu-west-1/stack.template.json").unwrap_or_default();
    criterion.bench_function("read a template of 56 resources", |bencher| {
        bencher.iter(|| black_box(read::json(template).is_ok()));
    });
}

criterion_group!(benches, hot_paths);
criterion_main!(benches);
