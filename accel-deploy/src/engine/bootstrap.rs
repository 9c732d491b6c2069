//! What has to be there before anything is deployed.

use std::collections::BTreeSet;

use super::{Engine, Trouble};
use crate::{
    cloud::{Cloud, Place},
    deployed::REGION,
    engine::outcome::Failure,
    graph::Subject,
};

impl<C: Cloud + 'static> Engine<C> {
    /// Makes the buckets that a deployment uses, as far as they are not there, and gives back their names: the one of
    /// the record of what is deployed, and one in each region whose templates are too large to be sent inline.
    ///
    /// # Errors
    /// If a bucket cannot be looked at or made.
    pub async fn bootstrap(&self) -> Result<Vec<String>, Failure> {
        self.make_buckets().await.map_err(|trouble| self.shared.failure("", &trouble))
    }

    async fn make_buckets(&self) -> Result<Vec<String>, Trouble> {
        let shared = &self.shared;
        let uploads = shared.graph.nodes().filter_map(|node| match &node.subject {
            Subject::Stack(stack) if stack.template.upload => Some(stack.region.clone()),
            Subject::StackSet(set) if set.template.upload => Some(shared.administrator(set).region),
            _ => None,
        });
        let uploads: BTreeSet<String> = uploads.collect();
        let mut buckets = vec![shared.bucket(&Place::caller(REGION)).await?];
        for region in &uploads {
            let place = Place::caller(region);
            let bucket = shared.bucket(&place).await?;
            shared.let_members_read(&place, &bucket).await?;
            if region != REGION {
                buckets.push(bucket);
            }
        }
        Ok(buckets)
    }
}
