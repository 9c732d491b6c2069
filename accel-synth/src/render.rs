//! One template, written in one pass.

use accel_core::{
    Intrinsic, Prop, Resource, Table, TagStyle, Text,
    template::{Condition, ParameterSpec},
    tree::{Kind, NodeId, Tree},
};

use crate::{json::JsonWriter, layout::Layout, links::TemplateLinks};

mod intrinsic;

/// What it takes to write one template.
pub(crate) struct Renderer<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) template: NodeId,
    pub(crate) links: Option<&'a TemplateLinks>,
}

impl Renderer<'_> {
    pub(crate) fn render(&self, members: &[NodeId]) -> String {
        let mut json = JsonWriter::pretty(members.len() * 700 + 200);
        json.begin_object();
        json.key("AWSTemplateFormatVersion");
        json.string("2010-09-09");
        let description = match self.tree[self.template].kind() {
            Kind::Stack(stack) => stack.get_description(),
            Kind::StackSet(set) => set.get_description(),
            _ => None,
        };
        if let Some(description) = description {
            json.key("Description");
            json.string(description);
        }
        self.transforms(&mut json);
        self.parameters(&mut json, members);
        self.mappings(&mut json, members);
        self.conditions(&mut json, members);
        json.key("Resources");
        json.begin_object();
        for &node in members {
            match self.tree[node].kind() {
                Kind::Resource(resource) => {
                    json.key(self.layout.logical_id(node));
                    self.resource(&mut json, resource);
                }
                Kind::Published(value) => {
                    json.key(self.layout.logical_id(node));
                    self.published(&mut json, node, &Prop::from(&**value));
                }
                _ => {}
            }
        }
        json.end_object();
        self.outputs(&mut json, members);
        json.end_object();
        json.finish()
    }

    fn transforms(&self, json: &mut JsonWriter) {
        let mut names = self.links.iter().flat_map(|links| &links.transforms).map(|t| t.name());
        let Some(first) = names.next() else { return };
        json.key("Transform");
        let Some(second) = names.next() else { return json.string(first) };
        json.begin_list();
        for name in [first, second].into_iter().chain(names) {
            json.item();
            json.string(name);
        }
        json.end_list();
    }

    fn parameters(&self, json: &mut JsonWriter, members: &[NodeId]) {
        let mut section = Section::new("Parameters");
        for &node in members {
            if let Kind::Parameter(parameter) = self.tree[node].kind() {
                section.entry(json, self.layout.logical_id(node));
                self.parameter(json, parameter);
            }
        }
        for (name, given) in self.links.into_iter().flat_map(|links| &links.parameters) {
            section.entry(json, name);
            json.begin_object();
            json.key("Type");
            json.string(if given.list { "CommaDelimitedList" } else { "String" });
            json.end_object();
        }
        section.end(json);
    }

    fn parameter(&self, json: &mut JsonWriter, parameter: &ParameterSpec) {
        json.begin_object();
        json.key("Type");
        json.string(&parameter.type_name);
        if let Some(text) = &parameter.description {
            json.key("Description");
            json.string(text);
        }
        if let Some(value) = &parameter.default {
            json.key("Default");
            self.default_value(json, value);
        }
        if !parameter.allowed.is_empty() {
            json.key("AllowedValues");
            json.begin_list();
            for value in &parameter.allowed {
                json.item();
                self.prop(json, value);
            }
            json.end_list();
        }
        if let Some(pattern) = &parameter.pattern {
            json.key("AllowedPattern");
            json.string(pattern);
        }
        if parameter.no_echo {
            json.key("NoEcho");
            json.bool(true);
        }
        json.end_object();
    }

    /// A list's default is text with commas.
    fn default_value(&self, json: &mut JsonWriter, value: &Prop) {
        match value {
            Prop::List(items) => {
                let items: Vec<&str> = items.iter().filter_map(Prop::as_str).collect();
                json.string(&items.join(","));
            }
            value => self.prop(json, value),
        }
    }

    fn mappings(&self, json: &mut JsonWriter, members: &[NodeId]) {
        let mut section = Section::new("Mappings");
        for &node in members {
            if let Kind::Mapping(mapping) = self.tree[node].kind() {
                section.entry(json, self.layout.logical_id(node));
                json.begin_object();
                for (row, columns) in &mapping.rows {
                    json.key(row);
                    json.begin_object();
                    for (column, value) in columns {
                        json.key(column);
                        self.prop(json, value);
                    }
                    json.end_object();
                }
                json.end_object();
            }
        }
        for (name, table) in self.links.into_iter().flat_map(|links| &links.mappings) {
            let Table::ByRegion(rows) = &**table else { continue };
            section.entry(json, name);
            json.begin_object();
            let mut rows: Vec<_> = rows.iter().collect();
            rows.sort_by_key(|(region, _)| region.name());
            for (region, value) in rows {
                json.key(region.name());
                json.begin_object();
                json.key("Value");
                self.prop(json, value);
                json.end_object();
            }
            json.end_object();
        }
        section.end(json);
    }

    fn conditions(&self, json: &mut JsonWriter, members: &[NodeId]) {
        let mut section = Section::new("Conditions");
        for &node in members {
            if let Kind::Condition(condition) = self.tree[node].kind() {
                section.entry(json, self.layout.logical_id(node));
                self.condition(json, condition);
            }
        }
        section.end(json);
    }

    fn condition(&self, json: &mut JsonWriter, condition: &Condition) {
        json.begin_object();
        match condition {
            Condition::Equals(left, right) => self.function(json, "Fn::Equals", &[left, right]),
            Condition::Not(other) => self.conditions_of(json, "Fn::Not", &[(**other).clone()]),
            Condition::And(all) => self.conditions_of(json, "Fn::And", all),
            Condition::Or(all) => self.conditions_of(json, "Fn::Or", all),
            Condition::Is(other) => {
                json.key("Condition");
                json.string(self.layout.logical_id(other.node()));
            }
        }
        json.end_object();
    }

    fn conditions_of(&self, json: &mut JsonWriter, name: &str, conditions: &[Condition]) {
        json.key(name);
        json.begin_list();
        for condition in conditions {
            json.item();
            self.condition(json, condition);
        }
        json.end_list();
    }

    pub(crate) fn resource(&self, json: &mut JsonWriter, resource: &Resource) {
        json.begin_object();
        json.key("Type");
        json.string(resource.type_name());
        if let Some(policies) = resource.policies() {
            if let Some(condition) = policies.condition {
                json.key("Condition");
                json.string(self.layout.logical_id(condition.node()));
            }
            if !policies.depends_on.is_empty() {
                let mut ids: Vec<&str> = policies
                    .depends_on
                    .iter()
                    .map(|other| self.layout.logical_id(other.node()))
                    .collect();
                ids.sort_unstable();
                ids.dedup();
                json.key("DependsOn");
                json.begin_list();
                for id in ids {
                    json.item();
                    json.string(id);
                }
                json.end_list();
            }
            for (key, policy) in [
                ("DeletionPolicy", policies.deletion),
                ("UpdateReplacePolicy", policies.update_replace),
            ] {
                if let Some(policy) = policy {
                    json.key(key);
                    json.string(policy.name());
                }
            }
            for (key, object) in [
                ("CreationPolicy", policies.creation.as_ref()),
                ("UpdatePolicy", policies.update.as_ref()),
                ("Metadata", (!policies.metadata.is_empty()).then_some(&policies.metadata)),
            ] {
                if let Some(object) = object {
                    json.key(key);
                    json.object(object, &mut |json, intrinsic| self.intrinsic(json, intrinsic));
                }
            }
        }
        self.properties(json, resource);
        json.end_object();
    }

    fn properties(&self, json: &mut JsonWriter, resource: &Resource) {
        let tags = match resource.tag_style() {
            _ if resource.tags().is_empty() => None,
            TagStyle::None => None,
            TagStyle::List(name) | TagStyle::Propagated(name) | TagStyle::Map(name) => Some(name),
        };
        if resource.properties().is_empty() && tags.is_none() {
            return;
        }
        json.key("Properties");
        json.begin_object();
        let mut tags = tags;
        for (name, value) in resource.properties().iter() {
            if let Some(tag_property) = tags
                && tag_property < name.as_str()
            {
                self.tags(json, tag_property, resource);
                tags = None;
            }
            json.key(name);
            self.prop(json, value);
        }
        if let Some(tag_property) = tags {
            self.tags(json, tag_property, resource);
        }
        json.end_object();
    }

    fn tags(&self, json: &mut JsonWriter, property: &str, resource: &Resource) {
        json.key(property);
        let style = resource.tag_style();
        if let TagStyle::Map(_) = style {
            json.begin_object();
            for (key, value) in resource.tags() {
                json.key(key);
                self.prop(json, value);
            }
            return json.end_object();
        }
        json.begin_list();
        for (key, value) in resource.tags() {
            json.item();
            json.begin_object();
            json.key("Key");
            json.string(key);
            if let TagStyle::Propagated(_) = style {
                json.key("PropagateAtLaunch");
                json.bool(true);
            }
            json.key("Value");
            self.prop(json, value);
            json.end_object();
        }
        json.end_list();
    }

    /// Each account and region writes its value where the deployer reads it.
    fn published(&self, json: &mut JsonWriter, node: NodeId, value: &Prop) {
        json.begin_object();
        json.key("Type");
        json.string("AWS::SSM::Parameter");
        json.key("Properties");
        json.begin_object();
        json.key("Name");
        json.string(&parameter_path(self.tree, self.layout, self.template, self.tree[node].id()));
        json.key("Type");
        json.string("String");
        json.key("Value");
        self.as_text(json, value);
        json.end_object();
        json.end_object();
    }

    fn outputs(&self, json: &mut JsonWriter, members: &[NodeId]) {
        let mut section = Section::new("Outputs");
        for &node in members {
            let Kind::Output(output) = self.tree[node].kind() else { continue };
            section.entry(json, self.layout.logical_id(node));
            json.begin_object();
            if let Some(condition) = output.condition {
                json.key("Condition");
                json.string(self.layout.logical_id(condition.node()));
            }
            if let Some(text) = &output.description {
                json.key("Description");
                json.string(text);
            }
            json.key("Value");
            self.as_text(json, &output.value);
            json.end_object();
        }
        for (name, attr) in self.links.into_iter().flat_map(|links| &links.outputs) {
            section.entry(json, name);
            json.begin_object();
            json.key("Value");
            self.as_text(json, &Prop::from(Intrinsic::Attr(*attr)));
            json.end_object();
        }
        section.end(json);
    }

    /// Outputs and parameters hold text only: a list is joined with commas.
    fn as_text(&self, json: &mut JsonWriter, value: &Prop) {
        match value {
            Prop::Intrinsic(intrinsic) => match &**intrinsic {
                Intrinsic::Attr(attr) if attr.list => {
                    self.intrinsic(json, &Intrinsic::JoinList(Text::Static(","), value.clone()));
                }
                intrinsic => self.intrinsic(json, intrinsic),
            },
            value => self.prop(json, value),
        }
    }

    pub(crate) fn prop(&self, json: &mut JsonWriter, prop: &Prop) {
        json.prop(prop, &mut |json, intrinsic| self.intrinsic(json, intrinsic));
    }
}

/// A section of a template, which is written only if it has an entry.
struct Section {
    name: &'static str,
    begun: bool,
}

impl Section {
    const fn new(name: &'static str) -> Self {
        Self { name, begun: false }
    }

    fn entry(&mut self, json: &mut JsonWriter, key: &str) {
        if !self.begun {
            json.key(self.name);
            json.begin_object();
            self.begun = true;
        }
        json.key(key);
    }

    fn end(self, json: &mut JsonWriter) {
        if self.begun {
            json.end_object();
        }
    }
}

/// Where the deployer and the instances of a stack set leave values for each other.
pub(crate) fn parameter_path(tree: &Tree, layout: &Layout, set: NodeId, key: &str) -> String {
    let set = layout.deployed_path(tree, set).replace('/', "-");
    format!("/accel/{}/{set}/{key}", tree[tree.root()].id())
}
