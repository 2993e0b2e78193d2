//! The differences between two rosters.

use std::collections::BTreeMap;

use super::{Kind, Record, RecordId, RecordScope, System};

/// One account before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// As it was.
    pub before: Record,
    /// As it is.
    pub after: Record,
}

/// Two rosters compared, account by account; each list is ordered by system, kind, scope and id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Accounts that are new.
    pub added: Vec<Record>,
    /// Accounts that are gone.
    pub removed: Vec<Record>,
    /// Accounts that differ in anything but the time of reading.
    pub changed: Vec<Changed>,
}

impl Difference {
    /// Returns whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

type Key<'a> = (System, Kind, &'a RecordScope, &'a RecordId);

fn by_account(records: &[Record]) -> BTreeMap<Key<'_>, &Record> {
    records
        .iter()
        .map(|r| ((r.system, r.kind, &r.scope, &r.id), r))
        .collect()
}

/// Compares two rosters. An account is the same when system, kind, scope and id are; somebody who was removed and added
/// again has a new id and so appears in both lists. Only complete rosters can be compared: the caller sees to that.
#[must_use]
pub fn difference(before: &[Record], after: &[Record]) -> Difference {
    let (old, new) = (by_account(before), by_account(after));
    let mut found = Difference::default();
    for (key, record) in &new {
        match old.get(key) {
            None => found.added.push((*record).clone()),
            Some(was) if !same(was, record) => {
                found.changed.push(Changed {
                    before: (*was).clone(),
                    after: (*record).clone(),
                });
            }
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key));
    found
        .removed
        .extend(gone.map(|(_, record)| (*record).clone()));
    found
}

/// Equal in everything but the time of reading; an address in another case is a change.
fn same(a: &Record, b: &Record) -> bool {
    let spelled = |r: &Record| r.email.as_ref().map(|e| e.as_str().to_owned());
    spelled(a) == spelled(b)
        && *a
            == Record {
                provenance: a.provenance.clone(),
                ..b.clone()
            }
}
