use accel_core::{Object, Prop};

use super::{Compute, Events, GroupBy, Metrics, Variable, push};
use crate::sre::datadog::MonitorType;

/// A query whose groups are joined with what another one says of them.
///
/// ```
/// use accel_constructs::sre::datadog::{
///     Aggregation, Augmented, Compute, GroupBy, Join, Metrics, ReferenceTable,
/// };
///
/// let errors = Augmented::new(
///     Metrics::new("sum:shop.errors{*} by {org_id}"),
///     ReferenceTable::new("customers").column("id").column_as("name", "customer"),
///     Join::inner("org_id", "id"),
/// )
/// .compute(Compute::of(Aggregation::Max, "errors"))
/// .group_by(GroupBy::facet("customer"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Augmented {
    kind: MonitorType,
    object: Object,
}

impl Augmented {
    /// `base`, joined with `lookup`.
    pub fn new(base: impl Into<BaseQuery>, lookup: impl Into<LookupQuery>, join: Join) -> Self {
        let BaseQuery { kind, object: base } = base.into();
        let mut object = Object::new();
        object.insert("data_source", "aggregate_augmented_query");
        object.insert("base_query", base);
        object.insert("augment_query", lookup.into().0);
        object.insert("join_condition", join.0);
        object.insert("compute", Prop::List(Vec::new()));
        object.insert("group_by", Prop::List(Vec::new()));
        Self { kind, object }
    }

    /// What is computed of the joined groups; at least one is needed.
    pub fn compute(mut self, compute: Compute) -> Self {
        push(&mut self.object, "compute", compute.object);
        self
    }

    /// What the joined groups are grouped by; one more with each call.
    pub fn group_by(mut self, group: GroupBy) -> Self {
        push(&mut self.object, "group_by", group.object);
        self
    }
}

impl From<Augmented> for Variable {
    fn from(Augmented { kind, object }: Augmented) -> Self {
        Self { kind, object }
    }
}

/// A query of which only the groups stay that another one has, or has not.
#[derive(Clone, Debug)]
#[must_use]
pub struct Filtered {
    kind: MonitorType,
    object: Object,
}

impl Filtered {
    /// Those groups of `base` whose `attribute` is among the `lookup_attribute`s of `lookup`.
    pub fn only(
        base: impl Into<BaseQuery>,
        attribute: &str,
        lookup: impl Into<LookupQuery>,
        lookup_attribute: &str,
    ) -> Self {
        Self::of(base.into(), attribute, lookup.into(), lookup_attribute, false)
    }

    /// Those groups of `base` whose `attribute` is not among the `lookup_attribute`s of `lookup`.
    pub fn without(
        base: impl Into<BaseQuery>,
        attribute: &str,
        lookup: impl Into<LookupQuery>,
        lookup_attribute: &str,
    ) -> Self {
        Self::of(base.into(), attribute, lookup.into(), lookup_attribute, true)
    }

    fn of(
        base: BaseQuery,
        attribute: &str,
        lookup: LookupQuery,
        lookup_attribute: &str,
        exclude: bool,
    ) -> Self {
        let mut filter = Object::new();
        filter.insert("base_attribute", attribute);
        filter.insert("filter_attribute", lookup_attribute);
        filter.insert("exclude", exclude);
        let mut object = Object::new();
        object.insert("data_source", "aggregate_filtered_query");
        object.insert("base_query", base.object);
        object.insert("filter_query", lookup.0);
        object.insert("filters", Prop::list([filter]));
        Self { kind: base.kind, object }
    }

    /// What is computed of the groups that stay; one more with each call.
    pub fn compute(mut self, compute: Compute) -> Self {
        push(&mut self.object, "compute", compute.object);
        self
    }

    /// What they are grouped by; one more with each call.
    pub fn group_by(mut self, group: GroupBy) -> Self {
        push(&mut self.object, "group_by", group.object);
        self
    }
}

impl From<Filtered> for Variable {
    fn from(Filtered { kind, object }: Filtered) -> Self {
        Self { kind, object }
    }
}

/// What [`Augmented`] and [`Filtered`] start from: [`Events`] or [`Metrics`].
#[derive(Clone, Debug)]
pub struct BaseQuery {
    kind: MonitorType,
    object: Object,
}

impl From<Events> for BaseQuery {
    fn from(events: Events) -> Self {
        let kind = events.kind();
        let mut object = events.into_object();
        object.insert("name", "base_query");
        Self { kind, object }
    }
}

impl From<Metrics> for BaseQuery {
    fn from(Metrics { kind, mut object }: Metrics) -> Self {
        object.insert("name", "base_query");
        Self { kind, object }
    }
}

/// What [`Augmented`] and [`Filtered`] look things up in: [`Events`] or a [`ReferenceTable`].
#[derive(Clone, Debug)]
pub struct LookupQuery(Object);

impl From<Events> for LookupQuery {
    fn from(events: Events) -> Self {
        let mut object = events.into_object();
        object.insert("name", "lookup_query");
        Self(object)
    }
}

impl From<ReferenceTable> for LookupQuery {
    fn from(ReferenceTable(mut object): ReferenceTable) -> Self {
        object.insert("name", "lookup_query");
        Self(object)
    }
}

/// A reference table.
///
/// Source: <https://docs.datadoghq.com/reference_tables/>
#[derive(Clone, Debug)]
#[must_use]
pub struct ReferenceTable(Object);

impl ReferenceTable {
    /// The table of this name.
    pub fn new(table: &str) -> Self {
        let object = [("data_source", "reference_table"), ("table_name", table)];
        Self(object.into_iter().collect())
    }

    /// Only the rows that this query finds.
    pub fn rows(mut self, query: &str) -> Self {
        self.0.insert("query_filter", query);
        self
    }

    /// With this column.
    pub fn column(mut self, column: &str) -> Self {
        push(&mut self.0, "columns", Prop::object([("name", column)]));
        self
    }

    /// With this column, under another name.
    pub fn column_as(mut self, column: &str, alias: &str) -> Self {
        push(&mut self.0, "columns", Prop::object([("name", column), ("alias", alias)]));
        self
    }
}

/// Which groups of a base query belong to which of a lookup.
#[derive(Clone, Debug)]
pub struct Join(Object);

impl Join {
    /// Those of equal attributes; groups without a partner are dropped.
    pub fn inner(base_attribute: &str, lookup_attribute: &str) -> Self {
        Self::of("inner", base_attribute, lookup_attribute)
    }

    /// Those of equal attributes; groups of the base query without a partner stay.
    pub fn left(base_attribute: &str, lookup_attribute: &str) -> Self {
        Self::of("left", base_attribute, lookup_attribute)
    }

    fn of(kind: &str, base_attribute: &str, lookup_attribute: &str) -> Self {
        let object = [
            ("join_type", kind),
            ("base_attribute", base_attribute),
            ("augment_attribute", lookup_attribute),
        ];
        Self(object.into_iter().collect())
    }
}
