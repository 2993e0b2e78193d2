//! What a browser is told: pages that the operator named may call and read, and no other page learns anything.

use http::Method;
use serde_json::json;
use status_roster::caller::Scope;

use super::office::{Office, Reply, client};

const PAGE: &str = "https://inspector.example.com";
const NAMED: &str = "[http]\ntokens_file = \"state/tokens.json\"\nallowed_origins = [\"https://inspector.example.com\"]";

/// What a browser asks before it sends a page's call.
async fn may_call(office: &Office, path: &str, origin: &str) -> Reply {
    let asked = client()
        .request(Method::OPTIONS, format!("{}{path}", office.url))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,content-type,mcp-method,mcp-name,mcp-protocol-version,mcp-session-id,x-roster-tools",
        )
        .send()
        .await
        .unwrap();
    Reply {
        status: asked.status().as_u16(),
        headers: asked.headers().clone(),
        body: asked.text().await.unwrap(),
    }
}

fn cors(reply: &Reply) -> Vec<String> {
    let names = reply.headers.keys().map(ToString::to_string);
    names
        .filter(|name| name.starts_with("access-control-"))
        .collect()
}

#[tokio::test]
async fn a_page_that_the_operator_named_may_call_and_read() {
    let office = Office::with(NAMED, |_| {}).await;
    let asked = may_call(&office, "/mcp", PAGE).await;
    assert_eq!(asked.status, 200, "without a token: {asked:?}");
    assert_eq!(asked.header("access-control-allow-origin"), PAGE);
    let methods = asked.header("access-control-allow-methods");
    for method in ["GET", "POST", "DELETE"] {
        assert!(methods.contains(method), "{methods}");
    }
    let headers = asked.header("access-control-allow-headers");
    for header in ["authorization", "mcp-name", "x-roster-tools"] {
        assert!(headers.contains(header), "{headers}");
    }
    assert_eq!(asked.header("access-control-allow-credentials"), "");
    assert_eq!(asked.header("access-control-max-age"), "600");

    let token = office.token("page", &[Scope::Read]).await;
    let from = [("origin", PAGE)];
    let list = office.ask(Some(&token), "tools/list", json!({}), &from);
    let list = list.await;
    assert_eq!(list.status, 200, "{list:?}");
    assert_eq!(list.header("access-control-allow-origin"), PAGE);
    let exposed = list.header("access-control-expose-headers");
    for header in ["mcp-session-id", "www-authenticate", "retry-after"] {
        assert!(exposed.contains(header), "{exposed}");
    }
    assert!(list.header("vary").contains("origin"), "{list:?}");
    // A refusal is read too, or the page's client cannot learn where a token is to be had.
    let refused = office.ask(None, "tools/list", json!({}), &from).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("access-control-allow-origin"), PAGE);
}

#[tokio::test]
async fn no_other_page_learns_anything() {
    let office = Office::with(NAMED, |_| {}).await;
    let token = office.token("page", &[Scope::Read]).await;
    for origin in [
        "https://evil.example.com",
        "https://inspector.example.com.evil.example",
        "http://inspector.example.com",
        "https://inspector.example.com:8443",
        "null",
        // May call, as a program of this machine; its pages are not named.
        "http://localhost:6274",
    ] {
        let asked = may_call(&office, "/mcp", origin).await;
        assert_eq!(asked.header("access-control-allow-origin"), "", "{origin}");
        let from = [("origin", origin)];
        let list = office.ask(Some(&token), "tools/list", json!({}), &from);
        let list = list.await;
        assert_eq!(list.header("access-control-allow-origin"), "", "{origin}");
        let own = origin == "http://localhost:6274";
        assert_eq!(list.status, if own { 200 } else { 403 }, "{origin}");
    }
    // What operators look at is no page's matter.
    for path in ["/metrics", "/healthz", "/readyz"] {
        let asked = may_call(&office, path, PAGE).await;
        assert!(cors(&asked).is_empty(), "{path}: {asked:?}");
    }
}

#[tokio::test]
async fn without_a_named_page_there_are_no_such_headers_at_all() {
    let office = Office::with_tokens().await;
    let token = office.token("page", &[Scope::Read]).await;
    for origin in [PAGE, "http://localhost:6274"] {
        let asked = may_call(&office, "/mcp", origin).await;
        assert!(asked.status >= 400, "{asked:?}");
        assert!(cors(&asked).is_empty(), "{asked:?}");
    }
    let from = [("origin", "http://localhost:6274")];
    let list = office.ask(Some(&token), "tools/list", json!({}), &from);
    assert!(cors(&list.await).is_empty());
}

#[tokio::test]
async fn a_page_reads_where_a_token_is_to_be_had() {
    let provider = super::identity_provider::Provider::start(&[]).await;
    let mut settings = provider.configuration();
    settings = settings.replacen(
        "[http]\n",
        "[http]\nallowed_origins = [\"https://inspector.example.com\"]\n",
        1,
    );
    let office = Office::with(&settings, |_| {}).await;
    let metadata = client()
        .get(format!(
            "{}/.well-known/oauth-protected-resource/mcp",
            office.url
        ))
        .header("origin", PAGE)
        .send()
        .await
        .unwrap();
    assert_eq!(metadata.status(), 200);
    assert_eq!(metadata.headers()["access-control-allow-origin"], PAGE);
}
