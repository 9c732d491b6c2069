//! The calls that made a world, one JSON object a line.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    time::Duration,
};

use accel_deploy::{Call, Place, Protocol};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const FILE: &str = "cloud.jsonl";

pub(crate) struct Journal(File);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Event {
    /// Milliseconds since the epoch.
    at: u64,
    pub(crate) place: Place,
    service: String,
    action: String,
    protocol: Protocol,
    request: Value,
    /// Of the error it was answered with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

impl Event {
    pub(crate) fn at(&self) -> Duration {
        Duration::from_millis(self.at)
    }

    pub(crate) fn call(&self) -> Call {
        Call {
            service: self.service.clone().into(),
            action: self.action.clone().into(),
            protocol: self.protocol.clone(),
            request: self.request.clone(),
        }
    }
}

impl Journal {
    /// The journal of a directory and what is in it. A last line that was not written whole is cut off:
    /// nobody got an answer to it.
    pub(crate) fn open(directory: &Path) -> io::Result<(Self, Vec<Event>)> {
        fs::create_dir_all(directory)?;
        let path = directory.join(FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read?,
        };
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut events = Vec::new();
        for (index, line) in text[..whole].split_inclusive(|byte| *byte == b'\n').enumerate() {
            events.push(serde_json::from_slice(line).map_err(|error| {
                let (path, line) = (path.display(), index + 1);
                io::Error::new(io::ErrorKind::InvalidData, format!("{path}, line {line}: {error}"))
            })?);
        }
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        file.set_len(whole as u64)?;
        Ok((Self(file), events))
    }

    pub(crate) fn write(
        &mut self,
        at: Duration,
        place: &Place,
        call: &Call,
        code: Option<String>,
    ) -> io::Result<()> {
        let event = Event {
            at: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            place: place.clone(),
            service: call.service.to_string(),
            action: call.action.to_string(),
            protocol: call.protocol.clone(),
            request: call.request.clone(),
            code,
        };
        let mut line = serde_json::to_vec(&event)?;
        line.push(b'\n');
        // One write: a killed process leaves a whole line or a torn last one.
        self.0.write_all(&line)
    }
}
