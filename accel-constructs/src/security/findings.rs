use accel_cfn::{
    events::{self, TargetArn, rule},
    sns::{self, TopicArn},
    sqs,
};
use accel_core::{
    AccountRef, Attr, Construct, Diagnostic, Email, IntoValue, Prop, Region, Scope, ScopeRef,
    Stack, Template, Value, actions,
    policy::{Operator, PolicyDocument, Principal, Statement},
};
use typed_builder::TypedBuilder;

use super::{KmsKey, KmsKeyRef, codes};
use crate::foundation::{Organization, OrganizationScope as _};

/// Brings findings of AWS Security Hub to people, by severity: in the administrator's account and the
/// region where findings are collected, one rule and one encrypted topic per severity, to which the
/// incident backend is subscribed.
///
/// What no topic takes waits two weeks in a queue. A finding is sent when it is new and each time it is
/// updated, until somebody sets its workflow status.
///
/// ```
/// use accel_constructs::{
///     foundation::Organization,
///     security::{FindingSeverity, FindingsReceiver, FindingsRouting},
/// };
/// use accel_core::{AccountRef, Scope, Value, email};
///
/// fn route(org: &mut Scope<'_, Organization>, security: AccountRef) {
///     // A secret that holds the whole URL, key included.
///     let pager = FindingsReceiver::https(Value::managed("security/incident-endpoint"));
///     let team = FindingsReceiver::email(email!("security@example.com"));
///     let routing = FindingsRouting::builder()
///         .administrator(security)
///         .routes([
///             (FindingSeverity::Critical, pager.clone()),
///             (FindingSeverity::High, pager),
///             (FindingSeverity::Medium, team),
///         ])
///         .build();
///     org.add("findings", routing);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct FindingsRouting {
    /// The account that administers Security Hub.
    administrator: AccountRef,
    /// Where findings are collected, [`SecurityHubRef::home_region`](super::SecurityHubRef); the
    /// organization's home region if not said.
    #[builder(default, setter(strip_option))]
    region: Option<Region>,
    /// Who hears of what. A severity can have several receivers.
    #[builder(setter(transform = |routes: impl IntoIterator<Item = (FindingSeverity, FindingsReceiver)>| {
        routes.into_iter().collect()
    }))]
    routes: Vec<(FindingSeverity, FindingsReceiver)>,
}

/// How bad a finding of AWS Security Hub is.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Severity>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingSeverity {
    /// To be handled at once.
    Critical,
    /// To be handled first.
    High,
    /// To be handled.
    Medium,
    /// To be handled some day.
    Low,
    /// Good to know.
    Informational,
}

impl FindingSeverity {
    /// As Security Hub writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "CRITICAL",
            Self::High => "HIGH",
            Self::Medium => "MEDIUM",
            Self::Low => "LOW",
            Self::Informational => "INFORMATIONAL",
        }
    }
}

/// Who is sent findings.
#[derive(Clone, Debug)]
pub struct FindingsReceiver {
    protocol: &'static str,
    endpoint: Value<String>,
}

impl FindingsReceiver {
    /// An incident backend, by the URL that takes messages of Amazon SNS. A key is part of that URL, so
    /// it is best a secret: `Value::managed("name")`.
    pub fn https(endpoint: impl IntoValue<String>) -> Self {
        Self { protocol: "https", endpoint: endpoint.into_value() }
    }

    /// A person or a list, who confirms the subscription.
    #[must_use]
    pub fn email(address: Email) -> Self {
        Self { protocol: "email", endpoint: address.into_value() }
    }
}

/// What a [`FindingsRouting`] gives back.
#[derive(Clone, Debug)]
pub struct FindingsRoutingRef {
    /// The stack.
    pub stack: ScopeRef<Stack>,
    /// The key that encrypts the topics.
    pub key: KmsKeyRef,
    /// One per severity, the worst first.
    pub topics: Vec<(FindingSeverity, Attr<TopicArn>)>,
    /// The queue of what could not be delivered, to alarm on.
    pub undelivered: sqs::QueueRef,
}

impl Construct for FindingsRouting {
    type Level = Organization;
    type Output = FindingsRoutingRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> FindingsRoutingRef {
        self.check(org);
        let region = self.region.unwrap_or_else(|| org.home_region());
        let mut stack = org.open("routing", Stack::new(self.administrator.in_region(region)));
        let events = Principal::service(EVENTS);
        // Amazon EventBridge gives AWS KMS no source that a condition could compare.
        let encrypt = Statement::allow(actions!["kms:Decrypt", "kms:GenerateDataKey*"]);
        let encrypt = encrypt.principal(events).resource("*").sid("EventsEncrypt");
        let key = KmsKey::builder().description("Findings on their way").statements([encrypt]);
        let key = stack.add("key", key.build());
        // Two weeks: the longest that Amazon SQS keeps a message.
        let queue = sqs::Queue::new().message_retention_period(1_209_600);
        let undelivered = stack.add("undelivered", queue.sqs_managed_sse_enabled(true));

        let mut severities: Vec<_> = self.routes.iter().map(|&(severity, _)| severity).collect();
        severities.sort_unstable();
        severities.dedup();
        let mut rules = Vec::new();
        let topics = severities.into_iter().map(|severity| {
            let receivers = self.routes.iter().filter(|(of, _)| *of == severity);
            let receivers: Vec<_> = receivers.map(|(_, receiver)| receiver).collect();
            let route = Route { severity, receivers, key, undelivered };
            let (rule, topic) = stack.add(&severity.name().to_lowercase(), route);
            rules.push(rule);
            (severity, topic)
        });
        let topics = topics.collect();
        let write = Statement::allow(actions!["sqs:SendMessage"]).resource(undelivered.arn());
        let write = from_rules(write, rules).sid("EventsAreKept");
        let policy = PolicyDocument::from([write, no_plain_text("sqs:*", undelivered.arn())]);
        let policy = sqs::QueuePolicy::new(policy, [undelivered.queue_url().cast::<String>()]);
        stack.add("undelivered-policy", policy);
        FindingsRoutingRef { stack: stack.reference(), key, topics, undelivered }
    }
}

const EVENTS: &str = "events.amazonaws.com";

impl FindingsRouting {
    fn check(&self, org: &mut Scope<'_, Organization>) {
        if self.routes.is_empty() {
            let message = format!("`{}` has no routes", org.path());
            let code = &codes::FINDINGS_WITHOUT_RECEIVER;
            let diagnostic = Diagnostic::error(code, message, org.location())
                .allowed("at least one severity with a receiver")
                .help("name one: `.routes([(FindingSeverity::Critical, receiver)])`");
            org.report(diagnostic);
        }
        for (severity, receiver) in &self.routes {
            let endpoint = Prop::from(&receiver.endpoint);
            let Some(url) = endpoint.as_str() else { continue };
            if receiver.protocol == "https" && !url.starts_with("https://") {
                let severity = severity.name();
                let message = format!("`{}` sends {severity} findings to `{url}`", org.path());
                let diagnostic =
                    Diagnostic::error(&codes::FINDINGS_ENDPOINT, message, org.location())
                        .allowed("a URL that begins with `https://`, or a secret that holds one")
                        .help("take the URL for messages of Amazon SNS that your backend shows");
                org.report(diagnostic);
            }
        }
    }
}

/// The rule, the topic and the subscriptions of one severity.
struct Route<'a> {
    severity: FindingSeverity,
    receivers: Vec<&'a FindingsReceiver>,
    key: KmsKeyRef,
    undelivered: sqs::QueueRef,
}

impl Construct for Route<'_> {
    type Level = Template;
    type Output = (events::RuleRef, Attr<TopicArn>);
    fn build(self, template: &mut Scope<'_>) -> Self::Output {
        let label = self.severity.name();
        let topic = sns::Topic::new()
            .display_name(format!("{label} findings"))
            .kms_master_key_id(self.key.arn);
        let topic = template.add("topic", topic);
        let letters = rule::DeadLetterConfig::new().arn(self.undelivered.arn());
        let target = rule::Target::new(topic.arn().cast::<TargetArn>(), "topic");
        let rule = events::Rule::new()
            .description(format!("New findings of severity {label}"))
            .event_pattern(pattern(self.severity))
            .targets([target.dead_letter_config(letters)]);
        let rule = template.add("rule", rule);
        let publish = Statement::allow(actions!["sns:Publish"]).resource(topic.arn());
        let publish = from_rules(publish, vec![rule]).sid("EventsPublish");
        let policy = PolicyDocument::from([publish, no_plain_text("sns:Publish", topic.arn())]);
        template.add("policy", sns::TopicPolicy::new(policy, [topic.arn().cast::<String>()]));
        for (index, receiver) in self.receivers.into_iter().enumerate() {
            let subscription =
                sns::Subscription::new(receiver.protocol, topic.arn()).endpoint(&receiver.endpoint);
            template.add(&format!("receiver-{}", index + 1), subscription);
        }
        (rule, topic.arn())
    }
}

/// Only what these rules send.
fn from_rules(statement: Statement, rules: Vec<events::RuleRef>) -> Statement {
    let rules: Vec<_> = rules.into_iter().map(events::RuleRef::arn).collect();
    statement.principal(Principal::service(EVENTS)).when(
        Operator::ArnEquals,
        "aws:SourceArn",
        rules,
    )
}

fn no_plain_text(action: &'static str, on: impl IntoValue<String>) -> Statement {
    let action = accel_core::policy::Action::from_literal(action);
    Statement::deny(vec![action])
        .principal(Principal::any())
        .resource(on)
        .when(Operator::Bool, "aws:SecureTransport", false)
        .sid("NoPlainText")
}

/// Findings that are open and that nobody has looked at.
fn pattern(severity: FindingSeverity) -> Prop {
    let only = |text: &'static str| Prop::list([text]);
    let findings = Prop::object([
        ("RecordState", only("ACTIVE")),
        ("Severity", Prop::object([("Label", only(severity.name()))])),
        ("Workflow", Prop::object([("Status", only("NEW"))])),
    ]);
    Prop::object([
        ("detail", Prop::object([("findings", findings)])),
        ("detail-type", only("Security Hub Findings - Imported")),
        ("source", only("aws.securityhub")),
    ])
}
