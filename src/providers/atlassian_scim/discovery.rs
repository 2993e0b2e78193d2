//! The directory's description of itself: read once by `check`, so that a surprise is found there and not during a change.

use serde::Deserialize;
use serde_json::Value;

use super::{AtlassianScim, Cx, Result, of_list, wire};
use crate::upstream::{List, Row, Single};

/// The features of the directory that this server depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    /// PATCH; without it nothing can be changed here.
    pub patch: Option<bool>,
    /// Filters.
    pub filter: Option<bool>,
    /// Names of the schemas it knows.
    pub schemas: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Supported {
    #[serde(default, deserialize_with = "wire::lenient_bool")]
    supported: Option<bool>,
}

#[derive(Deserialize)]
struct WireConfig {
    #[serde(default, deserialize_with = "wire::lenient_object")]
    patch: Supported,
    #[serde(default, deserialize_with = "wire::lenient_object")]
    filter: Supported,
}

impl Single for WireConfig {}

#[derive(Deserialize)]
struct WireSchema {
    id: String,
    #[serde(default)]
    name: Value,
}

impl Row for WireSchema {
    fn row_id(&self) -> &str {
        &self.id
    }
}

impl AtlassianScim {
    /// `ServiceProviderConfig` and `Schemas`. Two requests.
    ///
    /// # Errors
    /// Returns `ProviderError::Explained` when the key is refused or the directory's id is not known, else `ProviderError::Upstream`.
    pub async fn features(&self, cx: &Cx) -> Result<Features> {
        let config: WireConfig = self
            .0
            .client
            .get(cx, self.path("ServiceProviderConfig"))
            .await
            .map_err(of_list)?;
        let mut schemas = self.scan(List::new(self.path("Schemas")), |row: WireSchema, _| {
            let name = row.name.as_str().unwrap_or(&row.id);
            wire::clean(Some(name), &mut false).unwrap_or_default()
        });
        Ok(Features {
            patch: config.patch.supported,
            filter: config.filter.supported,
            schemas: schemas.rest(cx).await?,
        })
    }
}
