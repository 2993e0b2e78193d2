//! Groups of the directory that nobody is in.

use serde_json::json;

use super::facts::Facts;
use super::{Finding, FindingKind, Fix, Found, Severity, Subject};

pub(super) fn look(facts: &Facts, found: &mut Found) {
    found.looked_for(&[FindingKind::DirectoryGroupWithoutMembers]);
    let untold = facts.directory_groups.iter();
    let untold = untold.filter(|group| group.member_ids.is_none()).count();
    if untold > 0 {
        let why = format!("the directory does not tell the members of {untold} groups");
        found.missed(&[FindingKind::DirectoryGroupWithoutMembers], &why);
        found.not_checked.push(format!(
            "whether {untold} groups of the directory are empty: it does not tell their members"
        ));
    }
    for group in &facts.directory_groups {
        if group.member_ids.as_ref().is_some_and(Vec::is_empty) {
            found.findings.push(Finding {
                id: FindingKind::DirectoryGroupWithoutMembers.of(&group.id),
                about: Subject {
                    name: group.name.clone(),
                    ..Subject::thing(format!("the directory group {}", group.id))
                },
                severity: Severity::Low,
                title: "has no members".to_owned(),
                evidence: vec![
                    "whoever is put into it by mistake gets what it gives elsewhere".to_owned(),
                ],
                fix: Some(Fix::call(
                    "list_directory_groups",
                    json!({"group_id": group.id}),
                )),
                next: Some(
                    "remove it at the identity provider: this server deletes no group of the directory"
                        .to_owned(),
                ),
            });
        }
    }
}
