//! What repositories and workflows can find wrong while they are built.

use accel_core::Code;

/// All codes of this pillar.
pub const ALL: &[&Code] = &[
    &INVALID_REPOSITORY,
    &NO_TRIGGER,
    &NO_JOB,
    &NO_STEP,
    &INVALID_NAME,
    &DUPLICATE_NAME,
    &UNKNOWN_JOB,
    &JOB_CYCLE,
    &UNKNOWN_STEP,
    &UNKNOWN_OUTPUT,
    &UNKNOWN_INPUT,
    &MISSING_INPUT,
    &INVALID_INPUT,
    &UNKNOWN_AXIS,
    &MATRIX_SIZE,
    &TOO_MANY_INPUTS,
    &INVALID_CRON,
    &EMPTY_SCRIPT,
    &EXPRESSION_IN_SCRIPT,
    &UNTYPED_EXPRESSION,
    &EXPRESSION_SIZE,
    &UNPINNED_ACTION,
    &UNSAFE_CHECKOUT,
    &SECRET_WITHOUT_ENVIRONMENT,
    &CACHE_IN_RELEASE,
    &ROLE_WITHOUT_SUBJECT,
    &UNTRUSTED_ENVIRONMENT,
    &DUPLICATE_STAGE,
    &EMPTY_WORKFLOW_SET,
];

macro_rules! codes {
    ($($name:ident = $code:literal: $explanation:literal;)+) => {$(
        /// See [`Code::explanation`].
        pub static $name: Code = Code::new($code, $explanation);
    )+};
}

codes! {
    INVALID_REPOSITORY = "invalid-repository":
        "A repository of GitHub is named `owner/name`, as in its address. The owner is made of up to 39 \
         letters, digits and single hyphens, the name of up to 100 letters, digits, `-`, `_` and `.`.";
    NO_TRIGGER = "workflow-without-trigger":
        "Nothing starts the workflow. Add a trigger: `.on(Push::new())`, `.on(WorkflowDispatch::new())`, ...";
    NO_JOB = "workflow-without-job":
        "The workflow has nothing to do. GitHub refuses a workflow without jobs.";
    NO_STEP = "job-without-step":
        "The job has nothing to do. GitHub refuses a job without steps.";
    INVALID_NAME = "workflow-invalid-name":
        "The id of a job or a step starts with a letter or `_` and goes on with letters, digits, `-` and \
         `_`; ids that start with `__` are GitHub's own. An environment variable is the same without `-`, and \
         GitHub's own begin with `GITHUB_`.";
    DUPLICATE_NAME = "workflow-duplicate-name":
        "Two jobs of a workflow, or two steps of a job, have one id. Letters differ by more than their case.";
    UNKNOWN_JOB = "unknown-job":
        "A job waits for a job, or reads what a job left, that the workflow does not have. Mostly the other \
         one was made but not added: `workflow.job(build)`.";
    JOB_CYCLE = "job-cycle":
        "Jobs wait for each other in a circle, so none of them would ever start. Reading an output of a job \
         is waiting for it, too.";
    UNKNOWN_STEP = "unknown-step":
        "A step reads what a step left that is not before it in the same job, or that has no id to be read by. \
         Give the step an id, `Step::run(..).id(\"build\")`, and hand values to other jobs as outputs of \
         the job.";
    UNKNOWN_OUTPUT = "unknown-output":
        "An output is read that the job, the action or the workflow does not have. GitHub would take it for \
         an empty text without a word.";
    UNKNOWN_INPUT = "unknown-input":
        "An input is given or read that the workflow or the action does not have. GitHub would take it for an \
         empty text, or ignore it with a warning nobody sees.";
    MISSING_INPUT = "missing-input":
        "An action or a workflow is used without an input or a secret that it cannot do without.";
    INVALID_INPUT = "invalid-action-input":
        "An input has a value that the action does not know.";
    UNKNOWN_AXIS = "unknown-axis":
        "A job reads an axis that its matrix does not have, or has no matrix at all.";
    MATRIX_SIZE = "matrix-size":
        "A matrix makes more than the 256 jobs that GitHub allows, or none at all. Split it into two jobs, or leave combinations out.";
    TOO_MANY_INPUTS = "too-many-inputs":
        "GitHub asks for at most 25 inputs when a workflow is started by hand. Several small ones can be one \
         JSON text.";
    INVALID_CRON = "invalid-cron":
        "A schedule has five fields: minute, hour, day of the month, month, day of the week. Each is `*`, a \
         number, a range `a-b`, a list `a,b` or a step `*/n`; months and days of the week have names, too. \
         GitHub knows neither seconds nor `@daily`.";
    EMPTY_SCRIPT = "empty-script":
        "A step runs a script with nothing in it.";
    EXPRESSION_IN_SCRIPT = "expression-in-script":
        "GitHub puts the value of `${{ }}` into a script before the script runs: whoever can name a branch \
         or title a pull request can run code with the job's secrets. Hand the value over as an environment \
         variable, `.env(\"TITLE\", github::event(\"pull_request.title\"))`, and read it as `\"$TITLE\"`. \
         The same holds for inputs of actions that are programs.";
    UNTYPED_EXPRESSION = "untyped-expression":
        "A text has `${{ }}` in it. Expressions are typed, so that one that GitHub does not offer at a key \
         does not compile: `\"deploy-\" + github::REF_NAME`. One that has no typed form is \
         `Expr::<context::Github>::raw(\"..\")`.";
    EXPRESSION_SIZE = "expression-size":
        "GitHub takes expressions of at most 21,000 characters.";
    UNPINNED_ACTION = "unpinned-action":
        "An action is pinned to a commit of 40 hexadecimal digits, a container's image to a digest. A tag \
         can be moved by whoever owns the action, or stole it. Where the catalogue has the action, commit and \
         version are those of the catalogue.";
    UNSAFE_CHECKOUT = "unsafe-checkout":
        "The workflow runs for events that somebody outside can cause, with the secrets and the token of the \
         repository, and checks out what that somebody wrote: one script, test or build file of it that is \
         run, and the secrets are gone. Use `PullRequest`, which has no secrets. If nothing of it is ever run, \
         say why with `.acknowledge_pwn_request_risk(\"..\")`.";
    SECRET_WITHOUT_ENVIRONMENT = "secret-without-environment":
        "A job reads a secret and runs in no environment, so the secret is one of the whole repository: everybody \
         who can push a branch can change a workflow and read it. Make it a secret of an environment, whose \
         rules say which branches and who, and name that: `.environment(\"prod\")`.";
    CACHE_IN_RELEASE = "cache-in-release":
        "A workflow that releases takes what an earlier run left in a cache. A run for a pull request can fill \
         that, with what nobody has reviewed, and it would be released. Leave the cache to workflows that \
         test.";
    ROLE_WITHOUT_SUBJECT = "role-without-subject":
        "A role for workflows trusts the runs that are named, by their environment, branch or tag. Without any, \
         nobody could assume it; trusting every run of a repository is not offered, as everybody who can \
         push a branch could then become the role.";
    UNTRUSTED_ENVIRONMENT = "untrusted-environment":
        "A workflow assumes a role in an environment that the role does not trust, or in another repository \
         than the role's: AWS would refuse it when the workflow runs. Add the environment to the role's \
         `.trusts([GithubSubject::environment(\"prod\")])`, or hand over the role that is meant.";
    DUPLICATE_STAGE = "duplicate-stage":
        "Two stages of one set of workflows are one environment of the repository, so whoever may deploy to the \
         one may deploy to the other, and both would write to one place. Give each stage its own environment.";
    EMPTY_WORKFLOW_SET = "empty-workflow-set":
        "A set of workflows has nothing to run on: an executable without a platform to build for, a library \
         without a version of its language to test with, an infrastructure without a stage to deploy.";
}
