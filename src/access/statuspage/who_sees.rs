//! Viewers listed by what they see, and counted by group.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::access::reads::listing::Found;
use crate::access::statuspage::reach::group_name;
use crate::access::statuspage::sees::{Granted, SeenBy, Sees};
use crate::access::statuspage::viewers::every_viewer;
use crate::access::{
    Access, Ask, EffectiveAccess, GroupHeld, Listing, Refusal, Spelt, ViewerFilter, ViewerRow,
    Window,
};
use crate::roster::{By, GroupId, PageId};

/// Viewers in an answer with `detail` where the caller says nothing, and at most: two requests for each, of the sixty of a minute.
const DETAILED: u32 = 10;
const MOST_DETAILED: u32 = 25;

impl Access {
    /// Everybody who sees a component or a metric, or nothing at all.
    pub(in crate::access) async fn who_sees(
        &self,
        ask: &Ask,
        filter: &ViewerFilter,
        window: &Window,
        sees: &Sees,
    ) -> Result<Listing<Spelt<ViewerRow>>, Refusal> {
        let page = &filter.page_id;
        let components = filter.component_id.iter();
        let metrics = filter.metric_id.iter();
        let items = self.known_items(ask, page, components, metrics).await?;
        let groups = self.groups_at_hand(ask, page, window.max_age()).await?;
        let query = json!(filter);
        let anew = || self.granted_scan(page, sees, &groups, window, filter);
        let found = self.found(&self.granted, ask, window, &query, true, anew)?;
        let (wanted, unclear) = (filter.fits(), AtomicUsize::new(0));
        let fits = |granted: &Granted| {
            if !wanted(&granted.record) {
                return false;
            }
            let answer = sees.answer(granted, &groups);
            if answer == SeenBy::Unknown {
                unclear.fetch_add(1, Ordering::Relaxed);
            }
            matches!(answer, SeenBy::By { .. })
        };
        let show = |granted: &Granted| {
            let mut row = ViewerRow::of(&granted.record);
            if let (SeenBy::By { direct, groups: by }, false) =
                (sees.answer(granted, &groups), *sees == Sees::Nothing)
            {
                row.direct = Some(direct);
                row.by_groups = Some(by.iter().map(|id| GroupHeld::of(id, &groups)).collect());
            }
            row
        };
        let mut listing = self.piece(ask, window, &query, found, fits, show).await?;
        if !listing.complete {
            let rest = self.rest_of(page, listing.scanned, listing.rate, 1);
            listing.warnings.extend(rest);
        }
        let unclear = unclear.into_inner();
        if unclear > 0 {
            listing.complete = false;
            listing.warnings.push(format!(
                "of {unclear} page access users it is not known: Statuspage did not say in which groups they are, or what a group of theirs gives"
            ));
        }
        let heading = filter.component_id.as_ref().and_then(|id| {
            let heading = items.components.get(id)?.group_id.as_ref()?;
            Some(items.component(heading))
        });
        if let Some(heading) = heading {
            listing.warnings.push(format!(
                "it stands under the component group {heading}: whether who was given that group alone sees this too is not documented, and such viewers are not listed here"
            ));
        }
        let mut listing = listing.spelt();
        self.name_groups(ask, page, &mut listing).await;
        Ok(listing.of_every(every_viewer(page)))
    }

    /// The viewers of a page with what each of them sees: two requests for each, as many viewers as are wanted.
    pub(in crate::access) async fn what_they_see(
        &self,
        ask: &Ask,
        filter: &ViewerFilter,
        window: &Window,
    ) -> Result<Listing<Spelt<ViewerRow>>, Refusal> {
        let page = &filter.page_id;
        let limit = window.limit.unwrap_or(DETAILED);
        if !(1..=MOST_DETAILED).contains(&limit) {
            return Err(Refusal::arguments(format!(
                "with `detail`, `limit` is 1 to {MOST_DETAILED}, not {limit}: what each viewer sees takes two requests; a cursor gives the rest"
            )));
        }
        let window = &Window {
            limit: None,
            rows: usize::try_from(limit).ok(),
            ..window.clone()
        };
        let groups = self.groups_at_hand(ask, page, window.max_age()).await?;
        let items = self.items(ask, page).await?;
        let query = json!(filter);
        let anew = || self.granted_scan(page, &Sees::Everything, &groups, window, filter);
        let found = self.found(&self.granted, ask, window, &query, false, anew)?;
        let found = Found {
            sparing: true,
            ..found
        };
        let show = |granted: &Granted| ViewerRow {
            access: granted
                .scope(&groups)
                .map(|scope| EffectiveAccess::of(&scope, &groups, &items)),
            ..ViewerRow::of(&granted.record)
        };
        let piece = self.piece(ask, window, &query, found, |_| true, show);
        let mut listing = piece.await?;
        let unclear = listing.records.iter().filter(|row| row.access.is_none());
        let unclear = unclear.count();
        if unclear > 0 {
            listing.warnings.push(format!(
                "of {unclear} page access users it is not known what they see: Statuspage did not say in which groups they are"
            ));
        }
        let rest = self.rest_of(page, listing.scanned, listing.rate, 2);
        listing.warnings.extend(rest);
        Ok(listing.spelt().of_every(every_viewer(page)))
    }

    /// Names in place of ids, where viewers are counted by group. A group without a name keeps its id.
    pub(in crate::access) async fn name_groups<R>(
        &self,
        ask: &Ask,
        page: &PageId,
        listing: &mut Listing<R>,
    ) {
        let by_group = ask.counting.is_some_and(|it| it.by == Some(By::Group));
        if !by_group {
            return;
        }
        match self
            .groups_at_hand(ask, page, Duration::from_secs(60))
            .await
        {
            Ok(groups) => {
                for count in &mut listing.counted {
                    let id = GroupId::parse(&count.value).ok();
                    let known = id.filter(|id| groups.contains_key(id));
                    if let Some(id) = known {
                        count.value = group_name(&groups, &id);
                    }
                }
            }
            Err(refusal) => listing.warnings.push(format!(
                "the names of the groups could not be read: {}",
                refusal.without_ending()
            )),
        }
        listing.rate = self.rate().await;
    }
}
