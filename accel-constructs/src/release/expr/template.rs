use std::ops::Add;

use super::{Expr, Read};

/// A text with expressions in it.
///
/// ```
/// use accel_constructs::release::expr::*;
///
/// let name = "release-" + github::REF_NAME + "-" + github::RUN_NUMBER;
/// assert_eq!(name.to_string(), "release-${{ github.ref_name }}-${{ github.run_number }}");
/// ```
pub struct Template<C> {
    pub(super) text: String,
    /// Whether a plain part of it has `${{` in it.
    pub(super) untyped: bool,
    pub(super) reads: Vec<Read>,
    contexts: std::marker::PhantomData<fn() -> C>,
}

impl<C> Template<C> {
    fn made(text: String, untyped: bool, reads: Vec<Read>) -> Self {
        Self { text, untyped, reads, contexts: std::marker::PhantomData }
    }

    fn with<D>(mut self, other: Template<D>) -> Template<(C, D)> {
        self.text.push_str(&other.text);
        self.reads.extend(other.reads);
        Template::made(self.text, self.untyped || other.untyped, self.reads)
    }
}

impl From<&str> for Template<()> {
    fn from(text: &str) -> Self {
        Self::made(text.to_owned(), text.contains("${{"), Vec::new())
    }
}
impl<C> From<Expr<C>> for Template<C> {
    fn from(expr: Expr<C>) -> Self {
        Self::made(format!("${{{{ {expr} }}}}"), false, expr.reads)
    }
}

macro_rules! add {
    ($([$($generic:ident)*] $left:ty, $right:ty => $contexts:ty;)+) => {$(
        impl<$($generic),*> Add<$right> for $left {
            type Output = Template<$contexts>;
            fn add(self, right: $right) -> Self::Output {
                Template::from(self).with(Template::from(right))
            }
        }
    )+};
}
add! {
    [C] &str, Expr<C> => ((), C);
    [C] &str, Template<C> => ((), C);
    [C] Expr<C>, &str => (C, ());
    [C D] Expr<C>, Expr<D> => (C, D);
    [C] Template<C>, &str => (C, ());
    [C D] Template<C>, Expr<D> => (C, D);
    [C D] Template<C>, Template<D> => (C, D);
}

impl<C> Clone for Template<C> {
    fn clone(&self) -> Self {
        Self::made(self.text.clone(), self.untyped, self.reads.clone())
    }
}
impl<C> std::fmt::Display for Template<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
impl<C> std::fmt::Debug for Template<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({})", self.text)
    }
}
