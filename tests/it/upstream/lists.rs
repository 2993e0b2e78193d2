//! Walks: their requests, their ends, and what makes them incomplete.

use std::time::Duration;

use serde_json::{Value, json};
use status_roster::upstream::{Client, Error, List, Paging, Progress, Stopped, Walk, Write};

use super::script::{Script, Turn, ok, status};
use super::{Thing, client, frozen, intent, interactive, things};

fn page(ids: std::ops::Range<usize>) -> Turn {
    rows(ids.map(|n| json!({"id": format!("t{n}")})).collect())
}

fn rows(rows: Vec<Value>) -> Turn {
    ok(&Value::Array(rows).to_string())
}

async fn all(walk: &mut Walk<Thing>, client: &Client) -> Result<(Vec<String>, Progress), Error> {
    let mut ids = Vec::new();
    while let Some(batch) = walk.next(client, &interactive()).await {
        ids.extend(batch?.rows.into_iter().map(|row| row.id));
    }
    Ok((ids, walk.progress().clone()))
}

async fn walked(list: List, turns: Vec<Turn>) -> (usize, Progress, Vec<String>) {
    let clock = frozen();
    let server = Script::start(clock, turns).await;
    let mut walk = Walk::new(list);
    let (ids, progress) = all(&mut walk, &client(&server.url, clock)).await.unwrap();
    (ids.len(), progress, server.lines())
}

#[tokio::test(start_paused = true)]
async fn a_walk_ends_at_the_short_page_and_asks_for_no_more() {
    let (rows, progress, lines) =
        walked(List::new(things()), vec![page(0..100), page(100..130)]).await;
    assert_eq!((rows, progress.rows, progress.pages_fetched), (130, 130, 2));
    assert_eq!(progress.stopped, Some(Stopped::ShortPage));
    assert!(progress.complete);
    assert_eq!(
        lines,
        [
            "GET /v1/things?page=1&per_page=100",
            "GET /v1/things?page=2&per_page=100"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_last_page_is_followed_by_an_empty_one() {
    let (rows, progress, lines) = walked(List::new(things()), vec![page(0..100), page(0..0)]).await;
    assert_eq!((rows, lines.len()), (100, 2));
    assert_eq!(progress.stopped, Some(Stopped::EmptyPage));
    assert!(progress.complete);
}

#[tokio::test(start_paused = true)]
async fn subscribers_count_from_zero_with_limit() {
    let list = List::new(things())
        .paged(Paging::FromZero)
        .filter("state", "all");
    let (rows, _, lines) = walked(list, vec![page(0..100), page(100..101)]).await;
    assert_eq!(rows, 101);
    assert_eq!(
        lines,
        [
            "GET /v1/things?state=all&page=0&limit=100",
            "GET /v1/things?state=all&page=1&limit=100"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_without_pages_is_whole_however_long() {
    let list = List::new(things()).paged(Paging::Whole);
    let (rows, progress, lines) = walked(list, vec![page(0..250)]).await;
    assert_eq!((rows, progress.stopped), (250, Some(Stopped::Whole)));
    assert!(progress.complete);
    assert_eq!(lines, ["GET /v1/things"]);
}

#[tokio::test(start_paused = true)]
async fn a_filter_is_encoded_and_the_paging_stays() {
    let list = List::new(things()).filter("email", "a+b&c=d@example.com");
    let (_, _, lines) = walked(list, vec![page(0..1)]).await;
    assert_eq!(
        lines,
        ["GET /v1/things?email=a%2Bb%26c%3Dd%40example.com&page=1&per_page=100"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ignores_the_page_is_noticed() {
    let (rows, progress, lines) =
        walked(List::new(things()), vec![page(0..100), page(0..100)]).await;
    assert_eq!((rows, progress.repeated, lines.len()), (100, 100, 2));
    assert_eq!(progress.stopped, Some(Stopped::ServerIgnoredPage));
    assert!(!progress.complete);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_our_own_deletion_moved_across_a_page_border_is_not_missed() {
    let clock = frozen();
    // Without row 5, row 100 is the last of the first page.
    let moved = || page(101..130);
    let first = || rows((1..=100).map(|n| json!({"id": format!("t{n}")})).collect());
    let turns = vec![page(0..100), status(204), moved(), first(), moved()];
    let server = Script::start(clock, turns).await;
    let client = client(&server.url, clock);
    let mut walk = Walk::<Thing>::new(List::new(things()));
    let begun = walk.next(&client, &interactive()).await.unwrap().unwrap();
    let (intent, _kept) = intent(clock).await;
    let delete = Write::delete(things().push("t0"));
    client.write(&interactive(), &intent, delete).await.unwrap();
    let (rest, progress) = all(&mut walk, &client).await.unwrap();
    assert_eq!(begun.rows.len() + rest.len(), 130, "row 100 is there");
    assert!(progress.complete && !progress.shifted);
    assert_eq!(
        server.lines(),
        [
            "GET /v1/things?page=1&per_page=100",
            "DELETE /v1/things/t0",
            "GET /v1/things?page=2&per_page=100",
            "GET /v1/things?page=1&per_page=100",
            "GET /v1/things?page=2&per_page=100",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_that_never_stands_still_is_not_called_complete() {
    let clock = frozen();
    let mut turns = vec![page(0..100)];
    for _ in 0..8 {
        turns.extend([status(204), page(100..130), page(0..100)]);
    }
    turns.extend([status(204), page(100..130)]);
    let server = Script::start(clock, turns).await;
    let client = client(&server.url, clock);
    let mut walk = Walk::<Thing>::new(List::new(things()));
    while walk.progress().stopped.is_none() {
        walk.next(&client, &interactive()).await.unwrap().unwrap();
        if walk.progress().stopped.is_none() {
            let (intent, _kept) = intent(clock).await;
            let delete = Write::delete(things().push("gone"));
            client.write(&interactive(), &intent, delete).await.unwrap();
        }
    }
    assert!(walk.progress().shifted && !walk.progress().complete);
    assert_eq!(walk.progress().rows, 130);
}

#[tokio::test(start_paused = true)]
async fn repeated_rows_are_given_out_once() {
    let (rows, progress, _) = walked(List::new(things()), vec![page(0..100), page(98..150)]).await;
    assert_eq!((rows, progress.rows, progress.repeated), (150, 150, 2));
    assert!(progress.complete);
}

#[tokio::test(start_paused = true)]
async fn unreadable_rows_are_counted_and_named_without_their_content() {
    let bad = vec![
        json!({"id": "t1"}),
        json!({"id": 7, "email": "jane@example.com"}),
        json!({}),
        json!("jane@example.com"),
    ];
    let (count, progress, _) = walked(List::new(things()), vec![rows(bad)]).await;
    assert_eq!((count, progress.rows, progress.unreadable), (1, 1, 3));
    assert_eq!(
        progress.unreadable_at,
        [
            "page 1 [1].id: expected a string",
            "page 1 [2]: missing field `id`",
            "page 1 [3]: expected struct Thing"
        ]
    );
    assert_eq!(progress.stopped, Some(Stopped::ShortPage));
    assert!(
        !progress.complete,
        "the end was seen, but not every row was read"
    );
}

#[tokio::test(start_paused = true)]
async fn a_row_that_is_json_and_no_value_spoils_itself_alone() {
    let body = r#"[{"id": "t1"}, {"id": "a name cut in half \ud83d"}, {"id": "t2", "id": "t3"}]"#;
    let (count, progress, _) = walked(List::new(things()), vec![ok(body)]).await;
    assert_eq!((count, progress.unreadable), (2, 1));
    let [told] = progress.unreadable_at.as_slice() else {
        unreachable!("one row is unreadable");
    };
    assert!(told.starts_with("page 1 [1].id: "), "{told}");
    assert!(!told.contains("half"), "{told}");
    assert!(!progress.complete);
}

#[tokio::test(start_paused = true)]
async fn a_walk_goes_on_where_it_was_cut_short() {
    let clock = frozen();
    let server = Script::start(clock, vec![page(0..100), status(403), page(100..103)]).await;
    let client = client(&server.url, clock);
    let mut walk = Walk::<Thing>::new(List::new(things()));
    let error = all(&mut walk, &client).await.unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }));
    let progress = walk.progress().clone();
    assert_eq!(
        (progress.pages_fetched, progress.rows, progress.complete),
        (1, 100, false)
    );
    assert_eq!(progress.stopped, Some(Stopped::CutShort(error.to_string())));
    let (rest, progress) = all(&mut walk, &client).await.unwrap();
    assert_eq!(
        (rest.len(), progress.rows, progress.complete),
        (3, 103, true)
    );
    assert_eq!(
        server.lines().last().unwrap(),
        "GET /v1/things?page=2&per_page=100"
    );
    assert!(walk.next(&client, &interactive()).await.is_none());
    assert_eq!(server.lines().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_walk_out_of_time_keeps_its_place() {
    let clock = frozen();
    let server = Script::start(clock, vec![page(0..100), Turn::Silence, page(100..101)]).await;
    let client = client(&server.url, clock);
    let mut walk = Walk::<Thing>::new(List::new(things()));
    let cx = interactive().until(Duration::from_secs(10));
    walk.next(&client, &cx).await.unwrap().unwrap();
    assert!(matches!(
        walk.next(&client, &cx).await.unwrap().unwrap_err(),
        Error::DeadlinePassed { .. }
    ));
    let (rest, progress) = all(&mut walk, &client).await.unwrap();
    assert_eq!((rest, progress.complete), (vec!["t100".to_owned()], true));
}

#[tokio::test(start_paused = true)]
async fn something_that_is_no_list_is_unreadable() {
    let clock = frozen();
    let server = Script::start(clock, vec![ok(r#"{"error":"not a list"}"#); 4]).await;
    let mut walk = Walk::<Thing>::new(List::new(things()));
    let error = all(&mut walk, &client(&server.url, clock))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer of `statuspage` cannot be read at `.`: expected a sequence"
    );
    assert!(!walk.progress().complete);
}

#[test]
fn a_walk_can_be_kept_and_moved() {
    fn keepable<T: Send + 'static>(_: &T) {}
    keepable(&Walk::<Thing>::new(List::new(things())));
}
