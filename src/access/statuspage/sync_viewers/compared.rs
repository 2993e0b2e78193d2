//! Compares the page access users of a page with a wanted list: people to add, to change and to remove.

use std::collections::{BTreeMap, BTreeSet};

use crate::roster::{Desired, Email, Record};

/// The difference. Pure: nothing is read or sent.
#[derive(Default)]
pub(super) struct Compared<'a> {
    /// Wanted, and not there.
    pub adds: Vec<&'a Desired>,
    /// There, and wanted with groups.
    pub regroup: Vec<(&'a Record, &'a Desired)>,
    /// There, and not wanted.
    pub removals: Vec<&'a Record>,
    /// There, wanted, and nothing said about groups.
    pub unchanged: usize,
    /// There without an address that can be compared: never touched.
    pub left_alone: usize,
}

impl<'a> Compared<'a> {
    pub(super) fn of(current: &'a [Record], wanted: &'a [Desired]) -> Self {
        let by_email: BTreeMap<&Email, &Desired> = wanted
            .iter()
            .map(|person| (&person.email, person))
            .collect();
        let mut found = Self::default();
        let mut there = BTreeSet::new();
        for record in current {
            let Some(email) = &record.email else {
                found.left_alone += 1;
                continue;
            };
            match by_email.get(email) {
                None => found.removals.push(record),
                Some(person) => {
                    there.insert(email);
                    if person.groups.is_some() {
                        found.regroup.push((record, person));
                    } else {
                        found.unchanged += 1;
                    }
                }
            }
        }
        found.adds = wanted
            .iter()
            .filter(|person| !there.contains(&person.email))
            .collect();
        found
    }
}
