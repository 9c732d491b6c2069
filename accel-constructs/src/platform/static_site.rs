use accel_cfn::{
    certificatemanager::CertificateArn,
    cloudfront::{
        self, CachePolicyId, DistributionId, ResponseHeadersPolicyId, distribution,
        origin_access_control,
    },
    route53::{self, HostedZoneId, record_set},
};
use accel_core::{
    Attr, Construct, IntoValue, Scope, Template, Text, Value, actions,
    policy::{Operator, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use super::{Bucket, BucketRef};

/// A site of files: a private bucket, CloudFront before it, and the site's name in its zone.
///
/// What is not a file is answered with `/index.html`, because a single-page application knows its own
/// paths. Who reaches the bucket is this distribution alone.
///
/// ```
/// use accel_constructs::platform::StaticSite;
/// use accel_core::{Attr, Scope};
/// use accel_cfn::{certificatemanager::CertificateArn, route53::HostedZoneId};
///
/// fn web(template: &mut Scope<'_>, tls: Attr<CertificateArn>, zone: Attr<HostedZoneId>) {
///     let site = StaticSite::builder().domain("web.example.com").certificate(tls).zone(zone).build();
///     template.add("web", site);
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct StaticSite {
    /// The name of the site: `web.dev.plat.example.com`.
    #[builder(setter(into))]
    domain: Text,
    /// A certificate of that name, in `us-east-1`: CloudFront takes no other.
    #[builder(setter(transform = |arn: impl IntoValue<CertificateArn>| arn.into_value()))]
    certificate: Value<CertificateArn>,
    /// The zone that the name is in.
    #[builder(setter(transform = |zone: impl IntoValue<HostedZoneId>| zone.into_value()))]
    zone: Value<HostedZoneId>,
    /// What answers the root, and every path that is not a file.
    #[builder(default = Text::Static("index.html"), setter(into))]
    index: Text,
    /// From where it is served; the dearest class is everywhere.
    #[builder(default = PriceClass::All)]
    price_class: PriceClass,
}

/// From where a [`StaticSite`] is served.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PriceClass.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceClass {
    /// Everywhere.
    All,
    /// Everywhere but South America, Australia and New Zealand.
    Most,
    /// Europe, Israel and North America.
    Least,
}

/// What a [`StaticSite`] gives back.
#[derive(Clone, Debug)]
pub struct StaticSiteRef {
    /// The name of the site.
    pub domain: Text,
    /// The files.
    pub bucket: BucketRef,
    /// The id of the distribution, by which its caches are cleared.
    pub distribution_id: Attr<DistributionId>,
    /// The ARN of the distribution.
    pub distribution_arn: Value<String>,
    /// The L1 resource.
    pub resource: cloudfront::DistributionRef,
}

impl Construct for StaticSite {
    type Level = Template;
    type Output = StaticSiteRef;
    fn build(self, template: &mut Scope<'_>) -> StaticSiteRef {
        let bucket = template.add("files", Bucket::builder().build());
        let required = origin_access_control::OriginAccessControlConfigRequired {
            name: template.path().replace('/', "-"),
            origin_access_control_origin_type: "s3",
            signing_behavior: "always",
            signing_protocol: "sigv4",
        };
        let control = origin_access_control::OriginAccessControlConfig::new(required);
        let control = template.add("control", cloudfront::OriginAccessControl::new(control));

        let origin = distribution::Origin::new(bucket.resource.regional_domain_name(), "files")
            .origin_access_control_id(control.id())
            // An empty identity says that the origin is a bucket.
            .s3_origin_config(distribution::S3OriginConfig::new().origin_access_identity(""));
        let behavior = distribution::DefaultCacheBehavior::new(
            "files",
            distribution::ViewerProtocolPolicy::REDIRECT_TO_HTTPS,
        )
        .cache_policy_id(Value::<CachePolicyId>::imported(CACHING_OPTIMIZED))
        .response_headers_policy_id(Value::<ResponseHeadersPolicyId>::imported(SECURITY_HEADERS))
        .compress(true);
        let index = format!("/{}", self.index);
        // A bucket that may not be listed says 403 of what is not there.
        let missing = distribution::CustomErrorResponse::new(403)
            .response_code(200)
            .response_page_path(index)
            .error_caching_min_ttl(0.0);
        let certificate = distribution::ViewerCertificate::new()
            .acm_certificate_arn(self.certificate)
            .minimum_protocol_version(distribution::MinimumProtocolVersion::TLSV1_2_2021)
            .ssl_support_method(distribution::SslSupportMethod::SNI_ONLY);
        let config = distribution::DistributionConfig::new(behavior, true)
            .aliases([self.domain.clone()])
            .custom_error_responses([missing])
            .default_root_object(self.index)
            .http_version(distribution::HttpVersion::HTTP2AND3)
            .ipv6_enabled(true)
            .origins([origin])
            .price_class(match self.price_class {
                PriceClass::All => distribution::PriceClass::PRICE_CLASS_ALL,
                PriceClass::Most => distribution::PriceClass::PRICE_CLASS_200,
                PriceClass::Least => distribution::PriceClass::PRICE_CLASS_100,
            })
            .viewer_certificate(certificate);
        let resource = template.add("distribution", cloudfront::Distribution::new(config));
        let id = resource.id();

        let distribution_arn = text![
            "arn:",
            Value::own_partition(),
            ":cloudfront::",
            Value::own_account(),
            ":distribution/",
            id
        ];
        let read = Statement::allow(actions!["s3:GetObject"])
            .sid("DistributionReads")
            .principal(Principal::service("cloudfront.amazonaws.com"))
            .resource(text![bucket.arn, "/*"])
            .when(Operator::StringEquals, "aws:SourceArn", &distribution_arn);
        bucket.allow(template, &read);
        for kind in ["A", "AAAA"] {
            let alias = record_set::AliasTarget::new(resource.domain_name(), CLOUDFRONT_ZONE);
            let record = route53::RecordSet::new(self.domain.clone(), kind)
                .hosted_zone_id(text![&self.zone])
                .alias_target(alias);
            template.add(&format!("name-{}", kind.to_lowercase()), record);
        }
        StaticSiteRef {
            domain: self.domain,
            bucket,
            distribution_id: id,
            distribution_arn,
            resource,
        }
    }
}

/// The managed policies `CachingOptimized` and `SecurityHeadersPolicy`.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const SECURITY_HEADERS: &str = "67f7725c-6f97-4210-82d7-5512b31e9d03";

/// The zone that every distribution's own name is in.
///
/// Source: <https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html>
const CLOUDFRONT_ZONE: &str = "Z2FDTNDATAQYW2";
