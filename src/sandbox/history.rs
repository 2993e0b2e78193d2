//! The history of a page: incidents with their updates, templates, and the providers of metrics. No HTTP.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

/// Points of a metric, by slot of 30 seconds.
pub(super) type Data = BTreeMap<i64, f64>;

/// An incident or a maintenance.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Incident {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) status: String,
    pub(super) backfilled: bool,
    pub(super) impact_override: Option<String>,
    pub(super) component_ids: Vec<String>,
    pub(super) metadata: Value,
    pub(super) scheduled_for: Option<String>,
    pub(super) scheduled_until: Option<String>,
    /// Automations and reminders, as they were sent.
    pub(super) flags: Map<String, Value>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) resolved_at: Option<String>,
    /// Newest first.
    pub(super) updates: Vec<Update>,
    pub(super) postmortem: Option<Postmortem>,
    /// Addresses of those who follow this one alone.
    pub(super) subscribers: Vec<(String, String)>,
}

/// Something that was said of an incident.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Update {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) body: String,
    pub(super) display_at: String,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) deliver_notifications: bool,
    /// As the API shows it: null without components.
    pub(super) affected_components: Value,
}

/// The postmortem of an incident.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Postmortem {
    pub(super) draft: String,
    pub(super) body: Option<String>,
    pub(super) published_at: Option<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

/// A text to begin an incident with.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Template {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) update_status: String,
    pub(super) should_send_notifications: bool,
    pub(super) component_ids: Vec<String>,
}

/// A provider of metric data.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Provider {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) created_at: String,
}

impl Incident {
    /// A maintenance has a beginning.
    pub(super) fn is_scheduled(&self) -> bool {
        self.scheduled_for.is_some()
    }

    /// It is over.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "resolved" | "completed")
    }
}
