//! Incidents and maintenances. Nothing upstream is idempotent: every change with a text or a status is one more update, and mails go
//! out unless the request says no.

mod updates;
mod write;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Cx, Path, Result, Scan, Statuspage, of_page, page_path, wire};
use crate::{
    roster::{
        ComponentId, Incident, IncidentId, IncidentKind, PageId, incident::AffectedComponent, text,
    },
    upstream::{List, Paging, Row, Single},
};

pub use updates::{Publish, UpdateEdit};
pub use write::IncidentWrite;

/// Characters of a text that Statuspage takes at most.
pub const LONGEST_BODY: usize = 25_000;
/// The name that our key has in an incident's metadata.
const OURS: &str = "status-roster";

/// The lists that Statuspage has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentList {
    /// Everything.
    All,
    /// Open incidents.
    Unresolved,
    /// Maintenances that have not begun.
    Scheduled,
    /// Maintenances that have not begun and whose start is ahead.
    Upcoming,
    /// Maintenances under way.
    Active,
}

impl IncidentList {
    fn segment(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Unresolved => Some("unresolved"),
            Self::Scheduled => Some("scheduled"),
            Self::Upcoming => Some("upcoming"),
            Self::Active => Some("active_maintenance"),
        }
    }
}

#[derive(Deserialize)]
struct WireIncident {
    #[serde(deserialize_with = "wire::id")]
    id: IncidentId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    impact: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    impact_override: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    resolved_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    scheduled_for: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    scheduled_until: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    shortlink: Option<String>,
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    components: Value,
    #[serde(default)]
    incident_updates: Value,
    /// A time, whatever the description says.
    #[serde(default, deserialize_with = "wire::lenient_time")]
    postmortem_published_at: Option<Timestamp>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

impl Row for WireIncident {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

/// One incident: bare in every recording, wrapped as one client expects it.
#[derive(Deserialize)]
#[serde(untagged)]
enum One {
    Wrapped { incident: WireIncident },
    Bare(WireIncident),
}

impl Single for One {}

#[derive(Deserialize)]
struct WireAffected {
    #[serde(deserialize_with = "wire::id")]
    id: ComponentId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
}

impl WireIncident {
    fn incident(self, page: &PageId) -> Incident {
        let mut altered = false;
        let name = self.name.map(|it| {
            let cleaned = text::clean(&it, 300);
            altered |= cleaned.altered;
            cleaned.text
        });
        let mut clean = |it: Option<String>| wire::clean(it.as_deref(), &mut altered);
        let (status, impact) = (clean(self.status), clean(self.impact));
        let (impact_override, shortlink) = (clean(self.impact_override), clean(self.shortlink));
        let components: Option<Vec<WireAffected>> = serde_json::from_value(self.components).ok();
        let components = components.map(|rows| {
            let one = |it: WireAffected| AffectedComponent {
                id: it.id,
                name: clean(it.name),
                status: clean(it.status),
            };
            rows.into_iter().map(one).collect()
        });
        let planned = matches!(
            status.as_deref(),
            Some("scheduled" | "in_progress" | "verifying" | "completed")
        );
        let key = self
            .metadata
            .get(OURS)
            .and_then(|it| it.get("key")?.as_str());
        let is_flag =
            |name: &str| name.starts_with("scheduled_") || name.starts_with("auto_transition_");
        Incident {
            kind: if planned || self.scheduled_for.is_some() {
                IncidentKind::Maintenance
            } else {
                IncidentKind::Realtime
            },
            our_key: key.map(str::to_owned),
            id: self.id,
            page_id: page.clone(),
            name,
            status,
            impact,
            impact_override,
            created_at: self.created_at,
            updated_at: self.updated_at,
            resolved_at: self.resolved_at,
            scheduled_for: self.scheduled_for,
            scheduled_until: self.scheduled_until,
            shortlink,
            components,
            updates: updates::read(self.incident_updates, &mut altered),
            automations: self
                .rest
                .into_iter()
                .filter(|(name, value)| is_flag(name) && value.is_boolean())
                .collect(),
            postmortem_published_at: self.postmortem_published_at,
            text_altered: altered,
        }
    }
}

impl Statuspage {
    /// The incidents of a page; `search` is looked for by Statuspage, in the list of everything alone.
    pub fn incidents(
        &self,
        page: &PageId,
        list: IncidentList,
        search: Option<&str>,
    ) -> Scan<Incident> {
        let page = page.clone();
        let mut path = incidents_path(&page);
        if let Some(segment) = list.segment() {
            path = path.push(segment);
        }
        let mut rows = List::new(path);
        if list == IncidentList::All {
            rows = rows.paged(Paging::FromOneByLimit);
            if let Some(search) = search {
                rows = rows.filter("q", search);
            }
        }
        of_page(self.scan(rows, move |row: WireIncident, _| row.incident(&page)))
    }

    /// One incident with all that was said of it. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn incident(&self, cx: &Cx, page: &PageId, id: &IncidentId) -> Result<Incident> {
        let one: One = self.0.client.get(cx, incident_path(page, id)).await?;
        let (One::Wrapped { incident: row } | One::Bare(row)) = one;
        Ok(row.incident(page))
    }
}

fn incidents_path(page: &PageId) -> Path {
    page_path(page).push("incidents")
}

pub(super) fn incident_path(page: &PageId, id: &IncidentId) -> Path {
    incidents_path(page).push(id)
}
