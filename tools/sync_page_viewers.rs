//! `sync_page_viewers`: makes a page's viewers those of a list.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Refusal, SyncReport, SyncViewers};
use crate::roster::{self, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Syncs viewers.
pub(super) struct SyncPageViewers;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// JSON text, or CSV with the header `email,group_ids,external_login` (groups separated by `;`). Example:
    /// `["a@example.com", {"email": "b@example.com", "group_ids": ["g7x2k9q4m1ab"]}]`.
    #[schemars(length(max = 4_000_000), extend("x-list-too" = true))]
    desired: String,
    /// Left out: 5, or a tenth of the viewers. E.g. `12`.
    removal_cap: Option<u32>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for SyncPageViewers {
    const NAME: &'static str = "sync_page_viewers";
    const TITLE: &'static str = "Make a page's viewers those of a list";
    const ABOUT: &'static str = include_str!("sync_page_viewers.md");
    const EFFECT: Effect = Effect::Remove;
    const LONG_INPUT: bool = true;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = SyncReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let desired = roster::desired(&input.desired).map_err(|mistakes| {
            Refusal::arguments(format!("`desired`: {}", mistakes.join("; ")))
        })?;
        let wanted = SyncViewers {
            page_id: input.page_id,
            desired,
            removal_cap: input.removal_cap.and_then(|cap| usize::try_from(cap).ok()),
        };
        let token = input.confirmation_token.as_deref();
        access.sync_viewers(&ask, &wanted, token).await
    }
}
