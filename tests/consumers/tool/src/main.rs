//! A tool on `accel-core` and `accel-synth` alone: lines of text in, the stacks they lead to out.
//!
//! `echo "prod eu-west-1 orders" | tool` prints `prod/eu-west-1/orders: 1 resource`.

use std::{
    io::{self, Read as _},
    process::ExitCode,
};

use accel_core::{AccountInfo, App, Diagnostics, Region, Resource, Stack};

fn main() -> ExitCode {
    let mut text = String::new();
    if let Err(error) = io::stdin().read_to_string(&mut text) {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    match deploy(&text) {
        Ok(stacks) => {
            print!("{stacks}");
            ExitCode::SUCCESS
        }
        Err(diagnostics) => {
            eprint!("{diagnostics}");
            ExitCode::FAILURE
        }
    }
}

/// Each line is an account, a region and the name of a queue.
fn deploy(text: &str) -> Result<String, Diagnostics> {
    let mut app = App::new("queues");
    for line in text.lines() {
        let mut words = line.split(' ').map(str::to_owned);
        let mut word = || words.next().unwrap_or_default();
        let (account, region, queue) = (word(), Region::parse(&word())?, word());
        let account = app.scope().declare_account_as(&account, AccountInfo::default());
        app.open(&queue, Stack::new(account.in_region(region)))
            .add("queue", Resource::new("AWS::SQS::Queue"));
    }
    let assembly = accel_synth::synth(app)?;
    let stacks = assembly.manifest().stacks.iter();
    let lines = stacks.map(|(path, stack)| {
        let count = stack.template.constructs.len();
        format!("{path}: {count} resource{}\n", if count == 1 { "" } else { "s" })
    });
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::deploy;

    #[test]
    fn each_stack_has_a_line() {
        let text = "prod eu-west-1 orders\nstaging us-east-1 orders\n";
        let expected = "prod/eu-west-1/orders: 1 resource\nstaging/us-east-1/orders: 1 resource\n";
        assert_eq!(deploy(text).unwrap(), expected);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, code) in [
            ("prod eu-west-1 or/ders\n", "error[invalid-id]"),
            ("prod eu-west-l orders\n", "did you mean eu-west-1?"),
            ("prod eu-west-1", "an id is empty"),
        ] {
            let found = deploy(text).unwrap_err().to_string();
            assert!(found.contains(code), "{found}");
        }
    }
}
