//! Typed reading of what was given. Asking for a key is what makes it known: there is no second list of keys to keep.
//!
//! A wrong value becomes a problem and the default takes its place, so that reading goes on and every problem is found at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use url::Url;

use super::given::{Given, Value};
use super::problem::{Origin, Problem, Problems};
use crate::upstream::check_address;

/// The settings that were given, by full key (`table.key`).
pub(super) struct Reader {
    given: BTreeMap<String, Given>,
    known: BTreeSet<&'static str>,
    problems: Vec<Problem>,
    home: Option<PathBuf>,
}

impl Reader {
    pub(super) fn new(
        given: BTreeMap<String, Given>,
        problems: Vec<Problem>,
        home: Option<PathBuf>,
    ) -> Self {
        Self {
            given,
            known: BTreeSet::new(),
            problems,
            home,
        }
    }

    /// Returns whether anything of a table was given.
    pub(super) fn has_table(&self, table: &str) -> bool {
        self.given
            .keys()
            .any(|key| key.split_once('.').is_some_and(|(it, _)| it == table))
    }

    /// Returns whether any key was given that begins so.
    pub(super) fn has_any(&self, beginning: &str) -> bool {
        self.given.keys().any(|key| key.starts_with(beginning))
    }

    /// Takes what was given for a key, and makes the key known.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Given> {
        self.known.insert(key);
        self.given.remove(key)
    }

    /// Every key that was asked for.
    pub(super) fn known(&self) -> impl Iterator<Item = &'static str> {
        self.known.iter().copied()
    }

    /// Returns the number of problems found so far.
    pub(super) fn problem_count(&self) -> usize {
        self.problems.len()
    }

    /// Notes a problem.
    pub(super) fn problem(&mut self, origin: Origin, what: String) {
        self.problems.push(Problem { origin, what });
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<(String, Origin)> {
        let Given { value, origin } = self.take(key)?;
        match value {
            Value::Text(text) if !text.trim().is_empty() => Some((text.trim().to_owned(), origin)),
            Value::Text(_) => {
                self.problem(
                    origin,
                    format!("`{key}` is empty; give it a value or remove it"),
                );
                None
            }
            other => {
                self.problem(
                    origin,
                    format!("`{key}` must be text in quotes, not {}", other.kind()),
                );
                None
            }
        }
    }

    pub(super) fn whole(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        let Some(Given { value, origin }) = self.take(key) else {
            return default;
        };
        let found = match &value {
            Value::Whole(number) => {
                match u32::try_from(*number).ok().filter(|it| range.contains(it)) {
                    Some(number) => return number,
                    None => number.to_string(),
                }
            }
            other => other.kind().to_owned(),
        };
        let (from, to) = (range.start(), range.end());
        let what = format!(
            "`{key}` must be a whole number from {from} to {to}, not {found}; the default is {default}"
        );
        self.problem(origin, what);
        default
    }

    /// One of a few words; the first is the default.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        default: T,
        words: &[(&str, T)],
    ) -> T {
        let Some((word, origin)) = self.text(key) else {
            return default;
        };
        if let Some((_, meaning)) = words.iter().find(|(it, _)| *it == word) {
            return *meaning;
        }
        let all = words
            .iter()
            .map(|(it, _)| format!("`{it}`"))
            .collect::<Vec<_>>()
            .join(" or ");
        self.problem(origin, format!("`{key}` must be {all}, not `{word}`"));
        default
    }

    /// A list of text, each entry of which `check` turns into what it means or says what is wrong with it.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let Given { value, origin } = self.take(key)?;
        let Value::List(items) = value else {
            let what = format!(
                "`{key}` must be a list, as `[\"…\", \"…\"]`, not {}",
                value.kind()
            );
            self.problem(origin, what);
            return None;
        };
        let mut good = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let at = at + 1;
            let checked = match item {
                Value::Text(text) => check(text.trim()),
                other => Err(format!("must be text in quotes, not {}", other.kind())),
            };
            match checked {
                Ok(entry) => good.push(entry),
                Err(why) => self.problem(origin.clone(), format!("`{key}`, entry {at}: {why}")),
            }
        }
        Some(good)
    }

    /// A day, with quotes or without.
    pub(super) fn date(&mut self, key: &'static str) -> Option<Date> {
        let Given { value, origin } = self.take(key)?;
        match date(&value) {
            Ok(date) => Some(date),
            Err(why) => {
                self.problem(origin, format!("`{key}` {why}"));
                None
            }
        }
    }

    /// A list of tables, each of which `check` turns into what it means or says what is wrong with it.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        check: impl Fn(BTreeMap<String, Value>) -> Result<T, String>,
    ) -> Vec<T> {
        let Some(Given { value, origin }) = self.take(key) else {
            return Vec::new();
        };
        let Value::List(items) = value else {
            let what = format!(
                "`{key}` must be a list of tables, as `[{{ name = \"…\" }}]`, not {}",
                value.kind()
            );
            self.problem(origin, what);
            return Vec::new();
        };
        let mut good = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            let checked = match item {
                Value::Table(table) => check(table),
                other => Err(format!("must be a table in braces, not {}", other.kind())),
            };
            match checked {
                Ok(entry) => good.push(entry),
                Err(why) => {
                    self.problem(origin.clone(), format!("`{key}`, entry {}: {why}", at + 1));
                }
            }
        }
        good
    }

    /// A path. `~/` is the home folder; a relative path in the file is taken from the file's own folder, so that it means
    /// the same whatever folder an MCP host starts the server in.
    pub(super) fn path(&mut self, key: &'static str) -> Option<(PathBuf, Origin)> {
        let (text, origin) = self.text(key)?;
        let path = match (text.strip_prefix("~/"), &self.home, &origin) {
            (Some(rest), Some(home), _) => home.join(rest),
            (Some(_), None, _) => {
                let what =
                    format!("`{key}` begins with `~/` but `HOME` is not set; write the whole path");
                self.problem(origin, what);
                return None;
            }
            (None, _, Origin::File(file, _)) => {
                file.parent().unwrap_or_else(|| Path::new("")).join(text)
            }
            (None, _, _) => PathBuf::from(text),
        };
        Some((path, origin))
    }

    /// A base address that `upstream` would send a key to. Never shown back: it could hold a credential by mistake.
    pub(super) fn base_url(
        &mut self,
        system: &'static str,
        key: &'static str,
        default: &str,
    ) -> Option<Url> {
        let Some((text, origin)) = self.text(key) else {
            return Url::parse(default).ok();
        };
        let checked = Url::parse(&text).map_err(|error| format!("it is not an address ({error})"));
        let checked = checked.and_then(|url| match check_address(system, &url) {
            Ok(()) => Ok(url),
            Err(error) => Err(error.to_string()),
        });
        checked
            .map_err(|why| {
                self.problem(
                    origin,
                    format!("`{key}`: {why}; the default is `{default}`"),
                )
            })
            .ok()
    }

    /// Turns everything that nobody asked for into a problem, and tells whether there was any problem at all.
    pub(super) fn finish(mut self) -> Result<(), Problems> {
        let unread = std::mem::take(&mut self.given);
        self.problems
            .extend(super::unknown::problems(unread, &self.known));
        self.problems.sort();
        self.problems.dedup();
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Problems(self.problems))
        }
    }
}

/// A day as `2026-01-31`, in quotes or as TOML's own date.
pub(super) fn date(value: &Value) -> Result<Date, String> {
    let found = match value {
        Value::Text(text) | Value::Date(text) => match text.trim().parse() {
            Ok(date) => return Ok(date),
            // Not shown: what stands where something about a key belongs may be the key.
            Err(_) => "the text there".to_owned(),
        },
        other => other.kind().to_owned(),
    };
    Err(format!("must be a day such as 2026-01-31, not {found}"))
}
