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

/// Says why an address has no invitation that can be accepted.
pub(in crate::access) fn no_longer_open(invitations: &[Invitation], email: &Email) -> String {
    let ended = invitations
        .iter()
        .filter(|invitation| invitation.record.has_email(email))
        .max_by_key(|invitation| invitation.invited_at);
    let Some(ended) = ended else {
        return "no open invitation and no member has this address".to_owned();
    };
    let state = match ended.record.status {
        Some(Status::Expired) => "ran out",
        Some(Status::Revoked) => "was taken back",
        _ => "cannot be accepted as far as is known",
    };
    let at = |time: Option<jiff::Timestamp>, word: &str| {
        time.map_or_else(String::new, |time| format!(" {word} {time}"))
    };
    format!(
        "the invitation that was sent{} to {email} {state}{}. Where StatusApp accepts no second one, a person sends it again at Settings > Team (Resend)",
        at(ended.invited_at, "at"),
        match ended.record.status {
            Some(Status::Expired) => at(ended.expires_at, "at"),
            _ => String::new(),
        }
    )
}

/// A member's role as it is shown.
pub(in crate::access) fn role_words(record: &Record) -> String {
    match record.roles.as_deref() {
        Some(roles) if !roles.is_empty() => roles.join(", "),
        _ => "unknown".to_owned(),
    }
}
