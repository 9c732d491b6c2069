//! Seeds one defect a template.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// A template with one defect.
pub(super) struct Defect {
    /// The resource that has it.
    pub(super) logical_id: String,
    /// What was done.
    pub(super) what: String,
    /// The resource, with what it refers to.
    pub(super) template: Value,
}

/// The first `count` defects that can be seeded into the templates; always the same ones.
pub(super) fn defects(templates: &[Value], count: usize) -> Vec<Defect> {
    let resources: Vec<(&Value, &String)> = templates
        .iter()
        .flat_map(|template| {
            let resources = template.get("Resources").and_then(Value::as_object);
            resources.into_iter().flatten().map(move |(logical_id, _)| (template, logical_id))
        })
        .collect();
    let mut random = Random(2026);
    let mut defects = Vec::new();
    let mut round = 0;
    while defects.len() < count {
        let (template, logical_id) = *random.pick(&resources);
        let mut part = closure(template, logical_id);
        let mutation = MUTATIONS[round % MUTATIONS.len()];
        round += 1;
        let pointer = format!("/Resources/{logical_id}");
        let Some(resource) = part.pointer_mut(&pointer) else { continue };
        let type_name = resource.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
        if type_name.starts_with("Custom::") || !type_name.starts_with("AWS::") {
            continue;
        }
        if let Some(what) = mutation(resource, &mut random) {
            let what = format!("{type_name} {logical_id}: {what}");
            defects.push(Defect { logical_id: logical_id.clone(), what, template: part });
        }
    }
    defects
}

/// A template of one resource and all that it refers to, directly or not.
fn closure(template: &Value, logical_id: &str) -> Value {
    let all = template.get("Resources").and_then(Value::as_object);
    let empty = Map::new();
    let all = all.unwrap_or(&empty);
    let mut wanted = BTreeSet::new();
    let mut pending = vec![logical_id.to_owned()];
    while let Some(name) = pending.pop() {
        let Some(resource) = all.get(&name) else { continue };
        if !wanted.insert(name) {
            continue;
        }
        let text = resource.to_string();
        // Every way of naming a resource has its logical id in quotes or in `${}`.
        let named = all.keys().filter(|other| {
            ["\"", "${"].iter().any(|open| text.contains(&format!("{open}{other}")))
        });
        pending.extend(named.cloned());
    }
    let mut part = template.clone();
    if let Some(resources) = part.get_mut("Resources").and_then(Value::as_object_mut) {
        resources.retain(|name, _| wanted.contains(name));
    }
    if let Some(sections) = part.as_object_mut() {
        sections.remove("Outputs");
        sections.remove("Rules");
    }
    part
}

/// Changes a resource; says what it did, or nothing if the resource has no place for it.
type Mutation = fn(&mut Value, &mut Random) -> Option<String>;

const MUTATIONS: [Mutation; 14] = [
    |resource, random| {
        let (object, name) = random.property(resource)?;
        let value = object.remove(&name)?;
        let wrong = format!("{name}s");
        object.insert(wrong.clone(), value);
        Some(format!("{name} called {wrong}"))
    },
    |resource, random| {
        let (object, name) = random.property(resource)?;
        object.remove(&name)?;
        Some(format!("{name} removed"))
    },
    |resource, random| {
        let (object, name) = random.property(resource)?;
        object.insert(name.clone(), json!({ "Unexpected": "object" }));
        Some(format!("{name} is an object"))
    },
    |resource, random| {
        let (object, name) = random.property(resource)?;
        object.insert(name.clone(), json!(["unexpected", "list"]));
        Some(format!("{name} is a list"))
    },
    |resource, random| {
        let (object, name) = random.property(resource)?;
        object.insert(name.clone(), json!("unexpected text!"));
        Some(format!("{name} is text"))
    },
    |resource, random| random.replaced(resource, Value::is_string, |_| json!("#")),
    |resource, random| random.replaced(resource, Value::is_string, |_| json!("")),
    |resource, random| random.replaced(resource, Value::is_string, |_| json!("x".repeat(5_000))),
    |resource, random| random.replaced(resource, Value::is_number, |_| json!(-7)),
    |resource, random| random.replaced(resource, Value::is_number, |_| json!(9_999_999_999_i64)),
    |resource, random| random.replaced(resource, Value::is_boolean, |_| json!("perhaps")),
    |resource, random| random.replaced(resource, Value::is_array, |_| json!([])),
    |resource, random| {
        random.replaced(resource, Value::is_array, |list| {
            let items = list.as_array().cloned().unwrap_or_default();
            Value::Array([items.clone(), items].concat())
        })
    },
    |resource, _| {
        let name = resource.get("Type")?.as_str()?;
        let wrong = format!("{name}s");
        resource.as_object_mut()?.insert("Type".to_owned(), json!(wrong));
        Some(format!("the type is called {wrong}"))
    },
];

/// A generator of pseudo-random numbers (SplitMix64), the same ones on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[(self.next() % items.len() as u64) as usize]
    }

    /// Some property of the resource at any depth, by the object that has it.
    fn property<'a>(
        &mut self,
        resource: &'a mut Value,
    ) -> Option<(&'a mut Map<String, Value>, String)> {
        let pointers = places(resource.get("Properties")?, |_| true);
        let chosen = (!pointers.is_empty()).then(|| self.pick(&pointers))?;
        let (parent, name) = chosen.rsplit_once('/')?;
        let parent = resource.pointer_mut(&format!("/Properties{parent}"))?.as_object_mut()?;
        Some((parent, name.to_owned()))
    }

    /// Replaces some value of a kind.
    fn replaced(
        &mut self,
        resource: &mut Value,
        is: fn(&Value) -> bool,
        with: impl FnOnce(&Value) -> Value,
    ) -> Option<String> {
        let pointers = places(resource.get("Properties")?, is);
        let chosen = (!pointers.is_empty()).then(|| self.pick(&pointers))?;
        let value = resource.pointer_mut(&format!("/Properties{chosen}"))?;
        let new = with(value);
        let shown: String = new.to_string().chars().take(40).collect();
        let old: String = std::mem::replace(value, new).to_string().chars().take(40).collect();
        Some(format!("{chosen} is {shown} instead of {old}"))
    }
}

/// Where the named values of a tree are that are of a kind, functions and what is in them left out.
fn places(properties: &Value, is: impl Fn(&Value) -> bool + Copy) -> Vec<String> {
    fn collect(
        value: &Value,
        at: &str,
        is: impl Fn(&Value) -> bool + Copy,
        found: &mut Vec<String>,
    ) {
        match value {
            Value::Object(object) => {
                for (name, value) in object {
                    let escaped = name.contains(['/', '~']);
                    // What policy documents may say is not in the schemas of resource types.
                    let policy = name.ends_with("Document") || name.ends_with("Policy");
                    if escaped || policy || name == "Ref" || name.starts_with("Fn::") {
                        continue;
                    }
                    let at = format!("{at}/{name}");
                    if is(value) {
                        found.push(at.clone());
                    }
                    collect(value, &at, is, found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    collect(item, &format!("{at}/{index}"), is, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(properties, "", is, &mut found);
    found
}
