//! Validates the properties of a resource against what AWS publishes of its type.
//!
//! A resource type's schema says which properties exist, which are required, and what each may be:
//! type, enumeration, pattern, length, range, number of items, combinations. CloudFormation is
//! lenient about scalars (`"60"` is an integer, `1` is text), and so is this. What only a deployment
//! knows passes: a reference, a function, a dynamic reference. Both branches of an `Fn::If` are looked
//! into, as are all rows of a table, and `AWS::NoValue` is as if the property were not there.
//!
//! # Types that no schema describes
//!
//! `Custom::*`, `AWS::CloudFormation::CustomResource` and types outside of the namespaces `AWS` and
//! `Alexa` (extensions of the registry, modules) are taken as they are. Any other unknown type is
//! [`Kind::UnknownType`], and any unknown property [`Kind::UnknownProperty`], unless
//! [`Options::newer_than_schemas`] says that the program knows better.

use std::fmt;

use accel_core::{Code, Diagnostic, Object, Region, Severity, nearest};

use self::check::Check;
use crate::{
    codes,
    schema::{
        self, Availability,
        block::{Registry, TypeSchema},
    },
};

mod check;
mod describe;
mod path;
pub(crate) mod pattern;
mod shape;
mod tags;
pub mod template;

pub use tags::validate_tags;

/// Where a resource is deployed, and what is promised about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The regions of its stack or stack set; a type has to be available in all of them.
    pub regions: &'a [Region],
    /// The type, or something of it, is newer than the schemas: let an unknown type, unknown properties and
    /// values that no enumeration has pass. What is known of it is still checked.
    pub newer_than_schemas: bool,
}

/// One thing about a resource that AWS would not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What kind of thing.
    pub kind: Kind,
    /// Where: property names and indices of lists, as in `Rules/0/Status`; empty for the resource.
    pub path: String,
    /// What was given, abbreviated.
    pub given: String,
    /// What is allowed.
    pub allowed: String,
    /// The way out, if more can be said than what is allowed.
    pub help: Option<String>,
}

/// What a [`Violation`] is about. Each has a [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A required property is not set.
    MissingProperty,
    /// There is no such property.
    UnknownProperty,
    /// A value is of the wrong JSON type.
    WrongType,
    /// A value is none of those allowed.
    ValueNotAllowed,
    /// A text does not match the property's pattern.
    PatternMismatch,
    /// A text is too short or too long.
    WrongLength,
    /// A number is too small or too large.
    OutOfRange,
    /// A list or an object has too few or too many entries.
    WrongItemCount,
    /// A list has an item twice.
    DuplicateItem,
    /// Two properties exclude each other, or one needs the other.
    PropertyCombination,
    /// A value fits none of the forms it can have, or several that exclude each other.
    NoFormMatches,
    /// AWS sets the property, a template cannot.
    ReadOnlyProperty,
    /// There is no such resource type.
    UnknownType,
    /// The type does not exist in a region of its stack.
    UnavailableType,
    /// It is not known whether the type exists in a region of its stack.
    UnknownAvailability,
}

/// What AWS would not accept about a resource of this type with these properties, in the order of
/// its properties.
///
/// ```
/// use accel_core::Prop;
/// use accel_synth::validate::{Kind, Options, validate};
///
/// let bucket = Prop::object([("BucketName", "logs"), ("VersioningConfig", "Enabled")]);
/// let violations = validate("AWS::S3::Bucket", bucket.as_object().unwrap(), Options::default());
/// assert_eq!(violations[0].kind, Kind::UnknownProperty);
/// assert_eq!(violations[0].help.as_deref(), Some("did you mean `VersioningConfiguration`?"));
/// ```
#[must_use]
pub fn validate(type_name: &str, properties: &Object, options: Options<'_>) -> Vec<Violation> {
    let Some((block, known)) = Registry::get().find(type_name) else {
        let passes = options.newer_than_schemas || schema::is_extension(type_name);
        return if passes { Vec::new() } else { vec![unknown_type(type_name)] };
    };
    let mut violations = Check::new(block).run(known, properties);
    if options.newer_than_schemas {
        violations.retain(|violation| !violation.kind.is_matter_of_age());
    } else {
        let regions = options.regions.iter();
        violations.extend(regions.filter_map(|region| unavailable(type_name, known, *region)));
    }
    violations
}

fn unknown_type(type_name: &str) -> Violation {
    let known: Vec<String> = schema::types().collect();
    let near = nearest(type_name, known.iter().map(String::as_str));
    Violation {
        kind: Kind::UnknownType,
        path: String::new(),
        given: type_name.to_owned(),
        allowed: "a resource type of CloudFormation, `Custom::*`, or an extension".to_owned(),
        help: near.map(|near| format!("did you mean `{near}`?")),
    }
}

fn unavailable(type_name: &str, known: &TypeSchema, region: Region) -> Option<Violation> {
    let (kind, allowed) = match known.availability(region) {
        Availability::Yes => return None,
        Availability::No => {
            let regions: Vec<&str> = schema::regions(type_name).collect();
            (Kind::UnavailableType, format!("a region that has it: {}", describe::some(&regions)))
        }
        Availability::Unknown => {
            (Kind::UnknownAvailability, "a region whose resource types are published".to_owned())
        }
    };
    let given = format!("{type_name} in {}", region.name());
    Some(Violation { kind, path: String::new(), given, allowed, help: None })
}

impl Violation {
    /// An error, unless it only says that something is not known.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self.kind {
            Kind::UnknownAvailability => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The diagnostic of a resource at `place` in the tree, made at `location` in the program.
    #[must_use]
    pub fn diagnostic(
        &self,
        place: &str,
        location: &'static std::panic::Location<'static>,
    ) -> Diagnostic {
        let message = format!("{place}: {}", self.message());
        let diagnostic = match self.severity() {
            Severity::Warning => Diagnostic::warning(self.kind.code(), message, location),
            Severity::Error => Diagnostic::error(self.kind.code(), message, location),
        };
        let diagnostic = diagnostic.allowed(&self.allowed);
        match (&self.help, self.kind) {
            (Some(help), _) => diagnostic.help(help),
            (None, Kind::MissingProperty) if !self.path.contains('/') => {
                diagnostic.help(format!("set it: `resource.set(\"{}\", ..)`", self.path))
            }
            (None, kind) => diagnostic.help(kind.way_out()),
        }
    }

    fn message(&self) -> String {
        let Self { kind, path, given, .. } = self;
        match kind {
            Kind::MissingProperty => format!("`{path}` is required and not set"),
            Kind::UnknownProperty => format!("there is no property `{path}`"),
            Kind::ReadOnlyProperty => format!("`{path}` is set by AWS, not by a template"),
            Kind::DuplicateItem => format!("`{path}` has {given} twice"),
            Kind::PropertyCombination if path.is_empty() => format!("the resource has {given}"),
            Kind::PropertyCombination => format!("`{path}` has {given}"),
            Kind::UnknownType => format!("there is no resource type {given}"),
            Kind::UnavailableType => format!("there is no {given}"),
            Kind::UnknownAvailability => format!("it is not known whether there is {given}"),
            _ if path.is_empty() => format!("the properties are {given}"),
            _ => format!("`{path}` is {given}"),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; allowed: {}", self.message(), self.allowed)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl Kind {
    /// Whether it is about a single value, and not about which properties there are.
    #[must_use]
    pub const fn is_about_value(self) -> bool {
        matches!(
            self,
            Self::WrongType
                | Self::ValueNotAllowed
                | Self::PatternMismatch
                | Self::WrongLength
                | Self::OutOfRange
                | Self::WrongItemCount
                | Self::NoFormMatches
        )
    }

    /// Whether it is a name that AWS may have added since the schemas were published.
    const fn is_matter_of_age(self) -> bool {
        matches!(self, Self::UnknownProperty | Self::ValueNotAllowed)
    }

    /// What to do, if nothing better is known.
    const fn way_out(self) -> &'static str {
        match self {
            Self::MissingProperty => "set it",
            Self::UnknownProperty => {
                "leave it out, or, if it is newer than the schemas of accel, say so with \
                 `resource.newer_than_schemas()`"
            }
            Self::ValueNotAllowed => {
                "give it a value that is allowed, or, if AWS allows more than its schemas say, say so \
                 with `resource.newer_than_schemas()`"
            }
            Self::WrongType
            | Self::PatternMismatch
            | Self::WrongLength
            | Self::OutOfRange
            | Self::WrongItemCount
            | Self::NoFormMatches => "give it a value that is allowed",
            Self::DuplicateItem => "remove one of the two",
            Self::PropertyCombination => "set what is allowed together, remove the rest",
            Self::ReadOnlyProperty => "leave it out; to use its value, refer to the attribute",
            Self::UnknownType => {
                "correct the name, or, if the type is newer than the schemas of accel, say so with \
                 `resource.newer_than_schemas()`"
            }
            Self::UnavailableType => "put it into a stack in a region that has it",
            Self::UnknownAvailability => "nothing, if the region has it",
        }
    }

    /// The code of its diagnostics.
    #[must_use]
    pub const fn code(self) -> &'static Code {
        match self {
            Self::MissingProperty => &codes::MISSING_PROPERTY,
            Self::UnknownProperty => &codes::UNKNOWN_PROPERTY,
            Self::WrongType => &codes::WRONG_TYPE,
            Self::ValueNotAllowed => &codes::VALUE_NOT_ALLOWED,
            Self::PatternMismatch => &codes::PATTERN_MISMATCH,
            Self::WrongLength => &codes::WRONG_LENGTH,
            Self::OutOfRange => &codes::OUT_OF_RANGE,
            Self::WrongItemCount => &codes::WRONG_ITEM_COUNT,
            Self::DuplicateItem => &codes::DUPLICATE_ITEM,
            Self::PropertyCombination => &codes::PROPERTY_COMBINATION,
            Self::NoFormMatches => &codes::NO_FORM_MATCHES,
            Self::ReadOnlyProperty => &codes::READ_ONLY_PROPERTY,
            Self::UnknownType => &codes::UNKNOWN_RESOURCE_TYPE,
            Self::UnavailableType => &codes::UNAVAILABLE_RESOURCE_TYPE,
            Self::UnknownAvailability => &codes::UNKNOWN_AVAILABILITY,
        }
    }
}
