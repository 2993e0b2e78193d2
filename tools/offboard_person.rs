//! `offboard_person`: removes every account of one address.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{Access, Ask, Asked, Keep, Offboard, OffboardReport, Refusal};
use crate::roster::{DirectoryUserId, Email, Emails};
use crate::toolkit::{Effect, Tool};

/// Takes a person out.
pub(super) struct OffboardPerson;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The person who leaves. This or `emails`. E.g. `jane@example.com`.
    email: Option<Email>,
    /// Several of one person.
    emails: Option<Emails>,
    /// Where several share the name.
    directory_user_id: Option<DirectoryUserId>,
    /// Or several people, up to 50, each with their addresses.
    people: Option<Vec<Leaver>>,
    /// Accounts that stay. E.g. `["subscriber"]`.
    keep: Option<Vec<Keep>>,
    /// From the plan.
    confirmation_token: Option<String>,
}

/// One of several.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Leaver {
    email: Option<Email>,
    emails: Option<Emails>,
    directory_user_id: Option<DirectoryUserId>,
}

impl Leaver {
    fn is_nobody(&self) -> bool {
        self.email.is_none() && self.emails.is_none() && self.directory_user_id.is_none()
    }

    fn asked(self) -> Asked {
        let more = self.emails.unwrap_or_default().0;
        Asked {
            emails: self.email.into_iter().chain(more).collect(),
            directory_user_id: self.directory_user_id,
        }
    }
}

impl Tool for OffboardPerson {
    const NAME: &'static str = "offboard_person";
    const TITLE: &'static str = "Offboard a person";
    const ABOUT: &'static str = include_str!("offboard_person.md");
    const EFFECT: Effect = Effect::Remove;
    type Input = Input;
    type Output = OffboardReport;

    async fn call(access: Arc<Access>, ask: Ask, input: Input) -> Result<Self::Output, Refusal> {
        let one = Leaver {
            email: input.email,
            emails: input.emails,
            directory_user_id: input.directory_user_id,
        };
        let people = match input.people {
            None => vec![one.asked()],
            Some(people) if one.is_nobody() => people.into_iter().map(Leaver::asked).collect(),
            Some(_) => {
                return Err(Refusal::arguments(
                    "`people` names several people: give it without `email`, `emails` and `directory_user_id`, which name one",
                ));
            }
        };
        let wanted = Offboard {
            people,
            keep: input.keep.unwrap_or_default(),
        };
        let token = input.confirmation_token.as_deref();
        access.offboard(&ask, &wanted, token).await
    }
}
