//! Changes the access of one viewer: grants, revokes or replaces groups, components and metrics, merged with what the viewer has.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::acts::{
    set_given::{Given, SetGiven},
    set_viewer_groups::SetViewerGroups,
};
use crate::access::change::plan::Plan;
use crate::access::look::search::ViewersOf;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::Groups;
use crate::access::statuspage::scope_words::ScopeWords;
use crate::access::words;
use crate::access::{Access, Ask, ChangeReport, EffectiveAccess, Refusal, Status, Who};
use crate::caller::Scope;
use crate::providers::statuspage::SignIn;
use crate::roster::{
    ComponentId, Email, GroupId, MetricId, PageId, Reach, Record, SetChange, SetError, ViewerId,
    ViewerScope,
};

/// The changes to a viewer's access.
#[derive(Debug, Clone, Default)]
pub struct ScopeChange {
    /// Groups.
    pub groups: SetChange<GroupId>,
    /// Components given directly.
    pub components: SetChange<ComponentId>,
    /// Metrics given directly.
    pub metrics: SetChange<MetricId>,
}

impl ScopeChange {
    pub(in crate::access) fn is_nothing(&self) -> bool {
        self.groups.is_nothing() && self.components.is_nothing() && self.metrics.is_nothing()
    }
}

/// The answer of a change of one viewer's access.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ViewerChangeReport {
    /// The outcome of the change.
    #[serde(flatten)]
    pub report: ChangeReport,
    /// The components and metrics that the viewer sees now, each marked as given directly or by groups: after a change read anew, before
    /// one as it is. Absent where only what it signs in with changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<EffectiveAccess>,
}

/// The facts about a viewer that a plan is made from.
pub(in crate::access) struct Read {
    pub groups: Groups,
    pub items: Items,
    pub scope: ViewerScope,
}

/// Names what is sent back whole after a change of a part: who is in which group, and sees what. For a page at once,
/// because a group's members and a viewer's groups are two sides of one fact.
pub(in crate::access) fn audience_of(page: &PageId) -> String {
    format!("what the page access users of page {page} are given")
}

impl Access {
    /// Grants, revokes or replaces what a viewer is given, and changes what it signs in with.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn change_viewer_access(
        &self,
        ask: &Ask,
        page: &PageId,
        who: &Who,
        change: &ScopeChange,
        sign_in: &SignIn,
        token: Option<&str>,
    ) -> Result<ViewerChangeReport, Refusal> {
        let signs_in_anew = *sign_in != SignIn::default();
        if change.is_nothing() && !signs_in_anew {
            return Err(Refusal::arguments(
                "name at least one group, component or metric to grant, revoke or replace, or give `new_email` or `external_login`",
            ));
        }
        let adds: Vec<Email> = sign_in.email.iter().cloned().collect();
        self.permit(ask, Scope::Write, std::slice::from_ref(page), &adds, &[])?;
        let _turn = self.alone_with(ask, &audience_of(page)).await?;
        let (viewer, record) = self.one_viewer(ask, page, who).await?;
        if change.is_nothing() {
            return self
                .change_sign_in(ask, page, (&viewer, &record), sign_in, token)
                .await;
        }
        let read = self.read_for(ask, page, &record, change).await?;
        let mut plan = Plan::so(String::new());
        plan.to_type = Some(words::address_or_id(&record));
        self.plan_scope(&mut plan, page, &viewer, &record, change, &read)?;
        let steps = plan.acts.len();
        self.plan_sign_in(ask, &mut plan, page, (&viewer, &record), sign_in)
            .await?;
        if plan.acts.len() > steps {
            let name = words::who(&record);
            // Refused by Statuspage where somebody else signs in so: then nothing else is to be changed.
            plan.acts.rotate_right(1);
            plan.say(
                format!("On page {page} the access of {name} and what it signs in with will change; what is not named stays."),
                format!("On page {page} the access of {name} and what it signs in with were changed; what was not named stayed."),
            );
        }
        let before = EffectiveAccess::of(&read.scope, &read.groups, &read.items);
        let report = self.carry_out(ask, token, plan).await?;
        Ok(self.with_access(ask, page, &record, report, before).await)
    }

    /// A change of what a viewer signs in with alone: what it sees is not read for it.
    async fn change_sign_in(
        &self,
        ask: &Ask,
        page: &PageId,
        (viewer, record): (&ViewerId, &Record),
        sign_in: &SignIn,
        token: Option<&str>,
    ) -> Result<ViewerChangeReport, Refusal> {
        let name = words::who(record);
        let mut plan = Plan::so(format!("{name} signs in to page {page} with this already."));
        plan.pages.push(page.clone());
        plan.to_type = Some(words::address_or_id(record));
        self.plan_sign_in(ask, &mut plan, page, (viewer, record), sign_in)
            .await?;
        if !plan.acts.is_empty() {
            plan.say(
                format!(
                    "What {name} signs in to page {page} with will change; what it sees stays."
                ),
                format!(
                    "What {name} signs in to page {page} with was changed; what it sees stayed."
                ),
            );
        }
        let report = self.carry_out(ask, token, plan).await?;
        Ok(ViewerChangeReport {
            report,
            access: None,
        })
    }

    /// The page access user meant.
    pub(in crate::access) async fn one_viewer(
        &self,
        ask: &Ask,
        page: &PageId,
        who: &Who,
    ) -> Result<(ViewerId, Record), Refusal> {
        let mut found = self.viewers_meant(ask, page, who).await?;
        if found.len() > 1 {
            let names: Vec<String> = found.iter().map(words::who).collect();
            return Err(Refusal::Ambiguous(format!(
                "page {page} has several page access users with this address: {}. Name one by `user_id`",
                names.join(", ")
            )));
        }
        let record = found.pop();
        record
            .and_then(|record| Some((record.viewer_id()?, record)))
            .ok_or_else(|| Refusal::NotFound {
                what: format!("{who}"),
                where_: format!(" among the page access users of page {page}"),
                next: "`add_page_viewer` adds a page access user.".to_owned(),
            })
    }

    /// Every page access user that is meant: one by id, or those with an address.
    pub(in crate::access) async fn viewers_meant(
        &self,
        ask: &Ask,
        page: &PageId,
        who: &Who,
    ) -> Result<Vec<Record>, Refusal> {
        let statuspage = self.statuspage()?;
        let cx = ask.interactive();
        match who {
            Who::Email(email) => {
                let place = ViewersOf {
                    statuspage: statuspage.clone(),
                    page: page.clone(),
                };
                let what = format!("the page access users of page {page}");
                self.those_at(ask, place, email, &what).await
            }
            Who::UserName(_) => Ok(Vec::new()),
            Who::Id(id) => {
                let id = ViewerId::parse(id)
                    .map_err(|error| Refusal::arguments(format!("`user_id`: {error}")))?;
                match statuspage.viewer(&cx, page, &id).await {
                    Ok(record) => Ok(vec![record]),
                    Err(error) if error.is_not_found() => Ok(Vec::new()),
                    Err(error) => Err(error.into()),
                }
            }
        }
    }

    /// Reads what a change of a viewer rests on, and refuses groups, components and metrics that the page does not have.
    pub(in crate::access) async fn read_for(
        &self,
        ask: &Ask,
        page: &PageId,
        record: &Record,
        change: &ScopeChange,
    ) -> Result<Read, Refusal> {
        let (groups, items) = self.known_things(ask, page, change).await?;
        let scope = self.viewer_scope(ask, page, record, &groups).await?;
        Ok(Read {
            groups,
            items,
            scope,
        })
    }

    /// Every group of a page, and refuses those that it does not have.
    pub(in crate::access) async fn known_groups(
        &self,
        ask: &Ask,
        page: &PageId,
        mut named: impl Iterator<Item = &GroupId>,
    ) -> Result<Groups, Refusal> {
        let groups = self.groups(ask, page).await?;
        match named.find(|id| !groups.contains_key(*id)) {
            None => Ok(groups),
            Some(id) => Err(Refusal::NotFound {
                what: format!("group `{id}`"),
                where_: format!(" on page {page}"),
                next: "`list_page_access_groups` shows the groups and their ids.".to_owned(),
            }),
        }
    }

    /// Adds the steps to a plan that make a viewer's scope what the change wants.
    pub(in crate::access) fn plan_scope(
        &self,
        plan: &mut Plan,
        page: &PageId,
        viewer: &ViewerId,
        record: &Record,
        change: &ScopeChange,
        read: &Read,
    ) -> Result<(), Refusal> {
        let Read {
            groups,
            items,
            scope,
        } = read;
        let bad = |what: &str, error: SetError| Refusal::arguments(format!("{what}: {error}"));
        let before = scope.groups.iter().cloned().collect();
        let in_groups = change
            .groups
            .merge(&before)
            .map_err(|error| bad("groups", error))?;
        let before = scope.components.iter().cloned().collect();
        let components = change
            .components
            .merge(&before)
            .map_err(|error| bad("components", error))?;
        let before = scope.metrics.iter().cloned().collect();
        let metrics = change
            .metrics
            .merge(&before)
            .map_err(|error| bad("metrics", error))?;

        let after = ViewerScope {
            groups: in_groups.after.iter().cloned().collect(),
            components: components.after.iter().cloned().collect(),
            metrics: metrics.after.iter().cloned().collect(),
        };
        let words = ScopeWords {
            name: words::who(record),
            groups,
            items,
            after: Reach::of(&after, groups),
        };
        let gains = !(in_groups.gained.is_empty()
            && components.gained.is_empty()
            && metrics.gained.is_empty());
        let loses =
            !(in_groups.lost.is_empty() && components.lost.is_empty() && metrics.lost.is_empty());
        plan.pages.push(page.clone());
        plan.state = json!({
            "viewer": json!(record), "scope": scope,
            // The loss by leaving a group depends on what it and the others give.
            "groups": scope.groups.iter().filter_map(|id| groups.get(id)).map(|group| json!([group.id, group.component_ids, group.metric_ids])).collect::<Vec<_>>(),
        });
        plan.warnings
            .extend(words.headings(components.gained.iter()));
        let name = &words.name;
        if gains || loses {
            plan.say(
                format!(
                    "On page {page} the access of {name} will change; what is not named stays."
                ),
                format!(
                    "On page {page} the access of {name} was changed; what was not named stayed."
                ),
            );
        } else {
            plan.say_so(format!("{name} has exactly this on page {page} already."));
        }

        let statuspage = self.statuspage()?;
        if !in_groups.is_nothing() {
            plan.acts.push(Box::new(SetViewerGroups {
                statuspage: statuspage.clone(),
                page: page.clone(),
                viewer: viewer.clone(),
                record: record.clone(),
                losses: in_groups.lost.iter().map(|id| words.leaves(id)).collect(),
                merged: in_groups,
                groups: groups.clone(),
            }));
        }
        let mut give = |given: Given, losses: Vec<String>| {
            plan.acts.push(Box::new(SetGiven {
                statuspage: statuspage.clone(),
                page: page.clone(),
                viewer: viewer.clone(),
                record: record.clone(),
                given,
                items: items.clone(),
                losses,
            }));
        };
        if !components.is_nothing() {
            let losses = components
                .lost
                .iter()
                .map(|id| words.taken(&items.component(id), words.after.components.get(id)));
            give(Given::Components(components.clone()), losses.collect());
        }
        if !metrics.is_nothing() {
            let losses = metrics.lost.iter().map(|id| {
                let name = format!("metric {}", items.metric(id));
                words.taken(&name, words.after.metrics.get(id))
            });
            give(Given::Metrics(metrics.clone()), losses.collect());
        }
        Ok(())
    }

    /// Adds to a report what the viewer sees now. That it could not be read does not undo what was done.
    pub(in crate::access) async fn with_access(
        &self,
        ask: &Ask,
        page: &PageId,
        record: &Record,
        mut report: ChangeReport,
        before: EffectiveAccess,
    ) -> ViewerChangeReport {
        if matches!(
            report.status,
            Status::Already | Status::ConfirmationRequired
        ) {
            return ViewerChangeReport {
                report,
                access: Some(before),
            };
        }
        let access = match self.effective_now(ask, page, record).await {
            Ok(access) => Some(access),
            Err(error) => {
                report.warnings.push(format!(
                    "what the viewer sees now could not be read: {}",
                    error.without_ending()
                ));
                None
            }
        };
        ViewerChangeReport { report, access }
    }

    async fn effective_now(
        &self,
        ask: &Ask,
        page: &PageId,
        record: &Record,
    ) -> Result<EffectiveAccess, Refusal> {
        let who = Who::Id(record.id.to_string());
        let (_, record) = self.one_viewer(ask, page, &who).await?;
        self.effective(ask, page, &record).await
    }
}
