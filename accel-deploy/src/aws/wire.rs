//! A call as the HTTP request that its protocol makes of it.

use serde_json::{Map, Value};

use super::{form, s3, xml};
use crate::cloud::{Call, Protocol};

/// An HTTP request, not signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// With scheme and without path: `https://sts.eu-west-1.amazonaws.com`.
    pub(super) endpoint: String,
    /// With the query, encoded.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) scope: Scope,
}

/// What a signature is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// `s3`, also for S3 Control.
    pub(super) service: String,
    pub(super) region: String,
}

/// Where a call goes: the account's id, the region, and the one server that stands in for all services.
pub(super) struct Target<'a> {
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    pub(super) endpoint: Option<&'a str>,
}

impl Target<'_> {
    /// Services without regions are signed for the one they are in.
    fn scope(&self, service: &str) -> Scope {
        let region = match service {
            "account" | "iam" | "organizations" | "route53" => "us-east-1",
            _ => self.region,
        };
        let service = if service == "s3-control" { "s3" } else { service };
        Scope { service: service.to_owned(), region: region.to_owned() }
    }

    fn endpoint(&self, service: &str) -> String {
        let Self { account, region, endpoint } = *self;
        match (endpoint, service) {
            (Some(endpoint), _) => endpoint.trim_end_matches('/').to_owned(),
            (None, "iam" | "route53") => format!("https://{service}.amazonaws.com"),
            (None, "account" | "organizations") => {
                format!("https://{service}.us-east-1.amazonaws.com")
            }
            (None, "s3-control") => {
                format!("https://{account}.s3-control.{region}.amazonaws.com")
            }
            (None, service) => format!("https://{service}.{region}.amazonaws.com"),
        }
    }
}

/// The request of a call.
pub(super) fn request(target: &Target<'_>, call: &Call) -> Request {
    if call.service == "s3" {
        return s3::request(target, call);
    }
    let request = |method: &str, path: String, headers: Vec<(String, String)>, body| Request {
        method: method.to_owned(),
        endpoint: target.endpoint(&call.service),
        path,
        headers,
        body,
        scope: target.scope(&call.service),
    };
    let json = |kind: &str, target: &str| {
        let target = ("x-amz-target".to_owned(), format!("{target}.{}", call.action));
        let headers = vec![content_type(kind), target];
        request("POST", "/".to_owned(), headers, call.request.to_string())
    };
    match &call.protocol {
        Protocol::Query { version } => {
            let body = form::body(&call.action, version, &call.request, call.service == "ec2");
            let form = "application/x-www-form-urlencoded; charset=utf-8";
            request("POST", "/".to_owned(), vec![content_type(form)], body)
        }
        Protocol::Json { target } => json("application/x-amz-json-1.1", target),
        Protocol::Json10 { target } => json("application/x-amz-json-1.0", target),
        Protocol::RestJson { method, path } => {
            let (path, rest) = filled(path, &call.request);
            if matches!(method.as_ref(), "GET" | "DELETE") {
                return request(method, with_query(path, &rest), Vec::new(), String::new());
            }
            let body = Value::Object(rest).to_string();
            request(method, path, vec![content_type("application/json")], body)
        }
        Protocol::RestXml { method, path, headers: names, namespace } => {
            let (path, mut rest) = filled(path, &call.request);
            let mut headers = Vec::new();
            for (member, header) in names {
                if let Some(value) = rest.remove(member) {
                    headers.push((header.clone(), plain(&value)));
                }
            }
            if matches!(method.as_ref(), "GET" | "DELETE") {
                return request(method, with_query(path, &rest), headers, String::new());
            }
            let body = rest.iter().map(|(name, value)| xml::element(name, value, Some(namespace)));
            let body: String = body.collect();
            if !body.is_empty() {
                headers.push(content_type("application/xml"));
            }
            request(method, path, headers, body)
        }
    }
}

/// A path with its members in it, and the members that are not.
fn filled(path: &str, request: &Value) -> (String, Map<String, Value>) {
    let mut rest = request.as_object().cloned().unwrap_or_default();
    let mut filled = String::new();
    for (index, part) in path.split(['{', '}']).enumerate() {
        match index % 2 {
            0 => filled.push_str(part),
            _ => {
                let value = rest.remove(part).unwrap_or_default();
                filled.push_str(&form::encoded(&plain(&value)));
            }
        }
    }
    (filled, rest)
}

fn with_query(path: String, members: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    for (name, value) in members {
        let one =
            |value: &Value| format!("{}={}", form::encoded(name), form::encoded(&plain(value)));
        match value {
            Value::Array(items) => pairs.extend(items.iter().map(one)),
            value => pairs.push(one(value)),
        }
    }
    if pairs.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

/// A text as it is, any other value as JSON writes it.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn content_type(value: &str) -> (String, String) {
    ("content-type".to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TARGET: Target<'_> =
        Target { account: "111111111111", region: "eu-west-1", endpoint: None };

    fn call(service: &'static str, protocol: Protocol, request: Value) -> Call {
        Call { service: service.into(), action: "Do".into(), protocol, request }
    }

    #[test]
    fn global_services_are_signed_for_their_region() {
        let json = || Protocol::Json { target: "T".into() };
        let of = |service| request(&TARGET, &call(service, json(), json!({})));
        let organizations = of("organizations");
        assert_eq!(organizations.endpoint, "https://organizations.us-east-1.amazonaws.com");
        assert_eq!(organizations.scope.region, "us-east-1");
        assert_eq!(of("iam").endpoint, "https://iam.amazonaws.com");
        assert_eq!(of("route53").endpoint, "https://route53.amazonaws.com");
        assert_eq!(of("route53").scope.region, "us-east-1");
        assert_eq!(of("ssm").endpoint, "https://ssm.eu-west-1.amazonaws.com");
        assert_eq!(of("ssm").scope.region, "eu-west-1");
        assert!(of("ssm").headers.contains(&("x-amz-target".to_owned(), "T.Do".to_owned())));
    }

    #[test]
    fn one_server_stands_in_for_all() {
        let target = Target { endpoint: Some("http://127.0.0.1:5000/"), ..TARGET };
        let sent =
            request(&target, &call("iam", Protocol::Query { version: "v".into() }, json!({})));
        assert_eq!((sent.endpoint.as_str(), sent.path.as_str()), ("http://127.0.0.1:5000", "/"));
        assert_eq!(sent.body, "Action=Do&Version=v");
    }

    #[test]
    fn members_are_in_path_query_or_body() {
        let protocol = |method| Protocol::RestJson { method, path: "/members/{id}/x".into() };
        let members = json!({"id": "a/b", "maxResults": 5, "names": ["n", "m"]});
        let get = request(&TARGET, &call("macie2", protocol("GET".into()), members.clone()));
        assert_eq!(get.path, "/members/a%2Fb/x?maxResults=5&names=n&names=m");
        assert_eq!(get.body, "");
        let post = request(&TARGET, &call("macie2", protocol("POST".into()), members));
        assert_eq!(post.path, "/members/a%2Fb/x");
        assert_eq!(post.body, r#"{"maxResults":5,"names":["n","m"]}"#);
    }

    #[test]
    fn a_read_in_xml_has_its_members_in_the_query() {
        let protocol = Protocol::RestXml {
            method: "GET".into(),
            path: "/2013-04-01/hostedzonesbyname".into(),
            headers: [].into(),
            namespace: "https://route53.amazonaws.com/doc/2013-04-01/".into(),
        };
        let get = request(&TARGET, &call("route53", protocol, json!({"dnsname": "example.com"})));
        assert_eq!(get.path, "/2013-04-01/hostedzonesbyname?dnsname=example.com");
        assert_eq!((get.body.as_str(), get.headers), ("", vec![]));
    }

    #[test]
    fn the_account_of_s3_control_is_in_its_host_and_header() {
        let protocol = Protocol::RestXml {
            method: "PUT".into(),
            path: "/v20180820/configuration/publicAccessBlock".into(),
            headers: [("AccountId".to_owned(), "x-amz-account-id".to_owned())].into(),
            namespace: "http://awss3control.amazonaws.com/doc/2018-08-20/".into(),
        };
        let block = json!({"BlockPublicAcls": true});
        let members = json!({"AccountId": "111111111111", "PublicAccessBlockConfiguration": block});
        let put = request(&TARGET, &call("s3-control", protocol, members));
        assert_eq!(put.endpoint, "https://111111111111.s3-control.eu-west-1.amazonaws.com");
        assert_eq!(put.scope.service, "s3");
        assert_eq!(put.headers[0], ("x-amz-account-id".to_owned(), "111111111111".to_owned()));
        assert_eq!(
            put.body,
            "<PublicAccessBlockConfiguration xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\">\
             <BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
        );
    }
}
