use accel_core::Text;

use super::{
    super::{Number, Span},
    Aggregation, Direction, Evaluated, MonitorType, Variable,
};

/// A formula of queries that it names. What the queries are of decides on the type of the monitor.
///
/// ```
/// use accel_constructs::sre::datadog::{EventSource, Events, Formula, minutes};
///
/// let share = Formula::new("errors / total * 100")
///     .variable("errors", Events::new(EventSource::Logs, "service:shop status:error"))
///     .variable("total", Events::new(EventSource::Logs, "service:shop"))
///     .last(minutes(15))
///     .above(5);
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/types/log/#formulas-and-functions>
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct Formula {
    formula: Text,
    variables: Vec<Variable>,
    rollup: Option<Aggregation>,
    by: Vec<Text>,
}

/// What a change of cost is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostChange {
    /// In percent.
    Relative,
    /// In money.
    Absolute,
}

impl Formula {
    /// A formula over the names of variables: `errors / total * 100`.
    pub fn new(formula: impl Into<Text>) -> Self {
        Self { formula: formula.into(), variables: Vec::new(), rollup: None, by: Vec::new() }
    }

    /// The query that the formula calls `name`.
    pub fn variable(mut self, name: impl Into<Text>, variable: impl Into<Variable>) -> Self {
        self.variables.push(variable.into().named(name));
        self
    }

    /// What is computed of the values of the formula.
    pub fn rollup(mut self, aggregation: Aggregation) -> Self {
        self.rollup = Some(aggregation);
        self
    }

    /// One alert for each value of these, where the variables say no grouping: for data jobs.
    pub fn by<T: Into<Text>>(mut self, keys: impl IntoIterator<Item = T>) -> Self {
        self.by.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Looks at the time up to now.
    #[must_use]
    pub fn last(self, span: Span) -> Evaluated {
        self.evaluated(&format!(".last(\"{span}\")"))
    }

    /// How much cloud cost changed over `span`; compare it with `above` or `below`.
    #[must_use]
    pub fn cost_change(self, span: Span, change: CostChange) -> Evaluated {
        let change = match change {
            CostChange::Relative => "relative",
            CostChange::Absolute => "absolute",
        };
        self.evaluated(&format!(".last(\"{span}\").change(\"{change}\")"))
    }

    /// How anomalous cloud cost was over `span`, where differences below `threshold` do not count;
    /// compare it with `at_least`.
    #[must_use]
    pub fn cost_anomaly(
        self,
        span: Span,
        direction: Direction,
        threshold: impl Into<Number>,
    ) -> Evaluated {
        let (direction, threshold) = (direction.name(), threshold.into());
        self.evaluated(&format!(
            ".last(\"{span}\").anomaly(direction=\"{direction}\", threshold={threshold})"
        ))
    }

    /// What cloud cost will be at the end of the current month; compare it with `above`.
    #[must_use]
    pub fn cost_forecast(self) -> Evaluated {
        self.evaluated(".current(\"1mo\").forecast()")
    }

    fn evaluated(self, window: &str) -> Evaluated {
        let kind = self.variables.first().map_or(MonitorType::Query, |variable| variable.kind);
        let rollup = self.rollup.map(|rollup| format!(".rollup(\"{}\")", rollup.name()));
        let by = match self.by.as_slice() {
            [] => String::new(),
            keys => format!(".by(\"{}\")", keys.join(",")),
        };
        let rollup = rollup.unwrap_or_default();
        let text = format!("formula(\"{}\"){rollup}{by}{window}", self.formula);
        Evaluated { variables: self.variables, ..Evaluated::new(kind, accel_core::text![text]) }
    }
}
