//! Puts people into a group of the directory and takes others out; everybody else stays.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::directory::ids;
use crate::access::look::directory::names;
use crate::access::look::directory::sorted;
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::roster::{DirectoryGroup, DirectoryUser, DirectoryUserId, Names};
use crate::upstream::Cx;

pub(in crate::access) struct ChangeDirectoryGroup {
    pub directory: AtlassianScim,
    pub group: DirectoryGroup,
    pub add: Vec<DirectoryUser>,
    pub remove: Vec<DirectoryUser>,
}

impl ChangeDirectoryGroup {
    fn held(&self) -> &[DirectoryUserId] {
        self.group.member_ids.as_deref().unwrap_or_default()
    }

    fn shown(&self) -> String {
        match &self.group.name {
            Some(name) => format!("{name} ({})", self.group.id),
            None => self.group.id.to_string(),
        }
    }
}

impl Act for ChangeDirectoryGroup {
    fn system(&self) -> &'static str {
        "atlassian_scim"
    }

    fn action(&self) -> String {
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
        json!({"group_id": self.group.id, "member_count": self.held().len()})
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
            let held = now.member_ids.unwrap_or_default();
            let after = json!({"group_id": now.id, "member_count": held.len()});
            let missing = ids(&self.add).iter().any(|id| !held.contains(id));
            let left_over = ids(&self.remove).iter().any(|id| held.contains(id));
            Ok(if !missing && !left_over {
                Seen::AsWanted(after)
            } else if sorted(Some(&held)) == sorted(Some(self.held())) {
                Seen::Unchanged(after, "the directory accepted the request and the members are as before; groups that the identity provider owns are managed there".to_owned())
            } else {
                Seen::Otherwise(after, "the members are neither as before nor as wanted: somebody else may be changing them".to_owned())
            })
        })
    }
}
