//! `export_roster`: the roster as text.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{
    Access, ActiveDate, Ask, Export, ExportColumns, ExportFormat, ExportRoster, ExportWhat,
    Refusal, Window,
};
use crate::roster::PageId;
use crate::toolkit::{Effect, Tool};

/// Exports the roster.
pub(super) struct ExportRosterTool;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `team`.
    what: Wanted,
    /// Left out: every page. E.g. `kctbh9vrtdwd`.
    page_id: Option<PageId>,
    /// Left out: `json`.
    format: Option<Format>,
    /// `ours` (left out), `application_roster` or names. E.g. `["email", "page_id"]`.
    #[schemars(extend("x-list-too" = true))]
    columns: Option<String>,
    /// The date in `Active Date`; left out: `created_at`.
    active_date: Option<Date>,
    /// Only addresses of this domain; `*.example.com` with those below it.
    domain: Option<String>,
    /// Accounts in a piece, 1 to 200. Left out: as many as fit.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
}

macro_rules! word {
    ($name:ident from $of:ident { $($variant:ident),+ }) => {
        #[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[schemars(inline)]
        enum $name { $($variant),+ }

        impl From<$name> for $of {
            fn from(word: $name) -> Self {
                match word { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}

// These enums have the words without their descriptions, which a model need not carry.
word!(Wanted from ExportWhat { Team, Viewers, Subscribers, Directory, Statusapp, All });
word!(Format from ExportFormat { Json, Csv, Ndjson });
word!(Date from ActiveDate { CreatedAt, UpdatedAt });

impl Tool for ExportRosterTool {
    const NAME: &'static str = "export_roster";
    const TITLE: &'static str = "Export the roster";
    const ABOUT: &'static str = include_str!("export_roster.md");
    const EFFECT: Effect = Effect::Read;
    type Input = Input;
    type Output = Export;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let wanted = ExportRoster {
            what: input.what.into(),
            page_id: input.page_id,
            format: input.format.map(Into::into).unwrap_or_default(),
            columns: input
                .columns
                .as_deref()
                .map(ExportColumns::named)
                .transpose()?
                .unwrap_or_default(),
            active_date: input.active_date.map(Into::into).unwrap_or_default(),
            domain: input.domain,
        };
        let window = Window {
            cursor: input.cursor,
            limit: input.limit,
            rows: Some(usize::MAX),
            ..Window::default()
        };
        access.export_roster(&ask, &wanted, &window).await
    }
}
