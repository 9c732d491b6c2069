use clap::Args;

use super::{Wanted, destination::Destination, session::Session, source::Source};
use crate::problem::Problems;

/// An assembly, and the cloud it goes to or is in already.
#[derive(Args, Debug)]
pub(super) struct Deployment<S: Source> {
    #[command(flatten)]
    source: S,
    #[command(flatten)]
    pub(super) destination: Destination,
}

impl<S: Source> Deployment<S> {
    pub(super) fn open(&self, from: S::From) -> Result<Session, Problems> {
        let found = self.source.assembly(from, &self.destination.input())?;
        Session::open(&self.destination, found, Wanted::App)
    }
}
