//! A change of page roles, merged into what somebody has.
//!
//! Guarantees: a page that the change does not name keeps everything; a grant only adds; a revoke only takes; a replace makes the
//! named page exactly that; `before - lost + gained = after`. Statuspage itself replaces all pages at once and removes
//! those that are left out (Manage API, `PUT permissions`); this is where that stops being dangerous.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PageId, PageRoles, Permissions, Role};

/// Roles on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct PageGrant {
    /// The page.
    pub page_id: PageId,
    /// The roles. Empty means access to the page itself, without a role.
    #[serde(default)]
    pub roles: BTreeSet<Role>,
}

/// The changes to make. A page may be named once in all three lists together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Adds these roles; with none, access to the page alone.
    pub grant: Vec<PageGrant>,
    /// Takes these roles and leaves access to the page; with none, takes the page away.
    pub revoke: Vec<PageGrant>,
    /// Makes each of these pages exactly these roles.
    pub replace: Vec<PageGrant>,
}

/// The access that is gained or lost on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Delta {
    /// The page.
    pub page_id: PageId,
    /// True when access to the page as such is gained or lost.
    pub page_access: bool,
    /// The roles gained or lost.
    pub roles: BTreeSet<Role>,
    /// Switches unknown to this server that go with the page.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unknown: BTreeSet<String>,
}

/// A change, worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Everything the person has afterwards: what is to be sent.
    pub after: Permissions,
    /// The gains, page by page. Empty together with `lost` when nothing changes.
    pub gained: Vec<Delta>,
    /// The losses, page by page. Not empty: a person has to confirm it.
    pub lost: Vec<Delta>,
}

/// The reasons why a change cannot be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// A page is named twice, and the two may contradict.
    #[error(
        "page `{0}` is named more than once in `grant`, `revoke` and `replace`: name each page once"
    )]
    NamedTwice(PageId),
    /// The page answers without roles.
    #[error(
        "page `{0}` has no roles to give or take: it answers without role-based access control, so everybody who reaches it \
         may do everything; give an empty `roles` to grant or revoke the page itself"
    )]
    NoRoles(PageId),
}

impl Permissions {
    /// Works out a change. Nothing is sent.
    ///
    /// # Errors
    /// When a page is named twice, or roles are named for a page that has none.
    pub fn merge(&self, change: &Change) -> Result<Merged, MergeError> {
        let mut named = BTreeSet::new();
        for page in change
            .grant
            .iter()
            .chain(&change.revoke)
            .chain(&change.replace)
        {
            if !named.insert(&page.page_id) {
                return Err(MergeError::NamedTwice(page.page_id.clone()));
            }
            let without = self
                .pages
                .get(&page.page_id)
                .is_some_and(|held| !held.role_based);
            if without && !page.roles.is_empty() {
                return Err(MergeError::NoRoles(page.page_id.clone()));
            }
        }
        let mut after = self.clone();
        let role_based = self.role_based();
        for page in &change.grant {
            after.open(page, role_based).roles.extend(&page.roles);
        }
        for page in &change.replace {
            after.open(page, role_based).roles.clone_from(&page.roles);
        }
        for page in &change.revoke {
            if page.roles.is_empty() {
                after.pages.remove(&page.page_id);
            } else if let Some(held) = after.pages.get_mut(&page.page_id) {
                held.roles.retain(|role| !page.roles.contains(role));
            }
        }
        let (gained, lost) = (beyond(&after, self), beyond(self, &after));
        Ok(Merged {
            after,
            gained,
            lost,
        })
    }

    fn open(&mut self, page: &PageGrant, role_based: bool) -> &mut PageRoles {
        let fresh = PageRoles {
            role_based: role_based || !page.roles.is_empty(),
            ..PageRoles::default()
        };
        self.pages.entry(page.page_id.clone()).or_insert(fresh)
    }
}

/// Returns what `these` have and `those` have not.
fn beyond(these: &Permissions, those: &Permissions) -> Vec<Delta> {
    let on = |switches: &BTreeMap<String, bool>| -> BTreeSet<String> {
        switches
            .iter()
            .filter(|(_, on)| **on)
            .map(|(name, _)| name.clone())
            .collect()
    };
    let nothing = PageRoles::default();
    let mut deltas = Vec::new();
    for (page_id, page) in &these.pages {
        let other = those.pages.get(page_id);
        let theirs = other.unwrap_or(&nothing);
        let delta = Delta {
            page_id: page_id.clone(),
            page_access: other.is_none(),
            roles: page.roles.difference(&theirs.roles).copied().collect(),
            unknown: on(&page.unknown)
                .difference(&on(&theirs.unknown))
                .cloned()
                .collect(),
        };
        if delta.page_access || !delta.roles.is_empty() || !delta.unknown.is_empty() {
            deltas.push(delta);
        }
    }
    deltas
}
