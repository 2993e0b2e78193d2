//! A server that listens, its sandbox, and a client of no particular make.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use status_roster::app;
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::transport::http::{Facts, NewToken, Server, Settings, TokenFile, lifetime};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::tools::world::{Make, World};

/// What every request says it takes.
const TAKES: &str = "application/json, text/event-stream";

/// A server on a port of its own. Everything is gone when it is dropped.
pub(super) struct Office {
    pub(super) world: World,
    pub(super) url: String,
    pub(super) stop: CancellationToken,
    pub(super) running: JoinHandle<()>,
    client: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The messages: one, or those of a stream in their order.
    pub(super) fn messages(&self) -> Vec<Value> {
        if self.header("content-type").starts_with("text/event-stream") {
            let data = self.body.lines().filter_map(|it| it.strip_prefix("data:"));
            data.filter_map(|it| serde_json::from_str(it.trim()).ok())
                .collect()
        } else {
            vec![serde_json::from_str(&self.body).unwrap_or_default()]
        }
    }

    /// The result of the last message.
    pub(super) fn result(&self) -> Value {
        let last = self.messages().pop().unwrap_or_default();
        assert!(last["result"].is_object(), "no result: {self:?}");
        last["result"].clone()
    }
}

impl Office {
    /// Without authentication, on loopback.
    pub(super) async fn open() -> Self {
        Self::with("", |_| {}).await
    }

    /// With more of the configuration file, and settings changed afterwards.
    pub(super) async fn with(more: &str, change: impl FnOnce(&mut Settings)) -> Self {
        Self::at("127.0.0.1:0", more, change).await
    }

    /// With a token file, which is empty at first.
    pub(super) async fn with_tokens() -> Self {
        let tokens = "[http]\ntokens_file = \"state/tokens.json\"";
        Self::with(tokens, |settings| settings.metrics_open = true).await
    }

    pub(super) async fn at(address: &str, more: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let make = Make {
            more: more.to_owned(),
            ..Make::default()
        };
        Self::made(address, make, change).await
    }

    /// In a world made so.
    pub(super) async fn around(make: Make) -> Self {
        Self::made("127.0.0.1:0", make, |_| {}).await
    }

    async fn made(address: &str, make: Make, change: impl FnOnce(&mut Settings)) -> Self {
        let world = make.world().await;
        let mut settings = app::http(&world.config);
        change(&mut settings);
        let facts = Facts {
            access: world.app.access.clone(),
            catalogue: world.app.catalogue.clone(),
            last_words: Duration::from_secs(20),
        };
        let handler = world.app.handler();
        let address = address.parse().unwrap();
        let server = Server::bind(address, settings, handler, facts)
            .await
            .unwrap();
        let url = format!("http://127.0.0.1:{}", server.address().port());
        let stop = CancellationToken::new();
        #[expect(
            clippy::disallowed_methods,
            reason = "aborted when the office is dropped"
        )]
        let running = tokio::spawn(server.run(stop.clone()));
        Self {
            world,
            url,
            stop,
            running,
            client: client(),
        }
    }

    pub(super) fn tokens(&self) -> TokenFile {
        TokenFile::at(&self.token_path())
    }

    pub(super) fn token_path(&self) -> PathBuf {
        self.world.state.path().join("state/tokens.json")
    }

    /// A new token, which counts as soon as this returns.
    pub(super) async fn token(&self, name: &str, scopes: &[Scope]) -> String {
        let new = NewToken {
            name: name.to_owned(),
            scopes: scopes.iter().copied().collect(),
            lifetime: lifetime("1d").unwrap(),
        };
        let made = self.tokens().make(new, Clock::system().now()).unwrap();
        let mut known = false;
        while !known {
            known = self.get("/mcp", Some(&made.token)).await.status != 401;
            if !known {
                Clock::system().sleep(Duration::from_millis(50)).await;
            }
        }
        made.token
    }

    /// A GET.
    pub(super) async fn get(&self, path: &str, token: Option<&str>) -> Reply {
        let mut request = self.client.get(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        send(request).await
    }

    /// A POST to the endpoint.
    pub(super) async fn post(
        &self,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        let all = headers.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        });
        let request = self
            .client
            .post(format!("{}/mcp", self.url))
            .header("accept", TAKES)
            .header("content-type", "application/json")
            .headers(all.collect())
            .body(body);
        send(request).await
    }

    /// A request of protocol 2026-07-28.
    pub(super) async fn ask(
        &self,
        token: Option<&str>,
        method: &str,
        mut params: Value,
        more: &[(&str, &str)],
    ) -> Reply {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "office", "version": "1"},
        });
        for (key, value) in meta.as_object().unwrap() {
            if params["_meta"][key].is_null() {
                params["_meta"][key] = value.clone();
            }
        }
        let named = ["name", "taskId"].map(|key| params[key].as_str());
        let name = named.into_iter().flatten().next().unwrap_or_default();
        let name = name.to_owned();
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let mut headers = vec![
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", method),
        ];
        if !name.is_empty() {
            headers.push(("mcp-name", &name));
        }
        if token.is_some() {
            headers.push(("authorization", &bearer));
        }
        headers.extend(more);
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        self.post(&headers, body.to_string()).await
    }

    /// A tool call: its result, refused or not.
    pub(super) async fn call(&self, token: Option<&str>, tool: &str, arguments: Value) -> Value {
        let params = json!({"name": tool, "arguments": arguments});
        let reply = self.ask(token, "tools/call", params, &[]).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.result()
    }

    /// The names of the tools that a caller is shown.
    pub(super) async fn shown(&self, token: Option<&str>, more: &[(&str, &str)]) -> Vec<String> {
        let list = self
            .ask(token, "tools/list", json!({}), more)
            .await
            .result();
        let tools = list["tools"].as_array().unwrap();
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Opens a session of the older protocol.
    pub(super) async fn session(&self, token: Option<&str>) -> Reply {
        self.session_of(token, json!({})).await
    }

    /// The same for a client that can do this.
    pub(super) async fn session_of(&self, token: Option<&str>, capabilities: Value) -> Reply {
        let body = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": {"name": "older", "version": "1"},
        }});
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let headers: &[(&str, &str)] = match token {
            Some(_) => &[("authorization", &bearer)],
            None => &[],
        };
        self.post(headers, body.to_string()).await
    }

    /// A request in a session.
    pub(super) async fn in_session(&self, token: Option<&str>, id: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {}", token.unwrap_or_default());
        let mut headers = vec![
            ("mcp-session-id", id),
            ("mcp-protocol-version", "2025-11-25"),
        ];
        if token.is_some() {
            headers.push(("authorization", &bearer));
        }
        self.post(&headers, body.to_string()).await
    }

    /// A number of `/metrics`.
    pub(super) async fn metric(&self, line: &str) -> f64 {
        let page = self.get("/metrics", None).await.body;
        let found = page
            .lines()
            .find_map(|it| it.strip_prefix(line)?.strip_prefix(' '));
        found.map_or(0.0, |value| value.parse().unwrap())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.running.abort();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a client of the server under test, not of an upstream"
)]
pub(super) fn client() -> reqwest::Client {
    // Fails only when the process has one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap()
}

async fn send(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap_or_default(),
    }
}
