//! The construct tree: plain data, children in insertion order. Programs never see it; synthesizers,
//! aspects and tools read it.

use std::{
    fmt,
    ops::{Index, IndexMut},
    panic::Location,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    AccountRef, Diagnostic, Diagnostics, Document, Environment, Handle, Lock, Resource, Stack,
    StackSet, Step, Text, Value,
    aspect::{Aspect, Guardrail},
    codes,
    compliance::Framework,
    environment::AccountInfo,
    level::AnyLevel,
    policy::{GuardrailProbes, Keeper},
    template::{Condition, Mapping, Output, ParameterSpec},
};

/// Names a node of one app's tree. It carries a number of its app, so that a handle of another app is
/// noticed instead of naming a wrong node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId {
    app: u32,
    index: u32,
}

impl NodeId {
    /// Position in the order in which nodes were added, from 0: for tables that follow the tree.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index as usize
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// A construct made of others, or a segment of a path.
    Group,
    /// An account; its node is below the app, whatever its unit is.
    Account(AccountInfo),
    /// A stack.
    Stack(Stack),
    /// A stack set.
    StackSet(Box<StackSet>),
    /// Any other level: the organization, a repository, ...
    Level(Box<dyn AnyLevel>),
    /// A resource of the template it is below.
    Resource(Box<Resource>),
    /// A parameter of the template it is below.
    Parameter(Box<ParameterSpec>),
    /// A condition of the template it is below.
    Condition(Box<Condition>),
    /// A mapping of the template it is below.
    Mapping(Box<Mapping>),
    /// An output of the template it is below.
    Output(Box<Output>),
    /// A value that the stack set it is below brings out.
    Published(Box<Value<()>>),
    /// A step of the organization.
    Step(Box<Step>),
    /// A file of the level it is below.
    Document(Box<Document>),
}

/// A place in the tree.
#[derive(Debug)]
pub struct Node {
    id: Text,
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    /// The line of the user's program this node comes from, however deep in a library it is made.
    location: &'static Location<'static>,
    pub(crate) kind: Kind,
}

impl Node {
    /// The segment of the path.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The node above; none for the app.
    #[must_use]
    pub const fn parent(&self) -> Option<NodeId> {
        self.parent
    }

    /// The nodes below, in the order they were added.
    #[must_use]
    pub fn children(&self) -> &[NodeId] {
        &self.children
    }

    /// The line of the user's program this node comes from.
    #[must_use]
    pub const fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// What the node is.
    #[must_use]
    pub const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The resource, if the node is one.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        match &self.kind {
            Kind::Resource(resource) => Some(resource),
            _ => None,
        }
    }
}

/// "`user` waits for `on`", without a value that would say so.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// A stack, a stack set or a step.
    pub user: NodeId,
    /// What has to be there first.
    pub on: NodeId,
    /// The line that says so.
    pub location: &'static Location<'static>,
}

/// A construct that was renamed: see [`App::moved`](crate::App::moved).
#[derive(Clone, Debug)]
pub struct Move {
    /// The path it had.
    pub old: String,
    /// The path it has.
    pub new: String,
    /// The line that says so.
    pub location: &'static Location<'static>,
}

/// The construct tree of one app.
#[derive(Debug)]
pub struct Tree {
    app: u32,
    nodes: Vec<Node>,
    pub(crate) aspects: Vec<(NodeId, Box<dyn Aspect>)>,
    pub(crate) guardrails: Vec<(NodeId, Box<dyn Guardrail>)>,
    pub(crate) frameworks: Vec<(NodeId, Framework)>,
    pub(crate) probes: Vec<(NodeId, GuardrailProbes)>,
    pub(crate) keepers: Vec<(&'static Location<'static>, Keeper)>,
    pub(crate) tags: Vec<(NodeId, Text, crate::Prop)>,
    pub(crate) orders: Vec<Order>,
    pub(crate) moves: Vec<Move>,
    pub(crate) lock: Lock,
    diagnostics: Diagnostics,
    /// What the escape hatch hands out for a handle that is not of this app.
    stray: Resource,
    /// Lines that read through such a handle; a mutex because reading borrows the tree only shared.
    stray_reads: Mutex<Vec<&'static Location<'static>>>,
}

impl Tree {
    pub(crate) fn new(id: &str, location: &'static Location<'static>) -> Self {
        static APPS: AtomicU32 = AtomicU32::new(0);
        let mut tree = Self {
            app: APPS.fetch_add(1, Ordering::Relaxed),
            nodes: Vec::new(),
            aspects: Vec::new(),
            guardrails: Vec::new(),
            frameworks: Vec::new(),
            probes: Vec::new(),
            keepers: Vec::new(),
            tags: Vec::new(),
            orders: Vec::new(),
            moves: Vec::new(),
            lock: Lock::default(),
            diagnostics: Diagnostics::default(),
            stray: Resource::new(""),
            stray_reads: Mutex::default(),
        };
        tree.check_id(id, location);
        tree.push(None, id, Kind::Group, location);
        tree
    }

    /// The app's node.
    #[must_use]
    pub const fn root(&self) -> NodeId {
        NodeId { app: self.app, index: 0 }
    }

    /// The node, unless it is of another app.
    #[must_use]
    pub fn get(&self, node: NodeId) -> Option<&Node> {
        (node.app == self.app).then(|| &self.nodes[node.index()])
    }

    /// What an account is called in paths; nothing if it is of another app.
    #[must_use]
    pub fn account_name(&self, account: AccountRef) -> &str {
        self.get(account.node()).map_or("", Node::id)
    }

    /// Every node, those above before those below.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        let app = self.app;
        (0..self.nodes.len()).map(move |index| NodeId { app, index: index as u32 })
    }

    /// The number of nodes; [`NodeId::index`] is below it.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node; never so for the tree of an app.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// `node` and what is above it, up to the app.
    pub fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(node), |&node| self[node].parent)
    }

    /// `node` and everything below it, those above first.
    #[must_use]
    pub fn subtree(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = vec![node];
        let mut next = 0;
        while let Some(&node) = found.get(next) {
            next += 1;
            found.extend(&self[node].children);
        }
        found
    }

    /// The ids from below the app down to `node`, with `/` between them; the app's own id for the app.
    #[must_use]
    pub fn path(&self, node: NodeId) -> String {
        let mut ids: Vec<&str> = self.ancestors(node).map(|node| self[node].id()).collect();
        if ids.len() > 1 {
            ids.pop();
        }
        ids.reverse();
        ids.join("/")
    }

    /// The account and region of the stack that `node` is in, if it is in one.
    #[must_use]
    pub fn environment(&self, node: NodeId) -> Option<Environment> {
        self.ancestors(node).find_map(|node| match &self[node].kind {
            Kind::Stack(stack) => Some(stack.environment()),
            _ => None,
        })
    }

    /// The id of an account, from the program or from the lock file.
    #[must_use]
    pub fn account_id(&self, account: AccountRef) -> Option<crate::AccountId> {
        let node = self.get(account.node())?;
        match &node.kind {
            Kind::Account(info) => info.id.or_else(|| self.lock.account(&node.id)),
            _ => None,
        }
    }

    /// What earlier deployments learned.
    #[must_use]
    pub const fn lock(&self) -> &Lock {
        &self.lock
    }

    /// What waits for what, beyond the values that cross.
    #[must_use]
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Constructs that were renamed.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// What the app is held to, and the constructs that say so.
    #[must_use]
    pub fn frameworks(&self) -> &[(NodeId, Framework)] {
        &self.frameworks
    }

    /// The guardrails that are shown, and the constructs that make their policies.
    #[must_use]
    pub fn probes(&self) -> &[(NodeId, GuardrailProbes)] {
        &self.probes
    }

    /// The roles that no policy may lock out, and the lines that say so.
    #[must_use]
    pub fn keepers(&self) -> &[(&'static Location<'static>, Keeper)] {
        &self.keepers
    }

    /// Takes what building found wrong.
    pub fn take_diagnostics(&mut self) -> Diagnostics {
        let mut lines =
            std::mem::take(self.stray_reads.get_mut().unwrap_or_else(PoisonError::into_inner));
        lines.dedup();
        lines.into_iter().for_each(|line| self.report_stray("this handle", line));
        std::mem::take(&mut self.diagnostics)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn report_stray(&mut self, what: &str, location: &'static Location<'static>) {
        let message = format!("{what} is of another `App`, so it names nothing here");
        let help = "use what this app's `add` and `open` gave back; two apps share no constructs";
        self.report(Diagnostic::error(&codes::FOREIGN_HANDLE, message, location).help(help));
    }

    pub(crate) fn owns(&self, node: NodeId) -> bool {
        node.app == self.app
    }

    pub(crate) fn insert(
        &mut self,
        parent: NodeId,
        id: &str,
        kind: Kind,
        location: &'static Location<'static>,
    ) -> NodeId {
        self.check_id(id, location);
        if let Some(first) = self.child(parent, id) {
            let (path, first) = (self.path(first), self[first].location);
            let message = format!("`{path}` is defined twice");
            let diagnostic = Diagnostic::error(&codes::DUPLICATE_ID, message, location)
                .note("first defined here", first)
                .help("give one of the two another id; ids are unique within their scope");
            self.report(diagnostic);
        }
        self.push(Some(parent), id, kind, location)
    }

    fn push(
        &mut self,
        parent: Option<NodeId>,
        id: &str,
        kind: Kind,
        location: &'static Location<'static>,
    ) -> NodeId {
        // 2^32 nodes would not fit in memory, so the index never wraps.
        let node = NodeId { app: self.app, index: self.nodes.len() as u32 };
        self.nodes.push(Node { id: id.into(), parent, children: Vec::new(), location, kind });
        if let Some(parent) = parent {
            self[parent].children.push(node);
        }
        node
    }

    fn check_id(&mut self, id: &str, location: &'static Location<'static>) {
        let shown = || id.chars().take(40).collect::<String>();
        let problem = if id.is_empty() {
            "an id is empty".to_owned()
        } else if id.len() > 128 {
            format!("the id `{}...` has {} characters", shown(), id.len())
        } else if let Some(odd) =
            id.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_.".contains(*c))
        {
            format!("the id `{}` has the character {odd:?}", shown())
        } else if !id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            format!("the id `{}` does not begin with a letter or a digit", shown())
        } else {
            return;
        };
        let allowed =
            "1 to 128 letters, digits, `-`, `_` and `.` of ASCII, the first a letter or digit";
        self.report(
            Diagnostic::error(&codes::INVALID_ID, problem, location)
                .allowed(allowed)
                .help("an id is one segment of a path; nest scopes instead of writing `/`"),
        );
    }

    pub(crate) fn child(&self, parent: NodeId, id: &str) -> Option<NodeId> {
        self[parent].children.iter().copied().find(|&child| self[child].id == id)
    }

    /// The child called `id`; made on first use.
    pub(crate) fn child_or_insert(
        &mut self,
        parent: NodeId,
        id: &str,
        location: &'static Location<'static>,
    ) -> NodeId {
        self.child(parent, id).unwrap_or_else(|| self.push(Some(parent), id, Kind::Group, location))
    }

    #[track_caller]
    pub(crate) fn resource(&self, handle: Handle) -> &Resource {
        self.get(handle.0).and_then(Node::resource).unwrap_or_else(|| {
            let mut lines = self.stray_reads.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(Location::caller());
            &self.stray
        })
    }

    #[track_caller]
    pub(crate) fn resource_mut(&mut self, handle: Handle) -> &mut Resource {
        if !self.owns(handle.0) {
            self.report_stray("this handle", Location::caller());
            return &mut self.stray;
        }
        match &mut self.nodes[handle.0.index()].kind {
            Kind::Resource(resource) => resource,
            // A construct that gives back a handle makes its scope the resource.
            _ => &mut self.stray,
        }
    }

    pub(crate) fn declare_moved(
        &mut self,
        old: &str,
        new: &str,
        location: &'static Location<'static>,
    ) {
        if old.is_empty() || new.is_empty() || old == new {
            let message = format!("`moved({old:?}, {new:?})` moves nothing");
            self.report(Diagnostic::error(&codes::INVALID_MOVE, message, location));
            return;
        }
        self.moves.push(Move { old: old.to_owned(), new: new.to_owned(), location });
    }
}

impl Index<NodeId> for Tree {
    type Output = Node;
    fn index(&self, node: NodeId) -> &Node {
        &self.nodes[node.index()]
    }
}

impl IndexMut<NodeId> for Tree {
    fn index_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.index()]
    }
}
