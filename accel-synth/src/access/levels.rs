//! The tree of the organization, and what is attached to its root, units and accounts.

use std::collections::BTreeMap;

use accel_policy::{Level, Origin, Policy};
use serde_json::Value;

use super::{Access, AccessError, FULL_ACCESS};

/// The step of the unit that each account and unit is in.
pub(super) fn parents(steps: &[Value]) -> BTreeMap<String, String> {
    let mut parents = BTreeMap::new();
    for step in steps {
        let request = &step["call"]["request"];
        let (child, parent) = match step["kind"].as_str() {
            Some("organizational-unit") => (&step["path"], &request["ParentId"]),
            Some("account-unit") => {
                (&request["AccountId"]["$value"]["account"], &request["DestinationParentId"])
            }
            _ => continue,
        };
        let parent = &parent["$value"];
        if let (Some(child), Some("Id"), Some(parent)) =
            (child.as_str(), parent["result"].as_str(), parent["step"].as_str())
        {
            parents.insert(child.to_owned(), parent.to_owned());
        }
    }
    parents
}

impl Access<'_> {
    /// The account and the units that it is in, the innermost first.
    pub(super) fn chain(&self, account: &str) -> Vec<String> {
        let mut chain = vec![account.to_owned()];
        while let Some(parent) = chain.last().and_then(|last| self.parents.get(last)) {
            chain.push(parent.clone());
        }
        chain
    }

    /// From the root down to the account, each with what is attached to it.
    pub(super) fn levels(
        &self,
        account: &str,
        policy_type: &str,
    ) -> Result<Vec<Level>, AccessError> {
        if !self.has_organization {
            return Ok(Vec::new());
        }
        let mut chain = self.chain(account);
        chain.push("root".to_owned());
        let full =
            if policy_type.starts_with("SERVICE") { FULL_ACCESS } else { "RCPFullAWSAccess" };
        let mut levels: Vec<_> = chain
            .into_iter()
            .rev()
            .map(|name| Level { name, policies: vec![Policy::full_access(full)] })
            .collect();
        for (path, stack) in &self.assembly.manifest().stacks {
            let place = self.place(path, &stack.account, &stack.region)?;
            for (id, resource) in place.resources("AWS::Organizations::Policy") {
                let properties = &resource["Properties"];
                if properties["Type"] != policy_type {
                    continue;
                }
                let name = properties["Name"].as_str().unwrap_or(id);
                let origin = Origin::of(name, place.construct(id));
                let policy = place.policy(&properties["Content"], origin)?;
                for target in properties["TargetIds"].as_array().into_iter().flatten() {
                    let target = place.target(target);
                    let level =
                        levels.iter_mut().find(|level| Some(&level.name) == target.as_ref());
                    if let Some(level) = level {
                        level.policies.push(policy.clone());
                    }
                }
            }
        }
        Ok(levels)
    }
}
