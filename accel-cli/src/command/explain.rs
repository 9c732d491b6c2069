use std::io::Write as _;

use accel_core::nearest;
use clap::Args;
use clap_complete::Shell;

use crate::{
    cli::Context,
    outcome::{Exit, print},
};

/// Say what the code of a diagnostic means and what to do
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// As the diagnostic shows it in brackets; all codes are listed without it
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(self, context: &Context<'_>) -> Exit {
        let codes = context.cli.known_codes();
        let Some(wanted) = self.code else {
            let names: Vec<_> = codes.iter().map(|code| format!("{}\n", code.name())).collect();
            print(&names.concat());
            return Exit::Done;
        };
        if let Some(code) = codes.iter().find(|code| code.name() == wanted) {
            print(&format!("{}\n\n{}\n", code.name(), wrapped(code.explanation())));
            return Exit::Done;
        }
        let hint = match nearest(&wanted, codes.iter().map(|code| code.name())) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`explain` without a code lists all of them".to_owned(),
        };
        let message = format!("error: there is no code `{wanted}`; {hint}\n");
        anstream::stderr().write_all(message.as_bytes()).ok();
        Exit::Usage
    }
}

/// Print the completions of a shell
#[derive(Args, Debug)]
#[command(after_help = "For bash: source <(PROGRAM completions bash)")]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, context: &Context<'_>) -> Exit {
        let mut command_line = context.command_line.clone();
        let name = command_line.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command_line, name, &mut script);
        print(&String::from_utf8_lossy(&script));
        Exit::Done
    }
}

/// In lines of at most 80 characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, String::len);
        if line > 0 && line + 1 + word.len() > 80 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.join("\n")
}
