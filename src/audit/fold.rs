//! Limits how many refusals of one caller are written to the record: a caller who goes on after being refused must not fill the disk.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::{AuditError, Cause, Log, append};
use crate::store::disk;

/// Refusals of one caller that are written in one [`SPAN`].
const MOST: u32 = 20;

/// The span in which refusals of one caller are counted together.
const SPAN: Duration = Duration::from_secs(60);

/// The counts of the callers who were refused lately.
#[derive(Debug, Default)]
pub(super) struct Fold(BTreeMap<String, Lately>);

#[derive(Debug)]
struct Lately {
    began: Duration,
    written: u32,
    left_out: u64,
}

impl Fold {
    /// Counts one refusal. The number of earlier ones that were left out, if this one is to be written.
    pub(super) fn next(&mut self, caller: &str, now: Duration) -> Option<u64> {
        self.0.retain(|name, it| {
            let over = now.saturating_sub(it.began) >= SPAN;
            !over || it.left_out > 0 || name == caller
        });
        let lately = self.0.entry(caller.to_owned()).or_insert(Lately {
            began: now,
            written: 0,
            left_out: 0,
        });
        if now.saturating_sub(lately.began) >= SPAN {
            lately.began = now;
            lately.written = 0;
        }
        if lately.written >= MOST {
            lately.left_out += 1;
            return None;
        }
        lately.written += 1;
        Some(std::mem::take(&mut lately.left_out))
    }
}

impl Log {
    /// Puts on the record that a caller was refused. Of many in one minute only the first are written, and the next one that is
    /// says how many were not.
    ///
    /// # Errors
    /// The line was not written.
    pub async fn refusal(&self, caller: &str, mut detail: Value) -> Result<(), AuditError> {
        let left_out = {
            let mut refusals = self
                .0
                .refusals
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            refusals.next(caller, self.0.clock.monotonic())
        };
        let Some(left_out) = left_out else {
            return Ok(());
        };
        if left_out > 0
            && let Some(detail) = detail.as_object_mut()
        {
            detail.insert("left_out_before".to_owned(), left_out.into());
        }
        self.event("refused", detail).await
    }

    /// Looks at the record as it is now.
    ///
    /// # Errors
    /// A line could not be added to it.
    pub async fn check(&self) -> Result<(), Cause> {
        let log = Arc::clone(&self.0);
        disk::blocking(move || append::check(&log.path, &log.clock, &log.redact))
            .await
            .unwrap_or(Err(Cause::Stopping))
    }
}
