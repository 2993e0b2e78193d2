//! Removes a page access group, and looks afterwards what became of its members.
//!
//! Statuspage does not document what it does to them (an older reference had a choice of three: keep them without what the group gave, give
//! it to each directly, delete them). So some are read back, and the report says what was found.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::group::Held;
use crate::access::statuspage::items::named;
use crate::access::statuspage::reach::given_components;
use crate::access::words::count;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Holder, Statuspage};
use crate::roster::{PageAccessGroup, PageId, ViewerId};
use crate::upstream::Cx;

/// Members that are looked at afterwards: enough to see which of the three it was.
const LOOKED_AT: usize = 5;

pub(in crate::access) struct DeleteGroup {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub group: PageAccessGroup,
    pub held: Held,
    pub losses: Vec<Loss>,
}

/// The state of a member after the deletion.
struct After {
    there: bool,
    /// Holds everything directly that the group gave; known only where the group gave something.
    given_directly: bool,
}

impl DeleteGroup {
    async fn member(&self, cx: &Cx, id: &ViewerId) -> Result<After, ProviderError> {
        match self.statuspage.viewer(cx, &self.page, id).await {
            Ok(_) => {}
            Err(error) if error.is_not_found() => {
                return Ok(After {
                    there: false,
                    given_directly: false,
                });
            }
            Err(error) => return Err(error),
        }
        let holder = Holder::Viewer(id.clone());
        let direct = given_components(&self.statuspage, cx, &self.page, &holder).await?;
        Ok(After {
            there: true,
            given_directly: !self.held.components.is_empty()
                && self.held.components.is_subset(&direct),
        })
    }

    /// Reads the state of the first members, in words and as data.
    async fn members(&self, cx: &Cx) -> Result<(Value, String), ProviderError> {
        let mut members = Vec::new();
        for id in self.held.members.iter().take(LOOKED_AT) {
            members.push((id, self.member(cx, id).await?));
        }
        let there = members.iter().filter(|(_, after)| after.there).count();
        let directly = members
            .iter()
            .filter(|(_, after)| after.given_directly)
            .count();
        let words = match members.len() {
            0 => "the group had no members".to_owned(),
            looked => format!(
                "of {} {looked} were looked at: {there} are still page access users, {directly} hold directly all components that the group gave",
                count(self.held.members.len(), "member", "members")
            ),
        };
        let data = members
            .iter()
            .map(|(id, after)| json!({"id": id, "there": after.there, "given_directly": after.given_directly}))
            .collect();
        Ok((data, words))
    }
}

impl Act for DeleteGroup {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        format!("remove the page access group from page {}", self.page)
    }

    fn target(&self) -> String {
        named(self.group.name.as_deref(), self.group.id.as_str())
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "group_id": self.group.id})
    }

    fn before(&self) -> Value {
        json!(self.group)
    }

    fn losses(&self) -> Vec<Loss> {
        self.losses.clone()
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn requests(&self) -> u32 {
        let looked = self.held.members.len().min(LOOKED_AT);
        2 + 2 * u32::try_from(looked).unwrap_or(0)
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .delete_group(cx, intent, &self.page, &self.group.id)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            match self.statuspage.group(cx, &self.page, &self.group.id).await {
                Ok(still) => {
                    return Ok(Seen::Unchanged(
                        json!(still),
                        "the group is still there".to_owned(),
                    ));
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
            // The group is seen to be gone; that its members could not be looked at does not make that unknown.
            Ok(match self.members(cx).await {
                Ok((members, words)) => Seen::AsWantedAnd(json!({"members": members}), words),
                Err(error) => Seen::AsWantedAnd(
                    Value::Null,
                    format!("what became of its members could not be read: {error}"),
                ),
            })
        })
    }
}
