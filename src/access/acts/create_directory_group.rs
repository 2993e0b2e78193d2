//! Makes a group of the directory.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::directory::ids;
use crate::access::look::directory::sorted;
use crate::access::words::count;
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

    fn action(&self) -> String {
        format!(
            "make a directory group with {}",
            count(self.members.len(), "member", "members")
        )
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
            let now = sorted(group.member_ids.as_deref());
            let after = json!({"id": group.id, "members": now});
            Ok(if now == sorted(Some(&ids(&self.members))) {
                Seen::AsWanted(after)
            } else {
                Seen::Otherwise(after, "the group is there, with other members".to_owned())
            })
        })
    }
}
