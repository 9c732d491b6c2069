//! What holds for every program: synthesis never panics, the order of independent constructs changes
//! nothing, and what goes into a template comes out of it.

use accel_core::{AccountInfo, App, Resource, Stack, Value, template::Condition};
use accel_synth::{diff::diff, synth};
use proptest::{prelude::*, test_runner::Config};

use self::{
    program::{Program, REGIONS, act},
    recipe::{Kitchen, recipe},
};

mod program;
mod recipe;

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn synthesis_never_panics(acts in prop::collection::vec(act(), 0..16)) {
        let build = || {
            let mut program = Program::new();
            acts.iter().cloned().for_each(|act| program.perform(act));
            synth(program.app)
        };
        match (build(), build()) {
            (Ok(first), Ok(second)) => {
                prop_assert_eq!(first.to_string(), second.to_string());
                prop_assert!(diff(&first, &second).is_empty());
                for (path, text) in first.files() {
                    prop_assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{}", path);
                }
            }
            (Err(first), Err(second)) => {
                prop_assert!(first.has_errors());
                prop_assert_eq!(first.to_string(), second.to_string());
            }
            _ => prop_assert!(false, "two runs of one program differ"),
        }
    }

    #[test]
    fn the_order_of_independent_constructs_changes_nothing(
        ids in prop::collection::btree_set("[a-z][a-z0-9-]{0,6}", 1..12),
        keys in prop::collection::vec(any::<u32>(), 12),
    ) {
        let build = |ids: &[&String]| {
            let mut app = App::new("test");
            let prod = app.scope().declare_account_as("prod", AccountInfo::default());
            for place in ["one", "two"] {
                let mut stack = app.open(place, Stack::new(prod.in_region(REGIONS[0])));
                for id in ids {
                    stack.add(id, Resource::new("AWS::SNS::Topic"));
                }
            }
            synth(app).unwrap()
        };
        let ordered: Vec<&String> = ids.iter().collect();
        let mut permuted: Vec<_> = ordered.iter().zip(&keys).collect();
        permuted.sort_by_key(|(_, key)| **key);
        let permuted: Vec<&String> = permuted.into_iter().map(|(id, _)| *id).collect();
        prop_assert_eq!(build(&ordered).to_string(), build(&permuted).to_string());
    }

    #[test]
    fn values_come_out_of_a_template_as_they_went_in(recipe in recipe()) {
        let mut app = App::new("test");
        let prod = app.scope().declare_account_as("prod", AccountInfo::default());
        let mut stack = app.open("apps", Stack::new(prod.in_region(REGIONS[0])));
        let thing = stack.add("thing", Resource::new("Custom::Other"));
        let condition = Condition::equals(Value::own_region(), "eu-west-1");
        let condition = stack.add("condition", condition);
        let user = stack.add("user", Resource::new("Custom::Thing"));
        let mut kitchen = Kitchen {
            thing,
            condition,
            thing_id: String::new(),
            condition_id: String::new(),
        };
        stack[user].set("Value", recipe.prop(&kitchen));

        let assembly = synth(app).unwrap();
        let stack = &assembly.manifest().stacks["prod/eu-west-1/apps"].template;
        let id_of = |path: &str| {
            stack.constructs.iter().find(|(_, other)| *other == path).unwrap().0.clone()
        };
        (kitchen.thing_id, kitchen.condition_id) = (id_of("thing"), id_of("condition"));
        let text = assembly.file(&stack.template).unwrap();
        let template: serde_json::Value = serde_json::from_str(text).unwrap();
        let value = &template["Resources"][id_of("user")]["Properties"]["Value"];
        prop_assert_eq!(value, &recipe.json(&kitchen));
    }
}
