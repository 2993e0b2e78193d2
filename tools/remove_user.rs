//! `remove_user`: removes one account of a person in one system.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::{Access, Ask, ChangeReport, Refusal, Who, Whom};
use crate::providers::statuspage::Notify;
use crate::roster::{Email, Emails, PageId};
use crate::toolkit::{Effect, Tool};

/// Removes an account.
pub(super) struct RemoveUser;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The kind of account.
    system: Surface,
    /// This or `email`. E.g. `2vswm72m0wfd`.
    user_id: Option<String>,
    /// This or `user_id`. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Or several people, up to 50.
    emails: Option<Emails>,
    /// For `atlassian_scim`: what the person signs in with. E.g. `jdoe`.
    user_name: Option<String>,
    /// For `statuspage_page` and `statuspage_subscriber`. E.g. `kctbh9vrtdwd`.
    page_id: Option<PageId>,
    /// Mail a subscriber; left out: false.
    #[serde(default)]
    notify: bool,
    /// From the plan.
    confirmation_token: Option<String>,
}

/// The kinds of account.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
enum Surface {
    /// Team member.
    #[serde(rename = "statuspage_team")]
    Team,
    /// Viewer of a page.
    #[serde(rename = "statuspage_page")]
    Page,
    /// Subscriber of a page.
    #[serde(rename = "statuspage_subscriber")]
    Subscriber,
    /// Suspended in every product, reversible.
    #[serde(rename = "atlassian_scim")]
    Directory,
    /// StatusApp member.
    #[serde(rename = "statusapp")]
    Statusapp,
}

impl Tool for RemoveUser {
    const NAME: &'static str = "remove_user";
    const TITLE: &'static str = "Remove a person's account";
    const ABOUT: &'static str = include_str!("remove_user.md");
    const EFFECT: Effect = Effect::Remove;
    type Input = Input;
    type Output = ChangeReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        if input.user_name.is_some() && !matches!(input.system, Surface::Directory) {
            return Err(Refusal::arguments(
                "`user_name` goes with `atlassian_scim` alone: the other systems know a person by address. `find_person` shows the accounts of all names",
            ));
        }
        let one = (input.user_id, input.email, input.user_name);
        let whom = Whom::of(input.emails, one == (None, None, None), || {
            match input.system {
                Surface::Directory => Who::in_directory(one.0, one.1, one.2),
                _ => Who::one_of(one.0, one.1),
            }
        })?;
        let token = input.confirmation_token.as_deref();
        if input.notify && !matches!(input.system, Surface::Subscriber) {
            return Err(Refusal::arguments(
                "`notify` goes with `statuspage_subscriber` alone: nobody else can be told by Statuspage",
            ));
        }
        let several = matches!(whom, Whom::Several(_));
        let report = match (input.system, input.page_id) {
            (Surface::Team, None) => match whom {
                Whom::One(who) => access.remove_member(&ask, &who, token).await,
                Whom::Several(emails) => access.remove_members(&ask, &emails, token).await,
            },
            (Surface::Page, Some(page)) => match whom {
                Whom::One(who) => access.remove_viewer(&ask, &page, &who, token).await,
                Whom::Several(emails) => access.remove_viewers(&ask, &page, &emails, token).await,
            },
            (Surface::Subscriber, Some(page)) => {
                let notify = if input.notify {
                    Notify::Yes
                } else {
                    Notify::No
                };
                match whom {
                    Whom::One(who) => {
                        access
                            .remove_subscriber(&ask, &page, &who, notify, token)
                            .await
                    }
                    Whom::Several(emails) => {
                        access
                            .remove_subscribers(&ask, &page, &emails, notify, token)
                            .await
                    }
                }
            }
            (Surface::Directory, None) => match whom {
                Whom::One(who) => access.deactivate_directory_user(&ask, &who, token).await,
                Whom::Several(emails) => {
                    access
                        .deactivate_directory_users(&ask, &emails, token)
                        .await
                }
            },
            (Surface::Statusapp, None) => match whom {
                Whom::One(who) => access.remove_team_member(&ask, &who, token).await,
                Whom::Several(emails) => access.remove_team_members(&ask, &emails, token).await,
            },
            (Surface::Directory | Surface::Statusapp, Some(_)) => Err(Refusal::arguments(
                "`page_id` goes with accounts of one Statuspage page alone",
            )),
            (Surface::Team, Some(_)) => Err(Refusal::arguments(
                "`page_id` does not go with `statuspage_team`: a team member is removed from the whole organization. To take one page away use `set_permissions` with `revoke`",
            )),
            (Surface::Page | Surface::Subscriber, None) => Err(Refusal::arguments(
                "page access users and subscribers belong to one page, so `page_id` is needed; `list_pages` shows the ids",
            )),
        }?;
        Ok(if several {
            report.without_others()
        } else {
            report
        })
    }
}
