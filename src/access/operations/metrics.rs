//! Metrics of a page and where they come from: listed, made under the page's own provider, renamed, emptied, deleted.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::access::look::whole::read_all;
use crate::access::operations::look::{missing, plan_on, say};
use crate::access::operations::metric_steps::{Create, End, OwnProvider, Rename};
use crate::access::operations::step::{Step, of_readers};
use crate::access::operations::text::{self, same};
use crate::access::reads::scan::{Feed, Scan};
use crate::access::statuspage::items::named;
use crate::access::statuspage::sees::Visible;
use crate::access::{Access, Ask, ChangeReport, Listing, Refusal, Window};
use crate::providers::statuspage::NewMetric;
use crate::roster::text::{NAME, clean};
use crate::roster::{MetricDetail, MetricId, MetricsProvider, MetricsProviderId, PageId};

/// The metrics of a page.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MetricListing {
    /// The list.
    #[serde(flatten)]
    pub list: Listing<Vec<MetricDetail>>,
    /// Metrics providers. `Self` takes points by `submit_metric_data`.
    pub providers: Vec<MetricsProvider>,
}

/// A metric to be made, or one to get another name.
#[derive(Debug, Clone, Default)]
pub struct MetricEdit {
    /// The metric; none makes a new one.
    pub metric_id: Option<MetricId>,
    /// The new settings.
    pub new: NewMetric,
}

/// The removal of a metric or of its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricEnd {
    /// Every point.
    Clear,
    /// The metric itself.
    Remove,
}

impl Access {
    /// The metrics of a page, or of one of its providers, and where they come from.
    ///
    /// # Errors
    /// When nothing could be read.
    pub async fn list_metrics(
        &self,
        ask: &Ask,
        page: &PageId,
        provider: Option<&str>,
        window: &Window,
    ) -> Result<MetricListing, Refusal> {
        self.permit_page(ask, page)?;
        let providers = self.providers(ask, page).await?;
        let provider = provider
            .map(|wanted| provider_of(&providers, page, wanted))
            .transpose()?;
        let query = json!({"page_id": page, "provider": provider});
        let anew = || self.metric_scan(page, provider, window.max_age());
        let found = self.found(&self.metric_details, ask, window, &query, false, anew)?;
        let list = self
            .piece(ask, window, &query, found, |_| true, Clone::clone)
            .await?;
        Ok(MetricListing { list, providers })
    }

    fn metric_scan(
        &self,
        page: &PageId,
        provider: Option<&MetricsProviderId>,
        max_age: std::time::Duration,
    ) -> Result<Arc<Scan<MetricDetail>>, Refusal> {
        let statuspage = self.statuspage()?;
        let feed = || -> Box<dyn Feed<MetricDetail>> {
            Box::new(match provider {
                Some(provider) => statuspage.metrics_of_provider(page, provider),
                None => statuspage.metric_details(page),
            })
        };
        let (key, what) = match provider {
            Some(provider) => (
                format!("{page}/{provider}"),
                format!("the metrics of provider {provider} of page {page}"),
            ),
            None => (page.to_string(), format!("the metrics of page {page}")),
        };
        Ok(self
            .metric_details
            .at_hand(self, &key, &what, max_age, feed))
    }

    pub(in crate::access) async fn providers(
        &self,
        ask: &Ask,
        page: &PageId,
    ) -> Result<Vec<MetricsProvider>, Refusal> {
        Ok(read_all(
            self.statuspage()?.metrics_providers(page),
            &ask.interactive(),
            "metrics providers",
        )
        .await?)
    }

    pub(in crate::access) async fn metric_now(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &MetricId,
    ) -> Result<MetricDetail, Refusal> {
        let found = self
            .statuspage()?
            .metric_detail(&ask.interactive(), page, id)
            .await;
        found.map_err(|error| {
            missing(
                error,
                &format!("metric `{id}`"),
                &format!(" on page {page}"),
                "`list_metrics` shows what there is, with ids.",
            )
        })
    }

    /// Makes a metric under the page's own provider, or gives one another name.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn save_metric(
        &self,
        ask: &Ask,
        page: &PageId,
        edit: &MetricEdit,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let mut new = edit.new.clone();
        new.name = text::name("name", &new.name)?;
        let page = self.published_page(ask, page).await?;
        let shown = named(page.name.as_deref(), page.id.as_str());
        let statuspage = self.statuspage()?.clone();
        let mut plan = plan_on(&page, "");
        say(&mut plan, |be| {
            format!("A metric \"{}\" {be} made on page {shown}.", new.name)
        });
        if let Some(id) = &edit.metric_id {
            let fixed = NewMetric {
                name: new.name.clone(),
                ..NewMetric::default()
            };
            if new != fixed {
                return Err(Refusal::arguments(
                    "of a metric that is there only `name` can be changed; the rest is fixed when it is made",
                ));
            }
            let now = self.metric_now(ask, &page.id, id).await?;
            let target = named(now.name.as_deref(), id.as_str());
            plan.say_so(format!(
                "Metric {target} of page {shown} is called \"{}\" already.",
                new.name
            ));
            if !same(&new.name, now.name.as_deref()) {
                say(&mut plan, |be| {
                    format!(
                        "Metric {target} of page {shown} {be} renamed \"{}\".",
                        new.name
                    )
                });
                let exact = json!({"page_id": page.id, "metric_id": id, "name": new.name});
                let work = Rename {
                    statuspage,
                    page: page.id,
                    id: id.clone(),
                    name: new.name.clone(),
                    old: now.name.clone(),
                };
                let mut step = Step::new(
                    format!("call the metric \"{}\"", new.name),
                    target,
                    exact,
                    work,
                );
                step.before = json!(now);
                plan.acts.push(step.boxed());
            }
            return self.carry_out(ask, token, plan).await;
        }
        let all = read_all(
            statuspage.metric_details(&page.id),
            &ask.interactive(),
            "metrics",
        )
        .await?;
        let own = self
            .providers(ask, &page.id)
            .await?
            .into_iter()
            .find(is_own)
            .map(|it| it.id);
        if let Some(there) = all.iter().find(|it| same(&new.name, it.name.as_deref())) {
            if own.is_some() && there.provider_id == own {
                plan.say_so(format!(
                    "Metric {} is on page {shown} already.",
                    named(there.name.as_deref(), there.id.as_str())
                ));
                return self.carry_out(ask, token, plan).await;
            }
            plan.warnings.push(format!(
                "there is a metric of this name already, from another provider ({})",
                there.id
            ));
        }
        if own.is_none() {
            let exact = json!({"page_id": page.id, "type": "Self"});
            let work = OwnProvider {
                statuspage: statuspage.clone(),
                page: page.id.clone(),
            };
            plan.acts.push(
                Step::new(
                    format!("make the provider for points that are sent in, on page {shown}"),
                    "Self".to_owned(),
                    exact,
                    work,
                )
                .boxed(),
            );
        }
        let known = all.into_iter().map(|it| it.id).collect();
        let values = json!(new);
        let values = values.as_object().into_iter().flatten();
        let settings: Vec<String> = values
            .filter(|(field, _)| *field != "name")
            .map(|(field, value)| format!("{field} {value}"))
            .collect();
        let settings = if settings.is_empty() {
            String::new()
        } else {
            format!(": {}", settings.join(", "))
        };
        let exact = json!({"page_id": page.id, "metric": new});
        let target = new.name.clone();
        let work = Create {
            statuspage,
            page: page.id,
            new,
            known,
        };
        plan.acts.push(
            Step::new(
                format!("make a metric on page {shown}{settings}"),
                target,
                exact,
                work,
            )
            .boxed(),
        );
        self.carry_out(ask, token, plan).await
    }

    /// Deletes a metric or all its points, with a confirmation.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn end_metric(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &MetricId,
        end: MetricEnd,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let page = self.published_page(ask, page).await?;
        let shown = named(page.name.as_deref(), page.id.as_str());
        let statuspage = self.statuspage()?.clone();
        let mut plan = plan_on(&page, format!("Page {shown} has no metric `{id}`."));
        let now = match statuspage
            .metric_detail(&ask.interactive(), &page.id, id)
            .await
        {
            Ok(now) => now,
            Err(error) if error.is_not_found() && end == MetricEnd::Remove => {
                return self.carry_out(ask, token, plan).await;
            }
            Err(error) => {
                return Err(missing(
                    error,
                    &format!("metric `{id}`"),
                    &format!(" on page {}", page.id),
                    "`list_metrics` shows what there is, with ids.",
                ));
            }
        };
        let target = named(now.name.as_deref(), id.as_str());
        plan.to_type = now.name.clone();
        plan.state = json!({"id": now.id, "name": now.name, "provider": now.provider_id});
        let (what, losses) = match end {
            MetricEnd::Clear => {
                say(&mut plan, |be| {
                    format!("Every point of metric {target} of page {shown} {be} deleted for good.")
                });
                if now.most_recent_data_at.is_none() {
                    plan.warnings
                        .push("Statuspage does not say that it has any point".to_owned());
                }
                (
                    "delete every point of the metric",
                    vec![of_readers(format!(
                        "readers lose the whole graph of {target}: every point, not a part; points cannot be read back, so nothing restores them"
                    ))],
                )
            }
            MetricEnd::Remove => {
                say(&mut plan, |be| {
                    format!("Metric {target} {be} deleted from page {shown} for good.")
                });
                let mut losses = vec![of_readers(format!(
                    "readers lose metric {target} and all its points; they cannot be restored"
                ))];
                let visible = Visible::Metric(id.clone());
                match self.losers(ask, &page, &visible, &target).await? {
                    Ok(viewers) => losses.extend(viewers),
                    Err(reading) => return Ok(*reading),
                }
                ("delete the metric", losses)
            }
        };
        let exact = json!({"page_id": page.id, "metric_id": id});
        let before = json!(now);
        let work = End {
            statuspage,
            page: page.id,
            id: id.clone(),
            end,
        };
        let mut step = Step::new(what.to_owned(), target, exact, work);
        step.before = before;
        step.losses = losses;
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

/// The provider that is meant by an id, or by a type that one provider alone has.
fn provider_of<'a>(
    all: &'a [MetricsProvider],
    page: &PageId,
    wanted: &str,
) -> Result<&'a MetricsProviderId, Refusal> {
    let wanted = wanted.trim();
    if let Some(known) = all.iter().find(|it| it.id.as_str() == wanted) {
        return Ok(&known.id);
    }
    let of_kind = |it: &&MetricsProvider| {
        let kind = it.kind.as_deref();
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
    };
    let found: Vec<_> = all.iter().filter(of_kind).collect();
    let each = |these: &[&MetricsProvider]| -> Vec<String> {
        let kind = |it: &MetricsProvider| named(it.kind.as_deref(), it.id.as_str());
        these.iter().map(|it| kind(it)).collect()
    };
    match found.as_slice() {
        [one] => Ok(&one.id),
        [] => Err(Refusal::NotFound {
            what: format!("metrics provider `{}`", clean(wanted, NAME).text),
            where_: format!(" on page {page}"),
            next: if all.is_empty() {
                "The page has no metrics provider; `save_metric` makes the page's own.".to_owned()
            } else {
                let all: Vec<_> = all.iter().collect();
                format!("The page has: {}.", each(&all).join(", "))
            },
        }),
        several => Err(Refusal::Ambiguous(format!(
            "several metrics providers are of this type: {}. Give the id of the one that is meant",
            each(several).join(", ")
        ))),
    }
}

/// Returns whether points can be sent to it.
pub(in crate::access) fn is_own(provider: &MetricsProvider) -> bool {
    provider
        .kind
        .as_deref()
        .is_some_and(|it| it.eq_ignore_ascii_case("self"))
}
