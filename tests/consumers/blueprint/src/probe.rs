//! `Example::Uptime::Probe`, a type of a private CloudFormation registry: an L1 as generated ones are.

use accel_core::l1;

/// The kind of a probe's id.
#[derive(Clone, Copy, Debug)]
pub enum ProbeId {}
impl l1::IsA<String> for ProbeId {}

/// `Example::Uptime::Probe`.
#[derive(Clone, Debug)]
#[must_use = "a resource is part of nothing until it is added to a scope"]
pub struct Probe(l1::Resource);

impl Probe {
    const RESOURCE_TYPE: &l1::ResourceType =
        &l1::ResourceType { name: "Example::Uptime::Probe", tags: l1::TagStyle::List("Tags") };

    /// With what is required.
    #[track_caller]
    pub fn new(host: impl l1::IntoValue<String>) -> Self {
        Self(l1::Resource::typed(Self::RESOURCE_TYPE).with_value("Host", host))
    }

    /// Seconds between two requests.
    #[track_caller]
    pub fn interval(self, seconds: impl l1::IntoValue<i64>) -> Self {
        Self(self.0.with_value("Interval", seconds))
    }
}

impl l1::L1 for Probe {
    const TYPE: Option<&'static l1::ResourceType> = Some(Self::RESOURCE_TYPE);

    fn from_resource(resource: l1::Resource) -> Self {
        Self(resource)
    }

    fn into_resource(self) -> l1::Resource {
        self.0
    }
}

impl l1::Construct for Probe {
    type Level = l1::Template;
    type Output = ProbeRef;

    fn build(self, template: &mut l1::Scope<'_>) -> ProbeRef {
        ProbeRef(template.resource(self.0))
    }
}

/// Names a placed [`Probe`], and gives its attributes.
#[derive(Clone, Copy, Debug)]
pub struct ProbeRef(l1::Handle);

impl l1::Reference for ProbeRef {
    type L1 = Probe;

    fn handle(self) -> l1::Handle {
        self.0
    }
}

impl ProbeRef {
    /// `Ref`.
    #[must_use]
    pub fn id(self) -> l1::Attr<ProbeId> {
        l1::Attr::new(self.0, None)
    }
}
