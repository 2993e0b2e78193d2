//! Cuts a list into answers, and keeps each piece for the next caller who asks for it.

use serde::Serialize;
use serde_json::Value;

use crate::access::reads::counted::{Counted, count};
use crate::access::reads::listing::{Found, Listing, Window};
use crate::access::reads::order::Order;
use crate::access::reads::scan::{Reach, Scan};
use crate::access::reads::size::{self, End, Size};
use crate::access::reads::spelt::{Kept, Spelt, Which};
use crate::access::{Access, Ask, Refusal};
use crate::roster::{Counting, Fit, System};

impl Access {
    /// One piece of a list: reads what is missing, filters, cuts, and seals the place where it cut.
    ///
    /// Every row is looked at with `fits`, those of the piece alone are made with `show`: a list of thousands is walked as often
    /// as it has pieces.
    ///
    /// `query` is what the piece depends on besides the cursor: a cursor of another query is refused.
    pub(in crate::access) async fn piece<T, U, F>(
        &self,
        ask: &Ask,
        window: &Window,
        query: &Value,
        found: Found<T>,
        fits: impl Fn(&T) -> F + Send,
        show: impl Fn(&T) -> U + Send,
    ) -> Result<Listing<Vec<U>>, Refusal>
    where
        T: Counted + Send,
        U: Serialize + Send,
        F: Into<Fit>,
    {
        let size = window.size()?;
        let reach = found.read(self, ask, size).await?;
        if let Some(counting) = ask.counting {
            return self
                .counted(ask, window, query, &found, &reach, counting, fits)
                .await;
        }
        let rows = |rows: &[T], _| cut(rows, &found, &reach, size, fits, show);
        let (rows, end) = found.scan.with_rows(0, rows).await;
        self.enveloped(ask, query, &found.scan, &reach, rows, end)
            .await
    }

    /// Returns one piece with the rows as JSON, which are then kept for the next caller who asks for the same piece. The result of `show`
    /// may depend on the row, the tool and `query`, and on nothing else.
    pub(in crate::access) async fn spelt_piece<T, U, F>(
        &self,
        ask: &Ask,
        window: &Window,
        query: &Value,
        found: Found<T>,
        fits: impl Fn(&T) -> F + Send,
        show: impl Fn(&T) -> U + Send,
    ) -> Result<Listing<Spelt<U>>, Refusal>
    where
        T: Counted + Send,
        U: Serialize + Send,
        F: Into<Fit>,
    {
        let size = window.size()?;
        let reach = found.read(self, ask, size).await?;
        if let Some(counting) = ask.counting {
            let counted = self.counted(ask, window, query, &found, &reach, counting, fits);
            return Ok(counted.await?.spelt());
        }
        let which = Which {
            tool: ask.tool,
            query: query.to_string(),
            from: found.from,
            size,
        };
        // While a read goes on, the same place holds more rows the next time.
        let kept = found.scan.pieces.get(&which).filter(|_| reach.ended);
        let (rows, end) = match kept {
            Some(Kept { rows, end }) => (Spelt::again(rows), end),
            None => {
                let rows = |rows: &[T], _| cut(rows, &found, &reach, size, fits, show);
                let (rows, end) = found.scan.with_rows(0, rows).await;
                let rows = Spelt::of(&rows);
                if let (true, Some(rows)) = (reach.ended, rows.spelling()) {
                    let rows = rows.clone();
                    found.scan.pieces.keep(which, Kept { rows, end });
                }
                (rows, end)
            }
        };
        self.enveloped(ask, query, &found.scan, &reach, rows, end)
            .await
    }

    /// Returns the number of rows, in place of the rows.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are what a piece is cut by, and nothing else is made of them"
    )]
    async fn counted<T: Counted, U, F: Into<Fit>>(
        &self,
        ask: &Ask,
        window: &Window,
        query: &Value,
        found: &Found<T>,
        reach: &Reach,
        counting: Counting,
        fits: impl Fn(&T) -> F + Send,
    ) -> Result<Listing<Vec<U>>, Refusal> {
        let fits = |row: &T| fits(row).into() != Fit::No;
        let rows = |rows: &[T], _| count(rows, counting.by, window.limit, fits);
        let counts = found.scan.with_rows(0, rows).await;
        let end = End {
            next: None,
            matched: counts.matched,
            shown: 0,
        };
        let mut listing = self
            .enveloped(ask, query, &found.scan, reach, Vec::new(), end)
            .await?;
        listing.counted = counts.by;
        listing.warnings.extend(counts.more);
        Ok(listing)
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
                        .seal(&ask.caller, &ask.question(), query, scan.name(), at)?,
                )
            }
            None => {
                scan.given();
                None
            }
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
        if !reach.ended && query["name"].is_string() {
            warnings.push("rows come in the order of the list: one whose name is exactly `name` comes first only once the whole list is read".to_owned());
        }
        Ok(Listing {
            records,
            complete: reach.complete,
            next_cursor,
            as_of: scan.as_of().to_string(),
            scanned: reach.scanned,
            matched: end.matched,
            shown: end.shown,
            counted: Vec::new(),
            every_record: None,
            warnings,
            rate: self
                .rate_of(System::from_word(scan.system).unwrap_or(System::Statuspage))
                .await,
        })
    }
}

/// The rows that fit, from the place where the piece begins, as many as it holds.
fn cut<T, U: Serialize, F: Into<Fit>>(
    rows: &[T],
    found: &Found<T>,
    reach: &Reach,
    size: Size,
    fits: impl Fn(&T) -> F,
    show: impl Fn(&T) -> U,
) -> (Vec<U>, End) {
    let order = Order::of(rows, found.from, reach.ended, fits);
    let mut records = Vec::new();
    let mut next = None;
    let mut length = 0;
    for (place, row) in order.rest() {
        if records.len() == size.rows {
            next = Some(place);
            break;
        }
        let Some(row) = rows.get(row).map(&show) else {
            continue;
        };
        // A caller who names a limit has said how long the piece may be.
        let its_length = if size.bytes == usize::MAX {
            0
        } else {
            size::of(&row) + 1
        };
        if length + its_length > size.bytes && !records.is_empty() {
            next = Some(place);
            break;
        }
        length += its_length;
        records.push(row);
    }
    // Another process reads it again and is not there yet.
    if !reach.ended && found.from > rows.len() {
        next = Some(found.from);
    }
    let end = End {
        next,
        matched: order.rows.len(),
        shown: records.len(),
    };
    (records, end)
}

impl<T: Send> Found<T> {
    async fn read(&self, access: &Access, ask: &Ask, size: Size) -> Result<Reach, Refusal> {
        // Rows that fit a filter may be on any page: only the end is enough.
        let enough = if self.filtered || ask.counting.is_some() {
            usize::MAX
        } else {
            self.from.saturating_add(size.rows)
        };
        self.scan.drive_to(access, ask, enough, self.sparing).await
    }
}
