use accel_core::{
    Construct, Diagnostic, DocumentNode, DocumentRef, IntoValue, Object, Scope, Text, Value,
};
use typed_builder::TypedBuilder;

use super::{
    Datadog, Message, Priority, Renotify, Span, codes,
    file::{Entries, file, nodes},
    grammar::known,
    minutes, seconds,
};

/// A synthetic test: a request that Datadog sends all the time, and what the answer is to be like.
///
/// ```
/// use accel_constructs::sre::datadog::{Assertion, Datadog, HttpTest, minutes, seconds};
/// use accel_core::App;
///
/// let mut app = App::new("example");
/// let mut datadog = app.open("datadog", Datadog::new("example"));
/// let test = HttpTest::builder()
///     .name("The shop is there")
///     .url("https://shop.example.com/health")
///     .every(minutes(5))
///     .assertions([Assertion::status(200), Assertion::faster_than(seconds(2))])
///     .message("@oncall-shop")
///     .build();
/// datadog.add("shop", test);
/// ```
///
/// Datadog makes a monitor of it, which the message, the priority and the tags are for.
///
/// Source: <https://docs.datadoghq.com/api/latest/synthetics/#create-an-api-test>
#[derive(Clone, Debug, TypedBuilder)]
pub struct HttpTest {
    /// What it is called.
    #[builder(setter(transform = |name: impl IntoValue<String>| name.into_value()))]
    name: Value<String>,
    /// Where the request goes: `https://shop.example.com/health`.
    #[builder(setter(transform = |url: impl IntoValue<String>| url.into_value()))]
    url: Value<String>,
    /// What the answer is to be like; status 200 within 5 seconds if not said.
    #[builder(
        default = vec![Assertion::status(200), Assertion::faster_than(seconds(5))],
        setter(transform = |assertions: impl IntoIterator<Item = Assertion>| Vec::from_iter(assertions))
    )]
    assertions: Vec<Assertion>,
    /// What is said, to whom, when it fails.
    #[builder(setter(into))]
    message: Message,
    /// `GET`, unless said otherwise.
    #[builder(default = Text::Static("GET"), setter(into))]
    method: Text,
    /// Headers of the request.
    #[builder(default, setter(into))]
    headers: Object,
    /// The body of the request.
    #[builder(default, setter(transform = |body: impl IntoValue<String>| Some(body.into_value())))]
    body: Option<Value<String>>,
    /// How often: 30 seconds to a week; half an hour by default.
    #[builder(default = minutes(30))]
    every: Span,
    /// From where: names of Datadog's locations, `aws:eu-west-1`, or of private ones, `pl:...`.
    #[builder(
        default = vec![Text::Static("aws:us-east-1"), Text::Static("aws:us-west-2")],
        setter(fn transform<T: Into<Text>>(locations: impl IntoIterator<Item = T>) -> Vec<Text> {
            locations.into_iter().map(Into::into).collect()
        })
    )]
    locations: Vec<Text>,
    /// From how many of them at once it has to fail before anybody hears of it.
    #[builder(default = 1)]
    failing_locations: u8,
    /// For how long it has to fail before anybody hears of it: at most 2 hours.
    #[builder(default = seconds(0))]
    failing_for: Span,
    /// How often it is tried again before it has failed, 300 milliseconds later: at most 3.
    #[builder(default)]
    retries: u8,
    /// How urgent it is.
    #[builder(default, setter(strip_option))]
    priority: Option<Priority>,
    /// Notifications while it goes on failing.
    #[builder(default, setter(strip_option))]
    renotify: Option<Renotify>,
    /// Tags of the test and its monitor: `team:web`.
    #[builder(default, setter(
        fn transform<T: IntoValue<String>>(tags: impl IntoIterator<Item = T>) -> Vec<Value<String>> {
            tags.into_iter().map(IntoValue::into_value).collect()
        },
    ))]
    tags: Vec<Value<String>>,
    /// Whether it runs.
    #[builder(default = true)]
    live: bool,
}

/// What the answer to an [`HttpTest`] is to be like.
#[derive(Clone, Debug)]
#[must_use]
pub struct Assertion(Entries);

impl Assertion {
    /// The status is this one.
    pub fn status(status: u16) -> Self {
        Self::new("statusCode", "is", status)
    }

    /// The answer is there after less than this time.
    pub fn faster_than(span: Span) -> Self {
        Self::new("responseTime", "lessThan", (span.as_seconds() * 1000) as i64)
    }

    /// The body has this text in it.
    pub fn body_contains(text: &str) -> Self {
        Self::new("body", "contains", text)
    }

    /// A header has this text in it.
    pub fn header_contains(name: &str, text: &str) -> Self {
        let Self(assertion) = Self::new("header", "contains", text);
        Self(assertion.with("property", name))
    }

    fn new(kind: &str, operator: &str, target: impl Into<DocumentNode>) -> Self {
        let assertion = Entries::default().with("type", kind).with("operator", operator);
        Self(assertion.with("target", target))
    }
}

impl Construct for HttpTest {
    type Level = Datadog;
    type Output = DocumentRef;

    fn build(self, scope: &mut Scope<'_, Datadog>) -> DocumentRef {
        self.check(scope);
        let mut request = Entries::default().with("method", self.method).with("url", self.url);
        if !self.headers.is_empty() {
            request.add("headers", self.headers);
        }
        request.some("body", self.body);
        let config = Entries::default()
            .with("assertions", nodes(self.assertions.into_iter().map(|assertion| assertion.0)))
            .with("request", request);
        let root = Entries::default()
            .with("name", self.name.clone())
            .with("type", "api")
            .with("subtype", "http")
            .with("status", if self.live { "live" } else { "paused" })
            .with("config", config)
            .with("locations", nodes(self.locations))
            .with("message", self.message.into_text());
        let mut options = Entries::default()
            .with("tick_every", self.every.as_seconds() as i64)
            .with("min_location_failed", self.failing_locations)
            .with("min_failure_duration", self.failing_for.as_seconds() as i64)
            .with("retry", Entries::default().with("count", self.retries).with("interval", 300))
            .with("monitor_name", self.name);
        options.some("monitor_priority", self.priority.map(|priority| priority as u8));
        if let Some(renotify) = self.renotify {
            let every = (renotify.every.as_seconds() / 60) as i64;
            let mut monitor = Entries::default().with("renotify_interval", every);
            monitor.some("renotify_occurrences", renotify.times);
            options.add("monitor_options", monitor);
        }
        let tags = self.tags.into_iter().chain([scope.identity()]).map(Value::into_prop);
        let root = root.with("options", options).with("tags", DocumentNode::list(tags));
        file(scope, "synthetics", root)
    }
}

impl HttpTest {
    fn check(&self, scope: &mut Scope<'_, Datadog>) {
        let url = known(&(&self.url).into());
        let is_url = ["http://", "https://", "{{", "\u{fffc}"].iter().any(|it| url.starts_with(it));
        let problems = [
            (
                !is_url,
                format!("sends its request to {url:?}"),
                "a URL that begins with `https://` or `http://`",
            ),
            (
                !(seconds(30)..=super::weeks(1)).contains(&self.every),
                format!("runs every {}", self.every),
                "30s to 1w",
            ),
            (self.locations.is_empty(), "runs nowhere".to_owned(), "at least one location"),
            (
                self.failing_locations == 0
                    || usize::from(self.failing_locations) > self.locations.len(),
                format!(
                    "fails in {} of {} locations before anybody hears of it",
                    self.failing_locations,
                    self.locations.len()
                ),
                "1 to the number of locations",
            ),
            (
                self.failing_for > super::hours(2),
                format!("fails for {} before anybody hears of it", self.failing_for),
                "at most 2h",
            ),
            (self.retries > 3, format!("is tried again {} times", self.retries), "at most 3"),
            (self.assertions.is_empty(), "asserts nothing".to_owned(), "at least one assertion"),
        ];
        let (path, location) = (scope.path(), scope.location());
        for (_, problem, allowed) in problems.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
            let message = format!("`{path}` {problem}");
            let diagnostic = Diagnostic::error(&codes::SYNTHETIC_TEST, message, location);
            scope.report(diagnostic.allowed(allowed).help("give it a value that Datadog has"));
        }
    }
}
