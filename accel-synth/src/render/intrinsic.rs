//! What only CloudFormation can evaluate, as templates write it.

use accel_core::{AttrSource, Intrinsic, Prop, Pseudo, SecretSource, Table, tree::Kind};

use super::Renderer;
use crate::{
    documents,
    json::JsonWriter,
    links::{self, AccountIdIn},
    manifest,
};

impl Renderer<'_> {
    pub(super) fn intrinsic(&self, json: &mut JsonWriter, intrinsic: &Intrinsic) {
        match intrinsic {
            Intrinsic::Attr(attr) => return self.attr(json, *attr),
            Intrinsic::AccountId(account) => {
                match links::account_id_in(self.tree, self.template, *account) {
                    AccountIdIn::Own => self.reference(json, Pseudo::AccountId.name()),
                    AccountIdIn::Literal(id) => json.string(&id),
                    AccountIdIn::Parameter(name) => self.reference(json, &name),
                }
                return;
            }
            Intrinsic::Published(node, environment) => {
                let name =
                    links::published_parameter_name(self.tree, self.layout, *node, *environment);
                return self.reference(json, &name);
            }
            Intrinsic::Identity(node) => {
                return json.string(&documents::identity(self.tree, self.layout, *node));
            }
            Intrinsic::Pseudo(pseudo) => return self.reference(json, pseudo.name()),
            Intrinsic::Table(table) => return self.table(json, table),
            Intrinsic::Secret(source) => return json.string(&dynamic_reference(source)),
            _ => {}
        }
        json.begin_object();
        match intrinsic {
            Intrinsic::Join(separator, items) => {
                self.named_list(json, "Fn::Join", |json| {
                    json.item();
                    json.string(separator);
                    json.item();
                    json.begin_list();
                    for item in items {
                        json.item();
                        self.prop(json, item);
                    }
                    json.end_list();
                });
            }
            Intrinsic::JoinList(separator, list) => {
                self.function(json, "Fn::Join", &[&Prop::String(separator.clone()), list]);
            }
            Intrinsic::Sub(template, values) if values.is_empty() => {
                json.key("Fn::Sub");
                json.string(template);
            }
            Intrinsic::Sub(template, values) => self.named_list(json, "Fn::Sub", |json| {
                json.item();
                json.string(template);
                json.item();
                json.begin_object();
                for (name, value) in values {
                    json.key(name);
                    self.prop(json, value);
                }
                json.end_object();
            }),
            Intrinsic::Select(index, list) => {
                self.function(json, "Fn::Select", &[&Prop::from(*index), list]);
            }
            Intrinsic::Split(separator, text) => {
                self.function(json, "Fn::Split", &[&Prop::String(separator.clone()), text]);
            }
            Intrinsic::If(condition, yes, no) => {
                let condition = Prop::from(self.layout.logical_id(condition.node()));
                self.function(json, "Fn::If", &[&condition, yes, no]);
            }
            Intrinsic::FindInMap(mapping, row, column) => {
                let mapping = Prop::from(self.layout.logical_id(mapping.node()));
                self.function(json, "Fn::FindInMap", &[&mapping, row, column]);
            }
            Intrinsic::Cidr(block, count, bits) => {
                self.function(json, "Fn::Cidr", &[block, &(*count).into(), &(*bits).into()]);
            }
            Intrinsic::GetAzs(region) => self.named(json, "Fn::GetAZs", region),
            Intrinsic::Base64(text) => self.named(json, "Fn::Base64", text),
            Intrinsic::ToJsonString(value) => self.named(json, "Fn::ToJsonString", value),
            Intrinsic::Length(list) => self.named(json, "Fn::Length", list),
            // Written above, without an object around.
            Intrinsic::Attr(_)
            | Intrinsic::AccountId(_)
            | Intrinsic::Published(..)
            | Intrinsic::Identity(_)
            | Intrinsic::Pseudo(_)
            | Intrinsic::Table(_)
            | Intrinsic::Secret(_) => {}
        }
        json.end_object();
    }

    fn attr(&self, json: &mut JsonWriter, attr: AttrSource) {
        if self.layout.template(attr.node) != Some(self.template) {
            return self.reference(json, &links::parameter_name(self.tree, self.layout, attr));
        }
        let target = self.layout.logical_id(attr.node);
        match attr.name {
            None => self.reference(json, target),
            Some(name) => {
                json.begin_object();
                self.named_list(json, "Fn::GetAtt", |json| {
                    json.item();
                    json.string(target);
                    json.item();
                    json.string(name);
                });
                json.end_object();
            }
        }
    }

    fn table(&self, json: &mut JsonWriter, table: &Table) {
        match (self.tree[self.template].kind(), table) {
            (Kind::Stack(stack), table) => match table.row(stack.environment()) {
                Some(row) => self.prop(json, row),
                // Linking reported that there is none.
                None => json.null(),
            },
            (_, Table::ByRegion(_)) => {
                json.begin_object();
                self.named_list(json, "Fn::FindInMap", |json| {
                    json.item();
                    json.string(&links::mapping_name(table));
                    json.item();
                    self.reference(json, Pseudo::Region.name());
                    json.item();
                    json.string("Value");
                });
                json.end_object();
            }
            (_, Table::ByAccount { .. }) => {
                let table = manifest::by_account(self.tree, self.layout, self.template, table);
                let name = table.map(|table| table.parameter).unwrap_or_default();
                json.string(&format!("{{{{resolve:ssm:{name}}}}}"));
            }
        }
    }

    fn reference(&self, json: &mut JsonWriter, name: &str) {
        json.begin_object();
        json.key("Ref");
        json.string(name);
        json.end_object();
    }

    fn named(&self, json: &mut JsonWriter, name: &str, value: &Prop) {
        json.key(name);
        self.prop(json, value);
    }

    pub(super) fn function(&self, json: &mut JsonWriter, name: &str, arguments: &[&Prop]) {
        self.named_list(json, name, |json| {
            for argument in arguments {
                json.item();
                self.prop(json, argument);
            }
        });
    }

    fn named_list(&self, json: &mut JsonWriter, name: &str, items: impl FnOnce(&mut JsonWriter)) {
        json.key(name);
        json.begin_list();
        items(json);
        json.end_list();
    }
}

fn dynamic_reference(source: &SecretSource) -> String {
    match source {
        SecretSource::SecureParameter(name, None) => format!("{{{{resolve:ssm-secure:{name}}}}}"),
        SecretSource::SecureParameter(name, Some(version)) => {
            format!("{{{{resolve:ssm-secure:{name}:{version}}}}}")
        }
        SecretSource::ManagedSecret(name, None) => format!("{{{{resolve:secretsmanager:{name}}}}}"),
        SecretSource::ManagedSecret(name, Some(key)) => {
            format!("{{{{resolve:secretsmanager:{name}:SecretString:{key}}}}}")
        }
    }
}
