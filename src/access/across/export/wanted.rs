//! An export as somebody asks for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::across::everybody::Extent;
use crate::roster::{Domain, PageId, System};

/// The accounts to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ExportWhat {
    /// Team members.
    Team,
    /// Page access users.
    Viewers,
    /// Subscribers.
    Subscribers,
    /// People of the user directory.
    Directory,
    /// Members of the StatusApp team.
    Statusapp,
    /// All of these; with a page, everybody of that page.
    All,
}

impl ExportWhat {
    /// The lists that it takes.
    pub(super) fn extent(self, of_a_page: bool) -> Extent {
        let all = self == Self::All;
        Extent {
            team: self == Self::Team || (all && !of_a_page),
            viewers: all || self == Self::Viewers,
            subscribers: all || self == Self::Subscribers,
            directory: self == Self::Directory || (all && !of_a_page),
            statusapp: self == Self::Statusapp || (all && !of_a_page),
            ..Extent::default()
        }
    }

    /// The one system that it is about.
    pub(super) fn system(self) -> Option<System> {
        match self {
            Self::Team | Self::Viewers | Self::Subscribers => Some(System::Statuspage),
            Self::Directory => Some(System::AtlassianScim),
            Self::Statusapp => Some(System::Statusapp),
            Self::All => None,
        }
    }
}

/// The format of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ExportFormat {
    /// An array.
    #[default]
    Json,
    /// With a header line.
    Csv,
    /// An object a line.
    Ndjson,
}

/// The columns of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ExportColumns {
    /// Every column of a roster record.
    #[default]
    Ours,
    /// User ID, Email, First Name, Last Name, Active Date.
    ApplicationRoster,
}

/// The date that the Application Roster shows as `Active Date`: no system reports activity, only these two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ActiveDate {
    /// When the account was made.
    #[default]
    CreatedAt,
    /// When it was last changed.
    UpdatedAt,
}

/// An export as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportRoster {
    /// The accounts to export.
    pub what: ExportWhat,
    /// The page whose accounts are exported; `None`: every page.
    pub page_id: Option<PageId>,
    /// The format.
    pub format: ExportFormat,
    /// The columns.
    pub columns: ExportColumns,
    /// The date in `Active Date`.
    pub active_date: ActiveDate,
    /// Only accounts with an address of this domain.
    pub domain: Option<String>,
}

impl ExportRoster {
    /// The domain that addresses have to be of.
    pub(super) fn domain(&self) -> Option<Domain> {
        self.domain.as_deref().map(Domain::of)
    }
}
