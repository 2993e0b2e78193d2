//! The demo's client: starts this same program as a server and speaks the protocol with it.

use std::path::Path;
use std::process::Stdio;

use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::TokioChildProcess;
use serde_json::Value;
use tokio::process::Command;

use crate::sandbox::Running;

/// A conversation with a server of our own.
pub(super) struct Client(RunningService<RoleClient, ClientConfig>);

/// Starts the server, pointed at the sandbox, with writes on.
pub(super) async fn start(sandbox: &Running, home: &Path) -> Result<Client, String> {
    let file = home.join("config.toml");
    let settings = format!(
        "[statuspage]\norganization_id = \"{}\"\napi_key = \"{}\"\nbase_url = \"{}\"\nwindow_seconds = {}\n\
         [atlassian_scim]\ndirectory_id = \"{}\"\napi_key = \"{}\"\nbase_url = \"{}\"\n\
         [statusapp]\napi_key = \"{}\"\nbase_url = \"{}\"\n",
        sandbox.organization_id,
        sandbox.api_key,
        sandbox.statuspage_url(),
        super::WINDOW.as_secs(),
        sandbox.directory_id,
        sandbox.scim_api_key,
        sandbox.scim_url(),
        sandbox.statusapp_api_key,
        sandbox.statusapp_url(),
    );
    std::fs::write(&file, settings)
        .map_err(|error| format!("the demo's configuration could not be written: {error}"))?;
    let program = std::env::current_exe()
        .map_err(|error| format!("this program cannot find itself: {error}"))?;
    let mut command = Command::new(program);
    command
        .arg("serve")
        .arg("--allow-writes")
        .arg("--config")
        .arg(&file)
        .arg("--state-dir")
        .arg(home);
    let (process, _) = TokioChildProcess::builder(command)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the server could not be started: {error}"))?;
    let client = Implementation::new("status-roster-demo", env!("CARGO_PKG_VERSION"));
    let running = ClientConfig::new(ClientCapabilities::default(), client)
        .serve(process)
        .await
        .map_err(|error| format!("the server did not answer: {error}"))?;
    Ok(Client(running))
}

impl Client {
    /// Returns the name and version that the server reports.
    pub(super) fn server(&self) -> String {
        let info = self.0.peer_info();
        let server = info.as_ref().and_then(|info| info.server_info.as_ref());
        server.map_or_else(
            || "a server".to_owned(),
            |it| format!("{} {}", it.name, it.version),
        )
    }

    /// The names of the tools that it offers.
    pub(super) async fn tools(&self) -> Result<Vec<String>, String> {
        let tools = self
            .0
            .list_all_tools()
            .await
            .map_err(|error| error.to_string())?;
        Ok(tools
            .into_iter()
            .map(|tool| tool.name.into_owned())
            .collect())
    }

    /// Calls a tool: its result, or the words of its refusal.
    pub(super) async fn call(
        &self,
        tool: &'static str,
        arguments: &Value,
    ) -> Result<Result<Value, String>, String> {
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = self
            .0
            .call_tool(request)
            .await
            .map_err(|error| format!("`{tool}` was not answered: {error}"))?;
        let words = || {
            result
                .content
                .iter()
                .filter_map(|block| block.as_text())
                .map(|text| text.text.clone())
                .collect::<String>()
        };
        Ok(match &result.structured_content {
            Some(value) if result.is_error != Some(true) => Ok(value.clone()),
            _ => Err(words()),
        })
    }

    /// Ends the conversation; the server ends with it.
    pub(super) async fn stop(self) {
        // The story is told; how the server leaves does not matter any more.
        drop(self.0.cancel().await);
    }
}
