//! The profiles of a review.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::across::everybody::Extent;

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Profile {
    /// Whatever is out of order.
    Hygiene,
    /// Who should be gone, by a list of those who should be there and by the directory.
    Offboarding,
    /// What stands in the way of the team's move to Atlassian accounts, and what to do first.
    AtlassianMigration,
}

impl Profile {
    /// Which lists it looks at.
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
