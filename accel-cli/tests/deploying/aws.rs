//! To AWS, as far as one gets without an account.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    thread,
};

use crate::session::Session;

const SECRETS: [&str; 2] = ["hidden-key", "hidden-token"];

/// A server that says to everything the same, and its address.
fn answering(status: u16, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let line = line.trim().to_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.is_empty() {
                    break;
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close");
            reader.get_mut().write_all(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap();
        }
    });
    address
}

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
fn credentials_that_aws_does_not_take_begin_nothing() {
    let unknown = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token included in \
                   the request is invalid.</Message></Error></ErrorResponse>";
    let ended = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request \
                 is expired</Message></Error></ErrorResponse>";
    let [key, token] = SECRETS;
    for (status, body, code, says, help) in [
        (
            403,
            unknown,
            1,
            "error[no-credentials]: AWS does not take the credentials: The security",
            "aws sso login",
        ),
        (403, ended, 5, "error[credentials-expired]: ", "get new credentials"),
        (502, "", 1, "error[not-deployed]: ", "see that AWS can be reached"),
    ] {
        let session = Session::new();
        let endpoint = answering(status, body);
        let variables = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", key),
            ("AWS_SESSION_TOKEN", token),
        ];
        let ended = session.outpost_with("deploy --yes", &variables);
        let told = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!SECRETS.iter().any(|secret| told.contains(secret)), "{told}");
        let error = ended.with(code);
        assert!(error.starts_with(says) && error.contains(help), "{error}");
        assert_eq!(session.entries(), [""; 0]);
    }
}

#[test]
fn what_no_role_is_called_is_wrong_usage() {
    let session = Session::new();
    let role = "arn:aws:iam::111111111111:role/team/Access";
    let error = session.outpost(&format!("plan --access-role={role}")).with(64);
    for says in [&format!("{role:?} is not a role name: it is an ARN"), "help: write team/Access"] {
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn a_directory_of_the_journal_is_for_aws() {
    let error = Session::new().outpost("deploy --simulate=sim --journal=here").with(64);
    assert!(error.contains("'--simulate <DIR>' cannot be used with '--journal <DIR>'"), "{error}");
}
