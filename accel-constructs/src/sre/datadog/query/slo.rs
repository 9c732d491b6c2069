use accel_core::{IntoValue, IsA, Value, text};

use super::{super::Span, Evaluated, MonitorType, comparison::comparisons, quoted};

/// The kind of a service level objective's id.
#[derive(Debug)]
pub enum SloId {}
impl IsA<String> for SloId {}

/// A service level objective, over one of its time frames.
///
/// ```
/// use accel_constructs::sre::datadog::{SloRef, SloTimeframe, hours};
///
/// let checkout = SloRef::existing("0123456789abcdef0123456789abcdef", SloTimeframe::Days30, 99.9);
/// let page = checkout.burn_rate(hours(1)).above(14.4);
/// let ticket = checkout.error_budget().above(75);
/// ```
#[derive(Clone, Debug)]
pub struct SloRef {
    id: Value<SloId>,
    timeframe: SloTimeframe,
    target: f64,
}

/// What an objective is counted over. Datadog has no 28 days.
///
/// ```compile_fail,E0599
/// use accel_constructs::sre::datadog::SloTimeframe;
///
/// let four_weeks = SloTimeframe::Days28;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SloTimeframe {
    /// A week.
    Days7,
    /// 30 days.
    Days30,
    /// 90 days.
    Days90,
}

impl SloTimeframe {
    /// As Datadog writes it: `30d`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days7 => "7d",
            Self::Days30 => "30d",
            Self::Days90 => "90d",
        }
    }
}

impl SloRef {
    /// The objective of the given id, which has this time frame with this target, in percent.
    pub fn existing(id: &str, timeframe: SloTimeframe, target: f64) -> Self {
        Self { id: Value::imported(id), timeframe, target }
    }

    pub(in super::super) fn new(
        id: impl IntoValue<SloId>,
        timeframe: SloTimeframe,
        target: f64,
    ) -> Self {
        Self { id: id.into_value(), timeframe, target }
    }

    /// The id: known to Datadog alone if this program makes the objective.
    #[must_use]
    pub fn id(&self) -> Value<SloId> {
        self.id.clone()
    }

    /// What it is counted over.
    #[must_use]
    pub const fn timeframe(&self) -> SloTimeframe {
        self.timeframe
    }

    pub(in super::super) const fn target(&self) -> f64 {
        self.target
    }

    /// How much of the error budget is used, in percent; compare it with `above` or `at_least`.
    #[must_use]
    pub fn error_budget(&self) -> Evaluated {
        let over = format!(").over(\"{}\")", self.timeframe.name());
        Evaluated::new(
            MonitorType::Slo,
            text!["error_budget(", quoted((&self.id).into_value()), over],
        )
    }

    /// How many times faster than it could last the budget burns, over the last `long` (1 to 48 hours)
    /// and over a twelfth of that, which ends the alert soon after the trouble; compare it with `above`
    /// or `at_least`.
    ///
    /// Source: <https://docs.datadoghq.com/service_management/service_level_objectives/burn_rate/>
    pub fn burn_rate(&self, long: Span) -> BurnRate {
        BurnRate { slo: self.clone(), long, short: None }
    }
}

/// See [`SloRef::burn_rate`].
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct BurnRate {
    slo: SloRef,
    long: Span,
    short: Option<Span>,
}

impl BurnRate {
    /// Another short window: whole minutes, shorter than the long one.
    pub const fn short_window(mut self, short: Span) -> Self {
        self.short = Some(short);
        self
    }

    fn evaluated(self) -> Evaluated {
        let short = match self.short {
            Some(short) => short.to_string(),
            None => format!("{}m", self.long.as_seconds() / 60 / 12),
        };
        let windows = format!(
            ").over(\"{}\").long_window(\"{}\").short_window(\"{short}\")",
            self.slo.timeframe.name(),
            self.long,
        );
        let id = quoted(self.slo.id.into_value());
        Evaluated {
            slo_target: Some(self.slo.target),
            ..Evaluated::new(MonitorType::Slo, text!["burn_rate(", id, windows])
        }
    }
}
comparisons!(BurnRate, BurnRate::evaluated);
