//! Rows that are counted and not shown: by which values, and how many have each.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::access::Ask;
use crate::roster::{
    By, DirectoryGroup, DirectoryUser, Incident, Invitation, MetricDetail, PageAccessGroup, Record,
    Subscriber, ValueCount,
};

/// Values in an answer where the caller names no limit.
const VALUES: usize = 30;

/// Stands for a value that the system did not say.
const NOT_TOLD: &str = "(not told)";
/// An account without an address.
const NO_ADDRESS: &str = "(no address)";

/// A row that can be counted.
pub(in crate::access) trait Counted {
    /// The values that it counts for.
    fn values(&self, by: By) -> Vec<String>;
}

impl Counted for Record {
    fn values(&self, by: By) -> Vec<String> {
        let several = |all: Option<Vec<String>>, none: &str| match all {
            None => vec![NOT_TOLD.to_owned()],
            Some(all) if all.is_empty() => vec![none.to_owned()],
            Some(all) => all,
        };
        match by {
            By::Domain => vec![
                self.address()
                    .map_or(NO_ADDRESS, |email| email.domain())
                    .to_owned(),
            ],
            By::Status => one(self.status.map(|status| status.to_string())),
            By::Type => vec![self.kind.to_string()],
            By::Role => {
                let roles = self.roles.as_ref().map(|all| all.iter());
                let roles = roles.map(|all| all.map(ToString::to_string).collect());
                several(roles, "(no role)")
            }
            By::Group => {
                let ids = self.groups.as_ref().map(|all| all.iter());
                let ids = ids.map(|all| all.map(ToString::to_string).collect());
                several(ids, "(in no group)")
            }
        }
    }
}

impl Counted for Subscriber {
    fn values(&self, by: By) -> Vec<String> {
        match by {
            By::Type => vec![self.mode.to_string()],
            _ => self.record.values(by),
        }
    }
}

impl Counted for DirectoryUser {
    fn values(&self, by: By) -> Vec<String> {
        self.record.values(by)
    }
}

impl Counted for Invitation {
    fn values(&self, by: By) -> Vec<String> {
        self.record.values(by)
    }
}

impl Counted for Incident {
    fn values(&self, by: By) -> Vec<String> {
        match by {
            By::Status => one(self.status.clone()),
            _ => vec![self.kind.to_string()],
        }
    }
}

macro_rules! only_counted {
    ($($row:ty),*) => {$(
        impl Counted for $row {
            fn values(&self, _by: By) -> Vec<String> {
                vec![NOT_TOLD.to_owned()]
            }
        }
    )*};
}

only_counted!(PageAccessGroup, DirectoryGroup, MetricDetail);

/// One value, or that it was not told.
pub(in crate::access) fn one(value: Option<String>) -> Vec<String> {
    vec![value.unwrap_or_else(|| NOT_TOLD.to_owned())]
}

/// The numbers that a count comes to.
#[derive(Debug, Default)]
pub(in crate::access) struct Tallied {
    /// Rows that fit.
    pub matched: usize,
    /// By value, the most first.
    pub by: Vec<ValueCount>,
    /// Says what there is besides those.
    pub more: Option<String>,
}

/// Counts the rows that fit.
pub(in crate::access) fn count<T: Counted>(
    rows: &[T],
    by: Option<By>,
    most: Option<u32>,
    fits: impl Fn(&T) -> bool,
) -> Tallied {
    let mut values: BTreeMap<String, usize> = BTreeMap::new();
    let mut matched = 0;
    for row in rows.iter().filter(|row| fits(row)) {
        matched += 1;
        for value in by.into_iter().flat_map(|by| row.values(by)) {
            *values.entry(value).or_default() += 1;
        }
    }
    let counts = values.into_iter();
    let mut by: Vec<ValueCount> = counts
        .map(|(value, count)| ValueCount { value, count })
        .collect();
    by.sort_by_key(|it| Reverse(it.count));
    let most = most.and_then(|most| usize::try_from(most).ok());
    let rest = by.split_off(by.len().min(most.unwrap_or(VALUES)));
    let more = (!rest.is_empty()).then(|| {
        let together: usize = rest.iter().map(|it| it.count).sum();
        format!(
            "{} further values count {together} together and are not shown: `limit` shows up to 200 values",
            rest.len()
        )
    });
    Tallied { matched, by, more }
}

impl Ask {
    /// Names the question in cursors: a count goes on as a count.
    pub(in crate::access) fn question(&self) -> String {
        match self.counting {
            None => self.tool.to_owned(),
            Some(counting) => format!("{} counted {:?}", self.tool, counting.by),
        }
    }
}
