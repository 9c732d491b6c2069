use std::{fmt, marker::PhantomData};

use super::Scope;
use crate::{
    Attr, Environment, Intrinsic, StackSet, Value,
    tree::{Kind, NodeId},
};

/// A value that a stack set brought out, one per account and region.
pub struct Published<K> {
    node: NodeId,
    kind: PhantomData<fn() -> K>,
}

impl<K> Published<K> {
    /// The value as it is in one account and region, for a template or a document of this app.
    #[must_use]
    pub fn in_environment(self, environment: Environment) -> Value<K> {
        Value::intrinsic(Intrinsic::Published(self.node, environment))
    }
}

impl Scope<'_, StackSet> {
    /// Brings `attr` out of the stack set: each account and region writes its own under a name of its
    /// own, `/accel/<app>/<stack set>/<key>`, from where the deployer reads it. The only way for a
    /// value to leave a stack set.
    #[track_caller]
    pub fn publish<K>(&mut self, key: &str, attr: Attr<K>) -> Published<K> {
        let blame = self.blame.unwrap_or(std::panic::Location::caller());
        let kind = Kind::Published(Box::new(Value::from_prop(attr.into())));
        let node = self.tree.insert(self.node, key, kind, blame);
        Published { node, kind: PhantomData }
    }
}

impl<K> Clone for Published<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Published<K> {}
impl<K> fmt::Debug for Published<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Published({:?})", self.node)
    }
}
