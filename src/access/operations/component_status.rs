//! Sets the status of components. No e-mail is sent of it; webhooks hear of each at once, and no flag prevents that.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::change::publication::Publication;
use crate::access::look::whole::read_all;
use crate::access::operations::look::plan_on;
use crate::access::operations::step::{Step, Work};
use crate::access::operations::told::Sends;
use crate::access::statuspage::items::named;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{ComponentWrite, IncidentList, Statuspage};
use crate::roster::{ComponentId, ComponentStatus, PageId};
use crate::upstream::Cx;

impl Access {
    /// Sets the status of components, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn set_component_status(
        &self,
        ask: &Ask,
        page: &PageId,
        wanted: &BTreeMap<ComponentId, ComponentStatus>,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        if wanted.is_empty() {
            return Err(Refusal::arguments(
                "name at least one component in `components`",
            ));
        }
        let page = self.published_page(ask, page).await?;
        let (statuspage, cx) = (self.statuspage()?.clone(), ask.interactive());
        let ids: BTreeSet<ComponentId> = wanted.keys().cloned().collect();
        let items = self.affected_items(ask, &page.id, &ids).await?;
        let shown = named(page.name.as_deref(), page.id.as_str());
        let mut plan = plan_on(&page, "");
        plan.say(
            format!("Components of page {shown} will get another status."),
            format!("Components of page {shown} got another status."),
        );
        let mut lines = Vec::new();
        let mut was = BTreeMap::new();
        for (id, to) in wanted {
            let now = statuspage
                .component_settings(&cx, &page.id, id)
                .await?
                .status;
            was.insert(id.clone(), now.clone());
            if now.as_deref() == Some(to.as_str()) {
                continue;
            }
            let from = now
                .clone()
                .unwrap_or_else(|| "an unknown status".to_owned());
            lines.push(format!("{}: from {from} to {to}", items.component(id)));
            let exact = json!({"page_id": page.id, "component_id": id, "status": to});
            let work = SetStatus {
                statuspage: statuspage.clone(),
                page: page.id.clone(),
                id: id.clone(),
                from: now.clone(),
                to: *to,
            };
            let mut step = Step::of_publication(
                format!("set the component to {to} (it is {from})"),
                items.component(id),
                exact,
                work,
            );
            step.before = json!({"status": now});
            plan.acts.push(step.boxed());
        }
        plan.state = json!(was);
        if plan.acts.is_empty() {
            plan.say_so(format!(
                "The components of page {shown} have this status already."
            ));
            return self.carry_out(ask, token, plan).await;
        }
        let running = read_all(
            statuspage.incidents(&page.id, IncidentList::Active, None),
            &cx,
            "maintenances",
        )
        .await;
        for maintenance in running.iter().flatten() {
            let inside: Vec<_> = maintenance
                .components
                .iter()
                .flatten()
                .filter(|it| ids.contains(&it.id))
                .collect();
            for component in inside {
                plan.warnings.push(format!("{} is part of \"{}\", a maintenance that is under way and may set it again at its end", items.component(&component.id), maintenance.title()));
            }
        }
        let sends = Sends::now(false, true);
        let subscribed = self.subscribed(ask, &page.id, &ids, &sends).await?;
        let mut publication = Publication {
            readers_see: lines.clone(),
            components: lines,
            ..Publication::default()
        };
        subscribed.put_into(&mut publication, &sends);
        plan.publication = Some(publication);
        self.carry_out(ask, token, plan).await
    }
}

struct SetStatus {
    statuspage: Statuspage,
    page: PageId,
    id: ComponentId,
    from: Option<String>,
    to: ComponentStatus,
}

impl Work for SetStatus {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        let now = self
            .statuspage
            .component_settings(cx, &self.page, &self.id)
            .await?
            .status;
        Ok(match now {
            Some(now) if now == self.to.as_str() => Before::Done,
            now if now == self.from => Before::AsPlanned,
            now => Before::Changed(format!("it is {} now", now.unwrap_or_default())),
        })
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        let change = ComponentWrite {
            status: Some(self.to),
            ..ComponentWrite::default()
        };
        self.statuspage
            .update_component(cx, intent, &self.page, &self.id, &change)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self
            .statuspage
            .component_settings(cx, &self.page, &self.id)
            .await?;
        let after = json!({"status": now.status});
        Ok(match now.status {
            Some(status) if status == self.to.as_str() => Seen::AsWanted(after),
            status if status == self.from => {
                Seen::Unchanged(after, "its status is as it was".to_owned())
            }
            status => Seen::Otherwise(
                after,
                format!(
                    "its status is {}: somebody else set it too",
                    status.map_or(Value::Null, Value::from)
                ),
            ),
        })
    }
}
