//! Adds a team member.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::team::read_team;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{NewTeamMember, Statuspage};
use crate::roster::Names;
use crate::upstream::Cx;

pub(in crate::access) struct CreateMember {
    pub statuspage: Statuspage,
    pub new: NewTeamMember,
    /// Pages of the roster when it was planned: what reading back costs.
    pub pages: u32,
}

impl Act for CreateMember {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        "add a team member".to_owned()
    }

    fn target(&self) -> String {
        self.new.email.to_string()
    }

    fn exact(&self) -> Value {
        json!({"email": self.new.email, "first_name": self.new.first_name, "last_name": self.new.last_name})
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
        1 + self.pages
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .create_team_member(cx, intent, &self.new)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let team = read_team(&self.statuspage, cx).await?;
            Ok(match team.into_iter().find(|record| record.has_email(&self.new.email)) {
                Some(record) => Seen::AsWanted(json!(record)),
                None => Seen::Unchanged(Value::Null, "Statuspage accepted the request, and nobody with this address is in the team".to_owned()),
            })
        })
    }
}
