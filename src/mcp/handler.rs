//! The server as the protocol sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rmcp::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CancelTaskParams, ClientCapabilities,
    CompleteRequestParams, CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode,
    ErrorData, GetPromptRequestParams, GetPromptResponse, GetTaskParams, GetTaskResult,
    Implementation, InitializeRequestParams, InitializeResult, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig,
    SubscriptionFilter, TASKS_EXTENSION_ID, Tool, UpdateTaskParams,
};
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext};

use super::prompts::Prompts;
use super::tasks::{Bounds, Tasks};
use super::{call, completions, human, icon, opening, prompts, render, resources, watch};
use crate::access::Access;
use crate::caller::{Caller, Standing};
use crate::roster::text;
use crate::toolkit::Catalogue;

/// The instructions that the model reads once. Clients cut at 2,048 characters, so the rules come first.
pub const INSTRUCTIONS: &str = include_str!("instructions.md");

/// The instructions with the budgets of this server's systems.
fn instructions(access: &Access) -> String {
    let budgets = access.budgets_in_words();
    INSTRUCTIONS.trim().replace("{budgets}", &budgets)
}

/// The time that a client may keep the list of tools: it changes only with the server's configuration.
const LIST_TTL_MS: u64 = 300_000;

/// One handler for every request of every transport. Cheap to clone.
#[derive(Clone)]
pub struct Handler {
    access: Arc<Access>,
    catalogue: Arc<Catalogue>,
    /// As clients are shown them, made once: a call looks its tool up, and schemas are long.
    tools: Arc<BTreeMap<&'static str, Tool>>,
    prompts: Arc<Prompts>,
    tasks: Tasks,
}

impl Handler {
    /// A handler over the use cases and the catalogue.
    #[must_use]
    pub fn new(access: Arc<Access>, catalogue: Arc<Catalogue>) -> Self {
        let prompts = Prompts::built_in().unwrap_or_else(|why| {
            tracing::error!(why, "the built-in prompts cannot be read");
            Prompts::none()
        });
        let prompts = prompts.where_on(|toolset| access.has_toolset(toolset));
        let tools = catalogue
            .specs()
            .map(|spec| (spec.name, render::tool(spec)));
        Self {
            tools: Arc::new(tools.collect()),
            tasks: Tasks::new(*access.clock(), Bounds::default(), access.memory().clone()),
            access,
            catalogue,
            prompts: Arc::new(prompts),
        }
    }

    /// Sets other bounds for tasks.
    #[must_use]
    pub fn with_tasks(mut self, bounds: Bounds) -> Self {
        self.tasks = Tasks::new(*self.access.clock(), bounds, self.access.memory().clone());
        self
    }

    /// The calls that are under way as tasks.
    #[must_use]
    pub fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// Returns the caller: over HTTP the one whom the transport identified, on stdio the one who started the server. The client program's
    /// name for itself is kept too; nothing depends on it.
    pub fn caller(context: &RequestContext<RoleServer>) -> Caller {
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
        server.icons = Some(icon::all());
        server.description = Some(env!("CARGO_PKG_DESCRIPTION").to_owned());
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_resources()
            .enable_resources_list_changed()
            .enable_resources_subscribe()
            .enable_completions()
            .enable_tasks()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(server)
            .with_instructions(instructions(&self.access))
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
            .filter_map(|spec| self.tools.get(spec.name).cloned())
            .collect();
        let mut list = ListToolsResult::with_all_items(tools);
        list.ttl_ms = Some(LIST_TTL_MS);
        // The list depends on the caller.
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.get(name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let call = call::Call {
            access: self.access.clone(),
            catalogue: self.catalogue.clone(),
            caller: Self::caller(&context),
            standing: standing(&context),
            request,
            context,
        };
        call::run(call, &self.tasks).await
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        let task = self.tasks.get(&Self::caller(&context), &request.task_id)?;
        Ok(GetTaskResult::new(task))
    }

    async fn update_task(
        &self,
        request: UpdateTaskParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        // A client that cannot show a form has not shown one.
        if !human::can_show_forms(&context) {
            let needed = ClientCapabilities::builder().enable_elicitation().build();
            return Err(ErrorData::missing_required_client_capability(needed));
        }
        let caller = Self::caller(&context);
        let (id, answers) = (request.task_id, request.input_responses);
        self.tasks.update(&caller, &id, answers)
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.tasks.cancel(&Self::caller(&context), &request.task_id)
    }

    /// As the library does it, with a time for which it may be kept: it changes only with the server's version.
    async fn discover(
        &self,
        _context: RequestContext<RoleServer>,
    ) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut result = DiscoverResult::from_server_info(versions, self.get_info());
        result.ttl_ms = LIST_TTL_MS;
        result.cache_scope = CacheScope::Public;
        Ok(result)
    }

    /// As the library does it; but a session cannot subscribe, nor have tasks: both are of 2026-07-28.
    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(request.clone());
        let mut result = self.negotiate_initialize(&request)?;
        if let Some(resources) = &mut result.capabilities.resources {
            resources.subscribe = None;
            resources.list_changed = None;
        }
        if let Some(extensions) = &mut result.capabilities.extensions {
            extensions.remove(TASKS_EXTENSION_ID);
        }
        Ok(result)
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let listed = self
            .prompts
            .all()
            .map(|(name, file)| prompts::listed(name, file));
        let mut list = ListPromptsResult::with_all_items(listed.collect());
        list.ttl_ms = Some(LIST_TTL_MS);
        list.cache_scope = Some(CacheScope::Public);
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let file = self.prompts.get(&request.name)?;
        let arguments = request.arguments.unwrap_or_default();
        Ok(prompts::render(file, &arguments)?.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let found = resources::list(&self.access, &Self::caller(&context));
        let (found, next) = resources::piece(found, request.and_then(|it| it.cursor))?;
        let mut list = ListResourcesResult::with_all_items(found);
        list.next_cursor = next;
        // It names what is in memory, which the next call may change.
        list.ttl_ms = Some(0);
        list.cache_scope = Some(CacheScope::Private);
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut list =
            ListResourceTemplatesResult::with_all_items(resources::templates(&self.access));
        list.ttl_ms = Some(LIST_TTL_MS);
        list.cache_scope = Some(CacheScope::Public);
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let caller = Self::caller(&context);
        let (access, catalogue) = (&self.access, &self.catalogue);
        let cancel = context.ct.clone();
        let mut result = resources::read(access, catalogue, caller, &request.uri, cancel).await?;
        result.ttl_ms = Some(0);
        result.cache_scope = Some(CacheScope::Private);
        Ok(result.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let caller = Self::caller(&context);
        completions::complete(&self.access, &self.prompts, &caller, &request)
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(watch::accepted(requested))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        watch::listen(context, self.access.changes()).await
    }

    /// Answers a request that no other method took: unknown, or known and malformed. The library does not distinguish these.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let method = text::clean(&request.method, 80).text;
        // A request that names its protocol is of 2026-07-28, where there is nothing to initialize.
        let gone = method == "initialize" && context.meta.protocol_version().is_some();
        if method == "initialize" && !gone {
            return Err(opening::refusal(request.params.as_ref()));
        }
        if KNOWN.contains(&method.as_str()) {
            let why = format!(
                "the parameters of `{method}` are not in the protocol's form (`arguments` is an object, `name`, `uri` and `taskId` are texts). Nothing was changed."
            );
            return Err(ErrorData::invalid_params(why, None));
        }
        let why = format!("this server has no method `{method}`. Nothing was changed.");
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, why, None))
    }
}

/// Returns whether who asks may still ask, where a transport keeps an eye on it.
fn standing(context: &RequestContext<RoleServer>) -> Standing {
    let parts = context.extensions.get::<http::request::Parts>();
    let vouched = parts.and_then(|parts| parts.extensions.get::<Standing>());
    vouched.cloned().unwrap_or_default()
}

/// Methods that this server answers when their parameters can be read.
const KNOWN: [&str; 11] = [
    "tools/call",
    "tools/list",
    "prompts/get",
    "prompts/list",
    "resources/read",
    "resources/list",
    "resources/templates/list",
    "completion/complete",
    "tasks/get",
    "tasks/update",
    "tasks/cancel",
];
