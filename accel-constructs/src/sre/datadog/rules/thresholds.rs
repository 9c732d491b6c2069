use accel_core::Diagnostic;

use super::{
    super::{
        Comparator, MonitorType, Number, Threshold, codes,
        grammar::{Bound, ChainReading, Reading},
    },
    Facts,
};

/// The most results that a service check looks at.
const MAX_RESULTS: f64 = 100.0;

impl Facts<'_> {
    pub(super) fn thresholds(&self, reading: &Reading) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> =
            [self.same_critical(reading), self.burn_rate(reading)].into_iter().flatten().collect();
        found.extend(self.sides(reading));
        found.extend(self.applicable());
        found
    }

    fn same_critical(&self, reading: &Reading) -> Option<Diagnostic> {
        let comparison = reading.comparison()?;
        let problem = match (self.monitor.query().thresholds.critical.as_ref(), comparison.bound) {
            (Some(Threshold::Number(given)), Bound::Number(number)) if *given != number => {
                format!("its critical threshold is {given}, the number in its query {number}")
            }
            (Some(Threshold::Number(_)) | None, Bound::Threshold) => {
                "its query is compared with `threshold`, and no query says what that is".to_owned()
            }
            (Some(Threshold::Query(_)), Bound::Number(number)) => {
                format!(
                    "its critical threshold is a query, and its query is compared with {number}"
                )
            }
            _ => return None,
        };
        Some(
            self.error(&codes::THRESHOLD, problem)
                .allowed("the same in both, or `threshold` in the query and a query as threshold")
                .help("leave `.critical(..)` away: it is read from the query"),
        )
    }

    fn sides(&self, reading: &Reading) -> Vec<Diagnostic> {
        let thresholds = &self.monitor.query().thresholds;
        let Some(comparison) = reading.comparison() else { return Vec::new() };
        let higher_is_worse = match comparison.comparator {
            Comparator::Above | Comparator::AtLeast => true,
            Comparator::Below | Comparator::AtMost => false,
            Comparator::Equal | Comparator::Unequal => return Vec::new(),
        };
        let critical = reading.critical();
        let recovery = thresholds.critical_recovery.as_ref().and_then(Threshold::number);
        let pairs = [
            ("warning", thresholds.warning, "critical", critical),
            ("critical recovery", recovery, "critical", critical),
            ("warning recovery", thresholds.warning_recovery, "warning", thresholds.warning),
        ];
        let mut found = Vec::new();
        for (name, level, other_name, other) in pairs {
            let Some(level) = level else { continue };
            if !level.as_f64().is_finite() {
                found.push(self.threshold(format!("its {name} threshold is {level}"), "a number"));
            }
            let Some(other) = other else {
                if other_name == "warning" {
                    let problem = format!("its {name} threshold is {level}, and it never warns");
                    found.push(self.threshold(problem, "a warning threshold beside it"));
                }
                continue;
            };
            let is_right = match higher_is_worse {
                true => level.as_f64() < other.as_f64(),
                false => level.as_f64() > other.as_f64(),
            };
            if !is_right {
                let side = if higher_is_worse { "below" } else { "above" };
                let problem = format!(
                    "its {name} threshold is {level}, with `{} {other}` as {other_name}",
                    comparison.comparator.symbol()
                );
                found.push(self.threshold(problem, &format!("a number {side} {other}")));
            }
        }
        found
    }

    fn threshold(&self, problem: String, allowed: &str) -> Diagnostic {
        self.error(&codes::THRESHOLD, problem)
            .allowed(allowed)
            .help("a warning comes before it is critical, a recovery well after it is not any more")
    }

    /// Thresholds that the type of the monitor does not have.
    fn applicable(&self) -> Option<Diagnostic> {
        let thresholds = &self.monitor.query().thresholds;
        let counts = thresholds.ok.or(thresholds.unknown).is_some();
        let levels =
            thresholds.critical_recovery.is_some() || thresholds.warning_recovery.is_some();
        let any = thresholds.critical.is_some() || thresholds.warning.is_some();
        let (given, allowed) = match self.kind() {
            MonitorType::Composite if counts || levels || any => ("thresholds", "none"),
            MonitorType::ServiceCheck if levels => {
                ("recovery thresholds", "critical, warning, ok, unknown")
            }
            MonitorType::ServiceCheck | MonitorType::Composite => return None,
            _ if counts => ("`ok` or `unknown`", "critical, warning, and the recovery from either"),
            _ => return None,
        };
        let problem = format!("a `{}` has no {given}", self.kind().name());
        let help = "counts are for service checks, recoveries for what is compared with a number";
        Some(self.error(&codes::THRESHOLD, problem).allowed(allowed).help(help))
    }

    pub(super) fn service_check(&self, check: &ChainReading) -> Vec<Diagnostic> {
        let thresholds = &self.monitor.query().thresholds;
        let critical = thresholds.critical.as_ref().and_then(Threshold::number);
        let counts = [critical, thresholds.warning, thresholds.ok, thresholds.unknown];
        let counts: Vec<Number> = counts.into_iter().flatten().collect();
        let greatest = counts.iter().map(|count| count.as_f64()).fold(1.0, f64::max);
        let last = check.call("last").and_then(|call| call.arguments.first());
        let last: Option<f64> = last.and_then(|argument| argument.text().parse().ok());
        let mut problems = Vec::new();
        if !check.head.name.is_empty() || check.head.arguments.is_empty() {
            problems.push("its query does not begin with the name of a check".to_owned());
        }
        if check.arguments("over").is_empty() {
            problems.push("its query does not say which results it looks at".to_owned());
        }
        if check.arguments("by").is_empty() {
            problems.push("its query has no grouping".to_owned());
        }
        if check.call("count_by_status").or(check.call("pct_by_status")).is_none() {
            problems.push("its query does not count results by their status".to_owned());
        }
        match last {
            None => problems.push("its query does not say how many results it looks at".to_owned()),
            Some(last) if last < greatest || last > MAX_RESULTS => problems.push(format!(
                "it looks at the last {last} results, and its greatest threshold is {greatest}"
            )),
            Some(_) => {}
        }
        let odd = counts.iter().find(|count| count.as_f64() < 1.0 || count.as_f64().fract() != 0.0);
        if let Some(count) = odd {
            problems.push(format!("its threshold {count} is no count of results"));
        }
        let diagnostic = |problem| {
            self.error(&codes::SERVICE_CHECK, problem)
                .allowed("`\"check\".over(\"*\").by(\"host\").last(n).count_by_status()`, n from the greatest threshold to 100")
                .help("`ServiceCheck::new(check, by)` writes all of that")
        };
        problems.into_iter().map(diagnostic).collect()
    }

    fn burn_rate(&self, reading: &Reading) -> Option<Diagnostic> {
        let target = self.monitor.query().slo_target?;
        if target.is_nan() {
            let problem = "its objective has no target over that time frame".to_owned();
            return Some(
                self.error(&codes::BURN_RATE, problem)
                    .allowed("a time frame that the objective states")
                    .help("state it: `DatadogSlo::builder().objectives([Objective::new(..)])`"),
            );
        }
        if !(target > 0.0 && target < 100.0) {
            let diagnostic =
                self.error(&codes::BURN_RATE, format!("the target of its objective is {target} %"));
            return Some(diagnostic.allowed("more than 0 and less than 100").help(
                "a target is in percent: 99.9, not 0.999; one of 100 leaves no budget to burn",
            ));
        }
        let critical = reading.critical()?;
        let most = 100.0 / (100.0 - target);
        if critical.as_f64() <= most {
            return None;
        }
        let problem =
            format!("it alerts at a burn rate of {critical}, with a target of {target} %");
        Some(
            self.error(&codes::BURN_RATE, problem)
                .allowed(format!("at most {}", (most * 1000.0).floor() / 1000.0))
                .help("the budget cannot burn faster than that: alert at a lower rate"),
        )
    }
}
