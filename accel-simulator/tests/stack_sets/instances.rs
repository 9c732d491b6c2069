//! What instances are after operations that went well, and after others; what lists show, and when.

use super::*;

fn texts(instances: &[(u64, String, String)]) -> Vec<(u64, &str, &str)> {
    instances.iter().map(|(number, status, it)| (*number, status.as_str(), it.as_str())).collect()
}

async fn created(accounts: std::ops::RangeInclusive<u64>) -> Sets {
    let sets = Sets::new(false).await;
    let create = CreateStackInstances {
        operation_preferences: Some(all_at_once()),
        ..create("create", accounts)
    };
    sets.send(&create).await.expect("it is taken");
    after(60).await;
    sets
}

/// "Even if the operation fails, the StackSet is updated with your changes"; what it did not reach is outdated.
#[tokio::test(start_paused = true)]
async fn an_update_makes_all_outdated_until_each_is_done() {
    let sets = created(1..=2).await;
    sets.breaks(2, "eu-west-1");
    sets.send(&update("update")).await.unwrap();
    let running = [(1, "OUTDATED", "RUNNING"), (2, "OUTDATED", "RUNNING")];
    assert_eq!(texts(&sets.instances().await), running);
    after(60).await;
    let ended = [(1, "CURRENT", "SUCCEEDED"), (2, "OUTDATED", "FAILED")];
    assert_eq!(texts(&sets.instances().await), ended);
}

/// "If the stack set update includes changes to the template (...) or the Parameters, CloudFormation marks all stack
/// instances with a status of OUTDATED prior to updating the stack instances in the specified accounts and Amazon Web
/// Services Regions. If the stack set update does not include changes to the template or parameters, CloudFormation
/// updates the stack instances in the specified accounts and Regions, while leaving all other stack instances with
/// their existing stack instance status."
#[tokio::test(start_paused = true)]
async fn an_update_of_a_part_leaves_the_others_outdated_only_by_what_is_new() {
    let sets = created(1..=3).await;
    let part = |id: &str| UpdateStackSet {
        accounts: Some(vec![account(1)]),
        regions: Some(vec!["eu-west-1".to_owned()]),
        ..update(id)
    };
    assert_eq!(
        sets.refused(&UpdateStackSet { regions: None, ..part("no") }).await,
        "ValidationError"
    );
    sets.send(&part("new")).await.unwrap();
    after(60).await;
    let outdated =
        [(1, "CURRENT", "SUCCEEDED"), (2, "OUTDATED", "SUCCEEDED"), (3, "OUTDATED", "SUCCEEDED")];
    assert_eq!(texts(&sets.instances().await), outdated);
    sets.send(&update("all")).await.unwrap();
    after(60).await;
    sets.send(&part("same")).await.unwrap();
    let again =
        [(1, "OUTDATED", "RUNNING"), (2, "CURRENT", "SUCCEEDED"), (3, "CURRENT", "SUCCEEDED")];
    assert_eq!(texts(&sets.instances().await), again);
}

/// "A DeleteStackInstances operation has failed and left the stack in an unstable state. Stacks in this state are
/// excluded from further UpdateStackSet operations. You might need to perform a DeleteStackInstances operation,
/// with RetainStacks set to true".
#[tokio::test(start_paused = true)]
async fn what_could_not_be_deleted_is_inoperable_until_it_is_let_go() {
    let sets = created(1..=2).await;
    sets.breaks(2, "eu-west-1");
    sets.send(&delete("delete", 2..=2, false)).await.unwrap();
    after(60).await;
    let instances = sets.instances().await;
    assert_eq!(texts(&instances)[1], (2, "INOPERABLE", "INOPERABLE"));
    sets.send(&update("update")).await.unwrap();
    assert_eq!(sets.results("update", &["eu-west-1"]).await, ["R"]);
    after(60).await;
    assert_eq!(texts(&sets.instances().await)[1], (2, "INOPERABLE", "INOPERABLE"));
    sets.cloud.world(|world| world.failures.clear());
    sets.send(&delete("let-go", 2..=2, true)).await.unwrap();
    after(60).await;
    assert_eq!(texts(&sets.instances().await), [(1, "CURRENT", "SUCCEEDED")]);
}

/// The two lists of operations are documented as eventually consistent, the description of one is not.
#[tokio::test(start_paused = true)]
async fn lists_of_operations_are_behind() {
    let sets = Sets::new(false).await;
    sets.cloud.world(|world| world.list_lag = Duration::from_secs(20));
    let list = ListStackSetOperations {
        stack_set_name: SET.to_owned(),
        ..ListStackSetOperations::default()
    };
    let listed = async || -> Vec<String> {
        let operations = sets.send(&list).await.expect("a set").summaries.into_iter();
        operations.map(|it| it.status).collect()
    };
    sets.send(&create("one", 1..=1)).await.unwrap();
    assert_eq!((sets.status("one").await.as_str(), listed().await.len()), ("RUNNING", 0));
    after(20).await;
    assert_eq!(listed().await, ["RUNNING"]);
    after(40).await;
    assert_eq!(sets.status("one").await, "SUCCEEDED");
    assert_eq!(listed().await, ["RUNNING"]);
    assert_eq!(sets.results("one", &["eu-west-1"]).await, ["R"]);
    assert_eq!(texts(&sets.instances().await), [(1, "CURRENT", "SUCCEEDED")]);
    after(20).await;
    assert_eq!(listed().await, ["SUCCEEDED"]);
    assert_eq!(sets.results("one", &["eu-west-1"]).await, ["S"]);
}

/// "Another operation has been performed on this stack set since the specified operation was performed."
#[tokio::test(start_paused = true)]
async fn who_did_not_see_a_change_from_outside_is_told_once() {
    let sets = created(1..=1).await;
    sets.cloud.world(|world| world.change_stack_set_elsewhere(SET));
    assert_eq!(sets.refused(&update("update")).await, "StaleRequestException");
    sets.send(&update("update")).await.unwrap();
}
