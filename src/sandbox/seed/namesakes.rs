//! People whom it takes several names to know: of each kind one, in the systems where the difference matters.

use std::collections::BTreeMap;

use serde_json::json;

use super::{audience, elsewhere, known, subscribers};
use crate::sandbox::world::{Entry, Member, Role, User, World};

pub(super) fn add(world: &mut World) {
    directory(world);
    uma(world);
    viewer(world, "sharedviewer", known::SHARED);
    viewer(world, "solotherview", known::SOL);
    viewer(world, known::MIXED_VIEWER, known::MIXED);
    viewer(world, "umlautviewer", known::UMLAUT);
    viewer(world, known::LINKED_VIEWER, known::LINKED);
}

fn directory(world: &mut World) {
    let people = [
        (
            known::UMA_DIRECTORY_USER,
            known::UMA_UPN,
            known::UMA,
            "Uma",
            "Unlike",
        ),
        (
            known::SAM_DIRECTORY_USER,
            "sam@example.com",
            known::SHARED,
            "Sam",
            "Same",
        ),
        (
            known::SOL_DIRECTORY_USER,
            known::SHARED,
            known::SOL,
            "Sol",
            "Other",
        ),
        (
            "0a4e0000-0000-4000-8000-0000000000c1",
            known::NORA_USER_NAME,
            known::NORA,
            "Nora",
            "Noname",
        ),
    ];
    for (id, user_name, email, first, last) in people {
        let mut entry: Entry = elsewhere::person(email, first, last, true, &mut world.random);
        entry.id = id.to_owned();
        entry
            .attributes
            .insert("userName".to_owned(), json!(user_name));
        world.directory.users.push(entry);
    }
}

/// Uma is everywhere under her mail address, and in the directory under another name.
fn uma(world: &mut World) {
    let created_at = world.random.date();
    world.users.push(User {
        id: "umaunliketm1".to_owned(),
        email: known::UMA.to_owned(),
        first_name: Some("Uma".to_owned()),
        last_name: Some("Unlike".to_owned()),
        updated_at: created_at.clone(),
        created_at,
        owner: false,
        permissions: BTreeMap::new(),
    });
    viewer(world, "umaunlikevw1", known::UMA);
    for (page, id) in [
        (known::AUDIENCE_PAGE, "umaunlikesb1"),
        (known::PUBLIC_PAGE, "umaunlikesb2"),
    ] {
        let row = subscribers::by_mail(id.to_owned(), known::UMA, &mut world.random);
        if let Some(page) = world.pages.iter_mut().find(|it| it.id == page) {
            page.subscribers.push(row);
        }
    }
    world.team.members.push(Member {
        id: "tm_umaunlike".to_owned(),
        email: known::UMA.to_owned(),
        name: Some("Uma Unlike".to_owned()),
        role: Role::Admin,
        status: "ACCEPTED",
        accepted_at: world.random.date(),
    });
}

fn viewer(world: &mut World, id: &str, email: &str) {
    let row = audience::viewer(id.to_owned(), email.to_owned(), &mut world.random);
    let page = world
        .pages
        .iter_mut()
        .find(|page| page.id == known::AUDIENCE_PAGE);
    if let Some(page) = page {
        page.viewers.push(row);
    }
}
