//! The steps of a plan, one by one, in calls of bounded time.
//!
//! For each step: look again if the plan is no longer fresh, write the intent to the audit file, make the change, read it
//! back, write the outcome, and keep how far the plan came. A call begins no step that it cannot end in its time; the rest waits
//! for the next call.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::access::change::act::{Act, Before};
use crate::access::change::job::{Job, Work, is_made};
use crate::access::change::report::{self, ChangeReport, Status, StepReport};
use crate::access::change::settle::{Settled, by_hand};
use crate::access::change::unfinished::asked;
use crate::access::{Access, Ask, Refusal};
use crate::audit::{Outcome, Planned};
use crate::confirmation::{Require, Subject};
use crate::store::window::Lane;
use crate::upstream::Cx;

/// The time for which the state that a plan was made from is trusted; after that each step looks again.
const FRESH: Duration = Duration::from_secs(30);

/// The end of one step.
enum Made {
    /// It has an end; the next may begin.
    Ended,
    /// Nothing more is to be begun.
    Halt,
}

/// The context of a step: its plan and its call.
struct Place<'a> {
    plan_id: &'a str,
    independent: bool,
    /// True when the state that the plan was made from is no longer fresh.
    stale: bool,
    /// True when nothing was begun before it: then a record that cannot be written refuses the call.
    first: bool,
}

impl Access {
    /// Carries out what fits in this call, and keeps the rest.
    pub(in crate::access) async fn begin(
        &self,
        ask: &Ask,
        mut job: Job,
    ) -> Result<ChangeReport, Refusal> {
        self.work(ask, &mut job).await?;
        Ok(self.put_down(job).await)
    }

    /// Goes on with a plan whose steps are still in memory, without reading anew. `None`: there is no such plan, or it was carried on
    /// elsewhere.
    ///
    /// # Errors
    /// The rules forbid it now.
    pub(in crate::access) async fn go_on(
        &self,
        ask: &Ask,
        token: Option<&str>,
    ) -> Result<Option<ChangeReport>, Refusal> {
        let Some(token) = token.filter(|_| self.gate().require() != Require::Human) else {
            return Ok(None);
        };
        let Some(plan_id) = self.gate().plan_of(token) else {
            return Ok(None);
        };
        let Some(mut job) = self.jobs().take(&plan_id.to_string()) else {
            return Ok(None);
        };
        let (systems, nothing) = (self.system_names(), Value::Null);
        let subject = Subject {
            tool: ask.tool,
            arguments: &ask.arguments,
            caller: &ask.caller,
            systems: &systems,
            steps: &nothing,
            state: &nothing,
        };
        let checked = self.gate().check(token, &subject).await;
        let here = match &checked {
            Ok(checked) => Work::kept(&checked.shown),
            // Another caller, or other arguments: the plan waits for its own.
            Err(_) => Some(job.work(false)),
        };
        if here.is_none_or(|work| work.steps != job.reports()) {
            return Ok(None);
        }
        let plan = &job.plan;
        let allowed = self.permit_plan(ask, plan.needs(&job.losses), plan).await;
        let may = checked.map(drop).map_err(Refusal::from).and(allowed);
        let worked = match may {
            Ok(()) => self.work(ask, &mut job).await,
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = worked {
            self.jobs()
                .keep(job, self.memory(), self.clock().monotonic());
            return Err(refusal);
        }
        Ok(Some(self.put_down(job).await))
    }

    async fn put_down(&self, mut job: Job) -> ChangeReport {
        let report = self.told(&job);
        if matches!(
            job.status(),
            Status::Applied | Status::Accepted | Status::Already
        ) {
            self.note(&mut job, true).await;
        }
        if !job.over() && job.confirmed.is_some() {
            self.jobs()
                .keep(job, self.memory(), self.clock().monotonic());
        }
        report
    }

    /// Keeps how far a confirmed plan came, for whoever finishes it.
    async fn note(&self, job: &mut Job, finished: bool) {
        let work = json!(job.work(finished));
        let Some(confirmed) = &mut job.confirmed else {
            return;
        };
        confirmed.plan.work = work;
        if let Err(error) = self.gate().keep(&confirmed.plan).await {
            // Whoever finishes the plan looks first: what was made is found made.
            tracing::error!(%error, "how far a plan came could not be kept");
        }
    }

    /// Every step that fits.
    async fn work(&self, ask: &Ask, job: &mut Job) -> Result<(), Refusal> {
        let total = job.lines.len() as u64;
        let fresh_until = job.read_at.saturating_add(FRESH);
        let mut begun = job.done() > 0;
        let independent = job.plan.independent;
        while !job.over() && !ask.cancel.is_cancelled() {
            let (done, plan_id) = (job.next as u64, job.plan_id.clone());
            let Some((act, step)) = job.turn() else { break };
            let Some(act) = act else {
                job.next += 1;
                continue;
            };
            if !self.fits(ask, act).await {
                break;
            }
            let words = format!("{}: {}", step.action, step.target);
            ask.progress.tell(done, Some(total), &words);
            let place = Place {
                plan_id: &plan_id,
                independent,
                stale: self.clock().monotonic() > fresh_until,
                first: !begun,
            };
            let made = self.step(ask, act, step, &place).await?;
            let failed = act.must() && !is_made(step.status);
            begun = true;
            if let Made::Halt = made {
                job.halt(&words);
            } else if failed {
                job.halt_person(&words);
            }
            job.next += 1;
            self.note(job, false).await;
        }
        job.touched = self.clock().monotonic();
        if begun {
            self.forget_snapshots();
        }
        ask.progress
            .tell(job.next as u64, Some(total), "done for now");
        Ok(())
    }

    /// Returns whether a step can end before the call must.
    async fn fits(&self, ask: &Ask, act: &dyn Act) -> bool {
        let now = self.clock().monotonic();
        now.saturating_add(self.wait_for(act).await) < ask.deadline
    }

    /// Returns the time that a step would have to wait for its slots, or zero where it is not known. Of a step with many requests (reading
    /// a long list back) only the first count, or it would never be begun.
    async fn wait_for(&self, act: &dyn Act) -> Duration {
        let system = crate::roster::System::from_word(act.system());
        match system.map(|system| self.client(system)) {
            Some(Ok(client)) => client
                .forecast(act.requests().min(3))
                .await
                .unwrap_or_default(),
            _ => Duration::ZERO,
        }
    }

    async fn step(
        &self,
        ask: &Ask,
        act: &dyn Act,
        step: &mut StepReport,
        place: &Place<'_>,
    ) -> Result<Made, Refusal> {
        // A step that has begun is finished: it answers to the client's patience no longer, only to its own time limits.
        let cx = Cx {
            lane: Lane::Interactive,
            cancel: CancellationToken::new(),
            deadline: None,
            transcript: None,
        };
        if (place.stale || act.sends_whole())
            && let Some(made) = self.look_again(ask, act, step, place, &cx).await
        {
            return Ok(made);
        }
        let log = self.log()?;
        let planned = Planned {
            caller: ask.caller.clone(),
            tool: ask.tool.to_owned(),
            plan_id: place.plan_id.to_owned(),
            call_id: ask.call_id.clone(),
            system: act.system().to_owned(),
            action: act.action(),
            target: json!({"name": act.target(), "exact": act.exact(), "place": act.place(), "asked": asked(ask)}),
            before: act.before(),
        };
        let intent = match self.put_on_record(planned).await {
            Ok(intent) => intent,
            Err(refusal) if place.first => return Err(refusal),
            Err(refusal) => {
                step.status = Some(Status::NotAttempted);
                step.detail = Some(refusal.to_string());
                return Ok(Made::Halt);
            }
        };
        let Settled {
            status,
            detail,
            after,
            by_hand,
            stops,
        } = self.make(act, &cx, &intent, ask.deadline).await;
        let (status, detail) = match by_hand.filter(|_| place.independent) {
            Some(surface) => (Status::Residual, detail.map(|why| left_over(why, surface))),
            None => (status, detail),
        };
        step.after = report::shown(after.clone(), self.rules());
        let outcome = Outcome {
            status: status.on_record(),
            after,
            detail: detail.clone().unwrap_or_default(),
        };
        step.status = Some(status);
        if let Err(error) = log.outcome(intent, outcome).await {
            // The change stands; the next start reports the intent as unfinished, which is what it now is.
            tracing::error!(%error, "the outcome of a change could not be recorded");
            step.detail = Some(format!(
                "{} (its outcome could not be written to the audit file: {error})",
                detail.unwrap_or_default()
            ));
            return Ok(Made::Halt);
        }
        step.detail = detail;
        Ok(match status {
            made if is_made(Some(made)) => Made::Ended,
            _ if act.must() && (stops || !place.independent) => Made::Halt,
            _ => Made::Ended,
        })
    }

    /// Looks again before a step. What became of it, where it is not to be made.
    async fn look_again(
        &self,
        ask: &Ask,
        act: &dyn Act,
        step: &mut StepReport,
        place: &Place<'_>,
        cx: &Cx,
    ) -> Option<Made> {
        let (status, detail, stops) = match self.look_before(act, cx, ask.deadline).await {
            Ok(Before::AsPlanned) => return None,
            Ok(Before::Done) => {
                let detail = "somebody else did it in the meantime".to_owned();
                (Status::Already, detail, false)
            }
            Ok(Before::Changed(why)) => {
                let detail = format!("not sent, because it changed since it was planned: {why}");
                (Status::Failed, detail, !place.independent)
            }
            Err(error) => {
                let why = format!("not sent, because looking at it again failed: {error}");
                match by_hand(act, &error).filter(|_| place.independent) {
                    Some(surface) => (Status::Residual, left_over(why, surface), false),
                    None => (Status::Failed, why, true),
                }
            }
        };
        step.status = Some(status);
        step.detail = Some(detail);
        Some(if stops { Made::Halt } else { Made::Ended })
    }
}

/// Says why a step is left over, and where a person does it.
fn left_over(why: String, surface: &str) -> String {
    if why.contains(surface) {
        return why;
    }
    format!("{why}. Asking again is for nothing: a person does it at {surface}")
}
