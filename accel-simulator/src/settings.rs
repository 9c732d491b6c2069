//! What the steps of an assembly set in services that the simulation does not know by itself: it learns the
//! rows, so that what was put is what is read.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{
    template::fnv,
    world::{Refusal, Reply, World, unknown},
};

/// A setting that was put: its account, region, service and action.
type Place = (String, String, String, String);

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    pub(crate) rows: Vec<Value>,
    /// The requests that were sent.
    put: BTreeMap<Place, Vec<Value>>,
}

impl Settings {
    /// Whether a call was ever sent, anywhere.
    pub(crate) fn has(&self, service: &str, action: &str) -> bool {
        self.put.keys().any(|(_, _, of, name)| of == service && name == action)
    }
}

impl World {
    pub(crate) fn settings(
        &mut self,
        account: &str,
        region: &str,
        service: &str,
        action: &str,
        request: &Value,
    ) -> Reply {
        let is = |call: &Value| call["service"] == service && call["action"] == action;
        let Settings { rows, put } = &mut self.settings;
        if rows
            .iter()
            .any(|row| is(&row["call"]) && values_of(&row["call"]["request"], request).is_some())
        {
            let place = (account.into(), region.into(), service.into(), action.into());
            let requests: &mut Vec<Value> = put.entry(place).or_default();
            if !requests.contains(request) {
                requests.push(request.clone());
            }
            return Ok(json!({}));
        }
        let mut asked = rows.iter().filter(|row| is(&row["read"]["call"])).peekable();
        let Some(first) = asked.peek() else { return Err(unknown(action)) };
        let absent = first["read"]["absent"][0].as_str().map(str::to_owned);
        let mut reply = Value::Null;
        for row in asked {
            let call = &row["call"];
            if call.is_null() {
                // What is only looked up is there: who made it, an assembly does not say.
                let read = &row["read"];
                if let Some(values) = values_of(&read["call"]["request"], request) {
                    let setting = row["setting"].as_str().unwrap_or_default();
                    let at = [account, region, service, action, setting];
                    let found = found(row, &values, &at);
                    add(&mut reply, read["pointer"].as_str().unwrap_or_default(), found);
                }
                continue;
            }
            let place = (
                account.to_owned(),
                region.to_owned(),
                call["service"].as_str().unwrap_or_default().to_owned(),
                call["action"].as_str().unwrap_or_default().to_owned(),
            );
            for sent in put.get(&place).into_iter().flatten() {
                if let Some(values) = values_of(&call["request"], sent) {
                    let found = found(row, &values, &[account, region, service, action]);
                    let pointer = row["read"]["pointer"].as_str().unwrap_or_default();
                    add(&mut reply, pointer, found);
                }
            }
        }
        match (reply, absent) {
            // Rows make a code of ours known to the reader as theirs.
            (Value::Null, Some(code)) => Err(Refusal::new(code, "It is not set.".to_owned())),
            (Value::Null, None) => Ok(json!({})),
            (reply, _) => Ok(reply),
        }
    }
}

/// What stands for a value in a row, and what was sent in its place; none if the row is another's.
fn values_of(row: &Value, sent: &Value) -> Option<BTreeMap<String, Value>> {
    let mut values = BTreeMap::new();
    fits(row, sent, &mut values).then_some(values)
}

fn fits(row: &Value, sent: &Value, values: &mut BTreeMap<String, Value>) -> bool {
    match (row, sent) {
        (Value::Object(row), sent)
            if row.len() == 1 && row.keys().all(|it| it.starts_with('$')) =>
        {
            values.insert(Value::Object(row.clone()).to_string(), sent.clone());
            true
        }
        (Value::Object(row), Value::Object(sent)) => row
            .iter()
            .all(|(name, value)| sent.get(name).is_some_and(|sent| fits(value, sent, values))),
        (Value::Array(row), Value::Array(sent)) => {
            row.len() == sent.len()
                && row.iter().zip(sent).all(|(row, sent)| fits(row, sent, values))
        }
        // A query has texts only.
        (Value::Bool(_) | Value::Number(_), Value::String(sent)) => {
            serde_json::to_string(row).is_ok_and(|row| row == *sent)
        }
        (row, sent) => row == sent,
    }
}

/// What a row expects, with the values that were sent, and ids for what it takes as results.
fn found(row: &Value, values: &BTreeMap<String, Value>, at: &[&str]) -> Value {
    let mut found = filled(&row["read"]["expect"], values);
    if let (Value::Object(found), Some(results)) = (&mut found, row["read"]["results"].as_object())
    {
        let prefix = row["read"]["prefix"].as_str().unwrap_or_default();
        for member in results.values().filter_map(Value::as_str) {
            let id = || format!("{prefix}{:016x}", fnv(&[at, &[member]].concat()));
            found.entry(member).or_insert_with(|| id().into());
        }
    }
    found
}

fn filled(value: &Value, values: &BTreeMap<String, Value>) -> Value {
    match value {
        Value::Object(members) => values.get(&value.to_string()).cloned().unwrap_or_else(|| {
            let members = members.iter().map(|(name, it)| (name.clone(), filled(it, values)));
            Value::Object(members.collect::<Map<_, _>>())
        }),
        Value::Array(items) => items.iter().map(|item| filled(item, values)).collect(),
        other => other.clone(),
    }
}

/// Puts a value where a pointer finds it; `*` and `0` are a new item of a list.
fn add(reply: &mut Value, pointer: &str, value: Value) {
    let Some(rest) = pointer.strip_prefix('/') else {
        match (reply, value) {
            (Value::Object(there), Value::Object(more)) => there.extend(more),
            (reply, value) => *reply = value,
        }
        return;
    };
    let (step, rest) = rest.split_once('/').map_or((rest, ""), |(step, rest)| (step, rest));
    let rest = if rest.is_empty() { String::new() } else { format!("/{rest}") };
    if step == "*" || step.parse::<usize>().is_ok() {
        if !reply.is_array() {
            *reply = json!([]);
        }
        let mut item = Value::Null;
        add(&mut item, &rest, value);
        if let Value::Array(items) = reply {
            items.push(item);
        }
    } else {
        if !reply.is_object() {
            *reply = json!({});
        }
        add(&mut reply[step], &rest, value);
    }
}
