//! Seats of the plan, where the account tells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Result, StatusApp};
use crate::upstream::{Cx, Path, Single};

/// Seats that the plan has and that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Seats {
    /// Taken, pending invitations included where StatusApp counts them.
    pub used: u64,
    /// Seats of the plan; missing where it has no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Raw(Value);

impl Single for Raw {}

impl StatusApp {
    /// Seats, where `GET /account/usage` tells in a shape that can be understood: the API reference names the endpoint and not its
    /// answer. One request.
    ///
    /// # Errors
    /// Returns `ProviderError::Upstream` when the request fails.
    pub async fn seats(&self, cx: &Cx) -> Result<Option<Seats>> {
        let Raw(answer) = self
            .0
            .client
            .get(cx, Path::new().push("account").push("usage"))
            .await?;
        Ok(find(&answer, 3))
    }
}

/// `{"teamMembers": {"used": 1, "limit": 5}}`, at most a few levels down.
fn find(value: &Value, depth: u8) -> Option<Seats> {
    let map = value.as_object()?;
    let named = ["teamMembers", "team_members", "members", "seats"]
        .iter()
        .find_map(|name| map.get(*name));
    let read = |of: &Value| {
        let number = |names: [&str; 2]| names.iter().find_map(|name| of.get(*name)?.as_u64());
        Some(Seats {
            used: number(["used", "current"])?,
            limit: number(["limit", "max"]),
        })
    };
    named.and_then(read).or_else(|| {
        let deeper = depth.checked_sub(1)?;
        map.values().find_map(|inner| find(inner, deeper))
    })
}
