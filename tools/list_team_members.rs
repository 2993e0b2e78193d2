//! `list_team_members`: the members of the StatusApp team.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Refusal, Spelling, TeamFilter, TeamListing, Window};
use crate::roster::{By, Email, System, TeamRole};
use crate::toolkit::{Effect, Tool};

/// Lists members of the StatusApp team.
pub(super) struct ListTeamMembers;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This address. E.g. `jane@example.com`.
    email: Option<Email>,
    /// After the `@`; `*.example.com`: subdomains too.
    domain: Option<String>,
    /// Part of the name; exact first. E.g. `jane`.
    name: Option<String>,
    /// Only this role.
    role: Option<TeamRole>,
    /// Also which role may do what, and the seats of each plan.
    #[serde(default)]
    explain: bool,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListTeamMembers {
    const NAME: &'static str = "list_team_members";
    const TITLE: &'static str = "List StatusApp team members";
    const ABOUT: &'static str = include_str!("list_team_members.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statusapp);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Domain, By::Status, By::Role]);
    type Input = Input;
    type Output = TeamListing;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.listing.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = TeamFilter {
            email: input.email,
            domain: input.domain,
            name: input.name,
            role: input.role,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access
            .list_team(&ask, &filter, &window, input.explain)
            .await
    }
}
