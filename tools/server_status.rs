//! `server_status`: what the server is set up to do.

use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Needs, Refusal, ServerStatus};
use crate::toolkit::{Effect, Limits, Tool, ToolSpec};

/// Shows the set-up.
pub(super) struct ServerStatusTool;

/// Nothing to choose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {}

/// Every tool and what it needs: what could be off.
static TOOLS: LazyLock<Vec<Needs>> = LazyLock::new(|| {
    super::catalogue(Limits::default())
        .specs()
        .map(ToolSpec::needs)
        .collect()
});

impl Tool for ServerStatusTool {
    const NAME: &'static str = "server_status";
    const TITLE: &'static str = "Show the server's state";
    const ABOUT: &'static str = include_str!("server_status.md");
    const EFFECT: Effect = Effect::Read;
    type Input = Input;
    type Output = ServerStatus;

    async fn call(access: Arc<Access>, ask: Ask, _input: Input) -> Result<Self::Output, Refusal> {
        Ok(access.server_status(&ask, &TOOLS).await)
    }
}
