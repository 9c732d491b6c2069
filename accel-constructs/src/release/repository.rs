use accel_core::{App, Diagnostic, Document, Level, Scope, Text, Within};

use super::codes;

/// A GitHub repository: the level that workflows are added to. They become
/// `github/<owner>/<name>/.github/workflows/<id>.yml` in the assembly, and `accel write` brings them
/// into a checkout.
///
/// A value that is not known at synth is `${{ vars.NAME }}` in a workflow: a variable of the
/// repository, which deploying says the name of.
#[derive(Clone, Debug)]
pub struct Repository {
    slug: Text,
    default_branch: Text,
    ids: Option<(u64, u64)>,
}

impl Repository {
    /// The repository `owner/name`.
    pub fn new(slug: impl Into<Text>) -> Self {
        Self { slug: slug.into(), default_branch: Text::Static("main"), ids: None }
    }

    /// The branch that others are merged into; `main` unless said otherwise.
    #[must_use]
    pub fn default_branch(mut self, branch: impl Into<Text>) -> Self {
        self.default_branch = branch.into();
        self
    }

    /// The numbers of the owner and of the repository, which GitHub's API shows as `owner.id` and
    /// `id`. A repository that was made or renamed since 15 July 2026 names itself to AWS with
    /// them, so a role that such a one assumes needs them.
    #[must_use]
    pub const fn ids(mut self, owner: u64, repository: u64) -> Self {
        self.ids = Some((owner, repository));
        self
    }

    /// `owner/name`.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The branch that others are merged into.
    #[must_use]
    pub fn main_branch(&self) -> &str {
        &self.default_branch
    }

    /// How the repository names itself in the token that it shows to AWS: in the old form, and
    /// where its numbers are known in the one that renaming does not change. `what` is
    /// `environment:prod`, `ref:refs/heads/main` or `pull_request`.
    ///
    /// Source: <https://docs.github.com/en/actions/reference/security/oidc>
    #[must_use]
    pub fn subjects(&self, what: &str) -> Vec<String> {
        let mut subjects = vec![format!("repo:{}:{what}", self.slug)];
        if let (Some((owner, name)), Some((owner_id, id))) = (self.slug.split_once('/'), self.ids) {
            subjects.push(format!("repo:{owner}@{owner_id}/{name}@{id}:{what}"));
        }
        subjects
    }
}

impl Level for Repository {
    fn opened(scope: &mut Scope<'_, Self>) {
        let Some(slug) = scope.level().map(|repository| repository.slug.clone()) else { return };
        if !is_slug(&slug) {
            let message = format!("{slug:?} is no repository of GitHub");
            let allowed = "owner/name: the owner of letters, digits and single hyphens, the name of \
                           letters, digits, `-`, `_` and `.`";
            scope.report(
                Diagnostic::error(&codes::INVALID_REPOSITORY, message, scope.location())
                    .allowed(allowed)
                    .help("copy both from the repository's address: https://github.com/owner/name"),
            );
        }
    }

    fn render(&self, _place: &str, documents: Vec<Document>) -> Vec<Document> {
        let below = |document: Document| Document {
            path: format!("github/{}/{}", self.slug, document.path),
            ..document
        };
        documents.into_iter().map(below).collect()
    }

    fn indirection(&self, name: &str) -> Option<String> {
        Some(format!("${{{{ vars.{name} }}}}"))
    }
}
impl Within<App> for Repository {}

pub(super) fn is_slug(slug: &str) -> bool {
    let Some((owner, name)) = slug.split_once('/') else { return false };
    let is_owner = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=39).contains(&owner.len())
        && owner.chars().all(is_owner)
        && !owner.starts_with('-')
        && !owner.ends_with('-')
        && !owner.contains("--")
        && (1..=100).contains(&name.len())
        && name.chars().all(is_name)
        && !matches!(name, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_repository_is_an_owner_and_a_name() {
        for good in ["example/platform", "example-2/.github", "a/b_c.d"] {
            assert!(is_slug(good), "{good} was refused");
        }
        for bad in ["", "platform", "a/b/c", "-a/b", "a--b/c", "a/", "a/..", "a b/c", "ä/b"] {
            assert!(!is_slug(bad), "{bad} was accepted");
        }
    }

    #[test]
    fn a_repository_names_itself_in_both_forms_where_its_numbers_are_known() {
        let repository = Repository::new("example/platform");
        assert_eq!(repository.subjects("pull_request"), ["repo:example/platform:pull_request"]);
        assert_eq!(
            repository.ids(11, 22).subjects("environment:prod"),
            [
                "repo:example/platform:environment:prod",
                "repo:example@11/platform@22:environment:prod"
            ]
        );
    }
}
