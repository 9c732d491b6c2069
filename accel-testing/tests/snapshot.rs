//! The two macros, as a crate of blueprints uses them.

use accel_core::{AccountInfo, App, Region, Resource, Stack, StackSet};
use accel_testing::{assert_blueprint, assert_diagnostics};

fn shop(bucket: &str) -> App {
    let mut app = App::new("shop");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let mut stack = app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let store = stack.add("store", Resource::new("AWS::S3::Bucket"));
    stack[store].set("BucketName", bucket);
    app
}

#[test]
fn a_blueprint_is_one_snapshot_a_file() {
    assert_blueprint!(shop("orders"));
}

#[test]
fn every_diagnostic_is_shown_without_its_line() {
    let mut app = shop("orders");
    let _ = app.open("data!", StackSet::for_accounts([]));
    assert_diagnostics!(app, @"
    error[invalid-id]: the id `data!` has the character '!'
      --> accel-testing/tests/snapshot.rs:LINE
       = note: allowed: 1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit
       = help: an id is one segment of a path; nest scopes instead of writing `/`

    error[empty-stack-set]: `data!` has no regions
      --> accel-testing/tests/snapshot.rs:LINE
       = help: name them: `StackSet::for_units([ou]).regions([Region::EU_WEST_1])`
    ");
}

#[test]
fn a_blueprint_with_problems_shows_them() {
    let panic = std::panic::catch_unwind(|| assert_blueprint!(App::new("not an id"))).unwrap_err();
    let message = panic.downcast::<String>().unwrap();
    assert!(message.contains("error[invalid-id]: the id `not an id` has the character ' '"));
}

#[test]
fn an_app_without_problems_has_none_to_compare() {
    let panic = std::panic::catch_unwind(|| assert_diagnostics!(shop("orders"))).unwrap_err();
    let message = panic.downcast::<&str>().unwrap();
    assert_eq!(*message, "nothing is wrong with the app: it synthesizes without a warning");
}
