//! A deployment that is killed at any of its requests is finished by running it again, and whatever goes wrong
//! with a request, everything is done once: `cargo xtask sweep`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::check::{self, Passed, Step};

/// So many runs go on at once.
const AT_ONCE: usize = 2;

/// The step of the check: every request of the smallest example that has everything.
pub(crate) const SWEEP: Step = Step {
    name: "sweep",
    about: "a deployment outlasts faults in any of its requests; killed at any, the next run finishes it",
    run: |context| {
        let example = build(context, "sweep", Profile::Debug)?;
        let work = context.target("check/sweep-runs");
        let whole = Uninterrupted::run(&example, &work)?;
        ensure!(whole.requests() <= 120, "`sweep` makes {} requests, not 120", whole.requests());
        let moments = whole.moments(1, FAULTS);
        meet(&example, &work, &whole, &moments)?;
        let what = format!("faults in {} requests: kills, lost replies, ...", whole.requests());
        Ok(Passed::new(moments.len(), what))
    },
};

/// The same of a run over what an earlier one has deployed: values that change, what is replaced and used by others, what
/// leaves the app.
pub(crate) const SWEEP_UPDATE: Step = Step {
    name: "sweep-update",
    about: "the same of a later deployment, which replaces and deletes",
    run: |context| {
        let example = build(context, "sweep_update", Profile::Debug)?;
        let work = context.target("check/sweep-update-runs");
        let whole = Uninterrupted::run_over(&example, &work, Some("before"))?;
        let moments = whole.moments(1, FAULTS);
        meet(&example, &work, &whole, &moments)?;
        let what = format!("faults in {} requests: kills, lost replies, ...", whole.requests());
        Ok(Passed::new(moments.len(), what))
    },
};

/// Kill a deployment of an example at every mutating request and every tenth read, and finish it.
#[derive(Args)]
pub(crate) struct Sweep {
    /// The example.
    #[arg(long, default_value = "landing-zone")]
    example: String,
    /// Only a part of the moments: the second of five is `2/5`.
    #[arg(long, value_name = "I/N", default_value = "1/1", value_parser = shard)]
    shard: (usize, usize),
}

fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    parts
        .filter(|(i, n)| (1..=*n).contains(i))
        .ok_or_else(|| format!("`{text}` is not a part of a whole, as `2/5` is"))
}

impl Sweep {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let context = check::Context::new(None)?;
        let example = build(&context, &self.example, Profile::Release)?;
        let work = context.target("sweep");
        let start = Instant::now();
        let whole = Uninterrupted::run(&example, &work)?;
        let (i, n) = self.shard;
        let moments: Vec<_> = whole.moments(10, KILLS).into_iter().skip(i - 1).step_by(n).collect();
        println!("{} requests, {} moments", whole.requests(), moments.len());
        meet(&example, &work, &whole, &moments)?;
        let seconds = start.elapsed().as_secs();
        println!("{}: {} kills, all finished, in {seconds} s", self.example, moments.len());
        Ok(ExitCode::SUCCESS)
    }
}

/// How an example is built.
#[derive(Clone, Copy)]
enum Profile {
    /// It is there already, from other steps.
    Debug,
    /// For so many runs that its compilation is soon paid for.
    Release,
}

fn build(context: &check::Context, name: &str, profile: Profile) -> anyhow::Result<PathBuf> {
    let (directory, flag) = match profile {
        Profile::Debug => ("debug/examples", None),
        Profile::Release => ("release/examples", Some("--release")),
    };
    let arguments = ["build", "--quiet", "--features", "simulate", "--example", name];
    check::succeed(context.cargo(arguments).args(flag))?;
    // Another step builds the examples with other features, over this one.
    let built = context.target(directory).join(name);
    let kept = context.target("check").join(format!("{name}-simulate"));
    fs::create_dir_all(context.target("check"))?;
    fs::copy(&built, &kept).with_context(|| format!("copying {}", built.display()))?;
    Ok(kept)
}

/// What happens to a request, and how the run ends that meets it.
#[derive(Debug)]
struct Fault {
    name: &'static str,
    /// Whether it happens to reads too.
    reads: bool,
    ends: End,
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The next run finishes it.
    Killed,
    /// The next run, with valid credentials, finishes it.
    Interrupted,
    Done,
}

const KILLS: &[Fault] = &[
    Fault { name: "kill-before", reads: true, ends: End::Killed },
    Fault { name: "kill-after", reads: true, ends: End::Killed },
];

const FAULTS: &[Fault] = &[
    Fault { name: "kill-before", reads: true, ends: End::Killed },
    Fault { name: "kill-after", reads: true, ends: End::Killed },
    Fault { name: "expired", reads: true, ends: End::Interrupted },
    Fault { name: "throttled", reads: true, ends: End::Done },
    Fault { name: "unavailable", reads: true, ends: End::Done },
    Fault { name: "lost-reply", reads: true, ends: End::Done },
    Fault { name: "in-progress", reads: false, ends: End::Done },
    Fault { name: "stale", reads: false, ends: End::Done },
];

/// The nth of all reads or of all mutating calls, and what happens to it.
#[derive(Clone, Copy, Debug)]
struct Moment {
    of: &'static str,
    nth: u64,
    fault: &'static Fault,
}

/// What a run that nobody killed did.
struct Uninterrupted {
    effects: BTreeMap<String, usize>,
    lock: String,
    mutating: u64,
    reads: u64,
    /// The simulated cloud that a run finds.
    before: Option<PathBuf>,
    /// Which of the mutating calls renew the lease: one that fails is made up for by the next.
    renewals: BTreeSet<u64>,
}

impl Uninterrupted {
    fn run(example: &Path, work: &Path) -> anyhow::Result<Self> {
        Self::run_over(example, work, None)
    }

    /// Over what the example has deployed as it was before.
    fn run_over(example: &Path, work: &Path, earlier: Option<&str>) -> anyhow::Result<Self> {
        match fs::remove_dir_all(work) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let before = earlier.map(|_| work.join("before"));
        if let (Some(before), Some(earlier)) = (&before, earlier) {
            check::succeed(deploy(example, before).env("SWEEP", earlier))?;
        }
        let directory = work.join("whole");
        begin(&directory, before.as_deref())?;
        let output = deploy(example, &directory).output()?;
        let printed = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "a run that nobody kills ends {}:\n{printed}",
            output.status
        );
        let summary: Value = serde_json::from_slice(&output.stdout)?;
        let count = |name: &str| summary[name].as_u64().context("a count in the summary");
        let mutating = count("mutatingCalls")?;
        let effects = effects(&directory)?;
        ensure!(mutating > 0 && !effects.is_empty(), "a run that changes nothing proves nothing");
        let twice = effects.iter().find(|(_, count)| **count > 1);
        ensure!(twice.is_none(), "it happens twice in one run: {twice:?}");
        ensure!(effects.contains_key("the lease: \"DeleteObject\""), "the lease is not given back");
        let lock = fs::read_to_string(directory.join("accel.lock"))?;
        let reads = count("calls")? - mutating;
        let renewals = renewals(&directory, before.as_deref())?;
        Ok(Self { effects, lock, mutating, reads, before, renewals })
    }

    const fn requests(&self) -> u64 {
        self.mutating + self.reads
    }

    /// All mutating requests and some reads, each with every fault.
    fn moments(&self, every: usize, faults: &'static [Fault]) -> Vec<Moment> {
        let mutating = (1..=self.mutating).map(|nth| ("mutating", nth));
        let reads = (1..=self.reads).step_by(every).map(|nth| ("reads", nth));
        let moments = mutating.chain(reads).flat_map(|(of, nth)| {
            let faults = faults.iter().filter(move |fault| fault.reads || of == "mutating");
            let is_renewal = of == "mutating" && self.renewals.contains(&nth);
            let faults = faults.filter(move |it| !is_renewal || it.ends != End::Interrupted);
            faults.map(move |fault| Moment { of, nth, fault })
        });
        moments.collect()
    }
}

/// Lets a run meet each of the moments, finishes it, and compares what has happened.
fn meet(
    example: &Path,
    work: &Path,
    whole: &Uninterrupted,
    moments: &[Moment],
) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    let problems: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..AT_ONCE {
            let (next, problems) = (&next, &problems);
            scope.spawn(move || {
                let directory = work.join(format!("killed-{worker}"));
                while let Some(moment) = moments.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(error) = meet_one(example, &directory, whole, *moment) {
                        let Moment { of, nth, fault } = moment;
                        let problem = format!("{} {nth} of {of}: {error:#}", fault.name);
                        problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap_or_else(PoisonError::into_inner);
    match problems.as_slice() {
        [] => Ok(()),
        some => bail!("{} of {}:\n{}", some.len(), moments.len(), some.join("\n")),
    }
}

fn meet_one(
    example: &Path,
    directory: &Path,
    whole: &Uninterrupted,
    moment: Moment,
) -> anyhow::Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    begin(directory, whole.before.as_deref())?;
    let faults = directory.join("faults.json");
    let Moment { of, nth, fault } = moment;
    let rules = json!({"calls": [{"of": of, "nth": nth, "fault": fault.name}]});
    fs::write(&faults, rules.to_string())?;
    let met = deploy(example, directory).output()?;
    let printed = String::from_utf8_lossy(&met.stderr);
    let ended = match met.status {
        status if was_killed(&status) => Some(End::Killed),
        status if status.success() => Some(End::Done),
        // As the exit codes are documented.
        status if status.code() == Some(5) => Some(End::Interrupted),
        _ => None,
    };
    ensure!(ended == Some(fault.ends), "it ends {}, not {:?}:\n{printed}", met.status, fault.ends);
    fs::remove_file(&faults)?;
    if fault.ends != End::Done {
        let finished = deploy(example, directory).output()?;
        let printed = String::from_utf8_lossy(&finished.stderr);
        ensure!(finished.status.success(), "the next run ends {}:\n{printed}", finished.status);
    }
    let effects = effects(directory)?;
    for (effect, count) in &whole.effects {
        let now = effects.get(effect).copied().unwrap_or_default();
        ensure!(now == *count, "happened {now} times instead of {count}: {effect}");
    }
    let more = effects.keys().find(|effect| !whole.effects.contains_key(*effect));
    ensure!(more.is_none(), "happened, and should not have: {more:?}");
    let lock = fs::read_to_string(directory.join("accel.lock"))?;
    ensure!(lock == whole.lock, "the lock file differs:\n{lock}");
    Ok(())
}

/// Makes a directory with the simulated cloud and the lock file of another one.
fn begin(directory: &Path, before: Option<&Path>) -> anyhow::Result<()> {
    fs::create_dir_all(directory)?;
    for file in ["cloud.jsonl", "accel.lock"] {
        if let Some(before) = before {
            fs::copy(before.join(file), directory.join(file))?;
        }
    }
    Ok(())
}

fn deploy(example: &Path, directory: &Path) -> Command {
    let mut command = Command::new(example);
    command.arg("deploy").arg(format!("--simulate={}", directory.display())).arg("--json");
    command.args(["--allow-delete", "--allow-replace"]);
    command.stdin(Stdio::null());
    command
}

#[cfg(unix)]
fn was_killed(status: &std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    // SIGKILL.
    status.signal() == Some(9)
}

#[cfg(not(unix))]
fn was_killed(status: &std::process::ExitStatus) -> bool {
    !status.success()
}

/// How often each mutating call has done something: by place, action and all of its request. Of the record that
/// a run keeps of what is deployed, only the last counts: one that ends before the rest is done says so. Of the lease
/// too: it has been given back.
fn effects(directory: &Path) -> anyhow::Result<BTreeMap<String, usize>> {
    let mut effects = BTreeMap::new();
    let (mut record, mut lease) = (None, None);
    for line in fs::read_to_string(directory.join("cloud.jsonl"))?.lines() {
        let Event { service, action, code, request } = serde_json::from_str(line)?;
        if code.is_some() || service == "simulation" {
            continue;
        }
        match request.key.as_str() {
            Some("deployed.json") => record = Some(format!("the record: {}", request.body)),
            Some("lock.json") => lease = Some(format!("the lease: {action:?}")),
            _ => *effects.entry(at_any_time(line)?.to_owned()).or_default() += 1,
        }
    }
    effects.extend(lease.map(|lease| (lease, 1)));
    effects.extend(record.map(|record| (record, 1)));
    Ok(effects)
}

/// The places, among the mutating calls of a run, of those that renew its lease.
fn renewals(directory: &Path, before: Option<&Path>) -> anyhow::Result<BTreeSet<u64>> {
    let lines = |directory: &Path| fs::read_to_string(directory.join("cloud.jsonl"));
    let earlier = before.map(lines).transpose()?.map_or(0, |text| text.lines().count());
    let mut renewals = BTreeSet::new();
    let mut nth = 0;
    let mut is_held = false;
    for line in lines(directory)?.lines().skip(earlier) {
        let Event { service, action, request, .. } = serde_json::from_str(line)?;
        if service == "simulation" {
            continue;
        }
        nth += 1;
        if request.key == "lock.json" && action == "PutObject" {
            if is_held {
                renewals.insert(nth);
            }
            is_held = true;
        }
    }
    Ok(renewals)
}

/// What of a line of the simulated cloud says whether it counts. It is compared as a text: to read some megabytes
/// into values for each moment takes longer than to deploy.
#[derive(Deserialize)]
struct Event {
    service: String,
    action: String,
    code: Option<String>,
    request: Request,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    key: Value,
    body: Value,
}

/// A line without its time, which comes first.
fn at_any_time(line: &str) -> anyhow::Result<&str> {
    let rest = line.strip_prefix("{\"at\":").and_then(|rest| rest.split_once(','));
    Ok(rest.with_context(|| format!("a call without a time: {line}"))?.1)
}
