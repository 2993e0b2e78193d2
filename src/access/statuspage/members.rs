//! Finds the people behind the ids of page access users: groups name their members by id alone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::access::change::several::{OfPerson, for_one};
use crate::access::words::who;
use crate::access::{Access, Ask, ChangeReport, MemberChange, Refusal};
use crate::roster::{Email, Names, PageId, Record, ViewerId};

/// Members that are asked for one by one. Of more the whole list is read, one request for a hundred.
const FEW: usize = 20;

/// The greatest age of the list that ids are named from. Addresses hardly change, and the second call of a confirmation is to find what the
/// first one read.
const NAMES_MAX_AGE: Duration = Duration::from_secs(600);

/// Names in one sentence at most.
const MOST_NAMES: usize = 100;

/// Page access users by id.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Members(BTreeMap<ViewerId, Record>);

impl From<BTreeMap<ViewerId, Record>> for Members {
    fn from(records: BTreeMap<ViewerId, Record>) -> Self {
        Self(records)
    }
}

impl Members {
    /// Name, address and id; the id alone of somebody who is not there.
    pub(in crate::access) fn name(&self, id: &ViewerId) -> String {
        self.0.get(id).map_or_else(|| format!("id {id}"), who)
    }

    /// The names, and how many more there are.
    pub(in crate::access) fn names<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a ViewerId>,
    ) -> String {
        let mut names: Vec<String> = ids.into_iter().map(|id| self.name(id)).collect();
        let more = names.len().saturating_sub(MOST_NAMES);
        names.truncate(MOST_NAMES);
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{}{more}", names.join(", "))
    }

    /// These and others.
    pub(in crate::access) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Returns the names that they are known by, for policy.
    pub(in crate::access) fn known_by<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a ViewerId>,
    ) -> Names {
        let records = ids.into_iter().filter_map(|id| self.0.get(id));
        records.map(Names::of).collect()
    }

    /// The first of these who is not there.
    pub(in crate::access) fn stranger<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a ViewerId>,
    ) -> Option<&'a ViewerId> {
        ids.into_iter().find(|id| !self.0.contains_key(*id))
    }
}

/// Nobody of a page has an address.
fn not_on(page: &PageId, email: &Email) -> Refusal {
    Refusal::NotFound {
        what: email.to_string(),
        where_: format!(" among the page access users of page {page}"),
        next: "`add_page_viewer` adds a page access user.".to_owned(),
    }
}

impl Access {
    /// Puts the ids of page access users in place of addresses; gives those who were not found, or how far the reading came.
    pub(in crate::access) async fn find_members(
        &self,
        ask: &Ask,
        page: &PageId,
        members: &mut MemberChange,
        token: Option<&str>,
    ) -> Result<Result<Vec<OfPerson>, Box<ChangeReport>>, Refusal> {
        let MemberChange { by_id, by_address } = members;
        let emails: Vec<Email> = by_address.wanted().cloned().collect();
        let gone = std::mem::take(&mut by_address.revoke);
        if emails.is_empty() && gone.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let all: Vec<Email> = emails.iter().chain(&gone).cloned().collect();
        let crowd = match self.crowd(ask, page, &all, token).await? {
            Ok(crowd) => crowd,
            Err(reading) => return Ok(Err(reading)),
        };
        let mut strangers = Vec::new();
        let mut found = |emails: &[Email]| -> Result<Vec<ViewerId>, Refusal> {
            let mut ids = Vec::new();
            for email in emails {
                let member = crowd.one_of(email, page).and_then(|it| {
                    it.and_then(|it| it.viewer_id())
                        .ok_or_else(|| not_on(page, email))
                });
                match member {
                    Ok(id) => ids.push(id),
                    Err(refusal) => {
                        strangers.push(OfPerson::refused(email.to_string(), for_one(refusal)?));
                    }
                }
            }
            Ok(ids)
        };
        by_id.grant.extend(found(&by_address.grant)?);
        by_id.revoke.extend(found(&gone)?);
        if let Some(all) = &by_address.replace {
            let ids = found(all)?;
            by_id.replace.get_or_insert_default().extend(ids);
            // Whoever is not found of those who are to stay would be taken out.
            if let Some(first) = strangers.first() {
                return Err(Refusal::Preflight(first.will.clone()));
            }
        }
        let nobody = by_id.is_nothing() && strangers.len() == all.len();
        match strangers.first().filter(|_| nobody) {
            Some(first) => Err(Refusal::Preflight(first.will.clone())),
            None => Ok(Ok(strangers)),
        }
    }

    /// The page access users with these ids. One request each for a few; of many the whole list is read.
    pub(in crate::access) async fn members(
        &self,
        ask: &Ask,
        page: &PageId,
        mut wanted: BTreeSet<ViewerId>,
    ) -> Result<Members, Refusal> {
        let mut members = Members::default();
        if wanted.len() > FEW {
            let scan = self.viewer_scan(page, None, NAMES_MAX_AGE)?;
            let reach = scan.drive(self, ask, usize::MAX).await?;
            if !reach.complete {
                return Err(Refusal::Incomplete {
                    what: scan.what.clone(),
                    why: reach.why.unwrap_or_default(),
                    next: "Ask again: the read goes on where it stopped.".to_owned(),
                });
            }
            scan.with_rows(0, |rows, _| {
                for record in rows {
                    if let Some(id) = record.viewer_id().filter(|id| wanted.remove(id)) {
                        members.0.insert(id, record.clone());
                    }
                }
            })
            .await;
        }
        // Ids that are not in the list were added after it was read, or are gone.
        for id in wanted {
            match self
                .statuspage()?
                .viewer(&ask.interactive(), page, &id)
                .await
            {
                Ok(record) => {
                    members.0.insert(id, record);
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(members)
    }
}
