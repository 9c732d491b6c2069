//! Into a simulated cloud.

use insta::assert_snapshot;

use crate::session::Session;

#[test]
fn a_program_is_deployed_once_and_everything_is_in_the_directory() {
    let session = Session::new();
    let planned = session.outpost("plan --simulate=sim").well();
    assert!(planned.starts_with("+ everywhere\n+ main/eu-west-1/data\nplan "), "{planned}");
    let summary = session.outpost("deploy --simulate=sim").well();
    assert!(summary.starts_with("2 changed, 0 unchanged, 0 partial, 0 failed"), "{summary}");
    let again = session.outpost("deploy --simulate=sim").well();
    assert!(again.starts_with("0 changed, 2 unchanged"), "{again}");
    assert!(again.contains(", of which 0 may change something;"), "{again}");
    assert_eq!(session.outpost("plan --simulate=sim --exit-code").code, 0);
    assert_eq!(session.outpost("plan --simulate=sim --exit-code --setting alert").code, 2);
    assert_eq!(session.entries(), ["sim"]);
}

#[test]
fn a_written_assembly_is_deployed_as_its_program_is() {
    let session = Session::new();
    session.outpost("synth --out out").well();
    let planned = session.outpost("plan --simulate=sim").well();
    assert_eq!(session.accel("plan out --simulate=sim").well(), planned);
    session.accel("deploy out --simulate=sim").well();
    let nothing = session.outpost("deploy --simulate=sim").well();
    assert!(nothing.starts_with("0 changed, 2 unchanged"), "{nothing}");
}

#[test]
fn a_parameter_that_only_people_know_is_given() {
    let session = Session::new();
    // Simulated clouds invent it.
    session.outpost("deploy --asks --simulate=sim").well();
    let given = |name: &str| format!("deploy --asks --simulate=sim --parameter {name}=admins");
    let error = session.outpost(&given("data.Group")).with(1);
    assert_snapshot!(error, @r"
    error[missing-parameter]: no parameter `data.Group` needs a value
       = help: those that need a value are `main/eu-west-1/people.GroupAD936FCB`

    1 error
    ");
    let changed = session.outpost(&given("main/eu-west-1/people.GroupAD936FCB")).well();
    assert!(changed.starts_with("1 changed"), "{changed}");
    let error = session.outpost(&given("admins")).with(64);
    assert!(error.contains("is no `PATH.NAME=VALUE`"), "{error}");

    let from_file = "deploy --asks --simulate=sim --parameters values.json";
    for (text, says) in [
        (r#"{"main/eu-west-1/people.GroupAD936FCB": ["s3cret"]}"#, "it is no JSON object of texts"),
        (r#"{"group": "s3cret"}"#, "`group` is no `PATH.NAME`"),
        (r#"{"data.Group": "s3cret"}"#, "no parameter `data.Group` needs a value"),
    ] {
        session.write("values.json", text);
        let error = session.outpost(from_file).with(1);
        assert!(error.contains(says) && !error.contains("s3cret"), "{error}");
    }
    session.write("values.json", r#"{"main/eu-west-1/people.GroupAD936FCB": "others"}"#);
    assert!(session.outpost(from_file).well().starts_with("1 changed"));
    let last = format!("{from_file} --parameter main/eu-west-1/people.GroupAD936FCB=admins");
    assert!(session.outpost(&last).well().starts_with("1 changed"));
}
