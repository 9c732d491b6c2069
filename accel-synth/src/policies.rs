//! Every policy document of every resource against what IAM knows: actions, condition keys, and what a
//! resource control policy may say.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

use std::borrow::Cow;

use accel_core::{
    Code, Diagnostic, Diagnostics, Prop, Resource,
    tree::{NodeId, Tree},
};

use self::find::Found;
use crate::{codes, read};

mod find;
mod names;
mod resource_control;

/// Reports what is wrong with the policies of a resource, at the line that set them.
pub(crate) fn check(tree: &Tree, node: NodeId, diagnostics: &mut Diagnostics) {
    let Some(resource) = tree[node].resource() else { return };
    let kind = Kind::of(resource);
    if kind == Kind::Other {
        return;
    }
    for (property, value) in resource.properties().iter() {
        find::documents(resource.type_name(), property, value, &mut |found, path| {
            let report = &mut |problem: Problem| {
                let place = format!("`{}` ({}): {path}", tree.path(node), resource.type_name());
                let location = resource.overridden_at(property).unwrap_or(tree[node].location());
                diagnostics.push(problem.diagnostic(&place, location));
            };
            match found {
                Found::Document(document) => check_document(resource, kind, document, report),
                Found::Text(text) => match read::json(text) {
                    Ok(document) => check_document(resource, kind, &document, report),
                    Err(error) => report(Problem::no_json(&error)),
                },
            }
        });
    }
}

/// What a document is, as far as it decides what it may say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of an identity, a resource, an endpoint, or a service control policy.
    Iam,
    ResourceControl,
    /// No policy of IAM: of tags, backups, settings.
    Other,
}

impl Kind {
    fn of(resource: &Resource) -> Self {
        if resource.type_name() != "AWS::Organizations::Policy" {
            return Self::Iam;
        }
        match resource.get("Type").and_then(Prop::as_str) {
            Some("SERVICE_CONTROL_POLICY") => Self::Iam,
            Some("RESOURCE_CONTROL_POLICY") => Self::ResourceControl,
            _ => Self::Other,
        }
    }
}

fn check_document(
    resource: &Resource,
    kind: Kind,
    document: &Prop,
    report: &mut dyn FnMut(Problem),
) {
    let statements = document.as_object().and_then(|document| document.get("Statement"));
    for statement in statements.map(items).unwrap_or_default() {
        let Some(statement) = statement.as_object() else { continue };
        if !resource.is_newer_than_schemas() {
            names::check(statement, report);
        }
        if kind == Kind::ResourceControl {
            resource_control::check(statement, report);
        }
    }
}

/// What a policy may write as one value or as a list of values.
fn items(prop: &Prop) -> &[Prop] {
    prop.as_list().unwrap_or(std::slice::from_ref(prop))
}

/// What is wrong with a document.
struct Problem {
    code: &'static Code,
    message: String,
    allowed: Cow<'static, str>,
    help: Cow<'static, str>,
}

impl Problem {
    fn no_json(error: &serde_json::Error) -> Self {
        let message = format!("is no JSON at line {} column {}", error.line(), error.column());
        // What serde_json says ends with the place, which stands above already.
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        Self {
            code: &codes::POLICY_NOT_JSON,
            message: format!("{message}: {reason}"),
            allowed: "a policy document: a JSON object".into(),
            help: "correct the text at that place, or write it as a `PolicyDocument`".into(),
        }
    }

    fn diagnostic(
        self,
        place: &str,
        location: &'static std::panic::Location<'static>,
    ) -> Diagnostic {
        let message = format!("{place} {}", self.message);
        Diagnostic::error(self.code, message, location).allowed(self.allowed).help(self.help)
    }
}
