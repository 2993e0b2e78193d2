//! The upstream systems: where each is, with which key, and how much may be asked of it.

use std::collections::BTreeSet;
use std::time::Duration;

use url::Url;

use super::credential::{self, Names};
use super::keys::{self, KeyNames};
use super::problem::Origin;
use super::reader::Reader;
use crate::access::Key;
use crate::roster::{self, DirectoryId, Email, OrganizationId, PageId};
use crate::secret::Secret;
use crate::store::window::Limits;

/// The settings that every system has.
#[derive(Debug, Clone)]
pub struct System {
    /// The address of the API. An operator's setting, never an argument of a call.
    pub base_url: Url,
    /// The credential.
    pub api_key: Secret,
    /// The number of requests that the key may send, shared by everybody who uses it on this machine.
    pub limits: Limits,
    /// The operator's notes about the key.
    pub key: Key,
}

/// Atlassian Statuspage's Manage API.
#[derive(Debug, Clone)]
pub struct Statuspage {
    /// Address, key and budget.
    pub system: System,
    /// The organization whose team members are managed.
    pub organization_id: OrganizationId,
    /// Pages that the operator knows to be audience-specific: the API does not say it of any page.
    pub audience_specific_pages: BTreeSet<PageId>,
    /// The owner of the organization: the API does not show it.
    pub owner: Option<Email>,
}

/// Atlassian Guard's SCIM directory.
#[derive(Debug, Clone)]
pub struct AtlassianScim {
    /// Address, key and budget.
    pub system: System,
    /// The directory.
    pub directory_id: DirectoryId,
}

/// StatusApp's team API.
#[derive(Debug, Clone)]
pub struct StatusApp {
    /// Address, key and budget.
    pub system: System,
}

/// The keys of one system's table, and its defaults.
struct Table {
    name: &'static str,
    base_url: (&'static str, &'static str),
    credential: Names,
    variable: &'static str,
    requests: (&'static str, u32),
    window_seconds: (&'static str, u32),
    reserve: &'static str,
    system: roster::System,
    key: KeyNames,
}

/// Declares the configuration keys that the table of every system has.
macro_rules! table {
    ($system:ident, $name:literal, $variable:literal, $base_url:literal, $requests:literal in $seconds:literal) => {
        Table {
            name: $name,
            base_url: (concat!($name, ".base_url"), $base_url),
            credential: Names {
                noun: "key",
                key: concat!($name, ".api_key"),
                file: concat!($name, ".api_key_file"),
                command: concat!($name, ".api_key_command"),
            },
            variable: $variable,
            requests: (concat!($name, ".requests_per_window"), $requests),
            window_seconds: (concat!($name, ".window_seconds"), $seconds),
            reserve: concat!($name, ".reserve"),
            system: roster::System::$system,
            key: KeyNames {
                created: concat!($name, ".key_created"),
                expires: concat!($name, ".key_expires"),
                creator: concat!($name, ".key_creator"),
            },
        }
    };
}

/// 60 requests in a rolling minute per key (Statuspage API reference, "Rate limits"). Atlassian raises it on request.
const STATUSPAGE: Table = table!(Statuspage, "statuspage", "STATUSPAGE_API_KEY", "https://api.statuspage.io/v1", 60 in 60);
/// Atlassian publishes no limit for this API; two a second is what its own paging needs and no more.
const ATLASSIAN_SCIM: Table = table!(
    AtlassianScim,
    "atlassian_scim",
    "ATLASSIAN_SCIM_API_KEY",
    "https://api.atlassian.com/scim/directory",
    120 in 60
);
/// 1,000 requests an hour on the smallest plan (StatusApp API reference guide, "Rate limiting").
const STATUSAPP: Table = table!(Statusapp, "statusapp", "STATUSAPP_API_KEY", "https://ops.statusapp.io/api/v1", 1000 in 3600);

pub(super) fn statuspage(from: &mut Reader, look: bool) -> Option<Statuspage> {
    let system = system(from, &STATUSPAGE, look);
    let organization_id = identifier(
        from,
        "statuspage.organization_id",
        "STATUSPAGE_ORGANIZATION_ID",
        "it stands at the foot of the API info screen, under the page ids",
        system.wanted,
        |id| OrganizationId::parse(id).ok(),
    );
    let audience_specific_pages = from
        .list("statuspage.audience_specific_pages", page)
        .unwrap_or_default();
    let owner = keys::address(from, "statuspage.owner");
    Some(Statuspage {
        system: system.settings?,
        organization_id: organization_id?,
        audience_specific_pages: audience_specific_pages.into_iter().collect(),
        owner,
    })
}

pub(super) fn atlassian_scim(from: &mut Reader, look: bool) -> Option<AtlassianScim> {
    let system = system(from, &ATLASSIAN_SCIM, look);
    let directory_id = identifier(
        from,
        "atlassian_scim.directory_id",
        "ATLASSIAN_SCIM_DIRECTORY_ID",
        "it is the last part of the directory's SCIM base address in Atlassian administration",
        system.wanted,
        |id| DirectoryId::parse(id).ok(),
    );
    Some(AtlassianScim {
        system: system.settings?,
        directory_id: directory_id?,
    })
}

pub(super) fn statusapp(from: &mut Reader, look: bool) -> Option<StatusApp> {
    Some(StatusApp {
        system: system(from, &STATUSAPP, look).settings?,
    })
}

struct Found {
    settings: Option<System>,
    /// True when the operator configured this system: then a missing setting is a problem.
    wanted: bool,
}

fn system(from: &mut Reader, table: &Table, look: bool) -> Found {
    let wanted = look && from.has_table(table.name);
    let base_url = from.base_url(table.name, table.base_url.0, table.base_url.1);
    let before = from.problem_count();
    let api_key = credential::read(from, &table.credential, look);
    if wanted && api_key.is_none() && from.problem_count() == before {
        let Names {
            key, file, command, ..
        } = &table.credential;
        let variable = table.variable;
        let what = format!(
            "`{key}` is missing; set `{variable}` or `{variable}_FILE`, or write `{file}` or `{command}`"
        );
        from.problem(Origin::Nowhere, what);
    }
    let requests = from.whole(table.requests.0, 1..=100_000, table.requests.1);
    let seconds = from.whole(table.window_seconds.0, 1..=86_400, table.window_seconds.1);
    let mut limits = Limits::new(requests, Duration::from_secs(u64::from(seconds)));
    // The window honours half of itself at most, so more would be a setting without effect.
    let most = requests / 2;
    limits.reserve = from.whole(table.reserve, 0..=most, limits.reserve.min(most));
    let key = keys::own(from, table.system, &table.key);
    let settings = api_key
        .zip(base_url)
        .map(|((api_key, _), base_url)| System {
            base_url,
            api_key,
            limits,
            key,
        });
    Found { settings, wanted }
}

fn identifier<T>(
    from: &mut Reader,
    key: &'static str,
    variable: &str,
    hint: &str,
    wanted: bool,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let before = from.problem_count();
    let configured = from.text(key);
    let parsed = configured.as_ref().and_then(|(id, _)| parse(id));
    match configured {
        // Not shown: what stands where an id belongs may well be the key.
        Some((_, origin)) if parsed.is_none() => {
            let what = format!("`{key}` must be 1 to 64 letters, digits, `-` or `_`; {hint}");
            from.problem(origin, what);
        }
        None if wanted && from.problem_count() == before => {
            let what = format!("`{key}` is missing; write it or set `{variable}`: {hint}");
            from.problem(Origin::Nowhere, what);
        }
        _ => {}
    }
    parsed
}

/// An entry of a list of pages.
pub(super) fn page(id: &str) -> Result<PageId, String> {
    PageId::parse(id).map_err(|error| error.to_string())
}
