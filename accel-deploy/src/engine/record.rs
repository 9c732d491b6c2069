//! Keeps the record of what is deployed.

use tokio::time::sleep;

use super::{PAUSE, ROUNDS, Shared, Trouble, settle::is_settled_by_looking};
use crate::{
    cloud::{Cloud, Place, s3::PutObject},
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
        let mut begun = kept.record.begun(&self.graph, paths);
        self.note_formers(&mut begun, paths).await?;
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
        self.hold().await?;
        let place = Place::caller(REGION);
        let put = PutObject {
            bucket: self.bucket(&place).await?,
            key: KEY.to_owned(),
            // Plain structs of texts always serialize.
            body: serde_json::to_string(&record).unwrap_or_default(),
            if_none_match: kept.e_tag.is_none().then(|| "*".to_owned()),
            if_match: kept.e_tag.clone(),
            content_type: Some("application/json".to_owned()),
        };
        let mut last = String::new();
        for _ in 0..ROUNDS {
            match self.call(&place, &put).await {
                Ok(written) => {
                    *kept = Kept { record, e_tag: Some(written.e_tag) };
                    return Ok(());
                }
                Err(error) if is_settled_by_looking(error.class) => last = error.to_string(),
                Err(error) => return Err(error.into()),
            }
            // The reply was lost, nothing was done, or somebody else has written: the look tells.
            let there = Deployed::kept(&*self.cloud, &self.graph.manifest.app).await?;
            if there.record == record {
                *kept = there;
                return Ok(());
            }
            if there.e_tag != kept.e_tag {
                return Err(others_deploy());
            }
            sleep(PAUSE).await;
        }
        Err(Trouble::Refused(format!("the record of what is deployed cannot be written: {last}")))
    }
}

fn others_deploy() -> Trouble {
    Trouble::Refused(
        "another run has deployed this app since this one looked; run again to go on from there"
            .to_owned(),
    )
}
