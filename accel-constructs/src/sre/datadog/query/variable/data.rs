use accel_core::{Object, Prop};

use super::Variable;
use crate::sre::datadog::{MonitorType, Number};

/// A measure of the quality of data: rows, freshness, values that are missing.
///
/// ```
/// use accel_constructs::sre::datadog::{DataQuality, Model, ModelType};
///
/// let rows = DataQuality::new("row_count", "search for column where `table:users`")
///     .group_by(["entity_id"])
///     .model_type(ModelType::Any)
///     .model(Model::new().auto_resolve_days(7));
/// ```
///
/// Source: <https://docs.datadoghq.com/monitors/types/data_observability/>
#[derive(Clone, Debug)]
#[must_use]
pub struct DataQuality {
    object: Object,
    options: Object,
}

impl DataQuality {
    /// `measure` (`row_count`, `freshness`, ...) of what `filter` finds.
    pub fn new(measure: &str, filter: &str) -> Self {
        let object =
            [("data_source", "data_quality_metrics"), ("measure", measure), ("filter", filter)];
        Self { object: object.into_iter().collect(), options: Object::new() }
    }

    /// One number for each value of these.
    pub fn group_by<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.object.insert("group_by", Prop::list(keys));
        self
    }

    /// The part of the data.
    pub fn scope(mut self, scope: &str) -> Self {
        self.object.insert("scope", scope);
        self
    }

    /// The version of the query's schema.
    pub fn schema_version(mut self, version: &str) -> Self {
        self.object.insert("schema_version", version);
        self
    }

    /// When it is measured, instead of when Datadog would.
    pub fn crontab(self, crontab: &str) -> Self {
        self.option("crontab_override", crontab)
    }

    /// The measure as a statement of SQL.
    pub fn custom_sql(self, sql: &str) -> Self {
        self.option("custom_sql", sql)
    }

    /// Which rows count, as a condition of SQL.
    pub fn custom_where(self, condition: &str) -> Self {
        self.option("custom_where", condition)
    }

    /// The columns that rows are grouped by.
    pub fn group_by_columns<'a>(self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.option("group_by_columns", Prop::list(columns))
    }

    /// How easily a value is an anomaly.
    pub fn sensitivity(self, sensitivity: impl Into<Number>) -> Self {
        self.option("sensitivity", sensitivity.into())
    }

    /// What kind of model expects the values.
    pub fn model_type(self, model: ModelType) -> Self {
        self.option("model_type_override", model.name())
    }

    /// How the model that expects the values works.
    pub fn model(self, model: Model) -> Self {
        self.option("model_configuration", model.object)
    }

    /// Compares two entities instead of a value with a level.
    pub fn source_to_target(self, comparison: SourceToTarget) -> Self {
        self.option("source_to_target_config", comparison.0)
    }

    fn option(mut self, key: &'static str, value: impl Into<Prop>) -> Self {
        self.options.insert(key, value);
        self
    }
}

impl From<DataQuality> for Variable {
    fn from(DataQuality { mut object, options }: DataQuality) -> Self {
        if !options.is_empty() {
            object.insert("monitor_options", options);
        }
        Self { kind: MonitorType::DataQuality, object }
    }
}

names! {
    /// What kind of model expects the values of [`DataQuality`].
    pub enum ModelType {
        /// One of freshness.
        Freshness = "freshness",
        /// One of percentages.
        Percentage = "percentage",
        /// Any.
        Any = "any",
    }
}

/// How the model of [`DataQuality`] works.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Model {
    object: Object,
}

impl Model {
    /// The model as Datadog has it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at differences instead of values.
    pub fn difference(mut self, difference: Difference) -> Self {
        self.object.insert("function", difference.name());
        self
    }

    /// The least distance of the bounds from what is expected.
    pub fn min_bounds(mut self, lower: impl Into<Number>, upper: impl Into<Number>) -> Self {
        self.object.insert("min_lower_bound_size", lower.into());
        self.object.insert("min_upper_bound_size", upper.into());
        self
    }

    /// Only one of the bounds counts.
    pub fn only(mut self, bound: BoundsOverride) -> Self {
        self.object.insert("model_bounds_override", bound.name());
        self
    }
}

setters! { Model {
    /// After how many days an anomaly counts as the new normal: 1 to 365.
    auto_resolve_days(u16) = "auto_resolve_days";
    /// Whether a value that never changes is an anomaly.
    enable_flatline_detection(bool) = "enable_flatline_detection";
} }

names! {
    /// What a [`Model`] looks at.
    pub enum Difference {
        /// The difference to the value before.
        Absolute = "DIFF",
        /// The same in percent.
        Percent = "DIFF_PERCENT",
    }
}

names! {
    /// The bound of a [`Model`] that counts.
    pub enum BoundsOverride {
        /// The upper one.
        Upper = "UPPER_ONLY",
        /// The lower one.
        Lower = "LOWER_ONLY",
    }
}

/// Two entities whose measures are compared.
#[derive(Clone, Debug)]
pub struct SourceToTarget(Object);

impl SourceToTarget {
    /// How many more `target` has than `source`.
    pub fn absolute(entity_type: &str, source: EntityMetric, target: EntityMetric) -> Self {
        Self::of("absolute", entity_type, source, target)
    }

    /// By how many percent `target` differs from `source`.
    pub fn percent(entity_type: &str, source: EntityMetric, target: EntityMetric) -> Self {
        Self::of("diff_percent", entity_type, source, target)
    }

    fn of(difference: &str, entity_type: &str, source: EntityMetric, target: EntityMetric) -> Self {
        let mut object = Object::new();
        object.insert("diff_type", difference);
        object.insert("entity_type", entity_type);
        object.insert("source", source.object);
        object.insert("target", target.object);
        Self(object)
    }
}

/// One side of [`SourceToTarget`].
#[derive(Clone, Debug)]
#[must_use]
pub struct EntityMetric {
    object: Object,
}

impl EntityMetric {
    /// The measure of this entity, which is a `table`, a `column`, ...
    pub fn new(entity_type: &str, entity_id: &str) -> Self {
        let object = [("entity_id", entity_id), ("entity_type", entity_type)];
        Self { object: object.into_iter().collect() }
    }

    /// The columns that rows are grouped by.
    pub fn group_by_columns<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.object.insert("group_by_columns", Prop::list(columns));
        self
    }
}

setters! { EntityMetric {
    /// The measure as a statement of SQL.
    custom_sql(&str) = "custom_sql";
    /// Which rows count, as a condition of SQL.
    custom_where(&str) = "custom_where";
} }

/// Runs of data jobs: `failed_runs(runs)` in a formula.
///
/// Source: <https://docs.datadoghq.com/data_jobs/>
#[derive(Clone, Debug)]
pub struct DataJobs(Object);

impl DataJobs {
    /// The runs of jobs of a type (`databricks.job`) that `query` finds, in a dialect (`metric`).
    pub fn new(job_type: &str, query: &str, dialect: &str) -> Self {
        let object = [("job_type", job_type), ("jobs_query", query), ("query_dialect", dialect)];
        Self(object.into_iter().collect())
    }
}

impl From<DataJobs> for Variable {
    fn from(DataJobs(object): DataJobs) -> Self {
        Self { kind: MonitorType::DataJobs, object }
    }
}
