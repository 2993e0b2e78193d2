//! Answers the preflight requests of browsers, for the web pages that the operator named and for no others.
//!
//! Only pages of `http.allowed_origins`: that this machine's own pages may call does not mean that any of them shall read answers
//! in a browser. No cookies take part: a page has to bring its token.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::origin::Origins;

/// The time for which a browser may keep the answer to a preflight request.
const KEPT: Duration = Duration::from_secs(600);

/// Headers of answers that a page's client reads.
const READ: [HeaderName; 4] = [
    HeaderName::from_static("mcp-session-id"),
    HeaderName::from_static("mcp-protocol-version"),
    header::WWW_AUTHENTICATE,
    header::RETRY_AFTER,
];

/// The layer, where there is a page to answer to.
pub(super) fn layer(settings: &super::Settings) -> Option<CorsLayer> {
    if settings.allowed_origins.is_empty() {
        return None;
    }
    let named = Origins::named(&settings.allowed_origins);
    let named = move |origin: &HeaderValue, _: &http::request::Parts| named.cover(origin);
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(named))
            .allow_methods([Method::GET, Method::POST, Method::DELETE])
            // A page may send any header that the protocol has now or will have; none of them carries more than a program could send.
            .allow_headers(AllowHeaders::mirror_request())
            .expose_headers(READ)
            .max_age(KEPT),
    )
}
