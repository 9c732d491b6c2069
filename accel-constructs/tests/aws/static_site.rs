use accel_cfn::{certificatemanager::CertificateArn, route53::HostedZoneId};
use accel_constructs::platform::StaticSite;
use accel_core::{AccountInfo, App, Region, Stack, Value};
use serde_json::json;

use super::{of_type, synth, template};

const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:111111111111:certificate/11111111-1111-1111-1111-111111111111";

fn site() -> serde_json::Value {
    let mut app = App::new("acme");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let mut stack = app.open("web", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let site = StaticSite::builder()
        .domain("web.example.com")
        .certificate(Value::<CertificateArn>::imported(CERTIFICATE))
        .zone(Value::<HostedZoneId>::imported("Z0123456789ABCDEFGHIJ"))
        .build();
    stack.add("site", site);
    template(&synth(app), "prod/eu-west-1/web")
}

#[test]
fn only_the_distribution_reads_the_files() {
    let site = site();
    let [policy] = of_type(&site, "AWS::S3::BucketPolicy")[..] else { panic!("one policy") };
    let statements = policy["PolicyDocument"]["Statement"].as_array().expect("statements");
    let reading: Vec<_> =
        statements.iter().filter(|statement| statement["Effect"] == "Allow").collect();
    let [read] = reading[..] else { panic!("one statement that allows") };
    assert_eq!(read["Action"], "s3:GetObject");
    assert_eq!(read["Principal"], json!({ "Service": "cloudfront.amazonaws.com" }));
    let source = &read["Condition"]["StringEquals"]["aws:SourceArn"];
    assert!(source.to_string().contains(":distribution/"), "{source}");
}

#[test]
fn it_has_its_name_and_its_own_paths() {
    let site = site();
    let [distribution] = of_type(&site, "AWS::CloudFront::Distribution")[..] else {
        panic!("one distribution")
    };
    let config = &distribution["DistributionConfig"];
    assert_eq!(config["Aliases"], json!(["web.example.com"]));
    assert_eq!(config["ViewerCertificate"]["AcmCertificateArn"], CERTIFICATE);
    let [missing] = &config["CustomErrorResponses"].as_array().expect("a list")[..] else {
        panic!("one response")
    };
    assert_eq!(missing["ResponsePagePath"], "/index.html");
    let records = of_type(&site, "AWS::Route53::RecordSet");
    let kinds: Vec<_> = records.iter().map(|record| &record["Type"]).collect();
    assert_eq!(kinds, ["A", "AAAA"]);
}
