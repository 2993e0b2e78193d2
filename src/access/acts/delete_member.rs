//! Removes a team member.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::delta_words;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::team::read_team;
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Delta, Permissions, Record, UserId};
use crate::upstream::Cx;

pub(in crate::access) struct DeleteMember {
    pub statuspage: Statuspage,
    pub user: UserId,
    pub record: Record,
    /// The person's page roles before the step, where they could be read.
    pub permissions: Option<Permissions>,
    /// Pages of the roster when it was planned: what reading back costs.
    pub pages: u32,
}

impl Act for DeleteMember {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        "remove the team member from the organization".to_owned()
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"user_id": self.user})
    }

    fn before(&self) -> Value {
        json!({"record": self.record, "permissions": self.permissions})
    }

    fn losses(&self) -> Vec<Loss> {
        let shown = who(&self.record);
        let mut losses = vec![format!(
            "{shown} is no longer a team member and cannot log in to manage pages"
        )];
        match &self.permissions {
            None => losses.push(format!("{shown} loses page roles that could not be read")),
            Some(held) => losses.extend(held.pages.iter().map(|(page, roles)| {
                let delta = Delta {
                    page_id: page.clone(),
                    page_access: true,
                    roles: roles.roles.clone(),
                    unknown: roles
                        .unknown
                        .iter()
                        .filter(|(_, on)| **on)
                        .map(|(name, _)| name.clone())
                        .collect(),
                };
                format!("{shown} loses {}", delta_words(&delta))
            })),
        }
        let loss = |words| Loss::of(&self.record, words);
        losses.into_iter().map(loss).collect()
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn requests(&self) -> u32 {
        1 + self.pages
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn partly_unread(&self) -> bool {
        self.permissions.is_none()
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .delete_team_member(cx, intent, &self.user)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let team = read_team(&self.statuspage, cx).await?;
            Ok(
                match team
                    .into_iter()
                    .find(|record| record.user_id().as_ref() == Some(&self.user))
                {
                    None => Seen::AsWanted(Value::Null),
                    Some(still) => {
                        Seen::Unchanged(json!(still), "the person is still in the team".to_owned())
                    }
                },
            )
        })
    }
}
