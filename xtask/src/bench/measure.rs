use std::{
    fmt,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use wait4::Wait4 as _;

/// What one process, with all it started, took.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// Of the largest process, in bytes.
    pub(crate) memory: u64,
}

/// Runs `command` to its end; fails if it does.
pub(crate) fn measure(command: &mut Command) -> anyhow::Result<Taken> {
    let begin = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))?;
    let usage = child.wait4()?;
    let wall = begin.elapsed();
    ensure!(usage.status.success(), "{command:?} failed: {}", usage.status);
    let rusage = usage.rusage;
    Ok(Taken { wall, cpu: rusage.utime + rusage.stime, memory: rusage.maxrss })
}

/// The fastest of several runs, and the least memory.
#[derive(Default)]
pub(crate) struct Fastest(Option<Taken>);

impl Fastest {
    pub(crate) fn add(&mut self, taken: Taken) {
        let best = self.0.get_or_insert(taken);
        best.wall = best.wall.min(taken.wall);
        best.cpu = best.cpu.min(taken.cpu);
        best.memory = best.memory.min(taken.memory);
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.0.map_or(0.0, |taken| taken.wall.as_secs_f64())
    }
}

impl fmt::Display for Fastest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(taken) = self.0 else { return f.write_str("-") };
        let seconds = taken.wall.as_secs_f64();
        let digits = if seconds < 0.1 {
            3
        } else if seconds < 10.0 {
            2
        } else {
            1
        };
        write!(f, "{seconds:.digits$}s/{}MB", taken.memory / 1_000_000)
    }
}
