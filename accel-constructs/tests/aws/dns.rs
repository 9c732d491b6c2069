use accel_constructs::foundation::{
    Account, DelegatedZone, DelegatedZoneRef, Organization, PrimaryZone, PrimaryZoneRef,
};
use accel_core::{AccountRef, App, Region, Scope, email};
use serde_json::json;

use super::{after, codes, json, names, of_type, organization, synth, template};

const REGIONS: [Region; 2] = [Region::EU_WEST_1, Region::US_EAST_1];

fn account(org: &mut Scope<'_, Organization>, name: &str) -> AccountRef {
    let email = email!("aws@example.com").plus(name).unwrap_or_else(|error| panic!("{error}"));
    org.add(name, Account::builder().email(email).build())
}

fn primary(org: &mut Scope<'_, Organization>) -> PrimaryZoneRef {
    let network = account(org, "network");
    org.add("dns", PrimaryZone::builder().account(network).domain("example.com").build())
}

fn delegate(
    org: &mut Scope<'_, Organization>,
    zone: &PrimaryZoneRef,
    (id, name): (&str, &str),
    account: AccountRef,
) -> DelegatedZoneRef {
    let part = DelegatedZone::builder().of(zone).name(name.to_owned()).account(account);
    org.add(id, part.regions(REGIONS).build())
}

#[test]
fn the_name_servers_of_a_part_stand_in_the_zone_above() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let zone = primary(&mut org);
    let dev = account(&mut org, "dev");
    let part = delegate(&mut org, &zone, ("dns-dev", "dev.plat"), dev);
    assert_eq!(&*part.domain, "dev.plat.example.com");
    assert!(part.certificate(Region::EU_WEST_1).is_some());
    assert!(part.certificate(Region::EU_CENTRAL_1).is_none());
    let assembly = synth(app);

    let own = template(&assembly, "dev/us-east-1/org/dns-dev/zone");
    let [zone] = of_type(&own, "AWS::Route53::HostedZone")[..] else { panic!("a zone") };
    assert_eq!(zone["Name"], "dev.plat.example.com");
    let path = "network/us-east-1/org/dns-dev/delegation";
    let above = template(&assembly, path);
    let [record] = of_type(&above, "AWS::Route53::RecordSet")[..] else { panic!("a record") };
    assert_eq!(record["Type"], "NS");
    assert_eq!(record["Name"], "dev.plat.example.com");
    let servers = record["ResourceRecords"]["Ref"].as_str().expect("a parameter");
    assert_eq!(above["Parameters"][servers]["Type"], "CommaDelimitedList");
    let manifest = json(&assembly, "manifest.json");
    let waits = after(&manifest["stacks"][path]);
    for stack in ["network/us-east-1/org/dns/zone", "dev/us-east-1/org/dns-dev/zone"] {
        assert!(waits.contains(&stack), "{waits:?}");
    }
}

#[test]
fn a_certificate_waits_for_the_delegation_that_proves_it() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let zone = primary(&mut org);
    let dev = account(&mut org, "dev");
    delegate(&mut org, &zone, ("dns-dev", "dev.plat"), dev);
    let assembly = synth(app);
    let manifest = json(&assembly, "manifest.json");
    for region in REGIONS {
        let path = format!("dev/{region}/org/dns-dev/certificate");
        let stack = template(&assembly, &path);
        let [certificate] = of_type(&stack, "AWS::CertificateManager::Certificate")[..] else {
            panic!("a certificate")
        };
        assert_eq!(certificate["DomainName"], "dev.plat.example.com");
        assert_eq!(certificate["SubjectAlternativeNames"], json!(["*.dev.plat.example.com"]));
        assert_eq!(certificate["ValidationMethod"], "DNS");
        // One record serves both names.
        let options = &certificate["DomainValidationOptions"];
        assert_eq!(options.as_array().map(Vec::len), Some(1));
        assert!(options[0]["HostedZoneId"]["Ref"].is_string());
        let waits = after(&manifest["stacks"][&path]);
        assert!(waits.contains(&"network/us-east-1/org/dns-dev/delegation"), "{waits:?}");
    }
}

#[test]
fn a_part_is_delegated_once() {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let zone = primary(&mut org);
    let [dev, prod] = ["dev", "prod"].map(|name| account(&mut org, name));
    delegate(&mut org, &zone, ("first", "dev.plat"), dev);
    delegate(&mut org, &zone, ("again", "Dev.Plat"), prod);
    // Beside it, although the letters are alike.
    delegate(&mut org, &zone, ("beside", "v.plat"), prod);
    // Above it: the first would never be asked.
    delegate(&mut org, &zone, ("above", "plat"), prod);
    let Err(diagnostics) = accel_synth::synth(app) else { panic!("it is delegated twice") };
    assert_eq!(names(&diagnostics), ["domain-delegated-twice"; 2]);
    let text = diagnostics.to_string();
    let again = "`org/again` delegates dev.plat.example.com, which `org/first` does already";
    assert!(text.contains(again), "{text}");
    let above = "`org/above` delegates plat.example.com, and `org/first` delegates \
                 dev.plat.example.com: one is part of the other";
    assert!(text.contains(above), "{text}");
}

#[test]
fn a_domain_is_labels_with_dots_between_them() {
    for bad in ["example", "exa mple.com", "-a.example.com", "a..com", "*.example.com", ""] {
        let mut app = App::new("acme");
        let mut org = organization(&mut app);
        let network = account(&mut org, "network");
        org.add("dns", PrimaryZone::builder().account(network).domain(bad).build());
        assert!(codes(app).contains(&"domain-name"), "{bad:?} was taken");
    }
}
