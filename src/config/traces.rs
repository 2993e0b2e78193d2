//! `[traces]`: where spans go, in a build that has them.

use url::Url;

use super::reader::Reader;

const ENDPOINT: &str = "traces.endpoint";

/// The collector's address, if one is named.
pub(super) fn endpoint(from: &mut Reader) -> Option<Url> {
    let (text, origin) = from.text(ENDPOINT)?;
    if cfg!(not(feature = "otel")) {
        from.problem(
            origin,
            format!(
                "`{ENDPOINT}`: this program was built without traces; build it with `cargo build --release --features otel`, or remove the setting"
            ),
        );
        return None;
    }
    // Never shown back: it could hold a credential by mistake.
    let url = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if url.is_none() {
        from.problem(
            origin,
            format!(
                "`{ENDPOINT}` must be the whole address, as `http://127.0.0.1:4318/v1/traces`, without a user and a password; a header for the collector goes into `OTEL_EXPORTER_OTLP_HEADERS`"
            ),
        );
    }
    url
}
