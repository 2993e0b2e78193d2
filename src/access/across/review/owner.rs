//! The owner of the Statuspage organization, as far as the operator says who it is.

use serde_json::json;

use super::facts::{Facts, TEAM, is_on};
use super::mailbox::{GUESS, looks_shared};
use super::{Finding, FindingKind, Fix, Found, Rules, Severity, Subject};

pub(super) const OWNER: [FindingKind; 3] = [
    FindingKind::OwnerNotInTeam,
    FindingKind::OwnerIsShared,
    FindingKind::OwnerHasLeft,
];

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    let Some(owner) = rules.owner else {
        found.missed(&OWNER, "`statuspage.owner` is not configured");
        found.not_checked.push("who owns the organization: Statuspage's API does not show it. Look in Statuspage under Team members, and write the address down as `statuspage.owner`".to_owned());
        return;
    };
    found.looked_for(&OWNER);
    let member = facts.members.iter().find(|member| member.has_email(owner));
    let mut wrong = |kind: FindingKind, what: String, evidence: String| {
        found.findings.push(Finding {
            id: kind.of(owner.folded()),
            about: Subject {
                words: format!("the owner {owner}"),
                ..Subject::address(owner)
            },
            severity: Severity::High,
            title: what,
            evidence: vec![
                evidence,
                "only the owner can move the team to Atlassian accounts, and only the owner is written to about it"
                    .to_owned(),
            ],
            fix: Some(Fix::call("list_org_users", json!({"email": owner}))),
            next: Some("transfer the ownership in Statuspage to the right person, then change `statuspage.owner`".to_owned()),
        });
    };
    let named = "`statuspage.owner` names this address".to_owned();
    if member.is_none() {
        match facts.gap(TEAM) {
            None => wrong(
                FindingKind::OwnerNotInTeam,
                "is not a team member".to_owned(),
                named,
            ),
            Some(why) => {
                found
                    .not_checked
                    .push(format!("whether the owner {owner} is in the team: {why}"));
                return;
            }
        }
    } else if looks_shared(owner) {
        wrong(
            FindingKind::OwnerIsShared,
            "looks like a mailbox that several people read".to_owned(),
            format!("{named}; {GUESS}"),
        );
    }
    if facts.person(owner).is_some_and(|user| !is_on(user)) {
        let evidence = "switched off in the directory".to_owned();
        wrong(FindingKind::OwnerHasLeft, "has left".to_owned(), evidence);
    }
}
