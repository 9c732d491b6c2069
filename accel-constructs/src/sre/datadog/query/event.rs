use accel_core::{IntoValue, Text, Value, text};

use super::{super::Span, Aggregation, Evaluated, MonitorType, quoted};

/// A query of events in the wide sense: logs, events, spans, audit records, tests, issues, ...
///
/// ```
/// use accel_constructs::sre::datadog::{Aggregation, EventQuery, minutes};
///
/// let errors = EventQuery::logs("service:shop status:error").by(["@http.url"]).last(minutes(5)).above(20);
/// let users = EventQuery::logs("service:shop status:error")
///     .rollup(Aggregation::Cardinality, "@usr.id")
///     .last(minutes(15))
///     .above(100);
/// ```
///
/// Source: <https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor>
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct EventQuery {
    kind: MonitorType,
    source: &'static str,
    search: Value<String>,
    /// What stands between the search and the rollup.
    selection: String,
    rollup: String,
    by: Vec<Text>,
}

/// Where an issue of Error Tracking comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorSource {
    /// Anywhere.
    All,
    /// Browsers.
    Browser,
    /// Mobile applications.
    Mobile,
    /// Services.
    Backend,
}

macro_rules! sources {
    ($($name:ident, $kind:ident, $source:literal, $doc:literal;)+) => {$(
        #[doc = $doc]
        pub fn $name(search: impl IntoValue<String>) -> Self {
            Self::new(MonitorType::$kind, $source, search)
        }
    )+};
}

impl EventQuery {
    sources! {
        logs, Log, "logs", "Logs, in the [log search syntax](https://docs.datadoghq.com/logs/explorer/search_syntax/), as all of these.";
        events, Event, "events", "Events: of integrations, of AWS Health, of Watchdog.";
        audits, Audit, "audits", "Datadog's own audit trail.";
        rum, Rum, "rum", "Real user monitoring.";
        traces, TraceAnalytics, "trace-analytics", "Indexed spans.";
        ci_pipelines, CiPipelines, "ci-pipelines", "Runs of pipelines.";
        ci_tests, CiTests, "ci-tests", "Runs of tests.";
        databases, DatabaseMonitoring, "database-monitoring", "Database monitoring.";
        network_performance, NetworkPerformance, "network-performance", "Network flows.";
        llm_observability, LlmObservability, "llm-observability", "Calls of language models.";
    }

    /// Paths that packets take.
    pub fn network_paths(search: impl IntoValue<String>) -> Self {
        Self::new(MonitorType::NetworkPath, "network-path", search).index("netpath-path")
    }

    /// The hops of the paths that packets take.
    pub fn network_hops(search: impl IntoValue<String>) -> Self {
        Self::new(MonitorType::NetworkPath, "network-path", search).index("netpath-hop")
    }

    /// Issues of Error Tracking that were not seen before; one alert for each.
    pub fn new_issues(search: impl IntoValue<String>, source: ErrorSource) -> Self {
        Self::issues(search, source, "new")
    }

    /// Issues of Error Tracking that have become frequent; one alert for each.
    pub fn impactful_issues(search: impl IntoValue<String>, source: ErrorSource) -> Self {
        Self::issues(search, source, "impact")
    }

    fn issues(search: impl IntoValue<String>, source: ErrorSource, which: &str) -> Self {
        let source = match source {
            ErrorSource::All => "all",
            ErrorSource::Browser => "browser",
            ErrorSource::Mobile => "mobile",
            ErrorSource::Backend => "backend",
        };
        let mut query = Self::new(MonitorType::ErrorTracking, "error-tracking", search);
        query.selection = format!(".source(\"{source}\").{which}()");
        query.by(["issue.id"])
    }

    fn new(kind: MonitorType, source: &'static str, search: impl IntoValue<String>) -> Self {
        Self {
            kind,
            source,
            search: search.into_value(),
            selection: String::new(),
            rollup: r#".rollup("count")"#.to_owned(),
            by: Vec::new(),
        }
    }

    /// Only this index of the logs; all of them by default.
    pub fn index(mut self, index: &str) -> Self {
        self.selection = format!(".index(\"{index}\")");
        self
    }

    /// What is computed of a measure or facet; without it events are counted.
    pub fn rollup(mut self, aggregation: Aggregation, measure: &str) -> Self {
        self.rollup = format!(".rollup(\"{}\", \"{measure}\")", aggregation.name());
        self
    }

    /// One alert for each value of these facets: `@http.url`, `service`.
    pub fn by<T: Into<Text>>(mut self, facets: impl IntoIterator<Item = T>) -> Self {
        self.by.extend(facets.into_iter().map(Into::into));
        self
    }

    /// Looks at the time up to now: at most 2 days.
    #[must_use]
    pub fn last(self, span: Span) -> Evaluated {
        let Self { kind, source, search, selection, rollup, by } = self;
        let by = match by.as_slice() {
            [] => String::new(),
            facets => format!(".by(\"{}\")", facets.join(",")),
        };
        let rest = format!("){selection}{rollup}{by}.last(\"{span}\")");
        Evaluated::new(kind, text![source, "(", quoted(search), rest])
    }
}
