//! Accounts whose texts hide something, or whose names read as something else than a name.

use serde_json::json;

use super::facts::Facts;
use super::people::removal;
use super::{Finding, FindingKind, Fix, Found, Severity, Subject};
use crate::access::statusapp::team::BY_HAND;
use crate::roster::{Kind, Record, strange};

pub(super) fn look(facts: &Facts, found: &mut Found) {
    found.looked_for(&[FindingKind::HiddenOrBrokenText, FindingKind::StrangeName]);
    let records = facts.members.iter().chain(&facts.viewers);
    let records = records.chain(&facts.statusapp);
    let records = records.chain(facts.people.iter().map(|it| &it.record));
    for record in records.chain(facts.invitations.iter().map(|it| &it.record)) {
        hidden(record, found);
        strange(record, found);
    }
}

fn hidden(record: &Record, found: &mut Found) {
    if !record.text_altered && record.email_invalid.is_none() {
        return;
    }
    let (fix, next) = fix(record);
    found.findings.push(Finding {
        id: FindingKind::HiddenOrBrokenText.of(&record.id),
        about: Subject::account(record),
        severity: Severity::Medium,
        title: "holds hidden characters or an address that is none".to_owned(),
        evidence: vec!["an address or name that looks like somebody else's can hide so; it matches no search by e-mail".to_owned()],
        fix,
        next,
    });
}

fn strange(record: &Record, found: &mut Found) {
    let names = [&record.first_name, &record.last_name, &record.display_name];
    let mut names = names.into_iter().flatten();
    let Some(reads_as) = names.find_map(|name| strange::reads_as(name, record.address())) else {
        return;
    };
    // A name is no reason to take an account away.
    let look = record
        .address()
        .map(|email| Fix::call("find_person", json!({"email": email})));
    let next = "ask whether the name is meant so; it is changed in the system itself";
    found.findings.push(Finding {
        id: FindingKind::StrangeName.of(&record.id),
        about: Subject::account(record),
        severity: Severity::Low,
        title: format!("has a name that reads as {reads_as}"),
        evidence: vec![
            "a spreadsheet, a program or a reader may take it for more than a name".to_owned(),
        ],
        fix: look,
        next: Some(next.to_owned()),
    });
}

/// Returns what takes the account away, or looks further, and what a person does.
fn fix(record: &Record) -> (Option<Fix>, Option<String>) {
    match record.kind {
        Kind::Invitation => (None, Some(BY_HAND.to_owned())),
        Kind::DirectoryUser => {
            let call = Fix::call("find_person", json!({"directory_user_id": record.id}));
            (Some(call), None)
        }
        _ => (Some(removal(record)), None),
    }
}
