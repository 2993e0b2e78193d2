//! `list_org_users`: the team members of the organization.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{
    Access, Ask, Listing, MemberFilter, NamedRow, Refusal, Spelling, Spelt, Window,
};
use crate::roster::{By, Email, RosterRow, System};
use crate::toolkit::{Effect, Tool};

/// Lists team members.
pub(super) struct ListOrgUsers;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This address. E.g. `jane@example.com`.
    email: Option<Email>,
    /// After the `@`; `*.example.com`: subdomains too.
    domain: Option<String>,
    /// Part of the name; exact first. E.g. `jane`.
    name: Option<String>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListOrgUsers {
    const NAME: &'static str = "list_org_users";
    const TITLE: &'static str = "List team members";
    const ABOUT: &'static str = include_str!("list_org_users.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Domain]);
    type Input = Input;
    type Output = Listing<Spelt<NamedRow<RosterRow>>>;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = MemberFilter {
            email: input.email,
            domain: input.domain,
            name: input.name,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.list_members(&ask, &filter, &window).await
    }
}
