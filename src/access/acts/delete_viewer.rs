//! Removes a page access user.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::statuspage::items::named;
use crate::access::statuspage::reach::{EffectiveAccess, Reached};
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{PageId, Record, ViewerId};
use crate::upstream::Cx;

pub(in crate::access) struct DeleteViewer {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub viewer: ViewerId,
    pub record: Record,
    /// The access that is lost with the account.
    pub holds: Holds,
}

/// The access of a page access user, by name, so that it can be restored.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Holds {
    /// The components and metrics that the page access user sees, where they were read.
    pub access: Option<EffectiveAccess>,
    /// The parts of the access that could not be read, or were not.
    pub unread: Vec<String>,
}

impl Holds {
    fn words(&self, record: &Record) -> String {
        let unread = |part: &str| self.unread.iter().any(|unread| unread.contains(part));
        let list = |names: Vec<String>| match names.as_slice() {
            [] => "none".to_owned(),
            some => some.join(", "),
        };
        let mut words = Vec::new();
        if let Some(access) = &self.access {
            if !unread(GROUPS) {
                let groups = access.groups.iter();
                let groups = groups.map(|group| named(group.name.as_deref(), group.id.as_str()));
                words.push(format!("groups: {}", list(groups.collect())));
            }
            let direct = |things: &[Reached]| {
                let direct = things.iter().filter(|thing| thing.direct);
                list(
                    direct
                        .map(|thing| named(thing.name.as_deref(), &thing.id))
                        .collect(),
                )
            };
            if !unread(DIRECTLY) {
                words.push(format!(
                    "components given directly: {}; metrics given directly: {}",
                    direct(&access.components),
                    direct(&access.metrics)
                ));
            }
        }
        let login = record.external_id.iter();
        words.extend(login.map(|login| format!("external login: {login}")));
        words.extend(
            self.unread
                .iter()
                .map(|unread| format!("not known: {unread}")),
        );
        words.join("; ")
    }
}

/// Words of the entries of [`Holds::unread`] about what was given directly, and about the groups.
pub(in crate::access) const DIRECTLY: &str = "given directly";
pub(in crate::access) const GROUPS: &str = "its groups";

impl Act for DeleteViewer {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        format!("remove the page access user from page {}", self.page)
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"page_id": self.page, "page_access_user_id": self.viewer})
    }

    fn before(&self) -> Value {
        json!({"record": self.record, "access": self.holds.access})
    }

    fn losses(&self) -> Vec<Loss> {
        let words = format!(
            "{} can no longer see page {} ({})",
            who(&self.record),
            self.page,
            self.holds.words(&self.record)
        );
        vec![Loss::of(&self.record, words)]
    }

    fn gains(&self) -> Vec<Gain> {
        Vec::new()
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            match self.statuspage.viewer(cx, &self.page, &self.viewer).await {
                Err(error) if error.is_not_found() => Ok(Before::Done),
                Err(error) => Err(error),
                Ok(now) if now.email == self.record.email => Ok(Before::AsPlanned),
                Ok(_) => Ok(Before::Changed(
                    "the account has another e-mail address now".to_owned(),
                )),
            }
        })
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn partly_unread(&self) -> bool {
        !self.holds.unread.is_empty()
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .delete_viewer(cx, intent, &self.page, &self.viewer)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            match self.statuspage.viewer(cx, &self.page, &self.viewer).await {
                Err(error) if error.is_not_found() => Ok(Seen::AsWanted(Value::Null)),
                Ok(still) => Ok(Seen::Unchanged(
                    json!(still),
                    "the page access user is still there".to_owned(),
                )),
                Err(error) => Err(error),
            }
        })
    }
}
