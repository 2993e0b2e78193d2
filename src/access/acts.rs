//! The steps that a change can be made of, one file each.

pub(super) mod change_directory_group;
pub(super) mod change_directory_user;
pub(super) mod create_directory_group;
pub(super) mod create_directory_user;
pub(super) mod create_group;
pub(super) mod create_member;
pub(super) mod create_subscriber;
pub(super) mod create_viewer;
pub(super) mod delete_group;
pub(super) mod delete_member;
pub(super) mod delete_subscriber;
pub(super) mod delete_viewer;
pub(super) mod invite_member;
pub(super) mod put_permissions;
pub(super) mod remove_team_member;
pub(super) mod scope_new_viewer;
pub(super) mod set_given;
pub(super) mod set_team_role;
pub(super) mod set_viewer_groups;
pub(super) mod update_group;
pub(super) mod widen_subscription;

use std::collections::BTreeSet;

use serde_json::Value;

use super::act::Seen;
use crate::roster::{Delta, Mode, Record, SetMerged, Subscriber};

/// Who a record is, for a plan: the name as stored, the address and the id.
pub(super) fn who(record: &Record) -> String {
    let name: Vec<&str> = [&record.first_name, &record.last_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let address = record
        .email
        .as_ref()
        .map_or("no e-mail address", |email| email.as_str());
    match (name.is_empty(), &record.display_name) {
        (true, None) => format!("{address} (id {})", record.id),
        (true, Some(shown)) => format!("{shown} <{address}> (id {})", record.id),
        (false, _) => format!("{} <{address}> (id {})", name.join(" "), record.id),
    }
}

/// The word by which a person confirms that they mean this account: its address, or its id where it has none.
pub(super) fn address_or_id(record: &Record) -> String {
    record
        .email
        .as_ref()
        .map_or_else(|| record.id.to_string(), ToString::to_string)
}

/// What a page's roles gained or lost come to, in words.
pub(super) fn delta_words(delta: &Delta) -> String {
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
pub(super) fn subscription(subscriber: &Subscriber) -> String {
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
