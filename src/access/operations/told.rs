//! How many people are told of something, by which channel: an estimate from the page's subscribers, made before anybody agrees.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::change::publication::{Publication, Told};
use crate::access::look::whole::read_all;
use crate::access::{Access, Ask, Refusal};
use crate::providers::statuspage::{Counts, StateFilter, SubscriberQuery};
use crate::roster::{ComponentId, Mode, PageId};

/// Subscribers that are looked at one by one: five requests. Of a longer list the count is what is known.
const LOOKED_AT: u64 = 500;

/// Who could be told.
pub(in crate::access) struct Subscribed {
    counts: Option<BTreeMap<Mode, Counts>>,
    /// Those who chose one of the components or none, by channel.
    narrow: Option<BTreeMap<Mode, u64>>,
    affected: bool,
}

/// Which messages a change sends.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::access) struct Sends {
    /// Subscribers of every channel are told.
    pub incident: bool,
    /// Webhooks hear of the status of components.
    pub components: bool,
}

impl Access {
    /// The subscribers of a page, as far as a few requests show them. Nothing is asked where nobody is told.
    pub(in crate::access) async fn subscribed(
        &self,
        ask: &Ask,
        page: &PageId,
        affected: &BTreeSet<ComponentId>,
        sends: Sends,
    ) -> Result<Subscribed, Refusal> {
        let mut subscribed = Subscribed {
            counts: None,
            narrow: None,
            affected: !affected.is_empty(),
        };
        if !sends.incident && !sends.components {
            return Ok(subscribed);
        }
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        // What is not known is said to be unknown; it stops nobody from posting what is on fire.
        let Ok(counts) = statuspage.subscriber_counts(&cx, page).await else {
            return Ok(subscribed);
        };
        let active: Option<u64> = counts.values().map(|it| it.active).sum();
        subscribed.counts = Some(counts);
        if !sends.incident || affected.is_empty() || active.is_none_or(|it| it > LOOKED_AT) {
            return Ok(subscribed);
        }
        let query = SubscriberQuery {
            state: StateFilter::Active,
            ..SubscriberQuery::default()
        };
        let Ok(rows) = read_all(statuspage.subscribers(page, &query), &cx, "subscribers").await
        else {
            return Ok(subscribed);
        };
        let mut narrow: BTreeMap<Mode, u64> = BTreeMap::new();
        for row in &rows {
            let Some(chosen) = &row.component_ids else {
                return Ok(subscribed);
            };
            let of_these = chosen.iter().any(|id| affected.contains(id));
            *narrow.entry(row.mode).or_default() += u64::from(chosen.is_empty() || of_these);
        }
        subscribed.narrow = Some(narrow);
        Ok(subscribed)
    }
}

impl Subscribed {
    /// Says of a publication who is told.
    pub(in crate::access) fn put_into(&self, publication: &mut Publication, sends: Sends) {
        if sends.incident {
            publication.told = self.channels(|_| true, "told of this by `deliver_notifications`");
            publication
                .irrevocable
                .push("what subscribers are sent: mail and texts cannot be called back".to_owned());
        }
        if sends.components {
            let webhooks = self.channels(
                |mode| mode == Mode::Webhook,
                "called at once with the new status of each component, whatever `deliver_notifications` says",
            );
            publication.told.extend(webhooks);
            publication
                .irrevocable
                .push("what webhooks are sent of the components".to_owned());
        }
        publication.estimate = self.estimate(sends);
    }

    fn channels(&self, of: impl Fn(Mode) -> bool, why: &str) -> Vec<Told> {
        let Some(counts) = &self.counts else {
            let channel = if of(Mode::Email) {
                "every channel"
            } else {
                "webhook"
            };
            return vec![Told {
                channel: channel.to_owned(),
                at_most: None,
                of_affected_components: None,
                why: why.to_owned(),
            }];
        };
        let rows = counts.iter().filter(|(mode, _)| of(**mode));
        let some = rows.filter(|(_, counts)| counts.active != Some(0));
        some.map(|(mode, counts)| Told {
            channel: mode.to_string(),
            at_most: counts.active,
            of_affected_components: self
                .narrow
                .as_ref()
                .filter(|_| of(Mode::Email))
                .map(|it| it.get(mode).copied().unwrap_or_default()),
            why: why.to_owned(),
        })
        .collect()
    }

    fn estimate(&self, sends: Sends) -> String {
        if !sends.incident && !sends.components {
            return "Nobody is told: `deliver_notifications` is false and no component changes. The page shows it all the same."
                .to_owned();
        }
        let mut words = vec![match &self.counts {
            Some(_) => {
                "An estimate: active subscribers as counted now; unconfirmed and quarantined ones are not told."
            }
            None => "How many subscribers there are could not be read.",
        }];
        if sends.incident {
            words.push(match (&self.narrow, self.affected) {
                (Some(_), _) => "Where the page has component subscriptions, those who chose other components are not told; the API does not say whether it has them.",
                (None, true) => "Where the page has component subscriptions, fewer are told: those who chose an affected component or none; how many was not counted.",
                (None, false) => "No component is affected: where the page has component subscriptions, nobody is told; else all are.",
            });
        }
        words.push("Whether a message arrives, no API tells.");
        words.join(" ")
    }
}
