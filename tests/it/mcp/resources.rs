//! Resources: what is listed, what is read, and that listing sends nothing.

use rmcp::model::{ReadResourceRequestParams, ResourceContents};
use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::client::{Client, ERAS, Era, Running, call};
use crate::tools::world::{Make, World};

async fn uris(running: &Running) -> Vec<String> {
    let list = running.list_all_resources().await.unwrap();
    list.into_iter().map(|resource| resource.uri).collect()
}

async fn read(running: &Running, uri: &str) -> Result<Value, String> {
    let request = ReadResourceRequestParams::new(uri);
    let result = running
        .read_resource(request)
        .await
        .map_err(|error| error.to_string())?;
    match result.contents.first().unwrap() {
        ResourceContents::TextResourceContents {
            text,
            mime_type,
            uri: told,
            ..
        } => {
            assert_eq!(told, uri);
            assert_eq!(mime_type.as_deref(), Some("application/json"));
            Ok(serde_json::from_str(text).unwrap())
        }
        other => Err(format!("not text: {other:?}")),
    }
}

#[tokio::test]
async fn a_list_names_what_is_in_memory_and_sends_nothing() {
    let world = World::new().await;
    for era in ERAS {
        let running = Client::without_forms().connect(&world.app, era).await;
        let before = world.sandbox.requests().len();
        let first = uris(&running).await;
        assert!(
            first.contains(&"roster://audit/tail".to_owned()),
            "{first:?}"
        );
        assert_eq!(world.sandbox.requests().len(), before);
    }
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    assert_eq!(
        uris(&running).await,
        ["roster://audit/tail", "roster://pages"]
    );
    call(&running, "list_pages", &json!({})).await;
    call(&running, "list_org_users", &json!({})).await;
    let viewers = json!({"page_id": known::AUDIENCE_PAGE});
    call(&running, "list_page_access_users", &viewers).await;
    let before = world.sandbox.requests().len();
    let all = uris(&running).await;
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(all, sorted);
    for uri in [
        "roster://snapshots/team".to_owned(),
        format!("roster://snapshots/viewers/{}", known::AUDIENCE_PAGE),
        format!("roster://pages/{}", known::PUBLIC_PAGE),
    ] {
        assert!(all.contains(&uri), "{all:?}");
        read(&running, &uri).await.unwrap();
    }
    assert_eq!(
        world.sandbox.requests().len(),
        before,
        "memory costs nothing"
    );
}

#[tokio::test]
async fn a_snapshot_says_how_old_and_how_whole_it_is() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let uri = format!("roster://snapshots/viewers/{}", known::AUDIENCE_PAGE);
    let missing = read(&running, &uri).await.unwrap_err();
    assert!(
        missing.contains("nothing of this list is in memory"),
        "{missing}"
    );

    let viewers = json!({"page_id": known::AUDIENCE_PAGE, "limit": 1});
    call(&running, "list_page_access_users", &viewers).await;
    let part = read(&running, &uri).await.unwrap();
    assert!(part["as_of"].is_string());
    assert!(part["shown"].as_u64().unwrap() <= part["rows"].as_u64().unwrap());
    assert!(
        part["next"]
            .as_str()
            .unwrap()
            .contains("`list_page_access_users`")
    );
    assert!(part.to_string().len() < 20_000);
}

#[tokio::test]
async fn a_person_and_the_pages_are_read_by_their_tools() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Session)
        .await;
    let encoded = format!("roster://people/{}", known::JANE.replace('@', "%40"));
    let jane = read(&running, &encoded).await.unwrap();
    assert_eq!(jane["verdict"], "found");
    let pages = read(&running, "roster://pages").await.unwrap();
    assert_eq!(pages["complete"], true);
}

#[tokio::test]
async fn what_is_no_resource_is_not_found_in_the_era_s_own_code() {
    let world = World::new().await;
    for (era, code) in [(Era::Session, "-32002"), (Era::Modern, "-32602")] {
        let running = Client::without_forms().connect(&world.app, era).await;
        for uri in [
            "roster://nothing",
            "roster://pages/..%2F..",
            "roster://people/nobody",
            "roster://snapshots/team/../../audit",
            "file:///etc/passwd",
            "roster://exports/0123",
        ] {
            let error = read(&running, uri).await.unwrap_err();
            assert!(error.contains(code), "{era:?} {uri}: {error}");
        }
    }
}

#[tokio::test]
async fn pages_outside_the_rules_are_not_there() {
    let more = format!("[policy]\npages = [\"{}\"]\n", known::PUBLIC_PAGE);
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    call(&running, "list_pages", &json!({})).await;
    let all = uris(&running).await;
    assert!(all.contains(&format!("roster://pages/{}", known::PUBLIC_PAGE)));
    let other = format!("roster://pages/{}", known::AUDIENCE_PAGE);
    assert!(!all.contains(&other), "{all:?}");
    assert!(read(&running, &other).await.is_err());
}

#[tokio::test]
async fn a_tool_that_is_off_is_off_as_a_resource_too() {
    let more = "[policy]\nwithout_tools = [\"find_person\", \"list_org_users\", \"list_pages\"]\n"
        .to_owned();
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    assert_eq!(uris(&running).await, ["roster://audit/tail"]);
    let uri = format!("roster://people/{}", known::JANE);
    let error = read(&running, &uri).await.unwrap_err();
    assert!(error.contains("policy.without_tools"), "{error}");
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn the_record_s_end_is_shown_to_admins() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let add = json!({"page_id": known::AUDIENCE_PAGE, "email": "new.person@example.org"});
    call(&running, "add_page_viewer", &add).await;
    let tail = read(&running, "roster://audit/tail").await.unwrap();
    assert_eq!(tail["lines"].as_array().unwrap().len(), 2, "{tail}");
}

#[tokio::test]
async fn a_line_about_a_page_that_is_left_out_shows_its_place_alone() {
    let mut world = World::new().await;
    for page in [known::AUDIENCE_PAGE, known::PRIVATE_PAGE] {
        let add = json!({"page_id": page, "email": "new.person@example.org"});
        world.ask("add_page_viewer", add).await;
    }
    world.app = world
        .another_with(&format!(
            "[policy]\npages = [\"{}\"]\n",
            known::AUDIENCE_PAGE
        ))
        .await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let tail = read(&running, "roster://audit/tail").await.unwrap();
    assert!(!tail.to_string().contains(known::PRIVATE_PAGE), "{tail}");
    let lines = tail["lines"].as_array().unwrap();
    let (shown, left): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line["left_out"].is_null());
    assert!(!left.is_empty() && left.iter().all(|line| line["hash"].is_string()));
    let shown = json!(shown).to_string();
    assert!(shown.contains(known::AUDIENCE_PAGE) && shown.contains("new.person"));
}

#[tokio::test]
async fn templates_have_titles_and_no_more_than_what_can_be_read() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let templates = running.list_all_resource_templates().await.unwrap();
    assert_eq!(templates.len(), 4);
    assert!(
        templates
            .iter()
            .all(|it| it.title.is_some() && it.description.is_some())
    );
}

#[tokio::test]
async fn what_statusapp_roles_may_do_is_read_without_a_request_where_statusapp_is_there() {
    let uri = "roster://statusapp/permissions";
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    assert!(!uris(&running).await.contains(&uri.to_owned()));
    let words = read(&running, uri).await.unwrap_err();
    assert!(words.contains("no such resource"), "{words}");
    let world = Make::everything().world().await;
    for era in ERAS {
        let running = Client::without_forms().connect(&world.app, era).await;
        assert!(uris(&running).await.contains(&uri.to_owned()));
        let before = world.sandbox.requests().len();
        let tables = read(&running, uri).await.unwrap();
        assert_eq!(world.sandbox.requests().len(), before);
        let rows = tables["permissions"].as_array().unwrap();
        assert_eq!(rows.len(), 26);
        let may = |action: &str| {
            let row = rows.iter().find(|row| row["action"] == action);
            row.unwrap_or_else(|| panic!("{action}"))["roles"].clone()
        };
        assert_eq!(may("delete a monitor"), json!(["owner", "admin"]));
        assert_eq!(may("edit a monitor"), json!(["owner", "admin", "member"]));
        assert_eq!(may("change roles"), json!(["owner"]));
        assert_eq!(
            tables["plans"][0],
            json!({"plan": "Starter", "seats": "1-5"})
        );
        let explained = call(&running, "list_team_members", &json!({"explain": true})).await;
        let same = explained.structured_content.unwrap()["rights"].clone();
        assert_eq!(same, tables, "the tool answers the same tables");
    }
}
