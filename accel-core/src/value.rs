use std::{collections::BTreeMap, fmt, marker::PhantomData};

use crate::{
    AccountRef, Arn, Cidr, Email, Handle, Intrinsic, Object, Prop, Region, Text,
    account_id::AccountId, tree::NodeId,
};

mod functions;
mod secret;

pub use secret::Secret;

/// A value of kind `K`: a literal, a reference or an intrinsic. Nobody can look inside, so a program
/// that branches on what only the deployment knows does not compile.
///
/// A *kind* says what a value means: `String`, `bool`, `i64`, `f64`, [`List`]s and [`Map`]s of kinds,
/// [`Json`], and the reference kinds of the generated types (`VpcId`, `RoleArn`, ...).
pub struct Value<K> {
    prop: Prop,
    kind: PhantomData<fn() -> K>,
}

/// The kind of a list.
#[derive(Debug)]
pub enum List<K> {
    #[doc(hidden)]
    Never(std::convert::Infallible, PhantomData<fn() -> K>),
}

/// The kind of an object whose keys are free.
#[derive(Debug)]
pub enum Map<K> {
    #[doc(hidden)]
    Never(std::convert::Infallible, PhantomData<fn() -> K>),
}

/// The kind of a property without a fixed shape: a policy document, a filter pattern.
#[derive(Debug)]
pub enum Json {}

/// The untyped half of a reference: attribute `name` of `node`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttrSource {
    /// The resource, parameter or step.
    pub node: NodeId,
    /// The attribute; `None` is what `Ref` returns.
    pub name: Option<&'static str>,
    /// Whether the attribute is a list of strings.
    pub list: bool,
    /// Who else may use it; see [`Scope::share`](crate::Scope::share).
    pub shared_with: Option<Audience>,
}

/// Who else may use a reference; see [`Scope::share`](crate::Scope::share).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// One account.
    Account(AccountRef),
    /// Every account: what a stack set needs.
    Organization,
}

impl From<AccountRef> for Audience {
    fn from(account: AccountRef) -> Self {
        Self::Account(account)
    }
}

/// A reference to an attribute of kind `K`, known only after deployment. It stays in its account;
/// see [`Scope::share`](crate::Scope::share).
pub struct Attr<K> {
    source: AttrSource,
    kind: PhantomData<fn() -> K>,
}

impl<K> Attr<K> {
    /// Attribute `name` of a resource; `None` is what `Ref` returns. For L1 types.
    #[must_use]
    pub const fn new(handle: Handle, name: Option<&'static str>) -> Self {
        Self::of(handle.0, name, false)
    }

    pub(crate) const fn of(node: NodeId, name: Option<&'static str>, list: bool) -> Self {
        Self { source: AttrSource { node, name, list, shared_with: None }, kind: PhantomData }
    }

    pub(crate) const fn from_source(source: AttrSource) -> Self {
        Self { source, kind: PhantomData }
    }

    /// The same reference as another kind: where the data is wrong, or you know better.
    #[must_use]
    pub const fn cast<U>(self) -> Attr<U> {
        Attr { source: self.source, kind: PhantomData }
    }

    /// The untyped half.
    #[must_use]
    pub const fn source(self) -> AttrSource {
        self.source
    }
}

impl<K> Attr<List<K>> {
    /// A list-valued attribute. It crosses stacks as one comma-separated parameter.
    #[must_use]
    pub const fn list(handle: Handle, name: &'static str) -> Self {
        Self::of(handle.0, Some(name), true)
    }
}

impl<K> Clone for Attr<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Attr<K> {}
impl<K> fmt::Debug for Attr<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

/// An [`Attr`] that others may use. Only [`Scope::share`](crate::Scope::share) makes one.
pub struct Shared<K>(Attr<K>);

impl<K> Shared<K> {
    pub(crate) const fn new(mut attr: Attr<K>, audience: Audience) -> Self {
        attr.source.shared_with = Some(audience);
        Self(attr)
    }
}
impl<K> Clone for Shared<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Shared<K> {}
impl<K> fmt::Debug for Shared<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A literal of an enumerated kind. Generated types name the known ones
/// (`ObjectOwnership::BUCKET_OWNER_ENFORCED`); one that is newer than the data is
/// `Const::new("NewValue")`.
pub struct Const<K> {
    text: &'static str,
    kind: PhantomData<fn() -> K>,
}

impl<K> Const<K> {
    /// The literal `text`.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text, kind: PhantomData }
    }

    /// As templates write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.text
    }
}
impl<K> Clone for Const<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Const<K> {}
impl<K> fmt::Debug for Const<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl<K> Value<K> {
    /// A value made of an untyped property: for L1 types and backends that know its kind.
    #[must_use]
    pub const fn from_prop(prop: Prop) -> Self {
        Self { prop, kind: PhantomData }
    }

    /// The untyped property.
    #[must_use]
    pub fn into_prop(self) -> Prop {
        self.prop
    }

    /// The id of something that exists already and that this program does not own.
    ///
    /// ```
    /// use accel_core::Value;
    /// # enum VpcId {}
    /// let vpc: Value<VpcId> = Value::imported("vpc-0123456789abcdef0");
    /// ```
    pub fn imported(id: impl Into<Text>) -> Self {
        Self::from_prop(Prop::String(id.into()))
    }

    /// The same value as another kind: where the data is wrong, or you know better.
    #[must_use]
    pub fn cast<U>(self) -> Value<U> {
        Value::from_prop(self.prop)
    }

    pub(crate) fn intrinsic(intrinsic: Intrinsic) -> Self {
        Self::from_prop(Prop::from(intrinsic))
    }
}

impl<K> Clone for Value<K> {
    fn clone(&self) -> Self {
        Self::from_prop(self.prop.clone())
    }
}
impl<K> fmt::Debug for Value<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.prop.fmt(f)
    }
}

/// Says that a value of kind `Self` is good where a property wants a `K`.
#[diagnostic::on_unimplemented(
    message = "expected a reference to `{K}`, found a reference to `{Self}`",
    label = "this is a `{Self}`",
    note = "if it is right all the same, say so with `.cast()`"
)]
pub trait IsA<K> {}
impl<K> IsA<K> for K {}

/// What a property of kind `K` accepts: a literal, or anything that [`IsA`] `K`.
#[diagnostic::on_unimplemented(
    message = "expected a value for a `{K}`, found `{Self}`",
    note = "an id from outside this program is `Value::imported(\"..\")`; a value newer than the constants of an enumerated kind is `Const::new(\"..\")`"
)]
pub trait IntoValue<K> {
    /// The value as a property of kind `K` holds it.
    fn into_value(self) -> Value<K>;
}

impl<K, T: IsA<K>> IntoValue<K> for Attr<T> {
    #[inline]
    fn into_value(self) -> Value<K> {
        Value::from_prop(self.into())
    }
}
impl<K, T: IsA<K>> IntoValue<K> for &Attr<T> {
    #[inline]
    fn into_value(self) -> Value<K> {
        (*self).into_value()
    }
}
impl<K, T: IsA<K>> IntoValue<K> for Shared<T> {
    #[inline]
    fn into_value(self) -> Value<K> {
        self.0.into_value()
    }
}
impl<K, T: IsA<K>> IntoValue<K> for &Shared<T> {
    #[inline]
    fn into_value(self) -> Value<K> {
        self.0.into_value()
    }
}
impl<K, T: IsA<K>> IntoValue<K> for Value<T> {
    #[inline]
    fn into_value(self) -> Value<K> {
        self.cast()
    }
}
impl<K, T: IsA<K>> IntoValue<K> for &Value<T> {
    #[inline]
    fn into_value(self) -> Value<K> {
        self.clone().cast()
    }
}
// Of this kind alone: so that the kind of `Const::new("NewValue")` need not be written.
impl<K> IntoValue<K> for Const<K> {
    #[inline]
    fn into_value(self) -> Value<K> {
        Value::from_prop(Prop::String(Text::Static(self.text)))
    }
}

impl<K, V: IntoValue<K>> IntoValue<List<K>> for Vec<V> {
    fn into_value(self) -> Value<List<K>> {
        list(self)
    }
}
impl<K, V: IntoValue<K>, const N: usize> IntoValue<List<K>> for [V; N] {
    fn into_value(self) -> Value<List<K>> {
        list(self)
    }
}
impl<'a, K, V> IntoValue<List<K>> for &'a Vec<V>
where
    &'a V: IntoValue<K>,
{
    fn into_value(self) -> Value<List<K>> {
        list(self)
    }
}
impl<'a, K, V> IntoValue<List<K>> for &'a [V]
where
    &'a V: IntoValue<K>,
{
    fn into_value(self) -> Value<List<K>> {
        list(self)
    }
}
impl<'a, K, V, const N: usize> IntoValue<List<K>> for &'a [V; N]
where
    &'a V: IntoValue<K>,
{
    fn into_value(self) -> Value<List<K>> {
        list(self)
    }
}

// Loops, here and in what else takes a list of any kind: a chain of adapters is forty functions for each kind and length,
// and together they were an eighth of what a debug build of the constructs compiles.
fn list<K>(items: impl IntoIterator<Item: IntoValue<K>>) -> Value<List<K>> {
    let items = items.into_iter();
    let mut props = Vec::with_capacity(items.size_hint().0);
    for item in items {
        props.push(item.into_value().prop);
    }
    Value::from_prop(Prop::List(props))
}

impl<K, N: Into<Text>, V: IntoValue<K>, const COUNT: usize> IntoValue<Map<K>> for [(N, V); COUNT] {
    fn into_value(self) -> Value<Map<K>> {
        map(self)
    }
}
impl<K, N: Into<Text>, V: IntoValue<K>> IntoValue<Map<K>> for Vec<(N, V)> {
    fn into_value(self) -> Value<Map<K>> {
        map(self)
    }
}
impl<K, N: Into<Text>, V: IntoValue<K>> IntoValue<Map<K>> for BTreeMap<N, V> {
    fn into_value(self) -> Value<Map<K>> {
        map(self)
    }
}

fn map<K, N: Into<Text>>(
    entries: impl IntoIterator<Item = (N, impl IntoValue<K>)>,
) -> Value<Map<K>> {
    let mut object = Object::new();
    for (name, value) in entries {
        object.insert(name, value.into_value().prop);
    }
    Value::from_prop(Prop::Object(object))
}

impl<K> From<Value<K>> for Prop {
    fn from(value: Value<K>) -> Self {
        value.prop
    }
}
impl<K> From<&Value<K>> for Prop {
    fn from(value: &Value<K>) -> Self {
        value.prop.clone()
    }
}
impl<K> From<Attr<K>> for Prop {
    fn from(attr: Attr<K>) -> Self {
        Self::from(Intrinsic::Attr(attr.source))
    }
}
impl<K> From<Shared<K>> for Prop {
    fn from(shared: Shared<K>) -> Self {
        shared.0.into()
    }
}
impl<K> From<Const<K>> for Prop {
    fn from(literal: Const<K>) -> Self {
        Self::String(Text::Static(literal.text))
    }
}

macro_rules! literals {
    ($($literal:ty => $kind:ty),+ $(,)?) => {$(
        impl IntoValue<$kind> for $literal {
            #[inline]
            fn into_value(self) -> Value<$kind> {
                Value::from_prop(self.into())
            }
        }
    )+};
}
literals! {
    &str => String, String => String, &String => String, Text => String,
    bool => bool,
    i64 => i64, i32 => i64, u32 => i64, u16 => i64, u8 => i64,
    f64 => f64, i32 => f64, i64 => f64,
    Prop => Json, Object => Json,
    AccountId => AccountId, AccountId => String,
    Region => String, Cidr => String, Email => String, Arn => String,
}

macro_rules! displayed {
    ($($type:ty),+) => {$(
        impl From<$type> for Prop {
            fn from(value: $type) -> Self {
                Self::from(value.to_string())
            }
        }
    )+};
}
displayed! { AccountId, Cidr, Email, Arn }

impl From<Region> for Prop {
    fn from(region: Region) -> Self {
        Self::String(Text::Static(region.name()))
    }
}

impl IsA<String> for AccountId {}
impl<K> IsA<Json> for List<K> {}
impl<K> IsA<Json> for Map<K> {}
impl IsA<Json> for String {}
