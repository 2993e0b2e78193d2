//! What is sent again, what is not, and when.

use std::time::Duration;

use serde_json::json;
use status_roster::store::Store;
use status_roster::upstream::{Client, Error, Write};

use super::script::{Script, Turn, ok, status, with};
use super::{Thing, client, frozen, intent, interactive, settings, thing, things};

#[tokio::test(start_paused = true)]
async fn a_read_is_tried_again_after_5xx_resets_and_broken_bodies() {
    let clock = frozen();
    let server = Script::start(
        clock,
        vec![
            status(503),
            Turn::Reset,
            Turn::Truncated,
            ok(r#"{"id":"t1"}"#),
        ],
    )
    .await;
    let client = client(&server.url, clock);
    let thing: Thing = client.get(&interactive(), thing()).await.unwrap();
    assert_eq!(thing.id, "t1");
    assert_eq!(server.lines(), ["GET /v1/things/t1"; 4]);
    let counters = client.counters();
    assert_eq!((counters.requests, counters.retries), (4, 3));
    assert_eq!(
        client.usage().await.unwrap().used,
        4,
        "every sending took its own slot"
    );
    let took = clock.monotonic();
    assert!(
        took >= Duration::from_millis(1750) && took <= Duration::from_millis(3510),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_read_is_tried_again_when_its_answer_cannot_be_read() {
    for unreadable in [
        "<html><title>502</title>",
        "",
        r#"{"id":"t"#,
        r#"{"error":"busy"}"#,
        r#"{"id":"t1"}{"id"#,
    ] {
        let clock = frozen();
        let turns = vec![ok(unreadable), ok(unreadable), ok(r#"{"id":"t1"}"#)];
        let server = Script::start(clock, turns).await;
        let client = client(&server.url, clock);
        let thing: Thing = client.get(&interactive(), thing()).await.unwrap();
        assert_eq!(thing.id, "t1");
        assert_eq!(server.lines().len(), 3, "{unreadable}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_end_with_what_went_wrong() {
    let clock = frozen();
    let server = Script::start(
        clock,
        vec![status(500), status(500), status(500), status(502)],
    )
    .await;
    let error = client(&server.url, clock)
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`statuspage` failed with status 502: no reason given"
    );
    assert!(error.is_transient());
    assert_eq!(server.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_nobody_answers_is_not_reached() {
    let clock = frozen();
    let server = Script::start(clock, vec![Turn::Silence; 4]).await;
    let error = client(&server.url, clock)
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot reach `statuspage`: no answer within 30 s"
    );
    assert!(error.is_transient());
    assert_eq!(server.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_tried_again_that_the_upstream_refused() {
    for refusal in [400, 401, 403, 404, 409, 410, 422, 301] {
        let clock = frozen();
        let server = Script::start(clock, vec![status(refusal)]).await;
        let error = client(&server.url, clock)
            .get::<Thing>(&interactive(), thing())
            .await
            .unwrap_err();
        assert!(!error.is_transient(), "{error}");
        assert_eq!(server.lines().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_connection_even_a_post_is_tried_again_and_no_slot_is_lost() {
    let clock = frozen();
    // A port that was free a moment ago, and refuses.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&url, clock);
    let (intent, _kept) = intent(clock).await;
    let error = client
        .write(&interactive(), &intent, Write::post(things(), json!({})))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotReached { .. }), "{error}");
    assert!(error.is_transient() && !error.effect_unknown());
    assert_eq!(client.counters().requests, 4);
    assert_eq!(client.usage().await.unwrap().used, 0);
    assert_eq!(client.last_contact().unwrap().status, None);
}

#[tokio::test(start_paused = true)]
async fn a_503_that_names_a_time_is_believed_up_to_half_a_minute() {
    let clock = frozen();
    let turns = vec![
        with(503, "retry-after: 7"),
        with(503, "retry-after: 9999"),
        ok(r#"{"id":"t1"}"#),
    ];
    let server = Script::start(clock, turns).await;
    client(&server.url, clock)
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap();
    assert_eq!(server.seconds(), [0, 7, 37]);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_read_sends_nothing_more() {
    let clock = frozen();
    let server = Script::start(clock, vec![status(503)]).await;
    let (client, cx) = (client(&server.url, clock), interactive());
    let leave = async {
        clock.sleep(Duration::from_millis(100)).await;
        cx.cancel.cancel();
    };
    let (answer, ()) = tokio::join!(client.get::<Thing>(&cx, thing()), leave);
    assert!(matches!(
        answer.unwrap_err(),
        Error::Broke { status: 503, .. }
    ));
    clock.sleep(Duration::from_secs(60)).await;
    assert_eq!(server.lines().len(), 1);
    let again = client.get::<Thing>(&cx, thing()).await.unwrap_err();
    assert_eq!(again.to_string(), "cancelled before the next request");
    assert!(!again.is_transient());
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_read_does_not_outlast_its_deadline() {
    let clock = frozen();
    let server = Script::start(clock, vec![Turn::Silence]).await;
    let cx = interactive().until(Duration::from_secs(12));
    let error = client(&server.url, clock)
        .get::<Thing>(&cx, thing())
        .await
        .unwrap_err();
    assert_eq!(
        error,
        Error::DeadlinePassed {
            retry_after: Duration::ZERO
        }
    );
    assert!(error.is_transient());
    assert_eq!(clock.monotonic().as_secs(), 12);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_frees_its_slot_one_window_after_it_came() {
    let clock = frozen();
    let server = Script::start(clock, vec![Turn::After(Duration::from_secs(20))]).await;
    let client = client(&server.url, clock);
    client.get::<Thing>(&interactive(), thing()).await.unwrap();
    assert_eq!(
        client.usage().await.unwrap().resets_in,
        Duration::from_secs(60)
    );
    clock.sleep(Duration::from_secs(59)).await;
    assert_eq!(client.usage().await.unwrap().used, 1);
    clock.sleep(Duration::from_secs(1)).await;
    assert_eq!(client.usage().await.unwrap().used, 0);
}

#[tokio::test(start_paused = true)]
async fn no_retries_means_none() {
    let clock = frozen();
    let server = Script::start(clock, vec![status(500)]).await;
    let mut settings = settings(&server.url);
    settings.retries = 0;
    let store = Store::memory(clock);
    let client = Client::new(settings, &store, clock).unwrap();
    client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_window_to_keep_nothing_is_sent() {
    let clock = frozen();
    let server = Script::start(clock, vec![]).await;
    let directory = tempfile::tempdir().unwrap();
    let store = Store::in_directory(directory.path(), clock).unwrap();
    let client = Client::new(settings(&server.url), &store, clock).unwrap();
    // A folder that is gone is made again; a file in its place cannot be.
    std::fs::remove_dir_all(directory.path()).unwrap();
    std::fs::write(directory.path(), "").unwrap();
    let error = client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoBudget { .. }));
    assert!(error.to_string().ends_with("Nothing was sent."), "{error}");
    assert!(!error.is_transient() && !error.effect_unknown());
    assert!(server.lines().is_empty());
}
