//! The server's own handler, and the fixtures for the names that it does not have.

use std::sync::{Arc, Mutex, PoisonError};

use rmcp::ServerHandler;
use rmcp::model::*;
use rmcp::service::{RequestContext, RoleServer, SubscriptionContext, SubscriptionSink};
use serde_json::{Value, json};
use status_roster::mcp::Handler;

use crate::fixtures::Data;
use crate::rounds::Step;
use crate::words::filled;

/// The server with the fixtures.
#[derive(Clone)]
pub(crate) struct Fixtures {
    pub(crate) inner: Handler,
    data: Arc<Data>,
    pub(crate) codec: Arc<RequestStateCodec>,
    listening: Arc<Mutex<Vec<SubscriptionSink>>>,
}

pub(crate) type Context = RequestContext<RoleServer>;

impl Fixtures {
    pub(crate) fn around(inner: Handler) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self {
            inner,
            data: Arc::new(serde_json::from_str(include_str!("fixtures.json"))?),
            codec: Arc::new(RequestStateCodec::try_new(rand::random::<[u8; 32]>())?),
            listening: Arc::default(),
        })
    }

    pub(crate) fn sinks(&self) -> std::sync::MutexGuard<'_, Vec<SubscriptionSink>> {
        self.listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        let mut info = self.inner.get_info();
        let more = json!({"logging": {}, "completions": {}, "prompts": {"listChanged": true}, "resources": {"subscribe": true, "listChanged": true}, "tools": {"listChanged": true}});
        let mut capabilities = serde_json::to_value(&info.capabilities).unwrap_or_default();
        if let (Some(all), Some(more)) = (capabilities.as_object_mut(), more.as_object()) {
            all.extend(more.clone());
        }
        if let Ok(capabilities) = serde_json::from_value(capabilities) {
            info.capabilities = capabilities;
        }
        info
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut list = self.inner.list_tools(request, context).await?;
        list.tools
            .extend(self.data.tools.iter().map(|it| it.card.clone()));
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let mut fixtures = self.data.tools.iter();
        let fixture = fixtures.find(|it| it.card.name == name);
        fixture
            .map(|it| it.card.clone())
            .or_else(|| self.inner.get_tool(name))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        match self
            .data
            .tools
            .iter()
            .find(|it| it.card.name == request.name)
        {
            Some(fixture) => self.run(&fixture.does, request, context).await,
            None => self.inner.call_tool(request, context).await,
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut list = self.inner.list_prompts(request, context).await?;
        list.prompts
            .extend(self.data.prompts.iter().map(|it| it.card.clone()));
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        let Some(prompt) = self
            .data
            .prompts
            .iter()
            .find(|it| it.card.name == request.name)
        else {
            return self.inner.get_prompt(request, context).await;
        };
        let mut messages = prompt.messages.clone();
        if let Some(rounds) = &prompt.rounds {
            let client = context.client_capabilities().unwrap_or_default();
            let (state, responses) = (
                request.request_state.as_deref(),
                request.input_responses.as_ref(),
            );
            match rounds.step(&self.codec, state, responses, &client)? {
                Step::Ask(ask) => return Ok(ask.into()),
                Step::Done(text) => {
                    messages = json!([{"role": "user", "content": {"type": "text", "text": text}}])
                }
            }
        }
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let messages = serde_json::from_value(filled(&messages, &arguments))
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok(GetPromptResult::new(messages).into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut list = self.inner.list_resources(request, context).await?;
        list.resources
            .extend(self.data.resources.iter().map(|it| it.card.clone()));
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut list = self.inner.list_resource_templates(request, context).await?;
        let templates = self.data.templates.iter().map(|it| it.card.clone());
        list.resource_templates.extend(templates);
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.as_str();
        let id = uri
            .strip_prefix("test://template/")
            .and_then(|it| it.strip_suffix("/data"));
        let mut resources = self.data.resources.iter();
        let content = match (id, self.data.templates.first()) {
            (Some(id), Some(template)) => Some(filled(&template.content, &json!({"id": id}))),
            _ => resources
                .find(|it| it.card.uri == uri)
                .map(|it| it.content.clone()),
        };
        let Some(content) = content else {
            return if uri.starts_with("test://") {
                Err(ErrorData::resource_not_found(
                    format!("there is no `{uri}`"),
                    Some(json!({"uri": uri})),
                ))
            } else {
                self.inner.read_resource(request, context).await
            };
        };
        let content = serde_json::from_value(content)
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok(ReadResourceResult::new(vec![content]).into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        let fixture =
            matches!(&request.r#ref, Reference::Prompt(prompt) if prompt.name.starts_with("test_"));
        if fixture {
            return Ok(CompleteResult::default());
        }
        self.inner.complete(request, context).await
    }

    async fn set_level(&self, _: SetLevelRequestParams, _: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn subscribe(&self, _: SubscribeRequestParams, _: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(&self, _: UnsubscribeRequestParams, _: Context) -> Result<(), ErrorData> {
        Ok(())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(requested.supported_by(&self.get_info().capabilities))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.sinks().push(context.sink().clone());
        context.cancelled().await;
        Ok(())
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        context: Context,
    ) -> Result<GetTaskResult, ErrorData> {
        self.inner.get_task(request, context).await
    }

    async fn update_task(
        &self,
        request: UpdateTaskParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        self.inner.update_task(request, context).await
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        self.inner.cancel_task(request, context).await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: Context,
    ) -> Result<CustomResult, ErrorData> {
        self.inner.on_custom_request(request, context).await
    }
}
