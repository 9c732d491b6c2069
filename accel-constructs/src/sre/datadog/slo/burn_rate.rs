use accel_core::{Construct, IntoValue as _, Scope, Text, text};
use typed_builder::TypedBuilder;

use super::{DatadogSloRef, Number, SloTimeframe};
use crate::sre::datadog::{Datadog, DatadogMonitor, Message, MonitorRef, Priority, hours};

/// The monitors of an objective's burn rate: two that page, for a budget that is gone within days, and
/// one that makes a ticket, for one that is gone before its time frame ends.
///
/// Each looks at two windows, a long one, so that it is worth the trouble, and a twelfth of that, so
/// that it ends soon after the trouble does. Windows and rates are Datadog's own, by time frame:
///
/// | time frame | `page-fast` | `page-slow` | `ticket` |
/// |---|---|---|---|
/// | 7 days | 16.8 over 1 h and 5 min | 5.6 over 6 h and 30 min | 2.8 over 24 h and 2 h |
/// | 30 days | 14.4 over 1 h and 5 min | 6 over 6 h and 30 min | 3 over 24 h and 2 h |
/// | 90 days | 21.6 over 1 h and 5 min | 10.8 over 6 h and 30 min | 4.5 over 24 h and 2 h |
///
/// If everything fails, a budget burns 1 / (1 - target) times too fast. A rate that the target cannot
/// reach (14.4 with 90 %) has no monitor: the slower ones cover it.
///
/// Source: <https://docs.datadoghq.com/service_management/service_level_objectives/burn_rate/>
#[derive(Clone, Debug, TypedBuilder)]
pub struct BurnRateMonitors {
    /// The objective.
    slo: DatadogSloRef,
    /// Over which time the budget is; the objective's first time frame if not said.
    #[builder(default, setter(strip_option))]
    timeframe: Option<SloTimeframe>,
    /// What is said, to whom, if somebody has to get up.
    #[builder(default = Message::new(""), setter(into))]
    page: Message,
    /// What is said, to whom, if it can wait for the morning.
    #[builder(default = Message::new(""), setter(into))]
    ticket: Message,
    /// Tags beside those of the objective.
    #[builder(default, setter(
        fn transform<T: Into<Text>>(tags: impl IntoIterator<Item = T>) -> Vec<Text> {
            tags.into_iter().map(Into::into).collect()
        },
    ))]
    tags: Vec<Text>,
}

/// What [`BurnRateMonitors`] give back.
#[derive(Clone, Copy, Debug)]
pub struct BurnRateMonitorsRef {
    /// The one over an hour, if the target can burn so fast.
    pub page_fast: Option<MonitorRef>,
    /// The one over six hours, if the target can burn so fast.
    pub page_slow: Option<MonitorRef>,
    /// The one over a day, if the target can burn so fast.
    pub ticket: Option<MonitorRef>,
}

impl Construct for BurnRateMonitors {
    type Level = Datadog;
    type Output = BurnRateMonitorsRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> BurnRateMonitorsRef {
        let first = self.slo.timeframes().next();
        let timeframe = self.timeframe.or(first).unwrap_or(SloTimeframe::Days30);
        let slo = self.slo.over(timeframe);
        // A target that is none was reported with the objective, or is by the rules of each monitor.
        let fastest = 100.0 / (100.0 - slo.target()).max(f64::EPSILON);
        let [fast, slow, ticket] = rates(timeframe);
        let rows = [
            ("page-fast", 1, fast, Priority::P1, &self.page),
            ("page-slow", 6, slow, Priority::P2, &self.page),
            ("ticket", 24, ticket, Priority::P4, &self.ticket),
        ];
        let [page_fast, page_slow, ticket] = rows.map(|(id, long, rate, priority, message)| {
            if rate > fastest {
                return None;
            }
            let rate = Number::from(rate);
            let speed = format!(": the error budget burns {rate} times too fast");
            let own = self.tags.iter().map(|tag| tag.clone().into_value());
            let monitor = DatadogMonitor::builder()
                .name(text![&self.slo.name, speed])
                .query(slo.burn_rate(hours(long)).above(rate))
                .message(message.clone())
                .priority(priority)
                .tags(self.slo.tags.iter().cloned().chain(own))
                .build();
            Some(scope.add(id, monitor))
        });
        BurnRateMonitorsRef { page_fast, page_slow, ticket }
    }
}

/// Over 1, 6 and 24 hours.
const fn rates(timeframe: SloTimeframe) -> [f64; 3] {
    match timeframe {
        SloTimeframe::Days7 => [16.8, 5.6, 2.8],
        SloTimeframe::Days30 => [14.4, 6.0, 3.0],
        SloTimeframe::Days90 => [21.6, 10.8, 4.5],
    }
}
