//! `organization/steps.json`: what must hold in the organization and no template can say.

use accel_core::{
    Call, Diagnostic, Diagnostics, Intrinsic, Object, Prop, Protocol, Pseudo, Read, Step,
    tree::{Kind, NodeId, Tree},
};
use litemap::LiteMap;

use crate::{
    codes,
    json::JsonWriter,
    layout::Layout,
    links::{Edge, Links, Source, output_name},
    manifest::source_prop,
};

/// Where the steps are in an assembly.
pub(crate) const PATH: &str = "organization/steps.json";

/// All steps, in the order they were added.
pub(crate) fn steps(tree: &Tree) -> impl Iterator<Item = (NodeId, &Step)> {
    tree.ids().filter_map(|node| match tree[node].kind() {
        Kind::Step(step) => Some((node, &**step)),
        _ => None,
    })
}

/// Notes what the requests of steps need, and reports two owners of one setting.
pub(crate) fn link(tree: &Tree, layout: &Layout, links: &mut Links, diagnostics: &mut Diagnostics) {
    let mut owners = LiteMap::new_vec();
    for (node, step) in steps(tree) {
        let owner = (step.account, step.region, step.setting.as_str());
        if let Some(first) = owners.insert(owner, node) {
            let message = format!(
                "`{}` and `{}` both own `{}` of the account `{}` in {}",
                tree.path(first),
                tree.path(node),
                step.setting,
                tree.get(step.account.node()).map_or("", |node| node.id()),
                step.region
            );
            diagnostics.push(
                Diagnostic::error(&codes::TWO_OWNERS, message, tree[node].location())
                    .note("the other one is made here", tree[first].location())
                    .help("keep one of the two"),
            );
        }
        for object in requests(step) {
            for (_, value) in object.iter() {
                value.walk(&mut |prop| {
                    if let Prop::Intrinsic(intrinsic) = prop {
                        link_value(tree, layout, links, diagnostics, node, intrinsic);
                    }
                });
            }
        }
    }
}

fn requests(step: &Step) -> impl Iterator<Item = &Object> {
    let calls = step.call.iter().chain(&step.inverse);
    [&step.read.call.request, &step.read.expect].into_iter().chain(calls.map(|call| &call.request))
}

fn link_value(
    tree: &Tree,
    layout: &Layout,
    links: &mut Links,
    diagnostics: &mut Diagnostics,
    node: NodeId,
    intrinsic: &Intrinsic,
) {
    let location = tree[node].location();
    match intrinsic {
        Intrinsic::Attr(attr) if tree.get(attr.node).is_none() => {
            let message = format!("`{}` uses a handle of another `App`", tree.path(node));
            diagnostics.push(Diagnostic::error(
                &accel_core::codes::FOREIGN_HANDLE,
                message,
                location,
            ));
        }
        Intrinsic::Attr(attr) if matches!(tree[attr.node].kind(), Kind::Document(_)) => {
            let path = tree.path(attr.node);
            let message = format!(
                "`{}` uses the id of `{path}`, a document: only its own target knows that",
                tree.path(node)
            );
            diagnostics.push(Diagnostic::error(&codes::NOT_COMPUTABLE, message, location));
        }
        Intrinsic::Attr(attr) => {
            let Some(source) = source_of(tree, layout, intrinsic) else { return };
            let producer = match source {
                Source::Output { template, .. } => {
                    links.output(layout, template, *attr);
                    template
                }
                Source::Step { step, .. } => step,
                Source::AccountId(_) | Source::Published { .. } | Source::Document { .. } => return,
            };
            let what = source.describe(tree);
            links.edges.push(Edge { producer, consumer: node, user: node, what, location });
        }
        Intrinsic::AccountId(account) => links.account_edge(tree, *account, node, node, location),
        Intrinsic::Join(..) | Intrinsic::Pseudo(Pseudo::Partition | Pseudo::UrlSuffix) => {}
        _ => {
            let message = format!(
                "`{}` has a function in a step's request that only CloudFormation can evaluate",
                tree.path(node)
            );
            diagnostics.push(Diagnostic::error(&codes::NOT_COMPUTABLE, message, location));
        }
    }
}

fn source_of(tree: &Tree, layout: &Layout, intrinsic: &Intrinsic) -> Option<Source> {
    match intrinsic {
        Intrinsic::Attr(attr) => match tree.get(attr.node)?.kind() {
            Kind::Step(_) => {
                Some(Source::Step { step: attr.node, result: attr.name.unwrap_or("Id") })
            }
            _ => {
                let template = layout.template(attr.node)?;
                Some(Source::Output { template, name: output_name(layout, *attr) })
            }
        },
        Intrinsic::AccountId(account) => Some(Source::AccountId(*account)),
        _ => None,
    }
}

/// Prints the steps; none if there are none. `waits` says what each waits for.
pub(crate) fn print(
    tree: &Tree,
    layout: &Layout,
    waits: &LiteMap<NodeId, Vec<NodeId>>,
) -> Option<String> {
    let printer = Printer { tree, layout };
    let steps: Vec<_> = steps(tree).collect();
    if steps.is_empty() {
        return None;
    }
    let rows = steps
        .into_iter()
        .map(|(node, step)| printer.step(node, step, waits.get(&node).map_or(&[], Vec::as_slice)));
    let root = Prop::object([("version", Prop::from(1)), ("steps", Prop::list(rows))]);
    let mut json = JsonWriter::pretty(4096);
    json.prop(&root, &mut |json, _| json.null());
    Some(json.finish())
}

struct Printer<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
}

impl Printer<'_> {
    fn step(&self, node: NodeId, step: &Step, waits: &[NodeId]) -> Prop {
        let mut row = Object::new();
        row.insert("path", self.tree.path(node));
        row.insert("kind", step.kind);
        row.insert("account", self.tree.get(step.account.node()).map_or("", |node| node.id()));
        row.insert("region", step.region);
        row.insert("setting", step.setting.clone());
        if let Some(call) = &step.call {
            row.insert("call", self.call(call));
        }
        row.insert("read", self.read(&step.read));
        if let Some(inverse) = &step.inverse {
            row.insert("inverse", self.call(inverse));
        }
        row.insert("after", Prop::list(waits.iter().map(|&node| self.tree.path(node))));
        row.insert("prerequisites", Prop::list(step.prerequisites.iter().cloned()));
        Prop::Object(row)
    }

    fn read(&self, read: &Read) -> Prop {
        let mut row: Object = [
            ("call", self.call(&read.call)),
            ("absent", Prop::list(read.absent.iter().copied())),
            ("pointer", read.pointer.into()),
            ("expect", self.object(&read.expect)),
            ("results", Prop::object(read.results.iter().copied())),
            ("found", Prop::object(read.found.iter().copied())),
        ]
        .into_iter()
        .collect();
        if !read.prefix.is_empty() {
            row.insert("prefix", read.prefix);
        }
        Prop::Object(row)
    }

    fn call(&self, call: &Call) -> Prop {
        let protocol = match call.protocol {
            Protocol::Json { target } => Prop::object([("name", "json"), ("target", target)]),
            Protocol::RestJson { method, path } => {
                Prop::object([("name", "rest-json"), ("method", method), ("path", path)])
            }
            Protocol::RestXml { method, path, headers, namespace } => Prop::object([
                ("name", Prop::from("rest-xml")),
                ("method", method.into()),
                ("path", path.into()),
                ("headers", Prop::object(headers.iter().copied())),
                ("namespace", namespace.into()),
            ]),
            Protocol::Query { version } => Prop::object([("name", "query"), ("version", version)]),
        };
        Prop::object([
            ("service", Prop::from(call.service)),
            ("action", call.action.into()),
            ("protocol", protocol),
            ("request", self.object(&call.request)),
        ])
    }

    fn object(&self, object: &Object) -> Prop {
        Prop::Object(object.iter().map(|(key, value)| (key.clone(), self.value(value))).collect())
    }

    /// A literal, `{"$value": source}` or `{"$join": parts}`.
    fn value(&self, prop: &Prop) -> Prop {
        match prop {
            Prop::List(items) => Prop::list(items.iter().map(|item| self.value(item))),
            Prop::Object(object) => self.object(object),
            Prop::Intrinsic(intrinsic) => match &**intrinsic {
                Intrinsic::Join(_, items) => {
                    let items = items.iter().map(|item| self.value(item));
                    Prop::object([("$join", Prop::list(items))])
                }
                Intrinsic::Pseudo(pseudo) => Prop::object([("$pseudo", pseudo.name())]),
                intrinsic => {
                    let source = source_of(self.tree, self.layout, intrinsic);
                    let source = source.map(|source| source_prop(self.tree, self.layout, &source));
                    // Linking reported what is neither.
                    Prop::object([("$value", source.unwrap_or(Prop::Object(Object::new())))])
                }
            },
            literal => literal.clone(),
        }
    }
}
