//! The kinds of references, which no feature gates: a property of one service refers to another.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
};

use crate::codegen::{
    GENERATED,
    kinds::{Kind, Kinds},
};

/// How generated code names a kind.
pub(super) fn path(kind: &Kind) -> String {
    if kind.is_builtin() {
        return format!("l1::{}", kind.name);
    }
    format!("kinds::{}::{}", kind.module, kind.name)
}

/// The modules that have kinds.
pub(crate) fn modules(kinds: &Kinds) -> BTreeSet<&str> {
    kinds.all.keys().chain(kinds.unions.keys()).map(|kind| kind.module.as_str()).collect()
}

/// `kinds.rs`, with a module for each service.
pub(crate) fn file(kinds: &Kinds) -> Result<String, fmt::Error> {
    let mut out = format!("{GENERATED}\n");
    writeln!(
        out,
        "\n//! What a reference can be a reference to, by service. A service's own module has"
    )?;
    writeln!(out, "//! its kinds too; here they are whatever features are on.\n")?;
    let wider = wider(kinds);
    for module in modules(kinds) {
        let mut body = String::new();
        for (kind, sources) in kinds.all.iter().filter(|(kind, _)| kind.module == module) {
            let sources: Vec<_> = sources.iter().map(|source| format!("`{source}`")).collect();
            item(&mut body, kind, &sources.join(", "))?;
        }
        for (union, members) in kinds.unions.iter().filter(|(kind, _)| kind.module == module) {
            let members: Vec<_> = members.iter().map(link).collect();
            item(&mut body, union, &format!("Any of {}", members.join(", ")))?;
        }
        for (kind, wider) in wider.iter().filter(|(kind, _)| kind.module == module) {
            for wider in wider {
                let path = format!("super::{}::{}", wider.module, wider.name);
                let path = if wider.module == module { &wider.name } else { &path };
                writeln!(body, "    impl l1::IsA<{path}> for {} {{}}", kind.name)?;
            }
        }
        writeln!(out, "/// The kinds of `{module}`.")?;
        writeln!(out, "pub mod {module} {{")?;
        writeln!(out, "    use accel_core::l1;\n\n{}\n}}\n", body.trim_end())?;
    }
    Ok(out.trim_end().to_owned() + "\n")
}

/// For each kind, the kinds besides itself and text that it is good for.
fn wider(kinds: &Kinds) -> BTreeMap<&Kind, BTreeSet<&Kind>> {
    let mut wider: BTreeMap<&Kind, BTreeSet<&Kind>> = BTreeMap::new();
    for (from, to) in &kinds.is_a {
        wider.entry(from).or_default().insert(to);
    }
    for (union, members) in &kinds.unions {
        let implied = kinds.is_a.iter().filter(|(_, to)| members.contains(to));
        for kind in members.iter().chain(implied.map(|(from, _)| from)) {
            wider.entry(kind).or_default().insert(union);
        }
    }
    wider
}

fn link(kind: &Kind) -> String {
    format!("[`{}`](super::{}::{})", kind.name, kind.module, kind.name)
}

fn item(out: &mut String, kind: &Kind, documentation: &str) -> fmt::Result {
    let name = &kind.name;
    writeln!(out, "    /// {documentation}.")?;
    writeln!(out, "    pub enum {name} {{}}")?;
    writeln!(out, "    impl l1::IsA<l1::String> for {name} {{}}\n")
}
