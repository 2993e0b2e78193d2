//! A plan under way: the steps that were shown, how each stands, and what of it is kept for the next call.
//!
//! A confirmation covers every step of its plan once, so the rest of the plan goes on with the same token and arguments: to confirm pieces
//! would teach people to agree without reading. That is safe because the rest can only shrink: no step enters that was not shown, none is
//! made again that the store has as made, and each is looked at again before it is made.
//!
//! The store keeps the plan that was shown and its progress, so that any process finishes it: it reads everything anew. Where the same
//! process goes on, the steps are still in memory, and long lists are not read again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::access::change::act::Act;
use crate::access::change::plan::{Plan, Unread};
use crate::access::change::promise::{Promised, Stands, compared};
use crate::access::change::report::{Status, StepReport};
use crate::access::change::several::OfPerson;
use crate::store;

/// A plan under way.
pub(in crate::access) struct Job {
    pub plan: Plan,
    pub plan_id: String,
    pub losses: Vec<String>,
    /// The summary of the plan, as it was shown; `ended` is the same as a result.
    pub summary: String,
    pub ended: String,
    pub lines: Vec<Line>,
    /// The people whose steps they are, as they were shown.
    pub people: Vec<OfPerson>,
    /// Warnings that were shown before.
    pub warned: Vec<String>,
    /// Steps of the plan of now that were not shown, in words: they need a confirmation of their own.
    pub besides: Vec<String>,
    /// Places that no call so far could read.
    pub unread: Vec<Unread>,
    pub next: usize,
    pub halted: bool,
    pub read_at: Duration,
    pub touched: Duration,
    /// The confirmation; a plan without a token is simply asked for again.
    pub confirmed: Option<Confirmed>,
}

/// One step that was shown.
pub(in crate::access) struct Line {
    pub step: Promised,
    pub report: StepReport,
    /// Its place in the plan of now; none where there is nothing to make.
    pub act: Option<usize>,
}

/// The token that a plan was confirmed with, and the plan as it is kept.
pub(in crate::access) struct Confirmed {
    pub token: String,
    pub plan: store::Plan,
}

/// The part of a plan that the store keeps besides its steps.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::access) struct Work {
    pub summary: String,
    pub ended: String,
    /// The state of each step that was shown.
    pub steps: Vec<StepReport>,
    /// Places that no call so far could read.
    pub unread: Vec<Unread>,
    /// The people whose steps they are.
    pub people: Vec<OfPerson>,
    /// Warnings that were shown.
    pub warnings: Vec<String>,
    /// True once a call answered that all of it is done: then the token has nothing left to finish.
    pub finished: bool,
}

impl Work {
    /// Returns what is kept with a plan that is shown.
    pub(in crate::access) fn of(plan: &Plan) -> Self {
        Self {
            summary: plan.summary.clone(),
            ended: plan.done.clone(),
            unread: plan.unread.clone(),
            people: plan.people.clone(),
            warnings: plan.warnings.clone(),
            ..Self::default()
        }
    }

    pub(in crate::access) fn kept(plan: &store::Plan) -> Option<Self> {
        serde_json::from_value(plan.work.clone()).ok()
    }
}

impl Job {
    /// A plan that needs no confirmation.
    pub(in crate::access) fn unconfirmed(plan: Plan, plan_id: String, now: Duration) -> Self {
        let shown = plan.promised();
        Self::new(plan, plan_id, shown, None, now)
    }

    /// The plan of now, held against the steps that were shown.
    pub(in crate::access) fn new(
        mut plan: Plan,
        plan_id: String,
        shown: Vec<Promised>,
        work: Option<Work>,
        now: Duration,
    ) -> Self {
        let (stands, mut besides) = compared(&shown, &plan);
        let unread = match &work {
            None => plan.unread.clone(),
            Some(work) => still_unread(&plan.unread, &work.unread),
        };
        let work = work.unwrap_or_default();
        // The warnings of the confirmed plan were shown with it and are not repeated.
        plan.warnings.retain(|it| !work.warnings.contains(it));
        let warned = work.warnings;
        let mut lines = Vec::new();
        for (at, (step, stands)) in shown.into_iter().zip(stands).enumerate() {
            let mut line = line(step, stands, work.steps.get(at));
            line.report.action = plan.with_names(&line.report.action);
            if let (Stands::Planned(fresh), None) = (stands, line.act) {
                // It was made, and is there to be made again: somebody put it back.
                besides.push(fresh);
            }
            lines.push(line);
        }
        let words = |at: usize| {
            plan.acts
                .get(at)
                .map(|act| Promised::of(act.as_ref()).words())
        };
        let besides = besides.into_iter().filter_map(words).collect();
        let mut losses: Vec<String> = Vec::new();
        let mut once = std::collections::BTreeSet::new();
        for loss in lines.iter().flat_map(|line: &Line| &line.step.losses) {
            if once.insert(loss) {
                losses.push(plan.with_names(loss));
            }
        }
        let (summary, ended) = if work.summary.is_empty() {
            (plan.summary.clone(), plan.done.clone())
        } else {
            (work.summary, work.ended)
        };
        let people = if work.people.is_empty() {
            plan.people.clone()
        } else {
            work.people
        };
        Self {
            people,
            warned,
            read_at: plan.read_at.unwrap_or(now),
            plan,
            plan_id,
            losses,
            summary,
            ended,
            lines,
            besides,
            unread,
            next: 0,
            halted: false,
            touched: Duration::ZERO,
            confirmed: None,
        }
    }

    /// Nothing more is to be begun in any call of this reading.
    pub(in crate::access) fn over(&self) -> bool {
        self.halted || self.next >= self.lines.len()
    }

    /// Returns whether there is a step to make.
    pub(in crate::access) fn has_steps(&self) -> bool {
        self.lines.iter().any(|line| line.act.is_some())
    }

    /// Returns whether something of it is not known because it could not be read.
    pub(in crate::access) fn has_gaps(&self) -> bool {
        let unread = |line: &Line| line.act.is_none() && line.report.status.is_none();
        self.lines.iter().any(unread)
    }

    /// Returns whether a step took effect in part.
    pub(in crate::access) fn in_part(&self) -> bool {
        let mut statuses = self.lines.iter().map(|line| line.report.status);
        statuses.any(|status| status == Some(Status::Partial))
    }

    /// The step whose turn it is.
    pub(in crate::access) fn turn(&mut self) -> Option<(Option<&dyn Act>, &mut StepReport)> {
        if self.halted {
            return None;
        }
        let line = self.lines.get_mut(self.next)?;
        let act = line.act.and_then(|at| self.plan.acts.get(at));
        Some((act.map(AsRef::as_ref), &mut line.report))
    }

    /// Nothing more is begun: what waits, waits for what stopped it.
    pub(in crate::access) fn halt(&mut self, because: &str) {
        self.halted = true;
        for line in self.lines.iter_mut().skip(self.next + 1) {
            if line.report.status.is_none() {
                line.report.status = Some(Status::NotAttempted);
                line.report
                    .detail
                    .get_or_insert_with(|| format!("waits for: {because}"));
            }
        }
    }

    /// Lets the rest of one person's steps wait for the one that failed; those of others go on.
    pub(in crate::access) fn halt_person(&mut self, because: &str) {
        let person = self
            .lines
            .get(self.next)
            .and_then(|it| it.step.person.clone());
        let each = self
            .people
            .iter()
            .find(|it| Some(&it.who) == person.as_ref());
        if !each.is_some_and(|it| it.in_a_row) {
            return;
        }
        let rest = self.lines.iter_mut().skip(self.next + 1);
        for line in rest.filter(|line| line.step.person == person && line.report.status.is_none()) {
            line.act = None;
            line.report.status = Some(Status::NotAttempted);
            line.report.detail = Some(format!("waits for: {because}"));
        }
    }

    /// The status of the whole.
    pub(in crate::access) fn status(&self) -> Status {
        let lines: Vec<&Line> = self.lines.iter().collect();
        match status_of(&lines) {
            Status::Applied | Status::Accepted | Status::Already
                if !self.besides.is_empty() || !self.unread.is_empty() =>
            {
                Status::Incomplete
            }
            // A step that failed for one person does not undo what was done for others.
            Status::Failed if !self.people.is_empty() && self.done() > 0 => Status::Partial,
            status => status,
        }
    }
    /// Returns the number of steps that are made, or were so already.
    pub(in crate::access) fn done(&self) -> usize {
        self.lines.iter().filter(|line| line.is_done()).count()
    }

    pub(in crate::access) fn reports(&self) -> Vec<StepReport> {
        self.lines.iter().map(|line| line.report.clone()).collect()
    }

    /// Returns what the store is to keep of the plan.
    pub(in crate::access) fn work(&self, finished: bool) -> Work {
        Work {
            summary: self.summary.clone(),
            ended: self.ended.clone(),
            steps: self.reports(),
            unread: self.unread.clone(),
            people: self.people.clone(),
            warnings: self.warned.clone(),
            finished,
        }
    }
}

/// Returns whether a step that stands so is made, or was so already.
pub(in crate::access) fn is_made(status: Option<Status>) -> bool {
    matches!(
        status,
        Some(Status::Applied | Status::Accepted | Status::Already)
    )
}

/// The status of some steps together.
pub(in crate::access) fn status_of(lines: &[&Line]) -> Status {
    // The status counts all steps where none waits for another.
    let all = lines.iter().all(|line| !line.step.must);
    let must = lines.iter().filter(|line| all || line.step.must);
    let statuses: Vec<Option<Status>> = must.map(|line| line.report.status).collect();
    let has = |status: Status| statuses.contains(&Some(status));
    let wrong = |status: &&Option<Status>| matches!(status, Some(Status::Unknown | Status::Failed));
    if statuses.contains(&None) {
        return Status::Partial;
    }
    if let Some(Some(wrong)) = statuses.iter().find(wrong) {
        return *wrong;
    }
    if has(Status::NoEffect) {
        Status::NoEffect
    } else if has(Status::NotAttempted) || has(Status::Partial) {
        Status::Partial
    } else if has(Status::Residual) {
        Status::Residual
    } else if has(Status::Accepted) {
        Status::Accepted
    } else if statuses.iter().all(|it| *it == Some(Status::Already)) {
        Status::Already
    } else {
        Status::Applied
    }
}

impl Line {
    /// Returns whether it is made, or was so already.
    pub(in crate::access) fn is_done(&self) -> bool {
        is_made(self.report.status)
    }

    /// Says what is left of it.
    pub(in crate::access) fn left(&self) -> String {
        let words = format!("{}: {}", self.report.action, self.report.target);
        match &self.report.detail {
            Some(why) => format!("{words} ({why})"),
            None => words,
        }
    }
}

/// Returns a step with the state in which it begins in this call.
fn line(step: Promised, stands: Stands, before: Option<&StepReport>) -> Line {
    let ended = before.filter(|it| match it.status {
        Some(Status::Applied | Status::Accepted | Status::Already) => true,
        // Nobody can look whether a message was sent, so it is not sent twice.
        Some(Status::Unknown) => !step.leaves_trace,
        _ => false,
    });
    let (status, detail, act) = match (ended, stands) {
        (Some(ended), _) => (ended.status, ended.detail.clone(), None),
        (None, Stands::Planned(at)) => (None, None, Some(at)),
        (None, Stands::Gone) => (
            Some(Status::Already),
            Some("nothing is left of it: an earlier call did it, or somebody else".to_owned()),
            None,
        ),
        (None, Stands::Differs) => (
            Some(Status::Failed),
            Some(
                "not sent, because it is another step now than the one that was confirmed"
                    .to_owned(),
            ),
            None,
        ),
        (None, Stands::Unread) => (
            None,
            Some("not looked at, because its place could not be read".to_owned()),
            None,
        ),
    };
    let report = StepReport {
        person: step.person.clone(),
        action: step.action.clone(),
        target: step.target.clone(),
        status,
        detail,
        before: None,
        after: ended.and_then(|it| it.after.clone()),
    };
    Line { step, report, act }
}

/// Returns the places that neither this call nor one before it could read.
fn still_unread(now: &[Unread], before: &[Unread]) -> Vec<Unread> {
    let was = |unread: &&Unread| before.iter().any(|it| it.what == unread.what);
    now.iter().filter(was).cloned().collect()
}
