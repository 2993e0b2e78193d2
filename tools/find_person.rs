//! `find_person`: everything one person can reach.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Asked, FindPerson, PersonReport, Refusal, Window};
use crate::roster::{DirectoryUserId, Email, Emails, PageId};
use crate::toolkit::{Effect, Tool};

/// Finds a person.
pub(super) struct FindPersonTool;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// This or `emails`. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Several of one person.
    emails: Option<Emails>,
    /// Instead: part of the name. E.g. `Jane Doe`.
    name: Option<String>,
    /// The person, where several share the address.
    directory_user_id: Option<DirectoryUserId>,
    /// Left out: every page. E.g. `["kctbh9vrtdwd"]`.
    page_ids: Option<Vec<PageId>>,
    /// Also what each viewer sees: five or more requests each.
    #[serde(default)]
    detail: bool,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

impl Tool for FindPersonTool {
    const NAME: &'static str = "find_person";
    const TITLE: &'static str = "Find everything a person can reach";
    const ABOUT: &'static str = include_str!("find_person.md");
    const EFFECT: Effect = Effect::Read;
    type Input = Input;
    type Output = PersonReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let emails = input
            .email
            .into_iter()
            .chain(input.emails.unwrap_or_default().0);
        let wanted = FindPerson {
            asked: Asked {
                emails: emails.collect(),
                directory_user_id: input.directory_user_id,
            },
            name: input.name,
            page_ids: input.page_ids,
            detail: input.detail,
        };
        let window = Window {
            limit: None,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        access.find_person(&ask, &wanted, &window).await
    }
}
