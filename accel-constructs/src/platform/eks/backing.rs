use accel_cfn::route53::HostedZoneId;
use accel_core::{
    Construct, Diagnostic, IntoValue, Scope, Template, Text, Value, policy::Statement,
};
use typed_builder::TypedBuilder;

use super::{EksClusterRef, PodIdentity, PodIdentityRef};
use crate::platform::codes::{BACKING_SERVICE_SECRETS, BACKING_SERVICE_ZONES};

mod policies;

/// What the services that others in a cluster build upon do in the account: a role for each, with just
/// the rights it needs, handed out by EKS Pod Identity. What runs in the cluster are the
/// [`BackingApplications`](crate::platform::BackingApplications), which name these.
///
/// ```
/// use accel_cfn::route53::HostedZoneId;
/// use accel_constructs::platform::{BackingServices, EksClusterRef};
/// use accel_core::{Attr, Scope};
///
/// fn services(template: &mut Scope<'_>, cluster: &EksClusterRef, zone: Attr<HostedZoneId>) {
///     let services = BackingServices::builder().cluster(cluster).zones([zone]).build();
///     template.add("backing-services", services);
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct BackingServices {
    /// The cluster, of this account and region.
    #[builder(setter(transform = |cluster: &EksClusterRef| cluster.clone()))]
    cluster: EksClusterRef,
    /// The zones in which external-dns writes records, and cert-manager proves that a name is ours.
    #[builder(default, setter(transform = |zones: impl IntoIterator<Item: IntoValue<HostedZoneId>>| {
        zones.into_iter().map(IntoValue::into_value).collect()
    }))]
    zones: Vec<Value<HostedZoneId>>,
    /// What the names of secrets and parameters begin with that external-secrets reads, without a slash
    /// in front.
    #[builder(default = vec!["app/".into(), "rds/".into()], setter(transform = |prefixes: impl IntoIterator<Item = impl Into<Text>>| {
        prefixes.into_iter().map(Into::into).collect()
    }))]
    secret_prefixes: Vec<Text>,
    /// Whether Ingresses and Services get load balancers (AWS Load Balancer Controller). EKS Auto Mode
    /// brings one of its own.
    #[builder(default = true)]
    load_balancer_controller: bool,
    /// Whether certificates are made (cert-manager).
    #[builder(default = true)]
    cert_manager: bool,
    /// Whether hosts get records in the zones (ExternalDNS).
    #[builder(default = true)]
    external_dns: bool,
    /// Whether secrets come from Secrets Manager and the parameter store (External Secrets Operator).
    #[builder(default = true)]
    external_secrets: bool,
}

/// What [`BackingServices`] give back: the identities of those that are there.
#[derive(Clone, Debug)]
pub struct BackingServicesRef {
    /// Of the AWS Load Balancer Controller.
    pub load_balancer_controller: Option<PodIdentityRef>,
    /// Of cert-manager.
    pub cert_manager: Option<PodIdentityRef>,
    /// Of ExternalDNS.
    pub external_dns: Option<PodIdentityRef>,
    /// Of the External Secrets Operator.
    pub external_secrets: Option<PodIdentityRef>,
}

impl Construct for BackingServices {
    type Level = Template;
    type Output = BackingServicesRef;
    fn build(self, template: &mut Scope<'_>) -> BackingServicesRef {
        self.check(template);
        let mut identity = |id: &str, namespace: &str, wanted: bool, statements: Vec<Statement>| {
            wanted.then(|| {
                let identity = PodIdentity::builder()
                    .cluster(&self.cluster)
                    .namespace(namespace)
                    .service_account(id)
                    .statements(statements)
                    .build();
                template.add(id, identity)
            })
        };
        let balancers = policies::load_balancer_controller(&self.cluster.literal_name);
        BackingServicesRef {
            load_balancer_controller: identity(
                "aws-load-balancer-controller",
                "kube-system",
                self.load_balancer_controller,
                balancers,
            ),
            cert_manager: identity(
                "cert-manager",
                "cert-manager",
                self.cert_manager,
                policies::cert_manager(&self.zones),
            ),
            external_dns: identity(
                "external-dns",
                "external-dns",
                self.external_dns,
                policies::external_dns(&self.zones),
            ),
            external_secrets: identity(
                "external-secrets",
                "external-secrets",
                self.external_secrets,
                policies::external_secrets(&self.secret_prefixes),
            ),
        }
    }
}

impl BackingServices {
    fn check(&self, template: &mut Scope<'_>) {
        let (path, location) = (template.path(), template.location());
        if self.zones.is_empty() && (self.cert_manager || self.external_dns) {
            let message = format!("`{path}` has cert-manager or external-dns, and no zone");
            template.report(
                Diagnostic::error(&BACKING_SERVICE_ZONES, message, location)
                    .allowed("at least one hosted zone")
                    .help(
                        "say which: `.zones([zone.id])`, or do without: `.cert_manager(false)` and \
                         `.external_dns(false)`",
                    ),
            );
        }
        let wrong = |prefix: &Text| prefix.is_empty() || prefix.contains(['*', '?', ' ']);
        let none = self.secret_prefixes.is_empty() || self.secret_prefixes.iter().any(wrong);
        if none && self.external_secrets {
            let message = format!(
                "`{path}` lets external-secrets read what begins with {:?}",
                self.secret_prefixes
            );
            template.report(
                Diagnostic::error(&BACKING_SERVICE_SECRETS, message, location)
                    .allowed("beginnings of names, none empty and without `*` and `?`")
                    .help("say them: `.secret_prefixes([\"app/\"])`"),
            );
        }
    }
}
