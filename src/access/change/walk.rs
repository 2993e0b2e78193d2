//! The one walk of every change: permit, hold a token to what was shown with it, confirm, and then the steps, which `work` carries out.

use std::collections::BTreeMap;

use tracing::Instrument as _;

use crate::access::change::confirm::Exact;
use crate::access::change::drift::{self, Drift};
use crate::access::change::job::{Confirmed, Job, Work};
use crate::access::change::plan::{Plan, Unread};
use crate::access::change::promise::{Stands, compared, kept};
use crate::access::change::report::{ChangeReport, Status};
use crate::access::change::several::{LEFT_OUT, leaves_somebody};
use crate::access::{Access, Ask, Refusal};
use crate::confirmation::{self, Checked, Require};
use crate::policy::Toolset;
use crate::roster::{Email, PageId};
use crate::store::{PlanId, Turn};

impl Access {
    /// Waits until no other call carries on the plan of a token, and is alone with it. `None`: there is no token, or none whose plan is known.
    ///
    /// # Errors
    /// The other call does not end in time, or shared state cannot be used.
    pub async fn alone_with_plan(
        &self,
        ask: &Ask,
        token: Option<&str>,
    ) -> Result<Option<Turn>, Refusal> {
        let Some(token) = token.or(ask.person.token()) else {
            return Ok(None);
        };
        match self.gate().shown(token).await? {
            Some(plan) => Ok(Some(
                self.alone_with(ask, &format!("plan {}", plan.id)).await?,
            )),
            None => Ok(None),
        }
    }

    /// Returns the stored forms of the addresses of the accounts in a token's plan.
    pub(in crate::access) async fn spellings_shown(
        &self,
        ask: &Ask,
        token: Option<&str>,
    ) -> Result<Vec<String>, Refusal> {
        let Some(token) = token.or(ask.person.token()) else {
            return Ok(Vec::new());
        };
        let shown = self.gate().shown(token).await?;
        let steps = shown.map_or_else(Vec::new, |plan| kept(&plan.steps));
        Ok(steps.into_iter().filter_map(|it| it.spelling).collect())
    }

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
            // Words alone are worth no request.
            plan.name_pages(self.page_names_read());
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
        self.permit_plan(ask, plan.needs(&losses), &plan).await?;
        self.ask_about_outsiders(&mut plan);
        // Readers of a page are nobody in particular.
        let known = plan.toolset == Toolset::Operations || !plan.takes_from_nobody_known();
        if !known && !self.rules().protected.is_empty() {
            plan.warnings.push("an account without an address loses something, so it could not be compared with `policy.protected_people`".to_owned());
        }
        self.settle_unfinished(ask, &plan).await;
        let promised = token.or(ask.person.token());
        let agreed_to = plan.is_confirmed(&losses) || promised.is_some();
        let by_person =
            self.gate().require() == Require::Human && !plan.acts.is_empty() && agreed_to;
        let token = if by_person {
            self.word_of_a_person(ask, token, &plan)?
        } else {
            promised
        };
        let exact = self.exactly(&plan);
        if let Some(token) = token {
            let checked = self.gate().check(token, &exact.subject(ask)).await?;
            match self.held_to(ask, token, plan, &exact, checked).await? {
                Held::Answered(report) => return Ok(*report),
                Held::Another(plan, drift) => {
                    self.log()?;
                    return self.offer(ask, *plan, &losses, Some(drift)).await;
                }
            }
        }
        if plan.acts.is_empty() {
            return Ok(nothing_to_do(plan));
        }
        self.log()?;
        if plan.is_confirmed(&losses) {
            return self.offer(ask, plan, &losses, None).await;
        }
        let now = self.clock().monotonic();
        let job = Job::unconfirmed(plan, PlanId::random().to_string(), now);
        self.begin(ask, job).await
    }

    /// Holds the plan of now to what was shown with a token, and carries out what was.
    async fn held_to(
        &self,
        ask: &Ask,
        token: &str,
        plan: Plan,
        exact: &Exact,
        checked: Checked,
    ) -> Result<Held, Refusal> {
        let now = self.clock().monotonic();
        let work = Work::kept(&checked.shown);
        let finished = checked.begun && work.as_ref().is_some_and(|work| work.finished);
        if finished && !plan.acts.is_empty() {
            // Somebody put something back since: that is another change.
            let tool = ask.tool.to_owned();
            return Err(confirmation::Refusal::AlreadyUsed { tool }.into());
        }
        let shown = kept(&checked.shown.steps);
        let (stands, besides) = compared(&shown, &plan);
        let covered = match (plan.independent, checked.begun) {
            (true, true) => true,
            (true, false) | (false, true) => besides.is_empty(),
            // The parts of a step that could not be read, now or then, are no part of what is confirmed.
            (false, false) => {
                let all = stands.iter().all(|it| matches!(it, Stands::Planned(_)));
                let as_shown = all && besides.is_empty() && checked.shown.state == plan.state;
                checked.same || plan.acts.is_empty() || as_shown
            }
        };
        if !covered {
            let before = &checked.shown.state;
            let mut drift = drift::words(&shown, &stands, &plan, &besides, before);
            drift.warned = work.unwrap_or_default().warnings;
            return Ok(Held::Another(Box::new(plan), drift));
        }
        let id = checked.plan_id.to_string();
        let mut job = Job::new(plan, id, shown, work, now);
        if !job.has_steps() {
            if job.has_gaps() && job.done() == 0 {
                let report = self.could_not_read(&job, token, &checked);
                return Ok(Held::Answered(Box::new(report)));
            }
            let mut report = self.told(&job);
            if finished {
                report.status = Status::Already;
                report.losses = None;
                report.summary = format!(
                    "The confirmation token was used already, and its plan is carried out: {} of {} steps. Nothing was changed by this call. It was: {}",
                    job.done(),
                    job.lines.len(),
                    job.summary
                );
            }
            return Ok(Held::Answered(Box::new(report)));
        }
        self.log()?;
        let plan = if checked.begun {
            checked.shown
        } else {
            let plan_id = checked.plan_id.to_string();
            let spent = self.gate().spend(checked, &exact.subject(ask)).await?;
            self.note_confirmation(ask, self.gate().require(), &plan_id)
                .await;
            spent
        };
        job.confirmed = Some(Confirmed {
            token: token.to_owned(),
            plan,
        });
        Ok(Held::Answered(Box::new(self.begin(ask, job).await?)))
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

    /// Nothing of a plan could be looked at: the token is not spent.
    fn could_not_read(&self, job: &Job, token: &str, checked: &Checked) -> ChangeReport {
        let mut report = ChangeReport::new(
            Status::Reading,
            format!(
                "Could not read what the confirmed plan is about: {}. Nothing was changed, and the confirmation token stays good.",
                Unread::words(&job.plan.unread)
            ),
        );
        report.refused = Some("could_not_read".to_owned());
        report.show(job.reports(), job.losses.clone());
        report.plan_id = Some(job.plan_id.clone());
        if self.gate().require() != Require::Human {
            report.confirmation_token = Some(token.to_owned());
        }
        report.expires_at = Some(checked.expires_at.to_string());
        report.next = Some(
            "Call again with the same arguments and the same `confirmation_token`: it reads again, and makes what was confirmed."
                .to_owned(),
        );
        report.unread.clone_from(&job.plan.unread);
        report.people = job.people_now();
        report
    }
}

/// The result of comparing a plan with the one that its token was given for.
enum Held {
    /// The call's answer.
    Answered(Box<ChangeReport>),
    /// It is another plan, in these words.
    Another(Box<Plan>, Drift),
}

/// There is nothing to do in what could be read.
fn nothing_to_do(plan: Plan) -> ChangeReport {
    let status = if !plan.unread.is_empty() {
        Status::Incomplete
    } else if leaves_somebody(&plan.people) {
        Status::Failed
    } else {
        Status::Already
    };
    let mut report = ChangeReport::new(status, plan.summary.clone());
    report.people = plan.people_shown();
    if status == Status::Failed {
        report.next = Some(LEFT_OUT.to_owned());
    }
    if status == Status::Incomplete {
        report.summary.push_str(&format!(
            " Not everything is known: {} could not be read.",
            Unread::words(&plan.unread)
        ));
        report.next = Some(
            "Call again later with the same arguments: it looks at the places in `unknown` again. Until then do not say that all is done."
                .to_owned(),
        );
    }
    report.warnings = plan.warnings;
    report.unread = plan.unread;
    report
}
