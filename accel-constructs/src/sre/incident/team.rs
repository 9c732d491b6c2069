use accel_core::{Construct, DocumentRef, Scope, Text};
use typed_builder::TypedBuilder;

use super::{
    Backend, IncidentManagement, codes, datadog_on_call, level::backend, model::Report, ops_genie,
};
use crate::sre::datadog::file::file;

/// People who answer for something together.
///
/// An example is at the head of the [module](super). People must be there already: nobody is invited.
#[derive(Clone, Debug, TypedBuilder)]
pub struct Team {
    /// What it is called, and what its handle is made of: `shop`.
    #[builder(setter(into))]
    pub(super) name: Text,
    /// What it answers for.
    #[builder(default, setter(into, strip_option))]
    pub(super) description: Option<Text>,
    /// Who is in it, by the addresses they sign in with.
    #[builder(default, setter(fn transform<T: Into<Text>>(people: impl IntoIterator<Item = T>) -> Vec<Text> {
        people.into_iter().map(Into::into).collect()
    }))]
    pub(super) members: Vec<Text>,
    /// Who of them may change it.
    #[builder(default, setter(fn transform<T: Into<Text>>(people: impl IntoIterator<Item = T>) -> Vec<Text> {
        people.into_iter().map(Into::into).collect()
    }))]
    pub(super) administrators: Vec<Text>,
}

/// What a [`Team`] gives back.
#[derive(Clone, Debug)]
pub struct TeamRef {
    /// The document, and so the id, which only the product knows.
    pub document: DocumentRef,
    /// What it is called.
    pub name: Text,
}

impl Construct for Team {
    type Level = IncidentManagement;
    type Output = TeamRef;

    fn build(self, scope: &mut Scope<'_, IncidentManagement>) -> TeamRef {
        let name = self.name.clone();
        let mut report = Report::new(scope);
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(is_plain) {
            report.error(
                &codes::NAME,
                &format!("is a team called {name:?}"),
                "small letters, digits, `-`, `_` and `.`, the first a letter",
                "the name is the team's handle too; `description` has what people read",
            );
        }
        self.members.iter().chain(&self.administrators).for_each(|person| report.person(person));
        if !self.administrators.is_empty() {
            report.unsupported(
                Backend::DatadogOnCall,
                "has administrators",
                "members",
                "make them administrators in Datadog, once",
            );
        }
        let root = match backend(scope) {
            Backend::OpsGenie => ops_genie::team(&self),
            Backend::DatadogOnCall => datadog_on_call::team(&self),
        };
        TeamRef { document: file(scope, "teams", root), name }
    }
}
