//! What the commands can find wrong.

use accel_core::Code;

/// All codes of this crate.
pub const ALL: &[&Code] = &[
    &INVALID_LOCK,
    &FOREIGN_FILE,
    &CANNOT_WRITE,
    &NO_ASSEMBLY,
    &NO_SUCH_CONSTRUCT,
    &UNKNOWN_PRINCIPAL,
    &UNREADABLE_POLICY,
    #[cfg(feature = "engine")]
    &NOT_DEPLOYED,
    #[cfg(feature = "engine")]
    &NOT_REVIEWED,
    #[cfg(feature = "engine")]
    &NO_RUN,
    #[cfg(feature = "engine")]
    &INTERRUPTED,
    #[cfg(feature = "engine")]
    &NO_CLOUD,
    #[cfg(feature = "engine")]
    &NO_CREDENTIALS,
    #[cfg(feature = "engine")]
    &MISSING_PARAMETER,
    #[cfg(feature = "engine")]
    &CREDENTIALS_EXPIRED,
    &UNKNOWN_REPOSITORY,
    &STATEFUL_LOSS,
    &UNKNOWN_ARCHETYPE,
    &INVALID_APPLICATION,
];

/// See [`Code::explanation`].
pub static INVALID_LOCK: Code = Code::new(
    "invalid-lock",
    "The lock file cannot be read, or does not hold what a deployment writes: a version, the ids of \
     accounts by name, and values by the stack or step that made them known. Take the committed one \
     back, or remove it and deploy to write it anew. Without `--lock` a missing `accel.lock` counts as an empty one; \
     a file that was named must exist.",
);

/// See [`Code::explanation`].
pub static FOREIGN_FILE: Code = Code::new(
    "foreign-file",
    "A file stands where generated ones are written, and is not one of them: `synth` writes only to a \
     directory that is empty or holds an assembly, and `write` only over files whose first lines say that \
     this app generated them, as the file that stands there; `new` over none at all. Nothing was changed. \
     Name another directory, or move the file away. JSON has no comments to say so: remove a JSON file to \
     have it written anew.",
);

/// See [`Code::explanation`].
pub static CANNOT_WRITE: Code = Code::new(
    "cannot-write",
    "The operating system did not let a file or directory be read or written; the message says which, \
     and why. An assembly's manifest is written last, so one that was interrupted is noticed.",
);

/// See [`Code::explanation`].
pub static NO_ASSEMBLY: Code = Code::new(
    "no-assembly",
    "The directory does not hold an assembly, or one that was written by another version, interrupted \
     or edited: every file must be what the manifest lists. Synthesize again.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static CREDENTIALS_EXPIRED: Code = Code::new(
    "credentials-expired",
    "The credentials were no longer valid when a thing was looked at or changed. What waits for it was \
     skipped, all else is done. Get new ones and run the same command again: it goes on where this one \
     stopped. The exit code is 5, so that a pipeline can do that by itself.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static NOT_REVIEWED: Code = Code::new(
    "not-reviewed",
    "Nobody has agreed to what would be done, so nothing was. AWS is changed after somebody has answered `yes` \
     at a terminal, with `--yes`, or with `--plan FILE` if what would be done now is what the file says, down \
     to the contents of the templates. If it is something else, the world or the app has changed since: plan \
     and review again. The exit code is 4.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static NO_RUN: Code = Code::new(
    "no-run",
    "The directory has no journal of a run, or not what the run was asked to do, so there is nothing to show or \
     to go on with. `--simulate=DIR`, `--journal DIR` and `--lock FILE` say where it is, as they did to the run.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static INTERRUPTED: Code = Code::new(
    "interrupted",
    "Somebody pressed Ctrl-C three times, and the run was left in the middle: operations that it has begun go \
     on in AWS, and the lock file has not what it learned. `resume`, or the same command again, looks at each \
     thing, waits for what still runs, and does the rest. The exit code is 5.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static NO_CLOUD: Code = Code::new(
    "no-cloud",
    "The program was built with the feature `simulate` alone, and no simulated cloud was named. Pass \
     `--simulate=DIR`; or build it with the feature `deploy`, which is what reaches AWS and brings the crates \
     for it.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static NO_CREDENTIALS: Code = Code::new(
    "no-credentials",
    "Nobody is signed in to AWS where the command runs: no variables, no profile, no single sign-on, no role \
     of a machine or of a workflow; or AWS does not know what there is. Nothing was looked at or changed. The credentials are those of the \
     management account, or of a delegated administrator; they are found where the command line tool of AWS \
     finds them.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static MISSING_PARAMETER: Code = Code::new(
    "missing-parameter",
    "A template has a parameter without a default, and the program says no value for it, because only people \
     know it. Give it as `--parameter PATH.NAME=VALUE`: the construct path of the stack or stack set, the \
     parameter's name, the value; or several in a file, `--parameters FILE`, as a JSON object of texts by \
     `PATH.NAME`. It is given at every deployment; it is kept nowhere but in AWS. A name that \
     needs no value is an error, so that a slip of the pen is none.",
);

/// See [`Code::explanation`].
#[cfg(feature = "engine")]
pub static NOT_DEPLOYED: Code = Code::new(
    "not-deployed",
    "A step, stack or stack set could not be looked at or brought to what the app says; the message has \
     its construct path and the words of AWS. What waits for it was skipped, all else is done. Mend the \
     cause and run the same command again: every thing is looked at before it is changed, so what is done \
     is not done twice.",
);

/// See [`Code::explanation`].
pub static NO_SUCH_CONSTRUCT: Code = Code::new(
    "no-such-construct",
    "The tree has no construct at this path. A path is the ids from below the app, with `/` between \
     them, as `tree` and diagnostics show it: `prod/eu-west-1/apps/vpc`.",
);

/// See [`Code::explanation`].
pub static UNKNOWN_REPOSITORY: Code = Code::new(
    "unknown-repository",
    "The app generates nothing for this repository, so there is nothing to write into a checkout of it, \
     and its generated files are not removed: that could be a slip of the pen. Name a repository as the \
     app opens it, `owner/name`. If it opened this one once, remove its generated files by hand.",
);

/// See [`Code::explanation`].
pub static STATEFUL_LOSS: Code = Code::new(
    "stateful-loss",
    "Deploying would replace or delete a resource that holds data, a name or a state that cannot be \
     had back. If the construct was only renamed or moved, say so with `app.moved(old, new)`, and \
     nothing is replaced. To keep a resource that leaves the app, give it a deletion policy first, and \
     deploy that. If the loss is meant, pass `--allow-replace` or `--allow-delete`.",
);

/// See [`Code::explanation`].
pub static UNKNOWN_ARCHETYPE: Code = Code::new(
    "unknown-archetype",
    "There is no archetype of this name. `microservice` is a service that is one image, `spa` a \
     single-page application, `library` what other programs depend on, `executable` a program that people \
     download.",
);

/// See [`Code::explanation`].
pub static INVALID_APPLICATION: Code = Code::new(
    "invalid-application",
    "The name of an application becomes a part of names of clusters, images and hosts: 1 to 40 lower-case \
     letters, digits and single hyphens, the first a letter, the last no hyphen. An owner is a user or an \
     organization of GitHub: up to 39 letters, digits and single hyphens.",
);

/// See [`Code::explanation`].
pub static UNKNOWN_PRINCIPAL: Code = Code::new(
    "unknown-principal",
    "Nobody of this name is in the assembly. `prod` is an administrator of the account, who may do whatever \
     the organization lets them, `prod/NAME` a role by its name or by its construct path \
     (`prod/eu-west-1/apps/worker/role`), `prod:root` the account's root user, `cloudtrail.amazonaws.com` a \
     service; an ARN of a user, a role or a session may be of another organization.",
);

/// See [`Code::explanation`].
pub static UNREADABLE_POLICY: Code = Code::new(
    "unreadable-policy",
    "A policy that is in force for the request cannot be read as one, so nothing can be said of the request. \
     The message has its name and what is wrong. A policy that `Fn::If` puts together is not known before \
     it is deployed.",
);
