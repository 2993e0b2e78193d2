//! Fresh reads that plans of this toolset rest on.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::change::plan::Plan;
use crate::access::look::whole::read_all;
use crate::access::statuspage::items::Items;
use crate::access::{Access, Ask, Refusal};
use crate::policy::Toolset;
use crate::providers::ProviderError;
use crate::providers::statuspage::{IncidentList, Statuspage};
use crate::roster::{
    ComponentId, Incident, IncidentId, IncidentKind, IncidentUpdateId, Page, PageId, Template,
};
use crate::upstream::Cx;

/// Incidents of one answer, which is where a new one stands.
const NEWEST: &str = "incidents";

impl Access {
    /// A page that something is published on; refused where the rules do not allow it.
    pub(in crate::access) async fn published_page(
        &self,
        ask: &Ask,
        id: &PageId,
    ) -> Result<Page, Refusal> {
        self.permit_page(ask, id)?;
        let found = self.statuspage()?.page(&ask.interactive(), id).await;
        found.map_err(|error| {
            missing(
                error,
                &format!("page `{id}`"),
                " in this organization",
                "`list_pages` shows the pages and their ids.",
            )
        })
    }

    /// An incident as it is now.
    pub(in crate::access) async fn incident_now(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &IncidentId,
    ) -> Result<Incident, Refusal> {
        let found = self
            .statuspage()?
            .incident(&ask.interactive(), page, id)
            .await;
        found.map_err(|error| {
            missing(
                error,
                &format!("incident `{id}`"),
                &format!(" on page {page}"),
                "`list_incidents` shows what there is, with ids.",
            )
        })
    }

    /// The template of a page with this name or id.
    pub(in crate::access) async fn template(
        &self,
        ask: &Ask,
        page: &PageId,
        named: &str,
    ) -> Result<Template, Refusal> {
        let all = read_all(
            self.statuspage()?.templates(page),
            &ask.interactive(),
            "templates",
        )
        .await?;
        let fits = |it: &&Template| {
            let name = it.name.as_deref().unwrap_or_default();
            it.id == named || name.eq_ignore_ascii_case(named.trim())
        };
        let mut found = all.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one.clone()),
            (None, _) => Err(Refusal::NotFound {
                what: format!("template `{}`", crate::roster::text::clean(named, 80).text),
                where_: format!(" on page {page}"),
                next: format!("The templates are: {}.", names(&all)),
            }),
            (Some(_), Some(_)) => Err(Refusal::Ambiguous(format!(
                "several templates are called so; give one by its id. The templates are: {}",
                names(&all)
            ))),
        }
    }

    /// The components by name, and a refusal for an id that the page does not have or that is a component group.
    pub(in crate::access) async fn affected_items(
        &self,
        ask: &Ask,
        page: &PageId,
        ids: &BTreeSet<ComponentId>,
    ) -> Result<Items, Refusal> {
        let items = self
            .known_items(ask, page, ids.iter(), std::iter::empty())
            .await?;
        let group = ids
            .iter()
            .find(|id| items.components.get(*id).is_some_and(|it| it.is_group));
        if let Some(group) = group {
            return Err(Refusal::arguments(format!(
                "{} is a component group: its status follows from its components; name those",
                items.component(group)
            )));
        }
        Ok(items)
    }
}

fn names(all: &[Template]) -> String {
    let each = all.iter().map(|it| {
        format!(
            "{} ({})",
            it.name.as_deref().unwrap_or("without a name"),
            it.id
        )
    });
    let each: Vec<_> = each.take(30).collect();
    if each.is_empty() {
        "none".to_owned()
    } else {
        each.join(", ")
    }
}

/// A plan about a page that has nothing to do yet, or nothing at all, as is said.
pub(in crate::access) fn plan_on(page: &Page, is: impl Into<String>) -> Plan {
    let mut plan = Plan::so(is);
    plan.toolset = Toolset::Operations;
    plan.pages.push(page.id.clone());
    let name = page.name.clone().unwrap_or_default();
    plan.page_names.insert(page.id.clone(), name);
    plan.to_type.clone_from(&page.name);
    plan
}

/// Says what is to be done as it will be and as it was.
pub(in crate::access) fn say(plan: &mut Plan, words: impl Fn(&str) -> String) {
    plan.say(words("will be"), words("was"));
}

/// A refusal that says where to look, for what is not there.
pub(in crate::access) fn missing(
    error: ProviderError,
    what: &str,
    place: &str,
    next: &str,
) -> Refusal {
    if error.is_not_found() {
        return Refusal::NotFound {
            what: what.to_owned(),
            where_: place.to_owned(),
            next: next.to_owned(),
        };
    }
    error.into()
}

/// Returns the state that a plan about an incident is made from: any change of the incident, by anybody, changes this.
pub(in crate::access) fn state(incident: &Incident) -> Value {
    json!({
        "status": incident.status,
        "name": incident.name,
        "updated_at": incident.updated_at,
        "newest_update": incident.newest().map(|it| &it.id),
        "components": incident.components.as_ref().map(|all| all.iter().map(|it| (&it.id, &it.status)).collect::<Vec<_>>()),
    })
}

/// The updates that an incident has.
pub(in crate::access) fn update_ids(incident: &Incident) -> BTreeSet<IncidentUpdateId> {
    incident
        .updates
        .iter()
        .flatten()
        .map(|it| it.id.clone())
        .collect()
}

/// The newest incidents and those that are open, where one that was just posted must be. The search of Statuspage may lag behind,
/// so the plain lists are read.
pub(in crate::access) async fn newest(
    statuspage: &Statuspage,
    cx: &Cx,
    page: &PageId,
    kind: IncidentKind,
) -> Result<Vec<Incident>, ProviderError> {
    let mut all = Vec::new();
    let mut scan = statuspage.incidents(page, IncidentList::All, None);
    if let Some(batch) = scan.next(cx).await {
        all = batch?.records;
        if scan.progress().unreadable > 0 {
            return Err(ProviderError::Untrusted {
                what: "list of incidents",
                place: NEWEST.to_owned(),
                why: "some rows could not be read".to_owned(),
            });
        }
    }
    let list = match kind {
        IncidentKind::Realtime => IncidentList::Unresolved,
        IncidentKind::Maintenance => IncidentList::Scheduled,
    };
    all.extend(read_all(statuspage.incidents(page, list, None), cx, "incidents").await?);
    Ok(all)
}
