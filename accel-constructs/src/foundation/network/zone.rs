use accel_cfn::{
    ec2::VpcId,
    route53::{self, HostedZoneId, hosted_zone},
};
use accel_core::{Attr, Construct, IntoValue, List, Scope, Template, Text, Value};
use typed_builder::TypedBuilder;

use crate::retention::keep;

/// A zone of names: in the internet, or in VPCs alone. It stays when it is taken out of the program,
/// because another one of that name would have other name servers.
///
/// Source: <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-working-with.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct HostedZone {
    /// The domain: `example.com`.
    #[builder(setter(into))]
    name: Text,
    /// The VPCs of this region that see it; everybody does if there is none.
    #[builder(default, setter(transform = |vpcs: impl IntoIterator<Item: IntoValue<VpcId>>| {
        vpcs.into_iter().map(IntoValue::into_value).collect()
    }))]
    vpcs: Vec<Value<VpcId>>,
}

/// What a [`HostedZone`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct HostedZoneRef {
    /// The id.
    pub id: Attr<HostedZoneId>,
    /// What the domain above delegates to. A private zone has none.
    pub name_servers: Attr<List<String>>,
    /// The L1 resource.
    pub resource: route53::HostedZoneRef,
}

/// A zone that this program does not own.
#[derive(Clone, Debug)]
pub struct ExistingZone {
    /// The id.
    pub id: Value<HostedZoneId>,
    /// The domain.
    pub name: Text,
}

impl HostedZone {
    /// The zone of the domain `name` with that id, which exists already.
    pub fn existing(id: impl Into<Text>, name: impl Into<Text>) -> ExistingZone {
        ExistingZone { id: Value::imported(id), name: name.into() }
    }
}

impl Construct for HostedZone {
    type Level = Template;
    type Output = HostedZoneRef;
    fn build(self, template: &mut Scope<'_>) -> HostedZoneRef {
        let mut zone = route53::HostedZone::new().name(self.name);
        if !self.vpcs.is_empty() {
            let sees = |vpc| hosted_zone::Vpc::new(vpc, Value::own_region());
            zone = zone.vpcs(self.vpcs.into_iter().map(sees).collect::<Vec<_>>());
        }
        let resource = template.add("zone", zone);
        keep(&mut template[resource]);
        HostedZoneRef { id: resource.id(), name_servers: resource.name_servers(), resource }
    }
}
