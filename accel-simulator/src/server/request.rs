//! Requests as they are on the wire, read back into calls.

use accel_deploy::{
    Call, Place, Protocol,
    cloud::{s3::ROUTES, typed_request},
};
use serde_json::{Map, Value, json};

use super::{http::Asked, xml};
use crate::organizations::ACCESS_ROLE;

/// What access keys of sessions begin with; the account follows.
pub(super) const SESSION: &str = "ASIASIMULATED";

/// So many digits; after them comes the name of the role.
const ACCOUNT_ID: usize = 12;

/// Who asks, in which region, and the service it is signed for.
pub(super) struct Signed {
    pub(super) place: Place,
    service: String,
}

/// The protocols that a server tells apart before it knows the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Query,
    Json,
    RestJson,
    S3,
}

impl Wire {
    pub(crate) fn of(asked: &Asked) -> Self {
        let service = scope(asked).map_or("", |(_, _, service)| service);
        if asked.headers.contains_key("x-amz-target") {
            Self::Json
        } else if asked.header("content-type").starts_with("application/x-www-form-urlencoded") {
            Self::Query
        } else if service == "s3" {
            Self::S3
        } else {
            Self::RestJson
        }
    }
}

/// The operation that is asked for: its name where the request has it, else method and path.
pub(crate) fn action(asked: &Asked) -> String {
    let named = match Wire::of(asked) {
        Wire::Query => form(&asked.text()).into_iter().find(|(name, _)| name == "Action"),
        Wire::Json => {
            let target = asked.header("x-amz-target").rsplit_once('.');
            target.map(|(prefix, action)| (prefix.to_owned(), action.to_owned()))
        }
        Wire::S3 => route(asked).map(|action| (String::new(), action.to_owned())),
        Wire::RestJson => None,
    };
    named.map_or_else(|| format!("{} {}", asked.method, asked.path()), |(_, action)| action)
}

impl Signed {
    /// From the scope of the signature, which is not verified: whoever reaches the loopback is let in.
    pub(super) fn of(asked: &Asked) -> Option<Self> {
        let (key, region, service) = scope(asked)?;
        let session = key.strip_prefix(SESSION).and_then(|it| it.split_at_checked(ACCOUNT_ID));
        let place = match session {
            Some((account, role)) => {
                let other = Some(role).filter(|role| *role != ACCESS_ROLE);
                Place::account(account, region).entered_by(other)
            }
            None => Place::caller(region),
        };
        Some(Self { place, service: service.to_owned() })
    }

    /// The call, if it is one that is known. `rows` are those of steps: they have the paths of their services.
    pub(super) fn call(self, asked: &Asked, rows: &[Value]) -> Option<Call> {
        match Wire::of(asked) {
            Wire::Query => self.query(asked),
            Wire::Json => self.json(asked),
            Wire::S3 | Wire::RestJson => self.step(asked, rows).or_else(|| s3(asked)),
        }
    }

    fn query(self, asked: &Asked) -> Option<Call> {
        let mut request = Value::Null;
        let (mut action, mut version) = (None, None);
        for (name, value) in form(&asked.text()) {
            match name.as_str() {
                "Action" => action = Some(value),
                "Version" => version = Some(value),
                _ => put(&mut request, &name, value),
            }
        }
        let (action, version) = (action?, version?);
        let request = lists(request);
        let request = typed_request(&self.service, &action, &request).unwrap_or(request);
        let protocol = Protocol::Query { version: version.into() };
        Some(Call { service: self.service.into(), action: action.into(), protocol, request })
    }

    fn json(self, asked: &Asked) -> Option<Call> {
        let (target, action) = asked.header("x-amz-target").rsplit_once('.')?;
        let target = target.to_owned().into();
        let protocol = match asked.header("content-type") {
            "application/x-amz-json-1.0" => Protocol::Json10 { target },
            _ => Protocol::Json { target },
        };
        let action = action.to_owned().into();
        let request = serde_json::from_slice(&asked.body).ok()?;
        Some(Call { service: self.service.into(), action, protocol, request })
    }

    /// A call of a step whose method and path are these.
    fn step(&self, asked: &Asked, rows: &[Value]) -> Option<Call> {
        let calls = rows.iter().flat_map(|row| [&row["call"], &row["read"]["call"]]);
        let mut found = calls.filter_map(|call| {
            let of = call["service"].as_str()?;
            if of != self.service && of.split('-').next() != Some(self.service.as_str()) {
                return None;
            }
            let protocol: Protocol = serde_json::from_value(call["protocol"].clone()).ok()?;
            let request = match &protocol {
                Protocol::RestJson { method, path } if *method == asked.method.as_str() => {
                    let mut members = in_path(path, asked.path())?;
                    members.extend(in_query(asked.query()));
                    if let Ok(Value::Object(body)) = serde_json::from_slice(&asked.body) {
                        members.extend(body);
                    }
                    members
                }
                Protocol::RestXml { method, path, headers, .. }
                    if *method == asked.method.as_str() =>
                {
                    let mut members = in_path(path, asked.path())?;
                    for (member, header) in headers {
                        members.insert(member.clone(), json!(asked.header(header)));
                    }
                    if let Some((root, value)) = xml::read(&asked.text()) {
                        members.insert(root, value);
                    }
                    members
                }
                _ => return None,
            };
            let (service, action) = (of.to_owned().into(), call["action"].as_str()?.to_owned());
            let request = Value::Object(request);
            Some(Call { service, action: action.into(), protocol, request })
        });
        found.next()
    }
}

/// The operation of S3 by method, query and depth of the path.
fn route(asked: &Asked) -> Option<&'static str> {
    let has_key =
        asked.path().trim_start_matches('/').split_once('/').is_some_and(|it| !it.1.is_empty());
    let setting = asked.query().split('=').next().unwrap_or_default();
    let path = match (has_key, setting) {
        (true, _) => "/{Bucket}/{Key+}".to_owned(),
        (false, "") => "/{Bucket}".to_owned(),
        (false, setting) => format!("/{{Bucket}}?{setting}"),
    };
    let is_it =
        |(_, method, at): &&(&str, &str, &str)| *method == asked.method.as_str() && *at == path;
    ROUTES.iter().find(is_it).map(|(action, ..)| *action)
}

fn s3(asked: &Asked) -> Option<Call> {
    let action = route(asked)?;
    let (bucket, key) = asked.path().trim_start_matches('/').split_once('/')?;
    let mut request = Map::new();
    request.insert("Bucket".to_owned(), json!(decoded(bucket, false)));
    if !key.is_empty() {
        request.insert("Key".to_owned(), json!(decoded(key, false)));
    }
    for (member, header) in
        [("IfNoneMatch", "if-none-match"), ("IfMatch", "if-match"), ("ContentType", "content-type")]
    {
        let value = asked.header(header);
        // What configures a bucket is XML, which is no member.
        if !value.is_empty() && (member != "ContentType" || value != "application/xml") {
            request.insert(member.to_owned(), json!(value));
        }
    }
    let text = asked.text();
    match action {
        "PutObject" => drop(request.insert("Body".to_owned(), json!(text))),
        "PutBucketPolicy" => drop(request.insert("Policy".to_owned(), json!(text))),
        "PutBucketEncryption" => {
            let (root, value) = xml::read(&text)?;
            let rules = match &value["Rule"] {
                Value::Array(rules) => json!(rules),
                rule => json!([rule]),
            };
            request.insert(root, json!({ "Rules": rules }));
        }
        "PutBucketVersioning" | "PutPublicAccessBlock" => {
            let (root, value) = xml::read(&text)?;
            request.insert(root, value);
        }
        _ => {}
    }
    let mut request = Value::Object(request);
    truths(&mut request["PublicAccessBlockConfiguration"]);
    if request["PublicAccessBlockConfiguration"].is_null()
        && let Value::Object(members) = &mut request
    {
        members.remove("PublicAccessBlockConfiguration");
    }
    let protocol = Protocol::RestXml {
        method: "".into(),
        path: "".into(),
        headers: [].into(),
        namespace: "http://s3.amazonaws.com/doc/2006-03-01/".into(),
    };
    Some(Call { service: "s3".into(), action: action.into(), protocol, request })
}

fn truths(value: &mut Value) {
    for member in value.as_object_mut().into_iter().flat_map(|members| members.values_mut()) {
        if let Some(is) = member.as_str().and_then(|text| text.parse::<bool>().ok()) {
            *member = Value::Bool(is);
        }
    }
}

/// Access key, region and service of a signature.
fn scope(asked: &Asked) -> Option<(&str, &str, &str)> {
    let (_, credential) = asked.header("authorization").split_once("Credential=")?;
    let mut parts = credential.split(',').next()?.split('/');
    let key = parts.next()?;
    let mut parts = parts.skip(1);
    Some((key, parts.next()?, parts.next()?))
}

fn form(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name, true), decoded(value, true))).collect()
}

fn in_query(query: &str) -> Map<String, Value> {
    form(query).into_iter().map(|(name, value)| (name, json!(value))).collect()
}

/// The members that a path has, if it is the path of this template.
fn in_path(template: &str, path: &str) -> Option<Map<String, Value>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut members = Map::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(members),
            (Some(wanted), Some(given)) => {
                match wanted.strip_prefix('{').and_then(|wanted| wanted.strip_suffix('}')) {
                    Some(member) => {
                        members.insert(member.to_owned(), json!(decoded(given, false)));
                    }
                    None if wanted == given => {}
                    None => return None,
                }
            }
            _ => return None,
        }
    }
}

/// Puts a parameter where its dotted name says; items of lists have numbers.
fn put(request: &mut Value, name: &str, value: String) {
    let at = name.split('.').filter(|step| *step != "member").fold(request, |at, step| {
        if !at.is_object() {
            *at = json!({});
        }
        &mut at[step]
    });
    *at = Value::String(value);
}

/// Members whose names are all numbers are the items of a list, and those of which each is an entry have data for names.
fn lists(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let number = |name: &String| name.parse::<usize>().ok();
            if !members.is_empty() && members.keys().all(|name| number(name).is_some()) {
                let mut items: Vec<_> =
                    members.into_iter().map(|(name, item)| (number(&name), item)).collect();
                items.sort_by_key(|(number, _)| *number);
                return items.into_iter().map(|(_, item)| lists(item)).collect();
            }
            let members: Map<String, Value> =
                members.into_iter().map(|(name, member)| (name, lists(member))).collect();
            match members.get("entry").and_then(Value::as_array) {
                Some(entries) if members.len() == 1 => entries.iter().filter_map(entry).collect(),
                _ => Value::Object(members),
            }
        }
        Value::Null => json!({}),
        plain => plain,
    }
}

/// One of the entries of a member whose names are data.
fn entry(entry: &Value) -> Option<(String, Value)> {
    Some((entry["key"].as_str()?.to_owned(), entry.get("value")?.clone()))
}

/// Percent-decoded, and with a plus for a space in forms.
fn decoded(text: &str, is_form: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        rest = match (byte, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                &after[2..]
            }
            (b'+', _) if is_form => {
                bytes.push(b' ');
                after
            }
            _ => {
                bytes.push(byte);
                after
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
