//! Keys, disks, buckets, backups: what is encrypted stays so, and what is private too.

use accel_core::{
    Text, actions,
    policy::{Operator, Probe, ProbeKind, Statement},
};

use super::{OrganizationGuardrail, PLATFORM_ROLE, arn};

impl OrganizationGuardrail {
    /// `kms.deny-deletion`: keys are not deleted, nor the names they go by.
    #[must_use]
    pub fn kms_deny_deletion() -> Self {
        let deny = deny_on_all![
            "kms:DeleteAlias",
            "kms:DeleteCustomKeyStore",
            "kms:DeleteImportedKeyMaterial",
            "kms:ScheduleKeyDeletion"
        ];
        let days = "kms:ScheduleKeyDeletionPendingWindowInDays";
        Self::service_control("kms.deny-deletion", [deny])
            .intent("Keys are not deleted, nor the names they go by")
            .controls(["CIS5:4.7", "FSBP:KMS.3"])
            .shown_by(
                Probe::attack("A developer has a key deleted", "kms:ScheduleKeyDeletion")
                    .on(arn("kms", "key/1"))
                    .with(days, "30"),
                Probe::nearby("A developer switches a key off", "kms:DisableKey")
                    .on(arn("kms", "key/1")),
            )
    }

    /// `kms.min-deletion-window`: whoever deletes a key has at least `days` to think again. AWS takes 7
    /// to 30. Nobody is exempt.
    #[must_use]
    pub fn kms_min_deletion_window(days: u8) -> Self {
        let key = "kms:ScheduleKeyDeletionPendingWindowInDays";
        let deny = deny_on_all!["kms:ScheduleKeyDeletion"];
        let deny = deny.when(Operator::NumericLessThan, key, days.to_string());
        let delete = |probe: Probe, days: u8| {
            probe.by(PLATFORM_ROLE).on(arn("kms", "key/1")).with(key, days.to_string())
        };
        let action = "kms:ScheduleKeyDeletion";
        let hasty = delete(
            Probe::attack("The platform's role deletes a key sooner", action),
            days.saturating_sub(1),
        );
        let developer = "A developer may not either";
        Self::service_control("kms.min-deletion-window", [deny])
            .without_exemptions()
            .intent("There is time to think again before a key is deleted")
            .probe(hasty.clone().retold(ProbeKind::NobodyExempt, developer).by(Probe::DEVELOPER))
            .shown_by(
                hasty,
                delete(Probe::nearby("The platform's role deletes a key in time", action), days),
            )
    }

    /// `ebs.deny-disable-default-encryption`: new disks stay encrypted.
    #[must_use]
    pub fn ebs_deny_disable_default_encryption() -> Self {
        let deny = deny_on_all!["ec2:DisableEbsEncryptionByDefault"];
        let attack = "ec2:DisableEbsEncryptionByDefault";
        Self::service_control("ebs.deny-disable-default-encryption", [deny])
            .intent("New disks stay encrypted")
            .controls(["CIS5:5.1.1", "FSBP:EC2.7"])
            .shown_by(
                Probe::attack("A developer leaves new disks unencrypted", attack),
                Probe::nearby(
                    "A developer has new disks encrypted",
                    "ec2:EnableEbsEncryptionByDefault",
                ),
            )
    }

    /// `s3.protect-account-bpa`: that no bucket of an account is public is not taken back.
    #[must_use]
    pub fn s3_protect_account_bpa() -> Self {
        let deny = deny_on_all!["s3:PutAccountPublicAccessBlock"];
        Self::service_control("s3.protect-account-bpa", [deny])
            .intent("That no bucket of an account is public is not taken back")
            .controls(["CIS5:2.1.4", "FSBP:S3.1"])
            .shown_by(
                Probe::attack(
                    "A developer lets buckets of the account be public",
                    "s3:PutAccountPublicAccessBlock",
                ),
                Probe::nearby(
                    "A developer closes a bucket of its own",
                    "s3:PutBucketPublicAccessBlock",
                )
                .on("arn:aws:s3:::orders"),
            )
    }

    /// `backup.protect`: plans, vaults and what is in them stay.
    #[must_use]
    pub fn backup_protect() -> Self {
        let deny = deny_on_all![
            "backup:DeleteBackupPlan",
            "backup:DeleteBackupSelection",
            "backup:DeleteBackupVault",
            "backup:DeleteBackupVaultAccessPolicy",
            "backup:DeleteRecoveryPoint",
            "backup:PutBackupVaultAccessPolicy",
            "backup:UpdateBackupPlan",
            "backup:UpdateRecoveryPointLifecycle"
        ];
        Self::service_control("backup.protect", [deny])
            .intent("Backups stay, and go on being made")
            .shown_by(
                Probe::attack("A developer deletes a backup", "backup:DeleteRecoveryPoint")
                    .on(arn("backup", "recovery-point:1")),
                Probe::nearby("A developer makes a backup", "backup:StartBackupJob")
                    .on(arn("backup", "backup-vault:main")),
            )
    }

    /// `dp.deny-ram-external`: nothing is shared beyond the organization. Nobody is exempt.
    #[must_use]
    pub fn dp_deny_ram_external() -> Self {
        let key = "ram:RequestedAllowsExternalPrincipals";
        let deny = deny_on_all!["ram:CreateResourceShare", "ram:UpdateResourceShare"];
        Self::service_control("dp.deny-ram-external", [deny.when(Operator::Bool, key, true)])
            .without_exemptions()
            .intent("Nothing is shared beyond the organization")
            .shown_by(
                Probe::attack("A developer shares with strangers", "ram:CreateResourceShare")
                    .with(key, "true"),
                Probe::nearby("A developer shares within", "ram:CreateResourceShare")
                    .with(key, "false"),
            )
    }

    /// `dp.deny-public-share`: images, snapshots and documents are not handed to others, or to everybody.
    /// Exempt are principals with the tag `dp:exclude:identity`, which [`Self::dp_protect_tags`] protects.
    #[must_use]
    pub fn dp_deny_public_share() -> Self {
        let tag = "aws:PrincipalTag/dp:exclude:identity";
        let deny = deny_on_all![
            "ec2:ModifyImageAttribute",
            "ec2:ModifySnapshotAttribute",
            "rds:ModifyDBClusterSnapshotAttribute",
            "rds:ModifyDBSnapshotAttribute",
            "ssm:ModifyDocumentPermission"
        ];
        let share = "ec2:ModifySnapshotAttribute";
        let snapshot = "arn:aws:ec2:eu-west-1::snapshot/snap-1";
        Self::service_control(
            "dp.deny-public-share",
            [deny.when(Operator::StringNotEquals, tag, "true")],
        )
        .with_named_exemptions()
        .intent("Images, snapshots and documents are not handed to everybody")
        .controls(["FSBP:EC2.1", "FSBP:RDS.1"])
        .shown_by(
            Probe::attack("A developer makes a snapshot public", share).on(snapshot),
            Probe::nearby("A developer copies a snapshot", "ec2:CopySnapshot").on(snapshot),
        )
        .probe(
            Probe::exempt("The role has the tag that allows it", share)
                .on(snapshot)
                .with(tag, "true"),
        )
    }

    /// `dp.protect-tags`: tags whose keys are like one of `keys` decide what perimeters let through, so
    /// the platform alone sets them.
    pub fn dp_protect_tags(keys: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        let keys: Vec<Text> = keys.into_iter().map(Into::into).collect();
        let key = keys.first().map_or(String::new(), |key| super::sample_name(key));
        let deny = Statement::deny(actions!["*"]).resource("*").when(
            Operator::StringLike.for_any_value(),
            "aws:TagKeys",
            keys,
        );
        let instance = arn("ec2", "instance/i-1");
        Self::service_control("dp.protect-tags", [deny])
            .intent("Tags that open perimeters are set by the platform alone")
            .shown_by(
                Probe::attack("A developer opens the perimeter with a tag", "ec2:CreateTags")
                    .on(&instance)
                    .with("aws:TagKeys", [key]),
                Probe::nearby("A developer says who pays", "ec2:CreateTags")
                    .on(&instance)
                    .with("aws:TagKeys", ["cost-center"]),
            )
    }
}
