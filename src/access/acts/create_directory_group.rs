//! Makes a group of the directory.

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
use crate::roster::{DirectoryUser, Names};
use crate::upstream::Cx;

pub(in crate::access) struct CreateDirectoryGroup {
    pub directory: AtlassianScim,
    pub name: String,
    pub members: Vec<DirectoryUser>,
}

impl Act for CreateDirectoryGroup {
    fn system(&self) -> &'static str {
        "atlassian_scim"
    }

    fn what(&self) -> String {
        match self.members.as_slice() {
            [] => "make a directory group without members".to_owned(),
            some => format!("make a directory group with the members {}", names(some)),
        }
    }

    fn target(&self) -> String {
        self.name.clone()
    }

    fn exact(&self) -> Value {
        json!({"name": self.name, "members": sorted(Some(&ids(&self.members)))})
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Access(
            self.members.iter().map(Names::signing_in).collect(),
        )]
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.directory
                .create_group(cx, intent, &self.name, &ids(&self.members))
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let found = self.directory.groups(Some(&self.name)).rest(cx).await?;
            let Some(group) = found.into_iter().next() else {
                let why = "the directory accepted the request, and there is no group of this name";
                return Ok(Seen::Unchanged(Value::Null, why.to_owned()));
            };
            let member_ids = group.member_ids.as_deref();
            let after = json!({"id": group.id, "members": member_ids.map(|ids| sorted(Some(ids)))});
            let Some(member_ids) = member_ids else {
                return Ok(if self.members.is_empty() {
                    Seen::AsWanted(after)
                } else {
                    let why = format!(
                        "the group was made (id {}); the directory does not say who is in it",
                        group.id
                    );
                    Seen::InPart(after, why)
                });
            };
            let mut parts = Parts::default();
            parts.add(format!("the group (id {})", group.id), true);
            for user in &self.members {
                let id = user.record.directory_user_id();
                parts.add(
                    who(&user.record),
                    id.is_some_and(|id| member_ids.contains(&id)),
                );
            }
            Ok(parts.seen(after, ""))
        })
    }
}
