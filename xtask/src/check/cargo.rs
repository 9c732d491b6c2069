//! The steps that are cargo's own.

use super::{
    process::succeed,
    step::{Context, Passed, Step},
};

pub(crate) const FMT: Step = Step {
    name: "fmt",
    about: "the sources are formatted",
    run: |context| {
        succeed(&mut context.cargo(["fmt", "--all", "--check"]))?;
        Ok(Passed::new(members(context)?.len(), "packages"))
    },
};

pub(crate) const CODEGEN: Step = Step {
    name: "codegen",
    about: "the generated files are what the vendored data and the types say",
    run: |context| {
        let mut command = context.command(std::env::current_exe()?);
        let printed = succeed(command.args(["codegen", "--check"]))?;
        let count = printed.split(' ').next().and_then(|word| word.parse().ok());
        Ok(Passed::new(count.unwrap_or_default(), "generated files"))
    },
};

pub(crate) const CLIPPY: Step = Step {
    name: "clippy",
    about: "no lint warns, in any target",
    run: |context| {
        let arguments = "clippy --workspace --all-targets --features accel/simulate,accel/deploy -- -D warnings";
        succeed(&mut context.cargo(arguments.split(' ')))?;
        Ok(Passed::new(members(context)?.len(), "packages"))
    },
};

pub(crate) const RUSTDOC: Step = Step {
    name: "rustdoc",
    about: "the documentation builds without a warning",
    run: |context| {
        let mut command = context.cargo(["doc", "--workspace", "--no-deps"]);
        succeed(command.env("RUSTDOCFLAGS", "-D warnings"))?;
        Ok(Passed::new(members(context)?.len(), "packages"))
    },
};

pub(crate) const FEATURES: Step = Step {
    name: "features",
    about: "each crate compiles alone, and the facade without features",
    run: |context| {
        let members = members(context)?;
        let libraries: Vec<_> = members.iter().filter(|name| name.starts_with("accel-")).collect();
        for name in &libraries {
            succeed(&mut context.cargo(["check", "--package", name]))?;
        }
        if members.iter().any(|name| name == "accel") {
            succeed(&mut context.cargo(["check", "--package", "accel", "--no-default-features"]))?;
        }
        Ok(Passed::new(libraries.len(), "crates alone"))
    },
};

pub(crate) const UNIT: Step = Step {
    name: "unit",
    about: "unit and integration tests",
    run: |context| {
        // Some tests run one.
        examples(context)?;
        tests(context, "test --quiet --workspace --lib --bins --tests --no-fail-fast")
    },
};

pub(crate) const DEPLOYING: Step = Step {
    name: "deploying",
    about: "the commands that deploy, on a simulated cloud and without credentials",
    run: |context| {
        let features = "--package accel-cli --features simulate,deploy";
        let example = format!("build --quiet {features} --example outpost");
        succeed(&mut context.cargo(example.split(' ')))?;
        tests(context, &format!("test --quiet {features} --test deploying --no-fail-fast"))
    },
};

pub(crate) const DOC: Step = Step {
    name: "doc",
    about: "the examples in the documentation run",
    run: |context| tests(context, "test --quiet --workspace --doc --no-fail-fast"),
};

/// Builds the examples as programs. In the course of the tests, cargo would build them as tests alone, and one by one
/// anew: with the features that it needs itself instead of those of the workspace.
pub(crate) fn examples(context: &Context) -> anyhow::Result<()> {
    succeed(&mut context.cargo(["build", "--quiet", "--workspace", "--examples"]))?;
    Ok(())
}

fn tests(context: &Context, arguments: &str) -> anyhow::Result<Passed> {
    let printed = succeed(&mut context.cargo(arguments.split(' ')))?;
    Ok(Passed::new(passed_tests(&printed), "tests"))
}

/// The sum over cargo's lines `test result: ok. 12 passed; 0 failed; ...`.
fn passed_tests(printed: &str) -> usize {
    let counts = printed.lines().filter_map(|line| {
        line.strip_prefix("test result: ok. ")?.split_once(" passed")?.0.parse::<usize>().ok()
    });
    counts.sum()
}

/// The names of the packages of the workspace.
fn members(context: &Context) -> anyhow::Result<Vec<String>> {
    let arguments = ["metadata", "--format-version=1", "--no-deps", "--offline"];
    let metadata: serde_json::Value =
        serde_json::from_str(&succeed(&mut context.cargo(arguments))?)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages.filter_map(|package| package["name"].as_str()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::passed_tests;

    #[test]
    fn counts_the_tests_of_every_binary() {
        let printed = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 1 ignored\n\
                       test result: ok. 40 passed; 0 failed\n";
        assert_eq!(passed_tests(printed), 42);
    }
}
