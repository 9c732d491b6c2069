//! The functions of expressions.

use super::{
    Binding, Expr, IntoExpr,
    context::{Files, Status},
};

/// Whether `search` holds `item`: a text a part of it, a list a member.
pub fn contains<A: IntoExpr, B: IntoExpr>(search: A, item: B) -> Expr<(A::Contexts, B::Contexts)> {
    call("contains", search, item)
}

/// Whether `text` starts with `start`, without regard to case.
pub fn starts_with<A: IntoExpr, B: IntoExpr>(
    text: A,
    start: B,
) -> Expr<(A::Contexts, B::Contexts)> {
    call("startsWith", text, start)
}

/// Whether `text` ends with `end`, without regard to case.
pub fn ends_with<A: IntoExpr, B: IntoExpr>(text: A, end: B) -> Expr<(A::Contexts, B::Contexts)> {
    call("endsWith", text, end)
}

/// `template` with `{0}` replaced by `value`. For several values, a [`Template`](super::Template)
/// reads better: `"a-" + github::SHA + "-b"`.
pub fn format<A: IntoExpr, B: IntoExpr>(template: A, value: B) -> Expr<(A::Contexts, B::Contexts)> {
    call("format", template, value)
}

/// The items of a list with `separator` between them.
pub fn join<A: IntoExpr, B: IntoExpr>(list: A, separator: B) -> Expr<(A::Contexts, B::Contexts)> {
    call("join", list, separator)
}

/// A value as JSON.
pub fn to_json<A: IntoExpr>(value: A) -> Expr<A::Contexts> {
    call_one("toJSON", value)
}

/// What a JSON text says.
pub fn from_json<A: IntoExpr>(text: A) -> Expr<A::Contexts> {
    call_one("fromJSON", text)
}

/// `then` where `condition` holds, else `otherwise`: unlike `condition && then || otherwise` it is
/// right when `then` is empty or zero.
pub fn case<A: IntoExpr, B: IntoExpr, D: IntoExpr>(
    condition: A,
    then: B,
    otherwise: D,
) -> Expr<OfThree<A, B, D>> {
    let (condition, then, otherwise) =
        (condition.into_expr(), then.into_expr(), otherwise.into_expr());
    let text = format!("case({condition}, {then}, {otherwise})");
    let reads = [condition.reads, then.reads, otherwise.reads].concat();
    Expr::made(text.into(), Binding::Atom, reads)
}

/// What three operands read.
type OfThree<A, B, D> =
    (<A as IntoExpr>::Contexts, (<B as IntoExpr>::Contexts, <D as IntoExpr>::Contexts));

/// A digest of all files that match the patterns.
pub fn hash_files<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Expr<Files> {
    let patterns: Vec<String> = patterns.into_iter().map(super::quoted).collect();
    Expr::made(format!("hashFiles({})", patterns.join(", ")).into(), Binding::Atom, Vec::new())
}

/// Whether everything before went well: what a condition without a status function means.
#[must_use]
pub const fn success() -> Expr<Status> {
    Expr::known("success()")
}

/// Whether something before failed.
#[must_use]
pub const fn failure() -> Expr<Status> {
    Expr::known("failure()")
}

/// True, even in a run that was cancelled. `!cancelled()` is nearly always what is meant.
#[must_use]
pub const fn always() -> Expr<Status> {
    Expr::known("always()")
}

/// Whether the run was cancelled.
#[must_use]
pub const fn cancelled() -> Expr<Status> {
    Expr::known("cancelled()")
}

fn call_one<A: IntoExpr>(function: &str, value: A) -> Expr<A::Contexts> {
    let value = value.into_expr();
    Expr::made(format!("{function}({value})").into(), Binding::Atom, value.reads)
}

fn call<A: IntoExpr, B: IntoExpr>(
    function: &str,
    first: A,
    second: B,
) -> Expr<(A::Contexts, B::Contexts)> {
    let (first, second) = (first.into_expr(), second.into_expr());
    let text = format!("{function}({first}, {second})");
    Expr::made(text.into(), Binding::Atom, [first.reads, second.reads].concat())
}
