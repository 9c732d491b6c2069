//! What keeps a deployment from being done, and the way out of it.

use accel_deploy::{CloudError, ErrorClass, Failure};

use crate::{codes, problem::Problem};

const NEW_CREDENTIALS: &str =
    "get new credentials, and run the same command again: it goes on where it stopped";

/// A node that is not what it should be.
pub(super) fn of_node(failure: &Failure) -> Problem {
    let message = match failure.path.as_str() {
        "" => failure.reason.clone(),
        path => format!("`{path}`: {}", failure.reason),
    };
    match failure {
        Failure { guarded: true, .. } => Problem::new(&codes::STATEFUL_LOSS, message).help(
            "if it was renamed, say so with `app.moved(old, new)`; if the loss is meant, pass the flag",
        ),
        Failure { expired: true, .. } => {
            Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS)
        }
        _ => Problem::new(&codes::NOT_DEPLOYED, message).help(
            "mend the cause, and run the same command again: what is done is not done again",
        ),
    }
}

/// A node that cannot be looked at, so that nothing is planned.
pub(super) fn of_look(failure: &Failure) -> Problem {
    let message = match failure.path.as_str() {
        "" => failure.reason.clone(),
        path => format!("`{path}` cannot be looked at: {}", failure.reason),
    };
    if failure.expired {
        return Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS);
    }
    Problem::new(&codes::NOT_DEPLOYED, message)
        .help("what is not known is not planned on: give the caller what it lacks, or try again")
}

/// What earlier runs have deployed cannot be read.
pub(super) fn of_record(error: &CloudError) -> Problem {
    let message = format!("what earlier runs have deployed cannot be read: {error}");
    match error.class {
        ErrorClass::Expired => {
            Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS)
        }
        _ if error.code == "NoCredentials" => {
            Problem::new(&codes::NO_CREDENTIALS, error.message.clone()).help(
                "sign in as for the command line tool of AWS (`aws sso login`, `AWS_PROFILE`, variables, a \
                 role in CI), or try it without an account by `--simulate=DIR`",
            )
        }
        _ => Problem::new(&codes::NOT_DEPLOYED, message)
            .help("give the caller what it lacks, or use the version that deployed last"),
    }
}
