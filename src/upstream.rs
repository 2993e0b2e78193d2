//! The one guarded way to the network. It knows no users: paths, lists and bodies are its callers' words.
//!
//! Guarantees: HTTPS except to this machine itself; the credential goes in a header, to the configured origin alone, and into no
//! log or error; every request holds a slot of the key's rolling window (see [`crate::store::window`]); a list cannot be asked
//! for unpaginated, because no type says so; reads, PUT and DELETE are tried again when the network or the upstream fails,
//! POST and PATCH are not once they were sent; a write needs the proof that its intent is on disk.
//!
//! Does not guarantee: that a write whose answer was lost took effect or not. [`Error::AnswerLost`] says that it is unknown;
//! reading is the only way to know.

mod answer;
mod body;
pub mod budget;
mod classify;
mod client;
mod counters;
mod credential;
mod cx;
mod error;
mod exchange;
mod inner;
mod list;
mod path;
mod public;
mod removals;
mod reported;
mod retry;
mod retry_after;
mod settings;
mod walk;
mod wire;
mod write;

pub use answer::Answer;
pub use client::{Client, Single};
pub use counters::{Contact, Counters};
pub use credential::Credential;
pub use cx::Cx;
pub use error::Error;
pub use list::{List, Paging};
pub use path::Path;
pub use public::fetch_public;
pub use settings::{Settings, SettingsError, check_address};
pub use walk::{Batch, Progress, Row, Stopped, Walk};
pub use write::Write;

pub use crate::store::window::{Lane, Limits, Usage};
