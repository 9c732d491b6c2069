use crate::{AccountRef, Attr, Object, Region, Text, tree::NodeId};

/// Something that must hold in the organization and that CloudFormation cannot express: one row of
/// `organization/steps.json`, complete in itself, so that the deployer knows no service.
///
/// A step says what it sends, how to see whether it holds already, and how to take it back. It owns one
/// setting: two steps with the same account, region and setting are a diagnostic.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it makes, in kebab-case: `organizational-unit`, `trusted-access`, ...
    pub kind: &'static str,
    /// The account it runs in.
    pub account: AccountRef,
    /// The region it runs in.
    pub region: Region,
    /// What it owns there: `trusted-access/guardduty.amazonaws.com`.
    pub setting: Text,
    /// What it sends.
    pub call: Call,
    /// How to see whether it holds already.
    pub read: Read,
    /// How to take it back; none where that is never done.
    pub inverse: Option<Call>,
    /// What must be true beforehand, in words, beyond the steps it waits for: a quota, a subscription.
    pub prerequisites: Vec<Text>,
}

/// A request to an AWS API.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The service as its endpoint names it: `organizations`.
    pub service: &'static str,
    /// The operation: `CreateOrganizationalUnit`.
    pub action: &'static str,
    /// How it is sent.
    pub protocol: Protocol,
    /// The request's members; values may be references and account ids.
    pub request: Object,
}

/// How a request is sent. Each names what the signed request needs beyond service and action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.1: the prefix of `X-Amz-Target`.
    Json {
        /// For instance `AWSOrganizationsV20161128`.
        target: &'static str,
    },
    /// REST with JSON: method and path, in which `{Name}` is a member of the request.
    RestJson {
        /// For instance `POST`.
        method: &'static str,
        /// For instance `/admin/enable`.
        path: &'static str,
    },
    /// REST with XML: method and path, in which `{Name}` is a member of the request.
    RestXml {
        /// For instance `PUT`.
        method: &'static str,
        /// For instance `/v20180820/configuration/publicAccessBlock`.
        path: &'static str,
    },
    /// Form parameters and XML: the version of the API.
    Query {
        /// For instance `2010-05-08`.
        version: &'static str,
    },
}

/// How to see whether a step holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The request.
    pub call: Call,
    /// Where in the reply the thing is: a JSON pointer, in which `*` is "the one that matches".
    pub pointer: &'static str,
    /// Members of the thing that must have these values for the step to hold.
    pub expect: Object,
    /// What becomes known: name of the result, and the member of the thing it is read from.
    pub results: Vec<(&'static str, &'static str)>,
}

/// Names a step, to wait for it or to use what it makes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepRef(pub(crate) NodeId);

impl StepRef {
    /// The node of the tree this names.
    #[must_use]
    pub const fn node(self) -> NodeId {
        self.0
    }

    /// What the step makes known under `name`: the id of a unit, of an account.
    #[must_use]
    pub const fn result<K>(self, name: &'static str) -> Attr<K> {
        Attr::of(self.0, Some(name), false)
    }
}
