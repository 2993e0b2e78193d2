//! Pages that do not fit the people on them.

use serde_json::json;

use super::facts::Facts;
use super::{Finding, FindingKind, Fix, Found, Severity, Subject};

pub(super) fn look(facts: &Facts, found: &mut Found) {
    found.looked_for(&[FindingKind::ViewersWithoutEffect]);
    for page in facts.pages.values() {
        let private = page.viewers_must_be_team_members == Some(true) || page.ip_restricted;
        let mine = |id: Option<crate::roster::PageId>| id.as_ref() == Some(&page.id);
        let viewers = facts
            .viewers
            .iter()
            .filter(|record| mine(record.page_id()))
            .count();
        if private && viewers > 0 {
            found.findings.push(Finding {
                id: FindingKind::ViewersWithoutEffect.of(&page.id),
                about: Subject::thing(format!("page {}", facts.page(Some(&page.id)))),
                severity: Severity::Medium,
                title: "is private and has page access users".to_owned(),
                evidence: vec![format!("{viewers} page access users"), "page access users mean something on an audience-specific page alone; they get their access back when the page becomes one".to_owned()],
                fix: Some(Fix::call("list_page_access_users", json!({"page_id": page.id}))),
                next: None,
            });
        }
    }
}
