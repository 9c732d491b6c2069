use std::{
    collections::BTreeMap,
    fmt::{Display, Formatter, Result},
};

use litemap::LiteMap;

use super::{
    Action, Diff, DocumentDiff, Edit, EntryDiff, Line, Rename, ResourceDiff, TemplateDiff,
    TemplateKind, Withdrawal, phrase::Phrases,
};
use crate::schema::Replacement;

/// Lines of a document that are shown; the rest is counted.
const LINES: usize = 40;
/// The widest a column gets.
const COLUMN: usize = 48;

impl Display for Diff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.is_empty() {
            writeln!(f, "no differences")?;
        }
        let organization = self.accounts.iter().chain(&self.steps);
        group(f, "organization", organization.collect())?;
        write_templates(f, &self.templates)?;
        for document in &self.documents {
            write!(f, "{document}")?;
        }
        if !self.documents.is_empty() {
            writeln!(f)?;
        }
        for path in &self.rewritten {
            writeln!(f, "= {path}: written differently, means the same")?;
        }
        match self.summary() {
            counts if counts.is_empty() => Ok(()),
            counts => writeln!(f, "{counts}"),
        }
    }
}

impl Diff {
    /// `2 resources to add, 1 to replace; 1 document to change`; empty if nothing is to do.
    fn summary(&self) -> String {
        let resources = self.templates.iter().flat_map(|template| &template.resources);
        let entries = |entries: &[EntryDiff]| entries.iter().map(|one| one.action).collect();
        let groups = [
            ("resource", resources.map(|resource| resource.action).collect::<Vec<_>>()),
            ("account", entries(&self.accounts)),
            ("step", entries(&self.steps)),
            ("document", self.documents.iter().map(|document| document.action).collect()),
        ];
        let groups = groups.iter().filter_map(|(noun, actions)| counts(noun, actions));
        groups.collect::<Vec<_>>().join("; ")
    }
}

fn counts(noun: &str, actions: &[Action]) -> Option<String> {
    let mut counts = Vec::new();
    for (action, verb) in [
        (Action::Add, "to add"),
        (Action::Import, "to import"),
        (Action::Change, "to change"),
        (Action::MayReplace, "to replace perhaps"),
        (Action::Replace, "to replace"),
        (Action::Remove, "to delete"),
    ] {
        let count = actions.iter().filter(|one| **one == action).count();
        if count > 0 {
            let noun = match (counts.is_empty(), count) {
                (true, 1) => format!(" {noun}"),
                (true, _) => format!(" {noun}s"),
                _ => String::new(),
            };
            counts.push(format!("{count}{noun} {verb}"));
        }
    }
    (!counts.is_empty()).then(|| counts.join(", "))
}

fn group(f: &mut Formatter<'_>, title: &str, entries: Vec<&EntryDiff>) -> Result {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(f, "~ {title}")?;
    let names = BTreeMap::new();
    let phrases = Phrases { names: &names };
    for entry in entries {
        write_entry(f, entry, &phrases)?;
    }
    writeln!(f)
}

/// Stacks that differ in the same way, in many accounts and regions, are told once.
fn write_templates(f: &mut Formatter<'_>, templates: &[TemplateDiff]) -> Result {
    let mut groups: Vec<(String, Vec<&TemplateDiff>)> = Vec::new();
    let mut places: LiteMap<String, usize> = LiteMap::new_vec();
    for template in templates {
        let body = template.to_string();
        let group = *places.entry(body.clone()).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((_, others)) => others.push(template),
            None => groups.push((body, vec![template])),
        }
    }
    for (body, templates) in groups {
        for TemplateDiff { kind, action, path, .. } in templates {
            let kind = match kind {
                TemplateKind::Stack => "stack",
                TemplateKind::StackSet => "stack set",
            };
            writeln!(f, "{} {kind} {path}", action.mark())?;
        }
        writeln!(f, "{body}")?;
    }
    Ok(())
}

/// What differs, without what it is.
impl Display for TemplateDiff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let phrases = Phrases { names: &self.names };
        for edit in &self.settings {
            write_edit(f, 4, edit, &phrases)?;
        }
        let width = |text: fn(&ResourceDiff) -> &str| {
            let widths = self.resources.iter().map(|resource| text(resource).chars().count());
            widths.max().unwrap_or(0).min(COLUMN)
        };
        let widths = [width(|resource| &resource.construct), width(|resource| &resource.type_name)];
        for resource in &self.resources {
            write_resource(f, resource, widths, &phrases)?;
        }
        for entry in &self.entries {
            write_entry(f, entry, &phrases)?;
        }
        if self.retained {
            writeln!(f, "    (its stacks stay)")?;
        }
        if let Some(Withdrawal { from, retained, resources }) = &self.withdrawal {
            let remark = if *retained { "  (their stacks stay)" } else { "" };
            writeln!(f, "    - instances in {}{remark}", from.join(", "))?;
            for resource in resources {
                write_resource(f, resource, [0, 0], &phrases)?;
            }
        }
        for Rename { old, new } in &self.renames {
            writeln!(
                f,
                "    ? if this is a rename, `app.moved({old:?}, {new:?})` keeps what is there"
            )?;
        }
        Ok(())
    }
}

fn write_resource(
    f: &mut Formatter<'_>,
    resource: &ResourceDiff,
    [construct_width, type_width]: [usize; 2],
    phrases: &Phrases<'_>,
) -> Result {
    let ResourceDiff { construct, type_name, action, .. } = resource;
    let mut remarks = Vec::new();
    match resource.stateful.filter(|_| resource.is_endangered()) {
        Some(_) if resource.kept => remarks.push("stateful; what is there is kept".to_owned()),
        Some(loses) => remarks.push(format!("stateful: {loses}")),
        None => {}
    }
    if !resource.identifier.is_empty() {
        let identifier = resource.identifier.iter();
        let identifier: Vec<_> = identifier.map(|(name, of)| format!("{name} {of}")).collect();
        remarks.push(format!("exists: {}", identifier.join(", ")));
    }
    if !resource.used_by.is_empty() {
        remarks.push(format!("used by {}", resource.used_by.join(", ")));
    }
    let remark = match remarks.is_empty() {
        true => String::new(),
        false => format!("  ({})", remarks.join("; ")),
    };
    let line = format!(
        "    {:<3} {construct:<construct_width$}  {type_name:<type_width$}{remark}",
        action.mark()
    );
    writeln!(f, "{}", line.trim_end())?;
    resource.edits.iter().try_for_each(|edit| write_edit(f, 10, edit, phrases))
}

fn write_entry(f: &mut Formatter<'_>, entry: &EntryDiff, phrases: &Phrases<'_>) -> Result {
    let EntryDiff { kind, name, action, note, edits } = entry;
    write!(f, "    {:<3} {kind} {name}", action.mark())?;
    match note {
        Some(note) => writeln!(f, ": {note}")?,
        None => writeln!(f)?,
    }
    edits.iter().try_for_each(|edit| write_edit(f, 10, edit, phrases))
}

fn write_edit(f: &mut Formatter<'_>, indent: usize, edit: &Edit, phrases: &Phrases<'_>) -> Result {
    let Edit { path, action, old, new, replacement, because } = edit;
    write!(f, "{:indent$}{} {path}: ", "", action.mark())?;
    match (old, new, because) {
        (_, _, Some(replaced)) => write!(f, "follows the replacement of {replaced}")?,
        (Some(old), Some(new), _) => {
            write!(f, "{} -> {}", phrases.line(old), phrases.line(new))?;
        }
        (old, new, _) => {
            let value = old.as_ref().or(new.as_ref());
            f.write_str(&value.map_or_else(String::new, |value| phrases.line(value)))?;
        }
    }
    writeln!(
        f,
        "{}",
        match replacement {
            Replacement::No => "",
            Replacement::Maybe => "  (may replace)",
            Replacement::Yes => "  (replaces)",
        }
    )
}

impl Display for DocumentDiff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { path, action, pending, added, removed, lines } = self;
        write!(f, "{} document {path}", action.mark())?;
        writeln!(
            f,
            "{}",
            match (pending, action) {
                (true, _) => "  (left out until a value is known)".to_owned(),
                (_, Action::Change) => format!("  (+{added} -{removed})"),
                _ => format!("  ({} lines)", added + removed),
            }
        )?;
        let mut last: Option<&Line> = None;
        for line in lines.iter().take(LINES) {
            if last.is_some_and(|last| {
                last.mark == ' ' && line.mark == ' ' && last.number + 1 < line.number
            }) {
                writeln!(f, "      ...")?;
            }
            let text = format!("    {} {}", line.mark, line.text);
            writeln!(f, "{}", text.trim_end())?;
            last = Some(line);
        }
        if lines.len() > LINES {
            writeln!(f, "      ... {} more lines", lines.len() - LINES)?;
        }
        Ok(())
    }
}
