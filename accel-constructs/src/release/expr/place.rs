//! Where an expression can stand, as types: the keys of a workflow that are offered the same
//! [contexts](super::context).

macro_rules! places {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub enum $name {}
    )+};
}
places! {
    /// The name of a run, and the concurrency of a workflow.
    Workflow;
    /// The environment variables of a workflow.
    WorkflowEnv;
    /// The outputs of a workflow that is called.
    CallOutput;
    /// The condition of a job.
    JobCondition;
    /// The matrix of a job.
    Strategy;
    /// What a job is: its name, runner, container, services, environment, timeout, concurrency, and
    /// the inputs of a workflow that it calls.
    JobSetting;
    /// The environment variables of a job, and the secrets for a workflow that it calls.
    JobEnv;
    /// The address of a deployment.
    EnvironmentUrl;
    /// The outputs of a job, and the environment variables of containers.
    JobOutput;
    /// The user and the password for the image of a container.
    Credentials;
    /// The condition of a step.
    StepCondition;
    /// What a step does: its name, inputs, environment variables, timeout.
    Step;
}
