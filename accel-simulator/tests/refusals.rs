//! What CloudFormation refuses, of stacks and of stack sets.

use std::time::Duration;

use accel_deploy::{
    Call, Cloud as _, CloudError, Operation, Place, Protocol,
    cloud::{
        CloudExt as _,
        cloudformation::{
            AutoDeployment, ChangeSet, CreateChangeSet, CreateStackInstances, CreateStackSet,
            DeploymentTargets, DescribeChangeSet, ListStackInstances, Parameter, Tag,
            UpdateStackSet,
        },
        s3::{CreateBucket, PutObject},
    },
};
use accel_simulator::SimulatedCloud;
use serde_json::{Map, Value, json};

struct Refusing {
    cloud: SimulatedCloud,
}

/// A template that is taken, but for what is put into it.
fn template(change: impl FnOnce(&mut Value)) -> String {
    let mut template = json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}});
    change(&mut template);
    template.to_string()
}

fn many(count: usize, of: &Value) -> Value {
    let members = (0..count).map(|index| (format!("Member{index}"), of.clone()));
    Value::Object(members.collect::<Map<_, _>>())
}

fn role() -> Value {
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]});
    json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}})
}

fn named_role() -> Value {
    let mut role = role();
    role["Properties"]["RoleName"] = "admin".into();
    role
}

impl Refusing {
    fn new() -> Self {
        Self { cloud: SimulatedCloud::new() }
    }

    /// With an organization in which StackSets is trusted.
    async fn in_organization() -> Self {
        let it = Self::new();
        let service = "member.org.stacksets.cloudformation.amazonaws.com";
        for (action, request) in [
            ("CreateOrganization", json!({})),
            ("EnableAWSServiceAccess", json!({ "ServicePrincipal": service })),
        ] {
            let protocol = Protocol::Json { target: "AWSOrganizationsV20161128".into() };
            let service = "organizations".into();
            let call = Call { service, action: action.into(), protocol, request };
            it.cloud
                .send(&Place::caller("us-east-1"), call)
                .await
                .expect("an organization is made");
        }
        it
    }

    async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, CloudError> {
        self.cloud.call(&Place::caller("eu-west-1"), operation).await
    }

    /// What is said of a stack and of a stack set with a template: the same of both.
    async fn both(&self, template: &str, capabilities: &[&str]) -> Result<(), String> {
        let capabilities: Vec<String> = capabilities.iter().map(|it| (*it).to_owned()).collect();
        let body = Some(template.to_owned());
        let stack = CreateChangeSet {
            template_body: body.clone(),
            capabilities: capabilities.clone(),
            ..stack("a")
        };
        self.agree(&stack, &CreateStackSet { template_body: body, capabilities, ..set("a") }).await
    }

    /// The same of a template in a bucket.
    async fn both_by_url(&self, template: &str) -> Result<(), String> {
        let (bucket, key) = ("templates".to_owned(), "template.json".to_owned());
        self.send(&CreateBucket { bucket: bucket.clone() }).await.expect("a bucket");
        let body = template.to_owned();
        let (if_none_match, if_match, content_type) = (None, None, None);
        let put = PutObject { bucket, key, body, if_none_match, if_match, content_type };
        self.send(&put).await.expect("it is written");
        let url = Some("https://templates.s3.eu-west-1.amazonaws.com/template.json".to_owned());
        let (template_body, template_u_r_l) = (None, url.clone());
        let stack = CreateChangeSet { template_body, template_u_r_l, ..stack("a") };
        let set = CreateStackSet { template_body: None, template_u_r_l: url, ..set("a") };
        self.agree(&stack, &set).await
    }

    /// The same of a parameter's value.
    async fn both_with(&self, value: &str) -> Result<(), String> {
        let parameters = vec![Parameter {
            parameter_key: "Size".to_owned(),
            parameter_value: Some(value.to_owned()),
            use_previous_value: None,
        }];
        let template = template(|it| it["Parameters"] = json!({"Size": {"Type": "String"}}));
        let template_body = Some(template);
        let stack = CreateChangeSet {
            template_body: template_body.clone(),
            parameters: parameters.clone(),
            ..stack("a")
        };
        self.agree(&stack, &CreateStackSet { template_body, parameters, ..set("a") }).await
    }

    async fn agree(&self, stack: &CreateChangeSet, set: &CreateStackSet) -> Result<(), String> {
        let code = |error: CloudError| format!("{}: {}", error.code, error.message);
        let of_stack = self.send(stack).await.map(|_| ()).map_err(code);
        let of_set = self.send(set).await.map(|_| ()).map_err(code);
        assert_eq!(of_stack, of_set);
        of_stack
    }

    async fn change_set(&self) -> ChangeSet {
        let describe = DescribeChangeSet {
            change_set_name: "change".to_owned(),
            stack_name: Some("a".to_owned()),
            ..DescribeChangeSet::default()
        };
        self.send(&describe).await.expect("a change set")
    }
}

fn stack(name: &str) -> CreateChangeSet {
    CreateChangeSet {
        stack_name: name.to_owned(),
        change_set_name: "change".to_owned(),
        change_set_type: Some("CREATE".to_owned()),
        template_body: Some(template(|_| {})),
        ..CreateChangeSet::default()
    }
}

fn set(name: &str) -> CreateStackSet {
    CreateStackSet {
        stack_set_name: name.to_owned(),
        template_body: Some(template(|_| {})),
        ..CreateStackSet::default()
    }
}

#[tokio::test(start_paused = true)]
async fn templates_that_are_none_are_refused() {
    for (template, says) in [
        ("{".to_owned(), "Template format error: JSON not well-formed."),
        ("{}".to_owned(), "At least one Resources member must be defined."),
        (
            template(|it| it["Resources"]["Topic"]["Type"] = "AWS::SNS::Topik".into()),
            "Template format error: Unrecognized resource types: [AWS::SNS::Topik]",
        ),
        (
            template(|it| it["Parameters"] = json!({"Size": {"Type": "Number"}})),
            "Parameters: [Size] must have values",
        ),
    ] {
        let refused = Refusing::new().both(&template, &[]).await.unwrap_err();
        assert!(refused.starts_with(&format!("ValidationError: {says}")), "{refused}");
    }
    Refusing::new().both(&template(|_| {}), &[]).await.unwrap();
    // What its owner publishes, nobody else knows.
    let custom = template(|it| it["Resources"]["Topic"]["Type"] = "Custom::Topic".into());
    Refusing::new().both(&custom, &[]).await.unwrap();
}

/// A template of so many bytes.
fn sized(bytes: usize) -> String {
    let mut template = template(|_| {});
    template.push_str(&" ".repeat(bytes - template.len()));
    template
}

#[tokio::test(start_paused = true)]
async fn what_is_as_much_as_may_be_is_taken_and_more_is_not() {
    let topic = json!({"Type": "AWS::SNS::Topic"});
    let parameter = |count: usize| {
        move |it: &mut Value| {
            it["Parameters"] = many(count, &json!({"Type": "String", "Default": "a"}));
        }
    };
    let default = |bytes: usize| {
        move |it: &mut Value| {
            it["Parameters"] = json!({"Size": {"Type": "String", "Default": "x".repeat(bytes)}});
        }
    };
    let description = |bytes| move |it: &mut Value| it["Description"] = "x".repeat(bytes).into();
    let outputs = |count| move |it: &mut Value| it["Outputs"] = many(count, &json!({"Value": "a"}));
    let mappings =
        |count| move |it: &mut Value| it["Mappings"] = many(count, &json!({"A": {"B": "C"}}));
    let by_topics = |count: usize| template(|it| it["Resources"] = many(count, &topic));
    for (most, one_more, says) in [
        (by_topics(500), by_topics(501), "Number of resources, 501,"),
        (template(parameter(200)), template(parameter(201)), "Number of parameters, 201,"),
        (template(outputs(200)), template(outputs(201)), "Number of outputs, 201,"),
        (template(mappings(200)), template(mappings(201)), "Number of mappings, 201,"),
        (
            template(description(1_024)),
            template(description(1_025)),
            "'Description' length is greater than 1024.",
        ),
        (
            template(default(4_096)),
            template(default(4_097)),
            "Parameter 'Size' default value length is greater than 4096.",
        ),
        (sized(51_200), sized(51_201), "Member must have length less than or equal to 51200"),
    ] {
        Refusing::new().both(&most, &[]).await.unwrap();
        let refused = Refusing::new().both(&one_more, &[]).await.unwrap_err();
        assert!(refused.starts_with("ValidationError: ") && refused.contains(says), "{refused}");
    }
    Refusing::new().both_by_url(&sized(1_000_000)).await.unwrap();
    let refused = Refusing::new().both_by_url(&sized(1_000_001)).await.unwrap_err();
    assert_eq!(refused, "ValidationError: Template may not exceed 1000000 bytes in size.");
    // Bytes, not letters.
    Refusing::new().both_with(&"ä".repeat(2_048)).await.unwrap();
    let refused = Refusing::new().both_with(&"ä".repeat(2_049)).await.unwrap_err();
    assert!(refused.starts_with("ValidationError: Parameter 'Size'"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn what_has_to_be_acknowledged_is_refused_until_it_is() {
    let with = |resource: Value| template(|it| it["Resources"]["Other"] = resource);
    let nested = json!({"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://bucket.s3.amazonaws.com/template.json"}});
    let macros = template(|it| it["Transform"] = "AWS::Serverless-2016-10-31".into());
    let (iam, named, expand) = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND");
    for (template, given, missing) in [
        (with(role()), &[][..], Some(iam)),
        (with(role()), &[iam], None),
        (with(role()), &[named], None),
        (with(named_role()), &[], Some(named)),
        (with(named_role()), &[iam], Some(named)),
        (with(named_role()), &[named], None),
        (with(nested.clone()), &[iam, named], Some(expand)),
        (with(nested), &[expand], None),
        (macros.clone(), &[], Some(expand)),
        (macros, &[expand], None),
    ] {
        let expected = missing.map_or(Ok(()), |missing| {
            let code = "InsufficientCapabilitiesException";
            Err(format!("{code}: Requires capabilities : [{missing}]"))
        });
        assert_eq!(Refusing::new().both(&template, given).await, expected, "{given:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn names_and_tags_that_are_too_many_or_none_are_refused() {
    let it = Refusing::new();
    let code = |error: CloudError| error.code;
    let long = "a".repeat(129);
    for name in ["1a", "a_b", "-a", "ä", &long] {
        assert_eq!(it.send(&stack(name)).await.map_err(code).unwrap_err(), "ValidationError");
        assert_eq!(it.send(&set(name)).await.map_err(code).unwrap_err(), "ValidationError");
        let change = CreateChangeSet { change_set_name: name.to_owned(), ..stack("a") };
        assert_eq!(it.send(&change).await.map_err(code).unwrap_err(), "ValidationError");
    }
    it.send(&stack(&long[1..])).await.unwrap();
    it.send(&set(&long[1..])).await.unwrap();
    let tags: Vec<Tag> =
        (0..51).map(|key| Tag { key: format!("key-{key}"), value: "a".to_owned() }).collect();
    let tagged = CreateChangeSet { tags: Some(tags.clone()), ..stack("a") };
    assert_eq!(it.send(&tagged).await.map_err(code).unwrap_err(), "ValidationError");
    let tagged = CreateStackSet { tags: tags.clone(), ..set("a") };
    assert_eq!(it.send(&tagged).await.map_err(code).unwrap_err(), "ValidationError");
    it.send(&CreateChangeSet { tags: Some(tags[..50].to_vec()), ..stack("a") }).await.unwrap();
    it.send(&CreateStackSet { tags: tags[..50].to_vec(), ..set("a") }).await.unwrap();
    // And what is there already.
    let again = it.send(&stack("a")).await.map_err(code).unwrap_err();
    assert_eq!(again, "AlreadyExistsException");
    let again = it.send(&set("a")).await.map_err(code).unwrap_err();
    assert_eq!(again, "NameAlreadyExistsException");
}

#[tokio::test(start_paused = true)]
async fn what_is_over_a_quota_is_refused() {
    let it = Refusing::new();
    it.cloud.world(|world| {
        (world.stack_quota, world.stack_set_quota, world.instance_quota) = (1, 1, 3);
    });
    let code = |error: CloudError| error.code;
    it.send(&stack("a")).await.unwrap();
    let refused = it.send(&stack("b")).await.map_err(code).unwrap_err();
    assert_eq!(refused, "LimitExceededException");
    it.send(&set("a")).await.unwrap();
    let refused = it.send(&set("b")).await.map_err(code).unwrap_err();
    assert_eq!(refused, "LimitExceededException");
    let create = |id: &str, accounts: &[&str]| CreateStackInstances {
        stack_set_name: "a".to_owned(),
        accounts: Some(accounts.iter().map(|it| (*it).to_owned()).collect()),
        regions: vec!["eu-west-1".to_owned()],
        operation_id: Some(id.to_owned()),
        ..CreateStackInstances::default()
    };
    it.send(&create("one", &["100000000001", "100000000002"])).await.unwrap();
    tokio::time::sleep(Duration::from_secs(300)).await;
    let more = create("two", &["100000000003", "100000000004"]);
    assert_eq!(it.send(&more).await.map_err(code).unwrap_err(), "LimitExceededException");
    // Those that are there are no more than they were.
    it.send(&create("three", &["100000000002", "100000000003"])).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn more_order_in_new_accounts_than_there_may_be_is_refused() {
    let it = Refusing::new();
    let code = |error: CloudError| error.code;
    let arn = |n| format!("arn:aws:cloudformation:us-east-1:999999999999:stackset/first-{n}:1");
    let after = |count| {
        let depends_on = Some((0..count).map(arn).collect());
        Some(AutoDeployment { enabled: Some(true), depends_on, ..AutoDeployment::default() })
    };
    let after_others =
        |name: &str, count| CreateStackSet { auto_deployment: after(count), ..set(name) };
    let refused = it.send(&after_others("a", 11)).await.map_err(code).unwrap_err();
    assert_eq!(refused, "ValidationError");
    for n in 0..10 {
        it.send(&after_others(&format!("a{n}"), 10)).await.unwrap();
    }
    let refused = it.send(&after_others("b", 1)).await.map_err(code).unwrap_err();
    assert_eq!(refused, "ValidationError");
    it.send(&after_others("b", 0)).await.unwrap();
    let update = |name: &str, count| UpdateStackSet {
        stack_set_name: name.to_owned(),
        template_body: Some(template(|_| {})),
        auto_deployment: after(count),
        ..UpdateStackSet::default()
    };
    let refused = it.send(&update("b", 1)).await.map_err(code).unwrap_err();
    assert_eq!(refused, "ValidationError");
    it.send(&update("a0", 10)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn ids_of_operations_that_are_none_are_refused() {
    let it = Refusing::new();
    it.send(&set("a")).await.unwrap();
    for id in ["a_b", "-a", "", &"a".repeat(129)] {
        let create = CreateStackInstances {
            stack_set_name: "a".to_owned(),
            accounts: Some(vec!["100000000001".to_owned()]),
            regions: vec!["eu-west-1".to_owned()],
            operation_id: Some(id.to_owned()),
            ..CreateStackInstances::default()
        };
        let error = it.send(&create).await.unwrap_err();
        assert!(error.message.contains("at 'operationId'"), "{error}");
    }
}

/// A stack is compared with the schemas of its types when its change set is made; a stack set when its stacks are.
#[tokio::test(start_paused = true)]
async fn properties_that_a_type_has_not_are_refused() {
    for (properties, says) in [
        (json!({"TopicNam": "a"}), "did you mean `TopicName`?"),
        (json!({"TopicName": ["a"]}), "TopicName"),
        (json!({"Subscription": [{"Endpoint": "a"}]}), "Protocol"),
    ] {
        let it = Refusing::new();
        let wrong = template(|it| it["Resources"]["Topic"]["Properties"] = properties.clone());
        it.both(&wrong, &[]).await.unwrap();
        let change_set = it.change_set().await;
        assert!(change_set.status.is_failed(), "{change_set:?}");
        let reason = change_set.status_reason.unwrap_or_default();
        let begins = "Properties validation failed for resource Topic with message: ";
        assert!(reason.starts_with(begins) && reason.contains(says), "{reason}");
        let create = CreateStackInstances {
            stack_set_name: "a".to_owned(),
            accounts: Some(vec!["100000000001".to_owned()]),
            regions: vec!["eu-west-1".to_owned()],
            ..CreateStackInstances::default()
        };
        it.send(&create).await.unwrap();
        let reason = async || {
            tokio::time::sleep(Duration::from_secs(100)).await;
            let list = ListStackInstances { stack_set_name: "a".to_owned(), ..Default::default() };
            let instance = it.send(&list).await.expect("a set").summaries.remove(0);
            (instance.status, instance.status_reason.unwrap_or_default())
        };
        let (status, said) = reason().await;
        assert_eq!(status, "OUTDATED");
        assert!(said.starts_with(begins) && said.contains(says), "{said}");
        // Mended, it is taken.
        let mended = UpdateStackSet {
            stack_set_name: "a".to_owned(),
            template_body: Some(template(|_| {})),
            ..UpdateStackSet::default()
        };
        it.send(&mended).await.unwrap();
        assert_eq!(reason().await, ("CURRENT".to_owned(), String::new()));
    }
}

#[tokio::test(start_paused = true)]
async fn service_managed_sets_take_no_macros() {
    let it = Refusing::in_organization().await;
    let managed = |template: String| CreateStackSet {
        template_body: Some(template),
        permission_model: Some("SERVICE_MANAGED".to_owned()),
        capabilities: vec!["CAPABILITY_AUTO_EXPAND".to_owned()],
        ..set("a")
    };
    let macros = template(|it| it["Transform"] = "AWS::Serverless-2016-10-31".into());
    let error = it.send(&managed(macros)).await.unwrap_err();
    assert!(error.message.contains("macros or transforms"), "{error}");
    it.send(&managed(template(|_| {}))).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn sets_have_targets_of_their_permission_model() {
    let it = Refusing::in_organization().await;
    for (name, model, takes) in
        [("own", "SELF_MANAGED", "accounts"), ("managed", "SERVICE_MANAGED", "OrganizationalUnit")]
    {
        let permission_model = Some(model.to_owned());
        it.send(&CreateStackSet { permission_model, ..set(name) }).await.unwrap();
        let accounts = Some(vec!["111111111111".to_owned()]);
        let units = || DeploymentTargets {
            organizational_unit_ids: Some(vec!["ou-abcd-11111111".to_owned()]),
            ..DeploymentTargets::default()
        };
        let both = (accounts.clone(), Some(units()));
        let wrong = if takes == "accounts" { (None, Some(units())) } else { (accounts, None) };
        for (accounts, deployment_targets) in [wrong, both] {
            let create = CreateStackInstances {
                stack_set_name: name.to_owned(),
                accounts,
                deployment_targets,
                regions: vec!["eu-west-1".to_owned()],
                ..CreateStackInstances::default()
            };
            let error = it.send(&create).await.unwrap_err();
            assert!(error.message.ends_with(&format!("only have {takes} as target")), "{error}");
        }
    }
}
