//! Who is let in: each API knows its own key, and only in a header.

use axum::http::{HeaderMap, header};

use super::call::Call;

/// Statuspage: `Authorization: OAuth KEY`, the scheme in any case. `Bearer` is as good as nothing, and a key in the query is
/// no longer supported: a request that carries one is refused even when the header is right, so that a leak is noticed.
pub(super) fn statuspage(headers: &HeaderMap, call: &Call, key: &str) -> bool {
    call.param("api_key").is_none()
        && scheme(headers)
            .is_some_and(|(scheme, given)| scheme.eq_ignore_ascii_case("oauth") && given == key)
}

fn scheme(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    Some((scheme, key.trim()))
}
