//! A step of this toolset: what it says of itself as data, and the three things it does.
//!
//! Whatever is published is looked at again right before, however fresh the plan is: the API has no conditional write, and a second
//! agent may be at work on the same incident. What falls into the gap of one request is seen when it is read back.

use futures::future::BoxFuture;
use serde_json::Value;

use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::change::values::completed;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::roster::Names;
use crate::upstream::Cx;

/// The look, the write and the read-back of a step.
pub(in crate::access) trait Work: Send + Sync + 'static {
    /// Looks again right before.
    fn look(&self, _cx: &Cx) -> impl Future<Output = Result<Before, ProviderError>> + Send {
        std::future::ready(Ok(Before::AsPlanned))
    }
    /// Makes the change.
    fn write(
        &self,
        cx: &Cx,
        intent: &Intent,
    ) -> impl Future<Output = Result<(), ProviderError>> + Send;
    /// Reads it back.
    fn see(&self, cx: &Cx) -> impl Future<Output = Result<Seen, ProviderError>> + Send;
}

/// Returns a loss of readers whom no list names.
pub(in crate::access) fn of_readers(words: impl Into<String>) -> Loss {
    Loss {
        who: Names::default(),
        words: words.into(),
    }
}

/// A step.
pub(in crate::access) struct Step<W> {
    pub action: String,
    pub target: String,
    pub exact: Value,
    pub before: Value,
    pub losses: Vec<Loss>,
    pub requests: u32,
    pub must: bool,
    /// True when the plan shows every value besides: text to publish is shown there, word for word.
    pub shown: bool,
    pub work: W,
}

impl<W: Work> Step<W> {
    /// A step that takes nothing from anybody.
    pub(in crate::access) fn new(action: String, target: String, exact: Value, work: W) -> Self {
        Self {
            action,
            target,
            exact,
            before: Value::Null,
            losses: Vec::new(),
            requests: 3,
            must: true,
            shown: false,
            work,
        }
    }

    /// A step of a plan whose publication shows every value.
    pub(in crate::access) fn of_publication(
        action: String,
        target: String,
        exact: Value,
        work: W,
    ) -> Self {
        Self {
            shown: true,
            ..Self::new(action, target, exact, work)
        }
    }

    /// As one of the steps of a plan.
    pub(in crate::access) fn boxed(self) -> Box<dyn Act> {
        Box::new(self)
    }
}

impl<W: Work> Act for Step<W> {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        self.action.clone()
    }

    fn action(&self) -> String {
        if self.shown {
            return self.what();
        }
        completed(self.what(), &self.target, &self.before, &self.exact)
    }

    fn target(&self) -> String {
        self.target.clone()
    }

    fn exact(&self) -> Value {
        self.exact.clone()
    }

    fn before(&self) -> Value {
        self.before.clone()
    }

    fn losses(&self) -> Vec<Loss> {
        self.losses.clone()
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn requests(&self) -> u32 {
        self.requests
    }

    fn must(&self) -> bool {
        self.must
    }

    fn sends_whole(&self) -> bool {
        true
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(self.work.look(cx))
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(self.work.write(cx, intent))
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(self.work.see(cx))
    }
}
