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
pub(in crate::access) struct Cursors {
    codec: Option<RequestStateCodec>,
    /// The systems that are asked: cursors and reads of others are no use here.
    systems: String,
}

/// Keeps cursors apart from whatever else is sealed with the same keys.
const PURPOSE: &[u8] = b"status-roster cursor v1";

#[derive(Serialize, Deserialize)]
struct Place {
    scan: String,
    at: usize,
    asked: String,
}

impl Cursors {
    pub(in crate::access) fn new(ring: &KeyRing, systems: &str) -> Self {
        Self {
            codec: ring.codec().ok(),
            systems: systems.to_owned(),
        }
    }

    /// Names a question of a caller.
    pub(in crate::access) fn asked(&self, caller: &Caller, tool: &str, query: &Value) -> String {
        // The query is made of the tool's own type, whose fields have one order: the text is canonical.
        let text = format!("{}\0{}\0{tool}\0{query}", self.systems, caller.name);
        hex::encode(Sha256::digest(text).get(..12).unwrap_or_default())
    }

    /// The read that a cursor belongs to, whoever has it.
    pub(in crate::access) fn scan_of(&self, cursor: &str) -> Option<String> {
        Some(self.place(cursor)?.scan)
    }

    fn place(&self, cursor: &str) -> Option<Place> {
        let codec = self.codec.as_ref()?;
        codec.open_json_with(cursor, PURPOSE).ok()
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
            asked: self.asked(caller, tool, query),
        };
        let options = SealOptions::new().associated_data(PURPOSE);
        self.codec
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
        let Some(place) = self.place(cursor) else {
            return Err(Refusal::Cursor(
                "`cursor` is not one that this server gave out. Leave it out to start over.",
            ));
        };
        if place.asked != self.asked(caller, tool, query) {
            return Err(Refusal::Cursor(
                "`cursor` belongs to another list, other filters or another caller. Send it with the arguments that it came from, or leave it out to start over.",
            ));
        }
        Ok((place.scan, place.at))
    }

    /// The refusal when the scan itself is gone.
    pub(in crate::access) fn gone() -> Refusal {
        Refusal::Cursor(
            "`cursor` is too old, or its list had to make room for others (`server.memory_mib`): the list is no longer kept. Leave it out to start over.",
        )
    }
}
