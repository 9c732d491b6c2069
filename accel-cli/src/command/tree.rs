use std::fmt;

use accel_core::{
    App,
    tree::{Kind, NodeId, Tree as ConstructTree},
};
use clap::{Args, builder::styling::Style};
use serde::Serialize;

use super::Json;
use crate::{
    codes,
    outcome::Outcome,
    problem::{Problem, Problems},
};

/// Show the construct tree, even of an app that does not synthesize
#[derive(Args, Debug)]
pub(crate) struct Tree {
    /// Show what is below this construct alone: prod/eu-west-1
    path: Option<String>,
    /// Show this many levels
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    #[command(flatten)]
    pub(super) json: Json,
}

impl Tree {
    pub(super) fn run(&self, app: App) -> Result<Outcome<Branch>, Problems> {
        let tree = app.into_tree();
        let node = match &self.path {
            None => tree.root(),
            Some(path) => {
                let found = tree.ids().find(|&node| tree.path(node) == path.trim_matches('/'));
                found.ok_or_else(|| unknown(&tree, path))?
            }
        };
        let branch = Branch::new(&tree, node, self.depth.unwrap_or(usize::MAX));
        Ok(Outcome::done(branch, Problems::default()))
    }
}

fn unknown(tree: &ConstructTree, path: &str) -> Problem {
    let paths: Vec<String> = tree.ids().map(|node| tree.path(node)).collect();
    let help = match accel_core::nearest(path, paths.iter().map(String::as_str)) {
        Some(path) => format!("did you mean `{path}`?"),
        None => "`tree` without a path shows all of them".to_owned(),
    };
    Problem::new(&codes::NO_SUCH_CONSTRUCT, format!("there is no `{path}` in the tree")).help(help)
}

/// A construct and what is below it.
#[derive(Debug, Serialize)]
pub(crate) struct Branch {
    id: String,
    path: String,
    /// What it is, if it is more than a group of others.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<Self>,
}

impl Branch {
    fn new(tree: &ConstructTree, node: NodeId, depth: usize) -> Self {
        let below = if depth == 0 { &[] } else { tree[node].children() };
        let child = |&child: &NodeId| Self::new(tree, child, depth - 1);
        Self {
            id: tree[node].id().to_owned(),
            path: tree.path(node),
            kind: kind(tree[node].kind()),
            children: below.iter().map(child).collect(),
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        let dim = Style::new().dimmed();
        match &self.kind {
            Some(kind) => writeln!(f, "{}  {dim}{kind}{dim:#}", self.id)?,
            None => writeln!(f, "{}", self.id)?,
        }
        let Some((last, others)) = self.children.split_last() else { return Ok(()) };
        for child in others {
            write!(f, "{indent}├── ")?;
            child.write(f, &format!("{indent}│   "))?;
        }
        write!(f, "{indent}└── ")?;
        last.write(f, &format!("{indent}    "))
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "")
    }
}

fn kind(kind: &Kind) -> Option<String> {
    let word = match kind {
        Kind::Group => return None,
        Kind::Account(account) => {
            return Some(match account.id {
                Some(id) => format!("account {id}"),
                None => "account".to_owned(),
            });
        }
        Kind::Stack(_) => "stack",
        Kind::StackSet(_) => "stack set",
        Kind::Level(level) => level.name(),
        Kind::Resource(resource) => resource.type_name(),
        Kind::Parameter(_) => "parameter",
        Kind::Condition(_) => "condition",
        Kind::Mapping(_) => "mapping",
        Kind::Output(_) => "output",
        Kind::Published(_) => "published value",
        Kind::Step(_) => "step",
        Kind::Document(_) => "document",
    };
    Some(word.to_owned())
}
