use accel_cfn::{
    config::{
        self, configuration_aggregator::OrganizationAggregationSource,
        configuration_recorder::RecordingGroup, delivery_channel,
    },
    s3::BucketName,
};
use accel_core::{
    AccountRef, Const, Construct, Region, Scope, ScopeRef, Stack, Template, Value, actions,
    policy::{Operator, Principal, Statement},
    template::Condition,
    text,
};
use typed_builder::TypedBuilder;

use super::{
    EveryAccount, EveryAccountRef, LogArchiveRef, Organization, OrganizationScope as _,
    archive::archive,
};
use crate::{
    platform::Lifecycle,
    security::{IamRole, IamRoleRef, aws_managed_policy},
};

const CONFIG: &str = "config.amazonaws.com";

/// AWS Config in every account: what each resource is like and was like is recorded, kept in a bucket of
/// one account, and seen as a whole in another, which administers AWS Config for the organization.
///
/// ```
/// use accel_constructs::foundation::{Organization, OrganizationConfig};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn record(org: &mut Scope<'_, Organization>, audit: AccountRef, security: AccountRef) {
///     let config = OrganizationConfig::builder()
///         .log_archive(audit)
///         .administrator(security)
///         .regions([Region::EU_WEST_1, Region::US_EAST_1])
///         .build();
///     org.add("config", config);
/// }
/// ```
///
/// The recorders are a stack set and, for the management account, stacks. An account that has a recorder
/// already cannot get another one: delete it before.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/config-concepts.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct OrganizationConfig {
    /// The account that keeps the record.
    log_archive: AccountRef,
    /// The account that sees the record of all accounts, and administers rules for them.
    administrator: AccountRef,
    /// Where; the organization's home region if not said. Resources that are not of a region, such as
    /// roles, are recorded in the home region, or in the first one if that is not among them.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// How often all of it is written down, besides each change as it happens.
    #[builder(default = delivery_channel::DeliveryFrequency::TWENTY_FOUR_HOURS)]
    snapshots: Const<delivery_channel::DeliveryFrequency>,
    /// How the record ages; by default as a [`LogArchive`](super::LogArchive) does.
    #[builder(default = Lifecycle::LOGS)]
    lifecycle: Lifecycle,
}

/// What an [`OrganizationConfig`] gives back.
#[derive(Clone, Debug)]
pub struct OrganizationConfigRef {
    /// The bucket of the record.
    pub archive: LogArchiveRef,
    /// The recorders.
    pub recorders: EveryAccountRef<ConfigRecorderRef>,
    /// What sees the record of all accounts.
    pub aggregator: config::ConfigurationAggregatorRef,
    /// The administrator's stack, which has the aggregator.
    pub administrator: ScopeRef<Stack>,
}

impl Construct for OrganizationConfig {
    type Level = Organization;
    type Output = OrganizationConfigRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> OrganizationConfigRef {
        let home = org.home_region();
        let regions = self.regions.unwrap_or_else(|| vec![home]);
        let global = if regions.contains(&home) { Some(&home) } else { regions.first() };
        let global = *global.unwrap_or(&home);
        let archive = self::archive(org, self.log_archive, None, self.lifecycle);
        let organization = org.organization_id();
        let bucket = archive.bucket;
        let by_config = |statement: Statement| {
            statement.principal(Principal::service(CONFIG)).when(
                Operator::StringEquals,
                "aws:SourceOrgID",
                organization,
            )
        };
        let look = Statement::allow(actions!["s3:GetBucketAcl", "s3:ListBucket"])
            .sid("ConfigLooks")
            .resource(bucket.arn);
        let write = Statement::allow(actions!["s3:PutObject"])
            .sid("ConfigWrites")
            .resource(text![bucket.arn, "/AWSLogs/*/Config/*"]);
        let mut stack = org.reopen(archive.stack);
        bucket.allow(&mut stack, &by_config(look));
        bucket.allow(&mut stack, &by_config(write));

        let recorder = ConfigRecorder::builder()
            .bucket_name(archive.bucket_name.clone())
            .global_region(global)
            .snapshots(self.snapshots)
            .build();
        let recorders = EveryAccount::builder().construct(recorder).regions(regions).build();
        let recorders = org.add("recorders", recorders);
        // The bucket is named, so no value says that it comes first.
        org.reopen(recorders.members).after(archive.stack);
        for stack in &recorders.management {
            org.reopen(*stack).after(archive.stack);
        }

        let delegated = org.delegated_administrator(CONFIG, self.administrator);
        let mut stack = org.open("aggregator", Stack::new(self.administrator.in_region(home)));
        stack.after(delegated);
        let role = IamRole::builder()
            .trusted([Principal::service(CONFIG)])
            .description("Lets AWS Config see the accounts of the organization")
            .managed_policies([aws_managed_policy("service-role/AWSConfigRoleForOrganizations")])
            .build();
        let role = stack.add("role", role);
        let source = OrganizationAggregationSource::new(role.arn).all_aws_regions(true);
        let aggregator =
            config::ConfigurationAggregator::new().organization_aggregation_source(source);
        let aggregator = stack.add("aggregator", aggregator);
        let administrator = stack.reference();
        OrganizationConfigRef { archive, recorders, aggregator, administrator }
    }
}

/// The recorder of AWS Config in one account and region, and the channel to its bucket.
///
/// It lives in a template, so that a stack set brings it to all accounts; [`OrganizationConfig`] does.
#[derive(Clone, Debug, TypedBuilder)]
pub struct ConfigRecorder {
    /// The bucket, of whichever account, whose policy lets AWS Config write.
    bucket_name: Value<String>,
    /// The region whose recorder has what is not of a region: everywhere it would be there, and paid
    /// for, once per region.
    global_region: Region,
    /// How often all of it is written down, besides each change as it happens.
    #[builder(default = delivery_channel::DeliveryFrequency::TWENTY_FOUR_HOURS)]
    snapshots: Const<delivery_channel::DeliveryFrequency>,
}

/// What a [`ConfigRecorder`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct ConfigRecorderRef {
    /// The role of the recorder.
    pub role: IamRoleRef,
    /// The L1 resource.
    pub recorder: config::ConfigurationRecorderRef,
    /// The L1 resource of the channel.
    pub channel: config::DeliveryChannelRef,
}

impl Construct for ConfigRecorder {
    type Level = Template;
    type Output = ConfigRecorderRef;
    fn build(self, template: &mut Scope<'_>) -> ConfigRecorderRef {
        let is_global = Condition::equals(Value::own_region(), self.global_region);
        let is_global = template.add("is-global-region", is_global);
        let bucket = text!["arn:", Value::own_partition(), ":s3:::", &self.bucket_name];
        // One per region and without a name: regions of a stack set are deployed side by side, and none
        // waits for another's role.
        let trust = Statement::allow(actions!["sts:AssumeRole"])
            .principal(Principal::service(CONFIG))
            .when(Operator::StringEquals, "aws:SourceAccount", Value::own_account());
        let role = IamRole::builder()
            .trust_statements([trust])
            .description("Lets AWS Config read what it records, and write it down")
            .managed_policies([aws_managed_policy("service-role/AWS_ConfigRole")])
            .statements([
                Statement::allow(actions!["s3:GetBucketAcl", "s3:ListBucket"]).resource(&bucket),
                Statement::allow(actions!["s3:PutObject"]).resource(text![
                    bucket,
                    "/AWSLogs/",
                    Value::own_account(),
                    "/Config/*"
                ]),
            ])
            .build();
        let role = template.add("role", role);
        let everything = RecordingGroup::new()
            .all_supported(true)
            .include_global_resource_types(Value::if_(is_global, true, false));
        // CloudFormation starts the recorder once the channel is there; neither waits for the other.
        let recorder = config::ConfigurationRecorder::new(role.arn).recording_group(everything);
        let recorder = template.add("recorder", recorder);
        let snapshots = delivery_channel::ConfigSnapshotDeliveryProperties::new()
            .delivery_frequency(self.snapshots);
        let channel = config::DeliveryChannel::new(self.bucket_name.cast::<BucketName>())
            .config_snapshot_delivery_properties(snapshots);
        let channel = template.add("channel", channel);
        ConfigRecorderRef { role, recorder, channel }
    }
}
