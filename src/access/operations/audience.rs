//! The viewers for whom the visibility of an incident or a component changes, on an audience-specific page: there an incident shows only to
//! viewers who may see an affected component.

use std::collections::BTreeSet;

use crate::access::statuspage::items::{Items, named};
use crate::access::words::count;
use crate::access::{Access, Ask, Refusal};
use crate::roster::{Audience, ComponentId, Page};

/// The affected components of an incident before and after.
pub(in crate::access) struct Sight<'a> {
    pub before: &'a BTreeSet<ComponentId>,
    pub after: &'a BTreeSet<ComponentId>,
}

impl Access {
    /// Returns whether a page is audience-specific, as far as is known.
    pub(in crate::access) async fn is_for_an_audience(
        &self,
        ask: &Ask,
        page: &Page,
    ) -> Result<bool, Refusal> {
        Ok(self.audience(ask, page).await?.audience == Audience::Yes)
    }

    /// The groups that no longer see an incident, as losses; those that see it from now on, as warnings.
    pub(in crate::access) async fn sight_of_incident(
        &self,
        ask: &Ask,
        page: &Page,
        sight: &Sight<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<String>, Refusal> {
        if !self.is_for_an_audience(ask, page).await? {
            return Ok(Vec::new());
        }
        let groups = self.groups(ask, &page.id).await?;
        let mut losses = Vec::new();
        for group in groups.values() {
            let shown = named(group.name.as_deref(), group.id.as_str());
            let Some(gives) = &group.component_ids else {
                warnings.push(format!("Statuspage did not say what group {shown} sees"));
                continue;
            };
            let sees = |of: &BTreeSet<ComponentId>| gives.iter().any(|id| of.contains(id));
            let members = group.member_ids.as_ref().map_or_else(
                || "an unknown number of members".to_owned(),
                |it| count(it.len(), "member", "members"),
            );
            match (sees(sight.before), sees(sight.after)) {
                (true, false) => losses.push(format!("group {shown} with {members} no longer sees this incident, unless a member sees an affected component otherwise")),
                (false, true) => warnings.push(format!("group {shown} with {members} sees this incident from now on")),
                _ => {}
            }
        }
        warnings.push("viewers who were given components directly are not counted here: Statuspage does not list them by component".to_owned());
        Ok(losses)
    }
}

/// The components of a component group.
pub(in crate::access) fn members_of(items: &Items, group: &ComponentId) -> Vec<ComponentId> {
    let rows = items.components.values();
    let inside = rows.filter(|it| it.group_id.as_ref() == Some(group));
    inside.map(|it| it.id.clone()).collect()
}

/// The component group that vanishes when these leave it.
pub(in crate::access) fn vanishing(items: &Items, leaving: &BTreeSet<ComponentId>) -> Vec<String> {
    let groups = items.components.values().filter(|it| it.is_group);
    groups
        .filter(|group| {
            let inside = members_of(items, &group.id);
            !inside.is_empty() && inside.iter().all(|id| leaving.contains(id))
        })
        .map(|group| {
            format!(
                "component group {} loses its last component and vanishes with it",
                items.component(&group.id)
            )
        })
        .collect()
}
