//! The incidents of a page: Statuspage's own lists, and what it cannot filter by filtered here, over a bounded number of pages.

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::look::whole::read_all;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::{Access, Ask, Listing, Refusal, Window};
use crate::providers::statuspage::IncidentList;
use crate::providers::{self, ProviderError};
use crate::roster::{
    ComponentId, Incident, IncidentId, IncidentUpdate, PageId, Postmortem, Template, text,
};
use crate::upstream::Cx;

/// Pages of the list of everything that are read: a thousand incidents with all that was said of them are megabytes.
const MOST_PAGES: usize = 10;
/// Updates of an incident that are shown with `detail`.
const UPDATES: usize = 20;
/// Characters of an update that are shown where several incidents are.
const WORDS: usize = 600;

/// The states of the incidents in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum IncidentState {
    /// Everything.
    All,
    /// Open incidents, without maintenances.
    Unresolved,
    /// Maintenances that have not begun, overdue ones too.
    Scheduled,
    /// Maintenances whose start is ahead.
    Upcoming,
    /// Maintenances under way.
    Active,
    /// Incidents and maintenances that are over.
    Resolved,
}

impl IncidentState {
    fn list(self) -> IncidentList {
        match self {
            Self::All | Self::Resolved => IncidentList::All,
            Self::Unresolved => IncidentList::Unresolved,
            // Statuspage does not document whether its list of future maintenances holds overdue ones: they are filtered here.
            Self::Scheduled | Self::Upcoming => IncidentList::Scheduled,
            Self::Active => IncidentList::Active,
        }
    }

    fn keeps(self, it: &Incident, now: Timestamp) -> bool {
        let ahead = it.scheduled_for.is_none_or(|at| at > now);
        match self {
            Self::All | Self::Unresolved | Self::Active => true,
            Self::Scheduled => it.status.as_deref() == Some("scheduled"),
            Self::Upcoming => it.status.as_deref() == Some("scheduled") && ahead,
            Self::Resolved => it.is_over(),
        }
    }
}

/// A question about incidents.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentFilter {
    /// On which page.
    pub page_id: PageId,
    /// The state of the incidents.
    pub state: IncidentState,
    /// This one alone.
    pub incident_id: Option<IncidentId>,
    /// Not begun before.
    pub since: Option<Timestamp>,
    /// Not begun after.
    pub until: Option<Timestamp>,
    /// Affecting this component.
    pub component_id: Option<ComponentId>,
    /// A part of the title or of what was said, without regard to case.
    pub text: Option<String>,
    /// True to include the updates, the postmortem and the page's templates.
    pub detail: bool,
}

/// An incident in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct IncidentRow {
    /// The incident.
    #[serde(flatten)]
    pub incident: Incident,
    /// Number of its updates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_count: Option<usize>,
    /// A maintenance whose start has passed and that nobody began.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// True where not all that was said is shown, or not whole: ask for this `incident_id` alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shortened: bool,
}

/// The incidents of a page, and with `detail` what belongs to them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct IncidentListing {
    /// The list.
    #[serde(flatten)]
    pub list: Listing<Vec<IncidentRow>>,
    /// The postmortem, where one incident was asked for with `detail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postmortem: Option<Postmortem>,
    /// Texts that an incident of this page can begin with; with `detail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub templates: Option<Vec<Template>>,
}

/// The list of everything, as far as it is read.
struct Bounded {
    scan: providers::Scan<Incident>,
    pages: usize,
    cut: Option<String>,
}

impl Feed<Incident> for Bounded {
    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Vec<Incident>, ProviderError>>> {
        Box::pin(async move {
            if self.cut.is_some() {
                return None;
            }
            if self.pages >= MOST_PAGES {
                self.cut = Some(format!(
                    "the newest {} are read; older ones are not read here, and stand in the page's own history",
                    MOST_PAGES * 100
                ));
                return None;
            }
            let rows = match self.scan.next(cx).await? {
                Ok(batch) => batch.records,
                Err(error) => return Some(Err(error)),
            };
            self.pages += 1;
            Some(Ok(rows))
        })
    }

    fn flaw(&self) -> Option<String> {
        self.cut
            .clone()
            .or_else(|| crate::access::reads::scan::flaw(self.scan.progress()))
    }

    fn scanned(&self) -> usize {
        self.scan.progress().rows
    }
}

impl IncidentFilter {
    /// All that are in a state.
    pub(in crate::access) fn all(page_id: PageId, state: IncidentState) -> Self {
        Self {
            page_id,
            state,
            incident_id: None,
            since: None,
            until: None,
            component_id: None,
            text: None,
            detail: false,
        }
    }

    fn keeps(&self, it: &Incident, now: Timestamp) -> bool {
        let began = it.scheduled_for.or(it.created_at);
        let since = self.since.is_none_or(|at| began.is_none_or(|it| it >= at));
        let until = self.until.is_none_or(|at| began.is_none_or(|it| it <= at));
        let one = self.incident_id.as_ref().is_none_or(|id| *id == it.id);
        let component = self
            .component_id
            .as_ref()
            .is_none_or(|id| it.components.iter().flatten().any(|row| row.id == *id));
        let mentions = self.text.as_deref().is_none_or(|part| {
            let part = part.to_lowercase();
            let holds = |text: &Option<String>| {
                text.as_ref()
                    .is_some_and(|it| it.to_lowercase().contains(&part))
            };
            holds(&it.name) || it.updates.iter().flatten().any(|row| holds(&row.body))
        });
        self.state.keeps(it, now) && since && until && one && component && mentions
    }

    fn is_narrow(&self) -> bool {
        let parts = self.since.is_some() || self.until.is_some() || self.text.is_some();
        parts
            || self.component_id.is_some()
            || !matches!(
                self.state,
                IncidentState::All | IncidentState::Unresolved | IncidentState::Active
            )
    }
}

impl Access {
    /// The incidents of a page.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_incidents(
        &self,
        ask: &Ask,
        filter: &IncidentFilter,
        window: &Window,
    ) -> Result<IncidentListing, Refusal> {
        self.permit_page(ask, &filter.page_id)?;
        let now = self.clock().now();
        let list = match &filter.incident_id {
            Some(id) => {
                self.one_incident(ask, &filter.page_id, id, filter.detail)
                    .await?
            }
            None => {
                let query = json!(filter);
                let anew = || self.incident_scan(filter, window.max_age());
                let found = self.found(
                    &self.incidents,
                    ask,
                    window,
                    &query,
                    filter.is_narrow(),
                    anew,
                )?;
                let detail = filter.detail.then_some(WORDS);
                self.piece(
                    ask,
                    window,
                    &query,
                    found,
                    |it| filter.keeps(it, now),
                    |it| row(it, detail, now),
                )
                .await?
            }
        };
        let mut listing = IncidentListing {
            list,
            postmortem: None,
            templates: None,
        };
        if filter.detail {
            let (statuspage, cx) = (self.statuspage()?, ask.interactive());
            if let Some(id) = &filter.incident_id {
                listing.postmortem = statuspage.postmortem(&cx, &filter.page_id, id).await?;
            }
            match read_all(statuspage.templates(&filter.page_id), &cx, "templates").await {
                Ok(templates) => listing.templates = Some(templates),
                Err(error) => listing
                    .list
                    .warnings
                    .push(format!("the templates could not be read: {error}")),
            }
        }
        Ok(listing)
    }

    async fn one_incident(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &IncidentId,
        detail: bool,
    ) -> Result<Listing<Vec<IncidentRow>>, Refusal> {
        let now = self.clock().now();
        let incident = self.incident_now(ask, page, id).await?;
        Ok(Listing {
            records: vec![row(&incident, detail.then_some(usize::MAX), now)],
            complete: true,
            next_cursor: None,
            as_of: now.to_string(),
            scanned: 1,
            matched: 1,
            shown: 1,
            counted: Vec::new(),
            every_record: None,
            warnings: Vec::new(),
            rate: self.rate().await,
        })
    }

    pub(in crate::access) fn incident_scan(
        &self,
        filter: &IncidentFilter,
        max_age: std::time::Duration,
    ) -> Result<Arc<Scan<Incident>>, Refusal> {
        let statuspage = self.statuspage()?;
        let list = filter.state.list();
        let page = &filter.page_id;
        let feed = || -> Box<dyn Feed<Incident>> {
            Box::new(Bounded {
                scan: statuspage.incidents(page, list, None),
                pages: 0,
                cut: None,
            })
        };
        let what = format!("the incidents of page {page}");
        Ok(self
            .incidents
            .at_hand(self, &format!("{page}/{list:?}"), &what, max_age, feed))
    }
}

/// Returns the row that is shown: updates only where they are asked for, and not longer than fits into an answer.
fn row(it: &Incident, words: Option<usize>, now: Timestamp) -> IncidentRow {
    let mut incident = it.clone();
    let update_count = incident.updates.as_ref().map(Vec::len);
    let mut shortened = false;
    incident.updates = match (incident.updates, words) {
        (Some(all), Some(words)) => {
            shortened = all.len() > UPDATES && words != usize::MAX;
            let most = if words == usize::MAX {
                usize::MAX
            } else {
                UPDATES
            };
            let cut = |mut update: IncidentUpdate| {
                if let Some(body) = update.body.as_mut().filter(|it| it.chars().count() > words) {
                    shortened = true;
                    *body = text::clean_lines(body, words).text;
                }
                update
            };
            Some(all.into_iter().take(most).map(cut).collect())
        }
        _ => None,
    };
    IncidentRow {
        update_count,
        overdue: it.status.as_deref() == Some("scheduled")
            && it.scheduled_for.is_some_and(|at| at <= now),
        shortened,
        incident,
    }
}
