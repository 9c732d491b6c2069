use accel_cfn::ec2::VpcId;
use accel_core::{Attr, Construct, Diagnostic, DocumentNode, Prop, Scope, Text, Value};
use typed_builder::TypedBuilder;

use super::{Application, ApplicationRef, Gitops, Source};
use crate::platform::{
    BackingServicesRef, EksClusterRef, PodIdentityRef,
    codes::{CHART_UNKNOWN, GITOPS_CLUSTER_PLACE},
};

/// The applications that others in a cluster build upon: AWS Load Balancer Controller, cert-manager,
/// ExternalDNS, External Secrets Operator and metrics-server, from the charts of their own projects. Their
/// values name the cluster, its region, its VPC and the role of each.
///
/// ```
/// use accel_constructs::platform::{
///     BackingApplications, BackingServicesRef, ClusterVpc, EksClusterRef, Gitops,
/// };
/// use accel_core::Scope;
///
/// fn applications(gitops: &mut Scope<'_, Gitops>, cluster: &EksClusterRef, services: &BackingServicesRef) {
///     let applications = BackingApplications::builder()
///         .cluster(cluster)
///         .services(services)
///         .vpc(ClusterVpc::named("acme-prod"))
///         .domains(["prod.example.com"])
///         .build();
///     gitops.add("backing-services", applications);
/// }
/// ```
#[derive(Clone, Debug, TypedBuilder)]
pub struct BackingApplications {
    /// The cluster.
    #[builder(setter(transform = |cluster: &EksClusterRef| cluster.clone()))]
    cluster: EksClusterRef,
    /// The identities; what has none is left away.
    #[builder(setter(transform = |services: &BackingServicesRef| services.clone()))]
    services: BackingServicesRef,
    /// How the load balancer controller finds the VPC.
    #[builder(setter(into))]
    vpc: ClusterVpc,
    /// The domains in which ExternalDNS writes records; all of its zones if there is none.
    #[builder(default, setter(transform = |domains: impl IntoIterator<Item = impl Into<Text>>| {
        domains.into_iter().map(Into::into).collect()
    }))]
    domains: Vec<Text>,
    /// Whether `kubectl top` and autoscalers know how busy pods are (metrics-server).
    #[builder(default = true)]
    metrics_server: bool,
    /// Other versions of charts, by the chart: `("cert-manager", "v1.22.0")`.
    #[builder(default, setter(transform = |versions: impl IntoIterator<Item = (impl Into<Text>, impl Into<Text>)>| {
        versions.into_iter().map(|(chart, version)| (chart.into(), version.into())).collect()
    }))]
    versions: Vec<(Text, Text)>,
    /// The project of Argo CD.
    #[builder(default = "default".into(), setter(into))]
    project: Text,
}

/// How what runs in a cluster finds the cluster's VPC.
#[derive(Clone, Debug)]
pub enum ClusterVpc {
    /// By its id, which is known once the VPC exists: until then the application is left out.
    Id(Value<VpcId>),
    /// By its tag `Name`, which is known at once.
    Name(Text),
}

impl ClusterVpc {
    /// By its tag `Name`.
    pub fn named(name: impl Into<Text>) -> Self {
        Self::Name(name.into())
    }
}

impl From<Attr<VpcId>> for ClusterVpc {
    fn from(id: Attr<VpcId>) -> Self {
        Self::Id(accel_core::IntoValue::into_value(id))
    }
}
impl From<Value<VpcId>> for ClusterVpc {
    fn from(id: Value<VpcId>) -> Self {
        Self::Id(id)
    }
}

/// What [`BackingApplications`] give back: the applications that are there.
#[derive(Clone, Debug)]
pub struct BackingApplicationsRef {
    /// In the order of their names.
    pub applications: Vec<ApplicationRef>,
}

impl Construct for BackingApplications {
    type Level = Gitops;
    type Output = BackingApplicationsRef;
    fn build(self, scope: &mut Scope<'_, Gitops>) -> BackingApplicationsRef {
        let Some(region) = self.cluster.environment.map(|environment| environment.region) else {
            let message = format!("`{}` is about a cluster that a stack set makes", scope.path());
            let location = scope.location();
            scope.report(
                Diagnostic::error(&GITOPS_CLUSTER_PLACE, message, location)
                    .allowed("a cluster of a stack, which is in one account and one region")
                    .help("add the cluster to a `Stack` per account and region"),
            );
            return BackingApplicationsRef { applications: Vec::new() };
        };
        let region = Text::from(region.name());
        let services = self.services.clone();
        let with = [
            services
                .load_balancer_controller
                .map(|identity| self.load_balancers(&identity, &region)),
            services.cert_manager.map(|identity| cert_manager(&identity)),
            services.external_dns.map(|identity| self.external_dns(&identity, &region)),
            services.external_secrets.map(|identity| external_secrets(&identity, &region)),
            self.metrics_server.then(metrics_server),
        ];
        self.check_versions(scope, with.iter().flatten().map(|chart| chart.name));
        let mut applications = Vec::new();
        for Chart { repository, name, version, namespace, values } in with.into_iter().flatten() {
            let other = self.versions.iter().find(|(chart, _)| chart.as_str() == name);
            let version = other.map_or(Text::Static(version), |(_, version)| version.clone());
            let source = Source::chart(repository, name, version).values(DocumentNode::map(values));
            let application = Application::builder()
                .source(source)
                .namespace(namespace)
                .project(self.project.clone());
            applications.push(scope.add(name, application.build()));
        }
        BackingApplicationsRef { applications }
    }
}

type Values = Vec<(&'static str, DocumentNode)>;

/// A chart, and what its values are here.
struct Chart {
    repository: &'static str,
    name: &'static str,
    version: &'static str,
    namespace: Text,
    values: Values,
}

impl BackingApplications {
    /// Reports versions of charts that are not there.
    fn check_versions(
        &self,
        scope: &mut Scope<'_, Gitops>,
        charts: impl Iterator<Item = &'static str>,
    ) {
        let charts: Vec<_> = charts.collect();
        for (chart, version) in &self.versions {
            if charts.contains(&chart.as_str()) {
                continue;
            }
            let message = format!(
                "`{}` wants version {version:?} of {chart:?}, which it has not",
                scope.path()
            );
            let location = scope.location();
            scope.report(
                Diagnostic::error(&CHART_UNKNOWN, message, location)
                    .allowed(charts.join(", "))
                    .help("a chart of your own is an `Application`"),
            );
        }
    }

    fn load_balancers(&self, identity: &PodIdentityRef, region: &Text) -> Chart {
        let vpc = match &self.vpc {
            ClusterVpc::Id(id) => ("vpcId", Prop::from(id).into()),
            ClusterVpc::Name(name) => ("vpcTags", DocumentNode::map([("Name", name.clone())])),
        };
        Chart {
            repository: "https://aws.github.io/eks-charts",
            name: "aws-load-balancer-controller",
            version: "3.5.0",
            namespace: identity.namespace.clone(),
            values: vec![
                ("clusterName", self.cluster.literal_name.clone().into()),
                ("region", region.clone().into()),
                vpc,
                ("serviceAccount", service_account(identity)),
                // Neither is in the role's policy.
                ("enableShield", false.into()),
                ("enableWaf", false.into()),
            ],
        }
    }

    fn external_dns(&self, identity: &PodIdentityRef, region: &Text) -> Chart {
        let mut values = vec![
            ("provider", DocumentNode::map([("name", "aws")])),
            ("env", environment(region)),
            ("serviceAccount", service_account(identity)),
            // Records of the cluster are told from others by a text record beside each.
            ("registry", "txt".into()),
            ("txtOwnerId", self.cluster.literal_name.clone().into()),
            ("policy", "sync".into()),
        ];
        if !self.domains.is_empty() {
            values.push(("domainFilters", DocumentNode::list(self.domains.clone())));
        }
        Chart {
            repository: "https://kubernetes-sigs.github.io/external-dns",
            name: "external-dns",
            version: "1.21.1",
            namespace: identity.namespace.clone(),
            values,
        }
    }
}

fn cert_manager(identity: &PodIdentityRef) -> Chart {
    Chart {
        repository: "https://charts.jetstack.io",
        name: "cert-manager",
        version: "v1.21.1",
        namespace: identity.namespace.clone(),
        values: vec![
            ("crds", DocumentNode::map([("enabled", true)])),
            ("serviceAccount", service_account(identity)),
        ],
    }
}

fn external_secrets(identity: &PodIdentityRef, region: &Text) -> Chart {
    Chart {
        repository: "https://charts.external-secrets.io",
        name: "external-secrets",
        version: "2.9.0",
        namespace: identity.namespace.clone(),
        values: vec![
            ("installCRDs", true.into()),
            ("extraEnv", environment(region)),
            ("serviceAccount", service_account(identity)),
        ],
    }
}

fn metrics_server() -> Chart {
    Chart {
        repository: "https://kubernetes-sigs.github.io/metrics-server",
        name: "metrics-server",
        version: "3.13.1",
        namespace: "kube-system".into(),
        values: vec![("replicas", 2.into())],
    }
}

/// The service account that the identity is for. Pod Identity hands out the role without any word here;
/// the annotation is for who reads the manifest. (`eks.amazonaws.com/role-arn` would be another mechanism.)
fn service_account(identity: &PodIdentityRef) -> DocumentNode {
    let role = [("accel/pod-identity-role", Prop::from(&identity.role_arn))];
    DocumentNode::map([
        ("create", DocumentNode::from(true)),
        ("name", identity.service_account.clone().into()),
        ("annotations", DocumentNode::map(role)),
    ])
}

/// Pods do not reach the instance's metadata, so they are told the region.
fn environment(region: &Text) -> DocumentNode {
    let variable = |name: &'static str| {
        DocumentNode::map([("name", Prop::from(name)), ("value", region.clone().into())])
    };
    DocumentNode::list([variable("AWS_REGION"), variable("AWS_DEFAULT_REGION")])
}
