//! Rewrites something that was said of an incident: public history, with the old and the new text shown first.

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::change::publication::Publication;
use crate::access::operations::look::{plan_on, say};
use crate::access::operations::post::notified;
use crate::access::operations::schedule::{moment, zone};
use crate::access::operations::step::{Step, Work};
use crate::access::operations::text::{self, same};
use crate::access::operations::told::Sends;
use crate::access::statuspage::items::named;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Statuspage, UpdateEdit};
use crate::roster::{IncidentId, IncidentUpdate, IncidentUpdateId, PageId};
use crate::upstream::Cx;

/// The changes to an incident update.
#[derive(Debug, Clone)]
pub struct UpdateChange {
    /// On which page.
    pub page_id: PageId,
    /// The incident.
    pub incident_id: IncidentId,
    /// The update.
    pub update_id: IncidentUpdateId,
    /// Other words.
    pub body: Option<String>,
    /// Another time to show it with.
    pub display_at: Option<String>,
    /// The zone of a time without an offset.
    pub time_zone: Option<String>,
    /// True when subscribers are told.
    pub deliver_notifications: bool,
}

impl Access {
    /// Rewrites an update, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn edit_incident_update(
        &self,
        ask: &Ask,
        change: &UpdateChange,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let zone = zone(change.time_zone.as_deref())?;
        let time = change
            .display_at
            .as_deref()
            .map(|it| moment("display_at", it, zone.as_ref()));
        let mut edit = UpdateEdit {
            body: change
                .body
                .as_deref()
                .map(|it| text::body("body", it))
                .transpose()?,
            display_at: time.transpose()?,
            deliver_notifications: change.deliver_notifications,
        };
        if edit.body.is_none() && edit.display_at.is_none() {
            return Err(Refusal::arguments("give `body`, `display_at` or both"));
        }
        let page = self.published_page(ask, &change.page_id).await?;
        let incident = self
            .incident_now(ask, &page.id, &change.incident_id)
            .await?;
        let found = incident
            .updates
            .iter()
            .flatten()
            .find(|it| it.id == change.update_id);
        let Some(update) = found.cloned() else {
            return Err(Refusal::NotFound {
                what: format!("update `{}`", change.update_id),
                where_: format!(" of incident {}", incident.id),
                next: "`list_incidents` with `incident_id` and `detail` shows its updates."
                    .to_owned(),
            });
        };
        let shown = format!(
            "an update of \"{}\" on page {}",
            incident.title(),
            named(page.name.as_deref(), page.id.as_str())
        );
        let mut plan = plan_on(&page, format!("What is said in {shown} is so already."));
        edit.body = edit.body.filter(|it| !same(it, update.body.as_deref()));
        edit.display_at = edit.display_at.filter(|it| update.display_at != Some(*it));
        if edit.body.is_none() && edit.display_at.is_none() {
            return self.carry_out(ask, token, plan).await;
        }
        say(&mut plan, |be| {
            format!("What was said in {shown} {be} rewritten, in place and without a trace.")
        });
        let tells = edit.deliver_notifications;
        let sends = Sends::now(tells, false);
        let listed = incident
            .components
            .iter()
            .flatten()
            .map(|it| it.id.clone())
            .collect();
        let subscribed = self.subscribed(ask, &page.id, &listed, &sends).await?;
        let mut publication = Publication::default();
        if let Some(body) = &edit.body {
            let old = update.body.as_deref().unwrap_or("(nothing)");
            publication
                .readers_see
                .push(format!("the old text, which is gone then: {old}"));
            publication
                .readers_see
                .push(format!("the new text: {body}"));
            publication
                .irrevocable
                .push("the old text: Statuspage keeps none".to_owned());
        }
        if let Some(time) = edit.display_at {
            let old = update
                .display_at
                .map_or_else(|| "unknown".to_owned(), |it| it.to_string());
            publication
                .readers_see
                .push(format!("its time: {time} (it was: {old})"));
        }
        subscribed.put_into(&mut publication, &sends);
        plan.publication = Some(publication);
        plan.state = json!({"body": update.body, "display_at": update.display_at, "incident": incident.updated_at});
        let exact = json!({"page_id": page.id, "incident_id": incident.id, "update_id": update.id, "body": edit.body, "display_at": edit.display_at, "deliver_notifications": edit.deliver_notifications});
        let before = json!({"body": update.body, "display_at": update.display_at});
        let target = format!("{} ({})", incident.title(), update.id);
        let work = Edit {
            statuspage: self.statuspage()?.clone(),
            page: page.id,
            incident: incident.id,
            update,
            edit,
        };
        let action = format!("rewrite an update{}", notified(tells));
        let mut step = Step::of_publication(action, target, exact, work);
        step.before = before;
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

struct Edit {
    statuspage: Statuspage,
    page: PageId,
    incident: IncidentId,
    update: IncidentUpdate,
    edit: UpdateEdit,
}

impl Edit {
    async fn now(&self, cx: &Cx) -> Result<Option<IncidentUpdate>, ProviderError> {
        let incident = self
            .statuspage
            .incident(cx, &self.page, &self.incident)
            .await?;
        let mut rows = incident.updates.into_iter().flatten();
        Ok(rows.find(|it| it.id == self.update.id))
    }
}

impl Work for Edit {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        Ok(match self.now(cx).await? {
            None => Before::Changed("the update is gone".to_owned()),
            Some(now)
                if now.body == self.update.body && now.display_at == self.update.display_at =>
            {
                Before::AsPlanned
            }
            Some(now) => Before::Changed(format!(
                "somebody else rewrote it: {}",
                now.body.unwrap_or_default()
            )),
        })
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        let which = (&self.incident, &self.update.id);
        self.statuspage
            .edit_incident_update(cx, intent, &self.page, which, &self.edit)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let Some(now) = self.now(cx).await? else {
            return Ok(Seen::Otherwise(
                Value::Null,
                "the update is gone".to_owned(),
            ));
        };
        let body = self
            .edit
            .body
            .as_deref()
            .is_none_or(|it| same(it, now.body.as_deref()));
        let time = self
            .edit
            .display_at
            .is_none_or(|it| now.display_at == Some(it));
        Ok(match (body && time, now == self.update) {
            (true, _) => Seen::AsWanted(json!(now)),
            (false, true) => Seen::Unchanged(json!(now), "it says what it said".to_owned()),
            (false, false) => Seen::Otherwise(
                json!(now),
                "it says something else than what was sent".to_owned(),
            ),
        })
    }
}
