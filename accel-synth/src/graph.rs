use std::panic::Location;

use accel_core::{
    AccountRef, Diagnostic, Diagnostics, Targets,
    tree::{Kind, NodeId, Tree},
};
use litemap::LiteMap;

use crate::{codes, layout::Layout, links::Links};

/// What waits for what: templates and steps.
#[derive(Debug)]
pub(crate) struct Graph {
    edges: Vec<Wait>,
}

#[derive(Clone, Debug)]
struct Wait {
    consumer: NodeId,
    producer: NodeId,
    reason: Reason,
    location: &'static Location<'static>,
}

/// Why something waits. It becomes text only where there is a cycle.
#[derive(Clone, Copy, Debug)]
enum Reason {
    /// A value crosses: by its number among the edges of the links.
    Value(usize),
    /// The program says so of this construct.
    Order(NodeId),
    /// It is in the account that the other makes.
    Account,
    /// It is deployed to what the other makes.
    Targets,
}

impl Wait {
    fn reason(&self, tree: &Tree, links: &Links) -> String {
        match self.reason {
            Reason::Value(edge) => {
                let edge = &links.edges[edge];
                format!("`{}` uses {} here", tree.path(edge.user), edge.what)
            }
            Reason::Order(user) => format!("`{}` waits for it here", tree.path(user)),
            Reason::Account => {
                format!("`{}` is in the account that it makes", tree.path(self.consumer))
            }
            Reason::Targets => {
                format!("`{}` is deployed to what it makes", tree.path(self.consumer))
            }
        }
    }
}

impl Graph {
    pub(crate) fn new(tree: &Tree, layout: &Layout, links: &Links) -> Self {
        let is_document = |node| matches!(tree[node].kind(), Kind::Document(_) | Kind::Level(_));
        let values = links.edges.iter().enumerate();
        let values =
            values.filter(|(_, edge)| !is_document(edge.consumer)).map(|(index, edge)| Wait {
                consumer: edge.consumer,
                producer: edge.producer,
                reason: Reason::Value(index),
                location: edge.location,
            });
        let unit = |node| layout.template(node).unwrap_or(node);
        let orders = tree.orders().iter().map(|order| Wait {
            consumer: unit(order.user),
            producer: unit(order.on),
            reason: Reason::Order(order.user),
            location: order.location,
        });
        let accounts = tree.ids().filter_map(|node| wait_for_account(tree, node));
        let targets = tree.ids().flat_map(|node| wait_for_targets(tree, node));
        Self { edges: values.chain(orders).chain(accounts).chain(targets).collect() }
    }

    /// What each waits for, in a fixed order, without repetition.
    pub(crate) fn waits(&self) -> LiteMap<NodeId, Vec<NodeId>> {
        let mut waits: LiteMap<NodeId, Vec<NodeId>> = LiteMap::new_vec();
        for edge in &self.edges {
            waits.entry(edge.consumer).or_default().push(edge.producer);
        }
        for (_, producers) in waits.iter_mut() {
            producers.sort();
            producers.dedup();
        }
        waits
    }

    /// Reports a cycle, every edge with the line that makes it.
    pub(crate) fn check(&self, tree: &Tree, links: &Links, diagnostics: &mut Diagnostics) {
        let Some(cycle) = self.cycle() else { return };
        let paths: Vec<_> =
            cycle.iter().map(|edge| format!("`{}`", tree.path(edge.consumer))).collect();
        let message = format!("these need each other: {} -> {}", paths.join(" -> "), paths[0]);
        let mut diagnostic = Diagnostic::error(&codes::REFERENCE_CYCLE, message, cycle[0].location);
        for edge in cycle {
            diagnostic = diagnostic.note(edge.reason(tree, links), edge.location);
        }
        diagnostics.push(diagnostic.help(
            "build the two resources in one stack, or refer to one of them by a name that is known \
             at synth",
        ));
    }

    /// Some cycle, if there is one: strip what needs nothing until only cycles and what leads to them
    /// is left, then walk along until a node comes up again.
    fn cycle(&self) -> Option<Vec<&Wait>> {
        let mut needs: LiteMap<NodeId, Vec<&Wait>> = LiteMap::new_vec();
        for edge in &self.edges {
            needs.entry(edge.consumer).or_default().push(edge);
        }
        loop {
            let before = needs.len();
            let waiting: Vec<NodeId> = needs.keys().copied().collect();
            for (_, edges) in needs.iter_mut() {
                edges.retain(|edge| waiting.binary_search(&edge.producer).is_ok());
            }
            needs.retain(|_, edges| !edges.is_empty());
            if needs.len() == before {
                break;
            }
        }
        let mut walk: Vec<&Wait> = vec![needs.values().next()?[0]];
        loop {
            let last = walk.last()?.producer;
            if let Some(start) = walk.iter().position(|edge| edge.consumer == last) {
                return Some(walk.split_off(start));
            }
            walk.push(needs[&last][0]);
        }
    }
}

/// A stack set waits for the steps that make its units and the accounts it names.
fn wait_for_targets(tree: &Tree, node: NodeId) -> Vec<Wait> {
    let Kind::StackSet(set) = tree[node].kind() else { return Vec::new() };
    let canary = set.get_canary();
    let steps: Vec<NodeId> = match set.targets() {
        Targets::Units { units, filter } => {
            let named = filter.accounts().iter().filter_map(|account| step_of(tree, *account));
            let units = units.iter().chain(&canary).map(|unit| unit.node());
            units.chain(named).collect()
        }
        Targets::Accounts(accounts) => {
            accounts.iter().filter_map(|account| step_of(tree, *account)).collect()
        }
    };
    let waits = steps.into_iter().filter(|&step| tree.get(step).is_some()).map(|producer| Wait {
        consumer: node,
        producer,
        reason: Reason::Targets,
        location: tree[node].location(),
    });
    waits.collect()
}

fn step_of(tree: &Tree, account: AccountRef) -> Option<NodeId> {
    match tree.get(account.node())?.kind() {
        Kind::Account(info) => Some(info.step?.node()),
        _ => None,
    }
}

/// A stack and a step wait for the step that makes their account.
fn wait_for_account(tree: &Tree, node: NodeId) -> Option<Wait> {
    let account = match tree[node].kind() {
        Kind::Stack(stack) => stack.environment().account,
        Kind::Step(step) => step.account,
        _ => return None,
    };
    let producer = step_of(tree, account)?;
    (producer != node).then(|| Wait {
        consumer: node,
        producer,
        reason: Reason::Account,
        location: tree[node].location(),
    })
}
