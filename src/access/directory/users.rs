//! People of the user directory: list and find.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::access::reads::one::One;
use crate::access::reads::scan::{Feed, Scan};
use crate::access::words;
use crate::access::{Access, Ask, Listing, NamedRow, Refusal, Spelt, Who, Window};
use crate::providers::atlassian_scim::{AtlassianScim, UserFilter};
use crate::roster::{
    DirectoryUser, DirectoryUserId, Domain, Email, Fit, GroupId, Kind, NamePart, RosterRow, Status,
    System,
};

/// The name of a read of them.
const PEOPLE: &str = "the people of the directory";

/// The filter of a list of people in the directory.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct DirectoryFilter {
    /// Any address of theirs, or their user name, without regard to case.
    pub email: Option<Email>,
    /// Their user name, without regard to case; it need not be an address.
    pub user_name: Option<String>,
    /// Their id in the directory.
    pub user_id: Option<DirectoryUserId>,
    /// The identity provider's id, exactly.
    pub external_id: Option<String>,
    /// The part of the address after the `@`, without regard to case.
    pub domain: Option<String>,
    /// A part of the first, last or whole name, without regard to case.
    pub name: Option<String>,
    /// In this group.
    pub group_id: Option<GroupId>,
    /// Switched on, or switched off.
    pub active: Option<bool>,
}

impl DirectoryFilter {
    fn any(&self) -> bool {
        let Self {
            email,
            user_name,
            user_id,
            external_id,
            domain,
            name,
            group_id,
            active,
        } = self;
        email.is_some()
            || user_name.is_some()
            || user_id.is_some()
            || external_id.is_some()
            || domain.is_some()
            || name.is_some()
            || group_id.is_some()
            || active.is_some()
    }

    /// Says how well somebody fits.
    fn fits(&self) -> impl Fn(&DirectoryUser) -> Fit {
        let domain = self.domain.as_deref().map(Domain::of);
        let name = self.name.as_deref().map(NamePart::of);
        move |user| {
            let name = name.as_ref();
            let name = name.map_or(Fit::Yes, |part| part.names(&user.record));
            name.and(self.keeps(user, domain.as_ref()))
        }
    }

    /// Returns whether everything but the name fits.
    fn keeps(&self, user: &DirectoryUser, domain: Option<&Domain>) -> bool {
        let record = &user.record;
        let email = self
            .email
            .as_ref()
            .is_none_or(|email| user.answers_to(email));
        let name_to_sign_in = self
            .user_name
            .as_ref()
            .is_none_or(|name| user.is_called(name));
        let id = self
            .user_id
            .as_ref()
            .is_none_or(|id| record.directory_user_id().as_ref() == Some(id));
        let external = self
            .external_id
            .as_ref()
            .is_none_or(|id| record.external_id.as_deref() == Some(id));
        let domain = domain.is_none_or(|domain| domain.is_of(record));
        let group = self.group_id.as_ref().is_none_or(|group| {
            let groups = record.groups.as_ref();
            groups.is_some_and(|groups| groups.contains(group))
        });
        let active = self.active.is_none_or(|active| {
            let wanted = if active {
                Status::Active
            } else {
                Status::Inactive
            };
            record.status == Some(wanted)
        });
        email && name_to_sign_in && id && external && domain && group && active
    }
}

impl Access {
    /// The people of the directory, filtered.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn list_directory_users(
        &self,
        ask: &Ask,
        filter: &DirectoryFilter,
        window: &Window,
    ) -> Result<Listing<Spelt<NamedRow<DirectoryUser<RosterRow>>>>, Refusal> {
        let query = json!(filter);
        let scan = if window.cursor.is_some() {
            None
        } else {
            Some(self.directory_scan(ask, filter, window.max_age()).await)
        };
        // Only a read of everybody is long enough for a cursor.
        let anew = || match scan {
            Some(scan) => scan,
            None => Ok(self.directory_everybody(self.atlassian_scim()?, window.max_age())),
        };
        let shelf = &self.directory_users;
        let found = self.found(shelf, ask, window, &query, filter.any(), anew)?;
        let scope = self.atlassian_scim()?.scope();
        let every = scope.every(System::AtlassianScim, Kind::DirectoryUser);
        let (keeps, untold) = (filter.fits(), AtomicBool::new(false));
        let fits = |user: &DirectoryUser| {
            if filter.group_id.is_some() && user.record.groups.is_none() {
                untold.store(true, Ordering::Relaxed);
            }
            keeps(user)
        };
        let show = |user: &DirectoryUser| NamedRow::of(user.row(), keeps(user));
        let mut listing = self
            .spelt_piece(ask, window, &query, found, fits, show)
            .await?
            .of_every(every);
        if untold.into_inner() {
            listing.complete = false;
            listing.warnings.push("the directory does not say of everybody in which groups they are, so there may be more in this group: `list_directory_groups` with `group_id` shows its members, where the directory lists them".to_owned());
        }
        Ok(listing)
    }

    /// The read that answers a filter with the least requests: one, where the directory can look for it itself.
    ///
    /// The directory finds people by user name and not by address (SCIM filter, `userName` and `externalId` alone). So an address is looked
    /// for among everybody: somebody who signs in with it need not be the one, or the only one, who gets mail there. How the filter
    /// compares case is not documented: nobody found by user name is looked for among everybody, too.
    pub(in crate::access) async fn directory_scan(
        &self,
        ask: &Ask,
        filter: &DirectoryFilter,
        max_age: Duration,
    ) -> Result<Arc<Scan<DirectoryUser>>, Refusal> {
        if let Some(id) = &filter.user_id {
            let scan = self.directory_one(id, max_age)?;
            let reach = scan.drive(self, ask, usize::MAX).await?;
            // "Not found" can mean that the directory itself is another one; the list of everybody shows that.
            if reach.complete && reach.rows > 0 {
                return Ok(scan);
            }
        }
        if let Some(id) = &filter.external_id {
            let by_id = UserFilter::ExternalId(id.clone());
            return self.directory_read(&format!("external id {id}"), &by_id, max_age);
        }
        if let (Some(name), None) = (&filter.user_name, &filter.email) {
            let by_name = UserFilter::UserName(name.trim().to_owned());
            let scan = self.directory_read(&format!("user name {name}"), &by_name, max_age)?;
            let reach = scan.drive(self, ask, usize::MAX).await?;
            if reach.complete && reach.rows > 0 {
                return Ok(scan);
            }
        }
        Ok(self.directory_everybody(self.atlassian_scim()?, max_age))
    }

    /// A read of everybody, not begun yet where there is none at hand.
    pub(in crate::access) fn directory_everybody(
        &self,
        directory: &AtlassianScim,
        max_age: Duration,
    ) -> Arc<Scan<DirectoryUser>> {
        let feed = || -> Box<dyn Feed<DirectoryUser>> { Box::new(directory.users(None)) };
        self.directory_users
            .at_hand(self, "everybody", PEOPLE, max_age, feed)
    }

    fn directory_one(
        &self,
        id: &DirectoryUserId,
        max_age: Duration,
    ) -> Result<Arc<Scan<DirectoryUser>>, Refusal> {
        let directory = self.atlassian_scim()?;
        let feed = || -> Box<dyn Feed<DirectoryUser>> {
            let (directory, id) = (directory.clone(), id.clone());
            Box::new(One::new(
                "atlassian_scim",
                Box::new(move |cx| {
                    let (directory, id) = (directory.clone(), id.clone());
                    Box::pin(async move { directory.user(cx, &id).await })
                }),
            ))
        };
        let key = format!("user {id}");
        Ok(self
            .directory_users
            .at_hand(self, &key, PEOPLE, max_age, feed))
    }

    fn directory_read(
        &self,
        key: &str,
        filter: &UserFilter,
        max_age: Duration,
    ) -> Result<Arc<Scan<DirectoryUser>>, Refusal> {
        let directory = self.atlassian_scim()?;
        let feed = || -> Box<dyn Feed<DirectoryUser>> { Box::new(directory.users(Some(filter))) };
        let what = "the people of the directory";
        Ok(self.directory_users.at_hand(self, key, what, max_age, feed))
    }

    /// The one person meant, read now; refused where the read is not whole and nobody was found.
    pub(in crate::access) async fn directory_person(
        &self,
        ask: &Ask,
        who: &Who,
    ) -> Result<Option<DirectoryUser>, Refusal> {
        let filter = match who {
            Who::Id(id) => {
                let id = DirectoryUserId::parse(id)
                    .map_err(|error| Refusal::arguments(format!("`user_id`: {error}")))?;
                let directory = self.atlassian_scim()?;
                return match directory.user(&ask.interactive(), &id).await {
                    Ok(user) => Ok(Some(user)),
                    Err(error) if error.is_not_found() => Ok(None),
                    Err(error) => Err(error.into()),
                };
            }
            Who::Email(email) => DirectoryFilter {
                email: Some(email.clone()),
                ..DirectoryFilter::default()
            },
            Who::UserName(name) => DirectoryFilter {
                user_name: Some(name.clone()),
                ..DirectoryFilter::default()
            },
        };
        let scan = self.directory_scan(ask, &filter, Duration::ZERO).await?;
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        let fits = filter.fits();
        let rows = |rows: &[DirectoryUser], _| -> Vec<DirectoryUser> {
            rows.iter()
                .filter(|user| fits(user) != Fit::No)
                .cloned()
                .collect()
        };
        one(who, scan.with_rows(0, rows).await)
    }

    /// The person with each of these addresses, as [`Access::directory_person`] finds one: everybody is read once for all of them.
    pub(in crate::access) async fn directory_people<'a>(
        &self,
        ask: &Ask,
        emails: &'a [Email],
    ) -> Result<Vec<(&'a Email, Result<Option<DirectoryUser>, Refusal>)>, Refusal> {
        let scan = self.directory_everybody(self.atlassian_scim()?, Duration::ZERO);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        let each = |rows: &[DirectoryUser], _| -> Vec<_> {
            let find = |email: &'a Email| {
                let filter = DirectoryFilter {
                    email: Some(email.clone()),
                    ..DirectoryFilter::default()
                };
                let fits = filter.fits();
                let found = rows
                    .iter()
                    .filter(|user| fits(user) != Fit::No)
                    .cloned()
                    .collect();
                (email, one(&Who::Email(email.clone()), found))
            };
            emails.iter().map(find).collect()
        };
        Ok(scan.with_rows(0, each).await)
    }
}

/// The one person that was found, if any.
fn one(who: &Who, mut found: Vec<DirectoryUser>) -> Result<Option<DirectoryUser>, Refusal> {
    if found.len() > 1 {
        let all: Vec<String> = found.iter().map(|user| words::who(&user.record)).collect();
        return Err(Refusal::Ambiguous(format!(
            "{who} stands for several people of the directory: {}. Name one by `user_id`",
            all.join(", ")
        )));
    }
    Ok(found.pop())
}
