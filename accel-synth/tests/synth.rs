//! What a small app becomes, file by file.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use accel_core::{
    AccountInfo, AccountRef, App, Attr, Audience, Construct, Document, DocumentNode, Format, Level,
    Lock, Prop, Region, Resource, Scope, Secret, Stack, StackSet, TagStyle, Value, Within,
    account_id,
    template::{Condition, Output, Parameter},
    text,
};
use accel_synth::{Assembly, synth};

const HERE: Region = Region::EU_WEST_1;

/// Two accounts: one whose id is known, one that is yet to be created.
fn two_accounts() -> (App, [AccountRef; 2]) {
    let mut app = App::new("test");
    let known = AccountInfo { id: Some(account_id!("222222222222")), ..AccountInfo::default() };
    let network = app.scope().declare_account_as("network", known);
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    (app, [network, prod])
}

fn thing(type_name: &'static str) -> Resource {
    Resource::new(type_name).taggable(TagStyle::List("Tags"))
}

fn with(mut resource: Resource, property: &str, value: impl Into<Prop>) -> Resource {
    resource.set(property, value);
    resource
}

fn codes(app: App) -> Vec<&'static str> {
    synth(app).unwrap_err().iter().map(|diagnostic| diagnostic.code.name()).collect()
}

fn file<'a>(assembly: &'a Assembly, path: &str) -> &'a str {
    assembly.file(path).unwrap_or_else(|| {
        panic!("no {path} among {:?}", assembly.files().map(|(path, _)| path).collect::<Vec<_>>())
    })
}

#[test]
fn a_template_has_what_cloudformation_knows() {
    let (mut app, [_, prod]) = two_accounts();
    app.tag("owner", "platform");
    let mut stack = app.open("data", Stack::new(prod.in_region(HERE)).description("Data."));
    let size = stack.add("size", Parameter::string().default("small").one_of(["small", "large"]));
    let large = stack.add("large", Condition::equals(size, "large"));
    let topic = stack.add("topic", thing("Example::SNS::Topic"));
    let name = Value::<String>::if_(large, text!["large-", Value::own_region()], "small");
    let queue = stack.add("queue", with(thing("Example::SQS::Queue"), "QueueName", name));
    stack[queue].depends_on(topic).condition(large).retain().tag("owner", "data");
    stack.add("topic-arn", Output::new(Attr::<String>::new(topic, None)).condition(large));

    let assembly = synth(app).unwrap();
    insta::assert_snapshot!(file(&assembly, "stacks/prod/eu-west-1/data.template.json"));
}

#[test]
fn what_cloudformation_expands_names_its_transform() {
    let (mut app, [_, prod]) = two_accounts();
    let mut stack = app.open("jobs", Stack::new(prod.in_region(HERE)));
    let table = Resource::new("AWS::Serverless::SimpleTable");
    let table = stack.add("table", table);
    let named = stack.to_json_string(Attr::<String>::new(table, None));
    stack.add("name", Output::new(named));
    app.open("data", Stack::new(prod.in_region(HERE)))
        .add("table", Resource::new("AWS::Serverless::SimpleTable"));

    let assembly = synth(app).unwrap();
    let template =
        |path| -> serde_json::Value { serde_json::from_str(file(&assembly, path)).unwrap() };
    let both = template("stacks/prod/eu-west-1/jobs.template.json");
    let names = serde_json::json!(["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]);
    assert_eq!(both["Transform"], names);
    let one = template("stacks/prod/eu-west-1/data.template.json");
    assert_eq!(one["Transform"], "AWS::Serverless-2016-10-31");
    for stack in assembly.manifest().stacks.values() {
        assert_eq!(stack.template.capabilities, ["CAPABILITY_AUTO_EXPAND"]);
    }
}

#[test]
fn a_reference_to_another_stack_is_an_output_and_a_parameter() {
    let (mut app, [_, prod]) = two_accounts();
    let mut network = app.open("network-stack", Stack::new(prod.in_region(HERE)));
    let vpc = network.add("vpc", thing("Example::EC2::VPC"));
    let zones: Attr<accel_core::List<String>> = Attr::list(vpc, "CidrBlockAssociations");
    app.open("apps", Stack::new(prod.in_region(HERE))).add(
        "subnet",
        with(
            with(thing("Example::EC2::Subnet"), "VpcId", Attr::<String>::new(vpc, None)),
            "Zones",
            zones,
        ),
    );

    let assembly = synth(app).unwrap();
    insta::assert_snapshot!(file(&assembly, "stacks/prod/eu-west-1/network-stack.template.json"));
    insta::assert_snapshot!(file(&assembly, "stacks/prod/eu-west-1/apps.template.json"));
    insta::assert_snapshot!(file(&assembly, "manifest.json"));
}

#[test]
fn what_crosses_an_account_is_shared() {
    let mut messages = Vec::new();
    for share in [false, true] {
        let (mut app, [network, prod]) = two_accounts();
        let mut stack = app.open("network-stack", Stack::new(network.in_region(HERE)));
        let vpc = stack.add("vpc", thing("Example::EC2::VPC"));
        let id = Attr::<String>::new(vpc, None);
        let id = if share { Prop::from(stack.share(id, prod)) } else { Prop::from(id) };
        app.open("apps", Stack::new(prod.in_region(HERE)))
            .add("subnet", with(thing("Example::EC2::Subnet"), "VpcId", id));
        messages.push(synth(app).map_err(|diagnostics| diagnostics.to_string()));
    }
    insta::with_settings!({filters => vec![(r":\d+:\d+", ":LINE")]}, {
        insta::assert_snapshot!(messages[0].as_ref().unwrap_err());
    });
    assert!(messages[1].is_ok());
}

#[test]
fn one_line_that_crosses_a_border_is_one_mistake() {
    let (mut app, [network, prod]) = two_accounts();
    let mut stack = app.open("network-stack", Stack::new(network.in_region(HERE)));
    let vpc = stack.add("vpc", thing("Example::EC2::VPC"));
    let (id, arn) = (Attr::<String>::new(vpc, None), Attr::<String>::new(vpc, Some("Arn")));
    let subnet = with(with(thing("Example::EC2::Subnet"), "VpcId", id), "VpcArn", arn);
    app.open("apps", Stack::new(prod.in_region(HERE))).add("subnet", subnet);
    assert_eq!(codes(app), ["cross-account-reference"]);
}

#[test]
fn a_stack_set_has_pseudo_parameters_tables_and_published_values() {
    let (mut app, [network, prod]) = two_accounts();
    let set = StackSet::for_accounts([network, prod]).regions([HERE, Region::US_EAST_1]);
    let mut set = app.open("baseline", set);
    let days = Value::<i64>::by_region([(HERE, 365), (Region::US_EAST_1, 30)]);
    let mut group = with(thing("Example::Logs::LogGroup"), "RetentionInDays", days);
    group.set("Owner", Value::<String>::by_account_or("owner", [(prod, "prod-team")], "nobody"));
    group.set("Account", network.id());
    group.set("Other", prod.id());
    let group = set.add("logs", group);
    let arn = set.publish("log-group", Attr::<String>::new(group, Some("Arn")));
    app.open("apps", Stack::new(prod.in_region(HERE))).add(
        "reader",
        with(thing("Example::Test::Reader"), "Arn", arn.in_environment(prod.in_region(HERE))),
    );

    let assembly = synth(app).unwrap();
    insta::assert_snapshot!(file(&assembly, "stack-sets/baseline.template.json"));
    insta::assert_snapshot!(file(&assembly, "manifest.json"));
}

/// A level of another crate whose target cannot look values up, and one that can.
#[derive(Debug)]
struct Manifests {
    looks_up: bool,
}
impl Level for Manifests {
    fn render(&self, place: &str, documents: Vec<Document>) -> Vec<Document> {
        let below = |document: Document| Document {
            path: format!("gitops/{place}/{}", document.path),
            ..document
        };
        documents.into_iter().map(below).collect()
    }
    fn indirection(&self, name: &str) -> Option<String> {
        self.looks_up.then(|| format!("${{{name}}}"))
    }
}
impl Within<App> for Manifests {}

struct Values(Vec<(&'static str, Prop)>);
impl Construct for Values {
    type Level = Manifests;
    type Output = ();
    fn build(self, scope: &mut Scope<'_, Manifests>) {
        let path = format!("{}.yaml", scope.id());
        scope.document(Document::new(path, Format::Yaml, DocumentNode::map(self.0)));
    }
}

fn document_app(looks_up: bool, lock: Option<Lock>) -> App {
    let (mut app, [_, prod]) = two_accounts();
    let mut stack = app.open("network-stack", Stack::new(prod.in_region(HERE)));
    let vpc = stack.add("vpc", thing("Example::EC2::VPC"));
    let role = text!["arn:", Value::own_partition(), ":iam::", prod.id(), ":role/deploy"];
    app.open("cluster", Manifests { looks_up }).add(
        "values",
        Values(vec![
            ("vpc", Attr::<String>::new(vpc, None).into()),
            ("role", role.into()),
            ("replicas", 2.into()),
        ]),
    );
    if let Some(lock) = lock {
        app.set_lock(lock);
    }
    app
}

#[test]
fn a_document_holds_what_is_known_or_its_targets_own_look_up() {
    let mut lock = Lock::default();
    lock.set_account("prod", account_id!("333333333333"));
    lock.set_value("prod/eu-west-1/network-stack", "Vpc38FABA71", "vpc-1");
    let path = "gitops/cluster/values.yaml";

    let first = synth(document_app(false, None)).unwrap();
    assert_eq!(first.file(path), None);
    assert!(first.manifest().documents[path].pending);
    insta::with_settings!({filters => vec![(r":\d+:\d+", ":LINE")]}, {
        insta::assert_snapshot!(first.warnings());
    });

    insta::assert_snapshot!(file(&synth(document_app(true, None)).unwrap(), path), @r"
    # Generated by accel from the app test: edit the program, not this file.
    # gitops/cluster/values.yaml

    vpc: ${ACCEL_PROD_EU_WEST_1_NETWORK_STACK_VPC38FABA71}
    role: arn:aws:iam::${ACCEL_PROD_ACCOUNT_ID}:role/deploy
    replicas: 2
    ");
    let output = first.file("stacks/prod/eu-west-1/network-stack.template.json").unwrap();
    assert!(output.contains("Outputs"), "the deployer learns the value from an output");
    insta::assert_snapshot!(file(&synth(document_app(false, Some(lock))).unwrap(), path), @r"
    # Generated by accel from the app test: edit the program, not this file.
    # gitops/cluster/values.yaml

    vpc: vpc-1
    role: arn:aws:iam::333333333333:role/deploy
    replicas: 2
    ");
}

#[test]
fn what_a_stack_set_makes_has_no_single_value() {
    let (mut app, [network, prod]) = two_accounts();
    let mut set = app.open("baseline", StackSet::for_accounts([network, prod]).regions([HERE]));
    let topic = set.add("topic", thing("Example::SNS::Topic"));
    app.open("apps", Stack::new(prod.in_region(HERE)))
        .add("user", with(thing("Example::Test::User"), "Topic", Attr::<String>::new(topic, None)));
    assert_eq!(codes(app), ["stack-set-reference"]);
}

#[test]
fn a_value_for_every_account_is_shared_with_the_organization() {
    let (mut app, [network, prod]) = two_accounts();
    let mut keys = app.open("keys", Stack::new(network.in_region(HERE)));
    let key = keys.add("key", thing("Example::KMS::Key"));
    let shared = keys.share(Attr::<String>::new(key, None), Audience::Organization);
    app.open("baseline", StackSet::for_accounts([network, prod]).regions([HERE]))
        .add("user", with(thing("Example::Test::User"), "Key", shared));
    assert!(synth(app).is_ok());
}

#[test]
fn a_cycle_names_the_line_of_every_edge() {
    let (mut app, [_, prod]) = two_accounts();
    let mut a = app.open("a", Stack::new(prod.in_region(HERE)));
    let one = a.add("one", thing("Example::Test::One"));
    let mut b = app.open("b", Stack::new(prod.in_region(HERE)));
    let two =
        b.add("two", with(thing("Example::Test::Two"), "One", Attr::<String>::new(one, None)));
    app[one].set("Two", Attr::<String>::new(two, None));
    let problems = synth(app).unwrap_err();
    insta::with_settings!({filters => vec![(r":\d+:\d+", ":LINE")]}, {
        insta::assert_snapshot!(problems);
    });
}

#[test]
fn a_move_keeps_every_deployed_name() {
    let build = |stack_id: &str, id: &str, moves: &[(&str, &str)]| {
        let (mut app, [_, prod]) = two_accounts();
        app.open(stack_id, Stack::new(prod.in_region(HERE))).add(id, thing("Example::Test::One"));
        for (old, new) in moves {
            app.moved(old, new);
        }
        synth(app)
    };
    let before = build("data", "one", &[]).unwrap();
    let moves = [
        ("prod/eu-west-1/data", "prod/eu-west-1/store"),
        ("prod/eu-west-1/data/one", "prod/eu-west-1/store/first"),
    ];
    let after = build("store", "first", &moves).unwrap();
    assert_eq!(
        file(&before, "stacks/prod/eu-west-1/data.template.json"),
        file(&after, "stacks/prod/eu-west-1/store.template.json")
    );
    let name = |assembly: &Assembly, path| assembly.manifest().stacks[path].name.clone();
    assert_eq!(name(&before, "prod/eu-west-1/data"), name(&after, "prod/eu-west-1/store"));

    let wrong = build("data", "one", &[("prod/eu-west-1/data/x", "prod/eu-west-1/data/y")]);
    assert_eq!(wrong.unwrap_err().iter().next().unwrap().code.name(), "invalid-move");
}

#[test]
fn a_template_that_no_bucket_may_hold_is_refused() {
    let (mut app, [_, prod]) = two_accounts();
    let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
    stack.add("topic", with(thing("Example::SNS::Topic"), "TopicName", "x".repeat(1_000_000)));
    drop(stack);
    assert_eq!(codes(app), ["limit-exceeded"]);
}

#[test]
fn secrets_stay_out_of_sight() {
    let (mut app, [_, prod]) = two_accounts();
    let mut stack = app.open("db", Stack::new(prod.in_region(HERE)));
    let password = stack.add("password", Parameter::secret());
    let database = with(thing("Example::Test::Db"), "Password", password);
    let database = stack.add("db", database);
    stack[database].tag("secret", Value::managed("db"));
    stack.add("shown", Output::new(password));
    assert_eq!(codes(app), ["secret-leak", "secret-leak"]);
    // What differs by account is written into a parameter that anybody may read.
    let (mut app, [network, _]) = two_accounts();
    let mut everywhere = app.open("all", StackSet::for_accounts([network]).regions([HERE]));
    let password = Value::<Secret>::by_account("password", [(network, Value::managed("db"))]);
    everywhere.add("db", with(thing("Example::Test::Db"), "Password", password));
    drop(everywhere);
    assert_eq!(codes(app), ["incomplete-table"]);
}

#[test]
fn order_of_independent_adds_changes_nothing() {
    let build = |ids: [&str; 3]| {
        let (mut app, [_, prod]) = two_accounts();
        let mut stack = app.open("data", Stack::new(prod.in_region(HERE)));
        for id in ids {
            stack.add(id, thing("Example::SNS::Topic"));
        }
        synth(app).unwrap().to_string()
    };
    assert_eq!(build(["a", "b", "c"]), build(["c", "a", "b"]));
}
