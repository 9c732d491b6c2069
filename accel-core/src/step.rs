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
    /// What it sends; none for a step that looks up what exists already, and fails where there is none.
    pub call: Option<Call>,
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
    /// REST with JSON: method and path, in which `{Name}` is a member of the request. The other
    /// members are the body; those of GET and DELETE are the query.
    RestJson {
        /// For instance `POST`.
        method: &'static str,
        /// For instance `/admin/enable`.
        path: &'static str,
    },
    /// REST with XML: method and path, in which `{Name}` is a member of the request. A member that is
    /// in neither path nor headers is the root element of the body.
    RestXml {
        /// For instance `PUT`.
        method: &'static str,
        /// For instance `/v20180820/configuration/publicAccessBlock`.
        path: &'static str,
        /// Members that are sent as headers, and the names of those: `AccountId` as
        /// `x-amz-account-id`.
        headers: &'static [(&'static str, &'static str)],
        /// Of the body's root element: `http://awss3control.amazonaws.com/doc/2018-08-20/`.
        namespace: &'static str,
    },
    /// Form parameters and XML: the version of the API.
    Query {
        /// For instance `2010-05-08`.
        version: &'static str,
    },
}

/// How to see whether a step holds: the request is sent, the thing is found in its reply, and what is
/// expected of it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The request. Replies of several pages are read to their end.
    pub call: Call,
    /// The codes of errors that mean "there is none"; any other error means that nobody knows.
    pub absent: &'static [&'static str],
    /// Where in the reply the thing is: a JSON pointer, in which `*` is the item that is as expected.
    /// A reply in XML is read as the JSON of the same names.
    pub pointer: &'static str,
    /// What the thing must be for the step to hold, member by member; a member without a name is the
    /// thing itself. Of an expected object or list every member or item must be there, in any order;
    /// there may be more.
    pub expect: Object,
    /// What becomes known: name of the result, and the member of the thing it is read from.
    pub results: Vec<(&'static str, &'static str)>,
    /// What stands before each result in the reply, and is no part of it: `/hostedzone/`.
    pub prefix: &'static str,
    /// What the call takes over from the thing as it was found: member of the request, and member of
    /// the thing. An account is moved out of the unit it is found in.
    pub found: Vec<(&'static str, &'static str)>,
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
