//! Subscriptions that reach nobody, or somebody nobody knows.

use super::facts::Facts;
use super::people::{NO_DOMAINS, removal};
use super::{Finding, FindingKind, Found, Rules, Severity, Subject};
use crate::roster::{Mode, Status, Subscriber};

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    found.looked_for(&[FindingKind::QuarantinedSubscriber]);
    if rules.domains.is_some() {
        found.looked_for(&[FindingKind::WebhookToUnknownHost]);
    } else {
        found.missed(&[FindingKind::WebhookToUnknownHost], NO_DOMAINS);
    }
    for row in &facts.subscribers {
        if row.record.status == Some(Status::Quarantined) {
            let since = row
                .quarantined_at
                .map_or_else(String::new, |at| format!(" since {at}"));
            found.findings.push(Finding {
                id: FindingKind::QuarantinedSubscriber.of(&row.record.id),
                about: Subject::account(&row.record),
                severity: Severity::Low,
                title: format!(
                    "is subscribed to page {} and cannot be reached",
                    facts.page(row.record.page_id().as_ref())
                ),
                evidence: vec![
                    "lists leave such subscribers out by default".to_owned(),
                    format!("messages do not arrive{since}"),
                ],
                fix: Some(removal(&row.record)),
                next: None,
            });
        }
        if matches!(
            row.mode,
            Mode::Webhook | Mode::Teams | Mode::IntegrationPartner
        ) {
            stranger(facts, row, rules, found);
        }
    }
}

fn stranger(facts: &Facts, row: &Subscriber, rules: &Rules<'_>, found: &mut Found) {
    let (Some(host), Some(ours)) = (&row.endpoint_host, &rules.domains) else {
        return;
    };
    let name = host.split(':').next().unwrap_or_default().to_lowercase();
    let known = ours
        .iter()
        .any(|domain| name == *domain || name.ends_with(&format!(".{domain}")));
    if known {
        return;
    }
    found.findings.push(Finding {
        id: FindingKind::WebhookToUnknownHost.of(&row.record.id),
        about: Subject {
            words: host.to_string(),
            ..Subject::account(&row.record)
        },
        severity: Severity::Medium,
        title: format!(
            "gets the incidents of page {}",
            facts.page(row.record.page_id().as_ref())
        ),
        evidence: vec!["the host is under none of the company's domains".to_owned()],
        fix: Some(removal(&row.record)),
        next: None,
    });
}
