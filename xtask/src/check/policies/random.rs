//! Requests at random, always the same ones: decided by accel-policy, for others to decide as well. Where the
//! simulator is known to read a rule otherwise, the request says what is decided by that reading.

use std::collections::BTreeMap;

use accel_policy::{
    Decision, Level, Origin, Policy, PolicySet, Principal, Request, actions, evaluate,
};
use serde_json::{Value, json};

use super::{Case, Otherwise};

const OWN: &str = "111111111111";
const OTHER: &str = "222222222222";
const USER: &str = "arn:aws:iam::111111111111:user/ada";
const ROLE: &str = "arn:aws:iam::111111111111:role/app";

/// That a statement with a variable that has no value in `NotResource` never applies.
const NOT_RESOURCE: &str = "a variable without a value in NotResource";
/// That a statement with such a variable in a condition never applies, negated or not.
const UNLIKE_NOTHING: &str = "a variable without a value in a negated condition";
/// That `ForAnyValue` without a key does not hold, with `IfExists` or without.
const ANY_IF_EXISTS: &str = "ForAnyValue with IfExists and without the key";
/// That no address is outside of a range of the other version of IP.
const VERSIONS: &str = "NotIpAddress with a range of the other version";
/// That a session policy limits what a resource grants to the session itself or to everybody.
const SESSION: &str = "a session policy and a grant of the resource";

/// Where the dice begin; each gives as many requests as the others.
const SEEDS: [u64; 5] = [
    0x9e37_79b9_7f4a_7c15,
    0xbf58_476d_1ce4_e5b9,
    0x94d0_49bb_1331_11eb,
    0xd6e8_feb8_6659_fd93,
    0xa076_1d64_78bd_642f,
];

/// `count` requests with what the evaluator decides.
pub(super) fn cases(count: usize) -> anyhow::Result<Vec<Case>> {
    let of_seed = |(index, seed): (usize, &u64)| {
        let mut dice = Dice(*seed);
        let cases = count / SEEDS.len();
        let cases: Vec<_> =
            (0..cases).map(|number| case(&mut dice, index * cases + number)).collect();
        cases
    };
    SEEDS.iter().enumerate().flat_map(of_seed).collect()
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
        ("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:OWNER:table/orders"),
        ("s3:ListBucket", "arn:aws:s3:::shop"),
        ("sns:Publish", "arn:aws:sns:eu-west-1:OWNER:news"),
        ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:OWNER:function:work"),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:OWNER:secret:db-AbCdEf",
        ),
        ("ec2:StartInstances", "arn:aws:ec2:eu-west-1:OWNER:instance/i-0123456789abcdef0"),
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
            (0..count).map(|_| statement(dice, Grantees::Some)).collect()
        }),
        scps: Vec::new(),
        rcps: Vec::new(),
        expect: String::new(),
        otherwise: None,
    };
    if dice.one_in(3) {
        case.scps = (0..dice.below(3) + 1).map(|_| level(dice, Grantees::None)).collect();
    }
    // They are for some services alone; that is left to the caller of the simulator.
    let service = actions::service(action.split(':').next().unwrap_or_default());
    if dice.one_in(4) && service.is_some_and(actions::Service::supports_resource_control) {
        case.rcps = (0..dice.below(2) + 1).map(|_| level(dice, Grantees::Everyone)).collect();
    }
    if user {
        // Others do not know this from the ARN.
        case.context.insert("aws:username".to_owned(), json!("ada"));
    }
    case.expect = expect(&case, &|statement| statement.clone())?;
    case.otherwise = otherwise(&case)?;
    Ok(case)
}

/// What is decided with all rules that the simulator reads otherwise.
fn otherwise(case: &Case) -> anyhow::Result<Option<Otherwise>> {
    type Ignored = fn(&Value, &BTreeMap<String, Value>) -> bool;
    let ignored: [(Ignored, &str); 4] = [
        (leaves_nothing_out, NOT_RESOURCE),
        (is_unlike_nothing, UNLIKE_NOTHING),
        (is_any_of_nothing, ANY_IF_EXISTS),
        (is_of_other_version, VERSIONS),
    ];
    let read = |statement: &Value| {
        if ignored.iter().any(|(is, _)| is(statement, &case.context)) {
            json!({"Effect": "Allow", "Action": "none:Nothing", "Resource": "*"})
        } else {
            statement.clone()
        }
    };
    let mut decided = expect(case, &read)?;
    let is_there = |is: &Ignored| case.statements().any(|statement| is(statement, &case.context));
    let ignored = ignored.iter().filter(|(is, _)| is_there(is));
    let mut readings: Vec<_> = ignored.map(|(_, reading)| *reading).collect();
    if case.session.is_some() && decided == "allowed" {
        let alone = Case {
            identity: case.session.clone(),
            boundary: None,
            session: None,
            resource_policy: None,
            scps: Vec::new(),
            rcps: Vec::new(),
            owner: Some(OWN.to_owned()),
            otherwise: None,
            ..case.clone()
        };
        if expect(&alone, &read)? != "allowed" {
            readings.push(SESSION);
            decided = "implicitly-denied".to_owned();
        }
    }
    Ok((!readings.is_empty()).then_some(Otherwise { readings, decided }))
}

/// Whether `NotResource` has a variable without a value: then no resource is left out.
fn leaves_nothing_out(statement: &Value, context: &BTreeMap<String, Value>) -> bool {
    texts(&statement["NotResource"]).any(|text| has_no_value(text, context))
}

/// Whether a negated operator compares a key that is there with a variable without a value: then they are not
/// equal.
fn is_unlike_nothing(statement: &Value, context: &BTreeMap<String, Value>) -> bool {
    let conditions = statement["Condition"].as_object().into_iter().flatten();
    let negated = conditions.filter(|(operator, _)| operator.contains("Not"));
    let mut keys = negated.filter_map(|(_, keys)| keys.as_object()).flatten();
    keys.any(|(key, values)| {
        context.contains_key(key) && texts(values).any(|text| has_no_value(text, context))
    })
}

/// Whether `ForAnyValue` with `IfExists` asks for a key that is not there: then it holds.
fn is_any_of_nothing(statement: &Value, context: &BTreeMap<String, Value>) -> bool {
    let conditions = statement["Condition"].as_object().into_iter().flatten();
    let of_any = conditions.filter(|(operator, _)| {
        operator.starts_with("ForAnyValue:") && operator.ends_with("IfExists")
    });
    let mut keys = of_any.filter_map(|(_, keys)| keys.as_object()).flatten();
    keys.any(|(key, _)| !context.contains_key(key))
}

/// Whether `NotIpAddress` compares an address with a range of the other version: then it is outside.
fn is_of_other_version(statement: &Value, context: &BTreeMap<String, Value>) -> bool {
    let conditions = statement["Condition"].as_object().into_iter().flatten();
    let outside = conditions.filter(|(operator, _)| operator.starts_with("NotIpAddress"));
    let mut keys = outside.filter_map(|(_, keys)| keys.as_object()).flatten();
    keys.any(|(key, values)| {
        let address = context.get(key).and_then(Value::as_str);
        address.is_some_and(|it| texts(values).any(|range| range.contains(':') != it.contains(':')))
    })
}

/// What may be one text or a list of them.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(Value::as_str)
}

fn has_no_value(text: &str, context: &BTreeMap<String, Value>) -> bool {
    VARIABLES.iter().any(|(variable, key)| text.contains(variable) && !context.contains_key(*key))
}

/// Variables without a default, and the keys whose values they are.
const VARIABLES: [(&str, &str); 2] =
    [("${aws:username}", "aws:username"), ("${aws:PrincipalTag/team}", "aws:PrincipalTag/team")];

/// Whom a statement names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grantees {
    None,
    /// Somebody or everybody.
    Some,
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
    let actions = [
        "s3:*",
        "s3:Get*",
        "s3:?etObject",
        "sqs:SendMessage",
        "dynamodb:*",
        "S3:PUTOBJECT",
        "s3:List*",
        "sns:Publish",
        "lambda:Invoke*",
        "secretsmanager:*",
        "ec2:St?rtInstances",
    ];
    let resources = [
        "arn:aws:s3:::shop/${aws:username}/*",
        "arn:aws:s3:::shop/${aws:username, 'public'}/*",
        "*",
        "arn:aws:s3:::shop/*",
        "arn:aws:s3:::*/public/*",
        "arn:aws:sqs:*:*:jobs",
        "arn:aws:dynamodb:eu-west-1:111111111111:table/ord*",
        "arn:aws:s3:::shop",
        "arn:aws:s3:::shop/${aws:PrincipalTag/team}/*",
        "arn:aws:dynamodb:*:111111111111:*",
        "arn:aws:lambda:*:*:function:w?rk",
        "arn:aws:secretsmanager:eu-west-1:*:secret:db-??????",
    ];
    let deny = dice.one_in(4);
    let (some, none) = (["Action", "Resource"], ["NotAction", "NotResource"]);
    let rcp = grantees == Grantees::Everyone;
    let action = if !rcp && dice.one_in(8) { none[0] } else { some[0] };
    let resource = if dice.one_in(8) { none[1] } else { some[1] };
    let mut statement = json!({
        "Effect": if deny { "Deny" } else { "Allow" },
        action: if rcp || dice.one_in(2) { json!(dice.several(&actions)) } else { json!("*") },
        resource: if dice.one_in(2) { json!(dice.several(&resources)) } else { json!("*") },
    });
    if dice.one_in(2) {
        statement["Condition"] = condition(dice);
    }
    match grantees {
        Grantees::None => {}
        Grantees::Everyone => statement["Principal"] = json!("*"),
        Grantees::Some => {
            let everybody = dice.one_in(4);
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
        &["aws:RequestedRegion", "aws:UserAgent", "aws:PrincipalTag/team", "aws:SourceVpc"],
        &[
            "eu-west-1",
            "EU-west-1",
            "eu-*",
            "us-east-?",
            "us-east-1",
            "${aws:PrincipalTag/team}",
            "${aws:PrincipalTag/team, 'eu-west-1'}",
        ],
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
    (
        &["Bool"],
        &["aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:ViaAWSService"],
        &["true", "false"],
    ),
    (
        &["IpAddress", "NotIpAddress"],
        &["aws:SourceIp"],
        &["203.0.113.0/24", "198.51.100.7/32", "203.0.113.7", "2001:db8::/32"],
    ),
    (
        &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        &["aws:SourceArn"],
        &["arn:aws:sns:*:111111111111:news", "arn:aws:sns:eu-west-1:111111111111:n*"],
    ),
];

fn condition(dice: &mut Dice) -> Value {
    if dice.one_in(6) {
        let key =
            *dice.pick(&["aws:RequestedRegion", "aws:SourceArn", "aws:TagKeys", "aws:SourceVpc"]);
        return json!({"Null": {key: *dice.pick(&["true", "false"])}});
    }
    if dice.one_in(4) {
        let quantifier = *dice.pick(&["ForAllValues", "ForAnyValue"]);
        let operator =
            *dice.pick(&["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]);
        let values = dice.several(&["team", "t*", "cost"]);
        let suffix = if dice.one_in(4) { "IfExists" } else { "" };
        let key = *dice.pick(&["aws:TagKeys", "aws:CalledVia"]);
        return json!({format!("{quantifier}:{operator}{suffix}"): {key: values}});
    }
    let (operators, keys, values) = *dice.pick(&KINDS);
    let suffix = if dice.one_in(3) { "IfExists" } else { "" };
    let operator = format!("{}{suffix}", dice.pick(operators));
    json!({operator: {*dice.pick(keys): dice.several(values)}})
}

fn context(dice: &mut Dice) -> BTreeMap<String, Value> {
    let keys: [(&str, &[&str]); 11] = [
        ("aws:RequestedRegion", &["eu-west-1", "us-east-1"]),
        ("aws:UserAgent", &["eu-west-1", "EU-WEST-1", "eu-*"]),
        ("aws:MultiFactorAuthAge", &["100", "300"]),
        ("aws:CurrentTime", &["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"]),
        ("aws:SecureTransport", &["true", "false"]),
        ("aws:MultiFactorAuthPresent", &["true", "false"]),
        ("aws:ViaAWSService", &["true", "false"]),
        ("aws:SourceVpc", &["eu-west-1", "vpc-1"]),
        ("aws:PrincipalTag/team", &["ada", "eu-west-1", "public"]),
        ("aws:SourceIp", &["203.0.113.7", "198.51.100.7", "2001:db8::1"]),
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
    if dice.one_in(3) {
        context.insert("aws:CalledVia".to_owned(), json!(dice.several(&["team", "cost"])));
    }
    context
}

/// What is decided if each statement is read as `read` says.
fn expect(case: &Case, read: &dyn Fn(&Value) -> Value) -> anyhow::Result<String> {
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
    let policy = |statements: &Vec<Value>| {
        let statements: Vec<Value> = statements.iter().map(read).collect();
        Policy::from_value(&case.document(&statements), Origin::default())
    };
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
