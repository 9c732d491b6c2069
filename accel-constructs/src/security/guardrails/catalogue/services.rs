//! The log, and the services that watch: nobody switches them off. In the account that administers one
//! of them for all others its people need an exemption
//! ([`OrganizationGuardrail::exempt_accounts`]).

use accel_core::{
    Text, actions,
    policy::{Probe, Statement},
};

use super::{OrganizationGuardrail, arn, sample_name};

impl OrganizationGuardrail {
    /// `log.protect-cloudtrail`: trails called like `name` are not stopped, changed or deleted.
    pub fn log_protect_cloudtrail(name: impl Into<Text>) -> Self {
        let name = name.into();
        let deny = Statement::deny(actions![
            "cloudtrail:DeleteTrail",
            "cloudtrail:PutEventSelectors",
            "cloudtrail:StopLogging",
            "cloudtrail:UpdateTrail"
        ]);
        let deny = deny.resource(format!("arn:*:cloudtrail:*:*:trail/{name}"));
        let trail = arn("cloudtrail", &format!("trail/{}", sample_name(&name)));
        Self::service_control("log.protect-cloudtrail", [deny])
            .intent("Trails are not stopped, changed or deleted")
            .controls(["CIS5:3.1", "CIS5:3.2", "FSBP:CloudTrail.1"])
            .shown_by(
                Probe::attack("A developer stops the trail", "cloudtrail:StopLogging").on(&trail),
                Probe::nearby("A developer asks whether it logs", "cloudtrail:GetTrailStatus")
                    .on(&trail),
            )
    }

    /// `log.protect-flowlogs`: flow logs are not deleted.
    #[must_use]
    pub fn log_protect_flowlogs() -> Self {
        Self::service_control("log.protect-flowlogs", [deny_on_all!["ec2:DeleteFlowLogs"]])
            .intent("Flow logs are not deleted")
            .controls(["CIS5:3.7", "FSBP:EC2.6"])
            .shown_by(
                Probe::attack("A developer deletes a flow log", "ec2:DeleteFlowLogs")
                    .on(arn("ec2", "vpc-flow-log/fl-1")),
                Probe::nearby("A developer makes a flow log", "ec2:CreateFlowLogs")
                    .on(arn("ec2", "vpc-flow-log/*")),
            )
    }

    /// `sec.protect-config`: AWS Config goes on recording, and its rules stay.
    #[must_use]
    pub fn sec_protect_config() -> Self {
        let deny = deny_on_all![
            "config:DeleteConfigRule",
            "config:DeleteConfigurationAggregator",
            "config:DeleteConfigurationRecorder",
            "config:DeleteConformancePack",
            "config:DeleteDeliveryChannel",
            "config:DeleteEvaluationResults",
            "config:DeleteRetentionConfiguration",
            "config:PutConfigurationRecorder",
            "config:PutDeliveryChannel",
            "config:PutRetentionConfiguration",
            "config:StopConfigurationRecorder"
        ];
        let recorder = arn("config", "configuration-recorder/main/1");
        Self::service_control("sec.protect-config", [deny])
            .intent("AWS Config goes on recording, and its rules stay")
            .controls(["CIS5:3.3", "FSBP:Config.1"])
            .shown_by(
                Probe::attack("A developer stops the recorder", "config:StopConfigurationRecorder")
                    .on(recorder),
                Probe::nearby("A developer adds a rule", "config:PutConfigRule")
                    .on(arn("config", "config-rule/config-rule-1")),
            )
    }

    /// `sec.protect-guardduty`: Amazon GuardDuty is not switched off or left, and its findings are not
    /// put away.
    #[must_use]
    pub fn sec_protect_guardduty() -> Self {
        let deny = deny_on_all![
            "guardduty:ArchiveFindings",
            "guardduty:DeleteDetector",
            "guardduty:DeleteFilter",
            "guardduty:DeleteMembers",
            "guardduty:DeletePublishingDestination",
            "guardduty:DisassociateFromAdministratorAccount",
            "guardduty:DisassociateMembers",
            "guardduty:StopMonitoringMembers",
            "guardduty:UpdateDetector"
        ];
        let detector = arn("guardduty", "detector/1");
        Self::service_control("sec.protect-guardduty", [deny])
            .intent("Amazon GuardDuty is not switched off or left")
            .controls(["FSBP:GuardDuty.1"])
            .shown_by(
                Probe::attack("A developer deletes the detector", "guardduty:DeleteDetector")
                    .on(&detector),
                Probe::nearby("A developer reads findings", "guardduty:GetFindings").on(&detector),
            )
    }

    /// `sec.protect-securityhub`: AWS Security Hub is not switched off or left.
    #[must_use]
    pub fn sec_protect_securityhub() -> Self {
        let deny = deny_on_all![
            "securityhub:BatchDisableStandards",
            "securityhub:DeleteFindingAggregator",
            "securityhub:DeleteMembers",
            "securityhub:DisableSecurityHub",
            "securityhub:DisableSecurityHubV2",
            "securityhub:DisassociateFromAdministratorAccount",
            "securityhub:DisassociateMembers",
            "securityhub:UpdateStandardsControl"
        ];
        let hub = arn("securityhub", "hub/default");
        Self::service_control("sec.protect-securityhub", [deny])
            .intent("AWS Security Hub is not switched off or left")
            .controls(["CIS5:4.16"])
            .shown_by(
                Probe::attack("A developer switches it off", "securityhub:DisableSecurityHub")
                    .on(&hub),
                Probe::nearby("A developer reads findings", "securityhub:GetFindings").on(&hub),
            )
    }

    /// `sec.protect-macie`: Amazon Macie is not switched off or left.
    #[must_use]
    pub fn sec_protect_macie() -> Self {
        let deny = deny_on_all![
            "macie2:DeleteMember",
            "macie2:DisableMacie",
            "macie2:DisassociateFromAdministratorAccount",
            "macie2:DisassociateMember",
            "macie2:UpdateMacieSession"
        ];
        Self::service_control("sec.protect-macie", [deny])
            .intent("Amazon Macie is not switched off or left")
            .controls(["CIS5:2.1.3"])
            .shown_by(
                Probe::attack("A developer switches it off", "macie2:DisableMacie"),
                Probe::nearby("A developer asks whether it is on", "macie2:GetMacieSession"),
            )
    }

    /// `sec.protect-inspector`: Amazon Inspector is not switched off or left.
    #[must_use]
    pub fn sec_protect_inspector() -> Self {
        let deny = deny_on_all![
            "inspector2:Disable",
            "inspector2:DisableDelegatedAdminAccount",
            "inspector2:DisassociateMember",
            "inspector2:UpdateOrganizationConfiguration"
        ];
        Self::service_control("sec.protect-inspector", [deny])
            .intent("Amazon Inspector is not switched off or left")
            .shown_by(
                Probe::attack("A developer switches it off", "inspector2:Disable"),
                Probe::nearby("A developer reads findings", "inspector2:ListFindings"),
            )
    }

    /// `sec.protect-access-analyzer`: analyzers stay, and what they find is not put away.
    #[must_use]
    pub fn sec_protect_access_analyzer() -> Self {
        let deny = deny_on_all![
            "access-analyzer:ApplyArchiveRule",
            "access-analyzer:CreateArchiveRule",
            "access-analyzer:DeleteAnalyzer",
            "access-analyzer:DeleteArchiveRule",
            "access-analyzer:UpdateArchiveRule",
            "access-analyzer:UpdateFindings"
        ];
        let analyzer = arn("access-analyzer", "analyzer/outsiders");
        Self::service_control("sec.protect-access-analyzer", [deny])
            .intent("Analyzers of access stay, and what they find is not put away")
            .controls(["CIS5:1.19"])
            .shown_by(
                Probe::attack("A developer deletes the analyzer", "access-analyzer:DeleteAnalyzer")
                    .on(&analyzer),
                Probe::nearby("A developer reads findings", "access-analyzer:ListFindings")
                    .on(&analyzer),
            )
    }
}
