//! The smallest app that has everything a deployment can meet, for stopping it at every one of its requests:
//! `cargo xtask test --only sweep`.

use std::process::ExitCode;

use accel::{cfn::ssm, constructs::foundation::ServiceControlPolicy, core::IntoValue, prelude::*};

fn main() -> ExitCode {
    accel::run(sweep())
}

pub(crate) fn sweep() -> App {
    let mut app = App::new("sweep");

    // Steps: the organization, a unit, an account in it, a type of policies, a delegated administrator.
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let account = Account::builder().email(email!("aws+prod@example.com")).unit(unit).build();
    let prod = org.add("prod", account);
    org.delegated_administrator("guardduty.amazonaws.com", prod);
    let management = org.management();
    // A stack that the organization opens itself.
    let leave = Statement::deny(actions!["organizations:LeaveOrganization"]).resource("*");
    let stay = ServiceControlPolicy::builder().document(PolicyDocument::from([leave]));
    org.add("stay", stay.targets([unit]).build());

    // A stack set over a unit, with a value by account, and one that comes out.
    let access = org.stack_set_access();
    let name = Value::by_account_or("name", [(prod, "prod")], "other");
    let mut everywhere = org.open("everywhere", StackSet::for_units([unit]).regions([HERE]));
    everywhere.after(access);
    let setting = everywhere.add("name", parameter(name));
    let published = everywhere.publish("setting", setting.name());

    // A stack in the account and one where the organization is managed, which uses both.
    let mut service = app.open("service", Stack::new(prod.in_region(HERE)));
    let endpoint = service.add("endpoint", parameter(text!["https://example.com"]));
    let shared = service.share(endpoint.name(), management);
    let mut index = app.open("index", Stack::new(management.in_region(HERE)));
    index.add("service", parameter(text![shared]));
    index.add("setting", parameter(published.in_environment(prod.in_region(HERE))));
    app
}

const HERE: Region = Region::EU_WEST_1;

fn parameter(value: impl IntoValue<String>) -> ssm::Parameter {
    ssm::Parameter::new(ssm::parameter::Type::STRING, value)
}
