//! Accounts that join or leave the units of a stack set, and accounts that are suspended.

use accel_deploy::{Call, Cloud as _, Protocol, cloud::cloudformation::StackInstance};
use serde_json::{Value, json};

use super::*;

/// An organization with the units `apps` and, below it, `prod`.
struct Organization {
    sets: Sets,
    apps: String,
    prod: String,
}

impl Organization {
    async fn new() -> Self {
        let mut it = Self {
            sets: Sets { cloud: SimulatedCloud::new() },
            apps: String::new(),
            prod: String::new(),
        };
        it.organizations("CreateOrganization", json!({})).await;
        let service = "member.org.stacksets.cloudformation.amazonaws.com";
        it.organizations("EnableAWSServiceAccess", json!({ "ServicePrincipal": service })).await;
        it.apps = it.unit("apps", "r-sim1").await;
        it.prod = it.unit("prod", &it.apps).await;
        it
    }

    async fn organizations(&self, action: &'static str, request: Value) -> Value {
        let protocol = Protocol::Json { target: "AWSOrganizationsV20161128".into() };
        let service = "organizations".into();
        let call = Call { service, action: action.into(), protocol, request };
        self.sets.cloud.send(&Place::caller("us-east-1"), call).await.expect("it is taken")
    }

    async fn unit(&self, name: &str, parent: &str) -> String {
        let request = json!({ "Name": name, "ParentId": parent });
        let reply = self.organizations("CreateOrganizationalUnit", request).await;
        reply["OrganizationalUnit"]["Id"].as_str().expect("an id").to_owned()
    }

    /// An account of the root.
    async fn account(&self, name: &str) -> String {
        let request = json!({ "AccountName": name, "Email": format!("{name}@example.com") });
        let reply = self.organizations("CreateAccount", request).await;
        let id = &reply["CreateAccountStatus"]["Id"];
        after(45).await;
        let request = json!({ "CreateAccountRequestId": id });
        let reply = self.organizations("DescribeCreateAccountStatus", request).await;
        reply["CreateAccountStatus"]["AccountId"].as_str().expect("an id").to_owned()
    }

    async fn moved(&self, account: &str, from: &str, to: &str) {
        let request = json!({
            "AccountId": account, "SourceParentId": from, "DestinationParentId": to,
        });
        self.organizations("MoveAccount", request).await;
    }

    /// A stack set that deploys by itself to `units` in eu-west-1.
    async fn set(&self, name: &str, units: &[&str], depends_on: Option<Vec<String>>) {
        let create = CreateStackSet {
            stack_set_name: name.to_owned(),
            template_body: Some(TEMPLATE.to_owned()),
            permission_model: Some("SERVICE_MANAGED".to_owned()),
            auto_deployment: Some(AutoDeployment {
                enabled: Some(true),
                retain_stacks_on_account_removal: Some(false),
                depends_on,
            }),
            ..CreateStackSet::default()
        };
        self.sets.send(&create).await.expect("a name that is free");
        let targets = DeploymentTargets {
            organizational_unit_ids: Some(units.iter().map(|unit| (*unit).to_owned()).collect()),
            account_filter_type: Some("NONE".to_owned()),
            accounts: None,
        };
        let create = CreateStackInstances {
            stack_set_name: name.to_owned(),
            deployment_targets: Some(targets),
            regions: vec!["eu-west-1".to_owned()],
            ..CreateStackInstances::default()
        };
        self.sets.send(&create).await.expect("it is taken");
        after(600).await;
    }

    async fn instances(&self, name: &str) -> Vec<StackInstance> {
        let list = ListStackInstances { stack_set_name: name.to_owned(), ..Default::default() };
        self.sets.send(&list).await.expect("a set").summaries
    }

    async fn is_current(&self, name: &str, account: &str) -> bool {
        let instances = self.instances(name).await;
        instances.iter().any(|it| it.account == account && it.status == "CURRENT")
    }
}

/// "StackSets automatically deploys additional stack instances to accounts that are added to a target
/// organization or organizational unit in the specified Regions. If an account is removed from a target, StackSets
/// deletes stack instances from the account."
#[tokio::test(start_paused = true)]
async fn an_account_that_joins_a_unit_gets_instances_and_loses_them_when_it_leaves() {
    let org = Organization::new().await;
    let account = org.account("a").await;
    org.set(SET, &[&org.apps], None).await;
    assert_eq!(org.instances(SET).await.len(), 0);
    org.moved(&account, "r-sim1", &org.prod).await;
    assert_eq!(org.instances(SET).await[0].status, "OUTDATED");
    assert_eq!(org.sets.refused(&update("mine")).await, "OperationInProgressException");
    after(60).await;
    assert!(org.is_current(SET, &account).await);
    // From one wanted place to another: nothing to do.
    org.moved(&account, &org.prod, &org.apps).await;
    assert!(org.is_current(SET, &account).await);
    org.moved(&account, &org.apps, "r-sim1").await;
    after(60).await;
    assert_eq!(org.instances(SET).await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_new_account_is_in_the_root() {
    let org = Organization::new().await;
    org.set(SET, &["r-sim1"], None).await;
    let account = org.account("a").await;
    after(60).await;
    assert!(org.is_current(SET, &account).await);
}

/// "Operations will be sequenced to ensure all dependencies complete successfully before this StackSet's operation
/// begins."
#[tokio::test(start_paused = true)]
async fn a_set_that_depends_on_another_comes_after_it() {
    let org = Organization::new().await;
    let account = org.account("a").await;
    org.set("zzz", &[&org.apps], None).await;
    let arn = "arn:aws:cloudformation:us-east-1:999999999999:stackset/zzz:1".to_owned();
    org.set(SET, &[&org.apps], Some(vec![arn])).await;
    org.moved(&account, "r-sim1", &org.apps).await;
    after(60).await;
    assert!(org.is_current("zzz", &account).await);
    assert!(!org.is_current(SET, &account).await);
    after(60).await;
    assert!(org.is_current(SET, &account).await);
}

/// "StackSets will skip target accounts that are suspended", and that is no failure.
#[tokio::test(start_paused = true)]
async fn a_suspended_account_is_skipped() {
    let org = Organization::new().await;
    let account = org.account("a").await;
    org.moved(&account, "r-sim1", &org.apps).await;
    org.sets.cloud.world(|world| {
        let accounts = &mut world.organization.as_mut().expect("an organization").accounts;
        accounts.get_mut(&account).expect("an account").state = "SUSPENDED".to_owned();
    });
    org.set(SET, &[&org.apps], None).await;
    assert_eq!(org.sets.status("unnamed-1").await, "SUCCEEDED");
    let instance = &org.instances(SET).await[0];
    let detailed = instance.stack_instance_status.as_ref().expect("a status");
    assert_eq!(instance.status, "OUTDATED");
    assert_eq!(detailed.detailed_status.as_deref(), Some("SKIPPED_SUSPENDED_ACCOUNT"));
}

/// "Note that UNION is not supported for CreateStackInstances operations."
#[tokio::test(start_paused = true)]
async fn instances_are_not_created_for_a_union() {
    let org = Organization::new().await;
    org.set(SET, &[&org.apps], None).await;
    let targets = DeploymentTargets {
        organizational_unit_ids: Some(vec![org.apps.clone()]),
        account_filter_type: Some("UNION".to_owned()),
        accounts: Some(vec![account(1)]),
    };
    let create = CreateStackInstances {
        accounts: None,
        deployment_targets: Some(targets),
        ..create("union", 1..=1)
    };
    assert_eq!(org.sets.refused(&create).await, "InvalidOperationException");
}
