//! Makes or changes a component or a component group, by merging; says who is subscribed to a new one, and which group vanishes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::access::change::plan::Plan;
use crate::access::operations::audience::{members_of, vanishing};
use crate::access::operations::component_step::{Save, Sent, sent};
use crate::access::operations::look::{plan_on, say};
use crate::access::operations::step::{Step, of_readers};
use crate::access::operations::text;
use crate::access::statuspage::items::{Items, named};
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::providers::statuspage::{ComponentWrite, GroupWrite};
use crate::roster::{ComponentId, ComponentSettings, Page, PageId};

/// A component or component group to make, or the changes to one.
#[derive(Debug, Clone, Default)]
pub struct ComponentEdit {
    /// The component; none makes a new one.
    pub component_id: Option<ComponentId>,
    /// True when a new one is a component group.
    pub group: bool,
    /// Its name.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The component group that it stands in; the inner nothing takes it out.
    pub group_id: Option<Option<ComponentId>>,
    /// Exactly the components of a component group.
    pub component_ids: Option<Vec<ComponentId>>,
    /// True when its uptime is shown.
    pub showcase: Option<bool>,
    /// True when it is hidden while it is operational.
    pub only_show_if_degraded: Option<bool>,
    /// The day that its uptime counts from.
    pub start_date: Option<jiff::civil::Date>,
}

impl Access {
    /// Makes or changes a component or a component group; confirmed where a group vanishes.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn save_component(
        &self,
        ask: &Ask,
        page: &PageId,
        edit: &ComponentEdit,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, page).await?;
        let mut edit = edit.clone();
        edit.name = edit.name.map(|it| text::name("name", &it)).transpose()?;
        edit.description = edit
            .description
            .map(|it| {
                if it.is_empty() {
                    Ok(it)
                } else {
                    text::body("description", &it)
                }
            })
            .transpose()?;
        let mut ids: BTreeSet<ComponentId> = edit.component_ids.iter().flatten().cloned().collect();
        ids.extend(edit.component_id.clone());
        ids.extend(edit.group_id.clone().flatten());
        let items = self
            .known_items(ask, &page.id, ids.iter(), std::iter::empty())
            .await?;
        let mut plan = plan_on(&page, "");
        match edit.component_id.clone() {
            None => self.plan_new(&mut plan, &page, edit, &items)?,
            Some(id) => {
                self.plan_changed(ask, &mut plan, &page, &id, edit, &items)
                    .await?
            }
        }
        self.carry_out(ask, token, plan).await
    }

    fn plan_new(
        &self,
        plan: &mut Plan,
        page: &Page,
        edit: ComponentEdit,
        items: &Items,
    ) -> Result<(), Refusal> {
        let shown = named(page.name.as_deref(), page.id.as_str());
        let Some(name) = edit.name.clone() else {
            return Err(Refusal::arguments(
                "a new component needs a `name`; to change one, give `component_id`",
            ));
        };
        let kind = if edit.group {
            "component group"
        } else {
            "component"
        };
        let sent = sent(edit, items, None)?;
        let alike = items.components.values().find(|it| {
            it.is_group == matches!(sent, Sent::Group(_))
                && it
                    .name
                    .as_deref()
                    .is_some_and(|it| it.eq_ignore_ascii_case(&name))
        });
        if let Some(alike) = alike {
            return Err(Refusal::Preflight(format!(
                "page {shown} has a {kind} of this name already ({}): Statuspage would make a second one. Change that one with `component_id`, or choose another name.",
                alike.id
            )));
        }
        say(plan, |be| {
            format!("A {kind} \"{name}\" {be} made on page {shown}.")
        });
        if let Sent::Component(_) = sent {
            plan.warnings.push("subscribers who never chose components are subscribed to it, those who chose are not; on an audience-specific page no viewer sees it until a group or a viewer is given it (`save_page_access_group`, `change_viewer_access`)".to_owned());
        }
        self.push_step(
            plan,
            page,
            None,
            sent,
            items,
            (name, format!("make a {kind} on page {shown}")),
        )
    }

    async fn plan_changed(
        &self,
        ask: &Ask,
        plan: &mut Plan,
        page: &Page,
        id: &ComponentId,
        mut edit: ComponentEdit,
        items: &Items,
    ) -> Result<(), Refusal> {
        let cx = ask.interactive();
        let statuspage = self.statuspage()?;
        let mut now = statuspage.component_settings(&cx, &page.id, id).await?;
        edit.group = now.is_group;
        if now.is_group {
            now.description = statuspage.group_description(&cx, &page.id, id).await?;
        }
        let target = named(now.name.as_deref(), id.as_str());
        let sent = sent(edit, items, Some(&now))?;
        let empty = Sent::Component(ComponentWrite::default());
        if sent == empty || sent == Sent::Group(GroupWrite::default()) {
            plan.say_so(format!("{target} is so already."));
            return Ok(());
        }
        let kind = if now.is_group {
            "component group"
        } else {
            "component"
        };
        let shown = named(page.name.as_deref(), page.id.as_str());
        say(plan, |be| {
            format!("The {kind} {target} of page {shown} {be} changed.")
        });
        plan.to_type = now.name.clone();
        plan.state = json!(now);
        self.push_step(
            plan,
            page,
            Some(now),
            sent,
            items,
            (target, format!("change the {kind}")),
        )
    }

    fn push_step(
        &self,
        plan: &mut Plan,
        page: &Page,
        now: Option<ComponentSettings>,
        sent: Sent,
        items: &Items,
        (target, action): (String, String),
    ) -> Result<(), Refusal> {
        let (fields, leaving, moves) = match &sent {
            Sent::Component(it) => {
                let leaves = it
                    .group_id
                    .is_some()
                    .then(|| now.as_ref().map(|it| it.id.clone()))
                    .flatten();
                (json!(it), leaves.into_iter().collect(), Vec::new())
            }
            Sent::Group(it) => {
                let own = now
                    .as_ref()
                    .map(|it| members_of(items, &it.id))
                    .unwrap_or_default();
                let from_elsewhere = |id: &&ComponentId| {
                    let group = items
                        .components
                        .get(*id)
                        .and_then(|it| it.group_id.as_ref());
                    group.is_some() && !own.contains(id)
                };
                let moved: BTreeSet<_> = it
                    .components
                    .iter()
                    .flatten()
                    .filter(from_elsewhere)
                    .cloned()
                    .collect();
                let names = moved.iter().map(|id| items.component(id)).collect();
                (json!(it), moved, names)
            }
        };
        if !moves.is_empty() {
            plan.warnings.push(format!(
                "moved here from another component group: {}",
                moves.join(", ")
            ));
        }
        let losses = vanishing(items, &leaving);
        let changes: Vec<String> = fields
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| in_words(name, value, now.as_ref(), items))
            .collect();
        let exact = json!({"page_id": page.id, "component_id": now.as_ref().map(|it| &it.id), "fields": fields});
        let known = items.components.keys().cloned().collect();
        let before = json!(now);
        let work = Save {
            statuspage: self.statuspage()?.clone(),
            page: page.id.clone(),
            now,
            sent,
            known,
        };
        let mut step = Step::new(
            format!("{action}: {}", changes.join("; ")),
            target,
            exact,
            work,
        );
        step.before = before;
        step.shown = true;
        step.losses = losses.into_iter().map(of_readers).collect();
        plan.acts.push(step.boxed());
        Ok(())
    }
}

/// A value that is written, with what it was: in names, where it is an id.
fn in_words(name: &str, new: &Value, now: Option<&ComponentSettings>, items: &Items) -> String {
    let id =
        |id: &str| ComponentId::parse(id).map_or_else(|_| id.to_owned(), |id| items.component(&id));
    let value = |value: &Value| match (name, value) {
        (_, Value::Null) => "none".to_owned(),
        (_, Value::String(text)) if text.is_empty() => "none".to_owned(),
        ("group_id", Value::String(group)) if group == "null" => "none".to_owned(),
        ("group_id", Value::String(group)) => id(group),
        ("components", Value::Array(all)) => {
            let each: Vec<String> = all.iter().filter_map(Value::as_str).map(id).collect();
            each.join(", ")
        }
        (_, value) => value.to_string(),
    };
    let shown = match name {
        "group_id" => "component group",
        name => name,
    };
    let Some(now) = now else {
        return format!("{shown}: {}", value(new));
    };
    let old = match name {
        "components" => json!(members_of(items, &now.id)),
        name => json!(now).get(name).cloned().unwrap_or_default(),
    };
    format!("{shown}: {} (before: {})", value(new), value(&old))
}
