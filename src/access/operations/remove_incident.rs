//! Deletes an incident with everything that was said of it.

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::operations::look::{plan_on, say, state};
use crate::access::operations::step::{Step, Work, of_readers};
use crate::access::statuspage::items::named;
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{IncidentId, PageId};
use crate::upstream::Cx;

impl Access {
    /// Deletes an incident, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_incident(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &IncidentId,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, page).await?;
        let shown = named(page.name.as_deref(), page.id.as_str());
        let statuspage = self.statuspage()?.clone();
        let mut plan = plan_on(&page, format!("Page {shown} has no incident `{id}`."));
        let incident = match statuspage.incident(&ask.interactive(), &page.id, id).await {
            Ok(incident) => incident,
            Err(error) if error.is_not_found() => return self.carry_out(ask, token, plan).await,
            Err(error) => return Err(error.into()),
        };
        let updates = incident.updates.as_ref().map_or_else(
            || "its updates".to_owned(),
            |it| count(it.len(), "update", "updates"),
        );
        say(&mut plan, |be| {
            format!(
                "\"{}\" {be} deleted from page {shown} for good.",
                incident.title()
            )
        });
        plan.to_type = incident.name.clone();
        plan.state = state(&incident);
        plan.warnings.push("its components stay as they are; subscribers are not told, and those who were mailed keep a link that leads nowhere. A wrong text is better rewritten (`edit_incident_update`), a false alarm resolved with a word (`update_incident`)".to_owned());
        let worse: Vec<_> = incident
            .components
            .iter()
            .flatten()
            .filter(|it| {
                it.status
                    .as_deref()
                    .is_some_and(|it| it != "operational" && !it.is_empty())
            })
            .map(|it| {
                format!(
                    "{} ({})",
                    named(it.name.as_deref(), it.id.as_str()),
                    it.status.as_deref().unwrap_or_default()
                )
            })
            .collect();
        if !worse.is_empty() {
            plan.warnings.push(format!(
                "not operational, and so after it: {}",
                worse.join(", ")
            ));
        }
        let target = named(incident.name.as_deref(), incident.id.as_str());
        let exact = json!({"page_id": page.id, "incident_id": incident.id});
        let planned = state(&incident);
        let loss = format!(
            "readers lose \"{}\" with {updates}, its history and its public address{}; it cannot be restored",
            incident.title(),
            incident
                .postmortem_published_at
                .map_or("", |_| ", and its postmortem")
        );
        let before = json!(incident);
        let work = Delete {
            statuspage,
            page: page.id.clone(),
            id: incident.id,
            planned,
        };
        let mut step = Step::new(
            format!("delete the incident from page {shown}"),
            target,
            exact,
            work,
        );
        step.before = before;
        step.losses = vec![of_readers(loss)];
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

struct Delete {
    statuspage: Statuspage,
    page: PageId,
    id: IncidentId,
    planned: Value,
}

impl Work for Delete {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        match self.statuspage.incident(cx, &self.page, &self.id).await {
            Ok(now) if state(&now) == self.planned => Ok(Before::AsPlanned),
            Ok(_) => Ok(Before::Changed("somebody else worked on it".to_owned())),
            Err(error) if error.is_not_found() => Ok(Before::Done),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        self.statuspage
            .delete_incident(cx, intent, &self.page, &self.id)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        match self.statuspage.incident(cx, &self.page, &self.id).await {
            Ok(still) => Ok(Seen::Unchanged(
                json!(still),
                "it is still there".to_owned(),
            )),
            Err(error) if error.is_not_found() => Ok(Seen::AsWanted(Value::Null)),
            Err(error) => Err(error),
        }
    }
}
