//! Somebody, or something, that is told about incidents of a page.
//!
//! A webhook's address may carry a secret in its path or query, so a subscriber holds its host alone.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{ComponentId, Fingerprint, Record, RosterRow, ViewerId, words::words};

words! {
    /// The way in which a subscriber is told.
    Mode {
        /// E-mail.
        Email = "email",
        /// Text message.
        Sms = "sms",
        /// An HTTP call.
        Webhook = "webhook",
        /// A Slack channel.
        Slack = "slack",
        /// A Microsoft Teams channel.
        Teams = "teams",
        /// Another product.
        IntegrationPartner = "integration_partner",
        /// Something this server does not know.
        Other = "other",
    }
}

/// One subscription to a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Subscriber<R = Record> {
    /// The columns that every account has.
    #[serde(flatten)]
    pub record: R,
    /// The way in which the subscriber is told.
    pub mode: Mode,
    /// A webhook's host. The rest of its address is never shown: it may hold a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_host: Option<SmolStr>,
    /// The last digits of a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_ending: Option<SmolStr>,
    /// Tells webhooks and numbers apart, whose addresses are not kept.
    #[serde(skip)]
    pub contact: Option<Fingerprint>,
    /// A chat channel, as the system disguises it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<SmolStr>,
    /// The components subscribed to; empty means all of them, missing means that the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component_ids: Option<Vec<ComponentId>>,
    /// The page access user this subscription belongs to (audience-specific pages alone have it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer_id: Option<ViewerId>,
    /// Since when messages do not arrive (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub quarantined_at: Option<Timestamp>,
    /// When the system will delete the subscription (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub purge_at: Option<Timestamp>,
}

impl Subscriber {
    /// Returns what differs between the subscriptions of one page.
    #[must_use]
    pub fn row(&self) -> Subscriber<RosterRow> {
        let row = self.clone();
        Subscriber {
            record: row.record.row,
            mode: row.mode,
            endpoint_host: row.endpoint_host,
            phone_ending: row.phone_ending,
            contact: row.contact,
            channel: row.channel,
            component_ids: row.component_ids,
            viewer_id: row.viewer_id,
            quarantined_at: row.quarantined_at,
            purge_at: row.purge_at,
        }
    }
}
