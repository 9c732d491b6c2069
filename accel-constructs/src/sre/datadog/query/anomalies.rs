use super::super::{Span, minutes};

/// When a metric is anomalous, for [`MetricQuery::anomalies`](super::MetricQuery::anomalies).
///
/// ```
/// use accel_constructs::sre::datadog::{Anomalies, MetricQuery, Seasonality, hours, minutes};
///
/// let orders = MetricQuery::sum("shop.orders").as_count();
/// let odd = orders
///     .anomalies(Anomalies::agile(3, Seasonality::Daily).windows(minutes(15), minutes(30)))
///     .last(hours(4))
///     .at_least(1)
///     .critical_recovery(0);
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/types/anomaly/>
#[derive(Clone, Debug)]
#[must_use]
pub struct Anomalies {
    algorithm: Algorithm,
    bounds: u8,
    direction: Direction,
    interval: Span,
    pub(super) trigger: Span,
    pub(super) recovery: Span,
}

/// How a metric's normal range is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// From the last hours alone.
    Basic,
    /// From the same time of earlier seasons, quick to follow a change of level.
    Agile(Seasonality),
    /// From the same time of earlier seasons, slow to follow.
    Robust(Seasonality),
}

/// What a metric repeats itself after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seasonality {
    /// An hour.
    Hourly,
    /// A day.
    Daily,
    /// A week.
    Weekly,
}

/// On which side of the normal range a value is an anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// On both.
    Both,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

impl Direction {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

impl Anomalies {
    /// Outside `bounds` deviations (2 or 3 are usual) of what `algorithm` expects, on both sides, for
    /// 15 minutes.
    pub const fn new(algorithm: Algorithm, bounds: u8) -> Self {
        let (trigger, recovery) = (minutes(15), minutes(15));
        let (direction, interval) = (Direction::Both, minutes(1));
        Self { algorithm, bounds, direction, interval, trigger, recovery }
    }

    /// [`Algorithm::Basic`].
    pub const fn basic(bounds: u8) -> Self {
        Self::new(Algorithm::Basic, bounds)
    }

    /// [`Algorithm::Agile`].
    pub const fn agile(bounds: u8, seasonality: Seasonality) -> Self {
        Self::new(Algorithm::Agile(seasonality), bounds)
    }

    /// [`Algorithm::Robust`].
    pub const fn robust(bounds: u8, seasonality: Seasonality) -> Self {
        Self::new(Algorithm::Robust(seasonality), bounds)
    }

    /// Only values on this side count.
    pub const fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// The distance of the points that are looked at; a minute by default.
    pub const fn interval(mut self, interval: Span) -> Self {
        self.interval = interval;
        self
    }

    /// How long the metric has to be anomalous to alert, and normal to recover; 15 minutes by default.
    pub const fn windows(mut self, trigger: Span, recovery: Span) -> Self {
        self.trigger = trigger;
        self.recovery = recovery;
        self
    }

    pub(super) fn arguments(&self) -> Vec<String> {
        let (algorithm, seasonality) = match self.algorithm {
            Algorithm::Basic => ("basic", None),
            Algorithm::Agile(seasonality) => ("agile", Some(seasonality)),
            Algorithm::Robust(seasonality) => ("robust", Some(seasonality)),
        };
        let mut arguments = vec![
            format!("'{algorithm}'"),
            self.bounds.to_string(),
            format!("direction='{}'", self.direction.name()),
            format!("alert_window='last_{}'", self.trigger),
            format!("interval={}", self.interval.as_seconds()),
            "count_default_zero='true'".to_owned(),
        ];
        arguments.extend(seasonality.map(|seasonality| {
            let name = match seasonality {
                Seasonality::Hourly => "hourly",
                Seasonality::Daily => "daily",
                Seasonality::Weekly => "weekly",
            };
            format!("seasonality='{name}'")
        }));
        arguments
    }
}
