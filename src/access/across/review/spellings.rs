//! One person under several addresses, as far as the directory knows that they are one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::facts::{Facts, is_on};
use super::left::NO_DIRECTORY;
use super::{Finding, FindingKind, Fix, Found, Rules, Severity, Subject};
use crate::access::words::whom;
use crate::roster::{Claim, DirectoryUser, Email, Kind, PageId, Record, System};

const KINDS: [FindingKind; 2] = [FindingKind::SeveralAddresses, FindingKind::NameOfTwoPeople];

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    if !rules.has(System::AtlassianScim) {
        found.missed(&KINDS, NO_DIRECTORY);
        found.not_checked.push("whether two addresses are one person: the directory, which knows everybody's other addresses, is not configured".to_owned());
        return;
    }
    found.looked_for(&KINDS);
    shared_names(facts, found);
    let held = facts.by_address();
    // People who have left are found as such, with all addresses.
    for user in facts.people.iter().filter(|user| is_on(user)) {
        let used: Vec<(Email, &Vec<&Record>)> = facts
            .own_addresses(user)
            .into_iter()
            .filter_map(|email| held.get(&email).map(|accounts| (email, accounts)))
            .collect();
        if used.len() < 2 {
            continue;
        }
        let evidence = used.iter().map(|(email, accounts)| {
            let roles: BTreeSet<String> = accounts.iter().map(|it| facts.role(it)).collect();
            let roles: Vec<String> = roles.into_iter().collect();
            format!("`{email}`: {}", roles.join(", "))
        });
        let emails: Vec<Email> = used.iter().map(|(email, _)| email.clone()).collect();
        let accounts = used
            .iter()
            .flat_map(|(_, accounts)| accounts.iter().copied());
        let places = used.iter().map(|(_, accounts)| places(accounts));
        let severity = if twice_in_one(places) {
            Severity::Medium
        } else {
            Severity::Low
        };
        found.findings.push(Finding {
            id: FindingKind::SeveralAddresses.of(&user.record.id),
            about: Subject::account(&user.record).with(&emails, accounts),
            severity,
            title: "has accounts under several addresses".to_owned(),
            evidence: evidence.collect(),
            fix: Some(Fix::call("find_person", json!({"emails": emails}))),
            next: Some("ask which address stays; whoever looks for one of them alone does not see the rest".to_owned()),
        });
    }
}

/// Names that two people of the directory have: nothing can be planned by one of them alone.
fn shared_names(facts: &Facts, found: &mut Found) {
    let mut whose: BTreeMap<Email, Vec<&DirectoryUser>> = BTreeMap::new();
    for user in &facts.people {
        for email in user.addresses() {
            whose.entry(email).or_default().push(user);
        }
    }
    for (email, people) in whose.iter().filter(|(_, people)| people.len() > 1) {
        let Some(first) = people.first() else {
            continue;
        };
        let evidence = people.iter().map(|user| {
            let as_what = match user.claim(email) {
                Some(Claim::Main) => "main address",
                Some(Claim::Further) => "further address",
                Some(Claim::UserName) | None => "user name",
            };
            format!("{as_what} of {}", whom(&user.record))
        });
        found.findings.push(Finding {
            id: FindingKind::NameOfTwoPeople.of(&first.record.id),
            about: Subject::address(email),
            severity: Severity::Medium,
            title: "is a name of several people of the directory".to_owned(),
            evidence: evidence.collect(),
            fix: Some(Fix::call("find_person", json!({"email": email}))),
            next: Some("ask whose it is, and change the other record where the directory is kept; until then `offboard_person` needs `directory_user_id`".to_owned()),
        });
    }
}

type Place = (System, Kind, Option<PageId>);

fn places(accounts: &[&Record]) -> BTreeSet<Place> {
    let place = |record: &&Record| (record.system, record.kind, record.page_id());
    accounts.iter().map(place).collect()
}

/// Returns whether two addresses stand in the same place.
fn twice_in_one(places: impl Iterator<Item = BTreeSet<Place>>) -> bool {
    let mut seen = BTreeSet::new();
    places.flatten().any(|place| !seen.insert(place))
}
