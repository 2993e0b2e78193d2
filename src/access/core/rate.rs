//! The state of a key's budget, and the time that requests take by it.

use super::Access;
use crate::access::reads::listing::Rate;
use crate::roster::System;

impl Access {
    pub(in crate::access) async fn rate(&self) -> Option<Rate> {
        self.rate_of(System::Statuspage).await
    }

    pub(in crate::access) async fn rate_of(&self, system: System) -> Option<Rate> {
        let usage = self.client(system).ok()?.usage().await.ok()?;
        let resets_in_s = usage.resets_in.as_secs_f64().ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole seconds of a window, never negative"
        )]
        let resets_in_s = resets_in_s as u64;
        Some(Rate {
            used: usage.used,
            limit: usage.limit,
            resets_in_s,
        })
    }

    /// The system whose request budget is used up, after how long a slot comes free, and how many requests a window allows.
    pub async fn waits_for(&self) -> Option<(System, std::time::Duration, u32)> {
        for system in System::ALL {
            let rate = self.rate_of(*system).await;
            if let Some(rate) = rate.filter(|rate| rate.resets_in_s > 0 && rate.used >= rate.limit)
            {
                let wait = std::time::Duration::from_secs(rate.resets_in_s);
                return Some((*system, wait, rate.limit));
            }
        }
        None
    }

    /// The least time that so many requests take when the window is empty now.
    pub(in crate::access) fn seconds_for(&self, requests: u32) -> u64 {
        let budget = self.parts.settings.budgets.get(&System::Statuspage);
        let (limit, window) = budget.copied().unwrap_or_default();
        match limit {
            0 => 0,
            limit => u64::from(requests.saturating_sub(1) / limit) * window.as_secs(),
        }
    }

    /// The budget of each system that is configured, as it is configured: `statuspage 60 requests in 60 s`.
    #[must_use]
    pub fn budgets_in_words(&self) -> String {
        let budgets = self.parts.settings.budgets.iter();
        let words = budgets.map(|(system, (limit, window))| {
            format!("{system} {limit} requests in {} s", window.as_secs())
        });
        words.collect::<Vec<_>>().join(", ")
    }
}
