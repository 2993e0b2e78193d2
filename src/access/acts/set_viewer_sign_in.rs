//! Gives a page access user another address or another external login: what the person signs in with from then on.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{Parts, create_viewer::names};
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{SignIn, Statuspage, ViewerChange};
use crate::roster::{PageId, Record, ViewerId};
use crate::upstream::Cx;

pub(in crate::access) struct SetViewerSignIn {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub viewer: ViewerId,
    pub record: Record,
    /// The new address or external login.
    pub new: SignIn,
}

/// A field of the sign-in that changes, with its old, new and present value.
struct Field<'a> {
    name: &'static str,
    words: &'static str,
    old: Option<&'a str>,
    new: &'a str,
    now: Option<&'a str>,
}

impl SetViewerSignIn {
    /// The fields that change, against the account as it is.
    fn fields<'a>(&'a self, now: &'a Record) -> Vec<Field<'a>> {
        let email = self.new.email.as_ref().map(|new| Field {
            name: "email",
            words: "the address",
            old: stored_address(&self.record),
            new: new.as_str(),
            now: stored_address(now),
        });
        let login = self.new.external_login.as_deref().map(|new| Field {
            name: "external_login",
            words: "the external login",
            old: self.record.external_id.as_deref(),
            new,
            now: now.external_id.as_deref(),
        });
        email.into_iter().chain(login).collect()
    }
}

/// The address as it is stored, also where it is none that can be read.
fn stored_address(record: &Record) -> Option<&str> {
    let email = record.email.as_ref().map(crate::roster::Email::as_str);
    email.or(record.email_invalid.as_deref())
}

impl Act for SetViewerSignIn {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let changes: Vec<String> = self
            .fields(&self.record)
            .iter()
            .map(|field| match field.old {
                Some(old) => format!("{} {old} by {}", field.words, field.new),
                None => format!("no {} by {}", field.name, field.new),
            })
            .collect();
        format!(
            "replace what the page access user of page {} signs in with: {}",
            self.page,
            changes.join(", and ")
        )
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        let SignIn {
            email,
            external_login,
        } = &self.new;
        json!({"page_id": self.page, "page_access_user_id": self.viewer, "email": email, "external_login": external_login})
    }

    fn before(&self) -> Value {
        json!({"email": stored_address(&self.record), "external_login": self.record.external_id})
    }

    fn losses(&self) -> Vec<Loss> {
        let fields = self.fields(&self.record);
        let replaced = fields.iter().filter_map(|field| {
            let words = format!(
                "{} no longer signs in to page {} with {} {}",
                who(&self.record),
                self.page,
                field.words,
                field.old?
            );
            Some(Loss::of(&self.record, words))
        });
        replaced.collect()
    }

    fn gains(&self) -> Vec<Gain> {
        vec![Gain::Access(names(&self.new))]
    }

    fn sends_whole(&self) -> bool {
        true
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            let now = self.statuspage.viewer(cx, &self.page, &self.viewer).await?;
            let fields = self.fields(&now);
            if fields.iter().all(|field| field.now == Some(field.new)) {
                return Ok(Before::Done);
            }
            let other = fields.iter().find(|field| field.now != field.old);
            Ok(other.map_or(Before::AsPlanned, |field| {
                Before::Changed(format!(
                    "{} is {} now",
                    field.words,
                    field.now.unwrap_or("not set")
                ))
            }))
        })
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn write<'a>(
        &'a self,
        cx: &'a Cx,
        intent: &'a Intent,
    ) -> BoxFuture<'a, Result<(), ProviderError>> {
        Box::pin(async move {
            let change = ViewerChange {
                email: self.new.email.clone(),
                external_login: self.new.external_login.clone(),
                group_ids: None,
            };
            self.statuspage
                .update_viewer(cx, intent, &self.page, &self.viewer, &change)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self.statuspage.viewer(cx, &self.page, &self.viewer).await?;
            let mut parts = Parts::default();
            for field in self.fields(&now) {
                // Statuspage may keep an address in lower case; an external login is compared exactly.
                let same = field.now.is_some_and(|now| {
                    now == field.new || field.name == "email" && now.eq_ignore_ascii_case(field.new)
                });
                parts.add(format!("{} {}", field.words, field.new), same);
            }
            Ok(parts.seen(json!(now), "what the account signs in with is as before"))
        })
    }
}
