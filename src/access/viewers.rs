//! Page access users: list, add, remove.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::acts::{
    self, create_viewer::CreateViewer, delete_viewer::DeleteViewer,
    set_viewer_groups::SetViewerGroups,
};
use super::change::Plan;
use super::scan::Feed;
use super::team::{read_all, stable};
use super::{Access, Ask, ChangeReport, EffectiveAccess, Listing, Refusal, Who, Window};
use crate::caller::Scope;
use crate::providers::ProviderError;
use crate::providers::statuspage::{NewViewer, Statuspage};
use crate::roster::{Audience, Email, GroupId, PageId, Record, ViewerId};
use crate::upstream::Cx;

/// Which page access users are wanted.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ViewerFilter {
    /// Of which page.
    pub page_id: PageId,
    /// Exactly this address, without regard to case. Costs one request instead of a read of the whole list.
    pub email: Option<Email>,
    /// In this group.
    pub group_id: Option<GroupId>,
    /// Whether what each viewer sees is wanted too. Only with `email`: it costs several requests a viewer.
    #[serde(skip)]
    pub detail: bool,
}

/// A page access user, and what it sees where that was asked for.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ViewerRow {
    /// The columns that every account has.
    #[serde(flatten)]
    pub record: Record,
    /// With `detail`: what the viewer sees, and by which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<EffectiveAccess>,
}

/// A page access user to be.
#[derive(Debug, Clone)]
pub struct NewPageViewer {
    /// Of which page.
    pub page_id: PageId,
    /// The address.
    pub email: Email,
    /// The id at the identity provider, where viewers log in through one.
    pub external_login: Option<String>,
    /// Groups to be in.
    pub group_ids: Vec<GroupId>,
    /// Whether to be told of incidents of what they can see.
    pub subscribe: bool,
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
    ) -> Result<Listing<ViewerRow>, Refusal> {
        self.permit_page(ask, &filter.page_id)?;
        if filter.detail && filter.email.is_none() {
            return Err(Refusal::arguments(
                "`detail` needs `email`: what one viewer sees costs several requests, and a list of thousands would use the budget up for hours. `list_page_access_groups` with `detail` shows what groups give",
            ));
        }
        let query = json!(filter);
        let anew = || {
            let (page, email) = (&filter.page_id, filter.email.as_ref());
            let statuspage = self.statuspage()?;
            let feed = || -> Box<dyn Feed<Record>> { Box::new(statuspage.viewers(page, email)) };
            let address = email
                .map(|email| email.folded().to_owned())
                .unwrap_or_default();
            let key = format!("viewers/{page}/{address}");
            let what = format!("the page access users of page {page}");
            Ok(self
                .people
                .at_hand(self, &key, &what, window.max_age(), feed))
        };
        let filtered = filter.email.is_some() || filter.group_id.is_some();
        let found = self.found(&self.people, ask, window, &query, filtered, anew)?;
        let keep = |record: &Record| {
            let email = filter
                .email
                .as_ref()
                .is_none_or(|email| record.has_email(email));
            let group = filter.group_id.as_ref().is_none_or(|group| {
                record
                    .groups
                    .as_ref()
                    .is_some_and(|held| held.contains(group))
            });
            (email && group).then(|| ViewerRow {
                record: record.clone(),
                access: None,
            })
        };
        let mut listing = self.piece(ask, window, &query, found, keep).await?;
        if filter.detail {
            for row in &mut listing.records {
                row.access = Some(self.effective(ask, &filter.page_id, &row.record).await?);
            }
            listing.rate = self.rate().await;
        }
        if listing.complete && listing.scanned == 0 && filter.email.is_none() {
            listing.warnings.push(format!("page {} has no page access users; `list_pages` tells whether it is audience-specific at all", filter.page_id));
        }
        Ok(listing)
    }

    /// Adds a page access user; one that is there keeps what it has and gets the groups that it lacks.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn add_viewer(&self, ask: &Ask, new: NewPageViewer) -> Result<ChangeReport, Refusal> {
        let NewPageViewer {
            page_id: page,
            email,
            external_login,
            group_ids,
            subscribe,
        } = new;
        self.permit(
            ask,
            Scope::Write,
            std::slice::from_ref(&page),
            std::slice::from_ref(&email),
            &[],
        )?;
        let statuspage = self.statuspage()?.clone();
        let (shown, evidence) = self.page(ask, &page).await?;
        let page_name = shown.name.clone().unwrap_or_else(|| page.to_string());
        let held = viewer_by_email(&statuspage, &ask.interactive(), &page, &email).await?;

        let mut plan = Plan::to(format!(
            "{email} becomes a page access user of page {page_name} ({page})."
        ));
        plan.pages.push(page.clone());
        plan.adds.push(email.clone());
        if evidence.audience != Audience::Yes {
            plan.warnings.push(format!(
                "nothing shows that page {page} is audience-specific ({}): on any other page a page access user has no effect",
                evidence.reasons.join("; ")
            ));
        }
        match held.as_slice() {
            [] => {
                let new = NewViewer {
                    email,
                    external_login,
                    group_ids,
                    subscribe,
                };
                plan.warnings.push(
                    "Statuspage may send a message to this address when the account is created"
                        .to_owned(),
                );
                if new.group_ids.is_empty() {
                    plan.warnings.push("without a group, component or metric a page access user can log in and sees nothing of its own".to_owned());
                }
                plan.acts.push(Box::new(CreateViewer {
                    statuspage,
                    page,
                    new,
                    audience: evidence,
                }));
            }
            [record] => {
                let groups = record.groups.clone().unwrap_or_default();
                let missing: Vec<_> = group_ids
                    .into_iter()
                    .filter(|group| !groups.contains(group))
                    .collect();
                if missing.is_empty() {
                    plan.summary = format!(
                        "{} is a page access user of page {page_name} ({page}) already.",
                        acts::who(record)
                    );
                } else if let (Some(viewer), true) = (record.viewer_id(), record.groups.is_some()) {
                    plan.summary = format!(
                        "{} is a page access user already and gets the groups that are missing.",
                        acts::who(record)
                    );
                    let groups = [groups, missing].concat();
                    plan.acts.push(Box::new(SetViewerGroups {
                        statuspage,
                        page,
                        viewer,
                        record: record.clone(),
                        groups,
                    }));
                } else {
                    return Err(Refusal::Preflight(format!(
                        "{} is a page access user already, and Statuspage did not say in which groups: adding to groups it does not show could take others away.",
                        acts::who(record)
                    )));
                }
            }
            several => {
                let names: Vec<String> = several.iter().map(acts::who).collect();
                return Err(Refusal::Ambiguous(format!(
                    "page {page} has several page access users with this address: {}",
                    names.join(", ")
                )));
            }
        }
        self.carry_out(ask, None, plan).await
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
            Who::Id(_) => Vec::new(),
        };
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], &named)?;
        let statuspage = self.statuspage()?.clone();
        let found = match who {
            Who::Email(email) => {
                viewer_by_email(&statuspage, &ask.interactive(), page, email).await?
            }
            Who::Id(id) => {
                let id = ViewerId::parse(id)
                    .map_err(|error| Refusal::arguments(format!("`user_id`: {error}")))?;
                match statuspage.viewer(&ask.interactive(), page, &id).await {
                    Ok(record) => vec![record],
                    Err(error) if error.is_not_found() => Vec::new(),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let Some(first) = found.first() else {
            let mut plan = Plan::to(format!("{who} is not a page access user of page {page}."));
            plan.pages.push(page.clone());
            return self.carry_out(ask, token, plan).await;
        };
        let mut plan = Plan::to(format!(
            "{} is removed from the page access users of page {page}.",
            acts::who(first)
        ));
        plan.pages.push(page.clone());
        plan.to_type = Some(acts::address_or_id(first));
        plan.state = found.iter().map(stable).collect();
        plan.warnings.push(
            "subscriptions of the same address to this page are separate and stay".to_owned(),
        );
        for record in found {
            plan.removes.extend(record.email.clone());
            if let Some(viewer) = record.viewer_id() {
                plan.acts.push(Box::new(DeleteViewer {
                    statuspage: statuspage.clone(),
                    page: page.clone(),
                    viewer,
                    record,
                }));
            }
        }
        self.carry_out(ask, token, plan).await
    }
}

/// The page access users with exactly this address: upstream's filter, compared again.
pub(super) async fn viewer_by_email(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    email: &Email,
) -> Result<Vec<Record>, ProviderError> {
    let mut found = read_all(
        statuspage.viewers(page, Some(email)),
        cx,
        "page access users with this address",
    )
    .await?;
    found.retain(|record| record.has_email(email));
    Ok(found)
}
