//! Scenarios that the real client plays against emulators of AWS by others, and that the simulated cloud plays too.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::{
    process::succeed,
    step::{Context, Passed, Step},
    tools::{python, rust},
};

/// How long a server may take to listen.
const START: Duration = Duration::from_secs(60);

pub(crate) const EMULATORS: Step = Step {
    name: "emulators",
    about: "emulators of AWS by others answer the client as the simulated cloud does, but for written reasons; over \
            HTTP it answers the same, and a deployment outlasts what goes wrong on the way",
    run: |context| {
        let clippy = "clippy --package accel-deploy --package accel-simulator --features accel-simulator/aws,accel-simulator/server,accel-simulator/schema --all-targets -- -D warnings";
        succeed(&mut context.cargo(clippy.split(' ')))?;
        let unit = "test --quiet --package accel-deploy --features aws --lib";
        succeed(&mut context.cargo(unit.split(' ')))?;
        let http = "test --quiet --package accel-simulator --features aws,server --lib --test http";
        succeed(&mut context.cargo(http.split(' ')))?;
        compare(context, EMULATED, "tests/checkers/emulators.toml")
    },
};

/// Only if it is asked for: its build takes ten minutes, and an emulator under the AGPL is nothing but a process beside this
/// one.
pub(crate) const FAKECLOUD: Step = Step {
    name: "fakecloud",
    about: "a second emulator that has stack sets answers as the simulated cloud does, but for written reasons",
    run: |context| compare(context, &[SECOND], "tests/checkers/fakecloud.toml"),
};

/// Plays the scenarios of emulators against each of them and the simulated cloud.
fn compare(
    context: &Context,
    emulators: &[Emulator],
    explanations: &str,
) -> anyhow::Result<Passed> {
    let build = "build --quiet --package accel-simulator --features aws,server --example scenario --example serve";
    succeed(&mut context.cargo(build.split(' ')))?;
    let known: Explanations =
        toml::from_str(&fs::read_to_string(context.root.join(explanations))?)?;
    let (mut problems, mut count, mut used) = (Vec::new(), 0, Vec::new());
    for emulator in emulators {
        for scenario in emulator.scenarios {
            // Each begins with nothing there.
            let server = Server::start(context, emulator)?;
            let simulated = play(context, scenario, None)?;
            let emulated = play(context, scenario, Some(&server))?;
            ensure!(simulated.len() == emulated.len(), "{scenario}: steps are missing");
            for (here, there) in simulated.iter().zip(&emulated) {
                count += 1;
                match known.explain(emulator.name, scenario, here, there) {
                    Some(index) => used.push(index),
                    None if here.shown == there.shown => {}
                    None => problems.push(here.differs(there, emulator.name, scenario)),
                }
            }
        }
    }
    for (index, known) in known.difference.iter().enumerate() {
        if !used.contains(&index) {
            problems.push(format!("{explanations}: `{}` explains nothing", known.step));
        } else if known.reason.trim().is_empty() {
            problems.push(format!("{explanations}: `{}` needs a reason", known.step));
        }
    }
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(Passed::new(count, format!("answers compared, {} explained", used.len())))
}

/// An emulator, and what it is asked.
struct Emulator {
    name: &'static str,
    program: &'static str,
    scenarios: &'static [&'static str],
}

const EMULATED: &[Emulator] = &[
    Emulator {
        name: SERVED,
        program: "serve",
        scenarios: &["organization", "stacks", "updates", "stack-sets", "units"],
    },
    Emulator { name: "moto", program: "moto_server", scenarios: &["organization", "stacks"] },
    Emulator { name: "ministack", program: "ministack", scenarios: &["stacks", "updates"] },
];

const SECOND: Emulator =
    Emulator { name: "fakecloud", program: "fakecloud", scenarios: &["stack-sets", "units"] };

/// The release of fakecloud: the first that has stack sets.
const SECOND_VERSION: &str = "0.51.0";

/// The simulated cloud itself, over HTTP.
const SERVED: &str = "served";

/// A running emulator. It ends with this value.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(context: &Context, emulator: &Emulator) -> anyhow::Result<Self> {
        let bin = match emulator.name {
            SERVED => context.target("debug/examples"),
            "fakecloud" => rust(context, emulator.name, SECOND_VERSION)?,
            name => python(context, name)?,
        };
        // Free now; whoever takes it in between makes the start fail.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let work = context.target("check/emulators").join(emulator.name);
        fs::create_dir_all(&work)?;
        let log = fs::File::create(work.join("log"))?;
        let mut command: Command = context.command(bin.join(emulator.program));
        match emulator.name {
            SERVED => {
                let cloud = work.join("cloud");
                if cloud.exists() {
                    fs::remove_dir_all(&cloud)?;
                }
                command.arg(cloud).args([&port.to_string(), "60"])
            }
            "moto" => command.args(["-H", "127.0.0.1", "-p", &port.to_string()]),
            "fakecloud" => command.args(["--addr", &format!("127.0.0.1:{port}")]),
            // It would listen everywhere.
            _ => command.env("BIND_HOST", "127.0.0.1").env("GATEWAY_PORT", port.to_string()),
        };
        command.current_dir(&work).stdout(log.try_clone()?).stderr(log);
        let process = command.stdin(Stdio::null()).spawn()?;
        let mut server = Self { process, port };
        let begun = Instant::now();
        loop {
            let addresses = listening(port)?;
            if !addresses.is_empty() {
                let elsewhere = addresses.iter().any(|address| address != LOOPBACK);
                ensure!(!elsewhere, "{} listens on {addresses:?}", emulator.name);
                return Ok(server);
            }
            let ended = server.process.try_wait()?;
            if ended.is_some() || begun.elapsed() > START {
                let log = fs::read_to_string(work.join("log")).unwrap_or_default();
                bail!("{} does not listen:\n{log}", emulator.name);
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// 127.0.0.1, as the kernel prints it.
const LOOPBACK: &str = "0100007F";

/// The addresses that are listened on at a port, of both versions of IP.
fn listening(port: u16) -> anyhow::Result<Vec<String>> {
    let mut addresses = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let Ok(text) = fs::read_to_string(table) else { continue };
        for line in text.lines().skip(1) {
            let mut fields = line.split_whitespace().skip(1);
            let (Some(local), Some(state)) = (fields.next(), fields.nth(1)) else { continue };
            let (address, at) = local.split_once(':').context("an address has a port")?;
            if state == "0A" && u16::from_str_radix(at, 16)? == port {
                addresses.push(address.to_owned());
            }
        }
    }
    Ok(addresses)
}

/// What a step of a scenario has shown.
#[derive(Deserialize)]
struct Shown {
    step: String,
    shown: Value,
    said: Option<String>,
}

impl Shown {
    fn differs(&self, there: &Self, emulator: &str, scenario: &str) -> String {
        format!(
            "`{}`: simulated {} ({})\n  {emulator} {} ({})\n\n[[difference]]\nemulator = {emulator:?}\n\
             scenario = {scenario:?}\nstep = {:?}\nanswer = {:?}\nreason = \"\"\n",
            self.step,
            self.shown,
            self.said.as_deref().unwrap_or_default(),
            there.shown,
            there.said.as_deref().unwrap_or_default(),
            self.step,
            there.shown.to_string(),
        )
    }
}

fn play(context: &Context, scenario: &str, server: Option<&Server>) -> anyhow::Result<Vec<Shown>> {
    let file = format!("accel-simulator/scenarios/{scenario}.json");
    let program = context.target("debug/examples/scenario");
    let mut command = context.command(Path::new(&program));
    command.arg(file).arg(if server.is_some() { "aws" } else { "simulated" });
    if let Some(server) = server {
        // Nothing of the person's own: no profile, no endpoint, no machine that has a role.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
            command.env_remove(name);
        }
        command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", server.port));
        command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    }
    let printed = succeed(&mut command)?;
    printed.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanations {
    #[serde(default)]
    difference: Vec<Explanation>,
}

/// An answer that the simulated cloud gives otherwise, and why it is right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    emulator: String,
    scenario: String,
    step: String,
    /// What the emulator shows, as JSON.
    answer: String,
    reason: String,
}

impl Explanations {
    /// Which of them explains a difference; none explains what is the same.
    fn explain(
        &self,
        emulator: &str,
        scenario: &str,
        here: &Shown,
        there: &Shown,
    ) -> Option<usize> {
        let answer = there.shown.to_string();
        let is_it = |known: &Explanation| {
            (known.emulator.as_str(), known.scenario.as_str(), known.step.as_str())
                == (emulator, scenario, here.step.as_str())
                && known.answer == answer
        };
        if here.shown == there.shown { None } else { self.difference.iter().position(is_it) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_difference_is_explained_by_its_answer_alone() {
        let shown = |shown: Value| Shown { step: "s".to_owned(), shown, said: None };
        let known = Explanations {
            difference: vec![Explanation {
                emulator: "moto".to_owned(),
                scenario: "stacks".to_owned(),
                step: "s".to_owned(),
                answer: "[]".to_owned(),
                reason: "so".to_owned(),
            }],
        };
        let explain =
            |emulator, here, there| known.explain(emulator, "stacks", &shown(here), &shown(there));
        assert_eq!(explain("moto", json!("error"), json!([])), Some(0));
        assert_eq!(explain("moto", json!("error"), json!("other")), None);
        assert_eq!(explain("ministack", json!("error"), json!([])), None);
        assert_eq!(explain("moto", json!([]), json!([])), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_server_that_listens_elsewhere_is_seen() {
        let elsewhere = TcpListener::bind("127.0.0.2:0").unwrap();
        let here = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = |it: &TcpListener| listening(it.local_addr().unwrap().port()).unwrap();
        assert_eq!(at(&elsewhere), ["0200007F"]);
        assert_eq!(at(&here), [LOOPBACK]);
    }
}
