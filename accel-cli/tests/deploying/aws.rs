//! To AWS, as far as one gets without credentials.

use crate::session::Session;

#[test]
fn without_credentials_nothing_is_begun() {
    let session = Session::new();
    for command in ["plan", "deploy", "destroy"] {
        let error = session.outpost(command).with(1);
        assert!(error.starts_with("error[no-credentials]: "), "{error}");
        assert!(error.contains("aws sso login"), "{error}");
        assert_eq!(session.entries(), [""; 0]);
    }
}

#[test]
fn a_directory_of_the_journal_is_for_aws() {
    let error = Session::new().outpost("deploy --simulate=sim --journal=here").with(64);
    assert!(error.contains("'--simulate <DIR>' cannot be used with '--journal <DIR>'"), "{error}");
}
