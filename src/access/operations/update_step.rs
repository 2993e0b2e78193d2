//! The step that changes an incident.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::access::change::act::{Before, Seen};
use crate::access::operations::look::state;
use crate::access::operations::step::Work;
use crate::access::operations::text::same;
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{IncidentWrite, Statuspage};
use crate::roster::{Incident, IncidentUpdateId, PageId};
use crate::upstream::Cx;

pub(in crate::access) struct Update {
    pub statuspage: Statuspage,
    pub page: PageId,
    pub incident: Incident,
    pub known: BTreeSet<IncidentUpdateId>,
    pub planned: Value,
    pub write: IncidentWrite,
    pub says: bool,
}

impl Update {
    fn fits(&self, now: &Incident) -> bool {
        let write = &self.write;
        let name = write
            .name
            .as_deref()
            .is_none_or(|it| same(it, now.name.as_deref()));
        let impact = write
            .impact_override
            .is_none_or(|it| now.impact_override.as_deref() == Some(it.as_str()));
        let from = write
            .scheduled_for
            .is_none_or(|it| now.scheduled_for == Some(it));
        let until = write
            .scheduled_until
            .is_none_or(|it| now.scheduled_until == Some(it));
        let status: BTreeMap<_, _> = now
            .components
            .iter()
            .flatten()
            .map(|it| (&it.id, it.status.as_deref()))
            .collect();
        let components = write.components.iter().all(|(id, to)| {
            status
                .get(id)
                .copied()
                .flatten()
                .is_none_or(|it| it == to.as_str())
        });
        let listed = write
            .component_ids
            .iter()
            .flatten()
            .all(|id| status.contains_key(id));
        name && impact && from && until && components && listed
    }
}

impl Work for Update {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        let now = self
            .statuspage
            .incident(cx, &self.page, &self.incident.id)
            .await?;
        if state(&now) == self.planned {
            return Ok(Before::AsPlanned);
        }
        let newest = now
            .newest()
            .and_then(|it| it.body.clone())
            .unwrap_or_default();
        Ok(Before::Changed(format!(
            "somebody else worked on it; it is {} now, and the newest update says: {newest}",
            now.status.unwrap_or_default()
        )))
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        self.statuspage
            .update_incident(cx, intent, &self.page, &self.incident.id, &self.write)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self
            .statuspage
            .incident(cx, &self.page, &self.incident.id)
            .await?;
        let fresh: Vec<_> = now
            .updates
            .iter()
            .flatten()
            .filter(|it| !self.known.contains(&it.id))
            .collect();
        let ours = fresh.iter().find(|it| {
            let body = self
                .write
                .body
                .as_deref()
                .is_none_or(|body| same(body, it.body.as_deref()));
            let status = self
                .write
                .status
                .as_deref()
                .is_none_or(|status| it.status.as_deref() == Some(status));
            body && status
        });
        let after = state(&now);
        if self.says && ours.is_none() {
            return Ok(if after == self.planned {
                Seen::Unchanged(after, "there is no new update".to_owned())
            } else {
                Seen::Otherwise(after, "it changed, and no update of it says what was sent: look at it with `list_incidents`".to_owned())
            });
        }
        if !self.fits(&now) {
            return Ok(if !self.says && after == self.planned {
                Seen::Unchanged(after, "it is as it was".to_owned())
            } else {
                Seen::Otherwise(
                    after,
                    "a part of it is not as it was sent: look at it with `list_incidents`"
                        .to_owned(),
                )
            });
        }
        let others = fresh.len().saturating_sub(1);
        Ok(match ours {
            Some(_) if others > 0 => Seen::AsWantedAnd(
                after,
                format!("somebody else posted {others} more in the same moment: look at it"),
            ),
            Some(update) => Seen::AsWantedAnd(after, format!("the new update is {}", update.id)),
            None => Seen::AsWanted(after),
        })
    }
}
