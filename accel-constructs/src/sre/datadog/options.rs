//! The options of a monitor that have a shape of their own.

use accel_core::{DocumentEntry, DocumentNode, Prop};

use super::{Datadog, Span};

/// How urgent a monitor is, from 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// 1: critical.
    P1 = 1,
    /// 2: high.
    P2 = 2,
    /// 3: medium.
    P3 = 3,
    /// 4: low.
    P4 = 4,
    /// 5: for information.
    P5 = 5,
}

names! {
    /// Whether a monitor notifies anybody. A preview of Datadog's.
    pub enum DraftStatus {
        /// It notifies nobody yet.
        Draft = "draft",
        /// It does.
        Published = "published",
    }
}

/// What happens when there is no data: Datadog's option `on_missing_data`, or its older pair
/// `notify_no_data` and `no_data_timeframe`, which exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingData {
    /// A count is 0, anything else stays as it was.
    Default,
    /// The state becomes "no data"; nobody hears of it.
    Show,
    /// The state becomes "no data", with a notification.
    ShowAndNotify,
    /// An alert ends.
    Resolve,
    /// Nothing happens: `notify_no_data: false`. The form for composites.
    Ignore,
    /// A notification, after Datadog's own time: twice the window of a metric, a day for service
    /// checks. The form for composites.
    Notify,
    /// A notification after this time: whole minutes, at least twice the window.
    NotifyAfter(Span),
}

impl MissingData {
    /// The value of `on_missing_data`, if it is that option.
    pub(super) const fn option(self) -> Option<&'static str> {
        match self {
            Self::Default => Some("default"),
            Self::Show => Some("show_no_data"),
            Self::ShowAndNotify => Some("show_and_notify_no_data"),
            Self::Resolve => Some("resolve"),
            Self::Ignore | Self::Notify | Self::NotifyAfter(_) => None,
        }
    }

    /// Whether somebody hears of missing data.
    pub(super) const fn notifies(self) -> bool {
        matches!(self, Self::ShowAndNotify | Self::Notify | Self::NotifyAfter(_))
    }
}

/// Notifications while an alert goes on.
///
/// ```
/// use accel_constructs::sre::datadog::{Renotify, minutes};
///
/// let nag = Renotify::every(minutes(30)).times(5);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Renotify {
    pub(super) every: Span,
    pub(super) times: Option<u32>,
    pub(super) statuses: Option<Vec<RenotifyStatus>>,
}

impl Renotify {
    /// One each `every` (whole minutes) until the alert ends: for alerts, for warnings if the monitor
    /// has that threshold, and for missing data if it notifies of that.
    pub const fn every(every: Span) -> Self {
        Self { every, times: None, statuses: None }
    }

    /// No more than so many.
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only in these states.
    pub fn only(mut self, statuses: impl IntoIterator<Item = RenotifyStatus>) -> Self {
        self.statuses = Some(statuses.into_iter().collect());
        self
    }
}

names! {
    /// A state in which a monitor [notifies again](Renotify).
    pub enum RenotifyStatus {
        /// Critical.
        Alert = "alert",
        /// Warning.
        Warning = "warn",
        /// No data.
        NoData = "no data",
    }
}

names! {
    /// What Datadog adds to a notification.
    pub enum NotificationPreset {
        /// Everything.
        ShowAll = "show_all",
        /// No query.
        HideQuery = "hide_query",
        /// No handles.
        HideHandles = "hide_handles",
        /// Nothing.
        HideAll = "hide_all",
        /// Neither query nor handles.
        HideQueryAndHandles = "hide_query_and_handles",
        /// Only the graph.
        ShowOnlySnapshot = "show_only_snapshot",
        /// Neither handles nor footer.
        HideHandlesAndFooter = "hide_handles_and_footer",
    }
}

/// A link beside a monitor. Runbooks are the only kind there is. A preview of Datadog's.
#[derive(Clone, Debug)]
pub struct Asset {
    name: String,
    target: Target,
}

#[derive(Clone, Debug)]
enum Target {
    Url(String),
    Notebook(u64),
}

impl Asset {
    /// The runbook called `name` at `url`.
    #[must_use]
    pub fn runbook(name: &str, url: &str) -> Self {
        Self { name: name.to_owned(), target: Target::Url(url.to_owned()) }
    }

    /// The runbook called `name` that is the notebook `id` of the same organization.
    #[must_use]
    pub fn notebook(name: &str, id: u64) -> Self {
        Self { name: name.to_owned(), target: Target::Notebook(id) }
    }

    pub(super) fn node(&self, datadog: &Datadog) -> DocumentNode {
        let mut asset = vec![DocumentEntry::new("name", &self.name)];
        match &self.target {
            Target::Url(url) => asset.push(DocumentEntry::new("url", url)),
            Target::Notebook(id) => {
                let url = datadog.url(&format!("/notebook/{id}"));
                asset.push(DocumentEntry::new("url", url));
                asset.push(DocumentEntry::new("resource_key", id.to_string()));
                asset.push(DocumentEntry::new("resource_type", "notebook"));
            }
        }
        asset.push(DocumentEntry::new("category", "runbook"));
        DocumentNode::Map(asset)
    }
}

/// Where a cumulative window begins; see [`MetricQuery::current`](super::MetricQuery::current).
///
/// Source: <https://docs.datadoghq.com/monitors/configuration/?tab=thresholdalert#cumulative-time-windows>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvaluationWindow {
    /// Each hour, at this minute: 0 to 59.
    Hour {
        /// The minute.
        minute: u8,
    },
    /// Each day, at this time.
    Day {
        /// The time, `04:00`.
        time: String,
        /// The time zone, `Europe/Berlin`.
        timezone: String,
    },
    /// The first of each month, at this time.
    Month {
        /// The time, `04:00`.
        time: String,
        /// The time zone, `Europe/Berlin`.
        timezone: String,
    },
}

impl EvaluationWindow {
    /// As queries write it: `1h` in `current_1h`.
    pub(super) const fn unit(&self) -> &'static str {
        match self {
            Self::Hour { .. } => "1h",
            Self::Day { .. } => "1d",
            Self::Month { .. } => "1mo",
        }
    }

    pub(super) fn node(&self) -> DocumentNode {
        let begin = |time: &str, timezone: &str| {
            [("day_starts", Prop::from(time)), ("timezone", Prop::from(timezone))]
        };
        match self {
            Self::Hour { minute } => DocumentNode::map([("hour_starts", *minute)]),
            Self::Day { time, timezone } => DocumentNode::map(begin(time, timezone)),
            Self::Month { time, timezone } => {
                let month = [("month_starts", Prop::from(1))];
                DocumentNode::map(month.into_iter().chain(begin(time, timezone)))
            }
        }
    }
}

/// A time at which a monitor is evaluated, instead of all the time.
///
/// ```
/// use accel_constructs::sre::datadog::Recurrence;
///
/// let nightly = Recurrence::new("FREQ=DAILY;INTERVAL=1", "2026-01-01T06:00:00", "Europe/Berlin");
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/guide/custom_schedules/>
#[derive(Clone, Debug)]
pub struct Recurrence {
    rule: String,
    start: String,
    timezone: String,
}

impl Recurrence {
    /// From `start` on, by a rule of [RFC 5545](https://datatracker.ietf.org/doc/html/rfc5545).
    #[must_use]
    pub fn new(rule: &str, start: &str, timezone: &str) -> Self {
        let [rule, start, timezone] = [rule, start, timezone].map(str::to_owned);
        Self { rule, start, timezone }
    }

    pub(super) fn node(&self) -> DocumentNode {
        let Self { rule, start, timezone } = self;
        DocumentNode::Map(vec![
            DocumentEntry::new("rrule", rule),
            DocumentEntry::new("start", start),
            DocumentEntry::new("timezone", timezone),
        ])
    }
}
