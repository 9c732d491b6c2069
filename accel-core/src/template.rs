//! What a CloudFormation template has besides resources: parameters, conditions, mappings, outputs.
//! Each is a construct, so it is added like everything else and has a path and a line.

use std::marker::PhantomData;

use crate::{
    Attr, Construct, IntoValue, Intrinsic, List, Prop, Scope, Template, Text, Value,
    tree::{Kind, NodeId},
    value::Secret,
};

/// A value that is given when the template is deployed. Adding it gives back the value.
///
/// ```
/// use accel_core::{Scope, template::Parameter};
///
/// fn size(template: &mut Scope<'_>) -> accel_core::Attr<String> {
///     template.add("size", Parameter::string().default("small").one_of(["small", "large"]))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Parameter<K> {
    spec: ParameterSpec,
    kind: PhantomData<fn() -> K>,
}

/// What a template says of a parameter.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSpec {
    /// `String`, `Number`, `CommaDelimitedList`, ...
    pub type_name: Text,
    /// The value if none is given.
    pub default: Option<Prop>,
    /// The values that may be given; empty for any.
    pub allowed: Vec<Prop>,
    /// The regular expression a given value must match as a whole.
    pub pattern: Option<Text>,
    /// For whoever deploys by hand.
    pub description: Option<Text>,
    /// Whether the value is a secret, which AWS then never shows.
    pub no_echo: bool,
}

impl<K> Parameter<K> {
    fn new(type_name: &'static str) -> Self {
        let spec = ParameterSpec {
            type_name: Text::Static(type_name),
            default: None,
            allowed: Vec::new(),
            pattern: None,
            description: None,
            no_echo: false,
        };
        Self { spec, kind: PhantomData }
    }

    /// The value if none is given.
    #[must_use]
    pub fn default(mut self, value: impl IntoValue<K>) -> Self {
        self.spec.default = Some(value.into_value().into_prop());
        self
    }

    /// The only values that may be given.
    #[must_use]
    pub fn one_of<V: IntoValue<K>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.spec.allowed =
            values.into_iter().map(|value| value.into_value().into_prop()).collect();
        self
    }

    /// The regular expression a given value must match as a whole.
    #[must_use]
    pub fn pattern(mut self, pattern: impl Into<Text>) -> Self {
        self.spec.pattern = Some(pattern.into());
        self
    }

    /// A word to whoever deploys by hand.
    #[must_use]
    pub fn description(mut self, text: impl Into<Text>) -> Self {
        self.spec.description = Some(text.into());
        self
    }
}

impl Parameter<String> {
    /// Text.
    #[must_use]
    pub fn string() -> Self {
        Self::new("String")
    }
}

impl Parameter<f64> {
    /// A number.
    #[must_use]
    pub fn number() -> Self {
        Self::new("Number")
    }
}

impl Parameter<List<String>> {
    /// A list, given with commas between its items.
    #[must_use]
    pub fn list() -> Self {
        Self::new("CommaDelimitedList")
    }
}

impl Parameter<Secret> {
    /// A secret: AWS shows stars instead of it, and it cannot become an output, a tag or a document.
    #[must_use]
    pub fn secret() -> Self {
        let mut parameter = Self::new("String");
        parameter.spec.no_echo = true;
        parameter
    }
}

impl<K> Construct for Parameter<K> {
    type Level = Template;
    type Output = Attr<K>;
    fn build(self, template: &mut Scope<'_>) -> Attr<K> {
        let list = self.spec.type_name == "CommaDelimitedList";
        template.become_kind(Kind::Parameter(Box::new(self.spec)));
        Attr::of(template.node(), None, list)
    }
}

/// Names a [`Condition`] of a template; for [`Value::if_`] and
/// [`Resource::condition`](crate::Resource::condition).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionRef(pub(crate) NodeId);

impl ConditionRef {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0
    }
}

/// Something that holds or does not, decided when the template is deployed, from parameters and pseudo
/// parameters alone.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Both are the same text.
    Equals(Prop, Prop),
    /// Does not hold.
    Not(Box<Self>),
    /// All hold: two to ten.
    And(Vec<Self>),
    /// One holds, of two to ten.
    Or(Vec<Self>),
    /// Another condition of the template.
    Is(ConditionRef),
}

impl Condition {
    /// Holds where both are the same text.
    pub fn equals(left: impl IntoValue<String>, right: impl IntoValue<String>) -> Self {
        Self::Equals(left.into_value().into_prop(), right.into_value().into_prop())
    }

    /// Holds where `other` does not.
    #[must_use]
    pub fn not(other: impl Into<Self>) -> Self {
        Self::Not(Box::new(other.into()))
    }

    /// Holds where all of two to ten conditions hold.
    pub fn all<C: Into<Self>>(conditions: impl IntoIterator<Item = C>) -> Self {
        Self::And(conditions.into_iter().map(Into::into).collect())
    }

    /// Holds where one of two to ten conditions holds.
    pub fn any<C: Into<Self>>(conditions: impl IntoIterator<Item = C>) -> Self {
        Self::Or(conditions.into_iter().map(Into::into).collect())
    }
}

impl From<ConditionRef> for Condition {
    fn from(condition: ConditionRef) -> Self {
        Self::Is(condition)
    }
}

impl Construct for Condition {
    type Level = Template;
    type Output = ConditionRef;
    fn build(self, template: &mut Scope<'_>) -> ConditionRef {
        template.become_kind(Kind::Condition(Box::new(self)));
        ConditionRef(template.node())
    }
}

/// Names a [`Mapping`] of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MappingRef(pub(crate) NodeId);

impl MappingRef {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0
    }

    /// `Fn::FindInMap`: what stands in row `row` under `column`.
    pub fn find<K>(self, row: impl IntoValue<String>, column: impl IntoValue<String>) -> Value<K> {
        let (row, column) = (row.into_value().into_prop(), column.into_value().into_prop());
        Value::from_prop(Prop::from(Intrinsic::FindInMap(self, row, column)))
    }
}

/// A table of literals, looked up when the template is deployed. For what differs per region or
/// account, [`Value::by_region`] and [`Value::by_account`] say it better.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The rows, each with its columns.
    pub rows: Vec<(Text, Vec<(Text, Prop)>)>,
}

impl Mapping {
    /// A table of the given rows.
    pub fn new<R, C, P>(rows: impl IntoIterator<Item = (R, Vec<(C, P)>)>) -> Self
    where
        R: Into<Text>,
        C: Into<Text>,
        P: Into<Prop>,
    {
        let columns = |columns: Vec<(C, P)>| {
            columns.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
        };
        Self { rows: rows.into_iter().map(|(name, row)| (name.into(), columns(row))).collect() }
    }
}

impl Construct for Mapping {
    type Level = Template;
    type Output = MappingRef;
    fn build(self, template: &mut Scope<'_>) -> MappingRef {
        template.become_kind(Kind::Mapping(Box::new(self)));
        MappingRef(template.node())
    }
}

/// A value that the deployed stack shows. References between stacks need none: they make their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The value.
    pub value: Prop,
    /// A word to whoever reads it.
    pub description: Option<Text>,
    /// The condition under which it exists.
    pub condition: Option<ConditionRef>,
}

impl Output {
    /// Shows `value`. A secret cannot be shown: that is a diagnostic.
    pub fn new(value: impl IntoValue<String>) -> Self {
        Self { value: value.into_value().into_prop(), description: None, condition: None }
    }

    /// A word to whoever reads it.
    #[must_use]
    pub fn description(mut self, text: impl Into<Text>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Exists only where `condition` holds.
    #[must_use]
    pub const fn condition(mut self, condition: ConditionRef) -> Self {
        self.condition = Some(condition);
        self
    }
}

impl Construct for Output {
    type Level = Template;
    type Output = ();
    fn build(self, template: &mut Scope<'_>) {
        template.become_kind(Kind::Output(Box::new(self)));
    }
}
