//! Makes a page access group, or changes one by merging.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::acts::{create_group::CreateGroup, update_group::UpdateGroup};
use crate::access::change::effect::Loss;
use crate::access::change::plan::Plan;
use crate::access::look::group::{Held, Merged};
use crate::access::statuspage::group_losses::GroupLoss;
use crate::access::statuspage::items::{Items, named};
use crate::access::statuspage::members::Members;
use crate::access::statuspage::reach::Groups;
use crate::access::statuspage::viewer_access::audience_of;
use crate::access::{Access, Ask, ChangeReport, MemberChange, Refusal};
use crate::caller::Scope;
use crate::providers::statuspage::NewGroup;
use crate::roster::{
    Audience, ComponentId, GroupId, MetricId, PageAccessGroup, PageId, SetChange, SetError,
    SetMerged, ViewerId, text,
};

/// A group to be made or changed.
#[derive(Debug, Clone)]
pub struct GroupEdit {
    /// The page.
    pub page_id: PageId,
    /// The group; absent to make one.
    pub group_id: Option<GroupId>,
    /// Its name, or its new one.
    pub name: Option<String>,
    /// The id that the identity provider is to know it by.
    pub external_id: Option<String>,
    /// The changes to its members.
    pub members: MemberChange,
    /// The changes to its components.
    pub components: SetChange<ComponentId>,
    /// The changes to its metrics.
    pub metrics: SetChange<MetricId>,
}

impl GroupEdit {
    /// The change worked out against what a group holds.
    fn merge(&self, held: &Held) -> Result<Merged, Refusal> {
        let bad = |what: &str, error: SetError| Refusal::arguments(format!("{what}: {error}"));
        Ok(Merged {
            members: self
                .members
                .by_id
                .merge(&held.members)
                .map_err(|error| bad("members", error))?,
            components: self
                .components
                .merge(&held.components)
                .map_err(|error| bad("components", error))?,
            metrics: self
                .metrics
                .merge(&held.metrics)
                .map_err(|error| bad("metrics", error))?,
        })
    }

    fn takes(&self) -> bool {
        !(self.members.by_id.revoke.is_empty()
            && self.components.revoke.is_empty()
            && self.metrics.revoke.is_empty())
    }
}

impl Access {
    /// Makes a group, or changes one; what it is not told to change stays.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn save_group(
        &self,
        ask: &Ask,
        edit: &GroupEdit,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = &edit.page_id;
        let name = edit.name.as_deref();
        let name = name.map(|name| checked(name, "name")).transpose()?;
        let external_id = edit.external_id.as_deref();
        let external_id = external_id
            .map(|id| checked(id, "external_id"))
            .transpose()?;
        self.permit(ask, Scope::Write, std::slice::from_ref(page), &[], &[])?;
        let _turn = self.alone_with(ask, &audience_of(page)).await?;
        let mut edit = edit.clone();
        let strangers = match self
            .find_members(ask, page, &mut edit.members, token)
            .await?
        {
            Ok(strangers) => strangers,
            Err(reading) => return Ok(*reading),
        };
        let edit = &edit;
        let items = self
            .known_items(
                ask,
                page,
                edit.components.wanted().collect::<Vec<_>>().into_iter(),
                edit.metrics.wanted().collect::<Vec<_>>().into_iter(),
            )
            .await?;
        let groups = self.known_groups(ask, page, edit.group_id.iter()).await?;
        let same_name: Vec<&PageAccessGroup> = groups
            .values()
            .filter(|group| name.is_some() && group.name == name)
            .collect();
        let holder = groups
            .values()
            .find(|group| external_id.is_some() && group.external_id == external_id);
        if let Some(holder) = holder.filter(|holder| {
            edit.group_id
                .as_ref()
                .map_or(holder.name != name, |id| holder.id != *id)
        }) {
            return Err(Refusal::Preflight(format!(
                "Group {} of page {page} has this `external_id` already, and the identity provider would not know which of two is meant. Give it another one first, with its `group_id`.",
                named(holder.name.as_deref(), holder.id.as_str())
            )));
        }
        let texts = (name.clone(), external_id);
        let mut plan = match edit.group_id.as_ref().and_then(|id| groups.get(id)) {
            Some(group) => {
                self.plan_update(ask, edit, texts, group, &groups, &items)
                    .await?
            }
            None => match same_name.as_slice() {
                [] => self.plan_create(ask, edit, texts, &groups, &items).await?,
                [held] => already(edit, texts.1.as_ref(), held)?,
                several => {
                    return Err(Refusal::Ambiguous(format!(
                        "page {page} has {} groups with this name: give the `group_id` of the one that is meant",
                        several.len()
                    )));
                }
            },
        };
        // The others go on without those who are not there.
        plan.people = strangers;
        self.carry_out(ask, token, plan).await
    }

    async fn plan_create(
        &self,
        ask: &Ask,
        edit: &GroupEdit,
        (name, external_id): (Option<String>, Option<String>),
        groups: &Groups,
        items: &Items,
    ) -> Result<Plan, Refusal> {
        let page = &edit.page_id;
        let Some(name) = name else {
            return Err(Refusal::arguments(
                "give `group_id` to change a group, or `name` to make one",
            ));
        };
        if edit.takes() {
            return Err(Refusal::arguments(format!(
                "page {page} has no group `{name}`, and from a new one nothing can be removed: give `group_id` to change a group"
            )));
        }
        let merged = edit.merge(&Held::default())?;
        let members = self
            .members(ask, page, merged.members.after.clone())
            .await?;
        known_members(&members, &merged.members, page)?;
        let (_, evidence) = self.page(ask, page).await?;
        let mut plan = Plan::to(
            format!("The group {name} will be made on page {page}."),
            format!("The group {name} was made on page {page}."),
        );
        plan.pages.push(page.clone());
        if evidence.audience != Audience::Yes {
            plan.warnings.push(format!(
                "nothing shows that page {page} is audience-specific ({}): on any other page a group has no effect",
                evidence.reasons.join("; ")
            ));
        }
        plan.acts.push(Box::new(CreateGroup {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            words: given_words(&merged, items, &members),
            gainers: members.known_by(&merged.members.after),
            new: NewGroup {
                name,
                external_id,
                member_ids: merged.members.after.into_iter().collect(),
                component_ids: merged.components.after.into_iter().collect(),
                metric_ids: merged.metrics.after.into_iter().collect(),
            },
            known: groups.keys().cloned().collect(),
        }));
        Ok(plan)
    }

    async fn plan_update(
        &self,
        ask: &Ask,
        edit: &GroupEdit,
        (name, external_id): (Option<String>, Option<String>),
        group: &PageAccessGroup,
        groups: &Groups,
        items: &Items,
    ) -> Result<Plan, Refusal> {
        let page = &edit.page_id;
        let shown = named(group.name.as_deref(), group.id.as_str());
        let before = Held::of(group).map_err(|part| {
            Refusal::Preflight(format!(
                "Statuspage did not say which {part} group {shown} has: changing it could take some away."
            ))
        })?;
        let merged = edit.merge(&before)?;
        let name = name.filter(|name| group.name.as_ref() != Some(name));
        let external_id = external_id.filter(|id| group.external_id.as_ref() != Some(id));
        let loss = GroupLoss {
            group: &group.id,
            members: &before.members,
            leaving: &merged.members.lost,
            gave: (&before.components, &before.metrics),
            stops: (&merged.components.lost, &merged.metrics.lost),
        };
        let losers = loss.affected();
        let gives = !(merged.components.gained.is_empty() && merged.metrics.gained.is_empty());
        let mut gainers = merged.members.gained.clone();
        // Only the rule about domains asks who gains; without it nobody needs to be looked up.
        if gives && self.rules().domains.is_some() {
            gainers.extend(merged.members.after.iter().cloned());
        }
        let reached = losers.union(&gainers).cloned().collect();
        let members = self.members(ask, page, reached).await?;
        known_members(&members, &merged.members, page)?;

        let mut plan = Plan::to(
            format!("Group {shown} of page {page} will change; what is not named stays."),
            format!("Group {shown} of page {page} was changed; what was not named stayed."),
        );
        plan.pages.push(page.clone());
        plan.to_type = group.name.clone();
        plan.state = json!({"group": group, "others": others(groups, &group.id, &losers)});
        if let (Some(new), Some(old)) = (&external_id, &group.external_id) {
            plan.asks.push(format!(
                "group {shown} is no longer known to the identity provider as {old}, but as {new}: whoever it puts into {old} no longer comes into this group"
            ));
        }
        if name.is_none()
            && external_id.is_none()
            && merged.members.is_nothing()
            && merged.components.is_nothing()
            && merged.metrics.is_nothing()
        {
            plan.say_so(format!("Group {shown} of page {page} is so already."));
            return Ok(plan);
        }
        plan.acts.push(Box::new(UpdateGroup {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            group: group.clone(),
            words: given_words(&merged, items, &members),
            losses: losses(&shown, &merged, &loss, groups, items, &members),
            gainers: members.known_by(&gainers),
            name,
            external_id,
            merged,
            held: before,
        }));
        Ok(plan)
    }
}

/// Returns what the other groups give to these people: losses are worked out from it, so a plan is void when it changes.
pub(in crate::access) fn others(
    groups: &Groups,
    but: &GroupId,
    people: &BTreeSet<ViewerId>,
) -> Value {
    groups
        .values()
        .filter(|group| group.id != *but)
        .filter_map(|group| {
            let members = group.member_ids.iter().flatten();
            let shared: Vec<_> = members.filter(|id| people.contains(*id)).collect();
            (!shared.is_empty())
                .then(|| json!([group.id, group.component_ids, group.metric_ids, shared]))
        })
        .collect()
}

/// A group with the name is there: as good as made where it holds everything, and otherwise not silently changed.
fn already(
    edit: &GroupEdit,
    external_id: Option<&String>,
    held: &PageAccessGroup,
) -> Result<Plan, Refusal> {
    let has = Held::of(held).ok().and_then(|it| edit.merge(&it).ok());
    let holds = |it: Merged| {
        it.members.is_nothing() && it.components.is_nothing() && it.metrics.is_nothing()
    };
    let other_id = external_id.is_some() && external_id != held.external_id.as_ref();
    if other_id || !has.is_some_and(holds) {
        return Err(Refusal::Ambiguous(format!(
            "page {} has a group with this name already (id {}), and it holds something else: give `group_id` to change it, or another name to make a second one",
            edit.page_id, held.id
        )));
    }
    let mut plan = Plan::so(format!(
        "Page {} has this group already (id {}).",
        edit.page_id, held.id
    ));
    plan.pages.push(edit.page_id.clone());
    Ok(plan)
}

fn known_members(
    members: &Members,
    merged: &SetMerged<ViewerId>,
    page: &PageId,
) -> Result<(), Refusal> {
    match members.stranger(&merged.gained) {
        None => Ok(()),
        Some(id) => Err(Refusal::NotFound {
            what: format!("page access user `{id}`"),
            where_: format!(" on page {page}"),
            next: "`list_page_access_users` shows the viewers and their ids.".to_owned(),
        }),
    }
}

/// A text that reads the same for everybody.
fn checked(given: &str, field: &str) -> Result<String, Refusal> {
    let cleaned = text::clean(given, text::NAME);
    if cleaned.text.is_empty() || cleaned.altered {
        return Err(Refusal::arguments(format!(
            "`{field}` is 1 to {} visible characters",
            text::NAME
        )));
    }
    Ok(cleaned.text)
}

/// Describes what is given and taken, by name.
fn given_words(merged: &Merged, items: &Items, members: &Members) -> String {
    let mut words = Vec::new();
    let mut say = |verb: &str, what: &str, names: Vec<String>| {
        if !names.is_empty() {
            words.push(format!("{verb} {what} {}", names.join(", ")));
        }
    };
    let people = |ids: &BTreeSet<ViewerId>| -> Vec<String> {
        (!ids.is_empty())
            .then(|| members.names(ids))
            .into_iter()
            .collect()
    };
    let components =
        |ids: &BTreeSet<ComponentId>| ids.iter().map(|id| items.component(id)).collect();
    let metrics = |ids: &BTreeSet<MetricId>| ids.iter().map(|id| items.metric(id)).collect();
    say("add", "members", people(&merged.members.gained));
    say("add", "components", components(&merged.components.gained));
    say("add", "metrics", metrics(&merged.metrics.gained));
    say("remove", "members", people(&merged.members.lost));
    say("remove", "components", components(&merged.components.lost));
    say("remove", "metrics", metrics(&merged.metrics.lost));
    words.join("; ")
}

/// Returns the losses of the people to whom the group no longer gives something.
fn losses(
    shown: &str,
    merged: &Merged,
    loss: &GroupLoss<'_>,
    groups: &Groups,
    items: &Items,
    members: &Members,
) -> Vec<Loss> {
    let components = merged.components.lost.iter().map(|id| items.component(id));
    let metrics = merged
        .metrics
        .lost
        .iter()
        .map(|id| format!("metric {}", items.metric(id)));
    let stops: Vec<String> = components.chain(metrics).collect();
    let mut losses = Vec::new();
    if !stops.is_empty() {
        losses.push(Loss {
            who: members.known_by(loss.members),
            words: format!("group {shown} no longer gives {}", stops.join(", ")),
        });
    }
    losses.extend(loss.words(groups, items, members));
    losses
}
