//! How many subscribers a page has, without listing them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    super::{Cx, Result, Statuspage},
    subscribers_path,
};
use crate::{roster::PageId, upstream::Single};

/// Subscribers of one mode, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Those who are told.
    pub active: u64,
    /// Those who have not confirmed.
    pub unconfirmed: u64,
    /// Those whom messages do not reach.
    pub quarantined: u64,
    /// All of them.
    pub total: u64,
}

/// By mode, in Statuspage's words (`email`, `sms`, …).
#[derive(Deserialize)]
#[serde(transparent)]
struct Histogram(BTreeMap<String, Counts>);

impl Single for Histogram {}

impl Statuspage {
    /// How many subscribers a page has, by mode and state. One request.
    ///
    /// # Errors
    /// What the upstream said.
    pub async fn subscriber_counts(
        &self,
        cx: &Cx,
        page: &PageId,
    ) -> Result<BTreeMap<String, Counts>> {
        let path = subscribers_path(page).push("histogram_by_state");
        let Histogram(by_mode) = self.0.client.get(cx, path).await?;
        Ok(by_mode)
    }
}
