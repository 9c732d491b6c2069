use std::{any::Any, fmt};

use crate::{App, Document, Scope, Stack, StackSet, tree::Kind};

/// A place in the tree that decides what may be added below it: a stack, a repository, ...
///
/// A level is a value too: opening one stores it and returns a [`Scope`] of that level. The trait is
/// open, so another crate can bring a target of its own.
pub trait Level: fmt::Debug + Send + Sync + Sized + 'static {
    /// Where the level sits in the tree. Targets that are not deployed to AWS keep the default.
    fn placement(self) -> Placement {
        Placement(Place::Here(Kind::Level(Box::new(self))))
    }

    /// Runs when the level was just opened: the place to open or declare what it always has.
    fn opened(_scope: &mut Scope<'_, Self>) {}

    /// Turns the documents that were put into this level, opened at the path `place`, into the files
    /// of the assembly. Paths are below the assembly's directory; the default changes nothing.
    fn render(&self, place: &str, documents: Vec<Document>) -> Vec<Document> {
        let _ = place;
        documents
    }

    /// How a document of this level says a value that is not known at synth, if the target can look
    /// it up itself: `${{ vars.NAME }}`. `name` is made of capital letters, digits and `_`.
    fn indirection(&self, name: &str) -> Option<String> {
        let _ = name;
        None
    }
}

/// A [`Level`] of whichever type.
pub trait AnyLevel: fmt::Debug + Send + Sync {
    /// See [`Level::render`].
    fn render(&self, place: &str, documents: Vec<Document>) -> Vec<Document>;
    /// See [`Level::indirection`].
    fn indirection(&self, name: &str) -> Option<String>;
    /// What the level is, as its type is called: `Repository`.
    fn name(&self) -> &'static str;
    /// The level itself.
    fn as_any(&self) -> &dyn Any;
    /// The level itself, to change.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl<L: Level> AnyLevel for L {
    fn render(&self, place: &str, documents: Vec<Document>) -> Vec<Document> {
        Level::render(self, place, documents)
    }
    fn indirection(&self, name: &str) -> Option<String> {
        Level::indirection(self, name)
    }
    fn name(&self) -> &'static str {
        let path = std::any::type_name::<L>();
        path.rsplit("::").next().unwrap_or(path)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Says that level `Self` can be opened inside level `Parent`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be opened inside a `{Parent}`",
    label = "this scope is a `{Parent}`"
)]
pub trait Within<Parent: Level>: Level {}

/// Says that what lives at level `Self` can be added to a scope of level `L`.
///
/// Every level fits in itself; a [`Template`] fits in a stack and in a stack set. The construct `C`
/// is a parameter only so that the compiler's message can name it. The bound stands on the
/// construct's level, not on the scope's: rustc never guesses a `Self` type, so it cannot pick a lone
/// candidate and then complain about something else.
#[diagnostic::on_unimplemented(
    message = "`{C}` cannot be added to a `{L}`",
    label = "`{C}` lives in a `{Self}`, this scope is a `{L}`",
    note = "open the level it lives in and add it there: `app.open(\"id\", ..)`, or `app.reopen(..)` if it is open already",
    note = "what lives in a `Template` goes into a `Stack` or a `StackSet`"
)]
pub trait FitsIn<L: Level, C>: Level {}

#[diagnostic::do_not_recommend]
impl<L: Level, C> FitsIn<L, C> for L {}
#[diagnostic::do_not_recommend]
impl<C> FitsIn<Stack, C> for Template {}
#[diagnostic::do_not_recommend]
impl<C> FitsIn<StackSet, C> for Template {}

/// Says that a level has one account and one region, known while the tree is built.
///
/// A bound on the method rather than an `impl Scope<Stack>`: "no such method" would be rustc's words.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` has no region of its own",
    label = "this is a `{Self}`",
    note = "what differs per region is a table, `Value::by_region([..])`; a construct that needs the literal lives in a stack: `type Level = Stack`"
)]
pub trait OneEnvironment: Level {}
impl OneEnvironment for Stack {}

/// Says that the templates of a level may use transforms, which `Fn::ToJsonString` and `Fn::Length`
/// need. Service-managed stack sets take none.
#[diagnostic::on_unimplemented(
    message = "the template of a `{Self}` cannot use transforms",
    label = "this is a `{Self}`",
    note = "`Fn::ToJsonString` and `Fn::Length` are language extensions, which stack sets do not take; a construct that needs one lives in a stack: `type Level = Stack`"
)]
pub trait TakesTransforms: Level {}
impl TakesTransforms for Stack {}

/// See [`Level::placement`]. Made by the levels of this crate; other levels keep the default.
#[derive(Debug)]
pub struct Placement(pub(crate) Place);

#[derive(Debug)]
pub(crate) enum Place {
    /// Below the scope that opens it.
    Here(Kind),
    /// Below the account and region it is deployed to.
    Deployed(Stack),
}

/// What a stack and a stack set have in common: a CloudFormation template.
///
/// It is never opened itself. Account and region are pseudo parameters here, *by type*.
#[derive(Debug)]
pub enum Template {}

impl Level for Template {}
impl Level for App {}

impl Level for Stack {
    fn placement(self) -> Placement {
        Placement(Place::Deployed(self))
    }
}
impl Within<App> for Stack {}

impl Level for StackSet {
    fn placement(self) -> Placement {
        Placement(Place::Here(Kind::StackSet(Box::new(self))))
    }
}
impl Within<App> for StackSet {}
