//! `change_viewer_access`: grants, revokes or replaces what a viewer is given, by merging.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Refusal, ScopeChange, ViewerChangeReport, Who, Whom};
use crate::providers::statuspage::SignIn;
use crate::roster::{
    ComponentId, Email, Emails, GroupId, MetricId, PageId, SetChange, System, ViewerId,
};
use crate::toolkit::{Effect, Tool};

/// Changes a viewer's access.
pub(super) struct ChangeViewerAccess;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// E.g. `kctbh9vrtdwd`.
    page_id: PageId,
    /// This or `email`. E.g. `p6t1q6y2c3m3`.
    user_id: Option<ViewerId>,
    /// This or `user_id`. E.g. `customer@example.org`.
    email: Option<Email>,
    /// Or several people, up to 50.
    emails: Option<Emails>,
    /// Adds. E.g. `["g7x2k9q4m1ab"]`.
    #[serde(default)]
    grant_group_ids: Vec<GroupId>,
    /// Adds. E.g. `["b4tkz8qn2xlm"]`.
    #[serde(default)]
    grant_component_ids: Vec<ComponentId>,
    /// Adds. E.g. `["m9rwd3cjx0pe"]`.
    #[serde(default)]
    grant_metric_ids: Vec<MetricId>,
    /// Takes.
    #[serde(default)]
    revoke_group_ids: Vec<GroupId>,
    /// Takes.
    #[serde(default)]
    revoke_component_ids: Vec<ComponentId>,
    /// Takes.
    #[serde(default)]
    revoke_metric_ids: Vec<MetricId>,
    /// Exactly these.
    replace_group_ids: Option<Vec<GroupId>>,
    /// Exactly these.
    replace_component_ids: Option<Vec<ComponentId>>,
    /// Exactly these.
    replace_metric_ids: Option<Vec<MetricId>>,
    /// To sign in with from then on. E.g. `jane.roe@example.org`.
    new_email: Option<Email>,
    /// The new id at the identity provider. E.g. `uid-4711`.
    external_login: Option<String>,
    /// From the plan.
    confirmation_token: Option<String>,
}

impl Tool for ChangeViewerAccess {
    const NAME: &'static str = "change_viewer_access";
    const TITLE: &'static str = "Change what a viewer sees";
    const ABOUT: &'static str = include_str!("change_viewer_access.md");
    const EFFECT: Effect = Effect::Change;
    const NEEDS: Option<System> = Some(System::Statuspage);
    type Input = Input;
    type Output = ViewerChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let id = input.user_id.map(|id| id.to_string());
        let nobody_else = id.is_none() && input.email.is_none();
        let whom = Whom::of(input.emails, nobody_else, || Who::one_of(id, input.email))?;
        let change = ScopeChange {
            groups: SetChange {
                grant: input.grant_group_ids,
                revoke: input.revoke_group_ids,
                replace: input.replace_group_ids,
            },
            components: SetChange {
                grant: input.grant_component_ids,
                revoke: input.revoke_component_ids,
                replace: input.replace_component_ids,
            },
            metrics: SetChange {
                grant: input.grant_metric_ids,
                revoke: input.revoke_metric_ids,
                replace: input.replace_metric_ids,
            },
        };
        let sign_in = SignIn {
            email: input.new_email,
            external_login: input.external_login,
        };
        let token = input.confirmation_token.as_deref();
        let page = &input.page_id;
        match whom {
            Whom::One(who) => {
                access
                    .change_viewer_access(&ask, page, &who, &change, &sign_in, token)
                    .await
            }
            Whom::Several(_) if sign_in != SignIn::default() => Err(Refusal::arguments(
                "`new_email` and `external_login` are of one person: give them with `email` or `user_id`",
            )),
            Whom::Several(emails) => {
                access
                    .change_access_of_several(&ask, page, &emails, &change, token)
                    .await
            }
        }
    }
}
