//! What goes wrong on purpose, by a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use accel_deploy::{Call, CloudError};
use serde::{Deserialize, Serialize};

use crate::{by_hand::ByHand, quotas, stack_sets::Gate, stacks::Existing};

pub(crate) const FILE: &str = "faults.json";

/// How often it is looked whether the file is still there, in real time.
const LOOK: Duration = Duration::from_millis(10);

/// What goes wrong on purpose: `faults.json` beside the cloud's journal.
///
/// ```json
/// {
///   "calls": [
///     {"of": "cloudformation:CreateChangeSet", "nth": 2, "times": 3, "fault": "throttled"},
///     {"of": "mutating", "nth": 17, "fault": "kill-after"}
///   ],
///   "failures": [
///     {"account": "100000000001", "region": "eu-west-1", "of": "Queue", "reason": "Quota exceeded"}
///   ],
///   "gates": [
///     {"account": "100000000001", "region": "eu-west-1", "gate": {"failed": "Alarms are on"}},
///     {"account": "100000000002", "region": "eu-west-1", "gate": "succeeded"}
///   ],
///   "byHand": [
///     {"account": "100000000001", "region": "eu-west-1", "of": "Queue",
///      "change": {"set": {"property": "/DelaySeconds", "value": 20}}},
///     {"account": "100000000001", "region": "eu-west-1", "of": "Topic", "change": "deleted"}
///   ],
///   "listLag": 30,
///   "quotas": {"L-E619E033": 50},
///   "existing": [
///     {"account": "100000000001", "region": "eu-west-1", "type": "AWS::EC2::VPC", "identifier": {"VpcId": "vpc-0abc"}}
///   ]
/// }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Faults {
    calls: Vec<Rule>,
    failures: Vec<Failure>,
    gates: Vec<GateAt>,
    by_hand: Vec<ByHand>,
    list_lag: u64,
    existing: Vec<Existing>,
    quotas: BTreeMap<String, usize>,
    /// The file.
    #[serde(skip)]
    path: PathBuf,
    /// How many calls each rule has seen.
    #[serde(skip)]
    seen: BTreeMap<usize, u64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// `all`, `mutating`, `reads`, or a service and an action: `sts:GetCallerIdentity`.
    of: String,
    /// Which of these calls of a run, from 1.
    nth: u64,
    /// How many from there on.
    #[serde(default = "once")]
    times: u64,
    fault: Fault,
}

const fn once() -> u64 {
    1
}

/// What is wrong with the world, not with a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conditions {
    pub(crate) failures: Vec<Failure>,
    /// How many seconds the lists of operations of stack sets and of their results are behind.
    pub(crate) list_lag: u64,
    /// What is there outside of stacks.
    #[serde(default)]
    pub(crate) existing: Vec<Existing>,
    /// Of what there may be more or fewer than is given by default, by the code of the quota.
    #[serde(default)]
    pub(crate) quotas: BTreeMap<String, usize>,
    /// The account gates that there are.
    #[serde(default)]
    pub(crate) gates: Vec<GateAt>,
    /// What somebody has done to resources.
    #[serde(default)]
    pub(crate) by_hand: Vec<ByHand>,
}

/// A resource or an instance of a stack set that fails whenever it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Failure {
    pub(crate) account: String,
    pub(crate) region: String,
    /// A logical id, or the name of a stack set.
    pub(crate) of: String,
    pub(crate) reason: String,
}

/// The account gate of an account and region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateAt {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) gate: Gate,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fault {
    /// It is refused: too many calls.
    Throttled,
    /// The service fails, and does nothing.
    Unavailable,
    /// It is done, and no answer comes.
    LostReply,
    /// The credentials are no longer valid.
    Expired,
    /// Another operation runs.
    InProgress,
    /// What it was planned on has changed.
    Stale,
    /// The region is not enabled in the account, and knows none of its credentials.
    NotEnabled,
    /// It is held up until the file is removed.
    Stalled,
    /// The process dies before it is done.
    KillBefore,
    /// The process dies when it is done, before it is answered.
    KillAfter,
}

impl Faults {
    /// Those of a directory; none if it has no such file.
    pub(crate) fn read(directory: &Path) -> io::Result<Self> {
        let path = directory.join(FILE);
        let wrong = |why: String| {
            let message = format!("{} is not what it should be: {why}", path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::NotFound => Ok(Self::default()),
                    io::ErrorKind::NotADirectory => Err(error),
                    _ => Err(wrong(error.to_string())),
                };
            }
        };
        let faults: Self = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if let Some(code) = quotas::strange(&faults.quotas) {
            return Err(wrong(format!(
                "`{code}` is no quota that is simulated; there are L-E619E033 (accounts), L-0485CB21 (stacks) and \
                 L-EC62D81A (stack sets)"
            )));
        }
        Ok(Self { path, ..faults })
    }

    pub(crate) fn conditions(&self) -> Conditions {
        let (mut failures, mut gates) = (self.failures.clone(), self.gates.clone());
        failures.sort();
        gates.sort();
        let existing: BTreeSet<_> = self.existing.iter().cloned().collect();
        Conditions {
            failures,
            gates,
            by_hand: self.by_hand.clone(),
            list_lag: self.list_lag,
            existing: existing.into_iter().collect(),
            quotas: self.quotas.clone(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// What happens to this call: what the first rule says that has its turn.
    pub(crate) fn next(&mut self, call: &Call) -> Option<Fault> {
        let mut fault = None;
        for (index, rule) in self.calls.iter().enumerate() {
            if !rule.is_of(call) {
                continue;
            }
            let seen = self.seen.entry(index).or_default();
            *seen += 1;
            if (rule.nth..rule.nth.saturating_add(rule.times)).contains(seen) {
                fault = fault.or(Some(rule.fault));
            }
        }
        fault
    }
}

impl Rule {
    fn is_of(&self, call: &Call) -> bool {
        match self.of.as_str() {
            "all" => true,
            "mutating" => !call.is_read(),
            "reads" => call.is_read(),
            named => named.split_once(':') == Some((call.service.as_ref(), call.action.as_ref())),
        }
    }
}

impl Fault {
    /// Before the call reaches the world: the answer, if it does not.
    pub(crate) fn before(self, call: &Call) -> Option<CloudError> {
        let (code, message) = match self {
            Self::Throttled => ("Throttling", "Rate exceeded"),
            Self::Unavailable => ("ServiceUnavailable", "The service does not answer"),
            Self::Expired => {
                ("ExpiredToken", "The security token included in the request is expired")
            }
            Self::InProgress => {
                ("OperationInProgressException", "Another operation is in progress")
            }
            Self::Stale => ("StaleRequestException", "Another operation has been performed since"),
            Self::NotEnabled => (
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            Self::KillBefore => kill(),
            Self::Stalled | Self::LostReply | Self::KillAfter => return None,
        };
        Some(CloudError::answer(&call.service, &call.action, code, message))
    }

    /// After the call has reached the world: the answer instead of its own.
    pub(crate) fn after(self, call: &Call) -> Option<CloudError> {
        match self {
            Self::KillAfter => kill(),
            Self::LostReply => {
                let message = "the connection was closed before the answer";
                Some(CloudError::no_answer(&call.service, &call.action, message))
            }
            _ => None,
        }
    }
}

/// Returns when there is no file of that name any more. What a thread waits for keeps a paused clock from going on:
/// nothing else happens meanwhile, but a signal is heard.
pub(crate) async fn until_removed(path: &Path) {
    while path.exists() {
        let wait = tokio::task::spawn_blocking(|| std::thread::sleep(LOOK));
        // It neither panics nor is cancelled.
        wait.await.ok();
    }
}

/// Ends the process as `kill -9` does: nothing is flushed, and no destructor runs.
fn kill() -> ! {
    #[cfg(unix)]
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL).ok();
    std::process::abort()
}

#[cfg(test)]
mod tests {
    use accel_deploy::Protocol;
    use serde_json::json;

    use super::*;

    fn call(action: &'static str) -> Call {
        let protocol = Protocol::Query { version: "2010-05-15".into() };
        Call {
            service: "cloudformation".into(),
            action: action.into(),
            protocol,
            request: json!({}),
        }
    }

    #[test]
    fn a_rule_counts_the_calls_it_is_of() {
        let text = r#"{"calls": [
            {"of": "cloudformation:DeleteStack", "nth": 2, "times": 2, "fault": "throttled"},
            {"of": "reads", "nth": 1, "fault": "lost-reply"}
        ]}"#;
        let mut faults: Faults = serde_json::from_str(text).unwrap();
        let calls =
            ["DeleteStack", "DescribeStacks", "DeleteStack", "CreateChangeSet", "DeleteStack"];
        let found: Vec<_> = calls.iter().map(|action| faults.next(&call(action))).collect();
        let throttled = Some(Fault::Throttled);
        assert_eq!(found, [None, Some(Fault::LostReply), throttled, None, throttled]);
        assert_eq!(faults.next(&call("DeleteStack")), None);
    }

    #[test]
    fn a_file_that_says_something_else_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE);
        assert!(Faults::read(directory.path()).unwrap().calls.is_empty());
        for (text, says) in [
            (r#"{"calls": [{"of": "all", "nth": 1, "fault": "explode"}]}"#, "unknown variant"),
            (r#"{"call": []}"#, "unknown field `call`"),
            ("{", "EOF"),
        ] {
            fs::write(&path, text).unwrap();
            let error = Faults::read(directory.path()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            let error = error.to_string();
            assert!(error.contains(FILE) && error.contains(says), "{error}");
        }
    }
}
