//! Sends points to a metric. Statuspage accepts them and adds them later, and they cannot be read back: `accepted`, never `applied`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::access::change::act::Seen;
use crate::access::change::plan::Plan;
use crate::access::operations::metrics::is_own;
use crate::access::operations::step::{Step, Work};
use crate::access::statuspage::items::named;
use crate::access::words::count;
use crate::access::{Access, Ask, ChangeReport, Refusal};
use crate::audit::Intent;
use crate::policy::Toolset;
use crate::providers::ProviderError;
use crate::providers::statuspage::{Point, Statuspage};
use crate::roster::{MetricId, PageId};
use crate::upstream::Cx;

/// Points of one call.
const MOST: usize = 500;
/// The greatest age of a point, in seconds.
const OLDEST: i64 = 28 * 24 * 3_600;
/// The seconds by which a point may be ahead of the server's clock.
const AHEAD: i64 = 300;
/// Seconds that fall into one place; of several points in it the last counts.
const SLOT: i64 = 30;

impl Access {
    /// Sends points to a metric of the page's own provider.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn submit_metric_data(
        &self,
        ask: &Ask,
        page: &PageId,
        id: &MetricId,
        points: &[Point],
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let now = self.clock().now().as_second();
        check(points, now)?;
        self.permit_page(ask, page)?;
        let metric = self.metric_now(ask, page, id).await?;
        let providers = self.providers(ask, page).await?;
        let source = providers
            .iter()
            .find(|it| Some(&it.id) == metric.provider_id.as_ref());
        if let Some(source) = source.filter(|it| !is_own(it)) {
            return Err(Refusal::Preflight(format!(
                "metric {} is fed by {}: points can be sent only to metrics of the provider `Self` (`save_metric` makes one).",
                named(metric.name.as_deref(), id.as_str()),
                source.kind.as_deref().unwrap_or("another product")
            )));
        }
        let slots: BTreeMap<i64, f64> = points
            .iter()
            .map(|it| (it.timestamp.div_euclid(SLOT), it.value))
            .collect();
        let target = named(metric.name.as_deref(), id.as_str());
        let mut plan = Plan::to(
            format!(
                "{} to metric {target} of page {page}.",
                count(points.len(), "point will be sent", "points will be sent")
            ),
            format!(
                "{} to metric {target} of page {page}.",
                count(points.len(), "point was sent", "points were sent")
            ),
        );
        plan.toolset = Toolset::Operations;
        plan.pages.push(page.clone());
        if slots.len() < points.len() {
            plan.warnings.push(format!(
                "{} points fall into {} of {SLOT} seconds: of several in one place the last counts",
                points.len(),
                count(slots.len(), "place", "places")
            ));
        }
        plan.warnings.push("points cannot be read back: `list_metrics` shows when data last came. The same points again are harmless".to_owned());
        let exact = json!({"page_id": page, "metric_id": id, "points": points});
        let work = Submit {
            statuspage: self.statuspage()?.clone(),
            page: page.clone(),
            id: id.clone(),
            points: points.to_vec(),
        };
        let times = points.iter().map(|it| it.timestamp);
        let at = |second: Option<i64>| {
            let moment = second.and_then(|second| jiff::Timestamp::from_second(second).ok());
            moment.map_or_else(|| "an unknown time".to_owned(), |it| it.to_string())
        };
        let action = format!(
            "send {} to the metric, the first of {}, the last of {}",
            count(points.len(), "point", "points"),
            at(times.clone().min()),
            at(times.max())
        );
        let mut step = Step::of_publication(action, target, exact, work);
        step.requests = 2;
        plan.acts.push(step.boxed());
        self.carry_out(ask, token, plan).await
    }
}

fn check(points: &[Point], now: i64) -> Result<(), Refusal> {
    if points.is_empty() || points.len() > MOST {
        return Err(Refusal::arguments(format!(
            "`points` holds 1 to {MOST} points, not {}",
            points.len()
        )));
    }
    for (at, Point { timestamp, value }) in points.iter().enumerate() {
        let why = if timestamp / 1_000 > now / 10 {
            "is in milliseconds; give seconds since 1970"
        } else if *timestamp > now + AHEAD {
            "is in the future"
        } else if *timestamp < now - OLDEST {
            "is older than 28 days, which Statuspage does not take"
        } else if !value.is_finite() {
            return Err(Refusal::arguments(format!(
                "the value of point {} is no number",
                at + 1
            )));
        } else {
            continue;
        };
        return Err(Refusal::arguments(format!(
            "the timestamp of point {} ({timestamp}) {why}",
            at + 1
        )));
    }
    Ok(())
}

struct Submit {
    statuspage: Statuspage,
    page: PageId,
    id: MetricId,
    points: Vec<Point>,
}

impl Work for Submit {
    async fn write(&self, cx: &Cx, intent: &Intent) -> Result<(), ProviderError> {
        let send = || {
            self.statuspage
                .submit_points(cx, intent, &self.page, &self.id, &self.points)
        };
        match send().await {
            // Points of the same time replace each other, so sending them again changes nothing more.
            Err(error) if error.effect_unknown() => send().await,
            sent => sent,
        }
    }

    async fn see(&self, cx: &Cx) -> Result<Seen, ProviderError> {
        let now = self
            .statuspage
            .metric_detail(cx, &self.page, &self.id)
            .await?;
        let last = now.most_recent_data_at.map_or_else(
            || "no time of a last point is shown yet".to_owned(),
            |it| format!("the newest point that is shown is of {it}"),
        );
        Ok(Seen::Accepted(json!(now), last))
    }
}
