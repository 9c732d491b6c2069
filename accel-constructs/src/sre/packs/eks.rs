use super::{Monitored, Monitors, Row, Subject};
use crate::{
    platform::EksClusterRef,
    sre::datadog::{Ago, MetricQuery, Priority, ServiceCheck, minutes},
};

/// What runs in the cluster, and what it runs on, as Datadog's agent in the cluster sees it: 13 monitors.
///
/// The metrics are those of the integrations
/// [Kubernetes State Core](https://docs.datadoghq.com/integrations/kubernetes_state_core/),
/// [Kubelet](https://docs.datadoghq.com/integrations/kubelet/) and
/// [System](https://docs.datadoghq.com/integrations/system/). Thresholds are those of the catalogues of
/// Cloud Posse and Datadog, with their mistakes put right: fractions are compared with fractions, and each
/// question has its own grouping.
impl Monitored for EksClusterRef {
    fn monitors(&self) -> Monitors {
        Monitors::new(self.name.source().node, &self.literal_name, "kube_cluster_name", rows)
    }
}

fn rows(cluster: &Subject) -> Vec<Row> {
    let name = |what: &str| format!("EKS {}: {what}", cluster.name);
    let scope = || [format!("kube_cluster_name:{}", cluster.name)];
    let with = |tag: &str| [scope()[0].clone(), tag.to_owned()];
    let state = |metric: &str| MetricQuery::sum(format!("kubernetes_state.{metric}"));
    let missing = |kind: &str, wanted: &str, there: &str, tag: &str| {
        let missing = state(&format!("{kind}.{wanted}")) - state(&format!("{kind}.{there}"));
        missing.over(scope()).by(["kube_namespace", tag]).last(minutes(15)).min()
    };
    let waiting = |reason: &str| {
        MetricQuery::max("kubernetes_state.container.status_report.count.waiting")
            .over(with(&format!("reason:{reason}")))
            .by(["kube_namespace", "pod_name"])
            .last(minutes(10))
            .max()
            .at_least(1)
    };
    let pods = |phase: &str| {
        state("pod.status_phase").over(with(&format!("pod_phase:{phase}"))).by(["kube_namespace"])
    };
    let host = |metric: &str| MetricQuery::avg(metric).over(scope()).by(["host"]);
    vec![
        Row::new(
            "deployment-replicas",
            name("{{kube_deployment.name}} lacks replicas"),
            missing("deployment", "replicas_desired", "replicas_ready", "kube_deployment")
                .at_least(2),
            Priority::P2,
            "Two or more replicas of {{kube_namespace.name}}/{{kube_deployment.name}} are not ready.",
        ),
        Row::new(
            "stateful-set-replicas",
            name("{{kube_stateful_set.name}} lacks replicas"),
            missing("statefulset", "replicas_desired", "replicas_ready", "kube_stateful_set")
                .at_least(2)
                .warning(1),
            Priority::P2,
            "Replicas of {{kube_namespace.name}}/{{kube_stateful_set.name}} are not ready.",
        ),
        Row::new(
            "daemon-set-pods",
            name("{{kube_daemon_set.name}} lacks pods"),
            missing("daemonset", "desired", "ready", "kube_daemon_set").at_least(1),
            Priority::P3,
            "{{kube_namespace.name}}/{{kube_daemon_set.name}} does not run on every node that it should.",
        ),
        Row::new(
            "crash-loops",
            name("{{pod_name.name}} crashes again and again"),
            waiting("crashloopbackoff"),
            Priority::P2,
            "{{kube_namespace.name}}/{{pod_name.name}} is in CrashLoopBackOff.",
        ),
        Row::new(
            "image-pulls",
            name("{{pod_name.name}} has no image"),
            waiting("imagepullbackoff"),
            Priority::P2,
            "{{kube_namespace.name}}/{{pod_name.name}} is in ImagePullBackOff.",
        ),
        Row::new(
            "restarts",
            name("{{pod_name.name}} restarts"),
            MetricQuery::max("kubernetes.containers.restarts")
                .over(scope())
                .by(["kube_namespace", "pod_name"])
                .exclude_null()
                .last(minutes(5))
                .max()
                .change(Ago::Minutes15)
                .above(5)
                .warning(3),
            Priority::P3,
            "Containers of {{kube_namespace.name}}/{{pod_name.name}} restarted within a quarter of an hour.",
        ),
        Row::new(
            "pending-pods",
            name("pods of {{kube_namespace.name}} are not placed"),
            pods("pending").last(minutes(30)).min().at_least(1),
            Priority::P3,
            "Pods have waited for half an hour: for nodes, volumes or quota.",
        ),
        Row::new(
            "failed-pods",
            name("pods of {{kube_namespace.name}} fail"),
            pods("failed").last(minutes(5)).change(Ago::Minutes15).above(10).warning(5),
            Priority::P3,
            "More pods than before have failed.",
        ),
        Row::new(
            "nodes-not-ready",
            name("{{host.name}} is not ready"),
            ServiceCheck::new("kubernetes_state.node.ready", ["host"])
                .over(scope())
                .critical(5)
                .ok(2),
            Priority::P2,
            "The node has reported for five checks that it is not ready.",
        ),
        Row::new(
            "nodes-schedulable",
            name("few nodes take pods"),
            {
                let ready =
                    MetricQuery::sum("kubernetes_state.node.status").over(["status:schedulable"]);
                let all = MetricQuery::sum("kubernetes_state.node.status");
                (ready * 100 / all).over(scope()).last(minutes(15)).max().below(80).warning(90)
            },
            Priority::P3,
            "{{value}} % of the nodes are schedulable.",
        ),
        Row::new(
            "node-cpu",
            name("{{host.name}} has no CPU to spare"),
            (MetricQuery::from(100) - host("system.cpu.idle"))
                .last(minutes(30))
                .min()
                .above(90)
                .warning(80),
            Priority::P3,
            "{{value}} % of the node's CPU are used.",
        ),
        Row::new(
            "node-memory",
            name("{{host.name}} has little memory"),
            host("system.mem.pct_usable").last(minutes(15)).below(0.1).warning(0.15),
            Priority::P2,
            "Less than a tenth of the node's memory can be used.",
        ),
        Row::new(
            "node-disk",
            name("{{host.name}} has little space on {{device.name}}"),
            MetricQuery::max("system.disk.in_use")
                .over(scope())
                .by(["host", "device"])
                .last(minutes(15))
                .min()
                .above(0.9)
                .warning(0.8)
                .critical_recovery(0.85)
                .warning_recovery(0.75),
            Priority::P2,
            "{{device.name}} of the node is nearly full: pods will be evicted.",
        ),
    ]
}
