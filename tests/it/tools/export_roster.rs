//! `export_roster`: every account once, in columns that other programs read, complete or clearly not.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::caller::Caller;
use status_roster::roster::System;
use status_roster::sandbox::known::{AUDIENCE_PAGE, JANE, PUBLIC_PAGE};
use status_roster::sandbox::{Addresses, Fault, Faults, Settings};

use super::world::{Make, World};

/// Every piece, in order.
pub(super) async fn pieces(world: &World, mut arguments: Value) -> Vec<Value> {
    let mut pieces = Vec::new();
    loop {
        let piece = world.result("export_roster", arguments.clone()).await;
        assert!(
            piece.to_string().len() < 20_480,
            "{}",
            piece.to_string().len()
        );
        arguments["cursor"] = piece["next_cursor"].clone();
        let last = piece["next_cursor"].is_null();
        pieces.push(piece);
        if last {
            return pieces;
        }
    }
}

pub(super) fn whole(pieces: &[Value]) -> String {
    let contents = pieces
        .iter()
        .map(|piece| piece["content"].as_str().unwrap());
    contents.collect()
}

#[tokio::test]
async fn the_application_roster_has_its_five_columns_and_everybody() {
    let world = World::new().await;
    let wanted = json!({"what": "team", "format": "csv", "columns": "application_roster"});
    let pieces = pieces(&world, wanted).await;
    let text = whole(&pieces);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        header,
        ["User ID", "Email", "First Name", "Last Name", "Active Date"]
    );
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 250);
    assert_eq!(pieces[0]["matched"], 250);
    assert_eq!(pieces[0]["complete"], true);
    let jane = rows.iter().find(|row| &row[1] == JANE).unwrap();
    assert_eq!(
        (&jane[0], &jane[2], &jane[3]),
        ("janedoeteam1", "Jane", "Doe")
    );
    let created = world.stored_member("janedoeteam1")["created_at"].clone();
    assert_eq!(&jane[4].get(..10), &created.as_str().unwrap().get(..10));
    assert_eq!(
        world.sandbox.report().requests,
        3,
        "one read for all pieces"
    );
}

#[tokio::test]
async fn the_other_date_is_a_choice() {
    let world = World::new().await;
    let wanted = |date: &str| json!({"what": "team", "format": "ndjson", "columns": "application_roster", "active_date": date});
    let created = whole(&pieces(&world, wanted("created_at")).await);
    let updated = whole(&pieces(&world, wanted("updated_at")).await);
    assert_eq!(created.lines().count(), 250);
    assert_eq!(updated.lines().count(), 250);
    for line in created.lines().chain(updated.lines()) {
        let row: Value = serde_json::from_str(line).unwrap();
        assert!(row["User ID"].is_string());
    }
    assert_eq!(
        world.sandbox.report().requests,
        3,
        "the second export reads nothing again"
    );
}

#[tokio::test]
async fn cells_that_a_spreadsheet_would_run_are_made_harmless() {
    let make = Make {
        sandbox: Settings {
            addresses: Addresses::Hostile,
            viewers: 12,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    for columns in ["ours", "application_roster"] {
        let wanted = json!({"what": "all", "format": "csv", "columns": columns});
        let text = whole(&pieces(&world, wanted).await);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let width = reader.headers().unwrap().len();
        for row in reader.records() {
            let row = row.unwrap();
            assert_eq!(
                row.len(),
                width,
                "no cell breaks out of its column: {row:?}"
            );
            for cell in &row {
                let first = cell.chars().next().unwrap_or('x');
                assert!(!"=+-@\t\r".contains(first), "{cell:?}");
                assert!(
                    !cell
                        .chars()
                        .any(|c| c.is_control() || "\u{200b}\u{202e}\u{feff}".contains(c)),
                    "{cell:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn everything_is_the_team_and_each_pages_viewers_and_subscribers() {
    let world = World::new().await;
    let pieces = pieces(&world, json!({"what": "all"})).await;
    let mut ids = BTreeSet::new();
    let mut rows = 0;
    for piece in &pieces {
        let each: Vec<Value> = serde_json::from_str(piece["content"].as_str().unwrap()).unwrap();
        rows += each.len();
        ids.extend(
            each.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
    }
    let stored = world.sandbox.world();
    let count = |list: &Value| list.as_array().unwrap().len();
    let mut expected = count(&stored["statuspage"]["users"]);
    for page in stored["statuspage"]["pages"].as_array().unwrap() {
        expected += count(&page["viewers"]) + count(&page["subscribers"]);
    }
    assert_eq!(rows, expected);
    assert_eq!(ids.len(), expected);
}

#[tokio::test]
async fn a_part_that_cannot_be_read_makes_the_export_clearly_incomplete() {
    let world = World::new().await;
    let mut faults = Faults::next(
        Fault::Forbidden,
        "GET",
        &format!("{PUBLIC_PAGE}/subscribers"),
    );
    faults.next[0].times = 5;
    world.sandbox.faults(faults);
    let pieces = pieces(&world, json!({"what": "subscribers", "format": "csv"})).await;
    assert_eq!(pieces[0]["complete"], false);
    let warnings = pieces[0]["warnings"].to_string();
    assert!(
        warnings.contains("not complete") && warnings.contains(PUBLIC_PAGE),
        "{warnings}"
    );
    assert!(whole(&pieces).contains(JANE), "the others are there");
}

#[tokio::test]
async fn a_whole_export_is_read_by_its_id_by_its_own_caller_alone() {
    let world = World::new().await;
    let wanted = json!({"what": "viewers", "page_id": AUDIENCE_PAGE, "format": "csv"});
    let pieces = pieces(&world, wanted).await;
    assert!(pieces.len() > 5);
    let id = pieces[0]["export_id"].as_str().unwrap();
    assert_eq!(pieces[1]["export_id"], id);
    let local = Caller::local(None);
    let export = world.app.access.export_by_id(&local, id).await.unwrap();
    assert!(export.complete);
    assert_eq!(export.mime_type, "text/csv");
    assert_eq!(export.content, whole(&pieces));
    let other = Caller {
        name: "mallory".to_owned(),
        ..Caller::local(None)
    };
    assert_eq!(world.app.access.export_by_id(&other, id).await, None);
}

#[tokio::test]
async fn all_systems_are_in_one_export_and_each_can_be_had_alone() {
    let world = Make::everything().world().await;
    let stored = world.sandbox.world();
    let directory = stored["scim"]["users"]
        .as_array()
        .or(stored["directory"]["users"].as_array());
    let team = stored["statusapp"]["members"].as_array().unwrap().len();
    let mut counts = std::collections::BTreeMap::new();
    for what in [
        "team",
        "viewers",
        "subscribers",
        "directory",
        "statusapp",
        "all",
    ] {
        let pieces = pieces(
            &world,
            json!({"what": what, "format": "csv", "columns": "application_roster"}),
        )
        .await;
        assert_eq!(pieces[0]["complete"], true, "{what}");
        assert_eq!(pieces[0]["unknown"], json!([]), "{what}");
        let text = whole(&pieces);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap().len(), 5);
        counts.insert(what, reader.records().count());
    }
    assert_eq!(counts["statusapp"], team);
    assert_eq!(counts["directory"], 180);
    assert!(directory.is_none_or(|users| users.len() == 180));
    let parts = ["team", "viewers", "subscribers", "directory", "statusapp"];
    let sum: usize = parts.iter().map(|what| counts[what]).sum();
    assert_eq!(counts["all"], sum, "everybody once: {counts:?}");
}

#[tokio::test]
async fn a_system_that_fails_or_is_not_there_is_named_in_the_export() {
    let make = Make {
        systems: vec![System::Statuspage, System::AtlassianScim],
        scim_key: Some("a-key-that-ended".to_owned()),
        ..Make::default()
    };
    let world = make.world().await;
    let pieces = pieces(&world, json!({"what": "all", "format": "csv"})).await;
    for piece in &pieces {
        assert_eq!(piece["complete"], false);
        let unknown = piece["unknown"].as_array().unwrap();
        let told: Vec<(&str, &str)> = unknown
            .iter()
            .map(|it| (it["system"].as_str().unwrap(), it["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("atlassian_scim", "not_read"),
                ("statusapp", "not_configured")
            ]
        );
        let warnings = piece["warnings"].to_string();
        assert!(
            warnings.contains("not complete") && warnings.contains("nobody of statusapp"),
            "{warnings}"
        );
        assert!(!warnings.contains("a-key-that-ended"));
    }
    assert!(whole(&pieces).contains(JANE), "the others are there");
}

#[tokio::test]
async fn what_belongs_to_no_page_or_no_configured_system_is_refused() {
    let world = World::new().await;
    for what in ["team", "directory", "statusapp"] {
        let told = world
            .refusal(
                "export_roster",
                json!({"what": what, "page_id": AUDIENCE_PAGE}),
            )
            .await;
        assert!(told.contains("belong to no page"), "{told}");
    }
    for (what, setting) in [
        ("directory", "ATLASSIAN_SCIM_API_KEY"),
        ("statusapp", "STATUSAPP_API_KEY"),
    ] {
        let told = world.refusal("export_roster", json!({"what": what})).await;
        assert!(told.contains(setting), "{told}");
    }
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn accounts_of_one_domain_come_alone_and_a_piece_is_filled_by_what_fits() {
    let world = Make::everything().world().await;
    let ask = json!({"what": "all", "domain": "*.EXAMPLE.com", "format": "ndjson", "columns": "application_roster"});
    let export = world.result("export_roster", ask).await;
    let content = export["content"].as_str().unwrap();
    let domain = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let (_, domain) = line["Email"].as_str().unwrap().split_once('@').unwrap();
        domain.to_lowercase()
    };
    let domains: Vec<String> = content.lines().map(domain).collect();
    assert!(
        domains.len() > 50,
        "more than a list shows: {}",
        domains.len()
    );
    let ours = |it: &String| it == "example.com" || it.ends_with(".example.com");
    assert!(domains.iter().all(ours), "{domains:?}");
    assert!(content.len() < 20_000, "{}", content.len());
    let three = json!({"what": "all", "limit": 3});
    let three = world.result("export_roster", three).await;
    assert_eq!(three["rows"], 3);
    assert!(three["next_cursor"].is_string());
}
