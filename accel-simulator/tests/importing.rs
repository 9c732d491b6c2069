//! What CloudFormation refuses of an import, in its words.

use accel_deploy::{
    Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            CreateChangeSet, DeleteChangeSet, DescribeChangeSet, DescribeStacks, ExecuteChangeSet,
            ResourceToImport, Tag,
        },
    },
};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

const ACCOUNT: &str = "999999999999";
const REGION: &str = "eu-west-1";

/// A stack with a topic, and a table that exists.
struct Stacks(SimulatedCloud);

/// A request to take the table in, as it is right.
struct Request {
    template: Value,
    imports: Vec<ResourceToImport>,
    tags: Option<Vec<Tag>>,
}

impl Request {
    fn new() -> Self {
        Self {
            template: json!({"Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}},
                "Table": {"Type": "AWS::DynamoDB::Table", "DeletionPolicy": "Retain"},
            }}),
            imports: vec![import("Table", "AWS::DynamoDB::Table", &[("TableName", "orders")])],
            tags: None,
        }
    }

    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut request = Self::new();
        change(&mut request);
        request
    }
}

fn import(id: &str, kind: &str, identifier: &[(&str, &str)]) -> ResourceToImport {
    let identifier = identifier.iter();
    ResourceToImport {
        resource_type: kind.to_owned(),
        logical_resource_id: id.to_owned(),
        resource_identifier: identifier
            .map(|(name, of)| ((*name).to_owned(), (*of).to_owned()))
            .collect(),
    }
}

impl Stacks {
    async fn new() -> Self {
        let stacks = Self(SimulatedCloud::new());
        stacks.0.world(|world| {
            let table = [("TableName", "orders")];
            world.add_existing(ACCOUNT, REGION, "AWS::DynamoDB::Table", table);
        });
        let mut template = Request::new().template;
        template["Resources"].as_object_mut().expect("resources").remove("Table");
        stacks.create("stack", "CREATE", template, None, None).await.expect("it is taken");
        stacks.execute("stack", "to-CREATE").await;
        stacks
    }

    async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, String> {
        let sent = self.0.call(&Place::caller(REGION), operation).await;
        sent.map_err(|error| error.message)
    }

    async fn create(
        &self,
        stack: &str,
        kind: &str,
        template: Value,
        resources_to_import: Option<Vec<ResourceToImport>>,
        tags: Option<Vec<Tag>>,
    ) -> Result<(), String> {
        let create = CreateChangeSet {
            stack_name: stack.to_owned(),
            change_set_name: format!("to-{kind}"),
            change_set_type: Some(kind.to_owned()),
            template_body: Some(template.to_string()),
            resources_to_import,
            tags,
            ..CreateChangeSet::default()
        };
        self.send(&create).await.map(|_| ())
    }

    async fn execute(&self, stack: &str, change_set: &str) {
        let execute = ExecuteChangeSet {
            change_set_name: change_set.to_owned(),
            stack_name: Some(stack.to_owned()),
            client_request_token: None,
        };
        self.send(&execute).await.expect("it is taken");
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }

    async fn import(&self, stack: &str, request: Request) -> Result<(), String> {
        let Request { template, imports, tags } = request;
        self.create(stack, "IMPORT", template, Some(imports), tags).await
    }

    /// Why the change set cannot be executed.
    async fn failure(&self, stack: &str) -> String {
        let describe = DescribeChangeSet {
            change_set_name: "to-IMPORT".to_owned(),
            stack_name: Some(stack.to_owned()),
            ..DescribeChangeSet::default()
        };
        let made = self.send(&describe).await.expect("a change set");
        assert!(made.status.is_failed() && made.changes.is_empty(), "{made:?}");
        made.status_reason.expect("a reason")
    }

    async fn status(&self, stack: &str) -> String {
        let describe = DescribeStacks { stack_name: Some(stack.to_owned()), next_token: None };
        self.send(&describe).await.expect("a stack").stacks[0].stack_status.to_string()
    }
}

fn resource<'a>(request: &'a mut Request, id: &str) -> &'a mut Value {
    &mut request.template["Resources"][id]
}

#[tokio::test(start_paused = true)]
async fn an_import_that_is_wrong_is_refused_at_once() {
    let table = "AWS::DynamoDB::Table";
    let wrong: Vec<(Request, &str)> = vec![
        (Request::with(|it| it.imports.clear()), "Must Provide at least one resource to import"),
        (
            Request::with(|it| it.template["Outputs"] = json!({"Name": {"Value": "orders"}})),
            "As part of the import operation, you cannot modify or add [Outputs]",
        ),
        (
            Request::with(|it| {
                it.tags = Some(vec![Tag { key: "a".to_owned(), value: "b".to_owned() }]);
            }),
            "As part of the import operation, you cannot modify or add [Tags]",
        ),
        (
            Request::with(|it| it.imports[0].logical_resource_id = "Tables".to_owned()),
            "The logical resource ids [Tables] provided in ResourceToImport do not exist in the template.",
        ),
        (
            Request::with(|it| it.imports = vec![import("Table", table, &[("Arn", "orders")])]),
            "Invalid resource identifier for resource type AWS::DynamoDB::Table. Expected [TableName]",
        ),
        (
            Request::with(|it| it.imports.push(it.imports[0].clone())),
            "Every resource to import must have unique LogicalResourceId",
        ),
        (
            Request::with(|it| {
                it.imports = vec![import("Table", "AWS::SQS::Queue", &[("QueueUrl", "q")])];
            }),
            "Resource type of [Table] passed in ResourceToImport does not match with resource type defined in the \
             template. Resource type in ResourceToImport: AWS::SQS::Queue; Resource type in Template: \
             AWS::DynamoDB::Table.",
        ),
        (
            Request::with(|it| {
                *resource(it, "Table") =
                    json!({"Type": "Custom::Table", "DeletionPolicy": "Retain"});
                it.imports = vec![import("Table", "Custom::Table", &[("Id", "orders")])];
            }),
            "The following resource types are not supported for resource import: Custom::Table",
        ),
        (
            Request::with(|it| {
                it.imports = vec![import("Topic", "AWS::SNS::Topic", &[("TopicArn", "alerts")])];
            }),
            "Resources [Topic] passed in ResourceToImport are already in a stack and cannot be imported.",
        ),
        (
            Request::with(|it| *resource(it, "Queue") = json!({"Type": "AWS::SQS::Queue"})),
            "Resources [Queue] is missing from ResourceToImport list",
        ),
        (
            Request::with(|it| resource(it, "Topic")["Properties"]["TopicName"] = json!("others")),
            "You have modified resources [Topic] in your template that are not being imported. Update, create or \
             delete operations cannot be executed during import operations.",
        ),
        (
            Request::with(|it| {
                let resources = it.template["Resources"].as_object_mut().expect("resources");
                resources.remove("Topic");
            }),
            "You have modified resources [Topic] in your template that are not being imported. Update, create or \
             delete operations cannot be executed during import operations.",
        ),
        (
            Request::with(|it| *resource(it, "Table") = json!({"Type": table})),
            "The following resources to import [Table] must have DeletionPolicy attribute specified in the template.",
        ),
        (
            Request::with(|it| {
                resource(it, "Table")["Properties"] = json!({"TableName": "bookings"})
            }),
            "The Identifier [TableName] for resource [Table] does not match the identifier value for the resource \
             in the template",
        ),
    ];
    let stacks = Stacks::new().await;
    for (request, message) in wrong {
        assert_eq!(stacks.import("stack", request).await, Err(message.to_owned()));
    }
    // Nothing of it is left in the way of what is right.
    assert_eq!(stacks.import("stack", Request::new()).await, Ok(()));
    stacks.execute("stack", "to-IMPORT").await;
    assert_eq!(stacks.status("stack").await, "IMPORT_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_or_is_not_free_fails_the_change_set() {
    let stacks = Stacks::new().await;
    let request = |name: &str| {
        Request::with(|it| {
            it.template["Resources"].as_object_mut().expect("resources").remove("Topic");
            it.imports = vec![import("Table", "AWS::DynamoDB::Table", &[("TableName", name)])];
        })
    };
    assert_eq!(stacks.import("new", request("bookings")).await, Ok(()));
    assert_eq!(
        stacks.failure("new").await,
        "Resource of type 'AWS::DynamoDB::Table' with identifier 'bookings' was not found."
    );
    assert_eq!(stacks.status("new").await, "REVIEW_IN_PROGRESS");
    assert_eq!(stacks.import("first", request("orders")).await, Ok(()));
    stacks.execute("first", "to-IMPORT").await;
    assert_eq!(stacks.import("second", request("orders")).await, Ok(()));
    let failure = stacks.failure("second").await;
    let owner =
        "orders already exists in stack arn:aws:cloudformation:eu-west-1:999999999999:stack/first/";
    assert!(failure.starts_with(owner), "{failure}");
}

/// A resource moves from one stack to another: the first keeps it by its deletion policy and lets it go.
#[tokio::test(start_paused = true)]
async fn what_a_stack_has_left_behind_can_be_imported() {
    let stacks = Stacks::new().await;
    let bucket = json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "files"}});
    let topic = Request::new().template["Resources"]["Topic"].clone();
    let both = json!({"Resources": {"Topic": topic, "Bucket": bucket}});
    stacks.create("stack", "UPDATE", both, None, None).await.expect("it is taken");
    stacks.execute("stack", "to-UPDATE").await;
    let delete = DeleteChangeSet {
        change_set_name: "to-UPDATE".to_owned(),
        stack_name: Some("stack".to_owned()),
    };
    stacks.send(&delete).await.expect("it is taken");
    stacks
        .create("stack", "UPDATE", json!({"Resources": {"Topic": topic}}), None, None)
        .await
        .expect("it is taken");
    stacks.execute("stack", "to-UPDATE").await;
    let request = Request::with(|it| {
        it.template = json!({"Resources": {"Files": bucket}});
        it.imports = vec![import("Files", "AWS::S3::Bucket", &[("BucketName", "files")])];
    });
    assert_eq!(stacks.import("other", request).await, Ok(()));
    stacks.execute("other", "to-IMPORT").await;
    assert_eq!(stacks.status("other").await, "IMPORT_COMPLETE");
}
