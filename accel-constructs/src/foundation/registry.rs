use std::{collections::BTreeMap, panic::Location};

use accel_core::{Cidr, Diagnostic, Email, Text, tree::NodeId};

use super::codes::{DOMAIN_DELEGATED_TWICE, EMAIL_USED_TWICE, OVERLAPPING_NETWORKS};

type Line = &'static Location<'static>;

/// What an organization knows of what is unique in it, with the lines that said so.
#[derive(Clone, Debug, Default)]
pub(super) struct Registry {
    networks: Vec<Network>,
    /// By address, in small letters.
    emails: BTreeMap<String, (Text, Line)>,
    delegations: Vec<Delegation>,
}

/// A part of a zone that another zone answers for.
#[derive(Clone, Debug)]
pub(super) struct Delegation {
    pub(super) zone: NodeId,
    pub(super) domain: Text,
    pub(super) path: String,
    pub(super) line: Line,
}

/// A VPC that is attached to a hub.
#[derive(Clone, Debug)]
pub(super) struct Network {
    pub(super) hub: NodeId,
    /// None is reached from all.
    pub(super) segment: Option<Text>,
    pub(super) cidr: Cidr,
    pub(super) path: String,
    pub(super) line: Line,
}

impl Registry {
    /// Notes that `email` is the address of `account`; a diagnostic where it is another's already.
    pub(super) fn email(&mut self, email: &Email, account: &str, line: Line) -> Option<Diagnostic> {
        let key = email.as_str().to_lowercase();
        let Some((other, first)) = self.emails.get(&key) else {
            self.emails.insert(key, (account.into(), line));
            return None;
        };
        let message =
            format!("the account `{account}` has the address {email}, which is `{other}`'s");
        let diagnostic = Diagnostic::error(&EMAIL_USED_TWICE, message, line)
            .note(format!("`{other}` has it here"), first)
            .allowed("an address that no other account of AWS has")
            .help(format!("give it one of its own: `email.plus(\"{account}\")`"));
        Some(diagnostic)
    }

    /// Notes that a part of a zone is delegated; a diagnostic where the same part is already, or one above
    /// or below it.
    pub(super) fn delegate(&mut self, delegation: Delegation) -> Option<Diagnostic> {
        let other = self.delegations.iter().find(|other| {
            other.zone == delegation.zone
                && (other.contains(&delegation) || delegation.contains(other))
        });
        let diagnostic = other.map(|other| {
            let Delegation { domain, path, line, .. } = &delegation;
            let message = match domain == &other.domain {
                true => format!("`{path}` delegates {domain}, which `{}` does already", other.path),
                false => format!(
                    "`{path}` delegates {domain}, and `{}` delegates {}: one is part of the other",
                    other.path, other.domain
                ),
            };
            Diagnostic::error(&DOMAIN_DELEGATED_TWICE, message, line)
                .note(format!("{} is delegated here", other.domain), other.line)
                .allowed("parts of a zone that are beside each other, each delegated once")
                .help("use the zone that is there, or give this one a name of its own")
        });
        self.delegations.push(delegation);
        diagnostic
    }

    /// Notes that `network` is attached; a diagnostic where another one that it reaches has the same
    /// addresses.
    pub(super) fn connect(&mut self, network: Network) -> Option<Diagnostic> {
        let other = self.networks.iter().find(|other| {
            other.hub == network.hub && other.reaches(&network) && other.cidr.overlaps(network.cidr)
        });
        let diagnostic = other.map(|other| {
            let Network { path, cidr, line, .. } = &network;
            let message = format!(
                "`{path}` connects {cidr}, which has addresses in common with {} of `{}`",
                other.cidr, other.path
            );
            Diagnostic::error(&OVERLAPPING_NETWORKS, message, line)
                .note(format!("`{}` is connected here", other.path), other.line)
                .allowed("networks without a common address")
                .help("give each VPC the block that a `CidrPlan` has for its account and region")
        });
        self.networks.push(network);
        diagnostic
    }
}

impl Delegation {
    fn contains(&self, other: &Self) -> bool {
        let above = other.domain.strip_suffix(&*self.domain);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    }
}

impl Network {
    fn reaches(&self, other: &Self) -> bool {
        self.segment.is_none() || other.segment.is_none() || self.segment == other.segment
    }
}
