use std::panic::Location;

use accel_core::{Construct, Diagnostic, DocumentNode, IntoValue, Object, Scope, Text, Value};
use typed_builder::TypedBuilder;

use super::{
    Asset, Datadog, DraftStatus, Message, MissingData, MonitorQuery, MonitorRef,
    NotificationPreset, Priority, Recurrence, Renotify, RenotifyStatus, Span, Threshold, codes,
    file::{Entries, file},
    grammar::{self, known},
    query::{QueryText, Thresholds, Unfit},
    rules,
};

/// A monitor: what it asks, when it alerts, and what it says to whom.
///
/// It carries the tag `accel:<app>/<path>`, by which whoever sends it to Datadog finds it again.
///
/// Source: <https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor>
#[derive(Clone, Debug, TypedBuilder)]
pub struct DatadogMonitor {
    /// What its notifications are called; may have Datadog's variables.
    #[builder(setter(transform = |name: impl IntoValue<String>| name.into_value()))]
    name: Value<String>,
    /// What it asks, and the levels at which it alerts.
    #[builder(setter(into))]
    query: MonitorQuery,
    /// What it says to whom.
    #[builder(setter(into))]
    message: Message,
    /// How urgent it is.
    #[builder(default, setter(strip_option))]
    priority: Option<Priority>,
    /// Tags of the monitor itself: `team:web`. Notification rules go by them.
    #[builder(default, setter(
        fn transform<T: IntoValue<String>>(tags: impl IntoIterator<Item = T>) -> Vec<Value<String>> {
            tags.into_iter().map(IntoValue::into_value).collect()
        },
    ))]
    tags: Vec<Value<String>>,
    /// Ids of the only roles that may edit it. Datadog prefers restriction policies by now.
    #[builder(default, setter(
        fn transform<T: Into<Text>>(roles: impl IntoIterator<Item = T>) -> Vec<Text> {
            roles.into_iter().map(Into::into).collect()
        },
    ))]
    restricted_roles: Vec<Text>,
    /// Whether it notifies anybody yet.
    #[builder(default, setter(strip_option))]
    draft_status: Option<DraftStatus>,
    /// Links beside it.
    #[builder(default, setter(transform = |assets: impl IntoIterator<Item = Asset>| Vec::from_iter(assets)))]
    assets: Vec<Asset>,
    /// What happens when there is no data.
    #[builder(default, setter(strip_option))]
    pub(super) missing_data: Option<MissingData>,
    /// How long it waits for data that arrives late: a quarter of an hour for metrics of AWS, 5 minutes
    /// where metric streams bring them.
    #[builder(default, setter(strip_option))]
    pub(super) evaluation_delay: Option<Span>,
    /// How long it leaves a new group alone; a minute by default.
    #[builder(default, setter(strip_option))]
    pub(super) new_group_delay: Option<Span>,
    /// How long it leaves a new host alone: the older form of `new_group_delay`, needed only to set the
    /// 5 minutes that monitors by host have to 0.
    #[builder(default, setter(strip_option))]
    pub(super) new_host_delay: Option<Span>,
    /// Whether a metric is looked at only if it has data for the whole window. Off for sparse metrics.
    #[builder(default, setter(strip_option))]
    require_full_window: Option<bool>,
    /// Notifications while an alert goes on.
    #[builder(default, setter(strip_option))]
    pub(super) renotify: Option<Renotify>,
    /// What is added to those. [`When::Renotify`](super::When::Renotify) in the message does it better.
    #[builder(default, setter(transform = |message: impl Into<Message>| Some(message.into())))]
    escalation_message: Option<Message>,
    /// After which time without data an alert ends by itself: whole hours, at most 24; 0 is never.
    #[builder(default, setter(strip_option))]
    pub(super) timeout: Option<Span>,
    /// Whether the tags that triggered it stand in the title; so by default.
    #[builder(default, setter(strip_option))]
    include_tags: Option<bool>,
    /// Whether those it notifies hear of changes to it; not so by default.
    #[builder(default, setter(strip_option))]
    notify_audit: Option<bool>,
    /// Notifies once for each value of these tags, which are some of those the query is grouped by, or
    /// once in all: `["*"]`.
    #[builder(default, setter(
        fn transform<T: Into<Text>>(keys: impl IntoIterator<Item = T>) -> Vec<Text> {
            keys.into_iter().map(Into::into).collect()
        },
    ))]
    pub(super) notify_by: Vec<Text>,
    /// What Datadog adds to a notification.
    #[builder(default, setter(strip_option))]
    notification_preset: Option<NotificationPreset>,
    /// How long a group without data is remembered: 1 to 72 hours. For events in the wide sense.
    #[builder(default, setter(strip_option))]
    pub(super) group_retention: Option<Span>,
    /// When it is evaluated, if not all the time.
    #[builder(default, setter(
        transform = |times: impl IntoIterator<Item = Recurrence>| Vec::from_iter(times)
    ))]
    custom_schedule: Vec<Recurrence>,
    /// Whether a notification of a log monitor has a sample of the logs.
    #[builder(default, setter(strip_option))]
    enable_logs_sample: Option<bool>,
    /// Whether a notification of a monitor of pipelines or tests has samples.
    #[builder(default, setter(strip_option))]
    enable_samples: Option<bool>,
    /// Options that this type does not have, by the names of the API; they replace those it has.
    #[builder(default, setter(into))]
    other_options: Object,
}

impl Construct for DatadogMonitor {
    type Level = Datadog;
    type Output = MonitorRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> MonitorRef {
        // As it is without renames: what the rules measure.
        let identity = format!("accel:{}/{}", scope.tree()[scope.tree().root()].id(), scope.path());
        let query = self.query_text(scope);
        let read = grammar::read(self.query.kind, &known(&query.clone().into_prop()));
        let level = scope.level().cloned().unwrap_or_else(|| Datadog::new(""));
        let facts = rules::Facts {
            monitor: &self,
            reading: read.as_ref(),
            identity: &identity,
            has_metric_streams: level.has_metric_streams(),
            path: scope.path(),
            location: scope.location(),
        };
        facts.check().into_iter().for_each(|diagnostic| scope.report(diagnostic));
        let critical = read.ok().and_then(|reading| reading.critical());
        let critical = critical.map(Threshold::Number);
        let root = self.into_document(query, critical, scope.identity(), &level);
        MonitorRef::new(file(scope, "monitors", root))
    }
}

impl DatadogMonitor {
    pub(super) const fn query(&self) -> &MonitorQuery {
        &self.query
    }

    pub(super) fn name(&self) -> String {
        known(&(&self.name).into())
    }

    pub(super) fn messages(&self) -> impl Iterator<Item = &Message> {
        std::iter::once(&self.message).chain(&self.escalation_message)
    }

    pub(super) fn tags(&self) -> impl Iterator<Item = String> {
        self.tags.iter().map(|tag| known(&tag.into()))
    }

    fn query_text(&self, scope: &mut Scope<'_, Datadog>) -> Value<String> {
        match &self.query.text {
            QueryText::Text(text) => text.clone(),
            QueryText::Composite(composite) => match composite.text(scope.tree()) {
                Ok(text) => text,
                Err(unfit) => {
                    scope.report(unfit_monitor(&unfit, &scope.path(), scope.location()));
                    "0".into_value()
                }
            },
        }
    }

    fn into_document(
        self,
        query: Value<String>,
        critical: Option<Threshold>,
        identity: Value<String>,
        datadog: &Datadog,
    ) -> DocumentNode {
        let mut root = Entries::default();
        root.add("name", self.name.clone());
        root.add("type", self.query.kind.name());
        root.add("query", query);
        root.add("message", self.message.clone().into_text());
        let tags = self.tags.iter().cloned().chain([identity]);
        root.add("tags", DocumentNode::list(tags.map(Value::into_prop)));
        root.some("priority", self.priority.map(|priority| priority as u8));
        root.texts("restricted_roles", &self.restricted_roles);
        root.some("draft_status", self.draft_status.map(DraftStatus::name));
        if !self.assets.is_empty() {
            let assets = self.assets.iter().map(|asset| asset.node(datadog));
            root.add("assets", DocumentNode::List(assets.collect()));
        }
        root.add("options", self.options(critical));
        root.into()
    }

    fn options(self, critical: Option<Threshold>) -> DocumentNode {
        let seconds = |span: Option<Span>| span.map(|span| span.as_seconds() as i64);
        let minutes = |span: Span| (span.as_seconds() / 60) as i64;
        let mut options = Entries::default();
        let critical = self.query.thresholds.critical.clone().or(critical);
        let warns = self.query.thresholds.warning.is_some();
        let thresholds = thresholds(Thresholds { critical, ..self.query.thresholds });
        options.filled("thresholds", thresholds);
        let mut windows = Entries::default();
        let window = |span: Option<Span>| span.map(|span| format!("last_{span}"));
        windows.some("trigger_window", window(self.query.trigger_window));
        windows.some("recovery_window", window(self.query.recovery_window));
        options.filled("threshold_windows", windows);
        if !self.query.variables.is_empty() {
            let variables = self.query.variables.iter().map(|variable| variable.object().clone());
            options.add("variables", DocumentNode::list(variables));
        }
        let mut scheduling = Entries::default();
        scheduling
            .some("evaluation_window", self.query.evaluation_window.map(|window| window.node()));
        if !self.custom_schedule.is_empty() {
            let times = self.custom_schedule.iter().map(Recurrence::node).collect();
            let schedule = DocumentNode::map([("recurrences", DocumentNode::List(times))]);
            scheduling.add("custom_schedule", schedule);
        }
        options.filled("scheduling_options", scheduling);
        if let Some(missing) = self.missing_data {
            match missing.option() {
                Some(option) => options.add("on_missing_data", option),
                None => options.add("notify_no_data", missing.notifies()),
            }
            if let MissingData::NotifyAfter(span) = missing {
                options.add("no_data_timeframe", minutes(span));
            }
        }
        options.some("evaluation_delay", seconds(self.evaluation_delay));
        options.some("new_group_delay", seconds(self.new_group_delay));
        options.some("new_host_delay", seconds(self.new_host_delay));
        options.some("require_full_window", self.require_full_window);
        if let Some(renotify) = self.renotify {
            options.add("renotify_interval", minutes(renotify.every));
            options.some("renotify_occurrences", renotify.times);
            let notifies_no_data = self.missing_data.is_some_and(MissingData::notifies);
            let statuses = renotify.statuses.unwrap_or_else(|| {
                let all = [
                    (RenotifyStatus::Alert, true),
                    (RenotifyStatus::Warning, warns),
                    (RenotifyStatus::NoData, notifies_no_data),
                ];
                all.into_iter().filter_map(|(status, wanted)| wanted.then_some(status)).collect()
            });
            let statuses = statuses.into_iter().map(RenotifyStatus::name);
            options.add("renotify_statuses", DocumentNode::list(statuses));
        }
        options.some("escalation_message", self.escalation_message.map(Message::into_text));
        options.some("timeout_h", seconds(self.timeout).map(|seconds| seconds / 3_600));
        options.some("include_tags", self.include_tags);
        options.some("notify_audit", self.notify_audit);
        options.texts("notify_by", &self.notify_by);
        let preset = self.notification_preset.map(NotificationPreset::name);
        options.some("notification_preset_name", preset);
        options.some("group_retention_duration", self.group_retention.map(|span| span.to_string()));
        options.some("enable_logs_sample", self.enable_logs_sample);
        options.some("enable_samples", self.enable_samples);
        for (name, value) in self.other_options {
            options.replace(name, value);
        }
        options.into()
    }
}

fn unfit_monitor(unfit: &Unfit, path: &str, location: &'static Location<'static>) -> Diagnostic {
    match unfit {
        Unfit::Foreign => {
            let message = format!("`{path}` combines a monitor of another `App`");
            Diagnostic::error(&accel_core::codes::FOREIGN_HANDLE, message, location)
                .allowed("what this app's `add` gave back")
                .help("a monitor of another program is `MonitorRef::existing(id)`")
        }
        Unfit::Composite(other) => {
            let message = format!("`{path}` combines `{other}`, which is a composite itself");
            Diagnostic::error(&codes::COMPOSITE, message, location)
                .allowed("monitors of any other type")
                .help("combine the monitors that the other composite combines")
        }
    }
}

fn thresholds(thresholds: Thresholds) -> Entries {
    let mut entries = Entries::default();
    let mut either = |number, query, threshold| match threshold {
        Some(Threshold::Number(level)) => entries.add(number, level),
        Some(Threshold::Query(text)) => entries.add(query, text),
        None => {}
    };
    either("critical", "critical_query", thresholds.critical);
    either("critical_recovery", "critical_recovery_query", thresholds.critical_recovery);
    entries.some("warning", thresholds.warning);
    entries.some("warning_recovery", thresholds.warning_recovery);
    entries.some("ok", thresholds.ok);
    entries.some("unknown", thresholds.unknown);
    entries
}
