//! `StopStackSetOperation`: "will cancel all the unstarted stack instance deployments and wait for those are
//! in-progress to complete".

use super::*;

#[tokio::test(start_paused = true)]
async fn what_has_begun_ends_and_the_rest_never_begins() {
    let sets = Sets::new(false).await;
    let preferences = OperationPreferences {
        max_concurrent_count: Some(2),
        failure_tolerance_count: Some(5),
        ..OperationPreferences::default()
    };
    let create =
        CreateStackInstances { operation_preferences: Some(preferences), ..create("one", 1..=6) };
    sets.send(&create).await.unwrap();
    after(90).await;
    assert_eq!(sets.results("one", &["eu-west-1"]).await, ["SSRRPP"]);
    sets.stop("one").await.unwrap();
    assert_eq!(sets.status("one").await, "STOPPING");
    assert_eq!(sets.results("one", &["eu-west-1"]).await, ["SSRRCC"]);
    // It still runs: another one has to wait, and it cannot be stopped twice.
    let next = super::create("two", 1..=1);
    assert_eq!(sets.refused(&next).await, "OperationInProgressException");
    assert_eq!(sets.refused(&stopped("one")).await, "InvalidOperationException");
    after(30).await;
    assert_eq!(sets.status("one").await, "STOPPED");
    assert_eq!(sets.results("one", &["eu-west-1"]).await, ["SSSSCC"]);
    let shown: Vec<_> = sets.instances().await;
    let texts = shown.iter().map(|(_, status, detailed)| (status.as_str(), detailed.as_str()));
    let (done, not) = (("CURRENT", "SUCCEEDED"), ("OUTDATED", "CANCELLED"));
    assert_eq!(texts.collect::<Vec<_>>(), [done, done, done, done, not, not]);
    sets.send(&super::create("two", 5..=6)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn only_what_runs_or_waits_can_be_stopped() {
    let sets = Sets::new(true).await;
    assert_eq!(sets.refused(&stopped("none")).await, "OperationNotFoundException");
    sets.send(&create("one", 1..=2)).await.unwrap();
    sets.send(&create("two", 2..=3)).await.unwrap();
    assert_eq!(sets.status("two").await, "QUEUED");
    sets.stop("two").await.unwrap();
    assert_eq!(sets.status("two").await, "STOPPED");
    assert_eq!(sets.results("two", &["eu-west-1"]).await, ["CC"]);
    after(120).await;
    assert_eq!(sets.status("one").await, "SUCCEEDED");
    assert_eq!(sets.refused(&stopped("one")).await, "InvalidOperationException");
    // What never began has left no instance.
    assert_eq!(sets.instances().await.len(), 2);
}
