//! Puts people into a group of the directory and takes others out; everybody else stays.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::Parts;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::directory::ids;
use crate::access::look::directory::names;
use crate::access::look::directory::sorted;
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::roster::{DirectoryGroup, DirectoryUser, Names};
use crate::upstream::Cx;

pub(in crate::access) struct ChangeDirectoryGroup {
    pub directory: AtlassianScim,
    pub group: DirectoryGroup,
    pub add: Vec<DirectoryUser>,
    pub remove: Vec<DirectoryUser>,
}

impl ChangeDirectoryGroup {
    fn shown(&self) -> String {
        match &self.group.name {
            Some(name) => format!("{name} ({})", self.group.id),
            None => self.group.id.to_string(),
        }
    }
}

impl ChangeDirectoryGroup {
    /// Returns whether somebody is in the group as far as they themselves say.
    async fn says_its_groups(
        &self,
        cx: &Cx,
        user: &DirectoryUser,
    ) -> Result<Option<bool>, ProviderError> {
        let Some(id) = user.record.directory_user_id() else {
            return Ok(None);
        };
        let now = self.directory.user(cx, &id).await?;
        Ok(now
            .record
            .row
            .groups
            .map(|held| held.contains(&self.group.id)))
    }
}

impl Act for ChangeDirectoryGroup {
    fn system(&self) -> &'static str {
        "atlassian_scim"
    }

    fn what(&self) -> String {
        match (self.add.is_empty(), self.remove.is_empty()) {
            (false, true) => format!("add {} to the directory group", names(&self.add)),
            (true, _) => format!("take {} out of the directory group", names(&self.remove)),
            (false, false) => format!(
                "add {} to the directory group and take {} out of it",
                names(&self.add),
                names(&self.remove)
            ),
        }
    }

    fn target(&self) -> String {
        self.shown()
    }

    fn exact(&self) -> Value {
        json!({"group_id": self.group.id, "add": sorted(Some(&ids(&self.add))), "remove": sorted(Some(&ids(&self.remove)))})
    }

    fn before(&self) -> Value {
        json!({"group_id": self.group.id, "members": self.group.member_ids.as_deref().map(|ids| sorted(Some(ids)))})
    }

    fn losses(&self) -> Vec<Loss> {
        let one = |user: &DirectoryUser| {
            let words = format!(
                "{} is no longer in the directory group {} and loses what it opens in Atlassian products",
                who(&user.record),
                self.shown()
            );
            Loss::of_user(user, words)
        };
        self.remove.iter().map(one).collect()
    }

    fn gains(&self) -> Vec<Gain> {
        let gain = || Gain::Access(self.add.iter().map(Names::signing_in).collect());
        (!self.add.is_empty()).then(gain).into_iter().collect()
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
            let (add, remove) = (ids(&self.add), ids(&self.remove));
            self.directory
                .change_group(cx, intent, &self.group.id, &add, &remove)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self.directory.group(cx, &self.group.id).await?;
            let mut parts = Parts::default();
            for (users, wanted, verb) in [
                (&self.add, true, "added"),
                (&self.remove, false, "taken out"),
            ] {
                for user in users {
                    let is_in = match &now.member_ids {
                        Some(held) => user.record.directory_user_id().map(|id| held.contains(&id)),
                        None => self.says_its_groups(cx, user).await?,
                    };
                    let Some(is_in) = is_in else {
                        return Err(ProviderError::Untrusted {
                            what: "directory group",
                            place: "members".to_owned(),
                            why: "the directory does not say who is in the group, neither with the group nor with the person".to_owned(),
                        });
                    };
                    parts.add(format!("{} {verb}", who(&user.record)), is_in == wanted);
                }
            }
            let after = json!({"group_id": now.id, "members": now.member_ids.as_deref().map(|ids| sorted(Some(ids)))});
            Ok(parts.seen(after, "the directory accepted the request and the members are as before; groups that the identity provider owns are managed there"))
        })
    }
}
