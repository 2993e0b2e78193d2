//! The steps that a change can be made of, one file each.

pub(in crate::access) mod change_directory_group;
pub(in crate::access) mod change_directory_user;
pub(in crate::access) mod create_directory_group;
pub(in crate::access) mod create_directory_user;
pub(in crate::access) mod create_group;
pub(in crate::access) mod create_member;
pub(in crate::access) mod create_subscriber;
pub(in crate::access) mod create_viewer;
pub(in crate::access) mod delete_group;
pub(in crate::access) mod delete_member;
pub(in crate::access) mod delete_subscriber;
pub(in crate::access) mod delete_viewer;
pub(in crate::access) mod invite_member;
pub(in crate::access) mod put_permissions;
pub(in crate::access) mod remove_team_member;
pub(in crate::access) mod resend_confirmation;
pub(in crate::access) mod scope_new_viewer;
pub(in crate::access) mod set_given;
pub(in crate::access) mod set_team_role;
pub(in crate::access) mod set_viewer_groups;
pub(in crate::access) mod set_viewer_sign_in;
pub(in crate::access) mod update_group;
pub(in crate::access) mod widen_subscription;

use std::collections::BTreeSet;

use serde_json::Value;
use smol_str::{ToSmolStr, format_smolstr};

use crate::access::change::act::{Before, Seen};
use crate::access::look::subscription::covers_all;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::{ComponentId, Delta, Mode, PageId, SetMerged, Subscriber};
use crate::upstream::Cx;

/// Describes in words the roles that a page gained or lost.
pub(in crate::access) fn delta_words(delta: &Delta) -> String {
    let roles: Vec<String> = delta
        .roles
        .iter()
        .map(ToString::to_string)
        .chain(delta.unknown.iter().cloned())
        .collect();
    match (delta.page_access, roles.is_empty()) {
        (true, true) => format!("access to page {}", delta.page_id),
        (true, false) => format!("access to page {} with {}", delta.page_id, roles.join(", ")),
        (false, _) => format!("{} on page {}", roles.join(", "), delta.page_id),
    }
}

/// Describes a subscription: its channel, its recipient, and its id. Of a webhook only the host is shown.
pub(in crate::access) fn subscription(subscriber: &Subscriber) -> String {
    let Subscriber { record, mode, .. } = subscriber;
    let whom = match mode {
        Mode::Email => None,
        Mode::Sms => subscriber
            .phone_ending
            .as_ref()
            .map(|digits| format_smolstr!("a number ending {digits}")),
        _ => subscriber
            .endpoint_host
            .clone()
            .or_else(|| subscriber.channel.clone()),
    };
    let address = record.email.as_ref().map(ToSmolStr::to_smolstr);
    let address = address.or_else(|| record.email_invalid.clone());
    let whom = [whom, address]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let whom = if whom.is_empty() {
        "no address".into()
    } else {
        whom
    };
    format!("{mode} subscription of {whom} (id {})", record.id)
}

/// Compares the components that a subscription covers with those that it is to cover; none named means all components.
async fn covered(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    held: &Subscriber,
    wanted: &[ComponentId],
) -> Result<Seen, ProviderError> {
    let after = serde_json::json!(held);
    let listed = held.component_ids.as_deref().unwrap_or_default();
    if wanted.is_empty() {
        return Ok(if covers_all(statuspage, cx, page, held).await? {
            Seen::AsWanted(after)
        } else {
            let listed: Vec<_> = listed.iter().map(ToString::to_string).collect();
            let why = format!(
                "in place: the subscription, for {} alone; not in place: all other components",
                listed.join(", ")
            );
            Seen::InPart(after, why)
        });
    }
    if listed.is_empty() {
        let why = "it covers all components of the page, not only those named".to_owned();
        return Ok(Seen::AsWantedAnd(after, why));
    }
    let mut parts = Parts::default();
    parts.add(format!("the subscription (id {})", held.record.id), true);
    for id in wanted {
        parts.add(format!("component {id}"), listed.contains(id));
    }
    Ok(parts.seen(after, ""))
}

/// Converts the result of a read-back into the result of a look before the step.
fn again(seen: &Seen, what: &str) -> Before {
    match seen {
        Seen::AsWanted(_) | Seen::AsWantedAnd(..) | Seen::Accepted(..) => Before::Done,
        Seen::Unchanged(..) => Before::AsPlanned,
        Seen::InPart(..) | Seen::Otherwise(..) => {
            Before::Changed(format!("the {what} are others now"))
        }
    }
}

/// A set before its change, as text.
fn held_before<T: Ord + ToString>(merged: &SetMerged<T>) -> Vec<String> {
    let kept = merged
        .after
        .iter()
        .filter(|id| !merged.gained.contains(*id));
    let mut remaining: Vec<String> = kept.chain(&merged.lost).map(ToString::to_string).collect();
    remaining.sort();
    remaining
}

/// Compares a set that was read back with its state before and after the change.
fn compared<T: Ord + ToString>(
    merged: &SetMerged<T>,
    now: &BTreeSet<T>,
    seen: Value,
    what: &str,
) -> Seen {
    let mut as_read: Vec<String> = now.iter().map(ToString::to_string).collect();
    as_read.sort();
    if *now == merged.after {
        Seen::AsWanted(seen)
    } else if as_read == held_before(merged) {
        Seen::Unchanged(seen, format!("the {what} are as before"))
    } else {
        let mut parts = Parts::default();
        for id in &merged.gained {
            parts.add(
                format!("{what} added: {}", id.to_string()),
                now.contains(id),
            );
        }
        for id in &merged.lost {
            parts.add(
                format!("{what} taken: {}", id.to_string()),
                !now.contains(id),
            );
        }
        let others = now
            .iter()
            .any(|id| !merged.after.contains(id) && !merged.lost.contains(id));
        let kept = merged
            .after
            .iter()
            .filter(|id| !merged.gained.contains(*id));
        let others = others || kept.into_iter().any(|id| !now.contains(id));
        if others {
            Seen::Otherwise(
                seen,
                format!(
                    "the {what} are neither as before nor as wanted: somebody else changes them too. {}",
                    parts.words()
                ),
            )
        } else {
            Seen::InPart(seen, parts.words())
        }
    }
}

/// The parts of a step that are in place and those that are not, in words.
#[derive(Default)]
struct Parts {
    in_place: Vec<String>,
    not: Vec<String>,
}

impl Parts {
    fn add(&mut self, part: String, in_place: bool) {
        if in_place {
            self.in_place.push(part);
        } else {
            self.not.push(part);
        }
    }

    fn words(&self) -> String {
        let list = |parts: &[String]| match parts {
            [] => "nothing".to_owned(),
            some => some.join(", "),
        };
        format!(
            "in place: {}; not in place: {}",
            list(&self.in_place),
            list(&self.not)
        )
    }

    /// As wanted where everything is in place, as before where nothing is.
    fn seen(&self, after: Value, as_before: &str) -> Seen {
        match (self.in_place.is_empty(), self.not.is_empty()) {
            (_, true) => Seen::AsWanted(after),
            (true, false) => Seen::Unchanged(after, as_before.to_owned()),
            (false, false) => Seen::InPart(after, self.words()),
        }
    }
}
