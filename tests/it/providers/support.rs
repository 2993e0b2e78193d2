//! A played upstream that answers what a test mounts, and remembers everything that was sent.

use serde_json::{Value, json};
use status_roster::{
    audit::{Intent, Log, Planned},
    caller::Caller,
    clock::Clock,
    providers::statuspage::Statuspage,
    roster::{OrganizationId, PageId},
    secret::Secret,
    store::Store,
    upstream::{Client, Credential, Cx, Settings},
};
use tokio_util::sync::CancellationToken;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

pub(super) const KEY: &str = "canary-key-9f2c";

/// Statuspage as a test plays it.
pub(super) struct Stage {
    server: MockServer,
    pub(super) statuspage: Statuspage,
    pub(super) cx: Cx,
    log: Log,
    _directory: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let server = MockServer::start().await;
        let clock = Clock::system();
        let client = Self::client(&format!("{}/v1", server.uri()), KEY);
        let organization = OrganizationId::parse("org7w2kd9").unwrap();
        let directory = tempfile::tempdir().unwrap();
        let record = directory.path().join("audit.jsonl");
        let log = Log::open(&record, clock, vec![Secret::new(KEY)])
            .await
            .unwrap()
            .log;
        Self {
            server,
            statuspage: Statuspage::new(client, organization, clock),
            cx: Cx::interactive(CancellationToken::new()),
            log,
            _directory: directory,
        }
    }

    /// A client that gives up at the first failure.
    pub(super) fn client(base: &str, key: &str) -> Client {
        let credential = Credential::OAuth(Secret::new(key));
        let mut settings = Settings::new("statuspage", base.parse().unwrap(), credential);
        settings.retries = 0;
        let clock = Clock::system();
        Client::new(settings, &Store::memory(clock), clock).unwrap()
    }

    /// Answers `verb /v1/at` with a status and a body.
    pub(super) async fn answers(&self, verb: &str, at: &str, status: u16, body: &Value) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        self.mount(verb, at, answer).await;
    }

    /// Answers `verb /v1/at` with a status alone.
    pub(super) async fn answers_nothing(&self, verb: &str, at: &str, status: u16) {
        self.mount(verb, at, ResponseTemplate::new(status)).await;
    }

    async fn mount(&self, verb: &str, at: &str, answer: ResponseTemplate) {
        let mock = Mock::given(method(verb)).and(path(format!("/v1{at}")));
        mock.respond_with(answer).mount(&self.server).await;
    }

    pub(super) async fn intent(&self) -> Intent {
        let planned = Planned {
            caller: Caller::local(None),
            tool: "test".to_owned(),
            plan_id: "plan".to_owned(),
            call_id: "call".to_owned(),
            system: "statuspage".to_owned(),
            action: "test".to_owned(),
            target: json!({}),
            before: json!({}),
        };
        self.log.intent(planned).await.unwrap()
    }

    /// Everything that was sent, as `GET /pages?page=1 {"body": …}`, in order.
    pub(super) async fn sent(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let told = requests.iter().map(|request| {
            assert_eq!(request.headers["authorization"], format!("OAuth {KEY}"));
            let query = request
                .url
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            let at = request
                .url
                .path()
                .strip_prefix("/v1")
                .unwrap_or("not under the base address");
            let body = String::from_utf8_lossy(&request.body);
            format!("{} {at}{query} {body}", request.method)
                .trim_end()
                .to_owned()
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
    let file = format!(
        "{}/tests/fixtures/statuspage/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

pub(super) fn page() -> PageId {
    PageId::parse("pgalpha00001").unwrap()
}
