//! One task: what it waits for, and how it ended.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rmcp::model::{
    self, CallToolResponse, DetailedTask, InputRequest, InputRequests, InputResponses, JsonObject,
    TaskPayload, TaskStatus,
};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Answered;
use crate::access::Progress;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::memory::Weight;

/// The pause between two polls that clients are told to make. The polls of all tasks that a caller may have stay well below the requests
/// that the caller may make.
const POLL: Duration = Duration::from_secs(3);

/// One call that may take long.
pub struct Task {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) began: Duration,
    clock: Clock,
    created: Timestamp,
    ttl: Duration,
    stop: CancellationToken,
    _weight: Weight,
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    changed: Timestamp,
    message: String,
    /// True when the client asked to cancel it.
    cancelled: bool,
    asked: usize,
    waiting: BTreeMap<String, (InputRequest, oneshot::Sender<Value>)>,
}

enum Stage {
    /// The client waits, for a plain answer or for the task.
    Waited,
    /// The plain answer is on its way, so that there will be no task.
    Plain,
    /// The client has the task's id.
    Shown,
    /// It is over.
    Ended(TaskPayload),
}

impl Task {
    pub(super) fn new(
        clock: Clock,
        caller: &Caller,
        message: &str,
        ttl: Duration,
        weight: Weight,
    ) -> Self {
        let created = clock.now();
        Self {
            // 128 random bits: nobody finds another's by guessing, and would not get it.
            id: hex::encode(rand::random::<[u8; 16]>()),
            owner: caller.name.clone(),
            began: clock.monotonic(),
            clock,
            created,
            ttl,
            stop: CancellationToken::new(),
            _weight: weight,
            state: Mutex::new(State {
                stage: Stage::Waited,
                changed: created,
                message: message.to_owned(),
                cancelled: false,
                asked: 0,
                waiting: BTreeMap::new(),
            }),
        }
    }

    /// Cancelled when the work shall end.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// Returns whether the answer goes out plainly: true from then on, unless the client has the task already.
    #[must_use]
    pub fn answers_plainly(&self) -> bool {
        let mut state = self.state();
        if matches!(state.stage, Stage::Waited) {
            state.stage = Stage::Plain;
        }
        matches!(state.stage, Stage::Plain)
    }

    /// Asks the client for something, and waits so long at most. `Err` says why there is no answer.
    ///
    /// # Errors
    /// The task was cancelled, or the time is over.
    pub async fn ask(
        &self,
        request: InputRequest,
        patience: Duration,
    ) -> Result<Value, &'static str> {
        let (key, answered) = {
            let mut state = self.state();
            state.asked += 1;
            // A key is never used twice: clients tell by it what they have answered.
            let key = format!("input_{}", state.asked);
            let (answer, answered) = oneshot::channel();
            state.waiting.insert(key.clone(), (request, answer));
            state.changed = self.clock.now();
            (key, answered)
        };
        let answer = tokio::select! {
            answer = answered => answer.map_err(|_| "the task ended"),
            () = self.stop.cancelled() => Err("the task was cancelled"),
            () = self.clock.sleep(patience.min(self.left())) => Err("the time for an answer is over"),
        };
        self.state().waiting.remove(&key);
        answer
    }

    /// Returns the time for which the task is still kept.
    pub(super) fn left(&self) -> Duration {
        let age = self.clock.monotonic().saturating_sub(self.began);
        self.ttl.saturating_sub(age)
    }

    /// Stops the work at its next step.
    pub(super) fn stop(&self) {
        self.stop.cancel();
    }

    pub(super) fn cancel(&self) {
        let mut state = self.state();
        if !matches!(state.stage, Stage::Ended(_)) {
            state.cancelled = true;
            drop(state);
            self.stop();
        }
    }

    pub(super) fn answer(&self, answers: InputResponses) {
        let mut state = self.state();
        for (key, value) in answers {
            if let Some((_, waiting)) = state.waiting.remove(&key) {
                // The receiver may have stopped waiting.
                let _ = waiting.send(value);
                state.changed = self.clock.now();
            }
        }
    }

    /// The task as its client first sees it; `None` when the plain answer is on its way.
    pub(super) fn show(&self) -> Option<model::Task> {
        {
            let mut state = self.state();
            if !matches!(state.stage, Stage::Waited) {
                return None;
            }
            state.stage = Stage::Shown;
        }
        Some(self.detailed().task)
    }

    pub(super) fn is_shown(&self) -> bool {
        matches!(self.state().stage, Stage::Shown | Stage::Ended(_))
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state().stage, Stage::Ended(_))
    }

    /// Keeps the end of a task; gives back that of a call whose client waits for it.
    pub(super) fn end(&self, ended: Answered) -> Option<Answered> {
        let mut state = self.state();
        state.waiting.clear();
        if !matches!(state.stage, Stage::Shown) {
            state.stage = Stage::Plain;
            return Some(ended);
        }
        state.changed = self.clock.now();
        let payload = match ended {
            Ok(CallToolResponse::Complete(result)) => {
                if state.cancelled && result.is_error == Some(true) {
                    // The words of the refusal say what was changed.
                    let texts = result.content.iter().filter_map(|it| it.as_text());
                    state.message = texts.map(|it| it.text.as_str()).collect();
                    TaskPayload::Cancelled
                } else {
                    state.message = "done".to_owned();
                    let result = object(&result);
                    TaskPayload::Completed { result }
                }
            }
            Ok(_) => failed(&super::fell()),
            Err(error) => failed(&error),
        };
        state.stage = Stage::Ended(payload);
        None
    }

    /// Everything that a client may know of it.
    pub(super) fn detailed(&self) -> DetailedTask {
        let state = self.state();
        let millis = |it: Duration| u64::try_from(it.as_millis()).unwrap_or(u64::MAX);
        let task = model::Task::new(
            &self.id,
            TaskStatus::Working,
            self.created.to_string(),
            state.changed.to_string(),
        )
        .with_ttl_ms(millis(self.ttl))
        .with_poll_interval_ms(millis(POLL))
        .with_status_message(&state.message);
        let asks = state.waiting.iter();
        let input_requests: InputRequests = asks
            .map(|(key, (request, _))| (key.clone(), request.clone()))
            .collect();
        let payload = match &state.stage {
            Stage::Ended(payload) => payload.clone(),
            _ if input_requests.is_empty() => TaskPayload::Working,
            _ => TaskPayload::InputRequired { input_requests },
        };
        DetailedTask::new(task, payload)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The last thing told is what the client sees when it asks.
impl Progress for Task {
    fn tell(&self, done: u64, total: Option<u64>, message: &str) {
        let mut state = self.state();
        if matches!(state.stage, Stage::Ended(_)) {
            return;
        }
        state.message = match total {
            Some(total) => format!("{done} of {total}: {message}"),
            None => message.to_owned(),
        };
        state.changed = self.clock.now();
    }
}

fn failed(error: &model::ErrorData) -> TaskPayload {
    TaskPayload::Failed {
        error: object(error),
    }
}

fn object(value: &impl Serialize) -> JsonObject {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => object,
        _ => JsonObject::new(),
    }
}
