//! How old the API keys are, as far as the operator wrote it down: no upstream warns before one ends.

use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::Access;
use crate::roster::{Email, System};

/// From here on, whoever looks at keys is warned.
const SOON: i32 = 30;
/// From here on, everybody is.
const URGENT: i32 = 14;
/// The longest life of a Statuspage key, and the life of every SCIM key.
const YEAR: i64 = 365;

/// What an operator knows of a key. Never the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// What it is for, in words.
    pub name: String,
    /// The system that it opens.
    pub system: System,
    /// When it was made.
    pub created: Option<Date>,
    /// When it ends.
    pub expires: Option<Date>,
    /// Who made it: it goes on working when they leave.
    pub creator: Option<Email>,
    /// Whether this server uses it.
    pub own: bool,
}

/// A key and the time it has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct KeyAge {
    /// What it is for.
    pub name: String,
    /// The system that it opens.
    pub system: System,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When it ends; the latest day possible where only its making is on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Days until then; negative when it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i32>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Email>,
    /// What to do, from 30 days before the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

impl Key {
    /// The day on which it ends, or ends at the latest.
    #[must_use]
    pub fn ends(&self) -> Option<Date> {
        let by_rule = || match self.system {
            System::Statuspage | System::AtlassianScim => self
                .created?
                .checked_add(Span::new().try_days(YEAR).ok()?)
                .ok(),
            System::Statusapp => None,
        };
        self.expires.or_else(by_rule)
    }

    /// How it stands at an instant (days are counted in UTC).
    #[must_use]
    pub fn age(&self, now: Timestamp) -> KeyAge {
        let ends = self.ends();
        let today = now.to_zoned_datetime(TimeZone::UTC).date();
        let days_left = ends.and_then(|end| Some(today.until(end).ok()?.get_days()));
        let warning = ends
            .zip(days_left)
            .filter(|(_, days)| *days <= SOON)
            .map(|(end, days)| self.warning(end, days));
        KeyAge {
            name: self.name.clone(),
            system: self.system,
            created: self.created.map(|day| day.to_string()),
            expires: ends.map(|day| day.to_string()),
            days_left,
            creator: self.creator.clone(),
            warning,
        }
    }

    fn warning(&self, end: Date, days: i32) -> String {
        let when = match days {
            ..0 => format!("ended on {end}"),
            0 => "ends today".to_owned(),
            1 => format!("ends tomorrow ({end})"),
            days => format!("ends in {days} days ({end})"),
        };
        let latest = if self.expires.is_none() {
            " at the latest"
        } else {
            ""
        };
        let next = replace(self.system);
        format!("the key `{}` {when}{latest}: {next}", self.name)
    }
}

/// How a key is replaced.
pub(in crate::access) fn replace(system: System) -> &'static str {
    match system {
        System::Statuspage => "make a new one in Statuspage (API info) and put it in place",
        System::AtlassianScim => {
            "regenerate it in admin.atlassian.com (the directory of the identity provider); the old one stops at once, so put the new one in place at that moment"
        }
        System::Statusapp => "make a new one in StatusApp (Settings, API keys) and put it in place",
    }
}

impl Access {
    /// Who made the key that this server itself uses for a system, where that is on record.
    pub(in crate::access) fn key_creator(&self, system: System) -> Option<&Email> {
        let own = |key: &&Key| key.own && key.system == system;
        self.settings().keys.iter().find(own)?.creator.as_ref()
    }

    /// Every key that the operator wrote something down of, and this server's own.
    pub(in crate::access) fn key_ages(&self) -> Vec<KeyAge> {
        let now = self.clock().now();
        self.settings()
            .keys
            .iter()
            .map(|key| key.age(now))
            .collect()
    }

    /// What every answer says whatever it is about: keys that end within 14 days.
    #[must_use]
    pub fn standing_warnings(&self) -> Vec<String> {
        self.key_ages()
            .into_iter()
            .filter(|age| age.days_left.is_some_and(|days| days <= URGENT))
            .filter_map(|age| age.warning)
            .collect()
    }
}
