//! Reads of other processes on the same state directory that are gone on with here.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::access::Access;
use crate::access::reads::cursor::Cursors;

/// Such reads at once at most: the one that was begun first is let go of, and read from its file again where it is asked for.
const MOST: usize = 4;

/// The instances that continue these reads.
#[derive(Default)]
pub(in crate::access) struct Continued(Mutex<Vec<Arc<Access>>>);

impl Access {
    /// Returns the instance that a call with these arguments reads through: this one, or one that continues the read of another process to
    /// which its cursor belongs.
    #[must_use]
    pub fn for_call(self: &Arc<Self>, arguments: &Map<String, Value>) -> Arc<Self> {
        let cursor = arguments.get("cursor").and_then(Value::as_str);
        let id = cursor.and_then(Cursors::scan_of);
        let other = id.filter(|id| !self.transcripts().is_own(id));
        other
            .and_then(|id| self.going_on(id))
            .unwrap_or_else(|| self.clone())
    }

    /// Returns the instance that continues the read `id`; `None` where nothing of it was recorded.
    pub(in crate::access) fn going_on(&self, id: &str) -> Option<Arc<Self>> {
        let mut all = self
            .continued
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_it = |it: &&Arc<Self>| it.continues().is_some_and(|it| it.id == id);
        if let Some(there) = all.iter().find(is_it) {
            return Some(there.clone());
        }
        let new = Arc::new(self.going_on_with(self.transcripts().of(id)?));
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(new.clone());
        Some(new)
    }
}
