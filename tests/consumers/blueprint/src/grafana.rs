//! [Grafana](https://grafana.com/docs/grafana/latest/dashboards/) as a level: what is added to it
//! becomes the JSON that its API takes.

use accel_core::{
    App, Attr, Construct, Document, DocumentNode, Format, IntoValue as _, Level, Prop, Scope,
    Value, Within,
};

use crate::probe::ProbeId;

/// A Grafana stack.
#[derive(Clone, Debug)]
pub struct Grafana {
    stack: &'static str,
}

impl Grafana {
    /// The stack of that name.
    #[must_use]
    pub const fn new(stack: &'static str) -> Self {
        Self { stack }
    }
}

/// The backend: where files go, and what stands for a value that is not known yet.
impl Level for Grafana {
    fn render(&self, _: &str, documents: Vec<Document>) -> Vec<Document> {
        let below = |document: Document| Document {
            path: format!("grafana/{}/{}", self.stack, document.path),
            ..document
        };
        documents.into_iter().map(below).collect()
    }

    fn indirection(&self, name: &str) -> Option<String> {
        Some(format!("${{{name}}}"))
    }
}

impl Within<App> for Grafana {}

/// A dashboard of one probe.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// What it is called.
    pub title: String,
    /// What it shows.
    pub probe: Attr<ProbeId>,
}

impl Construct for Dashboard {
    type Level = Grafana;
    type Output = ();

    fn build(self, scope: &mut Scope<'_, Grafana>) {
        // Unique in the Grafana stack, whoever adds dashboards to it.
        let uid = scope.path().replace('/', "-");
        let probe: Value<String> = self.probe.into_value();
        let panel = DocumentNode::map([
            ("type", Prop::from("stat").into()),
            ("targets", DocumentNode::list([DocumentNode::map([("probe", probe.into_prop())])])),
        ]);
        let root = DocumentNode::map([
            ("uid", Prop::from(uid.as_str()).into()),
            ("title", Prop::from(self.title).into()),
            ("panels", DocumentNode::list([panel])),
        ]);
        let path = format!("dashboards/{uid}.json");
        scope.document(Document::new(path, Format::Json, root));
    }
}
