use accel_cfn::eks::{
    self, ClusterName, PodIdentityAssociation, PodIdentityAssociationArn,
    PodIdentityAssociationRequired,
};
use accel_core::{
    Attr, Construct, IntoValue as _, Label, Scope, Template, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::EksClusterRef;
use crate::{
    names,
    security::{IamRole, IamRoleRef},
};

/// What the pods of one service account do in the account: a role that EKS Pod Identity hands them. It
/// needs no annotation on the service account.
///
/// ```
/// use accel_constructs::platform::{EksClusterRef, PodIdentity};
/// use accel_core::{Scope, actions, policy::Statement};
///
/// fn shop(template: &mut Scope<'_>, cluster: &EksClusterRef) {
///     let send = Statement::allow(actions!["ses:SendEmail"]).resource("*");
///     let shop = PodIdentity::builder().cluster(cluster).namespace("shop").service_account("shop");
///     template.add("shop", shop.statements([send]).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct PodIdentity {
    /// The cluster, of this account and region.
    #[builder(setter(transform = |cluster: &EksClusterRef| cluster.clone()))]
    cluster: EksClusterRef,
    /// The namespace of the service account.
    #[builder(setter(into))]
    namespace: Text,
    /// The service account.
    #[builder(setter(into))]
    service_account: Text,
    /// What its pods may do. Grants to [`PodIdentityRef::role`] add to it.
    #[builder(default, setter(transform = |statements: impl IntoIterator<Item = Statement>| {
        statements.into_iter().collect()
    }))]
    statements: Vec<Statement>,
}

/// What a [`PodIdentity`] gives back.
#[derive(Clone, Debug)]
pub struct PodIdentityRef {
    /// The role.
    pub role: IamRoleRef,
    /// The ARN of the role, computed from its name where the account is known, so that a manifest can
    /// say it before the role exists.
    pub role_arn: Value<String>,
    /// The namespace of the service account.
    pub namespace: Text,
    /// The service account.
    pub service_account: Text,
    /// The ARN of the association.
    pub arn: Attr<PodIdentityAssociationArn>,
    /// The L1 resource.
    pub resource: eks::PodIdentityAssociationRef,
}

impl Construct for PodIdentity {
    type Level = Template;
    type Output = PodIdentityRef;
    fn build(self, template: &mut Scope<'_>) -> PodIdentityRef {
        // Roles are the account's, clusters the region's: so a region is part of the role's name.
        let environment = template.tree().environment(template.node());
        let label = Label::new().namespace(self.cluster.literal_name.as_str());
        let label = match environment {
            Some(environment) => label.region(environment.region),
            None => label,
        };
        let label = label.named(self.namespace.as_str()).attribute(self.service_account.as_str());
        let name = Text::from(label.name(&names::ROLE));
        // The tags are those that EKS puts on the session.
        let trust = Statement::allow(actions!["sts:AssumeRole", "sts:TagSession"])
            .principal(Principal::service("pods.eks.amazonaws.com"))
            .when(Operator::StringEquals, "aws:RequestTag/eks-cluster-arn", self.cluster.arn)
            .when(
                Operator::StringEquals,
                "aws:RequestTag/kubernetes-namespace",
                self.namespace.clone(),
            )
            .when(
                Operator::StringEquals,
                "aws:RequestTag/kubernetes-service-account",
                self.service_account.clone(),
            );
        let role = IamRole::builder().trust_statements([trust]).statements(self.statements);
        let role = match environment {
            // In a stack set of several regions a named role would collide with itself.
            None => role.build(),
            Some(_) => role.name(name.clone()).build(),
        };
        let role = template.add("role", role);
        let association = PodIdentityAssociation::new(PodIdentityAssociationRequired {
            cluster_name: self.cluster.name.cast::<ClusterName>(),
            namespace: self.namespace.clone(),
            role_arn: role.arn,
            service_account: self.service_account.clone(),
        });
        let resource = template.add("association", association);
        let role_arn = match environment {
            None => role.arn.into_value(),
            Some(environment) => {
                let name = format!(":role/{name}");
                text!["arn:", Value::own_partition(), ":iam::", environment.account.id(), name]
            }
        };
        PodIdentityRef {
            role,
            role_arn,
            namespace: self.namespace,
            service_account: self.service_account,
            arn: resource.arn(),
            resource,
        }
    }
}
