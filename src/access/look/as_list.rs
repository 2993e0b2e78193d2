//! A search as the read of a list, so that it can go on in the next call.

use futures::future::BoxFuture;

use crate::access::look::search::{Place, search_on};
use crate::access::look::so_far::SearchSoFar;
use crate::access::reads::lists::Lists;
use crate::access::reads::scan::Feed;
use crate::providers::ProviderError;
use crate::roster::Email;
use crate::upstream::Cx;

/// A search as the read of a list, for one address or several people's.
pub(in crate::access) struct AsList<P: Place> {
    place: P,
    lists: Lists,
    emails: Vec<Email>,
    asked: SearchSoFar<P::Row>,
    over: bool,
    gap: Option<String>,
    scanned: usize,
}

impl<P: Place> AsList<P> {
    pub(in crate::access) fn new(place: P, lists: Lists, emails: Vec<Email>) -> Self {
        Self {
            place,
            lists,
            emails,
            asked: SearchSoFar::default(),
            over: false,
            gap: None,
            scanned: 0,
        }
    }
}

impl<P: Place> Feed<P::Row> for AsList<P> {
    fn next<'a>(
        &'a mut self,
        cx: &'a Cx,
    ) -> BoxFuture<'a, Option<Result<Vec<P::Row>, ProviderError>>> {
        Box::pin(async move {
            if self.over {
                return None;
            }
            let (place, lists) = (&self.place, &self.lists);
            let searched = search_on(place, lists, cx, &self.emails, &[], &self.asked).await;
            let searched = match searched {
                Ok(searched) => searched,
                Err(error) => return Some(Err(error)),
            };
            self.over = true;
            self.gap = searched.gap;
            self.scanned = searched.found.len();
            Some(Ok(searched.found))
        })
    }

    fn flaw(&self) -> Option<String> {
        self.gap.clone()
    }

    fn scanned(&self) -> usize {
        self.scanned
    }
}
