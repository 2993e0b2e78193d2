//! Writes what is said after an incident: as a draft, in public, or back to a draft.

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::change::publication::Publication;
use crate::access::operations::look::{plan_on, say};
use crate::access::operations::post::notified;
use crate::access::operations::step::{Step, Work};
use crate::access::operations::text::{self, same};
use crate::access::operations::told::Sends;
use crate::access::statuspage::items::named;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Publish, Statuspage};
use crate::roster::{IncidentId, PageId, Postmortem};
use crate::upstream::Cx;

/// The operations on a postmortem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostmortemAction {
    /// Write the draft.
    Draft(String),
    /// Show the draft in public.
    Publish {
        /// True when subscribers are told.
        notify: bool,
    },
    /// Make it a draft again.
    Revert,
}

impl Access {
    /// Writes, shows or takes back a postmortem, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn save_postmortem(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &IncidentId,
        action: &PostmortemAction,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, page).await?;
        let incident = self.incident_now(ask, &page.id, id).await?;
        if !incident.is_over() {
            return Err(Refusal::Preflight(format!(
                "\"{}\" is {}: a postmortem is for what is over. Resolve it first (`update_incident`).",
                incident.title(),
                incident.status.as_deref().unwrap_or("not over")
            )));
        }
        let statuspage = self.statuspage()?.clone();
        let there = statuspage
            .postmortem(&ask.interactive(), &page.id, id)
            .await?;
        let shown = format!(
            "\"{}\" on page {}",
            incident.title(),
            named(page.name.as_deref(), page.id.as_str())
        );
        let mut plan = plan_on(&page, "");
        let public = there.as_ref().is_some_and(|it| it.published_at.is_some());
        let draft = there.as_ref().and_then(|it| it.draft.clone());
        let mut publication = Publication::default();
        let mut sends = Sends::default();
        let (publish, summary, action, done) = match action {
            PostmortemAction::Draft(given) => {
                let body = text::body("body", given)?;
                publication.readers_see.push(if public {
                    "nothing new until it is published again; the published text stays".to_owned()
                } else {
                    "nothing yet: a draft is shown to nobody but the team, and to whoever has its preview address".to_owned()
                });
                publication.readers_see.push(format!("the draft: {body}"));
                let old = draft.as_deref().filter(|old| !same(&body, Some(old)));
                if let Some(old) = old {
                    publication
                        .readers_see
                        .push(format!("the draft before, which is gone then: {old}"));
                }
                let done = same(&body, draft.as_deref());
                (
                    Publish::Draft(body),
                    ("The draft of the postmortem", "written"),
                    "write the draft of the postmortem".to_owned(),
                    done,
                )
            }
            PostmortemAction::Publish { notify } => {
                let Some(draft) = &draft else {
                    return Err(Refusal::Preflight(format!(
                        "{shown} has no draft to publish: write one first (`save_postmortem` with `action` draft)."
                    )));
                };
                sends.incident = notify.then_some(BY_NOTIFY).into_iter().collect();
                publication
                    .readers_see
                    .push(format!("the postmortem: {draft}"));
                let done = public
                    && there
                        .as_ref()
                        .is_some_and(|it| same(draft, it.body.as_deref()));
                (
                    Publish::Show { notify: *notify },
                    ("The postmortem", "published"),
                    format!("publish the postmortem{}", notified(*notify)),
                    done,
                )
            }
            PostmortemAction::Revert => {
                publication.readers_see.push(
                    "no postmortem any more; it is a draft again. Mails that were sent stay sent"
                        .to_owned(),
                );
                (
                    Publish::Revert,
                    ("The postmortem", "taken back to a draft"),
                    "take the postmortem back to a draft".to_owned(),
                    !public,
                )
            }
        };
        let (thing, verb) = summary;
        if done {
            plan.say_so(match there {
                Some(_) => format!("{thing} of {shown} is {verb} already."),
                None => format!("{shown} has no postmortem that could be taken back."),
            });
            return self.carry_out(ask, token, plan).await;
        }
        say(&mut plan, |be| format!("{thing} of {shown} {be} {verb}."));
        let listed = incident
            .components
            .iter()
            .flatten()
            .map(|it| it.id.clone())
            .collect();
        let subscribed = self.subscribed(ask, &page.id, &listed, &sends).await?;
        subscribed.put_into(&mut publication, &sends);
        plan.publication = Some(publication);
        plan.state = json!(there);
        let exact = json!({"page_id": page.id, "incident_id": id, "action": action, "draft": match &publish { Publish::Draft(body) => Some(body.clone()), Publish::Show { .. } => draft, Publish::Revert => None }});
        let before = json!(there);
        let work = Write {
            statuspage,
            page: page.id,
            incident: id.clone(),
            there,
            publish,
        };
        let mut step = Step::of_publication(action, shown, exact, work);
        step.before = before;
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

/// The reason why subscribers are told of a postmortem.
const BY_NOTIFY: &str = "told of this by `notify`";

struct Write {
    statuspage: Statuspage,
    page: PageId,
    incident: IncidentId,
    there: Option<Postmortem>,
    publish: Publish,
}

impl Work for Write {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        let now = self
            .statuspage
            .postmortem(cx, &self.page, &self.incident)
            .await?;
        Ok(if now == self.there {
            Before::AsPlanned
        } else {
            Before::Changed("somebody else wrote it".to_owned())
        })
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        self.statuspage
            .write_postmortem(cx, intent, &self.page, &self.incident, &self.publish)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self
            .statuspage
            .postmortem(cx, &self.page, &self.incident)
            .await?;
        let after = json!(now);
        if now == self.there {
            return Ok(Seen::Unchanged(after, "it is as it was".to_owned()));
        }
        let fits = match (&self.publish, &now) {
            (Publish::Draft(body), Some(now)) => same(body, now.draft.as_deref()),
            (Publish::Show { .. }, Some(now)) => now.published_at.is_some(),
            (Publish::Revert, now) => now.as_ref().is_none_or(|it| it.published_at.is_none()),
            (_, None) => false,
        };
        Ok(if fits {
            Seen::AsWanted(after)
        } else {
            Seen::Otherwise(
                if now.is_none() { Value::Null } else { after },
                "it is neither as it was nor as it was sent".to_owned(),
            )
        })
    }
}
