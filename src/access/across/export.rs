//! The roster as text: JSON, lines of JSON, or CSV, in our columns or the Application Roster's.
//!
//! A long export comes in pieces that fit together when put one after the other (CSV has its header in the first alone);
//! `complete` says whether everybody was read. Whoever holds an export's id can have the whole text at once.

mod columns;
mod wanted;

use std::sync::{Arc, Weak};
use std::time::Duration;

use dashmap::DashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use self::columns::Layout;
pub use self::wanted::{
    ActiveDate, ExportColumn, ExportColumns, ExportFormat, ExportRoster, ExportWhat,
};
use crate::access::across::everybody::Fact;
use crate::access::reads::journey::Journey;
use crate::access::reads::scan::{Feed, KEPT, Scan};
use crate::access::{Access, Ask, Rate, Refusal, Unknown, Window};
use crate::caller::{Caller, Scope};
use crate::roster::{Domain, PageId, Record, System};
use crate::upstream::Cx;

/// The tool that makes them.
const TOOL: &str = "export_roster";
/// Exports that are kept for reading as a whole.
const MOST: usize = 32;

/// The account that a row holds, where the export takes it.
fn account<'a>(row: &'a Fact, domain: Option<&Domain>) -> Option<&'a Record> {
    let fits = |record: &&Record| {
        domain.is_none_or(|domain| record.address().is_some_and(|it| domain.has(it)))
    };
    row.account().filter(fits)
}

/// An export, or a piece of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Export {
    /// `application/json`, `text/csv` or `application/x-ndjson`.
    pub mime_type: String,
    /// Accounts in this piece.
    pub rows: usize,
    /// True when everybody of every configured system was read. When false, people are missing from this export.
    pub complete: bool,
    /// The missing parts, each with the reason: a list that could not be read, or a system that is not configured.
    pub unknown: Vec<Unknown>,
    /// Warnings about this export.
    pub warnings: Vec<String>,
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
    /// Accounts that come after this piece, of those that are read.
    pub rows_left: usize,
    /// So many more pieces, about, as long as this one. 0: this was the last.
    pub pieces_left: usize,
    /// The request budget after this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// The text of this piece. Put all pieces one after the other; of JSON each piece is an array.
    pub content: String,
}

/// A whole export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeExport {
    /// The text.
    pub content: String,
    /// Its type.
    pub mime_type: &'static str,
    /// True when everybody was read.
    pub complete: bool,
    /// The missing parts, each with the reason, in the words of the warnings of a piece.
    pub missing: Vec<String>,
    /// When the read began (RFC 3339).
    pub as_of: String,
}

struct Kept {
    caller: String,
    wanted: ExportRoster,
    began: Duration,
    scan: Weak<Scan<Fact>>,
}

/// The facts about an export that another process needs.
#[derive(Serialize, Deserialize)]
struct Noted {
    /// Names the question and who asked it.
    asked: String,
    scan: String,
    wanted: ExportRoster,
}

/// The exports that can be read as a whole, by id.
#[derive(Default)]
pub(in crate::access) struct Exports(DashMap<String, Kept>);

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
        if wanted.page_id.is_some()
            && matches!(
                wanted.what,
                ExportWhat::Team | ExportWhat::Directory | ExportWhat::Statusapp
            )
        {
            return Err(Refusal::arguments(format!(
                "`page_id` does not go with `{}`: its people belong to no page",
                json!(wanted.what).as_str().unwrap_or_default()
            )));
        }
        let of_a_page = wanted.page_id.is_some();
        let needs = wanted.what.system();
        if let Some(system) = needs.or(of_a_page.then_some(System::Statuspage)) {
            self.configured(system)?;
        }
        let extent = wanted.what.extent(of_a_page);
        let pages: Vec<PageId> = wanted.page_id.iter().cloned().collect();
        self.permit(ask, Scope::Read, &pages, &[], &[])?;
        let query = json!(wanted);
        let key = format!("export/{}", json!([wanted.what, wanted.page_id]));
        let anew = || {
            let only = of_a_page.then_some(pages);
            let parts = self.everybody(extent, only, window.max_age())?;
            let feed = || -> Box<dyn Feed<Fact>> { Box::new(Journey::new(*self.clock(), parts)) };
            Ok(self
                .facts
                .at_hand(self, &key, "the roster", window.max_age(), feed))
        };
        let found = self.found(&self.facts, ask, window, &query, true, anew)?;
        let scan = found.scan.clone();
        // It is found by its id, as by a cursor, also where it comes in one piece.
        scan.gives_cursor();
        let layout = Layout::of(wanted);
        let domain = wanted.domain();
        let fits = |fact: &Fact| account(fact, domain.as_ref()).is_some();
        let show = |fact: &Fact| account(fact, domain.as_ref()).map(|record| layout.line(record));
        let from = found.from;
        let listing = self.piece(ask, window, &query, found, fits, show).await?;
        let listing = listing.flattened();
        let first = window.cursor.is_none();
        let before = |rows: &[Fact], _| {
            let accounts = rows.iter().take(from);
            let accounts = accounts.filter(|row| account(row, domain.as_ref()).is_some());
            accounts.count()
        };
        let rows = listing.records.len();
        let shown = scan.with_rows(0, before).await + rows;
        let rows_left = listing.matched.saturating_sub(shown);
        let mut unknown: Vec<Unknown> = scan
            .with_rows(0, |rows, _| rows.iter().filter_map(Fact::unread).collect())
            .await;
        let export_id = self.keep_export(ask, wanted, &scan);
        // The gaps of an ended read are listed part by part below.
        let mut warnings = if listing.next_cursor.is_some() {
            listing.warnings
        } else {
            Vec::new()
        };
        if !listing.complete {
            warnings.insert(0, "this export is not complete: people are missing from it. Do not hand it on as the roster".to_owned());
        }
        let changed = listing.records.iter();
        let changed = changed.filter(|line| line.hides_a_change).count();
        if changed > 0 {
            warnings.push(format!("the texts of {changed} accounts of this piece are not as they are stored: hidden characters were taken out, or an apostrophe keeps a spreadsheet from running a cell. The column `changed_text` says of each which"));
        }
        for part in &unknown {
            warnings.push(format!("missing: {} ({})", part.what, part.why));
        }
        let unconfigured = self.unconfigured_of(extent);
        if let [_, ..] = unconfigured.as_slice() {
            let names: Vec<&str> = unconfigured.iter().map(|it| it.system.as_str()).collect();
            warnings.push(format!(
                "nobody of {} is in this export: not configured here (see `unknown`)",
                names.join(" and ")
            ));
        }
        unknown.extend(unconfigured);
        Ok(Export {
            rows,
            rows_left,
            pieces_left: rows_left.div_ceil(rows.max(1)),
            content: layout.text(&listing.records, first),
            mime_type: layout.mime_type().to_owned(),
            complete: listing.complete,
            unknown,
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
        let (wanted, scan) = match self.kept_export(caller, id) {
            Some(kept) => kept,
            None => self.noted_export(caller, id).await?,
        };
        let layout = Layout::of(&wanted);
        let (lines, unread, complete) = scan
            .with_rows(0, |rows, reach| {
                let domain = wanted.domain();
                let accounts = rows.iter().filter_map(|row| account(row, domain.as_ref()));
                let lines: Vec<_> = accounts.map(|record| layout.line(record)).collect();
                let unread: Vec<Unknown> = rows.iter().filter_map(Fact::unread).collect();
                (lines, unread, reach.complete)
            })
            .await;
        let extent = wanted.what.extent(wanted.page_id.is_some());
        let missing = unread.into_iter().chain(self.unconfigured_of(extent));
        Some(WholeExport {
            missing: missing
                .map(|part| format!("{} ({})", part.what, part.why))
                .collect(),
            as_of: scan.as_of().to_string(),
            content: layout.text(&lines, true),
            mime_type: layout.mime_type(),
            complete,
        })
    }

    fn kept_export(&self, caller: &Caller, id: &str) -> Option<(ExportRoster, Arc<Scan<Fact>>)> {
        let kept = self.exports().0.get(id)?;
        let now = self.clock().monotonic();
        if kept.caller != caller.name || now.saturating_sub(kept.began) >= KEPT {
            return None;
        }
        let scan = kept.scan.upgrade()?;
        scan.is_used(now);
        Some((kept.wanted.clone(), scan))
    }

    /// An export that another process on the same state directory made: from what was answered then, without a request.
    async fn noted_export(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Option<(ExportRoster, Arc<Scan<Fact>>)> {
        let noted: Noted = self.transcripts().noted(id)?;
        let query = json!(noted.wanted);
        if noted.asked != self.cursors().asked(caller, TOOL, &query) {
            return None;
        }
        let other = self.going_on_with(self.transcripts().of(&noted.scan)?);
        let transcript = other.continues()?.clone();
        let only = noted.wanted.page_id.clone().map(|page| vec![page]);
        let extent = noted.wanted.what.extent(only.is_some());
        let parts = other.everybody(extent, only, KEPT).ok()?;
        let (began, now) = (transcript.began, self.clock().monotonic());
        let feed = Box::new(Journey::new(*self.clock(), parts));
        let scan = Scan::new(noted.scan, "the roster".to_owned(), began, now, feed);
        scan.write_down(transcript);
        // Nothing may be asked for: what was not written down is not known.
        let cx = Cx::bulk(CancellationToken::new()).until(Duration::ZERO);
        let mut read = 0;
        while let Some(Ok(rows)) = scan.after(read, &cx).await {
            read += rows.len();
        }
        Some((noted.wanted, Arc::new(scan)))
    }

    /// Keeps it under an id that is the same for every piece, and another for everybody else.
    fn keep_export(&self, ask: &Ask, wanted: &ExportRoster, scan: &Arc<Scan<Fact>>) -> String {
        let query = json!(wanted);
        let name = format!("{}\0{}\0{query}", scan.name(), ask.caller.name);
        let id = hex::encode(Sha256::digest(name).get(..16).unwrap_or_default());
        let now = self.clock().monotonic();
        let exports = &self.exports().0;
        exports.retain(|_, kept| {
            kept.scan.strong_count() > 0 && now.saturating_sub(kept.began) < KEPT
        });
        if exports.len() >= MOST {
            let oldest = exports.iter().min_by_key(|kept| kept.began);
            if let Some(oldest) = oldest.map(|kept| kept.key().clone()) {
                exports.remove(&oldest);
            }
        }
        let kept = Kept {
            caller: ask.caller.name.clone(),
            wanted: wanted.clone(),
            began: scan.began,
            scan: Arc::downgrade(scan),
        };
        exports.insert(id.clone(), kept);
        if scan.transcript().is_some() {
            let noted = Noted {
                asked: self.cursors().asked(&ask.caller, TOOL, &query),
                scan: scan.name().to_owned(),
                wanted: wanted.clone(),
            };
            self.transcripts().note(&id, &noted);
        }
        id
    }
}
