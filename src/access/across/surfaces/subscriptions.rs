//! The subscribers of one page: one request for each address, quarantined and unconfirmed ones included.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::page_words;
use crate::access::account::Account;
use crate::access::across::spellings::Spellings;
use crate::access::across::surface::{Held, Looked, Phase, Removal, Surface};
use crate::access::acts::delete_subscriber::DeleteSubscriber;
use crate::access::look::search::{SubscribersOf, search_on};
use crate::access::look::so_far::SearchSoFar;
use crate::access::reads::lists::Lists;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Notify, Statuspage};
use crate::roster::{Email, Page, Subscriber, System};
use crate::upstream::Cx;

/// The subscribers of a page.
pub(super) struct Subscriptions {
    pub statuspage: Statuspage,
    pub page: Page,
    pub lists: Lists,
    pub spellings: Spellings,
    pub asked: SearchSoFar<Subscriber>,
}

impl Surface for Subscriptions {
    fn system(&self) -> System {
        System::Statuspage
    }

    fn what(&self) -> String {
        format!("the subscribers of {}", page_words(&self.page))
    }

    fn find<'a>(
        &'a self,
        cx: &'a Cx,
        person: &'a [Email],
    ) -> BoxFuture<'a, Result<Looked, ProviderError>> {
        Box::pin(async move {
            let place = SubscribersOf::every(&self.statuspage, &self.page.id);
            let forms = self.spellings.seen();
            let searched = search_on(&place, &self.lists, cx, person, &forms, &self.asked).await?;
            let accounts = searched.found.into_iter().map(|one| self.held(one));
            Ok(Looked {
                held: accounts.collect(),
                gap: searched.gap,
                unproved: searched.unproved,
                took: self.asked.requests(),
            })
        })
    }
}

impl Subscriptions {
    fn held(&self, held: Subscriber) -> Held {
        let mut account = Account::of(held.record.clone());
        account.page_name.clone_from(&self.page.name);
        account.mode = Some(held.mode);
        let removal = held.record.subscriber_id().map(|id| Removal {
            phase: Phase::Subscriptions,
            must: true,
            place: self.what(),
            act: Arc::new(DeleteSubscriber {
                statuspage: self.statuspage.clone(),
                page: self.page.id.clone(),
                id,
                subscriber: held,
                notify: Notify::No,
            }),
        });
        Held {
            account,
            removal: removal.into_iter().collect(),
            forbidden: None,
        }
    }
}
