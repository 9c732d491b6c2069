//! What services that are administered for the whole organization have in common.

use accel_core::{
    AccountRef, Diagnostic, Prop, Region, Scope,
    tree::{Kind, NodeId},
};

use super::codes;
use crate::foundation::{Organization, OrganizationScope as _};

/// The regions of a service: those given, or the organization's home. What is wrong with them is
/// reported.
pub(super) fn regions(
    org: &mut Scope<'_, Organization>,
    service: &str,
    given: Option<&[Region]>,
) -> Vec<Region> {
    let home = org.home_region();
    let Some(given) = given else { return vec![home] };
    if given.is_empty() {
        let message = format!("`{}` is in no region", org.path());
        let diagnostic = Diagnostic::error(&codes::SECURITY_REGIONS, message, org.location())
            .allowed("at least one region")
            .help(format!("name those that the organization uses, or leave out the {service}"));
        org.report(diagnostic);
    }
    for region in given.iter().filter(|region| region.partition() != home.partition()) {
        let message = format!("`{}` is in {region}, which is another partition", org.path());
        let partition = home.partition();
        let diagnostic = Diagnostic::error(&codes::SECURITY_REGIONS, message, org.location())
            .allowed(format!("regions of the partition `{partition:?}`, as {home}"))
            .help("open an organization of its own for the other partition");
        org.report(diagnostic);
    }
    given.to_vec()
}

/// Reports that `administrator` is not who administers the service already. `setting` is what its
/// steps own, or begins it. Two steps in one region are one setting with two owners, which synthesis
/// tells.
pub(super) fn one_administrator(
    org: &mut Scope<'_, Organization>,
    service: &str,
    setting: &str,
    administrator: AccountRef,
    regions: &[Region],
) {
    let id = Prop::from(administrator.id());
    let tree = org.tree();
    let other = tree.ids().find(|&node| match tree[node].kind() {
        Kind::Step(step) => {
            step.setting.starts_with(setting)
                && !regions.contains(&step.region)
                && step.call.iter().all(|call| call.request.iter().all(|(_, value)| *value != id))
        }
        _ => false,
    });
    if let Some(other) = other {
        report(org, service, other);
    }
}

/// [`one_administrator`] for a service whose administrator is a resource: its type, and the property
/// that has the account's id.
pub(super) fn one_administrator_resource(
    org: &mut Scope<'_, Organization>,
    service: &str,
    (type_name, property): (&str, &str),
    administrator: AccountRef,
) {
    let id = Prop::from(administrator.id());
    let tree = org.tree();
    let other = tree.ids().find(|&node| {
        tree[node].resource().is_some_and(|resource| {
            resource.type_name() == type_name && resource.get(property) != Some(&id)
        })
    });
    if let Some(other) = other {
        report(org, service, other);
    }
}

fn report(org: &mut Scope<'_, Organization>, service: &str, other: NodeId) {
    let message = format!("`{}` gives {service} a second administrator", org.path());
    let line = org.tree()[other].location();
    let diagnostic = Diagnostic::error(&codes::TWO_ADMINISTRATORS, message, org.location())
        .note("the first one is named here", line)
        .allowed("one account for the whole organization")
        .help("give both constructs the same `administrator`, or leave one of them out");
    org.report(diagnostic);
}
