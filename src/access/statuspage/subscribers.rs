//! Subscribers of a page: list, find, count, and end subscriptions.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Value, json};

use crate::access::acts::{self, delete_subscriber::DeleteSubscriber};
use crate::access::change::plan::Plan;
use crate::access::change::several::for_one;
use crate::access::look::as_list::AsList;
use crate::access::look::search::SubscribersOf;
use crate::access::look::subscription::subscriber_by_id;
use crate::access::reads::scan::Feed;
use crate::access::{Access, Ask, ChangeReport, Listing, Refusal, Spelt, Who, Window};
use crate::caller::Scope;
use crate::providers::statuspage::{Counts, Notify, StateFilter, Statuspage, SubscriberQuery};
use crate::roster::{
    Domain, Email, IncidentId, Kind, Mode, PageId, RecordScope, RosterRow, Subscriber,
    SubscriberId, System,
};

/// The filter of a list of subscribers, and its detail.
#[derive(Debug, Clone)]
pub struct SubscriberFilter {
    /// The page.
    pub page_id: PageId,
    /// Those who follow this incident alone; absent: those of the page.
    pub incident_id: Option<IncidentId>,
    /// Exactly this address, without regard to case. Costs one request.
    pub email: Option<Email>,
    /// The part of the address after the `@`; with `*.` before it, its subdomains too.
    pub domain: Option<String>,
    /// A phone number that ends with these digits, as far as Statuspage tells them.
    pub phone_ending: Option<String>,
    /// Their state; quarantined ones belong to `All`.
    pub state: StateFilter,
    /// Told in which way.
    pub mode: Option<Mode>,
    /// True for the ids of components; false for their number alone.
    pub detail: bool,
}

/// A subscriber, and how much of the page it is told of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubscriberRow {
    /// The subscription; its `component_ids` with `detail` alone.
    #[serde(flatten)]
    pub subscriber: Subscriber<RosterRow>,
    /// `all`, or the number of components subscribed to; missing where the answer did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "all_or_number")]
    pub components: Option<Components>,
}

/// The number of components, or all.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum Components {
    /// `all`.
    All(&'static str),
    /// So many.
    Some(usize),
}

fn all_or_number(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "integer"]})
}

impl SubscriberRow {
    fn of(subscriber: &Subscriber, detail: bool) -> Self {
        let mut subscriber = subscriber.row();
        let components = subscriber
            .component_ids
            .as_ref()
            .map(|ids| match ids.len() {
                0 => Components::All("all"),
                some => Components::Some(some),
            });
        subscriber.component_ids = subscriber.component_ids.filter(|_| detail);
        Self {
            subscriber,
            components,
        }
    }
}

/// Subscribers, and how many there are.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SubscriberListing {
    /// The subscribers.
    #[serde(flatten)]
    pub listing: Listing<Spelt<SubscriberRow>>,
    /// By type: how many the whole page has, whatever the filters. Statuspage's own count at the moment of this call, which
    /// the list may be older than: it says nothing about whether the list is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<BTreeMap<Mode, Counts>>,
}

impl SubscriberFilter {
    /// Everybody who is told of a page, in every state.
    pub(in crate::access) fn everybody(page_id: PageId) -> Self {
        Self {
            page_id,
            incident_id: None,
            email: None,
            domain: None,
            phone_ending: None,
            state: StateFilter::All,
            mode: None,
            detail: false,
        }
    }

    pub(in crate::access) fn query(&self) -> SubscriberQuery {
        SubscriberQuery {
            state: self.state,
            mode: self.mode,
            email: self.email.clone(),
        }
    }

    /// Returns the key of this list.
    pub(in crate::access) fn key(&self) -> Value {
        json!([
            self.page_id,
            self.incident_id,
            self.email.as_ref().map(Email::folded),
            format!("{:?}", self.state),
            self.mode
        ])
    }
}

impl Access {
    /// The subscribers of a page, filtered; with `counts` also how many the page has, for one more request.
    ///
    /// # Errors
    /// When no list could be read, or the arguments make no sense.
    pub async fn list_subscribers(
        &self,
        ask: &Ask,
        filter: &SubscriberFilter,
        window: &Window,
        counts: bool,
    ) -> Result<SubscriberListing, Refusal> {
        let mut listing = self.listed(ask, filter, window).await?;
        if !counts {
            return Ok(SubscriberListing {
                listing,
                counts: None,
            });
        }
        let counted = self
            .statuspage()?
            .subscriber_counts(&ask.interactive(), &filter.page_id)
            .await;
        listing.rate = self.rate_of(System::Statuspage).await;
        let counts = match counted {
            Ok(counts) => Some(counts),
            Err(error) => {
                listing.warnings.push(format!(
                    "Statuspage's count of the subscribers could not be read, so `counts` is missing: {error}"
                ));
                None
            }
        };
        Ok(SubscriberListing { listing, counts })
    }

    async fn listed(
        &self,
        ask: &Ask,
        filter: &SubscriberFilter,
        window: &Window,
    ) -> Result<Listing<Spelt<SubscriberRow>>, Refusal> {
        let page = &filter.page_id;
        self.permit_page(ask, page)?;
        if filter
            .phone_ending
            .as_deref()
            .map(digits)
            .is_some_and(|it| it.is_empty())
        {
            return Err(Refusal::arguments(
                "`phone_ending` is the last digits of a phone number, as `4567`",
            ));
        }
        if filter.incident_id.is_some() && filter.state != StateFilter::All {
            return Err(Refusal::arguments(
                "`state` does not go with `incident_id`: Statuspage does not tell it of those who follow one incident",
            ));
        }
        let key = filter.key();
        let anew = || {
            let statuspage = self.statuspage()?;
            let query = filter.query();
            let lists = self.lists(window.max_age())?;
            let feed = || -> Box<dyn Feed<Subscriber>> {
                if let Some(incident) = &filter.incident_id {
                    return Box::new(statuspage.incident_subscribers(page, incident));
                }
                match &filter.email {
                    Some(email) => {
                        let place = SubscribersOf {
                            statuspage: statuspage.clone(),
                            page: page.clone(),
                            state: filter.state,
                        };
                        Box::new(AsList::new(place, lists, vec![email.clone()]))
                    }
                    None => Box::new(statuspage.subscribers(page, &query)),
                }
            };
            let what = match &filter.incident_id {
                Some(incident) => format!("the subscribers of incident {incident} of page {page}"),
                None => format!("the subscribers of page {page}"),
            };
            Ok(self
                .subscribers
                .at_hand(self, &key.to_string(), &what, window.max_age(), feed))
        };
        let filtered = filter.email.is_some()
            || filter.domain.is_some()
            || filter.phone_ending.is_some()
            || filter.mode.is_some();
        let query = json!([key, filter.domain, filter.phone_ending, filter.detail]);
        let found = self.found(&self.subscribers, ask, window, &query, filtered, anew)?;
        let domain = filter.domain.as_deref().map(Domain::of);
        let ending = filter.phone_ending.as_deref().map(digits);
        // The system filters already; a row of another type or address would be a wrong answer, so it is looked at again.
        let fits = |row: &Subscriber| {
            let mode = filter.mode.is_none_or(|mode| row.mode == mode);
            let email = filter
                .email
                .as_ref()
                .is_none_or(|email| row.record.goes_by(email));
            let domain = domain
                .as_ref()
                .is_none_or(|domain| domain.is_of(&row.record));
            let phone = ending.as_ref().is_none_or(|wanted| {
                let ending = row.phone_ending.as_deref().map(digits);
                ending.is_some_and(|held| held.ends_with(wanted) || wanted.ends_with(&held))
            });
            mode && email && domain && phone
        };
        let show = |row: &Subscriber| SubscriberRow::of(row, filter.detail);
        let listing = self.spelt_piece(ask, window, &query, found, fits, show);
        let every = RecordScope::page(page).every(System::Statuspage, Kind::Subscriber);
        Ok(listing.await?.of_every(every))
    }

    /// Ends the subscription with an id, or every one with an address, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_subscriber(
        &self,
        ask: &Ask,
        page: &PageId,
        who: &Who,
        notify: Notify,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let named: Vec<Email> = match who {
            Who::Email(email) => vec![email.clone()],
            Who::Id(_) | Who::UserName(_) => Vec::new(),
        };
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], &named)?;
        let statuspage = self.statuspage()?.clone();
        let cx = ask.interactive();
        let found = match who {
            Who::Email(email) => {
                let place = SubscribersOf::every(&statuspage, page);
                let what = format!("the subscribers of page {page}");
                self.those_at(ask, place, email, &what).await?
            }
            Who::UserName(_) => Vec::new(),
            Who::Id(id) => {
                let id = SubscriberId::parse(id)
                    .map_err(|error| Refusal::arguments(format!("`user_id`: {error}")))?;
                subscriber_by_id(&statuspage, &cx, page, &id, None)
                    .await?
                    .into_iter()
                    .collect()
            }
        };
        let plan = self.plan_subscription_ends(page, who, found, notify)?;
        self.carry_out(ask, token, plan).await
    }

    /// Ends every subscription of several addresses, with one confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_subscribers(
        &self,
        ask: &Ask,
        page: &PageId,
        emails: &[Email],
        notify: Notify,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], emails)?;
        self.for_several(ask, token, emails, |emails, _| async move {
            let place = SubscribersOf::every(self.statuspage()?, page);
            let shelf = &self.subscriber_reads;
            let crowd = match self.crowd_at(ask, shelf, place, &emails, token).await? {
                Ok(crowd) => crowd,
                Err(reading) => return Ok(*reading),
            };
            let mut plans = Vec::new();
            for email in &emails {
                let who = Who::Email(email.clone());
                let found = crowd.of(email, page);
                let plan = found.and_then(|it| self.plan_subscription_ends(page, &who, it, notify));
                let plan = plan.map_or_else(|why| for_one(why).map(Err), |plan| Ok(Ok(plan)))?;
                plans.push((email.to_string(), plan));
            }
            let what = format!("end the subscriptions to page {page}");
            self.carry_out_several(ask, token, (&what, crowd.began), plans)
                .await
        })
        .await
    }

    /// The plan to end every subscription of one person to a page.
    fn plan_subscription_ends(
        &self,
        page: &PageId,
        who: &Who,
        found: Vec<Subscriber>,
        notify: Notify,
    ) -> Result<Plan, Refusal> {
        let statuspage = self.statuspage()?.clone();
        let mut plan = match found.as_slice() {
            [] => Plan::so(format!("{who} is not subscribed to page {page}.")),
            [one] => {
                let shown = acts::subscription(one);
                Plan::to(
                    format!("The {shown} to page {page} will end."),
                    format!("The {shown} to page {page} ended."),
                )
            }
            several => {
                let many = format!("{} subscriptions of {who} to page {page}", several.len());
                Plan::to(format!("{many} will end."), format!("{many} ended."))
            }
        };
        plan.pages.push(page.clone());
        plan.state = found.iter().map(|row| json!(row)).collect();
        if !found.is_empty() {
            plan.warnings.push(match notify {
                Notify::No => "Statuspage is asked to send no message about it",
                Notify::Yes => "Statuspage sends a message about it to each subscriber: an outsider sees it",
            }.to_owned());
        }
        if let Who::Email(email) = who {
            plan.to_type = Some(email.to_string());
        }
        for subscriber in found {
            if !matches!(subscriber.mode, Mode::Email | Mode::Sms) {
                plan.warnings.push(format!(
                    "{} is not a person's mailbox: whoever relies on it is no longer told",
                    acts::subscription(&subscriber)
                ));
            }
            plan.acts.extend(end(&statuspage, page, subscriber, notify));
        }
        Ok(plan)
    }
}

/// The digits of a phone number or of its end.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The step that ends a subscription.
pub(in crate::access) fn end(
    statuspage: &Statuspage,
    page: &PageId,
    subscriber: Subscriber,
    notify: Notify,
) -> Option<Box<dyn crate::access::change::act::Act>> {
    Some(Box::new(DeleteSubscriber {
        statuspage: statuspage.clone(),
        page: page.clone(),
        id: subscriber.record.subscriber_id()?,
        subscriber,
        notify,
    }))
}
