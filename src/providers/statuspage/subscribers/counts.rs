//! Counts the subscribers of a page, without listing them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::{Cx, Result, Statuspage},
    subscribers_path,
};
use crate::{
    roster::{Mode, PageId},
    upstream::Single,
};

/// Subscribers of one mode, by state. A number that Statuspage did not give is missing, not 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Counts {
    /// Those who are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<u64>,
    /// Those who have not confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unconfirmed: Option<u64>,
    /// Those whom messages do not reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<u64>,
    /// All of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl Counts {
    /// Both together; what one of them lacks is not known of the sum either.
    fn and(self, more: Self) -> Self {
        let sum = |a: Option<u64>, b: Option<u64>| a?.checked_add(b?);
        Self {
            active: sum(self.active, more.active),
            unconfirmed: sum(self.unconfirmed, more.unconfirmed),
            quarantined: sum(self.quarantined, more.quarantined),
            total: sum(self.total, more.total),
        }
    }
}

/// By mode, in Statuspage's words (`email`, `sms`, …).
#[derive(Deserialize)]
#[serde(transparent)]
struct Histogram(BTreeMap<String, Counts>);

impl Single for Histogram {}

impl Statuspage {
    /// Counts the subscribers of a page, by mode and state; modes that this server does not know are together under [`Mode::Other`]. One
    /// request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn subscriber_counts(
        &self,
        cx: &Cx,
        page: &PageId,
    ) -> Result<BTreeMap<Mode, Counts>> {
        let path = subscribers_path(page).push("histogram_by_state");
        let Histogram(by_word) = self.0.client.get(cx, path).await?;
        let mut by_mode: BTreeMap<Mode, Counts> = BTreeMap::new();
        for (word, counts) in by_word {
            by_mode
                .entry(Mode::from_word(&word).unwrap_or(Mode::Other))
                .and_modify(|held| *held = held.and(counts))
                .or_insert(counts);
        }
        Ok(by_mode)
    }
}
