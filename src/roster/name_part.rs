//! Filters of lists of people or things: worked out once, compared with every record.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use smol_str::SmolStr;

use super::{Email, Record, email::domain::ascii, text};

/// Says how well something fits what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It does not.
    No,
    /// It does.
    Yes,
    /// It does, and its name is the one that was given: such rows come first.
    Exactly,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}

impl Fit {
    /// Keeps it where everything else fits too.
    #[must_use]
    pub fn and(self, fits: bool) -> Self {
        if fits { self } else { Self::No }
    }
}

/// The mark of a row whose name is the one that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum NameMatch {
    /// The whole name, without regard to case.
    Exact,
}

impl NameMatch {
    /// The mark, where there is one.
    #[must_use]
    pub fn of(fit: Fit) -> Option<Self> {
        (fit == Fit::Exactly).then_some(Self::Exact)
    }
}

/// A part of a name, without regard to case.
#[derive(Debug, Clone)]
pub struct NamePart(String);

impl NamePart {
    /// The part that somebody looks for, cleaned as stored names are.
    #[must_use]
    pub fn of(part: &str) -> Self {
        Self(text::clean(part, text::NAME).text.to_lowercase())
    }

    /// Says how well a name fits.
    #[must_use]
    pub fn fits(&self, name: Option<&str>) -> Fit {
        match name.map(str::to_lowercase) {
            Some(name) if name == self.0 => Fit::Exactly,
            Some(name) => name.contains(&self.0).into(),
            None => Fit::No,
        }
    }

    /// Says how well the first and last name together, or the name that is shown, fit.
    #[must_use]
    pub fn names(&self, record: &Record) -> Fit {
        let names = [&record.first_name, &record.last_name];
        let whole: Vec<&str> = names.into_iter().flatten().map(SmolStr::as_str).collect();
        let whole = (!whole.is_empty()).then(|| whole.join(" "));
        let shown = record.display_name.as_deref();
        self.fits(whole.as_deref()).max(self.fits(shown))
    }
}

/// The part of an address after the `@`, without regard to case and to the form it is written in; `*.example.com` is `example.com` with
/// every domain below it.
#[derive(Debug, Clone)]
pub struct Domain {
    name: String,
    subdomains: bool,
}

impl Domain {
    /// The domain that somebody looks for, with or without its `@`.
    #[must_use]
    pub fn of(domain: &str) -> Self {
        let domain = domain.trim().trim_start_matches('@');
        let below = domain.strip_prefix("*.");
        let domain = below.unwrap_or(domain);
        Self {
            name: ascii(domain).map_or_else(|| domain.to_lowercase(), Cow::into_owned),
            subdomains: below.is_some(),
        }
    }

    /// Returns whether an address is of it.
    #[must_use]
    pub fn has(&self, email: &Email) -> bool {
        let domain = email.domain();
        let below = || domain.strip_suffix(&self.name)?.strip_suffix('.');
        domain == self.name || self.subdomains && below().is_some()
    }

    /// Returns whether an account goes by an address of it.
    #[must_use]
    pub fn is_of(&self, record: &Record) -> bool {
        record.address().is_some_and(|email| self.has(email))
    }
}
