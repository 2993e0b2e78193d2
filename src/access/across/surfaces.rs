//! The surfaces of each system.

mod directory;
mod pages;
mod statusapp;
mod subscriptions;
mod team;
mod viewers;

use std::sync::Arc;

use self::pages::Pages;
use self::team::Team;
use crate::access::Access;
use crate::access::across::surface::{Look, Reach, Sight};
use crate::access::reads::journey::Part;
use crate::access::reads::scan::{Scan as Shared, flaw};
use crate::providers::atlassian_scim::AtlassianScim;
use crate::providers::statusapp::StatusApp;
use crate::providers::statuspage::Statuspage;
use crate::providers::{ProviderError, Scan};
use crate::roster::{Email, Page, Record, System};
use crate::upstream::Cx;

impl Access {
    /// A search of every configured system for a person. Nothing is asked for before it is driven.
    pub(in crate::access) fn surfaces(
        &self,
        person: &[Email],
        reach: &Reach,
    ) -> Vec<Box<dyn Part<Sight>>> {
        let person: Arc<[Email]> = person.into();
        let mut parts = Vec::new();
        if let Ok(statuspage) = self.statuspage() {
            parts.extend(of_statuspage(self, statuspage, &person, reach));
        }
        if let Ok(directory) = self.atlassian_scim() {
            parts.push(of_the_directory(self, directory, &person, reach));
        }
        if let Ok(statusapp) = self.statusapp() {
            parts.extend(of_statusapp(self, statusapp, &person, reach));
        }
        parts
    }
}

/// Statuspage: the team, and on every page the page access users and the subscribers.
fn of_statuspage(
    access: &Access,
    statuspage: &Statuspage,
    person: &Arc<[Email]>,
    reach: &Reach,
) -> Vec<Box<dyn Part<Sight>>> {
    let team = Team {
        statuspage: statuspage.clone(),
        scan: access.team_scan_of(statuspage, reach.max_age),
    };
    vec![
        Look::part(Box::new(team), person),
        Box::new(Pages::new(access, statuspage, person, reach)),
    ]
}

/// The user directory. Everybody is read only where nobody has an address as user name.
fn of_the_directory(
    access: &Access,
    directory: &AtlassianScim,
    person: &Arc<[Email]>,
    reach: &Reach,
) -> Box<dyn Part<Sight>> {
    let people = directory::People {
        directory: directory.clone(),
        everybody: access.directory_everybody(directory, reach.max_age),
    };
    Look::part(Box::new(people), person)
}

/// StatusApp: the members, and invitations that let somebody in.
fn of_statusapp(
    access: &Access,
    statusapp: &StatusApp,
    person: &Arc<[Email]>,
    reach: &Reach,
) -> Vec<Box<dyn Part<Sight>>> {
    let members = statusapp::Members {
        statusapp: statusapp.clone(),
        scan: access.members_scan_of(statusapp, reach.max_age),
        key_creator: access.key_creator(System::Statusapp).cloned(),
    };
    let invitations = statusapp::Invitations {
        scan: access.invitations_scan_of(statusapp, reach.max_age),
    };
    vec![
        Look::part(Box::new(members), person),
        Look::part(Box::new(invitations), person),
    ]
}

/// Every row of a shared list, and why there may be more.
async fn whole<T: Clone>(
    scan: &Shared<T>,
    cx: &Cx,
) -> Result<(Vec<T>, Option<String>), ProviderError> {
    let mut all = Vec::new();
    while let Some(rows) = scan.after(all.len(), cx).await {
        all.extend(rows?);
    }
    Ok((all, scan.reach().await.why))
}

/// `page Example (kctbh9vrtdwd)`.
fn page_words(page: &Page) -> String {
    match &page.name {
        Some(name) => format!("page {name} ({})", page.id),
        None => format!("page {}", page.id),
    }
}

/// Everything that a filtered list gives for each address, and why there may be more.
async fn each<T: Send + 'static>(
    cx: &Cx,
    person: &[Email],
    list: impl Fn(&Email) -> Scan<T>,
) -> Result<(Vec<T>, Option<String>), ProviderError> {
    let (mut rows, mut gap) = (Vec::new(), None);
    for email in person {
        let mut scan = list(email);
        rows.extend(scan.rest(cx).await?);
        gap = gap.or_else(|| flaw(scan.progress()));
    }
    Ok((rows, gap))
}

/// Whether a record is this person's.
fn is_of(record: &Record, person: &[Email]) -> bool {
    person.iter().any(|email| record.has_email(email))
}
