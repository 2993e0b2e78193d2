//! The world at the start, the same for the same seed: one company, three pages of different types, and the people on them.

mod audience;
mod elsewhere;
mod history;
pub mod known;
mod names;
mod namesakes;
mod subscribers;
mod team;

use std::collections::BTreeMap;

use super::{
    random::Random,
    settings::{People, Settings},
    world::{Audience, Page, World},
};

pub(super) fn world(settings: &Settings) -> World {
    let mut random = Random::new(settings.seed);
    let mut specific = page(
        known::AUDIENCE_PAGE,
        "Example Customers",
        "customers",
        Audience::Specific,
    );
    audience::fill(&mut specific, settings, &mut random);
    subscribers::on_audience_page(&mut specific, &mut random);
    let mut public = page(
        known::PUBLIC_PAGE,
        "Example Status",
        "status",
        Audience::Public,
    );
    audience::components(&mut public, 12, &mut random);
    subscribers::on_public_page(&mut public, &mut random);
    let mut private = page(
        known::PRIVATE_PAGE,
        "Example Internal",
        "internal",
        Audience::Private,
    );
    private.role_based = false;
    audience::components(&mut private, 8, &mut random);
    subscribers::on_private_page(&mut private, &mut random);
    let users = team::members(settings, &mut random);
    history::on_audience_page(&mut specific);
    history::on_public_page(&mut public);
    history::on_private_page(&mut private);
    let mut world = World {
        directory: elsewhere::directory(settings, &users, &mut random),
        team: elsewhere::team(settings, &users, &mut random),
        users,
        pages: vec![specific, public, private],
        writes: BTreeMap::new(),
        mails: Vec::new(),
        notifications: Vec::new(),
        random,
    };
    if settings.people == People::Namesakes {
        namesakes::add(&mut world);
    }
    world
}

fn page(id: &str, name: &str, subdomain: &str, audience: Audience) -> Page {
    Page {
        id: id.to_owned(),
        name: name.to_owned(),
        subdomain: format!("example-{subdomain}"),
        audience,
        role_based: true,
        created_at: "2019-03-04T09:00:00.000Z".to_owned(),
        updated_at: "2026-02-03T16:20:00.000Z".to_owned(),
        viewers: Vec::new(),
        groups: Vec::new(),
        components: Vec::new(),
        metrics: Vec::new(),
        subscribers: Vec::new(),
        unsubscribed: Vec::new(),
        settings: BTreeMap::new(),
        incidents: Vec::new(),
        templates: Vec::new(),
        providers: Vec::new(),
    }
}
