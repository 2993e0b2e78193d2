//! Describes the losses by a change of a viewer's access: items that go out of sight, and items that are still seen by another way.

use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{Groups, group_name, out_of_sight};
use crate::roster::{ComponentId, GroupId, Reach, ViewerScope, Ways};

/// The facts from which the losses of a change are described.
pub(in crate::access) struct ScopeWords<'a> {
    pub name: String,
    pub groups: &'a Groups,
    pub items: &'a Items,
    /// The reach after the change.
    pub after: Reach,
}

impl ScopeWords<'_> {
    /// Describes the loss by leaving a group.
    pub(in crate::access) fn leaves(&self, id: &GroupId) -> String {
        let group = group_name(self.groups, id);
        let alone = ViewerScope {
            groups: vec![id.clone()],
            ..ViewerScope::default()
        };
        let gave = Reach::of(&alone, self.groups);
        let name = &self.name;
        if !gave.silent.is_empty() {
            return format!(
                "{name} loses what group {group} gives; what that is, Statuspage did not say"
            );
        }
        let gone = out_of_sight(&gave, &self.after, self.items);
        if gone.is_empty() {
            format!(
                "{name} leaves group {group} and sees the same as before: all that it gives is given otherwise too"
            )
        } else {
            format!(
                "{name} leaves group {group} and no longer sees {}",
                gone.join(", ")
            )
        }
    }

    /// Describes the loss by taking one item.
    pub(in crate::access) fn taken(&self, thing: &str, still: Option<&Ways>) -> String {
        let name = &self.name;
        match still {
            None => format!("{name} no longer sees {thing}"),
            Some(ways) => {
                let groups: Vec<String> = ways
                    .groups
                    .iter()
                    .map(|id| group_name(self.groups, id))
                    .collect();
                format!(
                    "{name} loses {thing} as given directly, and still sees it through {}",
                    groups.join(", ")
                )
            }
        }
    }

    /// A word of caution for component groups: what giving one comes to is not documented.
    pub(in crate::access) fn headings<'b>(
        &self,
        ids: impl Iterator<Item = &'b ComponentId>,
    ) -> Option<String> {
        let headings: Vec<String> = ids
            .filter(|id| self.items.components.get(*id).is_some_and(|it| it.is_group))
            .map(|id| self.items.component(id))
            .collect();
        (!headings.is_empty()).then(|| {
            format!(
                "{} is a component group: whether it brings the components under it is not documented, so name those too",
                headings.join(", ")
            )
        })
    }
}
