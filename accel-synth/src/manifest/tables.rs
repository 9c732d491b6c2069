//! Tables by account: what the deployer writes into each account, and under which name.

use accel_core::{
    Intrinsic, Prop, Table,
    tree::{NodeId, Tree},
};

use super::{ByAccount, ValueSource, build::value_source};
use crate::{
    json::JsonWriter,
    layout::{Layout, short_digest},
    links::Source,
    ordered::IntoMap as _,
    render::parameter_path,
};

/// The rows of a table, and the parameter that holds an account's row.
///
/// The parameter's name ends in a digest of the rows. CloudFormation does not read a parameter again whose name stays: to
/// it a template of the same text is the same. With a name that changes with the rows, an instance that is current has
/// read them, and whoever looks need not ask the store. A row that is the id of an account is digested as such: the id may
/// be known only later, but it is always the same one.
pub(crate) fn by_account(
    tree: &Tree,
    layout: &Layout,
    set: NodeId,
    table: &Table,
) -> Option<ByAccount> {
    let Table::ByAccount { key, rows, default } = table else { return None };
    let name = |account: NodeId| tree.get(account).map_or("", |node| node.id()).to_owned();
    let mut table = ByAccount {
        parameter: String::new(),
        rows: rows
            .iter()
            .map(|(account, value)| (name(account.node()), row(tree, layout, value)))
            .into_map(),
        default: default.as_ref().map(|value| row(tree, layout, value)),
    };
    // Plain structs of texts always serialize.
    let content = serde_json::to_string(&table).unwrap_or_default();
    let path = parameter_path(tree, layout, set, key);
    table.parameter = format!("{path}-{}", short_digest(&content));
    Some(table)
}

/// A row, which linking allows to be a literal or an account's id.
fn row(tree: &Tree, layout: &Layout, value: &Prop) -> ValueSource {
    let text = match value {
        Prop::Intrinsic(intrinsic) => match **intrinsic {
            Intrinsic::AccountId(account) => {
                return value_source(tree, layout, &Source::AccountId(account));
            }
            _ => String::new(),
        },
        Prop::String(text) => text.to_string(),
        Prop::Bool(flag) => flag.to_string(),
        Prop::Integer(number) => number.to_string(),
        Prop::Float(number) => format!("{number:?}"),
        Prop::List(items) => items.iter().filter_map(Prop::as_str).collect::<Vec<_>>().join(","),
        Prop::Object(_) => {
            let mut json = JsonWriter::compact();
            json.prop(value, &mut |json, _| json.null());
            json.finish()
        }
    };
    ValueSource::Literal { value: text }
}
