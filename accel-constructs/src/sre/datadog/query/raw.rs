use accel_core::{IntoValue, Text};

use super::{
    super::{EvaluationWindow, Number, Span},
    MonitorQuery, MonitorType, Threshold, Variable,
};

/// A query at hand, as text: from the web interface, or of a form that no builder has.
///
/// It is read and checked as the builders' queries are. The critical threshold is the number in the
/// text; only a service check, which has none there, needs [`RawQuery::critical`].
///
/// ```
/// use accel_constructs::sre::datadog::{MonitorType, RawQuery};
///
/// let disk = RawQuery::new(
///     MonitorType::Query,
///     "max(next_1w):forecast(avg:system.disk.in_use{env:prod} by {host}, 'linear', 1) >= 0.95",
/// );
/// ```
#[derive(Clone, Debug)]
pub struct RawQuery(MonitorQuery);

impl RawQuery {
    /// The query `text` of a monitor of type `kind`.
    pub fn new(kind: MonitorType, text: impl IntoValue<String>) -> Self {
        Self(MonitorQuery::new(kind, text.into_value()))
    }

    /// The critical threshold: the number in the query, or a count of failures of a service check.
    #[must_use]
    pub fn critical(mut self, level: impl Into<Threshold>) -> Self {
        self.0.thresholds.critical = Some(level.into());
        self
    }

    /// See [`Condition::critical_recovery`](super::Condition::critical_recovery).
    #[must_use]
    pub fn critical_recovery(mut self, level: impl Into<Threshold>) -> Self {
        self.0.thresholds.critical_recovery = Some(level.into());
        self
    }

    /// See [`Condition::warning`](super::Condition::warning).
    #[must_use]
    pub fn warning(mut self, level: impl Into<Number>) -> Self {
        self.0.thresholds.warning = Some(level.into());
        self
    }

    /// See [`Condition::warning_recovery`](super::Condition::warning_recovery).
    #[must_use]
    pub fn warning_recovery(mut self, level: impl Into<Number>) -> Self {
        self.0.thresholds.warning_recovery = Some(level.into());
        self
    }

    /// How many good results of a service check end its alert.
    #[must_use]
    pub fn ok(mut self, count: u8) -> Self {
        self.0.thresholds.ok = Some(count.into());
        self
    }

    /// How many results of an unknown state make a service check unknown.
    #[must_use]
    pub fn unknown(mut self, count: u8) -> Self {
        self.0.thresholds.unknown = Some(count.into());
        self
    }

    /// How long a metric has to be anomalous to alert, and normal to recover; anomalies need both.
    #[must_use]
    pub const fn threshold_windows(mut self, trigger: Span, recovery: Span) -> Self {
        self.0.trigger_window = Some(trigger);
        self.0.recovery_window = Some(recovery);
        self
    }

    /// Where the window of a query over `current_1h`, `current_1d` or `current_1mo` begins.
    #[must_use]
    pub fn evaluation_window(mut self, window: EvaluationWindow) -> Self {
        self.0.evaluation_window = Some(window);
        self
    }

    /// The query that a formula in the text calls `name`.
    #[must_use]
    pub fn variable(mut self, name: impl Into<Text>, variable: impl Into<Variable>) -> Self {
        self.0.variables.push(variable.into().named(name));
        self
    }
}

impl From<RawQuery> for MonitorQuery {
    fn from(query: RawQuery) -> Self {
        query.0
    }
}
