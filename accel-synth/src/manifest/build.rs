use super::*;
use std::collections::BTreeSet;

use accel_core::{AccountLimit, ConcurrencyMode, OuRef, RegionConcurrency, Stack as CoreStack};
use litemap::LiteMap;

use crate::{
    documents::Rendered,
    imports,
    layout::path_below,
    links::Given,
    ordered::IntoMap as _,
    render::parameter_path,
    schema::{self, Capability},
    steps,
};

/// Everything but the files, which the assembly adds.
pub(crate) fn build(
    tree: &Tree,
    layout: &Layout,
    links: &Links,
    waits: &LiteMap<NodeId, Vec<NodeId>>,
    documents: &[Rendered],
) -> Manifest {
    let builder = Builder { tree, layout, links, waits };
    let mut manifest = Manifest {
        version: VERSION,
        app: tree[tree.root()].id().to_owned(),
        accounts: builder.accounts(),
        stacks: BTreeMap::new(),
        stack_sets: BTreeMap::new(),
        steps: steps::steps(tree).next().map(|_| steps::PATH.to_owned()),
        documents: documents.iter().map(|document| builder.document(document)).into_map(),
        files: BTreeMap::new(),
    };
    for (node, members) in layout.templates() {
        match tree[node].kind() {
            Kind::Stack(stack) => {
                manifest.stacks.insert(tree.path(node), builder.stack(node, stack, members));
            }
            Kind::StackSet(set) => {
                manifest.stack_sets.insert(tree.path(node), builder.stack_set(node, set, members));
            }
            _ => {}
        }
    }
    manifest
}

/// The file of a template.
pub(crate) fn template_path(tree: &Tree, template: NodeId) -> String {
    let path = tree.path(template);
    match tree[template].kind() {
        Kind::StackSet(_) => format!("stack-sets/{}.template.json", path.replace('/', "-")),
        _ => format!("stacks/{path}.template.json"),
    }
}

/// What AWS calls a stack or a stack set: the app and the ids of its scopes, as they were before any
/// rename.
pub(crate) fn stack_name(tree: &Tree, layout: &Layout, template: NodeId) -> String {
    let path = layout.deployed_path(tree, template);
    let own = match tree[template].kind() {
        // Account and region are where the stack is, not what it is.
        Kind::Stack(_) => path.splitn(3, '/').nth(2).unwrap_or(&path).to_owned(),
        _ => path,
    };
    let name = format!("{}-{own}", tree[tree.root()].id());
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

struct Builder<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    links: &'a Links,
    waits: &'a LiteMap<NodeId, Vec<NodeId>>,
}

impl Builder<'_> {
    fn stack(&self, node: NodeId, stack: &CoreStack, members: &[NodeId]) -> Stack {
        let environment = stack.environment();
        Stack {
            name: stack_name(self.tree, self.layout, node),
            account: self.account(environment.account),
            region: environment.region.to_string(),
            termination_protection: stack.is_termination_protected(),
            imports: imports::of(self.tree, self.layout, members),
            template: self.template(node, members),
        }
    }

    fn accounts(&self) -> BTreeMap<String, Account> {
        let account = |node: NodeId| {
            let Kind::Account(info) = self.tree[node].kind() else { return None };
            let id = info.id.or_else(|| self.tree.lock().account(self.tree[node].id()));
            let account = Account {
                id: id.map(|id| id.to_string()),
                email: info.email.as_ref().map(ToString::to_string),
                management: info.is_management,
                access_role: info.access_role.as_ref().map(ToString::to_string),
            };
            Some((self.tree[node].id().to_owned(), account))
        };
        self.tree.ids().filter_map(account).into_map()
    }

    fn account(&self, account: AccountRef) -> String {
        self.tree.get(account.node()).map_or("", |node| node.id()).to_owned()
    }

    fn template(&self, node: NodeId, members: &[NodeId]) -> Template {
        let constructs = members.iter().map(|&member| {
            (self.layout.logical_id(member).to_owned(), path_below(self.tree, node, member))
        });
        let links = self.links.of(node);
        let parameters = links.into_iter().flat_map(|links| &links.parameters);
        let parameter =
            |(name, given): (&String, &Given)| (name.clone(), self.source(&given.source));
        let after = self.waits.get(&node).into_iter().flatten();
        Template {
            template: template_path(self.tree, node),
            upload: false,
            capabilities: self.capabilities(node, members),
            parameters: parameters.map(parameter).into_map(),
            after: after.map(|&node| self.tree.path(node)).collect(),
            constructs: constructs.into_map(),
        }
    }

    fn capabilities(&self, template: NodeId, members: &[NodeId]) -> Vec<String> {
        let resources = members.iter().filter_map(|&node| self.tree[node].resource());
        let mut needed: BTreeSet<Capability> = resources
            .filter_map(|resource| {
                schema::capability(resource.type_name(), |name| resource.get(name).is_some())
            })
            .collect();
        if self.links.of(template).is_some_and(|links| !links.transforms.is_empty()) {
            needed.insert(Capability::AutoExpand);
        }
        if needed.contains(&Capability::NamedIam) {
            needed.remove(&Capability::Iam);
        }
        needed.into_iter().map(|capability| capability.name().to_owned()).collect()
    }

    fn stack_set(&self, node: NodeId, set: &CoreStackSet, members: &[NodeId]) -> StackSet {
        let (targets, managed) = match set.targets() {
            Targets::Units { units, filter } => {
                let (filter, accounts) = match filter {
                    AccountFilter::All => (Filter::None, [].as_slice()),
                    AccountFilter::Only(accounts) => (Filter::Intersection, accounts.as_slice()),
                    AccountFilter::Except(accounts) => (Filter::Difference, accounts.as_slice()),
                    AccountFilter::And(accounts) => (Filter::Union, accounts.as_slice()),
                };
                let accounts = accounts.iter().map(|&account| self.account(account)).collect();
                let units = units.iter().map(|&unit| self.unit(unit)).collect();
                (TargetSet::Units { units, filter, accounts }, true)
            }
            Targets::Accounts(accounts) => {
                let accounts = accounts.iter().map(|&account| self.account(account)).collect();
                (TargetSet::Accounts(accounts), false)
            }
        };
        let links = self.links.of(node);
        let tables = links.into_iter().flat_map(|links| &links.by_account);
        let published = members.iter().filter_map(|&member| match self.tree[member].kind() {
            Kind::Published(_) => {
                let key = self.tree[member].id();
                Some((key.to_owned(), parameter_path(self.tree, self.layout, node, key)))
            }
            _ => None,
        });
        StackSet {
            name: stack_name(self.tree, self.layout, node),
            targets,
            regions: set.get_regions().iter().map(ToString::to_string).collect(),
            permission_model: if managed {
                PermissionModel::ServiceManaged
            } else {
                PermissionModel::SelfManaged
            },
            auto_deployment: managed.then_some(AutoDeployment {
                enabled: set.is_auto_deployed(),
                retain_stacks_on_account_removal: set.is_retained_on_removal(),
            }),
            retain_stacks: set.is_retained_on_removal(),
            operation_preferences: operation_preferences(set.get_operation_preferences()),
            canary: set.get_canary().map(|unit| self.unit(unit)),
            managed_execution: true,
            by_account: tables
                .filter_map(|(key, table)| {
                    Some((key.to_string(), by_account(self.tree, self.layout, node, table)?))
                })
                .into_map(),
            published: published.into_map(),
            template: self.template(node, members),
        }
    }

    fn unit(&self, unit: OuRef) -> ValueSource {
        let attr = unit.id().source();
        self.source(&Source::Step { step: attr.node, result: attr.name.unwrap_or("Id") })
    }

    fn source(&self, source: &Source) -> ValueSource {
        value_source(self.tree, self.layout, source)
    }

    fn document(&self, document: &Rendered) -> (String, Document) {
        let value = |value: &crate::documents::DocumentValue| DocumentValue {
            source: self.source(&value.source),
            known: value.known,
            variable: value.variable.clone(),
        };
        let mut values: Vec<DocumentValue> = document.values.iter().map(value).collect();
        values.sort_by(|a, b| a.source.cmp(&b.source));
        values.dedup();
        let entry = Document {
            construct: self.tree.path(document.origin),
            pending: document.text.is_none(),
            values,
        };
        (document.path.clone(), entry)
    }
}

fn operation_preferences(given: &accel_core::OperationPreferences) -> OperationPreferences {
    let limit = |limit| match limit {
        AccountLimit::Count(count) => (Some(count), None),
        AccountLimit::Percentage(percentage) => (None, Some(percentage)),
    };
    let (max_concurrent_count, max_concurrent_percentage) = limit(given.max_concurrent);
    let (failure_tolerance_count, failure_tolerance_percentage) = limit(given.failure_tolerance);
    let region_order = match &given.region_concurrency {
        RegionConcurrency::Parallel => None,
        RegionConcurrency::Sequential(order) => Some(order.iter().map(ToString::to_string)),
    };
    OperationPreferences {
        parallel_regions: region_order.is_none(),
        region_order: region_order.into_iter().flatten().collect(),
        max_concurrent_count,
        max_concurrent_percentage,
        failure_tolerance_count,
        failure_tolerance_percentage,
        soft_failure_tolerance: given.concurrency_mode == ConcurrencyMode::Soft,
    }
}

pub(super) fn value_source(tree: &Tree, layout: &Layout, source: &Source) -> ValueSource {
    let account =
        |account: AccountRef| tree.get(account.node()).map_or("", |node| node.id()).to_owned();
    match source {
        Source::Output { template, name } => {
            ValueSource::Output { stack: tree.path(*template), output: name.clone() }
        }
        Source::Step { step, result } => {
            ValueSource::Step { step: tree.path(*step), result: (*result).to_owned() }
        }
        Source::Document { document } => ValueSource::Document { document: tree.path(*document) },
        Source::AccountId(id) => ValueSource::AccountId { account: account(*id) },
        Source::Published { node, environment } => ValueSource::Published {
            stack_set: layout.template(*node).map_or_else(String::new, |set| tree.path(set)),
            key: tree[*node].id().to_owned(),
            account: account(environment.account),
            region: environment.region.to_string(),
        },
    }
}

/// A [`ValueSource`] as it stands in the requests of steps.
pub(crate) fn source_prop(tree: &Tree, layout: &Layout, source: &Source) -> Prop {
    let mut object = Object::new();
    let mut set = |key: &str, value: String| object.insert(key, value);
    match value_source(tree, layout, source) {
        ValueSource::Literal { value } => {
            set("from", "literal".into());
            set("value", value);
        }
        ValueSource::Output { stack, output } => {
            set("from", "output".into());
            set("stack", stack);
            set("output", output);
        }
        ValueSource::Step { step, result } => {
            set("from", "step".into());
            set("step", step);
            set("result", result);
        }
        ValueSource::Document { document } => {
            set("from", "document".into());
            set("document", document);
        }
        ValueSource::AccountId { account } => {
            set("from", "account-id".into());
            set("account", account);
        }
        ValueSource::Published { stack_set, key, account, region } => {
            set("from", "published".into());
            set("stackSet", stack_set);
            set("key", key);
            set("account", account);
            set("region", region);
        }
    }
    Prop::Object(object)
}
