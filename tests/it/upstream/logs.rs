//! What a request leaves in the log: enough to find it, nothing that names a person or shows a key.

use std::sync::{Arc, Mutex};

use serde_json::json;
use status_roster::upstream::{List, Walk, Write};
use tracing_subscriber::fmt::MakeWriter;

use super::script::{Script, Turn, ok, status, with};
use super::{CANARY, Thing, client, frozen, intent, interactive, things};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_is_logged_without_key_query_or_address_at_the_finest_level() {
    // While there is only one dispatcher, a callsite that another test's thread meets first is asked of that thread, which has
    // none, and is then silent for everybody; with two, all of them are asked.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let clock = frozen();
    let echo = Turn::Answer(401, vec![], json!({ "error": CANARY }).to_string());
    let turns = vec![
        status(500),
        with(429, "retry-after: 2"),
        ok("[]"),
        Turn::Reset,
        echo,
    ];
    let server = Script::start(clock, turns).await;
    let client = client(&server.url, clock);
    let mut walk = Walk::<Thing>::new(List::new(things()).filter("email", "jane@example.com"));
    walk.next(&client, &interactive()).await.unwrap().unwrap();
    let (intent, _kept) = intent(clock).await;
    let write = Write::delete(things().push("jane@example.com")).query("who", "jane@example.com");
    client
        .write(&interactive(), &intent, write)
        .await
        .unwrap_err();
    let mut said = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        said.contains(r#"method=GET path="things" status=500 duration_ms=0 waited_ms=0"#),
        "{said}"
    );
    assert!(said.contains("waited_ms=2000"), "{said}");
    assert!(said.contains(r#"method=DELETE path="things/…""#), "{said}");
    assert!(said.contains(client.fingerprint()), "{said}");
    said.make_ascii_lowercase();
    for secret in [CANARY, "jane", "email", "per_page", "oauth"] {
        assert!(!said.contains(secret), "`{secret}` in {said}");
    }
}
