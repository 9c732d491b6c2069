use accel_core::App;
use accel_synth::Assembly;
use clap::Args;

use crate::{
    input::{Input, Written},
    problem::Problems,
};

/// Where an assembly comes from.
pub(crate) trait Source: Args {
    /// What it is made of.
    type From;

    /// The assembly, and the warnings.
    fn assembly(&self, from: Self::From, input: &Input) -> Result<(Assembly, Problems), Problems>;
}

/// The app of the program, synthesized now.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct Live {}

impl Source for Live {
    type From = App;

    fn assembly(&self, app: App, input: &Input) -> Result<(Assembly, Problems), Problems> {
        input.synthesize(app)
    }
}

/// An assembly on disk: of this version, and every file what the manifest says.
impl Source for Written {
    type From = ();

    fn assembly(&self, (): (), _: &Input) -> Result<(Assembly, Problems), Problems> {
        Ok((self.read()?, Problems::default()))
    }
}
