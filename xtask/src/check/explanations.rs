//! The reviewed files of what a checker may say: rule, place and the reason why the template is right.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Deserialize;

/// Findings of one rule that a person has explained.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Explanation {
    pub(super) rule: String,
    /// The logical id, in which `*` stands for any text.
    logical_id: String,
    /// The template, `landing-zone/stacks/..`, in which `*` stands for any text; absent, any template.
    template: Option<String>,
    reason: String,
    #[serde(skip)]
    matches: usize,
}

impl Explanation {
    /// A rule is never switched off: an explanation has to name a part of the logical id, or of the path of the
    /// template.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let names_nothing = |pattern: &str| pattern.trim_matches('*').is_empty();
        if self.reason.trim().is_empty() {
            bail!("{} at {} needs a reason", self.rule, self.logical_id);
        }
        if names_nothing(&self.logical_id) && self.template.as_deref().is_none_or(names_nothing) {
            bail!("{} needs a part of a logical id or of a template's path", self.rule);
        }
        Ok(())
    }

    fn explains(&self, rule: &str, logical_id: &str, template: &Path) -> bool {
        self.rule == rule
            && like(&self.logical_id, logical_id)
            && self.template.as_deref().is_none_or(|path| like(path, &template.to_string_lossy()))
    }
}

/// Whether one of the explanations is about this finding; it then counts as used.
pub(super) fn explain(
    explanations: &mut [Explanation],
    rule: &str,
    logical_id: &str,
    template: &Path,
) -> bool {
    let found = explanations.iter_mut().find(|e| e.explains(rule, logical_id, template));
    found.map(|explanation| explanation.matches += 1).is_some()
}

/// How explanations name a template: by its assembly and the path in it.
pub(super) fn named<'a>(assemblies: &[PathBuf], file: &'a Path) -> Option<&'a Path> {
    let assembly = assemblies.iter().find(|assembly| file.starts_with(assembly))?;
    file.strip_prefix(assembly.parent()?).ok()
}

/// Of the explanations in `file`, those that are about nothing the checker said.
pub(super) fn superfluous(file: &str, explanations: &[Explanation]) -> Vec<String> {
    let unused = explanations.iter().filter(|explanation| explanation.matches == 0);
    unused.map(|unused| format!("{file}: no {} at {}", unused.rule, unused.logical_id)).collect()
}

/// Whether the text is like the pattern, in which `*` stands for any text.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .any(|at| like(rest, &text[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explanation(logical_id: &str, template: Option<&str>) -> Explanation {
        Explanation {
            rule: "W1".to_owned(),
            logical_id: logical_id.to_owned(),
            template: template.map(str::to_owned),
            reason: "because".to_owned(),
            matches: 0,
        }
    }

    #[test]
    fn explains_by_rule_logical_id_and_template() {
        let mut known = [explanation("Vpc*Route", Some("stacks/*/network.template.json"))];
        let mut explained = |rule, id, path: &str| explain(&mut known, rule, id, Path::new(path));
        assert!(explained("W1", "VpcPublicRoute", "stacks/prod/network.template.json"));
        assert!(!explained("W2", "VpcPublicRoute", "stacks/prod/network.template.json"));
        assert!(!explained("W1", "VpcPublicRoutes", "stacks/prod/network.template.json"));
        assert!(!explained("W1", "VpcPublicRoute", "stacks/prod/apps.template.json"));
        assert_eq!(superfluous("file", &known), [] as [String; 0]);
        assert_eq!(superfluous("file", &[explanation("A*", None)]), ["file: no W1 at A*"]);
    }

    #[test]
    fn a_template_is_named_with_its_assembly() {
        let all = ["/out/a".into(), "/out/b".into()];
        assert_eq!(named(&all, Path::new("/out/b/stacks/x")), Some(Path::new("b/stacks/x")));
        assert_eq!(named(&all, Path::new("/out/canary")), None);
    }

    #[test]
    fn no_rule_is_switched_off() {
        assert!(explanation("Vpc*", None).check().is_ok());
        assert!(explanation("*", Some("stack-sets/*")).check().is_ok());
        assert!(explanation("*", None).check().is_err());
        assert!(explanation("**", Some("*")).check().is_err());
        assert!(
            Explanation { reason: " ".to_owned(), ..explanation("Vpc", None) }.check().is_err()
        );
    }
}
