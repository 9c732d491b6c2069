//! A program to deploy, small enough to see what each command says of it.
//!
//! `cargo run -p accel-cli --features simulate,deploy --example outpost -- deploy --simulate=sim`

use std::process::ExitCode;

use accel_cli::clap;
use accel_core::{
    AccountId, AccountInfo, AccountRef, App, Call, Construct, PolicyDocument, Prop, Protocol, Read,
    Region, Resource, Scope, Stack, StackSet, Step, StepRef, Template, Value, account_id, actions,
    email,
    policy::{Principal, Statement},
    template::Parameter,
};

#[derive(clap::Args)]
struct Options {
    /// What the setting is
    #[arg(long, default_value = "calm")]
    setting: String,
    /// The bucket's name
    #[arg(long, default_value = "outpost-data")]
    bucket: String,
    /// Add a stack whose parameter only people know
    #[arg(long)]
    asks: bool,
    /// Add a stack and a stack set with secrets, one of which only people know
    #[arg(long)]
    secrets: bool,
    /// Leave the bucket's stack out
    #[arg(long)]
    without_data: bool,
    /// Add a stack that waits for the stack set
    #[arg(long)]
    follower: bool,
    /// Look up a role that exists already
    #[arg(long)]
    looks_up: bool,
    /// Let the role read everything
    #[arg(long)]
    reader: bool,
    /// Add a stack set in a hundred accounts
    #[arg(long)]
    crowd: bool,
    /// Make an account
    #[arg(long)]
    grows: bool,
    /// Name an account that is there already, by its address
    #[arg(long)]
    adopts: bool,
}

fn main() -> ExitCode {
    accel_cli::run_with(|options: Options| app(&options))
}

fn app(options: &Options) -> App {
    let mut app = App::new("outpost");
    let info = AccountInfo {
        // The one that a simulated cloud begins with.
        id: Some(account_id!("999999999999")),
        is_management: true,
        ..AccountInfo::default()
    };
    let main = app.scope().declare_account_as("main", info);
    let members = [account_id!("111111111111"), account_id!("222222222222")];
    let members = members.into_iter().zip(["north", "south"]).map(|(id, name)| {
        let info = AccountInfo { id: Some(id), ..AccountInfo::default() };
        app.scope().declare_account_as(name, info)
    });
    let members: Vec<_> = members.collect();

    if options.adopts {
        let email = Some(email!("aws+west@example.com"));
        app.scope().declare_account_as("west", AccountInfo { email, ..AccountInfo::default() });
    }
    if options.looks_up {
        app.add("auditor", Auditor(main));
    }
    if options.grows {
        app.add("member", Member(main));
    }
    if options.crowd {
        let ids = (0..100).filter_map(|n| AccountId::parse(&format!("3000000000{n:02}")).ok());
        let crowd: Vec<_> = ids
            .map(|id| {
                let (name, id) = (format!("crowd-{id}"), Some(id));
                app.scope().declare_account_as(&name, AccountInfo { id, ..AccountInfo::default() })
            })
            .collect();
        let mut set = app.open("crowd", StackSet::for_accounts(crowd).regions([Region::EU_WEST_1]));
        set.add("topic", Resource::new("AWS::SNS::Topic"));
    }
    if !options.without_data {
        let mut data = app.open("data", Stack::new(main.in_region(Region::EU_WEST_1)));
        let bucket = data.add("bucket", Resource::new("AWS::S3::Bucket"));
        data[bucket].set("BucketName", options.bucket.as_str());
    }
    if options.asks {
        let mut people = app.open("people", Stack::new(main.in_region(Region::EU_WEST_1)));
        let group = people.add("group", Parameter::string());
        let setting = people.add("setting", setting());
        people[setting].set("Value", group);
    }
    if options.secrets {
        let mut vault = app.open("vault", Stack::new(main.in_region(Region::EU_WEST_1)));
        vault.add("secret", Vault { description: &options.setting });
        let vaults = StackSet::for_accounts(members.clone()).regions([Region::EU_WEST_1]);
        let vault = Vault { description: &options.setting };
        app.open("vaults", vaults).add("secret", vault);
    }
    let everywhere = StackSet::for_accounts(members).regions([Region::EU_WEST_1]);
    let mut everywhere = app.open("everywhere", everywhere);
    let id = everywhere.add("setting", setting());
    everywhere[id].set("Value", options.setting.as_str());
    everywhere.add("role", role(options.reader));
    if options.follower {
        let everywhere = everywhere.node();
        let mut follower = app.open("follower", Stack::new(main.in_region(Region::EU_WEST_1)));
        follower.add("setting", setting());
        follower.after(everywhere);
    }
    app
}

/// A secret whose value is given, and one whose value is another's.
struct Vault<'a> {
    description: &'a str,
}

impl Construct for Vault<'_> {
    type Level = Template;
    type Output = ();

    fn build(self, template: &mut Scope<'_>) {
        let password = template.add("password", Parameter::secret());
        let given = template.add("given", Resource::new("AWS::SecretsManager::Secret"));
        template[given].set("Description", self.description);
        template[given].set("SecretString", password);
        let copy = template.add("copy", Resource::new("AWS::SecretsManager::Secret"));
        template[copy].set("SecretString", Value::managed("database"));
    }
}

/// A role that somebody else has made.
struct Auditor(AccountRef);

impl Construct for Auditor {
    type Level = App;
    type Output = StepRef;

    fn build(self, app: &mut Scope<'_, App>) -> StepRef {
        let role = || [("RoleName", Prop::from("Auditor"))].into_iter().collect();
        let protocol = Protocol::Query { version: "2010-05-08" };
        let call = Call { service: "iam", action: "GetRole", protocol, request: role() };
        let read = Read {
            call,
            absent: &["NoSuchEntity"],
            pointer: "/Role",
            expect: role(),
            results: vec![("Arn", "Arn")],
            prefix: "",
            found: Vec::new(),
        };
        app.step(Step {
            kind: "role",
            account: self.0,
            region: Region::US_EAST_1,
            setting: "role/Auditor".into(),
            call: None,
            read,
            inverse: None,
            prerequisites: Vec::new(),
        })
    }
}

/// An account of the organization.
struct Member(AccountRef);

impl Construct for Member {
    type Level = App;
    type Output = StepRef;

    fn build(self, app: &mut Scope<'_, App>) -> StepRef {
        let request = |fields: &[(&'static str, &'static str)]| {
            fields.iter().map(|(name, value)| (*name, Prop::from(*value))).collect()
        };
        let protocol = Protocol::Json { target: "AWSOrganizationsV20161128" };
        let of = |action, request| Call { service: "organizations", action, protocol, request };
        let named = [("AccountName", "member"), ("Email", "aws+member@example.com")];
        let read = Read {
            call: of("ListAccounts", request(&[])),
            absent: &["AWSOrganizationsNotInUseException"],
            pointer: "/Accounts/*",
            expect: request(&named[1..]),
            results: vec![("Id", "Id")],
            prefix: "",
            found: Vec::new(),
        };
        app.step(Step {
            kind: "account",
            account: self.0,
            region: Region::US_EAST_1,
            setting: "account/member".into(),
            call: Some(of("CreateAccount", request(&named))),
            read,
            inverse: None,
            prerequisites: Vec::new(),
        })
    }
}

fn setting() -> Resource {
    let mut setting = Resource::new("AWS::SSM::Parameter");
    setting.set("Type", "String").set("Value", "");
    setting
}

fn role(reader: bool) -> Resource {
    let trust = Statement::allow(actions!["sts:AssumeRole"]);
    let trust = trust.principal(Principal::service("ec2.amazonaws.com"));
    let mut role = Resource::new("AWS::IAM::Role");
    role.set("AssumeRolePolicyDocument", PolicyDocument::from([trust]));
    if reader {
        let managed = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".into()];
        role.set("ManagedPolicyArns", Prop::List(managed));
    }
    role
}
