//! The blueprint as its users see it: what it makes, what it lets them change, what it refuses.

use accel_core::{AccountInfo, App, Lock, Region};
use accel_testing::{Lookup as _, assembly, assert_blueprint, assert_diagnostics, like};
use blueprint::{Uptime, UptimeParts, grafana::Dashboard, probe::Probe};

fn app(interval: u32) -> (App, UptimeParts) {
    let mut app = App::new("site");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let environment = prod.in_region(Region::EU_WEST_1);
    let parts = app.add("shop", Uptime { host: "shop.example.com".into(), environment, interval });
    (app, parts)
}

#[test]
fn a_probe_and_its_dashboard() {
    assert_blueprint!(app(60).0);
}

#[test]
fn the_dashboard_names_the_probe_once_it_is_known() {
    let (mut app, _) = app(60);
    let mut lock = Lock::default();
    lock.set_value("prod/eu-west-1/shop/probes", "ProbeBA9C736F", "probe-1");
    app.set_lock(lock);
    let assembly = assembly(app);
    let dashboard = assembly.file("grafana/example/dashboards/shop-grafana-uptime.json").unwrap();
    assert!(dashboard.contains("\"probe\": \"probe-1\""), "{dashboard}");
}

#[test]
fn its_parts_can_be_tailored() {
    let (mut app, UptimeParts { stack, probe, grafana }) = app(60);
    app.update(probe, |probe| probe.interval(30));
    app[probe].set("Regions", vec!["eu-west-1"]);
    app.reopen(stack).add("docs", Probe::new("docs.example.com"));
    let dashboard = Dashboard { title: "For the wall".into(), probe: probe.id() };
    app.reopen(grafana).add("wall", dashboard);

    let assembly = assembly(app);
    let template = assembly.template("prod/eu-west-1/shop/probes");
    assert_eq!(template.resource::<Probe>("probe").get("Interval"), 30);
    assert_eq!(template.all::<Probe>().matching([("Host", like("*.example.com"))]).count(), 2);
    assert!(assembly.file("grafana/example/dashboards/shop-grafana-wall.json").is_some());
}

#[test]
fn what_costs_more_than_it_tells_is_refused_at_the_line_of_the_user() {
    assert_diagnostics!(app(1).0, @r"
    error[interval-too-short]: `shop` probes every 1 seconds
      --> tests/uptime.rs:LINE
       = note: allowed: 10 seconds and more
    ");
}
