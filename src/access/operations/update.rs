//! Changes an incident: status, words and components in one request, because two requests would be two updates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::access::change::publication::Publication;
use crate::access::operations::audience::Sight;
use crate::access::operations::look::{plan_on, say, state, update_ids};
use crate::access::operations::open::STATES;
use crate::access::operations::post::{affected, component_lines, notified};
use crate::access::operations::schedule::{both, moment, zone};
use crate::access::operations::step::{Step, of_readers};
use crate::access::operations::text::{self, same};
use crate::access::operations::told::Sends;
use crate::access::operations::update_step::Update;
use crate::access::statuspage::items::named;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::statuspage::IncidentWrite;
use crate::roster::{
    ComponentId, ComponentStatus, Impact, Incident, IncidentId, IncidentKind, PageId,
};

/// States of a maintenance.
const PLANNED: [&str; 4] = ["scheduled", "in_progress", "verifying", "completed"];

/// The changes to an incident. Absent fields stay.
#[derive(Debug, Clone)]
pub struct IncidentChange {
    /// On which page.
    pub page_id: PageId,
    /// The incident.
    pub incident_id: IncidentId,
    /// Its state.
    pub status: Option<String>,
    /// The words of a new update.
    pub body: Option<String>,
    /// Another title.
    pub name: Option<String>,
    /// The impact, set by hand.
    pub impact: Option<Impact>,
    /// Components that change at once.
    pub components: BTreeMap<ComponentId, ComponentStatus>,
    /// Exactly the affected components.
    pub component_ids: Option<Vec<ComponentId>>,
    /// True when the components that it made worse become operational.
    pub restore_components: bool,
    /// When a maintenance begins.
    pub scheduled_for: Option<String>,
    /// When it ends.
    pub scheduled_until: Option<String>,
    /// The zone of times without an offset.
    pub time_zone: Option<String>,
    /// True when subscribers are told.
    pub deliver_notifications: bool,
}

impl IncidentChange {
    /// Returns the fields to send, checked against the incident; fields that are so already are left out.
    fn write(&self, incident: &Incident) -> Result<IncidentWrite, Refusal> {
        let zone = zone(self.time_zone.as_deref())?;
        let time = |field: &str, given: &Option<String>, now: Option<jiff::Timestamp>| {
            let wanted = given
                .as_deref()
                .map(|it| moment(field, it, zone.as_ref()))
                .transpose()?;
            Ok::<_, Refusal>(wanted.filter(|it| Some(*it) != now))
        };
        let mut write = IncidentWrite {
            name: self
                .name
                .as_deref()
                .map(|it| text::name("name", it))
                .transpose()?,
            body: self
                .body
                .as_deref()
                .map(|it| text::body("body", it))
                .transpose()?,
            status: self.status.clone(),
            impact_override: self.impact,
            components: self.components.clone(),
            component_ids: self.component_ids.clone(),
            scheduled_for: time("scheduled_for", &self.scheduled_for, incident.scheduled_for)?,
            scheduled_until: time(
                "scheduled_until",
                &self.scheduled_until,
                incident.scheduled_until,
            )?,
            deliver_notifications: self.deliver_notifications,
            ..IncidentWrite::default()
        };
        let maintenance = incident.kind == IncidentKind::Maintenance;
        let states = if maintenance { PLANNED } else { STATES };
        if let Some(status) = write.status.as_deref().filter(|it| !states.contains(it)) {
            return Err(Refusal::arguments(format!(
                "`status` of this {} is one of {}, not `{}`",
                if maintenance {
                    "maintenance"
                } else {
                    "incident"
                },
                states.join(", "),
                crate::roster::text::clean(status, 40).text
            )));
        }
        if !maintenance && (write.scheduled_for.is_some() || write.scheduled_until.is_some()) {
            return Err(Refusal::arguments(
                "only a maintenance has `scheduled_for` and `scheduled_until`",
            ));
        }
        let (from, until) = (
            write.scheduled_for.or(incident.scheduled_for),
            write.scheduled_until.or(incident.scheduled_until),
        );
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            return Err(Refusal::arguments(
                "`scheduled_until` must be after `scheduled_for`",
            ));
        }
        let now: BTreeMap<_, _> = incident
            .components
            .iter()
            .flatten()
            .map(|it| (&it.id, it.status.as_deref()))
            .collect();
        if self.restore_components {
            let worse = degraded(incident).into_iter();
            write
                .components
                .extend(worse.map(|id| (id, ComponentStatus::Operational)));
        }
        write
            .components
            .retain(|id, to| now.get(id).copied().flatten() != Some(to.as_str()));
        write.name = write.name.filter(|it| !same(it, incident.name.as_deref()));
        write.impact_override = write
            .impact_override
            .filter(|it| incident.impact_override.as_deref() != Some(it.as_str()));
        let listed: BTreeSet<_> = now.into_keys().cloned().collect();
        let wanted = write
            .component_ids
            .map(|it| it.into_iter().collect::<BTreeSet<_>>());
        write.component_ids = wanted
            .filter(|it| *it != listed || incident.components.is_none())
            .map(|it| it.into_iter().collect());
        let state_is = |wanted: &str| incident.status.as_deref() == Some(wanted);
        let is_posted = match (write.body.as_deref(), write.status.as_deref()) {
            // A repeated text would be one more update, and would tell everybody again; also where somebody else posted since.
            (Some(body), status) => incident.updates.iter().flatten().any(|it| {
                let state = status.is_none_or(|status| it.status.as_deref() == Some(status));
                state && same(body, it.body.as_deref())
            }),
            (None, status) => status.is_none_or(state_is),
        };
        if is_posted {
            write.body = None;
            write.status = None;
        }
        // A change without a word or a state is no update, so nothing is there to tell.
        write.deliver_notifications &= write.body.is_some() || write.status.is_some();
        Ok(write)
    }
}

/// The affected components that this incident's updates set to something worse and that are not operational now; where its updates do
/// not say, all affected ones that are not.
fn degraded(incident: &Incident) -> Vec<ComponentId> {
    let by_it: BTreeSet<&ComponentId> = incident
        .updates
        .iter()
        .flatten()
        .flat_map(|it| &it.degraded)
        .collect();
    let rows = incident.components.iter().flatten();
    let worse = rows.filter(|it| {
        it.status
            .as_deref()
            .is_some_and(|it| !it.is_empty() && it != "operational")
    });
    let ours = worse.filter(|it| by_it.is_empty() || by_it.contains(&it.id));
    ours.map(|it| it.id.clone()).collect()
}

impl Access {
    /// Changes an incident, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn update_incident(
        &self,
        ask: &Ask,
        change: &IncidentChange,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, &change.page_id).await?;
        let incident = self
            .incident_now(ask, &page.id, &change.incident_id)
            .await?;
        let write = change.write(&incident)?;
        let shown = format!(
            "\"{}\" ({}) on page {}",
            incident.title(),
            incident.id,
            named(page.name.as_deref(), page.id.as_str())
        );
        let what = match incident.kind {
            IncidentKind::Realtime => "incident",
            IncidentKind::Maintenance => "maintenance",
        };
        let mut plan = plan_on(&page, "");
        say(&mut plan, |be| format!("The {what} {shown} {be} changed."));
        let over = matches!(write.status.as_deref(), Some("resolved" | "completed"));
        let left: Vec<ComponentId> = degraded(&incident)
            .into_iter()
            .filter(|id| !write.components.contains_key(id))
            .collect();
        if write == IncidentWrite::default() {
            plan.say_so(format!(
                "The {what} {shown} is so already: an update says the same."
            ));
            return self.carry_out(ask, token, plan).await;
        }
        let mut named_here = affected(&write);
        named_here.extend(left.iter().cloned());
        let items = self.affected_items(ask, &page.id, &named_here).await?;
        if over && !left.is_empty() {
            let names: Vec<_> = left.iter().map(|id| items.component(id)).collect();
            plan.warnings.push(format!("resolving does not heal: what is not operational stays as it is ({}); give `restore_components: true` to set them to operational in the same request", names.join(", ")));
        }
        if incident.is_over() && write.status.is_some() && !over {
            plan.warnings
                .push("it was over, and is open again by this".to_owned());
        }
        let says = write.body.is_some() || write.status.is_some();
        let sends = Sends::now(write.deliver_notifications, !write.components.is_empty());
        if change.deliver_notifications && !says {
            plan.warnings.push("`deliver_notifications` tells nobody here and is sent as false: only a text or a state is sent to subscribers. Give `body` with words about it to tell them".to_owned());
        }
        let mut listed: BTreeSet<ComponentId> = match &write.component_ids {
            Some(ids) => ids.iter().cloned().collect(),
            None => incident
                .components
                .iter()
                .flatten()
                .map(|it| it.id.clone())
                .collect(),
        };
        listed.extend(write.components.keys().cloned());
        let mut losses = Vec::new();
        if write.component_ids.is_some() {
            let before: BTreeSet<_> = incident
                .components
                .iter()
                .flatten()
                .map(|it| it.id.clone())
                .collect();
            let sight = Sight {
                before: &before,
                after: &listed,
            };
            losses = self
                .sight_of_incident(ask, &page, &sight, &mut plan.warnings)
                .await?;
        }
        let subscribed = self.subscribed(ask, &page.id, &listed, &sends).await?;
        let mut publication = Publication {
            readers_see: readers_see(
                &incident,
                &write,
                &listed,
                &items,
                change.time_zone.as_deref(),
            )?,
            components: component_lines(&write, &items),
            ..Publication::default()
        };
        subscribed.put_into(&mut publication, &sends);
        plan.publication = Some(publication);
        plan.state = state(&incident);
        let exact = json!({"page_id": page.id, "incident_id": incident.id, "incident": write});
        let before = state(&incident);
        let target = shown;
        let write_tells = write.deliver_notifications;
        let work = Update {
            statuspage: self.statuspage()?.clone(),
            page: page.id.clone(),
            known: update_ids(&incident),
            planned: before.clone(),
            incident,
            write,
            says,
        };
        let mut step = Step::of_publication(
            format!("change the {what}{}", notified(write_tells)),
            target,
            exact,
            work,
        );
        step.before = before;
        step.losses = losses.into_iter().map(of_readers).collect();
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

fn readers_see(
    incident: &Incident,
    write: &IncidentWrite,
    listed: &BTreeSet<ComponentId>,
    items: &crate::access::statuspage::items::Items,
    zone_name: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let zone = zone(zone_name)?;
    let mut lines = Vec::new();
    let was = |it: &Option<String>| it.clone().unwrap_or_else(|| "unknown".to_owned());
    if let Some(name) = &write.name {
        lines.push(format!("title: {name} (it was: {})", incident.title()));
    }
    if let Some(status) = &write.status {
        lines.push(format!(
            "state: {status} (it was: {})",
            was(&incident.status)
        ));
    }
    if let Some(impact) = write.impact_override {
        lines.push(format!(
            "impact: {impact} (it was: {})",
            was(&incident.impact)
        ));
    }
    for (word, time, old) in [
        ("begins", write.scheduled_for, incident.scheduled_for),
        ("ends", write.scheduled_until, incident.scheduled_until),
    ] {
        let Some(time) = time else { continue };
        let old = old.map_or_else(|| "unknown".to_owned(), |old| both(old, zone.as_ref()));
        let new = both(time, zone.as_ref());
        lines.push(format!("{word}: {new} (it was: {old})"));
    }
    match &write.body {
        Some(body) => lines.push(format!("text of a new update: {body}")),
        None if write.status.is_some() => {
            lines.push("a new update with the state alone, without words".to_owned())
        }
        None => {}
    }
    if write.component_ids.is_some() {
        let names = |each: Vec<String>| match each.as_slice() {
            [] => "none".to_owned(),
            some => some.join(", "),
        };
        let new = names(listed.iter().map(|id| items.component(id)).collect());
        let old = incident.components.as_ref().map(|old| {
            let each = old
                .iter()
                .map(|it| named(it.name.as_deref(), it.id.as_str()));
            names(each.collect())
        });
        let old = old.unwrap_or_else(|| "unknown".to_owned());
        lines.push(format!(
            "affected components from now on: {new} (they were: {old})"
        ));
    }
    Ok(lines)
}
