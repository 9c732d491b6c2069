//! What a difference between two apps is, and what it looks like.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use accel_core::{AccountInfo, AccountRef, App, Prop, Region, Resource, Scope, Stack, account_id};
use accel_synth::{Assembly, synth};

mod organization;
mod templates;

const HERE: Region = Region::EU_WEST_1;

/// What an app with one account becomes.
fn assembly(build: impl FnOnce(&mut App, AccountRef)) -> Assembly {
    let mut app = App::new("test");
    let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
    let prod = app.scope().declare_account_as("prod", info);
    build(&mut app, prod);
    synth(app).unwrap()
}

/// One stack.
fn stack(build: impl FnOnce(&mut Scope<'_, Stack>)) -> Assembly {
    assembly(|app, prod| build(&mut app.open("data", Stack::new(prod.in_region(HERE)))))
}

fn resource<const N: usize>(type_name: &'static str, properties: [(&str, Prop); N]) -> Resource {
    let mut resource = Resource::new(type_name);
    for (name, value) in properties {
        resource.set(name, value);
    }
    resource
}

fn bucket(name: &str) -> Resource {
    resource("AWS::S3::Bucket", [("BucketName", name.into())])
}

fn prop(value: serde_json::Value) -> Prop {
    match value {
        serde_json::Value::Null => unreachable!("no property is null"),
        serde_json::Value::Bool(value) => value.into(),
        serde_json::Value::Number(value) => value.as_i64().unwrap().into(),
        serde_json::Value::String(value) => value.into(),
        serde_json::Value::Array(items) => Prop::list(items.into_iter().map(prop)),
        serde_json::Value::Object(entries) => {
            Prop::object(entries.into_iter().map(|(key, value)| (key, prop(value))))
        }
    }
}
