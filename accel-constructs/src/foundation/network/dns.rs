use accel_cfn::{certificatemanager::CertificateArn, route53};
use accel_core::{
    AccountRef, Attr, Construct, Diagnostic, Region, Scope, ScopeRef, Stack, Text, tree::NodeId,
};
use typed_builder::TypedBuilder;

use super::{Certificate, CertificateRef, HostedZone, HostedZoneRef};
use crate::foundation::{
    Organization, OrganizationScope as _, codes::DOMAIN_NAME, organization::registry,
    registry::Delegation,
};

/// The public zone of the organization's domain, whose parts [`DelegatedZone`]s are.
///
/// ```
/// use accel_constructs::foundation::{DelegatedZone, DelegatedZoneRef, Organization, PrimaryZone};
/// use accel_core::{AccountRef, Region, Scope};
///
/// fn names(
///     org: &mut Scope<'_, Organization>,
///     network: AccountRef,
///     dev: AccountRef,
/// ) -> DelegatedZoneRef {
///     let zone = PrimaryZone::builder().account(network).domain("example.com").build();
///     let zone = org.add("dns", zone);
///     let regions = [Region::EU_WEST_1, Region::US_EAST_1];
///     let dev = DelegatedZone::builder().of(&zone).name("dev.plat").account(dev).regions(regions);
///     org.add("dns-plat-dev", dev.build()) // dev.plat.example.com
/// }
/// ```
///
/// Whoever sold the domain is told the zone's name servers once, by hand; until then nobody finds what
/// is in it, and no certificate below it is issued.
///
/// Source: <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-working-with.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct PrimaryZone {
    /// The account that has the zone.
    account: AccountRef,
    /// The domain: `example.com`.
    #[builder(setter(into))]
    domain: Text,
}

/// What a [`PrimaryZone`] gives back.
#[derive(Clone, Debug)]
pub struct PrimaryZoneRef {
    /// The domain.
    pub domain: Text,
    /// The account that has the zone.
    pub account: AccountRef,
    /// The zone.
    pub zone: HostedZoneRef,
    /// The stack of the zone.
    pub stack: ScopeRef<Stack>,
}

impl Construct for PrimaryZone {
    type Level = Organization;
    type Output = PrimaryZoneRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> PrimaryZoneRef {
        let domain = checked(org, &self.domain);
        let place = self.account.in_region(org.home_region());
        let mut stack = org.open("zone", Stack::new(place));
        let zone = stack.add("zone", HostedZone::builder().name(domain.clone()).build());
        PrimaryZoneRef { domain, account: self.account, zone, stack: stack.reference() }
    }
}

/// A part of a [`PrimaryZone`] that another account is in charge of, with a certificate in each of its
/// regions.
///
/// Three steps, each in a stack of its own because each waits for the one before: the zone in its
/// account; its name servers in the primary zone; the certificates.
///
/// A part is delegated once, and what is below a delegated part is a matter of that part's zone.
///
/// Source: <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-routing-traffic-for-subdomains.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct DelegatedZone {
    /// The zone above.
    #[builder(setter(transform = |zone: &PrimaryZoneRef| zone.clone()))]
    of: PrimaryZoneRef,
    /// The part's name, without the domain above: `dev.plat`, which is stage and tenant.
    #[builder(setter(into))]
    name: Text,
    /// The account that has the zone.
    account: AccountRef,
    /// Where there are certificates of the part and of what is directly below it; the organization's home
    /// region if not said. CloudFront takes only those of `us-east-1`.
    #[builder(default, setter(transform = |regions: impl IntoIterator<Item = Region>| {
        Some(regions.into_iter().collect())
    }))]
    regions: Option<Vec<Region>>,
    /// How long the internet remembers the name servers, in seconds.
    #[builder(default = 3600)]
    ttl: u32,
}

/// What a [`DelegatedZone`] gives back.
#[derive(Clone, Debug)]
pub struct DelegatedZoneRef {
    /// The domain: `dev.plat.example.com`.
    pub domain: Text,
    /// The account that has the zone.
    pub account: AccountRef,
    /// The zone.
    pub zone: HostedZoneRef,
    /// The stack of the zone.
    pub stack: ScopeRef<Stack>,
    /// The stack, of the account above, that tells the zone's name servers.
    pub delegation: ScopeRef<Stack>,
    /// One per region, in the order given, for the stacks of the zone's account.
    pub certificates: Vec<RegionalCertificate>,
}

/// The certificate of a [`DelegatedZone`] in one region.
#[derive(Clone, Copy, Debug)]
pub struct RegionalCertificate {
    /// Where.
    pub region: Region,
    /// The certificate.
    pub certificate: CertificateRef,
    /// Its stack.
    pub stack: ScopeRef<Stack>,
}

impl DelegatedZoneRef {
    /// The certificate in a region, if there is one.
    #[must_use]
    pub fn certificate(&self, region: Region) -> Option<Attr<CertificateArn>> {
        let mut all = self.certificates.iter();
        Some(all.find(|regional| regional.region == region)?.certificate.arn)
    }
}

impl Construct for DelegatedZone {
    type Level = Organization;
    type Output = DelegatedZoneRef;
    fn build(self, org: &mut Scope<'_, Organization>) -> DelegatedZoneRef {
        let (home, above) = (org.home_region(), &self.of);
        let domain = checked(org, &format!("{}.{}", self.name, above.domain));
        self.register(org, &domain);

        let mut stack = org.open("zone", Stack::new(self.account.in_region(home)));
        let zone = stack.add("zone", HostedZone::builder().name(domain.clone()).build());
        let name_servers = stack.share(zone.name_servers, above.account);
        let stack = stack.reference();

        let mut delegation = org.open("delegation", Stack::new(above.account.in_region(home)));
        let record = route53::RecordSet::new(&*domain, "NS")
            .hosted_zone_id(above.zone.id)
            .ttl(self.ttl.to_string())
            .resource_records(name_servers);
        delegation.add("name-servers", record);
        let delegation = delegation.reference();

        let regions = self.regions.unwrap_or_else(|| vec![home]);
        let certificate = |region| {
            let mut stack = org.open("certificate", Stack::new(self.account.in_region(region)));
            stack.after(delegation);
            let tls = Certificate::builder().domain(domain.clone()).zone(zone.id).build();
            let certificate = stack.add("tls", tls);
            RegionalCertificate { region, certificate, stack: stack.reference() }
        };
        let certificates = regions.into_iter().map(certificate).collect();
        DelegatedZoneRef { domain, account: self.account, zone, stack, delegation, certificates }
    }
}

impl DelegatedZone {
    fn register(&self, org: &mut Scope<'_, Organization>, domain: &Text) {
        let delegation = Delegation {
            zone: NodeId::from(self.of.stack),
            domain: domain.clone(),
            path: org.path(),
            line: org.location(),
        };
        if let Some(diagnostic) = registry(org).and_then(|known| known.delegate(delegation)) {
            org.report(diagnostic);
        }
    }
}

/// In small letters and without a dot at the end, as Route 53 keeps it; a diagnostic if it is no domain.
fn checked(org: &mut Scope<'_, Organization>, domain: &str) -> Text {
    let name = domain.strip_suffix('.').unwrap_or(domain).to_lowercase();
    let is_label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (1..=63).contains(&label.len())
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.len() > 253 || !name.contains('.') || !name.split('.').all(is_label) {
        let message = format!("`{}` is of the domain {domain:?}", org.path());
        let diagnostic = Diagnostic::error(&DOMAIN_NAME, message, org.location())
            .allowed(
                "labels of 1 to 63 letters, digits and inner hyphens with dots between them, at least \
                 two labels, at most 253 characters",
            )
            .help("write it like example.com, and a name with other letters in its ASCII form, xn--...");
        org.report(diagnostic);
    }
    name.into()
}
