//! The suite's fixtures as data: `fixtures.json` says what each is and does.

use rmcp::model::{CallToolResult, Prompt, Resource, ResourceTemplate, Tool};
use serde::Deserialize;
use serde_json::Value;

use crate::jobs::Job;
use crate::rounds::Rounds;

/// Everything in the file.
#[derive(Deserialize)]
pub(crate) struct Data {
    pub(crate) tools: Vec<Fixture>,
    pub(crate) prompts: Vec<Prompted>,
    pub(crate) resources: Vec<Held<Resource>>,
    pub(crate) templates: Vec<Held<ResourceTemplate>>,
}

/// One tool.
#[derive(Deserialize)]
pub(crate) struct Fixture {
    pub(crate) card: Tool,
    pub(crate) does: Does,
}

/// What a tool does.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Does {
    /// Answers always the same.
    Answer(CallToolResult),
    /// Logs these lines, on protocols before 2026-07-28.
    Log(Vec<String>),
    /// Logs this line if the request has a log level.
    LogIfAsked(String),
    /// Tells these amounts of 100.
    Progress(Vec<f64>),
    /// Tells whoever listens that these have changed.
    Changed(Kind),
    /// Answers so to a client that can sample, and refuses others.
    NeedsSampling(String),
    /// Asks the client's model, for so many tokens at most, on protocols before 2026-07-28.
    Sample(u32),
    /// Asks the client's person, on protocols before 2026-07-28.
    Elicit(Value),
    /// Asks over several requests.
    Rounds(Rounds),
    /// Says this, filled with the arguments.
    Say(String),
    /// Takes its time, as a task.
    Job(Job),
    /// Asks over several requests, then takes its time as a task.
    RoundsThenJob(Rounds, Job),
}

/// What can change.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Tools,
    Prompts,
}

/// One prompt.
#[derive(Deserialize)]
pub(crate) struct Prompted {
    pub(crate) card: Prompt,
    pub(crate) messages: Value,
    pub(crate) rounds: Option<Rounds>,
}

/// Something with a content.
#[derive(Deserialize)]
pub(crate) struct Held<T> {
    pub(crate) card: T,
    pub(crate) content: Value,
}
