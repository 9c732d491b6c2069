//! The landing zone of a company, from its organization to its alerts, in one program: the reference
//! architecture off the rack, and then tailored.
//! `cargo run --release --example landing-zone -- synth --out accel.out`.

use std::process::ExitCode;

use accel::{
    cfn::sqs,
    constructs::{
        blueprints::{Accelerator, Platform, Service, Tenant},
        release::archetypes::{ExecutableToolchain, Toolchain},
        security::{Guardrails, OrganizationGuardrail},
        sre::incident::{
            AlertSource, Backend, Escalation, EscalationStep, IncidentManagement, Rotation, Route,
            Routing, Schedule, Team,
        },
    },
    core::{Prop, policy::Operator},
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(landing_zone())
}

pub(crate) fn landing_zone() -> App {
    let mut app = App::new("acme");
    app.tag("owner", "platform");

    // Off the rack. The accounts of workloads exist; of all others nothing is known but their addresses:
    // the deployer makes them.
    let suit = Accelerator::builder()
        .email(email!("aws@example.com"))
        .domain("example.com")
        .regions([Region::US_EAST_1, Region::US_WEST_2])
        .tenants([Tenant::new("plat")])
        .repository(Repository::new("acme/infrastructure").ids(1111, 2222))
        .platforms([Platform::Eks, Platform::Ecs])
        .services([
            Service::microservice("shop", Platform::Eks),
            Service::microservice("mail", Platform::Ecs),
            Service::spa("web"),
            Service::library("money", Toolchain::Rust),
            Service::executable("shopctl", ExecutableToolchain::Rust),
        ])
        .on_call([email!("first@example.com"), email!("second@example.com")])
        .account_ids([
            ("plat-dev", account_id!("111111111111")),
            ("plat-staging", account_id!("222222222222")),
            ("plat-prod", account_id!("333333333333")),
        ])
        // Tailored: two defaults.
        .kubernetes_version("1.33")
        .monthly_budget_usd(5000)
        .build();
    let suit = app.add("accelerator", suit);

    // Tailored: a fourth unit below the one of workloads, and an account in it.
    let mut org = app.reopen(suit.organization);
    let partners = OrganizationalUnit::builder().parent(suit.units.plat).build();
    let partners = org.add("partners", partners);
    let portal = Account::builder().email(email!("aws+portal@example.com")).unit(partners).build();
    org.add("partner-portal", portal);

    // Tailored: a guardrail of its own. What partners see is not built with what nobody has looked at.
    let images = Statement::deny(actions!["ec2:RunInstances"])
        .resource("arn:aws:ec2:*::image/ami-*")
        .when(Operator::StringNotEquals, "ec2:Owner", "amazon");
    let images = OrganizationGuardrail::service_control("ec2.amazon-images", [images]);
    let own = Guardrails::builder().guardrails([images]).targets([partners]).build();
    org.add("partner-guardrails", own);

    // Tailored: the partners' support is called by another product than everybody else.
    let mut support = app.open("support", IncidentManagement::new(Backend::OpsGenie));
    let people = ["third@example.com", "fourth@example.com"];
    let team = support.add("support", Team::builder().name("support").members(people).build());
    let weekly = Rotation::weekly(people).starting("2026-01-05T09:00:00Z");
    let schedule = Schedule::builder().team(&team).rotations([weekly]).build();
    let schedule = support.add("on-call", schedule);
    let steps = [EscalationStep::at_once().schedule(&schedule)];
    let escalation = Escalation::builder().team(&team).steps(steps).build();
    let escalation = support.add("escalation", escalation);
    let routing = Routing::builder().team(&team).routes([Route::to(&escalation)]).build();
    support.add("routing", routing);
    support.add("datadog", AlertSource::datadog(&team));

    if let Some(prod) = suit.stage("plat", "prod") {
        for network in &prod.networks {
            let mut stack = app.reopen(network.stack);
            // Tailored: a construct of its own, in a stack of the blueprint.
            stack.add("events", Events { retention_days: 14 });
            // Tailored: a property that the construct does not have, by its name.
            stack[network.vpc.resource].set("InstanceTenancy", "default");
        }
    }
    app
}

/// A queue, and where messages go that nobody could handle.
struct Events {
    retention_days: u32,
}

impl Construct for Events {
    type Level = Template;
    type Output = sqs::QueueRef;

    fn build(self, template: &mut Scope<'_>) -> sqs::QueueRef {
        let seconds = self.retention_days * 24 * 60 * 60;
        let queue = || sqs::Queue::new().sqs_managed_sse_enabled(true);
        let dead = template.add("dead", queue().message_retention_period(seconds));
        let redrive = Prop::object([
            ("deadLetterTargetArn", text![dead.arn()].into_prop()),
            ("maxReceiveCount", 5.into()),
        ]);
        template.add("queue", queue().message_retention_period(seconds).redrive_policy(redrive))
    }
}
