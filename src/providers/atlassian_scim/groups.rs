//! Groups of the directory. Membership changes by naming who comes and who goes; a group's name cannot be changed.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{AtlassianScim, Cx, Result, Scan, equals, of_list, of_one, patch, wire};
use crate::{
    audit::Intent,
    providers::ProviderError,
    roster::{DirectoryGroup, DirectoryUserId, GroupId},
    upstream::{Error, List, Row, Single, Write},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireGroup {
    #[serde(deserialize_with = "wire::id")]
    id: GroupId,
    #[serde(default, deserialize_with = "wire::lenient_text")]
    display_name: Option<String>,
    #[serde(default, deserialize_with = "wire::values")]
    members: Option<Vec<DirectoryUserId>>,
}

impl Row for WireGroup {
    fn row_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Single for WireGroup {}

impl WireGroup {
    fn group(self) -> DirectoryGroup {
        let mut text_altered = false;
        let name = wire::clean(self.display_name.as_deref(), &mut text_altered);
        DirectoryGroup {
            id: self.id,
            name,
            member_count: self.members.as_ref().map(Vec::len),
            member_ids: self.members,
            text_altered,
        }
    }
}

impl AtlassianScim {
    /// The groups, or the one with exactly this name. One request for each 100; every group comes with all its members.
    pub fn groups(&self, name: Option<&str>) -> Scan<DirectoryGroup> {
        let mut list = List::new(self.path("Groups"));
        if let Some(name) = name {
            list = list.filter("filter", equals("displayName", name));
        }
        self.scan(list, |row: WireGroup, _| row.group())
    }

    /// One group with its members. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when the key is refused, else `ProviderError::Upstream`.
    pub async fn group(&self, cx: &Cx, id: &GroupId) -> Result<DirectoryGroup> {
        let found: WireGroup = self
            .0
            .client
            .get(cx, self.path("Groups").push(id))
            .await
            .map_err(of_one)?;
        Ok(found.group())
    }

    /// Makes a group with these members. One request, never sent twice.
    ///
    /// # Errors
    /// [`ProviderError::Explained`] for a name that the organization uses already, else `ProviderError::Upstream`.
    pub async fn create_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        name: &str,
        members: &[DirectoryUserId],
    ) -> Result<()> {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name,
            "members": references(members),
        });
        let write = Write::post(self.path("Groups"), body);
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(cause @ Error::Conflict { .. }) => Err(ProviderError::Explained {
                cause,
                hint: "the organization has a group of this name, perhaps one of its own that provisioning cannot manage",
            }),
            Err(error) => Err(of_list(error)),
        }
    }

    /// Adds and takes members; everybody else stays. One request, never sent twice.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when the key is refused, else `ProviderError::Upstream`.
    pub async fn change_group(
        &self,
        cx: &Cx,
        intent: &Intent,
        id: &GroupId,
        add: &[DirectoryUserId],
        remove: &[DirectoryUserId],
    ) -> Result<()> {
        let mut operations = Vec::new();
        if !add.is_empty() {
            operations.push(json!({ "op": "add", "path": "members", "value": references(add) }));
        }
        operations.extend(remove.iter().map(|id| {
            json!({ "op": "remove", "path": format!("members[{}]", equals("value", id.as_str())) })
        }));
        let write = Write::patch(self.path("Groups").push(id), patch(&operations));
        self.send(cx, intent, write).await
    }
}

fn references(members: &[DirectoryUserId]) -> Vec<Value> {
    members.iter().map(|id| json!({ "value": id })).collect()
}
