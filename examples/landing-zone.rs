//! The landing zone of a small company, from its organization to its alerts, in one program:
//! `cargo run --release --example landing-zone -- synth --out accel.out`.

use std::process::ExitCode;

use accel::{
    constructs::{
        foundation::{
            Baseline, EveryAccount, OrganizationStep, OrganizationTrail, PasswordPolicy,
            ServiceControlPolicy,
        },
        release::{Checkout, GithubOidcProvider, GithubRole, GithubSubject},
        sre::datadog::{Message, MetricQuery, Priority, minutes},
    },
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(landing_zone())
}

pub(crate) fn landing_zone() -> App {
    let mut app = App::new("acme");
    app.tag("owner", "platform");
    let regions = [Region::EU_WEST_1, Region::US_EAST_1];

    // The organization: nested units, and accounts. Nothing is known of `prod` but its address: the
    // deployer makes the account and learns its id.
    let mut org = app.open("organization", Organization::create(email!("aws@example.com")));
    let core = org.add("core", OrganizationalUnit::builder().build());
    let workloads = org.add("workloads", OrganizationalUnit::builder().build());
    let production = org.add("production", OrganizationalUnit::builder().parent(workloads).build());

    let audit = Account::builder()
        .email(email!("aws+audit@example.com"))
        .id(account_id!("222222222222"))
        .unit(core)
        .build();
    let audit = org.add("audit", audit);
    let dev = Account::builder()
        .email(email!("aws+dev@example.com"))
        .id(account_id!("333333333333"))
        .unit(workloads)
        .build();
    let dev = org.add("dev", dev);
    let prod = Account::builder().email(email!("aws+prod@example.com")).unit(production).build();
    let prod = org.add("prod", prod);

    // What nobody may do, and what CloudFormation cannot say.
    let leaving = Statement::deny(actions!["organizations:LeaveOrganization"]).resource("*");
    let stay = ServiceControlPolicy::builder()
        .document(PolicyDocument::from([leaving]))
        .targets([core, workloads])
        .build();
    org.add("deny-leaving", stay);
    for (name, account) in [("audit", audit), ("dev", dev), ("prod", prod)] {
        let passwords = PasswordPolicy::builder().build();
        let passwords = OrganizationStep::password_policy(account, &passwords);
        org.add(&format!("passwords-{name}"), passwords);
        let buckets = OrganizationStep::s3_public_access_block(account);
        org.add(&format!("private-buckets-{name}"), buckets);
        for region in regions {
            let disks = OrganizationStep::ebs_encryption(account.in_region(region));
            org.add(&format!("encrypted-disks-{name}-{region}"), disks);
        }
    }

    // What is done in every account is recorded and watched in one.
    org.add("trail", OrganizationTrail::builder().log_archive(audit).build());
    org.add("guardduty", GuardDuty::builder().administrator(audit).regions(regions).build());

    // What every account has, those that join later included.
    let baseline = Baseline::builder().auditor(audit).build();
    org.add("baseline", EveryAccount::builder().construct(baseline).regions(regions).build());

    // The same network in two accounts and two regions, no address twice.
    let networks = [
        (dev, Region::EU_WEST_1, cidr!("10.101.0.0/18")),
        (dev, Region::US_EAST_1, cidr!("10.101.64.0/18")),
        (prod, Region::EU_WEST_1, cidr!("10.102.0.0/18")),
        (prod, Region::US_EAST_1, cidr!("10.102.64.0/18")),
    ];
    let [_, _, network, _] = networks.map(|(account, region, cidr)| {
        let mut network = app.open("network", Stack::new(account.in_region(region)));
        network.add("vpc", Vpc::builder().cidr(cidr).kubernetes_tags(true).build())
    });

    // A cluster in production, and the role by which what is merged gets into it.
    let shop = Repository::new("acme/shop").ids(1111, 2222);
    let mut apps = app.open("apps", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let github = apps.add("github", GithubOidcProvider);
    let find = Statement::allow(actions!["eks:DescribeCluster"]).resource("*");
    let deployer = GithubRole::builder()
        .name("shop-deployer")
        .provider(github)
        .repository(&shop)
        .trusts([GithubSubject::environment("production")])
        .policy(PolicyDocument::from([find]))
        .build();
    let deployer = apps.add("deployer", deployer);
    let cluster = EksCluster::builder()
        .version("1.34")
        .subnets(&network.private_subnets)
        .administrators([deployer.role().arn()])
        .build();
    let cluster = apps.add("cluster", cluster);
    cluster.allow_from(&mut apps, "cluster-from-vpc", network.cidr, Port::tcp(443));

    let mut shop = app.open("shop", shop);
    let connect = format!("aws eks update-kubeconfig --name {}", cluster.literal_name);
    let deploy = Job::new("deploy", Runner::UBUNTU_24_04)
        .environment("production")
        .step(Checkout::new())
        .step(deployer.credentials(prod, Region::EU_WEST_1))
        .step(Step::run(connect))
        .step(Step::run("kubectl apply --kustomize deploy"));
    shop.add(
        "deploy",
        GithubWorkflow::new("Deploy").on(Push::new().branches(["main"])).job(deploy),
    );

    // Somebody hears of it when it does not work.
    let mut datadog = app.open("datadog", Datadog::new("acme"));
    let restarts = MetricQuery::sum("kubernetes.containers.restarts")
        .over([format!("cluster_name:{}", cluster.literal_name)])
        .by(["kube_namespace", "pod_name"]);
    let restarts = DatadogMonitor::builder()
        .name("{{pod_name.name}} keeps restarting")
        .query(restarts.last(minutes(5)).sum().above(5).warning(3))
        .message(Message::new("A container does not stay up.").notify("@pagerduty-shop"))
        .priority(Priority::P2)
        .tags(["team:shop"])
        .build();
    datadog.add("restarts", restarts);

    app
}
