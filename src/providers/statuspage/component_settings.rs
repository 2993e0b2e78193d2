//! Components and component groups in full, and written.
//!
//! The automation address of a component sets its status for whoever mails it: it is a credential and is never read here. What
//! Statuspage deletes with a component (viewers' and groups' sight of it, subscriptions) it does not say; a component group that
//! loses its last component is deleted.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cx, Path, Result, Statuspage, page_path, wire};
use crate::{
    audit::Intent,
    roster::{ComponentId, ComponentSettings, ComponentStatus, PageId, text},
    upstream::{Single, Write},
};

#[derive(Deserialize)]
struct WireSettings {
    #[serde(deserialize_with = "wire::id")]
    id: ComponentId,
    #[serde(default, deserialize_with = "wire::optional_id")]
    group_id: Option<ComponentId>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    group: Option<bool>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    description: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    showcase: Option<bool>,
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    only_show_if_degraded: Option<bool>,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    start_date: Option<String>,
}

impl Single for WireSettings {}

/// The fields of a component group that only the group's own address shows.
#[derive(Deserialize)]
struct WireGroupSettings {
    #[serde(default, deserialize_with = "wire::lenient_text")]
    description: Option<String>,
}

impl Single for WireGroupSettings {}

/// The fields of a component to send. Absent fields are not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ComponentWrite {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ComponentStatus>,
    /// The component group; the inner nothing takes it out of its group.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "group")]
    pub group_id: Option<Option<ComponentId>>,
    /// True when its uptime is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub showcase: Option<bool>,
    /// True when it is hidden while it is operational.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_show_if_degraded: Option<bool>,
    /// The day that its uptime counts from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<jiff::civil::Date>,
}

/// The description's own word for none is the text `null`.
fn group<S: serde::Serializer>(
    group: &Option<Option<ComponentId>>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let id = group.as_ref().and_then(Option::as_ref);
    serializer.serialize_str(id.map_or("null", ComponentId::as_str))
}

/// The fields of a component group to send; its components are then exactly these.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GroupWrite {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Exactly its components; never none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<ComponentId>>,
}

impl Statuspage {
    /// One component, or the row of a component group. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn component_settings(
        &self,
        cx: &Cx,
        page: &PageId,
        id: &ComponentId,
    ) -> Result<ComponentSettings> {
        let row: WireSettings = self.0.client.get(cx, component_path(page, id)).await?;
        let mut altered = false;
        let mut clean = |it: Option<String>| wire::clean(it.as_deref(), &mut altered);
        let lines = |it: Option<String>| it.map(|it| text::clean_lines(&it, 2_000).text);
        Ok(ComponentSettings {
            id: row.id,
            name: clean(row.name),
            status: clean(row.status),
            start_date: clean(row.start_date),
            description: lines(row.description).filter(|it| !it.is_empty()),
            group_id: row.group_id,
            is_group: row.group == Some(true),
            showcase: row.showcase,
            only_show_if_degraded: row.only_show_if_degraded,
        })
    }

    /// Reads the description of a component group, at the group's own address. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn group_description(
        &self,
        cx: &Cx,
        page: &PageId,
        id: &ComponentId,
    ) -> Result<Option<String>> {
        let row: WireGroupSettings = self.0.client.get(cx, group_path(page).push(id)).await?;
        let lines = row.description.map(|it| text::clean_lines(&it, 2_000).text);
        Ok(lines.filter(|it| !it.is_empty()))
    }

    /// Makes a component. Never sent twice: names are not unique.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn create_component(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        new: &ComponentWrite,
    ) -> Result<()> {
        let path = page_path(page).push("components");
        self.send(cx, intent, Write::post(path, json!({"component": new})))
            .await
    }

    /// Changes a component. Sent as PUT, the same as PATCH upstream, which may be sent again; not with a status, of which webhooks hear.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn update_component(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &ComponentId,
        change: &ComponentWrite,
    ) -> Result<()> {
        let (path, body) = (component_path(page, id), json!({"component": change}));
        let write = if change.status.is_some() {
            Write::patch(path, body)
        } else {
            Write::put(path, body)
        };
        self.send(cx, intent, write).await
    }

    /// Deletes a component, without an undo.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_component(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &ComponentId,
    ) -> Result<()> {
        self.send(cx, intent, Write::delete(component_path(page, id)))
            .await
    }

    /// Makes or changes a component group.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn write_component_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: Option<&ComponentId>,
        group: &GroupWrite,
    ) -> Result<()> {
        let mut body = Map::from_iter([("component_group".to_owned(), json!(group))]);
        // Statuspage's description puts it beside the group, what works in practice puts it inside: both, so that one of them counts.
        if let Some(about) = &group.description {
            body.insert("description".to_owned(), json!(about));
        }
        let body = Value::Object(body);
        let write = match id {
            None => Write::post(group_path(page), body),
            Some(id) => Write::put(group_path(page).push(id), body),
        };
        self.send(cx, intent, write).await
    }

    /// Deletes a component group; its components stay.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn delete_component_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        id: &ComponentId,
    ) -> Result<()> {
        self.send(cx, intent, Write::delete(group_path(page).push(id)))
            .await
    }
}

fn component_path(page: &PageId, id: &ComponentId) -> Path {
    page_path(page).push("components").push(id)
}

fn group_path(page: &PageId) -> Path {
    page_path(page).push("component-groups")
}
