//! Takes a member out of the StatusApp team.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::set_team_role::id_of;
use crate::access::Refusal;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::statusapp::role_words;
use crate::access::look::whole::read_all;
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statusapp::StatusApp;
use crate::roster::{MemberId, Record};
use crate::upstream::Cx;

pub(in crate::access) struct RemoveTeamMember {
    statusapp: StatusApp,
    id: MemberId,
    record: Record,
}

impl RemoveTeamMember {
    pub(in crate::access) fn new(statusapp: StatusApp, record: Record) -> Result<Self, Refusal> {
        Ok(Self {
            statusapp,
            id: id_of(&record)?,
            record,
        })
    }
}

impl Act for RemoveTeamMember {
    fn system(&self) -> &'static str {
        "statusapp"
    }

    fn what(&self) -> String {
        "remove the member from the StatusApp team".to_owned()
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"user_id": self.id})
    }

    fn before(&self) -> Value {
        json!(self.record)
    }

    fn losses(&self) -> Vec<Loss> {
        let words = format!(
            "{} can no longer reach the StatusApp account and loses the role {}",
            who(&self.record),
            role_words(&self.record)
        );
        vec![Loss::of(&self.record, words)]
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move { self.statusapp.remove_member(cx, intent, &self.id).await })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            // By the list, whose shape is documented, and not by an answer "not found", which could be about the address.
            let team = read_all(self.statusapp.members(), cx, "members").await?;
            Ok(match team.into_iter().find(|it| it.id == self.record.id) {
                None => Seen::AsWanted(Value::Null),
                Some(still) => {
                    Seen::Unchanged(json!(still), "the person is still in the team".to_owned())
                }
            })
        })
    }
}
