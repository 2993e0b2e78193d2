//! The StatusApp team: owners, and invitations that nobody cleaned up.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::facts::{Facts, STATUSAPP};
use super::{Finding, FindingKind, Fix, Found, Rules, Severity};
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
    let (id, severity, title, next) = match owners.as_slice() {
        [] => (
            FindingKind::StatusappWithoutOwner.to_string(),
            Severity::High,
            "the StatusApp team has no owner who has accepted: nobody can change roles or billing"
                .to_owned(),
            "an owner cannot be made without one: look at Settings > Team, and ask StatusApp's support",
        ),
        [only] => (
            FindingKind::StatusappSingleOwner.of(&only.id),
            Severity::Medium,
            format!("{} is the only owner of the StatusApp team", whom(only)),
            "ask who becomes the second owner; then `set_team_role` with `owner`, with an owner's key",
        ),
        _ => return,
    };
    found.findings.push(Finding {
        id,
        name: None,
        severity,
        title,
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
    let (kind, what) = match record.status {
        Some(Status::Expired) => (FindingKind::InvitationExpired, "ran out".to_owned()),
        Some(Status::Invited) if invitation.expires_at.is_some_and(over) => {
            (FindingKind::InvitationExpired, "ran out".to_owned())
        }
        Some(Status::Invited) => match invitation.invited_at {
            Some(at) if rules.now.duration_since(at) > LIFE => {
                let days = rules.now.duration_since(at).as_hours() / 24;
                (
                    FindingKind::InvitationPendingLong,
                    format!("has been open for {days} days"),
                )
            }
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
        name: None,
        severity: if open && strong {
            Severity::Medium
        } else {
            Severity::Low
        },
        title: format!(
            "the invitation of {} to the StatusApp team {what}",
            whom(record)
        ),
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
