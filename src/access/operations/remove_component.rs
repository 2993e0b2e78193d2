//! Deletes a component or a component group, and says beforehand who loses it: groups and their members, subscribers, incidents.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::change::effect::Loss;
use crate::access::look::whole::read_all;
use crate::access::operations::audience::{members_of, vanishing};
use crate::access::operations::holders::Given;
use crate::access::operations::look::{plan_on, say};
use crate::access::operations::step::{Step, Work, of_readers};
use crate::access::statuspage::group_losses::GroupLoss;
use crate::access::statuspage::items::{Items, named};
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{IncidentList, StateFilter, Statuspage, SubscriberQuery};
use crate::roster::{ComponentId, Page, PageId, ViewerId};
use crate::upstream::Cx;

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
                "the component group {target} is gone; {} stand alone then: {}",
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
            if self.is_for_an_audience(ask, &page).await? {
                let given = Given::Component(id.clone());
                match self.direct_losers(ask, &page.id, &given, &target).await? {
                    Ok(direct) => losses.extend(direct),
                    Err(reading) => return Ok(*reading),
                }
            }
            self.losers(ask, &page, id, &items, &mut losses, &mut state)
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

    /// Everybody who loses a component.
    async fn losers(
        &self,
        ask: &Ask,
        page: &Page,
        id: &ComponentId,
        items: &Items,
        losses: &mut Vec<Loss>,
        state: &mut Value,
    ) -> Result<(), Refusal> {
        let (statuspage, cx) = (self.statuspage()?, ask.interactive());
        let mut held = Vec::new();
        if self.is_for_an_audience(ask, page).await? {
            let groups = self.groups(ask, &page.id).await?;
            // No other group gives what is deleted.
            let mut without = groups.clone();
            for gives in without
                .values_mut()
                .filter_map(|it| it.component_ids.as_mut())
            {
                gives.retain(|it| it != id);
            }
            let (one, no_metric, nobody) = (
                BTreeSet::from([id.clone()]),
                BTreeSet::new(),
                BTreeSet::new(),
            );
            for group in groups.values() {
                let shown = named(group.name.as_deref(), group.id.as_str());
                let Some(gives) = &group.component_ids else {
                    losses.push(of_readers(format!(
                        "group {shown}: Statuspage did not say whether it gives the component"
                    )));
                    continue;
                };
                if !gives.contains(id) {
                    continue;
                }
                held.push(json!({"group": group.id, "members": group.member_ids}));
                let members: BTreeSet<ViewerId> =
                    group.member_ids.iter().flatten().cloned().collect();
                let people = self.members(ask, &page.id, members.clone()).await?;
                losses.push(of_readers(format!(
                    "group {shown} with {} no longer gives it",
                    count(members.len(), "member", "members")
                )));
                let nothing_left =
                    gives.len() == 1 && group.metric_ids.as_ref().is_some_and(Vec::is_empty);
                if nothing_left {
                    losses.push(of_readers(format!("group {shown} gives nothing any more: members without another group or something given directly see nothing")));
                }
                let loss = GroupLoss {
                    group: &group.id,
                    members: &members,
                    leaving: &nobody,
                    gave: (&one, &no_metric),
                    stops: (&one, &no_metric),
                };
                let each = loss.words(&without, items, &people).into_iter();
                losses.extend(each.map(|it| Loss {
                    words: format!("of group {shown}, {}", it.words),
                    ..it
                }));
            }
        }
        let query = SubscriberQuery {
            state: StateFilter::All,
            ..SubscriberQuery::default()
        };
        let subscribers =
            read_all(statuspage.subscribers(&page.id, &query), &cx, "subscribers").await?;
        let chose: Vec<_> = subscribers
            .iter()
            .filter(|it| {
                it.component_ids
                    .as_ref()
                    .is_some_and(|ids| ids.contains(id))
            })
            .collect();
        if !chose.is_empty() {
            let alone = chose
                .iter()
                .filter(|it| it.component_ids.as_ref().is_some_and(|ids| ids.len() == 1))
                .count();
            losses.push(of_readers(format!(
                "{} who chose it no longer hear of it; {alone} of them chose it alone, and what becomes of their subscription is not documented",
                count(chose.len(), "subscriber", "subscribers")
            )));
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
            state.insert("groups".to_owned(), json!(held));
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
