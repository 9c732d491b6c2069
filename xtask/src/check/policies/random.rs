//! Requests at random, always the same ones: decided by accel-policy, for others to decide as well.
//!
//! Two things are left out, because no page of AWS settles them and the simulator reads them otherwise: a variable
//! without a value in `NotResource` (here it matches nothing, so the statement applies; there the statement never
//! does), and a resource's policy for everybody against a boundary or a session policy (here they limit it, as they
//! limit a grant to a role; there they do not).

use std::collections::BTreeMap;

use accel_policy::{Decision, Level, Origin, Policy, PolicySet, Principal, Request, evaluate};
use serde_json::{Value, json};

use super::Case;

const OWN: &str = "111111111111";
const OTHER: &str = "222222222222";
const USER: &str = "arn:aws:iam::111111111111:user/ada";
const ROLE: &str = "arn:aws:iam::111111111111:role/app";

/// `count` requests with what the evaluator decides.
pub(super) fn cases(count: usize) -> anyhow::Result<Vec<Case>> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|number| case(&mut dice, number)).collect()
}

fn case(dice: &mut Dice, number: usize) -> anyhow::Result<Case> {
    let user = dice.one_in(2);
    let limited = dice.one_in(4);
    let owner = if dice.one_in(4) { OTHER } else { OWN };
    let (action, resource) = *dice.pick(&[
        ("s3:GetObject", "arn:aws:s3:::shop/ada/report.csv"),
        ("s3:PutObject", "arn:aws:s3:::shop/public/report.csv"),
        ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:OWNER:jobs"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:OWNER:table/orders"),
    ]);
    let mut case = Case {
        name: format!("random {number}"),
        principal: Some(if user { USER } else { ROLE }.to_owned()),
        action: Some(action.to_owned()),
        resource: Some(resource.replace("OWNER", owner)),
        owner: Some(owner.to_owned()),
        context: context(dice),
        version: None,
        identity: Some(statements(dice)),
        boundary: limited.then(|| statements(dice)),
        session: (limited && !user && dice.one_in(2)).then(|| statements(dice)),
        resource_policy: (owner == OTHER || dice.one_in(3)).then(|| {
            let count = dice.below(3) + 1;
            let grantees = if limited { Grantees::Named } else { Grantees::Some };
            (0..count).map(|_| statement(dice, grantees)).collect()
        }),
        scps: Vec::new(),
        rcps: Vec::new(),
        expect: String::new(),
    };
    if dice.one_in(3) {
        case.scps = (0..dice.below(3) + 1).map(|_| level(dice, Grantees::None)).collect();
    }
    if dice.one_in(4) {
        case.rcps = (0..dice.below(2) + 1).map(|_| level(dice, Grantees::Everyone)).collect();
    }
    if user {
        // Others do not know this from the ARN.
        case.context.insert("aws:username".to_owned(), json!("ada"));
    }
    case.expect = expect(&case)?;
    Ok(case)
}

/// Whom a statement names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grantees {
    None,
    /// Somebody or everybody.
    Some,
    /// Somebody.
    Named,
    Everyone,
}

fn statements(dice: &mut Dice) -> Vec<Value> {
    (0..dice.below(4) + 1).map(|_| statement(dice, Grantees::None)).collect()
}

/// What is attached to a level of an organization; full access nearly always.
fn level(dice: &mut Dice, grantees: Grantees) -> Vec<Value> {
    let mut statements = Vec::new();
    if grantees == Grantees::None && !dice.one_in(8) {
        statements.push(json!("FullAWSAccess"));
    }
    for _ in 0..dice.below(2) {
        let mut statement = statement(dice, grantees);
        if grantees == Grantees::Everyone {
            statement["Effect"] = json!("Deny");
        }
        statements.push(statement);
    }
    statements
}

fn statement(dice: &mut Dice, grantees: Grantees) -> Value {
    let actions =
        ["s3:*", "s3:Get*", "s3:?etObject", "sqs:SendMessage", "dynamodb:*", "S3:PUTOBJECT"];
    let resources = [
        "arn:aws:s3:::shop/${aws:username}/*",
        "arn:aws:s3:::shop/${aws:username, 'public'}/*",
        "*",
        "arn:aws:s3:::shop/*",
        "arn:aws:s3:::*/public/*",
        "arn:aws:sqs:*:*:jobs",
        "arn:aws:dynamodb:eu-west-1:111111111111:table/ord*",
    ];
    let deny = dice.one_in(4);
    let (some, none) = (["Action", "Resource"], ["NotAction", "NotResource"]);
    let rcp = grantees == Grantees::Everyone;
    let action = if !rcp && dice.one_in(8) { none[0] } else { some[0] };
    // Without the variable that may have no value.
    let (resource, resources) =
        if dice.one_in(8) { (none[1], &resources[1..]) } else { (some[1], &resources[..]) };
    let mut statement = json!({
        "Effect": if deny { "Deny" } else { "Allow" },
        action: if rcp || dice.one_in(2) { json!(dice.several(&actions)) } else { json!("*") },
        resource: if dice.one_in(2) { json!(dice.several(resources)) } else { json!("*") },
    });
    if dice.one_in(2) {
        statement["Condition"] = condition(dice);
    }
    match grantees {
        Grantees::None => {}
        Grantees::Everyone => statement["Principal"] = json!("*"),
        Grantees::Some | Grantees::Named => {
            let everybody = grantees == Grantees::Some && dice.one_in(4);
            let somebody = *dice.pick(&[ROLE, USER, OWN]);
            statement["Principal"] = if everybody { json!("*") } else { json!({"AWS": somebody}) };
        }
    }
    statement
}

/// Kinds of operators, the keys they are for, and values.
type Kind = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

const KINDS: [Kind; 6] = [
    (
        &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
        &["aws:RequestedRegion", "aws:UserAgent"],
        &["eu-west-1", "EU-west-1", "eu-*", "us-east-?", "us-east-1"],
    ),
    (
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        &["aws:MultiFactorAuthAge"],
        &["100", "300", "300.5"],
    ),
    (
        &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        &["aws:CurrentTime"],
        &["2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z"],
    ),
    (&["Bool"], &["aws:SecureTransport", "aws:MultiFactorAuthPresent"], &["true", "false"]),
    (
        &["IpAddress", "NotIpAddress"],
        &["aws:SourceIp"],
        &["203.0.113.0/24", "198.51.100.7/32", "203.0.113.7"],
    ),
    (
        &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        &["aws:SourceArn"],
        &["arn:aws:sns:*:111111111111:news", "arn:aws:sns:eu-west-1:111111111111:n*"],
    ),
];

fn condition(dice: &mut Dice) -> Value {
    if dice.one_in(6) {
        let key = *dice.pick(&["aws:RequestedRegion", "aws:SourceArn", "aws:TagKeys"]);
        return json!({"Null": {key: *dice.pick(&["true", "false"])}});
    }
    if dice.one_in(4) {
        let quantifier = *dice.pick(&["ForAllValues", "ForAnyValue"]);
        let operator =
            *dice.pick(&["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]);
        let values = dice.several(&["team", "t*", "cost"]);
        return json!({format!("{quantifier}:{operator}"): {"aws:TagKeys": values}});
    }
    let (operators, keys, values) = *dice.pick(&KINDS);
    let suffix = if dice.one_in(3) { "IfExists" } else { "" };
    let operator = format!("{}{suffix}", dice.pick(operators));
    json!({operator: {*dice.pick(keys): dice.several(values)}})
}

fn context(dice: &mut Dice) -> BTreeMap<String, Value> {
    let keys: [(&str, &[&str]); 8] = [
        ("aws:RequestedRegion", &["eu-west-1", "us-east-1"]),
        ("aws:UserAgent", &["eu-west-1", "EU-WEST-1", "eu-*"]),
        ("aws:MultiFactorAuthAge", &["100", "300"]),
        ("aws:CurrentTime", &["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"]),
        ("aws:SecureTransport", &["true", "false"]),
        ("aws:MultiFactorAuthPresent", &["true", "false"]),
        ("aws:SourceIp", &["203.0.113.7", "198.51.100.7"]),
        (
            "aws:SourceArn",
            &["arn:aws:sns:eu-west-1:111111111111:news", "arn:aws:sns:eu-west-1:222222222222:news"],
        ),
    ];
    let mut context = BTreeMap::new();
    for (key, values) in keys {
        if !dice.one_in(3) {
            context.insert(key.to_owned(), json!(*dice.pick(values)));
        }
    }
    if dice.one_in(2) {
        context.insert("aws:TagKeys".to_owned(), json!(dice.several(&["team", "cost", "other"])));
    }
    context
}

fn expect(case: &Case) -> anyhow::Result<String> {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    let principal = match text(&case.principal) {
        user if user == USER => Principal::user(user),
        role => Principal::role_session(role, "session"),
    };
    let request = Request::new(principal, text(&case.action), text(&case.resource));
    let request = request.resource_account(text(&case.owner));
    let request = case.context.iter().fold(request, |request, (key, value)| match value {
        Value::Array(values) => request.with(key, values.iter().filter_map(Value::as_str)),
        value => request.with(key, value.as_str()),
    });
    let policy =
        |statements: &Vec<Value>| Policy::from_value(&case.document(statements), Origin::default());
    let layer = |statements: &Option<Vec<Value>>| statements.as_ref().map(policy).transpose();
    let levels = |levels: &[Vec<Value>]| {
        let level = |statements: &Vec<Value>| {
            let policies =
                if statements.is_empty() { Vec::new() } else { vec![policy(statements)?] };
            Ok(Level { name: String::new(), policies })
        };
        levels.iter().map(level).collect::<anyhow::Result<Vec<_>>>()
    };
    let policies = PolicySet {
        identity: layer(&case.identity)?.into_iter().collect(),
        boundary: layer(&case.boundary)?,
        session: layer(&case.session)?,
        resource: layer(&case.resource_policy)?,
        scps: levels(&case.scps)?,
        rcps: levels(&case.rcps)?,
        ..PolicySet::default()
    };
    Ok(match evaluate(&request.complete(), &policies) {
        Decision::Allowed(_) => "allowed".to_owned(),
        Decision::ImplicitlyDenied(_) => "implicitly-denied".to_owned(),
        Decision::ExplicitlyDenied(_) => "explicitly-denied".to_owned(),
        Decision::Unknown(keys) => format!("unknown: {keys:?}"),
    })
}

/// Numbers that look random and are always the same (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        number as usize % limit
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One to all of the items, in their order.
    fn several<T: Copy>(&mut self, items: &[T]) -> Vec<T> {
        let sure = self.below(items.len());
        let chosen = items.iter().enumerate().filter(|(index, _)| *index == sure || self.one_in(3));
        chosen.map(|(_, item)| *item).collect()
    }
}
