//! API keys that end, and keys of people who have left: by what the operator wrote down, because no system tells.

use super::facts::{Facts, PEOPLE, STATUSAPP, TEAM, is_on};
use super::{Finding, FindingKind, Found, Rules, Severity, Subject};
use crate::access::Key;
use crate::access::server::keys::replace;
use crate::roster::{Email, Record, System};

/// Keys that end within 30 days, and keys whose end nobody wrote down.
pub(super) fn ends(rules: &Rules<'_>, found: &mut Found) {
    unrecorded(
        rules,
        "when it ends",
        "key_expires",
        |key| key.ends().is_none(),
        FindingKind::KeyEnds,
        found,
    );
    for key in rules.keys {
        let answers = key.own && rules.answering.contains(&key.system);
        let age = key.age(rules.now, answers);
        let Some(warning) = age.warning else {
            continue;
        };
        let severity = if age.over {
            Severity::High
        } else {
            Severity::Medium
        };
        let on_record = |what: &str, day: Option<String>| day.map(|day| format!("{what} on {day}"));
        let dates = [
            on_record("made", key.created.map(|day| day.to_string())),
            on_record("ends", key.expires.map(|day| day.to_string())),
        ];
        let dates: Vec<String> = dates.into_iter().flatten().collect();
        found.findings.push(Finding {
            id: FindingKind::KeyEnds.of(name(key)),
            about: subject(key),
            severity,
            title: match (age.expires_latest.is_some(), age.over) {
                (true, _) => "ends on a day that is not written down",
                (false, true) => "is over, by what is written down",
                (false, false) => "ends soon, by what is written down",
            }
            .to_owned(),
            evidence: vec![
                format!("the operator wrote down: {}", dates.join(", ")),
                "no system tells when a key ends; from then on every call with it is refused"
                    .to_owned(),
            ],
            fix: None,
            next: Some(warning),
        });
    }
}

/// Keys whose creator is gone: a key goes on working when whoever made it leaves.
pub(super) fn creators(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    unrecorded(
        rules,
        "whose it is",
        "key_creator",
        |key| key.creator.is_none(),
        FindingKind::KeyOfSomebodyGone,
        found,
    );
    for key in rules.keys {
        let Some(creator) = &key.creator else {
            continue;
        };
        let (reasons, open) = gone(facts, rules, key.system, creator);
        if reasons.is_empty() {
            if let Some(why) = open {
                let why = format!(
                    "whether {creator}, who made the key `{}`, has left: {why}",
                    key.name
                );
                found.missed(&[FindingKind::KeyOfSomebodyGone], &why);
                found.not_checked.push(why);
            }
            continue;
        }
        found.findings.push(Finding {
            id: FindingKind::KeyOfSomebodyGone.of(name(key)),
            about: subject(key).with(std::slice::from_ref(creator), std::iter::empty()),
            severity: Severity::High,
            title: format!("was made by {creator}, who has left"),
            evidence: reasons,
            fix: None,
            next: Some(format!(
                "whoever has a copy of it can still use it: {}{}",
                replace(key.system),
                // A SCIM key ends at the moment its successor is made.
                if key.system == System::AtlassianScim {
                    ""
                } else {
                    "; then delete the old one"
                }
            )),
        });
    }
}

/// Returns the facts that show that somebody has left, and the list that would show it but could not be read.
fn gone(
    facts: &Facts,
    rules: &Rules<'_>,
    system: System,
    creator: &Email,
) -> (Vec<String>, Option<String>) {
    let mut reasons = Vec::new();
    let mut open = None;
    let team: Option<(&str, &[Record])> = match system {
        System::Statuspage => Some((TEAM, &facts.members)),
        System::Statusapp => Some((STATUSAPP, &facts.statusapp)),
        // Administrators of the organization make these keys, and need not be in the directory.
        System::AtlassianScim => None,
    };
    if let Some((what, members)) = team
        && !members.iter().any(|member| member.has_email(creator))
    {
        let why = if rules.has(system) {
            facts.gap(what)
        } else {
            Some("the system is not configured".to_owned())
        };
        match why {
            None => reasons.push(format!("{creator} is not among {what}")),
            Some(why) => open = Some(format!("{what}: {why}")),
        }
    }
    match facts.person(creator) {
        Some(user) if !is_on(user) => {
            reasons.push(format!("{creator} is switched off in the directory"));
        }
        None if rules.has(System::AtlassianScim) => {
            if let Some(why) = facts.gap(PEOPLE) {
                open = open.or(Some(format!("{PEOPLE}: {why}")));
            }
        }
        _ => {}
    }
    if let Some(identities) = rules.identities
        && !rules.among(identities, facts, creator)
    {
        reasons.push(format!("{creator} is not in `identities`"));
    }
    (reasons, open)
}

/// Names the keys of which the operator did not write something down.
fn unrecorded(
    rules: &Rules<'_>,
    what: &str,
    setting: &str,
    lacks: impl Fn(&Key) -> bool,
    kind: FindingKind,
    found: &mut Found,
) {
    found.looked_for(&[kind]);
    let keys = rules.keys.iter().filter(|key| lacks(key));
    let names: Vec<String> = keys.map(|key| format!("`{}`", key.name)).collect();
    if !names.is_empty() {
        let why = format!("nobody wrote down {what} for {}", names.join(", "));
        found.missed(&[kind], &why);
        found.not_checked.push(format!(
            "of these keys nobody wrote down {what}, and no system tells it (`{setting}` in the configuration): {}",
            names.join(", ")
        ));
    }
}

fn subject(key: &Key) -> Subject {
    Subject::thing(format!("the key `{}` of {}", key.name, key.system))
}

/// Returns the name of a key, equal in every review.
fn name(key: &Key) -> String {
    format!("{}/{}", key.system, key.name)
}
