use accel_core::App;
use accel_synth::Assembly;
use clap::Args;

use super::lines::Lines;
use crate::{
    input::{Input, Written},
    problem::Problems,
};

/// Where an assembly comes from.
pub(crate) trait Source: Args {
    /// What it is made of.
    type From;

    /// The assembly, and what is known of it.
    fn assembly(&self, from: Self::From, input: &Input) -> Result<Found, Problems>;
}

/// An assembly, and what is known of it.
pub(crate) struct Found {
    pub(super) assembly: Assembly,
    pub(super) warnings: Problems,
    pub(super) lines: Lines,
}

/// The app of the program, synthesized now.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct Live {}

impl Source for Live {
    type From = App;

    fn assembly(&self, app: App, input: &Input) -> Result<Found, Problems> {
        let lines = Lines::of(&app);
        // A deployment takes long: the app's memory is given back.
        let (assembly, warnings) = input.synthesize_by(accel_synth::synth, app)?;
        Ok(Found { assembly, warnings, lines })
    }
}

/// An assembly on disk: of this version, and every file what the manifest says.
impl Source for Written {
    type From = ();

    fn assembly(&self, (): (), _: &Input) -> Result<Found, Problems> {
        let (warnings, lines) = (Problems::default(), Lines::default());
        Ok(Found { assembly: self.read()?, warnings, lines })
    }
}
