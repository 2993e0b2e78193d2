//! `list_directory_users`: the people of the company's user directory.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{
    Access, Ask, DirectoryFilter, Listing, NamedRow, Refusal, Spelling, Spelt, Window,
};
use crate::roster::{By, DirectoryUser, DirectoryUserId, Email, GroupId, RosterRow, System};
use crate::toolkit::{Effect, Tool};

/// Lists people of the directory.
pub(super) struct ListDirectoryUsers;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Any address of the person, or a user name that is one. E.g. `jane@example.com`.
    email: Option<Email>,
    /// The name to sign in with. Mostly one request. E.g. `jdoe`.
    user_name: Option<String>,
    /// The id in the directory.
    user_id: Option<DirectoryUserId>,
    /// The identity provider's id, exactly. One request. E.g. `00u1a2b3c4d5`.
    external_id: Option<String>,
    /// After the `@`; `*.example.com`: subdomains too.
    domain: Option<String>,
    /// Part of the name; exact first. E.g. `jane`.
    name: Option<String>,
    /// Only members of this directory group.
    group_id: Option<GroupId>,
    /// True: switched on; false: switched off.
    active: Option<bool>,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for ListDirectoryUsers {
    const NAME: &'static str = "list_directory_users";
    const TITLE: &'static str = "List people of the directory";
    const ABOUT: &'static str = include_str!("list_directory_users.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::AtlassianScim);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Domain, By::Status, By::Group]);
    type Input = Input;
    type Output = Listing<Spelt<NamedRow<DirectoryUser<RosterRow>>>>;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let filter = DirectoryFilter {
            email: input.email,
            user_name: input.user_name,
            user_id: input.user_id,
            external_id: input.external_id,
            domain: input.domain,
            name: input.name,
            group_id: input.group_id,
            active: input.active,
        };
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.list_directory_users(&ask, &filter, &window).await
    }
}
