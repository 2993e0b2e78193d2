//! One step of a change: what it says of itself, how it is made, and how one sees that it was.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;

use crate::access::change::effect::{Gain, Loss};
use crate::access::change::values;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::upstream::Cx;

/// The result of reading a step back.
#[derive(Debug, Clone)]
pub(in crate::access) enum Seen {
    /// As the step wanted it.
    AsWanted(Value),
    /// As the step wanted it, and something besides that a person should know.
    AsWantedAnd(Value, String),
    /// Accepted by the system, which acts on it later; reading back cannot show it.
    Accepted(Value, String),
    /// As before: the system accepted the request and did nothing, for the given reason.
    Unchanged(Value, String),
    /// A part of it took effect, and which part and which not.
    InPart(Value, String),
    /// Neither: somebody else changes it too.
    Otherwise(Value, String),
}

/// The result of looking again right before a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::access) enum Before {
    /// The state that the step was planned from.
    AsPlanned,
    /// The step's aim is reached already.
    Done,
    /// Something else, in words.
    Changed(String),
}

/// A step. The future-returning methods exist because steps of several kinds stand in one plan.
pub(in crate::access) trait Act: Send + Sync {
    /// The system that it changes, as in roster records.
    fn system(&self) -> &'static str;
    /// In words: `remove the page access user`. What is switched on or off stands in them.
    fn what(&self) -> String;
    /// The words with every value that the step writes and that they do not hold: old and new.
    fn action(&self) -> String {
        values::completed(self.what(), &self.target(), &self.before(), &self.exact())
    }
    /// Name or address, and id.
    fn target(&self) -> String;
    /// The ids and values it acts on: part of the confirmation's digest and of the audit line.
    fn exact(&self) -> Value;
    /// Returns the state that the step was planned from.
    fn before(&self) -> Value;
    /// Returns the present and the future state by name, for a reader of the plan: roles by page, groups, components. `None` where the
    /// words of the step say all of it.
    fn becomes(&self) -> Option<(Value, Value)> {
        None
    }
    /// Returns the losses; none for a step that only adds.
    fn losses(&self) -> Vec<Loss>;
    /// Returns the gains; none for a step that only takes.
    fn gains(&self) -> Vec<Gain>;
    /// Requests it takes, reading back included.
    fn requests(&self) -> u32 {
        2
    }
    /// Returns whether the steps after it wait for its success. False for one that a later step makes superfluous.
    fn must(&self) -> bool {
        true
    }
    /// Returns whether it sends a whole list or map, merged with what was read: then what somebody else changed since the read would be
    /// lost by it, so it is looked at again right before, however fresh the plan is. That narrows the gap to one request; what
    /// falls into it is seen when the step is read back.
    fn sends_whole(&self) -> bool {
        false
    }
    /// Returns whether the write is several requests: then one that is refused does not mean that nothing was made.
    fn in_pieces(&self) -> bool {
        false
    }
    /// Returns whether reading back can show that it was made. Not so for a message: then what the system said of the write is all
    /// that is known.
    fn leaves_trace(&self) -> bool {
        true
    }
    /// Returns whether it can be sent again where its answer was lost and a look shows that it was not made: it removes, switches off or
    /// sets, so that the second time changes nothing. Never so for one that creates or sends a message.
    fn repeatable(&self) -> bool {
        false
    }
    /// The place that it was found in, as the search that found it names it: whether it is gone is known only when that place was
    /// read again. `None` where the plan is made from whole reads alone.
    fn place(&self) -> Option<&str> {
        None
    }
    /// Returns the stored form of the address of the account that it removes: the account is searched for in this form again.
    fn spelling(&self) -> Option<&str> {
        None
    }
    /// Returns whether what it takes could not be read in full: then its losses are no promise, and are not compared with what was shown.
    fn partly_unread(&self) -> bool {
        false
    }
    /// Looks again, before a step whose plan is no longer fresh. A step that the system itself refuses when it no longer fits
    /// (adding somebody who is there) has nothing to look at.
    fn look<'a>(&'a self, _cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(std::future::ready(Ok(Before::AsPlanned)))
    }
    /// Makes the change. `intent` proves that it is on record.
    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>>;
    /// Reads it back.
    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>>;
}

/// A step out of several that share what they were planned from.
pub(in crate::access) struct Shared {
    act: Arc<dyn Act>,
    must: bool,
    place: String,
    spelling: Option<String>,
}

impl Shared {
    pub(in crate::access) fn new(
        act: Arc<dyn Act>,
        must: bool,
        place: String,
        spelling: Option<String>,
    ) -> Self {
        Self {
            act,
            must,
            place,
            spelling,
        }
    }
}

impl Act for Shared {
    fn system(&self) -> &'static str {
        self.act.system()
    }

    fn what(&self) -> String {
        self.act.what()
    }

    fn target(&self) -> String {
        self.act.target()
    }

    fn exact(&self) -> Value {
        self.act.exact()
    }

    fn before(&self) -> Value {
        self.act.before()
    }

    fn losses(&self) -> Vec<Loss> {
        self.act.losses()
    }

    fn gains(&self) -> Vec<Gain> {
        self.act.gains()
    }

    fn requests(&self) -> u32 {
        self.act.requests()
    }

    fn must(&self) -> bool {
        self.must && self.act.must()
    }

    fn sends_whole(&self) -> bool {
        self.act.sends_whole()
    }

    fn in_pieces(&self) -> bool {
        self.act.in_pieces()
    }

    fn leaves_trace(&self) -> bool {
        self.act.leaves_trace()
    }

    fn repeatable(&self) -> bool {
        self.act.repeatable()
    }

    fn place(&self) -> Option<&str> {
        Some(&self.place)
    }

    fn spelling(&self) -> Option<&str> {
        self.spelling.as_deref()
    }

    fn partly_unread(&self) -> bool {
        self.act.partly_unread()
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        self.act.look(cx)
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        self.act.write(cx, intent)
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        self.act.see(cx)
    }
}
