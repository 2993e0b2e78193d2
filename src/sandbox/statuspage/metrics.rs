//! Metrics of a page and where they come from (Statuspage API reference, `metrics` and `metric-providers`). Points go in and never
//! come out.

use serde_json::{Value, json};

use super::{Cx, paging};
use crate::sandbox::{
    call::text,
    reply::{Answer, Refusal, Reply},
    time,
    world::{Data, Metric, Page, Provider},
};

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    let rows = &cx.world.page(page)?.metrics;
    match (verb, rest) {
        ("GET", []) => Ok(paging::from_one(cx, rows.iter(), wire)),
        ("POST", ["data"]) => batch(cx, page),
        ("GET", [id]) => rows
            .iter()
            .find(|metric| metric.id == *id)
            .map(|metric| Reply::ok(wire(metric)))
            .ok_or_else(Refusal::not_found),
        ("PATCH" | "PUT", [id]) => {
            // The name and the identifier alone; the rest is fixed when it is made.
            let fields = cx.call.under("metric")?;
            let metric = metric(cx.world.page_mut(page)?, id)?;
            if let Some(name) = text(&fields, "name") {
                metric.name = name;
            }
            let body = wire(metric);
            cx.world.wrote("metric_updated");
            Ok(Reply::ok(body))
        }
        ("DELETE", [id]) => {
            let on = cx.world.page_mut(page)?;
            let body = wire(metric(on, id)?);
            on.metrics.retain(|it| it.id != *id);
            on.viewers
                .iter_mut()
                .for_each(|it| it.metric_ids.retain(|held| held != id));
            on.groups
                .iter_mut()
                .for_each(|it| it.metric_ids.retain(|held| held != id));
            cx.world.wrote("metric_deleted");
            Ok(Reply::ok(body))
        }
        ("POST", [id, "data"]) => {
            let point = cx.call.under("data")?;
            let on = cx.world.page_mut(page)?;
            let own = is_own(on, id)?;
            if !own {
                return Err(Refusal::new(405, "Method not allowed"));
            }
            let cast = add(metric(on, id)?, &point)?;
            cx.world.wrote("metric_data_added");
            Ok(Reply::created(json!({"data": cast})))
        }
        ("DELETE", [id, "data"]) => {
            let metric = metric(cx.world.page_mut(page)?, id)?;
            metric.data = Data::new();
            metric.most_recent_data_at = None;
            let body = wire(metric);
            cx.world.wrote("metric_data_deleted");
            Ok(Reply::ok(body))
        }
        _ => Err(Refusal::not_found()),
    }
}

pub(super) fn route_providers(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    let on = cx.world.page(page)?;
    match (verb, rest) {
        ("GET", []) => Ok(Reply::ok(
            on.providers.iter().map(|it| provider(page, it)).collect(),
        )),
        ("POST", []) => {
            let fields = cx.call.under("metrics_provider")?;
            let made = Provider {
                id: cx.world.random.id(),
                kind: text(&fields, "type")
                    .ok_or_else(|| Refusal::invalid("type", "can't be blank"))?,
                created_at: time::stamp(),
            };
            let body = provider(page, &made);
            cx.world.page_mut(page)?.providers.push(made);
            cx.world.wrote("metrics_provider_created");
            Ok(Reply::created(body))
        }
        ("GET", [id]) => {
            let found = on.providers.iter().find(|it| it.id == *id);
            Ok(Reply::ok(provider(
                page,
                found.ok_or_else(Refusal::not_found)?,
            )))
        }
        ("GET", [id, "metrics"]) => {
            let rows = on.metrics.iter().filter(|it| it.provider_id == *id);
            Ok(paging::from_one(cx, rows, wire))
        }
        ("POST", [id, "metrics"]) if on.providers.iter().any(|it| it.id == *id) => {
            create(cx, page, id)
        }
        _ => Err(Refusal::not_found()),
    }
}

fn create(cx: &mut Cx<'_>, page: &str, provider: &str) -> Answer {
    let fields = cx.call.under("metric")?;
    let now = time::stamp();
    let made = Metric {
        id: cx.world.random.id(),
        name: text(&fields, "name").ok_or_else(|| Refusal::invalid("name", "can't be blank"))?,
        suffix: text(&fields, "suffix").unwrap_or_default(),
        provider_id: provider.to_owned(),
        look: fields,
        data: Data::new(),
        most_recent_data_at: None,
        created_at: now.clone(),
        updated_at: now,
    };
    let body = wire(&made);
    cx.world.page_mut(page)?.metrics.push(made);
    cx.world.wrote("metric_created");
    Ok(Reply::created(body))
}

/// Accepted, and added some time later; a metric that is not there or not the page's own is refused as a whole.
fn batch(cx: &mut Cx<'_>, page: &str) -> Answer {
    let data = cx.call.under("data")?;
    let on = cx.world.page_mut(page)?;
    for (id, points) in data.as_object().into_iter().flatten() {
        if !is_own(on, id)? {
            return Err(Refusal::new(405, "Method not allowed"));
        }
        for point in points.as_array().into_iter().flatten() {
            add(metric(on, id)?, point)?;
        }
    }
    cx.world.wrote("metric_data_added");
    Ok(Reply::json(202, json!({})))
}

/// Cast to 30 seconds; the last of a slot wins.
fn add(metric: &mut Metric, point: &Value) -> Result<Value, Refusal> {
    let at = point.get("timestamp").and_then(Value::as_i64);
    let at = at
        .and_then(|it| i32::try_from(it).ok())
        .ok_or_else(|| Refusal::invalid("timestamp", "is invalid"))?;
    let value = point.get("value").and_then(Value::as_f64);
    let value = value.ok_or_else(|| Refusal::invalid("value", "is not a number"))?;
    let slot = i64::from(at) / 30 * 30;
    metric.data.insert(slot, value);
    let latest = metric.data.keys().next_back().copied().unwrap_or(slot);
    let latest = jiff::Timestamp::from_second(latest).unwrap_or_default();
    metric.most_recent_data_at = Some(format!("{latest:.3}"));
    Ok(json!({"timestamp": slot, "value": value}))
}

fn metric<'a>(page: &'a mut Page, id: &str) -> Result<&'a mut Metric, Refusal> {
    let mut rows = page.metrics.iter_mut();
    rows.find(|it| it.id == id).ok_or_else(Refusal::not_found)
}

fn is_own(page: &Page, id: &str) -> Result<bool, Refusal> {
    let metric = page
        .metrics
        .iter()
        .find(|it| it.id == id)
        .ok_or_else(Refusal::not_found)?;
    let provider = page.providers.iter().find(|it| it.id == metric.provider_id);
    Ok(provider.is_some_and(|it| it.kind == "Self"))
}

fn provider(page: &str, it: &Provider) -> Value {
    json!({
        "id": it.id,
        "type": it.kind,
        "disabled": false,
        "metric_base_uri": null,
        "last_revalidated_at": null,
        "created_at": it.created_at,
        "updated_at": it.created_at,
        "page_id": page,
    })
}

pub(super) fn wire(metric: &Metric) -> Value {
    let set = |name: &str, otherwise: Value| metric.look.get(name).cloned().unwrap_or(otherwise);
    json!({
        "id": metric.id,
        "metrics_provider_id": metric.provider_id,
        "metric_identifier": null,
        "name": metric.name,
        "display": set("display", json!(true)),
        "tooltip_description": set("tooltip_description", Value::Null),
        "backfilled": false,
        "y_axis_min": set("y_axis_min", json!(0.0)),
        "y_axis_max": set("y_axis_max", Value::Null),
        "y_axis_hidden": set("y_axis_hidden", json!(false)),
        "suffix": metric.suffix,
        "decimal_places": set("decimal_places", json!(2)),
        "most_recent_data_at": metric.most_recent_data_at,
        "created_at": metric.created_at,
        "updated_at": metric.updated_at,
        "last_fetched_at": null,
        "backfill_percentage": null,
        "reference_name": null,
    })
}
