use accel_core::{App, Diagnostic, Document, Level, Scope, Within};

use super::codes;

/// A Datadog organization: the level that monitors live at.
///
/// Its documents are `datadog/<organization>/<kind>/<id>.json`. Datadog cannot look values up, so what a
/// document says must be known at synth, from the program or from the lock file.
///
/// ```
/// use accel_constructs::sre::{Datadog, datadog::Site};
/// use accel_core::App;
///
/// let mut app = App::new("example");
/// let mut datadog = app.open("datadog", Datadog::new("example").site(Site::Eu1));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Datadog {
    organization: String,
    site: Site,
    metric_streams: bool,
}

impl Datadog {
    /// The organization called `organization`, on the site US1: letters, digits, `-`, `_` and `.`.
    pub fn new(organization: &str) -> Self {
        Self { organization: organization.to_owned(), site: Site::Us1, metric_streams: false }
    }

    /// The site the organization is on; links into Datadog lead there.
    pub const fn site(mut self, site: Site) -> Self {
        self.site = site;
        self
    }

    /// Says that metrics of AWS arrive by CloudWatch metric streams, within minutes. Otherwise Datadog
    /// asks CloudWatch for them, which takes up to a quarter of an hour, and monitors have to wait.
    ///
    /// Source: <https://docs.datadoghq.com/integrations/guide/aws-cloudwatch-metric-streams-with-kinesis-data-firehose/>
    pub const fn metric_streams(mut self) -> Self {
        self.metric_streams = true;
        self
    }

    pub(in super::super) const fn has_metric_streams(&self) -> bool {
        self.metric_streams
    }

    /// A page of the organization.
    pub(super) fn url(&self, path: &str) -> String {
        let host = match self.site {
            Site::Us1 | Site::Eu1 | Site::Us1Fed => "app.",
            Site::Us3 | Site::Us5 | Site::Ap1 | Site::Ap2 | Site::Us2Fed => "",
        };
        format!("https://{host}{}{path}", self.site.name())
    }
}

impl Level for Datadog {
    fn opened(scope: &mut Scope<'_, Self>) {
        let Some(organization) = scope.level().map(|level| level.organization.clone()) else {
            return;
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let is_segment = organization.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !is_segment || !organization.chars().all(is_plain) || organization.len() > 128 {
            let message = format!("{organization:?} is no name for a Datadog organization");
            let diagnostic = Diagnostic::error(&codes::ORGANIZATION, message, scope.location());
            scope.report(
                diagnostic
                    .allowed(
                        "1 to 128 letters, digits, `-`, `_` and `.`, the first a letter or digit",
                    )
                    .help("the name becomes a directory of the assembly; it need not be Datadog's"),
            );
        }
    }

    fn render(&self, _place: &str, mut documents: Vec<Document>) -> Vec<Document> {
        for document in &mut documents {
            document.path = format!("datadog/{}/{}", self.organization, document.path);
        }
        documents
    }
}

impl Within<App> for Datadog {}

names! {
    /// One of Datadog's sites; each is a world of its own.
    ///
    /// Source: <https://docs.datadoghq.com/getting_started/site/>
    pub enum Site {
        /// US1.
        Us1 = "datadoghq.com",
        /// US3, on Azure.
        Us3 = "us3.datadoghq.com",
        /// US5, on Google Cloud.
        Us5 = "us5.datadoghq.com",
        /// EU1, in Germany.
        Eu1 = "datadoghq.eu",
        /// AP1, in Japan.
        Ap1 = "ap1.datadoghq.com",
        /// AP2, in Australia.
        Ap2 = "ap2.datadoghq.com",
        /// US1-FED, for authorities of the USA.
        Us1Fed = "ddog-gov.com",
        /// US2-FED, for authorities of the USA.
        Us2Fed = "us2.ddog-gov.com",
    }
}
