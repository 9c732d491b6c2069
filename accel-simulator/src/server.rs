//! The simulated cloud as a server of HTTP, for clients that speak to AWS.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use accel_deploy::{
    Cloud as _, CloudError, Place,
    cloud::{CloudExt as _, date_time, sts::GetCallerIdentity},
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use self::{
    http::{Answer, Asked, Told},
    request::{SESSION, Signed},
};
use crate::SimulatedCloud;

pub(crate) mod http;
pub(crate) mod reply;
pub(crate) mod request;
mod xml;

/// How long a session in another account lasts.
const SESSION_LASTS: Duration = Duration::from_secs(3600);

/// A simulated cloud that answers on 127.0.0.1 in the protocols of AWS: query, JSON, REST with JSON for the
/// services of steps, and the part of S3 that a bootstrap bucket needs.
///
/// Signatures are not verified. The region and the service are those they are for; a session that
/// `AssumeRole` has given is in its account, all other keys are the caller's. It ends with this value.
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers at a port of 127.0.0.1; 0 is any free one. It needs a runtime with time and I/O.
    ///
    /// # Errors
    /// If it cannot listen there.
    pub async fn start(cloud: Arc<SimulatedCloud>, port: u16) -> io::Result<Self> {
        let handler = move |asked| answer(Arc::clone(&cloud), asked);
        let (address, task) = http::listen(port, handler).await?;
        Ok(Self { address, task })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The value of `AWS_ENDPOINT_URL` for its clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn answer(cloud: Arc<SimulatedCloud>, asked: Asked) -> Answer {
    let (wire, is_head) = (request::Wire::of(&asked), asked.method == "HEAD");
    let refused = |status, code, message: &str| {
        Answer::Whole(reply::refused(wire, is_head, status, code, message))
    };
    let Some(signed) = Signed::of(&asked) else {
        return refused(403, "MissingAuthenticationToken", "The request is not signed.");
    };
    let place = signed.place.clone();
    let rows = cloud.world(|world| world.settings.rows.clone());
    let Some(call) = signed.call(&asked, &rows) else {
        return refused(400, "UnknownOperationException", "The simulation has no such operation.");
    };
    let sent = match (call.service.as_ref(), call.action.as_ref()) {
        ("sts", "AssumeRole") => assume_role(&cloud, &call.request, &place.region).await,
        _ => cloud.send(&place, call.clone()).await,
    };
    let told: Told = match sent {
        Ok(value) => reply::reply(&call, wire, &value),
        // A reply that is lost on purpose.
        Err(error) if error.code.is_empty() => return Answer::Nothing,
        Err(error) => reply::refusal(wire, is_head, &error),
    };
    Answer::Whole(told)
}

/// A session is had in each account that can be entered, by the role that it has.
async fn assume_role(
    cloud: &SimulatedCloud,
    request: &Value,
    region: &str,
) -> Result<Value, CloudError> {
    let arn = request["RoleArn"].as_str().unwrap_or_default();
    let account = arn.split(':').nth(4).unwrap_or_default();
    let role = arn.split_once(":role/").map_or("", |(_, role)| role);
    let place = Place::account(account, region).entered_by(Some(role));
    cloud.call(&place, &GetCallerIdentity {}).await?;
    let ends = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + SESSION_LASTS;
    Ok(json!({
        "Credentials": {
            "AccessKeyId": format!("{SESSION}{account}{role}"),
            "SecretAccessKey": "simulated",
            "SessionToken": "simulated",
            "Expiration": date_time(ends),
        },
        "AssumedRoleUser": { "Arn": arn, "AssumedRoleId": "simulated" },
    }))
}
