//! One thing to deploy.

use accel_synth::manifest::{Stack, StackSet, Template};
use serde::{Deserialize, Serialize};

use crate::{
    cleanup::{Cleanup, Owner},
    cloud::Place,
    step::Step,
};

/// One thing to deploy.
#[derive(Debug)]
pub struct Node {
    /// Its construct path.
    pub path: String,
    /// The paths of what comes first.
    pub after: Vec<String>,
    pub(crate) subject: Subject,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// A setting of the organization or of an account.
    Step,
    /// One template in one account and region.
    Stack,
    /// One template in many accounts and regions.
    StackSet,
}

#[derive(Debug)]
pub(crate) enum Subject {
    Step(Box<Step>),
    Stack(Box<Stack>),
    StackSet(Box<StackSet>),
    Removal(Box<Removal>),
}

/// What is to be there no longer.
#[derive(Debug)]
pub(crate) enum Removal {
    Stack {
        /// Unknown if nobody knows the account's id.
        place: Option<Place>,
        stack: Stack,
    },
    StackSet(StackSet),
    /// Of what a stack or stack set has no more that stays itself.
    Cleanup(Cleanup),
}

impl Removal {
    /// The stack that it is, or is in.
    fn stack(&self) -> Option<&Stack> {
        match self {
            Self::Stack { stack, .. } => Some(stack),
            Self::StackSet(_) => None,
            Self::Cleanup(cleanup) => match &cleanup.owner {
                Owner::Stack(stack) => Some(stack),
                Owner::StackSet(_) => None,
            },
        }
    }
}

impl Subject {
    pub(crate) const fn template(&self) -> Option<&Template> {
        match self {
            Self::Step(_) | Self::Removal(_) => None,
            Self::Stack(stack) => Some(&stack.template),
            Self::StackSet(set) => Some(&set.template),
        }
    }
}

impl Node {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> NodeKind {
        match &self.subject {
            Subject::Step(_) => NodeKind::Step,
            Subject::Stack(_) => NodeKind::Stack,
            Subject::StackSet(_) => NodeKind::StackSet,
            Subject::Removal(removal) => match removal.stack() {
                Some(_) => NodeKind::Stack,
                None => NodeKind::StackSet,
            },
        }
    }

    /// Whether it is to be deleted: it is no longer in the app.
    #[must_use]
    pub const fn is_removal(&self) -> bool {
        matches!(self.subject, Subject::Removal(_))
    }

    pub(crate) fn cleanup(&self) -> Option<&Cleanup> {
        match &self.subject {
            Subject::Removal(removal) => match &**removal {
                Removal::Cleanup(cleanup) => Some(cleanup),
                Removal::Stack { .. } | Removal::StackSet(_) => None,
            },
            _ => None,
        }
    }

    /// The path of the unit that a stack set begins with.
    #[must_use]
    pub fn canary(&self) -> Option<&str> {
        match &self.subject {
            Subject::StackSet(set) => set.canary_unit(),
            _ => None,
        }
    }

    /// The name of its account, if it is in one.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.subject {
            Subject::Step(step) => Some(&step.account),
            Subject::Stack(stack) => Some(&stack.account),
            Subject::StackSet(_) => None,
            Subject::Removal(removal) => Some(&removal.stack()?.account),
        }
    }

    /// Its region, if it is in one.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        match &self.subject {
            Subject::Step(step) => Some(&step.region),
            Subject::Stack(stack) => Some(&stack.region),
            Subject::StackSet(_) => None,
            Subject::Removal(removal) => Some(&removal.stack()?.region),
        }
    }
}
