//! Cursors: a place in one scan, good for one caller and one query.
//!
//! A cursor is sealed with the server's key, so that a made-up one is refused and not read. It holds no names: the
//! scan's id, a number, and digests of caller and query.

use rmcp::model::{RequestStateCodec, SealOptions};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::access::Refusal;
use crate::caller::Caller;
use crate::store::KeyRing;

/// Seals and opens cursors.
pub(in crate::access) struct Cursors(Option<RequestStateCodec>);

/// Keeps cursors apart from whatever else is sealed with the same keys.
const PURPOSE: &[u8] = b"status-roster cursor v1";

#[derive(Serialize, Deserialize)]
struct Place {
    scan: String,
    at: usize,
    asked: String,
}

impl Cursors {
    pub(in crate::access) fn new(ring: &KeyRing) -> Self {
        Self(ring.codec().ok())
    }

    pub(in crate::access) fn seal(
        &self,
        caller: &Caller,
        tool: &str,
        query: &Value,
        scan: &str,
        at: usize,
    ) -> Result<String, Refusal> {
        let place = Place {
            scan: scan.to_owned(),
            at,
            asked: digest(caller, tool, query),
        };
        let options = SealOptions::new().associated_data(PURPOSE);
        self.0
            .as_ref()
            .and_then(|codec| codec.seal_json_with(&place, &options).ok())
            .ok_or(Refusal::Cursor("a cursor could not be made, because the sealing keys in the state directory cannot be used; narrow the query instead."))
    }

    /// The scan's id and the place in it.
    pub(in crate::access) fn open(
        &self,
        caller: &Caller,
        tool: &str,
        query: &Value,
        cursor: &str,
    ) -> Result<(String, usize), Refusal> {
        let place: Option<Place> = self
            .0
            .as_ref()
            .and_then(|codec| codec.open_json_with(cursor, PURPOSE).ok());
        let Some(place) = place else {
            return Err(Refusal::Cursor(
                "`cursor` is not one that this server gave out. Leave it out to start over.",
            ));
        };
        if place.asked != digest(caller, tool, query) {
            return Err(Refusal::Cursor(
                "`cursor` belongs to another list, other filters or another caller. Send it with the arguments that it came from, or leave it out to start over.",
            ));
        }
        Ok((place.scan, place.at))
    }

    /// The refusal when the scan itself is gone.
    pub(in crate::access) fn gone() -> Refusal {
        Refusal::Cursor(
            "`cursor` is older than 15 minutes, from before a restart, or its list had to make room for others (`server.memory_mib`): the list is no longer kept. Leave it out to start over.",
        )
    }
}

fn digest(caller: &Caller, tool: &str, query: &Value) -> String {
    // Made of the tool's own type, whose fields have one order: the text is canonical.
    let text = format!("{}\0{tool}\0{query}", caller.name);
    hex::encode(Sha256::digest(text).get(..12).unwrap_or_default())
}
