//! An Atlassian Guard directory: SCIM 2.0 at `/scim/directory/{directory}` (Atlassian user provisioning API, RFC 7643, RFC 7644).
//!
//! It keeps to what Atlassian's reference narrows: one exact `eq` filter, no sorting, at most 100 rows a page, groups that
//! cannot be renamed, and 401 and 403 bodies that are not SCIM errors.

mod attributes;
mod discovery;
mod error;
mod groups;
mod listing;
mod patch;
mod path;
mod resource;
mod users;

use serde_json::Value;

use super::{call::Call, reply::Reply, settings::Settings, world::World};

pub(super) use error::{failure, scim_error};

/// The call and the world that a handler works on.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    pub(super) call: &'a Call,
    pub(super) world: &'a mut World,
    pub(super) settings: &'a Settings,
    /// The address that `meta.location` starts with.
    pub(super) base: String,
    /// A fault: lists answer their first page whatever was asked.
    pub(super) ignore_page: bool,
}

/// A body with its status, or a SCIM error that is ready to be sent.
type Outcome = Result<(u16, Value), Reply>;

/// Finds the handler.
pub(super) fn route(cx: &mut Cx<'_>) -> Reply {
    let parts: Vec<&str> = cx.call.segments.iter().map(String::as_str).collect();
    let outcome = match parts.as_slice() {
        ["scim", "directory", directory, rest @ ..]
            if *directory == cx.settings.scim.directory_id =>
        {
            inside(cx, rest)
        }
        _ => Err(error::not_found("Directory not found.")),
    };
    match outcome {
        Ok((204, _)) => Reply::nothing(204),
        Ok((status, body)) => {
            let location = body
                .pointer("/meta/location")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let reply = Reply::scim(status, body);
            match location {
                Some(location) => reply.with("location", location),
                None => reply,
            }
        }
        Err(refused) => refused,
    }
}

fn inside(cx: &mut Cx<'_>, rest: &[&str]) -> Outcome {
    match (cx.call.method.as_str(), rest) {
        ("GET", ["Users"]) => users::list(cx),
        ("POST", ["Users"]) => users::create(cx),
        ("GET", ["Users", id]) => users::get(cx, id),
        ("PUT", ["Users", id]) => users::replace(cx, id),
        ("PATCH", ["Users", id]) => users::patch(cx, id),
        ("DELETE", ["Users", id]) => users::delete(cx, id),
        ("GET", ["Groups"]) => groups::list(cx),
        ("POST", ["Groups"]) => groups::create(cx),
        ("GET", ["Groups", id]) => groups::get(cx, id),
        ("PUT", ["Groups", id]) => groups::replace(cx, id),
        ("PATCH", ["Groups", id]) => groups::patch(cx, id),
        ("DELETE", ["Groups", id]) => groups::delete(cx, id),
        ("GET", rest) => discovery::answer(cx, rest),
        (_, ["ServiceProviderConfig" | "Schemas" | "ResourceTypes", ..]) => {
            Err(scim_error(405, "", "Method not allowed."))
        }
        ("POST", [.., ".search"]) => {
            Err(scim_error(501, "", "Searching by POST is not supported."))
        }
        _ => Err(error::not_found("Resource not found.")),
    }
}
