use accel_core::{Text, Value, text};

use super::{
    super::{EvaluationWindow, Number, Span},
    MonitorQuery, MonitorType, Variable,
};

/// A query that yields a number, not yet compared with one.
#[derive(Clone, Debug)]
pub struct Evaluated {
    pub(super) kind: MonitorType,
    pub(super) text: Value<String>,
    pub(super) trigger_window: Option<Span>,
    pub(super) recovery_window: Option<Span>,
    pub(super) evaluation_window: Option<EvaluationWindow>,
    pub(super) variables: Vec<Variable>,
    pub(super) slo_target: Option<f64>,
}

impl Evaluated {
    pub(super) const fn new(kind: MonitorType, text: Value<String>) -> Self {
        Self {
            kind,
            text,
            trigger_window: None,
            recovery_window: None,
            evaluation_window: None,
            variables: Vec::new(),
            slo_target: None,
        }
    }

    pub(super) fn compared(self, comparator: Comparator, critical: Threshold) -> Condition {
        let bound = match &critical {
            Threshold::Number(number) => number.to_string(),
            Threshold::Query(_) => "threshold".to_owned(),
        };
        let text = text![self.text, format!(" {} {bound}", comparator.symbol())];
        let mut query = MonitorQuery::new(self.kind, text);
        query.thresholds.critical = Some(critical);
        query.trigger_window = self.trigger_window;
        query.recovery_window = self.recovery_window;
        query.evaluation_window = self.evaluation_window;
        query.variables = self.variables;
        query.slo_target = self.slo_target;
        Condition(query)
    }
}

/// The six comparisons of a type that `$evaluated` turns into an [`Evaluated`].
macro_rules! comparisons {
    ($type:ty, $evaluated:expr) => {
        impl $type {
            /// Alerts while the value is above `critical`.
            #[must_use]
            pub fn above(self, critical: impl Into<super::Threshold>) -> super::Condition {
                $evaluated(self).compared(super::Comparator::Above, critical.into())
            }

            /// Alerts while the value is `critical` or above.
            #[must_use]
            pub fn at_least(self, critical: impl Into<super::Threshold>) -> super::Condition {
                $evaluated(self).compared(super::Comparator::AtLeast, critical.into())
            }

            /// Alerts while the value is below `critical`.
            #[must_use]
            pub fn below(self, critical: impl Into<super::Threshold>) -> super::Condition {
                $evaluated(self).compared(super::Comparator::Below, critical.into())
            }

            /// Alerts while the value is `critical` or below.
            #[must_use]
            pub fn at_most(self, critical: impl Into<super::Threshold>) -> super::Condition {
                $evaluated(self).compared(super::Comparator::AtMost, critical.into())
            }

            /// Alerts while the value is just `critical`.
            #[must_use]
            pub fn equal_to(self, critical: impl Into<super::Threshold>) -> super::Condition {
                $evaluated(self).compared(super::Comparator::Equal, critical.into())
            }

            /// Alerts while the value is anything but `critical`.
            #[must_use]
            pub fn unequal_to(self, critical: impl Into<super::Threshold>) -> super::Condition {
                $evaluated(self).compared(super::Comparator::Unequal, critical.into())
            }
        }
    };
}
pub(super) use comparisons;

comparisons!(Evaluated, std::convert::identity);

/// How the value of a query is compared with its thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Comparator {
    /// All of them; those of two characters first, as a reader has to try them.
    pub(crate) const ALL: [Self; 6] =
        [Self::AtLeast, Self::AtMost, Self::Equal, Self::Unequal, Self::Above, Self::Below];

    /// As queries write it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::Unequal => "!=",
        }
    }
}

/// What the value of a query is compared with.
#[derive(Clone, Debug)]
pub enum Threshold {
    /// A number.
    Number(Number),
    /// The value of another metric query, `avg:queue.limit{*} by {queue}`. A preview of Datadog's.
    Query(Text),
}

impl Threshold {
    /// See [`Threshold::Query`].
    pub fn query(text: impl Into<Text>) -> Self {
        Self::Query(text.into())
    }

    pub(crate) const fn number(&self) -> Option<Number> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Query(_) => None,
        }
    }
}

impl<N: Into<Number>> From<N> for Threshold {
    fn from(number: N) -> Self {
        Self::Number(number.into())
    }
}

/// A query compared with the number at which it is critical, and the other levels around it.
///
/// The number in the query and the critical threshold are one and the same, so they cannot differ.
#[derive(Clone, Debug)]
pub struct Condition(pub(super) MonitorQuery);

impl Condition {
    /// The level of a warning: on the near side of the critical one.
    #[must_use]
    pub fn warning(mut self, level: impl Into<Number>) -> Self {
        self.0.thresholds.warning = Some(level.into());
        self
    }

    /// The level at which a critical monitor recovers, if that is not where it alerts: on the near
    /// side of it, so that a value which sways around the level does not alert over and over.
    #[must_use]
    pub fn critical_recovery(mut self, level: impl Into<Threshold>) -> Self {
        self.0.thresholds.critical_recovery = Some(level.into());
        self
    }

    /// The level at which a warning recovers.
    #[must_use]
    pub fn warning_recovery(mut self, level: impl Into<Number>) -> Self {
        self.0.thresholds.warning_recovery = Some(level.into());
        self
    }
}

impl From<Condition> for MonitorQuery {
    fn from(condition: Condition) -> Self {
        condition.0
    }
}
