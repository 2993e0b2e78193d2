//! `offboard_person`, killed.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use status_roster::sandbox::known::JANE;
use status_roster::sandbox::{Scim, Settings, StatusApp};

use super::story::{Undisturbed, finishes_with_its_token, holds};
use super::victim::{Moment, moments};
use crate::properties::request::run;
use crate::tools::world::{Make, World};

async fn world() -> World {
    let make = Make::everything();
    let sandbox = Settings {
        viewers: 12,
        team_members: 4,
        scim: Scim {
            users: 4,
            ..make.sandbox.scim.clone()
        },
        statusapp: StatusApp {
            members: 4,
            ..make.sandbox.statusapp.clone()
        },
        ..make.sandbox.clone()
    };
    Make { sandbox, ..make }.world().await
}

fn jane() -> Value {
    json!({"email": JANE})
}

fn killed(moments: &[Moment], undisturbed: &Undisturbed) -> usize {
    run(async {
        holds(
            &world().await,
            "offboard_person",
            &jane(),
            moments,
            undisturbed,
        )
    })
}

fn undisturbed() -> Undisturbed {
    run(async { Undisturbed::of(&world().await, "offboard_person", &jane()) })
}

static WHOLE: LazyLock<Undisturbed> = LazyLock::new(undisturbed);

#[test]
fn killed_at_any_request_the_next_server_completes_it() {
    for moment in &WHOLE.at_requests {
        assert_eq!(killed(&[*moment], &WHOLE), 1, "{moment:?}");
    }
}

#[test]
fn killed_at_any_request_the_next_server_finishes_it_with_the_same_token() {
    for moment in &WHOLE.with_token {
        let kills = run(async {
            let world = world().await;
            finishes_with_its_token(&world, "offboard_person", &jane(), &[*moment], &WHOLE)
        });
        assert_eq!(kills, 1, "{moment:?}");
    }
}

#[test]
fn killed_after_any_line_of_the_record_the_next_server_completes_it() {
    for moment in &WHOLE.at_lines {
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
