use accel_cfn::{
    apigatewayv2::{self as api, ApiId, VpcLinkId, integration, stage},
    ec2::{SecurityGroupId, SubnetId, VpcId},
    logs,
};
use accel_core::{Attr, Construct, Diagnostic, IntoValue, Scope, Template, Text, Value, text};
use typed_builder::TypedBuilder;

use super::{
    AllowFrom, LoadBalancerRef, Port, SecurityGroup, SecurityGroupRef, codes::HTTP_API_ROUTE,
    default_name,
};
use crate::names;

/// An HTTP API of API Gateway, which hands requests through a VPC link to an internal load balancer.
///
/// ```
/// use accel_constructs::{foundation::VpcRef, platform::{HttpApi, LoadBalancerRef}};
/// use accel_core::Scope;
///
/// fn api(template: &mut Scope<'_>, vpc: &VpcRef, internal: &LoadBalancerRef) {
///     let api = HttpApi::builder()
///         .vpc(vpc.id)
///         .subnets(&vpc.private_subnets)
///         .load_balancer(internal)
///         .server_name("internal.example.com")
///         .build();
///     template.add("api", api);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct HttpApi {
    /// Where the load balancer is.
    #[builder(setter(transform = |vpc: impl IntoValue<VpcId>| vpc.into_value()))]
    vpc: Value<VpcId>,
    /// Where the link has its network interfaces.
    #[builder(setter(transform = |subnets: impl IntoIterator<Item: IntoValue<SubnetId>>| {
        subnets.into_iter().map(IntoValue::into_value).collect()
    }))]
    subnets: Vec<Value<SubnetId>>,
    /// The load balancer, which lets the link in.
    #[builder(setter(transform = |balancer: &LoadBalancerRef| balancer.clone()))]
    load_balancer: LoadBalancerRef,
    /// The host name that the load balancer's certificate is for.
    #[builder(setter(into))]
    server_name: Text,
    /// What is handed on: `$default` for all, which is the default, or `GET /orders/{id}`, `ANY /{proxy+}`.
    #[builder(default = vec!["$default".into()], setter(transform = |routes: impl IntoIterator<Item = impl Into<Text>>| {
        routes.into_iter().map(Into::into).collect()
    }))]
    routes: Vec<Text>,
    /// Whether requests are signed with credentials of IAM. Everybody may ask otherwise, and what is
    /// behind says who may do what.
    #[builder(default = false)]
    iam: bool,
    /// How many requests a second are handed on, all routes together.
    #[builder(default = 1000)]
    rate_limit: u32,
    /// How many may come at once above that.
    #[builder(default = 2000)]
    burst_limit: u32,
    /// The name; made from the ids of the app and the API if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// How many days the log of requests is kept.
    #[builder(default = 90)]
    log_retention_days: u16,
}

/// What an [`HttpApi`] gives back.
#[derive(Clone, Debug)]
pub struct HttpApiRef {
    /// The name, as it is written: what monitors know it by.
    pub literal_name: Text,
    /// The id.
    pub id: Attr<ApiId>,
    /// Where it answers: `https://id.execute-api.region.amazonaws.com`.
    pub endpoint: Attr<String>,
    /// The link into the VPC.
    pub vpc_link: Attr<VpcLinkId>,
    /// The group the link is in.
    pub security_group: SecurityGroupRef,
    /// The L1 resource.
    pub resource: api::ApiRef,
    /// The L1 resource of the only stage, `$default`.
    pub stage: api::StageRef,
}

impl AllowFrom for HttpApiRef {
    fn security_group(&self) -> Value<SecurityGroupId> {
        self.security_group.security_group()
    }
}

impl Construct for HttpApi {
    type Level = Template;
    type Output = HttpApiRef;
    fn build(self, template: &mut Scope<'_>) -> HttpApiRef {
        let name = self.name.clone().unwrap_or_else(|| default_name(template, &names::HTTP_API));
        let group = SecurityGroup::builder()
            .vpc(&self.vpc)
            .description(format!("The VPC link of the API {name}"))
            .build();
        let group = template.add("security-group", group);
        self.load_balancer.allow_from(template, "to-load-balancer", group, Port::tcp(443));
        let link = api::VpcLink::new(name.clone(), &self.subnets).security_group_ids([group.id]);
        let link = template.add("vpc-link", link);

        let resource = api::Api::new().name(name.clone()).protocol_type("HTTP");
        let resource = template.add("api", resource);
        let integration = api::Integration::new(resource.id(), "HTTP_PROXY")
            .integration_method("ANY")
            .integration_uri(self.load_balancer.listener)
            .connection_type("VPC_LINK")
            .connection_id(link.id())
            .payload_format_version("1.0")
            .tls_config(
                integration::TlsConfig::new().server_name_to_verify(self.server_name.clone()),
            );
        let integration = template.add("integration", integration);
        self.routes(template, resource, integration);
        let stage = self.stage(template, resource, &name);
        HttpApiRef {
            literal_name: name,
            id: resource.id(),
            endpoint: resource.api_endpoint(),
            vpc_link: link.id(),
            security_group: group,
            resource,
            stage,
        }
    }
}

impl HttpApi {
    fn routes(&self, template: &mut Scope<'_>, api: api::ApiRef, integration: api::IntegrationRef) {
        for (index, key) in self.routes.iter().enumerate() {
            if !is_route_key(key) {
                let message = format!("`{}` has the route {key:?}", template.path());
                let location = template.location();
                template.report(
                    Diagnostic::error(&HTTP_API_ROUTE, message, location)
                        .allowed("`$default`, or a method and a path: `GET /orders/{id}`")
                        .help("for every method say `ANY /orders`"),
                );
            }
            let mut route = api::Route::new(api.id(), key.clone())
                .target(text!["integrations/", integration.id()]);
            if self.iam {
                route = route.authorization_type("AWS_IAM");
            }
            template.add(&format!("route-{}", index + 1), route);
        }
    }

    fn stage(&self, template: &mut Scope<'_>, api: api::ApiRef, name: &Text) -> api::StageRef {
        // Under this prefix AWS needs no entry per group in the policy that lets it write.
        let log = logs::LogGroup::new()
            .log_group_name(format!("/aws/vendedlogs/apigateway/{name}"))
            .retention_in_days(self.log_retention_days);
        let log = template.add("log", log);
        let requests =
            stage::AccessLogSettings::new().destination_arn(log.arn()).format(LOG_FORMAT);
        let limits = stage::RouteSettings::new()
            .throttling_rate_limit(f64::from(self.rate_limit))
            .throttling_burst_limit(self.burst_limit)
            .detailed_metrics_enabled(true);
        let stage = api::Stage::new(api.id(), "$default")
            .auto_deploy(true)
            .access_log_settings(requests)
            .default_route_settings(limits);
        template.add("stage", stage)
    }
}

/// One line of JSON a request.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>
const LOG_FORMAT: &str = concat!(
    r#"{"requestId":"$context.requestId","ip":"$context.identity.sourceIp","#,
    r#""requestTime":"$context.requestTime","httpMethod":"$context.httpMethod","#,
    r#""path":"$context.path","routeKey":"$context.routeKey","status":"$context.status","#,
    r#""protocol":"$context.protocol","responseLength":"$context.responseLength","#,
    r#""latency":"$context.responseLatency","error":"$context.error.message","#,
    r#""integrationError":"$context.integrationErrorMessage"}"#,
);

fn is_route_key(key: &str) -> bool {
    const METHODS: [&str; 8] = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    match key.split_once(' ') {
        None => key == "$default",
        Some((method, path)) => {
            METHODS.contains(&method)
                && path.starts_with('/')
                && !path.contains(char::is_whitespace)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_route_key;

    #[test]
    fn a_route_is_the_default_or_a_method_and_a_path() {
        for good in ["$default", "GET /", "ANY /{proxy+}", "POST /orders/{id}"] {
            assert!(is_route_key(good), "{good}");
        }
        for bad in ["", "/", "GET", "get /", "GET orders", "FETCH /", "GET /a b"] {
            assert!(!is_route_key(bad), "{bad}");
        }
    }
}
