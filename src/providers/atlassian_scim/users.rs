//! People of the directory: looked up by name, or read one page of 100 after the other.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{AtlassianScim, Cx, Result, Scan, equals, of_one, wire};
use crate::roster::{
    DirectoryContact, DirectoryUser, DirectoryUserId, Email, GroupId, Kind, Record, RecordScope,
    Status, System,
};
use crate::upstream::{List, Row, Single};

/// The filters that the directory supports: one exact match, of these two attributes alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserFilter {
    /// The name that the identity provider signs the person in with.
    UserName(String),
    /// The identity provider's id; case counts.
    ExternalId(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireUser {
    #[serde(deserialize_with = "wire::id")]
    id: DirectoryUserId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    external_id: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    user_name: Option<String>,
    #[serde(default, deserialize_with = "contacts")]
    emails: Vec<DirectoryContact>,
    #[serde(default, deserialize_with = "contacts")]
    phone_numbers: Vec<DirectoryContact>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    timezone: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    preferred_language: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_object")]
    name: WireName,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    department: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    active: Option<bool>,
    #[serde(default, deserialize_with = "groups")]
    groups: Option<Vec<GroupId>>,
    #[serde(default, deserialize_with = "wire::lenient_object")]
    meta: WireMeta,
    #[serde(
        default,
        rename = "urn:scim:schemas:extension:atlassian-external:1.0",
        deserialize_with = "wire::lenient_object"
    )]
    atlassian: WireAccount,
    #[serde(
        default,
        rename = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        deserialize_with = "wire::lenient_object"
    )]
    enterprise: WireEnterprise,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireName {
    #[serde(default, deserialize_with = "wire::lenient_text")]
    given_name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    family_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMeta {
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    last_modified: Option<Timestamp>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAccount {
    #[serde(default, deserialize_with = "wire::lenient_text")]
    atlassian_account_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct WireEnterprise {
    #[serde(default, deserialize_with = "wire::lenient_text")]
    department: Option<String>,
}

impl Row for WireUser {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WireUser {}

impl WireUser {
    fn user(self, scope: RecordScope, as_of: Timestamp) -> DirectoryUser {
        let (system, kind) = (System::AtlassianScim, Kind::DirectoryUser);
        let mut record = Record::new(system, kind, self.id, scope, as_of);
        let main = self
            .emails
            .iter()
            .find(|email| email.primary)
            .or(self.emails.first());
        // Without any address the user name stands in, where it is one.
        let address = main.map(|email| email.value.as_str()).or(self
            .user_name
            .as_deref()
            .filter(|name| Email::inside(name).is_some()));
        record.take_email(address);
        record.first_name = record.take_text(self.name.given_name.as_deref());
        record.last_name = record.take_text(self.name.family_name.as_deref());
        record.display_name = record.take_text(self.display_name.as_deref());
        record.status = self.active.map(|active| {
            if active {
                Status::Active
            } else {
                Status::Inactive
            }
        });
        record.active_date = self.meta.created;
        record.updated_at = self.meta.last_modified;
        record.groups = self.groups;
        record.external_id = record.take_text(self.external_id.as_deref());
        let other_emails = self
            .emails
            .iter()
            .filter_map(|email| Email::inside(&email.value))
            .filter(|email| !record.goes_by(email))
            .collect();
        let phones = &self.phone_numbers;
        let phone = phones.iter().find(|phone| phone.primary).or(phones.first());
        DirectoryUser {
            user_name: record.take_text(self.user_name.as_deref()),
            atlassian_account_id: record.take_text(self.atlassian.atlassian_account_id.as_deref()),
            title: record.take_text(self.title.as_deref()),
            // The directory lets the one of its own schema be written; the other one is read alone.
            department: record.take_text(self.department.or(self.enterprise.department).as_deref()),
            phone: record.take_text(phone.map(|phone| phone.value.as_str())),
            time_zone: record.take_text(self.timezone.as_deref()),
            language: record.take_text(self.preferred_language.as_deref()),
            phones: self.phone_numbers.clone(),
            other_emails,
            emails: self.emails,
            record,
        }
    }
}

impl AtlassianScim {
    /// The people of the directory, or those for whom the one filter holds. One request for each 100.
    pub fn users(&self, filter: Option<&UserFilter>) -> Scan<DirectoryUser> {
        let mut list = List::new(self.path("Users"));
        if let Some(filter) = filter {
            let asked = match filter {
                UserFilter::UserName(name) => equals("userName", name),
                UserFilter::ExternalId(id) => equals("externalId", id),
            };
            list = list.filter("filter", asked);
        }
        let scope = self.scope();
        let users = self.scan(list, move |row: WireUser, as_of| {
            row.user(scope.clone(), as_of)
        });
        if filter.is_some() {
            return users;
        }
        users.never_empty("the directory answered with nobody at all, which no directory in use does: check `atlassian_scim.directory_id`, and whether the identity provider synchronizes into this directory")
    }

    /// One person. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when the key is refused, else `ProviderError::Upstream`; "not found" can also mean that the
    /// directory's id is wrong.
    pub async fn user(&self, cx: &Cx, id: &DirectoryUserId) -> Result<DirectoryUser> {
        let found: WireUser = self
            .0
            .client
            .get(cx, self.path("Users").push(id))
            .await
            .map_err(of_one)?;
        Ok(found.user(self.scope(), self.now()))
    }
}

/// Entries without a text value are no addresses and no numbers.
fn contacts<'de, D: Deserializer<'de>>(
    d: D,
) -> std::result::Result<Vec<DirectoryContact>, D::Error> {
    let Value::Array(items) = Value::deserialize(d)? else {
        return Ok(Vec::new());
    };
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    let one = |item: &Value| {
        Some(DirectoryContact {
            value: text(item, "value")?,
            kind: text(item, "type"),
            primary: item.get("primary").and_then(Value::as_bool) == Some(true),
        })
    };
    Ok(items.iter().filter_map(one).collect())
}

/// Ids of `[{"value": id, …}]`.
fn groups<'de, D: Deserializer<'de>>(d: D) -> std::result::Result<Option<Vec<GroupId>>, D::Error> {
    wire::values(d)
}
