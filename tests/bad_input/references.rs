//! References that lead where they must not.

use accel::{
    core::{
        AccountRef, Attr, Handle, Object, Resource,
        template::{Output, Parameter},
    },
    prelude::*,
};
use accel_testing::insta;

use super::{HERE, app, problem};

#[test]
fn to_another_account() {
    let (mut app, [prod, data]) = app();
    let mut keys = app.open("keys", Stack::new(data.in_region(HERE)));
    let topic = keys.add("topic", Resource::new("AWS::SNS::Topic"));
    let mut apps = app.open("apps", Stack::new(prod.in_region(HERE)));
    let policy = apps.add("policy", Resource::new("AWS::SNS::TopicInlinePolicy"));
    apps[policy].set("PolicyDocument", Object::new());
    let line = line!() + 1;
    apps[policy].set("TopicArn", Attr::<String>::new(topic, None));
    insta::assert_snapshot!(problem(app, line), @"
    cross-account-reference: `prod/eu-west-1/apps/policy` uses the id of `data/eu-west-1/keys/topic`, which is in another account
    note: it is created here, in this file
    help: share it on purpose: `stack.share(.., prod)`, or build both in one account
    ");
}

/// A resource of another app, in a stack that has the same path.
fn stranger() -> (App, Handle, AccountRef) {
    let (mut other, [prod, _]) = app();
    let mut stack = other.open("apps", Stack::new(prod.in_region(HERE)));
    let topic = stack.add("topic", Resource::new("AWS::SNS::Topic"));
    (other, topic, prod)
}

#[test]
fn to_another_app_by_value() {
    let (_other, topic, _) = stranger();
    stack!(app, stack);
    let queue = stack.add("queue", Resource::new("AWS::SQS::Queue"));
    let line = line!() + 1;
    stack[queue].set("KmsMasterKeyId", Attr::<String>::new(topic, None));
    insta::assert_snapshot!(problem(app, line), @"
    foreign-handle: `prod/eu-west-1/apps/queue` uses a handle of another `App`, which names nothing here
    help: use what this app's `add` and `open` gave back
    ");
}

#[test]
fn to_another_app_by_the_escape_hatch() {
    let (_other, topic, _) = stranger();
    stack!(app, stack);
    stack.add("queue", Resource::new("AWS::SQS::Queue"));
    let line = line!() + 1;
    app[topic].set("TopicName", "orders");
    insta::assert_snapshot!(problem(app, line), @"
    foreign-handle: this handle is of another `App`, so it names nothing here
    help: use what this app's `add` and `open` gave back; two apps share no constructs
    ");
}

#[test]
fn to_an_account_of_another_app() {
    let (_other, _, account) = stranger();
    let (mut app, _) = app();
    let line = line!() + 1;
    let _ = app.open("apps", Stack::new(account.in_region(HERE)));
    insta::assert_snapshot!(problem(app, line), @"
    foreign-handle: this account is of another `App`, so it names nothing here
    help: use what this app's `add` and `open` gave back; two apps share no constructs
    ");
}

#[test]
fn to_a_scope_of_another_app() {
    let (mut other, [prod, _]) = app();
    let place = other.open("apps", Stack::new(prod.in_region(HERE))).reference();
    let (mut app, _) = app();
    let line = line!() + 1;
    let _ = app.reopen(place);
    insta::assert_snapshot!(problem(app, line), @"
    foreign-handle: this scope is of another `App`, so it names nothing here
    help: use what this app's `add` and `open` gave back; two apps share no constructs
    ");
}

#[test]
fn in_a_circle() {
    let (mut app, [prod, _]) = app();
    let mut first = app.open("first", Stack::new(prod.in_region(HERE)));
    let topic = first.add("topic", Resource::new("AWS::SNS::Topic"));
    let mut second = app.open("second", Stack::new(prod.in_region(HERE)));
    let queue = second.add("queue", Resource::new("AWS::SQS::Queue"));
    let line = line!() + 1;
    app[topic].set("DisplayName", Attr::<String>::new(queue, Some("QueueName")));
    app[queue].set("QueueName", Attr::<String>::new(topic, Some("TopicName")));
    insta::assert_snapshot!(problem(app, line), @"
    reference-cycle: these need each other: `prod/eu-west-1/first` -> `prod/eu-west-1/second` -> `prod/eu-west-1/first`
    note: `prod/eu-west-1/first/topic` uses `QueueName` of `prod/eu-west-1/second/queue` here, in this file
    note: `prod/eu-west-1/second/queue` uses `TopicName` of `prod/eu-west-1/first/topic` here, in this file
    help: build the two resources in one stack, or refer to one of them by a name that is known at synth
    ");
}

#[test]
fn to_what_a_stack_set_makes() {
    let (mut app, [prod, data]) = app();
    let mut set = app.open("baseline", StackSet::for_accounts([prod, data]).regions([HERE]));
    let topic = set.add("topic", Resource::new("AWS::SNS::Topic"));
    let mut apps = app.open("apps", Stack::new(prod.in_region(HERE)));
    let queue = apps.add("queue", Resource::new("AWS::SQS::Queue"));
    let line = line!() + 1;
    apps[queue].set("QueueName", Attr::<String>::new(topic, Some("TopicName")));
    insta::assert_snapshot!(problem(app, line), @r#"
    stack-set-reference: `prod/eu-west-1/apps/queue` uses `TopicName` of `baseline/topic`, which is in a stack set: it has one value per account and region
    note: it is created here, in this file
    help: refer to it by a name or an ARN, or bring it out with `set.publish("key", ..)`
    "#);
}

#[test]
fn to_a_secret_that_an_output_would_show() {
    stack!(app, stack);
    let password = stack.add("password", Parameter::secret());
    let line = line!() + 1;
    stack.add("shown", Output::new(password));
    insta::assert_snapshot!(problem(app, line), @"
    secret-leak: `prod/eu-west-1/apps/shown` shows a secret parameter: it becomes an output, which anybody can read
    help: pass the secret's name or ARN instead, and read it where it is used
    ");
}
