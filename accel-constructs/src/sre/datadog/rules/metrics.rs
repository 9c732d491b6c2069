use accel_core::Diagnostic;

use super::{
    super::{codes, grammar::Reading, minutes},
    Facts,
};

/// Metrics that go from 0 to 1, as their integrations declare them.
///
/// Source: `metadata.csv` of the integrations in <https://github.com/DataDog/integrations-core>
const FRACTIONS: [&str; 7] = [
    "docker.mem.in_use",
    "kubernetes.filesystem.usage_pct",
    "kubernetes.memory.usage_pct",
    "system.disk.in_use",
    "system.fs.inodes.in_use",
    "system.mem.pct_usable",
    "system.swap.pct_free",
];

impl Facts<'_> {
    pub(super) fn metrics(&self, reading: &Reading) -> Vec<Diagnostic> {
        [self.evaluation_delay(reading), self.fraction(reading)].into_iter().flatten().collect()
    }

    fn evaluation_delay(&self, reading: &Reading) -> Option<Diagnostic> {
        let Reading::Metric(query) = reading else { return None };
        let metric = query.metrics.iter().find(|metric| metric.name.starts_with("aws."))?;
        let needed = if self.has_metric_streams { minutes(5) } else { minutes(15) };
        let given = match self.monitor.evaluation_delay {
            Some(delay) if delay >= needed => return None,
            Some(delay) => format!("waits {delay} for it"),
            None => "does not wait for it".to_owned(),
        };
        let problem = format!("`{}` arrives late, and the monitor {given}", metric.name);
        Some(
            self.warning(&codes::EVALUATION_DELAY, problem)
                .allowed(format!("{needed} or more"))
                .help(format!("add `.evaluation_delay(minutes({}))`", needed.as_seconds() / 60)),
        )
    }

    fn fraction(&self, reading: &Reading) -> Option<Diagnostic> {
        let Reading::Metric(query) = reading else { return None };
        let metric = query.metrics.first().filter(|_| query.is_bare && !query.is_change)?;
        let critical = reading.critical()?;
        if !FRACTIONS.contains(&metric.name.as_str()) || critical.as_f64() <= 1.0 {
            return None;
        }
        let problem = format!("`{}` goes from 0 to 1 and is compared with {critical}", metric.name);
        Some(
            self.warning(&codes::FRACTION, problem)
                .allowed("a number from 0 to 1")
                .help("compare it with a fraction, or multiply it: `query * 100`"),
        )
    }
}
