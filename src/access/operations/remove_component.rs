//! Deletes a component or a component group, and says beforehand who loses it: groups and their members, subscribers, incidents.

use serde_json::{Value, json};

use crate::access::acts::subscription;
use crate::access::change::act::{Before, Seen};
use crate::access::change::effect::Loss;
use crate::access::look::whole::read_all;
use crate::access::operations::audience::{members_of, vanishing};
use crate::access::operations::look::{plan_on, say};
use crate::access::operations::step::{Step, Work, of_readers};
use crate::access::statuspage::items::{Items, named};
use crate::access::statuspage::sees::Visible;
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{IncidentList, StateFilter, Statuspage, SubscriberQuery};
use crate::roster::{ComponentId, Names, Page, PageId, Subscriber};
use crate::upstream::Cx;

/// Names in one sentence at most.
const MOST_NAMES: usize = 100;

impl Access {
    /// Deletes a component, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_component(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &ComponentId,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, page).await?;
        let shown = named(page.name.as_deref(), page.id.as_str());
        let statuspage = self.statuspage()?.clone();
        let mut plan = plan_on(&page, format!("Page {shown} has no component `{id}`."));
        let now = match statuspage
            .component_settings(&ask.interactive(), &page.id, id)
            .await
        {
            Ok(now) => now,
            Err(error) if error.is_not_found() => return self.carry_out(ask, token, plan).await,
            Err(error) => return Err(error.into()),
        };
        // Lists that a plan to delete rests on are read now.
        self.items.forget();
        let items = self.items(ask, &page.id).await?;
        let target = named(now.name.as_deref(), id.as_str());
        plan.to_type = now.name.clone();
        let mut losses = Vec::new();
        if now.is_group {
            let inside: Vec<_> = members_of(&items, id)
                .iter()
                .map(|id| items.component(id))
                .collect();
            say(&mut plan, |be| {
                format!(
                    "The component group {target} {be} deleted from page {shown} for good; its components stay."
                )
            });
            losses.push(of_readers(format!(
                "the component group {target} with {} is gone; what stood in it stands alone then: {}",
                count(inside.len(), "component", "components"),
                inside.join(", ")
            )));
            plan.state = json!({"group": now, "components": inside});
        } else {
            say(&mut plan, |be| {
                format!("The component {target} {be} deleted from page {shown} for good.")
            });
            losses.push(of_readers(format!(
                "the component {target} with its uptime history is gone and cannot be restored"
            )));
            losses.extend(
                vanishing(&items, &[id.clone()].into())
                    .into_iter()
                    .map(of_readers),
            );
            let mut state = json!({"component": now.id, "group_id": now.group_id});
            let visible = Visible::Component(id.clone());
            match self.losers(ask, &page, &visible, &target).await? {
                Ok(viewers) => losses.extend(viewers),
                Err(reading) => return Ok(*reading),
            }
            self.other_losses(ask, &page, id, &items, &mut losses, &mut state)
                .await?;
            plan.state = state;
        }
        let kind = if now.is_group {
            "component group"
        } else {
            "component"
        };
        let exact = json!({"page_id": page.id, "component_id": id, "kind": kind});
        let work = Remove {
            statuspage,
            page: page.id,
            id: id.clone(),
            group: now.is_group,
        };
        let mut step = Step::new(
            format!("delete the {kind} from page {shown}"),
            target,
            exact,
            work,
        );
        step.before = json!(now);
        step.losses = losses;
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }

    /// Adds what subscribers lose with a component, and the incidents that are about it.
    async fn other_losses(
        &self,
        ask: &Ask,
        page: &Page,
        id: &ComponentId,
        items: &Items,
        losses: &mut Vec<Loss>,
        state: &mut Value,
    ) -> Result<(), Refusal> {
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        let query = SubscriberQuery {
            state: StateFilter::All,
            ..SubscriberQuery::default()
        };
        let subscribers =
            read_all(statuspage.subscribers(&page.id, &query), &cx, "subscribers").await?;
        let chosen = |it: &Subscriber| it.component_ids.clone().unwrap_or_default();
        // A list of every component is how Statuspage may write that nobody chose.
        let choice = |it: &Subscriber| {
            let every = items.components.values().filter(|it| !it.is_group);
            let chosen = chosen(it);
            let all = every.clone().count() > 1 && every.clone().all(|it| chosen.contains(&it.id));
            chosen.contains(id) && !all
        };
        let chose: Vec<_> = subscribers.iter().filter(|it| choice(it)).collect();
        let (alone, others): (Vec<&Subscriber>, _) = chose
            .iter()
            .partition(|it| chosen(it).iter().all(|other| other == id));
        for (these, then) in [
            (others, "no longer told of it, who chose it among others"),
            (
                alone,
                "no longer told of it, who chose it alone: what becomes of such a subscription is not documented",
            ),
        ] {
            if !these.is_empty() {
                let names: Vec<String> = these
                    .iter()
                    .take(MOST_NAMES)
                    .map(|it| subscription(it))
                    .collect();
                let more = these.len().saturating_sub(MOST_NAMES);
                let more = if more > 0 {
                    format!(" and {more} more (`list_subscribers` shows them)")
                } else {
                    String::new()
                };
                losses.push(Loss {
                    who: these.iter().map(|it| Names::of(&it.record)).collect(),
                    words: format!(
                        "{} {then}: {}{more}",
                        count(these.len(), "subscriber", "subscribers"),
                        names.join(", ")
                    ),
                });
            }
        }
        let open = read_all(
            statuspage.incidents(&page.id, IncidentList::Unresolved, None),
            &cx,
            "incidents",
        )
        .await?;
        let planned = read_all(
            statuspage.incidents(&page.id, IncidentList::Scheduled, None),
            &cx,
            "maintenances",
        )
        .await?;
        let touched: Vec<_> = open
            .iter()
            .chain(&planned)
            .filter(|it| !it.is_over() && it.components.iter().flatten().any(|row| row.id == *id))
            .map(|it| named(it.name.as_deref(), it.id.as_str()))
            .collect();
        if !touched.is_empty() {
            losses.push(of_readers(format!("open incidents and maintenances no longer affect it, which changes who hears of them and, on an audience-specific page, who sees them: {}", touched.join(", "))));
        }
        if let Some(state) = state.as_object_mut() {
            state.insert(
                "subscribers".to_owned(),
                json!(chose.iter().map(|it| &it.record.id).collect::<Vec<_>>()),
            );
            state.insert("incidents".to_owned(), json!(touched));
        }
        Ok(())
    }
}

struct Remove {
    statuspage: Statuspage,
    page: PageId,
    id: ComponentId,
    group: bool,
}

impl Work for Remove {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        match self
            .statuspage
            .component_settings(cx, &self.page, &self.id)
            .await
        {
            Ok(_) => Ok(Before::AsPlanned),
            Err(error) if error.is_not_found() => Ok(Before::Done),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        if self.group {
            self.statuspage
                .delete_component_group(cx, intent, &self.page, &self.id)
                .await
        } else {
            self.statuspage
                .delete_component(cx, intent, &self.page, &self.id)
                .await
        }
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        match self
            .statuspage
            .component_settings(cx, &self.page, &self.id)
            .await
        {
            Ok(still) => Ok(Seen::Unchanged(
                json!(still),
                "it is still there".to_owned(),
            )),
            Err(error) if error.is_not_found() => Ok(Seen::AsWanted(Value::Null)),
            Err(error) => Err(error),
        }
    }
}
