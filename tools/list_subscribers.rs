//! `list_subscribers`: who is told about incidents of a page.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Refusal, Spelling, SubscriberFilter, SubscriberListing, Window};
use crate::providers::statuspage::StateFilter;
use crate::roster::{By, Email, IncidentId, Mode, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Lists subscribers.
pub(super) struct ListSubscribers;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// E.g. `jane@example.com`.
    email: Option<Email>,
    /// After the `@`; `*.example.com`: subdomains too.
    domain: Option<String>,
    /// Last digits of a phone. E.g. `4567`.
    phone_ending: Option<String>,
    /// Those who follow this incident alone.
    incident_id: Option<IncidentId>,
    /// Left out: `all`.
    #[serde(default)]
    state: State,
    /// Told by.
    #[serde(rename = "type")]
    mode: Option<Mode>,
    /// The ids of their components, not only how many.
    #[serde(default)]
    detail: bool,
    /// Numbers by type and state: one more request.
    #[serde(default)]
    counts: bool,
    /// 1 to 200; left out: up to 50.
    limit: Option<u32>,
    /// The last `next_cursor`.
    cursor: Option<String>,
    /// In seconds; left out: 60.
    max_age_s: Option<u32>,
}

/// The states that a list can be narrowed to.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum State {
    #[default]
    All,
    Active,
    Unconfirmed,
    Quarantined,
}

impl Tool for ListSubscribers {
    const NAME: &'static str = "list_subscribers";
    const TITLE: &'static str = "List subscribers";
    const ABOUT: &'static str = include_str!("list_subscribers.md");
    const EFFECT: Effect = Effect::Read;
    const NEEDS: Option<System> = Some(System::Statuspage);
    const COUNTED_BY: Option<&'static [By]> = Some(&[By::Domain, By::Status, By::Type]);
    type Input = Input;
    type Output = SubscriberListing;

    fn rows(output: &Self::Output) -> Option<&Arc<Spelling>> {
        output.listing.records.spelling()
    }

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let window = Window {
            limit: input.limit,
            cursor: input.cursor,
            max_age_s: input.max_age_s,
            ..Window::default()
        };
        let filter = SubscriberFilter {
            page_id: input.page_id,
            incident_id: input.incident_id,
            email: input.email,
            domain: input.domain,
            phone_ending: input.phone_ending,
            state: match input.state {
                State::All => StateFilter::All,
                State::Active => StateFilter::Active,
                State::Unconfirmed => StateFilter::Unconfirmed,
                State::Quarantined => StateFilter::Quarantined,
            },
            mode: input.mode,
            detail: input.detail,
        };
        access
            .list_subscribers(&ask, &filter, &window, input.counts)
            .await
    }
}
