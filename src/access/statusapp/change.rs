//! Changes of the StatusApp team. Its rules are kept here, before anything is sent: there is always an owner, and only an owner's key
//! changes roles or touches owners (StatusApp, "Team Collaboration").

use serde_json::{Value, json};

use crate::access::acts::{
    invite_member::InviteMember, remove_team_member::RemoveTeamMember, set_team_role::SetTeamRole,
};
use crate::access::change::plan::Plan;
use crate::access::change::several::{PlanOfPerson, for_one};
use crate::access::look::statusapp::{no_longer_open, pending, role_words};
use crate::access::statusapp::team::{BY_HAND, is_owner, keeps_an_owner, pick_member};
use crate::access::words;
use crate::access::{Access, Ask, ChangeReport, Refusal, Who};
use crate::caller::Scope;
use crate::providers::statusapp::NewMember;
use crate::roster::{Email, Invitation, Record, Status, System, TeamAction, TeamRole};

impl Access {
    /// Invites somebody, unless they are in the team or invited already.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn invite_member(&self, ask: &Ask, new: NewMember) -> Result<ChangeReport, Refusal> {
        let adds = std::slice::from_ref(&new.email);
        self.permit(ask, Scope::Write, &[], adds, &[])?;
        let statusapp = self.statusapp()?.clone();
        let team = self.whole_members(ask).await?;
        let invitations = self.whole_invitations(ask).await?;
        let mut plan = Plan::to(
            format!("{} will be invited as {}.", new.email, new.role),
            format!("{} was invited as {}.", new.email, new.role),
        );
        let named = team.iter().find(|record| record.has_email(&new.email));
        // Some teams list among their members who was only invited.
        let waits = |status| {
            matches!(
                status,
                Some(Status::Invited | Status::Expired | Status::Revoked)
            )
        };
        if let Some(held) = named.filter(|record| !waits(record.status)) {
            plan.say_so(format!("{} is in the team already.", words::who(held)));
            if held.team_role() != Some(new.role) {
                let role = role_words(held);
                plan.warnings.push(format!(
                    "the role is {role}, not {}; `set_team_role` changes it",
                    new.role
                ));
            }
        } else if let Some(pending) = pending(&invitations, &new.email) {
            plan.say_so(format!(
                "{} was invited{} as {} and has not accepted yet.",
                new.email,
                since(pending),
                role_words(&pending.record)
            ));
            plan.warnings
                .push(format!("the invitation{} waits. {BY_HAND}", until(pending)));
        } else if let Some(held) = named.filter(|record| record.status != Some(Status::Revoked)) {
            let ended = invitations
                .iter()
                .find(|invitation| invitation.record.has_email(&new.email));
            let state = match held.status {
                Some(Status::Expired) => "ran out before it was accepted",
                _ => "has not been accepted yet",
            };
            plan.say_so(format!(
                "StatusApp lists {} among the members, but only as invited: the invitation{}{} {state}. No second one was sent.",
                words::who(held),
                ended.map_or_else(String::new, |it| format!(" sent{}", since(it))),
                ended.map_or_else(String::new, until),
            ));
            plan.warnings.push(BY_HAND.to_owned());
        } else {
            plan.warnings
                .extend(self.may(&team, TeamAction::Invite, &[new.role])?);
            self.has_a_seat(ask).await?;
            if invitations.iter().any(|it| it.record.has_email(&new.email)) {
                plan.warnings.push(no_longer_open(&invitations, &new.email));
            }
            plan.warnings.push(format!(
                "a mail goes to {} at once, and an invitation that was sent cannot be taken back here. {BY_HAND}",
                new.email
            ));
            plan.acts.push(Box::new(InviteMember { statusapp, new }));
        }
        self.carry_out(ask, None, plan).await
    }

    /// Gives a member another role; a weaker one is confirmed.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn set_team_role(
        &self,
        ask: &Ask,
        who: &Who,
        role: TeamRole,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Write, &[], &[], &[])?;
        let team = self.whole_members(ask).await?;
        let plan = self.plan_team_role(&team, who, role)?;
        self.carry_out(ask, token, plan).await
    }

    /// Gives several members another role, with one confirmation where it is a weaker one.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn set_team_roles(
        &self,
        ask: &Ask,
        emails: &[Email],
        role: TeamRole,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Write, &[], &[], &[])?;
        self.for_several(ask, token, emails, |emails, began| async move {
            let team = self.whole_members(ask).await?;
            let plan = |left: &[Record], who: &Who| self.plan_team_role(left, who, role);
            let plans = one_after_the_other(&team, &emails, plan, |record| {
                record.roles = Some(vec![role.to_string().into()]);
                true
            })?;
            let what = format!("give the StatusApp role {role}");
            self.carry_out_several(ask, token, (&what, began), plans)
                .await
        })
        .await
    }

    /// The plan to give one member another role.
    fn plan_team_role(&self, team: &[Record], who: &Who, role: TeamRole) -> Result<Plan, Refusal> {
        let statusapp = self.statusapp()?.clone();
        let record = pick_member(team, who)?.ok_or_else(|| Refusal::NotFound {
            what: who.to_string(),
            where_: " in the StatusApp team".to_owned(),
            next: "`list_team_members` shows who is; somebody who is only invited has no role to change yet.".to_owned(),
        })?;
        let shown = words::who(record);
        let from = role_words(record);
        let mut plan = Plan::to(
            format!("The StatusApp role of {shown} will change from {from} to {role}."),
            format!("The StatusApp role of {shown} was changed from {from} to {role}."),
        );
        plan.state = json!({"member": json!(record), "owners": owners(team)});
        if record.team_role() == Some(role) {
            plan.say_so(format!("{shown} has the role {role} already."));
            return Ok(plan);
        }
        if role != TeamRole::Owner {
            keeps_an_owner(team, record)?;
        }
        let touched: Vec<TeamRole> = record.team_role().into_iter().chain([role]).collect();
        plan.warnings
            .extend(self.may(team, TeamAction::ChangeRoles, &touched)?);
        let act = SetTeamRole::new(statusapp, record.clone(), role)?;
        plan.acts.push(Box::new(act));
        Ok(plan)
    }

    /// Takes a member out of the team, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_team_member(
        &self,
        ask: &Ask,
        who: &Who,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        if let Who::Email(email) = who {
            self.permit(ask, Scope::Remove, &[], &[], std::slice::from_ref(email))?;
        }
        let team = self.whole_members(ask).await?;
        let mut plan = self.plan_team_removal(&team, who)?;
        let Some(record) = pick_member(&team, who)? else {
            let invitations = self.whole_invitations(ask).await?;
            if let Who::Email(email) = who
                && let Some(open) = pending(&invitations, email)
            {
                plan.warnings.push(format!(
                    "an invitation{} is open and lets them in when they accept it. {BY_HAND}",
                    until(open)
                ));
            }
            return self.carry_out(ask, token, plan).await;
        };
        plan.warnings.push(self.others_of(ask, record).await);
        self.carry_out(ask, token, plan).await
    }

    /// Takes several members out of the team, with one confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_team_members(
        &self,
        ask: &Ask,
        emails: &[Email],
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Remove, &[], &[], emails)?;
        self.for_several(ask, token, emails, |emails, began| async move {
            let team = self.whole_members(ask).await?;
            let plan = |left: &[Record], who: &Who| self.plan_team_removal(left, who);
            let plans = one_after_the_other(&team, &emails, plan, |_| false)?;
            let what = "remove from the StatusApp team";
            self.carry_out_several(ask, token, (what, began), plans)
                .await
        })
        .await
    }

    /// The plan to take one member out.
    fn plan_team_removal(&self, team: &[Record], who: &Who) -> Result<Plan, Refusal> {
        let statusapp = self.statusapp()?.clone();
        let Some(record) = pick_member(team, who)? else {
            return Ok(Plan::so(format!("{who} is not in the StatusApp team.")));
        };
        keeps_an_owner(team, record)?;
        let shown = words::who(record);
        let mut plan = Plan::to(
            format!("{shown} will be removed from the StatusApp team."),
            format!("{shown} was removed from the StatusApp team."),
        );
        plan.state = json!({"member": json!(record), "owners": owners(team)});
        plan.to_type = Some(words::address_or_id(record));
        let touched: Vec<TeamRole> = record.team_role().into_iter().collect();
        plan.warnings
            .extend(self.may(team, TeamAction::Remove, &touched)?);
        plan.warnings.extend(self.member_keys(record));
        let act = RemoveTeamMember::new(statusapp, record.clone())?;
        plan.acts.push(Box::new(act));
        Ok(plan)
    }

    /// Returns warnings about the API keys of somebody who is removed.
    pub(in crate::access) fn member_keys(&self, record: &Record) -> Vec<String> {
        let own = self
            .key_creator(System::Statusapp)
            .is_some_and(|creator| record.has_email(creator));
        let mut words = vec!["look through StatusApp's Settings > API keys for keys that this person made: whether they stop working is not documented".to_owned()];
        if own {
            words.insert(0, "this server's own StatusApp key was made by this person: put another in place first".to_owned());
        }
        words
    }

    /// Refuses where every seat is taken, as far as StatusApp tells.
    async fn has_a_seat(&self, ask: &Ask) -> Result<(), Refusal> {
        match self.statusapp()?.seats(&ask.interactive()).await {
            Ok(Some(seats)) => match seats.limit {
                Some(limit) if seats.used >= limit => Err(Refusal::Preflight(format!(
                    "all {limit} seats of the StatusApp plan are taken ({} in use). Remove somebody (`remove_user`), or upgrade in StatusApp at Settings > Plan.",
                    seats.used
                ))),
                _ => Ok(()),
            },
            // StatusApp refuses the invitation itself where no seat is free.
            Ok(None) | Err(_) => Ok(()),
        }
    }
}

/// Plans for one after the other, each in the team that the plans before leave: all of the owners do not go because each of them may.
fn one_after_the_other(
    team: &[Record],
    emails: &[Email],
    plan: impl Fn(&[Record], &Who) -> Result<Plan, Refusal>,
    stays: impl Fn(&mut Record) -> bool,
) -> Result<Vec<PlanOfPerson>, Refusal> {
    let mut left = team.to_vec();
    let mut plans = Vec::new();
    for email in emails {
        let who = Who::Email(email.clone());
        let planned = match plan(&left, &who) {
            Ok(plan) => Ok(plan),
            Err(refusal) => Err(for_one(refusal)?),
        };
        if planned.as_ref().is_ok_and(|plan| !plan.acts.is_empty()) {
            left.retain_mut(|record| !who.is(record) || stays(record));
        }
        plans.push((email.to_string(), planned));
    }
    Ok(plans)
}

fn since(invitation: &Invitation) -> String {
    invitation
        .invited_at
        .map_or_else(String::new, |at| format!(" at {at}"))
}

fn until(invitation: &Invitation) -> String {
    invitation
        .expires_at
        .map_or_else(String::new, |end| format!(" (good until {end})"))
}

/// Ids of the owners: a plan about roles rests on them.
fn owners(team: &[Record]) -> Value {
    let ids: Vec<_> = team
        .iter()
        .filter(|record| is_owner(record))
        .map(|record| &record.id)
        .collect();
    json!(ids)
}
