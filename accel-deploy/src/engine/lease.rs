//! One run of an app at a time: an object in the bootstrap bucket says who deploys, and until when.
//!
//! It is advisory. What two runs do to each other all the same, the look and the record's conditional
//! writes show.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::{PAUSE, ROUNDS, Shared, Trouble, settle::is_settled_by_looking};
use crate::{
    cloud::{
        Cloud, CloudError, ErrorClass, Place, date_time,
        s3::{DeleteObject, GetObject, PutObject},
    },
    deployed::REGION,
    engine::bucket::bucket_name,
    graph::Graph,
    plan::digest,
};

const KEY: &str = "lock.json";

/// So long a run holds an app that does not renew its lease. AWS takes requests whose time is five minutes off, so
/// that two clocks are at most ten minutes apart.
const LASTS: Duration = Duration::from_secs(15 * 60);

const RENEWAL: Duration = Duration::from_secs(3 * 60);

/// Who deploys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lease {
    holder: String,
    /// What is deployed, as a digest.
    content: String,
    /// Milliseconds since the epoch of Unix, by the cloud's clock; no two runs of a holder begin at once.
    since: u64,
    until: u64,
}

impl Lease {
    /// The run that was killed, and the one that finishes it.
    fn is_of_the_kind_of(&self, other: &Self) -> bool {
        (&self.holder, &self.content) == (&other.holder, &other.content)
    }
}

/// A lease as it was read, and what tells whether it is another one since.
type Found = Option<(Lease, String)>;

/// What a run knows of the lease.
#[derive(Debug, Default)]
pub(super) struct Held {
    bucket: String,
    lease: Option<Lease>,
    e_tag: Option<String>,
    /// Whether a run of this kind that was killed has left it.
    is_left: bool,
    /// Why the run may change nothing more.
    lost: Option<String>,
}

impl<C: Cloud> Shared<C> {
    /// Refuses to go on if another run holds the app. It changes nothing: a run that has nothing to do holds
    /// nothing.
    pub(super) async fn look_at_lease(&self) -> Result<(), Trouble> {
        // A run that keeps no record has no bucket to speak of.
        if self.graph.deployed.is_none() {
            return Ok(());
        }
        let caller = self.caller().await?;
        let mut held = self.held.lock().await;
        held.bucket = bucket_name(&self.graph.manifest.app, &caller.account, REGION);
        let since = self.milliseconds();
        let lease = Lease {
            holder: self.holder.get().unwrap_or(&caller.arn).clone(),
            content: content(&self.graph),
            since,
            until: since,
        };
        let found = self.read_lease(&held.bucket).await?;
        self.refuse_if_held(&held.bucket, &lease, found.as_ref())?;
        held.is_left = found.as_ref().is_some_and(|(there, _)| there.is_of_the_kind_of(&lease));
        held.e_tag = found.map(|(_, e_tag)| e_tag);
        held.lease = Some(lease);
        Ok(())
    }

    /// Takes the lease, before the first change of a run.
    pub(super) async fn hold(&self) -> Result<(), Trouble> {
        let mut held = self.held.lock().await;
        if let Some(reason) = &held.lost {
            return Err(Trouble::Held(reason.clone()));
        }
        let now = self.milliseconds();
        match held.lease.clone() {
            Some(lease) if lease.until == lease.since => {
                self.bucket(&Place::caller(REGION)).await?;
                self.write_lease(&mut held, lease).await
            }
            Some(lease) if lease.until <= now => {
                let reason = "the lease of this run has ended, and could not be renewed; run again";
                held.lost = Some(reason.to_owned());
                Err(Trouble::Held(reason.to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Renews the lease as long as the run goes on.
    pub(super) async fn keep_lease(&self) {
        loop {
            sleep(RENEWAL).await;
            let mut held = self.held.lock().await;
            let Some(lease) = held.lease.clone().filter(|it| it.until > it.since) else { continue };
            // What cannot be renewed now may be the next time. Whether it has ended, who holds it asks.
            if held.lost.is_none() {
                self.write_lease(&mut held, lease).await.ok();
            }
        }
    }

    /// Gives the lease back, if the run has taken it or finishes one that had; says so if it has lost it
    /// meanwhile.
    pub(super) async fn give_lease_back(&self) -> Result<(), Trouble> {
        let mut held = self.held.lock().await;
        if let Some(reason) = &held.lost {
            return Err(Trouble::Held(reason.clone()));
        }
        let is_left = held.is_left;
        let lease = held.lease.take().filter(|lease| is_left || lease.until > lease.since);
        let Some(lease) = lease else { return Ok(()) };
        let place = Place::caller(REGION);
        for _ in 0..ROUNDS {
            let delete = DeleteObject {
                bucket: held.bucket.clone(),
                key: KEY.to_owned(),
                if_match: held.e_tag.clone(),
            };
            match self.call(&place, &delete).await {
                Ok(_) => return Ok(()),
                Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
                Err(error) if is_settled_by_looking(error.class) => {}
                Err(error) => return Err(error.into()),
            }
            match self.read_lease(&held.bucket).await? {
                Some((there, e_tag)) if there.is_of_the_kind_of(&lease) => {
                    held.e_tag = Some(e_tag);
                }
                _ => return Ok(()),
            }
            sleep(PAUSE).await;
        }
        // It ends by itself.
        Ok(())
    }

    async fn write_lease(&self, held: &mut Held, mut lease: Lease) -> Result<(), Trouble> {
        let place = Place::caller(REGION);
        let mut last = String::new();
        for _ in 0..ROUNDS {
            let lasts = u64::try_from(LASTS.as_millis()).unwrap_or(u64::MAX);
            lease.until = self.milliseconds().saturating_add(lasts);
            let put = PutObject {
                bucket: held.bucket.clone(),
                key: KEY.to_owned(),
                // Plain structs of texts and numbers always serialize.
                body: serde_json::to_string(&lease).unwrap_or_default(),
                if_none_match: held.e_tag.is_none().then(|| "*".to_owned()),
                if_match: held.e_tag.clone(),
                content_type: Some("application/json".to_owned()),
            };
            match self.call(&place, &put).await {
                Ok(written) => {
                    held.e_tag = Some(written.e_tag);
                    held.lease = Some(lease);
                    return Ok(());
                }
                Err(error) if is_settled_by_looking(error.class) => last = error.to_string(),
                // What was to be replaced is no longer there.
                Err(error) if error.class == ErrorClass::NotFound => last = error.to_string(),
                Err(error) => return Err(error.into()),
            }
            // The reply was lost, nothing was done, or somebody else has written: the look tells.
            let found = self.read_lease(&held.bucket).await?;
            if let Err(trouble) = self.refuse_if_held(&held.bucket, &lease, found.as_ref()) {
                held.lost = Some(trouble.to_string());
                return Err(trouble);
            }
            match found {
                Some((found, e_tag)) if found == lease => {
                    held.e_tag = Some(e_tag);
                    held.lease = Some(lease);
                    return Ok(());
                }
                found => held.e_tag = found.map(|(_, e_tag)| e_tag),
            }
            sleep(PAUSE).await;
        }
        Err(Trouble::Refused(format!("`{KEY}` in `{}` cannot be written: {last}", held.bucket)))
    }

    async fn read_lease(&self, bucket: &str) -> Result<Found, Trouble> {
        let get = GetObject { bucket: bucket.to_owned(), key: KEY.to_owned() };
        let object = match self.call(&Place::caller(REGION), &get).await {
            Ok(object) => object,
            Err(error) if error.class == ErrorClass::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let lease = serde_json::from_str(&object.body).map_err(|error| {
            let message = format!("`{KEY}` in `{bucket}` says not who deploys: {error}; delete it");
            CloudError { message, ..CloudError::unreadable("s3", "GetObject", &error) }
        })?;
        Ok(Some((lease, object.e_tag)))
    }

    /// A lease that has ended holds nobody, and that of a run that was killed not the one that finishes it.
    fn refuse_if_held(
        &self,
        bucket: &str,
        ours: &Lease,
        found: Option<&(Lease, String)>,
    ) -> Result<(), Trouble> {
        let Some((there, _)) = found else { return Ok(()) };
        let is_newer = ours.until > ours.since && there.since > ours.since;
        let is_ours = there.is_of_the_kind_of(ours) && !is_newer;
        if there.until <= self.milliseconds() || is_ours {
            return Ok(());
        }
        Err(Trouble::Held(format!(
            "`{}` deploys this app since {} and holds it until {}: wait for it; if that run is no more, delete \
             `{KEY}` in the bucket `{bucket}`",
            there.holder,
            date_time(Duration::from_millis(there.since)),
            date_time(Duration::from_millis(there.until)),
        )))
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.cloud.now().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The same for what a run deploys and for what it goes on with after it was killed: ids of accounts that the
/// first has learned are not part of it, and neither are documents, which hold such ids.
fn content(graph: &Graph) -> String {
    let manifest = &graph.manifest;
    let steps: Vec<_> = graph.steps().collect();
    // Plain structs of texts always serialize.
    let nodes = serde_json::to_string(&(&manifest.stacks, &manifest.stack_sets, &steps));
    let nodes = nodes.unwrap_or_default();
    let mut texts = vec![manifest.app.as_str(), &nodes];
    for (path, text) in &graph.templates {
        texts.extend([path.as_str(), text]);
    }
    digest(&texts)
}
