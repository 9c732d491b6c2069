//! A team that only wants its monitoring as code: what its shop promises, who watches that, and who is
//! called. Nothing of AWS is in it. `cargo run --example datadog-only -- synth --out datadog-only.out`.

use std::process::ExitCode;

use accel::{
    constructs::sre::{
        datadog::{
            Assertion, BurnRateMonitors, DatadogDashboard, DatadogSlo, HttpTest, Message,
            MetricQuery, Objective, Site, Sli, SloTimeframe, When, Widget, minutes, seconds,
        },
        incident::{
            AlertSource, Backend, Escalation, EscalationStep, IncidentManagement, Rotation, Route,
            Routing, Schedule, Team,
        },
    },
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(datadog_only())
}

pub(crate) fn datadog_only() -> App {
    let mut app = App::new("shop");

    // Who is called: the first one on call, then the other one.
    let people = ["first@example.com", "second@example.com"];
    let mut incidents = app.open("incidents", IncidentManagement::new(Backend::DatadogOnCall));
    let team = incidents.add("shop", Team::builder().name("shop").members(people).build());
    let rotation = Rotation::weekly(people).starting("2026-01-05T09:00:00Z");
    let schedule = Schedule::builder().team(&team).time_zone("Europe/Berlin").rotations([rotation]);
    let schedule = incidents.add("on-call", schedule.build());
    let steps = [
        EscalationStep::at_once().schedule(&schedule),
        EscalationStep::after_minutes(15).team(&team),
    ];
    let escalation = Escalation::builder().team(&team).steps(steps).repeats(2).build();
    let escalation = incidents.add("escalation", escalation);
    let routes = [Route::to(&escalation)];
    incidents.add("routing", Routing::builder().team(&team).routes(routes).build());
    let on_call = incidents.add("datadog", AlertSource::datadog(&team));

    // What the shop promises: answers, and quick ones.
    let mut datadog = app.open("datadog", Datadog::new("example").site(Site::Eu1));
    let web = ["service:shop", "env:prod"];
    let hits = MetricQuery::sum("trace.http.request.hits").over(web).as_count();
    let errors = MetricQuery::sum("trace.http.request.errors").over(web).as_count();
    let answers = DatadogSlo::builder()
        .name("The shop answers")
        .sli(Sli::count(hits.clone() - errors.clone(), hits.clone()))
        .objectives([Objective::new(SloTimeframe::Days30, 99.9)])
        .tags(["team:shop"])
        .build();
    let answers = datadog.add("answers", answers);
    let latency = MetricQuery::percentile(95, "trace.http.request").over(web);
    let slow = DatadogMonitor::builder()
        .name("The shop is slow")
        .query(latency.clone().last(minutes(10)).above(2).warning(1))
        .message(
            Message::new("One request in twenty takes {{value}} seconds.")
                .when(When::Alert, Message::new("").notify(&on_call)),
        )
        .tags(["team:shop"])
        .build();
    let slow = datadog.add("slow", slow);
    let quick = DatadogSlo::builder()
        .name("The shop is quick")
        .sli(Sli::monitors([slow]))
        .objectives([Objective::new(SloTimeframe::Days30, 99.5)])
        .tags(["team:shop"])
        .build();
    let quick = datadog.add("quick", quick);
    for (id, slo) in [("answers-burn", &answers), ("quick-burn", &quick)] {
        let page = Message::new("Customers notice.").notify(&on_call);
        let burn =
            BurnRateMonitors::builder().slo(slo.clone()).page(page).ticket("@shop@example.com");
        datadog.add(id, burn.build());
    }

    let test = HttpTest::builder()
        .name("The shop is there")
        .url("https://shop.example.com/health")
        .every(minutes(5))
        .locations(["aws:eu-central-1", "aws:eu-west-1", "aws:eu-west-3"])
        .failing_locations(2)
        .retries(1)
        .assertions([Assertion::status(200), Assertion::faster_than(seconds(2))])
        .message(Message::new("Nobody can buy.").notify(&on_call))
        .tags(["team:shop"])
        .build();
    datadog.add("there", test);

    let dashboard = DatadogDashboard::builder()
        .title("Shop")
        .teams(["shop"])
        .widgets([
            Widget::group(
                "Promises",
                [
                    Widget::slo("Answers", answers.over(SloTimeframe::Days30)),
                    Widget::slo("Quick", quick.over(SloTimeframe::Days30)),
                    Widget::monitors("Monitors", "team:shop"),
                ],
            ),
            Widget::group(
                "Traffic",
                [
                    Widget::timeseries("Requests", hits.clone()),
                    Widget::query_value("Failing", errors / hits * 100).unit("%"),
                    Widget::timeseries("95 % are quicker", latency).marker("y = 2"),
                    Widget::alert_graph("Slow", slow),
                ],
            ),
        ])
        .build();
    datadog.add("shop", dashboard);

    app
}
