use accel_core::{App, Document, Level, Scope, Within};

/// The product that calls people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backend {
    /// Atlassian's Opsgenie, of which support ends on 5 April 2027: for teams that still have it.
    ///
    /// Source: <https://docs.opsgenie.com/docs/api-overview>
    OpsGenie,
    /// Datadog On-Call.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/on-call/>
    DatadogOnCall,
}

impl Backend {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::OpsGenie, Self::DatadogOnCall];

    /// The directory of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpsGenie => "opsgenie",
            Self::DatadogOnCall => "datadog-on-call",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::OpsGenie => "Opsgenie",
            Self::DatadogOnCall => "Datadog On-Call",
        }
    }
}

/// Incident management: the level that teams and their schedules live at.
///
/// Its documents are `incident/<backend>/<kind>/<id>.json`, each the body of the request that makes the
/// thing. What only the product knows is `%{accel:<app>/<path>}`, an edge of the manifest; a person is
/// `%{user:<e-mail address>}` where the product wants an id, for whoever sends the documents to look up.
#[derive(Clone, Debug)]
#[must_use]
pub struct IncidentManagement {
    backend: Backend,
}

impl IncidentManagement {
    /// By this product.
    pub const fn new(backend: Backend) -> Self {
        Self { backend }
    }
}

impl Level for IncidentManagement {
    fn render(&self, _place: &str, mut documents: Vec<Document>) -> Vec<Document> {
        for document in &mut documents {
            document.path = format!("incident/{}/{}", self.backend.name(), document.path);
        }
        documents
    }
}

impl Within<App> for IncidentManagement {}

/// The product that `scope` is for.
pub(super) fn backend(scope: &Scope<'_, IncidentManagement>) -> Backend {
    scope.level().map_or(Backend::DatadogOnCall, |level| level.backend)
}
