use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A directory with nothing in it, and commands that run in it: without a terminal, and without credentials.
pub(crate) struct Session {
    directory: TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    /// The example program with these arguments.
    pub(crate) fn outpost(&self, arguments: &str) -> Ended {
        self.run(&outpost(), arguments)
    }

    /// The same, with arguments that have spaces.
    pub(crate) fn outpost_words(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(&outpost(), "").args(arguments).output().unwrap())
    }

    /// The same with these variables.
    pub(crate) fn outpost_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Ended {
        let mut command = self.command(&outpost(), arguments);
        Ended::of(command.envs(variables.iter().copied()).output().unwrap())
    }

    /// The same, which goes on.
    #[cfg(unix)]
    pub(crate) fn start_outpost(&self, arguments: &str) -> std::process::Child {
        let mut command = self.command(&outpost(), arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The program `accel`, for assemblies that are on disk.
    pub(crate) fn accel(&self, arguments: &str) -> Ended {
        self.run(Path::new(env!("CARGO_BIN_EXE_accel")), arguments)
    }

    fn run(&self, program: &Path, arguments: &str) -> Ended {
        Ended::of(self.command(program, arguments).output().unwrap())
    }

    fn command(&self, program: &Path, arguments: &str) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments.split_whitespace())
            .current_dir(self.directory.path())
            .stdin(Stdio::null())
            .env_clear()
            .env("HOME", self.directory.path())
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.directory.path().join(below)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// What is in the directory itself, sorted.
    pub(crate) fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().expect("no signal ends it"),
        }
    }

    /// The standard output of a command that ended well.
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }

    /// The standard error of a command that ended with this code.
    pub(crate) fn with(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        self.stderr
    }
}

fn outpost() -> PathBuf {
    let deps = env::current_exe().unwrap();
    let program = deps.ancestors().nth(2).unwrap().join("examples/outpost");
    assert!(
        program.with_extension(env::consts::EXE_EXTENSION).exists(),
        "`cargo xtask test --only deploying` builds it"
    );
    program
}
