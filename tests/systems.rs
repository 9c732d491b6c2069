//! What serves each system of the five pillars: `docs/systems.md` is written from here.
//!
//! A row names the construct (which has to exist for this to compile), what it makes (which has to be in the
//! assembly of an example) and the test that proves it (whose function has to be there). A row without a test
//! shows as missing.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use accel::synth::{Assembly, synth};

#[allow(dead_code, reason = "the example's main is not called here")]
#[path = "../examples/landing-zone.rs"]
mod landing_zone;

#[path = "systems/rows.rs"]
mod rows;

use rows::{Made, PILLARS, Row};

const PAGE: &str = "docs/systems.md";

#[test]
fn the_page_is_what_the_code_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is below the workspace");
    let assembly = synth(landing_zone::landing_zone()).unwrap_or_else(|found| panic!("{found}"));
    let page = page(&Contents::of(&assembly), root);
    if std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always") {
        fs::write(root.join(PAGE), &page).expect("the page is ours to write");
    }
    let committed = fs::read_to_string(root.join(PAGE)).unwrap_or_default();
    assert!(
        committed == page,
        "{PAGE} is not what the code says; `INSTA_UPDATE=always cargo test -p accel-tests --test systems` writes it"
    );
    assert!(!page.contains("**missing**"), "a system has no test");
}

/// What an assembly has: how many files below each prefix, how many resources of each type.
struct Contents {
    paths: Vec<String>,
    resources: BTreeMap<String, usize>,
    steps: BTreeMap<String, usize>,
}

impl Contents {
    fn of(assembly: &Assembly) -> Self {
        let mut contents =
            Self { paths: Vec::new(), resources: BTreeMap::new(), steps: BTreeMap::new() };
        for (path, text) in assembly.files() {
            contents.paths.push(path.to_owned());
            if path.ends_with(".template.json") {
                let template: serde_json::Value = serde_json::from_str(text).expect("JSON");
                for resource in
                    template["Resources"].as_object().into_iter().flat_map(|all| all.values())
                {
                    let kind = resource["Type"].as_str().expect("a type");
                    *contents.resources.entry(kind.to_owned()).or_default() += 1;
                }
            } else if path == "organization/steps.json" {
                let steps: serde_json::Value = serde_json::from_str(text).expect("JSON");
                for step in steps["steps"].as_array().into_iter().flatten() {
                    let kind = step["kind"].as_str().expect("a kind");
                    *contents.steps.entry(kind.to_owned()).or_default() += 1;
                }
            }
        }
        contents
    }

    fn count(&self, made: &Made) -> usize {
        match made {
            Made::Resource(kind) => self.resources.get(*kind).copied().unwrap_or(0),
            Made::Step(kind) => self.steps.get(*kind).copied().unwrap_or(0),
            Made::Files { start, end } => {
                let is_one = |path: &&String| path.starts_with(start) && path.ends_with(end);
                self.paths.iter().filter(is_one).count()
            }
        }
    }
}

fn page(contents: &Contents, root: &Path) -> String {
    let mut page = String::from(
        "# What serves which system\n\n\
         Written by `tests/systems.rs` from the code. The numbers are those of the example `landing-zone`.\n",
    );
    for (pillar, rows) in PILLARS {
        let _ = write!(
            page,
            "\n## {pillar}\n\n| system | construct | makes | proved by |\n|---|---|---|---|\n"
        );
        for Row { system, construct, makes, test } in *rows {
            let made: Vec<String> = makes
                .iter()
                .map(|made| {
                    let count = contents.count(made);
                    assert!(count > 0, "{system}: the example has no {made}");
                    format!("{count} × `{made}`")
                })
                .collect();
            let proof = test.filter(|(file, name)| has_test(&root.join(file), name));
            let proof = proof
                .map_or("**missing**".to_owned(), |(file, name)| format!("[`{name}`](../{file})"));
            // As the compiler's `stringify!` has it, there are spaces in the path.
            let construct = construct.replace(' ', "");
            let made = made.join("<br>");
            let _ = writeln!(page, "| {system} | `{construct}` | {made} | {proof} |");
        }
    }
    page
}

/// Whether the file has a test of that name.
fn has_test(file: &Path, name: &str) -> bool {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.windows(2).any(|two| two[0] == "#[test]" && two[1].starts_with(&format!("fn {name}(")))
}
