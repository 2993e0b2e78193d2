//! The StatusApp team: owners, and invitations that nobody cleaned up.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::facts::{Facts, STATUSAPP};
use super::{Finding, FindingKind, Fix, Found, Rules, Severity, Subject};
use crate::access::statusapp::team::{BY_HAND, is_owner};
use crate::access::words::whom;
use crate::roster::{Email, Invitation, Record, Status, System, TeamRole};

/// An invitation lives seven days, as a rule (StatusApp, "Team Collaboration", Inviting Team Members).
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

const INVITATIONS: [FindingKind; 2] = [
    FindingKind::InvitationExpired,
    FindingKind::InvitationPendingLong,
];
const OWNERS: [FindingKind; 2] = [
    FindingKind::StatusappWithoutOwner,
    FindingKind::StatusappSingleOwner,
];

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    if !rules.has(System::Statusapp) {
        found.missed(
            &[INVITATIONS, OWNERS].concat(),
            "StatusApp is not configured",
        );
        found
            .not_checked
            .push("the StatusApp team and its invitations: StatusApp is not configured".to_owned());
        return;
    }
    found.looked_for(&INVITATIONS);
    owners(facts, found);
    let members = facts.statusapp.iter();
    let joined: BTreeSet<&Email> = members.filter_map(|it| it.email.as_ref()).collect();
    for invitation in &facts.invitations {
        let email = invitation.record.email.as_ref();
        if !email.is_some_and(|email| joined.contains(email)) {
            look_at(invitation, rules, found);
        }
    }
}

fn owners(facts: &Facts, found: &mut Found) {
    found.looked_for(&OWNERS);
    if let Some(why) = facts.gap(STATUSAPP) {
        found.not_checked.push(format!(
            "how many owners the StatusApp team has: it was not read to its end ({why})"
        ));
        return;
    }
    let owners: Vec<&Record> = facts.statusapp.iter().filter(|it| is_owner(it)).collect();
    let (id, about, severity, title, next) = match owners.as_slice() {
        [] => (
            FindingKind::StatusappWithoutOwner.alone(),
            Subject::thing("the StatusApp team".to_owned()),
            Severity::High,
            "has no owner who has accepted: nobody can change roles or billing",
            "an owner cannot be made without one: look at Settings > Team in StatusApp, and ask StatusApp's support",
        ),
        [only] => (
            FindingKind::StatusappSingleOwner.of(&only.id),
            Subject::account(only),
            Severity::Medium,
            "is the only owner of the StatusApp team",
            "ask who becomes the second owner; then `set_team_role` with `owner`, with an owner's key",
        ),
        _ => return,
    };
    found.findings.push(Finding {
        id,
        about,
        severity,
        title: title.to_owned(),
        evidence: vec![
            format!(
                "{} members, {} of them owners",
                facts.statusapp.len(),
                owners.len()
            ),
            "only owners change roles; when the last one leaves, nobody can".to_owned(),
        ],
        fix: Some(Fix::call("list_team_members", json!({"role": "admin"}))),
        next: Some(next.to_owned()),
    });
}

fn look_at(invitation: &Invitation, rules: &Rules<'_>, found: &mut Found) {
    let record = &invitation.record;
    let over = |at: Timestamp| at < rules.now;
    let kind = match record.status {
        Some(Status::Expired) => FindingKind::InvitationExpired,
        Some(Status::Invited) if invitation.expires_at.is_some_and(over) => {
            FindingKind::InvitationExpired
        }
        Some(Status::Invited) => match invitation.invited_at {
            Some(at) if rules.now.duration_since(at) > LIFE => FindingKind::InvitationPendingLong,
            None if invitation.expires_at.is_none() => {
                let why = format!("no date was told of the invitation {}", record.id);
                found.missed(&INVITATIONS, &why);
                found.not_checked.push(format!(
                    "how old the invitation of {} is: StatusApp told no date",
                    whom(record)
                ));
                return;
            }
            _ => return,
        },
        _ => return,
    };
    let strong = matches!(
        record.team_role(),
        Some(TeamRole::Admin | TeamRole::Owner) | None
    );
    let open = kind == FindingKind::InvitationPendingLong;
    let date =
        |at: Option<Timestamp>| at.map_or_else(|| "not told".to_owned(), |at| at.to_string());
    found.findings.push(Finding {
        id: kind.of(&record.id),
        about: Subject::account(record),
        severity: if open && strong {
            Severity::Medium
        } else {
            Severity::Low
        },
        title: if open {
            "was invited to the StatusApp team more than 7 days ago and has not accepted"
        } else {
            "has an invitation to the StatusApp team that ran out"
        }
        .to_owned(),
        evidence: vec![format!(
            "role {}, sent {}, runs out {}",
            record
                .roles
                .iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
            date(invitation.invited_at),
            date(invitation.expires_at)
        )],
        fix: None,
        next: Some(format!(
            "ask whether the person is still to come. {BY_HAND}"
        )),
    });
}
