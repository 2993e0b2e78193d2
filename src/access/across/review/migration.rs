//! The move of the team to Atlassian accounts: who would be lost or locked out, and what to do first.
//!
//! The rules are Atlassian's ("Migrate Statuspage to use Atlassian accounts"): only the owner can run it, an account cannot be made
//! for a list, the address stays the same, and everybody is signed out at its end.

use serde_json::json;

use super::facts::{Facts, PEOPLE, is_on};
use super::left::NO_DIRECTORY;
use super::mailbox::looks_shared;
use super::people;
use super::{
    Finding, FindingKind, Fix, Found, Rules, Severity, Subject, identities, left, owner, spellings,
};
use crate::access::words::whom;
use crate::roster::{DirectoryUser, Email, Record, System};

const ACCOUNTS: [FindingKind; 2] = [
    FindingKind::AddressChanged,
    FindingKind::WithoutAtlassianAccount,
];

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    owner::look(facts, rules, found);
    found.looked_for(&[FindingKind::SharedMailbox]);
    for record in &facts.members {
        people::shared(facts, record, true, found);
        people::outside(facts, record, rules, true, found);
    }
    people::domains_known(rules, found);
    people::twice(facts, found);
    identities::members(facts, rules, found);
    left::look(facts, rules, found);
    spellings::look(facts, rules, found);
    accounts(facts, rules, found);
    found.not_checked.push("who signs in to Statuspage by single sign-on, or with Google or Microsoft: its API does not show it".to_owned());
}

/// Team members whose Atlassian account has another address, or who have none that the directory knows.
fn accounts(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    if !rules.has(System::AtlassianScim) {
        found.missed(&ACCOUNTS, NO_DIRECTORY);
        found.not_checked.push("who has an Atlassian account already, and under which address: the directory, which knows it, is not configured".to_owned());
        return;
    }
    found.looked_for(&ACCOUNTS);
    let gap = facts.gap(PEOPLE);
    if let Some(why) = &gap {
        found.not_checked.push(format!(
            "who has no Atlassian account yet: the directory was not read to its end ({why})"
        ));
    }
    let tells = facts.tells_accounts();
    if !tells && !facts.people.is_empty() {
        let why = "the directory tells nobody's Atlassian account";
        found.missed(&[FindingKind::WithoutAtlassianAccount], why);
        found.not_checked.push("who of the directory's people has an Atlassian account: the directory tells it of nobody".to_owned());
    }
    for member in &facts.members {
        let Some(email) = member.email.as_ref().filter(|email| !looks_shared(email)) else {
            continue;
        };
        match facts.person(email) {
            Some(user) if !is_on(user) => {}
            Some(user) => {
                other_address(facts, member, email, user, found);
                if tells && user.atlassian_account_id.is_none() {
                    let why = "the directory has this person, and no Atlassian account with it";
                    none_yet(member, why, found);
                }
            }
            None if gap.is_none() => {
                none_yet(member, "nobody of the directory has this address", found)
            }
            None => {}
        }
    }
}

fn other_address(
    facts: &Facts,
    member: &Record,
    email: &Email,
    user: &DirectoryUser,
    found: &mut Found,
) {
    let Some(first) = user.record.email.as_ref().filter(|first| *first != email) else {
        return;
    };
    let twice = facts.members.iter().any(|other| other.has_email(first));
    let next = if twice {
        "both addresses are in the team: move the roles to the address of the Atlassian account (`set_permissions`), then remove this one (`remove_user`)"
    } else {
        "ask which address stays. Either it is changed at the identity provider back to this one, or the Atlassian account's address is added (`add_org_user`), gets the same roles (`set_permissions`), and this one is removed last (`remove_user`)"
    };
    found.findings.push(Finding {
        id: FindingKind::AddressChanged.of(&member.id),
        about: Subject::account(member),
        severity: Severity::High,
        title: "has another address by the directory".to_owned(),
        evidence: vec![
            format!("the directory's address is {first}"),
            format!(
                "the directory knows `{email}` as another address of {}",
                whom(&user.record)
            ),
            "the Atlassian account must have the same address as the team member, or the person cannot get in"
                .to_owned(),
        ],
        fix: Some(Fix::call("get_permissions", json!({"user_id": member.id}))),
        next: Some(next.to_owned()),
    });
}

fn none_yet(member: &Record, why: &str, found: &mut Found) {
    found.findings.push(Finding {
        id: FindingKind::WithoutAtlassianAccount.of(&member.id),
        about: Subject::account(member),
        severity: Severity::Low,
        title: "has no Atlassian account that the directory knows".to_owned(),
        evidence: vec![why.to_owned()],
        fix: None,
        next: Some("tell the person: at the first sign-in after the migration they make one with this address and confirm it".to_owned()),
    });
}
