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
            if let Some(subdomain) = text(&fields, "subdomain") {
                page.subdomain = subdomain;
            }
            // Fields outside the list are ignored silently, as the service does: city, layout, logos.
            for (name, value) in fields.as_object().into_iter().flatten() {
                if WRITABLE.contains(&name.as_str()) {
                    page.settings.insert(name.clone(), value.clone());
                }
            }
            page.updated_at = time::stamp();
            cx.world.wrote("page_updated");
        }
        _ => return Err(Refusal::not_found()),
    }
    Ok(Reply::ok(wire(cx.world.page(id)?)))
}

/// The fields that a PATCH sets, besides the name and the subdomain.
const WRITABLE: [&str; 26] = [
    "domain",
    "url",
    "branding",
    "css_body_background_color",
    "css_font_color",
    "css_light_font_color",
    "css_greens",
    "css_yellows",
    "css_oranges",
    "css_blues",
    "css_reds",
    "css_border_color",
    "css_graph_color",
    "css_link_color",
    "css_no_data",
    "hidden_from_search",
    "viewers_must_be_team_members",
    "allow_page_subscribers",
    "allow_incident_subscribers",
    "allow_email_subscribers",
    "allow_sms_subscribers",
    "allow_rss_atom_feeds",
    "allow_webhook_subscribers",
    "notifications_from_email",
    "notifications_email_footer",
    "time_zone",
];

fn wire(page: &Page) -> Value {
    let mut row = as_made(page);
    if let (Some(row), Value::Object(colours)) = (row.as_object_mut(), colours()) {
        row.extend(colours);
        row.extend(page.settings.clone());
    }
    row
}

fn colours() -> Value {
    json!({
        "css_body_background_color": "ffffff",
        "css_font_color": "333333",
        "css_light_font_color": "aaaaaa",
        "css_greens": "2fcc66",
        "css_yellows": "f1c40f",
        "css_oranges": "e67e22",
        "css_blues": "3498db",
        "css_reds": "e74c3c",
        "css_border_color": "e0e0e0",
        "css_graph_color": "3498db",
        "css_link_color": "3498db",
        "css_no_data": "b3bac5",
    })
}

fn as_made(page: &Page) -> Value {
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
