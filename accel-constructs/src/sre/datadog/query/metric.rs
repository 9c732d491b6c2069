mod term;

use std::ops;

use accel_core::{IntoValue, Text, Value};

use self::term::{Metric, Term, push};
use super::{
    super::{EvaluationWindow, Number, Span},
    Anomalies, Evaluated, MonitorType,
    comparison::comparisons,
};

/// A query of metrics: one, or a formula of several.
///
/// What is said of the metric after it was named is said of every metric of a formula, so that both
/// sides of a ratio have one scope and one grouping:
///
/// ```
/// use accel_constructs::sre::datadog::{MetricQuery, minutes};
///
/// let failures = MetricQuery::sum("trace.http.request.errors") / MetricQuery::sum("trace.http.request.hits");
/// let failing = (failures * 100)
///     .over(["env:prod"])
///     .by(["service"])
///     .as_count()
///     .last(minutes(10))
///     .sum()
///     .above(5)
///     .warning(2);
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/types/metric/>
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct MetricQuery {
    term: Term,
    windows: Option<(Span, Span)>,
}

impl MetricQuery {
    /// The mean of `metric` over the sources of a group.
    pub fn avg(metric: impl Into<Text>) -> Self {
        Self::new("avg", metric)
    }

    /// The sum of `metric` over the sources of a group.
    pub fn sum(metric: impl Into<Text>) -> Self {
        Self::new("sum", metric)
    }

    /// The least of `metric` over the sources of a group.
    pub fn min(metric: impl Into<Text>) -> Self {
        Self::new("min", metric)
    }

    /// The greatest of `metric` over the sources of a group.
    pub fn max(metric: impl Into<Text>) -> Self {
        Self::new("max", metric)
    }

    /// A percentile (50, 75, 90, 95, 99) of `metric`, which is a distribution that has percentiles.
    pub fn percentile(percentile: u8, metric: impl Into<Text>) -> Self {
        Self::new(format!("p{percentile}"), metric)
    }

    fn new(aggregator: impl Into<Text>, metric: impl Into<Text>) -> Self {
        let metric = Metric {
            aggregator: aggregator.into(),
            name: metric.into(),
            scope: Vec::new(),
            by: Vec::new(),
            modifiers: String::new(),
        };
        Self { term: Term::Metric(metric), windows: None }
    }

    /// Only sources with all these tags: `env:prod`, `!role:batch`. Without a scope it is all sources.
    pub fn over<T: IntoValue<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags: Vec<_> = tags.into_iter().map(IntoValue::into_value).collect();
        self.each(|metric| metric.scope.extend(tags.iter().cloned()))
    }

    /// One alert for each value of these tags: `host`, `service`.
    pub fn by<T: Into<Text>>(self, keys: impl IntoIterator<Item = T>) -> Self {
        let keys: Vec<Text> = keys.into_iter().map(Into::into).collect();
        self.each(|metric| metric.by.extend(keys.iter().cloned()))
    }

    /// Counts, not rates per second.
    pub fn as_count(self) -> Self {
        self.modified("as_count()")
    }

    /// Rates per second, not counts.
    pub fn as_rate(self) -> Self {
        self.modified("as_rate()")
    }

    /// One point each `every`, made by `method`: `avg`, `sum`, `min`, `max`, `count`.
    pub fn rollup(self, method: &str, every: Span) -> Self {
        let modifier = format!("rollup({method}, {})", every.as_seconds());
        self.modified(&modifier)
    }

    /// Another modifier of a metric, without the dot: `fill(zero)`.
    pub fn modified(self, modifier: &str) -> Self {
        self.each(|metric| {
            metric.modifiers.push('.');
            metric.modifiers.push_str(modifier);
        })
    }

    /// Takes 0 where there is no data.
    pub fn default_zero(self) -> Self {
        self.call("default_zero", &[])
    }

    /// Drops groups that have no value for a tag.
    pub fn exclude_null(self) -> Self {
        self.call("exclude_null", &[])
    }

    /// `function(query, arguments...)`: `call("outliers", &["'dbscan'", "7"])`.
    ///
    /// Source: <https://docs.datadoghq.com/dashboards/functions/>
    pub fn call(self, function: impl Into<Text>, arguments: &[&str]) -> Self {
        let (function, of) = (function.into(), Box::new(self.term));
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { term: Term::Call { function, of, arguments }, windows: self.windows }
    }

    /// How anomalous the query is: 1 where all points of the window are out of bounds, 0 where none is.
    pub fn anomalies(self, anomalies: Anomalies) -> Self {
        let arguments = anomalies.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let windows = Some((anomalies.trigger, anomalies.recovery));
        Self { windows, ..self.call("anomalies", &arguments) }
    }

    /// Looks at the time up to now; the mean of it, unless told otherwise.
    pub fn last(self, span: Span) -> MetricWindow {
        self.window(format!("last_{span}"), None)
    }

    /// Looks at the time to come, for forecasts.
    pub fn next(self, span: Span) -> MetricWindow {
        self.window(format!("next_{span}"), None)
    }

    /// Looks at the hour, day or month that has begun, from its beginning up to now.
    pub fn current(self, window: EvaluationWindow) -> MetricWindow {
        self.window(format!("current_{}", window.unit()), Some(window))
    }

    /// A formula over `query<first>`, ..., and the query behind each name.
    pub(in super::super) fn named_from(
        &self,
        first: usize,
    ) -> (Value<String>, Vec<(String, Value<String>)>) {
        self.term.named_from(first)
    }

    fn window(self, window: String, cumulative: Option<EvaluationWindow>) -> MetricWindow {
        let aggregator = if self.term.has_percentile() { "percentile" } else { "avg" };
        MetricWindow { query: self, window, cumulative, aggregator, change: None }
    }

    fn each(mut self, mut change: impl FnMut(&mut Metric)) -> Self {
        self.term.each(&mut change);
        self
    }
}

/// A [`MetricQuery`] over a window of time, made into one number.
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct MetricWindow {
    query: MetricQuery,
    window: String,
    cumulative: Option<EvaluationWindow>,
    aggregator: &'static str,
    change: Option<(&'static str, Ago)>,
}

impl MetricWindow {
    /// The greatest value of the window: "above" holds if it held once.
    pub fn max(self) -> Self {
        Self { aggregator: "max", ..self }
    }

    /// The least value of the window: "above" holds if it held all the time.
    pub fn min(self) -> Self {
        Self { aggregator: "min", ..self }
    }

    /// The sum of the window.
    pub fn sum(self) -> Self {
        Self { aggregator: "sum", ..self }
    }

    /// How much the value differs from that of some time ago.
    pub fn change(self, since: Ago) -> Self {
        Self { change: Some(("change", since)), ..self }
    }

    /// How much the value differs from that of some time ago, in percent of it.
    pub fn percent_change(self, since: Ago) -> Self {
        Self { change: Some(("pct_change", since)), ..self }
    }

    fn evaluated(self) -> Evaluated {
        let Self { query, window, cumulative, aggregator, change } = self;
        let mut text = Vec::new();
        push(
            &mut text,
            match change {
                None => format!("{aggregator}({window}):"),
                Some((function, since)) => {
                    format!("{function}({aggregator}({window}),{}):", since.name())
                }
            },
        );
        query.term.write(&mut text);
        let (trigger_window, recovery_window) = query.windows.unzip();
        Evaluated {
            trigger_window,
            recovery_window,
            evaluation_window: cumulative,
            ..Evaluated::new(MonitorType::Query, Value::concat(text))
        }
    }
}
comparisons!(MetricWindow, MetricWindow::evaluated);

/// The earlier time that a change is counted from: the values that Datadog has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ago {
    /// 5 minutes.
    Minutes5,
    /// 10 minutes.
    Minutes10,
    /// 15 minutes.
    Minutes15,
    /// 30 minutes.
    Minutes30,
    /// An hour.
    Hour1,
    /// 2 hours.
    Hours2,
    /// 4 hours.
    Hours4,
    /// A day.
    Day1,
}

impl Ago {
    const fn name(self) -> &'static str {
        match self {
            Self::Minutes5 => "5m_ago",
            Self::Minutes10 => "10m_ago",
            Self::Minutes15 => "15m_ago",
            Self::Minutes30 => "30m_ago",
            Self::Hour1 => "1h_ago",
            Self::Hours2 => "2h_ago",
            Self::Hours4 => "4h_ago",
            Self::Day1 => "1d_ago",
        }
    }
}

macro_rules! operators {
    ($($trait:ident::$method:ident => $term:ident $operator:literal),+ $(,)?) => {$(
        impl<R: Into<MetricQuery>> ops::$trait<R> for MetricQuery {
            type Output = Self;
            fn $method(self, other: R) -> Self {
                let other = other.into();
                let windows = self.windows.or(other.windows);
                let sides = Box::new((self.term, other.term));
                Self { term: Term::$term { operator: $operator, sides }, windows }
            }
        }
    )+};
}
operators! {
    Add::add => Sum '+', Sub::sub => Sum '-', Mul::mul => Product '*', Div::div => Product '/',
}

impl<N: Into<Number>> From<N> for MetricQuery {
    fn from(number: N) -> Self {
        Self { term: Term::Number(number.into()), windows: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::{grammar::known, hours, minutes},
        *,
    };

    fn text(window: MetricWindow) -> String {
        known(&window.evaluated().text.into_prop())
    }

    #[test]
    fn a_metric_has_scope_grouping_and_modifiers() {
        let query = MetricQuery::avg("system.cpu.user").over(["env:prod", "!role:batch"]);
        let query = query.by(["host"]).rollup("max", minutes(1));
        assert_eq!(
            text(query.last(minutes(5)).max()),
            "max(last_5m):avg:system.cpu.user{env:prod,!role:batch} by {host}.rollup(max, 60)"
        );
    }

    #[test]
    fn what_is_said_of_a_formula_is_said_of_each_metric() {
        let ratio = MetricQuery::sum("a") / (MetricQuery::sum("a") + MetricQuery::sum("b")) * 100;
        assert_eq!(
            text(ratio.over(["env:prod"]).last(hours(1)).sum()),
            "sum(last_1h):sum:a{env:prod} / (sum:a{env:prod} + sum:b{env:prod}) * 100"
        );
    }

    #[test]
    fn parentheses_stand_where_they_matter() {
        let m = || MetricQuery::avg("m");
        let formula = |query: MetricQuery| text(query.last(minutes(5))).replace("avg:m{*}", "m");
        assert_eq!(formula(m() - (m() - m())), "avg(last_5m):m - (m - m)");
        assert_eq!(formula(m() - m() - m()), "avg(last_5m):m - m - m");
        assert_eq!(formula((m() + m()) * m()), "avg(last_5m):(m + m) * m");
        assert_eq!(formula(m() / (m() * 2)), "avg(last_5m):m / (m * 2)");
        assert_eq!(formula((m() + 1).default_zero()), "avg(last_5m):default_zero(m + 1)");
    }

    #[test]
    fn percentiles_and_changes_are_written_as_datadog_does() {
        let p95 = MetricQuery::percentile(95, "trace.http.request").over(["service:shop"]);
        assert_eq!(
            text(p95.last(minutes(5))),
            "percentile(last_5m):p95:trace.http.request{service:shop}"
        );
        let change = MetricQuery::avg("m").last(minutes(5)).change(Ago::Hour1);
        assert_eq!(text(change), "change(avg(last_5m),1h_ago):avg:m{*}");
        let change = MetricQuery::avg("m").last(hours(1)).min().percent_change(Ago::Day1);
        assert_eq!(text(change), "pct_change(min(last_1h),1d_ago):avg:m{*}");
    }
}
