//! Takes a person out: every account of an address, in a safe order, and says what no API can take.
//!
//! Nothing here is concluded from absence: every step removes an account that was seen with exactly this address. What
//! could not be read is said before the confirmation and after the change.

mod found;
mod residual;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::found::Found;
use crate::access::across::find_person::{Unknown, one_person};
use crate::access::across::person::{AlsoKnownAs, Asked};
use crate::access::across::surface::{Depth, Held, Reach, Removal, Sight};
use crate::access::change::act::Shared;
use crate::access::change::plan::Plan;
use crate::access::change::several::{MOST_PEOPLE, for_one};
use crate::access::reads::journey::Journey;
use crate::access::reads::scan::Feed;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::caller::Scope;
use crate::roster::{Email, Kind, Names, Record, Status, System};

/// The people who leave, and the accounts that stay.
#[derive(Debug, Clone)]
pub struct Offboard {
    /// The people: each by every name that is given of them.
    pub people: Vec<Asked>,
    /// Kinds of accounts that stay.
    pub keep: Vec<Keep>,
}

/// A kind of account that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Team member and page roles.
    TeamMember,
    /// Page access users.
    PageAccessUser,
    /// Subscriptions.
    Subscriber,
    /// The StatusApp member.
    StatusappMember,
    /// The Atlassian account.
    DirectoryUser,
}

/// The words alone: what they mean is what they say, and a model carries the schema with every request.
impl JsonSchema for Keep {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Keep".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words = [
            Self::TeamMember,
            Self::PageAccessUser,
            Self::Subscriber,
            Self::StatusappMember,
            Self::DirectoryUser,
        ];
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}

impl Keep {
    fn covers(self, record: &Record) -> bool {
        let (system, kind) = (record.system, record.kind);
        match self {
            Self::TeamMember => kind == Kind::TeamMember && system == System::Statuspage,
            Self::PageAccessUser => kind == Kind::PageAccessUser,
            Self::Subscriber => kind == Kind::Subscriber,
            Self::StatusappMember => kind == Kind::TeamMember && system == System::Statusapp,
            Self::DirectoryUser => kind == Kind::DirectoryUser,
        }
    }
}

/// The answer of an offboarding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OffboardReport {
    /// The change.
    #[serde(flatten)]
    pub change: ChangeReport,
    /// Names of the same person that were not given and that the directory has: accounts under them are in the plan too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_known_as: Vec<AlsoKnownAs>,
    /// The places that were not looked at or could not be read: the person may have accounts there.
    pub unknown: Vec<Unknown>,
    /// Remaining access that no API can show or remove: a person has to look. After a confirmation, the points that the plan did not say.
    pub residual: Vec<String>,
    /// The course of a search for several people, and its cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked: Option<String>,
}

impl Offboard {
    /// Refuses what makes no sense, as somebody who is named twice.
    fn checked(&self) -> Result<Self, Refusal> {
        if self.people.len() > MOST_PEOPLE {
            return Err(Refusal::arguments(format!(
                "`people` holds {} people, and one call takes {MOST_PEOPLE}: give the others in a call of their own",
                self.people.len()
            )));
        }
        let people: Result<Vec<Asked>, Refusal> = self.people.iter().map(one_person).collect();
        let checked = Self {
            people: people?,
            keep: self.keep.clone(),
        };
        if checked.people.is_empty() {
            return Err(Refusal::arguments("`people` is empty: name somebody"));
        }
        let mut named: Vec<&Email> = Vec::new();
        for email in checked.emails() {
            if named.contains(&email) {
                return Err(Refusal::arguments(format!(
                    "`people` names {email} as two people's: give every address once, all of one person together"
                )));
            }
            named.push(email);
        }
        Ok(checked)
    }

    fn emails(&self) -> impl Iterator<Item = &Email> {
        self.people.iter().flat_map(|asked| &asked.emails)
    }

    /// Names the question: two of the same have one key.
    fn key(&self) -> serde_json::Value {
        self.people.iter().map(Asked::key).collect()
    }

    /// The addresses in words, or how many people.
    fn shown(&self) -> String {
        match self.people.as_slice() {
            [one] => one.shown(),
            several => format!("{} people", several.len()),
        }
    }
}

impl Access {
    /// Removes every account of an address, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn offboard(
        &self,
        ask: &Ask,
        wanted: &Offboard,
        token: Option<&str>,
    ) -> Result<OffboardReport, Refusal> {
        let wanted = &wanted.checked()?;
        for asked in &wanted.people {
            self.knows_ids(asked)?;
        }
        let emails: Vec<Email> = wanted.emails().cloned().collect();
        self.permit(ask, Scope::Remove, &[], &[], &emails)?;
        if let Some(change) = self.go_on(ask, token).await? {
            return Ok(self.offboarded(wanted, true, None, change));
        }
        let found = match self.everything_of(ask, wanted, token).await? {
            Ok(found) => found,
            Err(reading) => {
                return Ok(OffboardReport {
                    change: *reading,
                    also_known_as: Vec::new(),
                    unknown: self.unconfigured(),
                    residual: Vec::new(),
                    looked: None,
                });
            }
        };
        let mut plan = match wanted.people.as_slice() {
            [asked] => {
                let unclear = found.people.first().and_then(|it| it.unclear.clone());
                if let Some(why) = unclear {
                    return Err(Refusal::Ambiguous(why));
                }
                self.parting(asked, &wanted.keep, &found).await?
            }
            _ => self.parting_of_several(wanted, &found).await?,
        };
        let names = self.names_of_pages(ask, &found.pages_with_roles()).await;
        plan.page_names.extend(names);
        let change = self.carry_out(ask, token, plan).await?;
        let member = found.has_member();
        Ok(self.offboarded(wanted, member, Some(&found), change))
    }

    /// One plan for several people.
    async fn parting_of_several(&self, wanted: &Offboard, found: &Found) -> Result<Plan, Refusal> {
        let mut plans = Vec::new();
        for (asked, found) in wanted.people.iter().zip(found.by_person(&wanted.people)) {
            let unclear = found.people.first().and_then(|it| it.unclear.clone());
            let planned = match unclear {
                Some(why) => Err(why + "."),
                None => match self.parting(asked, &wanted.keep, &found).await {
                    Ok(plan) => Ok(plan),
                    Err(refusal) => Err(for_one(refusal)?),
                },
            };
            plans.push((asked.shown(), planned));
        }
        let mut plan = Plan::several("remove every account", plans);
        plan.read_at = found.began;
        plan.read = Some(found.read());
        plan.unread = found.unread();
        Ok(plan)
    }

    fn offboarded(
        &self,
        wanted: &Offboard,
        member: bool,
        found: Option<&Found>,
        change: ChangeReport,
    ) -> OffboardReport {
        let mut unknown: Vec<Unknown> = change.unread.iter().map(Unknown::from).collect();
        unknown.extend(self.unconfigured());
        let residual = residual::of(wanted, member, &change);
        OffboardReport {
            // The plan said it.
            looked: found
                .filter(|_| change.losses.is_some() && wanted.people.len() > 1)
                .map(Found::looked),
            change,
            also_known_as: found.map(Found::also_known_as).unwrap_or_default(),
            unknown,
            residual,
        }
    }

    /// Every account, read now. A search that does not fit in one call goes on in the next.
    async fn everything_of(
        &self,
        ask: &Ask,
        wanted: &Offboard,
        token: Option<&str>,
    ) -> Result<Result<Found, Box<ChangeReport>>, Refusal> {
        let email = &wanted.shown();
        let reach = Reach {
            pages: None,
            most_pages: None,
            max_age: std::time::Duration::ZERO,
            depth: Depth::Removal,
            spellings: self.spellings_shown(ask, token).await?,
        };
        // A call with the token reads anew, so it has a search of its own.
        let key = format!(
            "offboard/{}/{}/{}",
            ask.caller.name,
            wanted.key(),
            token.or(ask.person.token()).unwrap_or_default()
        );
        let scan = self.sights.unfinished_or_new(
            self.clock(),
            &key,
            &format!("the accounts of {email}"),
            || -> Box<dyn Feed<Sight>> {
                Box::new(Journey::new(
                    *self.clock(),
                    self.surfaces(&wanted.people, &reach),
                ))
            },
        );
        let reached = scan.drive(self, ask, usize::MAX).await?;
        if !reached.ended {
            let what = format!("the accounts of {email}");
            return Ok(Err(Box::new(ChangeReport::reading(&what, &reached))));
        }
        let mut found = scan.with_rows(0, |rows, _| Found::of(rows)).await;
        found.began = Some(scan.began);
        Ok(Ok(found))
    }

    /// The plan.
    async fn parting(&self, asked: &Asked, keep: &[Keep], found: &Found) -> Result<Plan, Refusal> {
        let email = &asked.shown();
        let kept = |held: &Held| {
            let record = &held.account.record;
            keep.iter().any(|keep| keep.covers(record))
        };
        let mut plan = Plan::so(String::new());
        plan.also_known_as = found.names(asked).iter().cloned().collect();
        plan.to_type = Some(email.to_string());
        plan.read_at = found.began;
        let mut steps: Vec<(Removal, Option<String>)> = Vec::new();
        let (mut leaving, mut off, mut stay) = (Vec::new(), 0, 0);
        for held in &found.held {
            let page = held.account.record.page_id();
            let name = page.clone().zip(held.account.page_name.clone());
            plan.page_names.extend(name);
            plan.pages.extend(page);
            // The directory knows people by other names too, and one of those may be protected, also where the account is kept.
            let losses = held.removal.iter().flat_map(|step| step.act.losses());
            let named: Names = losses.map(|loss| loss.who).collect();
            let others = held.account.other_emails.iter().cloned().collect();
            let known = Names::of(&held.account.record).and(others).and(named);
            plan.also_known_as = std::mem::take(&mut plan.also_known_as).and(known);
            if kept(held) {
                continue;
            }
            if let Some(why) = &held.forbidden {
                return Err(Refusal::Preflight(why.clone()));
            }
            if held.removal.is_empty() {
                off += usize::from(held.account.record.status == Some(Status::Inactive));
                continue;
            }
            // One of which nothing has to go loses what may be taken, and stays.
            if held.removal.iter().any(|step| step.must) {
                leaving.push(held.account.record.kind);
            } else {
                stay += 1;
            }
            let stored = held.account.record.email.as_ref().map(ToString::to_string);
            let removal = held.removal.iter().cloned();
            steps.extend(removal.map(|step| (step, stored.clone())));
        }
        plan.pages.sort();
        plan.pages.dedup();
        // Stable: accounts of one phase stay in the order of the pages.
        steps.sort_by_key(|(step, _)| step.phase);
        // Each step carries what it was planned from; what could not be read is no part of what is confirmed.
        plan.independent = true;
        plan.read = Some(found.read());
        plan.unread = found.unread();
        let (ends, ended) = (
            words::parted(email, &leaving, "will be"),
            words::parted(email, &leaving, ""),
        );
        if leaving.is_empty() {
            plan.say_so(words::nothing_left(email, plan.unread.is_empty()));
        } else {
            plan.say(ends, ended);
        }
        if let Some((will, were)) = words::off_already(off) {
            plan.besides(&will, &were);
        }
        if stay > 0 {
            let who = format!(
                " {stay} more has roles on pages that `policy.pages` does not allow and stays;"
            );
            plan.besides(
                &format!("{who} its roles on the other pages will be taken."),
                &format!("{who} its roles on the other pages were taken."),
            );
        }
        plan.warnings = self.unfinished_about(found.names(asked)).await;
        plan.warnings.extend(residual::before(found));
        for held in found.held.iter().filter(|held| !kept(held)) {
            let record = &held.account.record;
            if record.member_id().is_some() {
                plan.warnings.extend(self.member_keys(record));
            }
        }
        for (step, spelling) in steps {
            let act = Shared::new(step.act, step.must, step.place, spelling);
            plan.acts.push(Box::new(act));
        }
        Ok(plan)
    }

    /// Describes the changes for this person that a process began and that have no outcome on record, because the process is gone.
    async fn unfinished_about(&self, person: &[Email]) -> Vec<String> {
        let mut unfinished = self.unfinished().await;
        unfinished.retain(|change| {
            let name = change.name().to_lowercase();
            person.iter().any(|email| words::names(&name, email))
        });
        unfinished
            .iter()
            .map(|change| {
                format!("an earlier change has no outcome on record: {change}. What it did is in what was read now: only what is left is planned")
            })
            .collect()
    }
}
