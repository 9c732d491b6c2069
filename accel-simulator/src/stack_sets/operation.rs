//! One operation of a stack set: in which order instances have their turn, when it goes wrong, how it is stopped.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use accel_deploy::cloud::cloudformation::{DeploymentTargets, OperationPreferences};

use super::{Gate, Spot, definition::Update};
use crate::world::Refusal;

/// How long the stack of one instance takes.
const INSTANCE: Duration = Duration::from_secs(60);

/// How long an operation takes that has no instances.
const EMPTY: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Update,
    Delete { retain: bool },
    DetectDrift,
}

/// What an operation is to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Work {
    pub(super) action: Action,
    pub(super) spots: BTreeSet<Spot>,
    pub(super) preferences: OperationPreferences,
    pub(super) targets: Option<DeploymentTargets>,
    /// That were asked for, also where there is no account.
    pub(super) regions: Vec<String>,
    /// The new definition, if it has one: then it is about all instances.
    pub(super) update: Option<Box<Update>>,
    /// Because an account has joined or left a unit.
    pub(super) is_automatic: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operation {
    pub(super) work: Work,
    /// How many of the set's came before.
    pub(super) number: usize,
    /// Since when it has which status.
    history: Vec<(Duration, &'static str)>,
    /// In the order in which they have their turn.
    regions: Vec<Region>,
    results: BTreeMap<Spot, Progress>,
}

/// The accounts of a region, and how many of them have failed.
#[derive(Clone, Debug, PartialEq)]
struct Region {
    name: String,
    waiting: VecDeque<String>,
    /// When each ends: all take the same time, so who began first ends first.
    running: VecDeque<(Duration, String)>,
    at_once: usize,
    tolerated: usize,
    failed: usize,
}

/// How far one instance is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Progress {
    began: Option<Duration>,
    /// What the gate of its account has said, if there is one.
    gate: Option<Gate>,
    ended: Option<(Duration, End)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Succeeded,
    /// Compared, and found to be otherwise than its template says.
    Drifted,
    Failed(String),
    /// Its account gate has failed.
    Refused(String),
    Cancelled(&'static str),
    /// Its account is suspended.
    Skipped,
}

/// What an operation meets in an account and region, before it does anything there.
pub(super) enum Target {
    Suspended,
    Open(Option<Gate>),
}

impl Operation {
    pub(super) fn queued(now: Duration, number: usize, work: Work) -> Self {
        let results = work.spots.iter().map(|spot| (spot.clone(), Progress::default())).collect();
        Self { work, number, history: vec![(now, "QUEUED")], regions: Vec::new(), results }
    }

    pub(super) fn status(&self) -> &'static str {
        self.history.last().map_or("QUEUED", |(_, status)| status)
    }

    /// The status as it was then; none before there was the operation.
    pub(super) fn status_at(&self, then: Duration) -> Option<&'static str> {
        self.history.iter().rev().find(|(since, _)| *since <= then).map(|(_, status)| *status)
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.status(), "SUCCEEDED" | "FAILED" | "STOPPED")
    }

    pub(super) const fn results(&self) -> &BTreeMap<Spot, Progress> {
        &self.results
    }

    /// Whether both change the same instances.
    pub(super) fn conflicts(&self, other: &Self) -> bool {
        let both = [&self.work, &other.work];
        both.iter().any(|work| work.update.is_some())
            || !self.work.spots.is_disjoint(&other.work.spots)
    }

    /// Leaves the queue. An operation that has not waited was never seen in it.
    pub(super) fn begin(&mut self, now: Duration) {
        let (spots, preferences) = (&self.work.spots, &self.work.preferences);
        self.results = spots.iter().map(|spot| (spot.clone(), Progress::default())).collect();
        self.regions = regions(spots, preferences);
        self.history.retain(|(since, _)| *since < now);
        self.history.push((now, "RUNNING"));
    }

    /// When the next instance ends.
    pub(super) fn next(&self) -> Option<Duration> {
        match self.history.last()? {
            (began, "RUNNING") if self.results.is_empty() => Some(*began + EMPTY),
            _ => self.regions.iter().filter_map(|it| Some(it.running.front()?.0)).min(),
        }
    }

    /// Takes the instances that have ended by now.
    pub(super) fn due(&mut self, now: Duration) -> Vec<Spot> {
        let mut due = Vec::new();
        for region in &mut self.regions {
            while let Some((_, account)) = region.running.pop_front_if(|(ends, _)| *ends <= now) {
                due.push((account, region.name.clone()));
            }
        }
        due
    }

    pub(super) fn end_of(&mut self, now: Duration, spot: &Spot, end: End) {
        let region = self.regions.iter_mut().find(|region| region.name == spot.1);
        if let (Some(region), End::Failed(_) | End::Refused(_)) = (region, &end) {
            region.failed += 1;
        }
        if let Some(progress) = self.results.get_mut(spot) {
            progress.ended = Some((now, end));
        }
    }

    /// Lets as many instances begin as may, and ends when there are none left.
    pub(super) fn proceed(&mut self, now: Duration, target: impl Fn(&str, &str) -> Target) {
        let is_one_by_one =
            self.work.preferences.region_concurrency_type.as_deref() != Some("PARALLEL");
        let is_strict =
            self.work.preferences.concurrency_mode.as_deref() != Some("SOFT_FAILURE_TOLERANCE");
        let mut is_stopped = false;
        for index in 0..self.regions.len() {
            let region = &mut self.regions[index];
            // With regions one by one, one that has failed is the last.
            if region.has_failed() || (is_one_by_one && is_stopped) {
                self.cancel(index, now, "Cancelled since failure tolerance has exceeded");
                is_stopped = true;
                continue;
            }
            let at_once = match is_strict {
                true => region.at_once.min(region.tolerated + 1 - region.failed),
                false => region.at_once,
            };
            while region.running.len() < at_once
                && let Some(account) = region.waiting.pop_front()
            {
                let progress = self.results.entry((account.clone(), region.name.clone()));
                let progress = progress.or_default();
                match target(&account, &region.name) {
                    Target::Suspended => progress.ended = Some((now, End::Skipped)),
                    Target::Open(gate) => {
                        progress.began = Some(now);
                        progress.gate = gate;
                        region.running.push_back((now + INSTANCE, account));
                    }
                }
            }
            if is_one_by_one && !region.is_done() {
                break;
            }
        }
        let began = self.history.last().map_or(now, |(since, _)| *since);
        let waits = self.results.is_empty() && self.status() == "RUNNING" && now < began + EMPTY;
        if self.regions.iter().all(Region::is_done) && !waits {
            let has_failed = self.regions.iter().any(Region::has_failed);
            let status = match (self.status(), has_failed) {
                ("STOPPING", _) => "STOPPED",
                (_, true) => "FAILED",
                (_, false) => "SUCCEEDED",
            };
            self.history.push((now, status));
        }
    }

    /// Lets nothing more begin. What has begun goes on to its end.
    pub(super) fn stop(&mut self, now: Duration) {
        if self.status() == "QUEUED" {
            self.regions = regions(&self.work.spots, &self.work.preferences);
        }
        for index in 0..self.regions.len() {
            self.cancel(index, now, "Cancelled by user");
        }
        self.history.push((now, "STOPPING"));
        self.proceed(now, |_, _| Target::Open(None));
    }

    fn cancel(&mut self, region: usize, now: Duration, reason: &'static str) {
        let region = &mut self.regions[region];
        for account in region.waiting.drain(..) {
            let progress = self.results.entry((account, region.name.clone())).or_default();
            progress.ended = Some((now, End::Cancelled(reason)));
        }
    }
}

impl Region {
    const fn has_failed(&self) -> bool {
        self.failed > self.tolerated
    }

    fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.running.is_empty()
    }
}

impl Progress {
    /// In the words of an instance's detailed status.
    pub(super) fn detailed_status(&self, then: Duration) -> &'static str {
        match (&self.ended, self.began) {
            (Some((since, end)), _) if *since <= then => match end {
                End::Succeeded | End::Drifted => "SUCCEEDED",
                End::Failed(_) | End::Refused(_) => "FAILED",
                End::Cancelled(_) => "CANCELLED",
                End::Skipped => "SKIPPED_SUSPENDED_ACCOUNT",
            },
            (_, Some(since)) if since <= then => "RUNNING",
            _ => "PENDING",
        }
    }

    /// In the words of an operation's results, which have none for what was skipped; it is no failure.
    pub(super) fn result_status(&self, then: Duration) -> &'static str {
        match self.detailed_status(then) {
            "SKIPPED_SUSPENDED_ACCOUNT" => "SUCCEEDED",
            status => status,
        }
    }

    pub(super) fn reason(&self, then: Duration) -> Option<String> {
        let (_, end) = self.ended.as_ref().filter(|(since, _)| *since <= then)?;
        match end {
            End::Failed(reason) => Some(reason.clone()),
            End::Refused(reason) => Some(format!("Account gate failed: {reason}")),
            End::Cancelled(reason) => Some((*reason).to_owned()),
            End::Succeeded | End::Drifted | End::Skipped => None,
        }
    }

    /// What the gate has said, once it was asked; within, none if there is no gate.
    pub(super) fn gate(&self, then: Duration) -> Option<Option<&Gate>> {
        self.began.filter(|began| *began <= then).map(|_| self.gate.as_ref())
    }

    pub(super) fn end(&self) -> Option<&End> {
        self.ended.as_ref().map(|(_, end)| end)
    }
}

/// Refuses what the API's model and its conditions do not take.
pub(super) fn check(preferences: &OperationPreferences) -> Result<(), Refusal> {
    let OperationPreferences {
        failure_tolerance_count: fail_count,
        failure_tolerance_percentage: fail_percentage,
        max_concurrent_count: most_count,
        max_concurrent_percentage: most_percentage,
        ..
    } = preferences;
    let refused = |message: &str| Err(Refusal::new("ValidationError", message.to_owned()));
    if fail_count.is_some() && fail_percentage.is_some() {
        return refused(
            "Exactly one of FailureTolerancePercentage and FailureToleranceCount must be specified",
        );
    }
    if most_count.is_some() && most_percentage.is_some() {
        return refused(
            "Exactly one of MaxConcurrentPercentage and MaxConcurrentCount must be specified",
        );
    }
    if most_count.or(*most_percentage) == Some(0) {
        return refused("MaxConcurrentCount and MaxConcurrentPercentage must be 1 or greater");
    }
    if [fail_percentage, most_percentage].iter().any(|it| it.is_some_and(|it| it > 100)) {
        return refused("A percentage must be less than or equal to 100");
    }
    Ok(())
}

/// Each region with its accounts; first those that the preferences name.
fn regions(spots: &BTreeSet<Spot>, preferences: &OperationPreferences) -> Vec<Region> {
    let mut accounts: BTreeMap<&String, VecDeque<String>> = BTreeMap::new();
    for (account, region) in spots {
        accounts.entry(region).or_default().push_back(account.clone());
    }
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let region = |(name, waiting): (&String, VecDeque<String>)| {
        let part = |percent: Option<u32>| percent.map(|it| waiting.len() * count(it) / 100);
        let tolerated = preferences.failure_tolerance_count.map(count);
        let tolerated = tolerated.or_else(|| part(preferences.failure_tolerance_percentage));
        let at_once = preferences.max_concurrent_count.map(count);
        let at_once = at_once.or_else(|| part(preferences.max_concurrent_percentage));
        Region {
            name: name.clone(),
            running: VecDeque::new(),
            at_once: at_once.unwrap_or(1).max(1),
            tolerated: tolerated.unwrap_or(0),
            failed: 0,
            waiting,
        }
    };
    let named = preferences.region_order.iter().flatten();
    let first: Vec<_> = named.filter_map(|name| accounts.remove_entry(name)).collect();
    first.into_iter().chain(accounts).map(region).collect()
}
