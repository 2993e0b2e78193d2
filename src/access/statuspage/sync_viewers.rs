//! Makes a page's viewers those of a list: the difference first, and at most so many removals.
//!
//! The difference is worked out from a complete read alone: who is missing in half a list is not gone. A read or a plan that
//! does not fit in one call goes on in the next. Additions come before removals, so that whoever moves loses nothing on the
//! way.

mod compared;

use std::collections::BTreeSet;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use self::compared::Compared;
use crate::access::acts::{
    create_viewer::CreateViewer,
    delete_viewer::{DIRECTLY, DeleteViewer, GROUPS, Holds},
    set_viewer_groups::SetViewerGroups,
};
use crate::access::change::plan::Plan;
use crate::access::look::viewer::Newcomer;
use crate::access::reads::scan::Feed;
use crate::access::statuspage::items::Items;
use crate::access::statuspage::reach::{Groups, groups_of};
use crate::access::statuspage::scope_words::ScopeWords;
use crate::access::words::who;
use crate::access::{Access, Ask, ChangeReport, EffectiveAccess, Refusal};
use crate::caller::Scope;
use crate::providers::statuspage::{NewViewer, SignIn};
use crate::roster::{
    Audience, Desired, Email, Evidence, PageId, Reach, Record, SetChange, ViewerScope,
};

/// Removals that a plan may hold where the caller says nothing: this many, or a tenth of the viewers if that is more.
const CAP: usize = 5;

/// The arguments of `sync_page_viewers`.
#[derive(Debug, Clone)]
pub struct SyncViewers {
    /// The page.
    pub page_id: PageId,
    /// The people who are to have access.
    pub desired: Vec<Desired>,
    /// The greatest number of people to remove.
    pub removal_cap: Option<usize>,
}

/// The answer of `sync_page_viewers`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SyncReport {
    /// The change.
    #[serde(flatten)]
    pub change: ChangeReport,
    /// The difference, while it is a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference_found: Option<SyncDifference>,
}

/// The differences between a page and the list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct SyncDifference {
    /// People to add.
    pub adds: usize,
    /// People whose groups change.
    pub changes: usize,
    /// People to remove.
    pub removals: usize,
    /// Removals that are allowed.
    pub removal_cap: usize,
    /// People who stay as they are.
    pub unchanged: usize,
    /// Page access users without an address that can be compared. They stay.
    pub left_alone: usize,
    /// The first fifty to add.
    pub first_adds: Vec<Email>,
    /// The first hundred to remove.
    pub first_removals: Vec<Email>,
}

impl Access {
    /// Makes the viewers of a page those of a list, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn sync_viewers(
        &self,
        ask: &Ask,
        wanted: &SyncViewers,
        token: Option<&str>,
    ) -> Result<SyncReport, Refusal> {
        let page = &wanted.page_id;
        self.permit(ask, Scope::Remove, std::slice::from_ref(page), &[], &[])?;
        if let Some(change) = self.go_on(ask, token).await? {
            return Ok(SyncReport {
                change,
                difference_found: None,
            });
        }
        let (current, began) = match self.viewers_now(ask, page, token).await? {
            Ok(whole) => whole,
            Err(reading) => {
                return Ok(SyncReport {
                    change: *reading,
                    difference_found: None,
                });
            }
        };
        // After the read, which may take several calls: what is asked before it is asked again in each.
        let (shown, evidence) = self.page(ask, page).await?;
        let name = shown.name.unwrap_or_else(|| page.to_string());
        let compared = Compared::of(&current, &wanted.desired);
        let groups = self.groups_named(ask, wanted, &compared).await?;
        let (mut plan, found) =
            self.sync_plan(wanted, &name, &compared, &groups, &evidence, current.len())?;
        plan.read_at = Some(began);
        let change = self.carry_out(ask, token, plan).await?;
        let planned = change.confirmation_token.is_some() && change.progress.is_none();
        Ok(SyncReport {
            change,
            difference_found: planned.then_some(found),
        })
    }

    /// Every viewer, read for this call and the calls that go on with it; or how far the reading came.
    async fn viewers_now(
        &self,
        ask: &Ask,
        page: &PageId,
        token: Option<&str>,
    ) -> Result<Result<(Vec<Record>, Duration), Box<ChangeReport>>, Refusal> {
        let statuspage = self.statuspage()?;
        // A call with the token reads anew, so it has a read of its own.
        let asked = format!(
            "{}\0{}\0{}",
            ask.caller.name,
            ask.arguments,
            token.or(ask.person.token()).unwrap_or_default()
        );
        let key = format!("sync/{page}/{}", hex::encode(Sha256::digest(asked)));
        let what = format!("the page access users of page {page}");
        let feed = || -> Box<dyn Feed<Record>> { Box::new(statuspage.viewers(page)) };
        let scan = self
            .reads
            .unfinished_or_new(self.clock(), &key, &what, feed);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        if reach.complete {
            let rows = scan.with_rows(0, |rows, _| rows.to_vec()).await;
            // The next call reads anew.
            scan.supersede();
            return Ok(Ok((rows, scan.began)));
        }
        if reach.ended {
            return Err(Refusal::Incomplete {
                what,
                why: reach.why.unwrap_or_default(),
                next: "Look at the rows named, in Statuspage itself, and ask again.".to_owned(),
            });
        }
        Ok(Err(Box::new(ChangeReport::reading(&what, &reach))))
    }

    /// The groups of the page, where the list names any or somebody goes who is in some; refused when the list names one that is
    /// not there.
    async fn groups_named(
        &self,
        ask: &Ask,
        wanted: &SyncViewers,
        compared: &Compared<'_>,
    ) -> Result<Groups, Refusal> {
        let mut named = BTreeSet::new();
        let mut any = !compared.removals.is_empty();
        for person in &wanted.desired {
            any |= person.groups.is_some();
            named.extend(person.groups.iter().flatten().cloned());
        }
        if !any {
            return Ok(Groups::new());
        }
        self.known_groups(ask, &wanted.page_id, named.iter()).await
    }

    fn sync_plan(
        &self,
        wanted: &SyncViewers,
        name: &str,
        compared: &Compared<'_>,
        groups: &Groups,
        evidence: &Evidence,
        current: usize,
    ) -> Result<(Plan, SyncDifference), Refusal> {
        let page = &wanted.page_id;
        let cap = wanted.removal_cap.unwrap_or_else(|| CAP.max(current / 10));
        let removals = compared.removals.len();
        if removals > cap {
            return Err(Refusal::Preflight(format!(
                "{removals} of {current} page access users of page {name} ({page}) are not in `desired`, and at most {cap} may be removed in one plan. If the list is really whole, give `removal_cap` {removals}; if it is not, correct it."
            )));
        }
        let statuspage = self.statuspage()?;
        let mut plan = Plan::so(String::new());
        plan.pages.push(page.clone());
        plan.to_type = Some(name.to_owned());
        for person in &compared.adds {
            plan.acts.push(Box::new(CreateViewer {
                statuspage: statuspage.clone(),
                page: page.clone(),
                new: NewViewer {
                    sign_in: SignIn {
                        email: Some(person.email.clone()),
                        external_login: person.external_login.clone(),
                    },
                    group_ids: person.groups.clone().unwrap_or_default(),
                    subscribe: false,
                },
                newcomer: Newcomer::default(),
                audience: evidence.clone(),
                groups: groups.clone(),
            }));
        }
        let mut changes = 0;
        for (record, person) in &compared.regroup {
            if let Some(act) = self.regroup(page, record, person, groups)? {
                changes += 1;
                plan.acts.push(Box::new(act));
            }
        }
        for record in &compared.removals {
            let Some(viewer) = record.viewer_id() else {
                continue;
            };
            plan.acts.push(Box::new(DeleteViewer {
                statuspage: statuspage.clone(),
                page: page.clone(),
                viewer,
                holds: groups_alone(record, groups),
                record: (*record).clone(),
            }));
        }
        let adds = compared.adds.len();
        let all = format!("The page access users of page {name} ({page})");
        if plan.acts.is_empty() {
            plan.say_so(format!("{all} are those of the list."));
        } else {
            plan.say(
                format!("{all} will become those of the list: {adds} will be added, {changes} will change groups, {removals} will be removed."),
                format!("{all} became those of the list: {adds} were added, {changes} changed groups, {removals} were removed."),
            );
        }
        plan.asks.push(format!(
            "making {current} page access users those of a list"
        ));
        plan.independent = true;
        plan.warnings = warnings(compared, evidence, page, adds);
        let found = SyncDifference {
            adds,
            changes,
            removals,
            removal_cap: cap,
            unchanged: compared.unchanged + compared.regroup.len() - changes,
            left_alone: compared.left_alone,
            first_adds: compared
                .adds
                .iter()
                .take(50)
                .map(|person| person.email.clone())
                .collect(),
            first_removals: compared
                .removals
                .iter()
                .take(100)
                .filter_map(|record| record.email.clone())
                .collect(),
        };
        Ok((plan, found))
    }

    /// The step that gives a viewer exactly the groups of the list; nothing where it has them.
    fn regroup(
        &self,
        page: &PageId,
        record: &Record,
        person: &Desired,
        groups: &Groups,
    ) -> Result<Option<SetViewerGroups>, Refusal> {
        let Some((viewer, wanted)) = record.viewer_id().zip(person.groups.clone()) else {
            return Ok(None);
        };
        let Some(held) = groups_of(record, &viewer, groups) else {
            return Err(Refusal::Preflight(format!(
                "Statuspage did not say in which groups {} is, neither with the page access user nor with the groups.",
                who(record)
            )));
        };
        let change = SetChange {
            replace: Some(wanted),
            ..SetChange::default()
        };
        let merged = change
            .merge(&held)
            .map_err(|error| Refusal::arguments(error.to_string()))?;
        if merged.is_nothing() {
            return Ok(None);
        }
        let after = ViewerScope {
            groups: merged.after.iter().cloned().collect(),
            ..ViewerScope::default()
        };
        let items = Items::default();
        let words = ScopeWords {
            name: who(record),
            groups,
            items: &items,
            after: Reach::of(&after, groups),
        };
        let losses = merged
            .lost
            .iter()
            .map(|group| words.leaves(group))
            .collect();
        Ok(Some(SetViewerGroups {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            viewer,
            record: record.clone(),
            merged,
            groups: groups.clone(),
            losses,
        }))
    }
}

/// Returns the access of somebody who is removed, as far as the list and the groups tell: the rest costs two requests for each.
fn groups_alone(record: &Record, groups: &Groups) -> Holds {
    let viewer = record.viewer_id();
    let in_groups = viewer.and_then(|viewer| groups_of(record, &viewer, groups));
    let mut unread = vec![format!(
        "what was {DIRECTLY}, which is not read for a whole list (`list_page_access_users` with `email` and `detail` shows it)"
    )];
    if in_groups.is_none() {
        unread.push(format!("{GROUPS}, which Statuspage did not say"));
    }
    let scope = ViewerScope {
        groups: in_groups.into_iter().flatten().collect(),
        ..ViewerScope::default()
    };
    Holds {
        access: Some(EffectiveAccess::of(&scope, groups, &Items::default())),
        unread,
    }
}

fn warnings(
    compared: &Compared<'_>,
    evidence: &Evidence,
    page: &PageId,
    adds: usize,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if adds > 0 {
        warnings.push("whether Statuspage writes to each address that is added is not documented: tell the people beforehand".to_owned());
        if evidence.audience != Audience::Yes {
            warnings.push(format!(
                "nothing shows that page {page} is audience-specific ({}): on any other page a page access user has no effect",
                evidence.reasons.join("; ")
            ));
        }
    }
    if compared.left_alone > 0 {
        warnings.push(format!(
            "{} page access users have no address that can be compared (they log in through an identity provider, or the address is none): they stay",
            compared.left_alone
        ));
    }
    if compared.removals.iter().any(|record| record.text_altered) {
        warnings.push(
            "some names or addresses of people to be removed hold hidden characters: look twice"
                .to_owned(),
        );
    }
    warnings
}
