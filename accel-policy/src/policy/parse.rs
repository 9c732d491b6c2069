use serde_json::{Map, Value};

use super::{Effect, Origin, ParseError, Patterns, Policy, PrincipalName, Principals, Statement};
use crate::{
    condition::{Condition, Operator},
    pattern::Pattern,
};

type Parsed<T> = Result<T, ParseError>;

pub(super) fn policy(value: &Value, origin: Origin) -> Parsed<Policy> {
    let members = object(value, "the policy")?;
    for (name, member) in members {
        match name.as_str() {
            "Version" | "Statement" => {}
            "Id" => drop(text(member, "Id")?),
            other => {
                let allowed = "a policy has Version, Id and Statement";
                return Err(wrong(format!("`{other}` is no element of a policy: {allowed}")));
            }
        }
    }
    let variables =
        match members.get("Version").map(|version| text(version, "Version")).transpose()? {
            // Without a version it is the old one, which has no variables.
            None | Some("2008-10-17") => false,
            Some("2012-10-17") => true,
            Some(other) => {
                let allowed = "it is `2012-10-17`, or `2008-10-17` without variables";
                return Err(wrong(format!("Version is `{other}`: {allowed}")));
            }
        };
    let statements = match members.get("Statement") {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => return Err(wrong("Statement is missing, or neither a list nor an object".to_owned())),
    };
    if statements.is_empty() {
        return Err(wrong("Statement is empty: a policy has at least one".to_owned()));
    }
    let statements = statements
        .iter()
        .enumerate()
        .map(|(index, statement)| {
            read_statement(statement, variables).map_err(|error| ParseError {
                message: format!("statement {}: {}", index + 1, error.message),
                ..error
            })
        })
        .collect::<Parsed<_>>()?;
    Ok(Policy { origin, statements })
}

fn read_statement(value: &Value, variables: bool) -> Parsed<Statement> {
    const ELEMENTS: [&str; 9] = [
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    let members = object(value, "a statement")?;
    if let Some(other) = members.keys().find(|name| !ELEMENTS.contains(&name.as_str())) {
        let allowed = ELEMENTS.join(", ");
        return Err(wrong(format!("`{other}` is no element of a statement: {allowed}")));
    }
    let effect = match members.get("Effect").and_then(Value::as_str) {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err(wrong("Effect is neither `Allow` nor `Deny`".to_owned())),
    };
    let actions = patterns(members, "Action", "NotAction", false)?
        .ok_or_else(|| wrong("neither Action nor NotAction is there".to_owned()))?;
    for action in &actions.texts {
        let (service, name) = action.text().split_once(':').unwrap_or(("", ""));
        if action.text() != "*" && (service.is_empty() || name.is_empty()) {
            let allowed = "`service:Action`, with wildcards, or `*`";
            return Err(wrong(format!("`{}` is no action: {allowed}", action.text())));
        }
    }
    Ok(Statement {
        sid: members.get("Sid").map(|sid| text(sid, "Sid").map(str::to_owned)).transpose()?,
        effect,
        principals: principals(members)?,
        actions,
        resources: patterns(members, "Resource", "NotResource", variables)?,
        conditions: conditions(members.get("Condition"), variables)?,
    })
}

fn patterns(
    members: &Map<String, Value>,
    name: &str,
    negation: &str,
    variables: bool,
) -> Parsed<Option<Patterns>> {
    let Some((negated, value)) = one_of(members, name, negation)? else { return Ok(None) };
    let texts = texts(value, name)?;
    if texts.is_empty() {
        return Err(wrong(format!("{name} is an empty list")));
    }
    let texts = texts.into_iter().map(|text| Pattern::new(text, variables)).collect();
    Ok(Some(Patterns { negated, texts }))
}

fn principals(members: &Map<String, Value>) -> Parsed<Option<Principals>> {
    let Some((negated, value)) = one_of(members, "Principal", "NotPrincipal")? else {
        return Ok(None);
    };
    let mut names = Vec::new();
    match value {
        Value::String(all) if all == "*" => names.push(PrincipalName::Everyone),
        Value::Object(kinds) => {
            for (kind, value) in kinds {
                for name in texts(value, kind)? {
                    names.push(principal(kind, name)?);
                }
            }
        }
        _ => return Err(wrong("Principal is neither `*` nor an object".to_owned())),
    }
    if names.is_empty() {
        return Err(wrong("Principal names nobody".to_owned()));
    }
    Ok(Some(Principals { negated, names }))
}

fn principal(kind: &str, name: &str) -> Parsed<PrincipalName> {
    let owned = name.to_owned();
    Ok(match kind {
        "AWS" if name == "*" => PrincipalName::Everyone,
        "AWS" if name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit()) => {
            PrincipalName::Account(owned)
        }
        "AWS" => match name.strip_suffix(":root").and_then(|arn| arn.rsplit(':').next()) {
            Some(account) => PrincipalName::Account(account.to_owned()),
            None => PrincipalName::Arn(owned),
        },
        "Service" => PrincipalName::Service(owned),
        "Federated" => PrincipalName::Federated(owned),
        "CanonicalUser" => PrincipalName::CanonicalUser(owned),
        other => {
            let allowed = "AWS, Service, Federated, CanonicalUser";
            return Err(wrong(format!("`{other}` is no kind of principal: {allowed}")));
        }
    })
}

fn conditions(value: Option<&Value>, variables: bool) -> Parsed<Vec<Condition>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let mut conditions = Vec::new();
    for (name, keys) in object(value, "Condition")? {
        let Some(operator) = Operator::parse(name) else {
            return Err(wrong(format!("`{name}` is no operator of a condition")));
        };
        for (key, values) in object(keys, name)? {
            let values = texts_of_scalars(values, key)?;
            let values = values.iter().map(|text| Pattern::new(text, variables)).collect();
            conditions.push(Condition { operator, key: key.clone(), values });
        }
    }
    Ok(conditions)
}

/// The element or its negation; both is an error.
fn one_of<'a>(
    members: &'a Map<String, Value>,
    name: &str,
    negation: &str,
) -> Parsed<Option<(bool, &'a Value)>> {
    match (members.get(name), members.get(negation)) {
        (Some(_), Some(_)) => Err(wrong(format!("{name} and {negation} exclude each other"))),
        (Some(value), None) => Ok(Some((false, value))),
        (None, Some(value)) => Ok(Some((true, value))),
        (None, None) => Ok(None),
    }
}

fn object<'a>(value: &'a Value, what: &str) -> Parsed<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| wrong(format!("{what} is no object")))
}

fn text<'a>(value: &'a Value, what: &str) -> Parsed<&'a str> {
    value.as_str().ok_or_else(|| wrong(format!("{what} is no text")))
}

fn texts<'a>(value: &'a Value, what: &str) -> Parsed<Vec<&'a str>> {
    match value {
        Value::Array(items) => items.iter().map(|item| text(item, what)).collect(),
        one => Ok(vec![text(one, what)?]),
    }
}

/// Values of conditions may be numbers and truths as well; AWS reads them as their text.
fn texts_of_scalars(value: &Value, what: &str) -> Parsed<Vec<String>> {
    let scalar = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(wrong(format!("a value of `{what}` is neither text, number nor truth"))),
    };
    match value {
        Value::Array(items) => items.iter().map(scalar).collect(),
        one => Ok(vec![scalar(one)?]),
    }
}

const fn wrong(message: String) -> ParseError {
    ParseError { line: None, column: None, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Policy::parse(text, Origin::default()).expect_err(text).to_string()
    }

    #[test]
    fn broken_json_has_line_and_column() {
        let error = Policy::parse("{\n  \"Statement\": [,]\n}", Origin::default()).unwrap_err();
        assert_eq!((error.line, error.column), (Some(2), Some(17)));
    }

    #[test]
    fn what_is_no_policy_says_why() {
        let statement = |inner: &str| error(&format!(r#"{{"Statement": {{{inner}}}}}"#));
        for (given, said) in [
            (error("[]"), "the policy is no object"),
            (error(r#"{"Version": "2020-01-01", "Statement": []}"#), "Version is `2020-01-01`"),
            (error(r#"{"Statement": []}"#), "Statement is empty"),
            (error(r#"{"Statements": []}"#), "`Statements` is no element"),
            (statement(r#""Effect": "allow", "Action": "*""#), "neither `Allow` nor `Deny`"),
            (statement(r#""Effect": "Allow""#), "neither Action nor NotAction"),
            (statement(r#""Effect": "Allow", "Action": "Get""#), "`Get` is no action"),
            (
                statement(r#""Effect": "Allow", "Action": "*", "NotAction": "*""#),
                "exclude each other",
            ),
            (
                statement(r#""Effect": "Allow", "Action": "*", "Resources": "*""#),
                "`Resources` is no",
            ),
            (
                statement(r#""Effect": "Allow", "Action": "*", "Condition": {"Like": {"a": "b"}}"#),
                "`Like` is no operator",
            ),
            (
                statement(r#""Effect": "Allow", "Action": "*", "Principal": {"Aws": "*"}"#),
                "`Aws` is no kind of principal",
            ),
            (
                statement(
                    r#""Effect": "Allow", "Action": "*", "Condition": {"Bool": {"a": null}}"#,
                ),
                "neither text, number nor truth",
            ),
        ] {
            assert!(given.contains(said), "{given}");
        }
    }
}
