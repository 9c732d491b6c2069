//! What an update of a stack would take away from others that still use it.
//!
//! CloudFormation makes the new resource, changes what refers to it in the same stack, and deletes the old one, all in
//! one update: the stacks that were given its id move only afterwards. So the stack is first changed to an *interim*
//! template, which keeps what is in use; then those that use it move; then the *cleanup*, a node of its own, changes the
//! stack to the template that is wanted, and deletes what was replaced.

use std::collections::BTreeSet;

use accel_synth::{
    diff::{Action, ResourceDiff},
    manifest::{Stack, StackSet, Template},
};
use serde_json::Value;

use crate::template::{complete, keep_order, names_of, references};

/// The deletion of what was replaced in a stack or the stacks of a set, or is no longer in it, after all that used it has moved.
#[derive(Debug)]
pub(crate) struct Cleanup {
    /// The construct path of the stack or stack set.
    pub(crate) path: String,
    pub(crate) owner: Owner,
    /// The construct paths of those that use it.
    pub(crate) users: BTreeSet<String>,
    /// What is kept until then, in the order in which it is deleted.
    pub(crate) superseded: Vec<Superseded>,
    /// The template until then.
    pub(crate) interim: String,
    /// Parameters that only that template has.
    pub(crate) parameters: Vec<String>,
}

/// Who has a template.
#[derive(Debug)]
pub(crate) enum Owner {
    Stack(Box<Stack>),
    StackSet(Box<StackSet>),
}

/// A resource as it is deployed.
#[derive(Debug)]
pub(crate) struct Superseded {
    pub(crate) logical_id: String,
    pub(crate) construct: String,
    pub(crate) type_name: String,
    /// Whether AWS is to save what is in it first: only CloudFormation can, and not of what it no longer has.
    pub(crate) is_saved: bool,
    /// Whether nothing takes its place.
    pub(crate) is_removed: bool,
}

/// A resource that goes with an update, or with one that was begun.
#[derive(Debug)]
pub(crate) struct Going {
    pub(crate) logical_id: String,
    pub(crate) construct: String,
    pub(crate) type_name: String,
    pub(crate) used_by: Vec<String>,
    /// Whether something would be lost if it went now.
    pub(crate) is_needed: bool,
}

/// The path of the cleanup of a stack or stack set, which is that of no construct.
pub(crate) fn path_of(owner: &str) -> String {
    format!("{owner} (cleanup)")
}

impl Owner {
    pub(crate) const fn template(&self) -> &Template {
        match self {
            Self::Stack(stack) => &stack.template,
            Self::StackSet(set) => &set.template,
        }
    }

    /// Whether what it gives up stays as it is.
    pub(crate) const fn lets_go(&self) -> bool {
        matches!(self, Self::StackSet(set) if set.retain_stacks)
    }
}

impl Cleanup {
    /// What has to be kept of the resources that go with an update from `old` to `new`; none if nothing has.
    pub(crate) fn new(
        path: &str,
        owner: Owner,
        [old, new]: [&Value; 2],
        going: &[Going],
    ) -> Option<Self> {
        // `Retain` and `RetainExceptOnCreate`.
        let deleted = |it: &&Going| !it.policy([old, new]).starts_with("Retain");
        let needed = going.iter().filter(|it| it.is_needed).filter(deleted);
        let kept = with_their_own(needed.map(|it| it.logical_id.clone()).collect(), going, old);
        if kept.is_empty() {
            return None;
        }
        let kept = in_order(going.iter().filter(|it| kept.contains(&it.logical_id)), old);
        let interim = interim(&kept, [old, new])?;
        let declared = names_of(&new["Parameters"]);
        let parameters = names_of(&interim["Parameters"]).difference(&declared).cloned().collect();
        Some(Self {
            path: path.to_owned(),
            owner,
            users: kept.iter().flat_map(|it| it.used_by.iter().cloned()).collect(),
            superseded: kept
                .into_iter()
                .filter(deleted)
                .map(|it| Superseded::of(it, [old, new]))
                .collect(),
            interim: interim.to_string(),
            parameters,
        })
    }
}

impl Superseded {
    fn of(going: &Going, templates: [&Value; 2]) -> Self {
        Self {
            logical_id: going.logical_id.clone(),
            construct: going.construct.clone(),
            type_name: going.type_name.clone(),
            is_saved: going.policy(templates) == "Snapshot",
            is_removed: templates[1]["Resources"][&going.logical_id].is_null(),
        }
    }
}

impl Going {
    /// None of what stays as it is, or is changed in place.
    pub(crate) fn of(resource: &ResourceDiff, is_needed: bool) -> Option<Self> {
        matches!(resource.action, Action::MayReplace | Action::Replace | Action::Remove).then(
            || Self {
                logical_id: resource.logical_id.clone(),
                construct: resource.construct.clone(),
                type_name: resource.type_name.clone(),
                used_by: resource.used_by.clone(),
                is_needed,
            },
        )
    }

    /// What the templates say is to become of the old one.
    fn policy<'v>(&self, [old, new]: [&'v Value; 2]) -> &'v str {
        let policy = match &new["Resources"][&self.logical_id] {
            Value::Null => &old["Resources"][&self.logical_id]["DeletionPolicy"],
            replaced => &replaced["UpdateReplacePolicy"],
        };
        policy.as_str().unwrap_or_default()
    }
}

/// The resources, and all that go and refer to them or that they refer to: a subnet is of no use without its routes,
/// and cannot be without its network.
fn with_their_own(mut kept: BTreeSet<String>, going: &[Going], old: &Value) -> BTreeSet<String> {
    let refers = |one: &str, other: &str| references(&old["Resources"][one]).contains(other);
    loop {
        let more: Vec<String> = (going.iter().map(|it| &it.logical_id))
            .filter(|id| !kept.contains(*id))
            .filter(|id| kept.iter().any(|other| refers(id, other) || refers(other, id)))
            .cloned()
            .collect();
        if more.is_empty() {
            return kept;
        }
        kept.extend(more);
    }
}

/// What refers to another comes before it.
fn in_order<'a>(going: impl Iterator<Item = &'a Going>, old: &Value) -> Vec<&'a Going> {
    let mut open: Vec<_> = going.collect();
    open.sort_by(|one, other| one.logical_id.cmp(&other.logical_id));
    let mut ordered = Vec::new();
    while !open.is_empty() {
        let is_free = |it: &&Going| {
            let others = open.iter().filter(|other| other.logical_id != it.logical_id);
            !others
                .map(|other| references(&old["Resources"][&other.logical_id]))
                .any(|used| used.contains(&it.logical_id))
        };
        // A template has no circles.
        let next = open.iter().position(is_free).unwrap_or_default();
        ordered.push(open.remove(next));
    }
    ordered
}

/// The wanted template with what is kept.
fn interim(kept: &[&Going], [old, new]: [&Value; 2]) -> Option<Value> {
    let mut interim = new.clone();
    let resources = interim["Resources"].as_object_mut()?;
    for it in kept {
        let id = &it.logical_id;
        let kept = match resources.get_mut(id) {
            Some(replaced) => replaced,
            None => resources.entry(id.clone()).or_insert_with(|| old["Resources"][id].clone()),
        };
        kept.as_object_mut()?.insert("UpdateReplacePolicy".to_owned(), "Retain".into());
    }
    for it in kept {
        keep_order(&mut interim, &it.logical_id);
        // All resources that it refers to are there or kept.
        complete(&mut interim, old, &it.logical_id).ok()?;
    }
    Some(interim)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn going(id: &str, is_needed: bool) -> Going {
        Going {
            logical_id: id.to_owned(),
            construct: id.to_lowercase(),
            type_name: "AWS::EC2::Subnet".to_owned(),
            used_by: if is_needed { vec!["apps".to_owned()] } else { Vec::new() },
            is_needed,
        }
    }

    fn owner() -> Owner {
        let stack = json!({
            "name": "network", "account": "prod", "region": "eu-west-1", "template": "network.json", "constructs": {},
        });
        Owner::Stack(serde_json::from_value(stack).unwrap())
    }

    fn cleanup(old: Value, new: Value, going: &[Going]) -> Option<(Cleanup, Value)> {
        let [old, new] = [old, new].map(|resources| {
            json!({ "Parameters": resources["Parameters"], "Resources": resources["Resources"] })
        });
        let cleanup = Cleanup::new("prod/network", owner(), [&old, &new], going)?;
        let interim = serde_json::from_str(&cleanup.interim).unwrap();
        Some((cleanup, interim))
    }

    fn ids(cleanup: &Cleanup) -> Vec<&str> {
        cleanup.superseded.iter().map(|it| it.logical_id.as_str()).collect()
    }

    #[test]
    fn what_is_replaced_is_retained_with_all_that_goes_with_it() {
        let routes = json!({"Properties": {"SubnetId": {"Ref": "Subnet"}}});
        let resources = json!({"Resources": {
            "Subnet": {"Properties": {"VpcId": {"Ref": "Vpc"}}}, "Vpc": {}, "Routes": routes, "Topic": {}, "Queue": {},
        }});
        let gone = ["Subnet", "Vpc", "Routes", "Topic"].map(|id| going(id, id == "Subnet"));
        let (cleanup, interim) = cleanup(resources.clone(), resources, &gone).unwrap();
        // What refers to another is deleted before it. The topic is nobody's.
        assert_eq!(ids(&cleanup), ["Routes", "Subnet", "Vpc"]);
        assert_eq!(cleanup.users.into_iter().collect::<Vec<_>>(), ["apps"]);
        let retained = interim["Resources"].as_object().unwrap().iter();
        let retained = retained.filter(|(_, it)| it["UpdateReplacePolicy"] == "Retain");
        assert_eq!(retained.map(|(id, _)| id).collect::<Vec<_>>(), ["Routes", "Subnet", "Vpc"]);
    }

    #[test]
    fn what_is_no_longer_in_a_stack_stays_in_it_with_what_it_needs() {
        let subnet = json!({"Properties": {"CidrBlock": {"Ref": "Block"}}, "DependsOn": ["Logs"]});
        let old = json!({
            "Parameters": {"Block": {"Type": "String"}, "Other": {"Type": "String"}},
            "Resources": {"Subnet": subnet, "Logs": {}},
        });
        let new = json!({"Parameters": {}, "Resources": {"Other": {}}});
        let gone = [going("Subnet", true), going("Logs", false)];
        let (cleanup, interim) = cleanup(old, new, &gone).unwrap();
        assert_eq!(ids(&cleanup), ["Subnet"]);
        // The order that its own needed is kept by nothing any more.
        let subnet = &interim["Resources"]["Subnet"];
        assert_eq!(subnet["Properties"], json!({"CidrBlock": {"Ref": "Block"}}));
        assert_eq!(subnet["DependsOn"], Value::Null);
        assert_eq!(cleanup.parameters, ["Block"]);
        let resources = names_of(&interim["Resources"]);
        assert_eq!(resources.into_iter().collect::<Vec<_>>(), ["Other", "Subnet"]);
    }

    #[test]
    fn what_the_templates_retain_needs_nothing() {
        let retained = json!({"Resources": {"Subnet": {"UpdateReplacePolicy": "Retain"}}});
        assert!(cleanup(retained.clone(), retained, &[going("Subnet", true)]).is_none());
        let old = json!({"Resources": {"Subnet": {"DeletionPolicy": "RetainExceptOnCreate"}}});
        let new = json!({"Resources": {}});
        assert!(cleanup(old, new, &[going("Subnet", true)]).is_none());
    }

    #[test]
    fn nothing_is_kept_for_nobody() {
        let resources = json!({"Resources": {"Subnet": {}}});
        assert!(cleanup(resources.clone(), resources, &[going("Subnet", false)]).is_none());
    }
}
