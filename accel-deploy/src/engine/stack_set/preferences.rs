//! How operations on a stack set roll out, in AWS's words.

use accel_synth::manifest::StackSet;

use crate::cloud::cloudformation::OperationPreferences;

/// For an operation in all regions of the set.
pub(super) fn preferences(set: &StackSet) -> OperationPreferences {
    let given = &set.operation_preferences;
    let regions = if given.parallel_regions { "PARALLEL" } else { "SEQUENTIAL" };
    let mode = if given.soft_failure_tolerance { SOFT } else { STRICT };
    let first = &given.region_order;
    let others = set.regions.iter().filter(|region| !first.contains(region));
    let order = || first.iter().chain(others).cloned().collect();
    OperationPreferences {
        region_concurrency_type: Some(regions.to_owned()),
        region_order: (!given.parallel_regions).then(order),
        failure_tolerance_count: given.failure_tolerance_count,
        failure_tolerance_percentage: given.failure_tolerance_percentage.map(Into::into),
        max_concurrent_count: given.max_concurrent_count,
        max_concurrent_percentage: given.max_concurrent_percentage.map(Into::into),
        concurrency_mode: Some(mode.to_owned()),
    }
}

/// For an operation in some regions of the set.
pub(super) fn preferences_in(set: &StackSet, regions: &[String]) -> OperationPreferences {
    let mut preferences = preferences(set);
    if let Some(order) = &mut preferences.region_order {
        order.retain(|region| regions.contains(region));
    }
    preferences
}

/// For an operation in which so many accounts of a region may fail.
pub(super) fn tolerating(
    preferences: OperationPreferences,
    failures: usize,
) -> OperationPreferences {
    let failures = u32::try_from(failures).unwrap_or(u32::MAX);
    let is_strict = preferences.concurrency_mode.as_deref() == Some(STRICT);
    // Strict operations take at most one account more at once than may fail.
    let most = |count: u32| if is_strict { count.min(failures.saturating_add(1)) } else { count };
    OperationPreferences {
        failure_tolerance_count: Some(failures),
        failure_tolerance_percentage: None,
        max_concurrent_count: preferences.max_concurrent_count.map(most),
        ..preferences
    }
}

/// How many of so many accounts of a region may fail: percentages are rounded down, as AWS does.
pub(super) fn tolerated(set: &StackSet, accounts: usize) -> usize {
    let given = &set.operation_preferences;
    let percentage = given.failure_tolerance_percentage.map_or(0, usize::from);
    match given.failure_tolerance_count {
        Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
        None => accounts * percentage / 100,
    }
}

const SOFT: &str = "SOFT_FAILURE_TOLERANCE";
const STRICT: &str = "STRICT_FAILURE_TOLERANCE";
