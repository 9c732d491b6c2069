//! What Datadog would refuse, or take for something else than was meant.

mod message;
mod metrics;
mod options;
mod query;
mod thresholds;

use std::panic::Location;

use accel_core::{Code, Diagnostic};

use super::{DatadogMonitor, MonitorType, Span, codes, grammar::Reading, hours};

/// What the rules go by.
pub(super) struct Facts<'a> {
    pub(super) monitor: &'a DatadogMonitor,
    pub(super) reading: Result<&'a Reading, &'a String>,
    pub(super) identity: &'a str,
    pub(super) has_metric_streams: bool,
    pub(super) path: String,
    pub(super) location: &'static Location<'static>,
}

impl Facts<'_> {
    /// All that is wrong.
    pub(super) fn check(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        match self.reading {
            Err(problem) => found.push(
                self.error(&codes::QUERY, format!("the query cannot be read: {problem}"))
                    .allowed(query::form(self.kind()))
                    .help(
                        "write it with a builder: `MetricQuery`, `ServiceCheck`, `EventQuery`, ...",
                    ),
            ),
            Ok(reading) => {
                found.extend(self.query(reading));
                found.extend(self.thresholds(reading));
                found.extend(self.metrics(reading));
                found.extend(self.notify_by(reading));
            }
        }
        found.extend(self.options());
        found.extend(self.message());
        found
    }

    fn kind(&self) -> MonitorType {
        self.monitor.query().kind
    }

    fn error(&self, code: &'static Code, problem: impl std::fmt::Display) -> Diagnostic {
        Diagnostic::error(code, format!("`{}`: {problem}", self.path), self.location)
    }

    fn warning(&self, code: &'static Code, problem: impl std::fmt::Display) -> Diagnostic {
        Diagnostic::warning(code, format!("`{}`: {problem}", self.path), self.location)
    }
}

/// The time that a query looks at, if it is a plain one.
fn window(reading: &Reading) -> Option<Span> {
    match reading {
        Reading::Metric(metric) => Span::parse(metric.window.strip_prefix("last_")?),
        Reading::Chain(chain) => Span::parse(chain.call("last")?.arguments.first()?.text()),
        Reading::Composite { .. } => None,
    }
}

const DAY: Span = hours(24);
