//! One call, as the use cases see it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::access::Person;
use crate::caller::{Caller, Scope};
use crate::policy::Toolset;
use crate::roster::{Counting, System};
use crate::store::window::Lane;
use crate::upstream::Cx;

/// A call as the use cases see it: its caller, tool, arguments, deadline and receiver of progress.
#[derive(Clone)]
pub struct Ask {
    /// The caller.
    pub caller: Caller,
    /// Names the call in the audit file.
    pub call_id: String,
    /// The tool that is being called.
    pub tool: &'static str,
    /// Its arguments as given, without the confirmation token: a token is bound to them.
    pub arguments: Value,
    /// The numbers that are wanted in place of rows.
    pub counting: Option<Counting>,
    /// True when a confirmation token was given.
    pub confirmed: bool,
    /// The person behind the client.
    pub person: Person,
    /// Cancelled when the client gives up; looked at before every request.
    pub cancel: CancellationToken,
    /// The receiver of progress.
    pub progress: Arc<dyn Progress>,
    /// True when the client waits as long as it takes: the rows that were read until a stop are then kept for the same question.
    pub lasts: bool,
    /// When reading must end, on [`crate::clock::Clock::monotonic`].
    pub deadline: Duration,
}

impl Ask {
    /// The bounds of a request made for a person who waits.
    #[must_use]
    pub fn interactive(&self) -> Cx {
        self.cx(Lane::Interactive, self.deadline)
    }

    /// The bounds of a long read, which leaves slots to those who wait.
    #[must_use]
    pub fn bulk(&self, deadline: Duration) -> Cx {
        self.cx(Lane::Bulk, deadline.min(self.deadline))
    }

    /// Returns whether the caller named this thing, anywhere among the arguments.
    #[must_use]
    pub fn names(&self, thing: &str) -> bool {
        names(&self.arguments, thing)
    }

    fn cx(&self, lane: Lane, deadline: Duration) -> Cx {
        Cx {
            lane,
            cancel: self.cancel.clone(),
            deadline: Some(deadline),
            transcript: None,
        }
    }
}

fn names(arguments: &Value, thing: &str) -> bool {
    match arguments {
        Value::String(text) => text == thing,
        Value::Array(items) => items.iter().any(|item| names(item, thing)),
        Value::Object(fields) => fields.values().any(|value| names(value, thing)),
        _ => false,
    }
}

/// The rights that a tool needs whatever its arguments: they decide whether it is listed and whether it can be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The tool.
    pub tool: &'static str,
    /// The scope that the caller must have.
    pub scope: Scope,
    /// The group of tools that it belongs to.
    pub toolset: Toolset,
    /// The system without which it can do nothing; none for a tool that speaks with whatever there is.
    pub system: Option<System>,
}

/// Receives the progress of a long call.
pub trait Progress: Send + Sync {
    /// `done` only ever grows; `total` where it is known.
    fn tell(&self, done: u64, total: Option<u64>, message: &str);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn tell(&self, _done: u64, _total: Option<u64>, _message: &str) {}
}
