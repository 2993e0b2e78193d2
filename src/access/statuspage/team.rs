//! Team members: list, find, add, remove.

use serde_json::json;

use crate::access::acts::{create_member::CreateMember, delete_member::DeleteMember};
use crate::access::change::plan::Plan;
use crate::access::reads::scan::Feed;
use crate::access::words;
use crate::access::{Access, Ask, ChangeReport, Listing, NamedRow, Refusal, Spelt, Window};
use crate::caller::Scope;
use crate::providers::statuspage::{NewTeamMember, Statuspage};
use crate::roster::{Domain, Email, Fit, Kind, NamePart, Record, RosterRow, System, UserId};

/// The filter of a list of team members.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct MemberFilter {
    /// Exactly this address, without regard to case.
    pub email: Option<Email>,
    /// The part of the address after the `@`, without regard to case.
    pub domain: Option<String>,
    /// A part of the first, last or whole name, without regard to case.
    pub name: Option<String>,
}

impl MemberFilter {
    /// Says how well a record fits.
    fn fits(&self) -> impl Fn(&Record) -> Fit {
        let domain = self.domain.as_deref().map(Domain::of);
        let name = self.name.as_deref().map(NamePart::of);
        move |record| {
            let mut email = self.email.iter();
            let email = email.all(|email| record.goes_by(email));
            let domain = domain.as_ref().is_none_or(|domain| domain.is_of(record));
            let name = name.as_ref().map_or(Fit::Yes, |part| part.names(record));
            name.and(email && domain)
        }
    }
}

impl Access {
    /// The team members, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_members(
        &self,
        ask: &Ask,
        filter: &MemberFilter,
        window: &Window,
    ) -> Result<Listing<Spelt<NamedRow<RosterRow>>>, Refusal> {
        let query = json!(filter);
        let filtered = filter.email.is_some() || filter.domain.is_some() || filter.name.is_some();
        let anew = || self.team_scan(window.max_age());
        let found = self.found(&self.people, ask, window, &query, filtered, anew)?;
        let fits = filter.fits();
        let show = |record: &Record| NamedRow::of(record.row.clone(), fits(record));
        let listing = self.spelt_piece(ask, window, &query, found, &fits, show);
        let scope = self.statuspage()?.organization_scope();
        Ok(listing
            .await?
            .of_every(scope.every(System::Statuspage, Kind::TeamMember)))
    }

    fn team_scan(
        &self,
        max_age: std::time::Duration,
    ) -> Result<std::sync::Arc<crate::access::reads::scan::Scan<Record>>, Refusal> {
        Ok(self.team_scan_of(self.statuspage()?, max_age))
    }

    pub(in crate::access) fn team_scan_of(
        &self,
        statuspage: &Statuspage,
        max_age: std::time::Duration,
    ) -> std::sync::Arc<crate::access::reads::scan::Scan<Record>> {
        let feed = || -> Box<dyn Feed<Record>> { Box::new(statuspage.team_members()) };
        self.people
            .at_hand(self, "team", "the team members", max_age, feed)
    }

    /// Every team member, read now; refused unless it is all of them.
    pub(in crate::access) async fn whole_team(&self, ask: &Ask) -> Result<Vec<Record>, Refusal> {
        let scan = self.team_scan(std::time::Duration::ZERO)?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        Ok(scan.with_rows(0, |rows, _| rows.to_vec()).await)
    }

    /// Adds a team member, unless the address is in the team already.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn add_member(&self, ask: &Ask, new: NewTeamMember) -> Result<ChangeReport, Refusal> {
        self.permit(
            ask,
            Scope::Write,
            &[],
            std::slice::from_ref(&new.email),
            &[],
        )?;
        let statuspage = self.statuspage()?.clone();
        let team = self.whole_team(ask).await?;
        let mut plan = Plan::to(
            format!("{} will become a team member.", new.email),
            format!("{} became a team member.", new.email),
        );
        if let Some(held) = team.iter().find(|record| record.has_email(&new.email)) {
            plan.say_so(format!("{} is a team member already.", words::who(held)));
        } else {
            plan.acts.push(Box::new(CreateMember {
                statuspage,
                new,
                pages: pages_of(team.len()),
            }));
            plan.warnings.push(
                "a new team member has no page roles until `set_permissions` grants them"
                    .to_owned(),
            );
        }
        self.carry_out(ask, None, plan).await
    }

    /// Removes a team member, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_member(
        &self,
        ask: &Ask,
        who: &crate::access::Who,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        if let crate::access::Who::Email(email) = who {
            self.permit(ask, Scope::Remove, &[], &[], std::slice::from_ref(email))?;
        }
        let team = self.whole_team(ask).await?;
        let mut plan = self.plan_member_removal(ask, &team, who).await?;
        if let Some((_, record)) = pick(&team, who)? {
            plan.warnings.push(self.others_of(ask, &record).await);
        }
        self.carry_out(ask, token, plan).await
    }

    /// Removes several team members, with one confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn remove_members(
        &self,
        ask: &Ask,
        emails: &[Email],
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        self.permit(ask, Scope::Remove, &[], &[], emails)?;
        self.for_several(ask, token, emails, |emails, began| async move {
            let team = self.whole_team(ask).await?;
            let leaves = |record: &Record| emails.iter().any(|email| record.goes_by(email));
            if team.iter().all(leaves) {
                return Err(Refusal::Preflight(
                    "These are all team members there are: without one nobody can run the status pages. Add another first.".to_owned(),
                ));
            }
            let plan = |email: &Email| -> futures::future::BoxFuture<'_, Result<Plan, Refusal>> {
                let (who, team) = (crate::access::Who::Email(email.clone()), &team);
                Box::pin(async move { self.plan_member_removal(ask, team, &who).await })
            };
            let what = "remove from the team";
            self.change_several(ask, token, (what, began), &emails, plan)
                .await
        })
        .await
    }

    /// The plan to remove one team member.
    async fn plan_member_removal(
        &self,
        ask: &Ask,
        team: &[Record],
        who: &crate::access::Who,
    ) -> Result<Plan, Refusal> {
        let statuspage = self.statuspage()?.clone();
        let Some((user, record)) = pick(team, who)? else {
            return Ok(Plan::so(format!("{who} is not in the team.")));
        };
        let permissions = match statuspage.permissions(&ask.interactive(), &user).await {
            Ok(held) => Some(held),
            Err(error) if error.is_not_found() => None,
            Err(error) => return Err(error.into()),
        };
        let mut plan = Plan::to(
            format!("{} will be removed from the team.", words::who(&record)),
            format!("{} was removed from the team.", words::who(&record)),
        );
        // A team member is removed from every page at once, so every page has to be one that may be changed.
        plan.pages.extend(
            permissions
                .iter()
                .flat_map(|held| held.pages.keys().cloned()),
        );
        plan.to_type = Some(words::address_or_id(&record));
        plan.state = json!({"record": json!(&record), "permissions": permissions});
        plan.warnings.push("API keys outlive the person who made them: look through them in Statuspage (API info) and delete theirs".to_owned());
        plan.acts.push(Box::new(DeleteMember {
            statuspage,
            user,
            record,
            permissions,
            pages: pages_of(team.len()),
        }));
        Ok(plan)
    }
}

/// The one member meant.
pub(in crate::access) fn pick(
    team: &[Record],
    who: &crate::access::Who,
) -> Result<Option<(UserId, Record)>, Refusal> {
    let mut found = team.iter().filter(|record| who.is(record));
    let Some(first) = found.next() else {
        return Ok(None);
    };
    let rest: Vec<String> = found.map(words::who).collect();
    if !rest.is_empty() {
        return Err(Refusal::Ambiguous(format!(
            "{who} stands for several team members: {}, {}. Name one by `user_id`",
            words::who(first),
            rest.join(", ")
        )));
    }
    Ok(first.user_id().map(|id| (id, first.clone())))
}

pub(in crate::access) fn pages_of(rows: usize) -> u32 {
    u32::try_from(rows / 100 + 1).unwrap_or(u32::MAX)
}
