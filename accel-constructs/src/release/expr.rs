//! Expressions: what GitHub evaluates when a workflow runs.
//!
//! They mirror what stands in a file: `github::SHA` is `github.sha`, `steps(&build).output("image")`
//! is `steps.build.outputs.image`. Each knows which [contexts](context) it reads, so that one that
//! GitHub does not offer at a key does not compile there. A text with expressions in it is a
//! [`Template`]: `"deploy-" + github::REF_NAME`.
//!
//! ```compile_fail,E0277
//! use accel_constructs::release::{Job, Runner, expr::*};
//!
//! // GitHub does not offer secrets to conditions.
//! Job::new("deploy", Runner::UBUNTU_24_04).if_(secret("KEY").is_not(""));
//! ```
//!
//! A script has no place for expressions: what they say would be run as code. Give the step an
//! environment variable instead, [`Step::env`](super::Step::env).
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions>

use std::{fmt, marker::PhantomData, ops};

use accel_core::Text;

pub mod context;
mod function;
pub mod github;
mod handle;
pub mod place;
pub mod runner;
mod scalar;
mod template;

pub use context::AvailableIn;
pub use function::{
    always, cancelled, case, contains, ends_with, failure, format, from_json, hash_files, join,
    starts_with, success, to_json,
};
pub use handle::{
    JobOutputs, StepOutputs, env, input, jobs, matrix, needs, secret, steps, variable,
};
pub use scalar::{IntoList, IntoScalar, Scalar};
pub(super) use scalar::{Uses, has_expression};
pub use template::Template;

/// An expression that reads the contexts `C`: a marker of [`context`], or pairs of them.
///
/// ```
/// use accel_constructs::release::expr::*;
///
/// let is_main = github::EVENT_NAME.is("push").and(github::REF.is("refs/heads/main"));
/// assert_eq!(
///     is_main.or(github::ACTOR.is("o'neill")).to_string(),
///     "github.event_name == 'push' && github.ref == 'refs/heads/main' || github.actor == 'o''neill'"
/// );
/// ```
pub struct Expr<C> {
    text: Text,
    binding: Binding,
    pub(in crate::release) reads: Vec<Read>,
    contexts: PhantomData<fn() -> C>,
}

/// How tightly the outermost operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Equality,
    Comparison,
    Not,
    Atom,
}

/// What an expression reads and what therefore has to exist.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::release) enum Read {
    /// A job that this one waits for.
    Job { id: Text, output: Option<Text> },
    /// An earlier step of the job; without an id nobody can read it.
    Step { id: Option<Text>, output: Option<Text> },
    /// A job of the workflow, read where it is called.
    CalledJob { id: Text, output: Text },
    /// An input of the workflow.
    Input(Text),
    /// An axis of the job's matrix.
    Axis(Text),
    /// A secret of the repository or of the job's environment.
    Secret(Text),
}

impl<C> Expr<C> {
    /// The expression as GitHub reads it, without `${{ }}`, unchecked; you say which contexts it reads.
    pub fn raw(text: impl Into<Text>) -> Self {
        Self::made(text.into(), Binding::Or, Vec::new())
    }

    const fn made(text: Text, binding: Binding, reads: Vec<Read>) -> Self {
        Self { text, binding, reads, contexts: PhantomData }
    }

    /// A context's own property.
    const fn known(text: &'static str) -> Self {
        Self::made(Text::Static(text), Binding::Atom, Vec::new())
    }

    /// The property `name` of a context, which may be any text.
    fn property(context: &str, name: &str, reads: Vec<Read>) -> Self {
        Self::made(format!("{context}{}", index(name)).into(), Binding::Atom, reads)
    }

    pub(super) fn text(&self) -> &Text {
        &self.text
    }

    /// `self == other`. Texts are compared without regard to case.
    pub fn is<E: IntoExpr>(self, other: E) -> Expr<(C, E::Contexts)> {
        self.operator("==", Binding::Equality, other)
    }

    /// `self != other`.
    pub fn is_not<E: IntoExpr>(self, other: E) -> Expr<(C, E::Contexts)> {
        self.operator("!=", Binding::Equality, other)
    }

    /// `self < other`, as numbers.
    pub fn is_below<E: IntoExpr>(self, other: E) -> Expr<(C, E::Contexts)> {
        self.operator("<", Binding::Comparison, other)
    }

    /// `self > other`, as numbers.
    pub fn is_above<E: IntoExpr>(self, other: E) -> Expr<(C, E::Contexts)> {
        self.operator(">", Binding::Comparison, other)
    }

    /// `self && other`.
    pub fn and<E: IntoExpr>(self, other: E) -> Expr<(C, E::Contexts)> {
        self.operator("&&", Binding::And, other)
    }

    /// `self || other`: `other` where `self` is false, zero, empty or null.
    pub fn or<E: IntoExpr>(self, other: E) -> Expr<(C, E::Contexts)> {
        self.operator("||", Binding::Or, other)
    }

    fn operator<E: IntoExpr>(
        self,
        operator: &str,
        binding: Binding,
        other: E,
    ) -> Expr<(C, E::Contexts)> {
        let other = other.into_expr();
        // `a == b == c` is no mistake to GitHub, but one to readers; `&&` and `||` are associative.
        let chains = matches!(binding, Binding::And | Binding::Or);
        let side = |own: Binding, text: &Text| match own {
            own if own > binding || (chains && own == binding) => text.to_string(),
            _ => format!("({text})"),
        };
        let left = side(self.binding, &self.text);
        let right = side(other.binding, &other.text);
        let mut reads = self.reads;
        reads.extend(other.reads);
        Expr::made(format!("{left} {operator} {right}").into(), binding, reads)
    }

    /// The property `name` of an object: `github.event` to `github.event.number`.
    #[must_use]
    pub fn get(self, name: &str) -> Self {
        let inner = match self.binding {
            Binding::Atom => self.text.to_string(),
            _ => format!("({})", self.text),
        };
        Self::made(format!("{inner}{}", index(name)).into(), Binding::Atom, self.reads)
    }
}

/// How a property is read: `.name`, or `['any name']`.
fn index(name: &str) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let simple = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name == "*" || (starts && name.chars().all(simple)) {
        format!(".{name}")
    } else {
        format!("[{}]", quoted(name))
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `!expression`.
impl<C> ops::Not for Expr<C> {
    type Output = Self;
    fn not(self) -> Self {
        let text = match self.binding {
            Binding::Atom => format!("!{}", self.text),
            _ => format!("!({})", self.text),
        };
        Self::made(text.into(), Binding::Not, self.reads)
    }
}

/// What an operator or a function takes: an expression or a literal.
pub trait IntoExpr {
    /// The contexts that are read; `()` for literals.
    type Contexts;
    /// As an expression.
    fn into_expr(self) -> Expr<Self::Contexts>;
}

impl<C> IntoExpr for Expr<C> {
    type Contexts = C;
    fn into_expr(self) -> Self {
        self
    }
}
impl<C> IntoExpr for &Expr<C> {
    type Contexts = C;
    fn into_expr(self) -> Expr<C> {
        self.clone()
    }
}

macro_rules! literals {
    ($($type:ty => |$value:ident| $text:expr;)+) => {$(
        impl IntoExpr for $type {
            type Contexts = ();
            fn into_expr(self) -> Expr<()> {
                let $value = self;
                Expr::made($text.into(), Binding::Atom, Vec::new())
            }
        }
    )+};
}
literals! {
    &str => |value| quoted(value);
    String => |value| quoted(&value);
    bool => |value| value.to_string();
    i32 => |value| value.to_string();
    i64 => |value| value.to_string();
    u32 => |value| value.to_string();
}

impl<C> Clone for Expr<C> {
    fn clone(&self) -> Self {
        Self::made(self.text.clone(), self.binding, self.reads.clone())
    }
}
impl<C> fmt::Display for Expr<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<C> fmt::Debug for Expr<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.text)
    }
}

#[cfg(test)]
mod tests;
