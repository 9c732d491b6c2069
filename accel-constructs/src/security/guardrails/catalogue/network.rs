//! Networks, instances and functions.

use accel_core::{
    actions,
    policy::{Operator, Probe, Statement},
};

use super::{OrganizationGuardrail, arn};

impl OrganizationGuardrail {
    /// `net.deny-default-vpc`: nobody makes the network that AWS would make. Nobody is exempt.
    #[must_use]
    pub fn net_deny_default_vpc() -> Self {
        let deny = deny_on_all!["ec2:CreateDefaultSubnet", "ec2:CreateDefaultVpc"];
        Self::service_control("net.deny-default-vpc", [deny])
            .without_exemptions()
            .intent("There is no network that nobody planned")
            .controls(["CIS5:5.5"])
            .shown_by(
                Probe::attack("A developer makes a default network", "ec2:CreateDefaultVpc"),
                Probe::nearby("A developer makes a network", "ec2:CreateVpc")
                    .on(arn("ec2", "vpc/*")),
            )
    }

    /// `net.deny-public-connectivity`: ways to the internet and to other networks are made by the
    /// platform, and in the accounts that are exempt.
    #[must_use]
    pub fn net_deny_public_connectivity() -> Self {
        let deny = deny_on_all![
            "ec2:AcceptVpcPeeringConnection",
            "ec2:AttachInternetGateway",
            "ec2:CreateEgressOnlyInternetGateway",
            "ec2:CreateInternetGateway",
            "ec2:CreateVpcPeeringConnection",
            "globalaccelerator:Create*",
            "globalaccelerator:Update*"
        ];
        Self::service_control("net.deny-public-connectivity", [deny])
            .intent("Ways to the internet and to other networks are made by the platform")
            .shown_by(
                Probe::attack("A developer opens a network", "ec2:AttachInternetGateway")
                    .on(arn("ec2", "vpc/vpc-1")),
                Probe::nearby(
                    "A developer connects to a service privately",
                    "ec2:CreateVpcEndpoint",
                )
                .on(arn("ec2", "vpc/vpc-1")),
            )
    }

    /// `ec2.require-imdsv2`: instances are started with tokens required for their metadata. Nobody is
    /// exempt.
    #[must_use]
    pub fn ec2_require_imdsv2() -> Self {
        let key = "ec2:MetadataHttpTokens";
        let deny = Statement::deny(actions!["ec2:RunInstances"])
            .resource("arn:*:ec2:*:*:instance/*")
            .when(Operator::StringNotEquals, key, "required");
        let run = |probe: Probe| probe.on(arn("ec2", "instance/*"));
        let action = "ec2:RunInstances";
        Self::service_control("ec2.require-imdsv2", [deny])
            .without_exemptions()
            .intent("Instances ask for their metadata with tokens")
            .controls(["CIS5:5.7", "FSBP:EC2.8"])
            .shown_by(
                run(Probe::attack("A developer starts an instance without", action))
                    .with(key, "optional"),
                run(Probe::nearby("A developer starts an instance with them", action))
                    .with(key, "required"),
            )
            .probe(
                Probe::nearby("The instance goes into a subnet", action)
                    .on(arn("ec2", "subnet/subnet-1")),
            )
    }

    /// `ec2.deny-imds-downgrade`: credentials that an instance got without a token are worth nothing.
    /// Exempt by name what runs an SDK from before 2019.
    #[must_use]
    pub fn ec2_deny_imds_downgrade() -> Self {
        let key = "ec2:RoleDelivery";
        let read = |probe: Probe, version: &'static str| {
            let role = "arn:aws:iam::111111111111:role/instance";
            probe.by(role).on("arn:aws:s3:::orders/1").with(key, version)
        };
        let deny = deny_on_all!["*"].when(Operator::NumericLessThan, key, "2.0");
        Self::service_control("ec2.deny-imds-downgrade", [deny])
            .with_named_exemptions()
            .intent("Credentials that an instance got without a token are worth nothing")
            .controls(["CIS5:5.7"])
            .shown_by(
                read(
                    Probe::attack("A thief uses what it asked for without", "s3:GetObject"),
                    "1.0",
                ),
                read(Probe::nearby("The instance uses its own", "s3:GetObject"), "2.0"),
            )
    }

    /// `lambda.deny-public-url`: no function answers whoever asks. Exempt by name who makes webhooks.
    #[must_use]
    pub fn lambda_deny_public_url() -> Self {
        let key = "lambda:FunctionUrlAuthType";
        let deny = deny_on_all![
            "lambda:AddPermission",
            "lambda:CreateFunctionUrlConfig",
            "lambda:UpdateFunctionUrlConfig"
        ];
        // Changing something else of a URL sends no such key, which "not equal" would take for a no.
        let deny = deny.when(Operator::StringEquals, key, "NONE");
        let url = |probe: Probe| probe.on(arn("lambda", "function:orders"));
        let create = "lambda:CreateFunctionUrlConfig";
        Self::service_control("lambda.deny-public-url", [deny])
            .with_named_exemptions()
            .intent("No function answers whoever asks")
            .shown_by(
                url(Probe::attack("A developer opens a function to everybody", create))
                    .with(key, "NONE"),
                url(Probe::nearby("A developer opens a function to who signs", create))
                    .with(key, "AWS_IAM"),
            )
            .probe(url(Probe::nearby(
                "A developer lets another site ask",
                "lambda:UpdateFunctionUrlConfig",
            )))
    }
}
