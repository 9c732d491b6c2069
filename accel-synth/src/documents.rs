//! Documents: their level renders them, then every value in them is computed, read from the lock file,
//! or left to the target's own look-up.

use std::collections::BTreeMap;

use accel_core::{
    AttrSource, Diagnostic, Diagnostics, Document, DocumentEntry, DocumentNode, Format, Intrinsic,
    Object, Prop, Pseudo, Text,
    tree::{Kind, NodeId, Tree},
};

use crate::{
    codes,
    json::JsonWriter,
    layout::Layout,
    links::{self, Edge, Links, Source},
    yaml,
};

/// A file that is not a template.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) path: String,
    /// None while a value is not known that the target cannot look up.
    pub(crate) text: Option<String>,
    pub(crate) origin: NodeId,
    pub(crate) values: Vec<DocumentValue>,
}

/// A value of the tree in a document.
#[derive(Debug)]
pub(crate) struct DocumentValue {
    pub(crate) source: Source,
    /// The name under which the target looks it up, if it does.
    pub(crate) variable: Option<String>,
    pub(crate) known: bool,
}

/// Renders every level's documents. Links from documents to what they need are added to `links`.
pub(crate) fn render(
    tree: &Tree,
    layout: &Layout,
    links: &mut Links,
    diagnostics: &mut Diagnostics,
) -> Vec<Rendered> {
    let mut by_level: BTreeMap<NodeId, Vec<Document>> = BTreeMap::new();
    for node in tree.ids() {
        let Kind::Document(document) = tree[node].kind() else { continue };
        let is_level = |&node: &NodeId| matches!(tree[node].kind(), Kind::Level(_));
        // A document outside of any level is rendered by nobody: it stands where it says.
        let level = tree.ancestors(node).find(is_level).unwrap_or(tree.root());
        by_level.entry(level).or_default().push((**document).clone());
    }
    let mut rendered = Vec::new();
    for (level, documents) in by_level {
        let documents = match tree[level].kind() {
            Kind::Level(value) => value.render(&tree.path(level), documents),
            _ => documents,
        };
        for document in documents {
            let origin = document.origin.filter(|&node| tree.get(node).is_some()).unwrap_or(level);
            let mut resolver =
                Resolver { tree, layout, links, diagnostics, level, origin, values: Vec::new() };
            let root = resolver.node(&document.root);
            let values = resolver.values;
            let text = root.map(|root| print(&Document { root, ..document.clone() }));
            if text.is_none() {
                report_pending(tree, &document.path, origin, &values, diagnostics);
            }
            rendered.push(Rendered { path: document.path, text, origin, values });
        }
    }
    rendered
}

fn report_pending(
    tree: &Tree,
    path: &str,
    origin: NodeId,
    values: &[DocumentValue],
    diagnostics: &mut Diagnostics,
) {
    let missing: Vec<String> = values
        .iter()
        .filter(|value| !value.known && value.variable.is_none())
        .map(|value| value.source.describe(tree))
        .collect();
    // Anything else that keeps a document from being printed was reported as an error.
    if missing.is_empty() {
        return;
    }
    let message =
        format!("`{path}` is left out: it needs {}, which is not known yet", missing.join(" and "));
    diagnostics.push(
        Diagnostic::warning(&codes::VALUE_NOT_KNOWN_YET, message, tree[origin].location())
            .help("deploy, commit the lock file that the deployment writes, and synthesize again"),
    );
}

fn print(document: &Document) -> String {
    match document.format {
        Format::Yaml => yaml::print(document),
        Format::Json => {
            let mut json = JsonWriter::pretty(1024);
            write_json(&mut json, &document.root);
            json.finish()
        }
    }
}

fn write_json(json: &mut JsonWriter, node: &DocumentNode) {
    match node {
        DocumentNode::Null => json.null(),
        DocumentNode::Value(prop) => json.prop(prop, &mut |json, _| json.null()),
        DocumentNode::List(items) => {
            json.begin_list();
            for item in items {
                json.item();
                write_json(json, item);
            }
            json.end_list();
        }
        DocumentNode::Map(entries) => {
            json.begin_object();
            for entry in entries {
                json.key(&entry.key);
                write_json(json, &entry.value);
            }
            json.end_object();
        }
    }
}

struct Resolver<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    links: &'a mut Links,
    diagnostics: &'a mut Diagnostics,
    level: NodeId,
    origin: NodeId,
    values: Vec<DocumentValue>,
}

/// `None` is "not to be known now"; all values are visited all the same, to find every edge.
impl Resolver<'_> {
    fn node(&mut self, node: &DocumentNode) -> Option<DocumentNode> {
        Some(match node {
            DocumentNode::Null => DocumentNode::Null,
            DocumentNode::Value(prop) => DocumentNode::Value(self.prop(prop)?),
            DocumentNode::List(items) => {
                let items: Vec<_> = items.iter().map(|item| self.node(item)).collect();
                DocumentNode::List(items.into_iter().collect::<Option<_>>()?)
            }
            DocumentNode::Map(entries) => {
                let entry = |entry: &DocumentEntry| {
                    let value = self.node(&entry.value)?;
                    Some(DocumentEntry { value, ..entry.clone() })
                };
                let entries: Vec<_> = entries.iter().map(entry).collect();
                DocumentNode::Map(entries.into_iter().collect::<Option<_>>()?)
            }
        })
    }

    fn prop(&mut self, prop: &Prop) -> Option<Prop> {
        match prop {
            Prop::List(items) => self.props(items).map(Prop::List),
            Prop::Object(object) => {
                let entries: Vec<_> = object
                    .iter()
                    .map(|(key, value)| Some((key.clone(), self.prop(value)?)))
                    .collect();
                Some(Prop::Object(entries.into_iter().collect::<Option<Object>>()?))
            }
            Prop::Intrinsic(intrinsic) => self.intrinsic(intrinsic),
            literal => Some(literal.clone()),
        }
    }

    fn props(&mut self, props: &[Prop]) -> Option<Vec<Prop>> {
        let props: Vec<_> = props.iter().map(|prop| self.prop(prop)).collect();
        props.into_iter().collect()
    }

    fn intrinsic(&mut self, intrinsic: &Intrinsic) -> Option<Prop> {
        match intrinsic {
            Intrinsic::Attr(attr) => self.attr(*attr),
            Intrinsic::AccountId(account) => {
                let known = self.tree.account_id(*account).map(|id| id.to_string());
                self.value(Source::AccountId(*account), known)
            }
            Intrinsic::Published(node, environment) => {
                if self.tree.get(*node).is_none() {
                    return self.foreign();
                }
                let key = self.tree[*node].id();
                let producer = published_producer(self.tree, self.layout, *node, *environment);
                let known = self.tree.lock().value(&producer, key).map(str::to_owned);
                self.value(Source::Published { node: *node, environment: *environment }, known)
            }
            Intrinsic::Pseudo(pseudo @ (Pseudo::Partition | Pseudo::UrlSuffix)) => {
                self.partition(*pseudo)
            }
            Intrinsic::Join(separator, items) => {
                let items = self.props(items)?;
                self.text(&items, separator)
            }
            Intrinsic::JoinList(separator, list) => match self.prop(list)? {
                Prop::List(items) => self.text(&items, separator),
                // A list that crossed a stack comes back from the lock file with commas.
                Prop::String(text) => Some(text.replace(',', separator).into()),
                _ => self.not_computable("a join"),
            },
            Intrinsic::Select(index, list) => match self.prop(list)? {
                Prop::List(items) => match items.into_iter().nth(*index as usize) {
                    Some(item) => Some(item),
                    None => self.not_computable("a selection beyond the end of its list"),
                },
                _ => self.not_computable("a selection"),
            },
            Intrinsic::Split(separator, text) => {
                let text = self.prop(text)?;
                Some(Prop::list(text.as_str()?.split(separator.as_str())))
            }
            Intrinsic::Secret(_) => {
                let message =
                    format!("`{}` shows a secret in a document", self.tree.path(self.origin));
                let location = self.tree[self.origin].location();
                let help = "give the document the secret's name, and let its reader read it";
                self.diagnostics
                    .push(Diagnostic::error(&codes::SECRET_LEAK, message, location).help(help));
                None
            }
            Intrinsic::Table(_) => self.not_computable("a table by region or account"),
            _ => self.not_computable("a function of CloudFormation"),
        }
    }

    fn text(&mut self, items: &[Prop], separator: &str) -> Option<Prop> {
        let mut texts = Vec::new();
        for item in items {
            match item {
                Prop::String(text) => texts.push(text.to_string()),
                Prop::Integer(number) => texts.push(number.to_string()),
                Prop::Bool(flag) => texts.push(flag.to_string()),
                _ => return self.not_computable("a join of lists"),
            }
        }
        Some(texts.join(separator).into())
    }

    fn attr(&mut self, attr: AttrSource) -> Option<Prop> {
        if self.tree.get(attr.node).is_none() {
            return self.foreign();
        }
        if let Kind::Parameter(parameter) = self.tree[attr.node].kind() {
            let problem = if parameter.no_echo { "a secret parameter" } else { "a parameter" };
            return self.not_computable(problem);
        }
        if let Kind::Step(_) = self.tree[attr.node].kind() {
            let result = attr.name.unwrap_or("Id");
            let path = self.tree.path(attr.node);
            let known = self.tree.lock().value(&path, result).map(str::to_owned);
            return self.value(Source::Step { step: attr.node, result }, known);
        }
        let template = self.layout.template(attr.node)?;
        if let Kind::StackSet(_) = self.tree[template].kind() {
            let message = format!(
                "`{}` uses {}, which is in a stack set: it has one value per account and region",
                self.tree.path(self.origin),
                links::describe(self.tree, attr)
            );
            self.diagnostics.push(
                Diagnostic::error(
                    &codes::STACK_SET_REFERENCE,
                    message,
                    self.tree[self.origin].location(),
                )
                .note("it is created here", self.tree[attr.node].location())
                .help("bring it out with `set.publish(\"key\", ..)`"),
            );
            return None;
        }
        let name = self.links.output(self.layout, template, attr);
        let path = self.tree.path(template);
        let known = self.tree.lock().value(&path, &name).map(str::to_owned);
        self.value(Source::Output { template, name }, known)
    }

    fn value(&mut self, source: Source, known: Option<String>) -> Option<Prop> {
        let level = match self.tree[self.level].kind() {
            Kind::Level(level) => Some(level),
            _ => None,
        };
        let variable = variable_name(self.tree, &source);
        let indirection = level.and_then(|level| level.indirection(&variable));
        let looked_up = known.is_none() && indirection.is_some();
        self.values.push(DocumentValue {
            source: source.clone(),
            variable: looked_up.then_some(variable),
            known: known.is_some(),
        });
        if let Some(producer) = source.producer(self.tree, self.layout) {
            let what = source.describe(self.tree);
            self.links.edges.push(Edge {
                producer,
                consumer: self.origin,
                user: self.origin,
                what,
                location: self.tree[self.origin].location(),
            });
        }
        known.or(indirection).map(Prop::from)
    }

    /// Of the regions the app deploys to, if they agree.
    fn partition(&mut self, pseudo: Pseudo) -> Option<Prop> {
        let mut partitions = self.tree.ids().filter_map(|node| match self.tree[node].kind() {
            Kind::Stack(stack) => Some(stack.environment().region.partition()),
            _ => None,
        });
        let first = partitions.next().unwrap_or(accel_core::Region::US_EAST_1.partition());
        if partitions.any(|partition| partition != first) {
            return self.not_computable("the partition, of which this app has several");
        }
        Some(Prop::String(Text::Static(match pseudo {
            Pseudo::UrlSuffix => first.dns_suffix(),
            _ => first.name(),
        })))
    }

    fn foreign(&mut self) -> Option<Prop> {
        let message = format!(
            "`{}` uses a handle of another `App`, which names nothing here",
            self.tree.path(self.origin)
        );
        let location = self.tree[self.origin].location();
        self.diagnostics.push(
            Diagnostic::error(&accel_core::codes::FOREIGN_HANDLE, message, location)
                .help("use what this app's `add` and `open` gave back"),
        );
        None
    }

    fn not_computable(&mut self, what: &str) -> Option<Prop> {
        let message = format!(
            "`{}` has {what} in a document, which only CloudFormation can evaluate",
            self.tree.path(self.origin)
        );
        let location = self.tree[self.origin].location();
        self.diagnostics.push(Diagnostic::error(&codes::NOT_COMPUTABLE, message, location).help(
            "compute the text in the program, or use an attribute of a resource, which the lock \
                 file can hold",
        ));
        None
    }
}

/// As the lock file names what a stack set published in one account and region.
pub(crate) fn published_producer(
    tree: &Tree,
    layout: &Layout,
    published: NodeId,
    environment: accel_core::Environment,
) -> String {
    let set = layout.template(published).map_or_else(String::new, |set| tree.path(set));
    let account = tree.get(environment.account.node()).map_or("", |node| node.id());
    format!("{set}@{account}/{}", environment.region)
}

impl Source {
    /// In words, for diagnostics.
    pub(crate) fn describe(&self, tree: &Tree) -> String {
        match self {
            Self::Output { template, name } => {
                format!("the output `{name}` of `{}`", tree.path(*template))
            }
            Self::Step { step, result } => format!("`{result}` of `{}`", tree.path(*step)),
            Self::AccountId(account) => format!(
                "the id of the account `{}`",
                tree.get(account.node()).map_or("", |node| node.id())
            ),
            Self::Published { node, environment } => format!(
                "what `{}` publishes in `{}` of {}",
                tree.path(*node),
                tree.get(environment.account.node()).map_or("", |node| node.id()),
                environment.region
            ),
        }
    }

    /// The template or step that makes it known; an account is known before anything is deployed.
    fn producer(&self, tree: &Tree, layout: &Layout) -> Option<NodeId> {
        match self {
            Self::Output { template, .. } => Some(*template),
            Self::Step { step, .. } => Some(*step),
            Self::AccountId(_) => None,
            Self::Published { node, .. } => tree.get(*node).and_then(|_| layout.template(*node)),
        }
    }
}

/// Capital letters, digits and `_`: what the targets' variables can be called.
fn variable_name(tree: &Tree, source: &Source) -> String {
    let text = match source {
        Source::Output { template, name } => format!("{}/{name}", tree.path(*template)),
        Source::Step { step, result } => format!("{}/{result}", tree.path(*step)),
        Source::AccountId(account) => {
            format!("{}/account-id", tree.get(account.node()).map_or("", |node| node.id()))
        }
        Source::Published { node, environment } => format!(
            "{}/{}/{}",
            tree.path(*node),
            tree.get(environment.account.node()).map_or("", |node| node.id()),
            environment.region
        ),
    };
    let upper = text.chars().map(|c| match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
        _ => '_',
    });
    format!("ACCEL_{}", upper.collect::<String>())
}
