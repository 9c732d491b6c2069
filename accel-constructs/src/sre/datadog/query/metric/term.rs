use accel_core::{IntoValue, Text, Value};

use crate::sre::datadog::Number;

/// A formula over metrics.
#[derive(Clone, Debug)]
pub(super) enum Term {
    Metric(Metric),
    Number(Number),
    Call { function: Text, of: Box<Self>, arguments: Vec<String> },
    Sum { operator: char, sides: Box<(Self, Self)> },
    Product { operator: char, sides: Box<(Self, Self)> },
}

/// A metric with what is said of it.
#[derive(Clone, Debug)]
pub(super) struct Metric {
    pub(super) aggregator: Text,
    pub(super) name: Text,
    pub(super) scope: Vec<Value<String>>,
    pub(super) by: Vec<Text>,
    pub(super) modifiers: String,
}

impl Term {
    pub(super) fn each(&mut self, change: &mut impl FnMut(&mut Metric)) {
        match self {
            Self::Metric(metric) => change(metric),
            Self::Number(_) => {}
            Self::Call { of, .. } => of.each(change),
            Self::Sum { sides, .. } | Self::Product { sides, .. } => {
                sides.0.each(change);
                sides.1.each(change);
            }
        }
    }

    pub(super) fn has_percentile(&self) -> bool {
        match self {
            Self::Metric(metric) => metric.aggregator.starts_with('p'),
            Self::Number(_) => false,
            Self::Call { of, .. } => of.has_percentile(),
            Self::Sum { sides, .. } | Self::Product { sides, .. } => {
                sides.0.has_percentile() || sides.1.has_percentile()
            }
        }
    }

    pub(super) fn write(&self, out: &mut Vec<Value<String>>) {
        self.write_with(out, &mut |out, metric| metric.write(out));
    }

    /// As dashboards and objectives have it: a formula over names, and the query behind each name.
    pub(super) fn named_from(&self, first: usize) -> (Value<String>, Vec<(String, Value<String>)>) {
        let (mut formula, mut queries) = (Vec::new(), Vec::new());
        self.write_with(&mut formula, &mut |out, metric| {
            let name = format!("query{}", queries.len() + first);
            push(out, name.as_str());
            let mut query = Vec::new();
            metric.write(&mut query);
            queries.push((name, Value::concat(query)));
        });
        (Value::concat(formula), queries)
    }

    fn write_with(&self, out: &mut Vec<Value<String>>, leaf: &mut Leaf<'_>) {
        match self {
            Self::Metric(metric) => leaf(out, metric),
            Self::Number(number) => push(out, number.to_string()),
            Self::Call { function, of, arguments } => {
                push(out, format!("{function}("));
                of.write_with(out, leaf);
                arguments.iter().for_each(|argument| push(out, format!(", {argument}")));
                push(out, ")");
            }
            Self::Sum { operator, sides } => {
                sides.0.write_with(out, leaf);
                push(out, format!(" {operator} "));
                sides.1.write_within(out, leaf, matches!(sides.1, Self::Sum { .. }));
            }
            Self::Product { operator, sides } => {
                sides.0.write_within(out, leaf, matches!(sides.0, Self::Sum { .. }));
                push(out, format!(" {operator} "));
                let is_formula = matches!(sides.1, Self::Sum { .. } | Self::Product { .. });
                sides.1.write_within(out, leaf, is_formula);
            }
        }
    }

    fn write_within(&self, out: &mut Vec<Value<String>>, leaf: &mut Leaf<'_>, parentheses: bool) {
        if parentheses {
            push(out, "(");
            self.write_with(out, leaf);
            push(out, ")");
        } else {
            self.write_with(out, leaf);
        }
    }
}

/// How a metric of a formula is written.
type Leaf<'a> = dyn FnMut(&mut Vec<Value<String>>, &Metric) + 'a;

impl Metric {
    fn write(&self, out: &mut Vec<Value<String>>) {
        push(out, format!("{}:{}{{", self.aggregator, self.name));
        if self.scope.is_empty() {
            push(out, "*");
        }
        for (index, tag) in self.scope.iter().enumerate() {
            push(out, if index > 0 { "," } else { "" });
            out.push(tag.clone());
        }
        push(out, "}");
        if !self.by.is_empty() {
            push(out, format!(" by {{{}}}", self.by.join(",")));
        }
        push(out, self.modifiers.as_str());
    }
}

pub(super) fn push(out: &mut Vec<Value<String>>, text: impl IntoValue<String>) {
    out.push(text.into_value());
}
