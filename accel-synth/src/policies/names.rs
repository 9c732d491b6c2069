//! Names that a statement uses: of actions, services, condition keys and operators.

use accel_core::{Object, Prop};
use accel_policy::{actions, is_operator, operators};

use super::{Problem, items};
use crate::codes;

pub(super) fn check(statement: &Object, report: &mut dyn FnMut(Problem)) {
    for element in ["Action", "NotAction"] {
        let given = statement.get(element).map(items).unwrap_or_default();
        for name in given.iter().filter_map(Prop::as_str) {
            if let Some(problem) = action(name) {
                report(problem);
            }
        }
    }
    let tests = statement.get("Condition").and_then(Prop::as_object);
    for (test, keys) in tests.into_iter().flat_map(Object::iter) {
        if let Some(problem) = operator(test) {
            report(problem);
        }
        for (key, _) in keys.as_object().into_iter().flat_map(Object::iter) {
            if let Some(problem) = condition_key(key) {
                report(problem);
            }
        }
    }
}

fn action(name: &str) -> Option<Problem> {
    let is_pattern = name.contains(['*', '?']);
    let exists = if is_pattern {
        actions::expand(name).next().is_some()
    } else {
        actions::action(name).is_some()
    };
    if exists {
        return None;
    }
    let message = match name.split_once(':') {
        None => format!("names the action `{name}` without its service"),
        Some((service, _)) if !service.contains('*') && actions::service(service).is_none() => {
            format!("names `{name}`, but IAM knows no service `{service}`")
        }
        Some(_) if is_pattern => format!("names `{name}`, which is like no action"),
        Some((service, short)) => {
            format!("names `{name}`, but `{service}` has no action `{short}`")
        }
    };
    // A service that was renamed has other actions too.
    let (service, _) = name.split_once(':').unwrap_or_default();
    let meant = actions::nearest(name).or_else(|| match actions::service(service) {
        None if !service.is_empty() => actions::nearest(&format!("{service}:*")),
        _ => None,
    });
    let help = meant.map_or_else(
        || "look it up in the Service Authorization Reference".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    Some(Problem {
        code: &codes::UNKNOWN_ACTION,
        message,
        allowed: "actions that exist, as `service:Action`, or patterns of some".into(),
        help: help.into(),
    })
}

fn operator(name: &str) -> Option<Problem> {
    if is_operator(name) {
        return None;
    }
    let (prefix, bare) = name.rsplit_once(':').map_or(("", name), |(set, bare)| (set, bare));
    let suffixed = operators().map(|name| format!("{name}IfExists"));
    let all: Vec<String> = operators().map(str::to_owned).chain(suffixed).collect();
    let meant = accel_core::nearest(bare, all.iter().map(String::as_str));
    let meant = meant.map(|meant| match prefix {
        "" => meant.to_owned(),
        set => format!("{set}:{meant}"),
    });
    let help = match meant.filter(|meant| is_operator(meant)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`StringEquals`, `ForAnyValue:StringLike`, `BoolIfExists` are some".to_owned(),
    };
    Some(Problem {
        code: &codes::UNKNOWN_OPERATOR,
        message: format!("compares by `{name}`, which is no operator of a condition"),
        allowed: "operators of IAM, with `ForAllValues:` or `ForAnyValue:` before and `IfExists` after them"
            .into(),
        help: help.into(),
    })
}

fn condition_key(key: &str) -> Option<Problem> {
    // The keys of an identity provider are the claims of its tokens, and its name is a host's.
    let provider = key.rsplit_once(':').map_or("", |(provider, _)| provider);
    let is_providers = provider.split(['/', ':']).next().unwrap_or_default().contains('.');
    if is_providers || key.contains("${") || actions::condition_key(key).is_some() {
        return None;
    }
    let help = actions::nearest_condition_key(key).map_or_else(
        || "look it up at the service in the Service Authorization Reference".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    Some(Problem {
        code: &codes::UNKNOWN_CONDITION_KEY,
        message: format!("compares `{key}`, which is no condition key: no request has it"),
        allowed: "condition keys of IAM, of a service or of an identity provider".into(),
        help: help.into(),
    })
}
