//! Resources that exist already, and are taken into their stacks.

use std::collections::BTreeMap;

use accel_core::{
    Diagnostic, Diagnostics, Identifier, Import, Resource, nearest,
    tree::{Kind, NodeId, Tree},
};
use litemap::LiteMap;

use crate::{codes, layout::Layout, manifest, schema};

/// Types of which nothing exists that a stack could be given, with the way out. CloudFormation refuses others, too;
/// it publishes no list of them that could be read.
const NOT_IMPORTABLE: &[(&str, &str)] = &[
    (
        "AWS::CloudFormation::CustomResource",
        "let a deployment make it, by a function that finds what is there",
    ),
    ("AWS::CloudFormation::Macro", "delete it, and let a deployment make it"),
    ("AWS::CloudFormation::WaitCondition", "let a deployment make it"),
    ("AWS::CloudFormation::WaitConditionHandle", "let a deployment make it"),
    (
        "AWS::IAM::Policy",
        "use the types of which each is one inline policy, `AWS::IAM::RolePolicy` for instance",
    ),
];

/// How many resources one change set takes in.
const MOST: usize = 200;

/// Reports what CloudFormation would not take in.
pub(crate) fn check(tree: &Tree, layout: &Layout, diagnostics: &mut Diagnostics) {
    let mut seen: LiteMap<_, NodeId> = LiteMap::new_vec();
    for (template, members) in layout.templates() {
        let mut nodes: Vec<NodeId> =
            members.iter().copied().filter(|&node| import_of(tree, node).is_some()).collect();
        // In the order of the program: the second one is the one too many.
        nodes.sort();
        if let Some(import) = nodes.get(MOST).and_then(|&node| import_of(tree, node)) {
            let message = format!("`{}` has {} imports", tree.path(template), nodes.len());
            diagnostics.push(
                Diagnostic::error(&codes::LIMIT_EXCEEDED, message, import.location)
                    .allowed(format!("at most {MOST} of a stack at once"))
                    .help(
                        "import some of them first, and add the others when those are in the stack",
                    ),
            );
        }
        for node in nodes {
            let found = Check { tree, template, node }.check(diagnostics);
            let (Some(identifier), Some(place)) = (found, tree.environment(template)) else {
                continue;
            };
            let type_name = tree[node].resource().map_or("", Resource::type_name);
            if let Some(first) = seen.insert((place, type_name, identifier), node) {
                let location = |node| import_of(tree, node).map(|import| import.location);
                let (Some(here), Some(there)) = (location(node), location(first)) else { continue };
                let message = format!(
                    "`{}` and `{}` both import one `{type_name}`",
                    tree.path(first),
                    tree.path(node)
                );
                diagnostics.push(
                    Diagnostic::error(&codes::TWO_OWNERS, message, here)
                        .note("the other one is imported here", there)
                        .help("import it once, and pass what that gives back to whoever needs it"),
                );
            }
        }
    }
}

/// The imports of a stack, by logical id. What [`check`] reports is not among them.
pub(crate) fn of(
    tree: &Tree,
    layout: &Layout,
    members: &[NodeId],
) -> BTreeMap<String, manifest::Import> {
    let import = |&node: &NodeId| {
        let (resource, import) = (tree[node].resource()?, import_of(tree, node)?);
        let type_name = resource.type_name().to_owned();
        let identifier = resolved(&type_name, &import.identifier)?;
        Some((layout.logical_id(node).to_owned(), manifest::Import { type_name, identifier }))
    };
    members.iter().filter_map(import).collect()
}

fn import_of(tree: &Tree, node: NodeId) -> Option<&Import> {
    tree[node].resource()?.policies()?.import.as_ref()
}

/// Property and value of each; none if they are not those of the type.
fn resolved(type_name: &str, identifier: &Identifier) -> Option<BTreeMap<String, String>> {
    let known = schema::identifier(type_name);
    let values: BTreeMap<String, String> = match (identifier, known) {
        (Identifier::Value(value), [name]) => [((*name).to_owned(), value.to_string())].into(),
        (Identifier::Value(_), _) => return None,
        (Identifier::Named(values), _) => {
            values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
        }
    };
    let given = match identifier {
        Identifier::Value(_) => 1,
        Identifier::Named(values) => values.len(),
    };
    let are_known = known.is_empty() || values.keys().all(|name| known.contains(&name.as_str()));
    let are_right =
        are_known && values.len() == given && (known.is_empty() || given == known.len());
    let is_whole = !values.is_empty() && values.values().all(|value| !value.trim().is_empty());
    (are_right && is_whole).then_some(values)
}

/// One resource that is to be imported.
struct Check<'a> {
    tree: &'a Tree,
    template: NodeId,
    node: NodeId,
}

impl Check<'_> {
    /// What identifies it, if that can be said.
    fn check(&self, diagnostics: &mut Diagnostics) -> Option<BTreeMap<String, String>> {
        let (tree, node) = (self.tree, self.node);
        let (resource, import) = (tree[node].resource()?, import_of(tree, node)?);
        let type_name = resource.type_name();
        let place = format!("`{}` ({type_name})", tree.path(node));
        let impossible = |message: String| {
            Diagnostic::error(&codes::IMPORT_NOT_POSSIBLE, message, import.location)
        };
        if matches!(tree[self.template].kind(), Kind::StackSet(_)) {
            diagnostics.push(
                impossible(format!("{place} is of a stack set, which makes all its resources"))
                    .allowed("imports into stacks")
                    .help("add it to a stack of the account and region where it exists"),
            );
        }
        let way_out = NOT_IMPORTABLE.iter().find(|(name, _)| *name == type_name);
        let way_out = way_out.map(|(_, way_out)| *way_out).or_else(|| {
            let is_made_by_transform =
                schema::is_known(type_name) && schema::identifier(type_name).is_empty();
            let is_custom = type_name.starts_with("Custom::") || type_name.ends_with("::MODULE");
            (is_made_by_transform || is_custom).then_some("let a deployment make it")
        });
        if let Some(way_out) = way_out {
            diagnostics
                .push(impossible(format!("CloudFormation imports no {place}")).help(way_out));
            return None;
        }
        let policies = resource.policies()?;
        if policies.condition.is_some() {
            diagnostics.push(
                impossible(format!("{place} is imported, and is there under a condition only"))
                    .help("decide it in the program: add it, and import it, where it exists"),
            );
        }
        if policies.deletion.is_none() {
            let message = format!("{place} is imported, and has no deletion policy");
            diagnostics.push(
                Diagnostic::error(&codes::IMPORT_WITHOUT_DELETION_POLICY, message, import.location)
                    .allowed("`Retain`, `RetainExceptOnCreate`, `Delete`, `Snapshot`")
                    .help("`.retain()` keeps the thing whatever becomes of the stack"),
            );
        }
        let identifier = self.identifier(&place, type_name, import, diagnostics)?;
        self.properties(&place, resource, &identifier, import, diagnostics);
        Some(identifier)
    }

    fn identifier(
        &self,
        place: &str,
        type_name: &str,
        import: &Import,
        diagnostics: &mut Diagnostics,
    ) -> Option<BTreeMap<String, String>> {
        let found = resolved(type_name, &import.identifier);
        if found.is_some() {
            return found;
        }
        let known = schema::identifier(type_name);
        let names = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let given: Vec<&str> = match &import.identifier {
            Identifier::Value(_) => Vec::new(),
            Identifier::Named(values) => values.iter().map(|(name, _)| name.as_str()).collect(),
        };
        let is_empty = match &import.identifier {
            Identifier::Value(value) => value.trim().is_empty(),
            Identifier::Named(values) => {
                values.is_empty() || values.iter().any(|(_, value)| value.trim().is_empty())
            }
        };
        let unknown = given.iter().find(|name| !known.is_empty() && !known.contains(name));
        let message = match unknown {
            Some(name) => format!("{place} is not identified by `{name}`"),
            None if is_empty => format!("{place} is imported by an empty identifier"),
            None if given.is_empty() => format!("{place} is not identified by one value"),
            None => format!("{place} is not identified by {} of its properties", given.len()),
        };
        let mut diagnostic = Diagnostic::error(&codes::IMPORT_IDENTIFIER, message, import.location);
        diagnostic = match known {
            [] => diagnostic
                .allowed("the properties of the type's primary identifier, with their values"),
            _ => diagnostic.allowed(format!("the values of {names}, each once")),
        };
        let near = unknown.and_then(|name| nearest(name, known.iter().copied()));
        diagnostics.push(diagnostic.help(match (near, known) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, [name]) => format!("`.import(\"...\")` with its `{name}`"),
            (None, []) => "`.import([(\"Property\", \"value\")])`".to_owned(),
            (None, names) => {
                let pairs = names.iter().map(|name| format!("(\"{name}\", \"...\")"));
                format!("`.import([{}])`", pairs.collect::<Vec<_>>().join(", "))
            }
        }));
        None
    }

    /// A property that is set is to say the same as the identifier: otherwise CloudFormation refuses the import.
    fn properties(
        &self,
        place: &str,
        resource: &Resource,
        identifier: &BTreeMap<String, String>,
        import: &Import,
        diagnostics: &mut Diagnostics,
    ) {
        for (name, value) in identifier {
            let Some(set) = resource.get(name).and_then(accel_core::Prop::as_str) else { continue };
            if set == value {
                continue;
            }
            let message = format!("{place} is imported as `{value}`, and its `{name}` is `{set}`");
            let location = resource.overridden_at(name).unwrap_or(self.tree[self.node].location());
            diagnostics.push(
                Diagnostic::error(&codes::IMPORT_IDENTIFIER, message, import.location)
                    .note("the property is set here", location)
                    .allowed(format!("one value of `{name}`"))
                    .help("write the properties as those that exist; a deployment can change them later"),
            );
        }
    }
}
