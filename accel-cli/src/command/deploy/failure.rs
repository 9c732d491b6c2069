//! What keeps a deployment from being done, and the way out of it.

use accel_deploy::{CloudError, ErrorClass, Failure};

use super::{lines::Named, session::Session};
use crate::{codes, problem::Problem};

const SIGN_IN: &str = "sign in as for the command line tool of AWS (`aws sso login`, `AWS_PROFILE`, variables, a \
     role in CI), or try it without an account by `--simulate=DIR`";

const NEW_CREDENTIALS: &str =
    "get new credentials, and run the same command again: it goes on where it stopped";

/// A node that is not what it should be.
pub(super) fn of_node(session: &Session, failure: &Failure) -> Problem {
    let message = format!("{}{}", place(session, failure), failure.reason);
    let problem = match failure {
        Failure { guarded: true, .. } => Problem::new(&codes::STATEFUL_LOSS, message).help(
            "if it was renamed, say so with `app.moved(old, new)`; if the loss is meant, pass the flag",
        ),
        Failure { expired: true, .. } => {
            Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS)
        }
        _ => Problem::new(&codes::NOT_DEPLOYED, message).help(
            "mend the cause, and run the same command again: what is done is not done again",
        ),
    };
    located(session, failure, problem)
}

/// A node that cannot be looked at, so that nothing is planned.
pub(super) fn of_look(session: &Session, failure: &Failure) -> Problem {
    let place = place(session, failure);
    let sees = if place.is_empty() { "" } else { "cannot be looked at: " };
    let message = format!("{place}{sees}{}", failure.reason);
    let problem = if failure.expired {
        Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS)
    } else {
        let help = match failure.path.as_str() {
            "" => "mend the cause, and run the same command again",
            _ => "what is not known is not planned on: give the caller what it lacks, or try again",
        };
        Problem::new(&codes::NOT_DEPLOYED, message).help(help)
    };
    located(session, failure, problem)
}

/// The construct path of a node, and the account and region that it is in.
fn place(session: &Session, failure: &Failure) -> String {
    let node = session.graph.get(&failure.path);
    match (failure.path.as_str(), node.and_then(|it| Some((it.account()?, it.region()?)))) {
        ("", _) => String::new(),
        (path, None) => format!("`{path}`: "),
        (path, Some((account, region))) => {
            let account_id = session.assembly.manifest().accounts.get(account);
            let id = account_id.and_then(|account| account.id.as_deref());
            let id = id.map(|id| format!(" {id}")).unwrap_or_default();
            format!("`{path}` ({account}{id}, {region}): ")
        }
    }
}

/// With the line of the program, and the constructs that AWS speaks of.
fn located(session: &Session, failure: &Failure, mut problem: Problem) -> Problem {
    let Failure { path, reason, .. } = failure;
    let named = session.lines.named_in(session.assembly.manifest(), path, reason);
    if let Some(location) = session.lines.find(path) {
        problem = problem.at(location);
    }
    for Named { logical_id, construct, location } in named {
        problem = problem.note(format!("`{logical_id}` is `{construct}`"), location);
    }
    problem
}

/// What earlier runs have deployed cannot be read.
pub(super) fn of_record(error: &CloudError) -> Problem {
    let message = format!("what earlier runs have deployed cannot be read: {error}");
    match error.class {
        ErrorClass::Expired => {
            Problem::new(&codes::CREDENTIALS_EXPIRED, message).help(NEW_CREDENTIALS)
        }
        _ if error.code == "NoCredentials" => {
            Problem::new(&codes::NO_CREDENTIALS, error.message.clone()).help(SIGN_IN)
        }
        // The first that is asked is who calls.
        _ if error.call == "sts:GetCallerIdentity" && error.class == ErrorClass::Denied => {
            let message = format!("AWS does not take the credentials: {}", error.message);
            Problem::new(&codes::NO_CREDENTIALS, message).help(SIGN_IN)
        }
        ErrorClass::Ambiguous | ErrorClass::Throttled => {
            Problem::new(&codes::NOT_DEPLOYED, message)
                .help("see that AWS can be reached from here, and try again")
        }
        _ => Problem::new(&codes::NOT_DEPLOYED, message)
            .help("give the caller what it lacks, or use the version that deployed last"),
    }
}
