//! Adds a page access user with everything that they are to see, in one call.

use crate::access::acts::{
    create_viewer::CreateViewer,
    scope_new_viewer::{ScopeNewViewer, Things},
};
use crate::access::change::plan::Plan;
use crate::access::look::viewer::Newcomer;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::Groups;
use crate::access::statuspage::viewer_access::{Read, audience_of};
use crate::access::words::who;
use crate::access::{
    Access, Ask, EffectiveAccess, Refusal, ScopeChange, Status, ViewerChangeReport,
};
use crate::caller::Scope;
use crate::providers::statuspage::{NewViewer, SignIn};
use crate::roster::{
    Audience, ComponentId, Email, Evidence, GroupId, MetricId, PageId, Record, SetChange,
};

/// A page access user to be.
#[derive(Debug, Clone)]
pub struct NewPageViewer {
    /// The page.
    pub page_id: PageId,
    /// The identity that the person signs in with.
    pub sign_in: SignIn,
    /// Groups to be in.
    pub group_ids: Vec<GroupId>,
    /// Components to see directly.
    pub component_ids: Vec<ComponentId>,
    /// Metrics to see directly.
    pub metric_ids: Vec<MetricId>,
    /// True to subscribe the person to incidents of what they can see.
    pub subscribe: bool,
}

impl NewPageViewer {
    /// Plans for somebody who is there.
    pub(in crate::access) fn as_change(&self) -> ScopeChange {
        ScopeChange {
            groups: SetChange::grant(self.group_ids.clone()),
            components: SetChange::grant(self.component_ids.clone()),
            metrics: SetChange::grant(self.metric_ids.clone()),
        }
    }

    /// A plan without steps yet.
    pub(in crate::access) fn plan(&self, page_name: &str, evidence: &Evidence) -> Plan {
        let (page, sign_in) = (&self.page_id, &self.sign_in);
        let mut plan = Plan::to(
            format!("{sign_in} will become a page access user of page {page_name} ({page})."),
            format!("{sign_in} became a page access user of page {page_name} ({page})."),
        );
        if evidence.audience != Audience::Yes {
            plan.warnings.push(format!(
                "nothing shows that page {page} is audience-specific ({}): on any other page a page access user has no effect",
                evidence.reasons.join("; ")
            ));
        }
        plan
    }
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
        let (page, sign_in) = (&new.page_id, &new.sign_in);
        let adds: Vec<Email> = sign_in.email.iter().cloned().collect();
        self.permit(ask, Scope::Write, std::slice::from_ref(page), &adds, &[])?;
        self.known_to_the_rules(sign_in)?;
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
        let viewers = self.held_by(ask, page, sign_in).await?;
        let plan = new.plan(&page_name, &evidence);
        match viewers.as_slice() {
            [] => self.create_viewer(ask, plan, new, evidence).await,
            [record] => self.complete_viewer(ask, plan, &new, record).await,
            several => {
                let names: Vec<String> = several.iter().map(who).collect();
                Err(Refusal::Ambiguous(format!(
                    "page {page} has several page access users who sign in so: {}",
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
        let groups = if new.group_ids.is_empty() {
            Groups::new()
        } else {
            self.known_groups(ask, &new.page_id, new.group_ids.iter())
                .await?
        };
        let items = if new.component_ids.is_empty() && new.metric_ids.is_empty() {
            Items::default()
        } else {
            self.known_items(
                ask,
                &new.page_id,
                new.component_ids.iter(),
                new.metric_ids.iter(),
            )
            .await?
        };
        let (page, sign_in) = (new.page_id.clone(), new.sign_in.clone());
        let newcomer = self.plan_new_viewer(&mut plan, new, audience, &groups, &items)?;
        let mut report = self.carry_out(ask, None, plan).await?;
        let mut access = None;
        if report.status == Status::Applied {
            match self.seen_now(ask, &page, &sign_in, &newcomer).await {
                Ok(seen) => access = Some(seen),
                Err(error) => report.warnings.push(format!(
                    "what the viewer sees now could not be read: {}",
                    error.without_ending()
                )),
            }
        }
        Ok(ViewerChangeReport { report, access })
    }

    /// Adds the steps to a plan that make a page access user and give it what it is to see.
    pub(in crate::access) fn plan_new_viewer(
        &self,
        plan: &mut Plan,
        new: NewPageViewer,
        audience: Evidence,
        groups: &Groups,
        items: &Items,
    ) -> Result<Newcomer, Refusal> {
        let statuspage = self.statuspage()?;
        let NewPageViewer {
            page_id: page,
            sign_in,
            group_ids,
            component_ids,
            metric_ids,
            subscribe,
        } = new;
        plan.pages.push(page.clone());
        plan.warnings.push(if sign_in.email.is_some() {
            "whether Statuspage writes to this address when the account is made is not documented: tell the person beforehand".to_owned()
        } else {
            "the account has no address: it is found and changed by its id, and gets no mail"
                .to_owned()
        });
        if group_ids.is_empty() && component_ids.is_empty() && metric_ids.is_empty() {
            plan.warnings.push("without a group, component or metric a page access user can log in and sees nothing of its own".to_owned());
        }
        let newcomer = Newcomer::default();
        plan.acts.push(Box::new(CreateViewer {
            statuspage: statuspage.clone(),
            page: page.clone(),
            new: NewViewer {
                sign_in: sign_in.clone(),
                group_ids,
                subscribe,
            },
            newcomer: newcomer.clone(),
            audience,
            groups: groups.clone(),
        }));
        let things = [
            (!component_ids.is_empty()).then_some(Things::Components(component_ids)),
            (!metric_ids.is_empty()).then_some(Things::Metrics(metric_ids)),
        ];
        for things in things.into_iter().flatten() {
            plan.acts.push(Box::new(ScopeNewViewer {
                statuspage: statuspage.clone(),
                page: page.clone(),
                sign_in: sign_in.clone(),
                newcomer: newcomer.clone(),
                things,
                items: items.clone(),
            }));
        }
        Ok(newcomer)
    }

    async fn seen_now(
        &self,
        ask: &Ask,
        page: &PageId,
        sign_in: &SignIn,
        newcomer: &Newcomer,
    ) -> Result<EffectiveAccess, Refusal> {
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        let found = newcomer.find(statuspage, &cx, page, sign_in).await?;
        let record = found.ok_or_else(|| Refusal::NotFound {
            what: sign_in.to_string(),
            where_: format!(" among the page access users of page {page}"),
            next: "`list_page_access_users` shows who is.".to_owned(),
        })?;
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
        let change = new.as_change();
        let read = self.read_for(ask, page, record, &change).await?;
        self.plan_completion(&mut plan, new, record, &change, &read)?;
        let before = EffectiveAccess::of(&read.scope, &read.groups, &read.items);
        let report = self.carry_out(ask, None, plan).await?;
        Ok(self.with_access(ask, page, record, report, before).await)
    }

    /// Adds the steps to a plan that give somebody who is there what is missing.
    pub(in crate::access) fn plan_completion(
        &self,
        plan: &mut Plan,
        new: &NewPageViewer,
        record: &Record,
        change: &ScopeChange,
        read: &Read,
    ) -> Result<(), Refusal> {
        let page = &new.page_id;
        let Some(viewer) = record.viewer_id() else {
            return Err(Refusal::Preflight(format!(
                "{} is not a page access user.",
                who(record)
            )));
        };
        self.plan_scope(plan, page, &viewer, record, change, read)?;
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
        let login = &new.sign_in.external_login;
        if login.is_some() && login.as_deref() != record.external_id.as_deref() {
            plan.warnings.push("the external login of an account that is there is not changed here: `change_viewer_access` with `external_login` does that".to_owned());
        }
        if new.subscribe {
            plan.warnings.push(
                "`subscribe` is for new accounts: `add_subscriber` subscribes one that is there"
                    .to_owned(),
            );
        }
        Ok(())
    }
}
