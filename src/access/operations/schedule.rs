//! Announces a maintenance: its time in UTC and in the zone given, and every automation said in words and sent.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::access::operations::open::words;
use crate::access::operations::post::{Posting, affected};
use crate::access::operations::told::Sends;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::statuspage::IncidentWrite;
use crate::roster::{ComponentId, IncidentKind, PageId};

/// A maintenance to be announced.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Statuspage's automations and reminders are switches, each with its own meaning"
)]
pub struct NewMaintenance {
    /// On which page.
    pub page_id: PageId,
    /// Its title; a template's where absent.
    pub name: Option<String>,
    /// Its words; a template's where absent.
    pub body: Option<String>,
    /// A template of the page, by name or id.
    pub template: Option<String>,
    /// When it begins.
    pub scheduled_for: String,
    /// When it ends.
    pub scheduled_until: String,
    /// The zone of times without an offset, and the one that times are shown in.
    pub time_zone: Option<String>,
    /// Affected components.
    pub component_ids: Vec<ComponentId>,
    /// True when subscribers are told now.
    pub deliver_notifications: bool,
    /// True when they are told an hour before.
    pub remind: bool,
    /// True when it begins by itself.
    pub auto_start: bool,
    /// True when it ends by itself.
    pub auto_end: bool,
    /// True when the components go under maintenance at its start.
    pub set_components: bool,
    /// True when they become operational at its end.
    pub restore_components: bool,
    /// True when subscribers are told at a start by itself.
    pub notify_at_start: bool,
    /// True when they are told at an end by itself.
    pub notify_at_end: bool,
}

/// A moment as it was given: with an offset, or as the local time of a zone.
pub(in crate::access) fn moment(
    field: &str,
    given: &str,
    zone: Option<&TimeZone>,
) -> Result<Timestamp, Refusal> {
    if let Ok(moment) = given.trim().parse::<Timestamp>() {
        return Ok(moment);
    }
    let shown = crate::roster::text::clean(given, 60).text;
    let local: DateTime = given.trim().parse().map_err(|_| {
        Refusal::arguments(format!("`{field}` is `{shown}`; write a time as `2026-03-29T02:30:00+01:00`, or as `2026-03-29T02:30` with `time_zone`"))
    })?;
    let Some(zone) = zone else {
        return Err(Refusal::arguments(format!(
            "`{field}` is `{shown}`, without an offset; add one (`Z`, `+01:00`) or give `time_zone`, such as `Europe/Berlin`"
        )));
    };
    let meant = zone.to_ambiguous_zoned_datetime(local);
    if meant.is_ambiguous() {
        return Err(Refusal::arguments(format!(
            "`{field}` is `{shown}`, which clocks in that zone show twice or never on that day, because they change then; write it with an offset"
        )));
    }
    let zoned = meant
        .unambiguous()
        .map_err(|error| Refusal::arguments(format!("`{field}`: {error}")))?;
    Ok(zoned.timestamp())
}

/// The zone of this name.
pub(in crate::access) fn zone(name: Option<&str>) -> Result<Option<TimeZone>, Refusal> {
    let Some(name) = name else { return Ok(None) };
    let found = TimeZone::get(name.trim());
    found.map(Some).map_err(|_| {
        let shown = crate::roster::text::clean(name, 60).text;
        Refusal::arguments(format!(
            "there is no time zone `{shown}`; write it as `Europe/Berlin` or `UTC`"
        ))
    })
}

/// A moment in UTC, and in the zone too where one was given.
pub(in crate::access) fn both(moment: Timestamp, zone: Option<&TimeZone>) -> String {
    let utc = moment
        .to_zoned_datetime(TimeZone::UTC)
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string();
    match zone {
        None => utc,
        Some(zone) => {
            let there = moment.to_zoned_datetime(zone.clone());
            let name = zone.iana_name().unwrap_or("the zone");
            format!(
                "{utc} ({} in {name})",
                there.strftime("%A %Y-%m-%d %H:%M, UTC%:z")
            )
        }
    }
}

impl NewMaintenance {
    /// Each automation and reminder by Statuspage's name, with what it does in words. Every one is sent: what happens where nothing
    /// is said is not documented for all of them.
    fn flags(&self) -> [(&'static str, bool, &'static str, &'static str); 7] {
        [
            (
                "scheduled_remind_prior",
                self.remind,
                "subscribers are reminded 60 minutes before",
                "no reminder is sent before",
            ),
            (
                "scheduled_auto_in_progress",
                self.auto_start,
                "it begins by itself",
                "it does not begin by itself: somebody sets it to in_progress",
            ),
            (
                "scheduled_auto_completed",
                self.auto_end,
                "it ends by itself",
                "it does not end by itself: somebody sets it to completed",
            ),
            (
                "auto_transition_to_maintenance_state",
                self.set_components,
                "its components go under_maintenance when it begins by itself",
                "its components stay as they are when it begins",
            ),
            (
                "auto_transition_to_operational_state",
                self.restore_components,
                "its components become operational when it ends by itself, also those that another incident made worse",
                "its components stay as they are when it ends",
            ),
            (
                "auto_transition_deliver_notifications_at_start",
                self.notify_at_start,
                "subscribers are told when it begins by itself",
                "subscribers are not told when it begins by itself",
            ),
            (
                "auto_transition_deliver_notifications_at_end",
                self.notify_at_end,
                "subscribers are told when it ends by itself",
                "subscribers are not told when it ends by itself",
            ),
        ]
    }

    /// Messages that it sends by itself, each with its time.
    fn later(&self) -> Sends {
        let (at_start, at_end) = (self.auto_start, self.auto_end);
        let which = |each: &[(bool, &'static str)]| -> Vec<&'static str> {
            let some = each.iter().filter(|(is, _)| *is);
            some.map(|(_, why)| *why).collect()
        };
        let affects = !self.component_ids.is_empty();
        Sends {
            incident: which(&[
                (
                    self.remind && affects,
                    "reminded 60 minutes before, by `remind`",
                ),
                (
                    self.notify_at_start && at_start,
                    "told when it begins by itself, by `notify_at_start`",
                ),
                (
                    self.notify_at_end && at_end,
                    "told when it ends by itself, by `notify_at_end`",
                ),
            ]),
            components: which(&[
                (
                    self.set_components && at_start && affects,
                    "called when its components go under maintenance by themselves",
                ),
                (
                    self.restore_components && at_end && affects,
                    "called when its components become operational by themselves",
                ),
            ]),
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.auto_start && !self.auto_end {
            warnings.push("it begins by itself and does not end by itself: until somebody ends it, the page shows it as under way".to_owned());
        }
        if (self.set_components && !self.auto_start) || (self.restore_components && !self.auto_end)
        {
            warnings.push("components change by themselves only where the maintenance begins or ends by itself (`auto_start`, `auto_complete`)".to_owned());
        }
        if (self.notify_at_start && !self.auto_start) || (self.notify_at_end && !self.auto_end) {
            warnings.push("`notify_at_start` and `notify_at_end` tell somebody only where the maintenance begins or ends by itself (`auto_start`, `auto_complete`)".to_owned());
        }
        if self.component_ids.is_empty() {
            warnings.push("no component is affected: no reminder is sent then, nothing changes by itself, and on an audience-specific page no viewer may see it".to_owned());
        }
        warnings
    }
}

impl Access {
    /// Announces a maintenance, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn schedule_maintenance(
        &self,
        ask: &Ask,
        new: &NewMaintenance,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let zone = zone(new.time_zone.as_deref())?;
        let from = moment("scheduled_for", &new.scheduled_for, zone.as_ref())?;
        let until = moment("scheduled_until", &new.scheduled_until, zone.as_ref())?;
        if until <= from {
            return Err(Refusal::arguments(
                "`scheduled_until` must be after `scheduled_for`",
            ));
        }
        if from <= self.clock().now() {
            return Err(Refusal::arguments(format!(
                "`scheduled_for` ({}) is in the past; open what is under way with `open_incident`",
                both(from, zone.as_ref())
            )));
        }
        let page = self.published_page(ask, &new.page_id).await?;
        let template = match &new.template {
            Some(named) => Some(self.template(ask, &page.id, named).await?),
            None => None,
        };
        let (name, body) = words(new.name.as_deref(), new.body.as_deref(), template.as_ref())?;
        let mut component_ids = new.component_ids.clone();
        component_ids.sort();
        component_ids.dedup();
        // Never the map of components: it acts at once, also for a maintenance of next month.
        let write = IncidentWrite {
            name: Some(name),
            body: Some(body),
            status: Some("scheduled".to_owned()),
            component_ids: (!component_ids.is_empty()).then_some(component_ids),
            scheduled_for: Some(from),
            scheduled_until: Some(until),
            flags: new
                .flags()
                .into_iter()
                .map(|(name, on, _, _)| (name, on))
                .collect(),
            deliver_notifications: new.deliver_notifications,
            ..IncidentWrite::default()
        };
        let items = self
            .affected_items(ask, &page.id, &affected(&write))
            .await?;
        let mut besides = vec![
            format!("begins: {}", both(from, zone.as_ref())),
            format!("ends: {}", both(until, zone.as_ref())),
        ];
        besides.extend(
            new.flags()
                .into_iter()
                .map(|(_, on, yes, no)| if on { yes } else { no }.to_owned()),
        );
        let posting = Posting {
            page,
            kind: IncidentKind::Maintenance,
            write,
            items,
            besides,
            later: new.later(),
            warnings: new.warnings(),
        };
        self.post(ask, posting, token).await
    }
}
