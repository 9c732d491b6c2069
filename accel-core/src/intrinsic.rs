use std::sync::Arc;

use crate::{
    AccountRef, Environment, Prop, Region, Text,
    template::{ConditionRef, MappingRef},
    tree::NodeId,
    value::AttrSource,
};

/// What only the deployment knows. Programs make these through [`Value`](crate::Value); the enum is
/// for tools and backends that read a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Intrinsic {
    /// An attribute of a resource, a parameter or a step; of this template or of another one.
    Attr(AttrSource),
    /// The id of an account: literal, pseudo parameter or parameter, depending on the template.
    AccountId(AccountRef),
    /// What a stack set published, as it is in one account and region.
    Published(NodeId, Environment),
    /// By what a document's object is found again; see [`Scope::identity`](crate::Scope::identity).
    Identity(NodeId),
    /// A pseudo parameter.
    Pseudo(Pseudo),
    /// `Fn::Join` with its separator.
    Join(Text, Vec<Prop>),
    /// `Fn::Join` over one list-valued property.
    JoinList(Text, Prop),
    /// `Fn::Sub`: a template with `${Name}` placeholders, and what they stand for.
    Sub(Text, Vec<(Text, Prop)>),
    /// `Fn::Select`.
    Select(u32, Prop),
    /// `Fn::Split`.
    Split(Text, Prop),
    /// `Fn::If`.
    If(ConditionRef, Prop, Prop),
    /// `Fn::FindInMap` with its two keys.
    FindInMap(MappingRef, Prop, Prop),
    /// `Fn::Cidr`: block, count, host bits.
    Cidr(Prop, u32, u32),
    /// `Fn::GetAZs` of a region.
    GetAzs(Prop),
    /// `Fn::Base64`.
    Base64(Prop),
    /// `Fn::ToJsonString`, of the language extensions.
    ToJsonString(Prop),
    /// `Fn::Length`, of the language extensions.
    Length(Prop),
    /// One value per region or per account.
    Table(Arc<Table>),
    /// A secret, read where it is used.
    Secret(SecretSource),
}

impl Intrinsic {
    /// Hands every property this intrinsic is made of to `visit`, rows of tables included.
    pub fn operands<'a>(&'a self, visit: &mut impl FnMut(&'a Prop)) {
        match self {
            Self::Attr(_)
            | Self::AccountId(_)
            | Self::Published(..)
            | Self::Identity(_)
            | Self::Pseudo(_)
            | Self::Secret(_) => {}
            Self::Join(_, items) => items.iter().for_each(visit),
            Self::Sub(_, values) => values.iter().for_each(|(_, value)| visit(value)),
            Self::JoinList(_, prop)
            | Self::Select(_, prop)
            | Self::Split(_, prop)
            | Self::Cidr(prop, ..)
            | Self::GetAzs(prop)
            | Self::Base64(prop)
            | Self::ToJsonString(prop)
            | Self::Length(prop) => visit(prop),
            Self::If(_, yes, no) => {
                visit(yes);
                visit(no);
            }
            Self::FindInMap(_, first, second) => {
                visit(first);
                visit(second);
            }
            Self::Table(table) => table.rows().for_each(visit),
        }
    }
}

/// A pseudo parameter of CloudFormation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pseudo {
    /// The account the template is deployed to.
    AccountId,
    /// The region the template is deployed to.
    Region,
    /// The partition of that region: `aws`, `aws-cn`, ...
    Partition,
    /// The domain of that partition: `amazonaws.com`, ...
    UrlSuffix,
    /// The id of the stack.
    StackId,
    /// The name of the stack.
    StackName,
    /// "As if the property were not there", in a branch of a condition.
    NoValue,
}

impl Pseudo {
    /// As templates write it: `AWS::AccountId`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountId => "AWS::AccountId",
            Self::Region => "AWS::Region",
            Self::Partition => "AWS::Partition",
            Self::UrlSuffix => "AWS::URLSuffix",
            Self::StackId => "AWS::StackId",
            Self::StackName => "AWS::StackName",
            Self::NoValue => "AWS::NoValue",
        }
    }
}

/// What differs per region or account. See [`Value::by_region`](crate::Value::by_region) and
/// [`Value::by_account`](crate::Value::by_account).
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// One row per region: a mapping of a stack set's template, its row in a stack.
    ByRegion(Vec<(Region, Prop)>),
    /// One row per account: its row in a stack; in a stack set a parameter that the deployer writes
    /// into each account under `key`.
    ByAccount {
        /// Names the table; unique in a stack set.
        key: Text,
        /// The rows.
        rows: Vec<(AccountRef, Prop)>,
        /// For accounts without a row, those that join later among them.
        default: Option<Prop>,
    },
}

impl Table {
    /// Every row's value, the default included.
    pub fn rows(&self) -> impl Iterator<Item = &Prop> {
        let (regions, accounts, default) = match self {
            Self::ByRegion(rows) => (rows.as_slice(), [].as_slice(), None),
            Self::ByAccount { rows, default, .. } => {
                ([].as_slice(), rows.as_slice(), default.as_ref())
            }
        };
        let regions = regions.iter().map(|(_, value)| value);
        regions.chain(accounts.iter().map(|(_, value)| value)).chain(default)
    }

    /// The row that holds in `environment`.
    #[must_use]
    pub fn row(&self, environment: Environment) -> Option<&Prop> {
        match self {
            Self::ByRegion(rows) => {
                rows.iter().find(|(region, _)| *region == environment.region).map(|(_, row)| row)
            }
            Self::ByAccount { rows, default, .. } => rows
                .iter()
                .find(|(account, _)| *account == environment.account)
                .map(|(_, row)| row)
                .or(default.as_ref()),
        }
    }
}

/// Where a secret is read from: a dynamic reference, so that no template holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A parameter store's secure string: name and, if pinned, version.
    SecureParameter(Text, Option<u32>),
    /// A managed secret: its name or ARN and, if it is JSON, the key inside.
    ManagedSecret(Text, Option<Text>),
}
