//! One test a rule, with the wrong form and the right one next to it.

use accel_constructs::sre::datadog::{
    Anomalies, Augmented, Datadog, DatadogMonitor, EvaluationWindow, EventQuery, Formula, Join,
    Message, MetricQuery, MetricWindow, Metrics, MetricsAggregator, MissingData, MonitorQuery,
    MonitorType, RawQuery, ReferenceTable, Renotify, ServiceCheck, Site, SloRef, SloTimeframe,
    Threshold, When, days, hours, minutes, seconds, weeks,
};
use accel_core::{App, Severity};

use super::{asking, saying};

/// The codes of what is wrong with a monitor; warnings end with `?`.
fn codes_in(datadog: Datadog, monitor: DatadogMonitor) -> Vec<String> {
    let mut app = App::new("example");
    app.open("datadog", datadog).add("monitor", monitor);
    let diagnostics = app.into_tree().take_diagnostics();
    let code = |diagnostic: &accel_core::Diagnostic| {
        assert!(diagnostic.help.is_some() && !diagnostic.notes.is_empty(), "{diagnostic}");
        assert!(diagnostic.message.contains("datadog/monitor"), "{diagnostic}");
        assert!(diagnostic.location.file().ends_with("rules.rs"), "{diagnostic}");
        let mark = if diagnostic.severity == Severity::Warning { "?" } else { "" };
        format!("{}{mark}", diagnostic.code.name())
    };
    diagnostics.iter().map(code).collect()
}

fn codes(monitor: DatadogMonitor) -> Vec<String> {
    codes_in(Datadog::new("example"), monitor)
}

fn query_codes(query: impl Into<MonitorQuery>) -> Vec<String> {
    codes(asking(query))
}

fn raw(kind: MonitorType, text: &str) -> Vec<String> {
    query_codes(RawQuery::new(kind, text))
}

fn load() -> MetricWindow {
    MetricQuery::avg("system.load.1").over(["env:prod"]).by(["host"]).last(minutes(5))
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_query_that_cannot_be_read() {
    for wrong in [
        "",
        "avg(last_5m)",
        "avg(last_5m):system.load.1 > 2",
        "avg(last_5m):avg:system.load.1{*}",
        "avg(last_5m):avg:system.load.1{*} > two",
        "avg(last_5m):avg:system.load.1{*} > NaN",
        "avg(last_5m):avg:system.load.1{} > 2",
        "avg(last_5m):avg:system.load.1{* > 2",
        "avg(last_5m):avg:system.load.1{*} by {} > 2",
        "avg(last_5m):default_zero(avg:system.load.1{*} > 2",
        "avg(last_5m):avg:system.load.1{*}) > 2",
        "mean(last_5m):avg:system.load.1{*} > 2",
        "change(avg(last_5m),3m_ago):avg:system.load.1{*} > 2",
    ] {
        assert_eq!(raw(MonitorType::Query, wrong), ["monitor-query"], "{wrong}");
    }
    for wrong in ["", "logs(", "logs(\"*\")rollup", "logs(\"*).last(\"5m\") > 1", "logs(a b) x"] {
        assert_eq!(raw(MonitorType::Log, wrong)[0], "monitor-query", "{wrong}");
    }
    for wrong in ["", "1 &&", "1 2", "(1", "!", "a && b"] {
        assert_eq!(raw(MonitorType::Composite, wrong), ["monitor-query"], "{wrong}");
    }
    for right in [
        "avg(last_5m):avg:system.load.1{*} > 2",
        " avg( last_5m ) : ( avg:a{x:y} by {z} / avg:b{*} ) * 100 >= 0.5",
        "max(next_1w):forecast(avg:disk{*} by {host}, 'linear', 1, interval='60m') >= 90",
        "avg(last_1w):avg:system.load.1{*} > threshold",
    ] {
        let query = RawQuery::new(MonitorType::Query, right);
        let query = match right.ends_with("threshold") {
            true => query.critical(Threshold::query("avg:limit{*}")),
            false => query,
        };
        assert_eq!(query_codes(query), NOTHING, "{right}");
    }
    assert_eq!(raw(MonitorType::Composite, "(1 || !2) && %{accel:a/b}"), NOTHING);
}

#[test]
fn a_query_of_another_type() {
    let logs = "logs(\"*\").rollup(\"count\").last(\"5m\") > 1";
    assert_eq!(raw(MonitorType::Log, logs), NOTHING);
    assert_eq!(raw(MonitorType::Rum, logs), ["monitor-query"]);
    assert_eq!(raw(MonitorType::ServiceCheck, logs)[0], "monitor-service-check");
}

#[test]
fn a_comparison_that_the_type_does_not_have() {
    let slo = SloRef::existing("abc", SloTimeframe::Days7, 99.0);
    assert_eq!(query_codes(slo.error_budget().above(75)), NOTHING);
    assert_eq!(query_codes(slo.error_budget().below(75)), ["monitor-query"]);
    let cost = || Formula::new("cost").variable("cost", Metrics::cloud_cost("sum:aws.cost{*}"));
    assert_eq!(query_codes(cost().cost_forecast().above(1000)), NOTHING);
    assert_eq!(query_codes(cost().cost_forecast().below(1000)), ["monitor-query"]);
    assert_eq!(raw(MonitorType::Log, "logs(\"*\").last(\"5m\")"), ["monitor-query"]);
}

#[test]
fn a_window_out_of_range() {
    let query = |window| query_codes(MetricQuery::avg("m").last(window).above(1));
    assert_eq!(query(minutes(1)), NOTHING);
    assert_eq!(query(weeks(1)), NOTHING);
    assert_eq!(query(seconds(30)), ["monitor-window"]);
    assert_eq!(query(days(8)), ["monitor-window"]);
    let change = |window| {
        let query = MetricQuery::avg("m").last(window);
        query_codes(query.change(accel_constructs::sre::datadog::Ago::Hour1).above(1))
    };
    assert_eq!(change(days(2)), NOTHING);
    assert_eq!(change(days(3)), ["monitor-window"]);
    let logs = |window| query_codes(EventQuery::logs("*").last(window).above(1));
    assert_eq!(logs(hours(48)), NOTHING);
    assert_eq!(logs(hours(49)), ["monitor-window"]);
    for wrong in ["5m", "last_", "last_5", "previous_5m"] {
        let text = format!("avg({wrong}):avg:m{{*}} > 1");
        assert_eq!(raw(MonitorType::Query, &text), ["monitor-window"], "{wrong}");
    }
    assert_eq!(raw(MonitorType::Log, "logs(\"*\").rollup(\"count\") > 1"), ["monitor-window"]);
}

#[test]
fn a_window_that_does_not_say_when_it_begins() {
    let query = || RawQuery::new(MonitorType::Query, "sum(current_1h):sum:m{*} > 1");
    let hour = |minute| EvaluationWindow::Hour { minute };
    assert_eq!(query_codes(query()), ["monitor-window"]);
    assert_eq!(query_codes(query().evaluation_window(hour(30))), NOTHING);
    assert_eq!(query_codes(query().evaluation_window(hour(60))), ["monitor-window"]);
    let day = |time: &str| EvaluationWindow::Day { time: time.into(), timezone: "UTC".into() };
    assert_eq!(query_codes(query().evaluation_window(day("04:00"))), ["monitor-window"]);
    let current = |time| query_codes(MetricQuery::sum("m").current(day(time)).sum().above(1));
    assert_eq!(current("23:59"), NOTHING);
    for wrong in ["24:00", "4:00", "04:60", "noon", "+4:00"] {
        assert_eq!(current(wrong), ["monitor-window"], "{wrong}");
    }
}

#[test]
fn anomalies_without_windows() {
    let text = "avg(last_4h):anomalies(avg:m{*}, 'basic', 2) >= 1";
    let query = || RawQuery::new(MonitorType::Query, text);
    assert_eq!(query_codes(query()), ["monitor-window"]);
    assert_eq!(query_codes(query().threshold_windows(minutes(15), minutes(15))), NOTHING);
    let typed = MetricQuery::avg("m").anomalies(Anomalies::basic(2)).last(hours(4)).at_least(1);
    assert_eq!(query_codes(typed), NOTHING);
}

#[test]
fn a_critical_threshold_that_is_not_in_the_query() {
    let query = || RawQuery::new(MonitorType::Query, "avg(last_5m):avg:m{*} > 90");
    assert_eq!(query_codes(query().critical(90.0)), NOTHING);
    assert_eq!(query_codes(query().critical(80)), ["monitor-threshold"]);
    assert_eq!(query_codes(query().critical(Threshold::query("avg:n{*}"))), ["monitor-threshold"]);
    let dynamic = load().above(Threshold::query("avg:n{*}"));
    assert_eq!(query_codes(dynamic), NOTHING);
    assert_eq!(raw(MonitorType::Query, "avg(last_5m):avg:m{*} > threshold"), ["monitor-threshold"]);
}

#[test]
fn thresholds_on_the_wrong_side() {
    assert_eq!(query_codes(load().above(90).warning(80).critical_recovery(85)), NOTHING);
    assert_eq!(query_codes(load().above(90).warning(80).warning_recovery(70)), NOTHING);
    assert_eq!(query_codes(load().above(90).warning(90)), ["monitor-threshold"]);
    assert_eq!(query_codes(load().above(90).critical_recovery(95)), ["monitor-threshold"]);
    assert_eq!(
        query_codes(load().above(90).warning(80).warning_recovery(85)),
        ["monitor-threshold"]
    );
    assert_eq!(query_codes(load().above(90).warning_recovery(70)), ["monitor-threshold"]);
    assert_eq!(query_codes(load().below(10).warning(20).critical_recovery(15)), NOTHING);
    assert_eq!(query_codes(load().below(10).warning(5)), ["monitor-threshold"]);
    assert_eq!(query_codes(load().above(90).warning(f64::NAN))[0], "monitor-threshold");
}

#[test]
fn thresholds_that_the_type_does_not_have() {
    let composite = || RawQuery::new(MonitorType::Composite, "1 && 2");
    assert_eq!(query_codes(composite()), NOTHING);
    assert_eq!(query_codes(composite().warning(1)), ["monitor-threshold"]);
    let metric = RawQuery::new(MonitorType::Query, "avg(last_5m):avg:m{*} > 1").ok(1);
    assert_eq!(query_codes(metric), ["monitor-threshold"]);
}

#[test]
fn a_service_check_that_is_not_complete() {
    let check = |text: &str| raw(MonitorType::ServiceCheck, text);
    assert_eq!(check("\"a.up\".over(\"*\").by(\"host\").last(2).count_by_status()"), NOTHING);
    for wrong in [
        "a.over(\"*\").by(\"host\").last(2).count_by_status()",
        "\"a.up\".by(\"host\").last(2).count_by_status()",
        "\"a.up\".over(\"\").by(\"host\").last(2).count_by_status()",
        "\"a.up\".over(\"*\").last(2).count_by_status()",
        "\"a.up\".over(\"*\").by(\"host\").count_by_status()",
        "\"a.up\".over(\"*\").by(\"host\").last(101).count_by_status()",
        "\"a.up\".over(\"*\").by(\"host\").last(2)",
    ] {
        let found = check(wrong);
        assert!(!found.is_empty(), "{wrong}");
        assert!(
            found.iter().all(|c| ["monitor-service-check", "monitor-query"].contains(&c.as_str()))
        );
    }
    let query = || ServiceCheck::new("a.up", ["host"]);
    assert_eq!(query_codes(query().critical(99)), NOTHING);
    assert_eq!(query_codes(query().critical(100)), ["monitor-service-check"]);
    assert_eq!(query_codes(query().warning(0)), ["monitor-service-check"]);
    assert_eq!(query_codes(ServiceCheck::new("a.up", [""; 0])), ["monitor-service-check"]);
}

#[test]
fn a_burn_rate_that_cannot_be_reached() {
    let slo = |target| SloRef::existing("abc", SloTimeframe::Days30, target);
    let page = |target| query_codes(slo(target).burn_rate(hours(1)).above(14.4));
    assert_eq!(page(99.9), NOTHING);
    assert_eq!(page(96.0), NOTHING);
    assert_eq!(page(90.0), ["monitor-burn-rate"]);
    assert_eq!(page(100.0), ["monitor-burn-rate"]);
    assert_eq!(page(0.0), ["monitor-burn-rate"]);
    let windows = |long, short| query_codes(slo(99.9).burn_rate(long).short_window(short).above(3));
    assert_eq!(windows(hours(48), hours(4)), NOTHING);
    assert_eq!(windows(hours(72), hours(6)), ["monitor-window"]);
    assert_eq!(windows(hours(1), hours(1)), ["monitor-window"]);
    assert_eq!(windows(hours(1), seconds(90)), ["monitor-window"]);
    assert_eq!(
        raw(MonitorType::Slo, "error_budget(\"abc\").over(\"28d\") > 75"),
        ["monitor-window"]
    );
}

#[test]
fn a_composite_of_too_many_or_of_composites() {
    let ids = |count: usize| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(" && ");
    assert_eq!(raw(MonitorType::Composite, &ids(10)), NOTHING);
    assert_eq!(raw(MonitorType::Composite, &ids(11)), ["monitor-composite"]);

    let mut app = App::new("example");
    let mut datadog = app.open("datadog", Datadog::new("example"));
    let first = datadog.add("first", asking(load().above(2)));
    let both = datadog.add("both", asking(first & first));
    datadog.add("monitor", asking(both | first));
    let diagnostics = app.into_tree().take_diagnostics();
    assert_eq!(
        diagnostics.iter().map(|d| d.code.name()).collect::<Vec<_>>(),
        ["monitor-composite"]
    );
}

#[test]
fn a_monitor_of_another_app() {
    let mut other = App::new("other");
    let foreign =
        other.open("datadog", Datadog::new("example")).add("monitor", asking(load().above(2)));
    assert_eq!(query_codes(foreign & foreign), ["foreign-handle"]);
}

#[test]
fn a_formula_without_what_it_names() {
    let metrics = || Metrics::new("sum:m{*}");
    let formula = || Formula::new("a");
    assert_eq!(query_codes(formula().variable("a", metrics()).last(minutes(5)).above(1)), NOTHING);
    assert_eq!(query_codes(formula().last(minutes(5)).above(1)), ["monitor-query"]);
    let mean = metrics().aggregator(MetricsAggregator::Mean);
    let query = formula().variable("a", mean).last(minutes(5)).above(1);
    assert_eq!(query_codes(query), ["monitor-query"]);
    let table = ReferenceTable::new("t");
    let computes_nothing = Augmented::new(metrics(), table, Join::inner("a", "b"));
    let query = formula().variable("a", computes_nothing).last(minutes(5)).above(1);
    assert_eq!(query_codes(query), ["monitor-query"]);
    let unused = RawQuery::new(MonitorType::Query, "avg(last_5m):avg:m{*} > 1");
    assert_eq!(query_codes(unused.variable("a", metrics())), ["monitor-query"]);
}

#[test]
fn a_name_with_space_around_it() {
    let named = |name: &str| {
        codes(DatadogMonitor::builder().name(name).query(load().above(2)).message("").build())
    };
    assert_eq!(named("Load is high"), NOTHING);
    for wrong in [" Load", "Load ", "", "Load\n"] {
        assert_eq!(named(wrong), ["monitor-name"], "{wrong:?}");
    }
}

#[test]
fn a_tag_that_datadog_does_not_keep() {
    let tagged = |tag: &str| {
        let monitor = DatadogMonitor::builder().name("Load").query(load().above(2)).message("");
        codes(monitor.tags([tag]).build())
    };
    assert_eq!(tagged("team:web/shop@example.com#1"), NOTHING);
    for wrong in ["team: web", "täm:web", "", "a,b", &"x".repeat(201)] {
        assert_eq!(tagged(wrong), ["monitor-tag"], "{wrong}");
    }
    let mut app = App::new("example");
    let long = "x".repeat(190);
    let mut datadog = app.open("datadog", Datadog::new("example"));
    datadog.add(&long[..120], asking(load().above(2)));
    assert!(app.into_tree().take_diagnostics().is_empty());
    let mut app = App::new(&long[..80]);
    app.open("datadog", Datadog::new("example")).add(&long[..120], asking(load().above(2)));
    let diagnostics = app.into_tree().take_diagnostics();
    assert_eq!(diagnostics.iter().map(|d| d.code.name()).collect::<Vec<_>>(), ["monitor-tag"]);
}

/// A monitor of the load with options.
macro_rules! load {
    ($($option:ident($value:expr)),+) => {
        codes(
            DatadogMonitor::builder().name("Load").query(load().above(2).warning(1)).message("")
                $(.$option($value))+.build(),
        )
    };
}

#[test]
fn options_out_of_range() {
    assert_eq!(load![timeout(hours(24))], NOTHING);
    assert_eq!(load![timeout(hours(25))], ["monitor-option-range"]);
    assert_eq!(load![timeout(minutes(90))], ["monitor-option-range"]);
    assert_eq!(load![renotify(Renotify::every(minutes(30)))], NOTHING);
    assert_eq!(load![renotify(Renotify::every(seconds(90)))], ["monitor-option-range"]);
    assert_eq!(load![renotify(Renotify::every(minutes(0)))], ["monitor-option-range"]);
    assert_eq!(load![group_retention(hours(72))], NOTHING);
    assert_eq!(load![group_retention(minutes(59))], ["monitor-option-range"]);
    assert_eq!(load![group_retention(days(4))], ["monitor-option-range"]);
    assert_eq!(
        load![missing_data(MissingData::NotifyAfter(seconds(630)))],
        ["monitor-option-range"]
    );
}

#[test]
fn options_that_exclude_each_other() {
    assert_eq!(load![new_group_delay(minutes(5))], NOTHING);
    assert_eq!(
        load![new_group_delay(minutes(5)), new_host_delay(minutes(5))],
        ["monitor-option-conflict"]
    );
    assert_eq!(load![missing_data(MissingData::Resolve), timeout(hours(0))], NOTHING);
    assert_eq!(
        load![missing_data(MissingData::Resolve), timeout(hours(1))],
        ["monitor-option-conflict"]
    );

    let missing = |query: MonitorQuery, missing_data| {
        let monitor = DatadogMonitor::builder().name("Monitor").query(query).message("");
        codes(monitor.missing_data(missing_data).build())
    };
    let composite = || RawQuery::new(MonitorType::Composite, "1 && 2").into();
    assert_eq!(missing(composite(), MissingData::Notify), NOTHING);
    assert_eq!(missing(composite(), MissingData::Show), ["monitor-option-conflict"]);
    let filled = || MetricQuery::sum("m").default_zero().last(minutes(5)).above(1).into();
    assert_eq!(missing(filled(), MissingData::Default), NOTHING);
    assert_eq!(missing(filled(), MissingData::Show), ["monitor-option-conflict"]);
    let logs = || EventQuery::logs("*").last(minutes(5)).above(1).into();
    assert_eq!(missing(logs(), MissingData::ShowAndNotify), NOTHING);
    assert_eq!(missing(logs(), MissingData::NotifyAfter(minutes(30))), ["monitor-option-conflict"]);
}

#[test]
fn data_that_is_missed_too_soon() {
    let after = |time| load![missing_data(MissingData::NotifyAfter(time))];
    assert_eq!(after(minutes(10)), NOTHING);
    assert_eq!(after(minutes(9)), ["monitor-no-data-timeframe?"]);
}

#[test]
fn notifications_by_what_the_query_is_not_grouped_by() {
    assert_eq!(load![notify_by(["host"])], NOTHING);
    assert_eq!(load![notify_by(["*"])], NOTHING);
    assert_eq!(load![notify_by(["service"])], ["monitor-notify-by"]);
    let logs = EventQuery::logs("*").by(["service", "env"]).last(minutes(5)).above(1);
    let monitor = DatadogMonitor::builder().name("Monitor").query(logs).message("");
    assert_eq!(codes(monitor.notify_by(["env"]).build()), NOTHING);
}

#[test]
fn a_handle_that_is_none() {
    let notifies = |handle| codes(saying(load().above(2), Message::new("").notify(handle)));
    assert_eq!(notifies("@slack-web"), NOTHING);
    for wrong in ["slack-web", "@", "@slack web", "@a,@b"] {
        assert_eq!(notifies(wrong), ["monitor-handle"], "{wrong}");
    }
}

#[test]
fn blocks_that_do_not_match() {
    let says = |text: &str| codes(saying(load().above(2), text));
    assert_eq!(says("{{#is_alert}}a{{^is_renotify}}b{{/is_renotify}}{{/is_alert}}"), NOTHING);
    for wrong in [
        "{{#is_alert}}a",
        "a{{/is_alert}}",
        "{{#is_alert}}a{{/is_warning}}",
        "{{#is_alert}}{{#is_warning}}a{{/is_alert}}{{/is_warning}}",
    ] {
        assert_eq!(says(wrong), ["monitor-message-block"], "{wrong}");
    }
}

#[test]
fn variables_that_are_always_empty() {
    let says = |text: &str| codes(saying(load().above(2), text));
    assert_eq!(says("{{host.name}} {{host.ip}} {{env.name}} {{value}} {{threshold}}"), NOTHING);
    assert_eq!(says("{{service.name}} and {{service.name}}"), ["monitor-message-variable?"]);
    assert_eq!(
        says("{{#is_match \"service.name\" \"web\"}}a{{/is_match}}"),
        ["monitor-message-variable?"]
    );
    let matches = Message::new("").when(When::ExactMatch("host.name", "web-1"), "a");
    assert_eq!(codes(saying(load().above(2), matches)), NOTHING);
    let check = ServiceCheck::new("a.up", ["host"]).over(["env:prod"]);
    assert_eq!(codes(saying(check.clone(), "{{host.name}} {{env.name}}")), NOTHING);
    assert_eq!(codes(saying(check, "{{port.name}}")), ["monitor-message-variable?"]);
    // Logs have more variables than groups.
    let logs = EventQuery::logs("*").last(minutes(5)).above(1);
    assert_eq!(codes(saying(logs, "{{log.name}}")), NOTHING);
    let monitor = DatadogMonitor::builder().name("{{service.name}} is slow").query(load().above(2));
    assert_eq!(codes(monitor.message("").build()), ["monitor-message-variable?"]);
}

#[test]
fn single_braces() {
    let says = |text: &str| codes(saying(load().above(2), text));
    assert_eq!(says("{{host.name}} {\"json\": {}} { code }"), NOTHING);
    assert_eq!(says("Broker ({broker}) is full"), ["monitor-single-brace?"]);
}

#[test]
fn metrics_of_aws_that_are_not_waited_for() {
    let cpu = |delay| {
        let query = MetricQuery::avg("aws.rds.cpuutilization").last(minutes(15)).above(90);
        let monitor = DatadogMonitor::builder().name("CPU").query(query).message("");
        monitor.evaluation_delay(minutes(delay)).build()
    };
    assert_eq!(codes(cpu(15)), NOTHING);
    assert_eq!(codes(cpu(5)), ["monitor-evaluation-delay?"]);
    assert_eq!(codes_in(Datadog::new("example").metric_streams(), cpu(5)), NOTHING);
    assert_eq!(
        codes_in(Datadog::new("example").metric_streams(), cpu(1)),
        ["monitor-evaluation-delay?"]
    );
}

#[test]
fn fractions_compared_with_percent() {
    let disk = || MetricQuery::max("system.disk.in_use").by(["host"]);
    assert_eq!(query_codes(disk().last(minutes(5)).above(0.9)), NOTHING);
    assert_eq!(query_codes((disk() * 100).last(minutes(5)).above(90)), NOTHING);
    assert_eq!(query_codes(disk().last(minutes(5)).above(90)), ["monitor-fraction?"]);
}

#[test]
fn an_organization_that_is_no_directory() {
    for (organization, expected) in [("example.eu", 0), ("", 1), ("a/b", 1), ("..", 1), ("é", 1)] {
        let mut app = App::new("example");
        let _ = app.open("datadog", Datadog::new(organization).site(Site::Eu1)).reference();
        let diagnostics = app.into_tree().take_diagnostics();
        let found = diagnostics.iter().filter(|d| d.code.name() == "datadog-organization");
        assert_eq!(found.count(), expected, "{organization}");
    }
}

#[test]
fn a_diagnostic_says_what_was_given_what_is_allowed_and_the_way_out() {
    let query =
        RawQuery::new(MonitorType::Query, "avg(last_9w):avg:aws.rds.cpuutilization{*} > 90");
    let monitor = DatadogMonitor::builder()
        .name("CPU of {{host.name}}")
        .query(query.critical(80).warning(95))
        .message(Message::new("{{#is_alert}}Look at {dashboard}").notify("slack"))
        .tags(["team web"])
        .missing_data(MissingData::Resolve)
        .timeout(hours(30))
        .notify_by(["host"])
        .build();
    let mut app = App::new("example");
    app.open("datadog", Datadog::new("example")).add("monitor", monitor);
    let diagnostics = app.into_tree().take_diagnostics();
    let text = |d: &accel_core::Diagnostic| {
        let (notes, help) = (&d.notes[0].text, d.help.as_deref().unwrap());
        format!("{}[{}]: {}\n  {notes}\n  {help}\n", d.severity, d.code.name(), d.message)
    };
    insta::assert_snapshot!(diagnostics.iter().map(text).collect::<String>());
}
