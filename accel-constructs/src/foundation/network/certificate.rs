use accel_cfn::{
    certificatemanager::{self, CertificateArn, certificate},
    route53::HostedZoneId,
};
use accel_core::{Attr, Construct, IntoValue, Scope, Template, Text, Value};
use typed_builder::TypedBuilder;

/// A certificate of a domain and of what is directly below it, which AWS renews by itself.
///
/// That the domain is ours is shown in its zone, which is of the same account, and which the domain above
/// must delegate to *before*: the certificate's stack waits until the internet sees the record. So the
/// certificate and the zone are not in one stack; [`DelegatedZone`](super::DelegatedZone) sees to it.
///
/// ```
/// use accel_constructs::foundation::{Certificate, HostedZoneRef};
/// use accel_core::Scope;
///
/// fn wildcard(template: &mut Scope<'_>, zone: HostedZoneRef) {
///     template.add("tls", Certificate::builder().domain("dev.plat.example.com").zone(zone.id).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Certificate {
    /// The domain.
    #[builder(setter(into))]
    domain: Text,
    /// The zone of the domain.
    #[builder(setter(transform = |zone: impl IntoValue<HostedZoneId>| zone.into_value()))]
    zone: Value<HostedZoneId>,
    /// Whether it is of what is directly below the domain too.
    #[builder(default = true)]
    wildcard: bool,
}

/// What a [`Certificate`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct CertificateRef {
    /// The ARN.
    pub arn: Attr<CertificateArn>,
    /// The L1 resource.
    pub resource: certificatemanager::CertificateRef,
}

impl Construct for Certificate {
    type Level = Template;
    type Output = CertificateRef;
    fn build(self, template: &mut Scope<'_>) -> CertificateRef {
        // One record is good for the domain and for what is below.
        let record = certificate::DomainValidationOption::new()
            .domain_name(&*self.domain)
            .hosted_zone_id(self.zone);
        let below = format!("*.{}", self.domain);
        let mut certificate = certificatemanager::Certificate::new(self.domain)
            .validation_method("DNS")
            .domain_validation_options([record]);
        if self.wildcard {
            certificate = certificate.subject_alternative_names([below]);
        }
        let resource = template.add("certificate", certificate);
        CertificateRef { arn: resource.arn(), resource }
    }
}
