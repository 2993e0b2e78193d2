//! The settings of a page by their official names: which of them the API changes, and which it only shows.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Cx, Result, Statuspage, page_path};
use crate::{
    audit::Intent,
    roster::{PageId, PageSettings, text},
    upstream::{Single, Write},
};

/// The settings that a PATCH changes.
const WRITABLE: [&str; 28] = [
    "name",
    "domain",
    "subdomain",
    "url",
    "branding",
    "css_body_background_color",
    "css_font_color",
    "css_light_font_color",
    "css_greens",
    "css_yellows",
    "css_oranges",
    "css_blues",
    "css_reds",
    "css_border_color",
    "css_graph_color",
    "css_link_color",
    "css_no_data",
    "hidden_from_search",
    "viewers_must_be_team_members",
    "allow_page_subscribers",
    "allow_incident_subscribers",
    "allow_email_subscribers",
    "allow_sms_subscribers",
    "allow_rss_atom_feeds",
    "allow_webhook_subscribers",
    "notifications_from_email",
    "notifications_email_footer",
    "time_zone",
];

/// The settings that are shown and, as far as is known, never changed: a request that holds one of these is answered with success.
const READ_ONLY: [&str; 15] = [
    "page_description",
    "headline",
    "support_url",
    "twitter_username",
    "ip_restrictions",
    "city",
    "state",
    "country",
    "activity_score",
    "layout",
    "hero_cover_url",
    "transactional_logo_url",
    "favicon_logo",
    "transactional_logo",
    "hero_cover",
];

/// Characters of a setting that are shown at most.
const LONGEST: usize = 2_000;

#[derive(Deserialize)]
#[serde(transparent)]
struct WireFields(Map<String, Value>);

impl Single for WireFields {}

/// Returns whether the API changes this setting.
#[must_use]
pub fn is_writable(name: &str) -> bool {
    WRITABLE.contains(&name)
}

/// Returns whether the API shows this setting and does not change it.
#[must_use]
pub fn is_read_only(name: &str) -> bool {
    READ_ONLY.contains(&name)
}

impl Statuspage {
    /// The settings of a page. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn page_settings(&self, cx: &Cx, page: &PageId) -> Result<PageSettings> {
        let WireFields(fields) = self.0.client.get(cx, page_path(page)).await?;
        let chosen = |names: &[&str]| -> BTreeMap<String, Value> {
            let named = names
                .iter()
                .filter_map(|name| Some((*name, fields.get(*name)?)));
            named
                .map(|(name, value)| (name.to_owned(), plain(value)))
                .collect()
        };
        Ok(PageSettings {
            page_id: page.clone(),
            settings: chosen(&WRITABLE),
            read_only: chosen(&READ_ONLY),
        })
    }

    /// Changes settings of a page; those that are not named stay. Sent as PUT, the same as PATCH upstream, which may be sent again.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn save_page_settings(
        &self,
        cx: &Cx,
        intent: &Intent,
        page: &PageId,
        settings: &BTreeMap<String, Value>,
    ) -> Result<()> {
        let write = Write::put(page_path(page), json!({"page": settings}));
        self.send(cx, intent, write).await
    }
}

/// A text without what hides in it; a logo as its address; anything else as it is.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(words) => json!(text::clean_lines(words, LONGEST).text),
        Value::Object(fields) => fields.get("url").map_or(Value::Null, plain),
        Value::Array(_) => Value::Null,
        other => other.clone(),
    }
}
