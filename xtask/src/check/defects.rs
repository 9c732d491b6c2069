//! What accel's validator finds of the seeded defects that cfn-lint finds.
//!
//! The defects are made without any schema, from templates that others made: neither validator
//! chose them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use accel_synth::validate::template::validate_template;
use anyhow::{Context as _, bail, ensure};

use self::mutate::Defect;
use super::{
    cfn_lint::lint,
    foreign_templates::{read, templates},
    step::{Context, Passed, Step},
};

mod mutate;
mod written;

/// How many defects are seeded by chance; some are none, such as a property removed that nobody asks for.
const SEEDED: usize = 260;

/// How many of them cfn-lint has to find for the share to mean something.
const LEAST: usize = 200;

/// What accel has to find of those, in percent.
const SHARE: usize = 95;

/// The rules of cfn-lint that read the schemas of resource types: their keywords, and their formats of
/// identifiers and ARNs.
const SCHEMA_RULES: [&str; 34] = [
    "E1150", "E1151", "E1152", "E1153", "E1154", "E1155", "E1156", "E1157", "E1158", "E1159",
    "E1160", "E1161", "E1162", "E1163", "E1164", "E3002", "E3003", "E3006", "E3008", "E3012",
    "E3014", "E3017", "E3018", "E3020", "E3021", "E3024", "E3030", "E3031", "E3032", "E3033",
    "E3034", "E3037", "E3040", "E3058",
];

pub(crate) const DEFECTS: Step = Step {
    name: "defects",
    about: "accel's validator finds 95 % of the seeded defects that cfn-lint finds by schema rules",
    run: |context| {
        let sources = templates(context)?
            .iter()
            .map(|file| Ok(serde_json::from_str(&read(file)?)?))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut defects = mutate::defects(&sources, SEEDED);
        defects.extend(written::defects());
        let found = found_by_cfn_lint(context, &defects)?;
        ensure!(found.len() >= LEAST, "cfn-lint found only {} of {}", found.len(), defects.len());

        let mut missed = Vec::new();
        for (index, (rule, message)) in &found {
            let Defect { logical_id, what, template } = &defects[*index];
            let findings = validate_template(&template.to_string(), &[])?;
            if !findings.iter().any(|finding| finding.logical_id == *logical_id) {
                missed.push(format!("{index:03} {what}: {rule} {message}"));
            }
        }
        let share = (found.len() - missed.len()) * 100 / found.len();
        if share < SHARE {
            bail!("accel found {share} % of {}; it missed\n{}", found.len(), missed.join("\n"));
        }
        for missed in &missed {
            println!("    missed: {missed}");
        }
        Ok(Passed::new(
            found.len(),
            format!("of {} defects found by cfn-lint, {share} % of them by accel", defects.len()),
        ))
    },
};

/// The defects that cfn-lint finds by a schema rule where they are, with the first rule and message.
fn found_by_cfn_lint(
    context: &Context,
    defects: &[Defect],
) -> anyhow::Result<BTreeMap<usize, (String, String)>> {
    let directory = context.target("check/defects");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    let mut files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (index, defect) in defects.iter().enumerate() {
        let file = directory.join(format!("{index:03}.template.json"));
        fs::write(&file, serde_json::to_string_pretty(&defect.template)?)?;
        files.insert(file, index);
    }
    let names: Vec<PathBuf> = files.keys().cloned().collect();
    let regions = BTreeSet::from(["us-east-1".to_owned()]);
    let mut found = BTreeMap::new();
    for complaint in lint(context, &regions, &names)? {
        let file = complaint.filename.as_ref().context("cfn-lint names the file")?;
        let index = files[&context.root.join(file)];
        let here = complaint.logical_id() == Some(&defects[index].logical_id);
        if here && SCHEMA_RULES.contains(&complaint.rule.id.as_str()) {
            found.entry(index).or_insert((complaint.rule.id, complaint.message));
        }
    }
    Ok(found)
}
