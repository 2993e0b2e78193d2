//! Fixture tools that run as tasks, kept by the server's own store of tasks.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use rmcp::model::*;
use serde::Deserialize;
use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::mcp::Handler;
use status_roster::mcp::tasks::{Task, Tasks};

use crate::handler::{Context, Fixtures};
use crate::words::fill;

/// What a task does.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(crate) struct Job {
    /// Seconds that it takes.
    takes: String,
    /// What it asks for, all at once.
    asks: Vec<InputRequest>,
    /// What it says in the end.
    says: String,
    /// Whether that is a failure of the tool.
    fails: bool,
    /// Whether it ends with an error of the protocol instead.
    breaks: bool,
    /// Whether a client without the extension is refused.
    required: bool,
}

impl Fixtures {
    pub(crate) async fn job(
        &self,
        job: &Job,
        arguments: Value,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let caller = Handler::caller(&context);
        let place = if Tasks::are_for(&context) {
            self.inner.tasks().place(&caller, "under way")
        } else if job.required {
            let needed = ClientCapabilities::builder().enable_tasks().build();
            return Err(ErrorData::missing_required_client_capability(needed));
        } else {
            None
        };
        let Some(task) = place else {
            Clock::system().sleep(seconds(job, &arguments)).await;
            return Ok(said(job, &arguments).into());
        };
        let work = work(job.clone(), arguments, task.clone());
        self.inner.tasks().run(task, &context.ct, work).await
    }
}

async fn work(job: Job, arguments: Value, task: Arc<Task>) -> Result<CallToolResponse, ErrorData> {
    let clock = Clock::system();
    tokio::select! {
        () = clock.sleep(seconds(&job, &arguments)) => {}
        () = task.stopping().cancelled() => {
            return Ok(CallToolResult::error(vec![ContentBlock::text("stopped")]).into());
        }
    }
    let patience = Duration::from_secs(60);
    let asks = job.asks.iter().map(|it| task.ask(it.clone(), patience));
    for answer in join_all(asks).await {
        if let Err(why) = answer {
            return Ok(CallToolResult::error(vec![ContentBlock::text(why)]).into());
        }
    }
    if job.breaks {
        return Err(ErrorData::internal_error("it broke", None));
    }
    Ok(said(&job, &arguments).into())
}

fn seconds(job: &Job, arguments: &Value) -> Duration {
    let told = fill(&job.takes, arguments).parse();
    Duration::try_from_secs_f64(told.unwrap_or_default()).unwrap_or_default()
}

fn said(job: &Job, arguments: &Value) -> CallToolResult {
    let words = vec![ContentBlock::text(fill(&job.says, arguments))];
    if job.fails {
        CallToolResult::error(words)
    } else {
        CallToolResult::success(words)
    }
}

/// What a task gathered before it began, where its own arguments would be.
pub(crate) fn gathered(responses: Option<&InputResponses>) -> Value {
    responses.map_or(Value::Null, |it| json!(it))
}
