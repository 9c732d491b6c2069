use std::collections::{BTreeMap, BTreeSet};

use accel_core::policy::{Action, Actions, Operator};
use accel_policy::{Decision, Level, Origin, Policy, PolicySet, Principal, Request, evaluate};
use proptest::{collection::vec, prelude::*, sample::subsequence};
use serde_json::{Map, Value, json};

use super::*;

const LIMIT: usize = 900;
const COUNT: usize = 4;
const ACTIONS: [&str; 7] = [
    "s3:GetObject",
    "s3:Get*",
    "s3:PutObject",
    "ec2:RunInstances",
    "ec2:*",
    "iam:CreateUser",
    "sqs:SendMessage",
];
const RESOURCES: [&str; 4] = ["*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*", "arn:aws:s3:::*/secret"];
const ROLES: [&str; 3] =
    ["arn:aws:iam::*:role/a", "arn:aws:iam::*:role/b", "arn:aws:iam::*:role/*"];
const REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "eu-*"];

/// Statements of few values, so that many are alike.
fn statement() -> impl Strategy<Value = Statement> {
    let actions = subsequence(ACTIONS.to_vec(), 1..4).prop_shuffle();
    let resources = subsequence(RESOURCES.to_vec(), 1..3).prop_shuffle();
    let (roles, regions) =
        (subsequence(ROLES.to_vec(), 0..3).prop_shuffle(), subsequence(REGIONS.to_vec(), 0..3));
    (actions, any::<bool>(), resources, prop::bool::weighted(0.2), roles, regions).prop_map(
        |(actions, only, resources, except, roles, regions)| {
            let actions: Vec<Action> =
                actions.into_iter().map(|it| Action::parse(it).expect("an action")).collect();
            let mut statement = match only {
                true => Statement::deny(actions),
                false => Statement::deny(Actions::except(actions)),
            };
            statement = match except {
                true => statement.not_resources(resources),
                false => statement.resources(resources),
            };
            if !roles.is_empty() {
                statement = statement.when(Operator::ArnNotLike, "aws:PrincipalArn", roles);
            }
            if !regions.is_empty() {
                statement = statement.when(Operator::StringLike, "aws:RequestedRegion", regions);
            }
            statement
        },
    )
}

/// Guardrails of different ids.
fn guardrails(most: usize) -> impl Strategy<Value = Vec<(String, Vec<Statement>)>> {
    vec(vec(statement(), 1..3), 0..most).prop_map(|all| {
        all.into_iter().enumerate().map(|(index, it)| (format!("acme.own-{index}"), it)).collect()
    })
}

fn items(guardrails: &[(String, Vec<Statement>)]) -> Vec<Item<'_>> {
    guardrails.iter().map(|(id, statements)| Item { id, statements: statements.clone() }).collect()
}

/// In which policy each guardrail is.
fn places<'a>(packed: &[Packed<'a>]) -> BTreeMap<&'a str, usize> {
    let places = packed.iter().enumerate();
    places.flat_map(|(at, packed)| packed.guardrails.iter().map(move |&(id, _)| (id, at))).collect()
}

fn policy(document: &PolicyDocument) -> Policy {
    Policy::from_value(&json(&Prop::from(document)), Origin::default()).expect("a policy")
}

fn json(prop: &Prop) -> Value {
    match prop {
        Prop::String(text) => text.as_str().into(),
        Prop::List(items) => items.iter().map(json).collect(),
        Prop::Object(object) => object
            .iter()
            .map(|(key, value)| (key.to_string(), json(value)))
            .collect::<Map<_, _>>()
            .into(),
        _ => json!(null),
    }
}

/// What is in force where these documents are attached.
fn in_force(documents: &[&PolicyDocument]) -> PolicySet {
    let own = documents.iter().filter(|it| !it.is_empty()).map(|it| policy(it));
    let policies = [Policy::full_access("FullAWSAccess")].into_iter().chain(own).collect();
    PolicySet {
        identity: vec![Policy::full_access("AdministratorAccess")],
        scps: vec![Level { name: "root".to_owned(), policies }],
        ..PolicySet::default()
    }
}

fn is_denied(request: &Request, policies: &PolicySet) -> bool {
    match evaluate(request, policies) {
        Decision::Allowed(_) => false,
        Decision::ExplicitlyDenied(_) => true,
        other => panic!("{other}"),
    }
}

/// Every action by two roles on three resources in three regions.
fn requests() -> impl Iterator<Item = Request> {
    let actions = [
        "s3:GetObject",
        "s3:GetBucketAcl",
        "s3:PutObject",
        "ec2:RunInstances",
        "iam:CreateUser",
        "kms:Decrypt",
    ];
    let resources = ["arn:aws:s3:::a/1", "arn:aws:s3:::b/secret", "arn:aws:s3:::c/1"];
    let roles = ["a", "c"];
    let regions = ["eu-west-1", "eu-central-1", "us-east-1"];
    actions.into_iter().flat_map(move |action| {
        resources.into_iter().flat_map(move |resource| {
            roles.into_iter().flat_map(move |role| {
                regions.into_iter().map(move |region| {
                    let arn = format!("arn:aws:iam::111111111111:role/{role}");
                    Request::new(Principal::role_session(arn, "test"), action, resource)
                        .with("aws:RequestedRegion", [region])
                        .complete()
                })
            })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_packed_policy_decides_as_its_statements_do(all in guardrails(12)) {
        let (packed, left) = pack(items(&all), COUNT, LIMIT);
        let left: BTreeSet<&str> = left.iter().map(|item| item.id).collect();
        let whole: PolicyDocument = all
            .iter()
            .filter(|(id, _)| !left.contains(id.as_str()))
            .flat_map(|(_, statements)| statements.clone())
            .collect();
        let before = in_force(&[&whole]);
        let after = in_force(&packed.iter().map(|it| &it.document).collect::<Vec<_>>());
        for request in requests() {
            let (before, after) = (is_denied(&request, &before), is_denied(&request, &after));
            prop_assert_eq!(before, after, "{:?}", request);
        }
    }

    #[test]
    fn no_policy_is_over_the_limit_and_nobody_is_lost(all in guardrails(30)) {
        let (packed, left) = pack(items(&all), COUNT, LIMIT);
        prop_assert!(packed.iter().all(|it| it.size() <= LIMIT));
        prop_assert_eq!(places(&packed).len() + left.len(), all.len());
    }

    #[test]
    fn what_is_added_last_moves_nobody(all in guardrails(30), more in vec(statement(), 1..3)) {
        let (before, _) = pack(items(&all), COUNT, LIMIT);
        let mut grown = all.clone();
        grown.push(("acme.new".to_owned(), more));
        let (after, _) = pack(items(&grown), COUNT, LIMIT);
        let mut after = places(&after);
        after.remove("acme.new");
        prop_assert_eq!(places(&before), after);
    }

    #[test]
    fn where_there_is_room_neither_order_nor_what_is_added_moves_anybody(
        all in guardrails(30),
        at in any::<prop::sample::Index>(),
        more in vec(statement(), 1..3),
        grows in any::<bool>(),
    ) {
        let (before, _) = pack(items(&all), COUNT, usize::MAX);
        let mut changed = all.clone();
        let at = at.index(all.len() + 1);
        match changed.get_mut(at).filter(|_| grows) {
            Some((_, statements)) => statements.extend(more),
            None => changed.insert(at, ("acme.new".to_owned(), more)),
        }
        changed.rotate_left(at);
        let (after, _) = pack(items(&changed), COUNT, usize::MAX);
        let mut after = places(&after);
        after.remove("acme.new");
        prop_assert_eq!(places(&before), after);
    }

    #[test]
    fn it_is_packed_the_same_way_each_time(all in guardrails(30)) {
        let documents = |(packed, _): (Vec<Packed<'_>>, _)| -> Vec<PolicyDocument> {
            packed.into_iter().map(|it| it.document).collect()
        };
        prop_assert_eq!(
            documents(pack(items(&all), COUNT, LIMIT)),
            documents(pack(items(&all), COUNT, LIMIT))
        );
    }
}

#[test]
fn guardrails_are_spread_over_all_policies() {
    let ids: Vec<String> = (0..400).map(|index| format!("acme.own-{index}")).collect();
    let mut loads = [0; COUNT];
    ids.iter().for_each(|id| loads[order(id, COUNT)[0]] += 1);
    assert!(loads.iter().all(|load| (70..130).contains(load)), "{loads:?}");
}
