use accel_core::{
    Attr, Code, Construct, Diagnostic, DocumentNode, DocumentRef, IntoValue, Scope, Value,
};
use typed_builder::TypedBuilder;

use super::{
    Comparator, Datadog, MetricQuery, MonitorRef, Number, SloId, SloRef, SloTimeframe, Span, codes,
    file::{Entries, file, nodes},
    grammar::known,
};

mod burn_rate;

pub use burn_rate::{BurnRateMonitors, BurnRateMonitorsRef};

/// A service level objective: what counts as good, and how much of it there is to be.
///
/// ```
/// use accel_constructs::sre::datadog::{
///     BurnRateMonitors, Datadog, DatadogSlo, MetricQuery, Objective, Sli, SloTimeframe,
/// };
/// use accel_core::App;
///
/// let mut app = App::new("example");
/// let mut datadog = app.open("datadog", Datadog::new("example"));
/// let total = MetricQuery::sum("trace.http.request.hits").over(["service:shop"]).as_count();
/// let failed = MetricQuery::sum("trace.http.request.errors").over(["service:shop"]).as_count();
/// let slo = DatadogSlo::builder()
///     .name("The shop answers")
///     .sli(Sli::count(total.clone() - failed, total))
///     .objectives([Objective::new(SloTimeframe::Days30, 99.9)])
///     .tags(["team:shop"])
///     .build();
/// let slo = datadog.add("shop", slo);
/// datadog.add("shop-burn", BurnRateMonitors::builder().slo(slo).page("@oncall-shop").build());
/// ```
///
/// It carries the tag `accel:<app>/<path>`, as monitors do.
///
/// Source: <https://docs.datadoghq.com/api/latest/service-level-objectives/#create-an-slo-object>
#[derive(Clone, Debug, TypedBuilder)]
pub struct DatadogSlo {
    /// What it is called.
    #[builder(setter(transform = |name: impl IntoValue<String>| name.into_value()))]
    name: Value<String>,
    /// What counts as good.
    sli: Sli,
    /// How much of it there is to be, over which time; one for each time frame.
    #[builder(setter(
        transform = |objectives: impl IntoIterator<Item = Objective>| Vec::from_iter(objectives)
    ))]
    objectives: Vec<Objective>,
    /// A word on what it promises to whom.
    #[builder(default, setter(transform = |text: impl IntoValue<String>| Some(text.into_value())))]
    description: Option<Value<String>>,
    /// Tags in lower case: `team:web`, `service:shop`.
    #[builder(default, setter(
        fn transform<T: IntoValue<String>>(tags: impl IntoIterator<Item = T>) -> Vec<Value<String>> {
            tags.into_iter().map(IntoValue::into_value).collect()
        },
    ))]
    tags: Vec<Value<String>>,
}

/// What a [`DatadogSlo`] gives back.
#[derive(Clone, Debug)]
pub struct DatadogSloRef {
    /// The id, which only Datadog knows: for other documents of Datadog.
    pub id: Attr<SloId>,
    document: DocumentRef,
    name: Value<String>,
    tags: Vec<Value<String>>,
    objectives: Vec<Objective>,
}

impl DatadogSloRef {
    /// The objective over one of its time frames, for monitors of burn rates and of the error budget.
    #[must_use]
    pub fn over(&self, timeframe: SloTimeframe) -> SloRef {
        let objective = self.objectives.iter().find(|objective| objective.timeframe == timeframe);
        SloRef::new(self.id, timeframe, objective.map_or(f64::NAN, |objective| objective.target))
    }

    /// The document that it is.
    #[must_use]
    pub const fn document(&self) -> DocumentRef {
        self.document
    }

    /// The time frames it has an objective for.
    pub fn timeframes(&self) -> impl Iterator<Item = SloTimeframe> {
        self.objectives.iter().map(|objective| objective.timeframe)
    }
}

/// How much there is to be of what is good, in percent, over a time frame.
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Objective {
    timeframe: SloTimeframe,
    target: f64,
    warning: Option<f64>,
}

impl Objective {
    /// At least `target` percent: between 0 and 100, both excluded.
    pub const fn new(timeframe: SloTimeframe, target: f64) -> Self {
        Self { timeframe, target, warning: None }
    }

    /// A warning below this many percent: more than the target.
    pub const fn warning(mut self, warning: f64) -> Self {
        self.warning = Some(warning);
        self
    }

    fn node(self) -> Entries {
        let mut node = Entries::default()
            .with("timeframe", self.timeframe.name())
            .with("target", Number::from(self.target));
        node.some("warning", self.warning.map(Number::from));
        node
    }
}

/// What counts as good: a service level indicator.
#[derive(Clone, Debug)]
#[must_use]
pub struct Sli(Indicator);

#[derive(Clone, Debug)]
enum Indicator {
    Count { good: MetricQuery, other: MetricQuery, other_is_bad: bool },
    Monitors { monitors: Vec<MonitorRef>, groups: Vec<String> },
    TimeSlice { query: MetricQuery, comparator: Comparator, threshold: Number, slice: Span },
}

impl Sli {
    /// Of all events, which the second query counts, how many were good, which the first does.
    pub const fn count(good: MetricQuery, total: MetricQuery) -> Self {
        Self(Indicator::Count { good, other: total, other_is_bad: false })
    }

    /// Of good and bad events, how many were good.
    pub const fn good_and_bad(good: MetricQuery, bad: MetricQuery) -> Self {
        Self(Indicator::Count { good, other: bad, other_is_bad: true })
    }

    /// The time in which none of these monitors alerts.
    pub fn monitors(monitors: impl IntoIterator<Item = MonitorRef>) -> Self {
        let monitors = monitors.into_iter().collect();
        Self(Indicator::Monitors { monitors, groups: Vec::new() })
    }

    /// The slices of 5 minutes in which a query compares so with a number: `query < 0.5`.
    pub fn time_slice(
        query: MetricQuery,
        comparator: Comparator,
        threshold: impl Into<Number>,
    ) -> Self {
        let (threshold, slice) = (threshold.into(), super::minutes(5));
        Self(Indicator::TimeSlice { query, comparator, threshold, slice })
    }

    /// Only these groups of the one monitor, at most 100: `env:prod,host:web-1`.
    pub fn groups<T: Into<String>>(mut self, of: impl IntoIterator<Item = T>) -> Self {
        if let Indicator::Monitors { groups, .. } = &mut self.0 {
            groups.extend(of.into_iter().map(Into::into));
        }
        self
    }

    /// Slices of one minute.
    pub const fn each_minute(mut self) -> Self {
        if let Indicator::TimeSlice { slice, .. } = &mut self.0 {
            *slice = super::minutes(1);
        }
        self
    }

    const fn kind(&self) -> &'static str {
        match self.0 {
            Indicator::Count { .. } => "metric",
            Indicator::Monitors { .. } => "monitor",
            Indicator::TimeSlice { .. } => "time_slice",
        }
    }

    fn write(&self, root: &mut Entries) {
        match &self.0 {
            Indicator::Count { good, other, other_is_bad } => {
                let mut queries = Vec::new();
                let good = formula(good, &mut queries);
                let other = formula(other, &mut queries);
                let key = if *other_is_bad { "bad_events_formula" } else { "total_events_formula" };
                let count = Entries::default()
                    .with("good_events_formula", good)
                    .with(key, other)
                    .with("queries", nodes(queries));
                root.add("sli_specification", Entries::default().with("count", count));
            }
            Indicator::Monitors { monitors, groups } => {
                let ids = monitors.iter().map(|monitor| monitor.number());
                root.add("monitor_ids", DocumentNode::list(ids));
                if !groups.is_empty() {
                    root.add("groups", DocumentNode::list(groups.iter()));
                }
            }
            Indicator::TimeSlice { query, comparator, threshold, slice } => {
                let mut queries = Vec::new();
                let formula = formula(query, &mut queries);
                let query = Entries::default()
                    .with("formulas", nodes([formula]))
                    .with("queries", nodes(queries));
                let slice = Entries::default()
                    .with("comparator", comparator.symbol())
                    .with("threshold", *threshold)
                    .with("query_interval_seconds", slice.as_seconds() as i64)
                    .with("query", query);
                root.add("sli_specification", Entries::default().with("time_slice", slice));
            }
        }
    }

    fn problem(&self) -> Option<(String, &'static str, &'static str)> {
        match &self.0 {
            Indicator::Monitors { monitors, .. } if monitors.is_empty() => Some((
                "counts the time of no monitor".to_owned(),
                "at least one monitor",
                "give `Sli::monitors` what adding a `DatadogMonitor` gave back",
            )),
            Indicator::Monitors { monitors, groups } if !groups.is_empty() => {
                let problem = match (monitors.len(), groups.len()) {
                    (1, 0..=100) => return None,
                    (1, count) => format!("names {count} groups"),
                    (count, _) => format!("names groups of {count} monitors"),
                };
                Some((problem, "at most 100 groups, of one monitor", "make an objective for each"))
            }
            Indicator::TimeSlice { comparator, .. }
                if matches!(comparator, Comparator::Equal | Comparator::Unequal) =>
            {
                Some((
                    format!("compares time slices by `{}`", comparator.symbol()),
                    "`>`, `>=`, `<`, `<=`",
                    "say how much is too much, or too little",
                ))
            }
            _ => None,
        }
    }
}

/// A formula, the queries of which go to `queries` under names that are free there.
fn formula(query: &MetricQuery, queries: &mut Vec<Entries>) -> Entries {
    let (formula, named) = query.named_from(queries.len() + 1);
    queries.extend(named.into_iter().map(|(name, query)| metric_query(&name, query)));
    Entries::default().with("formula", formula)
}

/// A query of metrics under a name, as objectives and dashboards have it.
pub(super) fn metric_query(name: &str, query: Value<String>) -> Entries {
    Entries::default().with("data_source", "metrics").with("name", name).with("query", query)
}

impl Construct for DatadogSlo {
    type Level = Datadog;
    type Output = DatadogSloRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> DatadogSloRef {
        self.check(scope);
        let Self { name, sli, objectives, description, tags } = self;
        let mut root = Entries::default().with("name", name.clone()).with("type", sli.kind());
        root.some("description", description);
        sli.write(&mut root);
        root.add("thresholds", nodes(objectives.iter().map(|objective| objective.node())));
        let all = tags.iter().cloned().chain([scope.identity()]);
        root.add("tags", DocumentNode::list(all.map(Value::into_prop)));
        let document = file(scope, "slos", root);
        DatadogSloRef { id: document.id(), document, name, tags, objectives }
    }
}

impl DatadogSlo {
    fn check(&self, scope: &mut Scope<'_, Datadog>) {
        let (path, location) = (scope.path(), scope.location());
        let mut report = |code: &'static Code, problem: String, allowed: &str, help: &str| {
            let message = format!("`{path}` {problem}");
            let diagnostic = Diagnostic::error(code, message, location);
            scope.report(diagnostic.allowed(allowed).help(help));
        };
        if self.objectives.is_empty() {
            report(
                &codes::SLO_TARGET,
                "has no objective".to_owned(),
                "one for each time frame of 7, 30 or 90 days",
                "give it one: `.objectives([Objective::new(SloTimeframe::Days30, 99.9)])`",
            );
        }
        for (index, objective) in self.objectives.iter().enumerate() {
            let Objective { timeframe, target, warning } = *objective;
            if self.objectives[..index].iter().any(|other| other.timeframe == timeframe) {
                report(
                    &codes::SLO_TARGET,
                    format!("has two objectives over {}", timeframe.name()),
                    "one for each time frame",
                    "keep the stricter one",
                );
            }
            if !(target > 0.0 && target < 100.0) {
                report(
                    &codes::SLO_TARGET,
                    format!("has a target of {target} %"),
                    "more than 0 and less than 100",
                    "a target is in percent: 99.9, not 0.999; one of 100 leaves no budget",
                );
            }
            if let Some(warning) = warning.filter(|&warning| !(warning > target && warning < 100.0))
            {
                report(
                    &codes::SLO_TARGET,
                    format!("warns at {warning} %, with a target of {target} %"),
                    "more than the target and less than 100",
                    "a warning comes before the target is missed",
                );
            }
        }
        if let Some((problem, allowed, help)) = self.sli.problem() {
            report(&codes::SLO_INDICATOR, problem, allowed, help);
        }
        for tag in self.tags.iter().map(|tag| known(&tag.into())) {
            if tag.is_empty() || tag.chars().any(char::is_uppercase) {
                report(
                    &codes::SLO_TAG,
                    format!("has the tag {tag:?}"),
                    "text in lower case",
                    "write it in lower case, as Datadog keeps it",
                );
            }
        }
    }
}
