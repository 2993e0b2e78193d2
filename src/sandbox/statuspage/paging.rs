//! Pages of lists: most count from 1 with `per_page`, subscribers count from 0 with `limit`.

use serde_json::Value;

use super::Cx;
use crate::sandbox::{call::Call, reply::Reply};

/// "A default and maximum limit of 100"; more is cut down without a word.
const MOST: usize = 100;

/// One page of a list that counts from 1. Past the end is an empty list.
pub(super) fn from_one<T>(
    cx: &Cx<'_>,
    rows: impl Iterator<Item = T>,
    wire: impl Fn(T) -> Value,
) -> Reply {
    let page = if cx.ignore_page {
        1
    } else {
        number(cx.call, "page").unwrap_or(1).max(1)
    };
    cut(rows, page - 1, size(cx.call, "per_page"), wire)
}

/// One page of a list that counts from 1 and takes `limit`: incidents alone.
pub(super) fn from_one_with_limit<T>(
    cx: &Cx<'_>,
    rows: impl Iterator<Item = T>,
    wire: impl Fn(T) -> Value,
) -> Reply {
    let page = if cx.ignore_page {
        1
    } else {
        number(cx.call, "page").unwrap_or(1).max(1)
    };
    cut(rows, page - 1, size(cx.call, "limit"), wire)
}

/// One page of a list that counts from 0.
pub(super) fn from_zero<T>(
    cx: &Cx<'_>,
    rows: impl Iterator<Item = T>,
    wire: impl Fn(T) -> Value,
) -> Reply {
    let page = if cx.ignore_page {
        0
    } else {
        number(cx.call, "page").unwrap_or(0)
    };
    cut(rows, page, size(cx.call, "limit"), wire)
}

fn cut<T>(
    rows: impl Iterator<Item = T>,
    page: usize,
    size: usize,
    wire: impl Fn(T) -> Value,
) -> Reply {
    Reply::ok(Value::Array(
        rows.skip(page.saturating_mul(size))
            .take(size)
            .map(wire)
            .collect(),
    ))
}

fn size(call: &Call, name: &str) -> usize {
    number(call, name)
        .filter(|size| *size > 0)
        .unwrap_or(MOST)
        .min(MOST)
}

fn number(call: &Call, name: &str) -> Option<usize> {
    call.param(name)?.parse().ok()
}

/// A list asked for without both of its paging parameters: its caller will believe that 100 rows are all.
pub(in crate::sandbox) fn lacks_paging(call: &Call) -> bool {
    let parts: Vec<&str> = call.segments.iter().skip(1).map(String::as_str).collect();
    let size = match parts.as_slice() {
        ["organizations", _, "users"]
        | [
            "pages",
            _,
            "page_access_users" | "page_access_groups" | "components" | "component-groups"
            | "metrics" | "incident_templates",
        ]
        | [
            "pages",
            _,
            "incidents",
            "unresolved" | "scheduled" | "upcoming" | "active_maintenance",
        ]
        | ["pages", _, "page_access_users", _, "components" | "metrics"]
        | ["pages", _, "page_access_groups", _, "components"]
        | ["pages", _, "subscribers", "unsubscribed"] => "per_page",
        ["pages", _, "subscribers" | "incidents"] => "limit",
        _ => return false,
    };
    call.method.as_str() == "GET" && (call.param("page").is_none() || call.param(size).is_none())
}

/// The lists that fall into the bucket of one a minute when they are not paged. Whether the lists of a viewer's and a
/// group's components belong to it is not documented: here they do.
pub(in crate::sandbox) fn is_costly(call: &Call) -> bool {
    matches!(
        call.segments.last().map(String::as_str),
        Some("page_access_users" | "components")
    )
}
