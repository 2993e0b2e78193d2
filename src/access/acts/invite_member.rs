//! Invites somebody to the StatusApp team.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::statusapp::{no_longer_open, pending};
use crate::access::look::whole::read_all;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statusapp::{NewMember, StatusApp};
use crate::roster::Names;
use crate::upstream::Cx;

pub(in crate::access) struct InviteMember {
    pub statusapp: StatusApp,
    pub new: NewMember,
}

impl Act for InviteMember {
    fn system(&self) -> &'static str {
        "statusapp"
    }

    fn what(&self) -> String {
        format!("invite to the StatusApp team as {}", self.new.role)
    }

    fn target(&self) -> String {
        self.new.email.to_string()
    }

    fn exact(&self) -> Value {
        json!({"email": self.new.email, "name": self.new.name, "role": self.new.role})
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Access(Names::from(&self.new.email))]
    }

    fn requests(&self) -> u32 {
        3
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move { self.statusapp.invite(cx, intent, &self.new).await })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let email = &self.new.email;
            let invitations = read_all(self.statusapp.invitations(), cx, "invitations").await?;
            if let Some(invitation) = pending(&invitations, email) {
                return Ok(Seen::AsWanted(json!(invitation)));
            }
            let team = read_all(self.statusapp.members(), cx, "members").await?;
            Ok(
                match team.into_iter().find(|record| record.has_email(email)) {
                    Some(member) => Seen::AsWanted(json!(member)),
                    None => Seen::Unchanged(Value::Null, no_longer_open(&invitations, email)),
                },
            )
        })
    }
}
