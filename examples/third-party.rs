//! A construct, a level and a backend that accel does not have, with nothing but its public API: status
//! pages, and the check behind each. `cargo run --example third-party -- synth --out third-party.out`.

use std::process::ExitCode;

use accel::{
    cfn::route53::{HealthCheck, HealthCheckId, health_check},
    core::{Document, DocumentNode, Format, Level, Prop, Within},
    prelude::*,
};

fn main() -> ExitCode {
    accel::run(third_party())
}

pub(crate) fn third_party() -> App {
    let mut app = App::new("third-party");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());

    let mut checks = app.open("checks", Stack::new(prod.in_region(Region::US_EAST_1)));
    let shop = checks.add("shop", HttpsCheck { host: "shop.example.com" });

    // Not an AWS thing at all: its own level, its own files.
    let mut pages = app.open("status", StatusPages { domain: "status.example.com" });
    pages.add("shop", StatusPage { title: "The shop", check: shop });
    app
}

/// A construct: whether a host answers over TLS.
struct HttpsCheck {
    host: &'static str,
}

impl Construct for HttpsCheck {
    type Level = Template;
    type Output = Attr<HealthCheckId>;

    fn build(self, template: &mut Scope<'_>) -> Attr<HealthCheckId> {
        let config = health_check::HealthCheckConfig::new(health_check::Type::HTTPS)
            .fully_qualified_domain_name(self.host)
            .resource_path("/healthz");
        let check = template.add("check", HealthCheck::new(config));
        check.id()
    }
}

/// A level: a site that hosts status pages, each a JSON file.
#[derive(Debug)]
struct StatusPages {
    domain: &'static str,
}

/// The backend: where files go, and how the target looks up what synth does not know.
impl Level for StatusPages {
    fn render(&self, _: &str, documents: Vec<Document>) -> Vec<Document> {
        let path = |document: &Document| format!("status/{}/{}", self.domain, document.path);
        documents.into_iter().map(|page| Document { path: path(&page), ..page }).collect()
    }

    fn indirection(&self, name: &str) -> Option<String> {
        Some(format!("{{{{ {name} }}}}"))
    }
}

impl Within<App> for StatusPages {}

/// A construct of that level. In a stack it does not compile.
struct StatusPage {
    title: &'static str,
    check: Attr<HealthCheckId>,
}

impl Construct for StatusPage {
    type Level = StatusPages;
    type Output = ();

    fn build(self, pages: &mut Scope<'_, StatusPages>) {
        let root = DocumentNode::map([
            ("title", Prop::from(self.title)),
            ("healthCheck", text![self.check].into_prop()),
        ]);
        let path = format!("{}.json", pages.id());
        pages.document(Document::new(path, Format::Json, root));
    }
}
