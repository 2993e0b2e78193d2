//! The roles of a team member on each page: read in every known shape, written in the documented one.
//!
//! `PUT` replaces everything (Manage API, `permissions`: "User will lose access to any pages omitted from the payload"), so what
//! is written here is always the whole, and it is only as good as what was read: see [`read`].

mod read;
mod write;

use serde::Deserialize;
use serde_json::Value;

use super::{Cx, Path, Result, Statuspage, refusal::Call};
use crate::{
    audit::Intent,
    roster::{Permissions, UserId},
    upstream::{Single, Write},
};

/// The answer as it came; [`read`] decides what it means, because it can say where it fails.
#[derive(Deserialize)]
#[serde(transparent)]
struct Raw(Value);

impl Single for Raw {}

impl Statuspage {
    /// A team member's page roles. One request.
    ///
    /// # Errors
    /// [`ProviderError::Untrusted`](crate::providers::ProviderError::Untrusted) when the answer is of no known shape or
    /// contradicts itself: nothing may be planned from it.
    pub async fn permissions(&self, cx: &Cx, user: &UserId) -> Result<Permissions> {
        match self.0.client.get(cx, self.permissions_path(user)).await {
            Ok(Raw(answer)) => read::read(&answer, user),
            Err(error) => Err(self.explain(cx, Call::GetPermissions, error).await),
        }
    }

    /// Makes a team member's page roles exactly these. One request; sent again when its answer is lost.
    ///
    /// # Errors
    /// Returns `ProviderError::AtlassianAccounts` when the call is refused although the key works, else `ProviderError::Upstream`.
    pub async fn put_permissions(
        &self,
        cx: &Cx,
        intent: &Intent,
        user: &UserId,
        permissions: &Permissions,
    ) -> Result<()> {
        let write = Write::put(self.permissions_path(user), write::body(permissions));
        match self.0.client.write(cx, intent, write).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain(cx, Call::PutPermissions, error).await),
        }
    }

    fn permissions_path(&self, user: &UserId) -> Path {
        self.organization_path().push("permissions").push(user)
    }
}
