//! Removes a page access group, and says beforehand who loses what by it.

use std::collections::BTreeSet;

use serde_json::json;

use crate::access::acts::delete_group::DeleteGroup;
use crate::access::change::effect::Loss;
use crate::access::change::plan::Plan;
use crate::access::look::group::Held;
use crate::access::statuspage::group_losses::GroupLoss;
use crate::access::statuspage::items::named;
use crate::access::statuspage::save_group::others;
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::caller::Scope;
use crate::roster::{GroupId, PageId};

impl Access {
    /// Removes a group, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_group(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &GroupId,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], &[])?;
        let groups = self.groups(ask, page).await?;
        let Some(group) = groups.get(id) else {
            let mut plan = Plan::so(format!("Page {page} has no group `{id}`."));
            plan.pages.push(page.clone());
            return self.carry_out(ask, token, plan).await;
        };
        let shown = named(group.name.as_deref(), id.as_str());
        let contents = Held::of(group).map_err(|part| {
            Refusal::Preflight(format!(
                "Statuspage did not say which {part} group {shown} has, so nobody can tell who loses what."
            ))
        })?;
        let items = self.items(ask, page).await?;
        let members = self.members(ask, page, contents.members.clone()).await?;
        let loss = GroupLoss {
            group: id,
            members: &contents.members,
            leaving: &contents.members,
            gave: (&contents.components, &contents.metrics),
            stops: (&BTreeSet::new(), &BTreeSet::new()),
        };
        let size = count(contents.members.len(), "member", "members");
        let mut plan = Plan::to(
            format!(
                "Group {shown} of page {page}, which has {size}, will be removed. That cannot be undone."
            ),
            format!("Group {shown} of page {page}, which had {size}, was removed."),
        );
        plan.pages.push(page.clone());
        plan.to_type = group.name.clone();
        plan.state = json!({"group": group, "others": others(&groups, id, &contents.members)});
        plan.warnings.push("what Statuspage does to the members of a removed group is not documented: assume that they lose what it gave; some are looked at afterwards".to_owned());
        let mut losses = vec![Loss {
            who: members.known_by(&contents.members),
            words: format!(
                "group {shown} with {}, {} and {} is gone for good",
                count(contents.members.len(), "member", "members"),
                count(contents.components.len(), "component", "components"),
                count(contents.metrics.len(), "metric", "metrics")
            ),
        }];
        losses.extend(loss.words(&groups, &items, &members));
        plan.acts.push(Box::new(DeleteGroup {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            group: group.clone(),
            held: contents,
            losses,
        }));
        self.carry_out(ask, token, plan).await
    }
}
