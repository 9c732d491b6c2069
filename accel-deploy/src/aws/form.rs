//! Requests of the query protocols: members as form parameters, lists and structures by numbered names.

use serde_json::Value;

/// The body of a request. EC2 numbers the items of a list (`Tag.1.Key`), the other services put `member`
/// before the number (`Tags.member.1.Key`).
pub(super) fn body(action: &str, version: &str, request: &Value, is_ec2: bool) -> String {
    let mut pairs =
        vec![("Action".to_owned(), action.to_owned()), ("Version".to_owned(), version.to_owned())];
    flatten("", request, if is_ec2 { "" } else { ".member" }, &mut pairs);
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Members whose names are data. They are told as entries: `ResourceIdentifier.entry.1.key=VpcId`.
const MAPS: [&str; 1] = ["ResourceIdentifier"];

fn flatten(name: &str, value: &Value, item: &str, pairs: &mut Vec<(String, String)>) {
    let plain = match value {
        Value::Null => return,
        Value::Object(members) if MAPS.iter().any(|map| name.rsplit('.').next() == Some(map)) => {
            for (index, (key, value)) in members.iter().enumerate() {
                let entry = format!("{name}.entry.{}", index + 1);
                pairs.push((format!("{entry}.key"), key.clone()));
                flatten(&format!("{entry}.value"), value, item, pairs);
            }
            return;
        }
        Value::Object(members) => {
            for (member, value) in members {
                let name =
                    if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
                flatten(&name, value, item, pairs);
            }
            return;
        }
        // An empty list is said by its name alone: `Tags=` takes all tags away.
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&format!("{name}{item}.{}", index + 1), value, item, pairs);
            }
            return;
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    pairs.push((name.to_owned(), plain));
}

/// Percent-encoded as signatures want it: all but unreserved characters.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_structures_have_numbered_names() {
        let request = json!({
            "StackName": "a b", "Tags": [{"Key": "k", "Value": "é"}], "Regions": ["r", "s"],
            "OperationPreferences": {"RegionOrder": ["r"], "MaxConcurrentPercentage": 100},
            "RetainStacks": true, "Capabilities": [],
        });
        let body = body("CreateStackInstances", "2010-05-15", &request, false);
        let mut pairs: Vec<&str> = body.split('&').collect();
        assert_eq!(pairs[..2], ["Action=CreateStackInstances", "Version=2010-05-15"]);
        pairs.sort_unstable();
        assert_eq!(
            pairs[1..],
            [
                "Capabilities=",
                "OperationPreferences.MaxConcurrentPercentage=100",
                "OperationPreferences.RegionOrder.member.1=r",
                "Regions.member.1=r",
                "Regions.member.2=s",
                "RetainStacks=true",
                "StackName=a%20b",
                "Tags.member.1.Key=k",
                "Tags.member.1.Value=%C3%A9",
                "Version=2010-05-15",
            ]
        );
    }

    #[test]
    fn names_that_are_data_are_entries() {
        let identifier = json!({"RestApiId": "a1", "StageName": "prod"});
        let request = json!({"ResourcesToImport": [{"ResourceIdentifier": identifier}]});
        let body = body("CreateChangeSet", "2010-05-15", &request, false);
        let entry = "ResourcesToImport.member.1.ResourceIdentifier.entry";
        let wanted = format!(
            "&{entry}.1.key=RestApiId&{entry}.1.value=a1&{entry}.2.key=StageName&{entry}.2.value=prod"
        );
        assert!(body.ends_with(&wanted), "{body}");
    }

    #[test]
    fn ec2_has_no_word_for_items() {
        let request = json!({"Filter": [{"Value": ["a"]}]});
        assert!(body("D", "v", &request, true).ends_with("&Filter.1.Value.1=a"));
    }
}
