use std::fmt;

use serde_json::Value;

use crate::{
    Pattern,
    lookup::not_there,
    pattern::{Captured, entries_match, pretty},
};

/// A resource of a template.
#[derive(Clone)]
pub struct FoundResource<'a> {
    path: &'a str,
    logical_id: &'a str,
    json: &'a Value,
}

impl<'a> FoundResource<'a> {
    pub(crate) const fn new(path: &'a str, logical_id: &'a str, json: &'a Value) -> Self {
        Self { path, logical_id, json }
    }

    /// Its construct path below the stack.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// Its name in the template.
    #[must_use]
    pub const fn logical_id(&self) -> &'a str {
        self.logical_id
    }

    /// As templates write it: `AWS::EC2::VPC`.
    #[must_use]
    pub fn type_name(&self) -> &'a str {
        type_of(self.json)
    }

    /// The whole resource: type, properties, policies, metadata.
    #[must_use]
    pub const fn json(&self) -> &'a Value {
        self.json
    }

    /// A property. One deeper inside is an index away: `bucket.get("Tags")[0]["Value"]`.
    ///
    /// # Panics
    ///
    /// If it is not set.
    #[track_caller]
    #[must_use]
    pub fn get(&self, property: &str) -> &'a Value {
        let properties = self.json["Properties"].as_object();
        match properties.and_then(|properties| properties.get(property)) {
            Some(value) => value,
            None => {
                let others = properties.into_iter().flatten().map(|(name, _)| name);
                not_there(&format!("property of `{}`", self.path), property, others)
            }
        }
    }

    /// Whether the property is set.
    #[must_use]
    pub fn has(&self, property: &str) -> bool {
        self.json["Properties"].get(property).is_some()
    }

    /// Asserts that the named properties are as they are said to be; there may be others.
    ///
    /// # Panics
    ///
    /// With the properties there are, if one is not.
    #[track_caller]
    pub fn assert<'p, const N: usize>(&self, expected: [(&'p str, Pattern<'p>); N]) {
        let mut captured = Captured::default();
        let failed = entries_match(&expected, &self.json["Properties"], &mut captured);
        if let Some(property) = failed {
            panic!(
                "`{property}` of `{}` is not as expected; its properties are\n{}",
                self.path,
                pretty(&self.json["Properties"])
            );
        }
        captured.keep();
    }
}

/// `vpc/private-a  AWS::EC2::Subnet`.
impl fmt::Display for FoundResource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.path, self.type_name())
    }
}

impl fmt::Debug for FoundResource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:#}", self.path, self.json)
    }
}

/// Resources of a template, ordered by path.
#[derive(Clone, Debug)]
pub struct FoundResources<'a> {
    template: &'a str,
    what: &'static str,
    found: Vec<FoundResource<'a>>,
}

impl<'a> FoundResources<'a> {
    pub(crate) fn new(
        template: &'a str,
        what: &'static str,
        mut found: Vec<FoundResource<'a>>,
    ) -> Self {
        found.sort_by_key(FoundResource::path);
        Self { template, what, found }
    }

    /// Those whose named properties are as they are said to be; what is [captured](crate::capture) is of
    /// these alone.
    #[must_use]
    pub fn matching<'p, const N: usize>(mut self, expected: [(&'p str, Pattern<'p>); N]) -> Self {
        self.found.retain(|resource| {
            let mut captured = Captured::default();
            let matches =
                entries_match(&expected, &resource.json["Properties"], &mut captured).is_none();
            if matches {
                captured.keep();
            }
            matches
        });
        self
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.found.len()
    }

    /// The only one.
    ///
    /// # Panics
    ///
    /// If there is none, or there are several.
    #[track_caller]
    #[must_use]
    pub fn only(self) -> FoundResource<'a> {
        let Self { template, what, mut found } = self;
        match (found.pop(), found.len()) {
            (Some(only), 0) => only,
            (None, _) => panic!("no {what} of `{template}` is like that"),
            (Some(last), _) => {
                found.push(last);
                let paths: Vec<_> = found.iter().map(|one| format!("  {one}")).collect();
                panic!("several of `{template}` are like that\n{}", paths.join("\n"))
            }
        }
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, FoundResource<'a>> {
        self.found.iter()
    }
}

impl<'a> IntoIterator for FoundResources<'a> {
    type Item = FoundResource<'a>;
    type IntoIter = std::vec::IntoIter<FoundResource<'a>>;
    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl<'r, 'a> IntoIterator for &'r FoundResources<'a> {
    type Item = &'r FoundResource<'a>;
    type IntoIter = std::slice::Iter<'r, FoundResource<'a>>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

pub(crate) fn type_of(resource: &Value) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}
