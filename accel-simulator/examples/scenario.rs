//! Plays one scenario against the simulated cloud, or against the server at `AWS_ENDPOINT_URL`, and prints what
//! each of its steps has shown as a line of JSON: `scenario FILE simulated|aws`.
//!
//! The check compares the lines. What a cloud makes up (ids, tags of objects) is shown by the name under which
//! the scenario has learned it.

use std::{collections::BTreeMap, error::Error, time::Duration};

use accel_deploy::{Aws, Call, Cloud, CloudError, Place, Protocol};
use accel_simulator::SimulatedCloud;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::sleep;

/// What is waited for comes within that many looks, or not at all.
const LOOKS: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    say: String,
    /// The account, the caller's own if there is none.
    r#in: Option<String>,
    #[serde(default = "home")]
    region: String,
    /// Service and action: `sts:GetCallerIdentity`.
    call: String,
    #[serde(default)]
    request: Value,
    /// Name to pointer into the reply.
    #[serde(default)]
    learn: BTreeMap<String, String>,
    /// Pointers into the reply; `*` is every item of a list.
    #[serde(default)]
    show: Vec<String>,
    /// Looks again until the reply says so, at a pointer; or until the `error` has this code.
    #[serde(default)]
    until: BTreeMap<String, Value>,
}

fn home() -> String {
    "us-east-1".to_owned()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, cloud] = &arguments[..] else { return Err("scenario FILE simulated|aws".into()) };
    let steps: Vec<Step> = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    if cloud == "aws" {
        let runtime = runtime.enable_all().build()?;
        runtime.block_on(async {
            let aws = Aws::from_environment().await;
            if !aws.endpoint().is_some_and(|endpoint| endpoint.starts_with("http://127.0.0.1:")) {
                return Err("AWS_ENDPOINT_URL is not a server on 127.0.0.1".into());
            }
            play(&aws, &steps, Duration::from_millis(100)).await
        })
    } else {
        let runtime = runtime.enable_time().start_paused(true).build()?;
        runtime
            .block_on(async { play(&SimulatedCloud::new(), &steps, Duration::from_secs(10)).await })
    }
}

#[expect(clippy::print_stdout, reason = "the output is what this program is for")]
async fn play(cloud: &impl Cloud, steps: &[Step], pause: Duration) -> Result<(), Box<dyn Error>> {
    let mut known = BTreeMap::new();
    for step in steps {
        let (service, action) = step.call.split_once(':').ok_or("a call is `service:Action`")?;
        let place = match &step.r#in {
            None => Place::caller(&*step.region),
            Some(account) => Place::account(filled(account, &known), &*step.region),
        };
        let request = match &step.request {
            Value::Null => json!({}),
            request => serde_json::from_str(&filled(&request.to_string(), &known))?,
        };
        let call = Call {
            service: service.to_owned().into(),
            action: action.to_owned().into(),
            protocol: protocol(service)?,
            request,
        };
        let mut reply = cloud.send(&place, call.clone()).await;
        for _ in 0..LOOKS {
            if step.until.iter().all(|(pointer, wanted)| has_come(&reply, pointer, wanted)) {
                break;
            }
            sleep(pause).await;
            reply = cloud.send(&place, call.clone()).await;
        }
        let shown = match &reply {
            Ok(reply) => {
                for (name, pointer) in &step.learn {
                    if let Some(value) = reply.pointer(pointer).and_then(Value::as_str) {
                        known.insert(name.clone(), value.to_owned());
                    }
                }
                let shown = step.show.iter().map(|pointer| json!(find(reply, pointer)));
                json!(shown.collect::<Vec<_>>())
            }
            Err(error) => {
                json!(format!("{:?} {}", error.class, error.code.trim_end_matches("Exception")))
            }
        };
        let shown = named(&shown.to_string(), &known);
        let said = reply.as_ref().err().map(|error| error.message.as_str());
        let mut shown: Value = serde_json::from_str(&shown)?;
        // AWS promises no order.
        for found in shown.as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut) {
            found.sort_by_key(Value::to_string);
        }
        println!("{}", json!({"step": step.say, "shown": shown, "said": said}));
    }
    Ok(())
}

fn has_come(reply: &Result<Value, CloudError>, pointer: &str, wanted: &Value) -> bool {
    match reply {
        Ok(reply) => reply.pointer(pointer) == Some(wanted),
        Err(error) => pointer == "error" && error.code == *wanted,
    }
}

fn protocol(service: &str) -> Result<Protocol, String> {
    Ok(match service {
        "cloudformation" => Protocol::Query { version: "2010-05-15".into() },
        "sts" => Protocol::Query { version: "2011-06-15".into() },
        "organizations" => Protocol::Json { target: "AWSOrganizationsV20161128".into() },
        "ssm" => Protocol::Json { target: "AmazonSSM".into() },
        "s3" => Protocol::RestXml {
            method: "".into(),
            path: "".into(),
            headers: BTreeMap::new(),
            namespace: "".into(),
        },
        other => return Err(format!("no protocol is known of {other}")),
    })
}

/// A text with the values of its names.
fn filled(text: &str, known: &BTreeMap<String, String>) -> String {
    known.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), &escaped(value))
    })
}

/// A text with names instead of their values.
fn named(text: &str, known: &BTreeMap<String, String>) -> String {
    known.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&escaped(value), &format!("${{{name}}}"))
    })
}

/// As it stands in a text of JSON.
fn escaped(value: &str) -> String {
    let text = Value::from(value).to_string();
    text[1..text.len() - 1].to_owned()
}

/// All that a pointer finds.
fn find(reply: &Value, pointer: &str) -> Vec<Value> {
    let mut found = vec![reply];
    for step in pointer.split('/').skip(1) {
        found = (found.into_iter())
            .flat_map(|value| match (value, step) {
                (Value::Array(items), "*") => items.iter().collect(),
                (Value::Array(items), index) => index
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index))
                    .into_iter()
                    .collect(),
                (value, name) => value.get(name).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    found.into_iter().cloned().map(plain).collect()
}

/// Replies in XML are texts; an empty list is one too, and so is one that is not there.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::String(text) if text.trim().is_empty() => json!([]),
        other => other,
    }
}
