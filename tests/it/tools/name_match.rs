//! `name` on every list: a part of the name in any case, and whoever is called exactly so first, with a mark.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::clock::Clock;
use status_roster::sandbox::known::{AUDIENCE_PAGE, GROUPS};

use super::world::{Make, World};

fn names(list: &Value) -> Vec<String> {
    let rows = list["records"].as_array().unwrap().iter();
    let name = |row: &Value| {
        let first = row["first_name"].as_str()?;
        Some(format!("{first} {}", row["last_name"].as_str()?))
    };
    rows.filter_map(name).collect()
}

/// Every row that the pieces of a list bring, in their order.
async fn pieces(world: &World, tool: &str, mut ask: Value) -> Vec<Value> {
    let mut rows = Vec::new();
    loop {
        let list = world.result(tool, ask.clone()).await;
        rows.extend(list["records"].as_array().unwrap().iter().cloned());
        assert!(list["shown"].as_u64().unwrap() <= list["matched"].as_u64().unwrap());
        if list["next_cursor"].is_null() {
            assert_eq!(list["matched"], rows.len(), "every row once: {rows:?}");
            return rows;
        }
        ask["cursor"] = list["next_cursor"].clone();
    }
}

async fn smiths(world: &World) {
    for (email, first, last) in [
        ("ann.smithson@example.com", "Ann", "Smithson"),
        ("joann@example.com", "Joann", "Smith"),
        ("ann.smith@example.com", "Ann", "Smith"),
        ("ann.smith2@example.com", "ANN", "Smith"),
    ] {
        let new = json!({"email": email, "first_name": first, "last_name": last});
        let done = world.result("add_org_user", new).await;
        assert_eq!(done["status"], "applied", "{done}");
    }
}

#[tokio::test]
async fn who_is_called_exactly_so_comes_first_over_all_pieces() {
    let world = World::new().await;
    smiths(&world).await;
    for limit in [1, 2, 3, 50] {
        let ask = json!({"name": " aNN smith", "limit": limit});
        let rows = pieces(&world, "list_org_users", ask).await;
        let list = json!({ "records": rows });
        assert_eq!(
            names(&list),
            ["Ann Smith", "ANN Smith", "Ann Smithson", "Joann Smith"]
        );
        let marks: Vec<&Value> = rows.iter().map(|row| &row["name_match"]).collect();
        assert_eq!(
            marks,
            [&json!("exact"), &json!("exact"), &Value::Null, &Value::Null]
        );
    }
    let all = world.result("list_org_users", json!({"limit": 200})).await;
    assert!(!all.to_string().contains("name_match"), "nothing to mark");
    let counted = world
        .result(
            "list_org_users",
            json!({"name": "ann smith", "count_only": true}),
        )
        .await;
    assert_eq!(counted["matched"], 4);
}

#[tokio::test]
async fn components_and_page_access_groups_take_a_part_of_the_name_and_mark_the_whole() {
    let world = World::new().await;
    let (id, name) = GROUPS[0];
    let ask = json!({"page_id": AUDIENCE_PAGE, "name": name.to_uppercase()});
    let list = world.result("list_page_access_groups", ask).await;
    assert_eq!(list["records"][0]["id"], id);
    assert_eq!(list["records"][0]["name_match"], "exact");
    let ask = json!({"page_id": AUDIENCE_PAGE, "name": "enterprise", "limit": 1});
    let rows = pieces(&world, "list_page_access_groups", ask).await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["name_match"].is_null()));

    let page = world.stored_page(AUDIENCE_PAGE);
    let name = page["components"][5]["name"].as_str().unwrap();
    let short: String = name.chars().take(3).collect();
    let ask = json!({"page_id": AUDIENCE_PAGE, "name": name.to_lowercase()});
    let list = world.result("list_components", ask).await;
    assert_eq!(list["records"][0]["name_match"], "exact", "{list}");
    let ask = json!({"page_id": AUDIENCE_PAGE, "name": short, "limit": 7});
    let rows = pieces(&world, "list_components", ask).await;
    let marked: Vec<bool> = rows
        .iter()
        .map(|row| row["name_match"] == "exact")
        .collect();
    let mut sorted = marked.clone();
    sorted.sort_by_key(|marked| !marked);
    assert_eq!(marked, sorted, "exact ones first");
}

#[tokio::test]
async fn directory_groups_take_a_part_of_the_name_too() {
    let world = Make::everything().world().await;
    for name in ["status-writers-eu", "status-writers"] {
        let made = world
            .result(
                "change_directory_group",
                json!({"new_group": name, "add": ["jane.doe@example.com"]}),
            )
            .await;
        assert_eq!(made["status"], "applied", "{made}");
    }
    let ask = json!({"name": "Status-Writers"});
    let list = world.result("list_directory_groups", ask).await;
    let rows = list["records"].as_array().unwrap();
    assert_eq!(rows.len(), 2, "{list}");
    assert_eq!(rows[0]["name"], "status-writers");
    assert_eq!(rows[0]["name_match"], "exact");
    assert_eq!(rows[0]["member_ids"].as_array().unwrap().len(), 1);
    assert!(rows[1]["name_match"].is_null());
    assert!(rows[1]["member_ids"].is_null(), "{list}");
    let list = world
        .result("list_directory_groups", json!({"name": "writers-e"}))
        .await;
    assert_eq!(list["matched"], 1, "{list}");
}

#[tokio::test(start_paused = true)]
async fn while_the_read_goes_on_the_order_is_that_of_the_list_and_said_to_be() {
    let make = Make {
        clock: Clock::following("2026-03-01T12:00:00Z".parse().unwrap()),
        ..Make::default()
    };
    let sandbox = status_roster::sandbox::Settings {
        requests_per_window: 6,
        window: Duration::from_secs(60),
        ..make.sandbox.clone()
    };
    let world = Make { sandbox, ..make }.world().await;
    // The budget is used up but for two pages of the team's three.
    for page in 0..4 {
        let email = format!("nobody{page}@example.com");
        let ask = json!({"page_id": "internalpage", "email": email, "max_age_s": 0});
        world.result("list_page_access_users", ask).await;
    }
    let team = world.sandbox.world()["statuspage"]["users"].clone();
    let person = &team[20];
    let name = format!(
        "{} {}",
        person["first_name"].as_str().unwrap(),
        person["last_name"].as_str().unwrap()
    );
    let mut ask = json!({"name": name});
    let list = world.result("list_org_users", ask.clone()).await;
    assert_eq!(list["complete"], false, "{list}");
    assert!(
        list["warnings"]
            .to_string()
            .contains("comes first only once the whole list is read"),
        "{list}"
    );
    let mut rows = list["records"].as_array().unwrap().clone();
    tokio::time::advance(Duration::from_secs(61)).await;
    ask["cursor"] = list["next_cursor"].clone();
    let rest = world.result("list_org_users", ask).await;
    assert_eq!(rest["complete"], true, "{rest}");
    rows.extend(rest["records"].as_array().unwrap().iter().cloned());
    assert_eq!(rest["matched"], rows.len(), "every row once");
}
