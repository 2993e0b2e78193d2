//! Gives a member of the StatusApp team another role.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::Refusal;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::statusapp::role_words;
use crate::access::look::whole::read_all;
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statusapp::StatusApp;
use crate::roster::{MemberId, Names, Record, TeamRole};
use crate::upstream::Cx;

pub(in crate::access) struct SetTeamRole {
    statusapp: StatusApp,
    id: MemberId,
    record: Record,
    role: TeamRole,
}

impl SetTeamRole {
    pub(in crate::access) fn new(
        statusapp: StatusApp,
        record: Record,
        role: TeamRole,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            statusapp,
            id: id_of(&record)?,
            record,
            role,
        })
    }
}

/// The id that the team API knows a member by.
pub(super) fn id_of(record: &Record) -> Result<MemberId, Refusal> {
    record.member_id().ok_or_else(|| {
        Refusal::Preflight(format!(
            "{} is not a member of the StatusApp team.",
            who(record)
        ))
    })
}

impl Act for SetTeamRole {
    fn system(&self) -> &'static str {
        "statusapp"
    }

    fn what(&self) -> String {
        format!(
            "change the StatusApp role from {} to {}",
            role_words(&self.record),
            self.role
        )
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"user_id": self.id, "role": self.role})
    }

    fn before(&self) -> Value {
        json!(self.record)
    }

    fn losses(&self) -> Vec<Loss> {
        // A role of the customer's own is of unknown strength: going from it may take something away.
        let weaker = self.record.team_role().is_none_or(|held| self.role < held);
        let words = || {
            format!(
                "{} has the role {} and no longer {}",
                who(&self.record),
                self.role,
                role_words(&self.record)
            )
        };
        let loss = || Loss::of(&self.record, words());
        weaker.then(loss).into_iter().collect()
    }

    fn gains(&self) -> Vec<Gain> {
        let stronger = self.record.team_role().is_none_or(|held| self.role > held);
        let gain = || Gain::Access(Names::of(&self.record));
        stronger.then(gain).into_iter().collect()
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
            self.statusapp
                .set_role(cx, intent, &self.id, self.role)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let team = read_all(self.statusapp.members(), cx, "members").await?;
            let Some(now) = team.into_iter().find(|it| it.id == self.record.id) else {
                let why = "the person is no longer in the team".to_owned();
                return Ok(Seen::Otherwise(Value::Null, why));
            };
            Ok(if now.team_role() == Some(self.role) {
                Seen::AsWanted(json!(now))
            } else if now.roles == self.record.roles {
                let why = "StatusApp accepted the request and the role is as before".to_owned();
                Seen::Unchanged(json!(now), why)
            } else {
                let why =
                    "the role is neither as before nor as wanted: somebody else may be changing it";
                Seen::Otherwise(json!(now), why.to_owned())
            })
        })
    }
}
