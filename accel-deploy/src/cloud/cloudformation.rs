//! The operations of CloudFormation that the engine uses, in the shapes of its
//! [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html).
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Protocol, operations, shapes};

const QUERY: Protocol = Protocol::Query { version: Cow::Borrowed("2010-05-15") };

operations! { "cloudformation", QUERY;
    /// One stack, or all of a place, page by page.
    DescribeStacks { stack_name: Option<String>, next_token: Option<String> } -> Stacks;
    CreateChangeSet {
        stack_name: String, change_set_name: String, change_set_type: Option<String>,
        template_body: Option<String>, template_u_r_l: Option<String>,
        parameters: Vec<Parameter>, capabilities: Vec<String>, tags: Option<Vec<Tag>>,
        client_token: Option<String>, description: Option<String>,
        resources_to_import: Option<Vec<ResourceToImport>>,
    } -> CreatedChangeSet;
    DescribeChangeSet {
        change_set_name: String, stack_name: Option<String>, next_token: Option<String>,
    } -> ChangeSet;
    ExecuteChangeSet {
        change_set_name: String, stack_name: Option<String>, client_request_token: Option<String>,
    } -> Nothing;
    DeleteChangeSet { change_set_name: String, stack_name: Option<String> } -> Nothing;
    DeleteStack {
        stack_name: String, client_request_token: Option<String>, retain_resources: Option<Vec<String>>,
    } -> Nothing;
    UpdateTerminationProtection { stack_name: String, enable_termination_protection: bool } -> Nothing;
    ContinueUpdateRollback { stack_name: String, client_request_token: Option<String> } -> Nothing;
    CancelUpdateStack { stack_name: String, client_request_token: Option<String> } -> Nothing;
    DescribeStackEvents { stack_name: String, next_token: Option<String> } -> StackEvents;
    GetTemplate { stack_name: String, template_stage: Option<String> } -> Template;
    /// All of the stack that has a resource of this id.
    DescribeStackResources { physical_resource_id: Option<String> } -> ResourcesOfStack;
    ListStackResources { stack_name: String, next_token: Option<String> } -> StackResources;
    DetectStackDrift { stack_name: String } -> StackDriftDetection;
    DescribeStackDriftDetectionStatus { stack_drift_detection_id: String } -> StackDriftStatus;
    DescribeStackResourceDrifts {
        stack_name: String, stack_resource_drift_status_filters: Option<Vec<String>>,
        next_token: Option<String>,
    } -> StackResourceDrifts;
    CreateStackSet {
        stack_set_name: String, description: Option<String>,
        template_body: Option<String>, template_u_r_l: Option<String>,
        parameters: Vec<Parameter>, capabilities: Vec<String>, tags: Vec<Tag>,
        permission_model: Option<String>, auto_deployment: Option<AutoDeployment>,
        managed_execution: Option<ManagedExecution>, call_as: Option<String>,
        client_request_token: Option<String>,
    } -> CreatedStackSet;
    UpdateStackSet {
        stack_set_name: String, description: Option<String>,
        template_body: Option<String>, template_u_r_l: Option<String>, use_previous_template: Option<bool>,
        parameters: Vec<Parameter>, capabilities: Vec<String>, tags: Vec<Tag>,
        permission_model: Option<String>, auto_deployment: Option<AutoDeployment>,
        managed_execution: Option<ManagedExecution>, call_as: Option<String>,
        operation_id: Option<String>, operation_preferences: Option<OperationPreferences>,
        accounts: Option<Vec<String>>, deployment_targets: Option<DeploymentTargets>,
        regions: Option<Vec<String>>,
    } -> Started;
    DeleteStackSet { stack_set_name: String, call_as: Option<String> } -> Nothing;
    DescribeStackSet { stack_set_name: String, call_as: Option<String> } -> DescribedStackSet;
    CreateStackInstances {
        stack_set_name: String, accounts: Option<Vec<String>>, deployment_targets: Option<DeploymentTargets>,
        regions: Vec<String>,
        operation_preferences: Option<OperationPreferences>, operation_id: Option<String>,
        call_as: Option<String>,
    } -> Started;
    UpdateStackInstances {
        stack_set_name: String, accounts: Option<Vec<String>>, deployment_targets: Option<DeploymentTargets>,
        regions: Vec<String>,
        operation_preferences: Option<OperationPreferences>, operation_id: Option<String>,
        call_as: Option<String>,
    } -> Started;
    DeleteStackInstances {
        stack_set_name: String, accounts: Option<Vec<String>>, deployment_targets: Option<DeploymentTargets>,
        regions: Vec<String>, retain_stacks: bool,
        operation_preferences: Option<OperationPreferences>, operation_id: Option<String>,
        call_as: Option<String>,
    } -> Started;
    ListStackInstances {
        stack_set_name: String, next_token: Option<String>, max_results: Option<u32>,
        filters: Option<Vec<InstanceFilter>>, stack_instance_account: Option<String>,
        stack_instance_region: Option<String>, call_as: Option<String>,
    } -> StackInstances;
    DescribeStackInstance {
        stack_set_name: String, stack_instance_account: String, stack_instance_region: String,
        call_as: Option<String>,
    } -> DescribedStackInstance;
    DescribeStackSetOperation {
        stack_set_name: String, operation_id: String, call_as: Option<String>,
    } -> DescribedOperation;
    ListStackSetOperations {
        stack_set_name: String, next_token: Option<String>, max_results: Option<u32>,
        call_as: Option<String>,
    } -> StackSetOperations;
    ListStackSetOperationResults {
        stack_set_name: String, operation_id: String, next_token: Option<String>, max_results: Option<u32>,
        filters: Option<Vec<InstanceFilter>>, call_as: Option<String>,
    } -> OperationResults;
    StopStackSetOperation { stack_set_name: String, operation_id: String, call_as: Option<String> } -> Nothing;
    DetectStackSetDrift {
        stack_set_name: String, operation_preferences: Option<OperationPreferences>,
        operation_id: Option<String>, call_as: Option<String>,
    } -> Started;
}

shapes! {
    /// The reply of an operation that says nothing.
    Nothing {}
    Stacks { stacks: Vec<Stack>, next_token: Option<String> }
    Stack {
        stack_id: String, stack_name: String, stack_status: Status,
        description: Option<String>, parameters: Vec<Parameter>, outputs: Vec<Output>,
        capabilities: Vec<String>, tags: Vec<Tag>, enable_termination_protection: bool,
        change_set_id: Option<String>,
    }
    Parameter { parameter_key: String, parameter_value: Option<String>, use_previous_value: Option<bool> }
    Output { output_key: String, output_value: String }
    Tag { key: String, value: String }
    ResourceToImport {
        resource_type: String, logical_resource_id: String,
        resource_identifier: std::collections::BTreeMap<String, String>,
    }
    CreatedChangeSet { id: String, stack_id: String }
    ChangeSet {
        change_set_id: String, change_set_name: String, stack_id: String, stack_name: String,
        status: Status, status_reason: Option<String>, execution_status: Option<String>,
        changes: Vec<Change>, next_token: Option<String>,
    }
    Change { r#type: Option<String>, resource_change: Option<ResourceChange> }
    ResourceChange {
        action: String, logical_resource_id: String, physical_resource_id: Option<String>,
        resource_type: String, replacement: Option<String>, policy_action: Option<String>,
        scope: Vec<String>, details: Vec<ChangeDetail>,
    }
    ChangeDetail { target: Option<ChangeTarget> }
    ChangeTarget { attribute: Option<String>, name: Option<String>, path: Option<String> }
    StackEvents { stack_events: Vec<StackEvent>, next_token: Option<String> }
    StackEvent {
        event_id: String, stack_id: String, stack_name: String, logical_resource_id: String,
        physical_resource_id: Option<String>, resource_type: String, timestamp: String,
        resource_status: Status, resource_status_reason: Option<String>,
        client_request_token: Option<String>,
    }
    Template { template_body: String }
    StackResources { stack_resource_summaries: Vec<StackResource>, next_token: Option<String> }
    ResourcesOfStack { stack_resources: Vec<StackResource> }
    StackResource {
        logical_resource_id: String, physical_resource_id: Option<String>, resource_type: String,
        resource_status: Status, resource_status_reason: Option<String>,
    }
    StackDriftDetection { stack_drift_detection_id: String }
    StackDriftStatus {
        stack_drift_detection_id: String, detection_status: String, detection_status_reason: Option<String>,
        stack_drift_status: Option<String>, drifted_stack_resource_count: Option<u32>,
    }
    StackResourceDrifts { stack_resource_drifts: Vec<StackResourceDrift>, next_token: Option<String> }
    StackResourceDrift {
        logical_resource_id: String, physical_resource_id: Option<String>, resource_type: String,
        stack_resource_drift_status: String, property_differences: Vec<PropertyDifference>,
    }
    PropertyDifference {
        property_path: String, expected_value: String, actual_value: String, difference_type: String,
    }
    AutoDeployment {
        enabled: Option<bool>, retain_stacks_on_account_removal: Option<bool>, depends_on: Option<Vec<String>>,
    }
    ManagedExecution { active: bool }
    OperationPreferences {
        region_concurrency_type: Option<String>, region_order: Option<Vec<String>>,
        failure_tolerance_count: Option<u32>, failure_tolerance_percentage: Option<u32>,
        max_concurrent_count: Option<u32>, max_concurrent_percentage: Option<u32>,
        concurrency_mode: Option<String>,
    }
    DeploymentTargets {
        accounts: Option<Vec<String>>, organizational_unit_ids: Option<Vec<String>>,
        account_filter_type: Option<String>,
    }
    CreatedStackSet { stack_set_id: String }
    /// The operation that a request has started; an update of the definition alone starts one as well.
    Started { operation_id: String }
    DescribedStackSet { stack_set: StackSet }
    StackSet {
        stack_set_name: String, stack_set_id: String, #[serde(rename = "StackSetARN")] stack_set_arn: String,
        status: String, description: Option<String>, template_body: String, parameters: Vec<Parameter>,
        capabilities: Vec<String>, tags: Vec<Tag>, permission_model: Option<String>,
        auto_deployment: Option<AutoDeployment>, managed_execution: Option<ManagedExecution>,
        organizational_unit_ids: Vec<String>, regions: Vec<String>,
        stack_set_drift_detection_details: Option<StackSetDrift>,
    }
    StackSetDrift {
        drift_status: Option<String>, drift_detection_status: Option<String>,
        total_stack_instances_count: u32, drifted_stack_instances_count: u32,
        in_sync_stack_instances_count: u32, in_progress_stack_instances_count: u32,
        failed_stack_instances_count: u32,
    }
    InstanceFilter { name: String, values: String }
    StackInstances { summaries: Vec<StackInstance>, next_token: Option<String> }
    StackInstance {
        stack_set_id: String, account: String, region: String, organizational_unit_id: Option<String>,
        stack_id: Option<String>, status: String, status_reason: Option<String>,
        stack_instance_status: Option<InstanceStatus>, last_operation_id: Option<String>,
        drift_status: Option<String>,
    }
    DescribedStackInstance { stack_instance: StackInstance }
    InstanceStatus { detailed_status: Option<String> }
    DescribedOperation { stack_set_operation: StackSetOperation }
    StackSetOperation {
        operation_id: String, stack_set_id: String, action: String, status: String,
        status_reason: Option<String>, retain_stacks: Option<bool>,
        operation_preferences: Option<OperationPreferences>,
        deployment_targets: Option<DeploymentTargets>,
        status_details: Option<OperationStatusDetails>,
        stack_set_drift_detection_details: Option<StackSetDrift>,
    }
    OperationStatusDetails { failed_stack_instances_count: u32 }
    StackSetOperations { summaries: Vec<OperationSummary>, next_token: Option<String> }
    OperationSummary {
        operation_id: String, action: String, status: String, status_reason: Option<String>,
        creation_timestamp: Option<String>, status_details: Option<OperationStatusDetails>,
    }
    OperationResults { summaries: Vec<OperationResult>, next_token: Option<String> }
    OperationResult {
        account: String, region: String, status: String, status_reason: Option<String>,
        account_gate_result: Option<AccountGateResult>, organizational_unit_id: Option<String>,
    }
    AccountGateResult { status: Option<String>, status_reason: Option<String> }
}

/// The status of a stack, a change set or a resource: AWS adds new ones, so it is a text that knows what
/// its ending says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Status(pub String);

impl Status {
    /// Whether something still happens.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        // A change set that waits to be made is pending.
        self.0.ends_with("_IN_PROGRESS") || self.0.ends_with("_PENDING")
    }

    /// Whether it ended well: complete, and not by going back.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.ends_with("_COMPLETE") && !self.0.contains("ROLLBACK")
    }

    /// Whether it went back to what was before.
    #[must_use]
    pub fn is_rollback(&self) -> bool {
        self.0.contains("ROLLBACK")
    }

    /// Whether it failed and stays so.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        self.0.ends_with("_FAILED") || self.0 == "FAILED"
    }
}

impl From<&str> for Status {
    fn from(status: &str) -> Self {
        Self(status.to_owned())
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
