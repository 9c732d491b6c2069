//! The rows: every system of the five pillars.

use std::fmt;

/// A system, and what there is of it.
pub(crate) struct Row {
    pub(crate) system: &'static str,
    pub(crate) construct: &'static str,
    pub(crate) makes: &'static [Made],
    /// A file of the repository, and a function in it.
    pub(crate) test: Option<(&'static str, &'static str)>,
}

/// What a construct makes.
pub(crate) enum Made {
    /// A resource of CloudFormation, by its type.
    Resource(&'static str),
    /// A step of the organization, by its kind.
    Step(&'static str),
    /// Files of the assembly.
    Files { start: &'static str, end: &'static str },
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(kind) => f.write_str(kind),
            Self::Step(kind) => write!(f, "step {kind}"),
            Self::Files { start, end } => write!(f, "{start}**{end}"),
        }
    }
}

/// The construct is a type: a row that names none does not compile.
macro_rules! rows {
    ($($system:literal: $($construct:ident)::+ => [$($made:expr),+ $(,)?], $test:expr;)+) => {{
        $(const _: fn() = || { let _ = size_of::<accel::constructs::$($construct)::+>(); };)+
        &[$(Row {
            system: $system,
            construct: stringify!($($construct)::+),
            makes: &[$($made),+],
            test: $test,
        }),+]
    }};
}

pub(crate) const PILLARS: &[(&str, &[Row])] = &[
    (
        "Foundation",
        rows! {
            "Organization": foundation::Organization => [Made::Step("organization"), Made::Step("all-features")], Some(("accel-constructs/tests/aws/foundation.rs", "an_organization_without_anything_has_steps_and_no_stack"));
            "Organizational units": foundation::OrganizationalUnit => [Made::Step("organizational-unit")], Some(("accel-constructs/tests/aws/foundation.rs", "units_nest_and_are_named_within_their_parent"));
            "Accounts": foundation::Account => [Made::Step("account"), Made::Step("account-unit")], Some(("accel-constructs/tests/aws/foundation.rs", "an_account_is_made_then_moved_then_tagged"));
            "Account settings": foundation::OrganizationStep => [Made::Step("password-policy"), Made::Step("s3-public-access-block"), Made::Step("ebs-encryption")], Some(("accel-constructs/tests/foundation_steps.rs", "calls_are_as_their_service_describes_them"));
            "Account baseline": foundation::Baseline => [Made::Files { start: "stack-sets/accelerator-organization-baseline", end: ".json" }, Made::Resource("AWS::EC2::SnapshotBlockPublicAccess")], Some(("accel-constructs/tests/aws/foundation.rs", "a_baseline_is_a_stack_set_and_stacks_of_the_management_account"));
            "Audit trail and its archive": foundation::OrganizationTrail => [Made::Resource("AWS::CloudTrail::Trail")], Some(("accel-constructs/tests/aws/foundation.rs", "the_trail_is_in_the_management_account_and_its_log_in_another"));
            "Configuration history": foundation::OrganizationConfig => [Made::Resource("AWS::Config::ConfigurationRecorder"), Made::Resource("AWS::Config::ConfigurationAggregator")], Some(("accel-constructs/tests/aws/everywhere.rs", "config_records_what_is_global_in_one_region"));
            "Budgets": foundation::MonthlyBudget => [Made::Resource("AWS::Budgets::Budget")], Some(("accel-constructs/tests/aws/everywhere.rs", "a_budget_tells_before_it_is_too_late"));
            "Addresses": foundation::CidrPlan => [Made::Resource("AWS::EC2::VPC")], Some(("accel-constructs/tests/aws/network.rs", "each_account_has_a_block_and_each_region_a_part_of_it"));
            "Networks": foundation::Vpc => [Made::Resource("AWS::EC2::VPC"), Made::Resource("AWS::EC2::Subnet"), Made::Resource("AWS::EC2::NatGateway")], Some(("accel-constructs/tests/aws/platform.rs", "a_vpc_has_two_tiers_over_three_zones"));
            "Flow logs in the archive": foundation::LogArchive => [Made::Resource("AWS::EC2::FlowLog")], Some(("accel-constructs/tests/aws/everywhere.rs", "flow_logs_go_to_the_archive_and_come_from_the_organization_alone"));
            "Transit Gateway": foundation::TransitGateway => [Made::Resource("AWS::EC2::TransitGateway"), Made::Resource("AWS::EC2::TransitGatewayAttachment"), Made::Resource("AWS::RAM::ResourceShare")], Some(("accel-constructs/tests/aws/network.rs", "an_attachment_has_routes_there_and_back"));
            "DNS": foundation::PrimaryZone => [Made::Resource("AWS::Route53::HostedZone")], Some(("accel-constructs/tests/aws/dns.rs", "the_name_servers_of_a_part_stand_in_the_zone_above"));
            "Certificates": foundation::Certificate => [Made::Resource("AWS::CertificateManager::Certificate")], Some(("accel-constructs/tests/aws/dns.rs", "a_certificate_waits_for_the_delegation_that_proves_it"));
            "People": foundation::IdentityCenter => [Made::Resource("AWS::SSO::PermissionSet"), Made::Resource("AWS::SSO::Assignment")], Some(("accel-constructs/tests/aws/identity_center.rs", "a_group_is_let_into_each_account_with_a_permission_set"));
            "Machines": foundation::GithubAccess => [Made::Resource("AWS::IAM::OIDCProvider")], Some(("accel-constructs/tests/aws/everywhere.rs", "workflows_get_into_every_account_by_both_forms_of_their_subject"));
        },
    ),
    (
        "Platform",
        rows! {
            "Kubernetes": platform::EksCluster => [Made::Resource("AWS::EKS::Cluster"), Made::Resource("AWS::EKS::Nodegroup"), Made::Resource("AWS::EKS::Addon"), Made::Resource("AWS::EKS::AccessEntry")], Some(("accel-constructs/tests/aws/platform.rs", "a_cluster_is_private_encrypted_and_logged"));
            "Identities of pods": platform::BackingServices => [Made::Resource("AWS::EKS::PodIdentityAssociation")], Some(("accel-constructs/tests/aws/gitops.rs", "each_backing_service_has_a_role_for_just_its_work"));
            "GitOps": platform::BackingApplications => [Made::Files { start: "gitops/", end: ".yaml" }], Some(("accel-constructs/tests/aws/gitops.rs", "backing_applications_name_cluster_region_vpc_and_role"));
            "Containers without Kubernetes": platform::EcsCluster => [Made::Resource("AWS::ECS::Cluster")], Some(("accel-constructs/tests/aws/ecs.rs", "a_cluster_has_insights_and_both_kinds_of_capacity"));
            "Services on Fargate": platform::FargateService => [Made::Resource("AWS::ECS::Service"), Made::Resource("AWS::ApplicationAutoScaling::ScalingPolicy")], Some(("accel-constructs/tests/aws/ecs.rs", "a_service_answers_requests_of_its_load_balancer"));
            "Load balancers": platform::LoadBalancer => [Made::Resource("AWS::ElasticLoadBalancingV2::LoadBalancer"), Made::Resource("AWS::ElasticLoadBalancingV2::Listener")], Some(("accel-constructs/tests/aws/load_balancer.rs", "http_is_redirected_and_https_answers_with_a_page"));
            "API gateway": platform::HttpApi => [Made::Resource("AWS::ApiGatewayV2::Api"), Made::Resource("AWS::ApiGatewayV2::VpcLink")], Some(("accel-constructs/tests/aws/ecs.rs", "an_api_reaches_the_internal_load_balancer_through_a_link"));
            "Images": platform::EcrRepository => [Made::Resource("AWS::ECR::Repository")], Some(("accel-constructs/tests/aws/ecs.rs", "images_are_kept_and_pulled_as_is_said"));
            "Sites": platform::StaticSite => [Made::Resource("AWS::CloudFront::Distribution")], Some(("accel-constructs/tests/aws/static_site.rs", "only_the_distribution_reads_the_files"));
        },
    ),
    (
        "Release engineering",
        rows! {
            "Roles of workflows": release::GithubRole => [Made::Resource("AWS::IAM::Role")], Some(("accel-constructs/tests/aws/everywhere.rs", "workflows_get_into_every_account_by_both_forms_of_their_subject"));
            "Infrastructure": release::archetypes::InfraWorkflows => [Made::Files { start: "github/acme/infrastructure/", end: ".yml" }], Some(("accel-constructs/src/release/archetypes/tests.rs", "the_infrastructure_is_planned_deployed_and_watched"));
            "Services": release::archetypes::MicroserviceWorkflows => [Made::Files { start: "github/acme/shop/", end: ".yml" }, Made::Files { start: "github/acme/mail/", end: ".yml" }], Some(("accel-constructs/src/release/archetypes/tests.rs", "a_service_goes_from_the_pull_request_to_production_through_gitops"));
            "Single-page applications": release::archetypes::SpaWorkflows => [Made::Files { start: "github/acme/web/", end: ".yml" }], Some(("accel-constructs/src/release/archetypes/tests.rs", "a_site_is_built_once_and_synced"));
            "Libraries": release::archetypes::LibraryWorkflows => [Made::Files { start: "github/acme/money/", end: ".yml" }], Some(("accel-constructs/src/release/archetypes/tests.rs", "a_library_is_tested_in_a_matrix_and_published_without_a_secret"));
            "Programs": release::archetypes::ExecutableWorkflows => [Made::Files { start: "github/acme/shopctl/", end: ".yml" }], Some(("accel-constructs/src/release/archetypes/tests.rs", "an_executable_is_released_with_checksums_and_attestations"));
        },
    ),
    (
        "Site reliability",
        rows! {
            "Metrics of accounts": sre::datadog::DatadogAwsAccount => [Made::Files { start: "datadog/acme/aws-accounts/", end: ".json" }, Made::Files { start: "stack-sets/accelerator-organization-datadog", end: ".json" }], Some(("accel-constructs/tests/aws/incident.rs", "datadog_is_told_of_an_account_when_its_id_is_known"));
            "Monitors": sre::Monitors => [Made::Files { start: "datadog/acme/monitors/", end: ".json" }], Some(("accel-constructs/tests/aws/monitors.rs", "a_cluster_brings_monitors_with_its_name_and_place"));
            "Objectives": sre::datadog::DatadogSlo => [Made::Files { start: "datadog/acme/slos/", end: ".json" }], Some(("accel-constructs/tests/sre_datadog/slo.rs", "an_objective_of_metrics_is_a_formula_over_named_queries"));
            "Burn rates": sre::datadog::BurnRateMonitors => [Made::Files { start: "datadog/acme/monitors/shop-burn.", end: ".json" }], Some(("accel-constructs/tests/sre_datadog/slo.rs", "burn_rates_are_looked_at_over_a_long_and_a_short_window"));
            "Dashboards": sre::datadog::DatadogDashboard => [Made::Files { start: "datadog/acme/dashboards/", end: ".json" }], Some(("accel-constructs/tests/sre_datadog/pages.rs", "a_dashboard_has_what_it_was_given"));
            "Synthetic tests": sre::datadog::HttpTest => [Made::Files { start: "datadog/acme/synthetics/", end: ".json" }], Some(("accel-constructs/tests/sre_datadog/pages.rs", "a_synthetic_test_has_what_it_was_given"));
            "Teams": sre::incident::Team => [Made::Files { start: "incident/datadog-on-call/teams/", end: ".json" }, Made::Files { start: "incident/opsgenie/teams/", end: ".json" }], Some(("accel-constructs/tests/aws/incident.rs", "datadog_on_call_knows_things_by_ids_that_are_edges"));
            "Schedules, escalations, routing": sre::incident::Schedule => [Made::Files { start: "incident/datadog-on-call/schedules/", end: ".json" }, Made::Files { start: "incident/datadog-on-call/escalation-policies/", end: ".json" }, Made::Files { start: "incident/datadog-on-call/routing-rules/", end: ".json" }], Some(("accel-constructs/tests/aws/incident.rs", "opsgenie_knows_things_by_their_names"));
        },
    ),
    (
        "Security and compliance",
        rows! {
            "Threats": security::GuardDuty => [Made::Resource("AWS::GuardDuty::Detector"), Made::Step("guardduty-administrator"), Made::Step("guardduty-configuration")], Some(("accel-constructs/tests/aws/security.rs", "guardduty_is_set_up_in_the_order_that_works"));
            "Findings and standards": security::SecurityHub => [Made::Resource("AWS::SecurityHub::ConfigurationPolicy"), Made::Resource("AWS::SecurityHub::FindingAggregator")], Some(("accel-constructs/tests/aws/security.rs", "security_hub_is_configured_in_one_place_after_its_administrator_is_named"));
            "Weaknesses": security::Inspector => [Made::Step("inspector-administrator")], Some(("accel-constructs/tests/aws/security.rs", "inspector_is_switched_on_by_a_policy_that_waits_for_its_administrator"));
            "Personal data": security::Macie => [Made::Resource("AWS::Macie::Session"), Made::Step("macie-member")], Some(("accel-constructs/tests/aws/security.rs", "macie_takes_the_accounts_that_are_there_and_those_that_join"));
            "External access": security::AccessAnalyzer => [Made::Resource("AWS::AccessAnalyzer::Analyzer")], Some(("accel-constructs/tests/aws/security.rs", "analyzers_look_at_the_whole_organization_from_one_account"));
            "Guardrails": security::Guardrails => [Made::Resource("AWS::Organizations::Policy")], Some(("accel-constructs/tests/aws/catalogue.rs", "without_one_of_them_a_probe_ends_otherwise"));
            "Findings by severity": security::FindingsRouting => [Made::Resource("AWS::Events::Rule"), Made::Resource("AWS::SNS::Topic")], Some(("accel-constructs/tests/aws/findings.rs", "each_severity_has_a_rule_a_topic_and_its_receivers"));
            "Evidence": security::ComplianceReport => [Made::Files { start: "compliance/report", end: ".json" }], Some(("accel-constructs/tests/aws/compliance.rs", "every_piece_of_evidence_is_found_again_in_the_file_it_names"));
        },
    ),
];
