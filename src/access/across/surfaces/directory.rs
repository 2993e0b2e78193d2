//! The user directory: who is meant, and the records of theirs.
//!
//! Everybody is read, because the directory itself looks for user names alone and a person has several names. The list is shared with
//! whoever else wants it; a search for a plan reads it anew.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::{Elsewhere, whole};
use crate::access::account::Account;
use crate::access::across::person::{Asked, Person};
use crate::access::across::surface::{AtHand, Held, Phase, Removal, Sight};
use crate::access::acts::change_directory_user::ChangeDirectoryUser;
use crate::access::reads::journey::{Failures, Part, Yield};
use crate::access::reads::scan::Scan;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::{AtlassianScim, UserChange};
use crate::roster::{DirectoryUser, Status, System};
use crate::upstream::Cx;

type Parts = Vec<Box<dyn Part<Sight>>>;

/// The place that a person's records are found in.
const PEOPLE: &str = "the people of the directory";

/// Looks up who is meant, and opens the surfaces of every name.
pub(super) struct Names {
    pub directory: AtlassianScim,
    pub everybody: Arc<Scan<DirectoryUser>>,
    pub asked: Vec<Asked>,
    pub elsewhere: Elsewhere,
    pub failures: Failures,
}

impl Part<Sight> for Names {
    fn what(&self) -> String {
        "the names that the directory has of this person".to_owned()
    }

    fn system(&self) -> System {
        System::AtlassianScim
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<Sight>, ProviderError>>> {
        Box::pin(async move {
            let asked = self.asked.iter();
            let (people, gap): (Vec<Person>, _) = match whole(&self.everybody, cx).await {
                Ok((all, gap)) => (asked.map(|it| Person::among(it, &all)).collect(), gap),
                Err(error) if self.failures.look_again(&error) => return Some(Err(error)),
                Err(error) => (
                    asked.map(Person::of).collect(),
                    Some(format!(
                        "{error}; other names of this person, which only the directory knows, were not asked for anywhere"
                    )),
                ),
            };
            Some(Ok(Yield::Parts(self.opened(&people, gap))))
        })
    }

    fn scanned(&self) -> usize {
        0
    }
}

impl Names {
    fn opened(&self, people: &[Person], gap: Option<String>) -> Parts {
        let system = System::AtlassianScim;
        let (mut rows, mut directory): (Vec<Sight>, Parts) = (Vec::new(), Vec::new());
        let mut shown: Vec<&DirectoryUser> = Vec::new();
        for user in people.iter().flat_map(|person| &person.people) {
            if !shown.iter().any(|it| it.record.id == user.record.id) {
                shown.push(user);
                rows.push(Sight::Account(Box::new(self.held(user.clone()))));
            }
        }
        for person in people {
            for unasked in &person.unasked {
                let what = format!("accounts under `{}`", unasked.name);
                directory.push(AtHand::left_out(system, what, &unasked.why));
            }
            // In a search for several people this is reported with each person.
            if let (Some(why), [_]) = (&person.unclear, people) {
                let what = "who is meant".to_owned();
                directory.push(AtHand::left_out(system, what, why));
            }
        }
        let parts = |directory| self.elsewhere.parts(people, directory);
        let meant = people.iter().map(|it| Sight::Person(Arc::new(it.clone())));
        rows.extend(meant);
        directory.push(AtHand::rows(system, PEOPLE.to_owned(), rows, gap));
        parts(directory)
    }

    /// Somebody who is switched off already stays as they are: there is nothing to take.
    fn held(&self, user: DirectoryUser) -> Held {
        let mut account = Account::of(user.record.clone());
        account.other_emails.clone_from(&user.other_emails);
        let off = user.record.status == Some(Status::Inactive);
        let change = UserChange {
            active: Some(false),
            ..UserChange::default()
        };
        let act = ChangeDirectoryUser::new(self.directory.clone(), user, change);
        let removal = act.ok().filter(|_| !off).map(|act| Removal {
            phase: Phase::Directory,
            must: true,
            place: PEOPLE.to_owned(),
            act: Arc::new(act),
        });
        Held {
            account,
            removal: removal.into_iter().collect(),
            forbidden: None,
        }
    }
}
