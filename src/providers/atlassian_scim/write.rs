//! Changes of people: made, changed in part, switched off and on. Never deleted.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{AtlassianScim, Cx, Result, of_list, patch};
use crate::{
    audit::Intent,
    providers::ProviderError,
    roster::{Clearable, DirectoryContact, DirectoryUserId, Email},
    upstream::{Error, Write},
};

/// Somebody to be in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDirectoryUser {
    /// The address; on a domain that the organization has verified, or an account outside of it.
    pub email: Email,
    /// The name to sign in with; the address where absent.
    pub user_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// The identity provider's id.
    pub external_id: Option<String>,
}

/// The changes to a user. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The name to sign in with.
    pub user_name: Option<String>,
    /// All addresses, those that stay included.
    pub emails: Option<Vec<DirectoryContact>>,
    /// All phone numbers, those that stay included.
    pub phones: Option<Vec<DirectoryContact>>,
    /// Other values that are one text each. A phone number is none of them.
    pub texts: BTreeMap<Clearable, String>,
    /// False switches the whole Atlassian account off, true on again.
    pub active: Option<bool>,
    /// The values to remove.
    pub cleared: Vec<Clearable>,
}

impl UserChange {
    fn operations(&self) -> Vec<Value> {
        let entries = |all: &Vec<DirectoryContact>| -> Value { all.iter().map(entry).collect() };
        let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
        let texts = self.texts.iter();
        let texts = texts.map(|(field, text)| (path(*field), Some(json!(text))));
        let all = [
            ("userName", text(&self.user_name)),
            ("emails", self.emails.as_ref().map(entries)),
            ("phoneNumbers", self.phones.as_ref().map(entries)),
        ];
        let active = ("active", self.active.map(|active| json!(active)));
        let all = all.into_iter().chain(texts).chain([active]);
        let one = |(path, value): (&str, Option<Value>)| {
            Some(json!({ "op": "replace", "path": path, "value": value? }))
        };
        // One number of several is taken away by sending the others.
        let by_list = |field: &&Clearable| **field == Clearable::Phone && self.phones.is_some();
        let removed = self.cleared.iter().filter(|field| !by_list(field));
        let removed = removed.map(|field| json!({ "op": "remove", "path": path(*field) }));
        all.filter_map(one).chain(removed).collect()
    }
}

/// Returns the path of a value in the directory's schema.
fn path(field: Clearable) -> &'static str {
    match field {
        Clearable::FirstName => "name.givenName",
        Clearable::LastName => "name.familyName",
        Clearable::DisplayName => "displayName",
        Clearable::ExternalId => "externalId",
        Clearable::Title => "title",
        Clearable::Department => "department",
        Clearable::Phone => "phoneNumbers",
        Clearable::TimeZone => "timezone",
        Clearable::Language => "preferredLanguage",
    }
}

fn entry(email: &DirectoryContact) -> Value {
    let mut entry = Map::from_iter([
        ("value".to_owned(), json!(email.value)),
        ("primary".to_owned(), json!(email.primary)),
    ]);
    entry.extend(
        email
            .kind
            .as_ref()
            .map(|kind| ("type".to_owned(), json!(kind))),
    );
    Value::Object(entry)
}

impl AtlassianScim {
    /// Puts somebody into the directory; that makes an Atlassian account, or takes over the one with this address. One request,
    /// never sent twice.
    ///
    /// # Errors
    /// [`ProviderError::AlreadyExists`] for a name or an address that is taken, else `ProviderError::Upstream`.
    pub async fn create_user(
        &self,
        cx: &Cx,
        intent: &Intent,
        person: &NewDirectoryUser,
    ) -> Result<()> {
        let mut name = Map::new();
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": person.user_name.as_deref().unwrap_or(person.email.as_str()),
            "emails": [{ "value": person.email, "type": "work", "primary": true }],
            "active": true,
        });
        for (field, text) in [
            ("givenName", &person.first_name),
            ("familyName", &person.last_name),
        ] {
            name.extend(text.as_ref().map(|text| (field.to_owned(), json!(text))));
        }
        if let Some(body) = body.as_object_mut() {
            for (field, text) in [
                ("displayName", &person.display_name),
                ("externalId", &person.external_id),
            ] {
                body.extend(text.as_ref().map(|text| (field.to_owned(), json!(text))));
            }
            if !name.is_empty() {
                body.insert("name".to_owned(), Value::Object(name));
            }
        }
        let write = Write::post(self.path("Users"), body);
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(Error::Conflict { .. }) => Err(ProviderError::AlreadyExists {
                what: "directory user",
                name: person.email.to_string(),
            }),
            Err(error) => Err(of_list(error)),
        }
    }

    /// Changes what is named and nothing else. One request, never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when the key is refused, else `ProviderError::Upstream`.
    pub async fn change_user(
        &self,
        cx: &Cx,
        intent: &Intent,
        id: &DirectoryUserId,
        change: &UserChange,
    ) -> Result<()> {
        let write = Write::patch(self.path("Users").push(id), patch(&change.operations()));
        self.send(cx, intent, write).await
    }
}
