//! The Statuspage Manage API, version 1: one file per resource.

mod component_audience;
mod component_writes;
mod components;
mod groups;
mod incident_wire;
mod incidents;
mod metrics;
mod notify;
mod pages;
pub(super) mod paging;
mod permissions;
mod scope;
mod subscriber_lists;
mod subscriber_rows;
mod subscribers;
mod templates;
mod updates;
mod users;
mod viewers;
mod wire;

use super::{
    call::Call,
    reply::{Answer, Refusal},
    seed::known,
    settings::Settings,
    world::World,
};

/// The call and the world that a handler works on.
#[derive(Debug)]
pub(super) struct Cx<'a> {
    pub(super) call: &'a Call,
    pub(super) world: &'a mut World,
    pub(super) settings: &'a Settings,
    /// A fault: lists answer their first page whatever was asked.
    pub(super) ignore_page: bool,
}

/// Finds the handler. A path that exists answers 404 to a verb that does not, as a Rails router does.
pub(super) fn route(cx: &mut Cx<'_>) -> Answer {
    let parts: Vec<&str> = cx.call.segments.iter().map(String::as_str).collect();
    let verb = cx.call.method.as_str();
    match parts.as_slice() {
        [
            "v1",
            "organizations",
            known::ORGANIZATION,
            "users",
            rest @ ..,
        ] => users::route(cx, verb, rest),
        [
            "v1",
            "organizations",
            known::ORGANIZATION,
            "permissions",
            user,
        ] => permissions::route(cx, verb, user),
        ["v1", "pages"] if verb == "GET" => Ok(pages::list(cx)),
        ["v1", "pages", page] => pages::route(cx, verb, page),
        ["v1", "pages", page, rest @ ..] => {
            cx.world.page(page)?;
            on_page(cx, verb, page, rest)
        }
        _ => Err(Refusal::not_found()),
    }
}

fn on_page(cx: &mut Cx<'_>, verb: &str, page: &str, rest: &[&str]) -> Answer {
    match rest {
        ["page_access_users", rest @ ..] => viewers::route(cx, verb, page, rest),
        ["page_access_groups", rest @ ..] => groups::route(cx, verb, page, rest),
        ["components", rest @ ..] => components::route(cx, verb, page, rest),
        ["component-groups", rest @ ..] => components::route_groups(cx, verb, page, rest),
        ["incidents", rest @ ..] => incidents::route(cx, verb, page, rest),
        ["incident_templates", rest @ ..] => templates::route(cx, verb, page, rest),
        ["metrics_providers", rest @ ..] => metrics::route_providers(cx, verb, page, rest),
        ["metrics", rest @ ..] => metrics::route(cx, verb, page, rest),
        ["subscribers", rest @ ..] => subscribers::route(cx, verb, page, rest),
        _ => Err(Refusal::not_found()),
    }
}
