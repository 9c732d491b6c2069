//! The blueprint as its users see it: what it makes, what it lets them change, what it refuses.

use accel_core::{AccountInfo, App, Lock, Region};
use blueprint::{Uptime, UptimeParts, grafana::Dashboard};

fn app(interval: u32) -> (App, UptimeParts) {
    let mut app = App::new("site");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let environment = prod.in_region(Region::EU_WEST_1);
    let parts = app.add("shop", Uptime { host: "shop.example.com".into(), environment, interval });
    (app, parts)
}

const TEMPLATE: &str = "stacks/prod/eu-west-1/shop/probes.template.json";
const DASHBOARD: &str = "grafana/example/dashboards/shop-grafana-uptime.json";

#[test]
fn a_probe_and_its_dashboard() {
    let assembly = accel_synth::synth(app(60).0).unwrap();
    insta::assert_snapshot!(assembly.file(TEMPLATE).unwrap());
    insta::assert_snapshot!(assembly.file(DASHBOARD).unwrap());
}

#[test]
fn the_dashboard_names_the_probe_once_it_is_known() {
    let (mut app, _) = app(60);
    let mut lock = Lock::default();
    let first = accel_synth::synth(self::app(60).0).unwrap();
    let output = first.manifest().documents[DASHBOARD].values[0].source.clone();
    let accel_synth::manifest::ValueSource::Output { stack, output } = output else {
        panic!("the probe's id is an output of its stack: {output:?}")
    };
    lock.set_value(stack, output, "probe-1");
    app.set_lock(lock);
    let assembly = accel_synth::synth(app).unwrap();
    assert!(assembly.file(DASHBOARD).unwrap().contains("\"probe\": \"probe-1\""));
}

#[test]
fn its_parts_can_be_tailored() {
    let (mut app, UptimeParts { stack, probe, grafana }) = app(60);
    app.update(probe, |probe| probe.interval(30));
    app[probe].set("Regions", vec!["eu-west-1"]);
    app.reopen(stack).tag("team", "web");
    let dashboard = Dashboard { title: "For the wall".into(), probe: probe.id() };
    app.reopen(grafana).add("wall", dashboard);
    let assembly = accel_synth::synth(app).unwrap();
    insta::assert_snapshot!(assembly.file(TEMPLATE).unwrap());
    assert!(assembly.file("grafana/example/dashboards/shop-grafana-wall.json").is_some());
}

#[test]
fn what_costs_more_than_it_tells_is_refused_at_the_line_of_the_user() {
    let found = accel_synth::synth(app(1).0).unwrap_err();
    insta::assert_snapshot!(found);
}
