use std::{
    fmt,
    marker::PhantomData,
    ops::{Index, IndexMut},
    panic::Location,
};

use crate::{
    AccountRef, Aspect, Attr, Audience, Code, Construct, Diagnostic, Document, DocumentRef,
    Environment, FitsIn, Guardrail, Handle, IntoValue, Level, OneEnvironment, Prop, Reference,
    Region, Resource, Shared, Stack, Step, StepRef, Template, Text, Value, Within,
    compliance::Framework,
    environment::AccountInfo,
    level::{Place, Placement, TakesTransforms},
    policy::{GuardrailProbes, Keeper},
    tree::{Kind, NodeId, Order, Tree},
};

mod app;
mod publish;

pub use app::App;
pub use publish::Published;

/// A cursor into the construct tree at level `L`. It borrows the app, so one is open at a time: finish
/// one before opening the next, or come back with a [`ScopeRef`].
#[must_use = "a scope is opened to add something to it"]
pub struct Scope<'tree, L: Level = Template> {
    tree: &'tree mut Tree,
    node: NodeId,
    /// The user's line that all of this is part of, once inside a construct.
    blame: Option<&'static Location<'static>>,
    level: PhantomData<fn() -> L>,
}

/// A scope to come back to: `Copy`, so it outlives the borrow of the app. See [`App::reopen`].
pub struct ScopeRef<L> {
    node: NodeId,
    level: PhantomData<fn() -> L>,
}

impl<L> ScopeRef<L> {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.node
    }
}

impl<'tree, L: Level> Scope<'tree, L> {
    /// Builds `construct` below this scope, under the path segment `id`.
    #[track_caller]
    pub fn add<C: Construct<Level: FitsIn<L, C>>>(&mut self, id: &str, construct: C) -> C::Output {
        construct.build(&mut self.group(id, Location::caller()))
    }

    /// Where a construct is built. Apart from [`add`](Self::add), which is compiled for each construct.
    fn group<M: Level>(&mut self, id: &str, caller: &'static Location<'static>) -> Scope<'_, M> {
        let blame = self.blame.unwrap_or(caller);
        let node = self.tree.insert(self.node, id, Kind::Group, blame);
        self.at(node, Some(blame))
    }

    /// Opens `level` inside this one.
    #[track_caller]
    pub fn open<M: Within<L>>(&mut self, id: &str, level: M) -> Scope<'_, M> {
        self.at::<L>(self.node, self.blame).into_level(id, level)
    }

    /// Opens again what was opened before.
    #[track_caller]
    pub fn reopen<M: Level>(&mut self, place: ScopeRef<M>) -> Scope<'_, M> {
        let node = self.owned(place.node, "this scope");
        self.at(node, self.blame)
    }

    /// This construct's own place inside another scope, under the ids it has below its level: how the
    /// constructs of an organization add to the organization's stack.
    pub fn continue_in<M: Level>(&mut self, place: ScopeRef<M>) -> Scope<'_, M> {
        let location = self.tree[self.node].location();
        let below = self.tree.ancestors(self.node);
        let below = below.take_while(|&node| matches!(self.tree[node].kind(), Kind::Group));
        let mut below: Vec<NodeId> = below.collect();
        let mut node = self.owned(place.node, "this scope");
        while let Some(next) = below.pop() {
            let id = Text::from(self.tree[next].id());
            node = self.tree.child_or_insert(node, &id, location);
        }
        self.at(node, Some(location))
    }

    /// This scope, to come back to.
    #[must_use]
    pub const fn reference(&self) -> ScopeRef<L> {
        ScopeRef { node: self.node, level: PhantomData }
    }

    /// Changes a resource through its typed facade: `scope.update(vpc, |vpc| vpc.cidr_block(..))`.
    #[track_caller]
    pub fn update<R: Reference>(&mut self, reference: R, change: impl FnOnce(R::L1) -> R::L1) {
        self[reference].update(change);
    }

    /// This scope as a plain template, for functions that work in a stack and a stack set alike.
    pub fn template(&mut self) -> Scope<'_, Template>
    where
        Template: FitsIn<L, Template>,
    {
        self.at(self.node, self.blame)
    }

    #[track_caller]
    fn into_level<M: Level>(mut self, id: &str, level: M) -> Scope<'tree, M> {
        let location = self.blame.unwrap_or(Location::caller());
        let (parent, kind) = match level.placement() {
            Placement(Place::Here(kind)) => {
                if let Kind::StackSet(set) = &kind {
                    set.report_strays(self.tree, location);
                }
                (self.node, kind)
            }
            Placement(Place::Deployed(stack)) => {
                (self.deployed_parent(&stack, location), Kind::Stack(stack))
            }
        };
        let node = self.tree.insert(parent, id, kind, location);
        M::opened(&mut Scope { tree: self.tree, node, blame: Some(location), level: PhantomData });
        Scope { tree: self.tree, node, blame: self.blame, level: PhantomData }
    }

    /// Below account and region, under the ids of this scope: two instances of one blueprint do not
    /// collide, and the path says where a stack is deployed.
    fn deployed_parent(&mut self, stack: &Stack, location: &'static Location<'static>) -> NodeId {
        let Environment { account, region } = stack.environment();
        let mut node = account.node();
        if !self.tree.owns(node) {
            self.tree.report_stray("this account", location);
            node = self.tree.root();
        }
        node = self.tree.child_or_insert(node, region.name(), location);
        let is_scope = |&node: &NodeId| node != self.tree.root();
        let mut ids: Vec<Text> = self
            .tree
            .ancestors(self.node)
            .take_while(is_scope)
            .map(|node| Text::from(self.tree[node].id()))
            .collect();
        while let Some(id) = ids.pop() {
            node = self.tree.child_or_insert(node, &id, location);
        }
        node
    }

    fn at<M: Level>(
        &mut self,
        node: NodeId,
        blame: Option<&'static Location<'static>>,
    ) -> Scope<'_, M> {
        Scope { tree: self.tree, node, blame, level: PhantomData }
    }

    #[track_caller]
    fn owned(&mut self, node: NodeId, what: &str) -> NodeId {
        if self.tree.owns(node) {
            return node;
        }
        self.tree.report_stray(what, self.blame.unwrap_or(Location::caller()));
        self.tree.root()
    }

    /// The id this construct was added under.
    #[must_use]
    pub fn id(&self) -> &str {
        self.tree[self.node].id()
    }

    /// The ids from below the app down to here.
    #[must_use]
    pub fn path(&self) -> String {
        self.tree.path(self.node)
    }

    /// The node of the tree this scope is at.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.node
    }

    /// The tree, to read.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        self.tree
    }

    /// The level's own value, as it was opened; none for a template, an app, and a scope of another app.
    #[must_use]
    pub fn level(&self) -> Option<&L> {
        self.tree.ancestors(self.node).find_map(|node| match self.tree[node].kind() {
            Kind::Level(level) => level.as_any().downcast_ref(),
            _ => None,
        })
    }

    /// [`Scope::level`], to change.
    pub fn level_mut(&mut self) -> Option<&mut L> {
        let is_level = |&node: &NodeId| matches!(self.tree[node].kind(), Kind::Level(_));
        let node = self.tree.ancestors(self.node).find(is_level)?;
        match &mut self.tree[node].kind {
            Kind::Level(level) => level.as_any_mut().downcast_mut(),
            _ => None,
        }
    }

    /// Applies `aspect` to every resource below this scope, those added later too. Aspects run at the
    /// beginning of synthesis, in the order they were added.
    pub fn aspect(&mut self, aspect: impl Aspect) {
        self.tree.aspects.push((self.node, Box::new(aspect)));
    }

    /// Checks every resource below this scope, those added later too, after all aspects.
    pub fn guardrail(&mut self, guardrail: impl Guardrail) {
        self.tree.guardrails.push((self.node, Box::new(guardrail)));
    }

    /// Tags every taggable resource below this scope. The innermost scope wins, a tag of the resource
    /// itself wins over all.
    pub fn tag(&mut self, key: impl Into<Text>, value: impl IntoValue<String>) {
        self.tree.tags.push((self.node, key.into(), value.into_value().into_prop()));
    }

    /// Holds the app to `framework`: synthesis looks for the evidence and reports what it found.
    pub fn framework(&mut self, framework: Framework) {
        self.tree.frameworks.push((self.node, framework));
    }

    /// Has `guardrail` shown: synthesis decides its requests where the policies below this construct are in force.
    pub fn show_guardrail(&mut self, guardrail: GuardrailProbes) {
        self.tree.probes.push((self.node, guardrail));
    }

    /// Names a role that no policy of the organization may lock out of an account. Without a deployer among them, the
    /// app is deployed by the roles that accounts are made with.
    #[track_caller]
    pub fn keeper(&mut self, keeper: Keeper) {
        self.tree.keepers.push((Location::caller(), keeper));
    }

    /// The user's line that this construct comes from.
    #[must_use]
    pub fn location(&self) -> &'static Location<'static> {
        self.tree[self.node].location()
    }

    /// Reports a problem with the construct being built; synthesis will fail, but building goes on.
    pub fn error(&mut self, code: &'static Code, message: impl Into<String>) {
        self.report(Diagnostic::error(code, message, self.location()));
    }

    /// Reports a problem with more to say than [`Scope::error`].
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.tree.report(diagnostic);
    }

    /// Makes this scope a file of its level. For constructs that render documents.
    pub fn document(&mut self, mut document: Document) -> DocumentRef {
        document.origin = Some(self.node);
        self.become_kind(Kind::Document(Box::new(document)));
        DocumentRef(self.node)
    }

    /// By what the object that a document describes is found again in its target: `accel:<app>/<path>`.
    /// It follows [`App::moved`], so that a rename finds what was made before it.
    #[must_use]
    pub fn identity(&self) -> Value<String> {
        Value::from_prop(Prop::from(crate::Intrinsic::Identity(self.node)))
    }

    /// Makes this scope a step of the organization. For constructs that CloudFormation cannot express.
    pub fn step(&mut self, step: Step) -> StepRef {
        self.become_kind(Kind::Step(Box::new(step)));
        StepRef(self.node)
    }

    /// Declares an account called as this scope is: its node is below the app, beside all accounts.
    pub fn declare_account(&mut self, info: AccountInfo) -> AccountRef {
        let id = Text::from(self.id());
        self.declare_account_as(&id, info)
    }

    /// [`Scope::declare_account`] with a name of its own.
    pub fn declare_account_as(&mut self, name: &str, info: AccountInfo) -> AccountRef {
        let location = self.location();
        if let Some(invalid) = info.invalid_role() {
            self.report(invalid.at(location));
        }
        AccountRef(self.tree.insert(self.tree.root(), name, Kind::Account(info), location))
    }

    /// What stands in for an account where there is none to give back, because of a problem that was
    /// reported already.
    #[must_use]
    pub const fn no_account(&self) -> AccountRef {
        AccountRef(self.tree.root())
    }

    /// [`Scope::no_account`], for a step.
    #[must_use]
    pub const fn no_step(&self) -> StepRef {
        StepRef(self.tree.root())
    }

    pub(crate) fn become_kind(&mut self, kind: Kind) {
        self.tree[self.node].kind = kind;
    }

    /// Lets this stack, stack set or step wait for another one, where no value says so.
    #[track_caller]
    pub fn after(&mut self, other: impl Into<NodeId>) {
        let on = other.into();
        if self.tree.owns(on) {
            let location = self.blame.unwrap_or(Location::caller());
            self.tree.orders.push(Order { user: self.node, on, location });
        } else {
            self.owned(on, "this reference");
        }
    }

    /// The literal account and region. Only a stack has them.
    #[must_use]
    pub fn environment(&self) -> Environment
    where
        L: OneEnvironment,
    {
        // None only after a problem that was reported already, such as a scope of another app.
        let nowhere = Environment { account: self.no_account(), region: Region::US_EAST_1 };
        self.tree.environment(self.node).unwrap_or(nowhere)
    }

    /// The literal region. Only a stack has one.
    #[must_use]
    pub fn region(&self) -> Region
    where
        L: OneEnvironment,
    {
        self.environment().region
    }

    /// `Fn::ToJsonString`: an object or list as one JSON text. Only in a stack.
    pub fn to_json_string(&self, value: impl Into<Prop>) -> Value<String>
    where
        L: TakesTransforms,
    {
        Value::intrinsic(crate::Intrinsic::ToJsonString(value.into()))
    }

    /// `Fn::Length`: the number of items of a list. Only in a stack.
    pub fn length<K>(&self, list: impl IntoValue<crate::List<K>>) -> Value<i64>
    where
        L: TakesTransforms,
    {
        Value::intrinsic(crate::Intrinsic::Length(list.into_value().into_prop()))
    }

    /// Lets `audience` use `attr`. The only way for a reference to leave its account, so that every
    /// such place can be found by searching for `share(`.
    #[must_use]
    pub fn share<T>(&mut self, attr: Attr<T>, audience: impl Into<Audience>) -> Shared<T> {
        Shared::new(attr, audience.into())
    }
}

impl Scope<'_, Template> {
    /// Makes this scope the `resource` itself. L1 types implement [`Construct`] with this.
    pub fn resource(&mut self, resource: Resource) -> Handle {
        self.become_kind(Kind::Resource(Box::new(resource.placed())));
        Handle(self.node)
    }
}

/// The escape hatch: `stack[vpc].set("EnableDnsSupport", false)`.
impl<R: Reference, L: Level> Index<R> for Scope<'_, L> {
    type Output = Resource;
    #[track_caller]
    fn index(&self, reference: R) -> &Resource {
        self.tree.resource(reference.handle())
    }
}
impl<R: Reference, L: Level> IndexMut<R> for Scope<'_, L> {
    #[track_caller]
    fn index_mut(&mut self, reference: R) -> &mut Resource {
        self.tree.resource_mut(reference.handle())
    }
}

impl<L: Level> fmt::Debug for Scope<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({})", self.tree.path(self.node))
    }
}
impl<L> Clone for ScopeRef<L> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<L> Copy for ScopeRef<L> {}
impl<L> fmt::Debug for ScopeRef<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScopeRef({:?})", self.node)
    }
}
impl<L> From<ScopeRef<L>> for NodeId {
    fn from(scope: ScopeRef<L>) -> Self {
        scope.node
    }
}
impl From<StepRef> for NodeId {
    fn from(step: StepRef) -> Self {
        step.0
    }
}
impl From<AccountRef> for NodeId {
    fn from(account: AccountRef) -> Self {
        account.node()
    }
}
