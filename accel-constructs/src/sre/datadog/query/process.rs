use accel_core::{IntoValue, Text, Value, text};

use super::{super::Span, Evaluated, MonitorType, quoted};

/// How many processes match a search.
///
/// ```
/// use accel_constructs::sre::datadog::{ProcessQuery, minutes};
///
/// let gone = ProcessQuery::new("nginx").over(["role:web"]).by(["host"]).last(minutes(10)).below(1);
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/types/process/>
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct ProcessQuery {
    search: Value<String>,
    scope: Vec<Value<String>>,
    by: Vec<Text>,
}

impl ProcessQuery {
    /// Processes that match `search`, as on the page of live processes.
    pub fn new(search: impl IntoValue<String>) -> Self {
        Self { search: search.into_value(), scope: Vec::new(), by: Vec::new() }
    }

    /// Only processes with all these tags.
    pub fn over<T: IntoValue<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.scope.extend(tags.into_iter().map(IntoValue::into_value));
        self
    }

    /// One alert for each value of these tags.
    pub fn by<T: Into<Text>>(mut self, keys: impl IntoIterator<Item = T>) -> Self {
        self.by.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Looks at the time up to now.
    #[must_use]
    pub fn last(self, span: Span) -> Evaluated {
        let scope = match self.scope.as_slice() {
            [] => "*".into_value(),
            tags => separated(tags, ","),
        };
        let by = match self.by.as_slice() {
            [] => String::new(),
            keys => format!(".by(\"{}\")", keys.join(",")),
        };
        let rest = format!("){by}.rollup(\"count\").last(\"{span}\")");
        let (search, scope) = (quoted(self.search), quoted(scope));
        Evaluated::new(MonitorType::Process, text!["processes(", search, ").over(", scope, rest])
    }
}

/// The values with `separator` between them; literals stay one literal.
pub(super) fn separated(values: &[Value<String>], separator: &str) -> Value<String> {
    let mut parts = Vec::new();
    for (index, value) in values.iter().enumerate() {
        parts.push(if index > 0 { separator } else { "" }.into_value());
        parts.push(value.clone());
    }
    Value::concat(parts)
}
