//! Addresses of functions, which several people read.

use crate::roster::Email;

/// First parts of addresses that usually reach several people.
const SHARED: [&str; 26] = [
    "admin",
    "alerts",
    "all",
    "billing",
    "contact",
    "dev",
    "devops",
    "engineering",
    "everyone",
    "help",
    "helpdesk",
    "hello",
    "info",
    "it",
    "itsupport",
    "monitoring",
    "noc",
    "office",
    "on-call",
    "oncall",
    "ops",
    "sre",
    "status",
    "status-updates",
    "support",
    "team",
];

/// Words that make any part of an address's name one of a list.
const LIST: [&str; 9] = [
    "alerts",
    "dl",
    "distribution",
    "group",
    "list",
    "noreply",
    "notifications",
    "oncall",
    "team",
];

/// Whether an address reads like that of a function and not of a person.
pub(super) fn looks_shared(email: &Email) -> bool {
    let local = email.folded().split('@').next().unwrap_or_default();
    SHARED.contains(&local)
        || local
            .split(['.', '-', '_'])
            .any(|part| LIST.contains(&part))
}
