use accel_cfn::route53::HostedZoneId;
use accel_constructs::{
    foundation::Vpc,
    platform::{
        Application, BackingApplications, BackingServices, BackingServicesRef, ClusterVpc,
        Destination, EksCluster, EksClusterRef, Gitops, PodIdentity, Source, SyncPolicy,
    },
};
use accel_core::{
    AccountInfo, App, DocumentNode, Region, Scope, Stack, StackSet, Value, account_id, actions,
    policy::Statement,
};
use accel_synth::Assembly;
use serde_json::{Value as Json, json};

use super::{codes, of_type, synth, template};

fn cluster<L>(stack: &mut Scope<'_, L>) -> EksClusterRef
where
    L: accel_core::Level,
    accel_core::Template: accel_core::FitsIn<L, EksCluster>,
{
    let vpc = Vpc::existing("vpc-0123456789abcdef0")
        .private_subnets(["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]);
    let cluster = EksCluster::builder().version("1.34").subnets(&vpc.private_subnets);
    stack.add("cluster", cluster.build())
}

fn services(stack: &mut Scope<'_, Stack>, cluster: &EksClusterRef) -> BackingServicesRef {
    let zone = Value::<HostedZoneId>::imported("Z0123456789ABCDEFGHIJ");
    let services = BackingServices::builder().cluster(cluster).zones([zone]).build();
    stack.add("backing-services", services)
}

/// An app with a cluster and its services in an account of known id, and what `build` makes of them.
fn platform(build: impl FnOnce(&mut App, EksClusterRef, BackingServicesRef)) -> App {
    let mut app = App::new("acme");
    let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
    let prod = app.scope().declare_account_as("prod", info);
    let mut stack = app.open("platform", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let cluster = cluster(&mut stack);
    let services = services(&mut stack, &cluster);
    build(&mut app, cluster, services);
    app
}

fn backing(
    cluster: &EksClusterRef,
    services: &BackingServicesRef,
    vpc: ClusterVpc,
) -> BackingApplications {
    BackingApplications::builder()
        .cluster(cluster)
        .services(services)
        .vpc(vpc)
        .domains(["prod.example.com"])
        .build()
}

fn manifests(assembly: &Assembly) -> Vec<&str> {
    assembly.files().map(|(path, _)| path).filter(|path| path.starts_with("gitops/")).collect()
}

fn file<'a>(assembly: &'a Assembly, name: &str) -> &'a str {
    let path = format!("gitops/acme-cluster/applications/{name}.yaml");
    assembly.file(&path).unwrap_or_else(|| panic!("no {path} in {:?}", manifests(assembly)))
}

#[test]
fn backing_applications_name_cluster_region_vpc_and_role() {
    let assembly = synth(platform(|app, cluster, services| {
        let mut gitops = app.open("gitops", Gitops::new(&cluster));
        let vpc = ClusterVpc::named("acme-prod");
        let made = gitops.add("backing-services", backing(&cluster, &services, vpc));
        assert_eq!(made.applications.len(), 5);
    }));
    insta::assert_snapshot!(file(&assembly, "aws-load-balancer-controller"));
    insta::assert_snapshot!(file(&assembly, "external-dns"));
    for (name, role) in [
        ("cert-manager", "acme-cluster-euw1-cert-manager-cert-manager"),
        ("external-secrets", "acme-cluster-euw1-external-secrets-external-secrets"),
    ] {
        let arn = format!("arn:aws:iam::111111111111:role/{role}");
        assert!(file(&assembly, name).contains(&arn), "{}", file(&assembly, name));
    }
    assert!(file(&assembly, "metrics-server").contains("3.13.1"));
    // The roles have the names that the manifests say.
    let stack = template(&assembly, "prod/eu-west-1/platform");
    let names: Vec<_> = of_type(&stack, "AWS::IAM::Role")
        .iter()
        .filter_map(|role| role["RoleName"].as_str())
        .collect();
    assert!(names.contains(&"acme-cluster-euw1-cert-manager-cert-manager"), "{names:?}");
}

#[test]
fn a_manifest_waits_for_what_is_not_known() {
    let mut app = App::new("acme");
    let prod = app.scope().declare_account_as("prod", AccountInfo::default());
    let mut stack = app.open("platform", Stack::new(prod.in_region(Region::EU_WEST_1)));
    let cluster = cluster(&mut stack);
    let services = services(&mut stack, &cluster);
    let mut gitops = app.open("gitops", Gitops::new(&cluster));
    gitops.add("backing", backing(&cluster, &services, ClusterVpc::named("acme-prod")));
    // The account's id is in the roles' ARNs; only one application has no role.
    let assembly = synth(app);
    assert_eq!(manifests(&assembly), ["gitops/acme-cluster/applications/metrics-server.yaml"]);
    // All others wait for the same thing.
    assert_eq!(assembly.warnings().iter().count(), 1);
}

#[test]
fn each_backing_service_has_a_role_for_just_its_work() {
    let assembly = synth(platform(|_, _, _| {}));
    let stack = template(&assembly, "prod/eu-west-1/platform");
    assert_eq!(of_type(&stack, "AWS::EKS::PodIdentityAssociation").len(), 4);
    let policy = |service: &str| {
        let roles = of_type(&stack, "AWS::IAM::Role");
        let role = roles
            .into_iter()
            .find(|role| role["RoleName"].as_str().is_some_and(|name| name.ends_with(service)));
        role.map(|role| role["Policies"][0]["PolicyDocument"]["Statement"].clone()).expect(service)
    };
    let zone = json!({"Fn::Join": ["", [
        "arn:", {"Ref": "AWS::Partition"}, ":route53:::hostedzone/Z0123456789ABCDEFGHIJ"
    ]]});
    let proofs = &policy("cert-manager-cert-manager")[1];
    assert_eq!(proofs["Resource"], zone);
    assert_eq!(
        proofs["Condition"]["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsRecordTypes"],
        "TXT"
    );
    assert_eq!(policy("external-dns-external-dns")[0]["Resource"], zone);
    let balancers = policy("aws-load-balancer-controller");
    let statements = balancers.as_array().expect("statements");
    let make = statements.iter().find(|one| one["Sid"] == "Make").expect("Make");
    assert_eq!(
        make["Condition"]["StringEquals"]["aws:RequestTag/elbv2.k8s.aws/cluster"],
        "acme-cluster"
    );
    let everything =
        |one: &&Json| one["Action"] == "*" || one["Action"].to_string().contains(":*\"");
    assert_eq!(statements.iter().filter(everything).count(), 0);
}

#[test]
fn a_pod_identity_is_for_one_service_account_of_one_cluster() {
    let assembly = synth(platform(|app, cluster, _| {
        let prod = cluster.environment.expect("a stack");
        let send = Statement::allow(actions!["ses:SendEmail"]).resource("*");
        let mut stack = app.open("shop", Stack::new(prod));
        let shop =
            PodIdentity::builder().cluster(&cluster).namespace("shop").service_account("api");
        stack.add("shop", shop.statements([send]).build());
    }));
    let stack = template(&assembly, "prod/eu-west-1/shop");
    let [association] = of_type(&stack, "AWS::EKS::PodIdentityAssociation")[..] else {
        panic!("one association")
    };
    assert_eq!(
        (&association["Namespace"], &association["ServiceAccount"]),
        (&json!("shop"), &json!("api"))
    );
    let [role] = of_type(&stack, "AWS::IAM::Role")[..] else { panic!("one role") };
    let trust = &role["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(trust["Principal"]["Service"], "pods.eks.amazonaws.com");
    let tags = &trust["Condition"]["StringEquals"];
    assert_eq!(tags["aws:RequestTag/kubernetes-namespace"], "shop");
    assert_eq!(tags["aws:RequestTag/kubernetes-service-account"], "api");
    assert!(tags["aws:RequestTag/eks-cluster-arn"].is_object(), "{trust}");
}

#[test]
fn an_application_is_as_is_said() {
    let assembly = synth(platform(|app, cluster, _| {
        let arn =
            Value::<String>::imported("arn:aws:eks:eu-west-1:111111111111:cluster/acme-cluster");
        let level = Gitops::new(&cluster).namespace("argo").destination(Destination::Server(arn));
        let mut gitops = app.open("gitops", level);
        let source = Source::directory("https://github.com/example/gitops", "apps").revision("v1");
        let sync = SyncPolicy::builder().automated(false).server_side_apply(false).build();
        let shop = Application::builder().source(source).namespace("shop").project("shop");
        gitops.add("shop", shop.sync(sync).wave(-1).build());
    }));
    insta::assert_snapshot!(file(&assembly, "shop"));
}

#[test]
fn what_argo_cd_would_not_take_is_refused() {
    let refused = codes(platform(|app, cluster, _| {
        let mut gitops = app.open("gitops", Gitops::new(&cluster));
        let mut add = |id: &str, source: Source| {
            gitops.add(id, Application::builder().source(source).namespace("shop").build());
        };
        add("Shop", Source::directory("https://github.com/example/gitops", "apps"));
        add("clear", Source::directory("http://git.example.com/gitops", "apps"));
        let values = DocumentNode::map([("replicas", 2)]);
        add("range", Source::chart("https://charts.example.com", "shop", "^1.2").values(values));
    }));
    assert_eq!(refused, ["gitops-name", "gitops-repository", "chart-version"]);
}

#[test]
fn charts_are_of_other_versions_where_that_is_said() {
    let applications = |cluster: &EksClusterRef, services: &BackingServicesRef, chart: &str| {
        BackingApplications::builder()
            .cluster(cluster)
            .services(services)
            .vpc(ClusterVpc::named("acme-prod"))
            .versions([(chart.to_owned(), "v9.8.7")])
            .build()
    };
    let assembly = synth(platform(|app, cluster, services| {
        let mut gitops = app.open("gitops", Gitops::new(&cluster));
        gitops.add("backing", applications(&cluster, &services, "cert-manager"));
    }));
    assert!(file(&assembly, "cert-manager").contains("targetRevision: v9.8.7"));
    let refused = codes(platform(|app, cluster, services| {
        let mut gitops = app.open("gitops", Gitops::new(&cluster));
        gitops.add("backing", applications(&cluster, &services, "certmanager"));
    }));
    assert_eq!(refused, ["chart-unknown"]);
}

#[test]
fn services_without_zone_or_place_are_refused() {
    let refused = codes(platform(|app, cluster, services| {
        let mut stack = app.open("more", Stack::new(cluster.environment.expect("a stack")));
        let without = BackingServices::builder().cluster(&cluster).secret_prefixes(["*"]).build();
        stack.add("backing", without);

        let prod = cluster.environment.expect("a stack").account;
        let mut set = app.open("set", StackSet::for_accounts([prod]).regions([Region::EU_WEST_1]));
        let spread = self::cluster(&mut set);
        let mut gitops = app.open("gitops", Gitops::new(&cluster));
        gitops.add("backing", backing(&spread, &services, ClusterVpc::named("acme-prod")));
    }));
    // Of the second set of roles, each has the name of one of the first.
    let ours = ["backing-service-zones", "backing-service-secrets", "gitops-cluster-place"];
    for code in ours {
        assert_eq!(
            refused.iter().filter(|found| **found == code).count(),
            1,
            "{code} in {refused:?}"
        );
    }
}
