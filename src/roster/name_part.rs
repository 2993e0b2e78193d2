//! Filters of lists of people or things: worked out once, compared with every record.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::{Email, Record, email::domain::ascii};

/// A part of a name, without regard to case.
#[derive(Debug, Clone)]
pub struct NamePart(String);

impl NamePart {
    /// The part that somebody looks for.
    #[must_use]
    pub fn of(part: &str) -> Self {
        Self(part.trim().to_lowercase())
    }

    /// Returns whether a name has it.
    #[must_use]
    pub fn is_in(&self, name: &str) -> bool {
        name.to_lowercase().contains(&self.0)
    }

    /// Returns whether the first and last name, or the name that is shown, have it.
    #[must_use]
    pub fn names(&self, record: &Record) -> bool {
        let names = [&record.first_name, &record.last_name];
        let whole: Vec<&str> = names.into_iter().flatten().map(SmolStr::as_str).collect();
        let shown = record.display_name.as_deref();
        self.is_in(&whole.join(" ")) || shown.is_some_and(|name| self.is_in(name))
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
