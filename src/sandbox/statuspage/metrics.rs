//! Metrics of a page (Statuspage API reference, `metrics`).

use serde_json::{Value, json};

use super::{Cx, paging};
use crate::sandbox::{
    reply::{Answer, Refusal, Reply},
    world::Metric,
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    let rows = &cx.world.page(page)?.metrics;
    match (verb, rest) {
        ("GET", []) => Ok(paging::from_one(cx, rows.iter(), wire)),
        ("GET", [id]) => rows
            .iter()
            .find(|metric| metric.id == *id)
            .map(|metric| Reply::ok(wire(metric)))
            .ok_or_else(Refusal::not_found),
        _ => Err(Refusal::not_found()),
    }
}

pub(super) fn wire(metric: &Metric) -> Value {
    json!({
        "id": metric.id,
        "metrics_provider_id": null,
        "metric_identifier": null,
        "name": metric.name,
        "display": true,
        "tooltip_description": null,
        "backfilled": false,
        "y_axis_min": 0.0,
        "y_axis_max": null,
        "y_axis_hidden": false,
        "suffix": metric.suffix,
        "decimal_places": 2,
        "most_recent_data_at": metric.updated_at,
        "created_at": metric.created_at,
        "updated_at": metric.updated_at,
        "last_fetched_at": null,
        "backfill_percentage": null,
        "reference_name": null,
    })
}
