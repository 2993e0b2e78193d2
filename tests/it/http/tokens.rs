//! Static bearer tokens: who has one, what it reaches, and that one caller's things are of no use to another.

use serde_json::{Value, json};
use status_roster::caller::Scope;
use status_roster::clock::Clock;
use status_roster::sandbox::known;
use status_roster::transport::http::{NewToken, TokenFileError, lifetime};

use super::office::Office;

const EVERYTHING: &[Scope] = &[Scope::Read, Scope::Write, Scope::Remove];

fn removal() -> Value {
    json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": known::JANE})
}

#[tokio::test]
async fn nobody_gets_in_without_a_good_token() {
    let office = Office::with_tokens().await;
    let good = office.token("ci", &[Scope::Read]).await;
    let none = office.ask(None, "tools/list", json!({}), &[]).await;
    assert_eq!(none.status, 401);
    assert_eq!(
        none.header("www-authenticate"),
        "Bearer realm=\"status-roster\""
    );
    let almost = format!("{}0", &good[..good.len() - 1]);
    let swapped = if almost == good {
        good.replace("srt_", "srt_0")
    } else {
        almost
    };
    for bad in [
        swapped.as_str(),
        "srt_",
        "x",
        &good.to_uppercase(),
        &office.tokens().list().unwrap()[0].hash,
    ] {
        let reply = office.ask(Some(bad), "tools/list", json!({}), &[]).await;
        assert_eq!(reply.status, 401, "{bad}");
        assert!(
            reply
                .header("www-authenticate")
                .contains("error=\"invalid_token\"")
        );
        assert!(!reply.body.contains(bad), "a token is never said back");
    }
    let elsewhere = office.get(&format!("/mcp?access_token={good}"), None).await;
    assert_eq!(elsewhere.status, 401, "a token in the address is none");
    assert!(!office.shown(Some(&good), &[]).await.is_empty());
    assert!(office.world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_was_made_or_revoked_counts_without_a_restart() {
    let office = Office::with_tokens().await;
    let token = office.token("agent", &[Scope::Read]).await;
    let file = std::fs::read_to_string(office.token_path()).unwrap();
    assert!(!file.contains(&token[4..]), "the file holds no token");
    office.tokens().revoke("agent").unwrap();
    let mut status = 0;
    while status != 401 {
        status = office.get("/mcp", Some(&token)).await.status;
    }
    assert!(matches!(
        office.tokens().revoke("agent"),
        Err(TokenFileError::NoSuchName(_))
    ));
}

#[tokio::test]
async fn a_token_that_has_ended_is_refused() {
    let office = Office::with_tokens().await;
    let new = NewToken {
        name: "old".to_owned(),
        scopes: [Scope::Read].into(),
        lifetime: lifetime("1m").unwrap(),
    };
    let long_ago = "2026-01-01T00:00:00Z".parse().unwrap();
    let old = office.tokens().make(new, long_ago).unwrap();
    office.token("other", &[Scope::Read]).await;
    let reply = office.get("/mcp", Some(&old.token)).await;
    assert_eq!(reply.status, 401);
    assert!(
        reply.header("www-authenticate").contains("it has expired"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_token_file_that_is_broken_or_gone_lets_nobody_in() {
    let office = Office::with_tokens().await;
    let token = office.token("ci", &[Scope::Read]).await;
    std::fs::write(office.token_path(), "{\"tokens\": [{\"name\": 1}]}").unwrap();
    let mut status = 0;
    while status != 401 {
        status = office.get("/mcp", Some(&token)).await.status;
    }
    std::fs::remove_file(office.token_path()).unwrap();
    assert_eq!(office.get("/mcp", Some(&token)).await.status, 401);
    assert_eq!(office.get("/mcp", None).await.status, 401);
}

#[tokio::test]
async fn names_scopes_and_lengths_that_make_no_sense_are_refused() {
    let office = Office::with_tokens().await;
    let make = |name: &str, scopes: &[Scope]| {
        let new = NewToken {
            name: name.to_owned(),
            scopes: scopes.iter().copied().collect(),
            lifetime: lifetime("1h").unwrap(),
        };
        office
            .tokens()
            .make(new, Clock::system().now())
            .map(|made| made.token)
    };
    assert!(make("ci", &[Scope::Read]).is_ok());
    assert!(matches!(
        make("ci", &[Scope::Read]),
        Err(TokenFileError::NameTaken(_))
    ));
    assert!(make("", &[Scope::Read]).is_err());
    assert!(make("a b", &[Scope::Read]).is_err());
    assert!(
        make("writer", &[Scope::Write]).is_err(),
        "who may write may read"
    );
    for text in ["", "90", "d", "0d", "-1d", "1y", "99999999999999d", "731d"] {
        assert!(lifetime(text).is_err(), "{text}");
    }
}

#[tokio::test]
async fn a_tool_beyond_the_scopes_is_neither_shown_nor_run() {
    let office = Office::with_tokens().await;
    let reader = office.token("reader", &[Scope::Read]).await;
    let writer = office.token("writer", &[Scope::Read, Scope::Write]).await;
    let all = office.token("all", EVERYTHING).await;
    let shown = async |token: &str| office.shown(Some(token), &[]).await;
    let has = |list: &[String], tool: &str| list.iter().any(|it| it == tool);
    let (r, w, a) = (
        shown(&reader).await,
        shown(&writer).await,
        shown(&all).await,
    );
    assert!(has(&r, "list_org_users") && !has(&r, "add_page_viewer") && !has(&r, "remove_user"));
    assert!(has(&w, "add_page_viewer") && !has(&w, "remove_user"));
    assert!(has(&a, "remove_user"));
    for token in [&reader, &writer] {
        let refused = office.call(Some(token), "remove_user", removal()).await;
        assert_eq!(refused["isError"], true);
        let words = refused["content"][0]["text"].as_str().unwrap();
        assert!(
            words.contains("no `remove` scope") && words.ends_with("Nothing was changed."),
            "{words}"
        );
    }
    assert!(office.world.sandbox.requests().is_empty());
    let refusals = office.world.audit();
    assert!(
        refusals
            .iter()
            .any(|line| line.to_string().contains("token:reader"))
    );
}

#[tokio::test]
async fn a_header_narrows_and_never_widens() {
    let office = Office::with_tokens().await;
    let all = office.token("all", EVERYTHING).await;
    let reader = office.token("reader", &[Scope::Read]).await;
    let read_only = [("x-roster-read-only", "true")];
    assert_eq!(
        office.shown(Some(&all), &read_only).await,
        office.shown(Some(&reader), &[]).await
    );
    let two = [("x-roster-tools", "list_org_users, remove_user,no_such_tool")];
    assert_eq!(
        office.shown(Some(&all), &two).await,
        ["list_org_users", "remove_user"]
    );
    assert_eq!(office.shown(Some(&reader), &two).await, ["list_org_users"]);
    let wider = [
        ("x-roster-read-only", "false"),
        ("x-roster-tools", "remove_user"),
        ("x-roster-scopes", "remove"),
    ];
    assert!(office.shown(Some(&reader), &wider).await.is_empty());
    let params = json!({"name": "list_pages", "arguments": {}});
    let refused = office
        .ask(Some(&all), "tools/call", params, &two)
        .await
        .result();
    assert!(
        refused["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("X-Roster-Tools")
    );
    let params = json!({"name": "remove_user", "arguments": removal()});
    let refused = office
        .ask(Some(&all), "tools/call", params, &read_only)
        .await
        .result();
    assert_eq!(refused["isError"], true);
    assert!(office.world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_confirmation_is_of_no_use_to_another_caller() {
    let office = Office::with_tokens().await;
    let (ann, bob) = (
        office.token("ann", EVERYTHING).await,
        office.token("bob", EVERYTHING).await,
    );
    let plan = office.call(Some(&ann), "remove_user", removal()).await;
    let plan = &plan["structuredContent"];
    assert_eq!(plan["status"], "confirmation_required");
    let mut confirmed = removal();
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    let refused = office
        .call(Some(&bob), "remove_user", confirmed.clone())
        .await;
    assert!(
        refused["content"][0]["text"]
            .as_str()
            .unwrap()
            .contains("another caller"),
        "{refused}"
    );
    assert!(office.world.writes().is_empty());
    let done = office.call(Some(&ann), "remove_user", confirmed).await;
    assert_eq!(done["structuredContent"]["status"], "applied", "{done}");
    let audit = office.world.audit();
    let intent = audit.iter().find(|line| line["kind"] == "intent").unwrap();
    assert!(intent.to_string().contains("token:ann") && !intent.to_string().contains("token:bob"));
}
