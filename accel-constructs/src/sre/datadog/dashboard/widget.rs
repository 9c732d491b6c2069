use accel_core::{IntoValue, Value};

use super::super::{
    Comparator, MetricQuery, MonitorRef, Number, SloRef,
    file::{Entries, nodes},
    slo::metric_query,
};

/// A part of a dashboard.
///
/// Source: <https://docs.datadoghq.com/dashboards/widgets/>
#[derive(Clone, Debug)]
#[must_use = "a widget is given to a dashboard"]
pub struct Widget(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Timeseries {
        title: Value<String>,
        queries: Vec<MetricQuery>,
        display: Display,
        marker: Option<String>,
    },
    QueryValue {
        title: Value<String>,
        query: MetricQuery,
        precision: u8,
        unit: Option<String>,
        formats: Vec<(Comparator, Number, Palette)>,
    },
    Slo {
        title: Value<String>,
        slo: SloRef,
    },
    AlertGraph {
        title: Value<String>,
        monitor: MonitorRef,
    },
    Monitors {
        title: Value<String>,
        search: Value<String>,
    },
    Note {
        content: Value<String>,
    },
    Group {
        title: Value<String>,
        widgets: Vec<Widget>,
    },
    Raw(Entries),
}

names! {
    /// How a timeseries is drawn.
    pub enum Display {
        /// Lines.
        Line = "line",
        /// Areas above each other.
        Area = "area",
        /// Bars.
        Bars = "bars",
        /// A value that should not stand out.
        Overlay = "overlay",
    }
}

names! {
    /// How a value is coloured.
    pub enum Palette {
        /// Bad.
        WhiteOnRed = "white_on_red",
        /// Not good.
        WhiteOnYellow = "white_on_yellow",
        /// Good.
        WhiteOnGreen = "white_on_green",
    }
}

impl Widget {
    /// A query over time.
    pub fn timeseries(title: impl IntoValue<String>, query: MetricQuery) -> Self {
        let (title, queries) = (title.into_value(), vec![query]);
        Self(Kind::Timeseries { title, queries, display: Display::Line, marker: None })
    }

    /// A query as one number.
    pub fn query_value(title: impl IntoValue<String>, query: MetricQuery) -> Self {
        let title = title.into_value();
        Self(Kind::QueryValue { title, query, precision: 2, unit: None, formats: Vec::new() })
    }

    /// An objective: its state and its error budget.
    pub fn slo(title: impl IntoValue<String>, slo: SloRef) -> Self {
        Self(Kind::Slo { title: title.into_value(), slo })
    }

    /// What a monitor looks at, over time, with its thresholds.
    pub fn alert_graph(title: impl IntoValue<String>, monitor: MonitorRef) -> Self {
        Self(Kind::AlertGraph { title: title.into_value(), monitor })
    }

    /// The state of the monitors that a search finds: `team:shop`.
    ///
    /// Source: <https://docs.datadoghq.com/monitors/manage/search/>
    pub fn monitors(title: impl IntoValue<String>, search: impl IntoValue<String>) -> Self {
        Self(Kind::Monitors { title: title.into_value(), search: search.into_value() })
    }

    /// Text, in Markdown.
    pub fn note(content: impl IntoValue<String>) -> Self {
        Self(Kind::Note { content: content.into_value() })
    }

    /// Widgets under one title. A group has no groups.
    pub fn group(title: impl IntoValue<String>, widgets: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::Group { title: title.into_value(), widgets: widgets.into_iter().collect() })
    }

    /// A widget of a type that this one does not have: its `type` and the other entries of its
    /// definition, by the names of the API.
    pub fn raw(
        kind: &'static str,
        entries: impl IntoIterator<Item = (&'static str, accel_core::Prop)>,
    ) -> Self {
        let entries = entries.into_iter();
        Self(Kind::Raw(
            entries.fold(Entries::default().with("type", kind), |all, (key, value)| {
                all.with(key, value)
            }),
        ))
    }

    /// One more query of a timeseries.
    pub fn and(mut self, query: MetricQuery) -> Self {
        if let Kind::Timeseries { queries, .. } = &mut self.0 {
            queries.push(query);
        }
        self
    }

    /// How a timeseries is drawn.
    pub const fn display(mut self, as_what: Display) -> Self {
        if let Kind::Timeseries { display, .. } = &mut self.0 {
            *display = as_what;
        }
        self
    }

    /// A line across a timeseries: `y = 90`.
    pub fn marker(mut self, value: &str) -> Self {
        if let Kind::Timeseries { marker, .. } = &mut self.0 {
            *marker = Some(value.to_owned());
        }
        self
    }

    /// The unit of a value, `%`.
    pub fn unit(mut self, text: &str) -> Self {
        if let Kind::QueryValue { unit, .. } = &mut self.0 {
            *unit = Some(text.to_owned());
        }
        self
    }

    /// How many decimals a value has; 2 by default.
    pub const fn precision(mut self, decimals: u8) -> Self {
        if let Kind::QueryValue { precision, .. } = &mut self.0 {
            *precision = decimals;
        }
        self
    }

    /// The colour of a value that compares so; the first that holds counts.
    pub fn coloured(
        mut self,
        comparator: Comparator,
        than: impl Into<Number>,
        palette: Palette,
    ) -> Self {
        if let Kind::QueryValue { formats, .. } = &mut self.0 {
            formats.push((comparator, than.into(), palette));
        }
        self
    }

    pub(super) fn has_nested_group(&self) -> bool {
        let Kind::Group { widgets, .. } = &self.0 else { return false };
        widgets.iter().any(|widget| matches!(widget.0, Kind::Group { .. }))
    }

    pub(super) fn node(self) -> Entries {
        Entries::default().with("definition", self.0.definition())
    }
}

impl Kind {
    fn definition(self) -> Entries {
        let titled = |kind: &'static str, title: Value<String>| {
            Entries::default().with("type", kind).with("title", title)
        };
        match self {
            Self::Timeseries { title, queries, display, marker } => {
                let request = |query: &MetricQuery| {
                    request(query, "timeseries").with("display_type", display.name())
                };
                let mut node = titled("timeseries", title)
                    .with("requests", nodes(queries.iter().map(request)));
                if let Some(value) = marker {
                    let marker = Entries::default().with("value", value);
                    node.add("markers", nodes([marker.with("display_type", "error dashed")]));
                }
                node
            }
            Self::QueryValue { title, query, precision, unit, formats } => {
                let mut request = request(&query, "scalar");
                let formats = formats.into_iter().map(|(comparator, value, palette)| {
                    Entries::default()
                        .with("comparator", equals(comparator))
                        .with("value", value)
                        .with("palette", palette.name())
                });
                let formats: Vec<_> = formats.collect();
                if !formats.is_empty() {
                    request.add("conditional_formats", nodes(formats));
                }
                let mut node = titled("query_value", title)
                    .with("requests", nodes([request]))
                    .with("precision", precision)
                    .with("autoscale", unit.is_none());
                node.some("custom_unit", unit);
                node
            }
            Self::Slo { title, slo } => titled("slo", title)
                .with("view_type", "detail")
                .with("view_mode", "overall")
                .with("slo_id", slo.id())
                .with("time_windows", nodes([slo.timeframe().name()]))
                .with("show_error_budget", true),
            Self::AlertGraph { title, monitor } => titled("alert_graph", title)
                .with("alert_id", monitor.id())
                .with("viz_type", "timeseries"),
            Self::Monitors { title, search } => titled("manage_status", title)
                .with("query", search)
                .with("summary_type", "monitors")
                .with("display_format", "countsAndList")
                .with("sort", "status,asc"),
            Self::Note { content } => Entries::default()
                .with("type", "note")
                .with("content", content)
                .with("background_color", "white")
                .with("show_tick", false),
            Self::Group { title, widgets } => titled("group", title)
                .with("layout_type", "ordered")
                .with("widgets", nodes(widgets.into_iter().map(Widget::node))),
            Self::Raw(definition) => definition,
        }
    }
}

fn request(query: &MetricQuery, format: &'static str) -> Entries {
    let (formula, queries) = query.named_from(1);
    let queries = queries.into_iter().map(|(name, query)| {
        let query = metric_query(&name, query);
        if format == "scalar" { query.with("aggregator", "avg") } else { query }
    });
    Entries::default()
        .with("response_format", format)
        .with("formulas", nodes([Entries::default().with("formula", formula)]))
        .with("queries", nodes(queries))
}

/// Dashboards say `=` where monitors say `==`, and have no `!=`.
const fn equals(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Equal | Comparator::Unequal => "=",
        other => other.symbol(),
    }
}
