//! A page for each guardrail of the catalogue, and their index, are what the code says.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use accel_constructs::security::{Guardrails, OrganizationGuardrail};
use accel_core::policy::Probe;

use super::{catalogue, policies};

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guardrails");

#[test]
fn the_pages_are_what_the_code_says() {
    let mut all = catalogue().regulated();
    all.push(OrganizationGuardrail::quarantine());
    let mut pages = BTreeMap::from([("README.md".to_owned(), index(&all))]);
    for guardrail in &all {
        pages.insert(format!("{}.md", guardrail.id()), page(guardrail));
    }
    let folder = Path::new(PAGES);
    if std::env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always") {
        fs::create_dir_all(folder).expect("the folder is ours");
        for (name, text) in &pages {
            fs::write(folder.join(name), text).expect("the page is ours to write");
        }
    }
    for (name, text) in &pages {
        let committed = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(
            committed == *text,
            "docs/guardrails/{name} is not what the code says; `INSTA_UPDATE=always cargo test \
             -p accel-constructs --test aws` writes it"
        );
    }
    let files = fs::read_dir(folder).expect("the folder is there").flatten();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        assert!(pages.contains_key(&name), "docs/guardrails/{name} is of no guardrail");
    }
}

fn index(all: &[OrganizationGuardrail]) -> String {
    let [sandbox, baseline] = [catalogue().sandbox(), catalogue().baseline()];
    let has = |preset: &[OrganizationGuardrail], id: &str| match preset.iter().any(|g| g.id() == id)
    {
        true => "yes",
        false => "",
    };
    let mut sorted: Vec<&OrganizationGuardrail> = all.iter().collect();
    sorted.sort_by_key(|guardrail| guardrail.id());
    let mut page = String::from(
        "# The catalogue of guardrails\n\nWritten by a test from the code. The presets are \
         those of `GuardrailCatalogue`; `regulated` has all but `quarantine`, which is for the unit of \
         suspended accounts.\nWhat `sandbox` and `baseline` need to know of the organization (its workflows at GitHub, its \
         log archive) they leave out where it is not said.\n\n\
         | id | what it is for | type of policy | sandbox | baseline | probes |\n|---|---|---|---|---|---|\n",
    );
    for guardrail in sorted {
        let id = guardrail.id();
        let _ = writeln!(
            page,
            "| [`{id}`]({id}.md) | {} | `{}` | {} | {} | {} |",
            guardrail.purpose(),
            guardrail.policy_type().name(),
            has(&sandbox, id),
            has(&baseline, id),
            guardrail.probes().len(),
        );
    }
    page
}

fn page(guardrail: &OrganizationGuardrail) -> String {
    let id = guardrail.id();
    let function = id.replace(['.', '-'], "_");
    let mut page = format!(
        "# `{id}`\n\n{}.\n\n`OrganizationGuardrail::{function}`, in a policy of the type `{}`. [All guardrails](README.md)\n",
        guardrail.purpose(),
        guardrail.policy_type().name(),
    );
    let controls: Vec<String> = guardrail.met_controls().iter().map(|it| control(it)).collect();
    if !controls.is_empty() {
        let _ = write!(page, "\n## Controls\n\nIt helps to meet {}.\n", controls.join(", "));
    }
    let platform = Guardrails::PLATFORM_ROLES.map(|role| format!("`{role}`")).join(", ");
    let _ = write!(page, "\n## Exemptions\n\n");
    let _ = if guardrail.probes().is_empty() {
        writeln!(page, "Nobody: it holds for the accounts that it is attached to.")
    } else if guardrail.exempts_platform_roles() {
        writeln!(
            page,
            "The platform's roles (by default {platform}), and who is named with `exempt`."
        )
    } else {
        writeln!(
            page,
            "The platform's roles are not exempt. What passes all the same is among the probes."
        )
    };
    if !guardrail.probes().is_empty() {
        let _ = write!(
            page,
            "\n## Probes\n\n| | what happens | request | who asks | is |\n|---|---|---|---|---|\n"
        );
        for probe in guardrail.probes() {
            let _ = writeln!(page, "{}", row(&probe));
        }
    }
    let content = &policies(vec![guardrail.clone()])[0].1;
    let json = serde_json::to_string_pretty(content).expect("it is JSON");
    let _ = write!(
        page,
        "\n## Document\n\nWith the parameters of the tests:\n\n```json\n{json}\n```\n"
    );
    page
}

fn row(probe: &Probe) -> String {
    let context: String = probe
        .context()
        .map(|(key, values)| {
            let values: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
            format!("<br>`{key}`: `{}`", values.join("`, `"))
        })
        .collect();
    format!(
        "| {} | {} | `{}` on `{}`{context} | `{}` | {} |",
        probe.kind(),
        probe.story(),
        probe.action(),
        probe.resource(),
        probe.principal(),
        if probe.kind().is_denied() { "denied" } else { "allowed" },
    )
}

/// A control in words: of which framework, and its number there.
fn control(id: &str) -> String {
    match id.split_once(':') {
        Some(("CIS5", number)) => format!("CIS AWS Foundations Benchmark 5.0.0 {number}"),
        Some(("FSBP", number)) => format!("AWS Foundational Security Best Practices {number}"),
        _ => panic!("{id} is of no framework known here"),
    }
}
