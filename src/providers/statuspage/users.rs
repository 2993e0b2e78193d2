//! Team members: who belongs to the organization.
//!
//! The API lists, creates and deletes them; there is no way to change one, and no field says who is an administrator, when
//! somebody was last seen, or whether an account is in use (Manage API, `users`).

use jiff::Timestamp;
use rand::RngExt as _;
use serde::Deserialize;
use serde_json::json;

use super::{Cx, Result, Scan, Statuspage, refusal::Call, wire};
use crate::{
    audit::Intent,
    providers::ProviderError,
    roster::{Email, Kind, Record, RecordScope, System, UserId},
    upstream::{List, Row, Write},
};

/// Somebody to be made a team member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTeamMember {
    /// The address that the person signs in with.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
}

#[derive(Deserialize)]
struct WireUser {
    #[serde(deserialize_with = "wire::id")]
    id: UserId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    first_name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    last_name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    updated_at: Option<Timestamp>,
}

impl Row for WireUser {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl WireUser {
    fn record(self, scope: RecordScope, as_of: Timestamp) -> Record {
        let mut record = Record::new(System::Statuspage, Kind::TeamMember, self.id, scope, as_of);
        record.take_email(self.email.as_deref());
        record.first_name = record.take_text(self.first_name.as_deref());
        record.last_name = record.take_text(self.last_name.as_deref());
        record.active_date = self.created_at;
        record.updated_at = self.updated_at;
        record
    }
}

impl Statuspage {
    /// Every team member. One request for each 100 and one more when the last page is full.
    pub fn team_members(&self) -> Scan<Record> {
        let scope = self.organization_scope();
        self.scan(List::new(self.users_path()), move |row: WireUser, as_of| {
            row.record(scope.clone(), as_of)
        })
        .explained(self.about(Call::ListTeamMembers))
        .never_empty("Statuspage answered with no team member at all, which no organization has: check `organization_id` and the key's organization")
    }

    /// Makes somebody a team member. The API demands a password: it gets 32 random characters that nobody is told, and the person
    /// sets their own. One request, never sent twice.
    ///
    /// # Errors
    /// [`ProviderError::AlreadyExists`] for an address that is taken, [`ProviderError::AtlassianAccounts`] where people are not
    /// managed here, else `ProviderError::Upstream`.
    pub async fn create_team_member(
        &self,
        cx: &Cx,
        intent: &Intent,
        person: &NewTeamMember,
    ) -> Result<()> {
        let mut user = json!({ "email": person.email, "password": password() });
        if let Some(fields) = user.as_object_mut() {
            let names = [
                ("first_name", &person.first_name),
                ("last_name", &person.last_name),
            ];
            for (field, name) in names {
                if let Some(name) = name {
                    fields.insert(field.to_owned(), json!(name));
                }
            }
        }
        let write = Write::post(self.users_path(), json!({ "user": user }));
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(error) if super::taken(&error, &["email"]) => Err(ProviderError::AlreadyExists {
                what: "team member",
                name: person.email.to_string(),
            }),
            Err(error) => Err(self.explain(cx, Call::CreateTeamMember, error).await),
        }
    }

    /// Takes a team member out of the organization. One request; sent again when its answer is lost, so "not found" can mean that the
    /// first one did it.
    ///
    /// # Errors
    /// [`ProviderError::AtlassianAccounts`] where people are not managed here, else `ProviderError::Upstream`.
    pub async fn delete_team_member(&self, cx: &Cx, intent: &Intent, user: &UserId) -> Result<()> {
        let write = Write::delete(self.users_path().push(user));
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain(cx, Call::DeleteTeamMember, error).await),
        }
    }

    fn users_path(&self) -> crate::upstream::Path {
        self.organization_path().push("users")
    }
}

/// 32 characters with a letter of each case, a digit and a sign, so that no password rule refuses it.
fn password() -> String {
    const SETS: [&[u8]; 4] = [
        b"abcdefghijkmnpqrstuvwxyz",
        b"ABCDEFGHJKLMNPQRSTUVWXYZ",
        b"23456789",
        b"-_.!*",
    ];
    let mut rng = rand::rng();
    let each = (0..32).zip(SETS.iter().cycle());
    each.filter_map(|(_, set)| set.get(rng.random_range(0..set.len())))
        .map(|byte| char::from(*byte))
        .collect()
}
