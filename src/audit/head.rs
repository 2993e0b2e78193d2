//! The head of the record, in a file beside it: enough to append without reading the record, and to see that its end is missing.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    Broken, Cause, Unfinished, Why,
    line::{Body, Line, START},
};
use crate::store::disk;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) hash: String,
    /// Intents without an outcome, in the order of the record.
    open: BTreeMap<u64, Unfinished>,
}

impl Head {
    /// Returns the head of a record without lines.
    pub(super) fn empty() -> Self {
        Self {
            lines: 0,
            bytes: 0,
            hash: START.to_owned(),
            open: BTreeMap::new(),
        }
    }

    /// `None`: there is no such file.
    pub(super) fn read(record: &Path) -> Result<Option<Self>, Cause> {
        let content = match std::fs::read(path(record)) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match serde_json::from_slice(&content) {
            Ok(head) => Ok(Some(head)),
            Err(_) => Err(Broken {
                line: None,
                why: Why::HeadUnreadable,
            }
            .into()),
        }
    }

    pub(super) fn write(&self, record: &Path) -> io::Result<()> {
        disk::replace(&path(record), &serde_json::to_vec(self)?)
    }

    /// Takes one more line in, which is `bytes` long with its newline.
    pub(super) fn follow(&mut self, line: Line, bytes: u64) {
        self.lines += 1;
        self.bytes += bytes;
        if let Some(unfinished) = line.unfinished() {
            self.open.insert(self.lines, unfinished);
        } else if let Body::Outcome { intent, .. } = &line.body {
            self.open.retain(|_, open| open.intent != *intent);
        }
        self.hash = line.hash;
    }

    pub(super) fn open(&self) -> impl Iterator<Item = &Unfinished> {
        self.open.values()
    }
}

fn path(record: &Path) -> PathBuf {
    super::beside(record, ".head")
}
