//! The ends of a command: the exit codes that scripts act on.

use std::process::ExitCode;

use serde_json::Value;

use crate::toolkit::Refused;

/// The end of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// Done, or answered whole.
    Done = 0,
    /// Refused, or failed.
    Failed = 1,
    /// Typed wrong.
    Usage = 2,
    /// Nothing was changed yet: a confirmation is needed.
    Confirm = 3,
    /// Not read or not done to the end, or not known.
    Incomplete = 4,
    /// The system accepted the request, and nothing changed.
    NoEffect = 5,
    /// `find`: answered whole, and there are accounts. Only 0 says that there are none.
    Found = 6,
}

/// The reason why a command did not come to a result, with its end.
#[derive(Debug)]
pub(super) struct Fail {
    pub end: End,
    pub sentence: String,
}

impl Fail {
    /// Something was typed wrong; the sentence says what to type instead.
    pub(super) fn usage(sentence: impl Into<String>) -> Self {
        Self {
            end: End::Usage,
            sentence: sentence.into(),
        }
    }
}

impl From<String> for Fail {
    fn from(sentence: String) -> Self {
        Self {
            end: End::Failed,
            sentence,
        }
    }
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        Self::from(end as u8)
    }
}

impl End {
    /// Returns the end of a command whose tool gave this result.
    pub(super) fn of(result: &Value) -> Self {
        let word = |key: &str| result.get(key).and_then(Value::as_str);
        let by_status = match word("status") {
            Some("failed" | "not_attempted") => Self::Failed,
            Some("confirmation_required") => Self::Confirm,
            Some("unknown" | "reading" | "partial" | "incomplete" | "residual") => Self::Incomplete,
            Some("no_effect") => Self::NoEffect,
            _ => Self::Done,
        };
        let cut = result.get("next_cursor").is_some()
            || result.get("complete").and_then(Value::as_bool) == Some(false)
            || word("verdict") == Some("unknown");
        let unread = result
            .get("unknown")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|part| part.get("kind").and_then(Value::as_str) != Some("not_configured"));
        match by_status {
            Self::Done if cut || unread => Self::Incomplete,
            end => end,
        }
    }

    /// Returns the end of a command whose call was refused.
    pub(super) fn of_refusal(refused: Option<Refused>) -> Self {
        match refused.map(|it| it.word) {
            Some("bad_arguments" | "unknown_tool") => Self::Usage,
            Some("incomplete_read" | "cancelled" | "could_not_read") => Self::Incomplete,
            // The person was asked and did not agree.
            Some("asks_a_person" | "no_person_agreed") => Self::Confirm,
            _ => Self::Failed,
        }
    }

    /// The one that a script must hear of when several commands ran in one: the gravest.
    pub(super) fn and(self, other: Self) -> Self {
        let weight = |end: Self| match end {
            Self::Done => 0,
            Self::Found | Self::NoEffect => 1,
            Self::Confirm => 2,
            Self::Incomplete => 3,
            Self::Failed => 4,
            Self::Usage => 5,
        };
        if weight(other) > weight(self) {
            other
        } else {
            self
        }
    }
}
