use accel_core::l1;

/// A key and a value, where a property takes tags that are not those of the resource itself:
/// `TagSpecifications` of a launch template.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html>
#[derive(Clone, Debug)]
#[must_use]
pub struct Tag(l1::Object);

impl Tag {
    /// A tag.
    pub fn new(key: impl l1::IntoValue<String>, value: impl l1::IntoValue<String>) -> Self {
        Self(l1::Object::new().with_value("Key", key).with_value("Value", value))
    }
}

impl l1::IntoValue<Self> for Tag {
    fn into_value(self) -> l1::Value<Self> {
        l1::nested_value(self.0)
    }
}
