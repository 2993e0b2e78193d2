//! Authenticates requests: each API accepts its own key, and only in a header.

use axum::http::{HeaderMap, header};

use super::{call::Call, settings::Settings, world::Role};

/// One of the three APIs, told by the path of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Statuspage,
    AtlassianScim,
    StatusApp,
}

impl System {
    pub(super) fn of(call: &Call) -> Self {
        match call.segments.first().map(String::as_str) {
            Some("scim") => Self::AtlassianScim,
            Some("statusapp") => Self::StatusApp,
            _ => Self::Statuspage,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Statuspage => "statuspage",
            Self::AtlassianScim => "atlassian_scim",
            Self::StatusApp => "statusapp",
        }
    }
}

/// Returns the role that a request may act as; `None` without a valid key. Only StatusApp's keys differ in what they may do.
pub(super) fn acting(
    system: System,
    headers: &HeaderMap,
    call: &Call,
    settings: &Settings,
) -> Option<Role> {
    let authorization = authorization(headers);
    let key_of = |scheme: &str| {
        authorization
            .filter(|(there, _)| there.eq_ignore_ascii_case(scheme))
            .map(|(_, key)| key)
    };
    match system {
        // `Bearer` is as good as nothing here, and a key in the query is no longer supported: a request that carries one is
        // refused even when the header is right, so that a leak is noticed.
        System::Statuspage => (call.param("api_key").is_none()
            && key_of("oauth") == Some(&settings.api_key))
        .then_some(Role::Owner),
        System::AtlassianScim => {
            (key_of("bearer") == Some(&settings.scim.api_key)).then_some(Role::Owner)
        }
        System::StatusApp => {
            let header = headers.get("x-api-key").and_then(|key| key.to_str().ok());
            let key = header.or_else(|| key_of("bearer"))?;
            let keys = &settings.statusapp;
            [
                (&keys.api_key, Role::Owner),
                (&keys.admin_api_key, Role::Admin),
                (&keys.viewer_api_key, Role::Viewer),
            ]
            .into_iter()
            .find_map(|(known, role)| (known == key).then_some(role))
        }
    }
}

fn authorization(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    Some((scheme, key.trim()))
}
