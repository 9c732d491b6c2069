//! Account gates: "CloudFormation invokes the Lambda function each time you start stack operations in the target
//! account, and only continues if the function returns a SUCCEEDED code."

use accel_deploy::cloud::cloudformation::OperationResult;
use accel_simulator::Gate;

use super::*;

impl Sets {
    fn gate(&self, account: u64, gate: Option<Gate>) {
        let place = (self::account(account), "eu-west-1".to_owned());
        self.cloud.world(|world| match gate {
            Some(gate) => world.gates.insert(place, gate),
            None => world.gates.remove(&place),
        });
    }

    async fn listed(&self, id: &str) -> Vec<OperationResult> {
        let (stack_set_name, operation_id) = (SET.to_owned(), id.to_owned());
        let list =
            ListStackSetOperationResults { stack_set_name, operation_id, ..Default::default() };
        self.send(&list).await.expect("an operation").summaries
    }
}

fn failed() -> Option<Gate> {
    Some(Gate::Failed("Alarms are on".to_owned()))
}

fn said(result: &OperationResult) -> Option<(&str, Option<&str>)> {
    let gate = result.account_gate_result.as_ref()?;
    Some((gate.status.as_deref()?, gate.status_reason.as_deref()))
}

#[tokio::test(start_paused = true)]
async fn a_gate_lets_in_or_not_and_without_one_nobody_is_asked() {
    let sets = Sets::new(false).await;
    sets.gate(2, Some(Gate::Succeeded));
    sets.gate(3, failed());
    let create = CreateStackInstances {
        operation_preferences: Some(all_at_once()),
        ..create("make", 1..=3)
    };
    sets.send(&create).await.unwrap();
    after(100).await;
    assert_eq!(sets.results("make", &["eu-west-1"]).await, ["SSF"]);
    let listed = sets.listed("make").await;
    let function =
        "arn:aws:lambda:eu-west-1:100000000001:function:AWSCloudFormationStackSetAccountGate";
    let skipped = format!("Function not found: {function}");
    assert_eq!(said(&listed[0]), Some(("SKIPPED", Some(skipped.as_str()))));
    assert_eq!(said(&listed[1]), Some(("SUCCEEDED", None)));
    assert_eq!(said(&listed[2]), Some(("FAILED", Some("Alarms are on"))));
    // It was asked for, and not touched.
    assert_eq!(sets.instances().await[2].1, "OUTDATED");
    sets.delete_topic(3).unwrap_err();
    // Each operation asks anew.
    sets.gate(3, None);
    let same = UpdateStackSet { template_body: Some(TEMPLATE.to_owned()), ..update("again") };
    sets.send(&same).await.unwrap();
    after(100).await;
    sets.delete_topic(3).unwrap();
}

/// "The failed operation counts toward your specified failure tolerance."
#[tokio::test(start_paused = true)]
async fn what_is_not_let_in_has_failed_and_counts() {
    let sets = Sets::new(false).await;
    sets.gate(2, failed());
    sets.send(&create("make", 1..=4)).await.unwrap();
    after(600).await;
    assert_eq!(sets.status("make").await, "FAILED");
    assert_eq!(sets.results("make", &["eu-west-1"]).await, ["SFCC"]);
    // Who was never asked has said nothing.
    assert_eq!(said(&sets.listed("make").await[2]), None);
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_must_not_be_deleted_is_as_it_was() {
    let sets = Sets::new(false).await;
    sets.send(&create("make", 1..=1)).await.unwrap();
    after(100).await;
    sets.gate(1, failed());
    sets.send(&delete("delete", 1..=1, false)).await.unwrap();
    after(100).await;
    assert_eq!(sets.results("delete", &["eu-west-1"]).await, ["F"]);
    assert_eq!(sets.instances().await[0].1, "CURRENT");
    sets.delete_topic(1).unwrap();
}
