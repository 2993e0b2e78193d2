//! Finds people who are switched off in the company's directory and still have access or get messages.

use std::collections::BTreeMap;

use serde_json::json;

use super::facts::{Facts, PEOPLE, is_on};
use super::{Can, Finding, FindingKind, Fix, Found, Rules, Severity, Subject};
use crate::access::statusapp::team::BY_HAND;
use crate::access::words::{count, whom};
use crate::roster::{DirectoryUser, Email, Kind, Record, System};

/// The reason why nothing is known that the directory alone tells.
pub(super) const NO_DIRECTORY: &str = "the directory is not configured";
/// The question that comes before somebody is removed everywhere.
pub(super) const ASK_FIRST: &str =
    "ask who has left; `offboard_person` takes up to 50 of them in one plan as `people`";
/// Accounts that a finding lists; the rest is counted.
const SHOWN: usize = 12;
/// Addresses that a search for one person takes.
const ADDRESSES: usize = 10;

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    if !rules.has(System::AtlassianScim) {
        found.missed(&[FindingKind::InactiveWithAccess], NO_DIRECTORY);
        found.not_checked.push("who has left the company and still has access: the directory, which knows it, is not configured".to_owned());
        return;
    }
    if let Some(why) = facts.gap(PEOPLE) {
        found.not_checked.push(format!("everybody who is switched off in the directory: it was not read to its end ({why}), so more people may have left than the findings say"));
    }
    let unread = facts.gaps_besides_the_directory();
    if !unread.is_empty() {
        found.not_checked.push(format!(
            "whether people who are switched off in the directory are among {}: not read to their end (see `unknown`)",
            unread.join(", ")
        ));
    }
    found.looked_for(&[FindingKind::InactiveWithAccess]);
    let held = facts.by_address();
    for user in facts.people.iter().filter(|user| !is_on(user)) {
        still_there(facts, user, &held, found);
    }
}

fn still_there(
    facts: &Facts,
    user: &DirectoryUser,
    held: &BTreeMap<&Email, Vec<&Record>>,
    found: &mut Found,
) {
    let emails: Vec<Email> = facts
        .own_addresses(user)
        .into_iter()
        .filter(|email| held.contains_key(email))
        .take(ADDRESSES)
        .collect();
    let accounts: Vec<&Record> = emails
        .iter()
        .flat_map(|email| held.get(email).into_iter().flatten().copied())
        .collect();
    if accounts.is_empty() {
        return;
    }
    let only = |kind: Kind| accounts.iter().all(|record| record.kind == kind);
    let mut evidence = vec![format!(
        "switched off in the directory (id {})",
        user.record.id
    )];
    let more = accounts.len().saturating_sub(SHOWN);
    evidence.extend(accounts.iter().take(SHOWN).map(|record| {
        let can = Can::of(record).map(|can| format!(", {can}"));
        let can = can.unwrap_or_default();
        format!("{}: {}{can}", facts.role(record), whom(record))
    }));
    if more > 0 {
        evidence.push(format!("and {more} more"));
    }
    evidence.push(format!(
        "{} in all",
        count(accounts.len(), "account", "accounts")
    ));
    let invited = accounts
        .iter()
        .any(|record| record.kind == Kind::Invitation);
    let severity = if only(Kind::Subscriber) {
        Severity::Medium
    } else {
        Severity::High
    };
    found.findings.push(Finding {
        id: FindingKind::InactiveWithAccess.of(&user.record.id),
        about: Subject::account(&user.record).with(&emails, accounts.iter().copied()),
        severity,
        title: "is switched off in the directory and still has accounts elsewhere".to_owned(),
        evidence,
        fix: (!only(Kind::Invitation)).then(|| gone(&emails)),
        next: Some(if invited {
            format!("take the invitation back. {BY_HAND}")
        } else {
            ASK_FIRST.to_owned()
        }),
    });
}

/// Takes one person out of everything.
pub(super) fn gone(emails: &[Email]) -> Fix {
    let arguments = match emails {
        [one] => json!({"email": one}),
        several => json!({"emails": several}),
    };
    Fix::call("offboard_person", arguments)
}
