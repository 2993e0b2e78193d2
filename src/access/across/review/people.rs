//! Team members and viewers who are out of order.

use std::collections::BTreeMap;

use serde_json::json;

use super::facts::{Facts, PEOPLE};
use super::mailbox::{GUESS, looks_shared};
use super::{Finding, FindingKind, Fix, Found, Rules, Severity, Subject, owner};
use crate::access::statusapp::team::BY_HAND;
use crate::access::words::whom;
use crate::roster::{Email, Kind, PageId, Record, Status, System};

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    if rules.has(System::Statuspage) {
        only_one(facts, found);
        owner::look(facts, rules, found);
    } else {
        let kinds = [owner::OWNER.as_slice(), &[FindingKind::SingleTeamMember]].concat();
        found.missed(&kinds, "Statuspage is not configured");
    }
    for record in &facts.members {
        outside(facts, record, rules, false, found);
        shared(facts, record, false, found);
    }
    for record in &facts.statusapp {
        outside(facts, record, rules, false, found);
        shared(facts, record, false, found);
    }
    for invitation in &facts.invitations {
        if invitation.record.status == Some(Status::Invited) {
            outside(facts, &invitation.record, rules, false, found);
        }
    }
    domains_known(rules, found);
    found.looked_for(&[FindingKind::SharedMailbox, FindingKind::ViewerWithoutGroup]);
    let untold = facts.viewers.iter().filter(|it| it.groups.is_none());
    let untold = untold.count();
    if untold > 0 {
        let why = format!("of {untold} viewers the list does not tell the groups");
        found.missed(&[FindingKind::ViewerWithoutGroup], &why);
    }
    for record in &facts.viewers {
        if record.groups.as_ref().is_some_and(Vec::is_empty) {
            without_group(facts, record, found);
        }
    }
    twice(facts, found);
}

/// Why it is not known whose address or host is the company's.
pub(super) const NO_DOMAINS: &str = "neither `policy.email_domains` nor `identities` is there";

/// Says so where nobody knows whose addresses are the company's.
pub(super) fn domains_known(rules: &Rules<'_>, found: &mut Found) {
    if rules.domains.is_some() {
        found.looked_for(&[FindingKind::OutsideAddress]);
    } else {
        found.missed(&[FindingKind::OutsideAddress], NO_DOMAINS);
        found.not_checked.push("addresses outside the company: neither `policy.email_domains` nor `identities` says which domains are yours".to_owned());
    }
}

fn only_one(facts: &Facts, found: &mut Found) {
    found.looked_for(&[FindingKind::SingleTeamMember]);
    if let Some(why) = facts.gap("the team members") {
        found.not_checked.push(format!(
            "whether only one person can run the pages: the team was not read to its end ({why})"
        ));
        return;
    }
    if let [only] = facts.members.as_slice() {
        found.findings.push(Finding {
            id: FindingKind::SingleTeamMember.alone(),
            about: Subject::account(only),
            severity: Severity::High,
            title: "is the only team member: nobody else can run the pages".to_owned(),
            evidence: vec!["the list of team members holds one".to_owned()],
            fix: None,
            next: Some(
                "ask who becomes the second; then `add_org_user` with their address".to_owned(),
            ),
        });
    }
}

/// A team member with an address of nobody of the company.
pub(super) fn outside(
    facts: &Facts,
    record: &Record,
    rules: &Rules<'_>,
    migrates: bool,
    found: &mut Found,
) {
    let (Some(email), Some(ours)) = (&record.email, &rules.domains) else {
        return;
    };
    if ours.contains(email.domain()) {
        return;
    }
    let (fix, next) = if record.kind == Kind::Invitation {
        (
            None,
            Some(format!("ask whether they are to come. {BY_HAND}")),
        )
    } else if migrates {
        let next = "ask whether they stay: the Atlassian account that they make is one that the company does not manage";
        (Some(roles_of(record)), Some(next.to_owned()))
    } else {
        (Some(removal(record)), None)
    };
    found.findings.push(Finding {
        id: FindingKind::OutsideAddress.of(&record.id),
        about: Subject::account(record),
        severity: Severity::Medium,
        title: format!("has an address from elsewhere: {}", facts.role(record)),
        evidence: vec![format!(
            "`{}` is none of the company's domains",
            email.domain()
        )],
        fix,
        next,
    });
}

/// A team member that is a mailbox, not a person.
pub(super) fn shared(facts: &Facts, record: &Record, migrates: bool, found: &mut Found) {
    let Some(email) = record.email.as_ref().filter(|email| looks_shared(email)) else {
        return;
    };
    let local = email.folded().split('@').next().unwrap_or_default();
    let mut evidence = vec![
        format!("`{local}` reads like the name of a function, not of a person"),
        GUESS.to_owned(),
        "what is done with it cannot be told apart, it cannot move to an Atlassian account, and who leaves keeps its password".to_owned(),
    ];
    if facts.gap(PEOPLE).is_none() && facts.person(email).is_none() {
        evidence.push("nobody of the directory has this address".to_owned());
    }
    let (fix, next) = if migrates {
        let next = "ask who stands behind it. Add each of them (`add_org_user`), give them its roles (`set_permissions`), and remove it last (`remove_user`)";
        (roles_of(record), Some(next.to_owned()))
    } else {
        (removal(record), None)
    };
    found.findings.push(Finding {
        id: FindingKind::SharedMailbox.of(&record.id),
        about: Subject::account(record),
        severity: if migrates {
            Severity::High
        } else {
            Severity::Medium
        },
        title: format!(
            "looks like a mailbox that several people read: {}",
            facts.role(record)
        ),
        evidence,
        fix: Some(fix),
        next,
    });
}

/// The roles that somebody else has to take over.
fn roles_of(record: &Record) -> Fix {
    Fix::call("get_permissions", json!({"user_id": record.id}))
}

fn without_group(facts: &Facts, record: &Record, found: &mut Found) {
    let Some(page) = record.page_id() else {
        return;
    };
    found.findings.push(Finding {
        id: FindingKind::ViewerWithoutGroup.of(&record.id),
        about: Subject::account(record),
        severity: Severity::Low,
        title: format!("is in no group of page {}", facts.page(Some(&page))),
        evidence: vec!["the list of viewers does not tell what is given to a viewer directly".to_owned()],
        fix: Some(Fix::call("list_page_access_users", json!({"page_id": page, "without_access": true}))),
        next: Some("the call shows which of them see nothing, for one request a viewer; then ask what they are to see, or whether they are to go".to_owned()),
    });
}

/// Finds addresses that are more than once in one place.
pub(super) fn twice(facts: &Facts, found: &mut Found) {
    found.looked_for(&[FindingKind::SameAddressTwice]);
    let mut seen: BTreeMap<(System, Kind, Option<PageId>, &Email), Vec<&Record>> = BTreeMap::new();
    let subscribers = facts
        .subscribers
        .iter()
        .filter(|row| row.mode == crate::roster::Mode::Email);
    let records = facts
        .members
        .iter()
        .chain(&facts.viewers)
        .chain(&facts.statusapp)
        .chain(subscribers.map(|row| &row.record));
    for record in records {
        if let Some(email) = &record.email {
            seen.entry((record.system, record.kind, record.page_id(), email))
                .or_default()
                .push(record);
        }
    }
    for records in seen.into_values() {
        let [first, .., last] = records.as_slice() else {
            continue;
        };
        found.findings.push(Finding {
            id: FindingKind::SameAddressTwice.of(&last.id),
            about: Subject::account(last),
            severity: Severity::Low,
            title: format!("is there more than once: {}", facts.role(last)),
            evidence: vec![format!(
                "{} times: the first is {}, the last {}",
                records.len(),
                whom(first),
                whom(last)
            )],
            fix: Some(removal(last)),
            next: Some("look at both first: the other one stays".to_owned()),
        });
    }
}

/// Takes away exactly this account.
pub(super) fn removal(record: &Record) -> Fix {
    let arguments = match (record.system, record.kind, record.page_id()) {
        (System::Statusapp, ..) => json!({"system": "statusapp", "user_id": record.id}),
        (_, Kind::PageAccessUser, Some(page)) => {
            json!({"system": "statuspage_page", "page_id": page, "user_id": record.id})
        }
        (_, Kind::Subscriber, Some(page)) => {
            json!({"system": "statuspage_subscriber", "page_id": page, "user_id": record.id})
        }
        _ => json!({"system": "statuspage_team", "user_id": record.id}),
    };
    Fix::call("remove_user", arguments)
}
