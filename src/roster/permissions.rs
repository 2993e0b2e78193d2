//! The roles of a team member on each page.
//!
//! A page that is not in [`Permissions::pages`] is a page the person cannot reach. A page without roles can be looked at.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PageId, words::words};

words! {
    /// A role on a page (Statuspage help, "What user permissions can I grant").
    Role {
        /// Components, subscribers, integrations, metrics, look and settings of the page.
        PageConfiguration = "page_configuration",
        /// Create and update incidents.
        IncidentManager = "incident_manager",
        /// Plan and update maintenances.
        MaintenanceManager = "maintenance_manager",
    }
}

/// A person's roles on one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct PageRoles {
    /// The roles held. Empty: the page can be looked at in the management interface, no more.
    pub roles: BTreeSet<Role>,
    /// True when the page has roles at all: without role-based access control everybody who reaches it may do everything.
    pub role_based: bool,
    /// Switches that this server does not know, kept as they are and sent back with every change.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unknown: BTreeMap<String, bool>,
}

/// A team member's access, page by page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Permissions {
    /// Every page the person reaches.
    pub pages: BTreeMap<PageId, PageRoles>,
}

impl Permissions {
    /// Returns whether pages of this person have roles. With no page to tell by, yes: sending three roles as `false` can give
    /// nobody more than was meant, leaving them out could.
    #[must_use]
    pub fn role_based(&self) -> bool {
        self.pages.is_empty() || self.pages.values().any(|page| page.role_based)
    }
}
