//! The StatusApp team: members, invitations, seats, and who may change what.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::reads::scan::{Feed, Scan};
use crate::access::words;
use crate::access::{Access, Ask, Listing, NamedRow, Refusal, Spelt, Who, Window};
use crate::providers::statusapp::{Seats, StatusApp};
use crate::roster::{
    Domain, Email, Fit, Invitation, Kind, NamePart, Record, RecordScope, RosterRow, Status, System,
    TeamAction, TeamRights, TeamRole,
};

/// The filter of a list of members.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TeamFilter {
    /// Exactly this address, without regard to case.
    pub email: Option<Email>,
    /// The part of the address after the `@`; with `*.` before it, its subdomains too.
    pub domain: Option<String>,
    /// A part of the name, without regard to case.
    pub name: Option<String>,
    /// With this role.
    pub role: Option<TeamRole>,
}

/// The filter of a list of invitations.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InvitationFilter {
    /// Exactly this address, without regard to case.
    pub email: Option<Email>,
    /// The part of the address after the `@`; with `*.` before it, its subdomains too.
    pub domain: Option<String>,
    /// In this state.
    pub status: Option<Status>,
}

/// Members, and seats.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TeamListing {
    /// The members.
    #[serde(flatten)]
    pub listing: Listing<Spelt<NamedRow<RosterRow>>>,
    /// Seats of the plan, where StatusApp tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<Seats>,
    /// With `explain`: what each role may do, and how many seats each plan has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<TeamRights>,
}

/// Invitations.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct InvitationListing {
    /// The invitations.
    #[serde(flatten)]
    pub listing: Listing<Spelt<Invitation<RosterRow>>>,
    /// The place where an invitation is sent again or taken back: the API cannot.
    pub resend_and_revoke: &'static str,
}

/// The actions that only people can do.
pub(in crate::access) const BY_HAND: &str = "StatusApp has no API to send an invitation again or to take it back: a person does it in StatusApp at Settings > Team (Resend, Revoke)";

impl Access {
    /// The members of the team, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_team(
        &self,
        ask: &Ask,
        filter: &TeamFilter,
        window: &Window,
        explain: bool,
    ) -> Result<TeamListing, Refusal> {
        let query = json!(filter);
        let filtered = filter.email.is_some()
            || filter.domain.is_some()
            || filter.name.is_some()
            || filter.role.is_some();
        let anew = || self.members_scan(window.max_age());
        let found = self.found(&self.members, ask, window, &query, filtered, anew)?;
        let domain = filter.domain.as_deref().map(Domain::of);
        let part = filter.name.as_deref().map(NamePart::of);
        let fits = |record: &Record| {
            let email = filter
                .email
                .as_ref()
                .is_none_or(|email| record.goes_by(email));
            let name = part.as_ref().map_or(Fit::Yes, |part| part.names(record));
            let role = filter
                .role
                .is_none_or(|role| record.team_role() == Some(role));
            let domain = domain.as_ref().is_none_or(|domain| domain.is_of(record));
            name.and(email && domain && role)
        };
        let show = |record: &Record| NamedRow::of(record.row.clone(), fits(record));
        let mut listing = self
            .spelt_piece(ask, window, &query, found, &fits, show)
            .await?
            .of_every(RecordScope::team().every(System::Statusapp, Kind::TeamMember));
        let seats = match self.statusapp()?.seats(&ask.interactive()).await {
            Ok(seats) => seats,
            Err(error) => {
                // Nobody who did not ask for seats needs to know.
                let warning = format!("the seats could not be read: {error}");
                listing.warnings.extend(explain.then_some(warning));
                None
            }
        };
        Ok(TeamListing {
            listing,
            seats,
            rights: explain.then(TeamRights::tables),
        })
    }

    /// The invitations, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_invitations(
        &self,
        ask: &Ask,
        filter: &InvitationFilter,
        window: &Window,
    ) -> Result<InvitationListing, Refusal> {
        let query = json!(filter);
        let filtered = filter.email.is_some() || filter.domain.is_some() || filter.status.is_some();
        let anew = || self.invitations_scan(window.max_age());
        let found = self.found(&self.invitations, ask, window, &query, filtered, anew)?;
        let domain = filter.domain.as_deref().map(Domain::of);
        let fits = |invitation: &Invitation| {
            let record = &invitation.record;
            let email = filter
                .email
                .as_ref()
                .is_none_or(|email| record.goes_by(email));
            let status = filter
                .status
                .is_none_or(|status| record.status == Some(status));
            let domain = domain.as_ref().is_none_or(|domain| domain.is_of(record));
            email && domain && status
        };
        Ok(InvitationListing {
            listing: self
                .spelt_piece(ask, window, &query, found, fits, Invitation::row)
                .await?
                .of_every(RecordScope::team().every(System::Statusapp, Kind::Invitation)),
            resend_and_revoke: BY_HAND,
        })
    }

    fn members_scan(&self, max_age: Duration) -> Result<Arc<Scan<Record>>, Refusal> {
        Ok(self.members_scan_of(self.statusapp()?, max_age))
    }

    pub(in crate::access) fn members_scan_of(
        &self,
        statusapp: &StatusApp,
        max_age: Duration,
    ) -> Arc<Scan<Record>> {
        let feed = || -> Box<dyn Feed<Record>> { Box::new(statusapp.members()) };
        let what = "the StatusApp team";
        self.members.at_hand(self, "team", what, max_age, feed)
    }

    fn invitations_scan(&self, max_age: Duration) -> Result<Arc<Scan<Invitation>>, Refusal> {
        Ok(self.invitations_scan_of(self.statusapp()?, max_age))
    }

    pub(in crate::access) fn invitations_scan_of(
        &self,
        statusapp: &StatusApp,
        max_age: Duration,
    ) -> Arc<Scan<Invitation>> {
        let feed = || -> Box<dyn Feed<Invitation>> { Box::new(statusapp.invitations()) };
        let what = "the StatusApp invitations";
        self.invitations.at_hand(self, "team", what, max_age, feed)
    }

    /// Every member, read now; refused unless it is all of them.
    pub(in crate::access) async fn whole_members(&self, ask: &Ask) -> Result<Vec<Record>, Refusal> {
        let scan = self.members_scan(Duration::ZERO)?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        Ok(scan.with_rows(0, |rows, _| rows.to_vec()).await)
    }

    /// Every invitation, likewise.
    pub(in crate::access) async fn whole_invitations(
        &self,
        ask: &Ask,
    ) -> Result<Vec<Invitation>, Refusal> {
        let scan = self.invitations_scan(Duration::ZERO)?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        Ok(scan.with_rows(0, |rows, _| rows.to_vec()).await)
    }

    /// [`may`] with this server's key.
    pub(in crate::access) fn may(
        &self,
        team: &[Record],
        action: TeamAction,
        touched: &[TeamRole],
    ) -> Result<Option<String>, Refusal> {
        may(self.key_creator(System::Statusapp), team, action, touched)
    }
}

/// Returns whether a key may do something, as far as is known: no endpoint tells whom a key acts for, so it is known only where the operator
/// wrote down who made it. `touched` are the roles that are given or taken.
///
/// Gives a warning where it is not known.
pub(in crate::access) fn may(
    creator: Option<&Email>,
    team: &[Record],
    action: TeamAction,
    touched: &[TeamRole],
) -> Result<Option<String>, Refusal> {
    let least = match action {
        TeamAction::ChangeRoles => "an owner",
        _ if touched.contains(&TeamRole::Owner) => "an owner",
        _ => "an owner or an administrator",
    };
    let Some(creator) = creator else {
        return Ok(Some(format!(
            "it needs the key of {least}; whose this server's key is, is not on record (`statusapp.key_creator`)"
        )));
    };
    let member = team.iter().find(|record| record.has_email(creator));
    let Some(member) = member else {
        return Err(Refusal::Preflight(format!(
            "this server's StatusApp key was made by {creator} (`statusapp.key_creator`), who is not in the team; it needs the key of {least}. Put the key of one in place."
        )));
    };
    let Some(role) = member.team_role() else {
        return Ok(Some(format!(
            "it needs the key of {least}; {creator}, whose key this is, has a role that this server does not know"
        )));
    };
    if role.may(action) && touched.iter().all(|other| role.may_touch(*other)) {
        return Ok(None);
    }
    Err(Refusal::Preflight(format!(
        "StatusApp lets only {least} do this, and this server's key is that of {creator} (`statusapp.key_creator`), who has the role `{role}`. Put the key of {least} in place, or let one do it at Settings > Team."
    )))
}

/// Returns whether somebody is an owner who has accepted.
pub(in crate::access) fn is_owner(record: &Record) -> bool {
    record.team_role() == Some(TeamRole::Owner)
        && matches!(record.status, None | Some(Status::Active))
}

/// Refuses what would leave the team without an owner.
pub(in crate::access) fn keeps_an_owner(team: &[Record], leaver: &Record) -> Result<(), Refusal> {
    let another = team
        .iter()
        .any(|record| is_owner(record) && record.id != leaver.id);
    if !is_owner(leaver) || another {
        return Ok(());
    }
    Err(Refusal::Preflight(format!(
        "{} is the only owner of the StatusApp team, and there must always be one. Make somebody else an owner first (`set_team_role` with `owner`).",
        words::who(leaver)
    )))
}

/// The one member meant.
pub(in crate::access) fn pick_member<'a>(
    team: &'a [Record],
    who: &Who,
) -> Result<Option<&'a Record>, Refusal> {
    let found: Vec<&Record> = team.iter().filter(|record| who.is(record)).collect();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let all: Vec<String> = several.iter().map(|record| words::who(record)).collect();
            Err(Refusal::Ambiguous(format!(
                "{who} stands for several members: {}. Name one by `user_id`",
                all.join(", ")
            )))
        }
    }
}
