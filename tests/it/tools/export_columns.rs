//! `export_roster` with columns by name, marks of changed text, and what is left to come.

use serde_json::{Value, json};
use status_roster::sandbox::known::AUDIENCE_PAGE;
use status_roster::sandbox::{Addresses, Settings};

use super::export_roster::{pieces, whole};
use super::world::{Make, World};

#[tokio::test]
async fn columns_come_by_name_in_the_order_asked_for_in_every_format() {
    let world = Make::everything().world().await;
    let columns = json!(["page_id", "email", "kind", "changed_text"]);
    for columns in [columns, json!("page_id, Email,kind,changed-text")] {
        let ask =
            json!({"what": "all", "format": "csv", "columns": columns, "domain": "example.com"});
        let text = whole(&pieces(&world, ask).await);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        assert_eq!(header, ["page_id", "email", "kind", "changed_text"]);
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() > 100, "{}", rows.len());
        for row in &rows {
            assert!(row[1].to_lowercase().ends_with("@example.com"), "{row:?}");
            let of_a_page = ["page_access_user", "subscriber"].contains(&&row[2]);
            assert_eq!(!row[0].is_empty(), of_a_page, "{row:?}");
        }
        assert!(rows.iter().any(|row| &row[0] == AUDIENCE_PAGE));
    }
    let ask = json!({"what": "viewers", "format": "ndjson", "columns": ["page_id", "id", "groups"], "limit": 5});
    let lines = world.result("export_roster", ask).await;
    for line in lines["content"].as_str().unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let names: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(names, ["page_id", "id", "groups"], "{row}");
        assert_eq!(row["page_id"], AUDIENCE_PAGE);
        assert!(row["groups"].is_array());
    }
    let ours = json!({"what": "viewers", "format": "csv", "limit": 1});
    let ours = world.result("export_roster", ours).await;
    let header = ours["content"].as_str().unwrap().lines().next().unwrap();
    assert!(header.contains(",page_id,") && header.ends_with(",changed_text"));
}

#[tokio::test]
async fn a_column_that_there_is_not_is_refused_with_those_that_there_are() {
    let world = World::new().await;
    for (columns, words) in [
        (json!(["email", "phone"]), "`columns` has no `phone`"),
        (json!(["email", "ours"]), "`columns` has no `ours`"),
        (json!(["email", "email"]), "names `email` twice"),
        (json!([]), "names no column"),
    ] {
        let ask = json!({"what": "team", "columns": columns});
        let told = world.refusal("export_roster", ask).await;
        assert!(told.contains(words), "{told}");
        if words.contains("has no") {
            assert!(
                told.contains("page_id") && told.contains("application_roster"),
                "{told}"
            );
        }
    }
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn each_piece_says_how_many_accounts_and_pieces_come_after_it() {
    let world = World::new().await;
    for ask in [
        json!({"what": "team", "limit": 100, "columns": "application_roster"}),
        json!({"what": "viewers", "format": "csv", "columns": "application_roster"}),
        json!({"what": "subscribers", "domain": "*.example.com", "format": "ndjson"}),
    ] {
        let pieces = pieces(&world, ask.clone()).await;
        let mut left = pieces[0]["matched"].as_u64().unwrap();
        let last = pieces.len() - 1;
        for (at, piece) in pieces.iter().enumerate() {
            left -= piece["rows"].as_u64().unwrap();
            assert_eq!(piece["rows_left"], left, "{ask}");
            assert_eq!(piece["pieces_left"] == 0, at == last, "{ask}");
        }
        assert_eq!(left, 0);
        if ask["limit"] == 100 {
            let counts: Vec<&Value> = pieces.iter().map(|it| &it["pieces_left"]).collect();
            assert_eq!(counts, [2, 1, 0]);
        }
    }
}

/// A text that is not as it is stored is marked, or counted where the columns leave no place for a mark.
#[tokio::test]
async fn what_was_cleaned_or_guarded_is_marked_in_a_column_of_its_own() {
    let make = Make {
        sandbox: Settings {
            addresses: Addresses::Hostile,
            viewers: 40,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    let columns = json!([
        "id",
        "email",
        "first_name",
        "last_name",
        "display_name",
        "changed_text"
    ]);
    let ask = json!({"what": "all", "format": "csv", "columns": columns});
    let pieces_of_it = pieces(&world, ask).await;
    assert!(
        !pieces_of_it[0]["warnings"]
            .to_string()
            .contains("not as they are stored")
    );
    let text = whole(&pieces_of_it);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let (mut guarded, mut cleaned) = (0, 0);
    for row in reader.records() {
        let row = row.unwrap();
        let mark = &row[5];
        for (cell, name) in row.iter().zip(&names).take(5) {
            let is_guarded = cell.starts_with("'") && mark.contains("guarded");
            assert_eq!(is_guarded, cell.starts_with("'"), "{row:?}");
            assert!(!is_guarded || mark.contains(name.as_str()), "{row:?}");
            guarded += usize::from(is_guarded);
        }
        cleaned += usize::from(mark.starts_with("cleaned"));
    }
    assert!(
        guarded > 0 && cleaned > 0,
        "{guarded} guarded, {cleaned} cleaned"
    );
    let five = json!({"what": "all", "format": "csv", "columns": "application_roster"});
    let warned = pieces(&world, five).await;
    let warned = warned
        .iter()
        .any(|piece| piece["warnings"].to_string().contains("`changed_text`"));
    assert!(warned, "there is no column for it");
}
