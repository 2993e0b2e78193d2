//! Off until an operator turns it on, and then for callers with its scope alone.

use serde_json::json;
use status_roster::caller::{Caller, Scope};
use status_roster::policy::Toolset;
use status_roster::sandbox::known;
use status_roster::toolkit::Limits;

use super::world::ON;
use crate::tools::world::{Make, World};

fn tools() -> Vec<&'static str> {
    let catalogue = status_roster::tools::catalogue(Limits::default());
    let specs = catalogue
        .specs()
        .filter(|it| it.toolset == Toolset::Operations);
    let names: Vec<_> = specs.map(|it| it.name).collect();
    assert_eq!(names.len(), 17);
    names
}

fn shown(world: &World, caller: &Caller) -> Vec<&'static str> {
    let specs = world.app.catalogue.shown(&world.app.access, caller);
    specs.map(|it| it.name).collect()
}

#[tokio::test]
async fn nothing_of_it_is_seen_where_it_is_off() {
    let world = World::new().await;
    let listed = shown(&world, &Caller::local(None));
    for tool in tools() {
        assert!(!listed.contains(&tool), "{tool} is listed");
        let words = world
            .refusal(tool, json!({"page_id": known::PUBLIC_PAGE}))
            .await;
        assert!(
            words.contains("`[toolsets] enabled = [\"access\", \"operations\"]`"),
            "{words}"
        );
        assert!(words.ends_with("Nothing was changed."), "{words}");
    }
    let unknown = world.refusal("open_incidents", json!({})).await;
    assert!(
        !unknown.contains("open_incident`") && !unknown.contains(", open_incident,"),
        "{unknown}"
    );
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn the_state_of_the_server_says_what_turns_it_on() {
    let world = World::new().await;
    let status = world.result("server_status", json!({})).await;
    let toolset = &status["toolsets"][1];
    assert_eq!(
        (&toolset["toolset"], &toolset["on"]),
        (&json!("operations"), &json!(false))
    );
    assert!(
        toolset["needs"].as_str().unwrap().contains("--toolsets"),
        "{toolset}"
    );
    let off = status["tools_off"].to_string();
    assert!(!off.contains("open_incident"), "{off}");
}

#[tokio::test]
async fn where_it_is_on_the_scope_decides_who_publishes() {
    let world = Make {
        more: ON.to_owned(),
        ..Make::default()
    }
    .world()
    .await;
    let caller = |scopes: &[Scope]| Caller {
        scopes: scopes.iter().copied().collect(),
        ..Caller::local(None)
    };
    let manager = shown(&world, &caller(&[Scope::Read, Scope::Write, Scope::Remove]));
    assert!(
        manager.contains(&"list_incidents") && !manager.contains(&"open_incident"),
        "{manager:?}"
    );
    assert!(
        !manager.contains(&"remove_component") && !manager.contains(&"save_metric"),
        "{manager:?}"
    );
    let speaker = shown(&world, &caller(&[Scope::Read, Scope::Publish]));
    for tool in tools() {
        assert!(speaker.contains(&tool), "{tool} is not listed");
    }
    assert!(
        !speaker.contains(&"remove_user") && !speaker.contains(&"add_page_viewer"),
        "{speaker:?}"
    );
    let all = shown(&world, &Caller::local(None));
    assert!(tools().iter().all(|tool| all.contains(tool)));
}

#[tokio::test]
async fn a_server_that_only_looks_does_not_publish() {
    let world = Make {
        more: ON.to_owned(),
        server: String::new(),
        ..Make::default()
    }
    .world()
    .await;
    let listed = shown(&world, &Caller::local(None));
    assert!(listed.contains(&"list_incidents") && !listed.contains(&"open_incident"));
    let words = world
        .refusal(
            "open_incident",
            json!({"page_id": known::PUBLIC_PAGE, "name": "n", "body": "b"}),
        )
        .await;
    assert!(words.contains("read-only"), "{words}");
}
