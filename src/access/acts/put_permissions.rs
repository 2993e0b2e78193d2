//! Gives a team member exactly these page roles: everything held and the change, sent whole.
//!
//! Statuspage removes the access to every page that such a request leaves out (Manage API, "Update a user's role
//! permissions"). What is sent here is always the merge with what was just read.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{Parts, delta_words};
use crate::access::change::act::{Act, Before, Seen};
use crate::access::change::effect::{Gain, Loss};
use crate::access::words::who;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{Merged, Names, PageId, Permissions, Record, UserId};
use crate::upstream::Cx;

pub(in crate::access) struct PutPermissions {
    pub statuspage: Statuspage,
    pub user: UserId,
    pub record: Record,
    pub before: Permissions,
    pub merged: Merged,
}

impl PutPermissions {
    /// Compares the permissions with the wanted ones, page by page.
    fn in_part(&self, now: &Permissions) -> Seen {
        let of = |permissions: &Permissions, page: &PageId| {
            let on_page = permissions.pages.get(page);
            on_page.map(|on_page| (on_page.roles.clone(), on_page.unknown.clone()))
        };
        let all = [&self.before, &self.merged.after, now];
        let pages: BTreeSet<&PageId> = all.iter().flat_map(|held| held.pages.keys()).collect();
        let (mut parts, mut others) = (Parts::default(), false);
        for page in pages {
            let (before, after) = (of(&self.before, page), of(&self.merged.after, page));
            let on_page = of(now, page);
            others |= on_page != before && on_page != after;
            if before != after {
                parts.add(format!("page {page}"), on_page == after);
            }
        }
        let words = parts.words();
        if others {
            let why = format!(
                "the roles are neither as before nor as wanted: somebody else may be changing them. {words}"
            );
            Seen::Otherwise(json!(now), why)
        } else {
            Seen::InPart(json!(now), words)
        }
    }
}

impl Act for PutPermissions {
    fn system(&self) -> &'static str {
        "statuspage"
    }

    fn what(&self) -> String {
        let words = |deltas: &[crate::roster::Delta]| {
            deltas
                .iter()
                .map(delta_words)
                .collect::<Vec<_>>()
                .join("; ")
        };
        match (self.merged.gained.is_empty(), self.merged.lost.is_empty()) {
            (false, true) => format!("grant {}", words(&self.merged.gained)),
            (true, _) => format!("revoke {}", words(&self.merged.lost)),
            (false, false) => format!(
                "grant {} and revoke {}",
                words(&self.merged.gained),
                words(&self.merged.lost)
            ),
        }
    }

    fn target(&self) -> String {
        who(&self.record)
    }

    fn exact(&self) -> Value {
        json!({"user_id": self.user, "pages": self.merged.after.pages})
    }

    fn before(&self) -> Value {
        json!(self.before)
    }

    fn becomes(&self) -> Option<(Value, Value)> {
        let deltas = self.merged.gained.iter().chain(&self.merged.lost);
        let pages: BTreeSet<&PageId> = deltas.map(|delta| &delta.page_id).collect();
        let of = |held: &Permissions| -> Value {
            let roles = |page: &PageId| match held.pages.get(page) {
                Some(held) => {
                    let known = held.roles.iter().map(ToString::to_string);
                    let unknown = held.unknown.iter().filter(|(_, on)| **on);
                    let unknown = unknown.map(|(name, _)| name.clone());
                    json!(known.chain(unknown).collect::<Vec<_>>())
                }
                None => json!("no access"),
            };
            pages
                .iter()
                .map(|page| (page.to_string(), roles(page)))
                .collect()
        };
        Some((of(&self.before), of(&self.merged.after)))
    }

    fn losses(&self) -> Vec<Loss> {
        let words = |delta| format!("{} loses {}", who(&self.record), delta_words(delta));
        let lost = self.merged.lost.iter();
        lost.map(|delta| Loss::of(&self.record, words(delta)))
            .collect()
    }

    fn gains(&self) -> Vec<Gain> {
        let gain = || Gain::Access(Names::of(&self.record));
        (!self.merged.gained.is_empty())
            .then(gain)
            .into_iter()
            .collect()
    }

    fn requests(&self) -> u32 {
        3
    }

    fn sends_whole(&self) -> bool {
        true
    }

    fn look<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Before, ProviderError>> {
        Box::pin(async move {
            let now = self.statuspage.permissions(cx, &self.user).await?;
            Ok(if same(&now, &self.before) {
                Before::AsPlanned
            } else if same(&now, &self.merged.after) {
                Before::Done
            } else {
                Before::Changed("the page roles are others now".to_owned())
            })
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
            self.statuspage
                .put_permissions(cx, intent, &self.user, &self.merged.after)
                .await
        })
    }

    fn see<'a>(&'a self, cx: &'a Cx) -> BoxFuture<'a, Result<Seen, ProviderError>> {
        Box::pin(async move {
            let now = self.statuspage.permissions(cx, &self.user).await?;
            Ok(if same(&now, &self.merged.after) {
                Seen::AsWanted(json!(now))
            } else if same(&now, &self.before) {
                let why = "the roles are as before; Statuspage ignores page roles of people who reach every page through a product role in admin.atlassian.com";
                Seen::Unchanged(json!(now), why.to_owned())
            } else {
                self.in_part(&now)
            })
        })
    }
}

/// Returns whether two sets of permissions let a person do the same. `role_based` is a fact about a page, not about the person.
fn same(a: &Permissions, b: &Permissions) -> bool {
    let plain = |permissions: &Permissions| -> Vec<_> {
        permissions
            .pages
            .iter()
            .map(|(page, held)| (page.clone(), held.roles.clone(), held.unknown.clone()))
            .collect()
    };
    plain(a) == plain(b)
}
