//! The step that makes or changes a component or a component group, and what is sent for it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::Refusal;
use crate::access::change::act::{Before, Seen};
use crate::access::look::whole::read_all;
use crate::access::operations::audience::members_of;
use crate::access::operations::save_component::ComponentEdit;
use crate::access::operations::step::Work;
use crate::access::operations::text::same;
use crate::access::statuspage::items::Items;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{ComponentWrite, GroupWrite, Statuspage};
use crate::roster::{ComponentId, ComponentSettings, PageId};
use crate::upstream::Cx;

/// The body of the request.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::access) enum Sent {
    Component(ComponentWrite),
    Group(GroupWrite),
}

/// Reduces an edit to the fields that differ from the present settings.
pub(in crate::access) fn sent(
    edit: ComponentEdit,
    items: &Items,
    now: Option<&ComponentSettings>,
) -> Result<Sent, Refusal> {
    let name = edit
        .name
        .filter(|it| now.is_none_or(|now| !same(it, now.name.as_deref())));
    let about = edit.description.filter(|it| {
        now.is_none_or(|now| !same(it, Some(now.description.as_deref().unwrap_or_default())))
    });
    if edit.group {
        if edit.group_id.is_some()
            || edit.showcase.is_some()
            || edit.only_show_if_degraded.is_some()
            || edit.start_date.is_some()
        {
            return Err(Refusal::arguments(
                "a component group has `name`, `description` and `component_ids` alone",
            ));
        }
        if edit.component_ids.as_ref().is_some_and(Vec::is_empty)
            || (now.is_none() && edit.component_ids.is_none())
        {
            return Err(Refusal::arguments(
                "a component group cannot be empty: name its `component_ids`; `remove_component` removes the group",
            ));
        }
        if let Some(group) = edit
            .component_ids
            .iter()
            .flatten()
            .find(|id| items.components.get(*id).is_some_and(|it| it.is_group))
        {
            return Err(Refusal::arguments(format!(
                "{} is a component group: groups do not stand in groups",
                items.component(group)
            )));
        }
        let members: BTreeSet<_> = now
            .map(|it| members_of(items, &it.id))
            .unwrap_or_default()
            .into_iter()
            .collect();
        let wanted = edit
            .component_ids
            .filter(|it| it.iter().cloned().collect::<BTreeSet<_>>() != members);
        // The list replaces what is there, so it is sent whole or not at all.
        return Ok(Sent::Group(GroupWrite {
            name,
            description: about,
            components: wanted,
        }));
    }
    if edit.component_ids.is_some() {
        return Err(Refusal::arguments(
            "`component_ids` are the components of a component group; give `kind: component_group` for a new one",
        ));
    }
    if let Some(Some(group)) = &edit.group_id
        && !items.components.get(group).is_some_and(|it| it.is_group)
    {
        return Err(Refusal::arguments(format!(
            "{} is no component group",
            items.component(group)
        )));
    }
    Ok(Sent::Component(ComponentWrite {
        name,
        description: about,
        status: None,
        group_id: edit
            .group_id
            .filter(|it| now.map_or(it.is_some(), |now| now.group_id != *it)),
        showcase: edit
            .showcase
            .filter(|it| now.is_none_or(|now| now.showcase != Some(*it))),
        only_show_if_degraded: edit
            .only_show_if_degraded
            .filter(|it| now.is_none_or(|now| now.only_show_if_degraded != Some(*it))),
        start_date: edit.start_date.filter(|it| {
            now.is_none_or(|now| now.start_date.as_deref() != Some(it.to_string().as_str()))
        }),
    }))
}

/// The step.
pub(in crate::access) struct Save {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub now: Option<ComponentSettings>,
    pub sent: Sent,
    pub known: BTreeSet<ComponentId>,
}

impl Save {
    fn name(&self) -> Option<&str> {
        match &self.sent {
            Sent::Component(it) => it.name.as_deref(),
            Sent::Group(it) => it.name.as_deref(),
        }
    }

    /// A new one: of this name and not there before.
    async fn made(&self, cx: &Cx) -> Result<Option<ComponentId>, ProviderError> {
        let all = read_all(self.statuspage.components(&self.page), cx, "components").await?;
        let made = all.into_iter().find(|it| {
            !self.known.contains(&it.id)
                && same(self.name().unwrap_or_default(), it.name.as_deref())
        });
        Ok(made.map(|it| it.id))
    }

    /// Returns the names of the fields that differ from what was sent.
    async fn differs(
        &self,
        cx: &Cx,
        id: &ComponentId,
    ) -> Result<(Value, Vec<&'static str>), ProviderError> {
        let now = self
            .statuspage
            .component_settings(cx, &self.page, id)
            .await?;
        let mut wrong = Vec::new();
        let mut check = |name, fits: bool| {
            if !fits {
                wrong.push(name);
            }
        };
        check(
            "name",
            self.name().is_none_or(|it| same(it, now.name.as_deref())),
        );
        let about = now.description.as_deref().unwrap_or_default();
        match &self.sent {
            Sent::Component(it) => {
                check(
                    "description",
                    it.description
                        .as_deref()
                        .is_none_or(|it| same(it, Some(about))),
                );
                check(
                    "group_id",
                    it.group_id.as_ref().is_none_or(|it| *it == now.group_id),
                );
                check(
                    "showcase",
                    it.showcase.is_none_or(|it| now.showcase == Some(it)),
                );
                check(
                    "only_show_if_degraded",
                    it.only_show_if_degraded
                        .is_none_or(|it| now.only_show_if_degraded == Some(it)),
                );
                check(
                    "start_date",
                    it.start_date.is_none_or(|it| {
                        now.start_date.as_deref() == Some(it.to_string().as_str())
                    }),
                );
            }
            Sent::Group(it) => {
                if let Some(wanted) = &it.description {
                    let about = self
                        .statuspage
                        .group_description(cx, &self.page, id)
                        .await?;
                    check(
                        "description",
                        same(wanted, Some(about.as_deref().unwrap_or_default())),
                    );
                }
                if let Some(wanted) = &it.components {
                    let all =
                        read_all(self.statuspage.components(&self.page), cx, "components").await?;
                    let members: BTreeSet<_> = all
                        .into_iter()
                        .filter(|it| it.group_id.as_ref() == Some(id))
                        .map(|it| it.id)
                        .collect();
                    check("component_ids", members == wanted.iter().cloned().collect());
                }
            }
        }
        Ok((json!(now), wrong))
    }
}

impl Work for Save {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        let Some(planned) = &self.now else {
            return Ok(match self.made(cx).await? {
                Some(id) => Before::Changed(format!(
                    "somebody else made one of this name in the meantime ({id})"
                )),
                None => Before::AsPlanned,
            });
        };
        let now = self
            .statuspage
            .component_settings(cx, &self.page, &planned.id)
            .await?;
        let same_as = |now: &ComponentSettings| {
            now.name == planned.name
                && now.group_id == planned.group_id
                && now.is_group == planned.is_group
        };
        Ok(if same_as(&now) {
            Before::AsPlanned
        } else {
            Before::Changed("somebody else changed it".to_owned())
        })
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        let id = self.now.as_ref().map(|it| &it.id);
        match (&self.sent, id) {
            (Sent::Component(new), None) => {
                self.statuspage
                    .create_component(cx, intent, &self.page, new)
                    .await
            }
            (Sent::Component(change), Some(id)) => {
                self.statuspage
                    .update_component(cx, intent, &self.page, id, change)
                    .await
            }
            (Sent::Group(group), id) => {
                self.statuspage
                    .write_component_group(cx, intent, &self.page, id, group)
                    .await
            }
        }
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let id = match &self.now {
            Some(now) => Some(now.id.clone()),
            None => self.made(cx).await?,
        };
        let Some(id) = id else {
            return Ok(Seen::Unchanged(
                Value::Null,
                "there is no new one of this name".to_owned(),
            ));
        };
        let (after, wrong) = self.differs(cx, &id).await?;
        if wrong.is_empty() {
            return Ok(match &self.now {
                Some(_) => Seen::AsWanted(after),
                None => Seen::AsWantedAnd(after, format!("its id is {id}")),
            });
        }
        let fields = match &self.sent {
            Sent::Component(it) => json!(it),
            Sent::Group(it) => json!(it),
        };
        let why = format!(
            "Statuspage accepted it and did not take over: {}",
            wrong.join(", ")
        );
        let all = fields
            .as_object()
            .is_some_and(|all| all.len() == wrong.len());
        Ok(if all && self.now.is_some() {
            Seen::Unchanged(after, why)
        } else {
            Seen::InPart(after, why)
        })
    }
}
