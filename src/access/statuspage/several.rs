//! Several page access users in one call: added, changed or removed by one plan.
//!
//! Everybody is looked up at once, the cheaper way: by address, or by reading the list. What the page has (groups, components and
//! metrics) is read once for all of them.

use std::time::Duration;

use crate::access::change::plan::Plan;
use crate::access::change::report::ChangeReport;
use crate::access::look::as_list::AsList;
use crate::access::look::search::{Place, ViewersOf};
use crate::access::reads::scan::{Feed, Scan};
use crate::access::reads::shelf::Shelf;
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::add_viewer::NewPageViewer;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{Groups, given_components, given_metrics, groups_of};
use crate::access::statuspage::viewer_access::{Read, ScopeChange, audience_of};
use crate::access::words;
use crate::access::{Access, Ask, Refusal, ViewerChangeReport};
use crate::caller::Scope;
use crate::providers::statuspage::{Holder, SignIn};
use crate::roster::{Email, PageId, Record, ViewerId, ViewerScope};

/// The rows of a page that have one of some addresses.
pub(in crate::access) struct Crowd<R> {
    rows: Vec<R>,
    /// The reason why somebody who was not found may be there all the same.
    gap: Option<String>,
    pub began: Duration,
    what: &'static str,
    record: fn(&R) -> &Record,
}

impl<R: Clone> Crowd<R> {
    /// Everybody with an address; refused where nobody was found and somebody may be there.
    pub(in crate::access) fn of(&self, email: &Email, page: &PageId) -> Result<Vec<R>, Refusal> {
        let mine = self
            .rows
            .iter()
            .filter(|row| (self.record)(row).goes_by(email));
        let mine: Vec<R> = mine.cloned().collect();
        match &self.gap {
            Some(why) if mine.is_empty() => Err(Refusal::Incomplete {
                what: format!("the {} of page {page} with the address {email}", self.what),
                why: why.clone(),
                next: "Or name the account by `user_id`.".to_owned(),
            }),
            _ => Ok(mine),
        }
    }
}

impl Crowd<Record> {
    /// The one with an address; none where nobody has it.
    pub(in crate::access) fn one_of(
        &self,
        email: &Email,
        page: &PageId,
    ) -> Result<Option<Record>, Refusal> {
        let mut mine = self.of(email, page)?;
        if mine.len() > 1 {
            let names: Vec<String> = mine.iter().map(words::who).collect();
            return Err(Refusal::Ambiguous(format!(
                "page {page} has several page access users with this address: {}. Name one by `user_id`",
                names.join(", ")
            )));
        }
        Ok(mine.pop())
    }
}

impl Access {
    /// Removes several page access users, with one confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_viewers(
        &self,
        ask: &Ask,
        page: &PageId,
        emails: &[Email],
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], emails)?;
        self.for_several(ask, token, emails, |emails, _| async move {
            let crowd = match self.crowd(ask, page, &emails, token).await? {
                Ok(crowd) => crowd,
                Err(reading) => return Ok(*reading),
            };
            let (crowd, shared) = (&crowd, &self.groups_and_items(ask, page).await?);
            let plan = |email| -> futures::future::BoxFuture<'_, Result<Plan, Refusal>> {
                Box::pin(async move {
                    let mut accounts = Vec::new();
                    for record in crowd.of(email, page)? {
                        let holds = self.holds_of(ask, page, &record, shared.as_ref()).await?;
                        accounts.push((record, holds));
                    }
                    self.plan_viewer_removal(page, &email.to_string(), accounts)
                })
            };
            let what = format!("remove from the page access users of page {page}");
            self.change_several(ask, token, (&what, crowd.began), &emails, plan)
                .await
        })
        .await
    }

    /// Changes what several viewers are given, each merged with what they hold.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn change_access_of_several(
        &self,
        ask: &Ask,
        page: &PageId,
        emails: &[Email],
        change: &ScopeChange,
        token: Option<&str>,
    ) -> Result<ViewerChangeReport, Refusal> {
        if change.is_nothing() {
            return Err(Refusal::arguments(
                "name at least one group, component or metric to grant, revoke or replace; `new_email` and `external_login` are of one person",
            ));
        }
        self.permit(ask, Scope::Write, std::slice::from_ref(page), &[], &[])?;
        let _turn = self.alone_with(ask, &audience_of(page)).await?;
        let change_each = |emails: Vec<Email>, _| async move {
            let (groups, items) = self.known_things(ask, page, change).await?;
            let crowd = match self.crowd(ask, page, &emails, token).await? {
                Ok(crowd) => crowd,
                Err(reading) => return Ok(*reading),
            };
            let (crowd, groups, items) = (&crowd, &groups, &items);
            let plan = |email| -> futures::future::BoxFuture<'_, Result<Plan, Refusal>> {
                Box::pin(async move {
                    let record = crowd.one_of(email, page)?;
                    let Some((record, viewer)) = record
                        .and_then(|it| Some((it.viewer_id()?, it)))
                        .map(|(id, it)| (it, id))
                    else {
                        return Err(Refusal::NotFound {
                            what: email.to_string(),
                            where_: format!(" among the page access users of page {page}"),
                            next: "`add_page_viewer` adds a page access user.".to_owned(),
                        });
                    };
                    let mut plan = Plan::so(String::new());
                    let read = self
                        .read_little(ask, page, &record, change, groups, items)
                        .await?;
                    self.plan_scope(&mut plan, page, &viewer, &record, change, &read)?;
                    Ok(plan)
                })
            };
            let what = format!("change what they see on page {page}");
            self.change_several(ask, token, (&what, crowd.began), &emails, plan)
                .await
        };
        self.for_several(ask, token, emails, change_each)
            .await
            .map(of_several)
    }

    /// Adds several page access users with everything that they are to see; who is there keeps what they have.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn add_viewers(
        &self,
        ask: &Ask,
        new: &NewPageViewer,
        emails: &[Email],
    ) -> Result<ViewerChangeReport, Refusal> {
        let page = &new.page_id;
        self.permit(ask, Scope::Write, std::slice::from_ref(page), emails, &[])?;
        let (name, evidence) = self.page(ask, page).await?;
        let name = &name.name.unwrap_or_else(|| page.to_string());
        let evidence = &evidence;
        let _turn = self.alone_with(ask, &audience_of(page)).await?;
        let add_each = |emails: Vec<Email>, _| async move {
            let change = new.as_change();
            let (groups, items) = if change.is_nothing() {
                (Groups::new(), Items::default())
            } else {
                self.known_things(ask, page, &change).await?
            };
            let crowd = match self.crowd(ask, page, &emails, None).await? {
                Ok(crowd) => crowd,
                Err(reading) => return Ok(*reading),
            };
            let (crowd, change, groups, items) = (&crowd, &change, &groups, &items);
            let plan = |email: &Email| -> futures::future::BoxFuture<'_, Result<Plan, Refusal>> {
                let email = email.clone();
                Box::pin(async move {
                    let new = NewPageViewer {
                        sign_in: SignIn {
                            email: Some(email.clone()),
                            external_login: None,
                        },
                        ..new.clone()
                    };
                    let mut plan = new.plan(name, evidence);
                    let Some(record) = crowd.one_of(&email, page)? else {
                        self.plan_new_viewer(&mut plan, new, evidence.clone(), groups, items)?;
                        return Ok(plan);
                    };
                    let read = self
                        .read_little(ask, page, &record, change, groups, items)
                        .await?;
                    self.plan_completion(&mut plan, &new, &record, change, &read)?;
                    Ok(plan)
                })
            };
            let what = format!("add to the page access users of page {page}");
            self.change_several(ask, None, (&what, crowd.began), &emails, plan)
                .await
        };
        self.for_several(ask, None, emails, add_each)
            .await
            .map(of_several)
    }

    pub(in crate::access) async fn crowd(
        &self,
        ask: &Ask,
        page: &PageId,
        emails: &[Email],
        token: Option<&str>,
    ) -> Result<Result<Crowd<Record>, Box<ChangeReport>>, Refusal> {
        let place = ViewersOf {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
        };
        self.crowd_at(ask, &self.reads, place, emails, token).await
    }

    /// The rows of a place with these addresses, read now; or how far the reading came.
    pub(in crate::access) async fn crowd_at<P: Place + 'static>(
        &self,
        ask: &Ask,
        shelf: &Shelf<P::Row>,
        place: P,
        emails: &[Email],
        token: Option<&str>,
    ) -> Result<Result<Crowd<P::Row>, Box<ChangeReport>>, Refusal>
    where
        P::Row: Weighs,
    {
        let lists = self.lists(Duration::ZERO)?;
        let key = self.key_of_call(ask, token);
        let name = place.what();
        let what = format!("{} {name} of page {}", emails.len(), place.page());
        let feed =
            || -> Box<dyn Feed<P::Row>> { Box::new(AsList::new(place, lists, emails.to_vec())) };
        // The plans of some of them may wait for this call: it goes on with what they were made from.
        let waits = self.plannings.contains_key(&key);
        let will_do = |scan: &Scan<P::Row>, _| waits || !scan.has_ended();
        let scan = shelf.held_or_new(self.clock(), &key, &what, will_do, feed);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if !reach.ended {
            return Ok(Err(Box::new(ChangeReport::reading(&what, &reach))));
        }
        Ok(Ok(Crowd {
            rows: scan.with_rows(0, |rows, _| rows.to_vec()).await,
            gap: reach.why,
            began: scan.began,
            what: name,
            record: P::record,
        }))
    }

    /// Reads what was given to a viewer, as far as the change touches it: of what it leaves alone nothing needs to be read.
    async fn read_little(
        &self,
        ask: &Ask,
        page: &PageId,
        record: &Record,
        change: &ScopeChange,
        groups: &Groups,
        items: &Items,
    ) -> Result<Read, Refusal> {
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        let leaves = !change.groups.revoke.is_empty() || change.groups.replace.is_some();
        let viewer = |id: ViewerId| Holder::Viewer(id);
        let mut scope = ViewerScope::default();
        let Some(id) = record.viewer_id() else {
            return Err(Refusal::Preflight(format!(
                "{} is not a page access user.",
                words::who(record)
            )));
        };
        if !change.groups.is_nothing() {
            let inside = groups_of(record, &id, groups).ok_or_else(|| {
                Refusal::Preflight(format!(
                    "Statuspage did not say in which groups {} is, neither with the page access user nor with the groups.",
                    words::who(record)
                ))
            })?;
            scope.groups.extend(inside);
        } else {
            scope
                .groups
                .extend(groups_of(record, &id, groups).into_iter().flatten());
        }
        if leaves || !change.components.is_nothing() {
            let direct = given_components(statuspage, &cx, page, &viewer(id.clone())).await?;
            scope.components.extend(direct);
        }
        if leaves || !change.metrics.is_nothing() {
            scope
                .metrics
                .extend(given_metrics(statuspage, &cx, page, &id).await?);
        }
        Ok(Read {
            groups: groups.clone(),
            items: items.clone(),
            scope,
        })
    }

    /// Every group of a page, and the names of its components and metrics; refused where the change names what it does not have.
    pub(in crate::access) async fn known_things(
        &self,
        ask: &Ask,
        page: &PageId,
        change: &ScopeChange,
    ) -> Result<(Groups, Items), Refusal> {
        let wanted: Vec<_> = change.components.wanted().collect();
        let metrics: Vec<_> = change.metrics.wanted().collect();
        let items = self
            .known_items(ask, page, wanted.into_iter(), metrics.into_iter())
            .await?;
        let groups = self.known_groups(ask, page, change.groups.wanted()).await?;
        Ok((groups, items))
    }

    /// Reads groups and names for the words of a removal, which does without where they cannot be read.
    async fn groups_and_items(
        &self,
        ask: &Ask,
        page: &PageId,
    ) -> Result<Option<(Groups, Items)>, Refusal> {
        let read = match self.groups(ask, page).await {
            Ok(groups) => self.items(ask, page).await.map(|items| (groups, items)),
            Err(refusal) => Err(refusal),
        };
        match read {
            Err(refusal) if refusal.waits() => Err(refusal),
            read => Ok(read.ok()),
        }
    }
}

/// Leaves out what each of several people sees: it stands with their steps.
fn of_several(report: ChangeReport) -> ViewerChangeReport {
    ViewerChangeReport {
        report,
        access: None,
    }
}
