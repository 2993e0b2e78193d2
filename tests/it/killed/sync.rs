//! `sync_page_viewers`, killed.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use status_roster::sandbox::Settings;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE};

use super::story::{Undisturbed, holds};
use super::victim::{Moment, moments};
use crate::properties::request::run;
use crate::tools::world::{Make, World};

async fn world() -> World {
    let make = Make::default();
    let sandbox = Settings {
        viewers: 9,
        team_members: 2,
        ..make.sandbox.clone()
    };
    Make { sandbox, ..make }.world().await
}

/// Two come, one changes groups, three go.
fn wanted(world: &World) -> Value {
    let page = world.sandbox.world()["statuspage"]["pages"].clone();
    let page = page.as_array().unwrap().iter();
    let page = page.clone().find(|page| page["id"] == AUDIENCE_PAGE);
    let viewers = page.unwrap()["viewers"].as_array().unwrap().clone();
    let others = viewers.iter().filter(|viewer| viewer["email"] != JANE);
    let mut rows: Vec<Value> = others
        .skip(3)
        .map(|viewer| json!({"email": viewer["email"]}))
        .collect();
    rows.push(json!({"email": JANE, "group_ids": ["groupeurope1"]}));
    rows.push(json!({"email": "new.one@example.com", "group_ids": ["grouppartner"]}));
    rows.push(json!({"email": "new.two@example.com"}));
    json!({"page_id": AUDIENCE_PAGE, "desired": json!(rows).to_string()})
}

fn killed(moments: &[Moment], whole: &(Undisturbed, Value)) -> usize {
    run(async {
        holds(
            &world().await,
            "sync_page_viewers",
            &whole.1,
            moments,
            &whole.0,
        )
    })
}

fn undisturbed() -> (Undisturbed, Value) {
    run(async {
        let world = world().await;
        let wanted = wanted(&world);
        (
            Undisturbed::of(&world, "sync_page_viewers", &wanted),
            wanted,
        )
    })
}

static WHOLE: LazyLock<(Undisturbed, Value)> = LazyLock::new(undisturbed);

#[test]
fn killed_at_any_request_the_next_server_completes_it() {
    for moment in &WHOLE.0.at_requests {
        assert_eq!(killed(&[*moment], &WHOLE), 1, "{moment:?}");
    }
}

#[test]
fn killed_after_any_line_of_the_record_the_next_server_completes_it() {
    for moment in &WHOLE.0.at_lines {
        killed(&[*moment], &WHOLE);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn killed_again_and_again_it_is_completed_in_the_end(moments in moments()) {
        killed(&moments, &WHOLE);
    }
}
