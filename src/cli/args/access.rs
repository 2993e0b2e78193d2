//! The commands that look at access and change it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  status-roster find jane.doe@example.com
  status-roster find jane.doe@example.com j.doe@example.org     # one person, two addresses
  status-roster find jane.doe@example.com && echo gone          # 0 only where it is certain that nothing is left
Ends with 0 only where every place was read and there is no account, with 6 where there are accounts, with 4 where it is not known.")]
pub(in crate::cli) struct Find {
    /// The address of a person; several are addresses of one person.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<String>,
    /// Only these pages, by id.
    #[arg(long = "page", value_name = "PAGE", value_delimiter = ',')]
    pub pages: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  status-roster export viewers --page kctbh9vrtdwd --out viewers.csv
  status-roster export all --columns application-roster --out roster.csv
  status-roster export all --columns email,page_id,status --domain example.com
The file is written whole or not at all.")]
pub(in crate::cli) struct Export {
    /// Export these accounts.
    #[arg(value_enum)]
    pub what: What,
    /// Export the accounts of this page alone, by id.
    #[arg(long, value_name = "PAGE")]
    pub page: Option<String>,
    /// Write this file; its ending (.csv, .json, .ndjson) says the form where `--output` does not.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write these columns: ours, application-roster, or names with commas between them.
    #[arg(long, value_name = "COLUMNS", default_value = "ours")]
    pub columns: String,
    /// Export the accounts with an address of this domain alone; `*.example.com` with those below it.
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
    /// Take this date as the Application Roster's `Active Date`.
    #[arg(long, value_enum, default_value = "created-at")]
    pub active_date: Date,
}

/// The words of the tool, so that the command line and the tool cannot differ in meaning.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        pub(in crate::cli) enum $name { $($variant),+ }

        impl $name {
            pub(in crate::cli) fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words!(
    /// The accounts that are exported.
    What {
        Team = "team",
        Viewers = "viewers",
        Subscribers = "subscribers",
        Directory = "directory",
        Statusapp = "statusapp",
        All = "all",
    }
);
words!(
    /// The date of the Application Roster.
    Date { CreatedAt = "created_at", UpdatedAt = "updated_at" }
);
words!(
    /// The findings that a review looks for.
    Profile {
        Hygiene = "hygiene",
        Offboarding = "offboarding",
        AtlassianMigration = "atlassian_migration",
    }
);

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  status-roster review
  status-roster review offboarding --identities staff.csv --output csv")]
pub(in crate::cli) struct Review {
    /// Look for these findings.
    #[arg(value_enum, default_value = "hygiene")]
    pub profile: Profile,
    /// A file with the addresses of everybody who should have an account: one a line, or CSV with a column `email`.
    #[arg(long, value_name = "FILE")]
    pub identities: Option<PathBuf>,
    /// Only these pages, by id.
    #[arg(long = "page", value_name = "PAGE", value_delimiter = ',')]
    pub pages: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  status-roster --allow-writes offboard lena.leaver@example.com
  status-roster --allow-writes offboard --from leavers.csv
On a terminal each plan is shown and you type the word that it asks for. A script is answered with the plan and its token, ends
with 3, and calls again with `--token`.")]
pub(in crate::cli) struct Offboard {
    /// The addresses of those who leave, one a person.
    #[arg(required_unless_present = "from", value_name = "WHO")]
    pub who: Vec<String>,
    /// A file with their addresses: one a line, or CSV with a column `email`.
    #[arg(long, value_name = "FILE", conflicts_with = "who")]
    pub from: Option<PathBuf>,
    /// Leave these accounts: `team_member`, `page_access_user`, `subscriber`, `statusapp_member`, `directory_user`.
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    pub keep: Vec<String>,
    /// The token of a plan that was shown; of one person.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  status-roster --allow-writes add-viewer customer@example.org --page kctbh9vrtdwd --groups g7x2k9q4m1ab")]
pub(in crate::cli) struct AddViewer {
    /// Their addresses.
    #[arg(required = true, value_name = "WHO")]
    pub who: Vec<String>,
    /// The page, by id.
    #[arg(long, value_name = "PAGE")]
    pub page: String,
    /// Page access groups, by id.
    #[arg(long, value_delimiter = ',', value_name = "GROUP")]
    pub groups: Vec<String>,
    /// Components to see directly, by id.
    #[arg(long, value_delimiter = ',', value_name = "COMPONENT")]
    pub components: Vec<String>,
    /// Metrics to see directly, by id.
    #[arg(long, value_delimiter = ',', value_name = "METRIC")]
    pub metrics: Vec<String>,
    /// Mail about incidents of what they can see.
    #[arg(long)]
    pub subscribe: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  status-roster permissions jane.doe@example.com
  status-roster --allow-writes permissions jane.doe@example.com --grant kctbh9vrtdwd=incident_manager,maintenance_manager
  status-roster --allow-writes permissions jane.doe@example.com --revoke kctbh9vrtdwd")]
pub(in crate::cli) struct Permissions {
    /// The address of a team member.
    #[arg(value_name = "WHO")]
    pub who: String,
    /// Give roles on a page; without roles, the page alone.
    #[arg(long, value_name = "PAGE[=ROLE,…]")]
    pub grant: Vec<String>,
    /// Take roles away; without roles, the page.
    #[arg(long, value_name = "PAGE[=ROLE,…]")]
    pub revoke: Vec<String>,
    /// Make these the only pages and roles.
    #[arg(long, value_name = "PAGE[=ROLE,…]", conflicts_with_all = ["grant", "revoke"])]
    pub replace: Vec<String>,
    /// The token of a plan that was shown.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  status-roster --allow-writes sync viewers.csv --page kctbh9vrtdwd")]
pub(in crate::cli) struct Sync {
    /// The list: CSV with the header `email,group_ids,external_login`, or JSON. `-` is standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The page, by id.
    #[arg(long, value_name = "PAGE")]
    pub page: String,
    /// Refuse to remove more viewers than this; left out: 5, or a tenth of them.
    #[arg(long, value_name = "NUMBER")]
    pub removal_cap: Option<u32>,
    /// The token of a plan that was shown.
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
}
