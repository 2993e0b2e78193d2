//! The team as it is now.

use super::whole::read_all;
use crate::providers::ProviderError;
use crate::providers::statuspage::Statuspage;
use crate::roster::Record;
use crate::upstream::Cx;

/// Every team member, for reading back.
pub(in crate::access) async fn read_team(
    statuspage: &Statuspage,
    cx: &Cx,
) -> Result<Vec<Record>, ProviderError> {
    read_all(statuspage.team_members(), cx, "team members").await
}
