//! `update_directory_user`: changes a person of the user directory, or switches the account on again.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, DirectoryChange, Refusal, Who};
use crate::roster::{Clearable, DirectoryUserId, Email, System};
use crate::toolkit::{Effect, Tool};

/// Changes a person of the directory.
pub(super) struct UpdateDirectoryUser;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The directory id; this, `email` or `user_name`.
    user_id: Option<DirectoryUserId>,
    /// An address of the person. E.g. `jane@example.com`.
    email: Option<Email>,
    /// The name to sign in with. E.g. `jdoe`.
    user_name: Option<String>,
    /// The user name follows where it was the old one. Confirmed. E.g. `jane.roe@example.com`.
    new_email: Option<Email>,
    /// Another name to sign in with. Confirmed.
    new_user_name: Option<String>,
    /// First name. E.g. `Jane`.
    first_name: Option<String>,
    /// Last name. E.g. `Roe`.
    last_name: Option<String>,
    /// The name to show. E.g. `Jane Roe`.
    display_name: Option<String>,
    /// The identity provider's id. E.g. `00u1a2b3c4d5`.
    external_id: Option<String>,
    /// Job title.
    title: Option<String>,
    /// Department.
    department: Option<String>,
    /// The main phone number. E.g. `+49 30 123456`.
    phone: Option<String>,
    /// E.g. `Europe/Berlin`.
    time_zone: Option<String>,
    /// Preferred language. E.g. `en-GB`.
    language: Option<String>,
    /// Takes these values away. Confirmed. E.g. `["external_id"]`.
    #[serde(default)]
    clear: Vec<Clearable>,
    /// True switches the account on again. Switching off is `remove_user`.
    active: Option<bool>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for UpdateDirectoryUser {
    const NAME: &'static str = "update_directory_user";
    const TITLE: &'static str = "Change a person of the directory";
    const ABOUT: &'static str = include_str!("update_directory_user.md");
    const EFFECT: Effect = Effect::Change;
    const NEEDS: Option<System> = Some(System::AtlassianScim);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let who = Who::in_directory(
            input.user_id.map(|id| id.to_string()),
            input.email,
            input.user_name,
        )?;
        let values = [
            (Clearable::FirstName, input.first_name),
            (Clearable::LastName, input.last_name),
            (Clearable::DisplayName, input.display_name),
            (Clearable::ExternalId, input.external_id),
            (Clearable::Title, input.title),
            (Clearable::Department, input.department),
            (Clearable::Phone, input.phone),
            (Clearable::TimeZone, input.time_zone),
            (Clearable::Language, input.language),
        ];
        let change = DirectoryChange {
            new_email: input.new_email,
            user_name: input.new_user_name,
            values: values
                .into_iter()
                .filter_map(|(field, value)| Some((field, value?)))
                .collect(),
            active: input.active,
            clear: input.clear,
        };
        access
            .update_directory_user(&ask, &who, change, input.confirmation_token.as_deref())
            .await
    }
}
