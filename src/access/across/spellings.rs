//! The forms in which a search found a person's addresses. Where a system's own search is case-sensitive, each form is searched for, and a
//! place that was searched before a form was known is searched again.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;

use crate::access::across::surface::{Held, Sight, Surface};
use crate::access::reads::journey::{Part, Yield};
use crate::providers::ProviderError;
use crate::roster::{Email, System};
use crate::upstream::Cx;

/// The forms of addresses that were found so far, and the places that did not prove that nobody is there in another form.
#[derive(Clone, Default)]
pub(in crate::access) struct Spellings {
    seen: Arc<Mutex<Vec<String>>>,
    unproved: Arc<Mutex<Vec<Unproved>>>,
}

/// A place whose search proved nothing about forms that were not searched for.
#[derive(Clone)]
struct Unproved {
    surface: Arc<dyn Surface>,
    /// The number of forms that were known at the search.
    asked: usize,
    /// The accounts that are known of it, by id.
    found: Vec<String>,
}

impl Spellings {
    pub(in crate::access) fn add(&self, spelling: &str) {
        let mut forms = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !forms.iter().any(|other| other == spelling) {
            forms.push(spelling.to_owned());
        }
    }

    /// Adds those of some accounts.
    pub(in crate::access) fn add_of(&self, accounts: &[Held]) {
        for held in accounts {
            if let Some(email) = &held.account.record.email {
                self.add(email.as_str());
            }
        }
    }

    pub(in crate::access) fn seen(&self) -> Vec<String> {
        let forms = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        forms.clone()
    }

    /// Remembers a place for [`AskAgain`]. The forms that were found there need not be searched for there.
    pub(in crate::access) fn note_unproved(&self, surface: &Arc<dyn Surface>, accounts: &[Held]) {
        let place = Unproved {
            surface: surface.clone(),
            asked: self.seen().len(),
            found: accounts.iter().map(id).collect(),
        };
        self.unproved
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(place);
    }

    /// Returns the first place that was searched before the last form was known.
    fn behind(&self) -> Option<(usize, Unproved)> {
        let all = self.seen().len();
        let places = self.unproved.lock().unwrap_or_else(PoisonError::into_inner);
        let mut each = places.iter().enumerate();
        each.find(|(_, place)| place.asked < all)
            .map(|(at, place)| (at, place.clone()))
    }

    fn put(&self, at: usize, place: Unproved) {
        let mut places = self.unproved.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = places.get_mut(at) {
            *old = place;
        }
    }
}

/// Searches places again for the forms that were found after them.
pub(in crate::access) struct AskAgain {
    spellings: Spellings,
    person: Arc<[Email]>,
    found: usize,
}

impl AskAgain {
    pub(in crate::access) fn part(
        spellings: &Spellings,
        person: &Arc<[Email]>,
    ) -> Box<dyn Part<Sight>> {
        Box::new(Self {
            spellings: spellings.clone(),
            person: person.clone(),
            found: 0,
        })
    }
}

impl Part<Sight> for AskAgain {
    fn what(&self) -> String {
        "the places that were searched before another form of the address was found".to_owned()
    }

    fn system(&self) -> System {
        System::Statuspage
    }

    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Yield<Sight>, ProviderError>>> {
        Box::pin(async move {
            let (at, mut place) = self.spellings.behind()?;
            let asked = self.spellings.seen().len();
            let looked = match place.surface.find(cx, &self.person).await {
                Ok(looked) => looked,
                Err(error) => return Some(Err(error)),
            };
            let is_new = |held: &Held| !place.found.contains(&id(held));
            let new: Vec<Held> = looked.held.into_iter().filter(is_new).collect();
            self.spellings.add_of(&new);
            place.found.extend(new.iter().map(id));
            place.asked = asked;
            self.spellings.put(at, place);
            self.found += new.len();
            let rows = new.into_iter().map(|held| Sight::Account(Box::new(held)));
            Some(Ok(Yield::Rows(rows.collect())))
        })
    }

    fn scanned(&self) -> usize {
        self.found
    }
}

fn id(held: &Held) -> String {
    held.account.record.id.to_string()
}
