//! The ages of the API keys, from the operator's notes: no upstream warns before a key ends.

use jiff::civil::{Date, date};
use jiff::{Span, Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::Access;
use crate::roster::{Email, System};
use crate::upstream::Client;

/// From here on, whoever looks at keys is warned.
const SOON: i32 = 30;
/// From here on, everybody is.
const URGENT: i32 = 14;
/// The life of a SCIM key that was made since the beginning of 2025.
const YEAR: i64 = 365;
/// When limits came: SCIM keys that were made before were given an end between the other two days.
const LIMITS: Date = date(2025, 1, 1);
const FIRST_OLD_END: Date = date(2026, 5, 1);
const LAST_OLD_END: Date = date(2027, 5, 1);

/// The operator's notes about a key. Never the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its purpose, in words.
    pub name: String,
    /// The system that it opens.
    pub system: System,
    /// When it was made.
    pub created: Option<Date>,
    /// When it ends.
    pub expires: Option<Date>,
    /// The person who made it: it goes on working when they leave.
    pub creator: Option<Email>,
    /// True for the key that this server uses.
    pub own: bool,
}

/// A key and the time it has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct KeyAge {
    /// Its purpose.
    pub name: String,
    /// The system that it opens.
    pub system: System,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// When it ends, or the first day on which it may. Absent: not on record, and it may have no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// The last day on which it may end, where only a range is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_latest: Option<String>,
    /// Days until `expires`; negative when that is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i32>,
    /// The person who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<Email>,
    /// The advice on replacing it, from 30 days before the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// True when the key is over by the operator's notes, and no answer shows otherwise.
    #[serde(skip)]
    pub over: bool,
}

/// When a key ends: on one day, or on one of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    first: Date,
    last: Date,
}

impl Key {
    /// The day on which it ends, or may end at the earliest, as far as that is written down.
    #[must_use]
    pub fn ends(&self) -> Option<Date> {
        self.end().map(|end| end.first)
    }

    /// A Statuspage key lives from a day to a year, as whoever made it chose, and older ones without an end: only what is written
    /// down tells. The same goes for StatusApp.
    fn end(&self) -> Option<End> {
        let exactly = |day| End {
            first: day,
            last: day,
        };
        let by_rule = || match (self.system, self.created?) {
            (System::AtlassianScim, created) if created < LIMITS => Some(End {
                first: FIRST_OLD_END,
                last: LAST_OLD_END,
            }),
            (System::AtlassianScim, created) => {
                let year = Span::new().try_days(YEAR).ok()?;
                created.checked_add(year).ok().map(exactly)
            }
            (System::Statuspage | System::Statusapp, _) => None,
        };
        self.expires.map(exactly).or_else(by_rule)
    }

    /// Returns the age of the key at an instant (days are counted in UTC). With `answers`, a call with it was accepted, so it has not
    /// ended, whatever the notes say.
    #[must_use]
    pub fn age(&self, now: Timestamp, answers: bool) -> KeyAge {
        let end = self.end();
        let today = now.to_zoned_datetime(TimeZone::UTC).date();
        let until = |day: Date| Some(today.until(day).ok()?.get_days());
        let days_left = end.and_then(|end| until(end.first));
        let warning = end
            .zip(days_left)
            .filter(|(_, days)| *days <= SOON)
            .map(|(end, days)| self.warning(end, days, until(end.last), answers));
        let over = end
            .and_then(|end| until(end.last))
            .is_some_and(|days| days < 0)
            && !answers;
        let range = end.filter(|end| end.first != end.last);
        KeyAge {
            name: self.name.clone(),
            system: self.system,
            created: self.created.map(|day| day.to_string()),
            expires: end.map(|end| end.first.to_string()),
            expires_latest: range.map(|end| end.last.to_string()),
            days_left,
            creator: self.creator.clone(),
            warning,
            over,
        }
    }

    fn warning(&self, end: End, days: i32, days_to_last: Option<i32>, answers: bool) -> String {
        let name = &self.name;
        let End { first, last } = end;
        let over = days_to_last.is_some_and(|days| days < 0);
        if over && answers {
            return format!(
                "the key `{name}` still answers, although by what is written down it ended on {last}: correct `key_expires` or `key_created`"
            );
        }
        let next = replace(self.system);
        if first != last {
            let when = if over {
                format!("ended by {last}")
            } else {
                format!(
                    "ends on some day between {first} and {last}, which only admin.atlassian.com shows"
                )
            };
            return format!(
                "the key `{name}`, made before {LIMITS}, {when}: look there and write the day down (`key_expires`), or {next}"
            );
        }
        let when = match days {
            ..0 => format!("ended on {first}"),
            0 => "ends today".to_owned(),
            1 => format!("ends tomorrow ({first})"),
            days => format!("ends in {days} days ({first})"),
        };
        let reckoned = if self.expires.is_none() {
            ", a year after it was made"
        } else {
            ", by what is written down"
        };
        format!("the key `{name}` {when}{reckoned}: {next}")
    }
}

/// Says how a key is replaced.
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
    /// Returns the person who made the key that this server itself uses for a system, where that is on record.
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
            .map(|key| key.age(now, key.own && self.answered(key.system)))
            .collect()
    }

    /// Returns whether the last request to a system was answered, and not for want of a good key.
    pub(in crate::access) fn answered(&self, system: System) -> bool {
        let contact = self.client(system).ok().and_then(Client::last_contact);
        let status = contact.and_then(|contact| contact.status);
        status.is_some_and(|status| status < 500 && !matches!(status, 401 | 403))
    }

    /// Returns the warnings that every answer carries: keys that end within 14 days.
    #[must_use]
    pub fn standing_warnings(&self) -> Vec<String> {
        self.key_ages()
            .into_iter()
            .filter(|age| age.days_left.is_some_and(|days| days <= URGENT))
            .filter_map(|age| age.warning)
            .collect()
    }
}
