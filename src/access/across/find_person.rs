//! Finds a person: every account that an address has, in every system that is configured.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::account::Account;
use crate::access::across::person::{AlsoKnownAs, Asked, Person};
use crate::access::across::surface::Depth;
use crate::access::across::surface::{Reach, Sight};
use crate::access::across::surfaces::by_name::Namesakes;
use crate::access::change::plan::Unread;
use crate::access::reads::journey::{Journey, Told};
use crate::access::reads::scan::Feed;
use crate::access::{Access, Ask, Listing, Refusal, Window};
use crate::roster::{Email, PageId, System, text};

/// Addresses of one person at most: each costs a request for every page and kind of account.
const MOST_ADDRESSES: usize = 10;

/// A search for a person.
#[derive(Debug, Clone, Serialize)]
pub struct FindPerson {
    /// The names of the person.
    pub asked: Asked,
    /// A part of the person's name, in place of addresses.
    pub name: Option<String>,
    /// Only these pages; `None`: every page.
    pub page_ids: Option<Vec<PageId>>,
    /// True to read what each page access user sees, too: five requests or more for each.
    pub detail: bool,
}

/// The accounts of a person, and the limits of that knowledge.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PersonReport {
    /// The verdict of the search.
    pub verdict: Verdict,
    /// The verdict in a sentence.
    pub summary: String,
    /// Names of the same person that were not given and that the directory has: they were asked for too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_known_as: Vec<AlsoKnownAs>,
    /// The places that were not looked at or could not be read, each with the reason. Nothing can be concluded about these.
    pub unknown: Vec<Unknown>,
    /// The accounts, as a list.
    #[serde(flatten)]
    pub accounts: Listing<Vec<Account>>,
}

/// The verdict of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Verdict {
    /// There is at least one account.
    Found,
    /// Every kind of account of every configured system was read, and there is none.
    None,
    /// No account was seen, and something could not be read: there may be one.
    Unknown,
    /// Several people have the name that was given: who is meant has to be said by address.
    SeveralPeople,
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Unknown {
    /// The place: a system, or a kind of account on a page.
    pub what: String,
    /// The system.
    pub system: System,
    /// Says whether it was tried.
    pub kind: UnknownKind,
    /// The reason why it is not known.
    pub why: String,
}

impl From<&Unread> for Unknown {
    fn from(unread: &Unread) -> Self {
        Self {
            what: unread.what.clone(),
            system: unread.system,
            kind: UnknownKind::NotRead,
            why: unread.why.clone(),
        }
    }
}

/// The ways in which something can be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum UnknownKind {
    /// It was asked for and could not be read, or the arguments or the operator's rules left it out.
    NotRead,
    /// The system is not configured; it may not be in use at all.
    NotConfigured,
}

impl Access {
    /// Everything that a person can reach.
    ///
    /// # Errors
    /// When nothing at all could be read, or the arguments make no sense.
    pub async fn find_person(
        &self,
        ask: &Ask,
        wanted: &FindPerson,
        window: &Window,
    ) -> Result<PersonReport, Refusal> {
        let asked = wanted.whom()?;
        self.knows_ids(&asked)?;
        if let Some(pages) = &wanted.page_ids {
            self.permit(ask, crate::caller::Scope::Read, pages, &[], &[])?;
        }
        let query = json!({
            "who": asked.key(),
            "called": wanted.name,
            "page_ids": wanted.page_ids,
            "detail": wanted.detail,
        });
        let anew = || {
            let reach = Reach {
                pages: wanted.page_ids.clone(),
                most_pages: None,
                max_age: window.max_age(),
                depth: if wanted.detail {
                    Depth::Removal
                } else {
                    Depth::Named
                },
                spellings: Vec::new(),
            };
            let feed = || -> Box<dyn Feed<Sight>> {
                let parts = match &wanted.name {
                    Some(name) => self.surfaces_by_name(name, &reach),
                    None => self.surfaces(std::slice::from_ref(&asked), &reach),
                };
                Box::new(Journey::new(*self.clock(), parts))
            };
            let key = format!("person/{query}");
            let what = "the accounts of this person";
            Ok(self
                .sights
                .at_hand(self, &key, what, window.max_age(), feed))
        };
        let found = self.found(&self.sights, ask, window, &query, true, anew)?;
        let scan = found.scan.clone();
        let fits = |sight: &Sight| sight.account().is_some();
        let show = |sight: &Sight| sight.account().cloned();
        let listing = self.piece(ask, window, &query, found, fits, show).await?;
        let mut accounts = listing.flattened();
        let (told, person, namesakes, pages) = scan
            .with_rows(0, |rows, _| {
                (told(rows), who_is_meant(rows), namesakes(rows), pages(rows))
            })
            .await;
        let records = &mut accounts.records;
        self.name_ids(ask, records, &pages, window.max_age()).await;
        let mut unknown = unread(&told);
        if !scan.reach().await.ended {
            unknown.push(Unknown {
                what: "whatever was not reached in this call".to_owned(),
                system: System::Statuspage,
                kind: UnknownKind::NotRead,
                why: "the time for this call was over: call again with `next_cursor`".to_owned(),
            });
        }
        let meant = namesakes.as_ref().map(|it| it.meant.as_ref());
        let verdict = match (accounts.matched, accounts.complete) {
            (0, true) => Verdict::None,
            (0, false) => Verdict::Unknown,
            _ if meant == Some(None) => Verdict::SeveralPeople,
            _ => Verdict::Found,
        };
        let name = wanted.name.as_deref().unwrap_or_default();
        let name = text::clean(name, text::NAME).text;
        let mut summary = match (&wanted.name, &namesakes) {
            (None, _) => in_words(&asked, accounts.matched, verdict, &unknown),
            (Some(_), None) => format!(
                "Not known: the lists that hold names were not read to their end, so nobody called `{name}` was looked for yet."
            ),
            (Some(_), Some(namesakes)) => match meant.flatten() {
                None => namesakes.in_words(&name),
                Some(meant) => {
                    let shown = person.as_ref().map_or_else(
                        || meant.clone(),
                        |it| Asked {
                            emails: it.emails.clone(),
                            ..meant.clone()
                        },
                    );
                    let accounts = in_words(&shown, accounts.matched, verdict, &unknown);
                    format!("{} {accounts}", namesakes.in_words(&name))
                }
            },
        };
        if person
            .as_ref()
            .is_some_and(|person| person.unclear.is_some())
        {
            summary.push_str(
                " It is not clear who is meant: the accounts may be of different people.",
            );
        }
        unknown.extend(self.unconfigured());
        Ok(PersonReport {
            verdict,
            summary,
            also_known_as: person
                .map(|person| person.also_known_as.clone())
                .unwrap_or_default(),
            unknown,
            accounts,
        })
    }

    /// Refuses an id of the directory where there is none.
    pub(in crate::access) fn knows_ids(&self, asked: &Asked) -> Result<(), Refusal> {
        match &asked.directory_user_id {
            Some(_) => self.configured(System::AtlassianScim),
            None => Ok(()),
        }
    }

    /// The systems that this server knows and has no key for.
    pub(in crate::access) fn unconfigured(&self) -> Vec<Unknown> {
        let missing = System::ALL
            .iter()
            .filter_map(|system| Some((*system, self.configured(*system).err()?)));
        missing
            .map(|(system, why)| Unknown {
                what: system.to_string(),
                system,
                kind: UnknownKind::NotConfigured,
                why: why.without_ending(),
            })
            .collect()
    }
}

/// Between one and ten addresses, each once, or the id of a person of the directory.
pub(in crate::access) fn one_person(asked: &Asked) -> Result<Asked, Refusal> {
    let mut listed = BTreeSet::new();
    let each: Vec<Email> = asked
        .emails
        .iter()
        .filter(|email| listed.insert((*email).clone()))
        .cloned()
        .collect();
    match each.len() {
        0 if asked.directory_user_id.is_none() => Err(Refusal::arguments(
            "give `email`, or `emails` with the addresses of one person, or `directory_user_id`",
        )),
        0..=MOST_ADDRESSES => Ok(Asked {
            emails: each,
            directory_user_id: asked.directory_user_id.clone(),
        }),
        more => Err(Refusal::arguments(format!(
            "`emails` holds {more} addresses; one person has at most {MOST_ADDRESSES} here, because each costs a request for every page"
        ))),
    }
}

fn in_words(asked: &Asked, accounts: usize, verdict: Verdict, unknown: &[Unknown]) -> String {
    let who = asked.shown();
    let unread = match unknown.len() {
        0 => String::new(),
        1 => " 1 place could not be looked at (see `unknown`): there may be more.".to_owned(),
        more => {
            format!(" {more} places could not be looked at (see `unknown`): there may be more.")
        }
    };
    match verdict {
        Verdict::Found if accounts == 1 => format!("{who} has 1 account.{unread}"),
        Verdict::Found | Verdict::SeveralPeople => {
            format!("{who} has {accounts} accounts.{unread}")
        }
        Verdict::None => format!("{who} has no account in any system that is configured here."),
        Verdict::Unknown => format!(
            "Not known: no account of {who} was seen, but not everything was looked at.{unread}"
        ),
    }
}

impl FindPerson {
    /// Whom it is about by address or id; nobody where a name is given instead.
    fn whom(&self) -> Result<Asked, Refusal> {
        let named = self.name.as_deref().map(str::trim);
        match named {
            None => one_person(&self.asked),
            Some("") => Err(Refusal::arguments("`name` is empty")),
            Some(_) if self.asked == Asked::default() => Ok(Asked::default()),
            Some(_) => Err(Refusal::arguments(
                "give `name` alone: an address or `directory_user_id` says who is meant without it",
            )),
        }
    }
}

/// The people who have the name that was asked for, once they are known.
fn namesakes(rows: &[Sight]) -> Option<Arc<Namesakes>> {
    rows.iter().find_map(|sight| match sight {
        Sight::Named(namesakes) => Some(namesakes.clone()),
        _ => None,
    })
}

/// The names of the pages; none as long as they are not read.
fn pages(rows: &[Sight]) -> Arc<BTreeMap<PageId, String>> {
    let names = rows.iter().find_map(|sight| match sight {
        Sight::Pages(names) => Some(names.clone()),
        _ => None,
    });
    names.unwrap_or_default()
}

fn told(rows: &[Sight]) -> Vec<Told> {
    let report = |sight: &Sight| match sight {
        Sight::Looked(report) => Some(report.clone()),
        _ => None,
    };
    rows.iter().filter_map(report).collect()
}

/// Returns the person whom the directory names; `None` where there is no directory, or it was not reached yet.
pub(in crate::access) fn who_is_meant(rows: &[Sight]) -> Option<Arc<Person>> {
    rows.iter().find_map(|sight| match sight {
        Sight::Person(person) => Some(person.clone()),
        _ => None,
    })
}

/// The parts that are not known in full.
pub(in crate::access) fn unread(told: &[Told]) -> Vec<Unknown> {
    let unread = told.iter().filter_map(|told| {
        Some(Unknown {
            what: told.what.clone(),
            system: told.system,
            kind: UnknownKind::NotRead,
            why: told.why.clone()?,
        })
    });
    unread.collect()
}
