//! People of the user directory: one request for each address, and everybody where that finds nobody.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::whole;
use crate::access::account::Account;
use crate::access::across::surface::{Held, Looked, Phase, Removal, Surface};
use crate::access::acts::change_directory_user::ChangeDirectoryUser;
use crate::access::reads::scan::Scan;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::{AtlassianScim, UserChange, UserFilter};
use crate::roster::{DirectoryUser, Email, Status, System};
use crate::upstream::Cx;

/// The people.
pub(super) struct People {
    pub directory: AtlassianScim,
    /// A read of everybody, which is begun only when it is needed.
    pub everybody: Arc<Scan<DirectoryUser>>,
}

impl Surface for People {
    fn system(&self) -> System {
        System::AtlassianScim
    }

    fn what(&self) -> String {
        "the people of the directory".to_owned()
    }

    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>> {
        Box::pin(async move {
            let mut mine: Vec<DirectoryUser> = Vec::new();
            let mut missing = false;
            for email in person {
                let by_name = UserFilter::UserName(email.as_str().to_owned());
                let found = self.directory.users(Some(&by_name)).rest(cx).await?;
                let before = mine.len();
                mine.extend(found.into_iter().filter(|user| user.answers_to(email)));
                missing |= mine.len() == before;
            }
            let mut gap = None;
            // Nobody has this address as user name: only everybody's addresses tell whether somebody has it at all.
            if missing {
                let (all, why) = whole(&self.everybody, cx).await?;
                gap = why;
                let is_of = |user: &DirectoryUser| person.iter().any(|it| user.answers_to(it));
                mine.extend(all.into_iter().filter(is_of));
            }
            let mut seen = std::collections::BTreeSet::new();
            mine.retain(|user| seen.insert(user.record.id.clone()));
            let held = mine.into_iter().map(|user| self.held(user)).collect();
            Ok(Looked { held, gap })
        })
    }
}

impl People {
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
            act: Arc::new(act),
        });
        Held {
            account,
            removal: removal.into_iter().collect(),
            forbidden: None,
        }
    }
}
