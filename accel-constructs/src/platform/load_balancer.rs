use accel_cfn::{
    certificatemanager::CertificateArn,
    ec2::{SubnetId, VpcId},
    elasticloadbalancingv2::{
        self as elb, ListenerArn, LoadBalancerArn, LoadBalancerName, listener, load_balancer,
    },
    s3::BucketName,
};
use accel_core::{
    Attr, Construct, Diagnostic, IntoValue, Scope, Template, Text, Value, actions, cidr,
    policy::{Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{
    AllowFrom, BucketRef, Peer, Port, SecurityGroup, SecurityGroupRef,
    codes::{LISTENER_CERTIFICATE, LOAD_BALANCER_LOG_KEY, LOAD_BALANCER_SUBNETS},
    default_name,
};
use crate::names;

mod rule;
mod target_group;

pub use rule::{ListenerRule, ListenerRuleRef};
pub use target_group::{HealthCheck, TargetGroup, TargetGroupRef};

/// An Application Load Balancer: one TLS listener, to which HTTP is redirected, and which answers 503
/// with a maintenance page until a [`ListenerRule`] leads somewhere.
///
/// ```
/// use accel_cfn::certificatemanager::CertificateArn;
/// use accel_constructs::{foundation::VpcRef, platform::{LoadBalancer, Scheme}};
/// use accel_core::{Attr, Scope};
///
/// fn public(template: &mut Scope<'_>, vpc: &VpcRef, certificate: Attr<CertificateArn>) {
///     let balancer = LoadBalancer::builder()
///         .vpc(vpc.id)
///         .subnets(&vpc.public_subnets)
///         .certificates([certificate])
///         .scheme(Scheme::InternetFacing)
///         .build();
///     template.add("public", balancer);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct LoadBalancer {
    /// Where it is.
    #[builder(setter(transform = |vpc: impl IntoValue<VpcId>| vpc.into_value()))]
    vpc: Value<VpcId>,
    /// Its subnets, in at least two availability zones: public ones if it faces the internet.
    #[builder(setter(transform = |subnets: impl IntoIterator<Item: IntoValue<SubnetId>>| {
        subnets.into_iter().map(IntoValue::into_value).collect()
    }))]
    subnets: Vec<Value<SubnetId>>,
    /// The certificates that it shows, of its own region. The first is for clients that do not say
    /// which host they want.
    #[builder(setter(transform = |arns: impl IntoIterator<Item: IntoValue<CertificateArn>>| {
        arns.into_iter().map(IntoValue::into_value).collect()
    }))]
    certificates: Vec<Value<CertificateArn>>,
    /// From where it is reached. From inside the VPC unless said otherwise.
    #[builder(default)]
    scheme: Scheme,
    /// The name, unique in its account and region; made from the ids of the app and the load balancer
    /// if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// Who may connect. One that faces the internet is for everybody if not said, an internal one for
    /// nobody until [`AllowFrom::allow_from`].
    #[builder(default, setter(transform = |peers: impl IntoIterator<Item: Into<Peer>>| {
        Some(peers.into_iter().map(Into::into).collect())
    }))]
    clients: Option<Vec<Peer>>,
    /// The protocols and ciphers of TLS: 1.2 and 1.3, with forward secrecy, by default.
    ///
    /// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>
    #[builder(default = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06".into(), setter(into))]
    tls_policy: Text,
    /// The HTML that answers, with status 503, what no rule leads anywhere: at most 1,024 bytes.
    #[builder(default = MAINTENANCE.into(), setter(into))]
    maintenance_page: Text,
    /// Where requests are noted. Nowhere by default.
    #[builder(default, setter(into, strip_option))]
    access_log: Option<AccessLog>,
    /// After how many seconds without data a connection is closed: 1 to 4,000.
    #[builder(default = 60)]
    idle_timeout_seconds: u16,
    /// Whether AWS refuses to delete it.
    #[builder(default = true)]
    deletion_protection: bool,
}

/// From where a [`LoadBalancer`] is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// From the VPC, and what is connected to it.
    #[default]
    Internal,
    /// From the internet.
    InternetFacing,
}

/// Where a [`LoadBalancer`] notes requests: a bucket of the same region, which Amazon S3 itself
/// encrypts (load balancers use no keys of KMS).
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html>
#[derive(Clone, Debug)]
pub enum AccessLog {
    /// A bucket of the same stack; its policy is taken care of.
    Bucket(BucketRef),
    /// A bucket of any account, whose policy lets load balancers in already.
    Existing(Value<BucketName>),
}

impl From<BucketRef> for AccessLog {
    fn from(bucket: BucketRef) -> Self {
        Self::Bucket(bucket)
    }
}
impl From<Value<BucketName>> for AccessLog {
    fn from(name: Value<BucketName>) -> Self {
        Self::Existing(name)
    }
}

/// What a [`LoadBalancer`] gives back.
#[derive(Clone, Debug)]
pub struct LoadBalancerRef {
    /// The name, as it is written: what monitors know it by.
    pub literal_name: Text,
    /// From where it is reached.
    pub scheme: Scheme,
    /// The name, as a reference: who uses it waits for the load balancer.
    pub name: Attr<LoadBalancerName>,
    /// The ARN.
    pub arn: Attr<LoadBalancerArn>,
    /// The end of the ARN, `app/name/id`: what CloudWatch's metrics call it.
    pub full_name: Attr<String>,
    /// The host name that AWS gave it.
    pub dns_name: Attr<String>,
    /// The zone of that host name, for an alias record.
    pub hosted_zone_id: Attr<String>,
    /// The TLS listener, which rules are added to.
    pub listener: Attr<ListenerArn>,
    /// The group it is in; targets let it in.
    pub security_group: SecurityGroupRef,
    /// The L1 resource.
    pub resource: elb::LoadBalancerRef,
    /// The L1 resource of the TLS listener.
    pub listener_resource: elb::ListenerRef,
}

impl AllowFrom for LoadBalancerRef {
    fn security_group(&self) -> Value<accel_cfn::ec2::SecurityGroupId> {
        self.security_group.security_group()
    }
}

impl Construct for LoadBalancer {
    type Level = Template;
    type Output = LoadBalancerRef;
    fn build(self, template: &mut Scope<'_>) -> LoadBalancerRef {
        self.check(template);
        let name =
            self.name.clone().unwrap_or_else(|| default_name(template, &names::LOAD_BALANCER));
        let group = SecurityGroup::builder()
            .vpc(&self.vpc)
            .description(format!("The load balancer {name}"))
            .build();
        let group = template.add("security-group", group);
        for (index, peer) in self.peers().into_iter().enumerate() {
            // HTTP is let in to be told of HTTPS.
            for (id, port) in [("http", 80), ("https", 443)] {
                let id = format!("{id}-{}", index + 1);
                group.allow_from(template, &id, peer.clone(), Port::tcp(port));
            }
        }

        let mut attributes = vec![
            ("deletion_protection.enabled", self.deletion_protection.to_string().into_value()),
            ("idle_timeout.timeout_seconds", self.idle_timeout_seconds.to_string().into_value()),
            ("routing.http.drop_invalid_header_fields.enabled", "true".into_value()),
        ];
        let policy = self.access_log.as_ref().and_then(|log| {
            let (bucket, policy) = log.open(template, &name);
            attributes.push(("access_logs.s3.enabled", "true".into_value()));
            attributes.push(("access_logs.s3.bucket", bucket));
            attributes.push(("access_logs.s3.prefix", name.as_str().into_value()));
            policy
        });
        let attributes: Vec<_> = attributes
            .into_iter()
            .map(|(key, value)| load_balancer::LoadBalancerAttribute::new().key(key).value(value))
            .collect();
        let resource = elb::LoadBalancer::new()
            .name(name.clone())
            .r#type(load_balancer::Type::APPLICATION)
            .scheme(match self.scheme {
                Scheme::Internal => load_balancer::Scheme::INTERNAL,
                Scheme::InternetFacing => load_balancer::Scheme::INTERNET_FACING,
            })
            .subnets(&self.subnets)
            .security_groups([group.id])
            .load_balancer_attributes(attributes);
        let resource = template.add("load-balancer", resource);
        if let Some(policy) = policy {
            // AWS writes a test object when logging is switched on.
            template[resource].depends_on(policy);
        }
        let listener = self.listeners(template, resource);
        LoadBalancerRef {
            literal_name: name,
            scheme: self.scheme,
            name: resource.load_balancer_name(),
            arn: resource.arn(),
            full_name: resource.load_balancer_full_name(),
            dns_name: resource.dns_name(),
            hosted_zone_id: resource.canonical_hosted_zone_id(),
            listener: listener.arn(),
            security_group: group,
            resource,
            listener_resource: listener,
        }
    }
}

impl LoadBalancer {
    fn check(&self, template: &mut Scope<'_>) {
        let (path, location) = (template.path(), template.location());
        if self.subnets.len() < 2 {
            let message = format!("`{path}` has {} subnets", self.subnets.len());
            template.report(
                Diagnostic::error(&LOAD_BALANCER_SUBNETS, message, location)
                    .allowed("one subnet in each of at least two availability zones")
                    .help("give it a tier of a VPC: `.subnets(&vpc.private_subnets)`"),
            );
        }
        if self.certificates.is_empty() {
            let message = format!("`{path}` has a TLS listener and no certificate");
            template.report(
                Diagnostic::error(&LISTENER_CERTIFICATE, message, location)
                    .allowed("at least one certificate of the load balancer's region")
                    .help("give it the ARN of one: `.certificates([certificate.arn])`"),
            );
        }
    }

    fn peers(&self) -> Vec<Peer> {
        match (&self.clients, self.scheme) {
            (Some(clients), _) => clients.clone(),
            (None, Scheme::InternetFacing) => vec![cidr!("0.0.0.0/0").into()],
            (None, Scheme::Internal) => Vec::new(),
        }
    }

    /// The two listeners; the TLS one is given back.
    fn listeners(
        &self,
        template: &mut Scope<'_>,
        balancer: elb::LoadBalancerRef,
    ) -> elb::ListenerRef {
        let redirect = listener::RedirectConfig::new(listener::StatusCode::HTTP_301)
            .protocol("HTTPS")
            .port("443");
        let redirect = listener::Action::new(listener::Type::REDIRECT).redirect_config(redirect);
        let http = elb::Listener::new([redirect], balancer.arn())
            .port(80)
            .protocol(listener::Protocol::HTTP);
        template.add("http", http);

        let page = listener::FixedResponseConfig::new("503")
            .content_type("text/html")
            .message_body(self.maintenance_page.clone());
        let page =
            listener::Action::new(listener::Type::FIXED_RESPONSE).fixed_response_config(page);
        let mut https = elb::Listener::new([page], balancer.arn())
            .port(443)
            .protocol(listener::Protocol::HTTPS)
            .ssl_policy(self.tls_policy.clone());
        if let Some(first) = self.certificates.first() {
            https = https.certificates([listener::Certificate::new().certificate_arn(first)]);
        }
        let https = template.add("https", https);
        // A listener itself has one certificate; the others are resources.
        for (index, certificate) in self.certificates.iter().enumerate().skip(1) {
            let certificate =
                elb::listener_certificate::Certificate::new().certificate_arn(certificate);
            let certificate = elb::ListenerCertificate::new([certificate], https.arn());
            template.add(&format!("certificate-{}", index + 1), certificate);
        }
        https
    }
}

impl AccessLog {
    /// The name of the bucket, and its policy if it has to be there first.
    fn open(
        &self,
        template: &mut Scope<'_>,
        prefix: &Text,
    ) -> (Value<String>, Option<accel_cfn::s3::BucketPolicyRef>) {
        let bucket = match self {
            Self::Existing(name) => return (name.into_value(), None),
            Self::Bucket(bucket) => bucket,
        };
        if bucket.has_key(template) {
            let message =
                format!("`{}` notes requests in a bucket with a key of KMS", template.path());
            let location = template.location();
            template.report(
                Diagnostic::error(&LOAD_BALANCER_LOG_KEY, message, location)
                    .allowed("a bucket that S3 encrypts with its own keys")
                    .help(
                        "give the load balancers' logs a bucket of their own, without `.key(..)`",
                    ),
            );
        }
        let folder = format!("/{prefix}/AWSLogs/");
        let write = Statement::allow(actions!["s3:PutObject"])
            .principal(Principal::service("logdelivery.elasticloadbalancing.amazonaws.com"))
            .resource(text![bucket.arn, folder, Value::own_account(), "/*"]);
        bucket.allow(template, &write);
        (bucket.name.into_value(), Some(bucket.policy))
    }
}

const MAINTENANCE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Maintenance</title><h1>We will be back soon</h1>\
    <p>This site is being worked on. Please try again in a few minutes.</p></html>";
