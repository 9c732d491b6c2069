//! Values that a stack set publishes reach documents by way of the lock file.

use std::sync::Arc;

use accel::{
    cfn::ssm,
    core::{Document, DocumentNode, Email, Format, Level, Lock, Prop, Within},
    prelude::*,
    synth::{parse_lock, print_lock, synth},
};
use accel_deploy::Outcome;
use accel_simulator::SimulatedCloud;

use super::{HERE, THERE, cloud_of, deploy, on_a_paused_clock};

const PATH: &str = "docs/names.yaml";
const SET: &str = "example-org-everywhere";

/// A place of documents.
#[derive(Debug)]
struct Docs;
impl Level for Docs {
    fn render(&self, place: &str, documents: Vec<Document>) -> Vec<Document> {
        let below = |document: Document| Document {
            path: format!("{place}/{}", document.path),
            ..document
        };
        documents.into_iter().map(below).collect()
    }
}
impl Within<App> for Docs {}

struct Names(Vec<(&'static str, Prop)>);
impl Construct for Names {
    type Level = Docs;
    type Output = ();
    fn build(self, scope: &mut Scope<'_, Docs>) {
        let root = DocumentNode::map(self.0);
        scope.document(Document::new("names.yaml", Format::Yaml, root));
    }
}

/// A set in a unit of twenty accounts, and a document of what it publishes in two regions of the first.
fn app(name: &str, lock: &Lock) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let accounts: Vec<_> = (1..=20)
        .map(|n| {
            let email = Email::parse(&format!("aws+{n}@example.com")).expect("an address");
            org.add(&format!("account-{n:02}"), Account::builder().email(email).unit(unit).build())
        })
        .collect();
    let access = org.stack_set_access();
    let mut set = org.open("everywhere", StackSet::for_units([unit]).regions([HERE, THERE]));
    set.after(access);
    let own = ssm::Parameter::new(ssm::parameter::Type::STRING, "a");
    let published = set.add("own", own.name(text![name, "-", Value::own_region()]));
    let published = set.publish("name", published.name());
    let place = |region| published.in_environment(accounts[0].in_region(region)).into_prop();
    app.open("docs", Docs)
        .add("names", Names(vec![("here", place(HERE)), ("there", place(THERE))]));
    app.set_lock(lock.clone());
    app
}

/// One more deployment, with what is in the lock file after it and the documents that it names.
async fn next(
    cloud: &Arc<SimulatedCloud>,
    name: &str,
    lock: &Lock,
) -> (Outcome, Lock, Vec<String>) {
    let assembly = synth(app(name, lock)).expect("an app without problems");
    let outcome = deploy(cloud, app(name, lock)).await;
    let named = outcome.values.documents_that_change(assembly.manifest(), lock);
    let text = print_lock(&outcome.values.lock(assembly.manifest(), lock.clone()));
    let lock = parse_lock(&text).expect("a lock file");
    (outcome, lock, named)
}

fn document(name: &str, lock: &Lock) -> Option<String> {
    let assembly = synth(app(name, lock)).expect("an app without problems");
    assembly.file(PATH).map(str::to_owned)
}

fn with_a_cloud(run: impl AsyncFnOnce(Arc<SimulatedCloud>)) {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), app("a", &Lock::default()));
        cloud.world(|world| world.account_quota = 30);
        run(cloud).await;
    });
}

#[test]
fn a_document_has_what_a_set_publishes_after_the_deployment() {
    with_a_cloud(async |cloud| {
        assert_eq!(document("a", &Lock::default()), None);
        let (outcome, lock, named) = next(&cloud, "a", &Lock::default()).await;
        assert_eq!((outcome.failed, outcome.partial), (vec![], vec![]));
        assert_eq!(named, [PATH]);
        let place = "org/everywhere@account-01/eu-west-1";
        assert_eq!(lock.value(place, "name"), Some("a-eu-west-1"));
        let document = document("a", &lock).expect("a document");
        assert!(document.ends_with("here: a-eu-west-1\nthere: a-us-east-1\n"), "{document}");
        // Then it says nothing new.
        let (outcome, again, named) = next(&cloud, "a", &lock).await;
        assert_eq!((outcome.changed.len(), again == lock, named.len()), (0, true, 0));
    });
}

#[test]
fn a_value_that_changes_is_named_too() {
    with_a_cloud(async |cloud| {
        let (_, lock, _) = next(&cloud, "a", &Lock::default()).await;
        let (outcome, lock, named) = next(&cloud, "b", &lock).await;
        assert_eq!((outcome.failed, named), (vec![], vec![PATH.to_owned()]));
        let document = document("b", &lock).expect("a document");
        assert!(document.ends_with("here: b-eu-west-1\nthere: b-us-east-1\n"), "{document}");
    });
}

/// An instance that failed elsewhere keeps nothing back, and one that has published nothing leaves its value unknown.
#[test]
fn what_is_there_is_read_although_instances_have_failed() {
    with_a_cloud(async |cloud| {
        let fails = |account: &str, region: Region| {
            (account.to_owned(), region.name().to_owned(), SET.to_owned())
        };
        let place = fails("200000000001", THERE);
        cloud.world(|world| world.failures.insert(place, "Quota exceeded".to_owned()));
        let (outcome, lock, named) = next(&cloud, "a", &Lock::default()).await;
        assert_eq!((outcome.failed.len(), outcome.partial.len()), (0, 1));
        assert_eq!(named, [PATH]);
        let value = |lock: &Lock, region: &str| {
            lock.value(&format!("org/everywhere@account-01/{region}"), "name").map(str::to_owned)
        };
        assert_eq!(value(&lock, "eu-west-1").as_deref(), Some("a-eu-west-1"));
        assert_eq!((value(&lock, "us-east-1"), document("a", &lock)), (None, None));
        cloud.world(|world| world.failures.clear());
        let (_, lock, named) = next(&cloud, "a", &lock).await;
        assert_eq!((named.len(), document("a", &lock).is_some()), (1, true));
    });
}
