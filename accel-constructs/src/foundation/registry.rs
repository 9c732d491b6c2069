use std::{collections::BTreeMap, panic::Location};

use accel_core::{Cidr, Diagnostic, Email, Text, tree::NodeId};

use super::codes::{EMAIL_USED_TWICE, OVERLAPPING_NETWORKS};

type Line = &'static Location<'static>;

/// What an organization knows of what is unique in it, with the lines that said so.
#[derive(Clone, Debug, Default)]
pub(super) struct Registry {
    networks: Vec<Network>,
    /// By address, in small letters.
    emails: BTreeMap<String, (Text, Line)>,
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

impl Network {
    fn reaches(&self, other: &Self) -> bool {
        self.segment.is_none() || other.segment.is_none() || self.segment == other.segment
    }
}
