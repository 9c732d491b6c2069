use std::collections::BTreeSet;

use litemap::LiteMap;
use serde::Serialize;

use super::{
    Action,
    align::align,
    entry::{action, pairs},
};
use crate::ordered::IntoMap as _;
use crate::{Assembly, MANIFEST};

/// Lines above and below a change that help to find it.
const CONTEXT: usize = 2;

/// How a file that is neither a template nor the steps differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentDiff {
    /// Its path below the assembly.
    pub path: String,
    /// What happens to it.
    pub action: Action,
    /// Whether it waits for a value that only a deployment makes known, so that there is no text yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// How many lines are new.
    pub added: usize,
    /// How many lines are gone.
    pub removed: usize,
    /// The lines that differ, and some around them; none if the file is made or deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}

/// A line of a [`DocumentDiff`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// `+`, `-`, or a space for a line that both have.
    pub mark: char,
    /// Its number, from 1: in the old file if it is gone, in the new one otherwise.
    pub number: usize,
    /// What it says.
    pub text: String,
}

/// How the documents differ.
pub(super) fn compare(old: &Assembly, new: &Assembly) -> Vec<DocumentDiff> {
    let (old, new) = (documents(old), documents(new));
    let differing = pairs(&old, &new).filter(|(_, old, new)| old != new);
    let diffs = differing.map(|(path, before, after)| {
        let lines = |text: Option<&Option<&'_ str>>| -> Vec<String> {
            text.copied().flatten().unwrap_or_default().lines().map(str::to_owned).collect()
        };
        let all = changes(&lines(before), &lines(after));
        let count = |mark| all.iter().filter(|line| line.mark == mark).count();
        let (added, removed) = (count('+'), count('-'));
        let both = matches!((before, after), (Some(Some(_)), Some(Some(_))));
        DocumentDiff {
            path: path.to_owned(),
            action: action(before, after),
            pending: after == Some(&None),
            added,
            removed,
            lines: if both { with_context(all) } else { Vec::new() },
        }
    });
    diffs.collect()
}

/// By path; without a text if a value is not known yet.
fn documents(assembly: &Assembly) -> LiteMap<String, Option<&str>> {
    let manifest = assembly.manifest();
    let stacks = manifest.stacks.values().map(|stack| &stack.template.template);
    let sets = manifest.stack_sets.values().map(|set| &set.template.template);
    let apart: BTreeSet<&str> =
        stacks.chain(sets).chain(&manifest.steps).map(String::as_str).chain([MANIFEST]).collect();
    let files = assembly.files().filter(|(path, _)| !apart.contains(path));
    let pending = manifest.documents.iter().filter(|(_, document)| document.pending);
    let pending = pending.map(|(path, _)| (path.clone(), None));
    pending.chain(files.map(|(path, text)| (path.to_owned(), Some(text)))).into_lite_map()
}

fn changes(old: &[String], new: &[String]) -> Vec<Line> {
    let line = |mark, lines: &[String], index: usize| Line {
        mark,
        number: index + 1,
        text: lines[index].clone(),
    };
    let (mut all, mut added) = (Vec::new(), Vec::new());
    for (before, after) in align(old, new) {
        match (before, after) {
            (Some(i), Some(j)) if old[i] == new[j] => {
                all.append(&mut added);
                all.push(line(' ', new, j));
            }
            (before, after) => {
                // What is gone stands before what is new, as long as nothing is between.
                all.extend(before.map(|i| line('-', old, i)));
                added.extend(after.map(|j| line('+', new, j)));
            }
        }
    }
    all.append(&mut added);
    all
}

fn with_context(lines: Vec<Line>) -> Vec<Line> {
    let mut kept = vec![false; lines.len()];
    for index in (0..lines.len()).filter(|&index| lines[index].mark != ' ') {
        let end = lines.len().min(index + CONTEXT + 1);
        kept[index.saturating_sub(CONTEXT)..end].fill(true);
    }
    lines.into_iter().zip(kept).filter(|(_, keep)| *keep).map(|(line, _)| line).collect()
}
