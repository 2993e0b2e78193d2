//! A member and an invitation of StatusApp, as plans and steps compare them.

use crate::roster::{Email, Invitation, Record, Status};

/// The invitation of an address that can still be accepted.
pub(in crate::access) fn pending<'a>(
    invitations: &'a [Invitation],
    email: &Email,
) -> Option<&'a Invitation> {
    let open = |invitation: &&Invitation| {
        invitation.record.goes_by(email) && invitation.record.status == Some(Status::Invited)
    };
    invitations.iter().find(open)
}

/// A member's role as it is shown.
pub(in crate::access) fn role_words(record: &Record) -> String {
    match record.roles.as_deref() {
        Some(roles) if !roles.is_empty() => roles.join(", "),
        _ => "unknown".to_owned(),
    }
}
