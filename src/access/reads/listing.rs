//! The envelope of every list, and the one way that a list is cut into answers.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::reads::cursor::Cursors;
use crate::access::reads::scan::{Reach, Scan};
use crate::access::reads::shelf::Shelf;
use crate::access::reads::size;
use crate::access::reads::spelt::{Kept, Spelt, Which};
use crate::access::{Access, Ask, Refusal};
use crate::roster::System;

/// Rows in an answer where the caller says nothing.
const DEFAULT_LIMIT: usize = 50;
/// Rows in an answer at most.
const MOST: usize = 200;
/// Bytes of rows in an answer where the caller says nothing: with the rest it stays under 20 KB.
const DEFAULT_BYTES: usize = 17_500;
/// How old a read may be where the caller says nothing: an agent's questions come in bursts about the same list.
const DEFAULT_MAX_AGE: Duration = Duration::from_secs(60);

/// A list, or the piece of it that fits in one answer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listing<R> {
    /// The rows of this piece.
    pub records: R,
    /// Whether the whole list was read, so that `matched` counts everything there is. When false, whoever is not here may
    /// still exist: go on with `next_cursor`, and conclude nothing from absence.
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
    /// What to know about this answer.
    pub warnings: Vec<String>,
    /// The request budget after this call; absent where nothing is rate limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
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
    fn with<Q>(self, change: impl FnOnce(R) -> Q) -> Listing<Q> {
        Listing {
            records: change(self.records),
            complete: self.complete,
            next_cursor: self.next_cursor,
            as_of: self.as_of,
            scanned: self.scanned,
            matched: self.matched,
            warnings: self.warnings,
            rate: self.rate,
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

/// Which piece of a list is wanted, and how old it may be.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// Rows, 1 to 200; 50 where absent.
    pub limit: Option<u32>,
    /// Where an earlier answer ended.
    pub cursor: Option<String>,
    /// How old a read that is at hand may be, in seconds; 60 where absent, 0 for a fresh one.
    pub max_age_s: Option<u32>,
}

impl Window {
    pub(in crate::access) fn max_age(&self) -> Duration {
        self.max_age_s.map_or(DEFAULT_MAX_AGE, |seconds| {
            Duration::from_secs(u64::from(seconds))
        })
    }

    fn size(&self) -> Result<Size, Refusal> {
        let Some(limit) = self.limit else {
            return Ok(Size {
                rows: DEFAULT_LIMIT,
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
    pub(in crate::access) fn found<T>(
        &self,
        shelf: &Shelf<T>,
        ask: &Ask,
        window: &Window,
        query: &Value,
        filtered: bool,
        anew: impl FnOnce() -> Result<Arc<Scan<T>>, Refusal>,
    ) -> Result<Found<T>, Refusal> {
        let Some(cursor) = &window.cursor else {
            return Ok(Found {
                scan: anew()?,
                from: 0,
                filtered,
            });
        };
        let (id, from) = self.cursors().open(&ask.caller, ask.tool, query, cursor)?;
        let scan = shelf.by_id(&id).ok_or_else(Cursors::gone)?;
        Ok(Found {
            scan,
            from,
            filtered,
        })
    }

    /// One piece of a list: reads what is missing, filters, cuts, and seals the place where it cut.
    ///
    /// Every row is looked at with `fits`, those of the piece alone are made with `show`: a list of thousands is walked as often
    /// as it has pieces.
    ///
    /// `query` is what the piece depends on besides the cursor: a cursor of another query is refused.
    pub(in crate::access) async fn piece<T, U>(
        &self,
        ask: &Ask,
        window: &Window,
        query: &Value,
        found: Found<T>,
        fits: impl Fn(&T) -> bool + Send,
        show: impl Fn(&T) -> U + Send,
    ) -> Result<Listing<Vec<U>>, Refusal>
    where
        T: Send,
        U: Serialize + Send,
    {
        let size = window.size()?;
        let reach = found.read(self, ask, size).await?;
        let rows = |rows: &[T], _| cut(rows, found.from, size, fits, show);
        let (rows, end) = found.scan.with_rows(0, rows).await;
        self.enveloped(ask, query, &found.scan, &reach, rows, end)
            .await
    }

    /// The same with the rows in writing, which are then kept for whoever asks for the same piece again. What `show` makes of a
    /// row may depend on the row, the tool and `query`, and on nothing else.
    pub(in crate::access) async fn spelt_piece<T, U>(
        &self,
        ask: &Ask,
        window: &Window,
        query: &Value,
        found: Found<T>,
        fits: impl Fn(&T) -> bool + Send,
        show: impl Fn(&T) -> U + Send,
    ) -> Result<Listing<Spelt<U>>, Refusal>
    where
        T: Send,
        U: Serialize + Send,
    {
        let size = window.size()?;
        let reach = found.read(self, ask, size).await?;
        let which = Which {
            tool: ask.tool,
            query: query.to_string(),
            from: found.from,
            size,
        };
        // While a read goes on, the same place holds more rows the next time.
        let kept = found.scan.pieces.get(&which).filter(|_| reach.ended);
        let (rows, end) = match kept {
            Some(Kept { rows, end }) => (rows.taken_for(), end),
            None => {
                let rows = |rows: &[T], _| cut(rows, found.from, size, fits, show);
                let (rows, end) = found.scan.with_rows(0, rows).await;
                let rows = Spelt::of(&rows);
                if reach.ended {
                    let kept = Kept {
                        rows: rows.clone().taken_for(),
                        end,
                    };
                    found.scan.pieces.keep(which, kept);
                }
                (rows, end)
            }
        };
        self.enveloped(ask, query, &found.scan, &reach, rows, end)
            .await
    }

    async fn enveloped<T, R>(
        &self,
        ask: &Ask,
        query: &Value,
        scan: &Scan<T>,
        reach: &Reach,
        records: R,
        end: End,
    ) -> Result<Listing<R>, Refusal> {
        let goes_on = end.next.or_else(|| (!reach.ended).then_some(reach.rows));
        let next_cursor = match goes_on {
            Some(at) => {
                scan.gives_cursor();
                Some(
                    self.cursors()
                        .seal(&ask.caller, ask.tool, query, &scan.id, at)?,
                )
            }
            None => None,
        };
        let mut warnings = Vec::new();
        if let (false, Some(why)) = (reach.complete, &reach.why) {
            let next = if reach.ended {
                "Conclude nothing from absence; ask again with `max_age_s` 0, and if it stays so, look in the system itself.".to_owned()
            } else {
                format!(
                    "Call again{} with `next_cursor`: the read goes on where it stopped.",
                    reach.when()
                )
            };
            warnings.push(format!(
                "incomplete: {} rows of {} are read ({why}). {next}",
                reach.scanned, scan.what
            ));
        }
        Ok(Listing {
            records,
            complete: reach.complete,
            next_cursor,
            as_of: scan.as_of.to_string(),
            scanned: reach.scanned,
            matched: end.matched,
            warnings,
            rate: self
                .rate_of(System::from_word(scan.system).unwrap_or(System::Statuspage))
                .await,
        })
    }
}

/// How long a piece may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::access) struct Size {
    rows: usize,
    bytes: usize,
}

/// Where a piece ends.
#[derive(Debug, Clone, Copy)]
pub(in crate::access) struct End {
    /// The row that the next piece begins with.
    next: Option<usize>,
    /// How many rows fit, in all pieces.
    matched: usize,
}

/// The rows from `from` on that fit, as many as a piece holds.
fn cut<T, U: Serialize>(
    rows: &[T],
    from: usize,
    size: Size,
    fits: impl Fn(&T) -> bool,
    show: impl Fn(&T) -> U,
) -> (Vec<U>, End) {
    let mut records = Vec::new();
    let mut next = None;
    let mut length = 0;
    let mut matched = 0;
    for (index, row) in rows.iter().enumerate() {
        if !fits(row) {
            continue;
        }
        matched += 1;
        if index < from || next.is_some() {
            continue;
        }
        if records.len() == size.rows {
            next = Some(index);
            continue;
        }
        let row = show(row);
        // Who names a limit has said how long the piece may be.
        let its_length = if size.bytes == usize::MAX {
            0
        } else {
            size::of(&row) + 1
        };
        if length + its_length > size.bytes && !records.is_empty() {
            next = Some(index);
            continue;
        }
        length += its_length;
        records.push(row);
    }
    (records, End { next, matched })
}

/// A scan, and the place in it where a piece begins.
pub(in crate::access) struct Found<T> {
    pub scan: Arc<Scan<T>>,
    pub from: usize,
    /// Whether rows are left out of the answer.
    pub filtered: bool,
}

impl<T: Send> Found<T> {
    async fn read(&self, access: &Access, ask: &Ask, size: Size) -> Result<Reach, Refusal> {
        // What fits a filter may be on any page: only the end is enough.
        let enough = if self.filtered {
            usize::MAX
        } else {
            self.from.saturating_add(size.rows)
        };
        self.scan.drive(access, ask, enough).await
    }
}
