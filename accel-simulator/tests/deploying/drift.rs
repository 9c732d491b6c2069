//! What somebody has changed by hand, as CloudFormation tells of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use accel::{cfn::ssm, core::AccountId, prelude::*};
use accel_deploy::{Call, Cloud, CloudError, Drift, Engine, Place};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

use super::{HERE, app, deploy, graph, on_a_paused_clock};

/// A simulated cloud that also compares: in shapes of the API reference, since the simulation has no hands to change
/// something behind its back.
struct Compares {
    cloud: Arc<SimulatedCloud>,
    /// The logical id of what has drifted.
    drifted: String,
    looks: AtomicUsize,
}

impl Cloud for Compares {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        Ok(match &*call.action {
            "DetectStackDrift" => json!({"StackDriftDetectionId": "detection"}),
            "DescribeStackDriftDetectionStatus" => {
                // It takes its time.
                let status = match self.looks.fetch_add(1, Ordering::Relaxed) {
                    0 => "DETECTION_IN_PROGRESS",
                    _ => "DETECTION_COMPLETE",
                };
                json!({"StackDriftDetectionId": "detection", "DetectionStatus": status,
                    "StackDriftStatus": "DRIFTED"})
            }
            "DescribeStackResourceDrifts" => json!({"StackResourceDrifts": [{
                "LogicalResourceId": self.drifted, "ResourceType": "AWS::SSM::Parameter",
                "StackResourceDriftStatus": "MODIFIED",
                "PropertyDifferences": [{"PropertyPath": "/Value", "ExpectedValue": "a",
                    "ActualValue": "b", "DifferenceType": "NOT_EQUAL"}],
            }]}),
            "DetectStackSetDrift" => json!({"OperationId": "comparison"}),
            "DescribeStackSetOperation" if call.request["OperationId"] == "comparison" => {
                json!({"StackSetOperation": {"OperationId": "comparison", "Status": "SUCCEEDED"}})
            }
            "ListStackSetOperationResults" if call.request["OperationId"] == "comparison" => {
                json!({"Summaries": []})
            }
            "ListStackInstances" => {
                let mut reply = self.cloud.send(place, call).await?;
                reply["Summaries"][1]["DriftStatus"] = "DRIFTED".into();
                reply
            }
            _ => return self.cloud.send(place, call).await,
        })
    }

    fn now(&self) -> Duration {
        self.cloud.now()
    }
}

async fn drifts(cloud: Arc<SimulatedCloud>, build: fn() -> App) -> Vec<Drift> {
    assert_eq!(deploy(&cloud, build()).await.failed, []);
    let graph = Arc::new(graph(build()));
    let assembly = accel::synth::synth(build()).expect("an app without problems");
    let manifest = assembly.manifest();
    let stacks = manifest.stacks.values().map(|stack| &stack.template);
    let mut templates = stacks.chain(manifest.stack_sets.values().map(|set| &set.template));
    let constructs = &templates.next().expect("a template").constructs;
    let drifted = constructs.keys().next().expect("a resource").clone();
    let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
    let cloud = Compares { cloud, drifted, looks: AtomicUsize::new(0) };
    Engine::new(Arc::new(cloud), graph).drift(&paths).await.expect("an answer")
}

#[test]
fn a_drifted_property_of_a_stack_has_its_construct() {
    on_a_paused_clock(async |cloud| {
        let found = drifts(cloud, || {
            let (mut app, prod) = app();
            app.open("setting", Stack::new(prod.in_region(HERE)))
                .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
            app
        });
        let found = found.await;
        let [drift] = &*found else { panic!("{found:?}") };
        assert_eq!(drift.construct, "prod/eu-west-1/setting/on");
        assert_eq!((&*drift.account, &*drift.region), ("prod", "eu-west-1"));
        let property = &drift.properties[0];
        let said = (&*property.path, &*property.expected, &*property.actual);
        assert_eq!(said, ("/Value", "a", "b"));
    });
}

#[test]
fn of_a_stack_set_the_instances_that_drifted_are_asked() {
    on_a_paused_clock(async |cloud| {
        // The management account is the one that can be entered.
        let found = drifts(cloud, || {
            let (mut app, prod) = app();
            let other = accel::core::AccountInfo {
                id: AccountId::parse("100000000001").ok(),
                ..accel::core::AccountInfo::default()
            };
            let other = app.scope().declare_account_as("other", other);
            app.open("everywhere", StackSet::for_accounts([other, prod]).regions([HERE]))
                .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
            app
        });
        let found = found.await;
        let [drift] = &*found else { panic!("{found:?}") };
        assert_eq!(drift.construct, "everywhere/on");
        assert_eq!(drift.account, "999999999999");
    });
}
