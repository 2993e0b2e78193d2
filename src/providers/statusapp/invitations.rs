//! Invitations: listed, and nothing else. Their shape is not documented, so everything but the id is read leniently.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Scan, StatusApp, role, status, team, wire};
use crate::{
    roster::{Invitation, InvitationId, Kind, Record, RecordScope, System},
    upstream::Row,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireInvitation {
    #[serde(deserialize_with = "wire::id")]
    id: InvitationId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    role: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
    #[serde(default, alias = "createdAt", deserialize_with = "wire::lenient_time")]
    invited_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    expires_at: Option<Timestamp>,
}

impl Row for WireInvitation {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl StatusApp {
    /// Every invitation, whatever became of it. One request for each 100.
    pub fn invitations(&self) -> Scan<Invitation> {
        self.scan(
            team("invitations"),
            "invitations",
            |row: WireInvitation, as_of| {
                let mut record = Record::new(
                    System::Statusapp,
                    Kind::Invitation,
                    row.id,
                    RecordScope::team(),
                    as_of,
                );
                record.take_email(row.email.as_deref());
                record.display_name = record.take_text(row.name.as_deref());
                record.roles = role(row.role.as_deref());
                record.status = status(row.status.as_deref());
                Invitation {
                    record,
                    invited_at: row.invited_at,
                    expires_at: row.expires_at,
                }
            },
        )
    }
}
