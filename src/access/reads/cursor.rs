//! Cursors: a place in one read, good for one caller and one query, in a dozen characters.
//!
//! A cursor is the name of the read, a seal and the number of a row. The seal binds it to its caller and query, which it does not hold
//! itself, and refuses what was made up.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::access::Refusal;
use crate::caller::Caller;
use crate::store::{BadKeys, KeyRing, short};

/// Characters of a read's name: 30 random bits, and never more than some hundred reads at once.
const NAME: usize = 6;
/// Characters of the seal: of 30 bits, so that the cursors of 500 callers for the same place are 500 different ones.
const SEAL: usize = 6;

/// Seals and opens cursors.
pub(in crate::access) struct Cursors {
    ring: KeyRing,
    /// The systems that are asked: cursors and reads of others are no use here.
    systems: String,
}

/// The parts of a cursor.
struct Parts<'a> {
    scan: &'a str,
    seal: &'a str,
    at: usize,
}

impl<'a> Parts<'a> {
    fn of(cursor: &'a str) -> Option<Self> {
        // White space around it is what copying adds.
        let (scan, rest) = cursor.trim().split_at_checked(NAME)?;
        let (seal, at) = rest.split_at_checked(SEAL)?;
        let at = short::to_number(at)?;
        (short::is_short(scan) && short::is_short(seal)).then_some(Self { scan, seal, at })
    }
}

impl Cursors {
    pub(in crate::access) fn new(ring: &KeyRing, systems: &str) -> Self {
        Self {
            ring: ring.clone(),
            systems: systems.to_owned(),
        }
    }

    /// Returns a name for a new read.
    pub(in crate::access) fn name() -> String {
        short::random::<NAME>()
    }

    /// Names a question of a caller.
    pub(in crate::access) fn asked(&self, caller: &Caller, tool: &str, query: &Value) -> String {
        // The query is made of the tool's own type, whose fields have one order: the text is canonical.
        let text = format!("{}\0{}\0{tool}\0{query}", self.systems, caller.name);
        hex::encode(Sha256::digest(text).get(..12).unwrap_or_default())
    }

    /// Returns the name of the read that a cursor belongs to, whoever has it.
    pub(in crate::access) fn scan_of(cursor: &str) -> Option<&str> {
        Some(Parts::of(cursor)?.scan)
    }

    /// Returns the seals that are good for a place, the one of the current key first.
    fn seals(&self, scan: &str, at: usize, asked: &str) -> Result<Vec<String>, BadKeys> {
        let text = format!("status-roster cursor v2\0{scan}\0{at}\0{asked}");
        let macs = self.ring.macs(&text)?.into_iter();
        Ok(macs
            .map(|mac| short::from_bytes(mac.get(..SEAL).unwrap_or_default()))
            .collect())
    }

    pub(in crate::access) fn seal(
        &self,
        caller: &Caller,
        tool: &str,
        query: &Value,
        scan: &str,
        at: usize,
    ) -> Result<String, Refusal> {
        let asked = self.asked(caller, tool, query);
        let seals = self.seals(scan, at, &asked).unwrap_or_default();
        let seal = seals.first()
            .ok_or(Refusal::Cursor("a cursor could not be made, because the sealing keys in the state directory cannot be used; narrow the query instead."))?;
        Ok(format!("{scan}{seal}{}", short::from_number(at)))
    }

    /// Returns the read's name and the place in it.
    pub(in crate::access) fn open(
        &self,
        caller: &Caller,
        tool: &str,
        query: &Value,
        cursor: &str,
    ) -> Result<(String, usize), Refusal> {
        let Some(Parts { scan, seal, at }) = Parts::of(cursor) else {
            return Err(Refusal::Cursor(
                "`cursor` is not one that this server gave out. Leave it out to start over.",
            ));
        };
        let asked = self.asked(caller, tool, query);
        let seals = self.seals(scan, at, &asked).unwrap_or_default();
        if !seals.iter().any(|ours| ours == seal) {
            return Err(Refusal::Cursor(
                "`cursor` was not copied exactly, or belongs to another list, other filters or another caller. Send it exactly as it was given, with the arguments that it came from, or leave it out to start over.",
            ));
        }
        Ok((scan.to_owned(), at))
    }

    /// Returns the refusal for a read that is no longer kept.
    pub(in crate::access) fn gone() -> Refusal {
        Refusal::Cursor(
            "`cursor` is too old, its list was dropped in favour of others (`server.memory_mib`), or a server on another machine gave it out: the list is not kept here. Leave it out to start over.",
        )
    }
}
