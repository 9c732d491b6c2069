//! The program `accel` reads what a program wrote.

use insta::assert_snapshot;

use crate::session::Session;

#[test]
fn a_written_assembly_says_what_the_program_says() {
    let session = Session::new();
    session.tour("synth");
    assert_eq!(session.accel("ls"), session.tour("ls"));
    let write = "write --repository example/shop . --check";
    assert_eq!(session.accel(write), session.tour(write));
}

#[test]
fn two_written_assemblies_differ_as_the_program_says() {
    let session = Session::new();
    session.tour("synth --out old");
    session.tour("synth --out new --archive orders --workflow ci");
    let said = session.tour("diff old --archive orders --workflow ci");
    assert_eq!(session.accel("diff old new"), said);
}

#[test]
fn a_directory_without_an_assembly_is_a_problem() {
    let session = Session::new();
    assert_snapshot!(session.accel("ls"), @r"
    --- stderr
    error[no-assembly]: `accel.out`: `manifest.json`: No such file or directory (os error 2)
       = help: name the directory that `synth` wrote, or synthesize again

    1 error
    --- exit 1
    ");
}

#[test]
fn an_edited_assembly_is_a_problem() {
    let session = Session::new();
    session.tour("synth");
    session.write("accel.out/stacks/prod/eu-west-1/data.template.json", "{}");
    assert_snapshot!(session.accel("ls accel.out"), @r"
    --- stderr
    error[no-assembly]: `accel.out`: `stacks/prod/eu-west-1/data.template.json` is not the file that the manifest lists
       = help: name the directory that `synth` wrote, or synthesize again

    1 error
    --- exit 1
    ");
}

#[test]
fn help_says_what_there_is() {
    assert_snapshot!(Session::new().accel("-h"), @r"
    Tells about written assemblies

    Usage: accel <COMMAND>

    Commands:
      ls           List the stacks, stack sets and documents of an assembly
      diff         Show what deploying an assembly over another one would do
      write        Write a repository's generated workflows and manifests into a checkout of it
      policy       Say what the policies of an assembly decide
      new          Write the first files of something new
      explain      Say what the code of a diagnostic means and what to do
      completions  Print the completions of a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Exit codes:
      0   done
      1   diagnostics were reported, and nothing was written
      2   there are differences, or it is not allowed, and the command was asked to tell by code
      64  the command line was not understood
    ");
}
