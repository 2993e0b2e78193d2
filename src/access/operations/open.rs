//! Opens an incident, or writes one down that is over.

use std::collections::BTreeMap;

use crate::access::operations::post::{Posting, affected};
use crate::access::operations::text;
use crate::access::operations::told::Sends;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::statuspage::IncidentWrite;
use crate::roster::{ComponentId, ComponentStatus, Impact, IncidentKind, PageId, Template};

/// States of an incident that is no maintenance.
pub(in crate::access) const STATES: [&str; 4] =
    ["investigating", "identified", "monitoring", "resolved"];

/// An incident to be opened.
#[derive(Debug, Clone)]
pub struct NewIncident {
    /// On which page.
    pub page_id: PageId,
    /// Its title; a template's where absent.
    pub name: Option<String>,
    /// Its words; a template's where absent.
    pub body: Option<String>,
    /// A template of the page, by name or id.
    pub template: Option<String>,
    /// Its state; `investigating` where absent.
    pub status: Option<String>,
    /// The impact, set by hand.
    pub impact: Option<Impact>,
    /// Components that change at once.
    pub components: BTreeMap<ComponentId, ComponentStatus>,
    /// Affected components that do not change.
    pub component_ids: Vec<ComponentId>,
    /// The day of something that is over: then nobody is told and nothing changes.
    pub backfill_date: Option<jiff::civil::Date>,
    /// True when subscribers are told.
    pub deliver_notifications: bool,
}

/// The title and the words: given, or a template's.
pub(in crate::access) fn words(
    name: Option<&str>,
    body: Option<&str>,
    template: Option<&Template>,
) -> Result<(String, String), Refusal> {
    let name = name.or_else(|| template?.title.as_deref());
    let body = body.or_else(|| template?.body.as_deref());
    let (Some(name), Some(body)) = (name, body) else {
        return Err(Refusal::arguments(
            "give `name` and `body`, or a `template` of the page that has both",
        ));
    };
    let (name, body) = (text::name("name", name)?, text::body("body", body)?);
    if template.is_some() && (name.contains("{{") || body.contains("{{")) {
        return Err(Refusal::arguments(format!(
            "the template has places to fill in, which Statuspage does not fill here: give `name` and `body` with those filled in. The template's title: {name}. Its text: {body}"
        )));
    }
    Ok((name, body))
}

impl Access {
    /// Opens an incident, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn open_incident(
        &self,
        ask: &Ask,
        new: &NewIncident,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, &new.page_id).await?;
        let template = match &new.template {
            Some(named) => Some(self.template(ask, &page.id, named).await?),
            None => None,
        };
        let (name, body) = words(new.name.as_deref(), new.body.as_deref(), template.as_ref())?;
        let past = new.backfill_date;
        let of_template = template.as_ref().and_then(|it| it.update_status.clone());
        let usual = if past.is_some() {
            "resolved"
        } else {
            "investigating"
        };
        let state = new
            .status
            .clone()
            .or(of_template.filter(|it| past.is_none() && STATES.contains(&it.as_str())));
        let status = state.unwrap_or_else(|| usual.to_owned());
        if !STATES.contains(&status.as_str()) {
            return Err(Refusal::arguments(format!(
                "`status` of an incident is one of {}, not `{}`; a maintenance is posted with `schedule_maintenance`",
                STATES.join(", "),
                crate::roster::text::clean(&status, 40).text
            )));
        }
        let mut warnings = Vec::new();
        if let Some(day) = past {
            self.check_past(new, day, &status)?;
            warnings.push("an incident that is written down afterwards cannot be changed: a mistake means removing it and writing it down again".to_owned());
        }
        let mut component_ids = new.component_ids.clone();
        if new.template.is_some()
            && component_ids.is_empty()
            && new.components.is_empty()
            && past.is_none()
        {
            component_ids = template.map(|it| it.component_ids).unwrap_or_default();
        }
        let mut write = IncidentWrite {
            name: Some(name),
            body: Some(body),
            status: Some(status),
            impact_override: new.impact,
            components: new.components.clone(),
            backfill_date: past,
            deliver_notifications: new.deliver_notifications,
            ..IncidentWrite::default()
        };
        component_ids.extend(new.components.keys().cloned());
        component_ids.sort();
        component_ids.dedup();
        // Beside the map, so that the components are attached for certain.
        write.component_ids = (!component_ids.is_empty()).then_some(component_ids);
        let items = self
            .affected_items(ask, &page.id, &affected(&write))
            .await?;
        if write.component_ids.is_none() && past.is_none() {
            warnings.push("no component is affected: the page's components stay as they are, and on an audience-specific page no viewer may see it".to_owned());
        }
        if !write.components.is_empty() {
            warnings.push("resolving does not heal: the components stay as they are set until somebody sets them (`update_incident` with `restore_components`)".to_owned());
        }
        let besides =
            past.map(|day| format!("shown with the day {day}, as something that is over"));
        let posting = Posting {
            page,
            kind: IncidentKind::Realtime,
            write,
            items,
            besides: besides.into_iter().collect(),
            warnings,
            later: Sends::default(),
        };
        self.post(ask, posting, token).await
    }

    fn check_past(
        &self,
        new: &NewIncident,
        day: jiff::civil::Date,
        status: &str,
    ) -> Result<(), Refusal> {
        let today = self
            .clock()
            .now()
            .to_zoned_datetime(jiff::tz::TimeZone::UTC)
            .date();
        let why = if day > today {
            "`backfill_date` is in the future; what is planned is posted with `schedule_maintenance`"
        } else if !new.components.is_empty() || !new.component_ids.is_empty() {
            "Statuspage takes no components for an incident that is written down afterwards"
        } else if new.deliver_notifications {
            "nobody is told of an incident that is written down afterwards; leave `deliver_notifications` out"
        } else if status != "resolved" {
            "an incident that is written down afterwards is `resolved`; leave `status` out"
        } else {
            return Ok(());
        };
        Err(Refusal::arguments(why))
    }
}
