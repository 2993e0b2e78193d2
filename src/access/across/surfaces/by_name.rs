//! A person by name: the lists that hold names are read whole, and the one person who has the name is then looked for everywhere.
//!
//! Names are not unique. Where several people have it, the accounts that it was found on are the answer, and nothing else of anybody is
//! looked for. Statuspage keeps no names of page access users and subscribers: such an account alone is never found so.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::directory::Names;
use super::{Elsewhere, whole};
use crate::access::account::Account;
use crate::access::across::person::{Asked, Person};
use crate::access::across::surface::{AtHand, Held, Sight};
use crate::access::reads::journey::{Failures, Part, Yield};
use crate::access::reads::scan::Scan;
use crate::providers::ProviderError;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::roster::{
    DirectoryUser, DirectoryUserId, Email, Fit, NameMatch, NamePart, Record, System,
};
use crate::upstream::Cx;

/// Addresses in a sentence at most.
const MOST_IN_WORDS: usize = 20;

/// The people who have a name.
#[derive(Debug, Clone, Default)]
pub(in crate::access) struct Namesakes {
    /// The addresses of those whose name it exactly is; of one without any the id.
    pub exact: Vec<String>,
    /// The addresses or ids of those who have it as a part of theirs.
    pub part: Vec<String>,
    /// The lists that were looked through to their end.
    pub lists: Vec<&'static str>,
    /// The one who was looked for everywhere.
    pub meant: Option<Asked>,
}

/// Reads the lists that hold names.
pub(super) struct ByName {
    pub name: NamePart,
    pub directory: Option<(AtlassianScim, Arc<Scan<DirectoryUser>>)>,
    /// Taken once it is known who is meant.
    pub elsewhere: Option<Elsewhere>,
    pub failures: Failures,
    pub begun: bool,
}

/// Somebody who has the name, and the accounts that it was found on.
struct Candidate {
    emails: Vec<Email>,
    directory_user_id: Option<DirectoryUserId>,
    accounts: Vec<Account>,
}

impl Candidate {
    fn is_exact(&self) -> bool {
        self.accounts.iter().any(|it| it.name_match.is_some())
    }

    /// The name in an answer: an address, or the id of an account without one.
    fn shown(&self) -> String {
        let address = self.emails.first().map(ToString::to_string);
        let id = || self.accounts.first().map(|it| it.record.id.to_string());
        address.or_else(id).unwrap_or_default()
    }

    /// The question for everything that is theirs: the record of the directory, where there is one, knows every address.
    fn asked(&self) -> Option<Asked> {
        let directory_user_id = self.directory_user_id.clone();
        let emails = match directory_user_id {
            Some(_) => Vec::new(),
            None => self.emails.clone(),
        };
        (directory_user_id.is_some() || !emails.is_empty()).then_some(Asked {
            emails,
            directory_user_id,
        })
    }
}

impl Part<Sight> for ByName {
    fn what(&self) -> String {
        "the people of this name".to_owned()
    }

    fn system(&self) -> System {
        System::Statuspage
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<Sight>, ProviderError>>> {
        Box::pin(async move {
            if !std::mem::replace(&mut self.begun, true) {
                // A row to go on from, should the lists take more than one call.
                return Some(Ok(Yield::Rows(vec![Sight::Took(0, 0)])));
            }
            let (candidates, lists, gaps) = match self.candidates(cx).await {
                Ok(read) => read,
                Err(error) => return Some(Err(error)),
            };
            let elsewhere = self.elsewhere.take()?;
            Some(Ok(Yield::Parts(
                self.opened(elsewhere, candidates, lists, gaps),
            )))
        })
    }

    fn scanned(&self) -> usize {
        0
    }
}

type Gaps = Vec<(System, &'static str, String)>;

impl ByName {
    /// Reads a list, and says why it is not whole. What fails in passing is asked again.
    async fn read<T: Clone>(
        &self,
        scan: &Scan<T>,
        cx: &Cx,
    ) -> Result<(Vec<T>, Option<String>), ProviderError> {
        match whole(scan, cx).await {
            Ok(read) => Ok(read),
            Err(error) if self.failures.look_again(&error) => Err(error),
            Err(error) => Ok((Vec::new(), Some(error.to_string()))),
        }
    }

    async fn candidates(
        &self,
        cx: &Cx,
    ) -> Result<(Vec<Candidate>, Vec<&'static str>, Gaps), ProviderError> {
        let (mut all, mut lists, mut gaps): (Vec<Candidate>, _, Gaps) =
            (Vec::new(), Vec::new(), Vec::new());
        let mut note = |system, what, gap: Option<String>| match gap {
            None => lists.push(what),
            Some(why) => gaps.push((system, what, why)),
        };
        if let Some((_, everybody)) = &self.directory {
            let (people, gap) = self.read(everybody, cx).await?;
            note(System::AtlassianScim, "the directory", gap);
            for user in people {
                let fit = self.name.names(&user.record);
                if fit != Fit::No {
                    all.push(Candidate {
                        emails: user.addresses(),
                        directory_user_id: user.record.directory_user_id(),
                        accounts: vec![found(user.record, fit)],
                    });
                }
            }
        }
        let of = self.elsewhere.as_ref();
        if let Some(of) = of.and_then(|of| of.statuspage.as_ref()) {
            let (team, gap) = self.read(&of.team, cx).await?;
            note(System::Statuspage, "the Statuspage team", gap);
            self.add(team, &mut all);
        }
        if let Some(of) = of.and_then(|of| of.statusapp.as_ref()) {
            let (team, gap) = self.read(&of.members, cx).await?;
            note(System::Statusapp, "the StatusApp team", gap);
            self.add(team, &mut all);
        }
        // The exact ones first, otherwise as they were read.
        all.sort_by_key(|it| !it.is_exact());
        Ok((all, lists, gaps))
    }

    /// Adds accounts to who has their address, or as somebody of their own.
    fn add(&self, records: Vec<Record>, all: &mut Vec<Candidate>) {
        for record in records {
            let fit = self.name.names(&record);
            if fit == Fit::No {
                continue;
            }
            let email = record.address().cloned();
            let theirs = |it: &&mut Candidate| {
                let has = |email: &Email| it.emails.contains(email);
                email.as_ref().is_some_and(has)
            };
            match all.iter_mut().find(theirs) {
                Some(somebody) => somebody.accounts.push(found(record, fit)),
                None => all.push(Candidate {
                    emails: email.into_iter().collect(),
                    directory_user_id: None,
                    accounts: vec![found(record, fit)],
                }),
            }
        }
    }

    fn opened(
        &self,
        elsewhere: Elsewhere,
        candidates: Vec<Candidate>,
        lists: Vec<&'static str>,
        gaps: Gaps,
    ) -> Vec<Box<dyn Part<Sight>>> {
        let exact = candidates.iter().filter(|it| it.is_exact()).count();
        let meant = match (exact, candidates.as_slice()) {
            (1, [one, ..]) | (_, [one]) => one.asked(),
            _ => None,
        };
        let shown = |wanted: bool| {
            let each = candidates.iter().filter(|it| it.is_exact() == wanted);
            each.map(Candidate::shown).collect()
        };
        let namesakes = Namesakes {
            exact: shown(true),
            part: shown(false),
            lists,
            meant: meant.clone(),
        };
        let mut parts: Vec<Box<dyn Part<Sight>>> = gaps
            .into_iter()
            .map(|(system, what, why)| {
                AtHand::left_out(system, format!("people of this name in {what}"), why)
            })
            .collect();
        if candidates.is_empty() {
            let what = "page access users, subscribers and invitations of this name".to_owned();
            let why = "they are found by address alone: give `email`";
            parts.push(AtHand::left_out(System::Statuspage, what, why));
        }
        let mut rows = vec![Sight::Named(Arc::new(namesakes))];
        if meant.is_none() {
            let accounts = candidates.into_iter().flat_map(|it| it.accounts);
            rows.extend(accounts.map(|account| {
                Sight::Account(Box::new(Held {
                    account,
                    removal: Vec::new(),
                    forbidden: None,
                }))
            }));
        }
        let what = "the people of this name".to_owned();
        parts.push(AtHand::rows(System::Statuspage, what, rows, None));
        let Some(asked) = meant else {
            return parts;
        };
        match &self.directory {
            Some((directory, everybody)) => parts.push(Box::new(Names {
                directory: directory.clone(),
                everybody: everybody.clone(),
                asked: vec![asked],
                elsewhere,
                failures: Failures::default(),
            })),
            None => parts.extend(elsewhere.parts(&[Person::of(&asked)], Vec::new())),
        }
        parts
    }
}

fn found(record: Record, fit: Fit) -> Account {
    let mut account = Account::of(record);
    account.name_match = NameMatch::of(fit);
    account
}

impl Namesakes {
    /// Says who has the name, and what to ask next.
    pub(in crate::access) fn in_words(&self, name: &str) -> String {
        let lists = listed(&self.lists);
        let of = |number: usize, exactly: bool| {
            let have = match (number, exactly) {
                (1, true) => "person has exactly the name",
                (_, true) => "people have exactly the name",
                (1, false) => "person has a name with",
                (_, false) => "people have a name with",
            };
            format!("{number} {have} `{name}`")
        };
        let mut words = match (self.exact.as_slice(), self.part.as_slice()) {
            ([], []) => {
                return format!(
                    "Not known: nobody in {lists} has a name with `{name}`, and page access users, subscribers and invitations are found by address alone: give `email`."
                );
            }
            ([], part) => format!("In {lists}, {}: {}.", of(part.len(), false), few(part)),
            (exact, []) => format!("In {lists}, {}: {}.", of(exact.len(), true), few(exact)),
            (exact, part) => format!(
                "In {lists}, {}: {}; {} more have it as a part of theirs: {}.",
                of(exact.len(), true),
                few(exact),
                part.len(),
                few(part)
            ),
        };
        words.push_str(match self.meant {
            Some(_) => "",
            None => " These are the accounts that show the name; nothing else of anybody was looked for. Call again with `email` of the one who is meant, or with `emails` where several addresses are one person's.",
        });
        words
    }
}

fn few(all: &[String]) -> String {
    let shown: Vec<&str> = all.iter().take(MOST_IN_WORDS).map(String::as_str).collect();
    match all.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn listed(all: &[&str]) -> String {
    match all {
        [] => "what could be read".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
