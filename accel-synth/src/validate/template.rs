//! Validates whole templates that accel did not make.

use std::fmt;

use accel_core::{Object, Prop, Region};

use super::{Options, Violation, validate};
use crate::read;

/// A [`Violation`] of one resource of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of the resource.
    pub logical_id: String,
    /// Of the resource; empty if it has none.
    pub type_name: String,
    /// What is wrong with it.
    pub violation: Violation,
}

/// Why a text is not a template.
#[derive(Debug)]
pub enum NotATemplate {
    /// It is not JSON, or has a `null`.
    Json(serde_json::Error),
    /// It has no object `Resources`.
    NoResources,
}

/// What is wrong with the properties of the resources of a CloudFormation template in JSON, for
/// instance one that another tool made. `regions` are those it is meant for; with none, availability
/// is not looked at.
///
/// Only resources are validated: not parameters, outputs, or what macros make of the template.
///
/// # Errors
/// When `json` is no template.
///
/// ```
/// use accel_synth::validate::template::validate_template;
///
/// let findings = validate_template(
///     r#"{"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 2}}}}"#,
///     &[],
/// )?;
/// assert_eq!(findings[0].logical_id, "Logs");
/// assert_eq!(findings[0].violation.path, "RetentionInDays");
/// # Ok::<(), accel_synth::validate::template::NotATemplate>(())
/// ```
pub fn validate_template(json: &str, regions: &[Region]) -> Result<Vec<Finding>, NotATemplate> {
    let template = read::json(json).map_err(NotATemplate::Json)?;
    validate_tree(&template, regions).ok_or(NotATemplate::NoResources)
}

/// [`validate_template`] for a template that has been read; nothing if it has no `Resources`.
#[must_use]
pub fn validate_tree(template: &Prop, regions: &[Region]) -> Option<Vec<Finding>> {
    let resources = template.as_object()?.get("Resources")?.as_object()?;
    let options = Options { regions, newer_than_schemas: false };
    let none = Object::new();
    let mut findings = Vec::new();
    for (logical_id, resource) in resources.iter().filter(|(name, _)| !name.starts_with("Fn::")) {
        let entry = |name: &str| resource.as_object().and_then(|resource| resource.get(name));
        let type_name = entry("Type").and_then(Prop::as_str).unwrap_or_default();
        let properties = entry("Properties").and_then(Prop::as_object).unwrap_or(&none);
        findings.extend(validate(type_name, properties, options).into_iter().map(|violation| {
            let (logical_id, type_name) = (logical_id.to_string(), type_name.to_owned());
            Finding { logical_id, type_name, violation }
        }));
    }
    Some(findings)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.logical_id, self.type_name, self.violation)
    }
}

impl fmt::Display for NotATemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not a template: {error}"),
            Self::NoResources => f.write_str("not a template: it has no object `Resources`"),
        }
    }
}

impl std::error::Error for NotATemplate {}
