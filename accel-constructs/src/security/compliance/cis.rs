//! The controls of the CIS AWS Foundations Benchmark 5.0.0, by number; what they ask for is said in our
//! own words. Which control of AWS Security Hub looks at what:
//! <https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html>.

use accel_core::{
    Region,
    compliance::{Control, Evidence, Framework},
};

use crate::security::OrganizationGuardrail;

/// The CIS AWS Foundations Benchmark 5.0.0, for an organization in `regions`: what is asked for per
/// region is looked for in each of them.
pub fn cis_aws_foundations_5(regions: impl IntoIterator<Item = Region>) -> Framework {
    let regions: Vec<Region> = regions.into_iter().collect();
    let mut framework = Framework::new("cis-aws-foundations-5.0.0");
    framework.extend(identity(&regions));
    framework.extend(storage(&regions));
    framework.extend(logging(&regions));
    framework.extend(monitoring());
    framework.extend(network(&regions));
    framework
}

fn identity(regions: &[Region]) -> Vec<Control> {
    let no_users = || guardrail(&OrganizationGuardrail::iam_deny_users());
    let central_root = || Evidence::step("root-credentials-management");
    let passwords = || Evidence::step("password-policy").in_every_account();
    let security_contact = Evidence::step("alternate-contact")
        .is("/call/request/AlternateContactType", "SECURITY")
        .in_every_account();
    let outsiders = Evidence::resource("AWS::AccessAnalyzer::Analyzer");
    let outsiders = outsiders.is("/Type", "ORGANIZATION").in_regions(regions.to_vec()).or(
        Evidence::resource("AWS::AccessAnalyzer::Analyzer")
            .is("/Type", "ACCOUNT")
            .in_regions(regions.to_vec()),
    );
    let no_root_keys = guardrail(&OrganizationGuardrail::root_deny_keys()).or(central_root());
    let no_root = guardrail(&OrganizationGuardrail::root_deny_actions());
    vec![
        Control::manual("1.1", "AWS knows how to reach the owner of each account"),
        Control::configured("1.2", "AWS knows whom to tell of incidents", [security_contact]),
        Control::enforced("1.3", "Root users have no access keys", [no_root_keys]),
        Control::manual("1.4", "Root users sign in with a second factor"),
        Control::manual("1.5", "The second factor of root users is a device"),
        Control::enforced("1.6", "Root users are not used from day to day", [no_root]),
        Control::configured(
            "1.7",
            "Passwords have 14 characters",
            [passwords().at_least("/call/request/MinimumPasswordLength", 14)],
        ),
        Control::configured(
            "1.8",
            "The last 24 passwords are not used again",
            [passwords().at_least("/call/request/PasswordReusePrevention", 24)],
        ),
        Control::detected("1.9", "Users with a password have a second factor", watched()),
        Control::enforced("1.10", "New users get no access keys with their password", [no_users()]),
        Control::detected("1.11", "Credentials unused for 45 days are gone", watched()),
        Control::enforced("1.12", "Users have one access key at most", [no_users()]),
        Control::detected("1.13", "Access keys are younger than 90 days", watched()),
        Control::detected("1.14", "Users get permissions through groups", watched()),
        Control::detected("1.15", "No policy allows everything on everything", watched()),
        Control::detected("1.16", "Somebody may open cases with AWS Support", watched()),
        Control::manual("1.17", "Instances have roles, not keys"),
        Control::detected("1.18", "Expired certificates are removed from IAM", watched()),
        Control::configured("1.19", "What outsiders can reach is analyzed per region", [outsiders]),
        Control::enforced("1.20", "People come from one directory", [no_users()]),
        Control::detected("1.21", "Full access to CloudShell is nobody's", watched()),
    ]
}

fn storage(regions: &[Region]) -> Vec<Control> {
    let session = Evidence::resource("AWS::Macie::Session").is("/Status", "ENABLED");
    let session = session.in_regions(regions.to_vec());
    let macie = Evidence::step("macie-configuration").in_regions(regions.to_vec());
    let private = Evidence::step("s3-public-access-block").in_every_account();
    let private =
        private.or(Evidence::resource("AWS::Organizations::Policy").is("/Type", "S3_POLICY"));
    let tls = guardrail(&OrganizationGuardrail::s3_require_tls());
    vec![
        Control::enforced("2.1.1", "Buckets refuse requests without TLS", [tls]),
        Control::detected("2.1.2", "Versions are deleted with a second factor alone", watched()),
        Control::configured(
            "2.1.3",
            "What data there is, is found and classified",
            [session, macie],
        ),
        Control::configured("2.1.4", "No bucket of any account is public", [private]),
        Control::detected("2.2.1", "Databases are encrypted", watched()),
        Control::detected("2.2.2", "Databases take minor versions by themselves", watched()),
        Control::detected("2.2.3", "Databases are not public", watched()),
        Control::detected("2.2.4", "Databases are in several zones", watched()),
        Control::detected("2.3.1", "File systems are encrypted", watched()),
    ]
}

fn logging(regions: &[Region]) -> Vec<Control> {
    let trail = || {
        Evidence::resource("AWS::CloudTrail::Trail")
            .is("/IsLogging", true)
            .is("/IsMultiRegionTrail", true)
    };
    let data_events = |kind: &'static str| {
        let selectors = trail().contains("/EventSelectors/*/ReadWriteType", kind);
        let all = trail().is("/EventSelectors/*/ReadWriteType", "All");
        let all = all.contains("/EventSelectors", "AWS::S3::Object");
        let advanced = trail().contains("/AdvancedEventSelectors", "AWS::S3::Object");
        selectors.contains("/EventSelectors", "AWS::S3::Object").or(all).or(advanced)
    };
    let recorder = Evidence::resource("AWS::Config::ConfigurationRecorder");
    let recorder = recorder.in_regions(regions.to_vec());
    let whole = trail().is("/IsOrganizationTrail", true).is("/IncludeGlobalServiceEvents", true);
    let access = Evidence::resource("AWS::S3::Bucket").present("/LoggingConfiguration");
    let rotated = Evidence::every_resource("AWS::KMS::Key").is("/EnableKeyRotation", true);
    let flows = Evidence::resource("AWS::EC2::FlowLog").is("/ResourceType", "VPC");
    vec![
        Control::configured("3.1", "A trail records all regions", [whole]),
        Control::configured(
            "3.2",
            "Changes of the log would be noticed",
            [trail().is("/EnableLogFileValidation", true)],
        ),
        Control::configured("3.3", "AWS Config records in all regions", [recorder]),
        Control::configured("3.4", "Who reads the log is logged", [trail(), access]),
        Control::configured(
            "3.5",
            "The log is encrypted by a key of ours",
            [trail().present("/KMSKeyId")],
        ),
        Control::configured("3.6", "Keys are rotated", [rotated]),
        Control::configured("3.7", "Networks have flow logs", [flows]),
        Control::configured("3.8", "Writing objects is recorded", [data_events("WriteOnly")]),
        Control::configured("3.9", "Reading objects is recorded", [data_events("ReadOnly")]),
    ]
}

/// Alarms on what the trail records: a metric filter or a rule that names the event.
fn monitoring() -> Vec<Control> {
    let events = [
        ("4.1", "Calls that are denied raise an alarm", "UnauthorizedOperation"),
        ("4.2", "Sign-ins without a second factor raise an alarm", "MFAUsed"),
        ("4.3", "Root users raise an alarm", "Root"),
        ("4.4", "Changes of IAM policies raise an alarm", "PutRolePolicy"),
        ("4.5", "Changes of trails raise an alarm", "StopLogging"),
        ("4.6", "Failed sign-ins raise an alarm", "Failed authentication"),
        ("4.7", "Deleting keys raises an alarm", "ScheduleKeyDeletion"),
        ("4.8", "Changes of bucket policies raise an alarm", "PutBucketPolicy"),
        ("4.9", "Changes of AWS Config raise an alarm", "StopConfigurationRecorder"),
        ("4.10", "Changes of security groups raise an alarm", "AuthorizeSecurityGroupIngress"),
        ("4.11", "Changes of network ACLs raise an alarm", "CreateNetworkAcl"),
        ("4.12", "Changes of gateways raise an alarm", "AttachInternetGateway"),
        ("4.13", "Changes of routes raise an alarm", "CreateRoute"),
        ("4.14", "Changes of VPCs raise an alarm", "CreateVpc"),
        ("4.15", "Changes of the organization raise an alarm", "organizations.amazonaws.com"),
    ];
    let alarm = |(id, title, event): (&'static str, &'static str, &'static str)| {
        let filter =
            Evidence::resource("AWS::Logs::MetricFilter").contains("/FilterPattern", event);
        let rule = Evidence::resource("AWS::Events::Rule").contains("/EventPattern", event);
        Control::configured(id, title, [filter.or(rule)])
    };
    let mut controls: Vec<Control> = events.into_iter().map(alarm).collect();
    controls.push(Control::configured("4.16", "AWS Security Hub is on", [security_hub()]));
    controls
}

fn network(regions: &[Region]) -> Vec<Control> {
    let disks = Evidence::step("ebs-encryption").in_every_account().in_regions(regions.to_vec());
    let tokens = guardrail(&OrganizationGuardrail::ec2_require_imdsv2()).or(Evidence::resource(
        "AWS::Organizations::Policy",
    )
    .is("/Content/ec2_attributes/instance_metadata_defaults/http_tokens/@@assign", "required"));
    vec![
        Control::configured("5.1.1", "New disks are encrypted", [disks]),
        Control::manual("5.1.2", "Windows shares are open to trusted networks alone"),
        Control::detected("5.2", "Network ACLs keep the internet from remote consoles", watched()),
        Control::detected("5.3", "Security groups keep IPv4 from remote consoles", watched()),
        Control::detected("5.4", "Security groups keep IPv6 from remote consoles", watched()),
        Control::detected("5.5", "Default security groups let nothing through", watched()),
        Control::manual("5.6", "Peered networks reach what they need alone"),
        Control::configured("5.7", "Instances ask for their metadata with tokens", [tokens]),
    ]
}

/// A policy of the organization that has the guardrail's statement.
fn guardrail(guardrail: &OrganizationGuardrail) -> Evidence {
    Evidence::resource("AWS::Organizations::Policy")
        .contains("/Content/Statement/*/Sid", guardrail.sid())
        .present("/TargetIds/*")
}

fn security_hub() -> Evidence {
    Evidence::resource("AWS::SecurityHub::ConfigurationPolicy")
        .is("/ConfigurationPolicy/SecurityHub/ServiceEnabled", true)
}

/// Controls of AWS Security Hub look at it all the time; they need what AWS Config records.
fn watched() -> [Evidence; 2] {
    let standard = "cis-aws-foundations-benchmark/v/5.0.0";
    let standards = "/ConfigurationPolicy/SecurityHub/EnabledStandardIdentifiers";
    [
        security_hub().contains(standards, standard),
        Evidence::resource("AWS::Config::ConfigurationRecorder"),
    ]
}
