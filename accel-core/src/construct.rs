use crate::{Level, Scope};

/// A value that can be added to a [`Scope`].
///
/// A construct lives at one [`Level`]. Most live in a CloudFormation [`Template`](crate::Template) and
/// so fit in a stack and in a stack set alike; one that needs a literal region lives in a
/// [`Stack`](crate::Stack), and a blueprint in the [`App`](crate::App).
///
/// ```
/// use accel_core::{Construct, Handle, Resource, Scope, Template};
///
/// /// A user-defined construct: nothing here is special compared with the built-in ones.
/// struct Alarms { topics: u8 }
///
/// impl Construct for Alarms {
///     type Level = Template;
///     type Output = Vec<Handle>;
///     fn build(self, template: &mut Scope<'_>) -> Vec<Handle> {
///         let topic = |n| template.add(&format!("topic-{n}"), Resource::new("AWS::SNS::Topic"));
///         (0..self.topics).map(topic).collect()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a construct",
    label = "not a construct",
    note = "a builder becomes one with `.build()`; a type of your own with `impl Construct for ..`"
)]
pub trait Construct {
    /// Where it lives. An associated type, not a parameter: a second level is then the author's error
    /// and never an ambiguity for whoever adds the construct.
    type Level: Level;

    /// The typed references handed back to whoever added the construct.
    type Output;

    /// Adds everything this construct is made of to `scope`.
    ///
    /// Building never fails: problems are reported with [`Scope::error`] and surface, all at once,
    /// from synthesis.
    fn build(self, scope: &mut Scope<'_, Self::Level>) -> Self::Output;
}
