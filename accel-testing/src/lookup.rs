use accel_core::App;
use accel_synth::{Assembly, synth};
use serde_json::Value;

use crate::FoundTemplate;

/// What `app` becomes.
///
/// # Panics
///
/// With all diagnostics, if something is wrong with it.
#[track_caller]
#[must_use]
pub fn assembly(app: App) -> Assembly {
    match synth(app) {
        Ok(assembly) => assembly,
        Err(problems) => panic!("the app does not synthesize\n\n{problems}"),
    }
}

/// Lookups in an [`Assembly`]. What is not there panics, with what is.
pub trait Lookup {
    /// The template of the stack or stack set at a construct path: `prod/eu-west-1/apps`, `baseline`.
    #[track_caller]
    fn template(&self, path: &str) -> FoundTemplate<'_>;

    /// The text of a document, by its path below the assembly: `github/example/shop/.github/workflows/ci.yml`.
    #[track_caller]
    fn document(&self, path: &str) -> &str;

    /// The row of a step of the organization, by its construct path.
    #[track_caller]
    fn step(&self, path: &str) -> Value;
}

impl Lookup for Assembly {
    #[track_caller]
    fn template(&self, path: &str) -> FoundTemplate<'_> {
        let manifest = self.manifest();
        let stack = manifest.stacks.get(path).map(|stack| &stack.template);
        let set = manifest.stack_sets.get(path).map(|set| &set.template);
        let Some(template) = stack.or(set) else {
            let stacks = manifest.stacks.keys().chain(manifest.stack_sets.keys());
            not_there("stack or stack set", path, stacks);
        };
        FoundTemplate::new(self, path, template)
    }

    #[track_caller]
    fn document(&self, path: &str) -> &str {
        let documents = &self.manifest().documents;
        match (self.file(path), documents.get(path)) {
            (Some(text), Some(_)) => text,
            (_, Some(_)) => {
                panic!("the document `{path}` waits for a value that is not known yet")
            }
            _ => not_there("document", path, documents.keys()),
        }
    }

    #[track_caller]
    fn step(&self, path: &str) -> Value {
        let file = self.manifest().steps.as_ref().and_then(|file| self.file(file));
        let file: Value = file.map_or(Value::Null, read);
        let steps = file["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
        let paths = || steps.iter().filter_map(|step| step["path"].as_str());
        match steps.iter().find(|step| step["path"] == path) {
            Some(step) => step.clone(),
            None => not_there("step", path, paths()),
        }
    }
}

/// JSON that synthesis wrote.
#[track_caller]
pub(crate) fn read(text: &str) -> Value {
    serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("a file of the assembly is not JSON: {error}\n{text}"))
}

/// Says what is there instead.
#[track_caller]
pub(crate) fn not_there(
    what: &str,
    name: &str,
    others: impl IntoIterator<Item = impl AsRef<str>>,
) -> ! {
    let others: Vec<_> = others.into_iter().map(|other| format!("  {}", other.as_ref())).collect();
    if others.is_empty() {
        panic!("no {what} is at `{name}`: there is none at all");
    }
    panic!("no {what} is at `{name}`; there are\n{}", others.join("\n"))
}
