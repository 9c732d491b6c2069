//! What several guardrails say of one thing, as one policy.

use std::collections::BTreeMap;

use accel_core::{Diagnostic, Object, Prop, Scope};

use super::{Body, OrganizationGuardrail, codes};
use crate::foundation::{Organization, PolicyType};

/// The contents of the declarative guardrails, one for each type of policy.
pub(super) fn declarative(
    org: &mut Scope<'_, Organization>,
    guardrails: &[OrganizationGuardrail],
) -> BTreeMap<PolicyType, Prop> {
    let mut contents = BTreeMap::<PolicyType, (Object, Vec<&str>)>::new();
    for guardrail in guardrails {
        let Body::Declarative(policy_type, content) = &guardrail.body else { continue };
        let Some(content) = content.as_object() else { continue };
        let (together, ids) = contents.entry(*policy_type).or_default();
        if let Err(path) = merge(together, content, "") {
            conflict(org, guardrail, ids, &path);
        }
        ids.push(guardrail.id());
    }
    contents.into_iter().map(|(policy_type, (content, _))| (policy_type, content.into())).collect()
}

/// Adds what `new` says to what `all` says.
///
/// # Errors
/// The path of the first value that both say, and not alike.
fn merge(all: &mut Object, new: &Object, path: &str) -> Result<(), String> {
    for (name, value) in new.iter() {
        let path = format!("{path}/{name}");
        let merged = match (all.get(name), value) {
            (None, _) => value.clone(),
            (Some(Prop::Object(old)), Prop::Object(new)) => {
                let mut old = old.clone();
                merge(&mut old, new, &path)?;
                old.into()
            }
            // What is added to a list is added, whoever adds it.
            (Some(Prop::List(old)), Prop::List(new)) if name.as_str() == "@@append" => {
                let mut items = old.clone();
                items.extend(new.iter().filter(|item| !old.contains(item)).cloned());
                Prop::List(items)
            }
            (Some(old), new) if old == new => continue,
            _ => return Err(path),
        };
        all.insert(name.clone(), merged);
    }
    Ok(())
}

fn conflict(
    org: &mut Scope<'_, Organization>,
    guardrail: &OrganizationGuardrail,
    others: &[&str],
    path: &str,
) {
    let message = format!(
        "`{}` has the guardrail `{}`, which says something else of `{path}` than {}",
        org.path(),
        guardrail.id(),
        others.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" and "),
    );
    let diagnostic = Diagnostic::error(&codes::GUARDRAIL_CONFLICT, message, org.location());
    org.report(
        diagnostic
            .allowed("each setting once for each target")
            .help("leave one of them out, or attach it to other units"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object<const N: usize>(members: [(&'static str, Prop); N]) -> Object {
        members.into_iter().collect()
    }

    #[test]
    fn what_both_say_is_said_once_and_lists_are_joined() {
        let mut all = object([("a", object([("@@append", Prop::list(["x"]))]).into())]);
        let new = object([
            ("a", object([("@@append", Prop::list(["x", "y"]))]).into()),
            ("b", object([("@@assign", "1".into())]).into()),
        ]);
        assert_eq!(merge(&mut all, &new, ""), Ok(()));
        let both = object([("@@append", Prop::list(["x", "y"]))]).into();
        assert_eq!(all, object([("a", both), ("b", new.get("b").unwrap().clone())]));
        assert_eq!(merge(&mut all, &new, ""), Ok(()));
        let other = object([("b", object([("@@assign", "2".into())]).into())]);
        assert_eq!(merge(&mut all, &other, ""), Err("/b/@@assign".to_owned()));
    }
}
