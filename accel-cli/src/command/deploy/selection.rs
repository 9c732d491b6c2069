use accel_core::nearest;
use accel_deploy::Graph;
use clap::Args;

use crate::{
    codes,
    problem::{Problem, Problems},
};

/// What of an assembly is meant.
#[derive(Args, Debug)]
pub(super) struct Selection {
    /// Only what has this construct path or is below it, and all that it waits for
    #[arg(long, value_name = "PATH")]
    only: Vec<String>,
}

impl Selection {
    pub(super) fn only(&self) -> &[String] {
        &self.only
    }

    /// The paths of what is meant and of all that it waits for.
    pub(super) fn paths(&self, graph: &Graph) -> Result<Vec<String>, Problems> {
        paths(&self.only, graph)
    }
}

/// The paths of what is or is below one of `only`, if there are any, and of all that it waits for.
pub(super) fn paths(only: &[String], graph: &Graph) -> Result<Vec<String>, Problems> {
    let is_in = |path: &str, only: &String| {
        path.strip_prefix(only.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if let Some(nothing) = only.iter().find(|only| !graph.nodes().any(|it| is_in(&it.path, only))) {
        let message = format!("nothing that is deployed is called or below `{nothing}`");
        let help = match nearest(nothing, graph.nodes().map(|node| node.path.as_str())) {
            Some(nearest) => format!("did you mean `{nearest}`? `plan` shows the paths"),
            None => "`plan` shows the paths".to_owned(),
        };
        return Err(Problem::new(&codes::NO_SUCH_CONSTRUCT, message).help(help).into());
    }
    Ok(graph.with_what_they_wait_for(|path| {
        only.is_empty() || only.iter().any(|only| is_in(path, only))
    }))
}
