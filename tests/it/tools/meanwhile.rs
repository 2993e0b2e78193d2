//! Somebody else, with the key and without this server, changes what is about to be sent back whole: it is looked at right before,
//! and then nothing is sent.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE_USER, JANE_VIEWER};
use status_roster::sandbox::{Fault, Faults};

use super::world::World;
use crate::sandbox::wire;

const EU: &str = "groupeurope1";

/// Asks for a change whose last look is slow, and changes the same in the meantime. What was answered.
async fn crossed(
    world: &World,
    tool: &str,
    arguments: Value,
    look: (&str, u32),
    theirs: (&str, String, Value),
) -> Value {
    let mut faults = Faults::next(Fault::Slow, "GET", look.0);
    faults.next[0].after = look.1;
    faults.slow_ms = 600;
    world.sandbox.faults(faults);
    let somebody = async {
        while world.sandbox.report().faults.is_empty() {
            Clock::system().sleep(Duration::from_millis(2)).await;
        }
        let (method, target, body) = theirs;
        let done = wire::ask(&world.sandbox, method, &target, Some(body)).await;
        assert_eq!(done.status, 200, "{}", done.text);
    };
    let (answer, ()) = tokio::join!(world.result(tool, arguments), somebody);
    assert_eq!(answer["status"], "failed", "{answer}");
    let detail = answer["steps"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("not sent"), "{detail}");
    assert_eq!(
        world.writes().len(),
        1,
        "theirs alone: {:?}",
        world.writes()
    );
    assert!(world.audit().iter().all(|line| line["kind"] != "intent"));
    answer
}

#[tokio::test]
async fn members_of_a_group_who_were_added_meanwhile_stay() {
    let world = World::new().await;
    let stored = |world: &World| world.stored_page(AUDIENCE_PAGE)["viewers"].clone();
    let viewers = stored(&world);
    let outside = |viewer: &&Value| !viewer["group_ids"].to_string().contains(EU);
    let mut out = viewers.as_array().unwrap().iter().filter(outside);
    let (mine, their) = (&out.next().unwrap()["id"], &out.next().unwrap()["id"]);
    let arguments = json!({"page_id": AUDIENCE_PAGE, "group_id": EU, "add_member_ids": [mine]});
    let target = format!(
        "/v1/pages/{AUDIENCE_PAGE}/page_access_users/{}",
        their.as_str().unwrap()
    );
    let body = json!({"page_access_user": {"page_access_group_ids": [EU]}});
    let look = format!("page_access_groups/{EU}");
    crossed(
        &world,
        "save_page_access_group",
        arguments,
        (&look, 0),
        ("PATCH", target, body),
    )
    .await;
    let after = stored(&world);
    let row = |id: &Value| {
        let rows = after.as_array().unwrap().iter();
        rows.clone().find(|row| row["id"] == *id).unwrap().clone()
    };
    assert!(row(their)["group_ids"].to_string().contains(EU));
    assert!(!row(mine)["group_ids"].to_string().contains(EU));
}

#[tokio::test]
async fn page_roles_that_were_given_meanwhile_stay() {
    let world = World::new().await;
    let grant = json!([{"page_id": AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]);
    let arguments = json!({"user_id": JANE_USER, "grant": grant});
    let mut pages = world.stored_member(JANE_USER)["permissions"].clone();
    pages[AUDIENCE_PAGE]["page_configuration"] = json!(true);
    let target = format!(
        "/v1/organizations/{}/permissions/{JANE_USER}",
        world.sandbox.organization_id
    );
    let look = format!("permissions/{JANE_USER}");
    crossed(
        &world,
        "set_permissions",
        arguments,
        (&look, 1),
        ("PUT", target, json!({"pages": pages})),
    )
    .await;
    let now = world.stored_member(JANE_USER)["permissions"][AUDIENCE_PAGE].clone();
    assert_eq!(now["page_configuration"], true);
    assert_eq!(now["maintenance_manager"], false);
}

#[tokio::test]
async fn groups_of_a_viewer_that_were_given_meanwhile_stay() {
    let world = World::new().await;
    let arguments = json!({"page_id": AUDIENCE_PAGE, "user_id": JANE_VIEWER, "grant_group_ids": ["grouppartner"]});
    let target = format!("/v1/pages/{AUDIENCE_PAGE}/page_access_users/{JANE_VIEWER}");
    let body = json!({"page_access_user": {"page_access_group_ids": [EU]}});
    let look = format!("page_access_users/{JANE_VIEWER}");
    let after = u32::try_from(looks_before(&world, &arguments, &look).await).unwrap();
    crossed(
        &world,
        "change_viewer_access",
        arguments,
        (&look, after),
        ("PATCH", target, body),
    )
    .await;
    let page = world.stored_page(AUDIENCE_PAGE);
    let rows = page["viewers"].as_array().unwrap().iter();
    let jane = rows.clone().find(|row| row["id"] == JANE_VIEWER).unwrap();
    assert_eq!(jane["group_ids"], json!([EU]));
}

/// How often a plan of this reads a place before its last look: in a world of its own.
async fn looks_before(like: &World, arguments: &Value, look: &str) -> usize {
    let world = World::new().await;
    assert_eq!(world.sandbox.organization_id, like.sandbox.organization_id);
    world
        .result("change_viewer_access", arguments.clone())
        .await;
    let all = world.sandbox.requests();
    let write = all.iter().position(|it| it.method != "GET").unwrap();
    let reads = all[..write].iter().filter(|it| it.target.contains(look));
    reads.count() - 1
}
