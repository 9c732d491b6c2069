//! The policies in the guide are of actions that exist.

use std::fs;

use accel_policy::actions;
use serde_json::Value;

#[test]
fn the_guide_names_actions_that_exist() {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/deploy.md");
    let guide = fs::read_to_string(guide).unwrap();
    let blocks = guide.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let policies: Vec<Value> = blocks
        .map(|block| serde_json::from_str::<Value>(block).unwrap())
        .filter(|block| block["Statement"].is_array())
        .collect();
    assert_eq!(policies.len(), 3);
    for statement in policies.iter().flat_map(|policy| policy["Statement"].as_array().unwrap()) {
        let named = match &statement["Action"] {
            Value::Array(named) => named.clone(),
            one => vec![one.clone()],
        };
        for name in named {
            let name = name.as_str().unwrap();
            let (service, action) = name.split_once(':').unwrap();
            let exists = match action.strip_suffix('*') {
                Some(start) => actions::service(service).is_some_and(|service| {
                    service.actions().iter().any(|action| action.name().starts_with(start))
                }),
                None => actions::action(name).is_some(),
            };
            assert!(exists, "there is no {name}");
        }
    }
}
