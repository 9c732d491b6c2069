//! Stack sets that cannot roll out as they say.

use super::{HERE, app, problem};
use accel::{
    core::{AccountLimit, ConcurrencyMode, OperationPreferences, RegionConcurrency},
    prelude::*,
};

fn preferring(preferences: OperationPreferences) -> String {
    let (mut app, [prod, _]) = app();
    let set = StackSet::for_accounts([prod]).regions([HERE, Region::US_EAST_1]);
    let line = line!() + 1;
    let _ = app.open("everywhere", set.operation_preferences(preferences));
    problem(app, line)
}

fn limits(max_concurrent: AccountLimit, failure_tolerance: AccountLimit) -> OperationPreferences {
    OperationPreferences { max_concurrent, failure_tolerance, ..OperationPreferences::default() }
}

/// The message and what is allowed.
#[track_caller]
fn is_refused(preferences: OperationPreferences, message: &str, allowed: &str) {
    assert_eq!(
        preferring(preferences).trim_end(),
        format!(
            "operation-preferences: `everywhere` {message}\nnote: allowed: {allowed}\n\
             help: change it in `StackSet::operation_preferences`"
        )
    );
}

#[test]
fn limits_that_aws_does_not_take() {
    use AccountLimit::{Count, Percentage};
    let some = "one account or more, 1 to 100 %";
    is_refused(limits(Count(0), Count(0)), "lets no account begin", some);
    is_refused(limits(Percentage(0), Count(0)), "lets no account begin", some);
    let more = "lets 101 % of the accounts go at once";
    is_refused(limits(Percentage(101), Count(0)), more, some);
    is_refused(limits(Count(1), Percentage(150)), "lets 150 % of the accounts fail", "0 to 100 %");
    let strict = OperationPreferences {
        concurrency_mode: ConcurrencyMode::Strict,
        ..limits(Count(4), Count(2))
    };
    is_refused(
        strict,
        "lets 4 accounts go at once and 2 fail, with `ConcurrencyMode::Strict`",
        "at most 3 at once, or `ConcurrencyMode::Soft`",
    );
}

#[test]
fn regions_that_are_not_the_sets() {
    let order = |regions: &[Region]| OperationPreferences {
        region_concurrency: RegionConcurrency::Sequential(regions.to_vec()),
        ..OperationPreferences::default()
    };
    let each = "each once: eu-west-1, us-east-1";
    let strange = "has eu-central-1 in the order of its regions, and no instances there";
    is_refused(order(&[HERE, Region::EU_CENTRAL_1]), strange, each);
    is_refused(order(&[HERE, HERE]), "names eu-west-1 twice in the order of its regions", each);
}

/// Sets for new accounts, each of `later` after all of `first`, and after one that a run alone deploys there.
fn ordered(first: usize, later: usize) -> App {
    let mut app = App::new("test");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("apps", OrganizationalUnit::builder().build());
    let mut add = |id: String, is_automatic: bool, first: &[_]| {
        let set = StackSet::for_units([unit]).regions([HERE]).auto_deployment(is_automatic);
        let mut set = org.open(&id, set);
        first.iter().for_each(|first| set.after(*first));
        set.reference()
    };
    let mut all = vec![add("by-run".to_owned(), false, &[])];
    for n in 0..first {
        all.push(add(format!("first-{n}"), true, &[]));
    }
    for n in 0..later {
        add(format!("last-{n}"), true, &all);
    }
    app
}

#[test]
fn more_order_in_new_accounts_than_there_may_be() {
    accel::synth::synth(ordered(10, 10)).unwrap();
    for (first, later, message, allowed) in [
        (11, 1, "`org/last-0` comes after 11 stack sets, in new accounts too", "at most 10"),
        (
            10,
            11,
            "`test` has 110 orders between stack sets in new accounts",
            "at most 100 in an account of AWS",
        ),
    ] {
        let problems = accel::synth::synth(ordered(first, later)).unwrap_err();
        let [problem] = problems.iter().collect::<Vec<_>>()[..] else { panic!("{problems}") };
        assert_eq!((problem.code.name(), problem.message.as_str()), ("limit-exceeded", message));
        let said = problem.to_string();
        assert!(said.contains(&format!("allowed: {allowed}\n")), "{said}");
        assert!(said.contains("`StackSet::auto_deployment(false)`"), "{said}");
    }
}

#[test]
fn what_cannot_go_first() {
    let mut app = App::new("test");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let core = org.add("core", OrganizationalUnit::builder().build());
    let logs = org.add("logs", OrganizationalUnit::builder().parent(core).build());
    let apps = org.add("apps", OrganizationalUnit::builder().build());
    let management = org.management();
    let root = org.root();
    let lines = line!() + 1;
    let _ = app.open("alone", StackSet::for_units([apps]).regions([HERE]).canary(apps));
    let _ = app.open("elsewhere", StackSet::for_units([apps]).regions([HERE]).canary(logs));
    let _ = app.open("accounts", StackSet::for_accounts([management]).regions([HERE]).canary(apps));
    // These can.
    let _ = app.open("below", StackSet::for_units([core]).regions([HERE]).canary(logs));
    let _ = app.open("among", StackSet::for_units([core, apps]).regions([HERE]).canary(apps));
    let _ = app.open("all", StackSet::for_units([root]).regions([HERE]).canary(logs));
    let problems = accel::synth::synth(app).unwrap_err();
    let said: Vec<_> = (problems.iter())
        .map(|it| format!("{} +{}: {}", it.code.name(), it.location.line() - lines, it.message))
        .collect();
    assert_eq!(
        said,
        [
            "canary-unit +0: `alone` is for no other unit than `org/apps`, which is to go first",
            "canary-unit +1: `elsewhere` is not for `org/logs`, which is to go first",
            "canary-unit +2: `accounts` names accounts, and `org/apps` to go first is a unit",
        ]
    );
}

#[test]
fn a_unit_of_another_app_cannot_go_first() {
    let mut other = App::new("other");
    let mut org = other.open("org", Organization::create(email!("aws@example.com")));
    let strange = org.add("strange", OrganizationalUnit::builder().build());
    let mut app = App::new("test");
    let org = app.open("org", Organization::create(email!("aws@example.com")));
    let root = org.root();
    let line = line!() + 1;
    let _ = app.open("everywhere", StackSet::for_units([root]).regions([HERE]).canary(strange));
    let said = problem(app, line);
    assert!(said.contains("the canary of this stack set"), "{said}");
}
