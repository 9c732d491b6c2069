use accel_core::{DeletionPolicy, Resource};

/// Keeps the real thing when the resource leaves its template or is replaced. What a failed creation
/// made goes all the same: it holds nothing yet, and its name would be in the way of the next attempt.
pub(crate) fn keep(resource: &mut Resource) {
    resource
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(DeletionPolicy::Retain);
}
