//! Pages: listed whole, and without a word on whether they are audience-specific (Statuspage API reference, `pages`).

use serde_json::{Value, json};

use super::Cx;
use crate::sandbox::{
    call::text,
    reply::{Answer, Refusal, Reply},
    time,
    world::{Audience, Page},
};

pub(super) fn list(cx: &Cx<'_>) -> Reply {
    Reply::ok(Value::Array(cx.world.pages.iter().map(wire).collect()))
}

pub(super) fn route(cx: &mut Cx<'_>, verb: &str, id: &str) -> Answer {
    match verb {
        "GET" => {}
        "PATCH" | "PUT" => {
            let fields = cx.call.under("page")?;
            let page = cx.world.page_mut(id)?;
            if let Some(name) = text(&fields, "name") {
                page.name = name;
            }
            page.updated_at = time::stamp();
            cx.world.wrote("page_updated");
        }
        _ => return Err(Refusal::not_found()),
    }
    Ok(Reply::ok(wire(cx.world.page(id)?)))
}

fn wire(page: &Page) -> Value {
    json!({
        "id": page.id,
        "created_at": page.created_at,
        "updated_at": page.updated_at,
        "name": page.name,
        "page_description": null,
        "headline": null,
        "branding": "basic",
        "subdomain": page.subdomain,
        "domain": null,
        "url": format!("https://{}.statuspage.example", page.subdomain),
        "support_url": null,
        "hidden_from_search": page.audience != Audience::Public,
        "allow_page_subscribers": true,
        "allow_incident_subscribers": true,
        "allow_email_subscribers": true,
        "allow_sms_subscribers": true,
        "allow_rss_atom_feeds": page.audience == Audience::Public,
        "allow_webhook_subscribers": true,
        "notifications_from_email": null,
        "notifications_email_footer": null,
        "activity_score": 42.5,
        "twitter_username": null,
        "viewers_must_be_team_members": page.audience == Audience::Private,
        "ip_restrictions": null,
        "city": null,
        "state": null,
        "country": null,
        "time_zone": "UTC",
        "favicon_logo": {
            "updated_at": page.updated_at,
            "size": 1024,
            "url": "https://logos.statuspage.example/favicon.png",
        },
        "hero_cover": null,
    })
}
