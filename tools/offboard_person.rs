//! `offboard_person`: removes every account of one address.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Asked, Keep, Offboard, OffboardReport, Refusal};
use crate::roster::{DirectoryUserId, Email, Emails};
use crate::toolkit::{Effect, Tool};

/// Takes a person out.
pub(super) struct OffboardPerson;

/// Whom, and what stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Who leaves. This or `emails`. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Several of one person.
    emails: Option<Emails>,
    /// Where a name is several people's in the directory: who is meant.
    directory_user_id: Option<DirectoryUserId>,
    /// What stays. E.g. `["subscriber"]`.
    keep: Option<Vec<Keep>>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for OffboardPerson {
    const NAME: &'static str = "offboard_person";
    const TITLE: &'static str = "Offboard a person";
    const ABOUT: &'static str = include_str!("offboard_person.md");
    const EFFECT: Effect = Effect::Remove;
    type Input = Input;
    type Output = OffboardReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let emails = input
            .email
            .into_iter()
            .chain(input.emails.unwrap_or_default().0);
        let wanted = Offboard {
            asked: Asked {
                emails: emails.collect(),
                directory_user_id: input.directory_user_id,
            },
            keep: input.keep.unwrap_or_default(),
        };
        let token = input.confirmation_token.as_deref();
        access.offboard(&ask, &wanted, token).await
    }
}
