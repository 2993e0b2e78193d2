//! The answer to a call.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::access::{Question, Refusal, Spelling, quoted};
use crate::upstream;

/// The last words of every refusal.
const ENDING: &str = "Nothing was changed.";

/// An answer, before any protocol gives it a form.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The text that a client shows: the result as JSON, or the sentence of an error.
    pub text: String,
    /// True when the call was refused or failed.
    pub is_error: bool,
    /// Neither result nor error: a person has to answer this before the call can go on. Whoever cannot ask treats it as the
    /// error that the text says.
    pub question: Option<Box<Question>>,
    /// The reason why the call was refused, for programs that act on more than the sentence; absent where there is a result.
    pub refused: Option<Refused>,
    /// The rows that the text ends with, where they are in writing.
    rows: Option<Arc<Spelling>>,
}

/// A refusal, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// A short word, the same as in metrics and in the audit file.
    pub word: &'static str,
    /// After how long the same call can succeed, where it only has to wait for the request budget.
    pub again_in: Option<Duration>,
}

impl Answer {
    /// A result; `rows` are those that it ends with.
    pub(super) fn result<T: Serialize>(output: &T, rows: Option<&Arc<Spelling>>) -> Self {
        match serde_json::to_string(output) {
            Ok(text) => Self {
                text,
                is_error: false,
                question: None,
                refused: None,
                rows: rows.cloned(),
            },
            Err(error) => Self::error(format!(
                "the call was carried out but its result could not be written as JSON: {error}. Read the current state before anything else."
            )),
        }
    }

    /// The text as it stands inside a JSON text, without the quotation marks around it, in as few pieces as it takes.
    #[must_use]
    pub fn quoted(&self) -> Vec<Cow<'_, str>> {
        const AFTER: &str = "}";
        let known = self.rows.as_ref().and_then(|rows| {
            let before = self.text.strip_suffix(AFTER)?.strip_suffix(rows.plain())?;
            before.ends_with("\"records\":").then_some((before, rows))
        });
        match known {
            Some((before, rows)) => vec![
                quoted(before).into(),
                rows.quoted().into(),
                quoted(AFTER).into(),
            ],
            None => vec![quoted(&self.text).into()],
        }
    }

    /// The result for programs: the text, read. Absent on an error: clients check it against the output schema and would hide the
    /// words.
    #[must_use]
    pub fn structured(&self) -> Option<Value> {
        if self.is_error {
            return None;
        }
        serde_json::from_str(&self.text).ok()
    }

    /// Adds warnings that belong to every answer: in `warnings` of a result, before the last words of an error.
    pub(super) fn warned(mut self, warnings: Vec<String>) -> Self {
        if warnings.is_empty() {
            return self;
        }
        let Some(Value::Object(mut result)) = self.structured() else {
            let warnings_text = warnings.join(". Warning: ");
            self.text = match self.text.strip_suffix(ENDING) {
                Some(words) => format!("{words}Warning: {warnings_text}. {ENDING}"),
                None => format!("{} Warning: {warnings_text}.", self.text),
            };
            return self;
        };
        let place = result
            .entry("warnings")
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(told) = place {
            told.extend(warnings.into_iter().map(Value::String));
        }
        self.text = Value::Object(result).to_string();
        self
    }

    /// An error: a sentence that says what, why, what changed and what next.
    #[must_use]
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_error: true,
            question: None,
            refused: None,
            rows: None,
        }
    }

    /// The error of a refusal.
    pub(super) fn refusal(refusal: &Refusal) -> Self {
        let again_in = match refusal {
            Refusal::Upstream(error) => error.upstream().and_then(upstream::Error::retry_after),
            _ => None,
        };
        Self {
            refused: Some(Refused {
                word: refusal.word(),
                again_in,
            }),
            ..Self::error(refusal.to_string())
        }
    }

    /// The error of a name that no tool has.
    pub(super) fn unknown_tool(text: String) -> Self {
        Self {
            refused: Some(Refused {
                word: "unknown_tool",
                again_in: None,
            }),
            ..Self::error(text)
        }
    }

    pub(super) fn asks(question: Box<Question>) -> Self {
        let why = crate::access::Refusal::Asks(question.clone()).to_string();
        Self {
            question: Some(question),
            ..Self::error(why)
        }
    }
}
