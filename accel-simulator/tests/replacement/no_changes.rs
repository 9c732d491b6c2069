//! What CloudFormation compares, and what it does not.

use serde_json::{Value, json};

use super::Stacks;

fn template() -> Value {
    json!({
        "Description": "A topic and a queue",
        "Metadata": {"Version": 1},
        "Parameters": {"Unused": {"Type": "String", "Default": "a"}},
        "Mappings": {"Unused": {"A": {"B": "c"}}},
        "Conditions": {"Unused": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "Alerts"}},
            "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": "Topic"},
        },
        "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}},
    })
}

/// What an update says to the template with another value there; without any value, it is taken away.
async fn with(pointer: &str, value: Value) -> Result<Vec<String>, String> {
    let stacks = Stacks::new();
    stacks.deploy_template("app", template()).await.expect("a template without problems");
    let mut changed = template();
    let (at, name) = pointer.rsplit_once('/').expect("a pointer");
    let at = changed.pointer_mut(at).and_then(Value::as_object_mut).expect("a place");
    match value {
        Value::Null => drop(at.remove(name)),
        value => drop(at.insert(name.to_owned(), value)),
    }
    let changes = stacks.deploy_template("app", changed).await?;
    let said = changes.into_values().map(|it| {
        let replacement = it.replacement.unwrap_or_default();
        format!("{} {} {replacement}", it.action, it.logical_resource_id)
    });
    Ok(said.collect())
}

#[tokio::test(start_paused = true)]
async fn what_is_not_compared_is_no_change() {
    for (pointer, value) in [
        ("/Description", json!("Other words")),
        ("/Description", Value::Null),
        ("/Metadata/Version", json!(2)),
        ("/Parameters/Unused/Default", json!("b")),
        ("/Parameters/Other", json!({"Type": "String", "Default": "a"})),
        ("/Mappings/Unused/A/B", json!("d")),
        ("/Conditions/Unused", Value::Null),
        ("/Resources/Queue/DependsOn", Value::Null),
        ("/Resources/Topic/Properties/DisplayName", json!({"Fn::Sub": "Alerts"})),
    ] {
        let refused = with(pointer, value).await.expect_err(pointer);
        assert!(refused.starts_with("The submitted information didn't contain"), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_compared_is_a_change() {
    for (pointer, value) in [
        ("/Resources/Topic/Properties/DisplayName", json!("Alarms")),
        ("/Resources/Topic/DeletionPolicy", json!("Retain")),
        ("/Resources/Topic/UpdateReplacePolicy", json!("Retain")),
        ("/Resources/Topic/Metadata", json!({"Version": 1})),
    ] {
        assert_eq!(with(pointer, value).await, Ok(vec!["Modify Topic False".to_owned()]));
    }
    let unconditional = with("/Resources/Topic/Condition", json!("Unused")).await;
    assert_eq!(unconditional, Ok(vec!["Remove Topic ".to_owned()]));
    let output = with("/Outputs/Topic", json!({"Value": {"Ref": "Topic"}})).await;
    assert_eq!(output, Ok(Vec::new()), "no resource changes, and the stack does");
}
