//! Finds people who have access and are not among the people who should be there.

use serde_json::json;

use super::facts::{Facts, is_on};
use super::left::ASK_FIRST;
use super::{Finding, FindingKind, Fix, Found, Rules, Severity, Subject};
use crate::access::statusapp::team::BY_HAND;
use crate::roster::{Email, Kind, Record, Status};

const BESIDES_THE_TEAM: [FindingKind; 5] = [
    FindingKind::ViewerNotInIdentities,
    FindingKind::SubscriberNotInIdentities,
    FindingKind::InvitationNotInIdentities,
    FindingKind::StatusappNotInIdentities,
    FindingKind::DirectoryUserNotInIdentities,
];
const NONE_GIVEN: &str = "no `identities` were given";

/// Everybody, in every system.
pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    let Some(identities) = rules.identities else {
        found.missed(&BESIDES_THE_TEAM, NONE_GIVEN);
        return none_given(found);
    };
    members(facts, rules, found);
    found.looked_for(&BESIDES_THE_TEAM);
    let missing = |email: &Email| !rules.among(identities, facts, email);
    // Viewers and subscribers are mostly customers: only addresses of the company's own domains should be in the list.
    let ours = |email: &Email| {
        let domains = rules.domains.as_ref();
        domains.is_some_and(|ours| ours.contains(email.domain()))
    };
    for record in facts.accounts() {
        let Some(email) = record.email.as_ref().filter(|email| missing(email)) else {
            continue;
        };
        let (kind, severity) = match record.kind {
            Kind::PageAccessUser if ours(email) => {
                (FindingKind::ViewerNotInIdentities, Severity::High)
            }
            Kind::Subscriber if ours(email) => {
                (FindingKind::SubscriberNotInIdentities, Severity::Medium)
            }
            Kind::Invitation => (FindingKind::InvitationNotInIdentities, Severity::High),
            Kind::TeamMember if record.member_id().is_some() => {
                (FindingKind::StatusappNotInIdentities, Severity::High)
            }
            _ => continue,
        };
        let customers = matches!(record.kind, Kind::PageAccessUser | Kind::Subscriber);
        let domain = if customers {
            format!("`{}` is a domain of the company, and ", email.domain())
        } else {
            String::new()
        };
        add(
            facts,
            record,
            email,
            (kind, severity),
            format!("{domain}the address is not in `identities`"),
            found,
        );
    }
    for user in facts.people.iter().filter(|user| is_on(user)) {
        let Some(email) = user.record.email.as_ref() else {
            continue;
        };
        if ours(email) && facts.own_addresses(user).iter().all(missing) {
            let kind = (FindingKind::DirectoryUserNotInIdentities, Severity::High);
            let why = "switched on in the directory, and no address of theirs is in `identities`";
            add(facts, &user.record, email, kind, why.to_owned(), found);
        }
    }
}

/// The Statuspage team.
pub(super) fn members(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    let Some(identities) = rules.identities else {
        return none_given(found);
    };
    found.looked_for(&[FindingKind::MemberNotInIdentities]);
    for record in &facts.members {
        let Some(email) = &record.email else { continue };
        if !rules.among(identities, facts, email) {
            let kind = (FindingKind::MemberNotInIdentities, Severity::High);
            let why = "the address is not in `identities`".to_owned();
            add(facts, record, email, kind, why, found);
        }
    }
}

fn none_given(found: &mut Found) {
    found.missed(&[FindingKind::MemberNotInIdentities], NONE_GIVEN);
    found
        .not_checked
        .push("who should be gone: no `identities` were given to compare with".to_owned());
}

fn add(
    facts: &Facts,
    record: &Record,
    email: &Email,
    (kind, severity): (FindingKind, Severity),
    why: String,
    found: &mut Found,
) {
    let invited = record.status == Some(Status::Invited) && record.kind == Kind::Invitation;
    found.findings.push(Finding {
        id: kind.of(&record.id),
        about: Subject::account(record),
        severity,
        title: format!("is not among the identities: {}", facts.role(record)),
        evidence: vec![why],
        fix: (!invited).then(|| Fix::call("offboard_person", json!({"email": email}))),
        next: Some(if invited {
            format!("take the invitation back. {BY_HAND}")
        } else {
            ASK_FIRST.to_owned()
        }),
    });
}
