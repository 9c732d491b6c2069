use std::sync::Arc;

use super::{IntoValue, List, Value};
use crate::{
    AccountRef, Intrinsic, Prop, Region, Text,
    account_id::AccountId,
    intrinsic::{Pseudo, Table},
    template::ConditionRef,
};

/// Tables and conditions.
impl<K> Value<K> {
    /// One value per region, looked up where the template is deployed: a mapping in a stack set, its
    /// row in a stack. A region that is used and has no row is a diagnostic.
    pub fn by_region<V: IntoValue<K>>(rows: impl IntoIterator<Item = (Region, V)>) -> Self {
        let rows = rows.into_iter().map(|(region, row)| (region, row.into_value().into_prop()));
        Self::intrinsic(Intrinsic::Table(Arc::new(Table::ByRegion(rows.collect()))))
    }

    /// One value per account. In a stack it is the account's row. In a stack set it never stands in
    /// the template: the deployer writes it as a parameter named after `key` into each account, which
    /// serves accounts of unknown id and those that join later. `key` is unique in a stack set. A row that
    /// changes is another parameter, so that all instances are updated.
    pub fn by_account<V: IntoValue<K>>(
        key: impl Into<Text>,
        rows: impl IntoIterator<Item = (AccountRef, V)>,
    ) -> Self {
        let rows = rows.into_iter().map(|(account, row)| (account, row.into_value().into_prop()));
        let table = Table::ByAccount { key: key.into(), rows: rows.collect(), default: None };
        Self::intrinsic(Intrinsic::Table(Arc::new(table)))
    }

    /// [`Value::by_account`] with a value for every account that has no row.
    pub fn by_account_or<V: IntoValue<K>>(
        key: impl Into<Text>,
        rows: impl IntoIterator<Item = (AccountRef, V)>,
        default: impl IntoValue<K>,
    ) -> Self {
        let rows = rows.into_iter().map(|(account, row)| (account, row.into_value().into_prop()));
        let default = Some(default.into_value().into_prop());
        let table = Table::ByAccount { key: key.into(), rows: rows.collect(), default };
        Self::intrinsic(Intrinsic::Table(Arc::new(table)))
    }

    /// `Fn::If`: `yes` where `condition` holds, else `no`.
    pub fn if_(condition: ConditionRef, yes: impl IntoValue<K>, no: impl IntoValue<K>) -> Self {
        let (yes, no) = (yes.into_value().into_prop(), no.into_value().into_prop());
        Self::intrinsic(Intrinsic::If(condition, yes, no))
    }

    /// As if the property were not set; for a branch of [`Value::if_`].
    #[must_use]
    pub fn absent() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::NoValue))
    }

    /// `Fn::Select`: item `index` of a list, counted from 0.
    pub fn select(index: u32, list: impl IntoValue<List<K>>) -> Self {
        Self::intrinsic(Intrinsic::Select(index, list.into_value().into_prop()))
    }
}

/// Functions that make text.
impl Value<String> {
    /// The region the template is deployed to, whichever that is.
    #[must_use]
    pub fn own_region() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::Region))
    }

    /// The partition the template is deployed to: `aws`, `aws-cn`, ...
    #[must_use]
    pub fn own_partition() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::Partition))
    }

    /// The domain of the partition the template is deployed to: `amazonaws.com`, ...
    #[must_use]
    pub fn own_url_suffix() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::UrlSuffix))
    }

    /// The name of the stack the template becomes.
    #[must_use]
    pub fn own_stack_name() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::StackName))
    }

    /// The id of the stack the template becomes.
    #[must_use]
    pub fn own_stack_id() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::StackId))
    }

    /// Text put together from parts; see also [`text!`](crate::text). Literal parts that touch become
    /// one, and literal parts alone are a literal.
    #[must_use]
    pub fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut joined: Vec<Prop> = Vec::new();
        for part in parts {
            append(&mut joined, part.into_prop());
        }
        match joined.len() {
            0 => Self::from_prop(Prop::String(Text::Static(""))),
            1 => Self::from_prop(joined.remove(0)),
            _ => Self::intrinsic(Intrinsic::Join(Text::Static(""), joined)),
        }
    }

    /// `Fn::Join`: the items of a list with `separator` between them.
    pub fn join(separator: impl Into<Text>, list: impl IntoValue<List<String>>) -> Self {
        let separator = separator.into();
        Self::intrinsic(match list.into_value().into_prop() {
            Prop::List(items) => Intrinsic::Join(separator, items),
            list => Intrinsic::JoinList(separator, list),
        })
    }

    /// `Fn::Sub`: `template` with each `${Name}` replaced by the value given for `Name`. What else
    /// stands in `${..}` must be a pseudo parameter such as `${AWS::Region}`.
    pub fn sub<'a>(
        template: impl Into<Text>,
        values: impl IntoIterator<Item = (&'a str, Self)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into_prop()));
        Self::intrinsic(Intrinsic::Sub(template.into(), values.collect()))
    }

    /// `Fn::Base64`.
    pub fn base64(value: impl IntoValue<String>) -> Self {
        Self::intrinsic(Intrinsic::Base64(value.into_value().into_prop()))
    }
}

/// Functions that make lists of text.
impl Value<List<String>> {
    /// `Fn::Split`: `text` cut at each `separator`.
    pub fn split(separator: impl Into<Text>, text: impl IntoValue<String>) -> Self {
        Self::intrinsic(Intrinsic::Split(separator.into(), text.into_value().into_prop()))
    }

    /// `Fn::Cidr`: `count` blocks of `host_bits` bits inside `block`.
    pub fn cidr(block: impl IntoValue<String>, count: u32, host_bits: u32) -> Self {
        Self::intrinsic(Intrinsic::Cidr(block.into_value().into_prop(), count, host_bits))
    }

    /// `Fn::GetAZs`: the availability zones of the region the template is deployed to.
    #[must_use]
    pub fn availability_zones() -> Self {
        Self::intrinsic(Intrinsic::GetAzs(Value::own_region().into_prop()))
    }
}

impl Value<AccountId> {
    /// The account the template is deployed to, whichever that is.
    #[must_use]
    pub fn own_account() -> Self {
        Self::intrinsic(Intrinsic::Pseudo(Pseudo::AccountId))
    }
}

fn append(joined: &mut Vec<Prop>, part: Prop) {
    match (joined.last_mut(), part) {
        (_, Prop::String(text)) if text.is_empty() => {}
        (Some(Prop::String(last)), Prop::String(text)) => {
            *last = [last.as_str(), text.as_str()].concat().into();
        }
        (_, Prop::Intrinsic(intrinsic)) => match *intrinsic {
            Intrinsic::Join(separator, parts) if separator.is_empty() => {
                parts.into_iter().for_each(|part| append(joined, part));
            }
            other => joined.push(other.into()),
        },
        (_, part) => joined.push(part),
    }
}

/// Text put together from literals, references and values: a `Value<String>`.
///
/// ```
/// use accel_core::{Value, text};
///
/// let arn: Value<String> = text!["arn:", Value::own_partition(), ":s3:::", "logs"];
/// ```
#[macro_export]
macro_rules! text {
    ($($part:expr),+ $(,)?) => {
        $crate::Value::concat([$($crate::IntoValue::<String>::into_value($part)),+])
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_parts_are_one_literal() {
        let literal = Value::concat(["a".into_value(), "b".into_value(), "".into_value()]);
        assert_eq!(literal.into_prop().as_str(), Some("ab"));
    }

    #[test]
    fn concatenations_are_flat() {
        let inner: Value<String> = text!["a", Value::own_region(), "b"];
        let outer: Value<String> = text!["x", inner, "y"];
        let expected = Intrinsic::Join(
            Text::Static(""),
            vec!["xa".into(), Intrinsic::Pseudo(Pseudo::Region).into(), "by".into()],
        );
        assert_eq!(outer.into_prop(), expected.into());
    }

    #[test]
    fn a_joined_list_is_spelled_out_only_if_it_is_known() {
        let known = Value::join(",", ["a", "b"]).into_prop();
        assert!(matches!(known, Prop::Intrinsic(i) if matches!(*i, Intrinsic::Join(..))));
        let unknown = Value::join(",", Value::availability_zones()).into_prop();
        assert!(matches!(unknown, Prop::Intrinsic(i) if matches!(*i, Intrinsic::JoinList(..))));
    }
}
