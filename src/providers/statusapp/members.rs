//! Members of the team.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Result, Scan, StatusApp, of_change, role, status, team, wire};
use crate::{
    audit::Intent,
    providers::ProviderError,
    roster::{Email, Kind, MemberId, Record, RecordScope, System, TeamRole},
    upstream::{Cx, Error, Row, Single, Write},
};

/// Somebody to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The address that the invitation is sent to.
    pub email: Email,
    /// The name to show.
    pub name: Option<String>,
    /// The role to be.
    pub role: TeamRole,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMember {
    #[serde(deserialize_with = "wire::id")]
    id: MemberId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    role: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    accepted_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    updated_at: Option<Timestamp>,
}

impl Row for WireMember {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl WireMember {
    fn record(self, as_of: Timestamp) -> Record {
        let mut record = Record::new(
            System::Statusapp,
            Kind::TeamMember,
            self.id,
            RecordScope::team(),
            as_of,
        );
        record.take_email(self.email.as_deref());
        record.display_name = record.take_text(self.name.as_deref());
        record.roles = role(self.role.as_deref());
        record.status = status(self.status.as_deref());
        record.active_date = self.accepted_at;
        record.updated_at = self.updated_at;
        record
    }
}

/// One member: how it is wrapped is not documented.
#[derive(Deserialize)]
#[serde(untagged)]
enum WireOne {
    Wrapped { member: WireMember },
    Bare(WireMember),
}

impl Single for WireOne {}

impl StatusApp {
    /// Every member. One request for each 100.
    pub fn members(&self) -> Scan<Record> {
        self.scan(team("members"), "members", |row: WireMember, as_of| {
            row.record(as_of)
        })
        .never_empty("StatusApp answered with no member at all, and no team is without an owner: check the key")
    }

    /// One member. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn member(&self, cx: &Cx, id: &MemberId) -> Result<Record> {
        let found = self.0.client.get(cx, team("members").push(id)).await?;
        let (WireOne::Wrapped { member } | WireOne::Bare(member)) = found;
        Ok(member.record(self.now()))
    }

    /// Sends an invitation by mail. One request, never sent twice.
    ///
    /// # Errors
    /// [`ProviderError::AlreadyExists`] for somebody who is a member or invited, else `ProviderError::Upstream`.
    pub async fn invite(&self, cx: &Cx, intent: &Intent, person: &NewMember) -> Result<()> {
        let mut body = json!({ "email": person.email, "role": person.role.on_the_wire() });
        if let (Some(name), Value::Object(body)) = (&person.name, &mut body) {
            body.insert("name".to_owned(), json!(name));
        }
        match self
            .0
            .client
            .write(cx, intent, Write::post(team("members"), body))
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if there_already(&error) => Err(ProviderError::AlreadyExists {
                what: "team member or invitation",
                name: person.email.to_string(),
            }),
            Err(error) => Err(of_change(error)),
        }
    }

    /// Gives a member another role. One request; sent again when its answer is lost.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when StatusApp forbids the change (403), else `ProviderError::Upstream`.
    pub async fn set_role(
        &self,
        cx: &Cx,
        intent: &Intent,
        id: &MemberId,
        role: TeamRole,
    ) -> Result<()> {
        let write = Write::put(
            team("members").push(id),
            json!({ "role": role.on_the_wire() }),
        );
        let sent = self.0.client.write(cx, intent, write).await;
        sent.map(drop).map_err(of_change)
    }

    /// Takes a member out of the team, at once. One request; sent again when its answer is lost.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when StatusApp forbids the change (403), else `ProviderError::Upstream`.
    pub async fn remove_member(&self, cx: &Cx, intent: &Intent, id: &MemberId) -> Result<()> {
        let write = Write::delete(team("members").push(id));
        let sent = self.0.client.write(cx, intent, write).await;
        sent.map(drop).map_err(of_change)
    }
}

/// The wording is not documented; a 409 or "already" is what every API of this kind says.
fn there_already(error: &Error) -> bool {
    match error {
        Error::Conflict { .. } => true,
        Error::Invalid { message, .. } => {
            let message = message.to_lowercase();
            message.contains("already") || message.contains("exists")
        }
        _ => false,
    }
}
