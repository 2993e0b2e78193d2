//! Clients of both eras, with a person in front of them who does as the test says.

use std::sync::{Arc, Mutex};

use rmcp::ClientHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, ElicitRequestParams,
    ElicitResult, ElicitationAction, ElicitationCapability, ErrorData, Implementation,
    ProtocolVersion,
};
use rmcp::service::{
    ClientLifecycleMode, ClientServiceExt as _, RequestContext, RoleClient, RunningService,
};
use serde_json::{Value, json};
use status_roster::app::App;
use status_roster::mcp::Handler;
use status_roster::transport::stdio;

/// How the client opens the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// `initialize`, and a session.
    Session,
    /// 2026-07-28: every request stands alone.
    Modern,
}

pub(super) const ERAS: [Era; 2] = [Era::Session, Era::Modern];

impl Era {
    pub(super) fn lifecycle(self) -> ClientLifecycleMode {
        match self {
            Self::Session => ClientLifecycleMode::Initialize,
            Self::Modern => ClientLifecycleMode::Discover {
                preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            },
        }
    }
}

/// What the person does with a form.
#[derive(Debug, Clone)]
pub(super) enum Does {
    /// Types this.
    Types(&'static str),
    /// Sends it as the client made it.
    SendsItEmpty,
    /// Says no.
    Declines,
    /// Closes it.
    Closes,
}

/// A client whose person acts, and everything that the person saw.
#[derive(Clone)]
pub(super) struct Client {
    does: Arc<Mutex<Does>>,
    pub(super) forms: Arc<Mutex<Vec<Value>>>,
    capabilities: ClientCapabilities,
}

pub(super) type Running = RunningService<RoleClient, Client>;

impl Client {
    /// A client that can show forms.
    pub(super) fn with_forms(does: Does) -> Self {
        let mut capabilities = ClientCapabilities::default();
        capabilities.elicitation = Some(ElicitationCapability::default());
        Self {
            does: Arc::new(Mutex::new(does)),
            forms: Arc::default(),
            capabilities,
        }
    }

    /// A client that cannot.
    pub(super) fn without_forms() -> Self {
        Self {
            capabilities: ClientCapabilities::default(),
            ..Self::with_forms(Does::Declines)
        }
    }

    /// The same client, which can ask after tasks.
    pub(super) fn and_tasks(mut self) -> Self {
        let tasks = ClientCapabilities::builder().enable_tasks().build();
        self.capabilities.extensions = tasks.extensions;
        self
    }

    pub(super) fn now(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    pub(super) fn seen(&self) -> Vec<Value> {
        self.forms.lock().unwrap().clone()
    }

    /// Connects to the server.
    pub(super) async fn connect(&self, app: &App, era: Era) -> Running {
        self.connect_to(app.handler(), era).await
    }

    /// Connects to this handler.
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    pub(super) async fn connect_to(&self, handler: Handler, era: Era) -> Running {
        let (here, there) = tokio::io::duplex(1 << 20);
        let (input, output) = tokio::io::split(there);
        tokio::spawn(async move { stdio::serve_on(handler, input, output).await });
        self.clone()
            .serve_with_lifecycle(here, era.lifecycle())
            .await
            .unwrap()
    }
}

impl ClientHandler for Client {
    fn get_info(&self) -> ClientConfig {
        ClientConfig::new(
            self.capabilities.clone(),
            Implementation::new("test-client", "1.0"),
        )
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        self.forms
            .lock()
            .unwrap()
            .push(serde_json::to_value(&request).unwrap());
        let does = self.does.lock().unwrap().clone();
        Ok(match does {
            Does::Types(word) => {
                ElicitResult::new(ElicitationAction::Accept).with_content(json!({ "typed": word }))
            }
            Does::SendsItEmpty => ElicitResult::new(ElicitationAction::Accept),
            Does::Declines => ElicitResult::new(ElicitationAction::Decline),
            Does::Closes => ElicitResult::new(ElicitationAction::Cancel),
        })
    }
}

pub(super) fn request(tool: &'static str, arguments: &Value) -> CallToolRequestParams {
    CallToolRequestParams::new(tool).with_arguments(arguments.as_object().cloned().unwrap())
}

/// Calls a tool, answering what is asked on the way.
pub(super) async fn call(
    client: &Running,
    tool: &'static str,
    arguments: &Value,
) -> CallToolResult {
    client.call_tool(request(tool, arguments)).await.unwrap()
}

pub(super) fn words(result: &CallToolResult) -> String {
    let texts = result.content.iter().filter_map(|block| block.as_text());
    texts.map(|text| text.text.clone()).collect()
}

/// The words of a refusal.
pub(super) fn refusal(result: &CallToolResult) -> String {
    assert_eq!(result.is_error, Some(true), "not refused: {result:?}");
    assert!(result.structured_content.is_none());
    words(result)
}

/// The `status` of a change.
pub(super) fn status(result: &CallToolResult) -> String {
    assert_ne!(result.is_error, Some(true), "refused: {}", words(result));
    let value = result.structured_content.as_ref().unwrap();
    value["status"].as_str().unwrap().to_owned()
}
