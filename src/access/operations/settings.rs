//! The settings of a page: shown by their official names, changed one by one, and read back field by field.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::access::change::act::{Before, Seen};
use crate::access::change::plan::Plan;
use crate::access::operations::look::missing;
use crate::access::operations::step::{Step, Work, of_readers};
use crate::access::operations::text;
use crate::access::statuspage::items::named;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::policy::Toolset;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Statuspage, is_read_only, is_writable};
use crate::roster::nearest::did_you_mean;
use crate::roster::{PageId, PageSettings};
use crate::upstream::Cx;

impl Access {
    /// The settings of a page. One request.
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn get_page_settings(
        &self,
        ask: &Ask,
        page: &PageId,
    ) -> Result<PageSettings, Refusal> {
        self.permit_page(ask, page)?;
        let found = self
            .statuspage()?
            .page_settings(&ask.interactive(), page)
            .await;
        found.map_err(|error| {
            missing(
                error,
                &format!("page `{page}`"),
                " in this organization",
                "`list_pages` shows the pages and their ids.",
            )
        })
    }

    /// Changes settings of a page, always with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn save_page_settings(
        &self,
        ask: &Ask,
        page: &PageId,
        wanted: &BTreeMap<String, Value>,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        if wanted.is_empty() {
            return Err(Refusal::arguments(
                "name at least one setting; `get_page_settings` shows them",
            ));
        }
        let now = self.get_page_settings(ask, page).await?;
        let name = now
            .settings
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let shown = named(name.as_deref(), page.as_str());
        let mut plan = Plan::to(
            format!("Settings of page {shown} will be changed."),
            format!("Settings of page {shown} were changed."),
        );
        plan.page_names
            .insert(page.clone(), name.clone().unwrap_or_default());
        plan.toolset = Toolset::Operations;
        plan.pages.push(page.clone());
        plan.to_type = name;
        let mut before = BTreeMap::new();
        for (field, value) in wanted {
            check(field, value, &now)?;
            let old = now
                .settings
                .get(field)
                .or_else(|| now.read_only.get(field))
                .cloned()
                .unwrap_or_default();
            before.insert(field.clone(), old.clone());
            if old == *value {
                continue;
            }
            plan.asks.extend(reach(field, &old, value));
            if is_read_only(field) {
                plan.warnings.push(format!("`{field}` is shown by Statuspage's API and, as far as is known, not changed by it: it is sent, and what comes of it is read back"));
            }
            let exact = json!({"page_id": page, "field": field, "value": value});
            let work = Set {
                statuspage: self.statuspage()?.clone(),
                page: page.clone(),
                field: field.clone(),
                old: old.clone(),
                value: value.clone(),
            };
            let mut step = Step::new(
                format!("set `{field}` to {value} (it is {old})"),
                shown.clone(),
                exact,
                work,
            );
            step.before = json!({field: old});
            // Each setting stands for itself.
            step.must = false;
            step.losses = loss(field, &step.before, value)
                .into_iter()
                .map(of_readers)
                .collect();
            plan.acts.push(step.boxed());
        }
        plan.state = json!(before);
        if plan.acts.is_empty() {
            plan.say_so(format!("The settings of page {shown} are so already."));
        } else {
            plan.asks.push("a change of a page's settings".to_owned());
        }
        self.carry_out(ask, token, plan).await
    }
}

/// A name that there is, with a value of the sort that it has now.
fn check(field: &str, value: &Value, now: &PageSettings) -> Result<(), Refusal> {
    let shown = crate::roster::text::clean(field, 60).text;
    if field == "automation_email" {
        return Err(Refusal::arguments(
            "an automation address sets a component's status for whoever mails it: it is a credential, and is neither shown nor set here",
        ));
    }
    if !is_writable(field) && !is_read_only(field) {
        let hint = did_you_mean(field, now.settings.keys().map(String::as_str));
        let hint = if hint.is_empty() {
            ".".to_owned()
        } else {
            hint
        };
        return Err(Refusal::arguments(format!(
            "there is no setting `{shown}`{hint} `get_page_settings` shows them all"
        )));
    }
    let is_switch = ["allow_", "hidden_", "viewers_must"]
        .iter()
        .any(|it| field.starts_with(it));
    match value {
        Value::Bool(_) if is_switch => Ok(()),
        Value::String(_) | Value::Number(_) | Value::Null if is_switch => {
            Err(Refusal::arguments(format!("`{field}` is true or false")))
        }
        Value::String(words) if words.is_empty() => Ok(()),
        Value::String(words) => text::body(field, words).map(drop),
        Value::Null => Ok(()),
        _ => Err(Refusal::arguments(format!("`{field}` is a text"))),
    }
}

/// Describes the effect of a setting on who reaches the page, in words that a person agrees to.
fn reach(field: &str, old: &Value, value: &Value) -> Option<String> {
    let on = value.as_bool() == Some(true);
    Some(match field {
        "viewers_must_be_team_members" if on => {
            "the page is closed: only team members can read it from then on".to_owned()
        }
        "viewers_must_be_team_members" => {
            "THE PAGE IS OPENED: everybody who has its address can read it from then on".to_owned()
        }
        "domain" | "subdomain" => format!(
            "the page moves from {old} to {value}: links, feeds, embeds and DNS entries of the old address end"
        ),
        "hidden_from_search" if on => {
            "search engines are asked not to list the page; it stays as readable as it is"
                .to_owned()
        }
        "hidden_from_search" => "search engines may list the page".to_owned(),
        "notifications_from_email" => "replies to notifications go to another address".to_owned(),
        _ if field.starts_with("allow_") && on => format!("visitors can sign up again: `{field}`"),
        _ => return None,
    })
}

/// Describes the loss that a setting brings to somebody.
fn loss(field: &str, old: &Value, value: &Value) -> Option<String> {
    let was_on = old.get(field).and_then(Value::as_bool) != Some(false);
    let off = value.as_bool() == Some(false);
    match field {
        "viewers_must_be_team_members" if value.as_bool() == Some(true) => {
            Some("readers who are not team members no longer reach the page".to_owned())
        }
        _ if field.starts_with("allow_") && off && was_on => Some(format!(
            "`{field}` is closed: nobody signs up by it any more; whether those who are subscribed by it still hear is not documented: assume that they do not"
        )),
        _ => None,
    }
}

struct Set {
    statuspage: Statuspage,
    page: PageId,
    field: String,
    old: Value,
    value: Value,
}

impl Set {
    async fn now(&self, cx: &Cx) -> Result<Value, ProviderError> {
        let now = self.statuspage.page_settings(cx, &self.page).await?;
        let found = now
            .settings
            .get(&self.field)
            .or_else(|| now.read_only.get(&self.field));
        Ok(found.cloned().unwrap_or_default())
    }

    /// An empty text and none are the same setting.
    fn fits(&self, now: &Value) -> bool {
        let empty = |it: &Value| it.is_null() || it.as_str() == Some("");
        match (self.value.as_str(), now.as_str()) {
            (Some(sent), Some(read)) => text::same(sent, Some(read)),
            _ => *now == self.value || (empty(now) && empty(&self.value)),
        }
    }
}

impl Work for Set {
    async fn look(&self, cx: &Cx) -> Result<Before, ProviderError> {
        let now = self.now(cx).await?;
        Ok(if self.fits(&now) {
            Before::Done
        } else if now == self.old {
            Before::AsPlanned
        } else {
            Before::Changed(format!("`{}` is {now} now", self.field))
        })
    }

    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        let one = BTreeMap::from([(self.field.clone(), self.value.clone())]);
        self.statuspage
            .save_page_settings(cx, intent, &self.page, &one)
            .await
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self.now(cx).await?;
        Ok(if self.fits(&now) {
            Seen::AsWanted(json!({&self.field: now}))
        } else if now == self.old {
            Seen::Unchanged(
                json!({&self.field: now}),
                format!(
                    "`{}` is as it was: Statuspage accepted the request and ignored it",
                    self.field
                ),
            )
        } else {
            Seen::Otherwise(
                json!({&self.field: now}),
                format!("`{}` is {now}, which is not what was sent", self.field),
            )
        })
    }
}
