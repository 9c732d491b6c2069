//! The monitors that come with constructs.

use accel_cfn::certificatemanager::CertificateArn;
use accel_constructs::{
    foundation::{Nat, Vpc},
    platform::{EksCluster, LoadBalancer},
    sre::{Datadog, Monitored as _, Monitors},
};
use accel_core::{AccountInfo, App, Region, Scope, Stack, Value, cidr};
use accel_synth::Assembly;

use super::{codes, json, synth};

/// An app with a pack of monitors of what `build` puts into one stack.
fn app(build: impl FnOnce(&mut Scope<'_, Stack>) -> Monitors) -> App {
    let mut app = App::new("acme");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let pack = build(&mut app.open("stack", Stack::new(prod.in_region(Region::EU_WEST_1))));
    app.open("datadog", Datadog::new("acme")).add("pack", pack);
    app
}

fn monitors(assembly: &Assembly) -> Vec<&str> {
    assembly
        .files()
        .map(|(path, _)| path)
        .filter_map(|path| path.strip_prefix("datadog/acme/monitors/pack."))
        .collect()
}

fn cluster(stack: &mut Scope<'_, Stack>) -> Monitors {
    let vpc = stack.add("vpc", Vpc::builder().cidr(cidr!("10.0.0.0/16")).build());
    let cluster = EksCluster::builder().version("1.34").subnets(&vpc.private_subnets).build();
    stack.add("shop", cluster).monitors()
}

#[test]
fn a_cluster_brings_monitors_with_its_name_and_place() {
    let assembly = synth(app(|stack| cluster(stack).notify("@oncall-shop").tags(["team:shop"])));
    assert_eq!(monitors(&assembly).len(), 13);
    let monitor = json(&assembly, "datadog/acme/monitors/pack.crash-loops.json");
    assert_eq!(
        monitor["query"],
        "max(last_10m):max:kubernetes_state.container.status_report.count.waiting\
         {kube_cluster_name:acme-shop,reason:crashloopbackoff} by {kube_namespace,pod_name} >= 1"
    );
    assert_eq!(monitor["name"], "EKS acme-shop: {{pod_name.name}} crashes again and again");
    assert_eq!(
        monitor["tags"],
        serde_json::json!([
            "team:shop",
            "account:prod",
            "region:eu-west-1",
            "kube_cluster_name:acme-shop",
            "accel:acme/datadog/pack/crash-loops",
        ])
    );
    assert!(monitor["message"].as_str().is_some_and(|text| text.ends_with("\n@oncall-shop")));
    assert!(monitor["options"].get("evaluation_delay").is_none(), "the agent is not late");
}

#[test]
fn what_cloudwatch_says_is_waited_for() {
    let vpc = |nat| {
        synth(app(|stack| {
            let vpc = Vpc::builder().cidr(cidr!("10.0.0.0/16")).nat(nat).build();
            stack.add("vpc", vpc).monitors()
        }))
    };
    assert!(monitors(&vpc(Nat::None)).is_empty());
    let ports = json(&vpc(Nat::Single), "datadog/acme/monitors/pack.nat-ports.json");
    assert_eq!(ports["options"]["evaluation_delay"], 900);
    assert_eq!(
        ports["query"],
        "sum(last_15m):sum:aws.natgateway.error_port_allocation{account:prod,region:eu-west-1} by \
         {natgatewayid}.as_count() > 0"
    );
}

#[test]
fn a_load_balancer_is_known_by_its_name_before_it_is_there() {
    let assembly = synth(app(|stack| {
        let vpc = stack.add("vpc", Vpc::builder().cidr(cidr!("10.0.0.0/16")).build());
        let balancer = LoadBalancer::builder()
            .vpc(vpc.id)
            .subnets(&vpc.private_subnets)
            .certificates([Value::<CertificateArn>::imported(
                "arn:aws:acm:eu-west-1:111111111111:certificate/1",
            )])
            .name("shop")
            .build();
        stack.add("alb", balancer).monitors()
    }));
    assert_eq!(monitors(&assembly).len(), 4);
    let latency = json(&assembly, "datadog/acme/monitors/pack.latency.json");
    assert_eq!(
        latency["query"],
        "min(last_5m):default_zero(avg:aws.applicationelb.target_response_time.average\
         {account:prod,region:eu-west-1,loadbalancer:app/shop/*}) > 3"
    );
}

#[test]
fn monitors_can_be_left_out_and_must_be_there_for_that() {
    let assembly = synth(app(|stack| cluster(stack).without(["node-cpu", "node-disk"])));
    assert_eq!(monitors(&assembly).len(), 11);
    assert_eq!(codes(app(|stack| cluster(stack).without(["node-cpus"]))), ["monitor-pack"]);
}

#[test]
fn a_pack_of_another_app_is_a_diagnostic() {
    let mut other = App::new("other");
    let prod = other.scope().declare_account_as("prod", AccountInfo::default());
    let pack = cluster(&mut other.open("stack", Stack::new(prod.in_region(Region::EU_WEST_1))));
    let mut app = App::new("acme");
    app.open("datadog", Datadog::new("acme")).add("pack", pack);
    assert_eq!(codes(app), ["foreign-handle"]);
}
