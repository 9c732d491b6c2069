//! References to the parameter store in templates: what is there is read once, and what is not there fails the stack.

use std::time::Duration;

use accel_deploy::{
    Operation, Place,
    cloud::{
        CloudExt as _,
        cloudformation::{
            CreateChangeSet, CreateStackInstances, CreateStackSet, ExecuteChangeSet,
            ListStackInstances,
        },
        ssm::{GetParameters, PutParameter},
    },
};
use accel_simulator::SimulatedCloud;

/// A parameter that has the value of another one.
const TEMPLATE: &str = r#"{"Resources": {"Copy": {"Type": "AWS::SSM::Parameter", "Properties": {
    "Name": "/copy", "Type": "String", "Value": "is {{resolve:ssm:/original}}"}}}}"#;
const MISSING: &str = "Parameters: [ssm:/original] cannot be found.";
const HERE: &str = "eu-west-1";
const THERE: &str = "us-east-1";

struct Store(SimulatedCloud);

impl Store {
    async fn send<O: Operation>(&self, region: &str, operation: &O) -> Result<O::Output, String> {
        let sent = self.0.call(&Place::caller(region), operation).await;
        tokio::time::sleep(Duration::from_secs(600)).await;
        sent.map_err(|error| error.message)
    }

    async fn put(&self, region: &str) {
        let put = PutParameter {
            name: "/original".to_owned(),
            value: "a".to_owned(),
            r#type: Some("String".to_owned()),
            ..PutParameter::default()
        };
        self.send(region, &put).await.expect("it is written");
    }

    async fn copy(&self, region: &str) -> Option<String> {
        let get = GetParameters { names: vec!["/copy".to_owned()], with_decryption: None };
        let found = self.send(region, &get).await.expect("an answer");
        found.parameters.into_iter().next().map(|parameter| parameter.value)
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_reads_what_is_there() {
    let store = Store(SimulatedCloud::new());
    let create = CreateChangeSet {
        stack_name: "copies".to_owned(),
        change_set_name: "make".to_owned(),
        change_set_type: Some("CREATE".to_owned()),
        template_body: Some(TEMPLATE.to_owned()),
        ..CreateChangeSet::default()
    };
    assert_eq!(store.send(HERE, &create).await.err().as_deref(), Some(MISSING));
    store.put(HERE).await;
    store.send(HERE, &create).await.expect("it is taken");
    let execute = ExecuteChangeSet {
        change_set_name: "make".to_owned(),
        stack_name: Some("copies".to_owned()),
        client_request_token: None,
    };
    store.send(HERE, &execute).await.expect("it is taken");
    assert_eq!(store.copy(HERE).await.as_deref(), Some("is a"));
}

#[tokio::test(start_paused = true)]
async fn an_instance_reads_what_is_there_where_it_is() {
    let store = Store(SimulatedCloud::new());
    // Where the set is administered it does not help.
    store.put(HERE).await;
    let set = CreateStackSet {
        stack_set_name: "copies".to_owned(),
        template_body: Some(TEMPLATE.to_owned()),
        ..CreateStackSet::default()
    };
    store.send(HERE, &set).await.expect("it is made");
    let create = async |id: &str| {
        let create = CreateStackInstances {
            stack_set_name: "copies".to_owned(),
            accounts: Some(vec!["999999999999".to_owned()]),
            regions: vec![THERE.to_owned()],
            operation_id: Some(id.to_owned()),
            ..CreateStackInstances::default()
        };
        store.send(HERE, &create).await.expect("it is taken");
        let list = ListStackInstances {
            stack_set_name: "copies".to_owned(),
            ..ListStackInstances::default()
        };
        let mut instances = store.send(HERE, &list).await.expect("a set").summaries;
        instances.pop().expect("an instance")
    };
    let instance = create("one").await;
    assert_eq!((&*instance.status, instance.status_reason.as_deref()), ("OUTDATED", Some(MISSING)));
    store.put(THERE).await;
    let instance = create("two").await;
    assert_eq!((&*instance.status, instance.status_reason.as_deref()), ("CURRENT", None));
    assert_eq!(store.copy(THERE).await.as_deref(), Some("is a"));
}
