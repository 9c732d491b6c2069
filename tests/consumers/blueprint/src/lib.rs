//! Watches a web site from AWS, and shows in Grafana whether it answers: a blueprint of somebody else,
//! with a resource type, a level and a backend of its own.

pub mod codes;
pub mod grafana;
pub mod probe;

use accel_core::{App, Construct, Diagnostic, Environment, Scope, ScopeRef, Stack};

use grafana::{Dashboard, Grafana};
use probe::{Probe, ProbeRef};

/// Probes a site, and has a dashboard of it. Its level is the app: it opens what it needs.
pub struct Uptime {
    /// The host: `shop.example.com`.
    pub host: String,
    /// Where the probe runs.
    pub environment: Environment,
    /// Seconds between two requests: 10 or more.
    pub interval: u32,
}

/// What an [`Uptime`] made, to be tailored.
#[derive(Clone, Copy, Debug)]
pub struct UptimeParts {
    /// The stack of the probe.
    pub stack: ScopeRef<Stack>,
    /// The probe.
    pub probe: ProbeRef,
    /// The Grafana stack.
    pub grafana: ScopeRef<Grafana>,
}

impl Construct for Uptime {
    type Level = App;
    type Output = UptimeParts;

    fn build(self, app: &mut Scope<'_, App>) -> UptimeParts {
        if self.interval < 10 {
            let message = format!("`{}` probes every {} seconds", app.path(), self.interval);
            let problem = Diagnostic::error(&codes::INTERVAL_TOO_SHORT, message, app.location());
            app.report(problem.allowed("10 seconds and more"));
        }
        let mut stack = app.open("probes", Stack::new(self.environment));
        let probe =
            stack.add("probe", Probe::new(self.host.as_str()).interval(i64::from(self.interval)));
        let stack = stack.reference();

        let mut grafana = app.open("grafana", Grafana::new("example"));
        grafana.add("uptime", Dashboard { title: self.host, probe: probe.id() });
        UptimeParts { stack, probe, grafana: grafana.reference() }
    }
}
