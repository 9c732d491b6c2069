use accel_core::Diagnostic;

use super::{
    super::{
        Comparator, EvaluationWindow, MonitorType, Span, codes, days,
        grammar::{ChainReading, MetricReading, Reading, UNKNOWN},
        hours, minutes, weeks,
    },
    Facts,
};

/// The most monitors of a composite.
const MAX_MONITORS: usize = 10;

impl Facts<'_> {
    pub(super) fn query(&self, reading: &Reading) -> Vec<Diagnostic> {
        let mut found = match reading {
            Reading::Metric(metric) => self.metric_query(metric),
            Reading::Chain(chain) if self.kind() == MonitorType::ServiceCheck => {
                self.service_check(chain)
            }
            Reading::Chain(chain) => self.chain(chain),
            Reading::Composite { monitors } if *monitors > MAX_MONITORS => vec![
                self.error(&codes::COMPOSITE, format!("it combines {monitors} monitors"))
                    .allowed("at most 10")
                    .help("ask for several of the conditions in one query"),
            ],
            Reading::Composite { .. } => Vec::new(),
        };
        found.extend(self.variables(reading));
        found
    }

    fn metric_query(&self, metric: &MetricReading) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if metric.window.contains(UNKNOWN) {
            return found;
        }
        let evaluation = self.monitor.query().evaluation_window.as_ref();
        if let Some(unit) = metric.window.strip_prefix("current_") {
            found.extend(self.cumulative(unit, evaluation));
        } else if let Some(span) = metric.window.strip_prefix("last_") {
            let most = if metric.is_change { days(2) } else { weeks(1) };
            found.extend(self.window(span, minutes(1), most));
        } else if metric.window.strip_prefix("next_").and_then(Span::parse).is_none() {
            found.push(self.no_window(&metric.window, "`last_5m`, `current_1d` or `next_1w`"));
        }
        let windows = (self.monitor.query().trigger_window, self.monitor.query().recovery_window);
        let is_anomaly = metric.functions.iter().any(|function| function == "anomalies");
        if is_anomaly && windows.0.or(windows.1).is_none() {
            found.push(
                self.error(&codes::WINDOW, "it looks for anomalies, and does not say for how long")
                    .allowed("a time after which it alerts, and one after which it recovers")
                    .help("add `.threshold_windows(minutes(15), minutes(15))`"),
            );
        }
        found
    }

    fn cumulative(&self, unit: &str, window: Option<&EvaluationWindow>) -> Option<Diagnostic> {
        let problem = match window {
            Some(window) if window.unit() == unit => return self.begin(window),
            Some(window) => {
                format!("it looks at `current_{unit}`, and says when `{}` begins", window.unit())
            }
            None => format!("it looks at `current_{unit}`, and does not say when that begins"),
        };
        let diagnostic = self.error(&codes::WINDOW, problem);
        Some(diagnostic.allowed("`current_1h`, `current_1d`, `current_1mo`").help(
            "use `MetricQuery::current(..)`, or add `.evaluation_window(..)` to the raw query",
        ))
    }

    fn begin(&self, window: &EvaluationWindow) -> Option<Diagnostic> {
        let (given, allowed) = match window {
            EvaluationWindow::Hour { minute } if *minute < 60 => return None,
            EvaluationWindow::Hour { minute } => (format!("minute {minute}"), "0 to 59"),
            EvaluationWindow::Day { time, .. } | EvaluationWindow::Month { time, .. }
                if is_time(time) =>
            {
                return None;
            }
            EvaluationWindow::Day { time, .. } | EvaluationWindow::Month { time, .. } => {
                (format!("`{time}`"), "`00:00` to `23:59`")
            }
        };
        let problem = format!("its window begins at {given}");
        Some(
            self.error(&codes::WINDOW, problem).allowed(allowed).help("give the time of day there"),
        )
    }

    fn chain(&self, chain: &ChainReading) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let (kind, head) = (self.kind(), chain.head.name.as_str());
        if !heads(kind).contains(&head) {
            let problem = format!("a query of a `{}` does not begin with `{head}`", kind.name());
            found.push(
                self.error(&codes::QUERY, problem)
                    .allowed(form(kind))
                    .help("give the query the monitor's type, or the monitor the query's"),
            );
            return found;
        }
        if kind == MonitorType::Slo {
            found.extend(self.objective(chain));
        } else {
            found.extend(self.chain_window(chain));
        }
        found.extend(self.comparators(chain));
        found
    }

    fn chain_window(&self, chain: &ChainReading) -> Option<Diagnostic> {
        let (least, most) = match self.kind() {
            MonitorType::Query => (minutes(1), weeks(1)),
            MonitorType::Process => (super::super::seconds(1), weeks(1)),
            MonitorType::Cost | MonitorType::DataQuality | MonitorType::DataJobs => {
                (minutes(1), days(366))
            }
            _ => (minutes(1), days(2)),
        };
        match chain.call("last") {
            Some(call) => {
                let span = call.arguments.first().map_or("", |argument| argument.text());
                self.window(span, least, most)
            }
            None if self.kind() == MonitorType::Cost && chain.call("current").is_some() => None,
            None => Some(self.no_window("", "`.last(\"5m\")`")),
        }
    }

    fn window(&self, given: &str, least: Span, most: Span) -> Option<Diagnostic> {
        if given.contains(UNKNOWN) {
            return None;
        }
        let span = match Span::parse(given) {
            Some(span) => span,
            None => return Some(self.no_window(given, "a number and a unit, as in `5m`")),
        };
        if (least..=most).contains(&span) {
            return None;
        }
        let diagnostic = self.error(&codes::WINDOW, format!("it looks at the last {span}"));
        Some(diagnostic.allowed(format!("{least} to {most}")).help("choose a window in that range"))
    }

    fn no_window(&self, given: &str, allowed: &str) -> Diagnostic {
        let problem = match given {
            "" => "its query does not say which time it looks at".to_owned(),
            given => format!("`{given}` is no time to look at"),
        };
        self.error(&codes::WINDOW, problem)
            .allowed(allowed)
            .help("write it with the query's builder")
    }

    fn objective(&self, chain: &ChainReading) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let argument = |method| chain.arguments(method).first().copied().unwrap_or_default();
        if !["7d", "30d", "90d"].contains(&argument("over")) {
            let problem = format!("the time frame `{}` does not exist", argument("over"));
            let diagnostic = self.error(&codes::WINDOW, problem).allowed("`7d`, `30d`, `90d`");
            found.push(diagnostic.help("use a time frame that the objective has"));
        }
        if chain.head.name == "error_budget" {
            return found;
        }
        let (long, short) =
            (Span::parse(argument("long_window")), Span::parse(argument("short_window")));
        let is_long = |span: &Span| (hours(1)..=hours(48)).contains(span);
        let is_short = |span: &Span| span.whole_minutes().is_some_and(|minutes| minutes > 0);
        let is_right = match (long, short) {
            (Some(long), Some(short)) => is_long(&long) && is_short(&short) && short < long,
            _ => false,
        };
        if !is_right {
            let problem = format!(
                "it burns over windows of `{}` and `{}`",
                argument("long_window"),
                argument("short_window")
            );
            found.push(
                self.error(&codes::WINDOW, problem)
                    .allowed(
                        "a long window of 1h to 48h, a short one of whole minutes, shorter than it",
                    )
                    .help("a short window is a twelfth of the long one by custom"),
            );
        }
        found
    }

    fn comparators(&self, chain: &ChainReading) -> Option<Diagnostic> {
        let Some(comparison) = chain.comparison else {
            let diagnostic = self.error(&codes::QUERY, "its query is compared with nothing");
            return Some(diagnostic.allowed(form(self.kind())).help("end it with `> 0`"));
        };
        let allowed: &[Comparator] = match self.kind() {
            MonitorType::Slo => &[Comparator::Above, Comparator::AtLeast],
            MonitorType::Cost if chain.call("change").is_some() => {
                &[Comparator::Above, Comparator::Below]
            }
            MonitorType::Cost if chain.call("anomaly").is_some() => &[Comparator::AtLeast],
            MonitorType::Cost if chain.call("forecast").is_some() => &[Comparator::Above],
            _ => return None,
        };
        if allowed.contains(&comparison.comparator) {
            return None;
        }
        let problem = format!("its query is compared with `{}`", comparison.comparator.symbol());
        let allowed: Vec<_> = allowed.iter().map(|comparator| comparator.symbol()).collect();
        Some(
            self.error(&codes::QUERY, problem)
                .allowed(format!("`{}`", allowed.join("`, `")))
                .help("turn the comparison round"),
        )
    }

    /// A formula needs what it names, and what it names must be complete.
    fn variables(&self, reading: &Reading) -> Vec<Diagnostic> {
        let variables = &self.monitor.query().variables;
        let is_formula = matches!(reading, Reading::Chain(chain) if chain.head.name == "formula");
        let mut problems = Vec::new();
        if is_formula && variables.is_empty() {
            problems.push("its formula names queries, and there is none".to_owned());
        }
        if !is_formula && !variables.is_empty() {
            problems.push("it has variables, and no formula that names them".to_owned());
        }
        for variable in variables {
            let text = |key| variable.object().get(key).and_then(|value| value.as_str());
            let list = |key| variable.object().get(key).and_then(|value| value.as_list());
            let name = text("name").unwrap_or_default();
            if let Some(aggregator @ ("mean" | "count_unique")) = text("aggregator") {
                problems
                    .push(format!("the variable `{name}` cannot be aggregated by {aggregator}"));
            }
            if text("data_source") == Some("aggregate_augmented_query")
                && list("compute").is_none_or(<[_]>::is_empty)
            {
                problems.push(format!("the variable `{name}` computes nothing"));
            }
        }
        let diagnostic = |problem| {
            self.error(&codes::QUERY, problem)
                .allowed("`formula(\"errors / total\")` with a variable for each name in it")
                .help("add what is missing with `.variable(name, ..)`, `.compute(..)`, `.aggregator(..)`")
        };
        problems.into_iter().map(diagnostic).collect()
    }
}

fn is_time(time: &str) -> bool {
    let part = |text: &str, most: u8| {
        text.len() == 2
            && text.bytes().all(|b| b.is_ascii_digit())
            && text.parse::<u8>().is_ok_and(|n| n <= most)
    };
    time.split_once(':').is_some_and(|(hour, minute)| part(hour, 23) && part(minute, 59))
}

/// What queries of a type begin with.
const fn heads(kind: MonitorType) -> &'static [&'static str] {
    match kind {
        MonitorType::Query
        | MonitorType::Cost
        | MonitorType::DataQuality
        | MonitorType::DataJobs => &["formula"],
        MonitorType::ServiceCheck | MonitorType::Composite => &[""],
        MonitorType::Log => &["logs", "formula"],
        MonitorType::Event => &["events", "formula"],
        MonitorType::Audit => &["audits", "formula"],
        MonitorType::Process => &["processes"],
        MonitorType::Rum => &["rum", "formula"],
        MonitorType::TraceAnalytics => &["trace-analytics", "formula"],
        MonitorType::Slo => &["error_budget", "burn_rate"],
        MonitorType::CiPipelines => &["ci-pipelines", "formula"],
        MonitorType::CiTests => &["ci-tests", "formula"],
        MonitorType::ErrorTracking => &[
            "error-tracking",
            "error-tracking-rum",
            "error-tracking-traces",
            "error-tracking-logs",
            "formula",
        ],
        MonitorType::DatabaseMonitoring => &["database-monitoring", "formula"],
        MonitorType::NetworkPerformance => &["network-performance", "formula"],
        MonitorType::NetworkPath => &["network-path", "formula"],
        MonitorType::LlmObservability => &["llm-observability", "formula"],
    }
}

/// The form of a query of a type, for people.
pub(super) fn form(kind: MonitorType) -> String {
    match kind {
        MonitorType::Query => "`avg(last_5m):avg:system.load.1{*} by {host} > 2`".to_owned(),
        MonitorType::ServiceCheck => {
            "`\"check\".over(\"*\").by(\"host\").last(2).count_by_status()`".to_owned()
        }
        MonitorType::Composite => "`12345 && !67890`".to_owned(),
        MonitorType::Process => {
            "`processes(\"nginx\").over(\"*\").rollup(\"count\").last(\"10m\") < 1`".to_owned()
        }
        MonitorType::Slo => "`error_budget(\"id\").over(\"30d\") > 75`".to_owned(),
        _ => match heads(kind) {
            ["formula"] => "`formula(\"a\").last(\"1d\") > 0`".to_owned(),
            heads => format!("`{}(\"*\").rollup(\"count\").last(\"5m\") > 0`", heads[0]),
        },
    }
}
