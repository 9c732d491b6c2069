//! The state machine of stack sets, against what the documentation of CloudFormation says about it.

use std::time::Duration;

use accel_deploy::{
    CloudError, Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            AutoDeployment, CreateStackInstances, CreateStackSet, DeleteStackInstances,
            DeploymentTargets, DescribeStackSetOperation, ListStackInstances,
            ListStackSetOperationResults, ListStackSetOperations, ManagedExecution,
            OperationPreferences, StopStackSetOperation, UpdateStackSet,
        },
    },
};
use accel_simulator::{ByHand, Change, SimulatedCloud};

mod automatic;
mod concurrency;
mod drift;
mod gates;
mod instances;
mod stopping;

const SET: &str = "set";
const TEMPLATE: &str = r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#;

/// A cloud with one stack set, `set`, of the caller's own accounts.
struct Sets {
    cloud: SimulatedCloud,
}

impl Sets {
    /// With managed execution or not.
    async fn new(is_managed: bool) -> Self {
        let sets = Self { cloud: SimulatedCloud::new() };
        let create = CreateStackSet {
            stack_set_name: SET.to_owned(),
            template_body: Some(TEMPLATE.to_owned()),
            managed_execution: Some(ManagedExecution { active: is_managed }),
            ..CreateStackSet::default()
        };
        sets.send(&create).await.expect("a name that is free");
        sets
    }

    async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, CloudError> {
        self.cloud.call(&Place::caller("us-east-1"), operation).await
    }

    /// The code of a refusal.
    async fn refused<O: Operation>(&self, operation: &O) -> String {
        self.send(operation).await.map(|_| ()).expect_err("it is refused").code
    }

    /// The instances of an account fail in a region from now on.
    fn breaks(&self, account: u64, region: &str) {
        let place = (self::account(account), region.to_owned(), SET.to_owned());
        self.cloud.world(|world| world.failures.insert(place, "broken".to_owned()));
    }

    /// Somebody deletes the topic in an account; an error if there is none.
    fn delete_topic(&self, account: u64) -> Result<(), String> {
        let (account, region) = (self::account(account), "eu-west-1".to_owned());
        let by_hand = ByHand { account, region, of: "Topic".to_owned(), change: Change::Deleted };
        self.cloud.world(|world| world.change_by_hand(&by_hand))
    }

    async fn status(&self, id: &str) -> String {
        let (stack_set_name, operation_id) = (SET.to_owned(), id.to_owned());
        let describe =
            DescribeStackSetOperation { stack_set_name, operation_id, ..Default::default() };
        self.send(&describe).await.expect("an operation").stack_set_operation.status
    }

    /// The results of an operation: for each region in a line, what came of the accounts by the first letter
    /// of the status.
    async fn results(&self, id: &str, regions: &[&str]) -> Vec<String> {
        let (stack_set_name, operation_id) = (SET.to_owned(), id.to_owned());
        let list =
            ListStackSetOperationResults { stack_set_name, operation_id, ..Default::default() };
        let results = self.send(&list).await.expect("an operation").summaries;
        let line = |region: &&str| {
            let here = results.iter().filter(|it| it.region == **region);
            here.map(|it| it.status.chars().next().unwrap_or('-')).collect()
        };
        regions.iter().map(line).collect()
    }

    /// Account, status and detailed status of all instances.
    async fn instances(&self) -> Vec<(u64, String, String)> {
        let list =
            ListStackInstances { stack_set_name: SET.to_owned(), ..ListStackInstances::default() };
        let instances = self.send(&list).await.expect("a set").summaries.into_iter();
        let instance = |it: accel_deploy::cloud::cloudformation::StackInstance| {
            let number = it.account.trim_start_matches('1').parse().expect("an account");
            let detailed = it.stack_instance_status.and_then(|it| it.detailed_status);
            (number, it.status, detailed.unwrap_or_default())
        };
        instances.map(instance).collect()
    }

    async fn stop(&self, id: &str) -> Result<(), CloudError> {
        self.send(&stopped(id)).await.map(|_| ())
    }
}

/// An account that there need not be: the execution role is trusted, not the organization.
fn account(number: u64) -> String {
    format!("1{number:011}")
}

fn create(id: &str, accounts: std::ops::RangeInclusive<u64>) -> CreateStackInstances {
    CreateStackInstances {
        stack_set_name: SET.to_owned(),
        accounts: Some(accounts.map(account).collect()),
        regions: vec!["eu-west-1".to_owned()],
        operation_id: Some(id.to_owned()),
        ..CreateStackInstances::default()
    }
}

fn delete(id: &str, accounts: std::ops::RangeInclusive<u64>, retain: bool) -> DeleteStackInstances {
    DeleteStackInstances {
        stack_set_name: SET.to_owned(),
        accounts: Some(accounts.map(account).collect()),
        regions: vec!["eu-west-1".to_owned()],
        retain_stacks: retain,
        operation_id: Some(id.to_owned()),
        operation_preferences: Some(all_at_once()),
        ..DeleteStackInstances::default()
    }
}

fn update(id: &str) -> UpdateStackSet {
    UpdateStackSet {
        stack_set_name: SET.to_owned(),
        template_body: Some(TEMPLATE.replace("Topic", "Other").replace("SNS::Other", "SNS::Topic")),
        operation_id: Some(id.to_owned()),
        operation_preferences: Some(all_at_once()),
        ..UpdateStackSet::default()
    }
}

fn stopped(id: &str) -> StopStackSetOperation {
    let (stack_set_name, operation_id) = (SET.to_owned(), id.to_owned());
    StopStackSetOperation { stack_set_name, operation_id, call_as: None }
}

/// All accounts at once, whatever fails.
fn all_at_once() -> OperationPreferences {
    OperationPreferences {
        max_concurrent_percentage: Some(100),
        failure_tolerance_percentage: Some(100),
        concurrency_mode: Some("SOFT_FAILURE_TOLERANCE".to_owned()),
        ..OperationPreferences::default()
    }
}

async fn after(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
