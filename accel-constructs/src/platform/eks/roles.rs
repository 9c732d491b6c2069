//! The roles of a cluster.

use accel_core::{
    actions,
    policy::{Principal, Statement},
};

use crate::security::{IamRole, aws_managed_policy};

/// What the control plane does in the account.
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html>
pub(super) fn control_plane(auto_mode: bool) -> IamRole {
    let trusted = Principal::service("eks.amazonaws.com");
    let mut policies = vec!["AmazonEKSClusterPolicy"];
    let mut trust = actions!["sts:AssumeRole"].to_vec();
    if auto_mode {
        policies.extend([
            "AmazonEKSBlockStoragePolicy",
            "AmazonEKSComputePolicy",
            "AmazonEKSLoadBalancingPolicy",
            "AmazonEKSNetworkingPolicy",
        ]);
        trust.extend(actions!["sts:TagSession"]);
    }
    IamRole::builder()
        .trust_statements([Statement::allow(trust).principal(trusted)])
        .managed_policies(policies.into_iter().map(aws_managed_policy))
        .build()
}

/// What nodes do in the account.
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html>
pub(super) fn node(auto_mode: bool) -> IamRole {
    let worker =
        if auto_mode { "AmazonEKSWorkerNodeMinimalPolicy" } else { "AmazonEKSWorkerNodePolicy" };
    IamRole::builder()
        .trusted([Principal::service("ec2.amazonaws.com")])
        .managed_policies(["AmazonEC2ContainerRegistryPullOnly", worker].map(aws_managed_policy))
        .build()
}

/// What pods of a service account do in the account, through EKS Pod Identity.
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>
pub(super) fn pod(policy: &str) -> IamRole {
    let assume = Statement::allow(actions!["sts:AssumeRole", "sts:TagSession"])
        .principal(Principal::service("pods.eks.amazonaws.com"));
    IamRole::builder()
        .trust_statements([assume])
        .managed_policies([aws_managed_policy(policy)])
        .build()
}
