//! Estimates how many people a change tells, by which channel, from the page's subscribers, before anybody agrees.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::change::publication::{Publication, Told};
use crate::access::look::whole::read_all;
use crate::access::{Access, Ask, Refusal};
use crate::providers::statuspage::{Counts, StateFilter, SubscriberQuery};
use crate::roster::{ComponentId, Mode, PageId};

/// Subscribers that are looked at one by one: five requests. Of a longer list the count is what is known.
const LOOKED_AT: u64 = 500;

/// The subscribers who could be told.
pub(in crate::access) struct Subscribed {
    counts: Option<BTreeMap<Mode, Counts>>,
    /// Those who chose one of the components or none, by channel.
    narrow: Option<BTreeMap<Mode, u64>>,
    affected: bool,
}

/// The reason why subscribers are told at once.
pub(in crate::access) const NOW: &str = "told of this by `deliver_notifications`";
/// The reason why webhooks are called at once about components.
const AT_ONCE: &str =
    "called at once with the new status of each component, whatever `deliver_notifications` says";

/// The messages that a change sends, now or by itself later, each with the reason.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Sends {
    /// Messages that go to subscribers of every channel.
    pub incident: Vec<&'static str>,
    /// Messages of the status of components, which go to webhooks alone.
    pub components: Vec<&'static str>,
}

impl Sends {
    /// Those that are sent at once.
    pub(in crate::access) fn now(tells: bool, sets_components: bool) -> Self {
        Self {
            incident: tells.then_some(NOW).into_iter().collect(),
            components: sets_components.then_some(AT_ONCE).into_iter().collect(),
        }
    }

    fn none(&self) -> bool {
        self.incident.is_empty() && self.components.is_empty()
    }
}

impl Access {
    /// The subscribers of a page, as far as a few requests show them. Nothing is asked where nobody is told.
    pub(in crate::access) async fn subscribed(
        &self,
        ask: &Ask,
        page: &PageId,
        affected: &BTreeSet<ComponentId>,
        sends: &Sends,
    ) -> Result<Subscribed, Refusal> {
        let mut subscribed = Subscribed {
            counts: None,
            narrow: None,
            affected: !affected.is_empty(),
        };
        if sends.none() {
            return Ok(subscribed);
        }
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        // A count that cannot be read is reported as unknown; it stops nobody from posting an urgent incident.
        let Ok(counts) = statuspage.subscriber_counts(&cx, page).await else {
            return Ok(subscribed);
        };
        let active: Option<u64> = counts.values().map(|it| it.active).sum();
        subscribed.counts = Some(counts);
        if sends.incident.is_empty()
            || affected.is_empty()
            || active.is_none_or(|it| it > LOOKED_AT)
        {
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
            // An absent choice of components counts as none.
            let chosen = row.component_ids.as_deref().unwrap_or_default();
            let of_these = chosen.iter().any(|id| affected.contains(id));
            *narrow.entry(row.mode).or_default() += u64::from(chosen.is_empty() || of_these);
        }
        subscribed.narrow = Some(narrow);
        Ok(subscribed)
    }
}

impl Subscribed {
    /// Says of a publication who is told.
    pub(in crate::access) fn put_into(&self, publication: &mut Publication, sends: &Sends) {
        for why in &sends.incident {
            publication.told.extend(self.channels(|_| true, why));
        }
        if !sends.incident.is_empty() {
            publication
                .irrevocable
                .push("what subscribers are sent: mail and texts cannot be called back".to_owned());
        }
        for why in &sends.components {
            let webhooks = self.channels(|mode| mode == Mode::Webhook, why);
            publication.told.extend(webhooks);
        }
        if !sends.components.is_empty() {
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

    fn estimate(&self, sends: &Sends) -> String {
        if sends.none() {
            return "Nobody is told: no message was asked for, and no component changes its status. The page shows it all the same."
                .to_owned();
        }
        let mut words = vec![match &self.counts {
            Some(_) => {
                "An estimate: active subscribers as counted now; unconfirmed and quarantined ones are not told."
            }
            None => "How many subscribers there are could not be read.",
        }];
        if !sends.incident.is_empty() {
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
