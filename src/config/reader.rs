//! Typed reading of what was given. Asking for a key is what makes it known: there is no second list of keys to keep.
//!
//! A wrong value becomes a problem and the default takes its place, so that reading goes on and every problem is found at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use url::Url;

use super::problem::{Origin, Problem, Problems};

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    List(Vec<Value>),
    /// Something that no setting takes, by the name to show.
    Other(&'static str),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "a whole number",
            Self::List(_) => "a list",
            Self::Other(kind) => kind,
        }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

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

    /// Whether anything of a table was given.
    pub(super) fn has_table(&self, table: &str) -> bool {
        self.given
            .keys()
            .any(|key| key.split_once('.').is_some_and(|(it, _)| it == table))
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

    /// How many problems there are so far.
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

    /// A base address: HTTPS, or plain HTTP on this machine alone. Never shown back: it could hold a credential by mistake.
    pub(super) fn base_url(&mut self, key: &'static str, default: &str) -> Option<Url> {
        let Some((text, origin)) = self.text(key) else {
            return Url::parse(default).ok();
        };
        let why = match Url::parse(&text) {
            Err(error) => format!("is not an address ({error})"),
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                "holds a user name or password; credentials go into `api_key`".to_owned()
            }
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                "holds `?` or `#`; it must end with the path".to_owned()
            }
            Ok(url) if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) => {
                return Some(url);
            }
            Ok(_) => "must begin with `https://`; plain `http://` is for this machine's own addresses (`127.0.0.1`, `[::1]`, `localhost`) alone".to_owned(),
        };
        self.problem(origin, format!("`{key}` {why}; the default is `{default}`"));
        None
    }

    /// Turns everything that nobody asked for into a problem, and tells whether there was any problem at all.
    pub(super) fn finish(mut self) -> Result<(), Problems> {
        let tables: BTreeSet<&str> = self
            .known
            .iter()
            .filter_map(|key| Some(key.split_once('.')?.0))
            .collect();
        let mut told = BTreeSet::new();
        for (key, given) in std::mem::take(&mut self.given) {
            let what = match key.split_once('.') {
                Some((table, _)) if !tables.contains(table) => {
                    if !told.insert(table.to_owned()) {
                        continue;
                    }
                    let nearest = super::nearest::to_table(table, tables.iter().copied());
                    format!("there is no table `[{table}]`{nearest}")
                }
                Some((table, name)) => {
                    let names = self
                        .known
                        .iter()
                        .filter_map(|it| it.split_once('.').filter(|(it, _)| *it == table))
                        .map(|(_, name)| name);
                    let nearest = super::nearest::to(name, names);
                    format!("there is no key `{name}` in `[{table}]`{nearest}")
                }
                None if tables.contains(key.as_str()) => {
                    format!("`{key}` is a table; write `[{key}]` on a line of its own")
                }
                None => {
                    let home = self
                        .known
                        .iter()
                        .find(|it| it.ends_with(&format!(".{key}")));
                    match home.and_then(|it| it.split_once('.')) {
                        Some((table, _)) => {
                            format!("`{key}` stands above every table; move it under `[{table}]`")
                        }
                        None => {
                            format!("`{key}` stands above every table, and no table has such a key")
                        }
                    }
                }
            };
            self.problems.push(Problem {
                origin: given.origin,
                what,
            });
        }
        self.problems.sort();
        self.problems.dedup();
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Problems(self.problems))
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
