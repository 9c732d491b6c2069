use std::{borrow::Cow, panic::Location};

use crate::{
    Construct, IntoValue, Object, Prop, Scope, Template, Text, Value, policy::PolicyProfile,
    template::ConditionRef, tree::NodeId,
};

mod import;
mod policies;

pub use import::{Identifier, Import};
pub use policies::{DeletionPolicy, Policies};

/// An untyped reference to a resource of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(pub(crate) NodeId);

impl Handle {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0
    }
}

/// Names one resource of the tree: what L1 constructs give back, and the key of the escape hatch.
pub trait Reference: Copy {
    /// The typed facade of the resource; [`Resource`] itself for raw ones.
    type L1: L1;
    /// The untyped reference.
    fn handle(self) -> Handle;
}

impl Reference for Handle {
    type L1 = Resource;
    fn handle(self) -> Handle {
        self
    }
}

/// A typed facade over a [`Resource`]: one per resource type.
pub trait L1: Sized {
    /// The resource type, `None` for "any".
    const TYPE: Option<&'static ResourceType>;

    /// The facade of a resource, which is of this type.
    fn from_resource(resource: Resource) -> Self;

    /// The resource behind the facade.
    fn into_resource(self) -> Resource;
}

impl L1 for Resource {
    const TYPE: Option<&'static ResourceType> = None;

    fn from_resource(resource: Resource) -> Self {
        resource
    }

    fn into_resource(self) -> Resource {
        self
    }
}

/// What is known of a resource type at compile time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// As templates write it.
    pub name: &'static str,
    /// How it is tagged.
    pub tags: TagStyle,
}

/// How the tags of a resource type are written. The text is the property's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagStyle {
    /// Not at all.
    None,
    /// As a list of `Key` and `Value`.
    List(&'static str),
    /// As such a list, with `PropagateAtLaunch` in each entry.
    Propagated(&'static str),
    /// As an object.
    Map(&'static str),
}

/// A CloudFormation resource: a bag of properties, and what every resource has besides.
///
/// [`L1`] types are typed facades over it. As a construct of its own it is for types that are newer
/// than the generated ones: `stack.add("thing", Resource::new("AWS::New::Thing"))`.
#[derive(Clone, Debug)]
pub struct Resource {
    type_name: Cow<'static, str>,
    tag_style: TagStyle,
    properties: Object,
    tags: Vec<(Text, Prop)>,
    policies: Option<Box<Policies>>,
    /// Where properties were set after the resource was placed in the tree.
    overrides: Vec<(Text, &'static Location<'static>)>,
    placed: bool,
    newer_than_schemas: bool,
    policy_profile: PolicyProfile,
}

impl Resource {
    /// A resource of any type, for those newer than the schemas. It has no tags of its scopes unless
    /// it is made [`taggable`](Self::taggable).
    #[must_use]
    pub fn new(type_name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            type_name: type_name.into(),
            tag_style: TagStyle::None,
            properties: Object::new(),
            tags: Vec::new(),
            policies: None,
            overrides: Vec::new(),
            placed: false,
            newer_than_schemas: false,
            policy_profile: PolicyProfile::Conservative,
        }
    }

    /// A resource of a known type. For L1 types.
    #[must_use]
    pub const fn typed(resource_type: &'static ResourceType) -> Self {
        Self {
            type_name: Cow::Borrowed(resource_type.name),
            tag_style: resource_type.tags,
            properties: Object::new(),
            tags: Vec::new(),
            policies: None,
            overrides: Vec::new(),
            placed: false,
            newer_than_schemas: false,
            policy_profile: PolicyProfile::Conservative,
        }
    }

    /// Says how the resource is tagged.
    #[must_use]
    pub const fn taggable(mut self, style: TagStyle) -> Self {
        self.tag_style = style;
        self
    }

    /// Says that the type, or what is set here, is newer than the published schemas: validation lets types,
    /// properties and enumerated values that it does not know pass, on this resource only. What it does
    /// know is still checked: patterns, lengths, ranges, counts.
    pub const fn newer_than_schemas(&mut self) -> &mut Self {
        self.newer_than_schemas = true;
        self
    }

    /// Whether [`newer_than_schemas`](Self::newer_than_schemas) was said.
    #[must_use]
    pub const fn is_newer_than_schemas(&self) -> bool {
        self.newer_than_schemas
    }

    /// Says which limits a policy of the organization keeps to; the conservative ones if nobody says.
    pub const fn policy_profile(&mut self, profile: PolicyProfile) -> &mut Self {
        self.policy_profile = profile;
        self
    }

    /// Which limits a policy of the organization keeps to.
    #[must_use]
    pub const fn get_policy_profile(&self) -> PolicyProfile {
        self.policy_profile
    }

    pub(crate) fn placed(mut self) -> Self {
        self.placed = true;
        self
    }

    /// As templates write it: `AWS::EC2::VPC`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// How the resource is tagged.
    #[must_use]
    pub const fn tag_style(&self) -> TagStyle {
        self.tag_style
    }

    /// A property.
    #[must_use]
    pub fn get(&self, property: &str) -> Option<&Prop> {
        self.properties.get(property)
    }

    /// All properties but the tags.
    #[must_use]
    pub const fn properties(&self) -> &Object {
        &self.properties
    }

    /// Sets a property, replacing what it was.
    #[track_caller]
    pub fn set(&mut self, property: impl Into<Text>, value: impl Into<Prop>) -> &mut Self {
        let property = property.into();
        self.note_override(&property, Location::caller());
        self.properties.insert(property, value);
        self
    }

    /// [`Resource::set`] for the setters of L1 types: the property's name is static, the value typed.
    #[inline]
    #[track_caller]
    pub fn set_value<K>(&mut self, property: &'static str, value: impl IntoValue<K>) {
        self.set_static(property, value.into_value().into_prop());
    }

    /// [`Resource::set_value`] by value.
    #[must_use]
    #[inline]
    #[track_caller]
    pub fn with_value<K>(mut self, property: &'static str, value: impl IntoValue<K>) -> Self {
        self.set_static(property, value.into_value().into_prop());
        self
    }

    #[track_caller]
    fn set_static(&mut self, property: &'static str, value: Prop) {
        if self.placed {
            self.note_override(&Text::Static(property), Location::caller());
        }
        self.properties.insert_static(property, value);
    }

    fn note_override(&mut self, property: &Text, location: &'static Location<'static>) {
        if self.placed {
            self.overrides.retain(|(name, _)| name != property);
            self.overrides.push((property.clone(), location));
        }
    }

    /// Takes a property out.
    pub fn remove(&mut self, property: &str) -> &mut Self {
        self.properties.remove(property);
        self
    }

    /// A property, to change in place: for documents that grow, such as the policy of a bucket.
    #[track_caller]
    pub fn get_mut(&mut self, property: &str) -> Option<&mut Prop> {
        if self.placed && self.properties.get(property).is_some() {
            self.note_override(&property.into(), Location::caller());
        }
        self.properties.get_mut(property)
    }

    /// Tags the resource; a tag set here wins over those of its scopes.
    pub fn tag(&mut self, key: impl Into<Text>, value: impl IntoValue<String>) -> &mut Self {
        self.set_tag(key.into(), value.into_value().into_prop());
        self
    }

    pub(crate) fn set_tag(&mut self, key: Text, value: Prop) {
        match self.tags.binary_search_by(|(existing, _)| existing.cmp(&key)) {
            Ok(index) => self.tags[index].1 = value,
            Err(index) => self.tags.insert(index, (key, value)),
        }
    }

    pub(crate) fn tag_if_absent(&mut self, key: &Text, value: &Prop) {
        if let Err(index) = self.tags.binary_search_by(|(existing, _)| existing.cmp(key)) {
            self.tags.insert(index, (key.clone(), value.clone()));
        }
    }

    /// The tags, ordered by key. After tags have cascaded, those of the scopes are among them.
    #[must_use]
    pub fn tags(&self) -> &[(Text, Prop)] {
        &self.tags
    }

    /// Where `property` was last set after the resource was added, if it was.
    #[must_use]
    pub fn overridden_at(&self, property: &str) -> Option<&'static Location<'static>> {
        self.overrides.iter().find(|(name, _)| *name == property).map(|(_, location)| *location)
    }

    /// Changes the resource through its typed facade, if it is an `R`; says whether it is.
    #[track_caller]
    pub fn update<R: L1>(&mut self, change: impl FnOnce(R) -> R) -> bool {
        let is = R::TYPE.is_none_or(|known| known.name == self.type_name);
        if is {
            let resource = std::mem::replace(self, Self::new(""));
            *self = change(R::from_resource(resource)).into_resource();
        }
        is
    }

    /// What the resource has besides properties, if anything.
    #[must_use]
    pub fn policies(&self) -> Option<&Policies> {
        self.policies.as_deref()
    }

    fn policies_mut(&mut self) -> &mut Policies {
        self.policies.get_or_insert_default()
    }

    /// What happens to the real thing when the resource leaves its template.
    pub fn deletion_policy(&mut self, policy: DeletionPolicy) -> &mut Self {
        self.policies_mut().deletion = Some(policy);
        self
    }

    /// What happens to the old thing when a change replaces it.
    pub fn update_replace_policy(&mut self, policy: DeletionPolicy) -> &mut Self {
        self.policies_mut().update_replace = Some(policy);
        self
    }

    /// Keeps the real thing, whether the resource is removed or replaced.
    pub fn retain(&mut self) -> &mut Self {
        self.deletion_policy(DeletionPolicy::Retain).update_replace_policy(DeletionPolicy::Retain)
    }

    /// Says that the real thing exists already, outside of any stack: a deployment takes it into the stack and
    /// does not make another one. The identifier is what AWS knows it by: a VPC's id, a bucket's name.
    ///
    /// Only resources of stacks can be imported, and they need a [deletion policy](Self::deletion_policy):
    /// CloudFormation wants it said what becomes of the thing when it leaves the stack again. The properties are to
    /// be those that the thing has; an import changes none of them. Once it is in the stack this says nothing any
    /// more, and may be taken out of the program.
    ///
    /// ```
    /// # use accel_core::{AccountInfo, App, Region, Resource, Stack};
    /// # let mut app = App::new("example");
    /// # let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    /// let mut stack = app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)));
    /// let orders = stack.add("orders", Resource::new("AWS::S3::Bucket"));
    /// stack[orders].retain().import("orders-2019");
    /// let stage = stack.add("stage", Resource::new("AWS::ApiGateway::Stage"));
    /// stack[stage].retain().import([("RestApiId", "a1b2c3d4e5"), ("StageName", "prod")]);
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html>
    #[track_caller]
    pub fn import(&mut self, identifier: impl Into<Identifier>) -> &mut Self {
        let (identifier, location) = (identifier.into(), Location::caller());
        self.policies_mut().import = Some(Import { identifier, location });
        self
    }

    /// Waits for another resource of the same template.
    pub fn depends_on(&mut self, other: impl Reference) -> &mut Self {
        self.policies_mut().depends_on.push(other.handle());
        self
    }

    /// Exists only where `condition` holds.
    pub fn condition(&mut self, condition: ConditionRef) -> &mut Self {
        self.policies_mut().condition = Some(condition);
        self
    }

    /// Data for tools that read templates.
    pub fn metadata(&mut self, key: impl Into<Text>, value: impl Into<Prop>) -> &mut Self {
        self.policies_mut().metadata.insert(key, value);
        self
    }

    /// How CloudFormation waits for creation signals.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html>
    pub fn creation_policy(&mut self, policy: Object) -> &mut Self {
        self.policies_mut().creation = Some(policy);
        self
    }

    /// How CloudFormation rolls an update out.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html>
    pub fn update_policy(&mut self, policy: Object) -> &mut Self {
        self.policies_mut().update = Some(policy);
        self
    }
}

impl Construct for Resource {
    type Level = Template;
    type Output = Handle;
    fn build(self, template: &mut Scope<'_>) -> Handle {
        template.resource(self)
    }
}

/// What nested property types of L1 constructs share: an object that becomes a value of its kind.
#[doc(hidden)]
#[inline]
pub fn nested_value<K>(object: Object) -> Value<K> {
    Value::from_prop(Prop::Object(object))
}
