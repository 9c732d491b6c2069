use accel_core::{Construct, Diagnostic, DocumentNode, DocumentRef, IntoValue, Scope, Text, Value};
use typed_builder::TypedBuilder;

use super::{
    Datadog, codes,
    file::{Entries, file, nodes},
};

mod widget;

pub use widget::{Display, Palette, Widget};

/// A dashboard: widgets in rows that Datadog arranges.
///
/// ```
/// use accel_constructs::sre::datadog::{
///     Datadog, DatadogDashboard, Display, MetricQuery, TemplateVariable, Widget,
/// };
/// use accel_core::App;
///
/// let mut app = App::new("example");
/// let mut datadog = app.open("datadog", Datadog::new("example"));
/// let requests = MetricQuery::sum("trace.http.request.hits").over(["$service"]).as_count();
/// let dashboard = DatadogDashboard::builder()
///     .title("Shop")
///     .variables([TemplateVariable::new("service").prefix("service").defaults(["shop"])])
///     .widgets([
///         Widget::note("Who is on call: @oncall-shop"),
///         Widget::group("Traffic", [
///             Widget::timeseries("Requests", requests.clone()).display(Display::Bars),
///             Widget::query_value("Requests", requests),
///         ]),
///     ])
///     .build();
/// datadog.add("shop", dashboard);
/// ```
///
/// Dashboards take no tags but `team:`, so that the text `accel:<app>/<path>`, by which whoever sends it
/// to Datadog finds it again, ends its description.
///
/// Source: <https://docs.datadoghq.com/api/latest/dashboards/#create-a-new-dashboard>
#[derive(Clone, Debug, TypedBuilder)]
pub struct DatadogDashboard {
    /// What it is called.
    #[builder(setter(transform = |title: impl IntoValue<String>| title.into_value()))]
    title: Value<String>,
    /// What it shows, in reading order.
    #[builder(setter(
        transform = |widgets: impl IntoIterator<Item = Widget>| Vec::from_iter(widgets)
    ))]
    widgets: Vec<Widget>,
    /// What it is for.
    #[builder(default, setter(transform = |text: impl IntoValue<String>| Some(text.into_value())))]
    description: Option<Value<String>>,
    /// What a reader can choose.
    #[builder(default, setter(
        transform = |variables: impl IntoIterator<Item = TemplateVariable>| Vec::from_iter(variables)
    ))]
    variables: Vec<TemplateVariable>,
    /// The teams it belongs to, by their handles: at most 5.
    #[builder(default, setter(
        fn transform<T: Into<Text>>(teams: impl IntoIterator<Item = T>) -> Vec<Text> {
            teams.into_iter().map(Into::into).collect()
        },
    ))]
    teams: Vec<Text>,
}

/// A tag that a reader of a dashboard chooses; queries say `$name`.
#[derive(Clone, Debug)]
#[must_use]
pub struct TemplateVariable {
    name: Text,
    prefix: Option<Text>,
    values: Vec<Value<String>>,
    defaults: Vec<Value<String>>,
}

impl TemplateVariable {
    /// The variable `$name`; everything by default.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), prefix: None, values: Vec::new(), defaults: Vec::new() }
    }

    /// The key of the tag that it is a value of.
    pub fn prefix(mut self, key: impl Into<Text>) -> Self {
        self.prefix = Some(key.into());
        self
    }

    /// Only these are offered.
    pub fn values<T: IntoValue<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values.extend(values.into_iter().map(IntoValue::into_value));
        self
    }

    /// These are chosen at first.
    pub fn defaults<T: IntoValue<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.defaults.extend(values.into_iter().map(IntoValue::into_value));
        self
    }

    fn node(self) -> Entries {
        let mut node = Entries::default().with("name", self.name);
        node.some("prefix", self.prefix);
        if !self.values.is_empty() {
            node.add("available_values", values(self.values));
        }
        let defaults = match self.defaults {
            none if none.is_empty() => vec!["*".into_value()],
            some => some,
        };
        node.with("defaults", values(defaults))
    }
}

fn values(values: Vec<Value<String>>) -> DocumentNode {
    DocumentNode::list(values.into_iter().map(Value::into_prop))
}

impl Construct for DatadogDashboard {
    type Level = Datadog;
    type Output = DocumentRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> DocumentRef {
        self.check(scope);
        let identity = scope.identity();
        let description = match self.description {
            Some(text) => accel_core::text![text, "\n\n", identity],
            None => identity,
        };
        let mut root = Entries::default()
            .with("title", self.title)
            .with("description", description)
            .with("layout_type", "ordered")
            .with("reflow_type", "auto")
            .with("widgets", nodes(self.widgets.into_iter().map(Widget::node)));
        if !self.variables.is_empty() {
            let variables = self.variables.into_iter().map(TemplateVariable::node);
            root.add("template_variables", nodes(variables));
        }
        if !self.teams.is_empty() {
            let tags = self.teams.iter().map(|team| format!("team:{team}"));
            root.add("tags", DocumentNode::list(tags));
        }
        file(scope, "dashboards", root)
    }
}

impl DatadogDashboard {
    fn check(&self, scope: &mut Scope<'_, Datadog>) {
        let (path, location) = (scope.path(), scope.location());
        let mut report = |problem: String, allowed: &str, help: &str| {
            let message = format!("`{path}` {problem}");
            let diagnostic = Diagnostic::error(&codes::DASHBOARD, message, location);
            scope.report(diagnostic.allowed(allowed).help(help));
        };
        if self.widgets.is_empty() {
            report(
                "shows nothing".to_owned(),
                "at least one widget",
                "add `Widget::timeseries(..)`",
            );
        }
        if self.widgets.iter().any(Widget::has_nested_group) {
            report(
                "has a group in a group".to_owned(),
                "groups at the top only",
                "put the widgets of the inner group into the outer one, or both side by side",
            );
        }
        if self.teams.len() > 5 {
            let problem = format!("belongs to {} teams", self.teams.len());
            report(problem, "at most 5", "name the teams that own it");
        }
        for (index, variable) in self.variables.iter().enumerate() {
            if self.variables[..index].iter().any(|other| other.name == variable.name) {
                let problem = format!("has two variables called `{}`", variable.name);
                report(problem, "one of each name", "give one of them another name");
            }
        }
    }
}
