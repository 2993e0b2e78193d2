//! A status page, and what is known about who may look at it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PageId, words::words};

words! {
    /// Says whether a page is audience-specific, so that page access users mean something. Statuspage has no field for it, and a call on a
    /// page of another type succeeds without effect.
    Audience {
        /// Something only an audience-specific page has was seen.
        Yes = "yes",
        /// Everything was looked at, and nothing points to it.
        NoEvidence = "no_evidence",
        /// It was not looked at, or the answer says neither.
        Unknown = "unknown",
    }
}

/// The verdict on the type of a page, and the reasons for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Evidence {
    /// The verdict.
    pub audience: Audience,
    /// The facts that were seen, one sentence each.
    pub reasons: Vec<String>,
}

/// A status page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Page {
    /// The page's id.
    pub id: PageId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its address: the company's own domain, else the subdomain of statuspage.io.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The subdomain of statuspage.io.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subdomain: Option<String>,
    /// True when only team members may look (a private page).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewers_must_be_team_members: Option<bool>,
    /// True when only certain networks may look (a private page).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ip_restricted: bool,
    /// Says whether the page is audience-specific.
    pub audience: Audience,
    /// The people who can look at the page, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_to: Option<String>,
    /// The facts that `audience` is concluded from, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audience_reasons: Vec<String>,
    /// True when hidden characters were taken out of a text of this page, or it was cut.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub text_altered: bool,
}
