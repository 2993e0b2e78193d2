//! Groups that let nobody in, or let in to nothing.

use std::collections::BTreeSet;

use serde_json::json;

use super::facts::Facts;
use super::{Finding, FindingKind, Fix, Found, Severity, Subject};
use crate::roster::{GroupId, PageAccessGroup};

pub(super) fn look(facts: &Facts, found: &mut Found) {
    found.looked_for(&[
        FindingKind::GroupWithoutMembers,
        FindingKind::GroupGivesNothing,
    ]);
    let held: BTreeSet<&GroupId> = facts
        .viewers
        .iter()
        .flat_map(|record| record.groups.iter().flatten())
        .collect();
    for group in &facts.groups {
        let named = || {
            format!(
                "group {} of page {}",
                group.id,
                facts.page(Some(&group.page_id))
            )
        };
        if held.contains(&group.id) || group.member_ids.as_ref().is_some_and(|ids| !ids.is_empty())
        {
            gives_nothing(group, facts, found);
            continue;
        }
        let gap = facts.gap(&format!("the page access users of page {}", group.page_id));
        match (&group.member_ids, gap) {
            (None, Some(why)) => {
                let why = format!(
                    "whether {} is empty: the viewers were not read to their end ({why})",
                    named()
                );
                found.missed(&[FindingKind::GroupWithoutMembers], &why);
                found.not_checked.push(why);
            }
            (Some(_), _) | (None, None) => found.findings.push(Finding {
                id: FindingKind::GroupWithoutMembers.of(&group.id),
                about: subject(group),
                severity: Severity::Low,
                title: format!(
                    "is a page access group of page {} without members",
                    facts.page(Some(&group.page_id))
                ),
                evidence: vec!["whoever is put into it by mistake sees what it gives".to_owned()],
                fix: Some(Fix::call(
                    "remove_page_access_group",
                    json!({"page_id": group.page_id, "group_id": group.id}),
                )),
                next: None,
            }),
        }
    }
}

fn subject(group: &PageAccessGroup) -> Subject {
    Subject {
        name: group.name.clone(),
        ..Subject::thing(format!("group {}", group.id))
    }
}

fn gives_nothing(group: &PageAccessGroup, facts: &Facts, found: &mut Found) {
    let none = |ids: Option<usize>| ids == Some(0);
    if none(group.component_ids.as_ref().map(Vec::len))
        && none(group.metric_ids.as_ref().map(Vec::len))
    {
        found.findings.push(Finding {
            id: FindingKind::GroupGivesNothing.of(&group.id),
            about: subject(group),
            severity: Severity::Low,
            title: format!(
                "is a page access group of page {} that has members and gives no component or metric",
                facts.page(Some(&group.page_id))
            ),
            evidence: vec!["its members see nothing through it".to_owned()],
            fix: Some(Fix::call(
                "list_components",
                json!({"page_id": group.page_id}),
            )),
            next: Some("ask what its members are to see; then `save_page_access_group`".to_owned()),
        });
    }
}
