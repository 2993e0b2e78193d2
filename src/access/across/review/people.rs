//! Team members and viewers who are out of order.

use std::collections::BTreeMap;

use serde_json::json;

use super::facts::Facts;
use super::{Finding, Fix, Found, Rules, Severity};
use crate::access::words::who;
use crate::roster::{Email, Kind, PageId, Record};

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

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    only_one(facts, found);
    for record in &facts.members {
        outside(record, rules, found);
        shared(record, found);
    }
    if rules.domains.is_none() {
        found.not_checked.push("addresses outside the company: neither `policy.email_domains` nor `identities` says which domains are yours".to_owned());
    }
    for record in &facts.viewers {
        if record.groups.as_ref().is_some_and(Vec::is_empty) {
            without_group(facts, record, found);
        }
    }
    twice(facts, found);
    for record in facts.members.iter().chain(&facts.viewers) {
        hidden(record, found);
    }
}

fn only_one(facts: &Facts, found: &mut Found) {
    if let Some(why) = facts.gap("the team members") {
        found.not_checked.push(format!(
            "whether only one person can run the pages: the team was not read to its end ({why})"
        ));
    } else if let [only] = facts.members.as_slice() {
        found.findings.push(Finding {
            id: "single_team_member".to_owned(),
            severity: Severity::High,
            title: format!(
                "{} is the only team member: nobody else can run the pages",
                who(only)
            ),
            evidence: vec!["the list of team members holds one".to_owned()],
            fix: Fix::call("add_org_user", json!({})),
        });
    }
    found
        .not_checked
        .push("who owns the organization: Statuspage's API does not show it".to_owned());
}

fn outside(record: &Record, rules: &Rules<'_>, found: &mut Found) {
    let (Some(email), Some(ours)) = (&record.email, &rules.domains) else {
        return;
    };
    if ours.contains(email.domain()) {
        return;
    }
    found.findings.push(Finding {
        id: format!("outside_address:{}", record.id),
        severity: Severity::Medium,
        title: format!(
            "{} is a team member with an address from elsewhere",
            who(record)
        ),
        evidence: vec![format!(
            "`{}` is none of the company's domains",
            email.domain()
        )],
        fix: member_removal(record),
    });
}

fn shared(record: &Record, found: &mut Found) {
    let Some(email) = &record.email else { return };
    let local = email.folded().split('@').next().unwrap_or_default();
    if !SHARED.contains(&local) {
        return;
    }
    found.findings.push(Finding {
        id: format!("shared_mailbox:{}", record.id),
        severity: Severity::Medium,
        title: format!("{} looks like a mailbox that several people read", who(record)),
        evidence: vec![
            format!("`{local}` is the name of a function, not of a person"),
            "what is done with it cannot be told apart, it cannot move to an Atlassian account, and who leaves keeps its password".to_owned(),
        ],
        fix: member_removal(record),
    });
}

fn without_group(facts: &Facts, record: &Record, found: &mut Found) {
    let (Some(page), Some(email)) = (record.page_id(), &record.email) else {
        return;
    };
    found.findings.push(Finding {
        id: format!("viewer_without_group:{}", record.id),
        severity: Severity::Low,
        title: format!("{} is in no group of page {}", who(record), facts.page(Some(&page))),
        evidence: vec!["whether components or metrics were given directly is not in the list; the call shows it".to_owned()],
        fix: Fix::call("list_page_access_users", json!({"page_id": page, "email": email, "detail": true})),
    });
}

/// The same address more than once in one place.
fn twice(facts: &Facts, found: &mut Found) {
    let mut seen: BTreeMap<(Kind, Option<PageId>, &Email), Vec<&Record>> = BTreeMap::new();
    let subscribers = facts
        .subscribers
        .iter()
        .filter(|row| row.mode == crate::roster::Mode::Email);
    let records = facts
        .members
        .iter()
        .chain(&facts.viewers)
        .chain(subscribers.map(|row| &row.record));
    for record in records {
        if let Some(email) = &record.email {
            seen.entry((record.kind, record.page_id(), email))
                .or_default()
                .push(record);
        }
    }
    for ((kind, page, email), records) in seen {
        let [first, .., last] = records.as_slice() else {
            continue;
        };
        let place = page.as_ref().map_or_else(
            || "the team".to_owned(),
            |id| format!("page {}", facts.page(Some(id))),
        );
        let arguments = match (kind, &page) {
            (Kind::PageAccessUser, Some(page)) => {
                json!({"system": "statuspage_page", "page_id": page, "user_id": last.id})
            }
            (Kind::Subscriber, Some(page)) => {
                json!({"system": "statuspage_subscriber", "page_id": page, "user_id": last.id})
            }
            _ => json!({"system": "statuspage_team", "user_id": last.id}),
        };
        found.findings.push(Finding {
            id: format!("same_address_twice:{}", last.id),
            severity: Severity::Low,
            title: format!(
                "`{email}` stands {} times in {place} as a {kind}",
                records.len()
            ),
            evidence: vec![format!(
                "the first is {}, the last {}",
                who(first),
                who(last)
            )],
            fix: Fix::call("remove_user", arguments),
        });
    }
}

fn hidden(record: &Record, found: &mut Found) {
    if !record.text_altered && record.email_invalid.is_none() {
        return;
    }
    let fix = match record.page_id() {
        Some(page) => Fix::call(
            "remove_user",
            json!({"system": "statuspage_page", "page_id": page, "user_id": record.id}),
        ),
        None => member_removal(record),
    };
    found.findings.push(Finding {
        id: format!("hidden_or_broken_text:{}", record.id),
        severity: Severity::Medium,
        title: format!("the account {} holds hidden characters or an address that is none", record.id),
        evidence: vec!["an address or name that looks like somebody else's can hide so; it matches no search by e-mail".to_owned()],
        fix,
    });
}

fn member_removal(record: &Record) -> Fix {
    Fix::call(
        "remove_user",
        json!({"system": "statuspage_team", "user_id": record.id}),
    )
}
