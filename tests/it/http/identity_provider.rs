//! An identity provider, played: it publishes keys and signs tokens, good ones and others.

use std::sync::Mutex;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use status_roster::clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// What this server is called there.
pub(super) const AUDIENCE: &str = "https://roster.example.com/mcp";

/// A provider that listens until it is dropped.
pub(super) struct Provider {
    pub(super) issuer: String,
    state: Arc<Published>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Published {
    issuer: Mutex<String>,
    keys: Mutex<Vec<Value>>,
    asked: Mutex<u32>,
    silent: Mutex<bool>,
    slow: Mutex<Duration>,
}

/// A key to sign with.
pub(super) struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Key {
    pub(super) fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let how = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(how, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(how, der.as_ref(), &random).unwrap();
        Self {
            id: id.to_owned(),
            pair,
        }
    }

    /// As the provider publishes it.
    pub(super) fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id, "x": encode(&point[1..33]), "y": encode(&point[33..])})
    }

    /// A token with these claims.
    pub(super) fn sign(&self, claims: &Value) -> String {
        self.sign_under(
            &json!({"alg": "ES256", "typ": "at+jwt", "kid": self.id}),
            claims,
        )
    }

    /// The same under a head that is not the usual one.
    pub(super) fn sign_under(&self, head: &Value, claims: &Value) -> String {
        let text = format!(
            "{}.{}",
            encode(head.to_string()),
            encode(claims.to_string())
        );
        let signature = self
            .pair
            .sign(&SystemRandom::new(), text.as_bytes())
            .unwrap();
        format!("{text}.{}", encode(signature))
    }
}

impl Provider {
    pub(super) async fn start(keys: &[&Key]) -> Self {
        let state = Arc::new(Published::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        state.issuer.lock().unwrap().clone_from(&issuer);
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(published))
            .with_state(state.clone());
        #[expect(
            clippy::disallowed_methods,
            reason = "aborted when the provider is dropped"
        )]
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let provider = Self {
            issuer,
            state,
            server,
        };
        provider.publish(keys);
        provider
    }

    /// These keys, and no others from now on; and one of a kind that nobody knows, as real sets have.
    pub(super) fn publish(&self, keys: &[&Key]) {
        let mut all = vec![json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "future", "pub": "AA"})];
        all.extend(keys.iter().map(|key| key.public()));
        *self.state.keys.lock().unwrap() = all;
    }

    /// How often the keys were asked for.
    pub(super) fn asked(&self) -> u32 {
        *self.state.asked.lock().unwrap()
    }

    /// From now on it answers 500.
    pub(super) fn fall_silent(&self) {
        *self.state.silent.lock().unwrap() = true;
    }

    /// The configuration that names it.
    pub(super) fn configuration(&self) -> String {
        format!(
            "[http]\npublic_url = \"https://roster.example.com\"\n[http.oauth]\nissuer = \"{}\"\nread_scope = \"roster.read\"\nwrite_scope = \"roster.write\"\nremove_scope = \"roster.remove\"\n",
            self.issuer
        )
    }

    /// From now on it takes so long to answer.
    pub(super) fn take(&self, time: Duration) {
        *self.state.slow.lock().unwrap() = time;
    }

    /// Claims that are good for an hour.
    pub(super) fn claims(&self, scope: &str) -> Value {
        let now = Clock::system().now().as_second();
        json!({"iss": self.issuer, "aud": [AUDIENCE, "other"], "sub": "ann@example.com", "exp": now + 3_600, "nbf": now - 5, "scope": scope})
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn metadata(State(state): State<Arc<Published>>) -> axum::Json<Value> {
    let issuer = state.issuer.lock().unwrap().clone();
    axum::Json(json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")}))
}

async fn published(
    State(state): State<Arc<Published>>,
) -> Result<axum::Json<Value>, http::StatusCode> {
    *state.asked.lock().unwrap() += 1;
    let slow = *state.slow.lock().unwrap();
    Clock::system().sleep(slow).await;
    if *state.silent.lock().unwrap() {
        return Err(http::StatusCode::INTERNAL_SERVER_ERROR);
    }
    Ok(axum::Json(json!({"keys": *state.keys.lock().unwrap()})))
}
