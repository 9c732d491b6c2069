//! Roles and the policies that are theirs.

use accel_policy::{Layer, Origin, Policy, Principal};
use serde_json::Value;

use super::{Access, AccessError, Situation, Unread, place::Place};

/// A managed policy of AWS's whose document is known here.
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

impl Access<'_> {
    /// The role at a construct path below a stack.
    pub(super) fn role(&self, place: Place<'_>, role: &str) -> Result<Situation, AccessError> {
        let path = |id: &String| place.template.constructs.get(id);
        let mut roles = place.resources("AWS::IAM::Role").map(|(id, _)| id);
        match roles.find(|id| path(id).is_some_and(|path| path == role)) {
            Some(id) => self.found_role(place, id),
            None => {
                let paths = place.resources("AWS::IAM::Role").filter_map(|(id, _)| path(id));
                Err(AccessError::not_there("role", role, paths))
            }
        }
    }

    /// The role at a construct path below a stack, or below a stack set in each account that has an instance.
    pub(crate) fn role_in_accounts(
        &self,
        template: &str,
        role: &str,
    ) -> Result<Vec<Situation>, AccessError> {
        let manifest = self.assembly.manifest();
        let stack = manifest.stacks.get(template).map(|it| (vec![&*it.account], Some(&it.region)));
        let set = || {
            let set = manifest.stack_sets.get(template)?;
            Some((self.targets(&set.targets), set.regions.first()))
        };
        let (accounts, Some(region)) = stack.or_else(set).unwrap_or_default() else {
            return Ok(Vec::new());
        };
        let accounts = accounts.into_iter();
        accounts.map(|account| self.role(self.place(template, account, region)?, role)).collect()
    }

    /// All roles of an account, those of stack sets once a region.
    pub(super) fn roles_of<'b>(
        &'b self,
        account: &'b str,
    ) -> impl Iterator<Item = (Place<'b>, String)> {
        self.places(Some(account)).into_iter().flat_map(|place| {
            place.resources("AWS::IAM::Role").map(move |(id, _)| (place, id.clone()))
        })
    }

    /// A role of an account by its name, its logical id or its construct path.
    pub(super) fn role_named<'b>(
        &'b self,
        account: &'b str,
        role: &str,
    ) -> Option<(Place<'b>, String)> {
        let is = |place: &Place<'_>, id: &str| {
            place.role_name(id) == role || place.construct(id) == role
        };
        self.roles_of(account).find(|(place, id)| is(place, id))
    }

    /// A role by its ARN.
    pub(super) fn role_of(&self, arn: &str) -> Option<(Place<'_>, String)> {
        let account = self.account_of(arn.split(':').nth(4)?)?;
        // The ARN of a session does not have the role's path.
        let name = arn.rsplit('/').next()?;
        let mut roles = self.roles_of(account);
        roles.find(|(place, id)| {
            let own = place.arn_of(id).unwrap_or_default();
            own == arn || place.role_name(id) == name
        })
    }

    /// A role with its policies.
    pub(super) fn found_role(&self, place: Place<'_>, id: &str) -> Result<Situation, AccessError> {
        let resource = &place.json["Resources"][id];
        let properties = &resource["Properties"];
        let arn = place.arn_of(id).unwrap_or_default();
        let mut situation = self.somebody(Principal::role_session(arn, "test"))?;
        let construct = place.construct(id);
        for inline in items(&properties["Policies"]) {
            let origin = Origin::of(place.text(&inline["PolicyName"]), &construct);
            let policy = place.policy(&inline["PolicyDocument"], origin)?;
            situation.policies.identity.push(policy);
        }
        let name = place.role_name(id);
        for kind in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"] {
            for (other, resource) in place.resources(kind) {
                let properties = &resource["Properties"];
                let named = |value: &Value| !value.is_null() && place.text(value) == name;
                if items(&properties["Roles"]).iter().any(named) || named(&properties["RoleName"]) {
                    let origin = Origin::of(other, place.construct(other));
                    let policy = place.policy(&properties["PolicyDocument"], origin)?;
                    situation.policies.identity.push(policy);
                }
            }
        }
        for arn in items(&properties["ManagedPolicyArns"]) {
            match managed(place, arn)? {
                Ok(policy) => situation.policies.identity.push(policy),
                Err(policy) => situation.unread.push(Unread { layer: Layer::Identity, policy }),
            }
        }
        let boundary = &properties["PermissionsBoundary"];
        if !boundary.is_null() {
            match managed(place, boundary)? {
                Ok(policy) => situation.policies.boundary = Some(policy),
                Err(policy) => situation.unread.push(Unread { layer: Layer::Boundary, policy }),
            }
        }
        Ok(situation)
    }
}

/// The document of a managed policy of the same account, or its ARN if nobody here knows it.
fn managed(place: Place<'_>, arn: &Value) -> Result<Result<Policy, String>, AccessError> {
    let arn = place.text(arn);
    if arn == ADMINISTRATOR {
        return Ok(Ok(Policy::full_access("AdministratorAccess")));
    }
    // No stack makes those of AWS, and to look for one reads all templates of the account.
    if arn.split(':').nth(4) == Some("aws") {
        return Ok(Err(arn));
    }
    for other in place.access.places(Some(place.account)) {
        for (id, resource) in other.resources("AWS::IAM::ManagedPolicy") {
            if other.arn_of(id).as_ref() == Some(&arn) {
                let origin = Origin::of(id, other.construct(id));
                return other.policy(&resource["Properties"]["PolicyDocument"], origin).map(Ok);
            }
        }
    }
    Ok(Err(arn))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
