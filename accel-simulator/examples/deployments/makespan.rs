//! Graphs of stacks at random: how long they take on the simulated clock, beside the least that is possible, and
//! beside what the same stacks take in waves and one after the other.

use std::{error::Error, time::Duration};

use accel::{
    cfn::ssm,
    core::{AccountInfo, account_id, tree::NodeId},
    prelude::*,
};

use crate::run::{Ready, Timed, on_a_paused_clock};

/// As the simulated cloud has it.
const RESOURCE: u64 = 2;

/// As the engine has it.
const AT_ONCE: usize = 32;

/// How long each stack takes, and which ones before it it waits for.
struct Random {
    seconds: Vec<u64>,
    after: Vec<Vec<usize>>,
}

#[expect(clippy::print_stdout, reason = "the output is what this program is for")]
pub(crate) fn measure(graphs: u64) -> Result<(), Box<dyn Error>> {
    let mut worst = 0.0_f64;
    for seed in 0..graphs {
        let random = Random::new(seed);
        let ready = Ready::new("makespan", random.app())?;
        let taken = on_a_paused_clock(async {
            let cloud = Timed::new();
            let begin = tokio::time::Instant::now();
            ready.deploy(&cloud).await?;
            Ok::<_, Box<dyn Error>>(begin.elapsed())
        })??;
        let least = random.least();
        let ratio = |time: Duration| time.as_secs_f64() / least.as_secs_f64();
        worst = worst.max(ratio(taken));
        println!(
            "makespan graph={seed} stacks={} least={}s taken={:.2}x in-waves={:.2}x one-by-one={:.2}x",
            random.seconds.len(),
            least.as_secs(),
            ratio(taken),
            ratio(random.in_waves()),
            ratio(Duration::from_secs(random.seconds.iter().sum())),
        );
    }
    println!("makespan worst={worst:.2}x");
    Ok(())
}

impl Random {
    /// 30 to 100 stacks of 5 to 150 resources, each after up to three of those before it.
    fn new(seed: u64) -> Self {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5555_5555;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let stacks = 30 + next(71);
        let seconds = (0..stacks).map(|_| RESOURCE * (5 + next(146))).collect();
        let after = (0..stacks).map(|stack| {
            let count = next(4).min(stack);
            let mut after: Vec<_> =
                (0..count).filter_map(|_| usize::try_from(next(stack.max(1))).ok()).collect();
            after.sort_unstable();
            after.dedup();
            after
        });
        let after = after.collect();
        Self { seconds, after }
    }

    fn app(&self) -> App {
        let mut app = App::new("makespan");
        let info = AccountInfo {
            id: Some(account_id!("999999999999")),
            is_management: true,
            ..AccountInfo::default()
        };
        let account = app.scope().declare_account_as("account", info);
        let mut nodes: Vec<NodeId> = Vec::new();
        for (index, (seconds, after)) in self.seconds.iter().zip(&self.after).enumerate() {
            let stack = Stack::new(account.in_region(Region::EU_WEST_1));
            let mut stack = app.open(&format!("stack-{index}"), stack);
            after.iter().for_each(|before| stack.after(nodes[*before]));
            for resource in 0..seconds / RESOURCE {
                stack.add(
                    &format!("resource-{resource}"),
                    ssm::Parameter::new(ssm::parameter::Type::STRING, "a"),
                );
            }
            nodes.push(stack.reference().into());
        }
        app
    }

    /// When each stack ends that waits for nothing but those before it.
    fn ends(&self) -> Vec<u64> {
        let mut ends: Vec<u64> = Vec::new();
        for (seconds, after) in self.seconds.iter().zip(&self.after) {
            ends.push(seconds + after.iter().map(|before| ends[*before]).max().unwrap_or(0));
        }
        ends
    }

    /// The longest chain, or all the work by as many as may work at once.
    fn least(&self) -> Duration {
        let chain = self.ends().into_iter().max().unwrap_or(0);
        let all: u64 = self.seconds.iter().sum();
        Duration::from_secs(chain.max(all / AT_ONCE as u64))
    }

    /// Each wave has what waits only for earlier waves, and begins when the one before has ended.
    fn in_waves(&self) -> Duration {
        let mut waves: Vec<Vec<u64>> = Vec::new();
        let mut wave_of: Vec<usize> = Vec::new();
        for (seconds, after) in self.seconds.iter().zip(&self.after) {
            let wave = after.iter().map(|before| wave_of[*before] + 1).max().unwrap_or(0);
            wave_of.push(wave);
            if waves.len() <= wave {
                waves.push(Vec::new());
            }
            waves[wave].push(*seconds);
        }
        let lasts = |wave: &Vec<u64>| {
            // Of what is in no order, as many at once as may.
            let mut slots = [0_u64; AT_ONCE];
            for seconds in wave {
                let first = slots.iter_mut().min();
                first.into_iter().for_each(|slot| *slot += seconds);
            }
            slots.into_iter().max().unwrap_or(0)
        };
        Duration::from_secs(waves.iter().map(lasts).sum())
    }
}
