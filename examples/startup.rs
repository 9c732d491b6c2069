//! A company of ten people: three accounts, one region, and what it would regret not to have had.
//! `cargo run --example startup -- synth --out startup.out`.

use std::process::ExitCode;

use accel::{
    constructs::foundation::{
        Baseline, EveryAccount, Nat, OrganizationTrail, ServiceControlPolicy,
    },
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(startup())
}

pub(crate) fn startup() -> App {
    let mut app = App::new("startup");
    let region = Region::EU_WEST_1;

    // Logs are kept apart from what they are about; production is kept apart from everything else.
    let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
    let audit = org.add("audit", Account::builder().email(email!("aws+audit@example.com")).build());
    let dev = org.add("dev", Account::builder().email(email!("aws+dev@example.com")).build());
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());

    org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
    org.add("guardduty", GuardDuty::builder().administrator(audit).regions([region]).build());
    let baseline = Baseline::builder().auditor(audit).home_region(region).build();
    org.add("baseline", EveryAccount::builder().construct(baseline).regions([region]).build());
    let leave = Statement::deny(actions!["organizations:LeaveOrganization"]).resource("*");
    let stay = ServiceControlPolicy::builder()
        .document(PolicyDocument::from([leave]))
        .targets([audit, dev, prod])
        .build();
    org.add("deny-leaving", stay);

    // One gateway is enough for development; production loses no zone with another.
    for (account, cidr, nat) in
        [(dev, cidr!("10.101.0.0/18"), Nat::Single), (prod, cidr!("10.102.0.0/18"), Nat::PerAz)]
    {
        let mut network = app.open("network", Stack::new(account.in_region(region)));
        network.add("vpc", Vpc::builder().cidr(cidr).nat(nat).build());
    }
    app
}
