//! An export as somebody asks for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Refusal;
use crate::access::across::everybody::Extent;
use crate::roster::words::words;
use crate::roster::{Domain, PageId, System, text};

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

words! {
    /// A column of a roster record.
    ExportColumn {
        /// The system that holds the account.
        System = "system",
        /// The sort of account.
        Kind = "kind",
        /// Its id in that system.
        Id = "id",
        /// The address, as stored.
        Email = "email",
        /// First name.
        FirstName = "first_name",
        /// Last name.
        LastName = "last_name",
        /// The name that the system shows.
        DisplayName = "display_name",
        /// The state of the account.
        Status = "status",
        /// When the account began.
        ActiveDate = "active_date",
        /// When it was last changed.
        UpdatedAt = "updated_at",
        /// The sort of thing that it belongs to.
        ScopeLevel = "scope_level",
        /// The id of that.
        ScopeId = "scope_id",
        /// The page that it belongs to.
        PageId = "page_id",
        /// Roles, with semicolons between them.
        Roles = "roles",
        /// Groups, with semicolons between them.
        Groups = "groups",
        /// The id that an identity provider knows the person by.
        ExternalId = "external_id",
        /// When it was read.
        AsOf = "as_of",
        /// The texts of the row that are not as they are stored.
        ChangedText = "changed_text",
    }
}

/// The columns of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportColumns {
    /// Every column of a roster record.
    #[default]
    Ours,
    /// User ID, Email, First Name, Last Name, Active Date.
    ApplicationRoster,
    /// These, in this order.
    Named(Vec<ExportColumn>),
}

impl ExportColumns {
    /// The columns that somebody names: `ours` or `application_roster` alone, or names with commas between them or as a JSON list.
    ///
    /// # Errors
    /// Names the columns that there are, where one is none of them; and one that is named twice.
    pub fn named(asked: &str) -> Result<Self, Refusal> {
        let list: Option<Vec<String>> = serde_json::from_str(asked).ok();
        let names = list.unwrap_or_else(|| asked.split(',').map(str::to_owned).collect());
        let plain = |name: &String| name.trim().to_lowercase().replace(['-', ' '], "_");
        let names: Vec<String> = names
            .iter()
            .map(plain)
            .filter(|it| !it.is_empty())
            .collect();
        match names.as_slice() {
            [one] if one == "ours" => return Ok(Self::Ours),
            [one] if one == "application_roster" => return Ok(Self::ApplicationRoster),
            [] => return Err(Refusal::arguments("`columns` names no column")),
            _ => {}
        }
        let mut columns = Vec::new();
        for name in &names {
            let Some(column) = ExportColumn::from_word(name) else {
                let all: Vec<&str> = ExportColumn::ALL.iter().map(|it| it.as_str()).collect();
                return Err(Refusal::arguments(format!(
                    "`columns` has no `{}`: the columns are {}; or `ours` or `application_roster` alone",
                    text::clean(name, 60).text,
                    all.join(", ")
                )));
            };
            if columns.contains(&column) {
                let twice = format!("`columns` names `{column}` twice");
                return Err(Refusal::arguments(twice));
            }
            columns.push(column);
        }
        Ok(Self::Named(columns))
    }
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
