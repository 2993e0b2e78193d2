//! The lists in memory from the last reads: for completions and resources. Nothing here sends a request.
//!
//! Each caller sees what the tool that read it would show them, and no page outside the operator's rules. What is here may
//! be up to 15 minutes old, and a change made since is not in it: every answer carries its time.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::access::Access;
use crate::access::reads::scan::{Reach, Scan};
use crate::access::reads::shelf::Shelf;
use crate::access::reads::weight::Weighs;
use crate::access::statuspage::items::PageItem;
use crate::caller::{Caller, Scope};
use crate::policy::Toolset;
use crate::roster::{Email, Incident, Page, PageId, Record};

/// The bytes of records that a snapshot shows at most, so that they fit into a tool's answer.
const MOST_BYTES: usize = 17_500;

/// A list as it was last read.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    /// Its name: `team`, or `viewers/PAGE`, `groups/PAGE`, `components/PAGE`.
    pub name: String,
    /// Its description, in words.
    pub what: String,
    /// When its read began (RFC 3339).
    pub as_of: String,
    /// Rows that were read.
    pub rows: usize,
    /// True when the whole list was read.
    pub complete: bool,
}

/// A snapshot with as many records as fit into an answer.
#[derive(Debug, Clone, Serialize)]
pub struct SnapshotRecords {
    /// The snapshot.
    #[serde(flatten)]
    pub snapshot: Snapshot,
    /// Records in `records`.
    pub shown: usize,
    /// The records, in the order that they were read.
    pub records: Vec<Value>,
    /// The way to get the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A thing by which people know an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The name that people use.
    pub name: String,
    /// Its id.
    pub id: String,
}

/// The pages as they were last read.
pub(in crate::access) type Pages = std::sync::RwLock<Option<(Timestamp, Vec<Page>)>>;

/// A kind of list that is kept, and the tool that shows it.
#[derive(Clone, Copy)]
enum Kind {
    Team,
    Viewers,
    Groups,
    Components,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Team, Self::Viewers, Self::Groups, Self::Components];

    fn tool(self) -> &'static str {
        match self {
            Self::Team => "list_org_users",
            Self::Viewers => "list_page_access_users",
            Self::Groups => "list_page_access_groups",
            Self::Components => "list_components",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Viewers => "viewers",
            Self::Groups => "groups",
            Self::Components => "components",
        }
    }

    /// The page of a whole list that is kept under this key; the outer nothing: not a whole list of this kind.
    fn page(self, key: &str) -> Option<Option<PageId>> {
        match self {
            Self::Team => (key == "team").then_some(None),
            // A list that was asked for by address ends in the address.
            Self::Viewers => {
                let page = key.strip_prefix("viewers/")?.strip_suffix('/')?;
                Some(Some(PageId::parse(page).ok()?))
            }
            Self::Groups | Self::Components => Some(Some(PageId::parse(key).ok()?)),
        }
    }
}

impl Access {
    pub(in crate::access) fn remember_pages(&self, pages: &[Page]) {
        let now = self.clock().now();
        *self
            .pages_read
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some((now, pages.to_vec()));
    }

    /// The names of the pages as they were last read.
    pub(in crate::access) fn page_names_read(&self) -> BTreeMap<PageId, String> {
        let read = self
            .pages_read
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let pages = read.iter().flat_map(|(_, pages)| pages);
        pages
            .filter_map(|page| Some((page.id.clone(), page.name.clone()?)))
            .collect()
    }

    /// The pages that this caller may speak of, as they were last read.
    #[must_use]
    pub fn remembered_pages(&self, caller: &Caller) -> Option<(Timestamp, Vec<Page>)> {
        let read = self
            .pages_read
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let (as_of, pages) = read.as_ref()?;
        let mut pages: Vec<Page> = pages
            .iter()
            .filter(|page| self.may_see(caller, "list_pages", Some(&page.id)))
            .cloned()
            .collect();
        pages.sort_by(|a, b| a.id.cmp(&b.id));
        Some((*as_of, pages))
    }

    /// The snapshots that this caller may see, by name.
    #[must_use]
    pub fn snapshots(&self, caller: &Caller) -> Vec<Snapshot> {
        let mut found: Vec<Snapshot> = Kind::ALL
            .into_iter()
            .flat_map(|kind| self.of_kind(caller, kind, |_, _| ()))
            .map(|(snapshot, ())| snapshot)
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// One snapshot with its records.
    #[must_use]
    pub fn snapshot(&self, caller: &Caller, name: &str) -> Option<SnapshotRecords> {
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| name.split('/').next() == Some(kind.word()))?;
        let all = self.of_kind(caller, kind, |records, _| {
            let mut size = 0;
            let fits = |record: &Value| {
                size += record.to_string().len() + 1;
                size <= MOST_BYTES
            };
            records.take_while(fits).collect::<Vec<_>>()
        });
        let (snapshot, records) = all.into_iter().find(|(it, _)| it.name == name)?;
        let shown = records.len();
        let next = (shown < snapshot.rows || !snapshot.complete)
            .then(|| format!("`{}` gives every record, with a cursor", kind.tool()));
        Some(SnapshotRecords {
            snapshot,
            shown,
            records,
            next,
        })
    }

    /// Every address in memory, sorted and in lower case.
    #[must_use]
    pub fn remembered_addresses(&self, caller: &Caller) -> Vec<String> {
        let address = |record: &Record| {
            let email = record.email.as_ref().map(Email::as_str);
            email.map_or(Value::Null, |email| email.to_lowercase().into())
        };
        let all = |addresses: &mut dyn Iterator<Item = Value>, _: Option<&PageId>| {
            addresses
                .filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect::<Vec<_>>()
        };
        let mut found: Vec<String> = [Kind::Team, Kind::Viewers]
            .into_iter()
            .flat_map(|kind| self.on_shelf(caller, kind, &self.people, address, all))
            .flat_map(|(_, addresses)| addresses)
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// The page access groups in memory, of one page or of all.
    #[must_use]
    pub fn remembered_groups(&self, caller: &Caller, page: Option<&str>) -> Vec<Named> {
        self.named(caller, Kind::Groups, page)
    }

    /// The components and metrics in memory, of one page or of all.
    #[must_use]
    pub fn remembered_components(&self, caller: &Caller, page: Option<&str>) -> Vec<Named> {
        self.named(caller, Kind::Components, page)
    }

    /// The incidents in memory, of one page or of all; none where the toolset is off.
    #[must_use]
    pub fn remembered_incidents(&self, caller: &Caller, page: Option<&str>) -> Vec<Named> {
        let on = self.has_toolset(Toolset::Operations);
        let scans = self.incidents.remembered().into_iter().filter(|_| on);
        let mut found = Vec::new();
        for (key, scan) in scans {
            let of = key.split('/').next().and_then(|it| PageId::parse(it).ok());
            let wanted = page.is_none() || page == of.as_ref().map(PageId::as_str);
            if !wanted || !self.may_see(caller, "list_incidents", of.as_ref()) {
                continue;
            }
            let named = scan.glance(|rows, _| {
                let one = |row: &Incident| Named {
                    name: row.title().to_owned(),
                    id: row.id.to_string(),
                };
                rows.iter().map(one).collect::<Vec<_>>()
            });
            found.extend(named.into_iter().flatten());
        }
        found.sort();
        found.dedup();
        found
    }

    fn named(&self, caller: &Caller, kind: Kind, page: Option<&str>) -> Vec<Named> {
        let text = |record: &Value, key: &str| Some(record.get(key)?.as_str()?.to_owned());
        let mut found: Vec<Named> = self
            .of_kind(caller, kind, |records, of| {
                let wanted = page.is_none() || page == of.map(PageId::as_str);
                records
                    .filter(|_| wanted)
                    .filter_map(|record| {
                        let id = text(&record, "id")?;
                        let name = text(&record, "name").unwrap_or_else(|| id.clone());
                        Some(Named { name, id })
                    })
                    .collect::<Vec<_>>()
            })
            .into_iter()
            .flat_map(|(_, named)| named)
            .collect();
        found.sort();
        found.dedup();
        found
    }

    /// Looks at every list of a kind that this caller may see and that is not being read just now.
    fn of_kind<R>(
        &self,
        caller: &Caller,
        kind: Kind,
        look: impl Fn(&mut dyn Iterator<Item = Value>, Option<&PageId>) -> R,
    ) -> Vec<(Snapshot, R)> {
        match kind {
            Kind::Team | Kind::Viewers => self.on_shelf(caller, kind, &self.people, json, look),
            Kind::Groups => self.on_shelf(caller, kind, &self.groups, json, look),
            Kind::Components => {
                let row = |row: &crate::access::statuspage::items::Item| {
                    json(&PageItem::from(row.clone()))
                };
                self.on_shelf(caller, kind, &self.items, row, look)
            }
        }
    }

    fn on_shelf<T: Weighs + Send + 'static, R>(
        &self,
        caller: &Caller,
        kind: Kind,
        shelf: &Shelf<T>,
        row: impl Fn(&T) -> Value,
        look: impl Fn(&mut dyn Iterator<Item = Value>, Option<&PageId>) -> R,
    ) -> Vec<(Snapshot, R)> {
        let visible = |key: String, scan: Arc<Scan<T>>| {
            let page = kind.page(&key)?;
            if !self.may_see(caller, kind.tool(), page.as_ref()) {
                return None;
            }
            scan.glance(|rows, reach: Reach| {
                let snapshot = Snapshot {
                    name: page.as_ref().map_or_else(
                        || kind.word().to_owned(),
                        |page| format!("{}/{page}", kind.word()),
                    ),
                    what: scan.what.clone(),
                    as_of: scan.as_of().to_string(),
                    rows: reach.rows,
                    complete: reach.complete,
                };
                (snapshot, look(&mut rows.iter().map(&row), page.as_ref()))
            })
        };
        shelf
            .remembered()
            .into_iter()
            .filter_map(|(key, scan)| visible(key, scan))
            .collect()
    }

    fn may_see(&self, caller: &Caller, tool: &str, page: Option<&PageId>) -> bool {
        let pages = page.map(std::slice::from_ref).unwrap_or_default();
        self.judge(caller, tool, Scope::Read, pages, &[], &[])
            .is_ok()
    }
}

fn json<T: Serialize>(row: &T) -> Value {
    serde_json::to_value(row).unwrap_or_default()
}
