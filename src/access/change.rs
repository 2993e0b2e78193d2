//! The one walk of every change: permit, confirm, then for each step record, write, read back, record.

use serde_json::{Value, json};

use super::act::Act;
use super::confirm::Confirmed;
use super::report::{ChangeReport, Status, StepReport};
use super::{Access, Ask, Refusal};
use crate::audit::{Outcome, Planned};
use crate::caller::Scope;
use crate::roster::{Email, PageId};
use crate::store::PlanId;
use crate::upstream::Cx;

/// What a use case found out and wants to do. Made from fresh reads, each time anew.
pub(super) struct Plan {
    /// One sentence: what it comes to. `Jane Doe is removed from the team.`
    pub summary: String,
    /// The steps, in a safe order. None: it is so already.
    pub acts: Vec<Box<dyn Act>>,
    /// Everything that was read and that the plan rests on.
    pub state: Value,
    /// Pages that it touches, for policy.
    pub pages: Vec<PageId>,
    /// People who gain, for policy.
    pub adds: Vec<Email>,
    /// People who lose, for policy.
    pub removes: Vec<Email>,
    /// What a person must agree to although nothing is taken away; with one of these the plan is confirmed first.
    pub asks: Vec<String>,
    /// What a person should know before.
    pub warnings: Vec<String>,
    /// What a person types to agree, where one must: an address, or the name of a page or group. Left empty it is the
    /// address of the one who loses, else the page.
    pub to_type: Option<String>,
}

impl Plan {
    /// A plan to do nothing yet.
    pub(super) fn to(summary: String) -> Self {
        Self {
            summary,
            acts: Vec::new(),
            state: Value::Null,
            pages: Vec::new(),
            adds: Vec::new(),
            removes: Vec::new(),
            asks: Vec::new(),
            warnings: Vec::new(),
            to_type: None,
        }
    }

    pub(super) fn steps(&self) -> Vec<StepReport> {
        self.acts
            .iter()
            .map(|act| StepReport {
                action: act.action(),
                target: act.target(),
                status: None,
                detail: None,
            })
            .collect()
    }

    fn losses(&self) -> Vec<String> {
        self.acts.iter().flat_map(|act| act.losses()).collect()
    }

    /// What a person types to agree. Never empty: an empty form must not count as a word.
    pub(super) fn word(&self) -> String {
        let named = self.to_type.clone().filter(|word| !word.trim().is_empty());
        let address = || match self.removes.as_slice() {
            [only] => Some(only.to_string()),
            _ => None,
        };
        let page = || self.pages.first().map(ToString::to_string);
        named
            .or_else(address)
            .or_else(page)
            .unwrap_or_else(|| "take away".to_owned())
    }

    /// What it is that needs the confirmation.
    pub(super) fn why_confirmed(&self, losses: &[String]) -> String {
        let takes = (!losses.is_empty()).then(|| "what this takes away".to_owned());
        let why: Vec<String> = takes.into_iter().chain(self.asks.iter().cloned()).collect();
        if why.is_empty() {
            "a plan that a token came with".to_owned()
        } else {
            why.join("; ")
        }
    }

    pub(super) fn exact(&self) -> Value {
        self.acts
            .iter()
            .map(|act| json!({"system": act.system(), "action": act.action(), "target": act.target(), "exact": act.exact()}))
            .collect()
    }
}

impl Access {
    /// Carries a plan out, or says what it would take.
    ///
    /// # Errors
    /// A [`Refusal`] as long as nothing was sent; after that the report tells how each step ended.
    pub(super) async fn carry_out(
        &self,
        ask: &Ask,
        token: Option<&str>,
        plan: Plan,
    ) -> Result<ChangeReport, Refusal> {
        let losses = plan.losses();
        let needs = if losses.is_empty() {
            Scope::Write
        } else {
            Scope::Remove
        };
        self.permit(ask, needs, &plan.pages, &plan.adds, &plan.removes)?;
        if plan.acts.is_empty() {
            if let Some(token) = token.or(ask.person.token()) {
                self.refuse_spent(ask, token, &plan).await?;
            }
            let mut report = ChangeReport::new(Status::Already, plan.summary);
            report.warnings = plan.warnings;
            return Ok(report);
        }
        let log = self.log()?;
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

        let total = plan.acts.len() as u64;
        let mut steps = plan.steps();
        let mut halted = false;
        // A step that has begun is finished: it answers to the client's patience no longer, only to its own time limits.
        let cx = Cx {
            lane: crate::store::window::Lane::Interactive,
            cancel: tokio_util::sync::CancellationToken::new(),
            deadline: None,
        };
        for (index, (act, step)) in plan.acts.iter().zip(steps.iter_mut()).enumerate() {
            if halted || ask.cancel.is_cancelled() {
                step.status = Some(Status::NotAttempted);
                halted = true;
                continue;
            }
            ask.progress.tell(
                index as u64,
                Some(total),
                &format!("{}: {}", step.action, step.target),
            );
            let planned = Planned {
                caller: ask.caller.clone(),
                tool: ask.tool.to_owned(),
                plan_id: plan_id.clone(),
                call_id: ask.call_id.clone(),
                system: act.system().to_owned(),
                action: act.action(),
                target: json!({"name": act.target(), "exact": act.exact()}),
                before: act.before(),
            };
            let intent = match log.intent(planned).await {
                Ok(intent) => intent,
                Err(error) if index == 0 => return Err(error.into()),
                Err(error) => {
                    step.status = Some(Status::NotAttempted);
                    step.detail = Some(error.to_string());
                    halted = true;
                    continue;
                }
            };
            let written = act.write(&cx, &intent).await;
            let (status, detail, after) = self.settle(act.as_ref(), &cx, written).await;
            let outcome = Outcome {
                status: status.on_record(),
                after,
                detail: detail.clone().unwrap_or_default(),
            };
            if let Err(error) = log.outcome(intent, outcome).await {
                // The change stands; the next start reports the intent as unfinished, which is what it now is.
                tracing::error!(%error, "the outcome of a change could not be recorded");
                step.detail = Some(format!(
                    "{} (its outcome could not be written to the audit file: {error})",
                    detail.unwrap_or_default()
                ));
                halted = true;
            } else {
                step.detail = detail;
            }
            step.status = Some(status);
            halted |= act.must() && !matches!(status, Status::Applied | Status::Already);
        }
        self.forget_snapshots();
        ask.progress.tell(total, Some(total), "done");
        Ok(summarise(&plan, plan_id, steps, losses))
    }
}

fn summarise(
    plan: &Plan,
    plan_id: String,
    steps: Vec<StepReport>,
    losses: Vec<String>,
) -> ChangeReport {
    let worst = steps
        .iter()
        .filter_map(|step| step.status)
        .find(|status| !matches!(status, Status::Applied | Status::Already))
        .unwrap_or(
            if steps
                .iter()
                .all(|step| step.status == Some(Status::Already))
            {
                Status::Already
            } else {
                Status::Applied
            },
        );
    let done = steps
        .iter()
        .filter(|step| matches!(step.status, Some(Status::Applied | Status::Already)))
        .count();
    let summary = match worst {
        Status::Applied => format!("{} Done, and seen by reading it back.", plan.summary),
        Status::Already => format!("{} It was so already.", plan.summary),
        Status::NoEffect => format!(
            "No effect: the system accepted the request and nothing changed. It would have been: {}",
            plan.summary
        ),
        Status::Unknown => format!("Not known whether it was made: {}", plan.summary),
        _ => format!(
            "{done} of {} steps were made. The aim was: {}",
            steps.len(),
            plan.summary
        ),
    };
    let mut report = ChangeReport::new(worst, summary);
    report.next = match worst {
        Status::Applied | Status::Already => None,
        Status::Unknown => Some("Read the current state first. Asking for the same again is safe: what is done already is answered `already`.".to_owned()),
        Status::NoEffect => Some("Tell the person; asking again will not help.".to_owned()),
        _ => Some("Read `detail` of the step that failed. Asking for the same again goes on from here: what is done already is not done twice.".to_owned()),
    };
    report.steps = steps;
    report.losses = losses;
    report.plan_id = Some(plan_id);
    report.warnings.clone_from(&plan.warnings);
    report
}
