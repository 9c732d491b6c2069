//! Monitors that come with a construct: their scope, names and tags are the construct's own.

mod eks;
mod load_balancer;
mod vpc;

use std::collections::BTreeMap;

use accel_core::{
    Construct, Diagnostic, Region, Scope, Text, nearest,
    tree::{NodeId, Tree},
};

use super::datadog::{
    Datadog, DatadogMonitor, Message, MonitorQuery, MonitorRef, Priority, Span, codes, minutes,
};

/// What can be watched: its monitors are made by one call.
///
/// ```
/// use accel_constructs::{platform::EksClusterRef, sre::{Datadog, Monitored as _}};
/// use accel_core::Scope;
///
/// fn watch(datadog: &mut Scope<'_, Datadog>, cluster: &EksClusterRef) {
///     datadog.add("eks", cluster.monitors().notify("@oncall-platform").tags(["team:platform"]));
/// }
/// ```
pub trait Monitored {
    /// The monitors that it should have.
    fn monitors(&self) -> Monitors;
}

/// The monitors of one construct; what they are called and look at is made from its name, and from the
/// account and region of its stack.
///
/// Metrics of AWS are told apart by the tags `account:<name of the account in the tree>` and
/// `region:<region>`. The first is what [`DatadogAwsAccount`](super::datadog::DatadogAwsAccount) gives
/// the metrics of an account; ids of accounts are not needed, and need not be known.
#[derive(Clone, Debug)]
#[must_use = "monitors are added to a `Datadog`"]
pub struct Monitors {
    node: NodeId,
    name: Text,
    kind: &'static str,
    rows: fn(&Subject) -> Vec<Row>,
    message: Message,
    tags: Vec<Text>,
    without: Vec<Text>,
}

/// What [`Monitors`] give back: each monitor by its id.
#[derive(Clone, Debug)]
pub struct MonitorsRef {
    monitors: BTreeMap<&'static str, MonitorRef>,
}

impl MonitorsRef {
    /// The monitor called so, if there is one.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<MonitorRef> {
        self.monitors.get(id).copied()
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, MonitorRef)> {
        self.monitors.iter().map(|(id, monitor)| (*id, *monitor))
    }
}

/// What the monitors of a pack are about.
struct Subject {
    name: Text,
    account: Option<String>,
    region: Option<Region>,
}

impl Subject {
    fn new(tree: &Tree, node: NodeId, name: Text) -> Self {
        let environment = tree.get(node).and_then(|_| tree.environment(node));
        let account = environment.and_then(|environment| tree.get(environment.account.node()));
        Self {
            name,
            account: account.map(|account| account.id().to_owned()),
            region: environment.map(|environment| environment.region),
        }
    }

    /// The tags of what CloudWatch says of its account and region.
    fn place(&self) -> Vec<String> {
        let account = self.account.iter().map(|account| format!("account:{account}"));
        account
            .chain(self.region.iter().map(|region| format!("region:{}", region.name())))
            .collect()
    }

    /// [`Subject::place`], narrowed.
    fn aws(&self, tag: String) -> Vec<String> {
        self.place().into_iter().chain([tag]).collect()
    }
}

/// A monitor of a pack.
struct Row {
    id: &'static str,
    name: String,
    query: MonitorQuery,
    says: &'static str,
    priority: Priority,
    /// Whether the metric comes from CloudWatch, which is late.
    is_aws: bool,
}

impl Row {
    fn new(
        id: &'static str,
        name: String,
        query: impl Into<MonitorQuery>,
        priority: Priority,
        says: &'static str,
    ) -> Self {
        Self { id, name, query: query.into(), says, priority, is_aws: false }
    }

    fn of_aws(self) -> Self {
        Self { is_aws: true, ..self }
    }

    fn monitor(self, message: Message, tags: &[Text], delay: Span) -> DatadogMonitor {
        let says = Message::new(self.says).text(message.into_text());
        let tags = tags.iter().cloned();
        let builder = DatadogMonitor::builder()
            .name(self.name)
            .query(self.query)
            .message(says)
            .priority(self.priority)
            .tags(tags);
        match self.is_aws {
            true => builder.evaluation_delay(delay).build(),
            false => builder.build(),
        }
    }
}

impl Monitors {
    fn new(node: NodeId, name: &Text, kind: &'static str, rows: fn(&Subject) -> Vec<Row>) -> Self {
        let (tags, without) = (Vec::new(), Vec::new());
        Self { node, name: name.clone(), kind, rows, message: Message::new(""), tags, without }
    }

    /// Notifies a handle of everything: `@oncall-platform`.
    pub fn notify(mut self, handle: &str) -> Self {
        self.message = self.message.notify(handle);
        self
    }

    /// Says this besides what each monitor says.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = message.into();
        self
    }

    /// Tags of each monitor: `team:platform`.
    pub fn tags<T: Into<Text>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Leaves monitors out, by their ids: one that you have your own for.
    pub fn without<T: Into<Text>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.without.extend(ids.into_iter().map(Into::into));
        self
    }
}

impl Construct for Monitors {
    type Level = Datadog;
    type Output = MonitorsRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> MonitorsRef {
        let none = MonitorsRef { monitors: BTreeMap::new() };
        if scope.tree().get(self.node).is_none() {
            let message = format!("`{}` watches a construct of another `App`", scope.path());
            let code = &accel_core::codes::FOREIGN_HANDLE;
            let diagnostic = Diagnostic::error(code, message, scope.location());
            scope.report(diagnostic.help("use what this app's `add` gave back"));
            return none;
        }
        let subject = Subject::new(scope.tree(), self.node, self.name.clone());
        let rows = (self.rows)(&subject);
        for id in &self.without {
            let ids = || rows.iter().map(|row| row.id);
            if !ids().any(|known| id == known) {
                let near = nearest(id, ids())
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                let message =
                    format!("`{}` leaves out `{id}`, which it does not have{near}", scope.path());
                let diagnostic = Diagnostic::error(&codes::PACK, message, scope.location());
                scope.report(
                    diagnostic
                        .allowed(ids().collect::<Vec<_>>().join(", "))
                        .help("name one of these, or drop the line"),
                );
            }
        }
        let mut tags = self.tags.clone();
        tags.extend(subject.place().into_iter().map(Text::from));
        tags.push(format!("{}:{}", self.kind, self.name).into());
        let streams = scope.level().is_some_and(Datadog::has_metric_streams);
        let delay = minutes(if streams { 5 } else { 15 });
        let rows = rows.into_iter().filter(|row| !self.without.iter().any(|id| id == row.id));
        let monitors = rows.map(|row| {
            let id = row.id;
            (id, scope.add(id, row.monitor(self.message.clone(), &tags, delay)))
        });
        MonitorsRef { monitors: monitors.collect() }
    }
}
