//! Datadog's own schema of a monitor: nothing we write is unknown to it, and all of it can be written.

use std::collections::BTreeSet;

use accel_constructs::sre::datadog::{
    Aggregation, Algorithm, Anomalies, Asset, Augmented, BoundsOverride, Compute, DataJobs,
    DataQuality, DatadogMonitor, Difference, Direction, DraftStatus, EntityMetric, ErrorSource,
    EvaluationWindow, EventQuery, EventSource, Events, Filtered, Formula, GroupBy, Join, Message,
    MetricQuery, Metrics, MetricsAggregator, MissingData, Model, ModelType, MonitorQuery,
    MonitorType, NotificationPreset, Order, Priority, ProcessQuery, RawQuery, Recurrence,
    ReferenceTable, Renotify, RenotifyStatus, ServiceCheck, SloRef, SloTimeframe, SourceToTarget,
    Threshold, days, hours, minutes,
};
use serde_json::Value;

use super::{asking, json};

/// What no builder writes, and why.
const REFUSED: &[(&str, &str)] = &[
    ("MonitorType = event alert", "replaced by event-v2 alert, and dead"),
    ("MonitorType = metric alert", "the old name of query alert, to which Datadog changes it"),
    ("MonitorType = synthetics alert", "made by a Synthetics test, and by nothing else"),
    ("MonitorOptions.groupby_simple_monitor", "replaced by notify_by"),
    ("MonitorOptions.locked", "replaced by restricted_roles and restriction policies"),
    ("MonitorOptions.min_failure_duration", "of Synthetics tests, where it is set"),
    ("MonitorOptions.min_location_failed", "of Synthetics tests, where it is set"),
    ("MonitorOptions.silenced", "replaced by downtimes"),
    ("MonitorOptions.synthetics_check_id", "of Synthetics tests"),
    ("Monitor.matching_downtimes", "what Datadog says in a reply"),
];

/// Definitions of what only replies have.
const REPLIES: [&str; 3] = ["MatchingDowntime", "MonitorDeviceID", "MonitorStateGroup"];

/// The schema, with what has been used of it.
struct Schema {
    definitions: Value,
    used: BTreeSet<String>,
}

impl Schema {
    fn new() -> Self {
        let text = include_str!("../../../tests/checkers/datadog/monitors.schema.json");
        let mut schema: Value = serde_json::from_str(text).expect("the schema is JSON");
        Self { definitions: schema["$defs"].take(), used: BTreeSet::new() }
    }

    fn check(&mut self, monitor: &Value) -> Result<(), String> {
        self.used.extend(used(&self.definitions, "Monitor", monitor)?);
        Ok(())
    }

    /// All properties and names of the schema that a request may have.
    fn all(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (name, definition) in self.definitions.as_object().expect("definitions") {
            if definition["readOnly"] == true || REPLIES.contains(&name.as_str()) {
                continue;
            }
            for value in definition["enum"].as_array().into_iter().flatten() {
                all.insert(format!("{name} = {}", value.as_str().expect("a name")));
            }
            for (key, property) in definition["properties"].as_object().into_iter().flatten() {
                let target = property["$ref"].as_str().map(|path| &path["#/$defs/".len()..]);
                let target = target.map_or(&Value::Null, |target| &self.definitions[target]);
                if property["readOnly"] != true && target["readOnly"] != true {
                    all.insert(format!("{name}.{key}"));
                }
            }
        }
        all
    }
}

/// Which properties and names of the definition `name` the value uses, if it is as that says.
fn used(definitions: &Value, name: &str, value: &Value) -> Result<BTreeSet<String>, String> {
    let definition = &definitions[name];
    let mut found = BTreeSet::new();
    if let Some(branches) = definition["oneOf"].as_array() {
        let matching: Vec<_> = branches
            .iter()
            .filter_map(|branch| visit(definitions, branch, value, "").ok())
            .collect();
        let [matching] = matching.as_slice() else {
            return Err(format!("{} branches of {name} match {value}", matching.len()));
        };
        return Ok(matching.clone());
    }
    if let Some(names) = definition["enum"].as_array() {
        if !names.contains(value) {
            return Err(format!("{value} is no {name}"));
        }
        found.insert(format!("{name} = {}", value.as_str().unwrap_or_default()));
    }
    found.extend(visit(definitions, definition, value, name)?);
    Ok(found)
}

fn visit(
    definitions: &Value,
    schema: &Value,
    value: &Value,
    name: &str,
) -> Result<BTreeSet<String>, String> {
    if let Some(path) = schema["$ref"].as_str() {
        return used(definitions, &path["#/$defs/".len()..], value);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        single => vec![single.clone()],
    };
    if !types.iter().any(|t| t == kind || (t == "number" && kind == "integer")) {
        return Err(format!("{value} in {name} is {kind}, not {types:?}"));
    }
    let within = |bound: &str, is_right: fn(f64, f64) -> bool| match (
        schema[bound].as_f64(),
        value.as_f64(),
    ) {
        (Some(bound), Some(number)) => is_right(number, bound),
        _ => true,
    };
    if !within("minimum", |number, least| number >= least)
        || !within("maximum", |number, most| number <= most)
    {
        return Err(format!("{value} in {name} is out of range"));
    }
    let mut found = BTreeSet::new();
    if let Value::Array(items) = value {
        if (items.len() as u64) < schema["minItems"].as_u64().unwrap_or(0) {
            return Err(format!("{name} has too few items"));
        }
        for item in items {
            found.extend(visit(definitions, &schema["items"], item, name)?);
        }
    }
    if let Value::Object(object) = value {
        for key in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(key.as_str().expect("a name")) {
                return Err(format!("{name} lacks {key}"));
            }
        }
        for (key, value) in object {
            let Some(property) = schema["properties"].get(key) else {
                return Err(format!("{name} has no {key}"));
            };
            found.insert(format!("{name}.{key}"));
            let at = format!("{name}.{key}");
            found.extend(visit(definitions, property, value, &at)?);
        }
    }
    Ok(found)
}

#[test]
fn all_of_the_schema_can_be_written_and_nothing_else_is() {
    let mut schema = Schema::new();
    for monitor in everything() {
        let monitor = json(monitor);
        schema.check(&monitor).unwrap_or_else(|problem| panic!("{problem}\n{monitor:#}"));
    }
    let refused: BTreeSet<String> = REFUSED.iter().map(|(what, _)| (*what).to_owned()).collect();
    let missing: BTreeSet<_> = schema.all().difference(&schema.used).cloned().collect();
    assert_eq!(missing, refused);
}

#[test]
fn the_check_of_the_schema_finds_what_is_wrong() {
    let right = json(asking(load().above(2)));
    let wrong = |change: fn(&mut Value)| {
        let mut monitor = right.clone();
        change(&mut monitor);
        Schema::new().check(&monitor).is_err()
    };
    assert!(!wrong(|_| {}));
    assert!(wrong(|monitor| monitor["option"] = Value::Null));
    assert!(wrong(|monitor| monitor["type"] = "query".into()));
    assert!(wrong(|monitor| monitor["options"]["thresholds"]["critical"] = "2".into()));
    assert!(wrong(|monitor| monitor["options"]["notify_by"] = "host".into()));
    assert!(wrong(|monitor| monitor["options"]["min_failure_duration"] = 7201.into()));
    assert!(wrong(|monitor| {
        monitor.as_object_mut().unwrap().remove("query");
    }));
}

fn load() -> accel_constructs::sre::datadog::MetricWindow {
    MetricQuery::avg("system.load.1").by(["host"]).last(minutes(5))
}

/// Monitors that together use every property and every name.
fn everything() -> Vec<DatadogMonitor> {
    let mut monitors: Vec<_> = queries().into_iter().map(asking).collect();
    monitors.extend(variables().into_iter().map(asking));
    monitors.extend(options());
    monitors
}

fn queries() -> Vec<MonitorQuery> {
    let slo = SloRef::existing("abc", SloTimeframe::Days90, 99.9);
    let last = |query: EventQuery| query.last(minutes(5)).above(0).into();
    let anomalies = Anomalies::new(Algorithm::Basic, 2).direction(Direction::Below);
    let month = EvaluationWindow::Month { time: "00:00".into(), timezone: "UTC".into() };
    let hour = EvaluationWindow::Hour { minute: 30 };
    let dynamic = load()
        .above(Threshold::query("avg:limit{*} by {host}"))
        .critical_recovery(Threshold::query("avg:low{*} by {host}"));
    vec![
        load().above(2).warning(1).critical_recovery(1.5).warning_recovery(0.5).into(),
        dynamic.into(),
        MetricQuery::avg("m").anomalies(anomalies).last(hours(4)).at_least(1).into(),
        MetricQuery::sum("m").current(month).sum().above(1).into(),
        MetricQuery::sum("m").current(hour).sum().above(1).into(),
        ServiceCheck::new("a.up", ["host"]).warning(2).ok(3).unknown(4).into(),
        ProcessQuery::new("nginx").over(["env:prod"]).by(["host"]).last(minutes(5)).below(1).into(),
        RawQuery::new(MonitorType::Composite, "1 && 2").into(),
        slo.error_budget().above(75).into(),
        slo.burn_rate(hours(1)).above(21.6).into(),
        last(EventQuery::logs("*").index("main").by(["service"])),
        last(EventQuery::events("source:watchdog")),
        last(EventQuery::audits("*")),
        last(EventQuery::rum("*").rollup(Aggregation::Pc95, "@duration")),
        last(EventQuery::traces("*")),
        last(EventQuery::ci_pipelines("*")),
        last(EventQuery::ci_tests("*")),
        last(EventQuery::databases("*")),
        last(EventQuery::network_performance("*")),
        last(EventQuery::network_paths("*")),
        last(EventQuery::network_hops("*")),
        last(EventQuery::llm_observability("*")),
        last(EventQuery::new_issues("*", ErrorSource::Backend)),
        last(EventQuery::impactful_issues("*", ErrorSource::All)),
    ]
}

fn variables() -> Vec<MonitorQuery> {
    let base = || Metrics::new("sum:errors{*} by {org}");
    let usage = || Metrics::datadog_usage("sum:datadog.estimated_usage.hosts{*}");
    let events = || Events::new(EventSource::Logs, "*");
    let table = || ReferenceTable::new("t").rows("a:b").column("id").column_as("name", "org");
    let with = |variable: accel_constructs::sre::datadog::Variable| {
        Formula::new("a").variable("a", variable).last(minutes(5)).above(1).into()
    };
    let mut queries: Vec<MonitorQuery> = Vec::new();
    queries.extend(EventSource::ALL.iter().map(|source| with(Events::new(*source, "*").into())));
    for &aggregation in Aggregation::ALL {
        queries.push(with(events().compute(Compute::of(aggregation, "@duration")).into()));
    }
    for &aggregator in MetricsAggregator::ALL {
        let metrics = base().aggregator(aggregator);
        let joined = Augmented::new(metrics, table(), Join::inner("a", "b"));
        queries.push(with(joined.compute(Compute::count()).into()));
        if ![MetricsAggregator::Mean, MetricsAggregator::CountUnique].contains(&aggregator) {
            queries.push(with(base().aggregator(aggregator).into()));
        }
    }
    let group = GroupBy::facet("@url").limit(10).source("base_query");
    let joined = Augmented::new(events(), events(), Join::left("a", "b"))
        .compute(Compute::count().named("n").source("base_query").every(minutes(1)))
        .group_by(group.sort_by(Aggregation::Max, "@duration", Order::Descending));
    let filtered = Filtered::only(base(), "org", table(), "id")
        .compute(Compute::count())
        .group_by(GroupBy::facet("org").sort_by_count(Order::Ascending));
    let grouped = events().index("main").group_by(GroupBy::facet("@url"));
    queries.extend([
        with(joined.into()),
        with(filtered.into()),
        with(Filtered::without(events(), "org", events(), "org").into()),
        with(grouped.into()),
        with(usage().into()),
        with(Filtered::only(usage(), "org", table(), "id").into()),
        with(Filtered::only(Metrics::cloud_cost("sum:aws.cost{*}"), "org", table(), "id").into()),
        with(DataJobs::new("databricks.job", "job_name:*", "metric").into()),
    ]);
    let cost = || Formula::new("a").variable("a", Metrics::cloud_cost("sum:aws.cost.net{*}"));
    queries.push(cost().cost_anomaly(days(7), Direction::Above, 10).at_least(5).into());
    queries.push(cost().cost_forecast().above(1000).into());
    let entity = |id: &str| {
        EntityMetric::new("table", id).custom_sql("s").custom_where("w").group_by_columns(["c"])
    };
    for (compared, bound, difference) in [
        (
            SourceToTarget::absolute("table", entity("a"), entity("b")),
            BoundsOverride::Upper,
            Difference::Absolute,
        ),
        (
            SourceToTarget::percent("table", entity("a"), entity("b")),
            BoundsOverride::Lower,
            Difference::Percent,
        ),
    ] {
        let model = Model::new().auto_resolve_days(7).enable_flatline_detection(true);
        let quality = DataQuality::new("row_count", "table:users")
            .group_by(["entity_id"])
            .scope("env:prod")
            .schema_version("1")
            .crontab("0 * * * *")
            .custom_sql("s")
            .custom_where("w")
            .group_by_columns(["c"])
            .sensitivity(2.5)
            .model(model.difference(difference).min_bounds(1, 2.5).only(bound))
            .source_to_target(compared);
        queries.push(with(quality.into()));
    }
    for &model in ModelType::ALL {
        queries.push(with(DataQuality::new("row_count", "*").model_type(model).into()));
    }
    queries
}

fn options() -> Vec<DatadogMonitor> {
    let monitor = || DatadogMonitor::builder().name("Monitor").query(load().above(2)).message("");
    let all = monitor()
        .priority(Priority::P5)
        .tags(["team:web"])
        .restricted_roles(["00000000-0000-0000-0000-000000000001"])
        .assets([Asset::runbook("a", "https://example.com"), Asset::notebook("b", 1)])
        .missing_data(MissingData::NotifyAfter(minutes(10)))
        .evaluation_delay(minutes(15))
        .new_group_delay(minutes(1))
        .require_full_window(true)
        .renotify(Renotify::every(minutes(30)).times(2).only(RenotifyStatus::ALL.iter().copied()))
        .escalation_message(Message::new("Still.").notify("@slack-web"))
        .timeout(hours(24))
        .include_tags(false)
        .notify_audit(true)
        .notify_by(["*"])
        .group_retention(hours(72))
        .custom_schedule([Recurrence::new("FREQ=DAILY", "2026-01-01T06:00:00", "UTC")])
        .enable_logs_sample(true)
        .enable_samples(true)
        .build();
    let mut monitors = vec![all, monitor().new_host_delay(minutes(0)).build()];
    for &preset in NotificationPreset::ALL {
        monitors.push(monitor().notification_preset(preset).build());
    }
    for &status in DraftStatus::ALL {
        monitors.push(monitor().draft_status(status).build());
    }
    for missing in [
        MissingData::Default,
        MissingData::Show,
        MissingData::ShowAndNotify,
        MissingData::Resolve,
        MissingData::Ignore,
        MissingData::Notify,
    ] {
        monitors.push(monitor().missing_data(missing).build());
    }
    monitors
}

mod random {
    use proptest::prelude::*;

    use super::{super::properties::any_monitor, Schema, json};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_the_builders_make_is_as_the_schema_says(monitor in any_monitor()) {
            let monitor = json(monitor);
            let checked = Schema::new().check(&monitor);
            prop_assert!(checked.is_ok(), "{checked:?}\n{monitor:#}");
        }
    }
}
