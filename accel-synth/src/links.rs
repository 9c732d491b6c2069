//! Which reference is legal, and what it becomes: an output and a parameter, a step's result, a row.

use std::{collections::BTreeSet, panic::Location, sync::Arc};

use accel_core::{
    AccountRef, AttrSource, Audience, Code, Diagnostic, Diagnostics, Environment, Intrinsic, Prop,
    StepRef, Table, Text,
    tree::{Kind, Node, NodeId, Tree},
};
use litemap::LiteMap;

use crate::{
    codes,
    layout::{Layout, pascal_case, short_digest},
    transform::Transform,
};

mod templates;

pub(crate) use templates::link;

/// What the templates, documents and steps need of each other and of the accounts.
#[derive(Debug, Default)]
pub(crate) struct Links {
    by_template: LiteMap<NodeId, TemplateLinks>,
    pub(crate) edges: Vec<Edge>,
}

/// What one template needs and gives, beyond its members.
#[derive(Debug, Default)]
pub(crate) struct TemplateLinks {
    pub(crate) parameters: LiteMap<String, Given>,
    pub(crate) outputs: LiteMap<String, AttrSource>,
    pub(crate) mappings: LiteMap<String, Arc<Table>>,
    /// By key: what the deployer writes into each account.
    pub(crate) by_account: LiteMap<Text, Arc<Table>>,
    pub(crate) transforms: BTreeSet<Transform>,
}

/// A parameter that the deployer fills in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub(crate) source: Source,
    pub(crate) list: bool,
}

/// Where the deployer gets a value from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    Output {
        template: NodeId,
        name: String,
    },
    Step {
        step: NodeId,
        result: &'static str,
    },
    AccountId(AccountRef),
    Published {
        node: NodeId,
        environment: Environment,
    },
    /// Known to the document's target alone.
    Document {
        document: NodeId,
    },
}

/// `consumer` (a template, a step or a document) needs a value of `producer` (a template or a step).
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) producer: NodeId,
    pub(crate) consumer: NodeId,
    /// The construct that uses it, and what it uses, for diagnostics.
    pub(crate) user: NodeId,
    pub(crate) what: String,
    pub(crate) location: &'static Location<'static>,
}

impl Links {
    pub(crate) fn of(&self, template: NodeId) -> Option<&TemplateLinks> {
        self.by_template.get(&template)
    }

    pub(crate) fn of_mut(&mut self, template: NodeId) -> &mut TemplateLinks {
        self.by_template.entry(template).or_default()
    }

    /// Whoever needs an account's id waits for the step that learns it.
    pub(crate) fn account_edge(
        &mut self,
        tree: &Tree,
        account: AccountRef,
        consumer: NodeId,
        user: NodeId,
        location: &'static Location<'static>,
    ) {
        let Some(Kind::Account(info)) = tree.get(account.node()).map(Node::kind) else { return };
        let Some(producer) = info.step.map(StepRef::node).filter(|step| *step != consumer) else {
            return;
        };
        let what = format!("the id of the account `{}`", tree[account.node()].id());
        self.edges.push(Edge { producer, consumer, user, what, location });
    }

    /// Makes `template` give `attr` out; says under which name.
    pub(crate) fn output(&mut self, layout: &Layout, template: NodeId, attr: AttrSource) -> String {
        let name = output_name(layout, attr);
        self.of_mut(template)
            .outputs
            .insert(name.clone(), AttrSource { shared_with: None, ..attr });
        name
    }
}

/// How a template says an account's id.
pub(crate) enum AccountIdIn {
    Own,
    Literal(String),
    Parameter(String),
}

/// An id that only the lock file knows stays a parameter, so that learning it changes no template.
pub(crate) fn account_id_in(tree: &Tree, template: NodeId, account: AccountRef) -> AccountIdIn {
    let known = match tree.get(account.node()).map(|node| node.kind()) {
        Some(Kind::Account(info)) => info.id,
        _ => None,
    };
    match (tree[template].kind(), known) {
        (Kind::Stack(stack), _) if stack.environment().account == account => AccountIdIn::Own,
        (_, Some(id)) => AccountIdIn::Literal(id.to_string()),
        (_, None) => AccountIdIn::Parameter(format!(
            "AccountId{}",
            pascal_case(tree.get(account.node()).map_or("", |node| node.id()))
        )),
    }
}

/// Tables with the same rows are one mapping.
pub(crate) fn mapping_name(table: &Table) -> String {
    format!("Table{}", short_digest(&format!("{table:?}")))
}

pub(crate) fn output_name(layout: &Layout, attr: AttrSource) -> String {
    format!("{}{}", layout.logical_id(attr.node), pascal_case(attr.name.unwrap_or_default()))
}

/// Readable, and unique however many stacks have that id. Like all deployed names it comes from the path
/// that the producer had before any rename.
pub(crate) fn parameter_name(tree: &Tree, layout: &Layout, attr: AttrSource) -> String {
    match layout.template(attr.node) {
        Some(producer) => {
            let path = layout.deployed_path(tree, producer);
            let id = path.rsplit('/').next().unwrap_or(&path);
            format!("{}{}{}", pascal_case(id), output_name(layout, attr), short_digest(&path))
        }
        None => step_parameter_name(tree, layout, attr),
    }
}

fn step_parameter_name(tree: &Tree, layout: &Layout, attr: AttrSource) -> String {
    let path = layout.deployed_path(tree, attr.node);
    format!("{}{}{}", pascal_case(&path), attr.name.unwrap_or_default(), short_digest(&path))
}

pub(crate) fn published_parameter_name(
    tree: &Tree,
    layout: &Layout,
    published: NodeId,
    environment: Environment,
) -> String {
    let path = layout.deployed_path(tree, published);
    let account = tree[environment.account.node()].id();
    let whole = format!("{path}@{account}/{}", environment.region);
    format!("{}{}{}", pascal_case(&path), pascal_case(account), short_digest(&whole))
}

pub(crate) fn describe(tree: &Tree, attr: AttrSource) -> String {
    let name = attr.name.map_or("the id".to_owned(), |name| format!("`{name}`"));
    format!("{name} of `{}`", tree.path(attr.node))
}
