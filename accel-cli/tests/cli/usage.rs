use insta::assert_snapshot;

use crate::session::Session;

#[test]
fn help_says_what_there_is() {
    let session = Session::new();
    assert_snapshot!(session.tour("-h"), @r"
    Synthesizes the app that this program builds, and tells about it

    Usage: tour [OPTIONS] <COMMAND>

    Commands:
      synth        Write the assembly: templates, documents and the manifest
      check        Synthesize without writing anything
      ls           List the stacks, stack sets and documents that the app consists of
      tree         Show the construct tree, even of an app that does not synthesize
      diff         Show what deploying the app over a written assembly would do
      write        Write a repository's generated workflows and manifests into a checkout of it
      policy       Say what the synthesized policies decide
      explain      Say what the code of a diagnostic means and what to do
      completions  Print the completions of a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help (see more with '--help')
      -V, --version  Print version

    Options of this program:
          --mistake <MISTAKE>  Build the app with these mistakes [possible values: duplicate-id, empty-stack-set]
          --archive <NAME>     Keep an archive in a bucket of this name
          --reader             Add a role that may read the bucket
          --workflow <NAME>    The repository's workflows [default: ci deploy]

    Exit codes:
      0   done
      1   diagnostics were reported, and nothing was written
      2   there are differences, or it is not allowed, and the command was asked to tell by code
      64  the command line was not understood
    ");
    assert_snapshot!(session.tour("write -h"), @r"
    Write a repository's generated workflows and manifests into a checkout of it

    Usage: tour write [OPTIONS] --repository <OWNER/NAME> <PATH>

    Arguments:
      <PATH>  The directory of the checkout

    Options:
          --repository <OWNER/NAME>  The repository
          --check                    Write nothing; exit with 2 if there are differences
          --lock <FILE>              What earlier deployments learned [default: accel.lock, if there is one]
          --json                     Answer as one JSON object
      -h, --help                     Print help (see more with '--help')

    Options of this program:
          --mistake <MISTAKE>  Build the app with these mistakes [possible values: duplicate-id, empty-stack-set]
          --archive <NAME>     Keep an archive in a bucket of this name
          --reader             Add a role that may read the bucket
          --workflow <NAME>    The repository's workflows [default: ci deploy]

    Generated files that the app no longer makes are removed. A file that this app did not
    generate is never overwritten: then nothing is written, and the exit code is 1.
    ");
}

#[test]
fn without_a_command_the_help_is_shown() {
    let session = Session::new();
    let shown = session.tour("");
    let help = session.tour("-h");
    assert_eq!(shown, format!("--- stderr\n{help}--- exit 64\n"));
}

#[test]
fn what_is_not_understood_is_said() {
    let session = Session::new();
    assert_snapshot!(session.tour("synt"), @r"
    --- stderr
    error: unrecognized subcommand 'synt'

      tip: a similar subcommand exists: 'synth'

    Usage: tour [OPTIONS] <COMMAND>

    For more information, try '--help'.
    --- exit 64
    ");
    assert_snapshot!(session.tour("synth --mistake none"), @r"
    --- stderr
    error: invalid value 'none' for '--mistake <MISTAKE>'
      [possible values: duplicate-id, empty-stack-set]

    For more information, try '--help'.
    --- exit 64
    ");
    assert_snapshot!(session.tour("write ."), @r"
    --- stderr
    error: the following required arguments were not provided:
      --repository <OWNER/NAME>

    Usage: tour write --repository <OWNER/NAME> <PATH>

    For more information, try '--help'.
    --- exit 64
    ");
}

#[test]
fn flags_of_the_program_stand_before_or_behind_the_command() {
    let session = Session::new();
    let before = session.tour("--workflow nightly ls");
    assert!(before.contains("nightly.yml"), "{before}");
    assert_eq!(session.tour("ls --workflow nightly"), before);
}

#[test]
fn the_version_is_that_of_accel() {
    let version = format!("tour (accel {})\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Session::new().tour("--version"), version);
}
