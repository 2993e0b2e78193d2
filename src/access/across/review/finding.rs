//! A finding: something that should not be, with its evidence and the remedy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Formatter};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FindingKind, Subject};

/// The weight of a finding.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Severity {
    /// Somebody can do or see what they should not.
    High,
    /// It may become that.
    Medium,
    /// Untidy.
    Low,
}

/// One thing that should not be.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub id: FindingId,
    pub about: Subject,
    pub severity: Severity,
    /// Says what is wrong, as the end of a sentence that begins with the subject.
    pub title: String,
    /// The facts that show it.
    pub evidence: Vec<String>,
    /// The call that fixes it, or looks further where a person must decide. Absent where no call of this server does.
    pub fix: Option<Fix>,
    /// The decision or action of a person. Each finding has this, or `fix`, or both.
    pub next: Option<String>,
}

/// The id of a finding, equal in every review as long as the finding is there: its kind, and the account or thing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FindingId {
    pub kind: FindingKind,
    pub about: Option<String>,
}

impl Display for FindingId {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match &self.about {
            Some(about) => write!(f, "{}:{about}", self.kind),
            None => write!(f, "{}", self.kind),
        }
    }
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Fix {
    /// The tool.
    pub tool: String,
    /// Its arguments.
    #[schemars(with = "BTreeMap<String, Value>")]
    pub arguments: Value,
}

impl Fix {
    pub(super) fn call(tool: &str, arguments: Value) -> Self {
        Self {
            tool: tool.to_owned(),
            arguments,
        }
    }
}

/// Findings, and what could not be looked for.
#[derive(Default)]
pub(super) struct Found {
    pub findings: Vec<Finding>,
    pub not_checked: Vec<String>,
    /// The kinds of findings that a rule was looking for.
    pub looked_for: BTreeSet<FindingKind>,
    /// Why kinds of findings could not be looked for, or not in everything that was read.
    pub missed: BTreeMap<FindingKind, Vec<String>>,
}

impl Found {
    pub(super) fn looked_for(&mut self, kinds: &[FindingKind]) {
        self.looked_for.extend(kinds);
    }

    /// These kinds were not looked for, or not in everything that was read.
    pub(super) fn missed(&mut self, kinds: &[FindingKind], why: &str) {
        for kind in kinds {
            self.missed.entry(*kind).or_default().push(why.to_owned());
        }
    }
}
