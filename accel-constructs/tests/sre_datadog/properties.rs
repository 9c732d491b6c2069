//! What holds for every monitor that the builders make, and for every text.

use accel_constructs::sre::datadog::{
    Ago, Condition, DatadogMonitor, EventQuery, Message, MetricQuery, MissingData, MonitorType,
    Number, Priority, RawQuery, Renotify, ServiceCheck, When, hours, minutes,
};
use accel_core::{App, Severity};
use proptest::prelude::*;

use super::{asking, json};
use accel_constructs::sre::datadog::{Datadog, MonitorQuery};

fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i32>().prop_map(Number::from),
        (-1e12..1e12_f64).prop_map(Number::from),
        (-1e-6..1e-6_f64).prop_map(Number::from),
    ]
}

fn any_metric() -> impl Strategy<Value = MetricQuery> {
    let leaf = (0..4_u8, "[a-z][a-z_.]{0,12}").prop_map(|(kind, name)| match kind {
        0 => MetricQuery::avg(name),
        1 => MetricQuery::sum(name),
        2 => MetricQuery::max(name).as_count(),
        _ => MetricQuery::min(name).rollup("max", minutes(1)),
    });
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), inner, 0..7_u8).prop_map(|(left, right, kind)| match kind {
            0 => left + right,
            1 => left - right,
            2 => left * right,
            3 => left / right,
            4 => left.exclude_null(),
            5 => left.call("default", &["0"]),
            _ => left * 100,
        })
    })
}

/// A condition, and the number in it.
fn any_condition() -> impl Strategy<Value = (Condition, Number)> {
    let metric = (any_metric(), "[a-z]{1,8}", 1..1000_u32, any_number(), 0..6_u8);
    let metric = metric.prop_map(|(query, key, window, number, comparison)| {
        let query = query.over(["env:prod", "!role:batch"]).by([key]).last(minutes(window));
        let condition = match comparison {
            0 => query.above(number),
            1 => query.max().at_least(number),
            2 => query.min().below(number),
            3 => query.sum().at_most(number),
            4 => query.equal_to(number),
            _ => query.change(Ago::Hour1).unequal_to(number),
        };
        (condition, number)
    });
    let logs = ("[ -~]{0,20}", 1..2880_u32, any_number());
    let logs = logs.prop_map(|(search, window, number)| {
        // A search that ends with a backslash is none.
        let search = search.replace('\\', "");
        (EventQuery::logs(search).by(["service"]).last(minutes(window)).above(number), number)
    });
    prop_oneof![metric, logs]
}

fn any_query() -> impl Strategy<Value = MonitorQuery> {
    let check = ("[a-z][a-z.]{0,12}", 1..99_u8, 1..99_u8, 1..99_u8);
    let check = check.prop_map(|(check, critical, warning, ok)| {
        ServiceCheck::new(check, ["host"]).critical(critical).warning(warning).ok(ok).into()
    });
    prop_oneof![any_condition().prop_map(|(condition, _)| condition.into()), check]
}

fn any_message() -> impl Strategy<Value = Message> {
    let text = "[a-zA-Z .]{0,20}".prop_map(Message::new);
    text.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), inner, 0..4_u8).prop_map(|(message, part, when)| match when {
            0 => message.when(When::Alert, part),
            1 => message.unless(When::Renotify, part),
            2 => message.when(When::Priority(Priority::P2), part),
            _ => message.notify("@slack-web"),
        })
    })
}

/// A monitor that nothing is wrong with.
pub(super) fn any_monitor() -> impl Strategy<Value = DatadogMonitor> {
    let numbers = (1..24_u32, 1..600_u32, any::<bool>());
    (any_query(), any_message(), numbers).prop_map(|(query, message, (timeout, every, flag))| {
        DatadogMonitor::builder()
            .name("Monitor")
            .query(query)
            .message(message)
            .missing_data(if flag { MissingData::Show } else { MissingData::Ignore })
            .timeout(hours(timeout))
            .renotify(Renotify::every(minutes(every)))
            .include_tags(flag)
            .build()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_number_in_the_query_is_the_critical_threshold((condition, number) in any_condition()) {
        let monitor = json(asking(condition));
        let query = monitor["query"].as_str().unwrap();
        let critical = &monitor["options"]["thresholds"]["critical"];
        // The reader of the test is off by a digit in the last place.
        let difference = critical.as_f64().unwrap() - number.as_f64();
        prop_assert!(difference.abs() <= number.as_f64().abs() * 1e-15, "{}", critical);
        let last = query.rsplit(' ').next().unwrap();
        prop_assert_eq!(last.parse::<f64>().unwrap(), number.as_f64());
        prop_assert_eq!(critical.is_i64(), !last.contains('.'));
    }

    #[test]
    fn no_query_makes_it_panic(text in "\\PC{0,60}", kind in 0..MonitorType::ALL.len()) {
        let kind = MonitorType::ALL[kind];
        let mut app = App::new("example");
        let mut datadog = app.open("datadog", Datadog::new("example"));
        datadog.add("monitor", asking(RawQuery::new(kind, text.as_str())));
        // Hardly any text is a query.
        let diagnostics = app.into_tree().take_diagnostics();
        prop_assert!(diagnostics.iter().any(|d| d.severity == Severity::Error), "{}", text);
    }

    #[test]
    fn no_message_makes_it_panic(text in "[{}#^/a-z. \"é]{0,40}") {
        let mut app = App::new("example");
        let query = MetricQuery::avg("m").last(minutes(5)).above(1);
        let monitor = super::saying(query, text.as_str());
        app.open("datadog", Datadog::new("example")).add("monitor", monitor);
        app.into_tree().take_diagnostics();
    }
}
