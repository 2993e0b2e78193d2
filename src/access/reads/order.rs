//! The order in which the rows of a list are answered: as they were read, or those whose name is exactly the one that was given first.
//!
//! A place in it is a number, for cursors. As long as the read goes on it is the number of a row, because a later row can be the one that
//! is meant. Of a read that ended the rows stay, and a place beyond the number of rows counts in the order with exact names first; a
//! cursor of before keeps its order to the end, so that no row comes twice.

use crate::roster::Fit;

/// The rows that fit, by their numbers.
pub(super) struct Order {
    /// In this order.
    pub rows: Vec<usize>,
    /// The one that a piece begins with.
    from: usize,
    /// The number that is added to a place in `rows`, where those of exact names come first.
    beyond: Option<usize>,
}

impl Order {
    pub(super) fn of<T, F: Into<Fit>>(
        all: &[T],
        from: usize,
        ended: bool,
        fits: impl Fn(&T) -> F,
    ) -> Self {
        let beyond = all.len() + 1;
        let (mut rows, mut exact) = (Vec::new(), Vec::new());
        for (at, row) in all.iter().enumerate() {
            let fit = fits(row).into();
            rows.extend((fit != Fit::No).then_some(at));
            exact.extend((fit == Fit::Exactly).then_some(at));
        }
        let reads_on = from > 0 && from < beyond;
        if !ended || reads_on || exact.is_empty() {
            let from = rows.partition_point(|at| *at < from);
            return Self {
                rows,
                from,
                beyond: None,
            };
        }
        rows.retain(|at| exact.binary_search(at).is_err());
        exact.append(&mut rows);
        Self {
            rows: exact,
            from: from.saturating_sub(beyond),
            beyond: Some(beyond),
        }
    }

    /// The rows from where the piece begins, each with its place.
    pub(super) fn rest(&self) -> impl Iterator<Item = (usize, usize)> {
        let rows = self.rows.iter().enumerate().skip(self.from);
        rows.map(|(at, row)| match self.beyond {
            Some(beyond) => (beyond + at, *row),
            None => (*row, *row),
        })
    }
}
