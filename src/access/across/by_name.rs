//! Ids by name: wherever a tool takes the id of a page, component, group, metric or incident, its unique name does. One that several
//! have is refused, with what tells them apart.

use std::time::Duration;

use crate::access::operations::audience::members_of;
use crate::access::operations::list::{IncidentFilter, IncidentState};
use crate::access::statuspage::items::{Items, named};
use crate::access::words::count;
use crate::access::{Access, Ask, Refusal};
use crate::policy::Toolset;
use crate::roster::{
    Component, DirectoryGroup, Incident, Metric, Page, PageAccessGroup, PageId, Thing, text,
};

/// The greatest age of a list in which names are looked up.
const FRESH: Duration = Duration::from_secs(60);
/// Incidents that a name is looked for among: the newest, one request.
const NEWEST: usize = 100;

/// Characters of a description that are enough to tell two things apart.
const SHOWN_OF_IT: usize = 60;

/// Something that has an id and a name.
struct Candidate {
    id: String,
    name: Option<String>,
    /// The words that tell it from others of the same name.
    about: String,
}

impl Access {
    /// The id of the one thing that is called so; the text itself where it is an id, and where the list of such things does not know it.
    ///
    /// # Errors
    /// When several are called so, or nothing is and the text cannot be an id.
    pub async fn id_of(
        &self,
        ask: &Ask,
        thing: Thing,
        page: Option<&PageId>,
        given: &str,
    ) -> Result<String, Refusal> {
        let can_be_id = PageId::parse(given).is_ok();
        if page.is_none() && thing == Thing::Group && is_of_directory(given) {
            return Ok(given.to_owned());
        }
        let candidates = match self.candidates(ask, thing, page).await {
            Ok(Some(candidates)) => candidates,
            Ok(None) => return Ok(given.to_owned()),
            // Whoever gave an id is told by the tool itself what is wrong with the page or the key.
            Err(_) if can_be_id => return Ok(given.to_owned()),
            Err(refusal) => return Err(refusal),
        };
        if candidates.iter().any(|it| it.id == given) {
            return Ok(given.to_owned());
        }
        let wanted = text::clean(given, text::NAME).text;
        let (wanted, both) = (wanted.trim(), wanted.to_lowercase());
        let exact = |it: &&Candidate| it.name.as_deref() == Some(wanted);
        let alike = |it: &&Candidate| {
            let shown = named(it.name.as_deref(), &it.id).to_lowercase();
            let name = it.name.as_deref().map(str::to_lowercase);
            name.as_deref() == Some(both.trim()) || shown == both.trim()
        };
        let mut found: Vec<&Candidate> = candidates.iter().filter(exact).collect();
        if found.is_empty() {
            found = candidates.iter().filter(alike).collect();
        }
        match found.as_slice() {
            [one] => Ok(one.id.clone()),
            [] if can_be_id => Ok(given.to_owned()),
            [] => Err(Refusal::NotFound {
                what: format!("{thing} `{wanted}`"),
                where_: page.map_or_else(String::new, |page| format!(" on page {page}")),
                next: format!(
                    "`{}` shows what there is, with names and ids.",
                    lists(thing, page)
                ),
            }),
            several => {
                let each: Vec<String> = several
                    .iter()
                    .map(|it| format!("{} ({})", it.id, it.about))
                    .collect();
                Err(Refusal::Ambiguous(format!(
                    "{} are called `{wanted}`: {}. Give the id of the one that is meant",
                    count(several.len(), &thing.to_string(), &format!("{thing}s")),
                    each.join("; ")
                )))
            }
        }
    }

    /// The groups of the directory, for a call that names no page.
    async fn directory_candidates(
        &self,
        ask: &Ask,
        thing: Thing,
    ) -> Result<Option<Vec<Candidate>>, Refusal> {
        let (Thing::Group, Ok(directory)) = (thing, self.atlassian_scim()) else {
            return Ok(None);
        };
        let scan = self.directory_groups_scan(directory, FRESH);
        let reach = scan.drive(self, ask, usize::MAX).await?;
        reach.whole(&scan.what)?;
        let candidate = |it: &DirectoryGroup| Candidate {
            id: it.id.to_string(),
            name: it.name.clone(),
            about: it.member_count.map_or_else(
                || "an unknown number of members".to_owned(),
                |members| count(members, "member", "members"),
            ),
        };
        let rows = |rows: &[DirectoryGroup], _| rows.iter().map(candidate).collect();
        Ok(Some(scan.with_rows(0, rows).await))
    }

    /// Everything of a kind that the caller may see. `None`: such things are not looked up here.
    async fn candidates(
        &self,
        ask: &Ask,
        thing: Thing,
        page: Option<&PageId>,
    ) -> Result<Option<Vec<Candidate>>, Refusal> {
        if thing == Thing::Page {
            let pages = self.pages(ask).await?.into_iter();
            let pages = pages.filter(|page| self.rules().shows(&page.id));
            let candidate = |page: Page| Candidate {
                id: page.id.to_string(),
                about: page.url.unwrap_or_else(|| "no address".to_owned()),
                name: page.name,
            };
            return Ok(Some(pages.map(candidate).collect()));
        }
        let Some(page) = page else {
            return self.directory_candidates(ask, thing).await;
        };
        self.permit_page(ask, page)?;
        let candidates = match thing {
            Thing::Page => Vec::new(),
            Thing::Component => {
                let items = self.items(ask, page).await?;
                let candidate = |it: &Component| Candidate {
                    id: it.id.to_string(),
                    name: it.name.clone(),
                    about: about_component(&items, it),
                };
                items.components.values().map(candidate).collect()
            }
            Thing::Metric => {
                let items = self.items(ask, page).await?;
                let candidate = |it: &Metric| Candidate {
                    id: it.id.to_string(),
                    name: it.name.clone(),
                    about: about_metric(it),
                };
                items.metrics.values().map(candidate).collect()
            }
            Thing::Group => {
                let groups = self.groups(ask, page).await?;
                let candidate = |it: &PageAccessGroup| Candidate {
                    id: it.id.to_string(),
                    name: it.name.clone(),
                    about: about_group(it),
                };
                groups.values().map(candidate).collect()
            }
            Thing::Incident if !self.has_toolset(Toolset::Operations) => return Ok(None),
            Thing::Incident => {
                let filter = IncidentFilter::all(page.clone(), IncidentState::All);
                let scan = self.incident_scan(&filter, FRESH)?;
                scan.drive(self, ask, NEWEST).await?;
                let candidate = |it: &Incident| Candidate {
                    id: it.id.to_string(),
                    name: it.name.clone(),
                    about: format!(
                        "{}, {}",
                        it.status.as_deref().unwrap_or("of unknown status"),
                        it.scheduled_for.or(it.created_at).map_or_else(
                            || "begun at an unknown time".to_owned(),
                            |at| format!("of {at}")
                        )
                    ),
                };
                let rows = |rows: &[Incident], _| -> Vec<Candidate> {
                    rows.iter().map(candidate).collect()
                };
                scan.with_rows(0, rows).await
            }
        };
        Ok(Some(candidates))
    }
}

/// Tells a component from another of its name: by where it stands, how it is, and what the page says of it.
fn about_component(items: &Items, it: &Component) -> String {
    let mut words = vec![match (&it.group_id, it.is_group) {
        (_, true) => {
            let inside = members_of(items, &it.id).len();
            let inside = count(inside, "component", "components");
            format!("a component group with {inside}")
        }
        (Some(group), false) => format!("in the component group {}", items.component(group)),
        (None, false) => "in no component group".to_owned(),
    }];
    words.extend(it.position.as_ref().map(|at| format!("position {at}")));
    if !it.is_group {
        let status = it.status.as_deref();
        words.push(status.unwrap_or("of unknown status").to_owned());
    }
    words.extend(described(it.description.as_deref()));
    words.join(", ")
}

/// Tells a metric from another of its name.
fn about_metric(it: &Metric) -> String {
    let unit = it.suffix.as_ref();
    let mut words = vec![unit.map_or_else(
        || "without a unit".to_owned(),
        |suffix| format!("measured in {suffix}"),
    )];
    let identifier = it.identifier.as_ref();
    words.extend(identifier.map(|id| format!("`{id}` to its provider")));
    words.extend(described(it.description.as_deref()));
    words.join(", ")
}

/// Tells a page access group from another of its name.
fn about_group(it: &PageAccessGroup) -> String {
    let size = |ids: Option<usize>, one: &str, many: &str| {
        ids.map_or_else(
            || format!("an unknown number of {many}"),
            |ids| count(ids, one, many),
        )
    };
    let (members, components) = (it.member_ids.as_ref(), it.component_ids.as_ref());
    let metrics = it.metric_ids.as_ref();
    let mut words = vec![
        size(members.map(Vec::len), "member", "members"),
        size(components.map(Vec::len), "component", "components"),
        size(metrics.map(Vec::len), "metric", "metrics"),
    ];
    let external = it.external_id.as_ref();
    words.extend(external.map(|id| format!("external id {id}")));
    words.extend(it.created_at.map(|at| format!("made {at}")));
    words.join(", ")
}

/// The first words of a description.
fn described(description: Option<&str>) -> Option<String> {
    let description = description?;
    let first: String = description.chars().take(SHOWN_OF_IT).collect();
    let rest = if first.len() < description.len() {
        "…"
    } else {
        ""
    };
    Some(format!("described as \"{first}{rest}\""))
}

/// Returns whether a text is written as the ids of the directory are (a UUID).
fn is_of_directory(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| match dashes.contains(&at) {
        true => byte == b'-',
        false => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// The tool that lists such things.
fn lists(thing: Thing, page: Option<&PageId>) -> &'static str {
    match thing {
        Thing::Page => "list_pages",
        Thing::Component | Thing::Metric => "list_components",
        Thing::Group if page.is_none() => "list_directory_groups",
        Thing::Group => "list_page_access_groups",
        Thing::Incident => "list_incidents",
    }
}
