use accel_cfn::{
    ec2::{self, SubnetId, launch_template},
    eks::{self, addon, cluster, nodegroup},
};
use accel_core::{Const, Scope, Text, Value};
use typed_builder::TypedBuilder;

use super::roles;
use crate::security::IamRoleRef;

/// What the pods of a cluster run on.
#[derive(Clone, Debug)]
pub enum Compute {
    /// Instances that EKS keeps at a number between two bounds, and the add-ons that every cluster
    /// needs.
    NodeGroup(NodeGroup),
    /// Instances that EKS makes as pods need them, and add-ons that it runs itself (EKS Auto Mode).
    ///
    /// Source: <https://docs.aws.amazon.com/eks/latest/userguide/automode.html>
    AutoMode,
}

impl Default for Compute {
    fn default() -> Self {
        Self::NodeGroup(NodeGroup::builder().build())
    }
}

impl From<NodeGroup> for Compute {
    fn from(group: NodeGroup) -> Self {
        Self::NodeGroup(group)
    }
}

/// A managed node group, with encrypted disks.
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct NodeGroup {
    /// What the instances may be, in the order in which they are tried.
    #[builder(default = vec!["m6i.large".into()], setter(transform = |types: impl IntoIterator<Item = impl Into<Text>>| {
        types.into_iter().map(Into::into).collect()
    }))]
    instance_types: Vec<Text>,
    /// What they boot; it has to fit the instances.
    #[builder(default = nodegroup::AmiType::AL2023_X86_64_STANDARD)]
    ami: Const<nodegroup::AmiType>,
    /// Whether they are spare capacity, which is cheap and can go at any time.
    #[builder(default = false)]
    spot: bool,
    /// The fewest, and as many as there are at first. Two by default, for two zones.
    #[builder(default = 2)]
    minimum: u32,
    /// The most.
    #[builder(default = 6)]
    maximum: u32,
    /// The disk of each, in GiB.
    #[builder(default = 100)]
    disk_gib: u32,
    /// How far the instance's credentials travel: with 1 they do not reach pods, which have their own
    /// through EKS Pod Identity; with 2 they do.
    #[builder(default = 1)]
    metadata_hops: u8,
    /// Add-ons beside those that every cluster needs, by name. Those for disks and file systems,
    /// `aws-ebs-csi-driver` and `aws-efs-csi-driver`, get the role that they need.
    #[builder(default, setter(transform = |names: impl IntoIterator<Item = impl Into<Text>>| {
        names.into_iter().map(Into::into).collect()
    }))]
    add_ons: Vec<Text>,
}

/// What of the control plane the kind of compute decides.
pub(super) fn configure(
    compute: &Compute,
    resource: eks::Cluster,
    node_role: IamRoleRef,
) -> eks::Cluster {
    match compute {
        Compute::NodeGroup(_) => resource,
        Compute::AutoMode => {
            let nodes = cluster::ComputeConfig::new()
                .enabled(true)
                .node_pools(["general-purpose", "system"])
                .node_role_arn(node_role.arn);
            let balancers = cluster::ElasticLoadBalancing::new().enabled(true);
            let network = cluster::KubernetesNetworkConfig::new().elastic_load_balancing(balancers);
            let disks = cluster::BlockStorage::new().enabled(true);
            resource
                .compute_config(nodes)
                .kubernetes_network_config(network)
                .storage_config(cluster::StorageConfig::new().block_storage(disks))
        }
    }
}

/// What stands beside the control plane.
pub(super) fn add(
    compute: &Compute,
    template: &mut Scope<'_>,
    cluster: eks::ClusterRef,
    node_role: IamRoleRef,
    subnets: &[Value<SubnetId>],
) {
    let Compute::NodeGroup(group) = compute else { return };
    let add_on = |name: &str| {
        // What is in the cluster already, from an earlier life, gives way.
        eks::Addon::new(name, cluster.name()).resolve_conflicts(addon::ResolveConflicts::OVERWRITE)
    };

    // Nodes are ready only when they have a network, so these come before them.
    let network_role = template.add("vpc-cni-role", roles::pod("AmazonEKS_CNI_Policy"));
    let network = addon::PodIdentityAssociation::new(network_role.arn, "aws-node");
    let before = [
        add_on("eks-pod-identity-agent"),
        add_on("vpc-cni").pod_identity_associations([network]),
        add_on("kube-proxy"),
    ];
    let ids = ["eks-pod-identity-agent", "vpc-cni", "kube-proxy"];
    let before = ids.into_iter().zip(before).map(|(id, add_on)| template.add(id, add_on));
    let before: Vec<_> = before.collect();

    let launch = template.add("launch-template", ec2::LaunchTemplate::new(group.launch_template()));
    let nodes = template.add("nodes", group.resource(cluster, node_role, launch, subnets));
    for add_on in before {
        template[nodes].depends_on(add_on);
    }

    // What runs on nodes is not ready before there are some.
    let needed = std::iter::once(Text::Static("coredns"));
    for name in needed.chain(group.add_ons.iter().cloned()) {
        let mut resource = add_on(&name);
        if let Some((policy, service_account)) = identity(&name) {
            let role = template.add(&format!("{name}-role"), roles::pod(policy));
            let identity = addon::PodIdentityAssociation::new(role.arn, service_account);
            resource = resource.pod_identity_associations([identity]);
        }
        let add_on = template.add(&name, resource);
        template[add_on].depends_on(nodes);
    }
}

/// The policy that an add-on's pods need, and their service account.
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html>
fn identity(add_on: &str) -> Option<(&'static str, &'static str)> {
    match add_on {
        "aws-ebs-csi-driver" => {
            Some(("service-role/AmazonEBSCSIDriverPolicy", "ebs-csi-controller-sa"))
        }
        "aws-efs-csi-driver" => {
            Some(("service-role/AmazonEFSCSIDriverPolicy", "efs-csi-controller-sa"))
        }
        _ => None,
    }
}

impl NodeGroup {
    fn launch_template(&self) -> launch_template::LaunchTemplateData {
        let metadata = launch_template::MetadataOptions::new()
            .http_tokens(launch_template::HttpTokens::REQUIRED)
            .http_put_response_hop_limit(self.metadata_hops);
        let disk = launch_template::Ebs::new()
            .volume_size(self.disk_gib)
            .volume_type(launch_template::VolumeType::GP3)
            .encrypted(true);
        // Bottlerocket keeps what it boots apart from what it runs.
        let device =
            if self.ami.as_str().starts_with("BOTTLEROCKET") { "/dev/xvdb" } else { "/dev/xvda" };
        let disk = launch_template::BlockDeviceMapping::new().device_name(device).ebs(disk);
        launch_template::LaunchTemplateData::new()
            .metadata_options(metadata)
            .block_device_mappings([disk])
    }

    fn resource(
        &self,
        cluster: eks::ClusterRef,
        role: IamRoleRef,
        launch: ec2::LaunchTemplateRef,
        subnets: &[Value<SubnetId>],
    ) -> eks::Nodegroup {
        let capacity = if self.spot {
            nodegroup::CapacityType::SPOT
        } else {
            nodegroup::CapacityType::ON_DEMAND
        };
        let scaling = nodegroup::ScalingConfig::new()
            .min_size(self.minimum)
            .desired_size(self.minimum)
            .max_size(self.maximum);
        let template = nodegroup::LaunchTemplateSpecification::new()
            .id(launch.id())
            .version(launch.latest_version_number());
        eks::Nodegroup::new(cluster.name(), role.arn, subnets)
            .instance_types(self.instance_types.clone())
            .ami_type(self.ami)
            .capacity_type(capacity)
            .scaling_config(scaling)
            .launch_template(template)
            .update_config(nodegroup::UpdateConfig::new().max_unavailable_percentage(33))
    }
}
