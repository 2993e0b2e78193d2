//! The means by which a subscriber is told: mail, text message or a webhook. A webhook's address may hold a secret, so it leaves this type
//! in the one request that creates the subscription.

use serde_json::{Map, Value, json};
use smol_str::SmolStr;
use url::Url;

use super::{ending, host};
use crate::roster::{Email, Fingerprint, Mode, Subscriber};

/// The destination of messages.
#[derive(Clone, PartialEq, Eq)]
pub enum Contact {
    /// To an address.
    Email(Email),
    /// To a telephone.
    Sms {
        /// Two letters, as `DE`.
        country: String,
        /// As it is dialled in that country.
        number: String,
    },
    /// To an address on the web, which is called.
    Webhook {
        /// The address, whole.
        endpoint: String,
        /// The address to write to when it cannot be reached.
        email: Email,
    },
}

impl Contact {
    /// A telephone.
    ///
    /// # Errors
    /// Returns in words why it is not acceptable.
    pub fn sms(country: Option<&str>, number: &str) -> Result<Self, String> {
        let country = country.unwrap_or_default().trim().to_ascii_uppercase();
        if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err("`phone_country` is the country's two letters, as `DE` or `US`".to_owned());
        }
        let number = number.trim();
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let fits = |c: char| c.is_ascii_digit() || " -/().".contains(c);
        if !(5..=15).contains(&digits) || !number.chars().all(fits) {
            return Err("`phone_number` is the number as it is dialled in `phone_country`: digits, without `+` and the country's own digits".to_owned());
        }
        Ok(Self::Sms {
            country,
            number: number.to_owned(),
        })
    }

    /// A webhook. Its address is in no message of this, because it may hold a secret.
    ///
    /// # Errors
    /// Returns in words why it is not acceptable.
    pub fn webhook(endpoint: &str, email: Email) -> Result<Self, String> {
        let endpoint = endpoint.trim();
        let sound = Url::parse(endpoint)
            .is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        if !sound
            || endpoint
                .chars()
                .any(|c| c.is_control() || c.is_whitespace())
        {
            return Err("`webhook_url` is a whole address that begins with `https://`".to_owned());
        }
        Ok(Self::Webhook {
            endpoint: endpoint.to_owned(),
            email,
        })
    }

    /// The way in which messages go.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self {
            Self::Email(_) => Mode::Email,
            Self::Sms { .. } => Mode::Sms,
            Self::Webhook { .. } => Mode::Webhook,
        }
    }

    /// The address that is written to.
    #[must_use]
    pub fn email(&self) -> Option<&Email> {
        match self {
            Self::Email(email) | Self::Webhook { email, .. } => Some(email),
            Self::Sms { .. } => None,
        }
    }

    /// The last digits of a number.
    #[must_use]
    pub fn ending(&self) -> Option<SmolStr> {
        match self {
            Self::Sms { number, .. } => ending(number),
            Self::Email(_) | Self::Webhook { .. } => None,
        }
    }

    /// Returns whether a subscription is this one.
    #[must_use]
    pub fn is_of(&self, held: &Subscriber) -> bool {
        let same = match self {
            Self::Email(email) => return held.mode == Mode::Email && held.record.goes_by(email),
            Self::Sms { number, .. } => phone(number),
            Self::Webhook { endpoint, .. } => Fingerprint::of(endpoint.trim()),
        };
        held.mode == self.mode() && held.contact == Some(same)
    }

    /// The fields that name it.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let fields = match self {
            Self::Email(email) => vec![("email", json!(email))],
            Self::Sms { country, number } => {
                vec![
                    ("phone_country", json!(country)),
                    ("phone_number", json!(number)),
                ]
            }
            Self::Webhook { endpoint, email } => {
                vec![("endpoint", json!(endpoint)), ("email", json!(email))]
            }
        };
        let named = fields.into_iter();
        named
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// The field by which Statuspage says that it is there already.
    pub(super) fn named_by(&self) -> &'static [&'static str] {
        match self {
            Self::Email(_) => &["email"],
            Self::Sms { .. } => &["phone"],
            Self::Webhook { .. } => &["endpoint", "email"],
        }
    }
}

/// A number as two spellings of it share it: digits, without the zeros that are dialled first.
pub(super) fn phone(number: &str) -> Fingerprint {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    Fingerprint::of(digits.trim_start_matches('0'))
}

impl std::fmt::Display for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Email(email) => write!(f, "{email}"),
            Self::Sms { country, number } => write!(f, "the number {number} ({country})"),
            Self::Webhook { endpoint, email } => {
                let host = host(endpoint).unwrap_or_default();
                let print = Fingerprint::of(endpoint.trim());
                write!(
                    f,
                    "the webhook at {host} (fingerprint of its address: {print}), contact {email}"
                )
            }
        }
    }
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}
