use accel_constructs::foundation::{
    Account, CidrPlan, Nat, Organization, TransitGateway, TransitGatewayAttachment,
    TransitGatewayRef, Vpc, VpcRef,
};
use accel_core::{AccountRef, App, Cidr, Region, Scope, Stack, cidr, email};
use proptest::prelude::*;
use serde_json::json;

use super::{after, codes, json, of_type, organization, synth, template};

const EU: Region = Region::EU_WEST_1;
const US: Region = Region::US_EAST_1;

fn account(org: &mut Scope<'_, Organization>, name: &str) -> AccountRef {
    let email = email!("aws@example.com").plus(name).unwrap_or_else(|error| panic!("{error}"));
    org.add(name, Account::builder().email(email).build())
}

#[test]
fn each_account_has_a_block_and_each_region_a_part_of_it() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [dev, prod] = ["dev", "prod"].map(|name| account(&mut org, name));
    let plan = CidrPlan::builder().accounts([dev, prod]).regions([EU, US]).build();
    let plan = org.add("addresses", plan);
    let mut network =
        |account: AccountRef, region| plan.network(&mut org, account.in_region(region));
    assert_eq!(network(dev, EU), cidr!("10.101.0.0/18"));
    assert_eq!(network(dev, US), cidr!("10.101.64.0/18"));
    assert_eq!(network(prod, US), cidr!("10.102.64.0/18"));
    assert_eq!(plan.account(prod), Some(cidr!("10.102.0.0/16")));
    assert_eq!(plan.accounts_left(), 153);
    synth(app);
}

#[test]
fn a_plan_that_runs_out_says_which_pool_what_is_left_and_who_asked() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let accounts = ["one", "two", "three"].map(|name| account(&mut org, name));
    let plan = CidrPlan::builder()
        .accounts(accounts)
        .regions([EU, US])
        .first(cidr!("10.101.0.0/17"))
        .last(cidr!("10.101.128.0/17"))
        .region_prefix(17)
        .build();
    let plan = org.add("addresses", plan);
    // Not said again where the network would be.
    let [.., third] = accounts;
    let _ = plan.network(&mut org, third.in_region(EU));
    let Err(diagnostics) = accel_synth::synth(app) else { panic!("the plan runs out") };
    let messages: Vec<_> = diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
    assert_eq!(
        messages,
        [
            "the pool `org/addresses` is used up: it has 2 blocks of /17 from 10.101.0.0/17 to \
             10.101.128.0/17, 3 accounts ask for one, and none is left for `three`",
            "the pool `org/addresses` is used up: the /17 of an account has 1 parts of /17, 2 regions \
             ask for one, and none is left for us-east-1",
        ]
    );
}

#[test]
fn a_plan_that_makes_no_sense_is_refused() {
    let wrong = |first, last, region_prefix| {
        let mut app = App::new("acme");
        let mut org = organization(&mut app);
        let dev = account(&mut org, "dev");
        let plan = CidrPlan::builder().accounts([dev]).regions([EU]).first(first).last(last);
        org.add("addresses", plan.region_prefix(region_prefix).build());
        codes(app)
    };
    let (block, later) = (cidr!("10.1.0.0/16"), cidr!("10.2.0.0/16"));
    assert_eq!(wrong(later, block, 18), ["cidr-plan-invalid"]);
    assert_eq!(wrong(block, cidr!("10.2.0.0/17"), 18), ["cidr-plan-invalid"]);
    assert_eq!(wrong(block, later, 15), ["cidr-plan-invalid"]);
    assert_eq!(wrong(block, later, 29), ["cidr-plan-invalid"]);

    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let dev = account(&mut org, "dev");
    let plan = CidrPlan::builder().accounts([dev, dev]).regions([EU, EU]).build();
    let plan = org.add("addresses", plan);
    let _ = plan.network(&mut org, dev.in_region(US));
    let wrong = ["cidr-plan-invalid", "cidr-plan-invalid", "cidr-plan-without-network"];
    assert_eq!(codes(app), wrong);
}

proptest! {
    /// Whatever the pool is, nothing panics, and no two networks have an address in common.
    #[test]
    fn networks_of_a_plan_are_apart(
        first in 0_u32..0x1_0000,
        blocks in 0_u32..8,
        prefix in 8_u8..=24,
        more in 0_u8..=6,
        accounts in 0_usize..6,
    ) {
        let size = 32 - prefix;
        let block = |number: u32| {
            let network = std::net::Ipv4Addr::from_bits(number.checked_shl(size.into()).unwrap_or(0));
            Cidr::parse(&format!("{network}/{prefix}")).unwrap_or(Cidr::ANY)
        };
        let mut app = App::new("acme");
        let mut org = organization(&mut app);
        let accounts: Vec<_> =
            (0..accounts).map(|number| account(&mut org, &format!("a{number}"))).collect();
        let regions = [EU, US, Region::EU_CENTRAL_1];
        let plan = CidrPlan::builder()
            .accounts(accounts.iter().copied())
            .regions(regions)
            .first(block(first))
            .last(block(first.saturating_add(blocks)))
            .region_prefix(prefix + more)
            .build();
        let plan = org.add("addresses", plan);
        let mut networks: Vec<Cidr> = Vec::new();
        for account in accounts {
            for region in regions {
                networks.push(plan.network(&mut org, account.in_region(region)));
            }
        }
        if accel_synth::synth(app).is_ok() {
            for (number, network) in networks.iter().enumerate() {
                prop_assert!(!networks[..number].iter().any(|other| other.overlaps(*network)));
            }
        }
    }
}

fn gateway(org: &mut Scope<'_, Organization>, account: AccountRef) -> TransitGatewayRef {
    org.add("tgw", TransitGateway::builder().account(account).regions([EU, US]).build())
}

fn vpc(stack: &mut Scope<'_, Stack>, cidr: Cidr) -> VpcRef {
    stack.add("vpc", Vpc::builder().cidr(cidr).nat(Nat::Single).build())
}

#[test]
fn a_hub_is_shared_with_the_organization_and_routes_nothing_by_itself() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let network = account(&mut org, "network");
    gateway(&mut org, network);
    let assembly = synth(app);
    for (region, asn) in [(EU, 64_512), (US, 64_513)] {
        let path = format!("network/{region}/org/tgw/hub");
        let hub = template(&assembly, &path);
        let [gateway] = of_type(&hub, "AWS::EC2::TransitGateway")[..] else { panic!("a gateway") };
        assert_eq!(gateway["DefaultRouteTableAssociation"], "disable");
        assert_eq!(gateway["DefaultRouteTablePropagation"], "disable");
        assert_eq!(gateway["AmazonSideAsn"], asn);
        let [share] = of_type(&hub, "AWS::RAM::ResourceShare")[..] else { panic!("a share") };
        assert_eq!(share["AllowExternalPrincipals"], false);
        let principal = share["Principals"][0]["Ref"].as_str().expect("a parameter");
        assert!(principal.contains("Arn"), "{principal}");
        let manifest = json(&assembly, "manifest.json");
        let waits = after(&manifest["stacks"][&path]);
        assert!(waits.contains(&"org/trusted-access-ram.amazonaws.com"), "{waits:?}");
    }
}

#[test]
fn an_attachment_has_routes_there_and_back() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [network, dev] = ["network", "dev"].map(|name| account(&mut org, name));
    let gateway = gateway(&mut org, network);
    let mut stack = app.open("apps", Stack::new(dev.in_region(EU)));
    let vpc = vpc(&mut stack, cidr!("10.101.0.0/18"));
    stack.add("hub", TransitGatewayAttachment::builder().gateway(&gateway).vpc(&vpc).build());
    let assembly = synth(app);

    let apps = template(&assembly, "dev/eu-west-1/apps");
    let [attachment] = of_type(&apps, "AWS::EC2::TransitGatewayAttachment")[..] else {
        panic!("an attachment")
    };
    assert_eq!(attachment["SubnetIds"].as_array().map(Vec::len), Some(3));
    let through = |route: &&&serde_json::Value| route.get("TransitGatewayId").is_some();
    let routes = of_type(&apps, "AWS::EC2::Route");
    let routes: Vec<_> = routes.iter().filter(through).collect();
    assert_eq!(routes.len(), 3, "one per private subnet, none in public ones");
    for route in routes {
        assert_eq!(route["DestinationCidrBlock"], "10.0.0.0/8");
        assert_eq!(route["TransitGatewayId"], attachment["TransitGatewayId"]);
    }

    let routes = template(&assembly, "network/eu-west-1/org/tgw/routes");
    let [association] = of_type(&routes, "AWS::EC2::TransitGatewayRouteTableAssociation")[..]
    else {
        panic!("an association")
    };
    let [propagation] = of_type(&routes, "AWS::EC2::TransitGatewayRouteTablePropagation")[..]
    else {
        panic!("a propagation")
    };
    assert_eq!(association, propagation);
    let manifest = json(&assembly, "manifest.json");
    let waits = after(&manifest["stacks"]["network/eu-west-1/org/tgw/routes"]);
    assert_eq!(waits, ["org/network", "network/eu-west-1/org/tgw/hub", "dev/eu-west-1/apps"]);
}

#[test]
fn segments_reach_themselves_and_what_is_in_none() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [network, dev, prod] = ["network", "dev", "prod"].map(|name| account(&mut org, name));
    let gateway = TransitGateway::builder().account(network).regions([EU]);
    let gateway = org.add("tgw", gateway.segments(["dev", "prod"]).build());
    // Dev and prod do not reach each other, so they may have the same addresses.
    for (account, cidr) in
        [(network, "10.101.0.0/18"), (dev, "10.102.0.0/18"), (prod, "10.102.0.0/18")]
    {
        let cidr = Cidr::parse(cidr).unwrap_or_else(|error| panic!("{error}"));
        let mut stack = app.open("apps", Stack::new(account.in_region(EU)));
        let vpc = vpc(&mut stack, cidr);
        let attachment = TransitGatewayAttachment::builder().gateway(&gateway).vpc(&vpc);
        if account == network {
            stack.add("hub", attachment.build());
        } else {
            let segment = if account == dev { "dev" } else { "prod" };
            stack.add("hub", attachment.segment(segment).build());
        }
    }
    let routes = template(&synth(app), "network/eu-west-1/org/tgw/routes");
    let resources = routes["Resources"].as_object().expect("resources");
    // Without the digest behind the words.
    let of = |kind: &str| -> Vec<&str> {
        let kind = format!("AWS::EC2::TransitGatewayRouteTable{kind}");
        let found = resources.iter().filter(|(_, resource)| resource["Type"] == *kind);
        found.map(|(id, _)| &id[..id.len() - 8]).collect()
    };
    let at = |account: &str, what: &str| format!("{account}EuWest1AppsHub{what}");
    assert_eq!(of("Association"), ["Dev", "Network", "Prod"].map(|name| at(name, "Association")));
    let reached_in = [
        ("Dev", "InDev"),
        ("Dev", "InShared"),
        ("Network", "InDev"),
        ("Network", "InProd"),
        ("Network", "InShared"),
        ("Prod", "InProd"),
        ("Prod", "InShared"),
    ];
    assert_eq!(of("Propagation"), reached_in.map(|(account, table)| at(account, table)));
}

#[test]
fn connected_networks_have_no_address_in_common() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let [network, dev, prod] = ["network", "dev", "prod"].map(|name| account(&mut org, name));
    let gateway = gateway(&mut org, network);
    let mut attach = |account: AccountRef, region, block| {
        let mut stack = app.open("apps", Stack::new(account.in_region(region)));
        let vpc = vpc(&mut stack, block);
        stack.add("hub", TransitGatewayAttachment::builder().gateway(&gateway).vpc(&vpc).build());
    };
    attach(dev, EU, cidr!("10.101.0.0/16"));
    // Not connected: hubs of two regions are not.
    attach(dev, US, cidr!("10.101.0.0/16"));
    attach(prod, EU, cidr!("10.101.64.0/18"));
    let Err(diagnostics) = accel_synth::synth(app) else { panic!("the networks overlap") };
    assert_eq!(super::names(&diagnostics), ["overlapping-networks"]);
    let text = diagnostics.to_string();
    assert!(text.contains("`prod/eu-west-1/apps/hub` connects 10.101.64.0/18"), "{text}");
    assert!(text.contains("`dev/eu-west-1/apps/hub` is connected here"), "{text}");
}

#[test]
fn a_hub_is_of_the_region_and_a_segment_of_the_gateway() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let dev = account(&mut org, "dev");
    let gateway = gateway(&mut org, dev);
    for (region, segment) in [(Region::EU_CENTRAL_1, None), (EU, Some("prod"))] {
        let mut stack = app.open("apps", Stack::new(dev.in_region(region)));
        let vpc = vpc(&mut stack, cidr!("10.101.0.0/18"));
        let attachment = TransitGatewayAttachment::builder().gateway(&gateway).vpc(&vpc);
        match segment {
            Some(segment) => stack.add("hub", attachment.segment(segment).build()),
            None => stack.add("hub", attachment.build()),
        };
    }
    assert_eq!(codes(app), ["transit-gateway-region", "transit-gateway-segment"]);
}

#[test]
fn a_network_without_private_subnets_is_attached_by_its_isolated_ones() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let dev = account(&mut org, "dev");
    let gateway = gateway(&mut org, dev);
    let mut stack = app.open("apps", Stack::new(dev.in_region(EU)));
    let vpc = Vpc::builder().cidr(cidr!("10.101.0.0/18")).private(false).isolated(true).build();
    let vpc = stack.add("vpc", vpc);
    stack.add("hub", TransitGatewayAttachment::builder().gateway(&gateway).vpc(&vpc).build());
    let apps = template(&synth(app), "dev/eu-west-1/apps");
    let [attachment] = of_type(&apps, "AWS::EC2::TransitGatewayAttachment")[..] else {
        panic!("an attachment")
    };
    let subnets = attachment["SubnetIds"].to_string();
    assert!(subnets.contains("Isolated"), "{subnets}");
    let routes = of_type(&apps, "AWS::EC2::Route");
    let through: Vec<_> = routes.iter().filter_map(|route| route.get("TransitGatewayId")).collect();
    assert_eq!(through, [&json!(attachment["TransitGatewayId"])]);
}
