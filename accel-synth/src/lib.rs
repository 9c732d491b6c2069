//! Turns an [`App`] into an [`Assembly`]: CloudFormation templates, stack sets, organization steps,
//! documents, and the manifest that says what they are.
//!
//! ```
//! use accel_core::{AccountInfo, App, Region, Resource, Stack, account_id};
//!
//! let mut app = App::new("example");
//! let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
//! let prod = app.scope().declare_account_as("prod", info);
//! app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)))
//!     .add("bucket", Resource::new("AWS::S3::Bucket"));
//!
//! let assembly = accel_synth::synth(app)?;
//! assert!(assembly.file("stacks/prod/eu-west-1/data.template.json").is_some());
//! # Ok::<(), accel_core::Diagnostics>(())
//! ```

use std::collections::BTreeMap;

use accel_core::{App, Diagnostic, Diagnostics};
use ordered::IntoMap as _;

mod assembly;
mod compliance;
mod dead_actions;
mod documents;
mod graph;
mod imports;
mod json;
mod layout;
mod limits;
mod links;
mod lock;
mod lockout;
mod ordered;
mod owners;
mod parallel;
mod policies;
mod probes;
mod render;
mod roll_out;
mod steps;
mod transform;
mod validation;

pub mod access;
pub mod codes;
pub mod diff;
pub mod manifest;
pub mod read;
pub mod schema;
pub mod validate;
pub mod yaml;

pub use assembly::{Assembly, MANIFEST, WriteError};
pub use compliance::{PATH as COMPLIANCE_REPORT, VERSION as COMPLIANCE_VERSION};
pub use documents::generated_by;
pub use lock::{parse_lock, print_lock};

/// Applies aspects, resolves references, checks everything and renders every file. A pure function of
/// the app: the same bytes on every machine.
///
/// # Errors
///
/// Everything that is wrong with the app, all at once.
pub fn synth(app: App) -> Result<Assembly, Diagnostics> {
    run(app).map(|(assembly, _)| assembly)
}

/// [`synth`] for a program that ends soon after: the memory of the app is not given back. That would be done in some
/// hundred thousand pieces, and takes a tenth of the whole time. So nothing of the app is dropped: neither aspects nor
/// guardrails, nor what they hold.
///
/// # Errors
///
/// As [`synth`].
pub fn synth_once(app: App) -> Result<Assembly, Diagnostics> {
    let (assembly, app) = run(app)?;
    std::mem::forget(app);
    Ok(assembly)
}

/// The passes, and what they went by.
fn run(app: App) -> Result<(Assembly, impl Sized), Diagnostics> {
    let mut tree = app.into_tree();
    tree.apply_aspects();
    let mut diagnostics = tree.take_diagnostics();
    let tree = tree;
    let layout = layout::Layout::new(&tree, &mut diagnostics);
    // What is valid hangs on the tree and the layout alone, and to find out takes as long as all that is done here beside it.
    let (invalid, (links, documents, waits)) = parallel::both(
        || validation::check(&tree, &layout),
        || {
            let mut links = links::link(&tree, &layout, &mut diagnostics);
            steps::link(&tree, &layout, &mut links, &mut diagnostics);
            let documents = documents::render(&tree, &layout, &mut links, &mut diagnostics);
            let graph = graph::Graph::new(&tree, &layout, &links);
            graph.check(&tree, &links, &mut diagnostics);
            limits::check(&tree, &layout, &links, &mut diagnostics);
            let waits = graph.waits();
            roll_out::check(&tree, &waits, &mut diagnostics);
            owners::check(&tree, &layout, &mut diagnostics);
            imports::check(&tree, &layout, &mut diagnostics);
            (links, documents, waits)
        },
    );
    diagnostics.extend(invalid);
    compliance::check(&tree, &mut diagnostics);
    tree.check_guardrails(&mut diagnostics);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }

    let templates: Vec<_> = layout.templates().collect();
    // The manifest is made on this thread: of many small pieces that stay, which the allocator gives to others more slowly.
    let ((steps, texts), mut manifest) = parallel::both(
        || {
            let steps = steps::print(&tree, &layout, &waits);
            let texts = parallel::map(&templates, |&(template, members)| {
                let links = links.of(template);
                render::Renderer { tree: &tree, layout: &layout, template, links }.render(members)
            });
            (steps, texts)
        },
        || manifest::build(&tree, &layout, &links, &waits, &documents),
    );
    let mut files = Files { files: BTreeMap::new(), diagnostics: &mut diagnostics };
    for ((template, _), text) in templates.into_iter().zip(texts) {
        limits::check_size(&tree, template, text.len(), files.diagnostics);
        let path = tree.path(template);
        let stack = manifest.stacks.get_mut(&path).map(|stack| &mut stack.template);
        let set = manifest.stack_sets.get_mut(&path).map(|set| &mut set.template);
        if let Some(entry) = stack.or(set) {
            entry.upload = text.len() > limits::INLINE_TEMPLATE_BYTES;
        }
        files.insert(&tree, manifest::template_path(&tree, template), text, template);
    }
    if let Some(text) = steps {
        files.insert(&tree, steps::PATH.to_owned(), text, tree.root());
    }
    for document in documents {
        if let Some(text) = document.text {
            files.insert(&tree, document.path, text, document.origin);
        }
    }
    if !tree.frameworks().is_empty() {
        files.is_free(&tree, compliance::PATH, tree.root());
    }
    let files = files.files.into_iter().map(|(path, (text, _))| (path, text)).into_map();
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let mut assembly = Assembly::open(manifest, files);
    let mut decided = || {
        if !lockout::is_possible(&tree) {
            return Vec::new();
        }
        let access = access::Access::new(&assembly);
        if let Err(error) = access.attached() {
            diagnostics.push(policies::unreadable(&tree, &error));
            return Vec::new();
        }
        lockout::check(&tree, &layout, &assembly, &access, &mut diagnostics);
        dead_actions::check(&tree, &layout, &access, &mut diagnostics);
        probes::decide(&tree, &access, &mut diagnostics)
    };
    // Last: it looks at all the other files.
    let report = if tree.frameworks().is_empty() {
        decided();
        None
    } else {
        let frameworks = || compliance::frameworks(&tree, &assembly);
        let (frameworks, shown) = parallel::both(frameworks, decided);
        Some(compliance::report(frameworks, &shown))
    };
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    if let Some(text) = report {
        assembly.insert(compliance::PATH, text);
    }
    Ok((assembly.sealed().with_warnings(diagnostics), (tree, layout, links, waits)))
}

/// The files so far, each with the construct it comes from.
struct Files<'a> {
    files: BTreeMap<String, (String, accel_core::tree::NodeId)>,
    diagnostics: &'a mut Diagnostics,
}

impl Files<'_> {
    fn insert(
        &mut self,
        tree: &accel_core::tree::Tree,
        path: String,
        text: String,
        origin: accel_core::tree::NodeId,
    ) {
        if self.is_free(tree, &path, origin) {
            self.files.insert(path, (text, origin));
        }
    }

    /// Whether a file may be there; if not, it is said why.
    fn is_free(
        &mut self,
        tree: &accel_core::tree::Tree,
        path: &str,
        origin: accel_core::tree::NodeId,
    ) -> bool {
        let location = tree[origin].location();
        if !is_valid(path) {
            let message = format!("`{}` makes the file `{path}`", tree.path(origin));
            self.diagnostics.push(
                Diagnostic::error(&codes::INVALID_FILE_PATH, message, location)
                    .allowed("a path below the assembly, `/` between segments, none of them `..`"),
            );
            return false;
        }
        if let Some((_, first)) = self.files.get(path) {
            let message = format!(
                "`{}` and `{}` both make the file `{path}`",
                tree.path(*first),
                tree.path(origin)
            );
            self.diagnostics.push(
                Diagnostic::error(&codes::DUPLICATE_FILE, message, location)
                    .note("the other one is made here", tree[*first].location())
                    .help("give one of them another id or another path"),
            );
            return false;
        }
        true
    }
}

fn is_valid(path: &str) -> bool {
    let proper =
        |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains(['\\', ':', '\0']);
    path != MANIFEST && path.split('/').all(proper)
}
