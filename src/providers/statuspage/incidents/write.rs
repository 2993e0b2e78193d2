//! Incidents, written: posted, changed, deleted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Cx, OURS, Result, Statuspage, incident_path, incidents_path};
use crate::{
    audit::Intent,
    roster::{ComponentId, ComponentStatus, Impact, IncidentId, PageId},
    upstream::Write,
};

/// The fields of an incident to send, all in one request: two requests would be two updates. Absent fields are not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct IncidentWrite {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The impact, set by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact_override: Option<Impact>,
    /// Components that change at once.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<ComponentId, ComponentStatus>,
    /// Exactly the affected components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_ids: Option<Vec<ComponentId>>,
    /// When a maintenance begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<jiff::Timestamp>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_until: Option<jiff::Timestamp>,
    /// The day of something that is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfill_date: Option<jiff::civil::Date>,
    /// Automations and reminders, each said.
    #[serde(flatten)]
    pub flags: BTreeMap<&'static str, bool>,
    /// True when subscribers are told. Always sent: without it Statuspage tells them.
    pub deliver_notifications: bool,
}

impl IncidentWrite {
    fn fields(&self) -> Map<String, Value> {
        let mut fields = match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        if self.backfill_date.is_some() {
            fields.insert("backfilled".to_owned(), json!(true));
        }
        fields
    }
}

impl Statuspage {
    /// Posts an incident under a key of ours, by which it is found again when the answer is lost. One request, never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn create_incident(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        new: &IncidentWrite,
        key: &str,
    ) -> Result<()> {
        let mut fields = new.fields();
        fields.insert("metadata".to_owned(), json!({OURS: {"key": key}}));
        let write = Write::post(incidents_path(page), json!({"incident": fields}));
        self.send(cx, intent, write).await
    }

    /// Changes an incident. One request, never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn update_incident(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &IncidentId,
        change: &IncidentWrite,
    ) -> Result<()> {
        let body = json!({"incident": change.fields()});
        self.send(cx, intent, Write::patch(incident_path(page, id), body))
            .await
    }

    /// Deletes an incident with all that was said of it; its components stay as they are.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_incident(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &IncidentId,
    ) -> Result<()> {
        self.send(cx, intent, Write::delete(incident_path(page, id)))
            .await
    }
}
