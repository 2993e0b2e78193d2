//! Tokens of an identity provider: which are taken, which are not, and what a client is told to get another.

use ring::hmac;
use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known;

use super::identity_provider::{AUDIENCE, Key, Provider, encode};
use super::office::Office;

const ALL: &str = "openid roster.read roster.write roster.remove";

async fn status(office: &Office, token: &str) -> (u16, String) {
    let reply = office.ask(Some(token), "tools/list", json!({}), &[]).await;
    let challenge = reply.header("www-authenticate").to_owned();
    (reply.status, challenge)
}

fn with(mut claims: Value, key: &str, value: Value) -> Value {
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(key);
    } else {
        claims[key] = value;
    }
    claims
}

#[tokio::test]
async fn a_good_token_gets_in_with_its_scopes_and_its_subject() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let token = key.sign(&provider.claims(ALL));
    let about = office.call(Some(&token), "server_status", json!({})).await;
    assert_eq!(
        about["structuredContent"]["caller"],
        "oauth:ann@example.com"
    );
    assert!(
        office
            .shown(Some(&token), &[])
            .await
            .contains(&"remove_user".to_owned())
    );
    let by_scp = with(
        with(provider.claims(""), "scope", Value::Null),
        "scp",
        json!(["roster.read"]),
    );
    let reader = office.shown(Some(&key.sign(&by_scp)), &[]).await;
    assert!(
        reader.contains(&"list_pages".to_owned()) && !reader.contains(&"remove_user".to_owned())
    );
    assert_eq!(provider.asked(), 1, "keys are kept");
}

#[tokio::test]
async fn a_token_that_is_wrong_in_any_one_way_is_refused() {
    let (key, other) = (Key::new("k1"), Key::new("k1"));
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let good = provider.claims(ALL);
    let now = Clock::system().now().as_second();
    let text = |head: Value| format!("{}.{}", encode(head.to_string()), encode(good.to_string()));
    let none = format!("{}.", text(json!({"alg": "none", "kid": "k1"})));
    // The public key as if it were a shared secret.
    let symmetric = text(json!({"alg": "HS256", "kid": "k1"}));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public().to_string().as_bytes());
    let symmetric = format!(
        "{symmetric}.{}",
        encode(hmac::sign(&secret, symmetric.as_bytes()))
    );
    let real = key.sign(&good);
    let mut edited: Vec<&str> = real.split('.').collect();
    let claims = encode(with(good.clone(), "sub", json!("mallory")).to_string());
    edited[1] = &claims;
    for (what, token) in [
        ("another key of the same id", other.sign(&good)),
        ("no signature", none),
        ("a symmetric algorithm", symmetric),
        ("edited claims", edited.join(".")),
        (
            "foreign issuer",
            key.sign(&with(good.clone(), "iss", json!("https://evil.example"))),
        ),
        (
            "issuer with a slash more",
            key.sign(&with(
                good.clone(),
                "iss",
                json!(format!("{}/", provider.issuer)),
            )),
        ),
        (
            "no issuer",
            key.sign(&with(good.clone(), "iss", Value::Null)),
        ),
        (
            "foreign audience",
            key.sign(&with(
                good.clone(),
                "aud",
                json!("https://other.example/mcp"),
            )),
        ),
        (
            "audience as a part",
            key.sign(&with(
                good.clone(),
                "aud",
                json!(format!("{AUDIENCE} other")),
            )),
        ),
        (
            "no audience",
            key.sign(&with(good.clone(), "aud", Value::Null)),
        ),
        (
            "expired",
            key.sign(&with(good.clone(), "exp", json!(now - 60))),
        ),
        ("no end", key.sign(&with(good.clone(), "exp", Value::Null))),
        (
            "not yet",
            key.sign(&with(good.clone(), "nbf", json!(now + 600))),
        ),
        ("nobody", key.sign(&with(good.clone(), "sub", Value::Null))),
        ("no JWT", "abc.def".to_owned()),
        (
            "a critical extension",
            key.sign_under(
                &json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": true}),
                &good,
            ),
        ),
        (
            "nothing critical, said wrongly",
            key.sign_under(&json!({"alg": "ES256", "kid": "k1", "crit": []}), &good),
        ),
    ] {
        let (status, challenge) = status(&office, &token).await;
        assert_eq!(status, 401, "{what}");
        assert!(
            challenge.contains("error=\"invalid_token\""),
            "{what}: {challenge}"
        );
    }
    assert_eq!(status(&office, &real).await.0, 200);
    assert!(office.world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn whoever_comes_without_a_token_is_told_where_to_get_one() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let metadata = "https://roster.example.com/.well-known/oauth-protected-resource/mcp";
    let none = office.ask(None, "tools/list", json!({}), &[]).await;
    assert_eq!(none.status, 401);
    assert_eq!(
        none.header("www-authenticate"),
        format!(
            "Bearer realm=\"status-roster\", scope=\"roster.read\", resource_metadata=\"{metadata}\""
        )
    );
    for path in [
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp",
    ] {
        let found = office.get(path, None).await;
        let said: Value = serde_json::from_str(&found.body).unwrap();
        assert_eq!(said["resource"], AUDIENCE);
        assert_eq!(said["authorization_servers"], json!([provider.issuer]));
        assert_eq!(said["bearer_methods_supported"], json!(["header"]));
        assert_eq!(
            said["scopes_supported"],
            json!([
                "roster.read",
                "roster.write",
                "roster.remove",
                "publish",
                "admin"
            ])
        );
    }
    let plain = Office::with_tokens().await;
    assert_eq!(
        plain
            .get("/.well-known/oauth-protected-resource", None)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_token_with_too_few_scopes_is_told_which_would_do() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let poor = key.sign(&provider.claims("openid"));
    let (code, challenge) = status(&office, &poor).await;
    assert_eq!(code, 403);
    assert!(
        challenge.contains("error=\"insufficient_scope\", scope=\"roster.read\""),
        "{challenge}"
    );
    let reader = key.sign(&provider.claims("roster.read"));
    let arguments =
        json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": known::JANE});
    let params = json!({"name": "remove_user", "arguments": arguments});
    let refused = office.ask(Some(&reader), "tools/call", params, &[]).await;
    assert_eq!(refused.status, 403);
    let challenge = refused.header("www-authenticate");
    assert!(
        challenge.contains("scope=\"roster.read roster.remove\""),
        "{challenge}"
    );
    assert!(office.world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_new_key_is_found_once_and_made_up_ones_do_not_bother_the_provider() {
    let (old, new) = (Key::new("k1"), Key::new("k2"));
    let provider = Provider::start(&[&old]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let good = provider.claims(ALL);
    assert_eq!(status(&office, &old.sign(&good)).await.0, 200);
    let guess = Key::new("made-up").sign(&good);
    for _ in 0..20 {
        assert_eq!(status(&office, &guess).await.0, 401);
    }
    assert_eq!(provider.asked(), 2, "once for the same made-up key");
    provider.publish(&[&new]);
    assert_eq!(
        status(&office, &new.sign(&good)).await.0,
        200,
        "a guess before it is not in the way of a new key"
    );
    assert_eq!(
        status(&office, &old.sign(&good)).await.0,
        401,
        "a key that was withdrawn"
    );
    for at in 0..20 {
        let guess = Key::new(&format!("made-up-{at}")).sign(&good);
        assert_eq!(status(&office, &guess).await.0, 401);
    }
    assert!(provider.asked() <= 6, "{} fetches", provider.asked());
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_stops_newcomers_and_not_those_whose_key_is_known() {
    let key = Key::new("k1");
    let provider = Provider::start(&[&key]).await;
    let office = Office::with(&provider.configuration(), |_| {}).await;
    let token = key.sign(&provider.claims(ALL));
    assert_eq!(status(&office, &token).await.0, 200);
    provider.fall_silent();
    assert_eq!(status(&office, &token).await.0, 200);
    let fresh = Office::with(&provider.configuration(), |_| {}).await;
    let refused = fresh.ask(Some(&token), "tools/list", json!({}), &[]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
}
