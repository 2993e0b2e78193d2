//! Adds a page access user.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::Parts;
use crate::access::change::act::{Act, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::look::viewer::Newcomer;
use crate::access::statuspage::reach::{Groups, group_name};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{NewViewer, SignIn, Statuspage};
use crate::roster::{Audience, Evidence, Names, PageId};
use crate::upstream::Cx;

pub(in crate::access) struct CreateViewer {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub new: NewViewer,
    pub newcomer: Newcomer,
    pub audience: Evidence,
    /// For the names.
    pub groups: Groups,
}

impl Act for CreateViewer {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let groups: Vec<String> = self
            .new
            .group_ids
            .iter()
            .map(|id| group_name(&self.groups, id))
            .collect();
        let groups = match groups.as_slice() {
            [] => String::new(),
            some => format!(", in the groups {}", some.join(", ")),
        };
        let subscription = if self.new.subscribe {
            ", and subscribe it to incidents"
        } else {
            ""
        };
        format!(
            "add a page access user to page {}{groups}{subscription}",
            self.page
        )
    }

    fn target(&self) -> String {
        self.new.sign_in.to_string()
    }

    fn exact(&self) -> Value {
        let SignIn {
            email,
            external_login,
        } = &self.new.sign_in;
        json!({
            "page_id": self.page, "email": email, "external_login": external_login,
            "group_ids": self.new.group_ids, "subscribe": self.new.subscribe,
        })
    }

    fn before(&self) -> Value {
        Value::Null
    }

    fn losses(&self) -> Vec<Loss> {
        Vec::new()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Access(names(&self.new.sign_in))]
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            self.statuspage
                .create_viewer(cx, intent, &self.page, &self.new)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let sign_in = &self.new.sign_in;
            let found = self
                .newcomer
                .find(&self.statuspage, cx, &self.page, sign_in);
            let Some(record) = found.await? else {
                return Ok(Seen::Unchanged(Value::Null, self.why_nothing()));
            };
            let Some(held) = record.groups.clone() else {
                return Ok(Seen::AsWanted(json!(record)));
            };
            let mut parts = Parts::default();
            parts.add(format!("the page access user (id {})", record.id), true);
            for group in &self.new.group_ids {
                let name = group_name(&self.groups, group);
                parts.add(format!("group {name}"), held.contains(group));
            }
            Ok(parts.seen(json!(record), ""))
        })
    }
}

/// Every name that somebody can sign in with.
pub(super) fn names(sign_in: &SignIn) -> Names {
    let address: Names = sign_in.email.iter().cloned().collect();
    Names::text(sign_in.external_login.as_deref()).and(address)
}

impl CreateViewer {
    fn why_nothing(&self) -> String {
        let reasons = self.audience.reasons.join("; ");
        match self.audience.audience {
            Audience::Yes => {
                "Statuspage accepted the request, and the page access user is not there".to_owned()
            }
            Audience::NoEvidence | Audience::Unknown => format!(
                "Statuspage accepts page access users for a page that is not audience-specific and ignores them; nothing shows that page {} is audience-specific ({reasons}). Statuspage support or an owner can change a page's type",
                self.page
            ),
        }
    }
}
