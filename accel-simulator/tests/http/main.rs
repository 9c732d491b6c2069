//! The engine with the client of AWS deploys over HTTP, whatever goes wrong on the way, and everything happens once.

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    time::Duration,
};

use accel::synth::{Assembly, synth};
use accel_deploy::{
    Aws, Call, Cloud, CloudError, Deployed, Engine, Graph, Outcome, Place, Protocol,
    cloud::{
        CloudExt as _,
        cloudcontrolapi::{DeleteResource, GetResource, GetResourceRequestStatus},
        cloudformation::{CreateChangeSet, DescribeChangeSet, ResourceToImport},
        servicequotas::GetServiceQuota,
    },
};
use accel_simulator::{
    ByHand, Change, Server, SimulatedCloud,
    fault::{Fault, Proxy, Rule},
};
use serde_json::Value;
use tempfile::TempDir;

#[allow(dead_code, reason = "the example's main is not called here")]
#[path = "../../../examples/sweep.rs"]
mod sweep;

/// AWS over the proxy. The clock stands still while a request is on its way, unless all of them are held: what is
/// slow on purpose takes simulated time, what this machine needs takes none.
struct Still {
    aws: Aws,
    cloud: Arc<SimulatedCloud>,
    proxy: Arc<Proxy>,
    under_way: Arc<AtomicUsize>,
}

impl Cloud for Still {
    async fn send(&self, place: &Place, call: Call) -> Result<Value, CloudError> {
        let (arrived, arrives) = mpsc::channel::<()>();
        let (proxy, under_way) = (Arc::clone(&self.proxy), Arc::clone(&self.under_way));
        under_way.fetch_add(1, Ordering::SeqCst);
        // As long as a thread works, a paused clock does not go on.
        let still = tokio::task::spawn_blocking(move || {
            let wait = || arrives.recv_timeout(Duration::from_millis(1));
            while wait() == Err(RecvTimeoutError::Timeout)
                && proxy.held() < under_way.load(Ordering::SeqCst)
            {}
        });
        let reply = self.aws.send(place, call).await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        drop(arrived);
        still.await.expect("a thread that waits");
        reply
    }

    fn now(&self) -> Duration {
        self.cloud.now()
    }
}

/// The example `sweep`, and a new cloud in a directory.
struct Fixture {
    assembly: Assembly,
    directory: TempDir,
}

/// What a deployment has come to.
struct Run {
    outcome: Outcome,
    met: Vec<(String, Fault)>,
    effects: BTreeMap<String, usize>,
}

impl Fixture {
    fn new() -> Self {
        let assembly = synth(sweep::sweep()).expect("an app without problems");
        Self { assembly, directory: tempfile::tempdir().expect("a directory") }
    }

    fn cloud(&self) -> Arc<SimulatedCloud> {
        let steps = self.assembly.manifest().steps.as_deref();
        let steps = steps.and_then(|path| self.assembly.file(path)).expect("steps");
        let steps: Value = serde_json::from_str(steps).expect("steps are JSON");
        let rows = steps["steps"].as_array().cloned().expect("rows");
        Arc::new(SimulatedCloud::open(self.directory.path(), rows).expect("a cloud"))
    }

    async fn deploy<C: Cloud + 'static>(&self, cloud: Arc<C>) -> Outcome {
        let deployed = Deployed::read(&*cloud, "sweep").await.expect("a record");
        let graph = Arc::new(Graph::new(&self.assembly).expect("an order").over(deployed));
        let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
        Engine::new(cloud, graph).apply(&paths, |_| {}).await
    }
}

fn on_a_paused_clock<F: Future>(run: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(run)
}

/// Through a proxy with these rules.
fn over_http(rules: Vec<Rule>) -> Run {
    let fixture = Fixture::new();
    let (outcome, met) = on_a_paused_clock(async {
        let cloud = fixture.cloud();
        let server = Server::start(Arc::clone(&cloud), 0).await.expect("a port");
        let proxy = Arc::new(Proxy::start(server.address(), rules).await.expect("a port"));
        let aws = Aws::at(proxy.url(), "caller", "secret");
        let under_way = Arc::default();
        let still = Still { aws, cloud, proxy: Arc::clone(&proxy), under_way };
        (fixture.deploy(Arc::new(still)).await, proxy.met())
    });
    Run { outcome, met, effects: effects(fixture.directory.path()) }
}

/// What listens elsewhere can be reached by others.
#[test]
fn servers_and_proxies_listen_on_127_0_0_1_alone() {
    on_a_paused_clock(async {
        let cloud = Arc::new(SimulatedCloud::new());
        let server = Server::start(cloud, 0).await.expect("a port");
        let proxy = Proxy::start(server.address(), Vec::new()).await.expect("a port");
        assert!(server.url().starts_with("http://127.0.0.1:"), "{}", server.url());
        for url in [server.url(), proxy.url()] {
            let address = url.strip_prefix("http://").and_then(|it| it.parse::<SocketAddr>().ok());
            let address = address.expect("an address");
            assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
            TcpStream::connect(address).expect("it listens");
            // Another address of this machine: who listens on all of them answers there too.
            let other = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), address.port()));
            assert!(TcpStream::connect(other).is_err(), "{other}");
        }
    });
}

/// The same without HTTP.
fn in_process() -> Run {
    let fixture = Fixture::new();
    let outcome = on_a_paused_clock(async { fixture.deploy(fixture.cloud()).await });
    Run { outcome, met: Vec::new(), effects: effects(fixture.directory.path()) }
}

/// How often each mutating call was sent that something was done by; of the record only the last counts.
fn effects(directory: &Path) -> BTreeMap<String, usize> {
    let journal = fs::read_to_string(directory.join("cloud.jsonl")).expect("a journal");
    let (mut effects, mut record) = (BTreeMap::new(), None);
    for line in journal.lines() {
        let mut event: Value = serde_json::from_str(line).expect("a line of JSON");
        if !event["code"].is_null() || event["service"] == "simulation" {
            continue;
        }
        // The lease of a run says until when, which is later in one that waits.
        if event["request"]["Key"] == "lock.json" {
            continue;
        }
        event["at"].take();
        if event["request"]["Key"] == "deployed.json" {
            record = Some(event["request"]["Body"].to_string());
            continue;
        }
        *effects.entry(event.to_string()).or_default() += 1;
    }
    effects.extend(record.map(|record| (record, 1)));
    effects
}

/// What has happened otherwise in one than in the other.
fn difference(one: &Run, other: &Run) -> Vec<String> {
    let (one, other) = (&one.effects, &other.effects);
    let names = one.keys().chain(other.keys()).filter(|name| one.get(*name) != other.get(*name));
    names.map(|name| format!("{:?} {:?} {name}", one.get(name), other.get(name))).collect()
}

#[test]
fn over_http_everything_happens_as_in_process() {
    let (here, there) = (in_process(), over_http(Vec::new()));
    assert_eq!((&here.outcome.failed, &there.outcome.failed), (&Vec::new(), &Vec::new()));
    assert!(here.effects.len() > 20, "{}", here.effects.len());
    assert_eq!(difference(&here, &there), Vec::<String>::new());
}

/// The first request of each action goes wrong, in one way after the other.
#[test]
fn whatever_goes_wrong_everything_happens_once() {
    let expected = in_process();
    for (fault, reads) in [
        (Fault::Throttle, true),
        (Fault::Failure, true),
        (Fault::Unavailable, true),
        (Fault::ResetBefore, true),
        (Fault::ResetAfter, true),
        (Fault::Stall, true),
        (Fault::Slow(Duration::from_secs(30)), true),
        (Fault::Truncated, true),
        (Fault::Expired, true),
        (Fault::InProgress, false),
        (Fault::Stale, false),
    ] {
        let met = over_http(vec![Rule { action: None, reads, nth: 1, fault }]);
        assert_eq!(met.outcome.failed, [], "{fault:?}");
        assert!(met.met.len() > 15, "{fault:?}: {:?}", met.met);
        assert_eq!(difference(&met, &expected), Vec::<String>::new(), "{fault:?}");
    }
}

#[test]
fn what_is_imported_is_understood() {
    on_a_paused_clock(async {
        let cloud = Arc::new(SimulatedCloud::new());
        let stage = [("RestApiId", "a1b2c3"), ("StageName", "prod")];
        let (account, kind) = ("999999999999", "AWS::ApiGateway::Stage");
        cloud.world(|world| world.add_existing(account, "eu-west-1", kind, stage));
        let server = Server::start(Arc::clone(&cloud), 0).await.expect("a port");
        let aws = Aws::at(server.url(), "caller", "secret");
        let template = r#"{"Resources": {"Stage": {"Type": "AWS::ApiGateway::Stage", "DeletionPolicy": "Retain"}}}"#;
        let identifier = stage.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let create = CreateChangeSet {
            stack_name: "stages".to_owned(),
            change_set_name: "import".to_owned(),
            change_set_type: Some("IMPORT".to_owned()),
            template_body: Some(template.to_owned()),
            resources_to_import: Some(vec![ResourceToImport {
                resource_type: kind.to_owned(),
                logical_resource_id: "Stage".to_owned(),
                resource_identifier: identifier,
            }]),
            ..CreateChangeSet::default()
        };
        let place = Place::caller("eu-west-1");
        aws.call(&place, &create).await.expect("it is taken");
        let describe = DescribeChangeSet {
            change_set_name: "import".to_owned(),
            stack_name: Some("stages".to_owned()),
            ..DescribeChangeSet::default()
        };
        let made = aws.call(&place, &describe).await.expect("a change set");
        assert_eq!(made.status.to_string(), "CREATE_COMPLETE");
        let change = made.changes[0].resource_change.as_ref().expect("a change");
        assert_eq!(change.physical_resource_id.as_deref(), Some("a1b2c3|prod"));
    });
}

/// What the client of AWS reads of comparisons, of a stack and of a stack set.
#[test]
fn over_http_what_was_changed_by_hand_is_found() {
    let fixture = Fixture::new();
    let manifest = fixture.assembly.manifest();
    let found = on_a_paused_clock(async {
        let cloud = fixture.cloud();
        assert_eq!(fixture.deploy(Arc::clone(&cloud)).await.failed, []);
        let prod = cloud.world(|world| {
            let organization = world.organization.as_ref().expect("an organization");
            let mut accounts = organization.accounts.iter();
            let prod = accounts.find(|(_, account)| account.email == "aws+prod@example.com");
            prod.expect("an account").0.clone()
        });
        let templates = [
            &manifest.stacks["prod/eu-west-1/service"].template,
            &manifest.stack_sets["org/everywhere"].template,
        ];
        for template in templates {
            let of = template.constructs.keys().next().expect("a resource").clone();
            let change = Change::Set { property: "/Value".to_owned(), value: "by hand".into() };
            let (account, region) = (prod.clone(), "eu-west-1".to_owned());
            let by_hand = ByHand { account, region, of, change };
            cloud.world(|world| world.change_by_hand(&by_hand)).expect("a resource");
        }
        let server = Server::start(Arc::clone(&cloud), 0).await.expect("a port");
        let proxy = Arc::new(Proxy::start(server.address(), Vec::new()).await.expect("a port"));
        let aws = Aws::at(proxy.url(), "caller", "secret");
        let still = Still { aws, cloud, proxy, under_way: Arc::default() };
        let graph = Arc::new(Graph::new(&fixture.assembly).expect("an order"));
        let paths: Vec<String> = graph.nodes().map(|node| node.path.clone()).collect();
        Engine::new(Arc::new(still), graph).drift(&paths).await.expect("an answer")
    });
    let found: Vec<String> = found
        .iter()
        .map(|drift| {
            let [property] = &*drift.properties else { panic!("{drift:?}") };
            format!("{} {} {} {}", drift.construct, drift.status, property.path, property.actual)
        })
        .collect();
    assert_eq!(
        found,
        [
            "org/everywhere/name MODIFIED /Value by hand",
            "prod/eu-west-1/service/endpoint MODIFIED /Value by hand"
        ]
    );
}

/// The session in an account has ended, and so has the one by which a new one is asked for.
#[test]
fn a_session_that_ends_while_another_one_is_renewed_is_renewed_too() {
    let rule = |action: &str, nth, fault| {
        let action = Some(action.to_owned());
        Rule { action, reads: true, nth, fault }
    };
    let ends = over_http(vec![
        rule("PutParameter", 1, Fault::Expired),
        rule("AssumeRole", 2, Fault::Expired),
    ]);
    assert_eq!(ends.outcome.failed, []);
    let met: Vec<&str> = ends.met.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(met, ["PutParameter", "AssumeRole"]);
    assert_eq!(difference(&ends, &in_process()), Vec::<String>::new());
}

#[test]
fn a_quota_is_read_over_http() {
    let fixture = Fixture::new();
    let faults = fixture.directory.path().join("faults.json");
    fs::write(faults, r#"{"quotas": {"L-0485CB21": 2500}}"#).expect("a file");
    on_a_paused_clock(async {
        let server = Server::start(fixture.cloud(), 0).await.expect("a port");
        let aws = Aws::at(server.url(), "caller", "secret");
        let (service_code, quota_code) = ("cloudformation".to_owned(), "L-0485CB21".to_owned());
        let mut get = GetServiceQuota { service_code, quota_code };
        let place = Place::caller("eu-west-1");
        assert!((aws.call(&place, &get).await.expect("a quota").quota.value - 2500.0).abs() < 0.1);
        get.quota_code = "L-00000000".to_owned();
        let unknown = aws.call(&place, &get).await.expect_err("no quota");
        assert_eq!(unknown.code, "NoSuchResourceException");
    });
}

#[test]
fn one_resource_is_deleted_over_http() {
    on_a_paused_clock(async {
        let cloud = Arc::new(SimulatedCloud::new());
        let kind = "AWS::EC2::Subnet";
        cloud.world(|world| {
            world.add_existing("999999999999", "eu-west-1", kind, [("SubnetId", "subnet-0abc")]);
        });
        let server = Server::start(Arc::clone(&cloud), 0).await.expect("a port");
        let aws = Aws::at(server.url(), "caller", "secret");
        let place = Place::caller("eu-west-1");
        let (type_name, identifier) = (kind.to_owned(), "subnet-0abc".to_owned());
        let get = GetResource { type_name: type_name.clone(), identifier: identifier.clone() };
        let found = aws.call(&place, &get).await.expect("it is there");
        assert_eq!(found.resource_description.identifier, identifier);
        let delete = DeleteResource { type_name, identifier, client_token: None };
        let begun = aws.call(&place, &delete).await.expect("it is taken").progress_event;
        assert_eq!(begun.operation_status, "IN_PROGRESS");
        tokio::time::sleep(Duration::from_secs(60)).await;
        let status = GetResourceRequestStatus { request_token: begun.request_token };
        let ended = aws.call(&place, &status).await.expect("it is known").progress_event;
        assert_eq!(ended.operation_status, "SUCCESS");
        let gone = aws.call(&place, &get).await.expect_err("it is gone");
        assert_eq!(gone.code, "ResourceNotFoundException");
        let sent: Vec<Protocol> =
            cloud.calls().into_iter().map(|(_, call)| call.protocol).collect();
        assert!(sent.iter().all(|it| matches!(it, Protocol::Json10 { .. })), "{sent:?}");
    });
}
