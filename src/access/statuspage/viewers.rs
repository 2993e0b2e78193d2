//! Page access users: list, remove.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::acts::{
    self,
    delete_viewer::{DeleteViewer, Holds},
};
use crate::access::change::plan::Plan;
use crate::access::look::as_list::AsList;
use crate::access::look::search::{SubscribersOf, ViewersOf};
use crate::access::reads::one::One;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::Groups;
use crate::access::statuspage::sees::{Sees, Visible};
use crate::access::words;
use crate::access::{
    Access, Ask, ChangeReport, EffectiveAccess, GroupHeld, Listing, Refusal, Spelt, Who, Window,
};
use crate::caller::Scope;
use crate::roster::{
    ComponentId, Domain, Email, EveryRecord, GroupId, Kind, MetricId, PageId, Record, RecordScope,
    RosterRow, System, ViewerId,
};

/// The filter of a list of page access users, and its detail.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ViewerFilter {
    /// The page.
    pub page_id: PageId,
    /// Exactly this address, without regard to case. Costs one request instead of a read of the whole list.
    pub email: Option<Email>,
    /// This one alone. Costs one request.
    pub user_id: Option<ViewerId>,
    /// With an address of this domain; with `*.` before it, its subdomains too.
    pub domain: Option<String>,
    /// In this group.
    pub group_id: Option<GroupId>,
    /// Only those who see this component.
    pub component_id: Option<ComponentId>,
    /// Only those who see this metric.
    pub metric_id: Option<MetricId>,
    /// Only those who see nothing.
    pub without_access: bool,
    /// True to read what each viewer sees too: two requests a viewer, besides the groups and names.
    pub detail: bool,
}

/// A page access user, and what it sees where that was asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ViewerRow {
    /// The columns that every account has.
    #[serde(flatten)]
    pub record: RosterRow,
    /// With `detail`: what the viewer sees, and by which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<EffectiveAccess>,
    /// With `component_id` or `metric_id`: whether it was given to the viewer directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct: Option<bool>,
    /// Likewise: the groups that give it to the viewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_groups: Option<Vec<GroupHeld>>,
}

impl ViewerRow {
    pub(in crate::access) fn of(record: &Record) -> Self {
        Self {
            record: record.row.clone(),
            access: None,
            direct: None,
            by_groups: None,
        }
    }
}

impl ViewerFilter {
    /// Returns whether a viewer is wanted, whatever it sees.
    pub(in crate::access) fn fits(&self) -> impl Fn(&Record) -> bool {
        let domain = self.domain.as_deref().map(Domain::of);
        move |record| {
            let email = self.email.as_ref();
            let email = email.is_none_or(|email| record.goes_by(email));
            let domain = domain.as_ref().is_none_or(|domain| domain.is_of(record));
            let group = self.group_id.as_ref().is_none_or(|group| {
                let groups = record.groups.as_ref();
                groups.is_some_and(|groups| groups.contains(group))
            });
            let id = self.user_id.as_ref();
            let id = id.is_none_or(|id| record.id.as_ref() == id.as_str());
            email && domain && group && id
        }
    }

    /// The question about what they see, where there is one.
    fn sees(&self) -> Result<Option<Sees>, Refusal> {
        match (&self.component_id, &self.metric_id, self.without_access) {
            (None, None, false) => Ok(None),
            (Some(id), None, false) => Ok(Some(Sees::This(Visible::Component(id.clone())))),
            (None, Some(id), false) => Ok(Some(Sees::This(Visible::Metric(id.clone())))),
            (None, None, true) => Ok(Some(Sees::Nothing)),
            _ => Err(Refusal::arguments(
                "give one of `component_id`, `metric_id` and `without_access`: each is a question of its own",
            )),
        }
    }
}

/// Returns what holds for every viewer of a page.
pub(in crate::access) fn every_viewer(page: &PageId) -> EveryRecord {
    RecordScope::page(page).every(System::Statuspage, Kind::PageAccessUser)
}

impl Access {
    /// The page access users of a page, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_viewers(
        &self,
        ask: &Ask,
        filter: &ViewerFilter,
        window: &Window,
    ) -> Result<Listing<Spelt<ViewerRow>>, Refusal> {
        self.permit_page(ask, &filter.page_id)?;
        let named = filter.email.is_some() || filter.user_id.is_some();
        if let Some(sees) = filter.sees()? {
            if named || filter.detail {
                return Err(Refusal::arguments(
                    "`email`, `user_id` and `detail` do not go with `component_id`, `metric_id` or `without_access`: with `detail` one viewer's answer shows everything that the person sees",
                ));
            }
            return self.who_sees(ask, filter, window, &sees).await;
        }
        if filter.detail && !named && ask.counting.is_none() {
            return self.what_they_see(ask, filter, window).await;
        }
        let query = json!(filter);
        let anew = || match &filter.user_id {
            Some(id) => self.one_viewer_scan(&filter.page_id, id, window.max_age()),
            None => self.viewer_scan(&filter.page_id, filter.email.as_ref(), window.max_age()),
        };
        let filtered = named || filter.group_id.is_some() || filter.domain.is_some();
        let found = self.found(&self.people, ask, window, &query, filtered, anew)?;
        let fits = filter.fits();
        let show = ViewerRow::of;
        let mut listing = if filter.detail {
            let whole = |record: &Record| record.clone();
            let listing = self.piece(ask, window, &query, found, fits, whole).await?;
            let mut rows = Vec::new();
            for record in &listing.records {
                let access = self.effective(ask, &filter.page_id, record).await?;
                rows.push(ViewerRow {
                    access: Some(access),
                    ..show(record)
                });
            }
            let rate = self.rate().await;
            let listing = listing.with(|_| rows);
            Listing { rate, ..listing }.spelt()
        } else {
            self.spelt_piece(ask, window, &query, found, fits, show)
                .await?
        };
        self.name_groups(ask, &filter.page_id, &mut listing).await;
        if listing.complete && listing.scanned == 0 && !named {
            listing.warnings.push(format!("page {} has no page access users; `list_pages` with `page_ids` tells whether it is audience-specific at all", filter.page_id));
        }
        Ok(listing.of_every(every_viewer(&filter.page_id)))
    }

    /// The read of one viewer by its id.
    fn one_viewer_scan(
        &self,
        page: &PageId,
        id: &ViewerId,
        max_age: Duration,
    ) -> Result<Arc<Scan<Record>>, Refusal> {
        let statuspage = self.statuspage()?;
        let feed = || -> Box<dyn Feed<Record>> {
            let (statuspage, page, id) = (statuspage.clone(), page.clone(), id.clone());
            Box::new(One::new(
                "statuspage",
                Box::new(move |cx| {
                    let (statuspage, page, id) = (statuspage.clone(), page.clone(), id.clone());
                    Box::pin(async move { statuspage.viewer(cx, &page, &id).await })
                }),
            ))
        };
        let key = format!("viewer/{page}/{id}");
        let what = format!("page access user {id} of page {page}");
        Ok(self.people.at_hand(self, &key, &what, max_age, feed))
    }

    /// The read of a page's viewers, or of those with an address.
    pub(in crate::access) fn viewer_scan(
        &self,
        page: &PageId,
        email: Option<&Email>,
        max_age: Duration,
    ) -> Result<Arc<Scan<Record>>, Refusal> {
        let (statuspage, lists) = (self.statuspage()?, self.lists(max_age)?);
        let feed = || -> Box<dyn Feed<Record>> {
            match email {
                None => Box::new(statuspage.viewers(page)),
                Some(email) => {
                    let place = ViewersOf {
                        statuspage: statuspage.clone(),
                        page: page.clone(),
                    };
                    Box::new(AsList::new(place, lists, vec![email.clone()]))
                }
            }
        };
        let address = email.map(Email::folded).unwrap_or_default();
        let key = format!("viewers/{page}/{address}");
        let what = format!("the page access users of page {page}");
        Ok(self.people.at_hand(self, &key, &what, max_age, feed))
    }

    /// Removes a page access user, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_viewer(
        &self,
        ask: &Ask,
        page: &PageId,
        who: &Who,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let named: Vec<Email> = match who {
            Who::Email(email) => vec![email.clone()],
            Who::Id(_) | Who::UserName(_) => Vec::new(),
        };
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], &named)?;
        let found = self.viewers_meant(ask, page, who).await?;
        let mut accounts = Vec::new();
        for record in &found {
            accounts.push((
                record.clone(),
                self.holds_of(ask, page, record, None).await?,
            ));
        }
        let mut plan = self.plan_viewer_removal(page, &who.to_string(), accounts)?;
        if !found.is_empty() {
            let stay = self.subscriptions_stay(ask, page, &found).await;
            plan.warnings.push(stay);
        }
        self.carry_out(ask, token, plan).await
    }

    /// The plan to remove every account of one person on a page.
    pub(in crate::access) fn plan_viewer_removal(
        &self,
        page: &PageId,
        who: &str,
        found: Vec<(Record, Holds)>,
    ) -> Result<Plan, Refusal> {
        let statuspage = self.statuspage()?;
        let Some((first, _)) = found.first() else {
            let mut plan = Plan::so(format!("{who} is not a page access user of page {page}."));
            plan.pages.push(page.clone());
            return Ok(plan);
        };
        // An address can have several accounts on a page: each is named.
        let all: Vec<String> = found.iter().map(|(it, _)| words::who(it)).collect();
        let all = all.join(", ");
        let (will, were) = match found.as_slice() {
            [_] => ("will be", "was"),
            _ => ("will be", "were"),
        };
        let mut plan = Plan::to(
            format!("{all} {will} removed from the page access users of page {page}."),
            format!("{all} {were} removed from the page access users of page {page}."),
        );
        plan.pages.push(page.clone());
        plan.to_type = Some(words::address_or_id(first));
        plan.state = found.iter().map(|(it, _)| json!(it)).collect();
        for (record, holds) in found {
            if let Some(viewer) = record.viewer_id() {
                plan.acts.push(Box::new(DeleteViewer {
                    statuspage: statuspage.clone(),
                    page: page.clone(),
                    viewer,
                    record,
                    holds,
                }));
            }
        }
        Ok(plan)
    }

    /// Names the access that is lost with a page access user. An access that cannot be read is reported and does not prevent the removal.
    /// `shared`: the groups and items of the page, where they were read for several people.
    pub(in crate::access) async fn holds_of(
        &self,
        ask: &Ask,
        page: &PageId,
        record: &Record,
        shared: Option<&(Groups, Items)>,
    ) -> Result<Holds, Refusal> {
        let look = async || match shared {
            Some((groups, items)) => {
                let scope = self.viewer_scope(ask, page, record, groups).await?;
                Ok(EffectiveAccess::of(&scope, groups, items))
            }
            None => self.effective(ask, page, record).await,
        };
        let mut read = look().await;
        for pause in [1, 2] {
            let passes = read.as_ref().is_err_and(Refusal::passes);
            if !passes || !self.has_time(ask, Duration::from_secs(pause)).await {
                break;
            }
            read = look().await;
        }
        Ok(match read {
            // In a removal of several people the next call continues with it.
            Err(refusal) if shared.is_some() && refusal.waits() => return Err(refusal),
            Ok(access) => Holds {
                access: Some(access),
                unread: Vec::new(),
            },
            Err(error) => Holds {
                access: None,
                unread: vec![format!(
                    "groups, components and metrics, which could not be read ({})",
                    error.without_ending()
                )],
            },
        })
    }

    /// Names the subscriptions to the page of the same addresses: they are accounts of their own.
    pub(in crate::access) async fn subscriptions_stay(
        &self,
        ask: &Ask,
        page: &PageId,
        found: &[Record],
    ) -> String {
        let (mut stay, mut gap) = (Vec::new(), None);
        let addresses: BTreeSet<&Email> = found.iter().filter_map(|it| it.email.as_ref()).collect();
        if addresses.is_empty() {
            return "without an address, whether a subscription belongs to the account is not known"
                .to_owned();
        }
        for email in addresses {
            let read = match self.statuspage() {
                Ok(statuspage) => {
                    let place = SubscribersOf::every(statuspage, page);
                    self.seen_at(ask, &place, email).await
                }
                Err(refusal) => Err(refusal),
            };
            match read {
                Ok(searched) => {
                    stay.extend(searched.found.iter().map(acts::subscription));
                    gap = gap.or(searched.gap);
                }
                Err(error) => {
                    return format!(
                        "whether {email} is subscribed to this page could not be read: {}",
                        error.without_ending()
                    );
                }
            }
        }
        match stay.as_slice() {
            [] => gap.map_or_else(
                || "no subscription to this page has this address".to_owned(),
                |why| format!("no subscription to this page was found for this address, and not every spelling was looked at: {why}"),
            ),
            [one] => format!("1 subscription to this page stays: {one}"),
            several => format!(
                "{} subscriptions to this page stay: {}",
                several.len(),
                several.join("; ")
            ),
        }
    }
}
