//! Traces for an OpenTelemetry collector: a span for each call, each plan and each request to an upstream.
//!
//! Guarantees: spans of this program alone, and of them only the three kinds in [`SPANS`], whose fields are names of tools and systems,
//! numbers and outcomes: no argument, no address, no id, no key. No event leaves: their texts are for the log. A collector that
//! does not answer delays no call. Does not: take part in a trace that a client began.

use std::sync::OnceLock;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// The spans that are exported. Before a span is added here, check what its fields disclose.
const SPANS: [&str; 3] = ["call", "plan", "request"];

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Takes spans to the collector at `endpoint`.
pub(super) fn layer<S>(endpoint: &Url) -> Result<impl Layer<S> + use<S>, String>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    // An error only says that the same provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint.as_str())
        .build()
        .map_err(|error| error.to_string())?;
    let service = Resource::builder()
        .with_service_name(env!("CARGO_PKG_NAME"))
        .build();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(service)
        .build();
    let tracer = provider.tracer(env!("CARGO_PKG_NAME"));
    // A second start in one process (a test) keeps the first one's.
    let _ = PROVIDER.set(provider);
    Ok(tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(|it| {
            it.is_span() && it.target().starts_with("status_roster") && SPANS.contains(&it.name())
        })))
}

/// Sends what has not been sent. Blocks for some seconds at most, and belongs to the end of the program.
pub(super) fn finish() {
    if let Some(provider) = PROVIDER.get()
        && let Err(error) = provider.shutdown()
    {
        tracing::warn!(%error, "the last traces could not be sent");
    }
}
