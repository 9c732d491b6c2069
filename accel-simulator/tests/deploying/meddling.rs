//! What somebody else has done, or is not as it should be: what is said of it, and what is done about it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountId, Lock},
    prelude::*,
    synth::synth,
};
use accel_deploy::{Allowed, Call, Cloud, CloudError, Deployed, Engine, Graph, Outcome, Place};
use accel_simulator::SimulatedCloud;
use serde_json::{Value, json};

use super::failures::logical_id;
use super::{HERE, app, deploy, on_a_paused_clock};

const STACK: (&str, &str, &str) = ("999999999999", "eu-west-1", "example-setting");

/// A stack with one parameter.
fn setting(value: &'static str) -> App {
    let (mut app, prod) = app();
    app.open("setting", Stack::new(prod.in_region(HERE)))
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

pub(crate) fn sent(cloud: &SimulatedCloud, action: &str) -> usize {
    cloud.calls().iter().filter(|(_, call)| call.action == action).count()
}

#[test]
fn a_stack_that_cannot_go_back_is_left_to_people_until_they_have_mended_it() {
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        let (account, region, name) = STACK;
        let status = |status| {
            cloud.world(|world| world.set_stack_status(account, region, name, status));
        };
        status("UPDATE_ROLLBACK_FAILED");
        let before = sent(&cloud, "CreateChangeSet");
        let outcome = deploy(&cloud, setting("b")).await;
        let reason = &outcome.failed[0].reason;
        assert!(
            reason.starts_with("`example-setting` in eu-west-1 is UPDATE_ROLLBACK_FAILED: ")
                && reason.ends_with("in CloudFormation, and deploy again"),
            "{reason}"
        );
        assert_eq!(sent(&cloud, "CreateChangeSet"), before);
        status("UPDATE_ROLLBACK_COMPLETE");
        assert_eq!(deploy(&cloud, setting("b")).await.changed.len(), 1);
    });
}

/// In the words of the services: some have a name, of others an account may have one in a region.
const EXIST: [&str; 3] = [
    "Resource handler returned message: \"A detector already exists for the current account. (Service: GuardDuty, \
     Status Code: 400)\" (HandlerErrorCode: AlreadyExists)",
    "Failed to put configuration recorder 'all' because the maximum number of configuration recorders: 1 is reached. \
     (Service: AmazonConfig; Status Code: 400; Error Code: MaxNumberOfConfigurationRecordersExceededException)",
    "Failed to put delivery channel 'all' because the maximum number of delivery channels: 1 is reached. (Service: \
     AmazonConfig; Status Code: 400; Error Code: MaxNumberOfDeliveryChannelsExceededException)",
];

#[test]
fn what_exists_already_is_said_with_the_way_out() {
    // To learn what the resource is called.
    let name = on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        logical_id(&cloud)
    });
    for exists in EXIST {
        on_a_paused_clock(async |cloud| {
            let (account, region, _) = STACK;
            let place = (account.to_owned(), region.to_owned(), name.clone());
            cloud.world(|world| world.failures.insert(place, exists.to_owned()));
            let outcome = deploy(&cloud, setting("a")).await;
            let reason = &outcome.failed[0].reason;
            assert!(
                reason.starts_with(&format!("ROLLBACK_COMPLETE: `{name}` (AWS::SSM::Parameter): "))
                    && reason.ends_with(
                        "; import it into the stack, delete it there, or take it out of the app and use it by its id"
                    ),
                "{reason}"
            );
            // When it is gone, the dead stack is deleted and made again.
            cloud.world(|world| world.failures.clear());
            assert_eq!(deploy(&cloud, setting("a")).await.failed, []);
        });
    }
}

#[test]
fn what_exists_already_where_a_stack_set_goes_is_said_with_the_way_out() {
    for exists in EXIST {
        on_a_paused_clock(async |cloud| {
            let place = (STACK.0.to_owned(), STACK.1.to_owned(), "example-everywhere".to_owned());
            cloud.world(|world| world.failures.insert(place, exists.to_owned()));
            let (mut app, prod) = app();
            app.open("everywhere", StackSet::for_accounts([prod]).regions([HERE]))
                .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
            let outcome = deploy(&cloud, app).await;
            let reason = &outcome.failed[0].reason;
            assert!(
                reason.contains(exists)
                    && reason.ends_with(
                        "; delete it there, leave the account or region out of the stack set, or take it out of the app \
                         and use it by its id"
                    ),
                "{reason}"
            );
        });
    }
}

/// CloudFormation does not look at how a template is written. To ask again would be answered the same.
#[test]
fn what_aws_sees_no_change_in_is_as_it_should_be() {
    let described = |text: &'static str| {
        let (mut app, prod) = app();
        app.open("setting", Stack::new(prod.in_region(HERE)).description(text))
            .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
        app
    };
    on_a_paused_clock(async |cloud| {
        assert_eq!(deploy(&cloud, described("a")).await.failed, []);
        let same = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |cloud: &SimulatedCloud, _: &Place, call: &Call| {
                // The first one was executed.
                let is_made = sent(cloud, "CreateChangeSet") > sent(cloud, "DeleteChangeSet") + 1;
                let reason = "The submitted information didn't contain changes. Submit different information to \
                              create a change set.";
                (call.action == "DescribeChangeSet" && is_made)
                    .then(|| Ok(json!({"Status": "FAILED", "StatusReason": reason})))
            },
        });
        for _ in 0..2 {
            let before = [sent(&cloud, "CreateChangeSet"), sent(&cloud, "DeleteChangeSet")];
            let outcome = run(&same, described("b")).await;
            assert_eq!(
                (outcome.failed, outcome.changed, outcome.unchanged),
                (Vec::new(), Vec::new(), 1)
            );
            let after = [sent(&cloud, "CreateChangeSet"), sent(&cloud, "DeleteChangeSet")];
            assert_eq!(after, before.map(|count| count + 1));
        }
        assert_eq!(sent(&cloud, "ExecuteChangeSet"), 1);
    });
}

#[test]
fn a_region_that_is_not_enabled_is_named() {
    on_a_paused_clock(async |cloud| {
        let elsewhere = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |_: &SimulatedCloud, place: &Place, call: &Call| {
                let message = "The security token included in the request is invalid";
                (place.region == HERE.name()).then(|| {
                    let code = "InvalidClientTokenId";
                    Err(CloudError::answer(&call.service, &call.action, code, message))
                })
            },
        });
        let outcome = run(&elsewhere, setting("a")).await;
        let reason = &outcome.failed[0].reason;
        assert!(reason.ends_with("is the region enabled in the account?"), "{reason}");
        assert_eq!(sent(&cloud, "CreateChangeSet"), 0);
    });
}

#[test]
fn credentials_of_another_account_change_nothing() {
    on_a_paused_clock(async |cloud| {
        cloud.world(|world| world.caller = "111111111111".to_owned());
        let outcome = deploy(&cloud, setting("a")).await;
        let reason = &outcome.failed[0].reason;
        assert!(
            reason.contains(
                "the credentials are of 111111111111, and the management account `prod` is"
            ),
            "{reason}"
        );
        assert_eq!(cloud.mutating_calls(), 0);
    });
}

/// A cloud to which something happens before a call reaches it, or which answers itself.
pub(crate) struct Between<F> {
    pub(crate) cloud: Arc<SimulatedCloud>,
    pub(crate) before: F,
}

impl<F> Cloud for Between<F>
where
    F: Fn(&SimulatedCloud, &Place, &Call) -> Option<Result<Value, CloudError>> + Send + Sync,
{
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        match (self.before)(&self.cloud, place, &call) {
            Some(answer) => answer,
            None => self.cloud.send(place, call).await,
        }
    }

    fn now(&self) -> Duration {
        self.cloud.now()
    }
}

pub(crate) async fn run<C: Cloud + 'static>(cloud: &Arc<C>, app: App) -> Outcome {
    run_with(cloud, app, &BTreeMap::new()).await
}

pub(crate) async fn run_with<C: Cloud + 'static>(
    cloud: &Arc<C>,
    mut app: App,
    accounts: &BTreeMap<String, String>,
) -> Outcome {
    let deployed = Deployed::read(&**cloud, "example").await.expect("a record");
    let mut lock = Lock::default();
    for (name, id) in accounts {
        lock.set_account(name.clone(), AccountId::parse(id).expect("an id"));
    }
    app.set_lock(lock);
    let assembly = synth(app).expect("an app without problems");
    let graph = Arc::new(Graph::new(&assembly).expect("an order").over(deployed));
    let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
    Engine::allowing(Arc::clone(cloud), graph, Allowed::default()).apply(&paths, |_| {}).await
}
