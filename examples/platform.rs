//! What applications run on: a Kubernetes cluster with what backs it, kept by Argo CD, and a service on
//! Fargate behind a load balancer and an API: `cargo run --example platform -- synth --out platform.out`.

use std::process::ExitCode;

use accel::{
    cfn::certificatemanager::CertificateArn,
    constructs::{
        foundation::{ExistingZone, HostedZone},
        platform::{
            Application, BackingApplications, BackingServices, Bucket, Capacity, ClusterVpc,
            EcrRepository, EcsCluster, FargateService, Gitops, HttpApi, LoadBalancer, NodeGroup,
            PullAccess, Route, Scheme, Source,
        },
    },
    prelude::*,
};

const VPC_NAME: &str = "acme-prod";

fn main() -> ExitCode {
    accel::run(platform())
}

pub(crate) fn platform() -> App {
    let mut app = App::new("acme");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let account = |email, id| Account::builder().email(email).id(id).build();
    let artifacts = account(email!("aws+artifacts@example.com"), account_id!("111111111111"));
    let artifacts = org.add("artifacts", artifacts);
    let prod = account(email!("aws+prod@example.com"), account_id!("222222222222"));
    let prod = org.add("prod", prod);

    // Images are built once, and pulled by the account that runs them.
    let registry = artifacts.in_region(Region::EU_WEST_1);
    let mut images = app.open("images", Stack::new(registry));
    let shop_image = EcrRepository::builder().name("acme/shop").pull([PullAccess::Account(prod)]);
    let shop_image = images.add("shop", shop_image.build());

    let place = prod.in_region(Region::EU_WEST_1);
    let mut network = app.open("network", Stack::new(place));
    let vpc = Vpc::builder().cidr(cidr!("10.101.0.0/18")).name(VPC_NAME).kubernetes_tags(true);
    let vpc = network.add("vpc", vpc.build());

    // The zone and the certificate are there already.
    let ExistingZone { id: zone, name: domain } =
        HostedZone::existing("Z0123456789ABCDEFGHIJ", "prod.example.com");
    let certificate = Value::<CertificateArn>::imported(
        "arn:aws:acm:eu-west-1:222222222222:certificate/11111111-1111-1111-1111-111111111111",
    );

    // A cluster, and what the services do in the account that others in it build upon.
    let mut kubernetes = app.open("kubernetes", Stack::new(place));
    let nodes = NodeGroup::builder().add_ons(["aws-ebs-csi-driver"]).build();
    let cluster =
        EksCluster::builder().version("1.34").subnets(&vpc.private_subnets).compute(nodes);
    let cluster = kubernetes.add("cluster", cluster.build());
    let services = BackingServices::builder().cluster(&cluster).zones([&zone]).build();
    let services = kubernetes.add("backing-services", services);

    // What Argo CD keeps in the cluster; the first of these leads it to all others.
    let mut gitops = app.open("gitops", Gitops::new(&cluster));
    let directory = format!("gitops/{}/applications", cluster.literal_name);
    let root = Source::directory("https://github.com/acme/gitops", directory);
    gitops.add("root", Application::builder().source(root).namespace("argocd").build());
    let backing = BackingApplications::builder()
        .cluster(&cluster)
        .services(&services)
        .vpc(ClusterVpc::named(VPC_NAME))
        .domains([domain])
        .build();
    gitops.add("backing-services", backing);

    // A service without a cluster to look after: for browsers through the public load balancer, for
    // programs through the API, which reaches the internal one.
    let mut apps = app.open("apps", Stack::new(place));
    let log = apps.add("access-log", Bucket::builder().build());
    let balancer =
        || LoadBalancer::builder().vpc(vpc.id).certificates([&certificate]).access_log(log);
    let public = balancer().subnets(&vpc.public_subnets).scheme(Scheme::InternetFacing).build();
    let public = apps.add("public", public);
    let internal = apps.add("internal", balancer().subnets(&vpc.private_subnets).build());
    let api = HttpApi::builder()
        .vpc(vpc.id)
        .subnets(&vpc.private_subnets)
        .load_balancer(&internal)
        .server_name("internal.prod.example.com")
        .build();
    apps.add("api", api);

    let capacity = Capacity::builder().base(2).on_demand(1).spot(3).build();
    let fargate = apps.add("fargate", EcsCluster::builder().capacity(capacity).build());
    for (id, balancer) in [("shop", &public), ("orders", &internal)] {
        let route = Route::builder().load_balancer(balancer).priority(100).paths(["/*"]).build();
        let service = FargateService::builder()
            .cluster(&fargate)
            .vpc(vpc.id)
            .subnets(&vpc.private_subnets)
            .image(text![shop_image.uri_in(registry), ":prod"])
            .command([id])
            .port(8080)
            .cpu(512)
            .memory_mib(1024)
            .route(route)
            .build();
        apps.add(id, service);
    }
    app
}
