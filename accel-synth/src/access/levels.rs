//! The tree of the organization, and what is attached to its root, units and accounts.

use std::collections::BTreeMap;

use accel_policy::{Level, Origin, Policy};

use super::{Access, AccessError, FULL_ACCESS, Step};

/// The step of the unit that each account and unit is in.
pub(super) fn parents(steps: &[Step]) -> BTreeMap<String, String> {
    let mut parents = BTreeMap::new();
    for step in steps {
        let Some(request) = step.call.as_ref().map(|call| &call.request) else { continue };
        let (child, parent) = match &*step.kind {
            "organizational-unit" => (Some(&*step.path), &request["ParentId"]),
            "account-unit" => (
                request["AccountId"]["$value"]["account"].as_str(),
                &request["DestinationParentId"],
            ),
            _ => continue,
        };
        let parent = &parent["$value"];
        if let (Some(child), Some("Id"), Some(parent)) =
            (child, parent["result"].as_str(), parent["step"].as_str())
        {
            parents.insert(child.to_owned(), parent.to_owned());
        }
    }
    parents
}

impl Access<'_> {
    /// The account and the units that it is in, the innermost first.
    pub(crate) fn chain(&self, account: &str) -> Vec<String> {
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
        if self.steps.is_empty() {
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
        for attached in self.attached()? {
            if attached.policy_type != policy_type {
                continue;
            }
            for level in levels.iter_mut().filter(|level| attached.targets.contains(&level.name)) {
                level.policies.push(attached.policy.clone());
            }
        }
        Ok(levels)
    }

    /// The policies of the organization that limit accounts.
    pub(crate) fn attached(&self) -> Result<&[Attached], AccessError> {
        let read = self.attached.get_or_init(|| self.read_attached());
        read.as_ref().map(Vec::as_slice).map_err(Clone::clone)
    }

    fn read_attached(&self) -> Result<Vec<Attached>, AccessError> {
        let mut all = Vec::new();
        for (path, stack) in &self.assembly.manifest().stacks {
            // Most templates have none, and reading them takes long.
            let text = self.assembly.file(&stack.template.template).unwrap_or_default();
            if !text.contains(POLICY) {
                continue;
            }
            let place = self.place(path, &stack.account, &stack.region)?;
            for (id, resource) in place.resources(POLICY) {
                let properties = &resource["Properties"];
                let kind = properties["Type"].as_str().unwrap_or_default();
                if !kind.ends_with("_CONTROL_POLICY") {
                    continue;
                }
                let name = properties["Name"].as_str().unwrap_or(id);
                let document = place.known(&properties["Content"]);
                let targets = properties["TargetIds"].as_array().into_iter().flatten();
                all.push(Attached {
                    policy_type: kind.to_owned(),
                    targets: targets.filter_map(|target| place.target(target)).collect(),
                    policy: place.policy(&document, Origin::of(name, place.construct(id)))?,
                    text: document.to_string(),
                });
            }
        }
        Ok(all)
    }
}

const POLICY: &str = "AWS::Organizations::Policy";

/// A policy of the organization that limits accounts.
#[derive(Debug)]
pub(crate) struct Attached {
    policy_type: String,
    /// The root, steps of units, names of accounts.
    pub(crate) targets: Vec<String>,
    pub(crate) policy: Policy,
    /// The document.
    pub(crate) text: String,
}
