//! A plain server of one tool, as the library's examples build one: no token, no limits, no window, no policy, no record.
//!
//! It sends the same request upstream and answers with the same fields. Its one liberty is to send small packets at once, without
//! which the library's streams wait 40 ms now and then.

use std::sync::Arc;

use axum::serve::ListenerExt as _;
use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ErrorData, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};

/// Makes this program the plain server.
pub(crate) const FLAG: &str = "--serve-plain";

/// Its tool.
pub(crate) const TOOL: &str = "rows";

#[derive(Clone)]
struct Plain {
    base: Arc<str>,
    key: Arc<str>,
    client: reqwest::Client,
}

impl Plain {
    async fn rows(&self, path: &str, most: usize) -> Result<Value, reqwest::Error> {
        let request = self
            .client
            .get(format!("{}{path}", self.base.trim_end_matches('/')))
            .header("authorization", format!("OAuth {}", self.key));
        let body = request.send().await?.bytes().await?;
        let rows: Vec<Value> = serde_json::from_slice(&body).unwrap_or_default();
        let records: Vec<Value> = rows.iter().take(most).map(record).collect();
        let now = jiff::Timestamp::now().to_string();
        Ok(json!({
            "records": records, "complete": true, "as_of": now, "scanned": rows.len(), "matched": rows.len(), "warnings": [],
            "rate": {"used": 1, "limit": 60, "resets_in_s": 60},
        }))
    }
}

/// The fields of a roster record.
fn record(row: &Value) -> Value {
    json!({
        "system": "statuspage", "kind": "account", "id": row["id"], "email": row["email"], "first_name": row["first_name"],
        "last_name": row["last_name"], "active_date": row["created_at"], "updated_at": row["updated_at"],
        "groups": row["page_access_group_ids"], "external_id": row["external_login"], "scope": {"page": row["page_id"]},
    })
}

impl ServerHandler for Plain {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let input = json!({"type": "object", "properties": {"path": {"type": "string"}, "most": {"type": "integer"}}});
        let input = input.as_object().cloned().unwrap_or_default();
        let tool = Tool::new(TOOL, "Answers rows.", Arc::new(input));
        Ok(ListToolsResult::with_all_items(vec![tool]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let path = arguments.get("path").and_then(Value::as_str);
        let most = arguments.get("most").and_then(Value::as_u64);
        let most = most.map_or(0, |most| usize::try_from(most).unwrap());
        let rows = self.rows(path.unwrap_or_default(), most).await;
        let rows = rows.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok(CallToolResult::structured(rows).into())
    }
}

/// Serves until it is killed.
pub(crate) fn serve(base: &str, key: &str) {
    // Fails only when the process has one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .build()
        .unwrap();
    let plain = Plain {
        base: base.into(),
        key: key.into(),
        client,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        let service = StreamableHttpService::new(
            move || Ok(plain.clone()),
            Arc::new(LocalSessionManager::default()),
            StreamableHttpServerConfig::default(),
        );
        let router = axum::Router::new().route_service("/mcp", service);
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).await.unwrap();
    });
}
