use accel_cfn::elasticloadbalancingv2::{
    self as elb, ListenerArn, ListenerRuleArn, TargetGroupArn, listener_rule,
};
use accel_core::{
    Attr, Construct, Diagnostic, IntoValue, Prop, Scope, Template, Text, Value, tree::NodeId,
};
use typed_builder::TypedBuilder;

use crate::platform::codes::{LISTENER_RULE_CLASH, LISTENER_RULE_CONDITIONS};

const RULE: &str = "AWS::ElasticLoadBalancingV2::ListenerRule";

/// Which requests of a listener go to which targets.
///
/// ```
/// use accel_constructs::platform::{ListenerRule, LoadBalancerRef, TargetGroupRef};
/// use accel_core::Scope;
///
/// fn shop(template: &mut Scope<'_>, balancer: &LoadBalancerRef, shop: &TargetGroupRef) {
///     let rule = ListenerRule::builder().listener(balancer.listener).priority(100).target(shop.arn);
///     template.add("shop", rule.hosts(["shop.example.com"]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct ListenerRule {
    /// The listener.
    #[builder(setter(transform = |listener: impl IntoValue<ListenerArn>| listener.into_value()))]
    listener: Value<ListenerArn>,
    /// Which rule is asked first: 1 to 50,000, each once a listener. Never made up, because a rule added
    /// in between would move all others.
    priority: u16,
    /// Where the requests go.
    #[builder(setter(transform = |target: impl IntoValue<TargetGroupArn>| target.into_value()))]
    target: Value<TargetGroupArn>,
    /// The hosts: `shop.example.com`, `*.example.com`. Any if there is none.
    #[builder(default, setter(transform = |hosts: impl IntoIterator<Item = impl Into<Text>>| {
        hosts.into_iter().map(Into::into).collect()
    }))]
    hosts: Vec<Text>,
    /// The paths: `/api/*`. Any if there is none.
    #[builder(default, setter(transform = |paths: impl IntoIterator<Item = impl Into<Text>>| {
        paths.into_iter().map(Into::into).collect()
    }))]
    paths: Vec<Text>,
}

/// What a [`ListenerRule`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct ListenerRuleRef {
    /// The ARN.
    pub arn: Attr<ListenerRuleArn>,
    /// The L1 resource.
    pub resource: elb::ListenerRuleRef,
}

impl Construct for ListenerRule {
    type Level = Template;
    type Output = ListenerRuleRef;
    fn build(self, template: &mut Scope<'_>) -> ListenerRuleRef {
        self.check(template);
        let mut conditions = Vec::new();
        if !self.hosts.is_empty() {
            let hosts = listener_rule::HostHeaderConfig::new().values(self.hosts);
            let condition = listener_rule::RuleCondition::new().field("host-header");
            conditions.push(condition.host_header_config(hosts));
        }
        if !self.paths.is_empty() {
            let paths = listener_rule::PathPatternConfig::new().values(self.paths);
            let condition = listener_rule::RuleCondition::new().field("path-pattern");
            conditions.push(condition.path_pattern_config(paths));
        }
        let forward = listener_rule::Action::new(listener_rule::ActionType::FORWARD)
            .target_group_arn(self.target);
        let rule = elb::ListenerRule::new([forward], conditions, self.priority)
            .listener_arn(self.listener);
        let resource = template.add("rule", rule);
        ListenerRuleRef { arn: resource.arn(), resource }
    }
}

impl ListenerRule {
    fn check(&self, template: &mut Scope<'_>) {
        let (path, location) = (template.path(), template.location());
        let values = self.hosts.len() + self.paths.len();
        if !(1..=5).contains(&values) {
            let message = format!("`{path}` has {values} hosts and paths");
            template.report(
                Diagnostic::error(&LISTENER_RULE_CONDITIONS, message, location)
                    .allowed("1 to 5 hosts and paths together")
                    .help("use `*` in them, or several rules; for all requests say `.paths([\"/*\"])`"),
            );
        }
        if let Some(other) = self.rival(template) {
            let tree = template.tree();
            let message = format!(
                "`{path}` has the priority {} on a listener, and so has `{}`",
                self.priority,
                tree.path(other)
            );
            let other = tree[other].location();
            template.report(
                Diagnostic::error(&LISTENER_RULE_CLASH, message, location)
                    .note("the other rule is here", other)
                    .help("give each rule of a listener a priority of its own"),
            );
        }
    }

    /// The rule that has the same priority on the same listener.
    fn rival(&self, template: &Scope<'_>) -> Option<NodeId> {
        let tree = template.tree();
        let (listener, priority) =
            (self.listener.clone().into_prop(), Prop::Integer(self.priority.into()));
        tree.ids().find(|&node| {
            tree[node].resource().is_some_and(|resource| {
                resource.type_name() == RULE
                    && resource.get("Priority") == Some(&priority)
                    && resource.get("ListenerArn") == Some(&listener)
            })
        })
    }
}
