//! Reads how long the upstream asks us to wait.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). At least a second, so that "0" is no invitation to a storm; at most
/// an hour, which is the longest window of any upstream we know.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let asked = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        Err(_) => until(httpdate::parse_http_date(text).ok()?.try_into().ok()?, now),
    };
    Some(bounded(asked))
}

/// From `now` to `then`; zero when it has passed.
pub(super) fn until(then: Timestamp, now: Timestamp) -> Duration {
    now.duration_until(then).try_into().unwrap_or_default()
}

/// Between a second and an hour.
pub(super) fn bounded(pause: Duration) -> Duration {
    pause.clamp(Duration::from_secs(1), Duration::from_secs(3600))
}
