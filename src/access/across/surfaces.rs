//! The surfaces of each system.

pub(in crate::access) mod by_name;
mod directory;
mod pages;
mod statusapp;
mod subscriptions;
mod team;
mod viewers;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::by_name::ByName;
use self::directory::Names;
use self::pages::Pages;
use self::team::Team;
use crate::access::Access;
use crate::access::across::person::{Asked, Person};
use crate::access::across::spellings::Spellings;
use crate::access::across::surface::{AtHand, Look, Reach, Sight};
use crate::access::reads::journey::{Failures, Part};
use crate::access::reads::lists::Lists;
use crate::access::reads::scan::Scan as Shared;
use crate::policy::Rules;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::providers::statusapp::StatusApp;
use crate::providers::statuspage::Statuspage;
use crate::roster::{DirectoryUser, Email, Invitation, NamePart, Page, PageId, Record, System};
use crate::upstream::Cx;

impl Access {
    /// A search of every configured system for a person, or for several at once. Nothing is asked for before it is driven.
    pub(in crate::access) fn surfaces(
        &self,
        asked: &[Asked],
        reach: &Reach,
    ) -> Vec<Box<dyn Part<Sight>>> {
        let elsewhere = self.elsewhere(reach);
        let Some((directory, everybody)) = self.directory_names(reach) else {
            let people: Vec<Person> = asked.iter().map(Person::of).collect();
            return elsewhere.parts(&people, Vec::new());
        };
        vec![Box::new(Names {
            directory,
            everybody,
            asked: asked.to_vec(),
            elsewhere,
            failures: Failures::default(),
        })]
    }

    /// A search for the people who have a name, and for everything of the one who is meant.
    pub(in crate::access) fn surfaces_by_name(
        &self,
        name: &str,
        reach: &Reach,
    ) -> Vec<Box<dyn Part<Sight>>> {
        vec![Box::new(ByName {
            name: NamePart::of(name),
            directory: self.directory_names(reach),
            elsewhere: Some(self.elsewhere(reach)),
            failures: Failures::default(),
            begun: false,
        })]
    }

    /// The directory, and the list of everybody in it.
    fn directory_names(
        &self,
        reach: &Reach,
    ) -> Option<(AtlassianScim, Arc<Shared<DirectoryUser>>)> {
        let directory = self.atlassian_scim().ok()?;
        let everybody = self.directory_everybody(directory, reach.max_age);
        Some((directory.clone(), everybody))
    }

    fn elsewhere(&self, reach: &Reach) -> Elsewhere {
        Elsewhere {
            statuspage: self
                .statuspage()
                .ok()
                .zip(self.lists(reach.max_age).ok())
                .map(|(statuspage, lists)| OfStatuspage {
                    team: self.team_scan_of(statuspage, reach.max_age),
                    statuspage: statuspage.clone(),
                    lists,
                    allowed: self.rules().pages.clone(),
                }),
            statusapp: self.statusapp().ok().map(|statusapp| OfStatusApp {
                members: self.members_scan_of(statusapp, reach.max_age),
                invitations: self.invitations_scan_of(statusapp, reach.max_age),
                statusapp: statusapp.clone(),
                key_creator: self.key_creator(System::Statusapp).cloned(),
            }),
            reach: reach.clone(),
        }
    }
}

/// The surfaces outside the directory, which are opened once it is known who is meant.
struct Elsewhere {
    statuspage: Option<OfStatuspage>,
    statusapp: Option<OfStatusApp>,
    reach: Reach,
}

struct OfStatuspage {
    statuspage: Statuspage,
    lists: Lists,
    team: Arc<Shared<Record>>,
    /// The operator's list of pages, where there is one.
    allowed: Option<BTreeSet<PageId>>,
}

struct OfStatusApp {
    statusapp: StatusApp,
    members: Arc<Shared<Record>>,
    invitations: Arc<Shared<Invitation>>,
    /// The person whose key this server has, where that is on record.
    key_creator: Option<Email>,
}

impl Elsewhere {
    /// The surfaces for every name of the people, with what the directory holds in its place among them.
    fn parts(
        &self,
        people: &[Person],
        directory: Vec<Box<dyn Part<Sight>>>,
    ) -> Vec<Box<dyn Part<Sight>>> {
        let mut each: Vec<Email> = Vec::new();
        for email in people.iter().flat_map(|person| &person.emails) {
            if !each.contains(email) {
                each.push(email.clone());
            }
        }
        let emails: Arc<[Email]> = each.into();
        let mut parts: Vec<Box<dyn Part<Sight>>> = Vec::new();
        let named = !emails.is_empty();
        let spellings = Spellings::default();
        self.reach
            .spellings
            .iter()
            .for_each(|spelling| spellings.add(spelling));
        for user in people.iter().flat_map(|person| &person.people) {
            let stored = user.emails.iter().map(|email| email.value.as_str());
            stored
                .chain(user.user_name.as_deref())
                .for_each(|spelling| spellings.add(spelling));
        }
        let places = [
            (
                System::Statuspage,
                "the team and every page",
                self.statuspage.is_some(),
            ),
            (
                System::Statusapp,
                "the StatusApp team",
                self.statusapp.is_some(),
            ),
        ];
        for (system, what, _) in places.into_iter().filter(|(_, _, is)| *is && !named) {
            let why = "no address is known to ask for";
            parts.push(AtHand::left_out(system, what.to_owned(), why));
        }
        if let Some(of) = self.statuspage.as_ref().filter(|_| named) {
            let team = Team {
                statuspage: of.statuspage.clone(),
                scan: of.team.clone(),
                failures: Failures::default(),
                depth: self.reach.depth,
                rules: Rules {
                    pages: of.allowed.clone(),
                    ..Rules::default()
                },
            };
            parts.push(Look::part(Arc::new(team), &emails, &spellings));
        }
        parts.extend(directory);
        if let Some(of) = self.statusapp.as_ref().filter(|_| named) {
            let members = statusapp::Members {
                statusapp: of.statusapp.clone(),
                scan: of.members.clone(),
                key_creator: of.key_creator.clone(),
            };
            let invitations = statusapp::Invitations {
                scan: of.invitations.clone(),
            };
            parts.push(Look::part(Arc::new(members), &emails, &spellings));
            parts.push(Look::part(Arc::new(invitations), &emails, &spellings));
        }
        // The pages come last: where a search is case-sensitive, they are searched for every form of the address that was found before.
        if let Some(of) = self.statuspage.as_ref().filter(|_| named) {
            parts.push(Box::new(Pages {
                statuspage: of.statuspage.clone(),
                person: emails.clone(),
                spellings: spellings.clone(),
                lists: of.lists.clone(),
                reach: self.reach.clone(),
                allowed: of.allowed.clone(),
            }));
        }
        parts
    }
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

/// Returns whether a record is this person's.
fn is_of(record: &Record, person: &[Email]) -> bool {
    person.iter().any(|email| record.goes_by(email))
}
