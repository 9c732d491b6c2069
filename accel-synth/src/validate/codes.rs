//! What validation can find wrong.

use accel_core::Code;

/// All codes of validation.
pub const ALL: &[&Code] = &[
    &MISSING_PROPERTY,
    &UNKNOWN_PROPERTY,
    &WRONG_TYPE,
    &VALUE_NOT_ALLOWED,
    &PATTERN_MISMATCH,
    &WRONG_LENGTH,
    &OUT_OF_RANGE,
    &WRONG_ITEM_COUNT,
    &DUPLICATE_ITEM,
    &PROPERTY_COMBINATION,
    &NO_FORM_MATCHES,
    &READ_ONLY_PROPERTY,
    &UNKNOWN_RESOURCE_TYPE,
    &UNAVAILABLE_RESOURCE_TYPE,
    &UNKNOWN_AVAILABILITY,
];

/// See [`Code::explanation`].
pub static MISSING_PROPERTY: Code = Code::new(
    "missing-property",
    "CloudFormation refuses the resource without this property. Set it; a value that is there only \
     under a condition does not count where the other branch is no value.",
);

/// See [`Code::explanation`].
pub static UNKNOWN_PROPERTY: Code = Code::new(
    "unknown-property",
    "The resource type has no property of this name at this place. Names are case-sensitive. If AWS \
     added it after the schemas of this version were published, mark the resource with \
     `newer_than_schemas()`, which lets unknown names of that resource pass.",
);

/// See [`Code::explanation`].
pub static WRONG_TYPE: Code = Code::new(
    "wrong-type",
    "The value is of another JSON type than the property. Scalars are lenient, as they are in \
     CloudFormation: \"60\" is an integer and 1 is text; an object or a list is never a scalar.",
);

/// See [`Code::explanation`].
pub static VALUE_NOT_ALLOWED: Code = Code::new(
    "value-not-allowed",
    "The property takes one of a fixed set of values, and this is none of them. Values are \
     case-sensitive unless the message says otherwise.",
);

/// See [`Code::explanation`].
pub static PATTERN_MISMATCH: Code = Code::new(
    "pattern-mismatch",
    "The text does not match the regular expression that AWS publishes for the property.",
);

/// See [`Code::explanation`].
pub static WRONG_LENGTH: Code =
    Code::new("wrong-length", "The text has fewer or more characters than AWS accepts there.");

/// See [`Code::explanation`].
pub static OUT_OF_RANGE: Code =
    Code::new("out-of-range", "The number is smaller or larger than AWS accepts there.");

/// See [`Code::explanation`].
pub static WRONG_ITEM_COUNT: Code = Code::new(
    "wrong-item-count",
    "The list or object has fewer or more entries than AWS accepts there.",
);

/// See [`Code::explanation`].
pub static DUPLICATE_ITEM: Code = Code::new(
    "duplicate-item",
    "The items of this list are distinct, or have keys that are, and two of them are the same.",
);

/// See [`Code::explanation`].
pub static PROPERTY_COMBINATION: Code = Code::new(
    "property-combination",
    "Some properties exclude each other, some need each other, and of some sets exactly one or at \
     least one is required. The message names the properties.",
);

/// See [`Code::explanation`].
pub static NO_FORM_MATCHES: Code = Code::new(
    "no-form-matches",
    "The value can have one of several forms, and it has none of them, or two that exclude each \
     other. The message says what each form asks for.",
);

/// See [`Code::explanation`].
pub static READ_ONLY_PROPERTY: Code = Code::new(
    "read-only-property",
    "AWS computes this property. A template reads it with `Fn::GetAtt` and cannot set it.",
);

/// See [`Code::explanation`].
pub static UNKNOWN_RESOURCE_TYPE: Code = Code::new(
    "unknown-resource-type",
    "CloudFormation has no such resource type. If it is newer than the schemas of this version, mark \
     the resource with `newer_than_schemas()`; its properties are then not validated.",
);

/// See [`Code::explanation`].
pub static UNAVAILABLE_RESOURCE_TYPE: Code = Code::new(
    "unavailable-resource-type",
    "The resource type does not exist in a region that the stack or stack set is deployed to. Deploy \
     it elsewhere, or leave it out there. If it has come to the region since, mark the resource with \
     `newer_than_schemas()`.",
);

/// See [`Code::explanation`].
pub static UNKNOWN_AVAILABILITY: Code = Code::new(
    "unknown-availability",
    "AWS does not publish which resource types this region has, or since when: the European \
     Sovereign Cloud, the isolated regions, and types that are too new. Try it there first.",
);
