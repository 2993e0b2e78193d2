//! The steps of a plan under way, in calls of bounded time.
//!
//! For each step: look again if the plan is no longer fresh, write the intent to the audit file, make the change, read it
//! back, write the outcome. A call begins no step that it cannot end in its time; the rest waits for the next call.
//!
//! Who confirmed a plan confirmed every step of it once, so its rest goes on with the same token and arguments: to confirm
//! pieces would teach people to agree without reading. That is safe because the rest can only shrink: no step enters that
//! was not confirmed, each is looked at again right before it is made, and one that no longer fits stops the plan. Nothing
//! of this outlives the process: after a restart the token is spent, and a new plan holds what is left.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use serde_json::json;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::access::change::act::{Act, Before};
use crate::access::change::plan::Plan;
use crate::access::change::report::{ChangeReport, Progress, Status, StepReport};
use crate::access::change::settle::Settled;
use crate::access::{Access, Ask, Refusal};
use crate::audit::{Outcome, Planned};
use crate::caller::Scope;
use crate::store::window::Lane;
use crate::upstream::Cx;

/// How long what a plan was made from is taken for the truth; after that each step looks again.
const FRESH: Duration = Duration::from_secs(30);
/// How long the rest of a plan waits for its next call.
const KEPT: Duration = Duration::from_secs(3_600);
/// Plans that wait at most; the one that waits longest goes first.
const MOST: usize = 64;

/// A plan under way.
pub(in crate::access) struct Job {
    plan: Plan,
    plan_id: String,
    losses: Vec<String>,
    steps: Vec<StepReport>,
    next: usize,
    halted: bool,
    read_at: Duration,
    touched: Duration,
    /// The token that it was confirmed with; a plan without one is simply asked for again.
    token: Option<String>,
}

/// The plans whose rest waits for another call, by plan.
#[derive(Default)]
pub(in crate::access) struct Jobs(DashMap<String, Arc<Mutex<Option<Job>>>>);

impl Job {
    pub(in crate::access) fn new(
        plan: Plan,
        plan_id: String,
        losses: Vec<String>,
        read_at: Duration,
        token: Option<String>,
    ) -> Self {
        Self {
            steps: plan.steps(),
            plan,
            plan_id,
            losses,
            next: 0,
            halted: false,
            read_at,
            touched: Duration::ZERO,
            token,
        }
    }

    fn over(&self) -> bool {
        self.halted || self.next >= self.steps.len()
    }

    /// The step whose turn it is.
    fn turn(&mut self) -> Option<(&dyn Act, &mut StepReport)> {
        if self.halted {
            return None;
        }
        let act = self.plan.acts.get(self.next)?;
        Some((act.as_ref(), self.steps.get_mut(self.next)?))
    }
}

/// What became of one step.
enum Made {
    /// It has an end; the next may begin.
    Ended,
    /// Nothing more is to be begun.
    Halt,
}

impl Access {
    /// Carries out what fits in this call, and keeps the rest.
    pub(in crate::access) async fn begin(
        &self,
        ask: &Ask,
        mut job: Job,
    ) -> Result<ChangeReport, Refusal> {
        self.work(ask, &mut job).await?;
        Ok(self.put_down(job))
    }

    /// Goes on with a plan whose token was spent in an earlier call and whose rest waits. `None`: there is no such plan.
    ///
    /// # Errors
    /// The caller or the arguments are others, or the rules forbid it now.
    pub(in crate::access) async fn go_on(
        &self,
        ask: &Ask,
        token: Option<&str>,
    ) -> Result<Option<ChangeReport>, Refusal> {
        let Some(token) = token else {
            return Ok(None);
        };
        let spent = self
            .gate()
            .spent(token, &ask.caller, ask.tool, &ask.arguments);
        let Some(plan_id) = spent.await? else {
            return Ok(None);
        };
        let Some(waiting) = self
            .jobs()
            .0
            .get(&plan_id.to_string())
            .map(|job| job.clone())
        else {
            return Ok(None);
        };
        // Only one call carries it: another waits here and finds what is left.
        let mut waiting = tokio::select! {
            waiting = waiting.lock() => waiting,
            () = ask.cancel.cancelled() => return Err(Refusal::Cancelled),
        };
        let Some(mut job) = waiting.take() else {
            return Ok(None);
        };
        let plan = &job.plan;
        let worked = match self.permit_plan(ask, Scope::Remove, plan).await {
            Ok(()) => self.work(ask, &mut job).await,
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = worked {
            *waiting = Some(job);
            return Err(refusal);
        }
        let over = job.over();
        let report = self.told(&job);
        if over {
            self.jobs().0.remove(&plan_id.to_string());
        } else {
            *waiting = Some(job);
        }
        Ok(Some(report))
    }

    fn put_down(&self, job: Job) -> ChangeReport {
        let report = self.told(&job);
        if !job.over() && job.token.is_some() {
            self.jobs().keep(job, self.clock().monotonic());
        }
        report
    }

    /// Every step that fits.
    async fn work(&self, ask: &Ask, job: &mut Job) -> Result<(), Refusal> {
        let total = job.steps.len() as u64;
        let fresh_until = job.read_at.saturating_add(FRESH);
        let mut begun = false;
        while !job.over() && !ask.cancel.is_cancelled() {
            let (first, plan_id) = (job.next == 0, job.plan_id.clone());
            let done = job.next as u64;
            let Some((act, step)) = job.turn() else { break };
            if !self.fits(ask, act).await {
                break;
            }
            begun = true;
            ask.progress.tell(
                done,
                Some(total),
                &format!("{}: {}", step.action, step.target),
            );
            let stale = self.clock().monotonic() > fresh_until;
            let made = self.step(ask, act, step, &plan_id, stale, first).await?;
            job.halted = matches!(made, Made::Halt);
            job.next += 1;
        }
        job.touched = self.clock().monotonic();
        if job.halted {
            let rest = job.steps.iter_mut().filter(|step| step.status.is_none());
            rest.for_each(|step| step.status = Some(Status::NotAttempted));
        }
        if begun {
            self.forget_snapshots();
        }
        ask.progress
            .tell(job.next as u64, Some(total), "done for now");
        Ok(())
    }

    /// Whether a step can end before the call must.
    async fn fits(&self, ask: &Ask, act: &dyn Act) -> bool {
        let now = self.clock().monotonic();
        now.saturating_add(self.wait_for(act).await) < ask.deadline
    }

    /// How long a step would have to wait for its slots. Where that is not known, it is tried; of a step with many requests
    /// (reading a long list back) the first count, or it would never be begun.
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
        plan_id: &str,
        stale: bool,
        first: bool,
    ) -> Result<Made, Refusal> {
        // A step that has begun is finished: it answers to the client's patience no longer, only to its own time limits.
        let cx = Cx {
            lane: Lane::Interactive,
            cancel: CancellationToken::new(),
            deadline: None,
        };
        if stale || act.sends_whole() {
            match self.look_before(act, &cx, ask.deadline).await {
                Ok(Before::AsPlanned) => {}
                Ok(Before::Done) => {
                    step.status = Some(Status::Already);
                    step.detail = Some("somebody else did it in the meantime".to_owned());
                    return Ok(Made::Ended);
                }
                Ok(Before::Changed(why)) => {
                    step.status = Some(Status::Failed);
                    step.detail = Some(format!(
                        "not sent, because it changed since it was planned: {why}"
                    ));
                    return Ok(Made::Halt);
                }
                Err(error) => {
                    step.status = Some(Status::Failed);
                    step.detail = Some(format!(
                        "not sent, because looking at it again failed: {error}"
                    ));
                    return Ok(Made::Halt);
                }
            }
        }
        let log = self.log()?;
        let planned = Planned {
            caller: ask.caller.clone(),
            tool: ask.tool.to_owned(),
            plan_id: plan_id.to_owned(),
            call_id: ask.call_id.clone(),
            system: act.system().to_owned(),
            action: act.action(),
            target: json!({"name": act.target(), "exact": act.exact()}),
            before: act.before(),
        };
        let intent = match self.put_on_record(planned).await {
            Ok(intent) => intent,
            Err(refusal) if first => return Err(refusal),
            Err(refusal) => {
                step.status = Some(Status::NotAttempted);
                step.detail = Some(refusal.to_string());
                return Ok(Made::Halt);
            }
        };
        let settled = self.make(act, &cx, &intent, ask.deadline).await;
        let Settled {
            status,
            detail,
            after,
            ..
        } = settled;
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
            Status::Applied | Status::Already => Made::Ended,
            _ if act.must() => Made::Halt,
            _ => Made::Ended,
        })
    }

    /// How it stands.
    fn told(&self, job: &Job) -> ChangeReport {
        let Job { plan, steps, .. } = job;
        let done = steps
            .iter()
            .filter(|step| matches!(step.status, Some(Status::Applied | Status::Already)))
            .count();
        let worst = if job.over() {
            plan.worst(steps)
        } else {
            Status::Partial
        };
        let unseen = plan.unseen(steps, worst);
        let summary = match worst {
            Status::Applied if unseen => format!(
                "{} Accepted; reading back cannot show a message.",
                plan.summary
            ),
            Status::Applied => format!("{} Done, and seen by reading it back.", plan.summary),
            Status::Already => format!("{} It was so already.", plan.summary),
            Status::NoEffect => format!(
                "No effect: the system accepted the request and nothing changed. It would have been: {}",
                plan.summary
            ),
            Status::Unknown => format!("Not known whether it was made: {}", plan.summary),
            Status::Partial => format!(
                "{done} of {} steps are made so far; the rest waits for your next call. The aim is: {}",
                steps.len(),
                plan.summary
            ),
            _ => format!(
                "{done} of {} steps were made. The aim was: {}",
                steps.len(),
                plan.summary
            ),
        };
        let mut report = ChangeReport::new(worst, summary);
        report.next = match worst {
            Status::Applied | Status::Already => None,
            Status::Unknown if unseen => Some("Ask the person whether a message came before you ask for it again: each request can send one more.".to_owned()),
            Status::Unknown => Some("Read the current state first. Asking for the same again is safe: what is done already is answered `already`.".to_owned()),
            Status::NoEffect => Some("Tell the person; asking again will not help.".to_owned()),
            Status::Partial if job.token.is_some() => Some("Call again with the same arguments and this `confirmation_token`: it goes on with the rest of this plan and nothing else.".to_owned()),
            Status::Partial => Some("Call again with the same arguments: what is done is not done twice.".to_owned()),
            _ => Some("Read `detail` of the step that failed. Asking for the same again, without a token, goes on from here: what is done already is not done twice.".to_owned()),
        };
        if steps.len() > 1 {
            report.progress = Some(Progress {
                done,
                total: steps.len(),
            });
        }
        report.show(steps.clone(), job.losses.clone());
        report.plan_id = Some(job.plan_id.clone());
        if worst == Status::Partial {
            report.confirmation_token.clone_from(&job.token);
        }
        report.warnings.clone_from(&plan.warnings);
        report
    }
}

impl Jobs {
    fn keep(&self, job: Job, now: Duration) {
        let waits = |held: &Arc<Mutex<Option<Job>>>| match held.try_lock() {
            Ok(job) => job.as_ref().map(|job| job.touched),
            Err(_) => Some(now),
        };
        self.0
            .retain(|_, held| waits(held).is_some_and(|since| now.saturating_sub(since) < KEPT));
        if self.0.len() >= MOST {
            let oldest = self.0.iter().min_by_key(|held| waits(held.value()));
            if let Some(oldest) = oldest.map(|held| held.key().clone()) {
                self.0.remove(&oldest);
            }
        }
        self.0
            .insert(job.plan_id.clone(), Arc::new(Mutex::new(Some(job))));
    }
}
