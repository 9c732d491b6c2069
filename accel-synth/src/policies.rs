//! Every policy document of every resource and step against what IAM knows: actions, condition keys, and what a
//! resource control policy may say.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>.

use std::borrow::Cow;

use accel_core::{
    Call, Code, Diagnostic, Diagnostics, Prop, Resource,
    tree::{Kind as TreeKind, NodeId, Tree},
};

use self::find::Found;
use crate::{access::AccessError, codes};

mod find;
mod names;
mod resource_control;
mod template;

/// Reports what is wrong with the policies of a resource, or of the requests of a step, at the line that set them.
pub(crate) fn check(tree: &Tree, node: NodeId, diagnostics: &mut Diagnostics) {
    match tree[node].kind() {
        TreeKind::Resource(resource) => check_resource(tree, node, resource, diagnostics),
        TreeKind::Step(step) => {
            for call in step.call.iter().chain(&step.inverse) {
                check_call(tree, node, call, diagnostics);
            }
        }
        _ => {}
    }
}

fn check_resource(tree: &Tree, node: NodeId, resource: &Resource, diagnostics: &mut Diagnostics) {
    let is_organization = resource.type_name() == "AWS::Organizations::Policy";
    let kind = if is_organization { Kind::of(resource.get("Type")) } else { Kind::Iam };
    if kind == Kind::Other {
        return;
    }
    let checked = Checked { kind, names: !resource.is_newer_than_schemas() };
    for (property, value) in resource.properties().iter() {
        let is_policy = is_organization && property.as_str() == "Content";
        find::documents(property, is_policy, value, &mut |found, path| {
            checked.check(&found, &mut |problem| {
                let place = format!("`{}` ({}): {path}", tree.path(node), resource.type_name());
                let location = resource.overridden_at(property).unwrap_or(tree[node].location());
                diagnostics.push(problem.diagnostic(&place, location));
            });
        });
    }
}

fn check_call(tree: &Tree, node: NodeId, call: &Call, diagnostics: &mut Diagnostics) {
    let has_content = call.service == "organizations" && call.action.ends_with("Policy");
    // The policy that delegates has no type.
    let kind = match call.request.get("Type") {
        Some(policy_type) if has_content => Kind::of(Some(policy_type)),
        _ => Kind::Iam,
    };
    if kind == Kind::Other {
        return;
    }
    let checked = Checked { kind, names: true };
    for (member, value) in call.request.iter() {
        let is_policy = has_content && member.as_str() == "Content";
        find::documents(member, is_policy, value, &mut |found, path| {
            checked.check(&found, &mut |problem| {
                let Call { service, action, .. } = call;
                let place = format!("`{}` ({service}:{action}): {path}", tree.path(node));
                diagnostics.push(problem.diagnostic(&place, tree[node].location()));
            });
        });
    }
}

/// Reports a policy of the organization that is none by the grammar, or of which only the deployment knows whether it
/// is: what would be in force is not known then, so nothing is asked of the others either.
pub(crate) fn unreadable(tree: &Tree, error: &AccessError) -> Diagnostic {
    let (node, is_open) = match error {
        AccessError::Unreadable { construct: Some(path), is_open, .. } => {
            (tree.ids().find(|&node| tree.path(node) == *path), *is_open)
        }
        _ => (None, false),
    };
    let location = tree[node.unwrap_or(tree.root())].location();
    let what = match node {
        Some(node) => format!("`{}`", tree.path(node)),
        None => "a policy of the organization".to_owned(),
    };
    let message = match error {
        AccessError::Unreadable { error, .. } => format!("{what} is no policy: {error}"),
        other => format!("{what} cannot be read: {other}"),
    };
    if is_open {
        let message = format!("{message}; whom the organization locks out is not checked");
        return Diagnostic::warning(&codes::NO_POLICY, message, location)
            .help("write the statements without functions that only a deployment evaluates");
    }
    Diagnostic::error(&codes::NO_POLICY, message, location)
        .help("AWS refuses it: write it as the grammar of IAM's policies says")
}

/// Whether a policy in the properties of a resource allows, by its whole name, an action for which `is` holds.
pub(crate) fn allows_by_name(resource: &Resource, is: &mut dyn FnMut(&str) -> bool) -> bool {
    let mut found = false;
    for (property, value) in resource.properties().iter() {
        find::documents(property, false, value, &mut |document, _| {
            let Ok(read) = document.read() else { return };
            let statements = read.as_object().and_then(|document| document.get("Statement"));
            let statements = statements.map(items).unwrap_or_default();
            let statements = statements.iter().filter_map(Prop::as_object).filter(|statement| {
                statement.get("Effect").and_then(Prop::as_str) == Some("Allow")
            });
            let mut actions = statements.filter_map(|it| it.get("Action")).flat_map(items);
            found |= actions.any(|action| action.as_str().is_some_and(&mut *is));
        });
    }
    found
}

/// What is asked of a document.
#[derive(Clone, Copy)]
struct Checked {
    kind: Kind,
    /// Whether its names have to exist.
    names: bool,
}

impl Checked {
    fn check(self, found: &Found<'_>, report: &mut dyn FnMut(Problem)) {
        match found.read() {
            Ok(document) => self.check_document(&document, report),
            Err(error) => report(Problem::no_json(&error)),
        }
    }

    fn check_document(self, document: &Prop, report: &mut dyn FnMut(Problem)) {
        let statements = document.as_object().and_then(|document| document.get("Statement"));
        for statement in statements.map(items).unwrap_or_default() {
            let Some(statement) = statement.as_object() else { continue };
            if self.names {
                names::check(statement, report);
            }
            if self.kind == Kind::ResourceControl {
                resource_control::check(statement, report);
            }
        }
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
    /// Of a policy of an organization, by its type.
    fn of(policy_type: Option<&Prop>) -> Self {
        match policy_type.and_then(Prop::as_str) {
            Some("SERVICE_CONTROL_POLICY") => Self::Iam,
            Some("RESOURCE_CONTROL_POLICY") => Self::ResourceControl,
            _ => Self::Other,
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
