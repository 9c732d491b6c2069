//! `organization/steps.json`: what must hold in the organization and no template can say.

use std::collections::BTreeMap;

use accel_core::{
    Call, Diagnostic, Diagnostics, Intrinsic, Object, Prop, Protocol, Pseudo, Read, Step, Text,
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
    // Not a `LiteMap`: they come as the program adds them, and there may be thousands.
    let mut owners = BTreeMap::new();
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
    let mut steps = steps(tree).peekable();
    steps.peek()?;
    let mut printer = Printer { tree, layout, json: JsonWriter::pretty(4096) };
    printer.json.begin_object();
    printer.json.key("steps");
    printer.json.begin_list();
    for (node, step) in steps {
        printer.json.item();
        printer.step(node, step, waits.get(&node).map_or(&[], Vec::as_slice));
    }
    printer.json.end_list();
    printer.json.key("version");
    printer.json.integer(1);
    printer.json.end_object();
    Some(printer.json.finish())
}

/// Writes members in the order of their names, as they stand everywhere else.
struct Printer<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    json: JsonWriter,
}

impl Printer<'_> {
    fn step(&mut self, node: NodeId, step: &Step, waits: &[NodeId]) {
        let account = self.tree.get(step.account.node()).map_or("", |node| node.id());
        let waits: Vec<String> = waits.iter().map(|&node| self.tree.path(node)).collect();
        self.json.begin_object();
        self.text("account", account);
        self.texts("after", &mut waits.iter().map(String::as_str));
        if let Some(call) = &step.call {
            self.call("call", call);
        }
        if let Some(inverse) = &step.inverse {
            self.call("inverse", inverse);
        }
        self.text("kind", step.kind);
        self.text("path", &self.tree.path(node));
        self.texts("prerequisites", &mut step.prerequisites.iter().map(Text::as_str));
        self.read(&step.read);
        self.text("region", step.region.name());
        self.text("setting", &step.setting);
        self.json.end_object();
    }

    fn read(&mut self, read: &Read) {
        self.json.key("read");
        self.json.begin_object();
        self.texts("absent", &mut read.absent.iter().copied());
        self.call("call", &read.call);
        self.object("expect", &read.expect);
        self.pairs("found", &read.found);
        self.text("pointer", read.pointer);
        if !read.prefix.is_empty() {
            self.text("prefix", read.prefix);
        }
        self.pairs("results", &read.results);
        self.json.end_object();
    }

    fn call(&mut self, name: &str, call: &Call) {
        self.json.key(name);
        self.json.begin_object();
        self.text("action", call.action);
        self.json.key("protocol");
        self.json.begin_object();
        match call.protocol {
            Protocol::Json { target } => {
                self.text("name", "json");
                self.text("target", target);
            }
            Protocol::RestJson { method, path } => {
                self.text("method", method);
                self.text("name", "rest-json");
                self.text("path", path);
            }
            Protocol::RestXml { method, path, headers, namespace } => {
                self.pairs("headers", headers);
                self.text("method", method);
                self.text("name", "rest-xml");
                self.text("namespace", namespace);
                self.text("path", path);
            }
            Protocol::Query { version } => {
                self.text("name", "query");
                self.text("version", version);
            }
        }
        self.json.end_object();
        self.object("request", &call.request);
        self.text("service", call.service);
        self.json.end_object();
    }

    fn text(&mut self, name: &str, text: &str) {
        self.json.key(name);
        self.json.string(text);
    }

    fn texts(&mut self, name: &str, texts: &mut dyn Iterator<Item = &str>) {
        self.json.key(name);
        self.json.begin_list();
        for text in texts {
            self.json.item();
            self.json.string(text);
        }
        self.json.end_list();
    }

    fn pairs(&mut self, name: &str, pairs: &[(&str, &str)]) {
        let object: Object = pairs.iter().copied().collect();
        self.object(name, &object);
    }

    fn object(&mut self, name: &str, object: &Object) {
        let (tree, layout) = (self.tree, self.layout);
        self.json.key(name);
        self.json.object(object, &mut |json, it| intrinsic(tree, layout, json, it));
    }
}

/// `{"$value": source}` or `{"$join": parts}`.
fn intrinsic(tree: &Tree, layout: &Layout, json: &mut JsonWriter, it: &Intrinsic) {
    json.begin_object();
    match it {
        Intrinsic::Join(_, items) => {
            json.key("$join");
            json.begin_list();
            for item in items {
                json.item();
                json.prop(item, &mut |json, it| intrinsic(tree, layout, json, it));
            }
            json.end_list();
        }
        Intrinsic::Pseudo(pseudo) => {
            json.key("$pseudo");
            json.string(pseudo.name());
        }
        it => {
            json.key("$value");
            // Linking reported what is neither.
            let source = source_of(tree, layout, it);
            let source = source.map(|source| source_prop(tree, layout, &source));
            let source = source.unwrap_or(Prop::Object(Object::new()));
            json.prop(&source, &mut |json, _| json.null());
        }
    }
    json.end_object();
}
