//! Dashboards and synthetic tests.

use accel_constructs::sre::datadog::{
    Assertion, Comparator, Datadog, DatadogDashboard, DatadogSlo, HttpTest, MetricQuery, Objective,
    Palette, Renotify, Sli, SloTimeframe, TemplateVariable, Widget, hours, minutes, seconds,
};
use accel_core::{App, Scope};
use accel_synth::{Assembly, synth};
use serde_json::{Value, json};

use super::asking;

fn build(content: impl FnOnce(&mut Scope<'_, Datadog>)) -> App {
    let mut app = App::new("example");
    content(&mut app.open("datadog", Datadog::new("example")));
    app
}

fn read(content: impl FnOnce(&mut Scope<'_, Datadog>), path: &str) -> Value {
    let assembly: Assembly = synth(build(content)).unwrap_or_else(|found| panic!("{found}"));
    let path = format!("datadog/example/{path}.json");
    let text = assembly.file(&path).unwrap_or_else(|| panic!("there is no {path}"));
    serde_json::from_str(text).expect("JSON")
}

fn problems(content: impl FnOnce(&mut Scope<'_, Datadog>)) -> Vec<String> {
    let found = synth(build(content)).expect_err("something is wrong");
    found.iter().map(|diagnostic| format!("{}: {diagnostic}", diagnostic.code.name())).collect()
}

#[test]
fn a_dashboard_has_what_it_was_given() {
    let dashboard = read(
        |datadog| {
            let hits = || MetricQuery::sum("shop.hits").over(["$env"]).as_count();
            let errors = MetricQuery::sum("shop.errors").over(["$env"]).as_count();
            let sli = Sli::count(hits() - errors.clone(), hits());
            let objective = Objective::new(SloTimeframe::Days7, 99.0);
            let slo = DatadogSlo::builder().name("Shop").sli(sli).objectives([objective]).build();
            let slo = datadog.add("slo", slo);
            let up = MetricQuery::avg("up").last(minutes(5)).below(1);
            let up = datadog.add("up", asking(up));
            let failing = Widget::query_value("Failing", errors / hits() * 100).unit("%").coloured(
                Comparator::Above,
                5,
                Palette::WhiteOnRed,
            );
            let dashboard = DatadogDashboard::builder()
                .title("Shop")
                .description("What the shop does.")
                .teams(["shop"])
                .variables([TemplateVariable::new("env").prefix("env").defaults(["prod"])])
                .widgets([
                    Widget::group(
                        "State",
                        [
                            Widget::slo("Objective", slo.over(SloTimeframe::Days7)),
                            Widget::alert_graph("Up", up),
                            failing,
                        ],
                    ),
                    Widget::timeseries("Requests", hits()).marker("y = 90"),
                    Widget::monitors("Monitors", "team:shop"),
                    Widget::note("# Shop"),
                ])
                .build();
            datadog.add("shop", dashboard);
        },
        "dashboards/shop",
    );
    assert_eq!(dashboard["description"], "What the shop does.\n\naccel:example/datadog/shop");
    assert_eq!(dashboard["tags"], json!(["team:shop"]));
    assert_eq!(
        dashboard["template_variables"],
        json!([{ "name": "env", "prefix": "env", "defaults": ["prod"] }])
    );
    let widgets: Vec<&Value> = dashboard["widgets"]
        .as_array()
        .expect("widgets")
        .iter()
        .map(|widget| &widget["definition"])
        .collect();
    let kinds: Vec<_> = widgets.iter().map(|widget| &widget["type"]).collect();
    assert_eq!(kinds, ["group", "timeseries", "manage_status", "note"]);
    let inner = &widgets[0]["widgets"];
    assert_eq!(inner[0]["definition"]["slo_id"], "%{accel:example/datadog/slo}");
    assert_eq!(inner[0]["definition"]["time_windows"], json!(["7d"]));
    assert_eq!(inner[1]["definition"]["alert_id"], "%{accel:example/datadog/up}");
    let request = &inner[2]["definition"]["requests"][0];
    assert_eq!(request["formulas"], json!([{ "formula": "query1 / query2 * 100" }]));
    assert_eq!(request["conditional_formats"][0]["comparator"], ">");
    assert_eq!(widgets[1]["markers"][0]["value"], "y = 90");
}

#[test]
fn a_dashboard_that_datadog_refuses() {
    let dashboard = |widgets: Vec<Widget>| {
        problems(|datadog| {
            datadog.add("d", DatadogDashboard::builder().title("D").widgets(widgets).build());
        })
    };
    assert!(dashboard(vec![])[0].starts_with("datadog-dashboard"));
    let inner = Widget::group("Inner", [Widget::note("a")]);
    let nested = dashboard(vec![Widget::group("Outer", [inner])]);
    assert!(nested[0].contains("a group in a group"), "{nested:?}");
    let variables = problems(|datadog| {
        let variables = ["env", "env"].map(TemplateVariable::new);
        let dashboard = DatadogDashboard::builder().title("D").widgets([Widget::note("a")]);
        datadog
            .add("d", dashboard.variables(variables).teams(["a", "b", "c", "d", "e", "f"]).build());
    });
    assert_eq!(variables.len(), 2, "{variables:?}");
}

#[test]
fn a_synthetic_test_has_what_it_was_given() {
    let test = HttpTest::builder()
        .name("Shop")
        .url("https://shop.example.com/health")
        .every(minutes(5))
        .locations(["aws:eu-central-1", "aws:eu-west-1"])
        .failing_locations(2)
        .assertions([
            Assertion::status(200),
            Assertion::faster_than(seconds(2)),
            Assertion::header_contains("content-type", "json"),
        ])
        .message("@oncall-shop")
        .renotify(Renotify::every(hours(1)))
        .build();
    let test = read(
        |datadog| {
            datadog.add("shop", test);
        },
        "synthetics/shop",
    );
    assert_eq!(
        test["config"],
        json!({
            "assertions": [
                { "type": "statusCode", "operator": "is", "target": 200 },
                { "type": "responseTime", "operator": "lessThan", "target": 2000 },
                { "type": "header", "operator": "contains", "target": "json", "property": "content-type" },
            ],
            "request": { "method": "GET", "url": "https://shop.example.com/health" },
        })
    );
    assert_eq!(
        test["options"],
        json!({
            "tick_every": 300,
            "min_location_failed": 2,
            "min_failure_duration": 0,
            "retry": { "count": 0, "interval": 300 },
            "monitor_name": "Shop",
            "monitor_options": { "renotify_interval": 60 },
        })
    );
    assert_eq!(test["tags"], json!(["accel:example/datadog/shop"]));
}

#[test]
fn a_synthetic_test_that_datadog_refuses() {
    let test = HttpTest::builder()
        .name("Shop")
        .url("shop.example.com")
        .every(seconds(10))
        .failing_locations(3)
        .failing_for(hours(3))
        .retries(4)
        .assertions([])
        .message("")
        .build();
    let found = problems(|datadog| {
        datadog.add("shop", test);
    });
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(found.iter().all(|problem| problem.starts_with("datadog-synthetic-test")));
}
