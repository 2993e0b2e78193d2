//! Documents that anybody may read, such as an identity provider's keys: fetched without a credential and without a budget.

use std::time::Duration;

use url::Url;

use super::settings::is_this_machine;
use super::wire::{self, Failure};

/// From the first byte of the request to the last of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fetches a document of at most `longest` bytes, over HTTPS or from this machine itself. No redirect is followed.
///
/// # Errors
/// A sentence, without the address.
pub async fn fetch_public(url: &Url, longest: usize) -> Result<Vec<u8>, String> {
    let https = url.scheme() == "https";
    let local = url.scheme() == "http" && url.host().is_some_and(|host| is_this_machine(&host));
    if !https && !local {
        return Err("the address must begin with `https://`".to_owned());
    }
    let fetched = async {
        let client = wire::client(https, PATIENCE)?;
        let request = client.get(url.clone()).timeout(PATIENCE);
        wire::answer(request, longest, PATIENCE).await
    };
    match fetched.await {
        Ok(raw) if (200..=299).contains(&raw.status) => Ok(raw.body),
        Ok(raw) => Err(format!("the answer was HTTP {}", raw.status)),
        Err(Failure::TooLong) => Err(format!("the document is longer than {longest} bytes")),
        Err(Failure::Unsendable(why) | Failure::NotSent(why) | Failure::Lost { why, .. }) => {
            Err(why)
        }
    }
}
