//! How many accounts at once, in which order of regions, until how many failures; what operations do to each other.

use super::*;

const HERE: &str = "eu-west-1";
const THERE: &str = "us-east-1";

fn preferences(at_once: u32, tolerated: u32, mode: &str) -> OperationPreferences {
    OperationPreferences {
        max_concurrent_count: Some(at_once),
        failure_tolerance_count: Some(tolerated),
        concurrency_mode: Some(format!("{mode}_FAILURE_TOLERANCE")),
        ..OperationPreferences::default()
    }
}

/// Accounts 1 to 6 in two regions.
fn both(preferences: OperationPreferences) -> CreateStackInstances {
    CreateStackInstances {
        regions: vec![HERE.to_owned(), THERE.to_owned()],
        operation_preferences: Some(preferences),
        ..create("one", 1..=6)
    }
}

/// "You must specify either FailureToleranceCount or FailureTolerancePercentage (but not both)"; the ranges are those of
/// the API's model.
#[tokio::test(start_paused = true)]
async fn preferences_that_contradict_themselves_are_refused() {
    let sets = Sets::new(false).await;
    let some = preferences(1, 0, "STRICT");
    for wrong in [
        OperationPreferences { failure_tolerance_percentage: Some(0), ..some.clone() },
        OperationPreferences { max_concurrent_percentage: Some(1), ..some.clone() },
        OperationPreferences { max_concurrent_count: Some(0), ..some.clone() },
        OperationPreferences { failure_tolerance_percentage: Some(101), ..Default::default() },
    ] {
        assert_eq!(sets.refused(&both(wrong.clone())).await, "ValidationError", "{wrong:?}");
    }
    sets.send(&both(some)).await.unwrap();
}

/// "By default, 1 is specified" for the accounts at one time, 0 for the failures; regions one by one.
#[tokio::test(start_paused = true)]
async fn by_default_one_account_at_a_time_until_the_first_failure() {
    let sets = Sets::new(false).await;
    sets.breaks(3, HERE);
    sets.send(&both(OperationPreferences::default())).await.unwrap();
    after(90).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["SRPPPP", "PPPPPP"]);
    after(90).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["SSFCCC", "CCCCCC"]);
    assert_eq!(sets.status("one").await, "FAILED");
}

/// "The initial actual concurrency is set to the lower of either the value of the MaxConcurrentCount, or the
/// value of FailureToleranceCount +1. The actual concurrency is then reduced proportionally by the number of
/// failures."
#[tokio::test(start_paused = true)]
async fn strict_is_as_many_at_once_as_may_still_fail_and_one() {
    let sets = Sets::new(false).await;
    sets.breaks(1, HERE);
    sets.breaks(4, HERE);
    let create = CreateStackInstances {
        operation_preferences: Some(preferences(6, 2, "STRICT")),
        ..create("one", 1..=9)
    };
    sets.send(&create).await.unwrap();
    for (seconds, results) in [
        (30, "RRRPPPPPP"),
        (60, "FSSRRPPPP"),
        (60, "FSSFSRPPP"),
        (60, "FSSFSSRPP"),
        (60, "FSSFSSSRP"),
        (60, "FSSFSSSSR"),
        (60, "FSSFSSSSS"),
    ] {
        after(seconds).await;
        assert_eq!(sets.results("one", &[HERE]).await, [results]);
    }
    assert_eq!(sets.status("one").await, "SUCCEEDED");
}

/// "This option decouples FailureToleranceCount from the actual concurrency."
#[tokio::test(start_paused = true)]
async fn soft_is_as_many_at_once_as_are_allowed() {
    let sets = Sets::new(false).await;
    [1, 2, 3].into_iter().for_each(|number| sets.breaks(number, HERE));
    sets.send(&both(preferences(4, 1, "SOFT"))).await.unwrap();
    after(30).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["RRRRPP", "PPPPPP"]);
    after(60).await;
    // More have failed than are tolerated: that is soft.
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["FFFSCC", "CCCCCC"]);
    assert_eq!(sets.status("one").await, "FAILED");
}

/// "FailureToleranceCount: the number of accounts per Region this operation can fail in".
#[tokio::test(start_paused = true)]
async fn failures_are_counted_in_each_region_for_itself() {
    let sets = Sets::new(false).await;
    for region in [HERE, THERE] {
        sets.breaks(1, region);
    }
    let preferences = OperationPreferences {
        max_concurrent_percentage: Some(50),
        failure_tolerance_percentage: Some(20),
        region_order: Some(vec![THERE.to_owned(), HERE.to_owned()]),
        concurrency_mode: Some("SOFT_FAILURE_TOLERANCE".to_owned()),
        ..OperationPreferences::default()
    };
    sets.send(&both(preferences)).await.unwrap();
    // A fifth of six is one; half of six are three; the region that is named first is first.
    after(30).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["PPPPPP", "RRRPPP"]);
    after(120).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["RRRPPP", "FSSSSS"]);
    after(120).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["FSSSSS", "FSSSSS"]);
    assert_eq!(sets.status("one").await, "SUCCEEDED");
}

#[tokio::test(start_paused = true)]
async fn regions_at_once_stop_each_for_itself() {
    let sets = Sets::new(false).await;
    sets.breaks(1, HERE);
    let parallel = Some("PARALLEL".to_owned());
    let preferences =
        OperationPreferences { region_concurrency_type: parallel, ..preferences(2, 0, "SOFT") };
    sets.send(&both(preferences)).await.unwrap();
    after(30).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["RRPPPP", "RRPPPP"]);
    after(60).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["FSCCCC", "SSRRPP"]);
    assert_eq!(sets.status("one").await, "RUNNING");
    after(120).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["FSCCCC", "SSSSSS"]);
    assert_eq!(sets.status("one").await, "FAILED");
}

/// "This is true except in cases where rounding down would result is zero."
#[tokio::test(start_paused = true)]
async fn a_share_of_the_accounts_is_at_least_one() {
    let sets = Sets::new(false).await;
    let preferences = OperationPreferences {
        max_concurrent_percentage: Some(10),
        failure_tolerance_percentage: Some(10),
        ..OperationPreferences::default()
    };
    sets.send(&both(preferences)).await.unwrap();
    after(30).await;
    assert_eq!(sets.results("one", &[HERE, THERE]).await, ["RPPPPP", "PPPPPP"]);
}

#[tokio::test(start_paused = true)]
async fn without_managed_execution_one_operation_refuses_the_next() {
    let sets = Sets::new(false).await;
    sets.send(&create("one", 1..=1)).await.unwrap();
    assert_eq!(sets.refused(&create("two", 2..=2)).await, "OperationInProgressException");
    assert_eq!(sets.refused(&create("one", 1..=1)).await, "OperationIdAlreadyExistsException");
    after(60).await;
    sets.send(&create("two", 2..=2)).await.unwrap();
}

/// "Performs non-conflicting operations concurrently and queues conflicting operations. After conflicting
/// operations finish, CloudFormation starts queued operations in request order."
#[tokio::test(start_paused = true)]
async fn with_managed_execution_what_conflicts_waits_in_order() {
    let sets = Sets::new(true).await;
    let managed = |update| UpdateStackSet {
        managed_execution: Some(ManagedExecution { active: true }),
        ..update
    };
    sets.send(&create("one", 1..=2)).await.unwrap();
    sets.send(&create("other", 3..=3)).await.unwrap();
    sets.send(&managed(update("all"))).await.unwrap();
    sets.send(&delete("last", 3..=3, false)).await.unwrap();
    let statuses = async || {
        let ids = ["one", "other", "all", "last"];
        let mut statuses = Vec::new();
        for id in ids {
            statuses.push(sets.status(id).await);
        }
        statuses.join(" ")
    };
    assert_eq!(statuses().await, "RUNNING RUNNING QUEUED QUEUED");
    after(60).await;
    assert_eq!(statuses().await, "RUNNING SUCCEEDED QUEUED QUEUED");
    after(60).await;
    assert_eq!(statuses().await, "SUCCEEDED SUCCEEDED RUNNING QUEUED");
    // "You can't modify your StackSet's execution configuration while there are running or queued operations."
    assert_eq!(sets.refused(&update("unmanaged")).await, "InvalidOperationException");
    after(60).await;
    assert_eq!(statuses().await, "SUCCEEDED SUCCEEDED SUCCEEDED RUNNING");
    after(60).await;
    assert_eq!(sets.instances().await.len(), 2);
    sets.send(&update("unmanaged")).await.unwrap();
}
