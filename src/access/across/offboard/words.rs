//! The words of an offboarding for its accounts; finds those words again in earlier plans.

use crate::roster::{Email, Kind};

/// Says how many accounts are removed and how many directory accounts are switched off.
pub(super) fn parted(email: &str, leaving: &[Kind], will_be: &str) -> String {
    let off = leaving.iter().filter(|kind| **kind == Kind::DirectoryUser);
    let off = off.count();
    let removed = leaving.len() - off;
    let verb = |number: usize| match (will_be, number) {
        ("", 1) => "was",
        ("", _) => "were",
        (future, _) => future,
    };
    let accounts = |number: usize| if number == 1 { "account" } else { "accounts" };
    let removals = format!(
        "{removed} {} of {email} {} removed",
        accounts(removed),
        verb(removed)
    );
    match (removed, off) {
        (_, 0) => format!("{removals}."),
        (0, off) => format!(
            "{off} Atlassian {} of {email} {} switched off.",
            accounts(off),
            verb(off)
        ),
        (_, off) => format!(
            "{removals}, and {off} Atlassian {} {} switched off.",
            accounts(off),
            verb(off)
        ),
    }
}

/// There is nothing to remove, in all that was asked or in what of it could be read.
pub(super) fn nothing_left(email: &str, all_read: bool) -> String {
    let of_what = if all_read {
        ""
    } else {
        " in what could be read"
    };
    format!("{email} has no account left to remove{of_what}.")
}

/// So many accounts are switched off already, as it is said before and after; nothing where none is.
pub(super) fn off_already(accounts: usize) -> Option<(String, String)> {
    let also_off = |verb: &str| format!(" {accounts} more {verb} switched off already.");
    match accounts {
        0 => None,
        1 => Some((also_off("is"), also_off("was"))),
        _ => Some((also_off("are"), also_off("were"))),
    }
}

/// Returns whether a step's target, in lower case, is somebody with this address, however its domain is written.
pub(super) fn names(target: &str, email: &Email) -> bool {
    let spellings = email.spellings();
    spellings
        .iter()
        .any(|spelling| target.contains(&spelling.to_lowercase()))
}
