use accel_cfn::{
    ec2::{SecurityGroupId, SubnetId},
    eks::{self, ClusterArn, ClusterName, cluster},
    iam::RoleArn,
    logs,
};
use accel_core::{
    Attr, Cidr, Construct, Diagnostic, Environment, IntoValue, Scope, Template, Text, Value, text,
};
use typed_builder::TypedBuilder;

use super::{AllowFrom, codes::EKS_SUBNETS, default_name};
use crate::{
    names,
    security::{IamRoleRef, KmsKey, KmsKeyRef},
};

mod backing;
mod compute;
mod pod_identity;
mod roles;

pub use backing::{BackingServices, BackingServicesRef};
pub use compute::{Compute, NodeGroup};
pub use pod_identity::{PodIdentity, PodIdentityRef};

/// An EKS cluster: control plane, its role, the key of its secrets, its log, who may use it, and what
/// its pods run on.
///
/// ```
/// use accel_constructs::{foundation::VpcRef, platform::EksCluster};
/// use accel_core::{Scope, cidr};
///
/// fn cluster(template: &mut Scope<'_>, vpc: &VpcRef) {
///     let cluster = EksCluster::builder().version("1.34").subnets(&vpc.private_subnets);
///     template.add("cluster", cluster.public_access([cidr!("192.0.2.0/24")]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/clusters.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct EksCluster {
    /// The version of Kubernetes: `1.34`. There is no default, because a new one would upgrade
    /// clusters.
    #[builder(setter(into))]
    version: Text,
    /// Where the control plane has its network interfaces, and nodes run: subnets in at least two
    /// zones.
    #[builder(setter(transform = |subnets: impl IntoIterator<Item: IntoValue<SubnetId>>| {
        subnets.into_iter().map(IntoValue::into_value).collect()
    }))]
    subnets: Vec<Value<SubnetId>>,
    /// The name, unique in its account and region; made from the ids of the app and the cluster if not
    /// said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// What pods run on: a managed node group, or nodes that EKS makes as it needs them.
    #[builder(default, setter(into))]
    compute: Compute,
    /// From where the cluster is reached over the internet. From nowhere by default: whoever uses it
    /// comes through the VPC.
    #[builder(default, setter(transform = |blocks: impl IntoIterator<Item = Cidr>| {
        blocks.into_iter().collect()
    }))]
    public_access: Vec<Cidr>,
    /// Roles that administer the cluster. Whoever creates it does not by that alone.
    #[builder(default, setter(transform = |roles: impl IntoIterator<Item: IntoValue<RoleArn>>| {
        roles.into_iter().map(IntoValue::into_value).collect()
    }))]
    administrators: Vec<Value<RoleArn>>,
    /// Roles that see what runs, but neither secrets nor who may do what.
    #[builder(default, setter(transform = |roles: impl IntoIterator<Item: IntoValue<RoleArn>>| {
        roles.into_iter().map(IntoValue::into_value).collect()
    }))]
    viewers: Vec<Value<RoleArn>>,
    /// How long the log of the control plane is kept.
    #[builder(default = 90)]
    log_retention_days: u16,
    /// Whether AWS refuses to delete the cluster.
    #[builder(default = true)]
    deletion_protection: bool,
}

/// What an [`EksCluster`] gives back.
#[derive(Clone, Debug)]
pub struct EksClusterRef {
    /// The name, as a reference: who uses it waits for the cluster.
    pub name: Attr<ClusterName>,
    /// The name, as it is written: nobody waits.
    pub literal_name: Text,
    /// The ARN.
    pub arn: Attr<ClusterArn>,
    /// Where its API answers.
    pub endpoint: Attr<String>,
    /// Who vouches for service accounts to others, as OpenID Connect says.
    pub oidc_issuer: Attr<String>,
    /// The account and region; none in a stack set, which has many.
    pub environment: Option<Environment>,
    /// The group that EKS makes for control plane and nodes.
    pub security_group: Attr<SecurityGroupId>,
    /// The key that encrypts secrets.
    pub key: KmsKeyRef,
    /// The role of the control plane.
    pub role: IamRoleRef,
    /// The role of nodes.
    pub node_role: IamRoleRef,
    /// The L1 resource.
    pub resource: eks::ClusterRef,
}

impl AllowFrom for EksClusterRef {
    fn security_group(&self) -> Value<SecurityGroupId> {
        self.security_group.into_value()
    }
}

impl Construct for EksCluster {
    type Level = Template;
    type Output = EksClusterRef;
    fn build(self, template: &mut Scope<'_>) -> EksClusterRef {
        if self.subnets.len() < 2 {
            let message = format!("`{}` has {} subnets", template.path(), self.subnets.len());
            let location = template.location();
            template.report(
                Diagnostic::error(&EKS_SUBNETS, message, location)
                    .allowed("subnets in at least two availability zones")
                    .help("give it the private subnets of a VPC: `.subnets(&vpc.private_subnets)`"),
            );
        }
        let name = self.name.clone().unwrap_or_else(|| default_name(template, &names::EKS_CLUSTER));
        let auto_mode = matches!(self.compute, Compute::AutoMode);
        let key = KmsKey::builder().description(format!("Secrets of the cluster {name}")).build();
        let key = template.add("key", key);
        let role = template.add("role", roles::control_plane(auto_mode));
        key.grant_encrypt_decrypt(template, role);
        let node_role = template.add("node-role", roles::node(auto_mode));

        // EKS would make this group itself, and keep what is in it for ever.
        let log = logs::LogGroup::new()
            .log_group_name(format!("/aws/eks/{name}/cluster"))
            .retention_in_days(self.log_retention_days);
        let log = template.add("log", log);
        let cluster = template.add("cluster", self.cluster(&name, key, role, node_role));
        template[cluster].depends_on(log);

        let name_ref = cluster.name();
        self.access(template, cluster);
        compute::add(&self.compute, template, cluster, node_role, &self.subnets);
        EksClusterRef {
            name: name_ref,
            literal_name: name,
            arn: cluster.arn(),
            endpoint: cluster.endpoint(),
            oidc_issuer: cluster.open_idconnect_issuer_url(),
            environment: template.tree().environment(template.node()),
            security_group: cluster.cluster_security_group_id(),
            key,
            role,
            node_role,
            resource: cluster,
        }
    }
}

impl EksCluster {
    fn cluster(
        &self,
        name: &Text,
        key: KmsKeyRef,
        role: IamRoleRef,
        node_role: IamRoleRef,
    ) -> eks::Cluster {
        let mut network = cluster::ResourcesVpcConfig::new(&self.subnets)
            .endpoint_private_access(true)
            .endpoint_public_access(!self.public_access.is_empty());
        if !self.public_access.is_empty() {
            network = network.public_access_cidrs(self.public_access.clone());
        }
        // Access entries alone; the config map of old is a second place to look.
        let access = cluster::AccessConfig::new()
            .authentication_mode(cluster::AuthenticationMode::API)
            .bootstrap_cluster_creator_admin_permissions(false);
        let logs = [
            cluster::Type::API,
            cluster::Type::AUDIT,
            cluster::Type::AUTHENTICATOR,
            cluster::Type::CONTROLLER_MANAGER,
            cluster::Type::SCHEDULER,
        ]
        .map(|log| cluster::LoggingTypeConfig::new().r#type(log));
        let logging = cluster::ClusterLogging::new().enabled_types(logs);
        let secrets = cluster::EncryptionConfig::new()
            .provider(cluster::Provider::new().key_arn(key.arn))
            .resources(["secrets"]);
        let resource = eks::Cluster::new(network, role.arn)
            .name(name.clone())
            .version(self.version.clone())
            .access_config(access)
            .logging(cluster::Logging::new().cluster_logging(logging))
            .encryption_config([secrets])
            .deletion_protection(self.deletion_protection)
            // Add-ons are resources here, or part of Auto Mode.
            .bootstrap_self_managed_addons(false);
        compute::configure(&self.compute, resource, node_role)
    }

    fn access(&self, template: &mut Scope<'_>, cluster: eks::ClusterRef) {
        let levels = [
            ("administrator", "AmazonEKSClusterAdminPolicy", &self.administrators),
            ("viewer", "AmazonEKSViewPolicy", &self.viewers),
        ];
        for (id, policy, roles) in levels {
            for (index, role) in roles.iter().enumerate() {
                let policy = format!(":eks::aws:cluster-access-policy/{policy}");
                let everywhere =
                    eks::access_entry::AccessScope::new(eks::access_entry::Type::CLUSTER);
                let policy = eks::access_entry::AccessPolicy::new(
                    everywhere,
                    text!["arn:", Value::own_partition(), policy],
                );
                let entry = eks::AccessEntry::new(cluster.name(), role);
                let entry = entry.access_policies([policy]);
                template.add(&format!("{id}-{}", index + 1), entry);
            }
        }
    }
}
