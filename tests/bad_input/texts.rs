//! Ids, and texts that are read as something.

use std::panic::Location;

use accel::{
    core::{AccountId, Cidr, Diagnostics, Partition, Resource},
    prelude::*,
};
use accel_testing::insta;

use super::{HERE, app, only, problem};

#[test]
fn an_id_used_twice() {
    stack!(app, stack);
    stack.add("topic", Resource::new("AWS::SNS::Topic"));
    let line = line!() + 1;
    stack.add("topic", Resource::new("AWS::SNS::Topic"));
    insta::assert_snapshot!(problem(app, line), @"
    duplicate-id: `prod/eu-west-1/apps/topic` is defined twice
    note: first defined here, in this file
    help: give one of the two another id; ids are unique within their scope
    ");
}

#[test]
fn an_id_used_twice_by_stacks_in_one_environment() {
    let (mut app, [prod, _]) = app();
    let _ = app.open("apps", Stack::new(prod.in_region(HERE)));
    let line = line!() + 1;
    let _ = app.open("apps", Stack::new(prod.in_region(HERE)));
    insta::assert_snapshot!(problem(app, line), @"
    duplicate-id: `prod/eu-west-1/apps` is defined twice
    note: first defined here, in this file
    help: give one of the two another id; ids are unique within their scope
    ");
}

#[track_caller]
fn with_id(id: &str) -> String {
    stack!(app, stack);
    stack.add(id, Resource::new("AWS::SNS::Topic"));
    problem(app, Location::caller().line())
}

#[test]
fn an_empty_id() {
    insta::assert_snapshot!(with_id(""), @"
    invalid-id: an id is empty
    note: allowed: 1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit
    help: an id is one segment of a path; nest scopes instead of writing `/`
    ");
}

#[test]
fn an_id_outside_of_ascii() {
    insta::assert_snapshot!(with_id("büro"), @"
    invalid-id: the id `büro` has the character 'ü'
    note: allowed: 1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit
    help: an id is one segment of a path; nest scopes instead of writing `/`
    ");
}

#[test]
fn an_id_with_a_slash() {
    insta::assert_snapshot!(with_id("queue/dead-letter"), @"
    invalid-id: the id `queue/dead-letter` has the character '/'
    note: allowed: 1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit
    help: an id is one segment of a path; nest scopes instead of writing `/`
    ");
}

#[test]
fn an_id_of_300_characters() {
    insta::assert_snapshot!(with_id(&"long-".repeat(60)), @"
    invalid-id: the id `long-long-long-long-long-long-long-long-...` has 300 characters
    note: allowed: 1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit
    help: an id is one segment of a path; nest scopes instead of writing `/`
    ");
}

#[test]
fn a_cidr_block() {
    fn block(text: &str) -> Result<Cidr, Diagnostics> {
        Ok(Cidr::parse(text)?)
    }
    let line = line!() - 2;
    insta::assert_snapshot!(only(&block("10.0.0.0/33").unwrap_err(), line), @r#"
    invalid-input: "10.0.0.0/33" is not a CIDR block: the prefix is at most 32
    note: allowed: a network address and its prefix, like 10.0.0.0/16
    help: write it like 10.0.0.0/16
    "#);
    insta::assert_snapshot!(only(&block("10.0.0.1/16").unwrap_err(), line), @r#"
    invalid-input: "10.0.0.1/16" is not a CIDR block: address bits behind the prefix of a block must be 0
    note: allowed: a network address and its prefix, like 10.0.0.0/16
    help: write 10.0.0.0/16
    "#);
    insta::assert_snapshot!(only(&block("ten").unwrap_err(), line), @r#"
    invalid-input: "ten" is not a CIDR block: a number is missing
    note: allowed: a network address and its prefix, like 10.0.0.0/16
    help: write it like 10.0.0.0/16
    "#);
}

#[test]
fn an_access_role() {
    fn with(role: &'static str) -> String {
        let mut app = App::new("test");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        let email = email!("aws+prod@example.com");
        let account = Account::builder().email(email).access_role(role).build();
        let line = line!() + 1;
        org.add("prod", account);
        problem(app, line)
    }
    insta::assert_snapshot!(with("arn:aws:iam::111111111111:role/Access"), @r#"
    invalid-input: "arn:aws:iam::111111111111:role/Access" is not a role name: it is an ARN
    note: allowed: 1 to 64 letters, digits and `_+=,.@-` of ASCII, after the role's path if it has one: `team/Access`
    help: write Access
    "#);
    insta::assert_snapshot!(with("the access role"), @r#"
    invalid-input: "the access role" is not a role name: it has the character ' '
    note: allowed: 1 to 64 letters, digits and `_+=,.@-` of ASCII, after the role's path if it has one: `team/Access`
    help: write the role's name as IAM shows it
    "#);
    insta::assert_snapshot!(with("team/Access"), @r#"
    invalid-input: "team/Access" is not a role name: it has a path, and Organizations makes the role of a new account without one
    note: allowed: a name without a path
    help: give the name alone; or, if the account exists, its id
    "#);
}

#[test]
fn a_region() {
    fn region(text: &str) -> Result<Region, Diagnostics> {
        Ok(Region::parse(text)?)
    }
    let line = line!() - 2;
    insta::assert_snapshot!(only(&region("eu-west-9").unwrap_err(), line), @r#"
    invalid-input: "eu-west-9" is not a region: AWS has none of that name
    note: allowed: the name of a region, like eu-west-1
    help: did you mean eu-west-1?
    "#);
    insta::assert_snapshot!(only(&region("cn-west-1").unwrap_err(), line), @r#"
    invalid-input: "cn-west-1" is not a region: AWS has none of that name
    note: allowed: the name of a region, like eu-west-1
    help: did you mean cn-north-1?
    "#);
}

#[test]
fn a_partition() {
    fn partition(text: &str) -> Result<Partition, Diagnostics> {
        Ok(Partition::parse(text)?)
    }
    let line = line!() - 2;
    insta::assert_snapshot!(only(&partition("aws-gov").unwrap_err(), line), @r#"
    invalid-input: "aws-gov" is not a partition: AWS has none of that name
    note: allowed: aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f, aws-us-gov
    help: did you mean aws-us-gov?
    "#);
}

#[test]
fn an_account_id_of_13_digits() {
    fn account(text: &str) -> Result<AccountId, Diagnostics> {
        Ok(AccountId::parse(text)?)
    }
    let line = line!() - 2;
    insta::assert_snapshot!(only(&account("1111111111111").unwrap_err(), line), @r#"
    invalid-input: "1111111111111" is not an account id: an AWS account id has 12 digits, this has more
    note: allowed: exactly 12 digits
    help: copy the id from the account's page in the console
    "#);
}

#[test]
fn a_text_that_is_read_inside_of_a_construct() {
    struct Network(String);
    impl Construct for Network {
        type Level = Template;
        type Output = ();
        fn build(self, template: &mut Scope<'_>) {
            match Cidr::parse(&self.0) {
                Ok(cidr) => {
                    let vpc = template.add("vpc", Resource::new("AWS::EC2::VPC"));
                    template[vpc].set("CidrBlock", cidr);
                }
                Err(error) => template.report(error.at(template.location())),
            }
        }
    }
    stack!(app, stack);
    let line = line!() + 1;
    stack.add("network", Network("10.0.0.0/99".to_owned()));
    insta::assert_snapshot!(problem(app, line), @r#"
    invalid-input: "10.0.0.0/99" is not a CIDR block: the prefix is at most 32
    note: allowed: a network address and its prefix, like 10.0.0.0/16
    help: write it like 10.0.0.0/16
    "#);
}
