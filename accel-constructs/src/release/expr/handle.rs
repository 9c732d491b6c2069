//! What a program makes itself and reads again: jobs, steps, inputs, axes.

use accel_core::Text;

use super::{
    Expr, Read,
    context::{Inputs, Jobs, Matrix, Needs, Runtime, Secrets, Vars},
};
use crate::release::{Job, Step};

/// The input `name` of the workflow, as it was called or started.
pub fn input(name: impl Into<Text>) -> Expr<Inputs> {
    let name = name.into();
    Expr::property("inputs", &name, vec![Read::Input(name.clone())])
}

/// The axis `name` of the job's matrix, as it is in this run of the job.
pub fn matrix(name: impl Into<Text>) -> Expr<Matrix> {
    let name = name.into();
    Expr::property("matrix", &name, vec![Read::Axis(name.clone())])
}

/// A variable of the organization, the repository or the environment: `vars.NAME`.
#[must_use]
pub fn variable(name: &str) -> Expr<Vars> {
    Expr::property("vars", name, Vec::new())
}

/// A secret. One that a job reads is a secret of its environment; else whoever can push a branch can read
/// it, which is a warning.
#[must_use]
pub fn secret(name: &str) -> Expr<Secrets> {
    Expr::property("secrets", name, vec![Read::Secret(name.into())])
}

/// An environment variable, where no shell would read it.
#[must_use]
pub fn env(name: &str) -> Expr<Runtime> {
    Expr::property("env", name, Vec::new())
}

/// What another job leaves behind. A job that reads it waits for that job, without another word.
pub fn needs<K>(job: &Job<K>) -> JobOutputs {
    JobOutputs { id: job.id().into() }
}

/// See [`needs`].
#[derive(Clone, Debug)]
pub struct JobOutputs {
    id: Text,
}

impl JobOutputs {
    /// An output of the job.
    pub fn output(&self, name: impl Into<Text>) -> Expr<Needs> {
        let name = name.into();
        let read = Read::Job { id: self.id.clone(), output: Some(name.clone()) };
        Expr::property(&format!("needs.{}.outputs", self.id), &name, vec![read])
    }

    /// How it ended: `success`, `failure`, `cancelled` or `skipped`.
    #[must_use]
    pub fn result(&self) -> Expr<Needs> {
        let read = Read::Job { id: self.id.clone(), output: None };
        Expr::property(&format!("needs.{}", self.id), "result", vec![read])
    }
}

/// What an earlier step of the same job leaves behind. The step needs an id.
pub fn steps<A>(step: &Step<A>) -> StepOutputs {
    StepOutputs { id: step.own_id().cloned() }
}

/// See [`steps`].
#[derive(Clone, Debug)]
pub struct StepOutputs {
    id: Option<Text>,
}

impl StepOutputs {
    /// An output of the step.
    pub fn output(&self, name: impl Into<Text>) -> Expr<Runtime> {
        let name = name.into();
        let read = Read::Step { id: self.id.clone(), output: Some(name.clone()) };
        Expr::property(&format!("{}.outputs", self.context()), &name, vec![read])
    }

    /// How it ended, before `continue-on-error` changed that.
    #[must_use]
    pub fn outcome(&self) -> Expr<Runtime> {
        let read = Read::Step { id: self.id.clone(), output: None };
        Expr::property(&self.context(), "outcome", vec![read])
    }

    fn context(&self) -> String {
        format!("steps.{}", self.id.as_deref().unwrap_or_default())
    }
}

/// The output `name` of a job, where the outputs of a called workflow are put together:
/// [`WorkflowCall::output`](crate::release::WorkflowCall::output).
pub fn jobs<K>(job: &Job<K>, output: impl Into<Text>) -> Expr<Jobs> {
    let (id, output) = (Text::from(job.id()), output.into());
    let context = format!("jobs.{id}.outputs");
    Expr::property(&context, &output, vec![Read::CalledJob { id, output: output.clone() }])
}
