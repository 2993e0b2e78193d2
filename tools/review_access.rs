//! `review_access`: what should not be.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{
    Access, Ask, FindingKind, Profile, Refusal, Review, ReviewReport, Severity, ShownFindings,
    Window,
};
use crate::roster::{Emails, PageId};
use crate::toolkit::{Effect, Tool};

/// Reviews access.
pub(super) struct ReviewAccess;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The findings to look for.
    profile: Wanted,
    /// Everybody who should be there. E.g. `["jane@example.com"]`.
    #[schemars(extend("maxItems" = 100_000))]
    identities: Option<Emails>,
    /// Left out: every page. E.g. `["kctbh9vrtdwd"]`.
    page_ids: Option<Vec<PageId>>,
    /// Counts and addresses alone.
    summary_only: Option<bool>,
    /// Only findings of these kinds. E.g. `["inactive_with_access"]`.
    kinds: Option<Vec<String>>,
    /// At least so grave.
    severity: Option<Grave>,
    /// The last `next_cursor`.
    cursor: Option<String>,
}

// The words without their descriptions.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Grave {
    High,
    Medium,
    Low,
}

// The profiles without their descriptions, which stand in the tool's words.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Wanted {
    Hygiene,
    Offboarding,
    AtlassianMigration,
}

impl Tool for ReviewAccess {
    const NAME: &'static str = "review_access";
    const TITLE: &'static str = "Review access";
    const ABOUT: &'static str = include_str!("review_access.md");
    const EFFECT: Effect = Effect::Read;
    const LONG_INPUT: bool = true;
    type Input = Input;
    type Output = ReviewReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let wanted = Review {
            profile: match input.profile {
                Wanted::Hygiene => Profile::Hygiene,
                Wanted::Offboarding => Profile::Offboarding,
                Wanted::AtlassianMigration => Profile::AtlassianMigration,
            },
            identities: input.identities.map(|list| list.0),
            page_ids: input.page_ids,
            shown: ShownFindings {
                summary_only: input.summary_only.unwrap_or_default(),
                kinds: input.kinds.as_deref().map(FindingKind::named).transpose()?,
                severity: input.severity.map(|it| match it {
                    Grave::High => Severity::High,
                    Grave::Medium => Severity::Medium,
                    Grave::Low => Severity::Low,
                }),
            },
        };
        let window = Window {
            cursor: input.cursor,
            ..Window::default()
        };
        access.review(&ask, &wanted, &window).await
    }
}
