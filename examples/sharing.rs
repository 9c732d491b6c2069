//! What crosses the border of an account or a region. An account is a border, so whatever leaves one says
//! so, and every such place is found by searching for `share(` and `grant`.
//! `cargo run --example sharing -- synth --out sharing.out`.

use std::process::ExitCode;

use accel::{
    cfn::ssm,
    constructs::{
        platform::Bucket,
        security::{IamRole, KmsKey},
    },
    core::policy::Operator,
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(sharing())
}

pub(crate) fn sharing() -> App {
    let mut app = App::new("sharing");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let data = org.add("data", Account::builder().email(email!("aws+data@example.com")).build());
    let apps = org.add("apps", Account::builder().email(email!("aws+apps@example.com")).build());
    let organization = org.organization_id();

    let mut store = app.open("store", Stack::new(data.in_region(Region::EU_WEST_1)));
    let key = store.add("key", KmsKey::builder().description("Reports").build());
    let reports = store.add("reports", Bucket::builder().key(key).build());
    // A value for one other account: the deployer carries it, and orders the stacks.
    let reports_arn = store.share(reports.arn, apps);
    // Everybody in the organization: no value leaves, the bucket's own policy says who.
    let everybody = Statement::allow(actions!["s3:GetObject"])
        .sid("OrganizationReads")
        .principal(Principal::any())
        .resource(text![reports.arn, "/public/*"])
        .when(Operator::StringEquals, "aws:PrincipalOrgID", organization);
    reports.allow(&mut store, &everybody);

    // Another account and another region: there the value is a parameter.
    let mut reader = app.open("reader", Stack::new(apps.in_region(Region::US_EAST_1)));
    let setting = ssm::Parameter::new(ssm::parameter::Type::STRING, text![reports_arn]);
    reader.add("where-reports-are", setting.name("/reports/bucket"));
    // A grant writes both sides: the role's policy here, the bucket's and the key's there. A role has a
    // name for that, so that the other side can be deployed first.
    let role = IamRole::builder()
        .name("report-reader")
        .trusted([Principal::service("lambda.amazonaws.com")])
        .build();
    let role = reader.add("role", role);
    reports.grant_read(&mut reader, role);
    app
}
