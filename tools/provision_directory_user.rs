//! `provision_directory_user`: puts a person into the user directory.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::atlassian_scim::NewDirectoryUser;
use crate::roster::{Email, System};
use crate::toolkit::{Effect, Tool};

/// Puts somebody into the directory.
pub(super) struct ProvisionDirectoryUser;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The address that the Atlassian account gets. E.g. `jane@example.com`.
    email: Email,
    /// The name to sign in with. Left out: the address.
    user_name: Option<String>,
    /// First name. E.g. `Jane`.
    first_name: Option<String>,
    /// Last name. E.g. `Doe`.
    last_name: Option<String>,
    /// The name to show. E.g. `Jane Doe`.
    display_name: Option<String>,
    /// The identity provider's id. E.g. `00u1a2b3c4d5`.
    external_id: Option<String>,
}

impl Tool for ProvisionDirectoryUser {
    const NAME: &'static str = "provision_directory_user";
    const TITLE: &'static str = "Put a person into the directory";
    const ABOUT: &'static str = include_str!("provision_directory_user.md");
    const EFFECT: Effect = Effect::Add;
    const NEEDS: Option<System> = Some(System::AtlassianScim);
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewDirectoryUser {
            email: input.email,
            user_name: input.user_name,
            first_name: input.first_name,
            last_name: input.last_name,
            display_name: input.display_name,
            external_id: input.external_id,
        };
        access.provision_directory_user(&ask, new).await
    }
}
