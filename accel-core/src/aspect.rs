use std::fmt;

use crate::{
    Code, Diagnostic, Diagnostics, Environment, Resource,
    tree::{Kind, NodeId, Tree},
};

/// A change applied to every resource below a scope, in the order aspects were added, exactly once.
///
/// An aspect gets a resource, never a scope: it cannot add constructs or aspects, so there is no
/// fixed point to look for.
///
/// ```
/// use accel_core::{Aspect, Resource, Site};
///
/// #[derive(Debug)]
/// struct KeepBuckets;
///
/// impl Aspect for KeepBuckets {
///     fn visit(&self, resource: &mut Resource, _: &Site<'_>) {
///         if resource.type_name() == "AWS::S3::Bucket" {
///             resource.retain();
///         }
///     }
/// }
/// ```
pub trait Aspect: fmt::Debug + Send + Sync + 'static {
    /// Changes `resource` in place.
    fn visit(&self, resource: &mut Resource, site: &Site<'_>);
}

/// A read-only rule, checked after every aspect ran.
pub trait Guardrail: fmt::Debug + Send + Sync + 'static {
    /// What findings are reported as.
    fn code(&self) -> &'static Code;

    /// What is wrong with `resource`, as the end of a sentence that begins with its path; `None` if
    /// nothing is.
    fn check(&self, resource: &Resource, site: &Site<'_>) -> Option<String>;

    /// The way out, for whoever reads a finding.
    fn help(&self) -> Option<String> {
        None
    }
}

/// Where a resource is.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    tree: &'a Tree,
    node: NodeId,
}

impl Site<'_> {
    /// The resource's path.
    #[must_use]
    pub fn path(&self) -> String {
        self.tree.path(self.node)
    }

    /// The account and region, if the resource is in a stack and not in a stack set.
    #[must_use]
    pub fn environment(&self) -> Option<Environment> {
        self.tree.environment(self.node)
    }

    /// The tree, to look around.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        self.tree
    }
}

impl Tree {
    /// Lets tags cascade, then applies the aspects. Synthesizers call it once, before they read.
    pub fn apply_aspects(&mut self) {
        self.cascade_tags();
        for (scope, aspect) in std::mem::take(&mut self.aspects) {
            for node in self.subtree(scope) {
                let Kind::Resource(mut resource) = self.take_kind(node) else { continue };
                aspect.visit(&mut resource, &Site { tree: self, node });
                self[node].kind = Kind::Resource(resource);
            }
        }
    }

    /// The resource out of its node, so that an aspect can have it beside the tree.
    fn take_kind(&mut self, node: NodeId) -> Kind {
        match &self[node].kind {
            Kind::Resource(_) => std::mem::replace(&mut self[node].kind, Kind::Group),
            _ => Kind::Group,
        }
    }

    /// The innermost scope comes first, and nothing overwrites what is there; of two tags of one scope
    /// the later one counts.
    fn cascade_tags(&mut self) {
        let mut tags = std::mem::take(&mut self.tags);
        tags.reverse();
        tags.sort_by_key(|(scope, ..)| std::cmp::Reverse(self.ancestors(*scope).count()));
        for (scope, key, value) in tags {
            for node in self.subtree(scope) {
                if let Kind::Resource(resource) = &mut self[node].kind
                    && resource.tag_style() != crate::TagStyle::None
                {
                    resource.tag_if_absent(&key, &value);
                }
            }
        }
    }

    /// Checks the guardrails. Synthesizers call it once, after the aspects.
    pub fn check_guardrails(&self, diagnostics: &mut Diagnostics) {
        for (scope, guardrail) in &self.guardrails {
            for node in self.subtree(*scope) {
                let Some(resource) = self[node].resource() else { continue };
                let site = Site { tree: self, node };
                let Some(finding) = guardrail.check(resource, &site) else { continue };
                let message = format!("`{}` {finding}", site.path());
                let mut diagnostic =
                    Diagnostic::error(guardrail.code(), message, self[node].location());
                diagnostic.help = guardrail.help();
                diagnostics.push(diagnostic);
            }
        }
    }
}
