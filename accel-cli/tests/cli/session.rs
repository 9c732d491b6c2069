use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A directory with nothing but a lock file, and commands that run in it.
pub(crate) struct Session {
    directory: TempDir,
}

impl Session {
    pub(crate) fn new() -> Self {
        let session = Self { directory: TempDir::new().unwrap() };
        let lock = r#"{"version": 1, "accounts": {"sandbox": "222222222222"}}"#;
        session.write("accel.lock", lock);
        session
    }

    /// The example program with these arguments, as [`Session::run`] shows it.
    pub(crate) fn tour(&self, arguments: &str) -> String {
        // Cargo builds the examples before it runs tests, and puts them beside.
        let deps = env::current_exe().unwrap();
        let program = deps.ancestors().nth(2).unwrap().join("examples/tour");
        assert!(
            program.with_extension(env::consts::EXE_EXTENSION).exists(),
            "`cargo test` builds it"
        );
        self.run(&program, arguments)
    }

    /// The program `accel`, for assemblies that are on disk.
    pub(crate) fn accel(&self, arguments: &str) -> String {
        self.run(Path::new(env!("CARGO_BIN_EXE_accel")), arguments)
    }

    /// What a program prints, its standard error behind its standard output, and how it ends if that is
    /// not well.
    fn run(&self, program: &Path, arguments: &str) -> String {
        let output = Command::new(program)
            .args(arguments.split_whitespace())
            .current_dir(self.directory.path())
            .env_remove("CLICOLOR_FORCE")
            .output()
            .unwrap();
        let mut shown = String::from_utf8(output.stdout).unwrap();
        if !output.stderr.is_empty() {
            shown.push_str("--- stderr\n");
            shown.push_str(&without_line_numbers(&String::from_utf8(output.stderr).unwrap()));
        }
        match output.status.code() {
            Some(0) => shown,
            code => format!("{shown}--- exit {}\n", code.expect("no signal ends it")),
        }
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

    /// The files below a directory, sorted.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut pending = vec![self.path(below)];
        while let Some(directory) = pending.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    let below = path.strip_prefix(self.path(below)).unwrap();
                    found.push(below.to_str().unwrap().to_owned());
                }
            }
        }
        found.sort();
        found
    }
}

/// `tour.rs:12:34` becomes `tour.rs:LINE`, so that the example can be edited.
pub(crate) fn without_line_numbers(text: &str) -> String {
    let mut parts = text.split("tour.rs:");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
        shown.push_str("tour.rs:LINE");
        shown.push_str(rest);
    }
    shown
}
