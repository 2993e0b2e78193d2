//! `remove_user`: removes one account of a person in one system.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::{Access, Ask, ChangeReport, Refusal, Who};
use crate::roster::{Email, PageId};
use crate::toolkit::{Effect, Tool};

/// Removes an account.
pub(super) struct RemoveUser;

/// Whose, and where.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Which kind of account.
    system: Surface,
    /// This or `email`. Example: `2vswm72m0wfd`.
    user_id: Option<String>,
    /// This or `user_id`. Example: `jane.doe@example.com`.
    email: Option<Email>,
    /// For `statuspage_page`. Example: `kctbh9vrtdwd`.
    page_id: Option<PageId>,
    /// From the first answer, once the person agreed.
    confirmation_token: Option<String>,
}

/// Which kind of account.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Surface {
    /// A team member.
    StatuspageTeam,
    /// A page access user (viewer); needs `page_id`.
    StatuspagePage,
}

impl Tool for RemoveUser {
    const NAME: &'static str = "remove_user";
    const TITLE: &'static str = "Remove a person's account";
    const ABOUT: &'static str = include_str!("remove_user.md");
    const EFFECT: Effect = Effect::Remove;
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let who = Who::one_of(input.user_id, input.email)?;
        let token = input.confirmation_token.as_deref();
        match (input.system, input.page_id) {
            (Surface::StatuspageTeam, None) => access.remove_member(&ask, &who, token).await,
            (Surface::StatuspagePage, Some(page)) => {
                access.remove_viewer(&ask, &page, &who, token).await
            }
            (Surface::StatuspageTeam, Some(_)) => Err(Refusal::arguments(
                "`page_id` does not go with `statuspage_team`: a team member is removed from the whole organization. To take one page away use `set_permissions` with `revoke`",
            )),
            (Surface::StatuspagePage, None) => Err(Refusal::arguments(
                "`statuspage_page` needs `page_id`: page access users belong to one page; `list_pages` shows the ids",
            )),
        }
    }
}
