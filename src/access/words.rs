//! The words for people and accounts in plans and results.

use smol_str::SmolStr;

use crate::roster::{Kind, Record, Status, System};

/// Names the owner of a record, for a plan: the name as stored, the address and the id.
pub(in crate::access) fn who(record: &Record) -> String {
    let name: Vec<&str> = [&record.first_name, &record.last_name]
        .into_iter()
        .flatten()
        .map(SmolStr::as_str)
        .collect();
    let address = address_or_none(record);
    match (name.is_empty(), &record.display_name) {
        (true, None) => format!("{address} (id {})", record.id),
        (true, Some(shown)) => format!("{shown} <{address}> (id {})", record.id),
        (false, _) => format!("{} <{address}> (id {})", name.join(" "), record.id),
    }
}

/// The word by which a person confirms that they mean this account: its address, or its id where it has none.
pub(in crate::access) fn address_or_id(record: &Record) -> String {
    record
        .email
        .as_ref()
        .map_or_else(|| record.id.to_string(), ToString::to_string)
}

/// Names the owner of a record where the words are the server's own: the address and the id. A name is whatever its owner wrote.
pub(in crate::access) fn whom(record: &Record) -> String {
    format!("{} (id {})", address_or_none(record), record.id)
}

/// Names an account with its kind, place and owner: `page access user of page Example (kctbh9vrtdwd): jane@example.com (id 5f1e)`.
pub(in crate::access) fn account(record: &Record, page_name: Option<&str>) -> String {
    let kind = match (record.kind, record.system) {
        (Kind::TeamMember, System::Statusapp) => "member of the StatusApp team",
        (Kind::TeamMember, _) => "Statuspage team member",
        (Kind::PageAccessUser, _) => "page access user",
        (Kind::Subscriber, _) => "subscription",
        (Kind::DirectoryUser, _) => "Atlassian account",
        (Kind::Invitation, _) => "open invitation to the StatusApp team",
    };
    let page = match (record.page_id(), page_name) {
        (Some(id), Some(name)) => format!(" of page {name} ({id})"),
        (Some(id), None) => format!(" of page {id}"),
        (None, _) => String::new(),
    };
    let off = match record.status {
        Some(Status::Inactive) => ", switched off",
        _ => "",
    };
    format!("{kind}{page}: {}{off}", who(record))
}

fn address_or_none(record: &Record) -> &str {
    match (&record.email, &record.email_invalid) {
        (Some(email), _) => email.as_str(),
        (None, Some(stored)) => stored,
        (None, None) => "no e-mail address",
    }
}

/// So many of something: `no members`, `1 member`, `3 members`.
pub(in crate::access) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}
