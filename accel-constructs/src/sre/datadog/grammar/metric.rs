use super::{Metric, MetricReading, cursor::Cursor};

const AGGREGATORS: [&str; 5] = ["avg", "sum", "min", "max", "percentile"];
const CHANGES: [&str; 2] = ["change", "pct_change"];

pub(super) fn read(query: &str) -> Result<MetricReading, String> {
    let mut cursor = Cursor::new(query.trim());
    let mut reading = MetricReading { is_bare: true, ..MetricReading::default() };
    evaluation(&mut cursor, &mut reading)?;
    cursor.space();
    cursor.expect(":")?;
    formula(&mut cursor, &mut reading)?;
    reading.comparison = Some(cursor.comparison()?);
    if reading.metrics.is_empty() {
        return Err("no metric with a scope in braces is in it".to_owned());
    }
    Ok(reading)
}

/// `avg(last_5m)`, `change(avg(last_5m),1h_ago)`
fn evaluation(cursor: &mut Cursor<'_>, reading: &mut MetricReading) -> Result<(), String> {
    let place = cursor.place();
    let name = cursor.name();
    cursor.expect("(")?;
    cursor.space();
    if CHANGES.contains(&name) {
        reading.is_change = true;
        let inner = cursor.name();
        if !AGGREGATORS.contains(&inner) {
            return Err(format!("a change is of {}, not of `{inner}`", AGGREGATORS.join(", ")));
        }
        cursor.expect("(")?;
        reading.window = cursor.until(')')?.trim().to_owned();
        cursor.space();
        cursor.expect(",")?;
        timeshift(cursor.until(')')?.trim())
    } else if AGGREGATORS.contains(&name) {
        reading.window = cursor.until(')')?.trim().to_owned();
        Ok(())
    } else {
        let known = AGGREGATORS.into_iter().chain(CHANGES).collect::<Vec<_>>().join(", ");
        Err(format!("it begins with one of {known}, and not {place}"))
    }
}

/// `last_5m` is how the web interface writes `5m_ago`.
fn timeshift(text: &str) -> Result<(), String> {
    const ALLOWED: [&str; 8] = ["5m", "10m", "15m", "30m", "1h", "2h", "4h", "1d"];
    let span = text.strip_suffix("_ago").or_else(|| text.strip_prefix("last_"));
    match span {
        Some(span) if ALLOWED.contains(&span) => Ok(()),
        _ => Err(format!("`{text}` is none of {} before now (`5m_ago`)", ALLOWED.join(", "))),
    }
}

/// Up to the comparison that stands outside of all brackets.
fn formula(cursor: &mut Cursor<'_>, reading: &mut MetricReading) -> Result<(), String> {
    let mut depth = 0_u32;
    // The word before a bracket: a function, or a metric with its aggregator.
    let mut word = String::new();
    loop {
        match cursor.peek() {
            None => return Err("a comparison is missing at the end".to_owned()),
            Some('>' | '<' | '=' | '!') if depth == 0 => return Ok(()),
            Some('"' | '\'') => {
                cursor.quoted()?;
            }
            Some('{') => {
                cursor.next();
                let mut metric = Metric {
                    name: word.rsplit(':').next().unwrap_or_default().to_owned(),
                    scope: cursor.until('}')?.trim().to_owned(),
                    by: Vec::new(),
                };
                if metric.scope.is_empty() {
                    return Err(format!("the scope of `{}` is empty; all is `{{*}}`", metric.name));
                }
                metric.by = grouping(cursor)?;
                reading.metrics.push(metric);
                reading.is_bare &= reading.metrics.len() == 1;
                word.clear();
            }
            Some('(') => {
                cursor.next();
                depth += 1;
                if !word.is_empty() && !word.starts_with('.') {
                    reading.functions.push(std::mem::take(&mut word));
                    reading.is_bare = false;
                }
                word.clear();
            }
            Some(')') => {
                cursor.next();
                depth = depth.checked_sub(1).ok_or("a `)` has no `(`")?;
                word.clear();
            }
            Some(c) => {
                cursor.next();
                reading.is_bare &= !"+-*/".contains(c) || !word.is_empty();
                if c.is_whitespace() || "+*/,=".contains(c) {
                    word.clear();
                } else {
                    word.push(c);
                }
            }
        }
    }
}

/// ` by {host,env}`
fn grouping(cursor: &mut Cursor<'_>) -> Result<Vec<String>, String> {
    let mut ahead = cursor.clone();
    ahead.space();
    if !ahead.eat("by") {
        return Ok(Vec::new());
    }
    ahead.space();
    ahead.expect("{")?;
    let keys = ahead.until('}')?;
    let by: Vec<String> =
        keys.split(',').map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect();
    if by.is_empty() {
        return Err("the grouping `by {}` is empty".to_owned());
    }
    *cursor = ahead;
    Ok(by)
}
