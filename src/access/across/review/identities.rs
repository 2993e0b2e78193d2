//! Who has access and is not among the people who should be there.

use serde_json::json;

use super::facts::Facts;
use super::{Finding, Fix, Found, Rules, Severity};
use crate::access::words::who;
use crate::roster::Email;

pub(super) fn look(facts: &Facts, rules: &Rules<'_>, found: &mut Found) {
    let Some(identities) = rules.identities else {
        found
            .not_checked
            .push("who should be gone: no `identities` were given to compare with".to_owned());
        return;
    };
    for record in &facts.members {
        let Some(email) = &record.email else { continue };
        if !identities.contains(email) {
            found.findings.push(Finding {
                id: format!("member_not_in_identities:{}", record.id),
                severity: Severity::High,
                title: format!(
                    "{} is a team member and not among the identities",
                    who(record)
                ),
                evidence: vec![format!("`{email}` is not in `identities`")],
                fix: gone(email),
            });
        }
    }
    // Viewers and subscribers are mostly customers: only addresses of the company's own domains should be in the list.
    let ours = |email: &Email| {
        rules
            .domains
            .as_ref()
            .is_some_and(|ours| ours.contains(email.domain()))
    };
    let missing = |email: &&Email| ours(email) && !identities.contains(*email);
    for record in &facts.viewers {
        if let Some(email) = record.email.as_ref().filter(missing) {
            let page = facts.page(record.page_id().as_ref());
            found.findings.push(Finding {
                id: format!("viewer_not_in_identities:{}", record.id),
                severity: Severity::High,
                title: format!(
                    "{} can look at page {page} and is not among the identities",
                    who(record)
                ),
                evidence: vec![format!(
                    "`{}` is a domain of the company, and `{email}` is not in `identities`",
                    email.domain()
                )],
                fix: gone(email),
            });
        }
    }
    for row in &facts.subscribers {
        if let Some(email) = row.record.email.as_ref().filter(missing) {
            let page = facts.page(row.record.page_id().as_ref());
            found.findings.push(Finding {
                id: format!("subscriber_not_in_identities:{}", row.record.id),
                severity: Severity::Medium,
                title: format!(
                    "{} is told about incidents of page {page} and is not among the identities",
                    who(&row.record)
                ),
                evidence: vec![format!(
                    "`{}` is a domain of the company, and `{email}` is not in `identities`",
                    email.domain()
                )],
                fix: gone(email),
            });
        }
    }
}

fn gone(email: &Email) -> Fix {
    Fix::call("offboard_person", json!({"email": email}))
}
