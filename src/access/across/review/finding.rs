//! What a review says of one thing that should not be.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FindingKind;

/// How much a finding matters.
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

/// Something that should not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Finding {
    /// The same in every review as long as it is there: its kind, and the account or thing.
    pub id: String,
    /// The name of the group that is meant, as somebody gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub title: String,
    /// What shows it.
    pub evidence: Vec<String>,
    /// The call that fixes it, or looks further where a person must decide. Absent where no call of this server does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// What a person decides or does. Each finding has this, or `fix`, or both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Finding {
    /// The sort of finding that it is.
    pub(super) fn kind(&self) -> Option<FindingKind> {
        FindingKind::from_word(self.id.split(':').next()?)
    }

    /// The addresses that the call which fixes it is about.
    pub(super) fn addresses(&self) -> Vec<&str> {
        let Some(Fix { arguments, .. }) = &self.fix else {
            return Vec::new();
        };
        let several = arguments["emails"].as_array().into_iter().flatten();
        let all = std::iter::once(&arguments["email"]).chain(several);
        all.filter_map(Value::as_str).collect()
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
