//! Laws that hold for all policies and requests.

use accel_policy::{Decision, Level, Origin, Policy, PolicySet, Principal, Request, evaluate};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

fn statement() -> impl Strategy<Value = Value> {
    let effect = select(vec!["Allow", "Allow", "Deny"]);
    let action = select(vec!["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:PutObject", "ec2:*"]);
    let resource = select(vec!["*", "arn:aws:s3:::a/*", "arn:aws:s3:::${aws:username}/*"]);
    let condition = select(vec![
        json!({}),
        json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}),
        json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}),
        json!({"ForAnyValue:StringLike": {"aws:TagKeys": "team*"}}),
        json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost"]}}),
        json!({"Null": {"aws:SourceVpc": "true"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    ]);
    let negated = (any::<bool>(), any::<bool>());
    (effect, action, resource, condition, negated).prop_map(
        |(effect, action, resource, condition, (no_action, no_resource))| {
            json!({
                "Effect": effect,
                if no_action { "NotAction" } else { "Action" }: action,
                if no_resource { "NotResource" } else { "Resource" }: resource,
                "Condition": condition,
            })
        },
    )
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(statement(), 1..6)
}

/// Keys with values, of a request that says nothing of the others.
fn keys() -> impl Strategy<Value = Vec<(&'static str, Vec<&'static str>)>> {
    let keys = vec![
        ("aws:RequestedRegion", vec!["eu-west-1"]),
        ("aws:RequestedRegion", vec!["us-east-1"]),
        ("aws:MultiFactorAuthPresent", vec!["false"]),
        ("aws:TagKeys", vec!["team", "other"]),
        ("aws:TagKeys", vec![]),
        ("aws:SourceIp", vec!["203.0.113.7"]),
        ("aws:SourceVpc", vec!["vpc-1"]),
    ];
    prop::collection::vec(select(keys), 0..6)
}

fn request(keys: &[(&str, Vec<&str>)]) -> impl Strategy<Value = Request> + use<> {
    let keys: Vec<(String, Vec<String>)> = keys
        .iter()
        .map(|(key, values)| (key.to_string(), values.iter().map(ToString::to_string).collect()))
        .collect();
    let action = select(vec!["s3:GetObject", "s3:PutObject", "ec2:RunInstances"]);
    let resource = select(vec!["arn:aws:s3:::a/1", "arn:aws:s3:::ann/1", "*"]);
    let principal = select(vec![
        Principal::user("arn:aws:iam::111111111111:user/ann"),
        Principal::role_session("arn:aws:iam::111111111111:role/app", "s"),
    ]);
    (principal, action, resource).prop_map(move |(principal, action, resource)| {
        let request = Request::new(principal, action, resource);
        keys.iter().fold(request, |request, (key, values)| request.with(key, values.clone()))
    })
}

fn requests() -> impl Strategy<Value = Request> {
    keys().prop_flat_map(|keys| request(&keys))
}

fn policy(statements: &[Value]) -> Policy {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    Policy::from_value(&document, Origin::named("p")).expect("a policy")
}

fn identity(policies: Vec<Policy>) -> PolicySet {
    PolicySet { identity: policies, ..PolicySet::default() }
}

/// What is decided, whichever statement did.
fn outcome(request: &Request, set: &PolicySet) -> String {
    match evaluate(request, set) {
        Decision::Allowed(_) => "allowed".to_owned(),
        Decision::ImplicitlyDenied(_) => "implicit".to_owned(),
        Decision::ExplicitlyDenied(_) => "explicit".to_owned(),
        Decision::Unknown(keys) => format!("{keys:?}"),
    }
}

proptest! {
    #[test]
    fn another_deny_never_allows_more(list in statements(), deny in statement(), request in requests()) {
        let mut deny = deny;
        deny["Effect"] = json!("Deny");
        let before = evaluate(&request, &identity(vec![policy(&list)]));
        let mut longer = list;
        longer.push(deny);
        let after = evaluate(&request, &identity(vec![policy(&longer)]));
        prop_assert!(!after.is_allowed() || before.is_allowed());
        prop_assert!(!before.is_denied() || after.is_denied());
    }

    #[test]
    fn order_does_not_matter(list in statements(), request in requests()) {
        let mut turned = list.clone();
        turned.reverse();
        let one = outcome(&request, &identity(vec![policy(&list)]));
        prop_assert_eq!(one, outcome(&request, &identity(vec![policy(&turned)])));
    }

    #[test]
    fn neither_does_where_a_policy_is_split(
        list in prop::collection::vec(statement(), 2..6), request in requests(), at in 1usize..5,
    ) {
        let at = at.min(list.len() - 1);
        let split = identity(vec![policy(&list[..at]), policy(&list[at..])]);
        prop_assert_eq!(outcome(&request, &identity(vec![policy(&list)])), outcome(&request, &split));
    }

    #[test]
    fn what_is_decided_stays_when_more_is_said(
        list in statements(), scp in statements(), request in requests(),
    ) {
        let mut set = identity(vec![policy(&list)]);
        let full = Policy::full_access("FullAWSAccess");
        set.scps = vec![Level { name: "root".to_owned(), policies: vec![full, policy(&scp)] }];
        let before = evaluate(&request, &set);
        let mut said = request;
        let known = ["aws:RequestedRegion", "aws:MultiFactorAuthPresent", "aws:TagKeys", "aws:SourceIp"];
        for key in known {
            if said.context().get(key) == accel_policy::Known::Unknown {
                said = said.with(key, ["eu-west-1"]);
            }
            let after = evaluate(&said, &set);
            match (&before, &after) {
                (Decision::Unknown(before), Decision::Unknown(after)) => {
                    prop_assert!(after.is_subset(before), "{after:?} of {before:?}");
                }
                (Decision::Unknown(_), _) => {}
                (decided, _) => prop_assert_eq!(decided.is_allowed(), after.is_allowed()),
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        Policy::parse(&text, Origin::default()).ok();
    }

    #[test]
    fn no_condition_makes_the_evaluator_panic(
        operator in select(vec!["DateLessThan", "NumericEquals", "IpAddress", "ArnLike", "StringLike", "Bool"]),
        wanted in ".{0,40}", value in ".{0,40}",
    ) {
        let list = json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {"k": wanted}}
        });
        let user = Principal::user("arn:aws:iam::111111111111:user/ann");
        let request = Request::new(user, "s3:GetObject", "*").with("k", [value]).complete();
        let decision = evaluate(&request, &identity(vec![policy(&[list])]));
        prop_assert!(decision.is_allowed() || decision.is_denied());
    }
}
