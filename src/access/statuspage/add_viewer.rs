//! Adds a page access user with everything that they are to see, in one call.

use crate::access::acts::{
    create_viewer::CreateViewer,
    scope_new_viewer::{ScopeNewViewer, Things},
};
use crate::access::change::plan::Plan;
use crate::access::look::search::{ViewersOf, search};
use crate::access::statuspage::viewer_access::audience_of;
use crate::access::words::who;
use crate::access::{
    Access, Ask, EffectiveAccess, Refusal, ScopeChange, Status, ViewerChangeReport, Who,
};
use crate::caller::Scope;
use crate::providers::statuspage::NewViewer;
use crate::roster::{
    Audience, ComponentId, Email, Evidence, GroupId, MetricId, PageId, Record, SetChange,
};

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
    /// Components to see directly.
    pub component_ids: Vec<ComponentId>,
    /// Metrics to see directly.
    pub metric_ids: Vec<MetricId>,
    /// Whether to be told of incidents of what they can see.
    pub subscribe: bool,
}

impl Access {
    /// Adds a page access user; one that is there keeps what it has and gets what it lacks.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn add_viewer(
        &self,
        ask: &Ask,
        new: NewPageViewer,
    ) -> Result<ViewerChangeReport, Refusal> {
        let (page, email) = (&new.page_id, &new.email);
        self.permit(
            ask,
            Scope::Write,
            std::slice::from_ref(page),
            std::slice::from_ref(email),
            &[],
        )?;
        let (shown, evidence) = self.page(ask, page).await?;
        let page_name = shown.name.clone().unwrap_or_else(|| page.to_string());
        let gives = !(new.group_ids.is_empty()
            && new.component_ids.is_empty()
            && new.metric_ids.is_empty());
        let _turn = if gives {
            Some(self.alone_with(ask, &audience_of(page)).await?)
        } else {
            None
        };
        let place = ViewersOf {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
        };
        let lists = self.lists(std::time::Duration::ZERO)?;
        let person = std::slice::from_ref(email);
        // Where somebody may be there in another spelling, Statuspage itself refuses a second account.
        let mut held = search(&place, &lists, &ask.interactive(), person, &[])
            .await?
            .found;
        held.retain(|record| record.has_email(email));
        let mut plan = Plan::to(
            format!("{email} will become a page access user of page {page_name} ({page})."),
            format!("{email} became a page access user of page {page_name} ({page})."),
        );
        if evidence.audience != Audience::Yes {
            plan.warnings.push(format!(
                "nothing shows that page {page} is audience-specific ({}): on any other page a page access user has no effect",
                evidence.reasons.join("; ")
            ));
        }
        match held.as_slice() {
            [] => self.create_viewer(ask, plan, new, evidence).await,
            [record] => self.complete_viewer(ask, plan, &new, record).await,
            several => {
                let names: Vec<String> = several.iter().map(who).collect();
                Err(Refusal::Ambiguous(format!(
                    "page {page} has several page access users with this address: {}",
                    names.join(", ")
                )))
            }
        }
    }

    /// Somebody new: created, then given what they are to see, each seen before the next.
    async fn create_viewer(
        &self,
        ask: &Ask,
        mut plan: Plan,
        new: NewPageViewer,
        audience: Evidence,
    ) -> Result<ViewerChangeReport, Refusal> {
        let statuspage = self.statuspage()?;
        let NewPageViewer {
            page_id: page,
            email,
            external_login,
            group_ids,
            component_ids,
            metric_ids,
            subscribe,
        } = new;
        let groups = if group_ids.is_empty() {
            crate::access::statuspage::reach::Groups::new()
        } else {
            self.known_groups(ask, &page, group_ids.iter()).await?
        };
        let items = if component_ids.is_empty() && metric_ids.is_empty() {
            crate::access::statuspage::items::Items::default()
        } else {
            self.known_items(ask, &page, component_ids.iter(), metric_ids.iter())
                .await?
        };
        plan.pages.push(page.clone());
        plan.warnings.push(
            "Statuspage may send a message to this address when the account is created".to_owned(),
        );
        if group_ids.is_empty() && component_ids.is_empty() && metric_ids.is_empty() {
            plan.warnings.push("without a group, component or metric a page access user can log in and sees nothing of its own".to_owned());
        }
        plan.acts.push(Box::new(CreateViewer {
            statuspage: statuspage.clone(),
            page: page.clone(),
            new: NewViewer {
                email: email.clone(),
                external_login,
                group_ids,
                subscribe,
            },
            audience,
            groups,
        }));
        let things = [
            (!component_ids.is_empty()).then_some(Things::Components(component_ids)),
            (!metric_ids.is_empty()).then_some(Things::Metrics(metric_ids)),
        ];
        for things in things.into_iter().flatten() {
            plan.acts.push(Box::new(ScopeNewViewer {
                statuspage: statuspage.clone(),
                page: page.clone(),
                email: email.clone(),
                things,
                items: items.clone(),
            }));
        }
        let mut report = self.carry_out(ask, None, plan).await?;
        let mut access = None;
        if report.status == Status::Applied {
            match self.seen_now(ask, &page, &email).await {
                Ok(seen) => access = Some(seen),
                Err(error) => report.warnings.push(format!(
                    "what the viewer sees now could not be read: {}",
                    error.without_ending()
                )),
            }
        }
        Ok(ViewerChangeReport { report, access })
    }

    async fn seen_now(
        &self,
        ask: &Ask,
        page: &PageId,
        email: &Email,
    ) -> Result<EffectiveAccess, Refusal> {
        let who = Who::Email(email.clone());
        let (_, record) = self.one_viewer(ask, page, &who).await?;
        self.effective(ask, page, &record).await
    }

    /// Somebody who is there keeps everything and gets what is missing.
    async fn complete_viewer(
        &self,
        ask: &Ask,
        mut plan: Plan,
        new: &NewPageViewer,
        record: &Record,
    ) -> Result<ViewerChangeReport, Refusal> {
        let page = &new.page_id;
        let change = ScopeChange {
            groups: SetChange::grant(new.group_ids.clone()),
            components: SetChange::grant(new.component_ids.clone()),
            metrics: SetChange::grant(new.metric_ids.clone()),
        };
        let read = self.read_for(ask, page, record, &change).await?;
        let Some(viewer) = record.viewer_id() else {
            return Err(Refusal::Preflight(format!(
                "{} is not a page access user.",
                who(record)
            )));
        };
        self.plan_scope(&mut plan, page, &viewer, record, &change, &read)?;
        let shown = who(record);
        if plan.acts.is_empty() {
            plan.say_so(format!(
                "{shown} is a page access user of page {page} already."
            ));
        } else {
            plan.say(
                format!("{shown} is a page access user of page {page} already and will get what is missing."),
                format!("{shown} was a page access user of page {page} already and got what was missing."),
            );
        }
        let other_login = new.external_login.is_some() && new.external_login != record.external_id;
        if other_login || new.subscribe {
            plan.warnings.push("`external_login` and `subscribe` are for new accounts: of an account that is there they are not changed".to_owned());
        }
        let before = EffectiveAccess::of(&read.scope, &read.groups, &read.items);
        let report = self.carry_out(ask, None, plan).await?;
        Ok(self.with_access(ask, page, record, report, before).await)
    }
}
