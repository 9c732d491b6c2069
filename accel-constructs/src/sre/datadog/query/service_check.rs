use accel_core::{IntoValue, Text, Value, text};

use super::{MonitorQuery, MonitorType, process::separated, quoted};

/// What an agent or an integration reports: good, a warning, critical, or unknown.
///
/// ```
/// use accel_constructs::sre::datadog::ServiceCheck;
///
/// let agent = ServiceCheck::new("datadog.agent.up", ["host"]).over(["env:prod"]).critical(5).ok(2);
/// ```
///
/// The query looks at one result more than the greatest of the counts, which Datadog asks for.
///
/// Source: <https://docs.datadoghq.com/monitors/types/service_check/>
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct ServiceCheck {
    check: Value<String>,
    by: Vec<Text>,
    over: Vec<Value<String>>,
    exclude: Vec<Value<String>>,
    critical: u8,
    warning: Option<u8>,
    ok: Option<u8>,
    unknown: Option<u8>,
}

impl ServiceCheck {
    /// The check called `check`, with one alert for each value of the tags `by`. It is critical after
    /// one critical result, unless told otherwise.
    pub fn new<T: Into<Text>>(
        check: impl IntoValue<String>,
        by: impl IntoIterator<Item = T>,
    ) -> Self {
        Self {
            check: check.into_value(),
            by: by.into_iter().map(Into::into).collect(),
            over: Vec::new(),
            exclude: Vec::new(),
            critical: 1,
            warning: None,
            ok: None,
            unknown: None,
        }
    }

    /// Only results with all these tags; all results by default.
    pub fn over<T: IntoValue<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.over.extend(tags.into_iter().map(IntoValue::into_value));
        self
    }

    /// No results with one of these tags.
    pub fn exclude<T: IntoValue<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.exclude.extend(tags.into_iter().map(IntoValue::into_value));
        self
    }

    /// How many critical results in a row alert: 1 to 99.
    pub const fn critical(mut self, count: u8) -> Self {
        self.critical = count;
        self
    }

    /// How many results in a row that are a warning warn: 1 to 99.
    pub const fn warning(mut self, count: u8) -> Self {
        self.warning = Some(count);
        self
    }

    /// How many good results in a row end an alert: 1 to 99.
    pub const fn ok(mut self, count: u8) -> Self {
        self.ok = Some(count);
        self
    }

    /// How many unknown results in a row make it unknown: 1 to 99.
    pub const fn unknown(mut self, count: u8) -> Self {
        self.unknown = Some(count);
        self
    }
}

impl From<ServiceCheck> for MonitorQuery {
    fn from(check: ServiceCheck) -> Self {
        let ServiceCheck { critical, warning, ok, unknown, .. } = check;
        let counts = [Some(critical), warning, ok, unknown];
        let last = u32::from(counts.into_iter().flatten().max().unwrap_or(critical)) + 1;
        let everything = ["*".into_value()];
        let over = if check.over.is_empty() { everything.as_slice() } else { &check.over };
        let exclude = match check.exclude.as_slice() {
            [] => "".into_value(),
            tags => text![".exclude(", arguments(tags), ")"],
        };
        let by: Vec<_> = check.by.into_iter().map(IntoValue::into_value).collect();
        let text = text![
            quoted(check.check),
            text![".over(", arguments(over), ")"],
            exclude,
            text![".by(", arguments(&by), ")"],
            format!(".last({last}).count_by_status()"),
        ];
        let mut query = Self::new(MonitorType::ServiceCheck, text);
        query.thresholds.critical = Some(critical.into());
        query.thresholds.warning = warning.map(Into::into);
        query.thresholds.ok = ok.map(Into::into);
        query.thresholds.unknown = unknown.map(Into::into);
        query
    }
}

fn arguments(values: &[Value<String>]) -> Value<String> {
    let values: Vec<_> = values.iter().cloned().map(quoted).collect();
    separated(&values, ",")
}
