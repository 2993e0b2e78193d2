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
pub(in crate::access) mod update_group;
pub(in crate::access) mod widen_subscription;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::access::change::act::{Before, Seen};
use crate::roster::{Delta, Mode, SetMerged, Subscriber};

/// What a page's roles gained or lost come to, in words.
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

/// Which subscription it is: how it is told, to whom, and the id. Of a webhook only the host.
pub(in crate::access) fn subscription(subscriber: &Subscriber) -> String {
    let Subscriber { record, mode, .. } = subscriber;
    let whom = match mode {
        Mode::Email => None,
        Mode::Sms => subscriber
            .phone_ending
            .as_ref()
            .map(|digits| format!("a number ending {digits}")),
        _ => subscriber
            .endpoint_host
            .clone()
            .or_else(|| subscriber.channel.clone()),
    };
    let address = record.email.as_ref().map(ToString::to_string);
    let whom = [whom, address]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let whom = if whom.is_empty() {
        "no address".to_owned()
    } else {
        whom
    };
    format!("{mode} subscription of {whom} (id {})", record.id)
}

/// What reading a set back would show, as a look before the step.
fn again(seen: &Seen, what: &str) -> Before {
    match seen {
        Seen::AsWanted(_) | Seen::AsWantedAnd(..) => Before::Done,
        Seen::Unchanged(..) => Before::AsPlanned,
        Seen::Otherwise(..) => Before::Changed(format!("the {what} are others now")),
    }
}

/// A set before its change, as text.
fn held_before<T: Ord + ToString>(merged: &SetMerged<T>) -> Vec<String> {
    let kept = merged
        .after
        .iter()
        .filter(|id| !merged.gained.contains(*id));
    let mut held: Vec<String> = kept.chain(&merged.lost).map(ToString::to_string).collect();
    held.sort();
    held
}

/// What a set read back says of its change.
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
        Seen::Otherwise(
            seen,
            format!(
                "the {what} are neither as before nor as wanted: it was made in part, or somebody else changes them too"
            ),
        )
    }
}
