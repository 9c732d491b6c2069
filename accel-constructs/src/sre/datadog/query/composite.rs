use std::ops;

use accel_core::{
    Attr, DocumentNode, DocumentRef, IntoValue as _, Prop, Value, text,
    tree::{Kind, Tree},
};

use super::{MonitorQuery, MonitorType, QueryText};

/// A monitor, to combine with others: what adding a [`DatadogMonitor`](super::super::DatadogMonitor)
/// gives back.
///
/// Only Datadog knows a monitor's id. In other documents it is `%{accel:<app>/<path>}`, the tag that the
/// monitor carries, and an edge of the manifest: whoever sends the documents to Datadog puts in the id of
/// the monitor that has the tag, which was made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonitorRef(Reference);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    Here(DocumentRef),
    Existing(u64),
}

impl MonitorRef {
    pub(in super::super) const fn new(document: DocumentRef) -> Self {
        Self(Reference::Here(document))
    }

    /// The monitor of this id, which another program made.
    #[must_use]
    pub const fn existing(id: u64) -> Self {
        Self(Reference::Existing(id))
    }

    /// The id, as text.
    #[must_use]
    pub fn id(self) -> Value<String> {
        match self.0 {
            Reference::Here(document) => {
                let id: Attr<String> = document.id();
                id.into_value()
            }
            Reference::Existing(id) => id.to_string().into_value(),
        }
    }

    /// The id, as a number if it is known.
    pub(in super::super) fn number(self) -> Prop {
        match self.0 {
            Reference::Here(document) => document.id::<String>().into(),
            Reference::Existing(id) => {
                i64::try_from(id).map_or_else(|_| id.to_string().into(), Prop::from)
            }
        }
    }

    /// The monitor, if this program makes it.
    pub(in super::super) const fn document(self) -> Option<DocumentRef> {
        match self.0 {
            Reference::Here(document) => Some(document),
            Reference::Existing(_) => None,
        }
    }
}

/// A monitor that alerts while others do: `&`, `|` and `!` of at most ten monitors, none of which is a
/// composite.
///
/// ```
/// use accel_constructs::sre::{Datadog, DatadogMonitor, datadog::{MetricQuery, MonitorRef, minutes}};
/// use accel_core::App;
///
/// let mut app = App::new("example");
/// let mut datadog = app.open("datadog", Datadog::new("example"));
/// let query = MetricQuery::avg("system.load.norm.5").by(["host"]).last(minutes(5)).above(2);
/// let load = DatadogMonitor::builder().name("Load is high").query(query).message("").build();
/// let load = datadog.add("load", load);
/// let deploying = MonitorRef::existing(12345);
/// let both = DatadogMonitor::builder()
///     .name("Load is high, and nobody deploys")
///     .query(load & !deploying)
///     .message("@slack-platform")
///     .build();
/// datadog.add("load-alone", both);
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/types/composite/>
#[derive(Clone, Debug)]
#[must_use = "a query is given to a monitor"]
pub struct Composite(Term);

#[derive(Clone, Debug)]
enum Term {
    Monitor(MonitorRef),
    Not(Box<Self>),
    All(Box<(Self, Self)>),
    Any(Box<(Self, Self)>),
}

impl Composite {
    /// As Datadog writes it.
    pub(in super::super) fn text(&self, tree: &Tree) -> Result<Value<String>, Unfit> {
        self.0.text(tree)
    }
}

/// Why monitors cannot be combined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Unfit {
    /// One of them is of another app.
    Foreign,
    /// The one at this path is a composite.
    Composite(String),
}

impl Term {
    fn text(&self, tree: &Tree) -> Result<Value<String>, Unfit> {
        Ok(match self {
            Self::Monitor(monitor) => {
                if let Some(document) = monitor.document() {
                    let node = tree.get(document.node()).ok_or(Unfit::Foreign)?;
                    if is_composite(node.kind()) {
                        return Err(Unfit::Composite(tree.path(document.node())));
                    }
                }
                monitor.id()
            }
            Self::Not(of) => text!["!", of.within(tree)?],
            Self::All(sides) => text![sides.0.within(tree)?, " && ", sides.1.within(tree)?],
            Self::Any(sides) => text![sides.0.text(tree)?, " || ", sides.1.text(tree)?],
        })
    }

    /// In parentheses, if it would come apart without them: `!` binds first, then `&&`, then `||`.
    fn within(&self, tree: &Tree) -> Result<Value<String>, Unfit> {
        let text = self.text(tree)?;
        Ok(match self {
            Self::Monitor(_) | Self::Not(_) => text,
            Self::All(_) | Self::Any(_) => text!["(", text, ")"],
        })
    }
}

fn is_composite(kind: &Kind) -> bool {
    let Kind::Document(document) = kind else { return false };
    let DocumentNode::Map(entries) = &document.root else { return false };
    let composite = DocumentNode::from(MonitorType::Composite.name());
    entries.iter().any(|entry| entry.key == "type" && entry.value == composite)
}

impl From<MonitorRef> for Composite {
    fn from(monitor: MonitorRef) -> Self {
        Self(Term::Monitor(monitor))
    }
}

impl From<Composite> for MonitorQuery {
    fn from(composite: Composite) -> Self {
        Self::of(MonitorType::Composite, QueryText::Composite(composite))
    }
}

macro_rules! operators {
    ($($type:ty),+) => {$(
        impl<R: Into<Composite>> ops::BitAnd<R> for $type {
            type Output = Composite;
            fn bitand(self, other: R) -> Composite {
                Composite(Term::All(Box::new((Composite::from(self).0, other.into().0))))
            }
        }
        impl<R: Into<Composite>> ops::BitOr<R> for $type {
            type Output = Composite;
            fn bitor(self, other: R) -> Composite {
                Composite(Term::Any(Box::new((Composite::from(self).0, other.into().0))))
            }
        }
        impl ops::Not for $type {
            type Output = Composite;
            fn not(self) -> Composite {
                Composite(Term::Not(Box::new(Composite::from(self).0)))
            }
        }
    )+};
}
operators!(MonitorRef, Composite);
