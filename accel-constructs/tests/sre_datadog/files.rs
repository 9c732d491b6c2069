use accel_constructs::sre::datadog::{
    Anomalies, Asset, Datadog, DatadogMonitor, DraftStatus, EvaluationWindow, EventQuery,
    EventSource, Events, Formula, Message, MetricQuery, MissingData, MonitorRef, Priority,
    Recurrence, Renotify, Seasonality, ServiceCheck, Site, SloRef, SloTimeframe, When, hours,
    minutes,
};
use accel_core::{AccountId, AccountInfo, App, Lock, text};
use accel_synth::synth;

use super::{asking, file, json};

#[test]
fn a_metric_monitor() {
    let failures =
        MetricQuery::sum("trace.http.request.errors") / MetricQuery::sum("trace.http.request.hits");
    let query = (failures * 100).over(["env:prod"]).by(["service"]).as_count();
    let message = Message::new("{{value}} % of the requests of {{service.name}} fail.")
        .when(When::Alert, Message::new("Page.").notify("@pagerduty-shop"))
        .when(When::Recovery, "It is over.")
        .notify("@slack-shop");
    let monitor = DatadogMonitor::builder()
        .name("Requests of {{service.name}} fail")
        .query(query.last(minutes(10)).sum().above(5).warning(2.5).critical_recovery(4))
        .message(message)
        .priority(Priority::P1)
        .tags(["team:shop", "env:prod"])
        .missing_data(MissingData::NotifyAfter(minutes(30)))
        .renotify(Renotify::every(hours(2)).times(3))
        .notify_by(["service"])
        .build();
    insta::assert_snapshot!(file(monitor));
}

#[test]
fn an_anomaly_monitor() {
    let query = MetricQuery::sum("shop.orders")
        .as_count()
        .anomalies(Anomalies::agile(3, Seasonality::Daily).windows(minutes(15), minutes(30)))
        .last(hours(4))
        .at_least(1)
        .critical_recovery(0);
    let monitor = DatadogMonitor::builder()
        .name("Orders are odd")
        .query(query)
        .message("@slack-shop")
        .draft_status(DraftStatus::Draft)
        .custom_schedule([Recurrence::new("FREQ=DAILY", "2026-01-01T06:00:00", "Europe/Berlin")])
        .build();
    insta::assert_snapshot!(file(monitor));
}

#[test]
fn a_service_check() {
    let query = ServiceCheck::new("datadog.agent.up", ["host"])
        .over(["env:prod"])
        .exclude(["role:batch"])
        .critical(5)
        .ok(2);
    insta::assert_snapshot!(file(asking(query)));
}

#[test]
fn a_formula_of_logs() {
    let query = Formula::new("errors / total * 100")
        .variable("errors", Events::new(EventSource::Logs, "service:shop status:error"))
        .variable("total", Events::new(EventSource::Logs, "service:shop"))
        .last(minutes(15))
        .above(5);
    insta::assert_snapshot!(file(asking(query)));
}

#[test]
fn a_burn_rate_and_an_error_budget() {
    let slo = SloRef::existing("0123456789abcdef0123456789abcdef", SloTimeframe::Days30, 99.9);
    assert_eq!(
        json(asking(slo.burn_rate(hours(24)).above(3)))["query"],
        "burn_rate(\"0123456789abcdef0123456789abcdef\").over(\"30d\").long_window(\"24h\")\
         .short_window(\"120m\") > 3"
    );
    assert_eq!(
        json(asking(slo.error_budget().at_least(75)))["query"],
        "error_budget(\"0123456789abcdef0123456789abcdef\").over(\"30d\") >= 75"
    );
}

#[test]
fn a_composite_names_its_monitors_by_the_tags_they_carry() {
    let mut app = App::new("example");
    let mut datadog = app.open("datadog", Datadog::new("example"));
    let load = || MetricQuery::avg("system.load.norm.5").by(["host"]).last(minutes(5)).above(2);
    let [first, second] = ["first", "second"].map(|id| datadog.add(id, asking(load())));
    let both = (first | second) & !MonitorRef::existing(12345);
    datadog.add("both", asking(both));
    let assembly = synth(app).unwrap();
    let read = |id: &str| -> serde_json::Value {
        let file = assembly.file(&format!("datadog/example/monitors/{id}.json")).unwrap();
        serde_json::from_str(file).unwrap()
    };
    assert_eq!(
        read("both")["query"],
        "(%{accel:example/datadog/first} || %{accel:example/datadog/second}) && !12345"
    );
    assert_eq!(read("first")["tags"], serde_json::json!(["accel:example/datadog/first"]));
}

#[test]
fn a_search_keeps_its_quotes() {
    let query = EventQuery::logs(r#"service:shop "out of memory""#).last(minutes(5)).above(0);
    assert_eq!(
        json(asking(query))["query"],
        r#"logs("service:shop \"out of memory\"").rollup("count").last("5m") > 0"#
    );
}

#[test]
fn a_cumulative_window_says_when_it_begins() {
    let window = EvaluationWindow::Day { time: "04:00".into(), timezone: "Europe/Berlin".into() };
    let query = MetricQuery::sum("shop.orders").as_count().current(window).sum().below(100);
    let monitor = json(asking(query));
    assert_eq!(monitor["query"], "sum(current_1d):sum:shop.orders{*}.as_count() < 100");
    assert_eq!(
        monitor["options"]["scheduling_options"]["evaluation_window"],
        serde_json::json!({"day_starts": "04:00", "timezone": "Europe/Berlin"})
    );
}

#[test]
fn a_value_of_the_tree_stands_in_the_query_the_tags_and_the_text() {
    let app = |lock: Lock| {
        let mut app = App::new("example");
        app.set_lock(lock);
        let prod = app.scope().declare_account_as("prod", AccountInfo::default());
        let query = MetricQuery::max("aws.rds.cpuutilization")
            .over([text!["account_id:", prod.id()]])
            .by(["dbinstanceidentifier"])
            .last(minutes(15))
            .above(90);
        let monitor = DatadogMonitor::builder()
            .name(text!["Databases of ", prod.id()])
            .query(query)
            .message(text!["Account ", prod.id(), "\n@slack-db"])
            .tags([text!["account_id:", prod.id()]])
            .evaluation_delay(minutes(15))
            .build();
        app.open("datadog", Datadog::new("example")).add("databases", monitor);
        synth(app).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    };
    let path = "datadog/example/monitors/databases.json";
    assert_eq!(app(Lock::default()).file(path), None, "not known, so left out");

    let mut lock = Lock::default();
    lock.set_account("prod", AccountId::parse("111111111111").unwrap());
    insta::assert_snapshot!(app(lock).file(path).unwrap());
}

#[test]
fn a_notebook_is_on_the_site_of_the_organization() {
    let mut app = App::new("example");
    let mut datadog = app.open("datadog", Datadog::new("example").site(Site::Us5));
    let query = MetricQuery::avg("system.load.1").last(minutes(5)).above(2);
    let assets = [Asset::notebook("Load", 7), Asset::runbook("Web", "https://example.com/web")];
    let monitor =
        DatadogMonitor::builder().name("Load").query(query).message("").assets(assets).build();
    datadog.add("load", monitor);
    let assembly = synth(app).unwrap();
    let file = assembly.file("datadog/example/monitors/load.json").unwrap();
    let monitor: serde_json::Value = serde_json::from_str(file).unwrap();
    assert_eq!(monitor["assets"][0]["url"], "https://us5.datadoghq.com/notebook/7");
    assert_eq!(monitor["assets"][1]["url"], "https://example.com/web");
}

#[test]
fn nested_monitors_have_files_of_their_own() {
    use accel_core::{Construct, Scope};

    struct Pair;
    impl Construct for Pair {
        type Level = Datadog;
        type Output = ();
        fn build(self, datadog: &mut Scope<'_, Datadog>) {
            let load = || MetricQuery::avg("system.load.1").last(minutes(5));
            datadog.add("high", asking(load().above(2)));
            datadog.add("low", asking(load().below(0.1)));
        }
    }

    let mut app = App::new("example");
    app.open("datadog", Datadog::new("example")).add("load", Pair);
    let assembly = synth(app).unwrap();
    let files: Vec<_> =
        assembly.files().map(|(path, _)| path).filter(|path| path.starts_with("datadog")).collect();
    assert_eq!(
        files,
        ["datadog/example/monitors/load.high.json", "datadog/example/monitors/load.low.json"]
    );
}

#[test]
fn an_option_that_is_newer_than_this_crate_is_given_by_its_name() {
    let query = MetricQuery::avg("system.load.1").last(minutes(5)).above(2);
    let mut options = accel_core::Object::new();
    options.insert("brand_new", true);
    options.insert("notify_audit", false);
    let monitor = DatadogMonitor::builder()
        .name("Load")
        .query(query)
        .message("")
        .notify_audit(true)
        .other_options(options)
        .build();
    let options = json(monitor)["options"].clone();
    assert_eq!((&options["brand_new"], &options["notify_audit"]), (&true.into(), &false.into()));
}
