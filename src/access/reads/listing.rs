//! The envelope of every list, and which piece of it is wanted.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::reads::cursor::Cursors;
use crate::access::reads::scan::Scan;
use crate::access::reads::shelf::Shelf;
use crate::access::reads::size::Size;
use crate::access::reads::spelt::Spelt;
use crate::access::reads::weight::Weighs;
use crate::access::{Access, Ask, Refusal};
use crate::roster::{EveryRecord, ValueCount};

/// Rows in an answer where the caller says nothing.
const DEFAULT_LIMIT: usize = 50;
/// Rows in an answer at most.
const MOST: usize = 200;
/// Bytes of rows in an answer where the caller says nothing: with the rest it stays under 20 KB.
const DEFAULT_BYTES: usize = 17_500;
/// The greatest age of a read where the caller says nothing: an agent's questions come in bursts about the same list.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60);

/// A list, or the piece of it that fits in one answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listing<R> {
    /// True when the whole list was read, so that `matched` counts everything there is. When false, people who are not here may still
    /// exist: go on with `next_cursor`, and conclude nothing from absence.
    pub complete: bool,
    /// Give it as `cursor`, with the same other arguments, for the next piece. Absent: this was the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-sent-back" = true))]
    pub next_cursor: Option<String>,
    /// When the read began (RFC 3339): changes made elsewhere after it may be missing.
    pub as_of: String,
    /// Rows read from the system.
    pub scanned: usize,
    /// Rows read that fit the filters; those of other pieces count too.
    pub matched: usize,
    /// Number of `matched` rows that this answer shows.
    pub shown: usize,
    /// With `by`: how many of `matched` have each value, the most first. A row with two groups or roles counts for both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<ValueCount>,
    /// Warnings about this answer.
    pub warnings: Vec<String>,
    /// The request budget after this call; absent where nothing is rate limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// The columns that every record here shares: the system, the kind and the organization, page, directory or team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_record: Option<EveryRecord>,
    /// The rows of this piece.
    pub records: R,
}

impl<T> Listing<Vec<Option<T>>> {
    /// Without the rows that have nothing to show.
    pub(in crate::access) fn flattened(self) -> Listing<Vec<T>> {
        self.with(|rows| rows.into_iter().flatten().collect())
    }
}

impl<T: Serialize> Listing<Vec<T>> {
    /// With the rows in writing.
    pub(in crate::access) fn spelt(self) -> Listing<Spelt<T>> {
        self.with(|rows| Spelt::of(&rows))
    }
}

impl<R> Listing<R> {
    /// Says what holds for every record.
    #[must_use]
    pub(in crate::access) fn of_every(mut self, every: EveryRecord) -> Self {
        self.every_record = Some(every);
        self
    }

    /// Puts other rows in the place of these.
    pub(in crate::access) fn with<Q>(self, change: impl FnOnce(R) -> Q) -> Listing<Q> {
        Listing {
            records: change(self.records),
            complete: self.complete,
            next_cursor: self.next_cursor,
            as_of: self.as_of,
            scanned: self.scanned,
            matched: self.matched,
            shown: self.shown,
            counted: self.counted,
            warnings: self.warnings,
            rate: self.rate,
            every_record: self.every_record,
        }
    }
}

/// The state of a key's request budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Rate {
    /// Requests that count against the window now.
    pub used: u32,
    /// Requests that the window allows.
    pub limit: u32,
    /// Seconds until the next slot comes free; 0 when one is free.
    pub resets_in_s: u64,
}

/// The piece of a list that is wanted, and its greatest age.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// Rows, 1 to 200; 50 where absent.
    pub limit: Option<u32>,
    /// The place where an earlier answer ended.
    pub cursor: Option<String>,
    /// The greatest age of a read that is at hand, in seconds; 60 where absent, 0 for a fresh one.
    pub max_age_s: Option<u32>,
    /// Rows where `limit` is absent, or fewer where they do not fit; 50 where this is absent too.
    pub rows: Option<usize>,
}

impl Window {
    pub(in crate::access) fn max_age(&self) -> Duration {
        self.max_age_s.map_or(DEFAULT_MAX_AGE, |seconds| {
            Duration::from_secs(u64::from(seconds))
        })
    }

    pub(in crate::access) fn size(&self) -> Result<Size, Refusal> {
        let Some(limit) = self.limit else {
            return Ok(Size {
                rows: self.rows.unwrap_or(DEFAULT_LIMIT),
                bytes: DEFAULT_BYTES,
            });
        };
        match usize::try_from(limit) {
            Ok(rows @ 1..=MOST) => Ok(Size {
                rows,
                bytes: usize::MAX,
            }),
            _ => Err(Refusal::arguments(format!(
                "`limit` is 1 to {MOST}, not {limit}; a cursor gives the rest"
            ))),
        }
    }
}

impl Access {
    /// The scan that a piece is cut from: the cursor's own, or one at hand or `anew`.
    pub(in crate::access) fn found<T: Weighs + Send + 'static>(
        &self,
        shelf: &Shelf<T>,
        ask: &Ask,
        window: &Window,
        query: &Value,
        filtered: bool,
        anew: impl FnOnce() -> Result<Arc<Scan<T>>, Refusal>,
    ) -> Result<Found<T>, Refusal> {
        let Some(cursor) = &window.cursor else {
            let scan = anew()?;
            if scan.is_new() {
                let asked = self.cursors().asked(&ask.caller, &ask.question(), query);
                let all = self.transcripts();
                let stopped = ask.lasts.then(|| all.stopped(&asked)).flatten();
                let written = stopped.or_else(|| all.begin(&scan.id, &asked, scan.as_of()));
                written.map(|it| shelf.write_down(&scan, it));
            }
            return Ok(Found {
                scan,
                from: 0,
                filtered,
                sparing: false,
            });
        };
        let (id, from) = self
            .cursors()
            .open(&ask.caller, &ask.question(), query, cursor)?;
        let at_hand = shelf.by_id(&id, self.clock().monotonic());
        let scan = match (at_hand, self.continues()) {
            (Some(scan), _) => scan,
            (None, Some(transcript)) if transcript.id == id => {
                let scan = anew()?;
                if !shelf.write_down(&scan, transcript.clone()) {
                    return Err(Cursors::gone());
                }
                scan.gives_cursor();
                scan
            }
            (None, _) => return Err(Cursors::gone()),
        };
        Ok(Found {
            scan,
            from,
            filtered,
            sparing: false,
        })
    }
}

/// A scan, and the place in it where a piece begins.
pub(in crate::access) struct Found<T> {
    pub scan: Arc<Scan<T>>,
    pub from: usize,
    /// True when rows are left out of the answer.
    pub filtered: bool,
    /// True where no more is read than is shown: its rows cost requests of their own.
    pub sparing: bool,
}
