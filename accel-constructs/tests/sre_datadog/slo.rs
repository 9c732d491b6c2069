//! Objectives, the monitors of their burn rates, and what refers to what only Datadog knows.

use accel_constructs::sre::datadog::{
    BurnRateMonitors, Comparator, Datadog, DatadogSlo, MetricQuery, MonitorRef, Objective, Sli,
    SloTimeframe::{Days7, Days30, Days90},
    minutes,
};
use accel_core::{App, Scope};
use accel_synth::{Assembly, synth};
use serde_json::{Value, json};

use super::asking;

fn shop() -> Sli {
    let hits = MetricQuery::sum("shop.hits").over(["env:prod"]).as_count();
    let errors = MetricQuery::sum("shop.errors").over(["env:prod"]).as_count();
    Sli::count(hits.clone() - errors, hits)
}

fn slo(sli: Sli, objectives: impl IntoIterator<Item = Objective>) -> DatadogSlo {
    DatadogSlo::builder().name("Shop").sli(sli).objectives(objectives).tags(["team:shop"]).build()
}

fn build(content: impl FnOnce(&mut Scope<'_, Datadog>)) -> App {
    let mut app = App::new("example");
    content(&mut app.open("datadog", Datadog::new("example")));
    app
}

fn assembly(content: impl FnOnce(&mut Scope<'_, Datadog>)) -> Assembly {
    synth(build(content)).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn read(assembly: &Assembly, path: &str) -> Value {
    let path = format!("datadog/example/{path}.json");
    let text = assembly.file(&path).unwrap_or_else(|| panic!("there is no {path}"));
    serde_json::from_str(text).expect("JSON")
}

fn codes(content: impl FnOnce(&mut Scope<'_, Datadog>)) -> Vec<&'static str> {
    match synth(build(content)) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().map(|diagnostic| diagnostic.code.name()).collect(),
    }
}

#[test]
fn an_objective_of_metrics_is_a_formula_over_named_queries() {
    let objective = Objective::new(Days30, 99.9).warning(99.95);
    let assembly = assembly(|datadog| {
        datadog.add("shop", slo(shop(), [objective]));
    });
    let query =
        |name: &str, query: &str| json!({"data_source": "metrics", "name": name, "query": query});
    assert_eq!(
        read(&assembly, "slos/shop"),
        json!({
            "name": "Shop",
            "type": "metric",
            "sli_specification": { "count": {
                "good_events_formula": { "formula": "query1 - query2" },
                "total_events_formula": { "formula": "query3" },
                "queries": [
                    query("query1", "sum:shop.hits{env:prod}.as_count()"),
                    query("query2", "sum:shop.errors{env:prod}.as_count()"),
                    query("query3", "sum:shop.hits{env:prod}.as_count()"),
                ],
            }},
            "thresholds": [{ "timeframe": "30d", "target": 99.9, "warning": 99.95 }],
            "tags": ["team:shop", "accel:example/datadog/shop"],
        })
    );
}

#[test]
fn an_objective_of_time_slices_compares_a_formula() {
    let sli =
        Sli::time_slice(MetricQuery::avg("a") / MetricQuery::avg("b"), Comparator::Below, 0.5);
    let assembly = assembly(|datadog| {
        datadog.add("shop", slo(sli.each_minute(), [Objective::new(Days7, 99.0)]));
    });
    let slice = &read(&assembly, "slos/shop")["sli_specification"]["time_slice"];
    assert_eq!(slice["query"]["formulas"], json!([{ "formula": "query1 / query2" }]));
    assert_eq!(slice["query"]["queries"][1]["query"], "avg:b{*}");
    assert_eq!(
        (&slice["comparator"], &slice["threshold"], &slice["query_interval_seconds"]),
        (&json!("<"), &json!(0.5), &json!(60))
    );
}

#[test]
fn burn_rates_are_looked_at_over_a_long_and_a_short_window() {
    let assembly = assembly(|datadog| {
        let slo = datadog.add("shop", slo(shop(), [Objective::new(Days30, 99.9)]));
        datadog.add("burn", BurnRateMonitors::builder().slo(slo).page("@oncall-shop").build());
    });
    let id = "burn_rate(\"%{accel:example/datadog/shop}\").over(\"30d\")";
    for (monitor, rest, message) in [
        ("page-fast", ".long_window(\"1h\").short_window(\"5m\") > 14.4", "@oncall-shop"),
        ("page-slow", ".long_window(\"6h\").short_window(\"30m\") > 6", "@oncall-shop"),
        ("ticket", ".long_window(\"24h\").short_window(\"120m\") > 3", ""),
    ] {
        let monitor = read(&assembly, &format!("monitors/burn.{monitor}"));
        assert_eq!(monitor["query"], format!("{id}{rest}"));
        assert_eq!((&monitor["message"], &monitor["type"]), (&json!(message), &json!("slo alert")));
        assert_eq!(monitor["tags"][0], "team:shop");
    }
}

#[test]
fn a_rate_that_the_target_cannot_reach_has_no_monitor() {
    let mut made = None;
    assembly(|datadog| {
        let slo = datadog.add("shop", slo(shop(), [Objective::new(Days30, 90.0)]));
        made = Some(datadog.add("burn", BurnRateMonitors::builder().slo(slo).build()));
    });
    let made = made.expect("built");
    assert_eq!((made.page_fast.is_some(), made.page_slow.is_some()), (false, true));
    assert!(made.ticket.is_some());
}

#[test]
fn what_datadog_alone_knows_is_an_edge_of_the_manifest() {
    let assembly = assembly(|datadog| {
        let query = MetricQuery::avg("up").last(minutes(5)).below(1);
        let up = datadog.add("up", asking(query));
        let sli = Sli::monitors([up, MonitorRef::existing(12345)]);
        datadog.add("shop", slo(sli, [Objective::new(Days90, 99.0)]));
    });
    let ids = &read(&assembly, "slos/shop")["monitor_ids"];
    assert_eq!(*ids, json!(["%{accel:example/datadog/up}", 12345]));
    let manifest: Value =
        serde_json::from_str(assembly.file("manifest.json").expect("manifest")).expect("JSON");
    assert_eq!(
        manifest["documents"]["datadog/example/slos/shop.json"]["values"],
        json!([{
            "source": { "from": "document", "document": "datadog/up" },
            "known": false,
            "variable": "accel:example/datadog/up",
        }])
    );
}

#[test]
fn a_renamed_monitor_keeps_the_tag_by_which_it_is_found() {
    let mut app = build(|datadog| {
        let query = MetricQuery::avg("up").last(minutes(5)).below(1);
        let up = datadog.add("up", asking(query));
        datadog.add("both", asking(up & MonitorRef::existing(12345)));
    });
    app.moved("datadog/available", "datadog/up");
    let assembly = synth(app).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let tag = "accel:example/datadog/available";
    assert_eq!(read(&assembly, "monitors/up")["tags"], json!([tag]));
    assert_eq!(read(&assembly, "monitors/both")["query"], format!("%{{{tag}}} && 12345"));
}

#[test]
fn what_datadog_refuses_is_a_diagnostic() {
    let wrong = |sli: Sli, objectives: &[Objective]| {
        codes(|datadog| {
            datadog.add("shop", slo(sli, objectives.iter().copied()));
        })
    };
    let good = Objective::new(Days30, 99.9);
    assert_eq!(wrong(shop(), &[]), ["slo-target"]);
    assert_eq!(wrong(shop(), &[Objective::new(Days30, 0.0)]), ["slo-target"]);
    assert_eq!(wrong(shop(), &[Objective::new(Days30, 100.0)]), ["slo-target"]);
    assert_eq!(wrong(shop(), &[good.warning(99.0)]), ["slo-target"]);
    assert_eq!(wrong(shop(), &[good, Objective::new(Days30, 99.0)]), ["slo-target"]);
    assert_eq!(wrong(Sli::monitors([]), &[good]), ["slo-indicator"]);
    let two = Sli::monitors([1, 2].map(MonitorRef::existing)).groups(["env:prod"]);
    assert_eq!(wrong(two, &[good]), ["slo-indicator"]);
    let equal = Sli::time_slice(MetricQuery::avg("a"), Comparator::Equal, 1);
    assert_eq!(wrong(equal, &[good]), ["slo-indicator"]);
    let loud = DatadogSlo::builder().name("Shop").sli(shop()).objectives([good]).tags(["Team:a"]);
    assert_eq!(
        codes(|datadog| {
            datadog.add("shop", loud.build());
        }),
        ["slo-tag"]
    );
    let other_time = codes(|datadog| {
        let slo = datadog.add("shop", slo(shop(), [good]));
        datadog.add("burn", asking(slo.over(Days7).error_budget().above(75)));
        datadog.add("fast", BurnRateMonitors::builder().slo(slo).timeframe(Days7).build());
    });
    assert_eq!(other_time, ["monitor-burn-rate"; 3]);
}
