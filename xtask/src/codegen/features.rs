//! The lists of services in `lib.rs` and `Cargo.toml`, between markers that say so.

use std::fmt::Write as _;

use anyhow::{Context as _, ensure};

use super::model::Service;

/// The services with a feature of their own: what landing zones, platforms and their operation use.
/// All others share the feature `rest`, for a crate may have 300 features and there are more services.
const NAMED: &str = include_str!("../../data/named-services.txt");
const REST: &str = "rest";
const MOST_FEATURES: usize = 300;

/// The feature that brings the module of a service.
fn feature(service: &Service) -> &str {
    if named().any(|name| name == service.module) { &service.module } else { REST }
}

/// The module declarations of `lib.rs`.
pub(crate) fn modules(services: &[Service]) -> anyhow::Result<String> {
    let mut out = String::new();
    for service in services {
        writeln!(out, "#[cfg(feature = \"{}\")]", feature(service))?;
        writeln!(out, "#[rustfmt::skip]")?;
        writeln!(out, "pub mod {};", service.module)?;
    }
    Ok(out)
}

/// The features of `Cargo.toml`.
pub(crate) fn features(services: &[Service]) -> anyhow::Result<String> {
    let mut names: Vec<&str> = named().collect();
    for name in &names {
        ensure!(
            services.iter().any(|service| service.module == *name),
            "named-services.txt: there is no service {name}"
        );
    }
    names.push(REST);
    ensure!(names.len() < MOST_FEATURES, "{} features are too many", names.len());
    let mut out = String::new();
    writeln!(out, "# Every service.")?;
    writeln!(out, "all = [")?;
    for name in &names {
        writeln!(out, "    \"{name}\",")?;
    }
    writeln!(out, "]")?;
    for name in &names {
        writeln!(out, "{name} = []")?;
    }
    Ok(out)
}

fn named() -> impl Iterator<Item = &'static str> {
    NAMED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// `text` with what is between its markers, two comments, replaced.
pub(crate) fn spliced(text: &str, generated: &str) -> anyhow::Result<String> {
    let (before, rest) = text.split_once("@generated services").context("no start marker")?;
    let (marker, rest) = rest.split_once('\n').context("nothing after the start marker")?;
    let end = rest.find("@generated end").context("no end marker")?;
    let end = rest[..end].rfind('\n').map_or(0, |newline| newline + 1);
    Ok(format!("{before}@generated services{marker}\n{generated}{}", &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::spliced;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = "a\n# @generated services\nold\nolder\n# @generated end\nb\n";
        let expected = "a\n# @generated services\nnew\n# @generated end\nb\n";
        assert_eq!(spliced(text, "new\n").unwrap(), expected);
        assert_eq!(spliced(expected, "new\n").unwrap(), expected);
        assert!(spliced("a\n# @generated services\n", "new\n").is_err());
    }
}
