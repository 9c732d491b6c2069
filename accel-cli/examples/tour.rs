//! A program with a flag of its own, small enough to see what each command says of it.
//!
//! `cargo run -p accel-cli --example tour -- synth --out accel.out`

use std::process::ExitCode;

use accel_cli::clap;
use accel_core::{
    AccountInfo, AccountRef, App, Construct, Document, DocumentNode, Format, Level, Object,
    PolicyDocument, Prop, Region, Resource, Scope, Stack, StackSet, Within, account_id, actions,
    policy::{Operator, Principal, Statement},
};

#[derive(clap::Args)]
struct Options {
    /// Build the app with these mistakes
    #[arg(long, value_enum)]
    mistake: Option<Mistake>,
    /// Keep an archive in a bucket of this name
    #[arg(long, value_name = "NAME")]
    archive: Option<String>,
    /// Add a role that may read the bucket
    #[arg(long)]
    reader: bool,
    /// The repository's workflows
    #[arg(long, value_name = "NAME", default_values = ["ci", "deploy"])]
    workflow: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Mistake {
    /// Two constructs with one id
    DuplicateId,
    /// A stack set that deploys nothing
    EmptyStackSet,
}

fn main() -> ExitCode {
    accel_cli::run_with(|options: Options| app(&options))
}

fn app(options: &Options) -> App {
    let mut app = App::new("tour");
    let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
    let prod = app.scope().declare_account_as("prod", info);
    let sandbox = app.scope().declare_account_as("sandbox", AccountInfo::default());

    let mut data = app.open("data", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let bucket = data.add("bucket", Resource::new("AWS::S3::Bucket"));
    if options.reader {
        data[bucket].set("BucketName", "acme-orders");
        data.add("reader", reader());
        let tls = Statement::deny(actions!["s3:*"]).sid("OverTlsOnly").principal(Principal::any());
        let tls = tls.resource("*").when(Operator::Bool, "aws:SecureTransport", "false");
        let mut policy = Resource::new("AWS::S3::BucketPolicy");
        policy.set("Bucket", "acme-orders").set("PolicyDocument", PolicyDocument::from([tls]));
        data.add("policy", policy);
    }
    if let Some(Mistake::DuplicateId) = options.mistake {
        data.add("bucket", Resource::new("AWS::S3::Bucket"));
    }
    if let Some(name) = &options.archive {
        let archive = data.add("archive", Resource::new("AWS::S3::Bucket"));
        data[archive].set("BucketName", name.as_str());
    }
    let regions: &[Region] = match options.mistake {
        Some(Mistake::EmptyStackSet) => &[],
        _ => &[Region::EU_WEST_1, Region::EU_CENTRAL_1],
    };
    let baseline = StackSet::for_accounts([prod, sandbox]).regions(regions.iter().copied());
    app.open("baseline", baseline).add("topic", Resource::new("AWS::SNS::Topic"));

    let mut repository = app.open("shop", Repository { name: "example/shop" });
    for name in &options.workflow {
        repository.add(name, Workflow { account: prod });
    }
    let mut repository = app.open("docs", Repository { name: "example/docs" });
    repository.add("publish", Workflow { account: sandbox });
    app
}

/// A role that may read everything.
fn reader() -> Resource {
    let read = Statement::allow(actions!["s3:GetObject"]).resource("*");
    let mut inline = Object::new();
    inline.insert("PolicyName", "read");
    inline.insert("PolicyDocument", PolicyDocument::from([read]));
    let trust = Statement::allow(actions!["sts:AssumeRole"]);
    let trust = trust.principal(Principal::service("ec2.amazonaws.com"));
    let mut role = Resource::new("AWS::IAM::Role");
    role.set("RoleName", "reader").set("Policies", vec![Prop::from(inline)]);
    role.set("AssumeRolePolicyDocument", PolicyDocument::from([trust]));
    role
}

/// A place for files of a repository, as a third crate would bring it.
#[derive(Debug)]
struct Repository {
    name: &'static str,
}

impl Level for Repository {
    fn render(&self, _: &str, documents: Vec<Document>) -> Vec<Document> {
        let placed = |document: Document| Document {
            path: format!("github/{}/.github/workflows/{}.yml", self.name, document.path),
            ..document
        };
        documents.into_iter().map(placed).collect()
    }
}
impl Within<App> for Repository {}

/// A file that needs the id of an account.
struct Workflow {
    account: AccountRef,
}

impl Construct for Workflow {
    type Level = Repository;
    type Output = ();
    fn build(self, scope: &mut Scope<'_, Repository>) {
        let entries = [("on", "push".into()), ("account", self.account.id().into_prop())];
        let root = DocumentNode::map::<_, Prop>(entries);
        scope.document(Document::new(scope.id(), Format::Yaml, root));
    }
}
