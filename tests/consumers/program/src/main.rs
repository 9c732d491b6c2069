//! What a platform team writes: the whole program is its organization.

use std::process::ExitCode;

use accel::{
    cfn::sqs::Queue,
    cli::clap,
    constructs::{
        release::Checkout,
        sre::datadog::{MetricQuery, minutes},
    },
    core::Email,
    prelude::*,
};

#[derive(clap::Args)]
struct Options {
    /// A team, which gets an account
    #[arg(long, value_name = "NAME", default_values = ["orders", "billing"])]
    team: Vec<String>,
}

fn main() -> ExitCode {
    accel::run_with(landing_zone)
}

fn landing_zone(options: Options) -> App {
    let mut app = App::new("example");

    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let workloads = org.add("workloads", OrganizationalUnit::builder().build());
    let mut accounts = Vec::new();
    for team in &options.team {
        match Email::parse(&format!("aws+{team}@example.com")) {
            Ok(email) => {
                let account = Account::builder().email(email).unit(workloads).build();
                accounts.push(org.add(team, account));
            }
            Err(error) => org.report(error.into()),
        }
    }

    for account in accounts {
        let mut jobs = app.open("jobs", Stack::new(account.in_region(Region::EU_WEST_1)));
        jobs.add("queue", Queue::new().message_retention_period(1_209_600));
    }

    let mut repository = app.open("platform", Repository::new("example/platform"));
    let check = Job::new("check", Runner::UBUNTU_24_04)
        .step(Checkout::new())
        .step(Step::run("cargo run -- write --repository example/platform . --check"));
    repository.add("ci", GithubWorkflow::new("CI").on(PullRequest::new()).job(check));

    let age = MetricQuery::max("aws.sqs.approximate_age_of_oldest_message").by(["account_id"]);
    let monitor = DatadogMonitor::builder()
        .name("Jobs wait in {{account_id.name}}")
        .query(age.last(minutes(10)).min().above(600))
        .message("Nobody takes jobs out of the queue.")
        .evaluation_delay(minutes(15))
        .build();
    app.open("datadog", Datadog::new("example")).add("jobs-wait", monitor);

    app
}
