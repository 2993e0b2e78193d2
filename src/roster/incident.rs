//! Incidents and maintenances of a page, and what was said of them. Times are as Statuspage gives them, in UTC.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ComponentId, IncidentId, IncidentUpdateId, PageId, words::words};

words! {
    /// The kind of an incident.
    IncidentKind {
        /// Something that happens, or happened.
        Realtime = "realtime",
        /// Something that is planned.
        Maintenance = "maintenance",
    }
}

words! {
    /// The impact, set by hand.
    Impact {
        /// Not at all.
        None = "none",
        /// A maintenance.
        Maintenance = "maintenance",
        /// Somewhat.
        Minor = "minor",
        /// Bad.
        Major = "major",
        /// Worst.
        Critical = "critical",
    }
}

words! {
    /// The status of a component.
    ComponentStatus {
        /// As it should be.
        Operational = "operational",
        /// Slower or worse than usual.
        Degraded = "degraded_performance",
        /// Out for some.
        Partial = "partial_outage",
        /// Out for all.
        Major = "major_outage",
        /// Worked on.
        Maintenance = "under_maintenance",
    }
}

/// An incident or a maintenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Incident {
    /// Its id.
    pub id: IncidentId,
    /// The page it is on.
    pub page_id: PageId,
    /// `realtime` or `maintenance`.
    pub kind: IncidentKind,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its state, in Statuspage's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its impact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Its impact, where it was set by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact_override: Option<String>,
    /// When it was made (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub updated_at: Option<Timestamp>,
    /// When it ended (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub resolved_at: Option<Timestamp>,
    /// When a maintenance begins (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub scheduled_for: Option<Timestamp>,
    /// When a maintenance ends (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub scheduled_until: Option<Timestamp>,
    /// Its public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortlink: Option<String>,
    /// The affected components, as they are now. Absent: the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<AffectedComponent>>,
    /// Its updates, newest first. Absent: the answer did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<Vec<IncidentUpdate>>,
    /// Automations and reminders of a maintenance, by Statuspage's names.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub automations: serde_json::Map<String, Value>,
    /// When its postmortem was published (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub postmortem_published_at: Option<Timestamp>,
    /// The key that this server put on what it posted.
    #[serde(skip)]
    pub our_key: Option<String>,
    /// True when hidden characters were taken out of a text of it, or it was cut.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}

/// A component that an incident affects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct AffectedComponent {
    /// Its id.
    pub id: ComponentId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its present status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Something that was said of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct IncidentUpdate {
    /// Its id.
    pub id: IncidentUpdateId,
    /// The state that the incident went to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The time that it is shown with (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub display_at: Option<Timestamp>,
    /// When it was said (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub created_at: Option<Timestamp>,
    /// Components that it set to something worse than operational.
    #[serde(skip)]
    pub degraded: Vec<ComponentId>,
}

/// The postmortem of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Postmortem {
    /// The draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
    /// The published text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Since when (RFC 3339); absent: it is not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub published_at: Option<Timestamp>,
}

/// A text to begin an incident with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Template {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The title that it gives an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The state that it gives an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_status: Option<String>,
    /// The components that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub component_ids: Vec<ComponentId>,
}

impl Incident {
    /// The title, or the id of one without.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.id.as_str())
    }

    /// The last thing that was said.
    #[must_use]
    pub fn newest(&self) -> Option<&IncidentUpdate> {
        // Recordings show the newest first; the description does not promise it.
        let updates = self.updates.as_ref()?;
        let first = updates.first()?;
        let later = |it: &&IncidentUpdate| it.created_at;
        updates
            .iter()
            .max_by_key(later)
            .filter(|it| it.created_at > first.created_at)
            .or(Some(first))
    }

    /// Returns whether it is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let word = self.status.as_deref();
        matches!(word, Some("resolved" | "completed" | "postmortem"))
    }
}
