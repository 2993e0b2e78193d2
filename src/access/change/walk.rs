//! The one walk of every change: permit, confirm, and then the steps, which `job` carries out.

use std::collections::BTreeMap;

use tracing::Instrument as _;

use crate::access::change::confirm::Confirmed;
use crate::access::change::job::Job;
use crate::access::change::plan::Plan;
use crate::access::change::report::{ChangeReport, Status};
use crate::access::{Access, Ask, Refusal};
use crate::caller::Scope;
use crate::roster::{Email, PageId};
use crate::store::PlanId;

impl Access {
    /// Carries a plan out, or says what it would take.
    ///
    /// # Errors
    /// A [`Refusal`] as long as nothing was sent; after that the report tells how each step ended.
    pub(in crate::access) async fn carry_out(
        &self,
        ask: &Ask,
        token: Option<&str>,
        plan: Plan,
    ) -> Result<ChangeReport, Refusal> {
        let plan = self.with_page_names(ask, plan).await;
        let span = tracing::trace_span!("plan", plan.steps = plan.acts.len());
        self.walk(ask, token, plan).instrument(span).await
    }

    /// The plan with the names of its pages: nobody knows a page by its id. Read once; where that fails, the ids stand alone.
    async fn with_page_names(&self, ask: &Ask, mut plan: Plan) -> Plan {
        if plan.acts.is_empty() {
            return plan;
        }
        let known = |page: &PageId| plan.page_names.contains_key(page);
        let mut names = if plan.pages.iter().all(known) {
            BTreeMap::new()
        } else {
            self.names_of_pages(ask, &plan.pages).await
        };
        // A plan of so many steps is about its own pages alone.
        if plan.acts.len() > 100 {
            names.retain(|page, _| plan.pages.contains(page));
        }
        plan.name_pages(names);
        plan
    }

    async fn walk(
        &self,
        ask: &Ask,
        token: Option<&str>,
        mut plan: Plan,
    ) -> Result<ChangeReport, Refusal> {
        let losses = plan.losses();
        let needs = if losses.is_empty() {
            Scope::Write
        } else {
            Scope::Remove
        };
        self.permit_plan(ask, needs, &plan).await?;
        self.ask_about_outsiders(&mut plan);
        if plan.takes_from_nobody_known() && !self.rules().protected.is_empty() {
            plan.warnings.push("an account without an address loses something, so it could not be compared with `policy.protected_people`".to_owned());
        }
        if plan.acts.is_empty() {
            if let Some(token) = token.or(ask.person.token()) {
                self.refuse_spent(ask, token, &plan).await?;
            }
            let mut report = ChangeReport::new(Status::Already, plan.summary);
            report.warnings = plan.warnings;
            return Ok(report);
        }
        self.log()?;
        // A token given for a change that takes nothing away is still a promise about an exact plan: it is held to it.
        let promised = token.or(ask.person.token()).is_some();
        let plan_id = if losses.is_empty() && plan.asks.is_empty() && !promised {
            PlanId::random().to_string()
        } else {
            match self.confirm(ask, token, &plan, &losses).await? {
                Confirmed::Yes(plan_id) => plan_id,
                Confirmed::NotYet(report) => return Ok(*report),
            }
        };

        let again = token.or(ask.person.token()).map(ToOwned::to_owned);
        let read_at = plan.read_at.unwrap_or_else(|| self.clock().monotonic());
        let job = Job::new(plan, plan_id, losses, read_at, again);
        self.begin(ask, job).await
    }

    /// Mail to an address outside the operator's domains is agreed to first. Without a list of domains nobody is outside.
    fn ask_about_outsiders(&self, plan: &mut Plan) {
        let Some(domains) = self.rules().domains.as_ref() else {
            return;
        };
        let outside = |email: &Email| !domains.contains(email.domain());
        for email in plan.written_to().into_iter().filter(outside) {
            plan.to_type.get_or_insert_with(|| email.to_string());
            plan.asks.push(format!(
                "writing to {email}, which is outside `policy.email_domains`,"
            ));
        }
    }
}
