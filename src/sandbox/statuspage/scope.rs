//! The components and metrics that a viewer or a group may see, with the verbs as the service has them.
//!
//! PUT and PATCH add. POST replaces and answers 201. DELETE takes away what its body names, and everything when it has none.

use serde_json::Value;

use super::{Cx, metrics, paging, wire};
use crate::sandbox::{
    call::ids,
    reply::{Answer, Refusal, Reply},
    time,
    world::{Page, World},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Components,
    Metrics,
}

impl Kind {
    fn named(segment: &str) -> Result<Self, Refusal> {
        match segment {
            "components" => Ok(Self::Components),
            "metrics" => Ok(Self::Metrics),
            _ => Err(Refusal::not_found()),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Components => "component_ids",
            Self::Metrics => "metric_ids",
        }
    }

    fn exists(self, page: &Page, id: &str) -> bool {
        match self {
            Self::Components => page.has_component(id),
            Self::Metrics => page.has_metric(id),
        }
    }

    fn rows(self, cx: &Cx<'_>, page: &Page, of: &[String]) -> Reply {
        let id = page.id.clone();
        match self {
            Self::Components => {
                let rows = page.components.iter().filter(|row| of.contains(&row.id));
                paging::from_one(cx, rows, |row| wire::component(&id, row))
            }
            Self::Metrics => paging::from_one(
                cx,
                page.metrics.iter().filter(|row| of.contains(&row.id)),
                metrics::wire,
            ),
        }
    }
}

/// `page_access_users/{id}/components|metrics…`
pub(super) fn of_viewer(
    cx: &mut Cx<'_>,
    verb: &str,
    page: &str,
    id: &str,
    rest: &[&str],
) -> Answer {
    let (kind, one) = parts(rest)?;
    let on = cx.world.page(page)?;
    let viewer = on.viewer(id)?;
    let now = match kind {
        Kind::Components => &viewer.component_ids,
        Kind::Metrics => &viewer.metric_ids,
    };
    if verb == "GET" && one.is_none() {
        return Ok(kind.rows(cx, on, now));
    }
    let (status, after) = change(cx, verb, on, kind, one, now)?;
    let viewer = cx.world.page_mut(page)?.viewer_mut(id)?;
    match kind {
        Kind::Components => viewer.component_ids = after,
        Kind::Metrics => viewer.metric_ids = after,
    }
    viewer.updated_at = time::stamp();
    // The answer does not show what was changed.
    let body = wire::viewer(page, viewer);
    wrote(cx.world, "viewer", kind, verb);
    Ok(Reply::json(status, body))
}

/// `page_access_groups/{id}/components…`; groups have no such path for metrics.
pub(super) fn of_group(cx: &mut Cx<'_>, verb: &str, page: &str, id: &str, rest: &[&str]) -> Answer {
    let (kind, one) = parts(rest)?;
    if kind == Kind::Metrics {
        return Err(Refusal::not_found());
    }
    let on = cx.world.page(page)?;
    let now = &on.group(id)?.component_ids;
    if verb == "GET" && one.is_none() {
        return Ok(kind.rows(cx, on, now));
    }
    let (status, after) = change(cx, verb, on, kind, one, now)?;
    let group = cx.world.page_mut(page)?.group_mut(id)?;
    group.component_ids = after;
    group.updated_at = time::stamp();
    wrote(cx.world, "group", kind, verb);
    Ok(Reply::json(
        status,
        wire::group(cx.world.page(page)?, cx.world.page(page)?.group(id)?),
    ))
}

fn parts<'a>(rest: &[&'a str]) -> Result<(Kind, Option<&'a str>), Refusal> {
    match rest {
        [kind] => Ok((Kind::named(kind)?, None)),
        [kind, one] => Ok((Kind::named(kind)?, Some(one))),
        _ => Err(Refusal::not_found()),
    }
}

/// The status, and the set after the verb.
fn change(
    cx: &Cx<'_>,
    verb: &str,
    page: &Page,
    kind: Kind,
    one: Option<&str>,
    now: &[String],
) -> Result<(u16, Vec<String>), Refusal> {
    let without = |gone: &[String]| {
        now.iter()
            .filter(|id| !gone.contains(id))
            .cloned()
            .collect()
    };
    if let Some(one) = one {
        let one = one.to_owned();
        return match verb {
            "DELETE" if now.contains(&one) => Ok((200, without(&[one]))),
            _ => Err(Refusal::not_found()),
        };
    }
    let named = ids(&cx.call.fields().unwrap_or(Value::Null), kind.key())?;
    if named.iter().flatten().any(|id| !kind.exists(page, id)) {
        return Err(Refusal::not_found());
    }
    match (verb, named) {
        ("PUT" | "PATCH", Some(named)) => {
            let new = named.into_iter().filter(|id| !now.contains(id));
            Ok((200, now.iter().cloned().chain(new).collect()))
        }
        ("POST", Some(named)) => Ok((201, named)),
        ("DELETE", None) => Ok((200, Vec::new())),
        ("DELETE", Some(named)) => Ok((200, without(&named))),
        ("PUT" | "PATCH" | "POST", None) => Err(Refusal::bad_request(&format!(
            "param is missing or the value is empty: {}",
            kind.key()
        ))),
        _ => Err(Refusal::not_found()),
    }
}

fn wrote(world: &mut World, of: &str, kind: Kind, verb: &str) {
    world.wrote(match (of, kind, verb) {
        ("viewer", Kind::Components, "POST") => "viewer_components_replaced",
        ("viewer", Kind::Components, "DELETE") => "viewer_components_removed",
        ("viewer", Kind::Components, _) => "viewer_components_added",
        ("viewer", Kind::Metrics, "POST") => "viewer_metrics_replaced",
        ("viewer", Kind::Metrics, "DELETE") => "viewer_metrics_removed",
        ("viewer", Kind::Metrics, _) => "viewer_metrics_added",
        (_, _, "POST") => "group_components_replaced",
        (_, _, "DELETE") => "group_components_removed",
        _ => "group_components_added",
    });
}

/// Both at once, for groups: their own body carries them.
pub(super) fn given(
    page: &Page,
    fields: &Value,
    metrics: bool,
) -> Result<Option<Vec<String>>, Refusal> {
    let kind = if metrics {
        Kind::Metrics
    } else {
        Kind::Components
    };
    let named = ids(fields, kind.key())?;
    if named.iter().flatten().any(|id| !kind.exists(page, id)) {
        return Err(Refusal::invalid(kind.key(), "is invalid"));
    }
    Ok(named)
}

/// A list of ids that must be there.
pub(super) fn required_ids(fields: &Value, key: &str) -> Result<Vec<String>, Refusal> {
    ids(fields, key)?.ok_or_else(|| Refusal::invalid(key, "can't be blank"))
}
