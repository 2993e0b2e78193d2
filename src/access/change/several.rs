//! A change for several people: one plan, person by person, one confirmation, and how it stands with each.
//!
//! Each person is planned as if they were alone, and what is planned for one does not wait for another. Somebody for whom nothing can
//! be planned (an address that nobody has) is said so, and the others go on.

mod reading;

use std::collections::BTreeMap;
use std::time::Duration;

use dashmap::DashMap;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use self::reading::reading;
use crate::access::change::job::{Job, Line, status_of};
use crate::access::change::plan::Plan;
use crate::access::change::report::{ChangeReport, PersonOutcome, Status};
use crate::access::{Access, Ask, Refusal};
use crate::memory::{Weight, What};
use crate::roster::Email;

/// People in one call at most.
pub(in crate::access) const MOST_PEOPLE: usize = 50;

/// Says what to do about people for whom nothing could be planned.
pub(in crate::access) const LEFT_OUT: &str = "Tell the person who is `failed` in `people` and why: for them nothing was changed, and asking again for the same will not help.";

/// The time that the plans of some of the people wait for the call that makes the others.
const KEPT: Duration = Duration::from_secs(600);
/// Bytes of the plan of one person, by estimate.
const A_PERSON: usize = 16 * 1024;

/// One person of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::access) struct OfPerson {
    /// As they were named.
    pub who: String,
    /// The plan and its result for them, in a sentence each.
    pub will: String,
    pub done: String,
    /// The reason why nothing is planned for them.
    pub refused: Option<String>,
    /// The number of steps that are theirs.
    pub steps: usize,
    /// True when each of their steps waits for the one before it.
    pub in_a_row: bool,
}

impl OfPerson {
    /// Somebody for whom nothing can be planned.
    pub(in crate::access) fn refused(who: String, why: String) -> Self {
        Self {
            who,
            will: why.clone(),
            done: why.clone(),
            refused: Some(why),
            steps: 0,
            in_a_row: false,
        }
    }
}

/// The plan of one person, or why there is none.
pub(in crate::access) type PlanOfPerson = (String, Result<Plan, String>);

impl Plan {
    /// One plan out of those of several people. `what` says what is done, in words: `remove the page access users of page X`.
    pub(in crate::access) fn several(what: &str, people: Vec<PlanOfPerson>) -> Self {
        let mut whole = Self::so(String::new());
        let mut warned: Vec<(String, Vec<String>)> = Vec::new();
        let all = people.len();
        for (who, planned) in people {
            let plan = match planned {
                Ok(plan) => plan,
                Err(why) => {
                    whole.people.push(OfPerson::refused(who, why));
                    continue;
                }
            };
            for warning in plan.warnings {
                match warned.iter_mut().find(|(words, _)| *words == warning) {
                    Some((_, of)) => of.push(who.clone()),
                    None => warned.push((warning, vec![who.clone()])),
                }
            }
            whole.people.push(OfPerson {
                who,
                will: plan.summary,
                done: plan.done,
                refused: None,
                steps: plan.acts.len(),
                in_a_row: !plan.independent,
            });
            whole.acts.extend(plan.acts);
            whole.pages.extend(plan.pages);
            whole.asks.extend(plan.asks);
            whole.page_names.extend(plan.page_names);
            whole.also_known_as = std::mem::take(&mut whole.also_known_as).and(plan.also_known_as);
        }
        whole.pages.sort();
        whole.pages.dedup();
        whole.asks.dedup();
        let planned = whole
            .people
            .iter()
            .filter(|it| it.refused.is_none())
            .count();
        whole.warnings = warned
            .into_iter()
            .map(|(words, of)| {
                if of.len() == planned {
                    words
                } else {
                    format!("{}: {words}", of.join(", "))
                }
            })
            .collect();
        whole.independent = true;
        whole.to_type = (all > 1).then(|| format!("{all} people"));
        whole.say_several(what);
        whole
    }

    fn say_several(&mut self, what: &str) {
        let of = |fits: fn(&OfPerson) -> bool| self.people.iter().filter(|it| fits(it)).count();
        let (all, changes) = (self.people.len(), of(|it| it.steps > 0));
        let (refused, so) = (
            of(|it| it.refused.is_some()),
            of(|it| it.refused.is_none() && it.steps == 0),
        );
        let mut rest = String::new();
        for (number, words) in [
            (so, "there is nothing to do"),
            (refused, "nothing is planned, for the reason in `people`"),
        ] {
            if number > 0 {
                rest.push_str(&format!(" For {number} of them {words}."));
            }
        }
        self.say(
            format!("To {what}: planned for {changes} of {all} people.{rest}"),
            format!("To {what}: done for {changes} of {all} people.{rest}"),
        );
    }

    /// Reports on each person in a plan that is shown, or that has nothing to do.
    pub(in crate::access) fn people_shown(&self) -> Vec<PersonOutcome> {
        let each = self.people.iter().map(|person| PersonOutcome {
            person: person.who.clone(),
            status: match (&person.refused, person.steps) {
                (Some(_), _) => Status::Failed,
                (None, 0) => Status::Already,
                (None, _) => Status::ConfirmationRequired,
            },
            summary: self.with_names(&person.will),
            left: Vec::new(),
        });
        each.collect()
    }
}

impl Job {
    /// Reports on each person.
    pub(in crate::access) fn people_now(&self) -> Vec<PersonOutcome> {
        let mut lines: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
        for line in &self.lines {
            let of = line.step.person.as_deref().unwrap_or_default();
            lines.entry(of).or_default().push(line);
        }
        let each = self.people.iter().map(|person| {
            let lines = lines.remove(person.who.as_str()).unwrap_or_default();
            let status = match (&person.refused, lines.is_empty()) {
                (Some(_), _) => Status::Failed,
                (None, true) => Status::Already,
                (None, false) => status_of(&lines),
            };
            let is_done = |line: &&&Line| line.is_done();
            let done = lines.iter().filter(is_done).count();
            let summary = match status {
                Status::Applied | Status::Accepted | Status::Already => person.done.clone(),
                _ if person.refused.is_some() => person.will.clone(),
                _ => format!(
                    "{done} of {} steps were made. The aim was: {}",
                    lines.len(),
                    person.will
                ),
            };
            let left = lines.iter().filter(|line| !line.is_done());
            PersonOutcome {
                person: person.who.clone(),
                status,
                summary: self.plan.with_names(&summary),
                left: left.map(|line| line.left()).collect(),
            }
        });
        each.collect()
    }
}

/// Returns whether there is somebody for whom nothing could be planned.
pub(in crate::access) fn leaves_somebody(people: &[OfPerson]) -> bool {
    people.iter().any(|it| it.refused.is_some())
}

/// The plans of some of the people of a call, until the call that makes those of the others.
pub(in crate::access) struct PlansSoFar {
    plans: Vec<PlanOfPerson>,
    began: Duration,
    touched: Duration,
    _weight: Weight,
}

/// Those that wait, by call.
pub(in crate::access) type Plannings = DashMap<String, PlansSoFar>;

/// The result of planning for several people.
pub(in crate::access) enum OfEach {
    All(Vec<PlanOfPerson>, Duration),
    /// The time of this call was over before.
    Reading(Box<ChangeReport>),
}

impl Access {
    /// Plans for each person. What does not fit into one call goes on in the next one with the same arguments.
    ///
    /// # Errors
    /// Returns a [`Refusal`] for a fault that concerns everybody, or when a read fails: earlier plans are kept for the next call.
    pub(in crate::access) async fn plan_each<'a>(
        &self,
        ask: &Ask,
        token: Option<&str>,
        people: &'a [Email],
        plan: impl Fn(&'a Email) -> BoxFuture<'a, Result<Plan, Refusal>> + Send,
    ) -> Result<OfEach, Refusal> {
        let key = self.key_of_call(ask, token);
        let now = self.clock().monotonic();
        let before = self.plannings.remove(&key).map(|(_, begun)| begun);
        let before = before.filter(|it| now.saturating_sub(it.touched) < KEPT);
        let (mut plans, began) = before.map_or((Vec::new(), now), |it| (it.plans, it.began));
        for email in people.iter().skip(plans.len()) {
            let doing = format!("planning for {email}");
            ask.progress
                .tell(plans.len() as u64, Some(people.len() as u64), &doing);
            let refusal = match plan(email).await {
                Ok(plan) => {
                    plans.push((email.to_string(), Ok(plan)));
                    continue;
                }
                Err(refusal) => refusal,
            };
            let refusal = match for_one(refusal) {
                Ok(why) => {
                    plans.push((email.to_string(), Err(why)));
                    continue;
                }
                Err(refusal) => refusal,
            };
            let done = plans.len();
            let report = refusal
                .waits()
                .then(|| reading(done, people.len(), &refusal));
            if !plans.is_empty() {
                self.keep_planning(key, plans, began);
            }
            return match report {
                Some(report) => Ok(OfEach::Reading(Box::new(report))),
                None => Err(refusal),
            };
        }
        Ok(OfEach::All(plans, began))
    }

    /// One plan for several people out of what `plan` plans for each, and carried out.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub(in crate::access) async fn change_several<'a>(
        &self,
        ask: &Ask,
        token: Option<&str>,
        (what, looked): (&str, Duration),
        people: &'a [Email],
        plan: impl Fn(&'a Email) -> BoxFuture<'a, Result<Plan, Refusal>> + Send,
    ) -> Result<ChangeReport, Refusal> {
        let (plans, began) = match self.plan_each(ask, token, people, plan).await? {
            OfEach::All(plans, began) => (plans, began),
            OfEach::Reading(report) => return Ok(*report),
        };
        self.carry_out_several(ask, token, (what, began.min(looked)), plans)
            .await
    }

    /// One plan for several people, carried out.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub(in crate::access) async fn carry_out_several(
        &self,
        ask: &Ask,
        token: Option<&str>,
        (what, looked): (&str, Duration),
        plans: Vec<PlanOfPerson>,
    ) -> Result<ChangeReport, Refusal> {
        if let [(_, Err(first)), rest @ ..] = plans.as_slice()
            && rest
                .iter()
                .all(|(_, it)| it.as_ref().is_err_and(|it| it == first))
        {
            // Every person has the same fault: then it is not about the people.
            return Err(Refusal::Preflight(first.clone()));
        }
        let mut whole = Plan::several(what, plans);
        whole.read_at = Some(looked);
        self.carry_out(ask, token, whole).await
    }

    /// Names a call by who asks for what: the same call again goes on with it.
    pub(in crate::access) fn key_of_call(&self, ask: &Ask, token: Option<&str>) -> String {
        let token = token.or(ask.person.token()).unwrap_or_default();
        let (caller, tool, arguments) = (&ask.caller.name, ask.tool, &ask.arguments);
        format!("{caller}\0{tool}\0{arguments}\0{token}")
    }

    fn keep_planning(&self, key: String, plans: Vec<PlanOfPerson>, began: Duration) {
        let now = self.clock().monotonic();
        let waiting = &self.plannings;
        waiting.retain(|_, it| now.saturating_sub(it.touched) < KEPT);
        let weight = self.memory().weigh(What::Plans, plans.len() * A_PERSON);
        let begun = PlansSoFar {
            plans,
            began,
            touched: now,
            _weight: weight,
        };
        waiting.insert(key, begun);
        self.memory().tidy(now);
    }
}

/// Returns the reason why nothing can be planned for one person, where it says nothing about the others.
///
/// # Errors
/// The refusal, where it is about all of them.
pub(in crate::access) fn for_one(refusal: Refusal) -> Result<String, Refusal> {
    if refusal.is_of_one_person() {
        Ok(refusal.without_ending() + ".")
    } else {
        Err(refusal)
    }
}

/// Several people, each once.
///
/// # Errors
/// None, or more than one call takes.
fn each_once(people: &[Email]) -> Result<Vec<Email>, Refusal> {
    let mut each: Vec<Email> = Vec::with_capacity(people.len());
    for email in people {
        if !each.contains(email) {
            each.push(email.clone());
        }
    }
    match each.len() {
        0 => Err(Refusal::arguments("`emails` is empty: name somebody")),
        1..=MOST_PEOPLE => Ok(each),
        more => Err(Refusal::arguments(format!(
            "`emails` holds {more} people, and one call takes {MOST_PEOPLE}: give the others in a call of their own"
        ))),
    }
}
