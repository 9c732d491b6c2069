//! Keeps the record of what is deployed.

use super::{Shared, Trouble};
use crate::{
    cloud::{Cloud, ErrorClass, Place, s3::PutObject},
    deployed::{Deployed, KEY, Kept, REGION},
};

impl<C: Cloud> Shared<C> {
    /// Writes what a run is about to make, before it makes it; nothing if the run keeps no record.
    pub(super) async fn keep_what_is_begun(
        &self,
        paths: &[String],
    ) -> Result<Option<Kept>, Trouble> {
        let Some(planned_on) = &self.graph.deployed else { return Ok(None) };
        let mut kept = Deployed::kept(&*self.cloud, &self.graph.manifest.app).await?;
        if kept.record != *planned_on {
            return Err(others_deploy());
        }
        let begun = kept.record.begun(&self.graph, paths);
        self.keep(&mut kept, begun).await?;
        Ok(Some(kept))
    }

    pub(super) async fn keep_what_is_done(
        &self,
        kept: Option<Kept>,
        paths: &[&str],
    ) -> Result<(), Trouble> {
        let Some(mut kept) = kept else { return Ok(()) };
        let values = self.values().clone();
        let done = kept.record.done(&self.graph, paths, &values);
        self.keep(&mut kept, done).await
    }

    async fn keep(&self, kept: &mut Kept, record: Deployed) -> Result<(), Trouble> {
        if kept.record == record {
            return Ok(());
        }
        let place = Place::caller(REGION);
        // Plain structs of texts always serialize.
        let body = serde_json::to_string(&record).unwrap_or_default();
        let put = PutObject {
            bucket: self.bucket(&place).await?,
            key: KEY.to_owned(),
            body,
            if_none_match: kept.e_tag.is_none().then(|| "*".to_owned()),
            if_match: kept.e_tag.clone(),
            content_type: Some("application/json".to_owned()),
        };
        let written = match self.call(&place, &put).await {
            Ok(written) => written.e_tag,
            // The reply was lost, or somebody else has written: the look tells.
            Err(error) if matches!(error.class, ErrorClass::Ambiguous | ErrorClass::Stale) => {
                let there = Deployed::kept(&*self.cloud, &self.graph.manifest.app).await?;
                match there.e_tag {
                    Some(e_tag) if there.record == record => e_tag,
                    _ if error.class == ErrorClass::Ambiguous => return Err(error.into()),
                    _ => return Err(others_deploy()),
                }
            }
            Err(error) => return Err(error.into()),
        };
        *kept = Kept { record, e_tag: Some(written) };
        Ok(())
    }
}

fn others_deploy() -> Trouble {
    Trouble::Refused(
        "another run has deployed this app since this one looked; run again to go on from there"
            .to_owned(),
    )
}
