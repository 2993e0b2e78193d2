//! Posts an incident or a maintenance: planned with the words that readers will see, and found again by a key of ours when the answer
//! is lost. It is never posted again without proof of its absence.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::access::change::act::Seen;
use crate::access::change::publication::Publication;
use crate::access::operations::look::{newest, plan_on, say};
use crate::access::operations::step::{Step, Work};
use crate::access::operations::text::same;
use crate::access::operations::told::Sends;
use crate::access::statuspage::items::{Items, named};
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::providers::ProviderError;
use crate::providers::statuspage::{IncidentWrite, Statuspage};
use crate::roster::{ComponentId, Incident, IncidentId, IncidentKind, Page, PageId};
use crate::upstream::Cx;

/// The time after its end in which an incident with the same words counts as the same.
const SAME: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// An incident or maintenance to post, with the facts that the plan needs.
pub(in crate::access) struct Posting {
    pub page: Page,
    pub kind: IncidentKind,
    pub write: IncidentWrite,
    pub items: Items,
    /// Lines that readers see besides the title and the words.
    pub besides: Vec<String>,
    /// Messages that it sends by itself later.
    pub later: Sends,
    pub warnings: Vec<String>,
}

impl Access {
    /// Plans and carries out a posting.
    pub(in crate::access) async fn post(
        &self,
        ask: &Ask,
        posting: Posting,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let Posting {
            page,
            kind,
            write,
            items,
            besides,
            later,
            warnings,
        } = posting;
        let shown = named(page.name.as_deref(), page.id.as_str());
        let title = write.name.clone().unwrap_or_default();
        let what = match kind {
            IncidentKind::Realtime => "incident",
            IncidentKind::Maintenance => "maintenance",
        };
        let key = key(&page.id, &write);
        let statuspage = self.statuspage()?.clone();
        let there = newest(&statuspage, &ask.interactive(), &page.id, kind).await?;
        let now = self.clock().now();
        let again = |it: &&Incident| {
            let lately = it
                .created_at
                .is_some_and(|at| now.duration_since(at) < SAME);
            let ours = it.our_key.as_deref() == Some(key.as_str());
            ours && (kind == IncidentKind::Maintenance
                || write.backfill_date.is_some()
                || !it.is_over()
                || lately)
        };
        let mut plan = plan_on(&page, "");
        say(&mut plan, |be| {
            format!("The {what} \"{title}\" {be} posted on page {shown}.")
        });
        plan.warnings = warnings;
        if let Some(posted) = there.iter().find(again) {
            plan.say_so(format!(
                "The {what} \"{title}\" is on page {shown} already (id {}): the same words were posted by this server.",
                posted.id
            ));
            return self.carry_out(ask, token, plan).await;
        }
        let affected: BTreeSet<ComponentId> = affected(&write);
        let tells = write.deliver_notifications;
        let mut sends = Sends::now(tells, !write.components.is_empty());
        sends.incident.extend(later.incident);
        sends.components.extend(later.components);
        let subscribed = self.subscribed(ask, &page.id, &affected, &sends).await?;
        let mut publication = Publication {
            readers_see: readers_see(&write, besides, &affected, &items),
            components: component_lines(&write, &items),
            ..Publication::default()
        };
        subscribed.put_into(&mut publication, &sends);
        plan.publication = Some(publication);
        // Subscribers come and go by the minute; the plan rests on the components that it changes.
        plan.state = json!({"components": affected.iter().map(|id| (id, items.components.get(id).and_then(|it| it.status.clone()))).collect::<Vec<_>>()});
        let exact = json!({"page_id": page.id, "incident": write, "key": key});
        let known = there.into_iter().map(|it| it.id).collect();
        let work = Post {
            statuspage,
            page: page.id.clone(),
            kind,
            write,
            key,
            known,
        };
        let mut step = Step::of_publication(
            format!("post the {what} on page {shown}{}", notified(tells)),
            title,
            exact,
            work,
        );
        step.requests = 4;
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

/// Returns whether subscribers are told, in words that end an action.
pub(in crate::access) fn notified(told: bool) -> &'static str {
    if told {
        ", and tell its subscribers"
    } else {
        ", without telling subscribers"
    }
}

/// Every component that a write names.
pub(in crate::access) fn affected(write: &IncidentWrite) -> BTreeSet<ComponentId> {
    let listed = write.component_ids.iter().flatten();
    listed.chain(write.components.keys()).cloned().collect()
}

/// The components that change at once, in names.
pub(in crate::access) fn component_lines(write: &IncidentWrite, items: &Items) -> Vec<String> {
    let line = |(id, to): (&ComponentId, &crate::roster::ComponentStatus)| {
        let from = items.components.get(id).and_then(|it| it.status.as_deref());
        format!(
            "{}: from {} to {to}, at once",
            items.component(id),
            from.unwrap_or("an unknown status")
        )
    };
    write.components.iter().map(line).collect()
}

fn readers_see(
    write: &IncidentWrite,
    besides: Vec<String>,
    affected: &BTreeSet<ComponentId>,
    items: &Items,
) -> Vec<String> {
    let mut lines = vec![format!(
        "title: {}",
        write.name.as_deref().unwrap_or_default()
    )];
    lines.extend(write.status.iter().map(|it| format!("state: {it}")));
    lines.extend(
        write
            .impact_override
            .iter()
            .map(|it| format!("impact: {it}")),
    );
    lines.extend(besides);
    lines.extend(write.body.iter().map(|it| format!("text: {it}")));
    let components: Vec<_> = affected.iter().map(|id| items.component(id)).collect();
    if !components.is_empty() {
        lines.push(format!("affected components: {}", components.join(", ")));
    }
    lines
}

/// Returns a key that is equal for the same words on the same page, in every process: a posted incident is recognised by it.
fn key(page: &PageId, write: &IncidentWrite) -> String {
    let whole = json!({"page": page, "write": write}).to_string();
    let digest = Sha256::digest(whole);
    hex::encode(digest.get(..12).unwrap_or_default())
}

struct Post {
    statuspage: Statuspage,
    page: PageId,
    kind: IncidentKind,
    write: IncidentWrite,
    key: String,
    known: BTreeSet<IncidentId>,
}

impl Post {
    /// By our key, or where Statuspage keeps none by name and words among those that were not there before.
    fn is_ours(&self, incident: &Incident) -> bool {
        if self.known.contains(&incident.id) {
            return false;
        }
        if let Some(key) = &incident.our_key {
            return *key == self.key;
        }
        let newest_body = incident.newest().and_then(|it| it.body.as_deref());
        let title = self.write.name.as_deref().unwrap_or_default();
        let words = self
            .write
            .body
            .as_deref()
            .is_none_or(|body| same(body, newest_body));
        same(title, incident.name.as_deref()) && words
    }
}

impl Work for Post {
    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        self.statuspage
            .create_incident(cx, intent, &self.page, &self.write, &self.key)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let there = newest(&self.statuspage, cx, &self.page, self.kind).await?;
        let Some(made) = there.iter().find(|it| self.is_ours(it)) else {
            let why = "it is in no list of the page".to_owned();
            return Ok(Seen::Unchanged(Value::Null, why));
        };
        let link = made
            .shortlink
            .as_deref()
            .unwrap_or("no public address was given");
        let found = format!("its id is {}; {link}", made.id);
        let newest_body = made.newest().and_then(|it| it.body.as_deref());
        let whole = self
            .write
            .body
            .as_deref()
            .is_none_or(|body| same(body, newest_body));
        Ok(if whole {
            Seen::AsWantedAnd(json!(made), found)
        } else {
            let why = format!(
                "it was posted ({found}), and what it says is not what was sent: look at it, and change it with `edit_incident_update`"
            );
            Seen::Otherwise(json!(made), why)
        })
    }
}
