//! The profiles of a review.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::across::everybody::Extent;

/// The findings to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Profile {
    /// Whatever is out of order.
    Hygiene,
    /// People who should be gone, by a list of those who should be there and by the directory.
    Offboarding,
    /// Obstacles to the team's move to Atlassian accounts, and the steps to take first.
    AtlassianMigration,
}

impl Profile {
    /// Returns the lists that it looks at.
    pub(super) fn extent(self) -> Extent {
        let migrates = self == Self::AtlassianMigration;
        Extent {
            team: true,
            directory: true,
            viewers: !migrates,
            subscribers: !migrates,
            statusapp: !migrates,
            invitations: !migrates,
            groups: self == Self::Hygiene,
            directory_groups: self == Self::Hygiene,
        }
    }
}
