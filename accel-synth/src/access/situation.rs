//! Somebody, a resource, and the policies between them.

use accel_policy::{Decision, Layer, Policy, PolicySet, Principal, Request};

use super::{AccessError, FULL_ACCESS, ORGANIZATION};

/// Somebody, a resource, and the policies that are in force between them.
#[derive(Clone, Debug)]
pub struct Situation {
    /// Who asks.
    pub principal: Principal,
    /// Of which resource, as its ARN; `*` unless it is said.
    pub resource: String,
    /// What is in force.
    pub policies: PolicySet,
    /// Policies that are in force as well and whose documents nobody here knows.
    pub unread: Vec<Unread>,
    /// What was taken for granted, in words.
    pub assumed: Vec<&'static str>,
    /// The account that owns the resource, where its ARN does not say.
    pub(super) owner: Option<String>,
    /// Whether the principal, and the owner of the resource, are of the organization.
    pub(super) principal_is_ours: bool,
    pub(super) resource_is_ours: bool,
}

/// A policy whose document is not in the assembly: AWS's own, or one that exists already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Which kind of policy it is.
    pub layer: Layer,
    /// Its ARN.
    pub policy: String,
}

impl Situation {
    /// The request for an action. Its context is open: what nobody says of it is not known.
    #[must_use]
    pub fn request(&self, action: &str) -> Request {
        let mut request = Request::new(self.principal.clone(), action, &self.resource);
        if let Some(owner) = &self.owner {
            request = request.resource_account(owner);
        }
        if self.principal_is_ours {
            request = request.with("aws:PrincipalOrgID", [ORGANIZATION]);
        }
        if self.resource_is_ours {
            request = request.with("aws:ResourceOrgID", [ORGANIZATION]);
        }
        request
    }

    /// Takes `FullAWSAccess` from a level of the principal's organization, as people may: `root`, the path of
    /// a unit, or the account's name.
    ///
    /// # Errors
    /// If the account is not below such a level.
    pub fn detach_full_access(&mut self, level: &str) -> Result<(), AccessError> {
        let names: Vec<_> = self.policies.scps.iter().map(|level| level.name.clone()).collect();
        let Some(found) = self.policies.scps.iter_mut().find(|known| known.name == level) else {
            return Err(AccessError::not_there("level", level, names));
        };
        let full = Policy::full_access(FULL_ACCESS);
        found.policies.retain(|policy| *policy != full);
        Ok(())
    }

    /// The policies nobody here knows that could make another decision of this one.
    #[must_use]
    pub fn open(&self, decision: &Decision) -> Vec<&Unread> {
        let could_change = |layer: &Layer| match decision {
            Decision::Allowed(_) | Decision::Unknown(_) => true,
            Decision::ImplicitlyDenied(silent) => silent == layer,
            Decision::ExplicitlyDenied(_) => false,
        };
        // Managed policies of identities add permissions; that they take some away is rare, and no policy of
        // AWS's does. A boundary limits whatever it does not name.
        let matters = |unread: &&Unread| {
            could_change(&unread.layer)
                && (unread.layer != Layer::Identity || !decision.is_allowed())
        };
        self.unread.iter().filter(matters).collect()
    }
}
