use std::{
    marker::PhantomData,
    ops::{Index, IndexMut},
    panic::Location,
};

use super::{Scope, ScopeRef};
use crate::{
    Aspect, Construct, FitsIn, Guardrail, IntoValue, Level, Lock, Reference, Resource, Text,
    Within, tree::Tree,
};

/// The root of a construct tree, and the level blueprints live at.
#[derive(Debug)]
pub struct App {
    tree: Tree,
}

impl App {
    /// An empty app. `id` names it to AWS and to people: stacks are called `<id>-<their own id>`.
    #[must_use]
    #[track_caller]
    pub fn new(id: &str) -> Self {
        Self { tree: Tree::new(id, Location::caller()) }
    }

    /// The app as a [`Scope`], for functions that work in a program and in a blueprint alike.
    pub fn scope(&mut self) -> Scope<'_, Self> {
        let node = self.tree.root();
        Scope { tree: &mut self.tree, node, blame: None, level: PhantomData }
    }

    /// Adds a blueprint.
    #[track_caller]
    pub fn add<C: Construct<Level: FitsIn<Self, C>>>(&mut self, id: &str, c: C) -> C::Output {
        self.scope().add(id, c)
    }

    /// Opens `level`, to add constructs to it.
    #[track_caller]
    pub fn open<L: Within<Self>>(&mut self, id: &str, level: L) -> Scope<'_, L> {
        self.scope().into_level(id, level)
    }

    /// Opens again what was opened before, here or inside a blueprint.
    #[track_caller]
    pub fn reopen<L: Level>(&mut self, place: ScopeRef<L>) -> Scope<'_, L> {
        let node = self.scope().owned(place.node, "this scope");
        Scope { tree: &mut self.tree, node, blame: None, level: PhantomData }
    }

    /// See [`Scope::update`].
    #[track_caller]
    pub fn update<R: Reference>(&mut self, reference: R, change: impl FnOnce(R::L1) -> R::L1) {
        self[reference].update(change);
    }

    /// Applies `aspect` to every resource of the app; see [`Scope::aspect`].
    pub fn aspect(&mut self, aspect: impl Aspect) {
        self.scope().aspect(aspect);
    }

    /// Tags every taggable resource of the app; see [`Scope::tag`].
    pub fn tag(&mut self, key: impl Into<Text>, value: impl IntoValue<String>) {
        self.scope().tag(key, value);
    }

    /// Checks every resource of the app during synthesis; see [`Scope::guardrail`].
    pub fn guardrail(&mut self, guardrail: impl Guardrail) {
        self.scope().guardrail(guardrail);
    }

    /// Says that what is at the path `new`, with everything below it, was at the path `old`: a rename
    /// that replaces nothing. Paths are as diagnostics show them. Keep the line until every
    /// environment has been deployed with it, and after that as long as the old names do no harm.
    #[track_caller]
    pub fn moved(&mut self, old: &str, new: &str) {
        self.tree.declare_moved(old, new, Location::caller());
    }

    /// Gives the app what earlier deployments learned: ids of accounts, published values.
    pub fn set_lock(&mut self, lock: Lock) {
        self.tree.lock = lock;
    }

    /// The tree, for a synthesizer or a tool: nothing can be added any more.
    #[must_use]
    pub fn into_tree(self) -> Tree {
        self.tree
    }

    /// The tree, to read.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }
}

/// The escape hatch: `app[vpc].set("EnableDnsSupport", false)`.
impl<R: Reference> Index<R> for App {
    type Output = Resource;
    #[track_caller]
    fn index(&self, reference: R) -> &Resource {
        self.tree.resource(reference.handle())
    }
}
impl<R: Reference> IndexMut<R> for App {
    #[track_caller]
    fn index_mut(&mut self, reference: R) -> &mut Resource {
        self.tree.resource_mut(reference.handle())
    }
}
