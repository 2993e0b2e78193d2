//! Any upstream, played by hand: what was sent is remembered, and nothing is answered that a test did not mount.

use serde_json::{Value, json};
use status_roster::{
    audit::{Intent, Log, Planned},
    caller::Caller,
    clock::Clock,
    store::Store,
    upstream::{Client, Credential, Cx, Settings},
};
use tokio_util::sync::CancellationToken;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path, query_param},
};

pub(super) const KEY: &str = "canary-key-9f2c";

pub(super) struct Played {
    server: MockServer,
    pub(super) cx: Cx,
    log: Log,
    _directory: tempfile::TempDir,
}

impl Played {
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let record = directory.path().join("audit.jsonl");
        let opened = Log::open(&record, Clock::system(), Vec::new()).await;
        Self {
            server: MockServer::start().await,
            cx: Cx::interactive(CancellationToken::new()),
            log: opened.unwrap().log,
            _directory: directory,
        }
    }

    /// A client that gives up at the first failure.
    pub(super) fn client(&self, system: &'static str, credential: Credential) -> Client {
        let base = self.server.uri().parse().unwrap();
        let mut settings = Settings::new(system, base, credential);
        settings.retries = 0;
        settings.follow_headers = system == "statusapp";
        settings.max_rate_limit_wait = std::time::Duration::ZERO;
        let clock = Clock::system();
        Client::new(settings, &Store::memory(clock), clock).unwrap()
    }

    pub(super) async fn answers(&self, verb: &str, at: &str, status: u16, body: &Value) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        self.mount(verb, at, answer).await;
    }

    pub(super) async fn mount(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(at));
        mock.respond_with(answer).mount(&self.server).await;
    }

    /// A page of a list: what is answered where a query parameter has this value.
    pub(super) async fn page(&self, at: &str, (name, value): (&str, &str), body: &Value) {
        let mock = Mock::given(method("GET"))
            .and(path(at))
            .and(query_param(name, value));
        let answer = ResponseTemplate::new(200).set_body_json(body);
        mock.respond_with(answer).mount(&self.server).await;
    }

    pub(super) async fn intent(&self) -> Intent {
        let planned = Planned {
            caller: Caller::local(None),
            tool: "test".to_owned(),
            plan_id: "plan".to_owned(),
            call_id: "call".to_owned(),
            system: "test".to_owned(),
            action: "test".to_owned(),
            target: json!({}),
            before: json!({}),
        };
        self.log.intent(planned).await.unwrap()
    }

    /// Everything that was sent, as `GET /Users?startIndex=1 BODY`; each with the key in `header` and nowhere else.
    pub(super) async fn sent(&self, header: &str, value: &str) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let told = requests.iter().map(|request| {
            assert_eq!(request.headers[header], value);
            let query = request.url.query();
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            let body = String::from_utf8_lossy(&request.body);
            let told = format!("{} {}{query} {body}", request.method, request.url.path());
            assert!(!told.contains(KEY), "{told}");
            told.trim_end().to_owned()
        });
        told.collect()
    }

    /// The body of the only request that was sent.
    pub(super) async fn only_body(&self) -> Value {
        let requests = self.server.received_requests().await.unwrap();
        assert_eq!(requests.len(), 1);
        serde_json::from_slice(&requests[0].body).unwrap()
    }
}

/// A fixture, as it would arrive.
pub(super) fn fixture(name: &str) -> Value {
    let file = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}
