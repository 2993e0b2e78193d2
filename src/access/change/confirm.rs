//! Decides who has to confirm a change, and what they are shown.
//!
//! Three ways, set by `confirmation.require`: the plan's token alone; a person, who types a word of the plan into the
//! client's form; a person at the server, who approves the plan there. In each, the plan is made again from fresh reads
//! and must hold nothing that was not agreed to.

use std::time::Duration;

use serde_json::{Value, json};

use crate::access::change::drift::Drift;
use crate::access::change::job::Work;
use crate::access::change::person;
use crate::access::change::plan::Plan;
use crate::access::change::report::{ChangeReport, Cost, Status};
use crate::access::{Access, Ask, Person, Question, Refusal};
use crate::confirmation::{Offer, Require, Subject};
use crate::store::Shown;

/// A plan in the form that it is confirmed in.
pub(in crate::access) struct Exact {
    systems: Vec<String>,
    steps: Value,
    state: Value,
}

impl Exact {
    pub(in crate::access) fn subject<'a>(&'a self, ask: &'a Ask) -> Subject<'a> {
        Subject {
            tool: ask.tool,
            arguments: &ask.arguments,
            caller: &ask.caller,
            systems: &self.systems,
            steps: &self.steps,
            state: &self.state,
        }
    }
}

impl Access {
    /// The plan in the form that it is confirmed in.
    pub(in crate::access) fn exactly(&self, plan: &Plan) -> Exact {
        Exact {
            systems: self.system_names(),
            steps: plan.exact(),
            state: plan.state.clone(),
        }
    }

    /// Shows a plan to whoever decides about it, with a token for it.
    pub(in crate::access) async fn offer(
        &self,
        ask: &Ask,
        plan: Plan,
        losses: &[String],
        difference: Option<Drift>,
    ) -> Result<ChangeReport, Refusal> {
        let (plan, exact) = (&plan, self.exactly(&plan));
        let require = self.gate().require();
        let shown = (require == Require::Operator).then(|| self.shown(ask, plan, losses));
        let work = json!(Work::of(plan));
        let offer = self
            .gate()
            .offer_shown(&exact.subject(ask), shown, work)
            .await?;
        if require == Require::Human {
            return Err(Refusal::Asks(Box::new(self.question(
                plan,
                losses,
                offer,
                difference.as_ref().map(|it| it.lines.as_slice()),
            ))));
        }
        Ok(self.report(ask, plan, losses, &offer, difference))
    }

    /// The token of a form that a person filled in for this plan; nothing when one can be asked and was not yet.
    pub(in crate::access) fn word_of_a_person<'a>(
        &self,
        ask: &'a Ask,
        token: Option<&str>,
        plan: &Plan,
    ) -> Result<Option<&'a str>, Refusal> {
        if token.is_some() {
            return Err(Refusal::Person("`confirmation.require` is `human`, so a `confirmation_token` among the arguments is not taken. Leave it out: the client then asks its user".to_owned()));
        }
        match &ask.person {
            Person::OutOfReach => Err(Refusal::Person(format!(
                "`confirmation.require` is `human`, and this client did not declare that it can show its user a form (elicitation). Call `{}` from a client that can, or have a person at the server run `status-roster call {}` in a terminal; an operator can set `confirmation.require` to `operator` instead",
                ask.tool, ask.tool
            ))),
            Person::InReach => Ok(None),
            Person::Replied { token, reply } => {
                reply.agrees(&plan.word())?;
                Ok(Some(token))
            }
        }
    }

    fn report(
        &self,
        ask: &Ask,
        plan: &Plan,
        losses: &[String],
        offer: &Offer,
        difference: Option<Drift>,
    ) -> ChangeReport {
        let requests = plan.acts.iter().map(|act| act.requests()).sum();
        let mut report = ChangeReport::new(
            Status::ConfirmationRequired,
            format!(
                "{} Nothing was changed yet: {} needs a confirmation.",
                plan.summary,
                plan.why_confirmed(losses)
            ),
        );
        report.show(plan.steps(), losses.to_vec());
        report.people = plan.people_shown();
        report.cost = Some(Cost {
            requests,
            seconds: self.seconds_for(requests),
        });
        report.plan_id = Some(offer.plan_id.to_string());
        report.confirmation_token = Some(offer.token.clone());
        report.expires_at = Some(offer.expires_at.to_string());
        report.publication.clone_from(&plan.publication);
        report.warnings.clone_from(&plan.warnings);
        report.unread.clone_from(&plan.unread);
        let known = |it: &Drift| it.losses_changed.is_some();
        let (show, whole) = if difference.as_ref().is_some_and(known) {
            (
                "the difference",
                " Without a token the whole plan is shown again.",
            )
        } else {
            ("the steps and losses", "")
        };
        report.next = Some(match self.gate().require() {
            Require::Operator => format!(
                "The plan waits for a person at the server, who runs `status-roster approve {}` there. Show {show} to the person who asked and tell them so; after the approval call `{}` again with the same arguments and this `confirmation_token`, before `expires_at`.{whole}",
                offer.plan_id, ask.tool
            ),
            Require::Token | Require::Human => format!(
                "Show {show} to the person. If they agree, call `{}` again with the same arguments and this `confirmation_token`, before `expires_at`.{whole}",
                ask.tool
            ),
        });
        if let Some(difference) = difference {
            report.refused = Some("state_changed".to_owned());
            let losses = match difference.losses_changed {
                Some(true) => " What is lost by it changed too.",
                Some(false) => " What is lost by it is as it was shown.",
                None => "",
            };
            report.summary = format!(
                "The token was refused, because the plan is another one now: see `difference`.{losses} Nothing was changed. The plan is now: {}",
                plan.summary
            );
            if known(&difference) {
                // The rest was shown with the plan before.
                report.steps.clear();
                report.people.clear();
                let warned = &difference.warned;
                report.warnings.retain(|it| !warned.contains(it));
                report.losses = None;
                report.not_shown = None;
            }
            report.difference = difference.lines;
        }
        report
    }

    fn question(
        &self,
        plan: &Plan,
        losses: &[String],
        offer: Offer,
        difference: Option<&[String]>,
    ) -> Question {
        let left = offer.expires_at.duration_since(self.clock().now());
        let to_type = plan.word();
        Question {
            message: person::message(plan, losses, difference, &to_type),
            to_type,
            token: offer.token,
            expires_at: offer.expires_at.to_string(),
            patience: Duration::try_from(left).unwrap_or_default(),
        }
    }

    fn shown(&self, ask: &Ask, plan: &Plan, losses: &[String]) -> Shown {
        let client = ask.caller.client.as_ref();
        Shown {
            caller: client.map_or_else(
                || ask.caller.name.clone(),
                |client| format!("{} ({client})", ask.caller.name),
            ),
            tool: ask.tool.to_owned(),
            summary: plan.summary.clone(),
            steps: person::shown(plan),
            losses: losses.to_vec(),
            warnings: plan.warnings.clone(),
            to_type: plan.word(),
            at: self.clock().now(),
        }
    }

    /// Puts on record that a person agreed. The change itself is refused if the record cannot be written, so this need not be.
    pub(in crate::access) async fn note_confirmation(
        &self,
        ask: &Ask,
        require: Require,
        plan_id: &str,
    ) {
        if require == Require::Token {
            return;
        }
        let Ok(log) = self.log() else { return };
        let detail =
            json!({"caller": ask.caller, "tool": ask.tool, "plan": plan_id, "by": require.word()});
        if let Err(error) = log.event("confirmed", detail).await {
            tracing::warn!(%error, "a confirmation could not be recorded");
        }
    }
}
