//! Groups that let nobody in, or let in to nothing.

use std::collections::BTreeSet;

use serde_json::json;

use super::facts::Facts;
use super::{Finding, FindingKind, Fix, Found, Severity};
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
            gives_nothing(group, &named(), found);
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
                name: group.name.clone(),
                severity: Severity::Low,
                title: format!("{} has no members", named()),
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

fn gives_nothing(group: &PageAccessGroup, named: &str, found: &mut Found) {
    let none = |ids: Option<usize>| ids == Some(0);
    if none(group.component_ids.as_ref().map(Vec::len))
        && none(group.metric_ids.as_ref().map(Vec::len))
    {
        found.findings.push(Finding {
            id: FindingKind::GroupGivesNothing.of(&group.id),
            name: group.name.clone(),
            severity: Severity::Low,
            title: format!("{named} has members and gives no component or metric"),
            evidence: vec!["its members see nothing through it".to_owned()],
            fix: Some(Fix::call(
                "list_components",
                json!({"page_id": group.page_id}),
            )),
            next: Some("ask what its members are to see; then `save_page_access_group`".to_owned()),
        });
    }
}
