//! Every resource of every template against the schema of its type.

use accel_core::{
    Diagnostic, Diagnostics, Region, TagStyle,
    tree::{Kind, NodeId, Tree},
};

use crate::{
    layout::Layout,
    parallel, policies,
    validate::{self, Options, Violation},
};

/// Reports what AWS would not accept, at the line that set the property.
pub(crate) fn check(tree: &Tree, layout: &Layout) -> Diagnostics {
    let templates: Vec<_> = layout.templates().collect();
    let found = parallel::map(&templates, |&(template, members)| {
        let mut found = Diagnostics::default();
        let own;
        let regions: &[Region] = match tree[template].kind() {
            Kind::Stack(stack) => {
                own = [stack.environment().region];
                &own
            }
            Kind::StackSet(set) => set.get_regions(),
            _ => &[],
        };
        for &node in members {
            resource(tree, node, regions, &mut found);
            policies::check(tree, node, &mut found);
        }
        found
    });
    let mut diagnostics = Diagnostics::default();
    found.into_iter().for_each(|found| diagnostics.extend(found));
    // They are in no template.
    let steps = tree.ids().filter(|&node| matches!(tree[node].kind(), Kind::Step(_)));
    steps.for_each(|node| policies::check(tree, node, &mut diagnostics));
    diagnostics
}

fn resource(tree: &Tree, node: NodeId, regions: &[Region], diagnostics: &mut Diagnostics) {
    let Some(resource) = tree[node].resource() else { return };
    let options = Options { regions, newer_than_schemas: resource.is_newer_than_schemas() };
    let tags = match resource.tag_style() {
        TagStyle::List(name) | TagStyle::Propagated(name) | TagStyle::Map(name) => Some(name),
        TagStyle::None => None,
    };
    // Tags are not among the properties, because scopes add to them.
    let is_tagged = |violation: &Violation| {
        violation.kind == validate::Kind::MissingProperty
            && Some(violation.path.as_str()) == tags
            && !resource.tags().is_empty()
    };
    let violations = validate::validate(resource.type_name(), resource.properties(), options);
    let violations = violations.into_iter().filter(|violation| !is_tagged(violation));
    let tags = tags.map(|name| validate::validate_tags(name, resource.tags())).unwrap_or_default();
    let mut found: Vec<(Violation, Diagnostic)> = Vec::new();
    for violation in violations.chain(tags) {
        // One value is one problem, however many rules it breaks.
        let same = found.iter_mut().find(|(other, _)| {
            other.path == violation.path
                && other.kind.is_about_value()
                && violation.kind.is_about_value()
        });
        if let Some((_, diagnostic)) = same {
            *diagnostic = diagnostic.clone().allowed(&violation.allowed);
            continue;
        }
        let property = violation.path.split('/').next().unwrap_or_default();
        let location = resource.overridden_at(property).unwrap_or(tree[node].location());
        let place = format!("`{}` ({})", tree.path(node), resource.type_name());
        let diagnostic = violation.diagnostic(&place, location);
        found.push((violation, diagnostic));
    }
    diagnostics.extend(found.into_iter().map(|(_, diagnostic)| diagnostic));
}
