use accel_core::{Resource, Targets};

use super::*;

/// Walks every property of every template and notes what it needs.
pub(crate) fn link(tree: &Tree, layout: &Layout, diagnostics: &mut Diagnostics) -> Links {
    let links = Links::default();
    let (crossed, given) = (BTreeSet::new(), Vec::new());
    let mut linker = Linker { tree, layout, diagnostics, links, crossed, given };
    for (template, members) in layout.templates() {
        linker.given.clear();
        for &user in members {
            linker.member(template, user);
        }
    }
    linker.links
}

struct Linker<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    diagnostics: &'a mut Diagnostics,
    links: Links,
    /// Lines that use and lines that make, of borders that were crossed and reported: a cluster uses
    /// each of three subnets twice, and that is one mistake.
    crossed: BTreeSet<(Line, Line)>,
    /// What the template is given already: most values are used several times.
    given: Vec<AttrSource>,
}

type Line = (&'static str, u32, u32);

fn line(location: &'static Location<'static>) -> Line {
    (location.file(), location.line(), location.column())
}

/// What uses a value, and whether a secret may stand there.
#[derive(Clone, Copy)]
struct User {
    template: NodeId,
    node: NodeId,
    location: &'static Location<'static>,
    /// "becomes an output", if anybody can read what stands there.
    shown: Option<&'static str>,
}

impl Linker<'_> {
    fn member(&mut self, template: NodeId, node: NodeId) {
        let tree = self.tree;
        let location = tree[node].location();
        let user = User { template, node, location, shown: None };
        match tree[node].kind() {
            Kind::Resource(resource) => {
                self.transform(user, resource);
                for (property, value) in resource.properties().iter() {
                    let location = resource.overridden_at(property).unwrap_or(location);
                    self.prop(User { location, ..user }, value);
                }
                for (_, value) in resource.tags() {
                    self.prop(User { shown: Some("becomes a tag"), ..user }, value);
                }
                if let Some(policies) = resource.policies() {
                    for (_, value) in policies.metadata.iter() {
                        self.prop(User { shown: Some("becomes metadata"), ..user }, value);
                    }
                    for other in &policies.depends_on {
                        self.same_template(user, other.node(), "depends on");
                    }
                    if let Some(condition) = policies.condition {
                        self.same_template(user, condition.node(), "has the condition");
                    }
                }
            }
            Kind::Output(output) => {
                self.prop(User { shown: Some("becomes an output"), ..user }, &output.value);
                if let Some(condition) = output.condition {
                    self.same_template(user, condition.node(), "has the condition");
                }
            }
            Kind::Published(value) => {
                let prop = Prop::from(&**value);
                self.prop(User { shown: Some("is published"), ..user }, &prop);
            }
            Kind::Condition(condition) => self.condition(user, condition),
            _ => {}
        }
    }

    /// What CloudFormation expands before it deploys: macros of AWS, and nested stacks.
    fn transform(&mut self, user: User, resource: &Resource) {
        let name = resource.type_name();
        let transform = Transform::of(resource);
        if let Some(transform) = transform {
            self.links.of_mut(user.template).transforms.insert(transform);
        }
        let Kind::StackSet(set) = self.tree[user.template].kind() else { return };
        let Targets::Units { .. } = set.targets() else { return };
        let needs = match transform {
            Some(transform) => format!("needs the transform `{}`", transform.name()),
            None if name == "AWS::CloudFormation::Stack" => "is a nested stack".to_owned(),
            None => return,
        };
        let problem =
            format!("({name}) {needs}, and its stack set has service-managed permissions");
        self.report(&codes::EXPANDED_IN_STACK_SET, user, &problem, |d| {
            d.allowed("resources that CloudFormation deploys as they stand").help(
                "use the resource types that it expands to, or put it into a stack of each account, or \
                 name the accounts: `StackSet::for_accounts(..)`",
            )
        });
    }

    fn condition(&mut self, user: User, condition: &accel_core::template::Condition) {
        use accel_core::template::Condition;
        match condition {
            Condition::Equals(left, right) => {
                self.prop(user, left);
                self.prop(user, right);
            }
            Condition::Not(other) => self.condition(user, other),
            Condition::And(all) | Condition::Or(all) => {
                all.iter().for_each(|condition| self.condition(user, condition));
            }
            Condition::Is(other) => self.same_template(user, other.node(), "needs the condition"),
        }
    }

    fn prop(&mut self, user: User, prop: &Prop) {
        match prop {
            Prop::Bool(_) | Prop::Integer(_) | Prop::Float(_) | Prop::String(_) => {}
            Prop::List(items) => items.iter().for_each(|item| self.prop(user, item)),
            Prop::Object(entries) => entries.iter().for_each(|(_, value)| self.prop(user, value)),
            Prop::Intrinsic(intrinsic) => self.intrinsic(user, intrinsic),
        }
    }

    fn intrinsic(&mut self, user: User, intrinsic: &Intrinsic) {
        match intrinsic {
            Intrinsic::Attr(attr) => self.attr(user, *attr),
            Intrinsic::AccountId(account) => self.account(user, *account),
            Intrinsic::Published(node, environment) => self.published(user, *node, *environment),
            // Only the row that holds here is used, so only that is linked.
            Intrinsic::Table(table) => return self.table(user, table),
            Intrinsic::If(condition, ..) => {
                self.same_template(user, condition.node(), "needs the condition");
            }
            Intrinsic::FindInMap(mapping, ..) => {
                self.same_template(user, mapping.node(), "looks into the mapping");
            }
            Intrinsic::ToJsonString(_) | Intrinsic::Length(_) => {
                let transforms = &mut self.links.of_mut(user.template).transforms;
                transforms.insert(Transform::LanguageExtensions);
            }
            Intrinsic::Secret(_) => self.secret(user, "a secret"),
            _ => {}
        }
        intrinsic.operands(&mut |operand| self.prop(user, operand));
    }

    fn report(
        &mut self,
        code: &'static Code,
        user: User,
        problem: &str,
        finish: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let message = format!("`{}` {problem}", self.tree.path(user.node));
        self.diagnostics.push(finish(Diagnostic::error(code, message, user.location)));
    }

    /// Whether `node` is of this app; complains if not.
    fn owned(&mut self, user: User, node: NodeId) -> bool {
        let owned = self.tree.get(node).is_some();
        if !owned {
            let problem = "uses a handle of another `App`, which names nothing here";
            let help = "use what this app's `add` and `open` gave back";
            self.report(&accel_core::codes::FOREIGN_HANDLE, user, problem, |d| d.help(help));
        }
        owned
    }

    fn same_template(&mut self, user: User, other: NodeId, verb: &str) {
        if !self.owned(user, other) || self.layout.template(other) == Some(user.template) {
            return;
        }
        let problem = format!("{verb} `{}`, which is in another template", self.tree.path(other));
        let made = self.tree[other].location();
        self.report(&codes::OTHER_TEMPLATE, user, &problem, |d| {
            d.note("it is created here", made)
                .help("for the order of whole stacks use `scope.after(..)`")
        });
    }

    fn secret(&mut self, user: User, what: &str) {
        if let Some(shown) = user.shown {
            let problem = format!("shows {what}: it {shown}, which anybody can read");
            let help = "pass the secret's name or ARN instead, and read it where it is used";
            self.report(&codes::SECRET_LEAK, user, &problem, |d| d.help(help));
        }
    }

    fn attr(&mut self, user: User, attr: AttrSource) {
        if self.given.contains(&attr) || !self.owned(user, attr.node) {
            return;
        }
        let tree = self.tree;
        match tree[attr.node].kind() {
            Kind::Step(_) => {
                let source = Source::Step { step: attr.node, result: attr.name.unwrap_or("Id") };
                let what = describe(tree, attr);
                let name = parameter_name(tree, self.layout, attr);
                self.given.push(attr);
                return self.parameter(user, attr.node, name, source, attr.list, what);
            }
            Kind::Parameter(parameter) if parameter.no_echo => {
                self.secret(user, "a secret parameter");
            }
            Kind::Document(_) => {
                let problem = format!(
                    "uses {}, a document: only its own target knows that",
                    describe(tree, attr)
                );
                let help = "ids of documents are for other documents of the same target";
                return self.report(&codes::NOT_COMPUTABLE, user, &problem, |d| d.help(help));
            }
            _ => {}
        }
        let Some(producer) = self.layout.template(attr.node) else { return };
        if producer == user.template {
            return;
        }
        if matches!(tree[attr.node].kind(), Kind::Parameter(_)) {
            return self.same_template(user, attr.node, "uses the parameter");
        }
        if let Some((code, problem, help)) = self.border(producer, user.template, attr) {
            let problem = format!("uses {}, which {problem}", describe(tree, attr));
            let made = tree[attr.node].location();
            if self.crossed.insert((line(user.location), line(made))) {
                self.report(code, user, &problem, |d| {
                    d.note("it is created here", made).help(help)
                });
            }
            return;
        }
        let name = self.links.output(self.layout, producer, attr);
        let source = Source::Output { template: producer, name };
        let parameter = parameter_name(tree, self.layout, attr);
        self.given.push(attr);
        self.parameter(user, producer, parameter, source, attr.list, describe(tree, attr));
    }

    /// Why `attr` cannot go from `producer` to `consumer`, if it cannot.
    fn border(
        &self,
        producer: NodeId,
        consumer: NodeId,
        attr: AttrSource,
    ) -> Option<(&'static Code, String, String)> {
        let tree = self.tree;
        let shared = attr.shared_with;
        match (tree[producer].kind(), tree[consumer].kind()) {
            (Kind::StackSet(_), _) => Some((
                &codes::STACK_SET_REFERENCE,
                "is in a stack set: it has one value per account and region".into(),
                "refer to it by a name or an ARN, or bring it out with `set.publish(\"key\", ..)`"
                    .into(),
            )),
            (Kind::Stack(_), Kind::StackSet(_)) if shared != Some(Audience::Organization) => {
                Some((
                    &codes::CROSS_ACCOUNT_REFERENCE,
                    "is in one account, while the stack set is in many".into(),
                    "share it on purpose: `stack.share(.., Audience::Organization)`".into(),
                ))
            }
            (Kind::Stack(there), Kind::Stack(here)) => {
                let account = here.environment().account;
                let crosses = there.environment().account != account;
                let allowed = shared == Some(Audience::Organization)
                    || shared == Some(Audience::Account(account));
                let name = tree.get(account.node()).map_or("account", |node| node.id());
                (crosses && !allowed).then(|| {
                    (
                        &codes::CROSS_ACCOUNT_REFERENCE,
                        "is in another account".into(),
                        format!(
                            "share it on purpose: `stack.share(.., {name})`, or build both in one \
                             account"
                        ),
                    )
                })
            }
            _ => None,
        }
    }

    fn parameter(
        &mut self,
        user: User,
        producer: NodeId,
        name: String,
        source: Source,
        list: bool,
        what: String,
    ) {
        let given = Given { source, list };
        let parameters = &mut self.links.of_mut(user.template).parameters;
        if parameters.insert(name, given).is_none() {
            let User { template: consumer, node: user, location, .. } = user;
            self.links.edges.push(Edge { producer, consumer, user, what, location });
        }
    }

    fn account(&mut self, user: User, account: AccountRef) {
        if self.owned(user, account.node())
            && let AccountIdIn::Parameter(name) = account_id_in(self.tree, user.template, account)
        {
            let given = Given { source: Source::AccountId(account), list: false };
            self.links.of_mut(user.template).parameters.insert(name, given);
            let User { template, node, location, .. } = user;
            self.links.account_edge(self.tree, account, template, node, location);
        }
    }

    fn published(&mut self, user: User, node: NodeId, environment: Environment) {
        if !self.owned(user, node) || !self.owned(user, environment.account.node()) {
            return;
        }
        let tree = self.tree;
        let Some(set) = self.layout.template(node) else { return };
        let name = published_parameter_name(tree, self.layout, node, environment);
        let what = format!("what `{}` publishes", tree.path(node));
        self.parameter(user, set, name, Source::Published { node, environment }, false, what);
    }

    fn table(&mut self, user: User, table: &Arc<Table>) {
        match self.tree[user.template].kind() {
            Kind::Stack(stack) => match table.row(stack.environment()) {
                Some(row) => self.prop(user, row),
                None => {
                    let Environment { account, region } = stack.environment();
                    let place = match **table {
                        Table::ByRegion(_) => region.to_string(),
                        Table::ByAccount { .. } => {
                            format!("the account `{}`", self.tree[account.node()].id())
                        }
                    };
                    self.incomplete(user, &format!("has no row for {place}"));
                }
            },
            Kind::StackSet(set) => match &**table {
                Table::ByRegion(rows) => {
                    let missing = set
                        .get_regions()
                        .iter()
                        .filter(|region| !rows.iter().any(|(row, _)| row == *region))
                        .map(ToString::to_string)
                        .collect::<Vec<_>>();
                    if !missing.is_empty() {
                        self.incomplete(user, &format!("has no row for {}", missing.join(", ")));
                    }
                    if !table.rows().all(is_literal) {
                        self.incomplete(
                            user,
                            "has references in its rows, which a mapping cannot hold",
                        );
                    }
                    let mappings = &mut self.links.of_mut(user.template).mappings;
                    mappings.insert(mapping_name(table), table.clone());
                }
                Table::ByAccount { key, .. } => self.by_account(user, key, table),
            },
            _ => {}
        }
    }

    fn by_account(&mut self, user: User, key: &Text, table: &Arc<Table>) {
        let literal = |prop: &Prop| {
            is_literal(prop)
                || matches!(prop, Prop::Intrinsic(i) if matches!(**i, Intrinsic::AccountId(_)))
        };
        if !table.rows().all(literal) {
            self.incomplete(user, "has rows that are neither literals nor account ids");
        }
        let tables = &mut self.links.of_mut(user.template).by_account;
        if tables.get(key).is_some_and(|other| other != table) {
            let problem = format!("uses a second table by account called `{key}`");
            let help = "give one of the two tables another key";
            self.report(&codes::INCOMPLETE_TABLE, user, &problem, |d| d.help(help));
        } else {
            tables.insert(key.clone(), table.clone());
        }
    }

    fn incomplete(&mut self, user: User, problem: &str) {
        let problem = format!("uses a table that {problem}");
        self.report(&codes::INCOMPLETE_TABLE, user, &problem, |d| {
            d.help("add the row, or give the table a default: `Value::by_account_or(..)`")
        });
    }
}

fn is_literal(prop: &Prop) -> bool {
    let mut literal = true;
    prop.walk(&mut |prop| literal &= !matches!(prop, Prop::Intrinsic(_)));
    literal
}
