//! Long calls as tasks, for clients that would rather ask after a call than wait for it (extension `io.modelcontextprotocol/tasks`).
//!
//! Guarantees: a task is its caller's own, and to everybody else there is no such task; there are only so many, of each caller and
//! of all; an end is kept until the task's time is over, and a task that still works then is stopped as a cancelled call is,
//! between two steps; what it ends with is the answer that a plain call gives. A call that is answered at once does not
//! become one. Does not: outlive the process. The library has a store too; it knows no callers and no bounds, cuts work off at
//! its end, and keeps a clock of its own.

mod task;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rmcp::model::{CallToolResponse, CreateTaskResult, DetailedTask, ErrorData, InputResponses};
use rmcp::service::{RequestContext, RoleServer};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::task::Task;
use super::era;
use crate::caller::Caller;
use crate::clock::Clock;
use crate::memory::{Memory, What};
use crate::roster::text;

/// The bounds of tasks: their number and their lifetime.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Tasks of one caller that are kept, under way or ended. One more takes the place of the one that ended first; if none has, the
    /// call is a plain one.
    pub each: usize,
    /// Tasks of all callers.
    pub all: usize,
    /// The time after its start in which a task can be asked for: longer than a call may take.
    pub ttl: Duration,
    /// The time in which a call that ends does not become a task.
    pub at_once: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            each: 8,
            all: 256,
            ttl: Duration::from_secs(3_600),
            at_once: Duration::from_secs(1),
        }
    }
}

/// The tasks of a server. Cheap to clone.
#[derive(Clone)]
pub struct Tasks(Arc<Inner>);

/// Bytes that a task is counted with: a result of 20 KB, as text and as values.
const RESULT: usize = 48 * 1024;

struct Inner {
    clock: Clock,
    bounds: Bounds,
    memory: Memory,
    held: Mutex<HashMap<String, Arc<Task>>>,
    running: TaskTracker,
}

/// The result of a call.
type Answered = Result<CallToolResponse, ErrorData>;

impl Tasks {
    /// None yet.
    #[must_use]
    pub fn new(clock: Clock, bounds: Bounds, memory: Memory) -> Self {
        Self(Arc::new(Inner {
            clock,
            bounds,
            memory,
            held: Mutex::default(),
            running: TaskTracker::new(),
        }))
    }

    /// Returns whether the client of this request can ask after a task. The extension is one of protocol 2026-07-28.
    #[must_use]
    pub fn are_for(context: &RequestContext<RoleServer>) -> bool {
        let client = context.client_capabilities();
        era::asks_by_answer(context) && client.is_some_and(|it| it.supports_tasks())
    }

    /// A place for one more of this caller; none when all are taken by tasks that are under way.
    #[must_use]
    pub fn place(&self, caller: &Caller, message: &str) -> Option<Arc<Task>> {
        let Inner {
            clock,
            bounds,
            memory,
            ..
        } = &*self.0;
        let mut tasks = self.held();
        let theirs = || tasks.values().filter(|it| it.owner == caller.name);
        if theirs().count() >= bounds.each || tasks.len() >= bounds.all {
            let ended = theirs().filter(|it| it.has_ended());
            let oldest = ended.min_by_key(|it| it.began)?.id.clone();
            tasks.remove(&oldest);
        }
        let weight = memory.weigh(What::Tasks, RESULT);
        let task = Task::new(*clock, caller, message, bounds.ttl, weight);
        let task = Arc::new(task);
        tasks.insert(task.id.clone(), task.clone());
        Some(task)
    }

    /// Does the work of a call: answers plainly what is done at once, and with the task what is not. `client` is cancelled when the
    /// client gives up waiting for either.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn run(
        &self,
        task: Arc<Task>,
        client: &CancellationToken,
        work: impl Future<Output = Answered> + Send + 'static,
    ) -> Answered {
        let (tell, mut told) = oneshot::channel();
        let seat = Seat {
            tasks: self.clone(),
            task: task.clone(),
        };
        let clock = self.0.clock;
        self.0.running.spawn(async move {
            let ended = in_its_time(clock, &seat.task, work).await;
            if let Some(plain) = seat.task.end(ended) {
                // Whoever waited may be gone.
                let _ = tell.send(plain);
            }
        });
        tokio::select! {
            biased;
            plain = &mut told => return plain.unwrap_or_else(|_| Err(fell())),
            () = client.cancelled() => task.stop(),
            () = clock.sleep(self.0.bounds.at_once) => {
                if let Some(shown) = task.show() {
                    return Ok(CreateTaskResult::new(shown).into());
                }
            }
        }
        told.await.unwrap_or_else(|_| Err(fell()))
    }

    /// Returns the state of a task.
    ///
    /// # Errors
    /// There is no such task for this caller.
    pub fn get(&self, caller: &Caller, id: &str) -> Result<DetailedTask, ErrorData> {
        Ok(self.find(caller, id)?.detailed())
    }

    /// Hands over what was asked for. What nobody asked for, or was answered already, does not matter.
    ///
    /// # Errors
    /// There is no such task for this caller.
    pub fn update(
        &self,
        caller: &Caller,
        id: &str,
        answers: InputResponses,
    ) -> Result<(), ErrorData> {
        self.find(caller, id)?.answer(answers);
        Ok(())
    }

    /// Stops a task at its next step. One that has ended stays as it is.
    ///
    /// # Errors
    /// There is no such task for this caller.
    pub fn cancel(&self, caller: &Caller, id: &str) -> Result<(), ErrorData> {
        self.find(caller, id)?.cancel();
        Ok(())
    }

    fn find(&self, caller: &Caller, id: &str) -> Result<Arc<Task>, ErrorData> {
        let tasks = self.held();
        let found = tasks
            .get(id)
            .filter(|it| it.owner == caller.name && it.is_shown());
        found.cloned().ok_or_else(|| {
            let id = text::clean(id, 60).text;
            let why = format!(
                "there is no task `{id}`. A task is kept for {} minutes, for the caller that made it, and not beyond a restart. Nothing was changed by asking; read the current state before you call the tool again.",
                self.0.bounds.ttl.as_secs() / 60
            );
            ErrorData::invalid_params(why, None)
        })
    }

    /// Those whose time is not over.
    fn held(&self) -> MutexGuard<'_, HashMap<String, Arc<Task>>> {
        let mut tasks = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|_, task| task.left() > Duration::ZERO);
        tasks
    }
}

/// The work, told to stop when the task's time is over.
async fn in_its_time(
    clock: Clock,
    task: &Task,
    work: impl Future<Output = Answered> + Send,
) -> Answered {
    tokio::pin!(work);
    tokio::select! {
        biased;
        ended = &mut work => return ended,
        () = clock.sleep(task.left()) => task.stop(),
    }
    work.await
}

/// Sees to it that a task ends, and that a call which was answered plainly leaves its place.
struct Seat {
    tasks: Tasks,
    task: Arc<Task>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if !self.task.is_shown() {
            self.tasks.held().remove(&self.task.id);
        } else if !self.task.has_ended() {
            let _ = self.task.end(Err(fell()));
        }
    }
}

fn fell() -> ErrorData {
    ErrorData::internal_error(
        "the call ended by a defect of this server. A change may have been made: read the current state before you ask again.",
        None,
    )
}
