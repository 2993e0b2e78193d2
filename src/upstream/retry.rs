//! When a failed request is sent again.

use std::time::Duration;

use reqwest::Method;

/// Returns whether sending it twice leaves the world as sending it once does (RFC 9110, 9.2.2).
pub(super) fn is_idempotent(method: &Method) -> bool {
    *method == Method::GET || *method == Method::PUT || *method == Method::DELETE
}

/// The pause before the `nth` retry (from 0): 0.5 s, 1 s, 2 s … up to 8 s, of which a random half to whole is taken, so that
/// clients that failed together do not come back together.
pub(super) fn backoff(nth: u32) -> Duration {
    let whole = Duration::from_millis(500).saturating_mul(1 << nth.min(4));
    whole.mul_f64(rand::random_range(0.5..=1.0))
}
