//! Searches of one page for an address, so that nobody found means that nobody is there.
//!
//! The first hundred rows of the list are read instead of a search: on most pages they are all there are. A longer list shows, once, how
//! Statuspage's own search compares (it may be case-sensitive), and whether people are known by an address that they sign in with, where
//! the search does not look. While that is open, every known form of the address is searched for, and the gap says what an empty answer
//! does not prove.

mod places;

use std::time::Duration;

use futures::future::BoxFuture;

use crate::access::look::so_far::{SearchSoFar, cheaper_whole};
use crate::access::look::whole::read_all;
use crate::access::reads::lists::{Age, Lists};
use crate::access::reads::scan::flaw;
use crate::access::{Access, Ask, Refusal};
use crate::providers::statuspage::{Learned, LetterCase};
use crate::providers::{ProviderError, Scan};
use crate::roster::{Email, PageId, Record};
use crate::upstream::Cx;

pub(in crate::access) use self::places::{SubscribersOf, ViewersOf};

/// The result of a search.
pub(in crate::access) struct Searched<T> {
    /// The accounts, each once.
    pub found: Vec<T>,
    /// The reason why there may be more.
    pub gap: Option<String>,
    /// True when `gap` concerns only forms of the address that were not searched for.
    pub unproved: bool,
}

impl<T> Searched<T> {
    fn whole(found: Vec<T>) -> Self {
        Self {
            found,
            gap: None,
            unproved: false,
        }
    }
}

/// A list of one page that can be searched.
pub(in crate::access) trait Place: Send + Sync {
    type Row: Clone + Send + Sync + 'static;
    /// The page access users, in words.
    fn what(&self) -> &'static str;
    /// The tool that reads the whole list.
    fn tool(&self) -> &'static str;
    fn learned(&self) -> &Learned;
    fn page(&self) -> &PageId;
    fn everybody(&self) -> Scan<Self::Row>;
    fn by(&self, email: &Email, spelling: &str) -> Scan<Self::Row>;
    fn record(row: &Self::Row) -> &Record;
    fn in_memory(&self, lists: &Lists, age: Age, person: &[Email]) -> Option<Vec<Self::Row>>;
    /// Reads the row as it is now, where somebody can be known by something that the search does not look at.
    fn now<'a>(
        &'a self,
        _cx: &'a Cx,
        _row: &'a Self::Row,
    ) -> BoxFuture<'a, Result<Option<Self::Row>, ProviderError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
    /// The number of rows that the list had when it was read last, where that is in memory.
    fn rows_in_memory(&self, lists: &Lists) -> Option<usize>;
    /// The number of rows that it has, where one request tells.
    fn size<'a>(&'a self, _cx: &'a Cx) -> BoxFuture<'a, Option<usize>> {
        Box::pin(std::future::ready(None))
    }
}

fn is_of(record: &Record, person: &[Email]) -> bool {
    person.iter().any(|email| record.goes_by(email))
}

/// Everybody on a page who goes by one of these addresses.
///
/// # Errors
/// Returns the [`ProviderError`] of a request that fails.
pub(in crate::access) async fn search<P: Place>(
    place: &P,
    lists: &Lists,
    cx: &Cx,
    person: &[Email],
    seen: &[String],
) -> Result<Searched<P::Row>, ProviderError> {
    search_on(place, lists, cx, person, seen, &SearchSoFar::default()).await
}

/// Searches like [`search`], and goes on with what was asked before.
///
/// # Errors
/// Returns the [`ProviderError`] of a request that fails.
pub(in crate::access) async fn search_on<P: Place>(
    place: &P,
    lists: &Lists,
    cx: &Cx,
    person: &[Email],
    seen: &[String],
    asked: &SearchSoFar<P::Row>,
) -> Result<Searched<P::Row>, ProviderError> {
    // A list that is young enough for whoever asks is the whole answer.
    if let Some(found) = place.in_memory(lists, Age::Asked, person) {
        return Ok(Searched::whole(found));
    }
    let learned = place.learned();
    if !learned.is_long(place.page())
        && let Some(all) = first_rows(place, cx, asked).await?
    {
        let mine = |row: &P::Row| is_of(P::record(row), person);
        let found = all.into_iter().filter(mine).collect();
        return Ok(Searched::whole(found));
    }
    // A list in memory that is too old for the answer still shows the stored form of the address.
    let remembered = place.in_memory(lists, Age::Proves, person);
    let mut spellings: Vec<String> = seen.to_vec();
    for row in remembered.iter().flatten() {
        spellings.extend(P::record(row).email.iter().map(ToString::to_string));
    }
    let case = learned.letter_case();
    let texts = person
        .iter()
        .map(|email| to_ask(email, &spellings, case).len());
    let remembered_rows = place.rows_in_memory(lists);
    if let Some(all) = cheaper_whole(place, cx, asked, texts.sum(), remembered_rows).await? {
        let mine = |row: &P::Row| is_of(P::record(row), person);
        return Ok(Searched::whole(all.into_iter().filter(mine).collect()));
    }
    let mut searched = Searched::whole(Vec::new());
    for email in person {
        for spelling in to_ask(email, &spellings, learned.letter_case()) {
            let (rows, gap) = match asked.answer(&spelling) {
                Some(answer) => answer,
                None => {
                    let mut scan = place.by(email, &spelling);
                    let rows = scan.rest(cx).await?;
                    let answer = (rows, flaw(scan.progress()));
                    asked.keep(spelling, answer.clone());
                    answer
                }
            };
            for row in rows {
                let id = &P::record(&row).id;
                let known = |other: &P::Row| P::record(other).id == *id;
                if !searched.found.iter().any(known) {
                    searched.found.push(row);
                }
            }
            searched.gap = searched.gap.or(gap);
        }
    }
    // A search for an address does not find people who are known by their sign-in alone.
    for row in remembered.iter().flatten() {
        let id = &P::record(row).id;
        let found = searched.found.iter().any(|it| P::record(it).id == *id);
        if !found && let Some(row) = place.now(cx, row).await? {
            let mine = is_of(P::record(&row), person);
            searched.found.extend(mine.then_some(row));
        }
    }
    let open = if remembered.is_some() {
        None
    } else if learned.letter_case() != LetterCase::Ignored {
        Some(unproved(place))
    } else {
        let signs_in = learned.knows_sign_ins(place.page());
        signs_in.then(|| by_sign_in(place))
    };
    searched.unproved = searched.gap.is_none() && open.is_some();
    searched.gap = searched.gap.or(open);
    Ok(searched)
}

/// Returns the texts to search for: the address with its domain in each form, and every known form of the address. Where case is ignored
/// one text stands for all that differ in case alone.
fn to_ask(email: &Email, seen: &[String], case: LetterCase) -> Vec<String> {
    let mut all = email.spellings();
    let same = |text: &&String| Email::parse(text).is_ok_and(|other| other == *email);
    all.extend(seen.iter().filter(same).cloned());
    all.push(email.as_str().to_lowercase());
    let mut each: Vec<String> = Vec::new();
    for text in all {
        let asked = |other: &String| match case {
            LetterCase::Ignored => other.to_lowercase() == text.to_lowercase(),
            LetterCase::Unknown | LetterCase::Told => *other == text,
        };
        if !each.iter().any(asked) {
            each.push(text);
        }
    }
    each
}

/// The whole list, where it is no longer than one answer; else looks in its first rows for one that shows how the search compares.
async fn first_rows<P: Place>(
    place: &P,
    cx: &Cx,
    asked: &SearchSoFar<P::Row>,
) -> Result<Option<Vec<P::Row>>, ProviderError> {
    let mut scan = place.everybody();
    let Some(first) = scan.next(cx).await.transpose()? else {
        return Ok(None);
    };
    if scan.progress().complete {
        return Ok(Some(first.records));
    }
    place.learned().mark_long(place.page());
    asked.begin(scan, first.records.clone()).await;
    if place.learned().letter_case() == LetterCase::Unknown {
        let capital = |email: &&Email| email.as_str().chars().any(|c| c.is_ascii_uppercase());
        let shows = first.records.iter().find_map(|row| {
            let record = P::record(row);
            Some((&record.id, record.email.as_ref().filter(capital)?))
        });
        if let Some((id, email)) = shows {
            let rows = place.by(email, &email.as_str().to_ascii_lowercase());
            let rows = read_all(rows, cx, "rows with an address").await?;
            let found = rows.iter().any(|row| P::record(row).id == *id);
            place.learned().learn(found);
        }
    }
    Ok(None)
}

fn by_sign_in<P: Place>(place: &P) -> String {
    format!(
        "people of this page are known by an address that they sign in with, and Statuspage's search looks at e-mail addresses alone. Read the whole list of {} with `{}` (`page_id` {}, no `email`) and ask again within a minute",
        place.what(),
        place.tool(),
        place.page()
    )
}

fn unproved<P: Place>(place: &P) -> String {
    let how = match place.learned().letter_case() {
        LetterCase::Told => "Statuspage's search tells upper from lower case",
        LetterCase::Unknown | LetterCase::Ignored => {
            "it is not known whether Statuspage's search tells upper from lower case"
        }
    };
    format!(
        "{how}, so an address that is stored in another form is not found; the forms that were found elsewhere were searched for. Read the whole list of {} with `{}` (`page_id` {}, no `email`) and ask again within a minute",
        place.what(),
        place.tool(),
        place.page()
    )
}

impl Access {
    /// Everybody in one place who goes by an address, read now, and why there may be more.
    pub(in crate::access) async fn seen_at<P: Place>(
        &self,
        ask: &Ask,
        place: &P,
        email: &Email,
    ) -> Result<Searched<P::Row>, Refusal> {
        let lists = self.lists(Duration::ZERO)?;
        let person = std::slice::from_ref(email);
        Ok(search(place, &lists, &ask.interactive(), person, &[]).await?)
    }

    /// Everybody in one place who goes by an address, read now; refused where nobody was found and somebody may be there all the same.
    pub(in crate::access) async fn those_at<P: Place>(
        &self,
        ask: &Ask,
        place: P,
        email: &Email,
        what: &str,
    ) -> Result<Vec<P::Row>, Refusal> {
        let searched = self.seen_at(ask, &place, email).await?;
        match searched.gap {
            Some(why) if searched.found.is_empty() => Err(Refusal::Incomplete {
                what: format!("{what} with the address {email}"),
                why,
                next: "Or name the account by `user_id`.".to_owned(),
            }),
            _ => Ok(searched.found),
        }
    }
}
