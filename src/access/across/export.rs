//! The roster as text: JSON, lines of JSON, or CSV, in our columns or the Application Roster's.
//!
//! A long export comes in pieces that fit together when put one after the other (CSV has its header in the first alone);
//! `complete` says whether everybody was read. Whoever holds an export's id can have the whole text at once.

mod columns;

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use self::columns::Layout;
use crate::access::reads::journey::{Journey, Part, Tells, Told};
use crate::access::reads::scan::{Feed, Scan};
use crate::access::{Access, Ask, Rate, Refusal, Window};
use crate::caller::{Caller, Scope};
use crate::roster::{PageId, Record};

/// Exports that are kept for reading as a whole.
const MOST: usize = 32;

/// Which accounts.
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
    /// All three.
    All,
}

/// How it is written.
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

/// Which columns.
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

/// What the Application Roster's `Active Date` is: Statuspage tells of no activity, only these two.
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

/// What to export.
#[derive(Debug, Clone, Serialize)]
pub struct ExportRoster {
    /// Which accounts.
    pub what: ExportWhat,
    /// Of this page alone; `None`: of every page.
    pub page_id: Option<PageId>,
    /// How it is written.
    pub format: ExportFormat,
    /// Which columns.
    pub columns: ExportColumns,
    /// Which date.
    pub active_date: ActiveDate,
}

/// An export, or a piece of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Export {
    /// The text of this piece. Put all pieces one after the other; of JSON each piece is an array.
    pub content: String,
    /// `application/json`, `text/csv` or `application/x-ndjson`.
    pub mime_type: String,
    /// Accounts in this piece.
    pub rows: usize,
    /// Whether everybody was read. When false, people are missing from this export.
    pub complete: bool,
    /// Give it as `cursor` for the next piece. Absent: this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-sent-back" = true))]
    pub next_cursor: Option<String>,
    /// Names the whole export for a quarter of an hour.
    pub export_id: String,
    /// When the read began (RFC 3339).
    pub as_of: String,
    /// Rows read.
    pub scanned: usize,
    /// Accounts in the whole export, as far as it is read.
    pub matched: usize,
    /// What to know.
    pub warnings: Vec<String>,
    /// The request budget after this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

/// A whole export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeExport {
    /// The text.
    pub content: String,
    /// Its type.
    pub mime_type: &'static str,
    /// Whether everybody was read.
    pub complete: bool,
}

struct Kept {
    caller: String,
    wanted: ExportRoster,
    scan: Arc<Scan<Record>>,
}

/// The exports that can be read as a whole, by id.
#[derive(Default)]
pub(in crate::access) struct Exports(DashMap<String, Kept>);

impl Tells for Record {
    fn told(_: Told) -> Option<Self> {
        None
    }
}

impl Access {
    /// The roster, or a piece of it, as text.
    ///
    /// # Errors
    /// When nothing could be read, or the arguments make no sense.
    pub async fn export_roster(
        &self,
        ask: &Ask,
        wanted: &ExportRoster,
        window: &Window,
    ) -> Result<Export, Refusal> {
        if let (Some(_), ExportWhat::Team) = (&wanted.page_id, wanted.what) {
            return Err(Refusal::arguments(
                "`page_id` does not go with `team`: team members belong to the whole organization",
            ));
        }
        let pages: Vec<PageId> = wanted.page_id.iter().cloned().collect();
        self.permit(ask, Scope::Read, &pages, &[], &[])?;
        let query = json!(wanted);
        let key = format!("export/{}", json!([wanted.what, wanted.page_id]));
        let anew = || {
            let parts = self.export_parts(wanted, window.max_age())?;
            let feed = || -> Box<dyn Feed<Record>> { Box::new(Journey::new(parts)) };
            Ok(self
                .people
                .at_hand(self, &key, "the roster", window.max_age(), feed))
        };
        let found = self.found(&self.people, ask, window, &query, true, anew)?;
        let scan = found.scan.clone();
        let layout = Layout::of(wanted);
        let keep = |record: &Record| Some(layout.line(record));
        let listing = self.piece(ask, window, &query, found, keep).await?;
        let first = window.cursor.is_none();
        let export_id = self.keep_export(ask, wanted, &scan);
        let mut warnings = listing.warnings;
        if !listing.complete {
            warnings.insert(0, "this export is not complete: people are missing from it. Do not hand it on as the roster".to_owned());
        }
        Ok(Export {
            rows: listing.records.len(),
            content: layout.text(&listing.records, first),
            mime_type: layout.mime_type().to_owned(),
            complete: listing.complete,
            next_cursor: listing.next_cursor,
            export_id,
            as_of: listing.as_of,
            scanned: listing.scanned,
            matched: listing.matched,
            warnings,
            rate: listing.rate,
        })
    }

    /// A whole export by its id, as its caller asked for it; `None` when it is not kept, or not this caller's.
    pub async fn export_by_id(&self, caller: &Caller, id: &str) -> Option<WholeExport> {
        let (wanted, scan) = {
            let kept = self.exports().0.get(id)?;
            if kept.caller != caller.name {
                return None;
            }
            (kept.wanted.clone(), kept.scan.clone())
        };
        let layout = Layout::of(&wanted);
        let (lines, complete) = scan
            .with_rows(0, |rows, reach| {
                let lines: Vec<String> = rows.iter().map(|row| layout.line(row)).collect();
                (lines, reach.complete)
            })
            .await;
        Some(WholeExport {
            content: layout.text(&lines, true),
            mime_type: layout.mime_type(),
            complete,
        })
    }

    /// Keeps it under an id that is the same for every piece, and another for everybody else.
    fn keep_export(&self, ask: &Ask, wanted: &ExportRoster, scan: &Arc<Scan<Record>>) -> String {
        let name = format!("{}\0{}\0{}", scan.id, ask.caller.name, json!(wanted));
        let id = hex::encode(Sha256::digest(name).get(..16).unwrap_or_default());
        let now = self.clock().monotonic();
        let exports = &self.exports().0;
        let age = |scan: &Scan<Record>| now.saturating_sub(scan.began);
        exports.retain(|_, kept| age(&kept.scan) < Duration::from_secs(900));
        if exports.len() >= MOST {
            let oldest = exports.iter().max_by_key(|kept| age(&kept.scan));
            if let Some(oldest) = oldest.map(|kept| kept.key().clone()) {
                exports.remove(&oldest);
            }
        }
        let kept = Kept {
            caller: ask.caller.name.clone(),
            wanted: wanted.clone(),
            scan: scan.clone(),
        };
        exports.insert(id.clone(), kept);
        id
    }

    fn export_parts(
        &self,
        wanted: &ExportRoster,
        max_age: Duration,
    ) -> Result<Vec<Box<dyn Part<Record>>>, Refusal> {
        let lists = self.lists(max_age)?;
        let what = wanted.what;
        let mut parts = Vec::new();
        if matches!(what, ExportWhat::Team) || (what == ExportWhat::All && wanted.page_id.is_none())
        {
            parts.push(lists.team(|record| record));
        }
        if what != ExportWhat::Team {
            let only = wanted.page_id.clone().map(|page| vec![page]);
            parts.push(lists.each_page(only, move |lists, page| {
                let mut parts = Vec::new();
                if what != ExportWhat::Subscribers {
                    parts.push(lists.viewers(&page.id, |record| record));
                }
                if what != ExportWhat::Viewers {
                    parts.push(lists.subscribers(&page.id, |row| row.record));
                }
                parts
            }));
        }
        Ok(parts)
    }
}
