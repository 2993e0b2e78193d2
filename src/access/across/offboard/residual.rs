//! Describes the access that an offboarding cannot take away, for the person who has to look.

use super::{Found, Keep, Offboard};
use crate::access::statusapp::team::BY_HAND;
use crate::access::{ChangeReport, Status};
use crate::roster::Kind;

/// Returns the warnings to read before agreeing.
pub(super) fn before(found: &Found) -> Vec<String> {
    let mut warnings = Vec::new();
    let of = |kind: Kind| {
        found
            .held
            .iter()
            .filter(move |held| held.account.record.kind == kind)
    };
    if of(Kind::DirectoryUser).any(|held| !held.removal.is_empty()) {
        warnings.push("the last step switches off the whole Atlassian account: not only Statuspage, but Jira, Confluence and every other Atlassian product that the person uses. `keep` with `directory_user` leaves it on".to_owned());
    }
    if of(Kind::Invitation).next().is_some() {
        warnings.push(format!("an invitation to the StatusApp team is open and lets the person in when they accept it. {BY_HAND}"));
    }
    let unread = found.told.iter().filter(|told| told.why.is_some()).count();
    if unread > 0 {
        warnings.push(format!(
            "{unread} places could not be looked at (see `unknown`): accounts there stay"
        ));
    }
    warnings
}

/// Returns the access that remains, whatever the offboarding did.
pub(super) fn of(wanted: &Offboard, member: bool, change: &ChangeReport) -> Vec<String> {
    let email = &wanted.shown();
    let mut rest = Vec::new();
    let refused = change.steps.iter().any(|step| {
        matches!(
            step.status,
            Some(Status::Failed | Status::NoEffect | Status::Unknown | Status::Residual)
        )
    });
    if member && refused {
        rest.push(format!("where the team member could not be removed: remove {email} at admin.atlassian.com, or in Statuspage under Team members"));
    }
    let left_over = change
        .steps
        .iter()
        .filter(|step| step.status == Some(Status::Residual));
    rest.extend(left_over.map(|step| {
        let why = step.detail.as_deref().unwrap_or_default();
        format!("{}: {} ({why})", step.action, step.target)
    }));
    // The plan said the rest.
    if change.losses.is_none() {
        return rest;
    }
    rest.push("API keys outlive whoever made them, and no API lists them: look under API info in Statuspage for keys that this person made or knew, and replace those".to_owned());
    rest.push(format!("product access and product roles of {email} in admin.atlassian.com (a product admin reaches every page whatever the page roles say)"));
    rest.push("invitations that were sent and not accepted: no API takes one back".to_owned());
    rest.push("accounts under addresses that nobody gave and that the directory does not have of this person".to_owned());
    rest.push("page access users whom a page knows by `external_login` alone: no search finds them, and of the lists only those that were read whole were looked through".to_owned());
    rest.push("subscriptions to single incidents, phone numbers, chat channels and webhooks that carry no address".to_owned());
    for keep in &wanted.keep {
        rest.push(match keep {
            Keep::TeamMember => "the team member was kept as asked".to_owned(),
            Keep::PageAccessUser => "page access users were kept as asked".to_owned(),
            Keep::Subscriber => "subscriptions were kept as asked".to_owned(),
            Keep::StatusappMember => "the StatusApp member was kept as asked".to_owned(),
            Keep::DirectoryUser => "the Atlassian account was kept as asked".to_owned(),
        });
    }
    rest
}
