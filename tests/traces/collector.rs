//! A collector: it keeps the bytes that it is sent.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

pub(super) struct Collector {
    pub(super) url: String,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    pub(super) async fn start() -> Self {
        let received: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let kept = Arc::clone(&received);
        let keep = move |body: Bytes| async move {
            kept.lock().unwrap().push(body.to_vec());
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
        tokio::spawn(async move {
            let router = Router::new().route("/v1/traces", post(keep));
            axum::serve(listener, router).await.unwrap();
        });
        Self { url, received }
    }

    /// What came so far, one entry a sending.
    pub(super) fn received(&self) -> Vec<Vec<u8>> {
        self.received.lock().unwrap().clone()
    }
}
