//! Selects lines of the record.

use std::collections::BTreeSet;

use jiff::{Span, Timestamp};
use serde_json::Value;

use super::rows::detail;
use crate::cli::args::Tail;
use crate::cli::columns::text;
use crate::cli::end::Fail;

/// Selects lines by person, time and tool. Lines that belong to a selected one (its outcome, its confirmation) are selected too.
pub(super) struct Filter {
    person: Option<String>,
    since: Option<Timestamp>,
    tool: Option<String>,
    /// Intents and plans of lines that were taken.
    taken: BTreeSet<String>,
}

impl Filter {
    pub(super) fn new(wanted: &Tail, since: Option<Timestamp>) -> Self {
        Self {
            person: wanted.person.as_ref().map(|person| person.to_lowercase()),
            since,
            tool: wanted.tool.clone(),
            taken: BTreeSet::new(),
        }
    }

    pub(super) fn takes(&mut self, line: &str) -> bool {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            return self.person.is_none() && self.tool.is_none() && self.since.is_none();
        };
        let at = text(&value, "at").parse().ok();
        if self
            .since
            .is_some_and(|since| at.is_none_or(|at: Timestamp| at < since))
        {
            return false;
        }
        let names = |value: &Value| {
            [
                text(value, "intent"),
                text(value, "plan"),
                detail(value, "plan"),
            ]
        };
        let belongs = names(&value).iter().any(|name| self.taken.contains(name));
        let of_tool = self
            .tool
            .as_ref()
            .is_none_or(|tool| [text(&value, "tool"), detail(&value, "tool")].contains(tool));
        let of_person = self
            .person
            .as_ref()
            .is_none_or(|person| line.to_lowercase().contains(person.as_str()));
        let takes = belongs || (of_tool && of_person);
        if takes {
            self.taken
                .extend(names(&value).into_iter().filter(|name| !name.is_empty()));
        }
        takes
    }
}

/// `2026-11-01`, a time, or how long ago: `7d`, `12h`.
pub(super) fn since(typed: &str, now: Timestamp) -> Result<Timestamp, Fail> {
    let of_day = || {
        let day: jiff::civil::Date = typed.parse().ok()?;
        Some(
            day.to_zoned_datetime(jiff::tz::TimeZone::system())
                .ok()?
                .timestamp(),
        )
    };
    let ago = || {
        let (number, unit) = typed.split_at_checked(typed.len().checked_sub(1)?)?;
        let number: i64 = number.parse().ok()?;
        let hours = match unit {
            "h" => number,
            "d" => number.checked_mul(24)?,
            "w" => number.checked_mul(24 * 7)?,
            _ => return None,
        };
        now.checked_sub(Span::new().try_hours(hours).ok()?).ok()
    };
    typed.parse().ok().or_else(of_day).or_else(ago).ok_or_else(|| {
        Fail::usage(format!("`{typed}` is no time; write `--since 7d`, `--since 12h`, `--since 2026-11-01` or a time such as `2026-11-01T09:00:00Z`"))
    })
}
