//! Exports as resources: linked to from the result, read in one piece, by whoever made them.

use rmcp::model::{CallToolResult, ReadResourceRequestParams, ResourceContents};
use serde_json::{Value, json};
use status_roster::caller::Caller;
use status_roster::sandbox::{Fault, Faults};

use super::client::{Client, ERAS, Era, Running, call};
use crate::tools::world::{Make, World};

/// Each text of a resource, with its type and its `_meta`.
async fn read(client: &Running, uri: &str) -> Result<Vec<(String, String, Value)>, String> {
    let read = client.read_resource(ReadResourceRequestParams::new(uri));
    let read = read.await.map_err(|error| error.to_string())?;
    let texts = read.contents.into_iter().map(|contents| match contents {
        ResourceContents::TextResourceContents {
            text,
            mime_type,
            meta,
            ..
        } => (
            text,
            mime_type.unwrap_or_default(),
            serde_json::to_value(meta).unwrap(),
        ),
        other => unreachable!("{other:?}"),
    });
    Ok(texts.collect())
}

fn link(result: &CallToolResult) -> (String, String, String) {
    let link = result.content[1].as_resource_link().unwrap();
    (
        link.uri.clone(),
        link.mime_type.clone().unwrap(),
        link.description.clone().unwrap(),
    )
}

fn told(result: &CallToolResult) -> &Value {
    result.structured_content.as_ref().unwrap()
}

#[tokio::test]
async fn a_whole_export_is_linked_to_and_read_in_one_piece() {
    let world = World::new().await;
    for era in ERAS {
        let client = Client::without_forms().connect(&world.app, era).await;
        for format in ["csv", "json", "ndjson"] {
            let wanted = json!({"what": "team", "format": format});
            let mut piece = call(&client, "export_roster", &wanted).await;
            let (uri, kind, about) = link(&piece);
            assert_eq!(kind, told(&piece)["mime_type"], "{era:?}");
            assert!(!about.contains("NOT COMPLETE"), "{about}");
            let mut pieces = vec![told(&piece)["content"].as_str().unwrap().to_owned()];
            while let Some(cursor) = told(&piece).get("next_cursor").cloned() {
                let mut next = wanted.clone();
                next["cursor"] = cursor;
                piece = call(&client, "export_roster", &next).await;
                assert_eq!(link(&piece).0, uri, "every piece links to the whole");
                pieces.push(told(&piece)["content"].as_str().unwrap().to_owned());
            }
            let before = world.sandbox.requests().len();
            let whole = read(&client, &uri).await.unwrap();
            assert_eq!(world.sandbox.requests().len(), before);
            let (text, read_as, meta) = &whole[0];
            assert_eq!((whole.len(), read_as), (1, &kind));
            assert_eq!(meta["status-roster/complete"], true);
            assert_eq!(meta["status-roster/as_of"], told(&piece)["as_of"]);
            if format == "json" {
                let mut rows: Vec<Value> = Vec::new();
                for piece in &pieces {
                    rows.extend(serde_json::from_str::<Vec<Value>>(piece).unwrap());
                }
                assert_eq!(serde_json::from_str::<Vec<Value>>(text).unwrap(), rows);
            } else {
                assert_eq!(*text, pieces.concat());
            }
        }
    }
}

#[tokio::test]
async fn an_export_that_is_not_complete_says_so_wherever_it_is_seen() {
    let world = World::new().await;
    // The second page of the team never comes.
    let mut faults = Faults::next(Fault::Forbidden, "GET", "/users");
    faults.next[0].after = 1;
    faults.next[0].times = 100;
    world.sandbox.faults(faults);
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let wanted = json!({"what": "team", "format": "csv"});
    let part = call(&client, "export_roster", &wanted).await;
    assert_eq!(told(&part)["complete"], false, "{part:?}");
    let (uri, _, about) = link(&part);
    assert!(about.starts_with("NOT COMPLETE"), "{about}");
    let read = read(&client, &uri).await.unwrap();
    let (warning, kind, _) = &read[0];
    assert_eq!(kind, "text/plain");
    assert!(
        warning.starts_with("NOT COMPLETE: people are missing"),
        "{warning}"
    );
    assert!(warning.contains("`export_roster`"), "{warning}");
    assert_eq!(read[1].1, "text/csv");
    assert_eq!(read[1].2["status-roster/complete"], false);
}

#[tokio::test]
async fn what_a_whole_export_lacks_stands_before_it() {
    let world = World::new().await;
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let mut wanted = json!({"what": "all", "format": "csv"});
    let mut piece = call(&client, "export_roster", &wanted).await;
    while let Some(cursor) = told(&piece).get("next_cursor").cloned() {
        wanted["cursor"] = cursor;
        piece = call(&client, "export_roster", &wanted).await;
    }
    assert_eq!(told(&piece)["complete"], true, "of what is configured");
    let (uri, _, about) = link(&piece);
    assert!(about.contains("in `unknown`"), "{about}");
    let read = read(&client, &uri).await.unwrap();
    let (warning, ..) = &read[0];
    let lacks = told(&piece)["unknown"].as_array().unwrap();
    assert_eq!(warning.lines().count(), lacks.len(), "{warning}");
    assert!(warning.starts_with("Missing: "), "{warning}");
    assert_eq!(read[1].1, "text/csv");
}

#[tokio::test]
async fn an_export_is_its_callers_own_and_one_that_is_gone_says_what_to_call() {
    let world = World::new().await;
    let made = world
        .ask_as("somebody", "export_roster", json!({"what": "team"}))
        .await;
    let id = made.structured().unwrap()["export_id"].clone();
    let foreign = format!("roster://exports/{}", id.as_str().unwrap());
    let gone = format!("roster://exports/{}", "0".repeat(32));
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let told = [
        read(&client, &foreign).await.unwrap_err(),
        read(&client, &gone).await.unwrap_err(),
    ];
    assert!(
        told[0].contains("Call `export_roster` again"),
        "{}",
        told[0]
    );
    assert_eq!(
        told[0].replace(&foreign, "URI"),
        told[1].replace(&gone, "URI"),
        "nothing tells another's export from none"
    );
    for broken in [
        "roster://exports/",
        "roster://exports/x",
        "roster://exports/../pages",
    ] {
        let words = read(&client, broken).await.unwrap_err();
        assert!(words.contains("there is no such resource"), "{words}");
    }
}

#[tokio::test]
async fn whoever_may_not_export_may_not_read_one() {
    let make = Make {
        more: "[policy]\nwithout_tools = [\"export_roster\"]\n".to_owned(),
        ..Make::default()
    };
    let world = make.world().await;
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let uri = format!("roster://exports/{}", "0".repeat(32));
    let words = read(&client, &uri).await.unwrap_err();
    assert!(words.contains("policy.without_tools"), "{words}");
}

#[tokio::test]
async fn an_export_too_long_for_one_piece_points_to_the_pieces() {
    let make = Make {
        sandbox: status_roster::sandbox::Settings {
            viewers: 4_000,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    let client = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let wanted =
        json!({"what": "viewers", "page_id": status_roster::sandbox::known::AUDIENCE_PAGE});
    let piece = call(&client, "export_roster", &wanted).await;
    let words = read(&client, &link(&piece).0).await.unwrap_err();
    assert!(
        words.contains("at most 1048576") && words.contains("`next_cursor`"),
        "{words}"
    );
    // The text itself is there for whoever asks inside of the process.
    let id = told(&piece)["export_id"].as_str().unwrap();
    let caller = Caller::local(None);
    let whole = world.app.access.export_by_id(&caller, id);
    assert!(whole.await.unwrap().content.len() > 1_048_576);
}
