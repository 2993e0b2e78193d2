//! The record of every change: what was intended before it, what came of it after.
//!
//! Guarantees: an [`Intent`] exists only when its line is on the disk, and `upstream` writes only for an [`Intent`]; each
//! line carries the hash of the one before, and a head file beside the record knows the last, so that [`verify()`] finds an
//! edited, removed, inserted or moved line and a cut end; several processes append to one record; a credential is
//! replaced before it is written. Does not: defend the record against somebody who may write to its directory and
//! recomputes every hash: keep the last hash that `verify` prints somewhere else for that.
//!
//! Lines hold e-mail addresses, because "who lost access?" is what an auditor asks.

mod append;
mod fold;
mod head;
mod lease;
mod line;
mod redact;
mod verify;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::verify::{Broken, Verified, Why, is_begun, last_lines, tail, verify};
use self::{fold::Fold, lease::Lease, line::Body, redact::Redact};
use crate::{caller::Caller, clock::Clock, secret::Secret, store::disk};

/// An open record. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Log(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    clock: Clock,
    redact: Redact,
    lease: Lease,
    refusals: Mutex<Fold>,
}

/// The result of [`Log::open`].
#[derive(Debug)]
pub struct Opened {
    /// The record, ready for the next line.
    pub log: Log,
    /// Changes that a process began and did not live to see the end of.
    pub unfinished: Vec<Unfinished>,
}

/// A change with an intent and no outcome: it may have happened or not, and only a look at the target can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// The intent's name.
    pub intent: String,
    /// When it was written.
    pub at: Timestamp,
    /// The caller on whose behalf it was begun.
    pub caller: String,
    /// The tool that was called.
    pub tool: String,
    /// The plan that it belongs to.
    pub plan: String,
    /// The system to look in.
    pub system: String,
    /// The change that was about to be made, in words.
    pub action: String,
    /// The target.
    pub target: Value,
    /// The id of the open [`Log`] that wrote it.
    writer: String,
}

impl Unfinished {
    /// The name or address of what was about to be changed, as far as its line says it.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = self.target.get("name").and_then(Value::as_str);
        name.unwrap_or("something that its line does not name")
    }
}

impl std::fmt::Display for Unfinished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {}, begun at {} (plan {})",
            self.action,
            self.name(),
            self.at,
            self.plan
        )
    }
}

/// A change about to be made.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The caller on whose behalf it is made.
    pub caller: Caller,
    /// The tool that was called.
    pub tool: String,
    /// The confirmed plan, or what names an unconfirmed change.
    pub plan_id: String,
    /// The call, as the server's log names it.
    pub call_id: String,
    /// The system that is changed.
    pub system: String,
    /// The change in words: `delete page access user`.
    pub action: String,
    /// The target: ids and addresses.
    pub target: Value,
    /// The state before the change.
    pub before: Value,
}

/// Proof that a change was put on the record before it is made. Good for one [`Log::outcome`].
#[derive(Debug)]
#[must_use = "an intent without an outcome reads as a change that nobody saw the end of"]
pub struct Intent {
    id: String,
}

impl Intent {
    /// Its name in the record.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// The outcome of a change.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// In one word.
    pub status: Status,
    /// The state after the change, as it was read back.
    pub after: Value,
    /// For a person: why it failed, what is not known.
    pub detail: String,
}

/// The outcome of a change, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Made, and seen when read back.
    Applied,
    /// It was so before.
    Already,
    /// Accepted by the system, which did nothing.
    NoEffect,
    /// Refused by the system.
    Failed,
    /// Nobody knows: the answer was lost and reading back did not tell.
    Unknown,
}

/// The reasons why the record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The record cannot be opened; without it nothing can be changed.
    #[error("cannot use the audit record `{}`: {cause}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The cause.
        cause: Cause,
    },
    /// A line before a change was not written, so the change must not be made.
    #[error("cannot write the audit record `{}`: {cause}. Nothing was changed.", path.display())]
    NotRecorded {
        /// The file.
        path: PathBuf,
        /// The cause.
        cause: Cause,
    },
    /// A change was tried, and what came of it could not be written.
    #[error(
        "what came of the change could not be written to the audit record `{}`: {cause}. Its intent `{intent}` is on \
         record without an outcome; look at the target to see whether it was changed", path.display()
    )]
    OutcomeNotRecorded {
        /// The file.
        path: PathBuf,
        /// The intent that stays open.
        intent: String,
        /// The cause.
        cause: Cause,
    },
}

/// The reasons why a line could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The machine refused.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The record is not what was written. Nothing is appended to it, so that what happened can still be seen.
    #[error(
        "{0}. Keep it for whoever looks into this, and move it and its `.head` away to start a new record"
    )]
    Broken(#[from] Broken),
    /// The program is shutting down.
    #[error("the program is stopping")]
    Stopping,
}

impl Log {
    /// The last `n` lines, as [`tail`] reads them.
    ///
    /// # Errors
    /// The record cannot be read.
    pub async fn tail(&self, n: usize) -> io::Result<Vec<Value>> {
        let path = self.0.path.clone();
        disk::blocking(move || tail(&path, n))
            .await
            .unwrap_or_else(|| Err(io::Error::other("the program is stopping")))
    }

    /// Opens the record, made (mode 0600) if it is not there. `secrets` never reach it.
    ///
    /// An intent is [`Unfinished`] when no outcome follows and the [`Log`] that wrote it is no longer open in any process.
    ///
    /// # Errors
    /// It cannot be read or written, or its end is not what was written last.
    pub async fn open(
        path: &Path,
        clock: Clock,
        secrets: Vec<Secret>,
    ) -> Result<Opened, AuditError> {
        let (here, redact) = (path.to_owned(), Redact::new(secrets));
        let opened =
            disk::blocking(move || append::open(&here, &clock, &redact).map(|o| (o, redact)))
                .await
                .unwrap_or(Err(Cause::Stopping));
        match opened {
            Ok(((lease, unfinished), redact)) => {
                let path = path.to_owned();
                let log = Self(Arc::new(Inner {
                    path,
                    clock,
                    redact,
                    lease,
                    refusals: Mutex::default(),
                }));
                Ok(Opened { log, unfinished })
            }
            Err(cause) => Err(AuditError::Unusable {
                path: path.to_owned(),
                cause,
            }),
        }
    }

    /// Puts a change on the record before it is made. The line is on the disk when this returns. A caller that is
    /// cancelled while it waits can leave the line there alone: that reads as unfinished, and nothing was changed.
    ///
    /// # Errors
    /// The line was not written; the change must not be made.
    pub async fn intent(&self, planned: Planned) -> Result<Intent, AuditError> {
        let id = hex::encode(rand::random::<[u8; 8]>());
        let body = Body::intent(id.clone(), self.0.lease.id().to_owned(), planned);
        self.append(body)
            .await
            .map_err(|cause| self.not_recorded(cause))?;
        Ok(Intent { id })
    }

    /// Puts on the record what came of a change.
    ///
    /// # Errors
    /// The line was not written; the intent stays open.
    pub async fn outcome(&self, intent: Intent, outcome: Outcome) -> Result<(), AuditError> {
        let Outcome {
            status,
            after,
            detail,
        } = outcome;
        let body = Body::Outcome {
            intent: intent.id.clone(),
            status,
            after,
            detail,
        };
        self.append(body)
            .await
            .map_err(|cause| AuditError::OutcomeNotRecorded {
                path: self.0.path.clone(),
                intent: intent.id,
                cause,
            })
    }

    /// The changes that are without an outcome now and whose writer is gone.
    ///
    /// # Errors
    /// The record's head cannot be read.
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, AuditError> {
        let log = Arc::clone(&self.0);
        disk::blocking(move || append::unfinished(&log.path))
            .await
            .unwrap_or(Err(Cause::Stopping))
            .map_err(|cause| AuditError::Unusable {
                path: self.0.path.clone(),
                cause,
            })
    }

    /// Puts on the record what a later look proved of a change that has no outcome and whose writer is gone. `false`: it has one by
    /// now, or its writer lives.
    ///
    /// # Errors
    /// The line was not written; the change stays without an outcome.
    pub async fn settle(&self, intent: &str, outcome: Outcome) -> Result<bool, AuditError> {
        let Outcome {
            status,
            after,
            detail,
        } = outcome;
        let body = Body::Outcome {
            intent: intent.to_owned(),
            status,
            after,
            detail,
        };
        let (log, of) = (Arc::clone(&self.0), intent.to_owned());
        disk::blocking(move || append::settle(&log.path, &log.clock, &log.redact, &of, &body))
            .await
            .unwrap_or(Err(Cause::Stopping))
            .map_err(|cause| AuditError::OutcomeNotRecorded {
                path: self.0.path.clone(),
                intent: intent.to_owned(),
                cause,
            })
    }

    /// Puts something else on the record: a confirmation given, a plan approved.
    ///
    /// # Errors
    /// The line was not written.
    pub async fn event(&self, event: &str, detail: Value) -> Result<(), AuditError> {
        let body = Body::Event {
            event: event.to_owned(),
            detail,
        };
        self.append(body)
            .await
            .map_err(|cause| self.not_recorded(cause))
    }

    fn not_recorded(&self, cause: Cause) -> AuditError {
        AuditError::NotRecorded {
            path: self.0.path.clone(),
            cause,
        }
    }

    async fn append(&self, body: Body) -> Result<(), Cause> {
        let log = Arc::clone(&self.0);
        disk::blocking(move || append::append(&log.path, &log.clock, &log.redact, &body))
            .await
            .unwrap_or(Err(Cause::Stopping))
    }
}

/// A companion of the record: its name with something added.
fn beside(record: &Path, suffix: &str) -> PathBuf {
    let mut name = record.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
