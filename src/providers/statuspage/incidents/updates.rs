//! The texts of an incident, and after it: updates, postmortems and templates.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Cx, LONGEST_BODY, Path, Result, Scan, Statuspage, incident_path, of_page, page_path, wire,
};
use crate::{
    audit::Intent,
    roster::{
        ComponentId, IncidentId, IncidentUpdate, IncidentUpdateId, PageId, Postmortem, Template,
        text,
    },
    upstream::{List, Row, Single, Write},
};

#[derive(Deserialize)]
struct WireUpdate {
    #[serde(deserialize_with = "wire::id")]
    id: IncidentUpdateId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    body: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    display_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    created_at: Option<Timestamp>,
    /// Null where there are none.
    #[serde(default)]
    affected_components: Value,
}

/// Updates as they are; absent where the answer holds none that can be read.
pub(super) fn read(value: Value, altered: &mut bool) -> Option<Vec<IncidentUpdate>> {
    let rows: Vec<WireUpdate> = serde_json::from_value(value).ok()?;
    let mut clean = |it: Option<String>| {
        let cleaned = text::clean_lines(&it?, LONGEST_BODY);
        *altered |= cleaned.altered;
        Some(cleaned.text)
    };
    let one = |row: WireUpdate| IncidentUpdate {
        degraded: degraded(&row.affected_components),
        id: row.id,
        status: clean(row.status),
        body: clean(row.body),
        display_at: row.display_at,
        created_at: row.created_at,
    };
    Some(rows.into_iter().map(one).collect())
}

fn degraded(affected: &Value) -> Vec<ComponentId> {
    let rows = affected.as_array().into_iter().flatten();
    let worse = rows.filter(|row| {
        let status = row.get("new_status").and_then(Value::as_str);
        status.is_some_and(|it| it != "operational" && !it.is_empty())
    });
    let ids = worse.filter_map(|row| row.get("code")?.as_str());
    ids.filter_map(|id| ComponentId::parse(id).ok()).collect()
}

#[derive(Deserialize)]
struct WirePostmortem {
    #[serde(default, deserialize_with = "wire::lenient_text")]
    body: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    body_draft: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_time")]
    published_at: Option<Timestamp>,
}

impl Single for WirePostmortem {}

#[derive(Deserialize)]
struct WireTemplate {
    #[serde(default, deserialize_with = "wire::lenient_text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    title: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    body: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    update_status: Option<String>,
    #[serde(default, deserialize_with = "wire::ids")]
    components: Option<Vec<ComponentId>>,
}

impl Row for WireTemplate {
    fn row_id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }
}

/// The changes to an incident update.
#[derive(Debug, Clone, Default)]
pub struct UpdateEdit {
    /// Other words.
    pub body: Option<String>,
    /// Another time to show it with.
    pub display_at: Option<Timestamp>,
    /// True when subscribers are told. Always sent.
    pub deliver_notifications: bool,
}

/// The operations on a postmortem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publish {
    /// Write the draft.
    Draft(String),
    /// Show the draft; whether subscribers are told is always sent.
    Show {
        /// True when they are told.
        notify: bool,
    },
    /// Make it a draft again.
    Revert,
}

impl Statuspage {
    /// Rewrites what was said, in public, without a trace of the old words. Sent as PUT, the same as PATCH upstream, which may be sent
    /// again when its answer is lost; not where subscribers are told, who would be told twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn edit_incident_update(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        (incident, update): (&IncidentId, &IncidentUpdateId),
        edit: &UpdateEdit,
    ) -> Result<()> {
        let path = incident_path(page, incident)
            .push("incident_updates")
            .push(update);
        let mut fields = serde_json::Map::new();
        fields.insert(
            "deliver_notifications".to_owned(),
            json!(edit.deliver_notifications),
        );
        if let Some(body) = &edit.body {
            fields.insert("body".to_owned(), json!(body));
        }
        if let Some(moment) = edit.display_at {
            fields.insert("display_at".to_owned(), json!(moment));
        }
        let body = json!({"incident_update": fields});
        let write = if edit.deliver_notifications {
            Write::patch(path, body)
        } else {
            Write::put(path, body)
        };
        self.send(cx, intent, write).await
    }

    /// The postmortem of an incident; none where none was written. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn postmortem(
        &self,
        cx: &Cx,
        page: &PageId,
        incident: &IncidentId,
    ) -> Result<Option<Postmortem>> {
        let row: std::result::Result<WirePostmortem, _> =
            self.0.client.get(cx, postmortem_path(page, incident)).await;
        let lines = |it: Option<String>| it.map(|it| text::clean_lines(&it, LONGEST_BODY).text);
        match row {
            Ok(row) => Ok(Some(Postmortem {
                draft: lines(row.body_draft),
                body: lines(row.body),
                published_at: row.published_at,
            })),
            Err(crate::upstream::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes, shows or takes back a postmortem. Every verb upstream is PUT, which would be sent again when its answer is lost; showing
    /// tells subscribers, so it is sent once.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn write_postmortem(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        incident: &IncidentId,
        publish: &Publish,
    ) -> Result<()> {
        let path = postmortem_path(page, incident);
        let write = match publish {
            Publish::Draft(body) => Write::put(path, json!({"postmortem": {"body_draft": body}})),
            Publish::Show { notify } => Write::put(
                path.push("publish"),
                json!({"postmortem": {"notify_subscribers": notify, "notify_twitter": false}}),
            ),
            Publish::Revert => Write::put(path.push("revert"), json!({})),
        };
        let once = matches!(publish, Publish::Show { notify: true });
        self.send(cx, intent, if once { write.once() } else { write })
            .await
    }

    /// The templates of a page.
    pub fn templates(&self, page: &PageId) -> Scan<Template> {
        let list = List::new(page_path(page).push("incident_templates"));
        let read = |row: WireTemplate, _| {
            let mut altered = false;
            let mut clean = |it: Option<String>| wire::clean(it.as_deref(), &mut altered);
            Template {
                id: clean(row.id).unwrap_or_default(),
                name: clean(row.name),
                title: row.title.map(|it| text::clean(&it, 300).text),
                body: row.body.map(|it| text::clean_lines(&it, LONGEST_BODY).text),
                update_status: clean(row.update_status),
                component_ids: row.components.unwrap_or_default(),
            }
        };
        of_page(self.scan(list, read))
    }
}

fn postmortem_path(page: &PageId, incident: &IncidentId) -> Path {
    incident_path(page, incident).push("postmortem")
}
