//! `list_team_invitations`: invitations to the StatusApp team.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, InvitationFilter, InvitationListing, Refusal, Spelling, Window};
use crate::roster::{By, Email, Status, System};
use crate::toolkit::{Effect, Tool};

/// Lists invitations to the StatusApp team.
pub(super) struct ListTeamInvitations;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This address. E.g. `jane@example.com`.
    email: Option<Email>,
    /// After the `@`; `*.example.com`: subdomains too.
    domain: Option<String>,
    /// Only this state.
    status: Option<State>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

/// The states of an invitation.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum State {
    /// Not accepted yet.
    Invited,
    /// Accepted.
    Active,
    /// Ran out.
    Expired,
    /// Taken back.
    Revoked,
}

impl State {
    fn status(self) -> Status {
        match self {
            Self::Invited => Status::Invited,
            Self::Active => Status::Active,
            Self::Expired => Status::Expired,
            Self::Revoked => Status::Revoked,
        }
    }
}

impl Tool for ListTeamInvitations {
    const NAME: &'static str = "list_team_invitations";
    const TITLE: &'static str = "List StatusApp invitations";
    const ABOUT: &'static str = include_str!("list_team_invitations.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statusapp);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Domain, By::Status, By::Role]);
    type Input = Input;
    type Output = InvitationListing;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.listing.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = InvitationFilter {
            email: input.email,
            domain: input.domain,
            status: input.status.map(State::status),
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.list_invitations(&ask, &filter, &window).await
    }
}
