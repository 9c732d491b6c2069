use std::{collections::BTreeMap, panic};

use accel_core::{App, Diagnostics};
use accel_synth::{Assembly, MANIFEST, manifest::Manifest, synth};

/// Compares everything an app becomes with snapshots: one a file of the assembly, called after the test
/// and the file's path. Of the manifest, the hashes of the files are left out.
///
/// All snapshots are compared before the assertion fails, so that one `cargo insta review` shows all that
/// changed. A file that is no longer made shows as a change of the manifest; delete its snapshot, or let
/// `cargo insta test --unreferenced=reject` find it.
///
/// ```no_run
/// # fn landing_zone() -> accel_core::App { accel_core::App::new("example") }
/// accel_testing::assert_blueprint!(landing_zone());
/// ```
#[macro_export]
macro_rules! assert_blueprint {
    ($app:expr $(,)?) => {{
        fn here() {}
        let test = $crate::macro_support::function_name(here);
        let mut blueprint = $crate::macro_support::Blueprint::new($app, test);
        while let Some((name, text)) = blueprint.next() {
            blueprint.compare(|| {
                $crate::insta::with_settings!({ omit_expression => true }, {
                    $crate::insta::assert_snapshot!(name.as_str(), text);
                });
            });
        }
        blueprint.finish();
    }};
}

/// Compares what is wrong with an app, its warnings if nothing else, with a snapshot. Lines and columns
/// are masked, so that only the file shows.
///
/// ```no_run
/// use accel_core::App;
/// use accel_testing::assert_diagnostics;
///
/// let mut app = App::new("not an id");
/// assert_diagnostics!(app, @r"
/// error[invalid-id]: the id `not an id` has the character ' '
///   --> tests/shop.rs:LINE
///    = note: allowed: 1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit
///    = help: an id is one segment of a path; nest scopes instead of writing `/`
/// ");
/// ```
#[macro_export]
macro_rules! assert_diagnostics {
    ($app:expr, @$snapshot:literal $(,)?) => {
        $crate::insta::assert_snapshot!($crate::macro_support::diagnostics($app), @$snapshot)
    };
    ($app:expr $(,)?) => {
        $crate::insta::with_settings!({ omit_expression => true }, {
            $crate::insta::assert_snapshot!($crate::macro_support::diagnostics($app))
        })
    };
}

/// What [`assert_blueprint!`] goes through.
#[derive(Debug)]
pub struct Blueprint {
    artifacts: std::vec::IntoIter<(String, String)>,
    current: String,
    different: Vec<String>,
}

impl Blueprint {
    #[doc(hidden)]
    #[track_caller]
    #[must_use]
    pub fn new(app: App, test: &str) -> Self {
        let artifacts = artifacts(&crate::assembly(app));
        // `@` stands in no path of a construct, and no two paths differ in `/` alone.
        let named = artifacts
            .into_iter()
            .map(|(path, text)| (format!("{test}@{}", path.replace('/', "__")), text));
        Self {
            artifacts: named.collect::<Vec<_>>().into_iter(),
            current: String::new(),
            different: Vec::new(),
        }
    }

    #[doc(hidden)]
    #[expect(clippy::should_implement_trait, reason = "the macro's loop compares in between")]
    pub fn next(&mut self) -> Option<(String, String)> {
        let artifact = self.artifacts.next()?;
        self.current.clone_from(&artifact.0);
        Some(artifact)
    }

    #[doc(hidden)]
    pub fn compare(&mut self, assertion: impl FnOnce()) {
        // The library has said what differs by then, and has written the new snapshot.
        if panic::catch_unwind(panic::AssertUnwindSafe(assertion)).is_err() {
            self.different.push(self.current.clone());
        }
    }

    #[doc(hidden)]
    #[track_caller]
    pub fn finish(self) {
        let different = self.different;
        assert!(
            different.is_empty(),
            "{} snapshots differ; `cargo insta review` shows them\n  {}",
            different.len(),
            different.join("\n  ")
        );
    }
}

fn artifacts(assembly: &Assembly) -> BTreeMap<String, String> {
    let files = assembly.files().filter(|(path, _)| *path != MANIFEST);
    let mut artifacts: BTreeMap<_, _> =
        files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let manifest = Manifest { files: BTreeMap::new(), ..assembly.manifest().clone() };
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    artifacts.insert(MANIFEST.to_owned(), text);
    artifacts
}

/// What is wrong with the app, without lines and columns.
#[doc(hidden)]
#[track_caller]
#[must_use]
pub fn diagnostics(app: App) -> String {
    let problems: Diagnostics = match synth(app) {
        Ok(assembly) => assembly.warnings().clone(),
        Err(problems) => problems,
    };
    assert!(
        !problems.is_empty(),
        "nothing is wrong with the app: it synthesizes without a warning"
    );
    mask(&problems.to_string())
}

/// `src/main.rs:12:5` as `src/main.rs:LINE`.
fn mask(text: &str) -> String {
    let mask_line = |line: &str| match strip_number(line).and_then(strip_number) {
        Some(file) => format!("{}:LINE", file.replace('\\', "/")),
        None => line.to_owned(),
    };
    text.lines().map(mask_line).collect::<Vec<_>>().join("\n")
}

fn strip_number(text: &str) -> Option<&str> {
    let (rest, number) = text.rsplit_once(':')?;
    number.parse::<u32>().is_ok().then_some(rest)
}

/// The name of the function that `inner` is written in.
#[doc(hidden)]
#[must_use]
pub fn function_name<F>(_inner: F) -> &'static str {
    let path = std::any::type_name::<F>();
    let path = path.strip_suffix("::here").unwrap_or(path);
    let segments = path.rsplit("::");
    segments.into_iter().find(|segment| !segment.starts_with("{{")).unwrap_or(path)
}
