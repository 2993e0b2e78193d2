//! The server as the protocol sees it.

use std::sync::Arc;

use rmcp::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CustomRequest, CustomResult, ErrorCode,
    ErrorData, Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities,
    ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};

use super::{call, render};
use crate::access::Access;
use crate::caller::Caller;
use crate::roster::text;
use crate::toolkit::Catalogue;

/// What the model is told once. Clients cut at 2,048 characters, so the rules come first.
pub const INSTRUCTIONS: &str = include_str!("instructions.md");

/// How long a client may keep the list of tools: it changes only with the server's configuration.
const LIST_TTL_MS: u64 = 300_000;

/// One handler for every request of every transport. Cheap to clone.
#[derive(Clone)]
pub struct Handler {
    access: Arc<Access>,
    catalogue: Arc<Catalogue>,
}

impl Handler {
    /// A handler over the use cases and the catalogue.
    #[must_use]
    pub fn new(access: Arc<Access>, catalogue: Arc<Catalogue>) -> Self {
        Self { access, catalogue }
    }

    /// Who asks: over HTTP whom the transport vouched for, on stdio whoever started the server. The name that the client
    /// program gives itself comes along; nothing depends on it.
    fn caller(context: &RequestContext<RoleServer>) -> Caller {
        let client = context
            .client_info()
            .map(|info| text::clean(&format!("{} {}", info.name, info.version), 80).text);
        match context.extensions.get::<http::request::Parts>() {
            None => Caller::local(client),
            Some(parts) => {
                let vouched = parts.extensions.get::<Caller>();
                let caller = vouched.cloned().unwrap_or_else(Caller::nobody);
                Caller { client, ..caller }
            }
        }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let mut server = Implementation::new("status-roster", env!("CARGO_PKG_VERSION"));
        server.title = Some("Status page access".to_owned());
        server.description = Some(env!("CARGO_PKG_DESCRIPTION").to_owned());
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(server)
            .with_instructions(INSTRUCTIONS.trim())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let caller = Self::caller(&context);
        let tools: Vec<Tool> = self
            .catalogue
            .shown(&self.access, &caller)
            .map(render::tool)
            .collect();
        let mut list = ListToolsResult::with_all_items(tools);
        list.ttl_ms = Some(LIST_TTL_MS);
        // What is listed depends on who asks.
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.catalogue
            .cards()
            .find(|card| card.name == name)
            .map(render::tool)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let caller = Self::caller(&context);
        Ok(call::run(&self.access, &self.catalogue, caller, request, context).await)
    }

    /// What no other method took: unknown, or known and not in its form, which the library does not tell apart.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let method = text::clean(&request.method, 80).text;
        if KNOWN.contains(&method.as_str()) {
            let why = format!(
                "the parameters of `{method}` are not in the protocol's form (`arguments` is an object, `name` and `uri` are texts). Nothing was changed."
            );
            return Err(ErrorData::invalid_params(why, None));
        }
        let why = format!("this server has no method `{method}`. Nothing was changed.");
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, why, None))
    }
}

/// Methods that this server answers when their parameters can be read.
const KNOWN: [&str; 9] = [
    "initialize",
    "tools/call",
    "tools/list",
    "prompts/get",
    "prompts/list",
    "resources/read",
    "resources/list",
    "resources/templates/list",
    "completion/complete",
];
