//! `add_page_viewer`: adds a page access user.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, NewPageViewer, Refusal, ViewerChangeReport};
use crate::providers::statuspage::SignIn;
use crate::roster::{ComponentId, Email, Emails, GroupId, MetricId, PageId, System};
use crate::toolkit::{Effect, Tool};

/// Adds a viewer.
pub(super) struct AddPageViewer;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// Left out: `external_login` alone. E.g. `customer@example.org`.
    email: Option<Email>,
    /// Or several people, up to 50.
    emails: Option<Emails>,
    /// Id at the identity provider. E.g. `uid-4711`.
    external_login: Option<String>,
    /// Groups decide what the viewer sees. E.g. `["g7x2k9q4m1ab"]`.
    #[serde(default)]
    group_ids: Vec<GroupId>,
    /// To see directly. E.g. `["b4tkz8qn2xlm"]`.
    #[serde(default)]
    component_ids: Vec<ComponentId>,
    /// Likewise. E.g. `["m9rwd3cjx0pe"]`.
    #[serde(default)]
    metric_ids: Vec<MetricId>,
    /// Mail about incidents of what they can see; left out: false.
    #[serde(default)]
    subscribe: bool,
}

impl Tool for AddPageViewer {
    const NAME: &'static str = "add_page_viewer";
    const TITLE: &'static str = "Add a page access user (viewer)";
    const ABOUT: &'static str = include_str!("add_page_viewer.md");
    const EFFECT: Effect = Effect::Add;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ViewerChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let new = NewPageViewer {
            page_id: input.page_id,
            sign_in: SignIn {
                email: input.email,
                external_login: input.external_login,
            },
            group_ids: input.group_ids,
            component_ids: input.component_ids,
            metric_ids: input.metric_ids,
            subscribe: input.subscribe,
        };
        match input.emails {
            None => access.add_viewer(&ask, new).await,
            Some(_) if new.sign_in != SignIn::default() => Err(Refusal::arguments(
                "`emails` names several people: give it without `email` and `external_login`",
            )),
            Some(Emails(emails)) => access.add_viewers(&ask, &new, &emails).await,
        }
    }
}
