//! 420 and 429: the same thing, for everybody who shares the key.

use std::time::Duration;

use serde_json::json;
use status_roster::store::Store;
use status_roster::store::window::Limits;
use status_roster::upstream::{Client, Error, Write};

use super::script::{Script, Turn, ok, status, with};
use super::{Thing, client, frozen, intent, interactive, settings, thing, things};

const THING: &str = r#"{"id":"t1"}"#;

#[tokio::test(start_paused = true)]
async fn both_codes_wait_for_the_seconds_named() {
    for code in [420, 429] {
        let clock = frozen();
        let server = Script::start(clock, vec![with(code, "Retry-After: 25"), ok(THING)]).await;
        let client = client(&server.url, clock);
        client.get::<Thing>(&interactive(), thing()).await.unwrap();
        assert_eq!(server.seconds(), [0, 25]);
        let counters = client.counters();
        assert_eq!((counters.rate_limited, counters.retries), (1, 0));
        assert_eq!(counters.waited_ms, 25_000);
        assert!(client.usage().await.unwrap().paced);
    }
}

#[tokio::test(start_paused = true)]
async fn a_date_is_waited_for_too() {
    let clock = frozen();
    let turns = vec![
        with(429, "Retry-After: Thu, 01 Jan 2026 00:00:40 GMT"),
        ok(THING),
    ];
    let server = Script::start(clock, turns).await;
    client(&server.url, clock)
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap();
    assert_eq!(server.seconds(), [0, 40]);
}

#[tokio::test(start_paused = true)]
async fn without_a_time_or_with_nonsense_one_window_is_waited() {
    for header in [
        "x-other: 1",
        "Retry-After: soon",
        "Retry-After: -5",
        "Retry-After: NaN",
    ] {
        let clock = frozen();
        let server = Script::start(clock, vec![with(420, header), ok(THING)]).await;
        client(&server.url, clock)
            .get::<Thing>(&interactive(), thing())
            .await
            .unwrap();
        assert_eq!(server.seconds(), [0, 60], "{header}");
    }
}

#[tokio::test(start_paused = true)]
async fn zero_and_the_past_are_a_second() {
    for header in [
        "Retry-After: 0",
        "Retry-After: Thu, 01 Jan 2015 00:00:00 GMT",
    ] {
        let clock = frozen();
        let server = Script::start(clock, vec![with(420, header), ok(THING)]).await;
        client(&server.url, clock)
            .get::<Thing>(&interactive(), thing())
            .await
            .unwrap();
        assert_eq!(server.seconds(), [0, 1], "{header}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_post_was_not_executed_and_goes_again() {
    let clock = frozen();
    let turns = vec![
        with(429, "Retry-After: 5"),
        Turn::Answer(201, vec![], THING.to_owned()),
    ];
    let server = Script::start(clock, turns).await;
    let (intent, _kept) = intent(clock).await;
    let write = Write::post(things(), json!({"a": 1}));
    let answer = client(&server.url, clock)
        .write(&interactive(), &intent, write)
        .await
        .unwrap();
    assert_eq!(answer.status, 201);
    assert_eq!(server.seconds(), [0, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_the_bound_is_an_error_that_says_when() {
    let clock = frozen();
    let server = Script::start(clock, vec![with(429, "Retry-After: 500")]).await;
    let client = client(&server.url, clock);
    let error = client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(500)));
    assert_eq!(
        error.to_string(),
        "`statuspage` takes no further request for 500 s"
    );
    assert!(error.is_transient() && !error.effect_unknown());
    assert!(clock.monotonic() < Duration::from_secs(1), "told at once");
    let next = client
        .get::<Thing>(&interactive().until(Duration::from_secs(45)), thing())
        .await;
    assert!(matches!(next.unwrap_err(), Error::DeadlinePassed { .. }));
    assert_eq!(
        server.lines().len(),
        1,
        "the pause holds for the next call as well"
    );
}

#[tokio::test(start_paused = true)]
async fn rejections_without_end_are_given_up() {
    let clock = frozen();
    let server = Script::start(clock, vec![with(429, "Retry-After: 1"); 10]).await;
    let error = client(&server.url, clock)
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::RateLimited { .. }));
    assert_eq!(server.lines().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn all_who_wait_on_the_key_pause() {
    let clock = frozen();
    let server = Script::start(
        clock,
        vec![
            with(429, "Retry-After: 30"),
            ok(THING),
            ok(THING),
            ok(THING),
        ],
    )
    .await;
    let store = Store::memory(clock);
    let two = || Client::new(settings(&server.url), &store, clock).unwrap();
    let (mine, theirs) = (two(), two());
    let other = async {
        clock.sleep(Duration::from_secs(2)).await;
        theirs.get::<Thing>(&interactive(), thing()).await.unwrap();
    };
    let cx = interactive();
    let (first, ()) = tokio::join!(mine.get::<Thing>(&cx, thing()), other);
    first.unwrap();
    assert_eq!(server.seconds(), [0, 30, 31]);
}

#[tokio::test(start_paused = true)]
async fn an_upstream_that_counts_aloud_is_believed() {
    let clock = frozen();
    let told = vec![
        "X-RateLimit-Limit: 1000",
        "X-RateLimit-Remaining: 0",
        "X-RateLimit-Reset: 1767225690",
    ];
    let turns = vec![Turn::Answer(200, told, THING.to_owned()), ok(THING)];
    let server = Script::start(clock, turns).await;
    let mut settings = settings(&server.url);
    settings.follow_headers = true;
    settings.limits = Limits::new(1000, Duration::from_secs(3600));
    let client = Client::new(settings, &Store::memory(clock), clock).unwrap();
    client.get::<Thing>(&interactive(), thing()).await.unwrap();
    let usage = client.usage().await.unwrap();
    assert_eq!((usage.used, usage.limit), (1000, 1000));
    assert_eq!(usage.resets_in.as_secs(), 90);
    client.get::<Thing>(&interactive(), thing()).await.unwrap();
    assert_eq!(server.seconds(), [0, 90]);
    let usage = client.usage().await.unwrap();
    assert_eq!(
        (usage.used, usage.paced),
        (2, false),
        "after the reset our own count is the better one"
    );
}

#[tokio::test(start_paused = true)]
async fn a_count_that_nobody_asked_for_is_not_believed() {
    let clock = frozen();
    let told = vec![
        "X-RateLimit-Limit: 9",
        "X-RateLimit-Remaining: 0",
        "X-RateLimit-Reset: 1767225690",
    ];
    let server = Script::start(
        clock,
        vec![Turn::Answer(200, told, THING.to_owned()), status(404)],
    )
    .await;
    let client = client(&server.url, clock);
    client.get::<Thing>(&interactive(), thing()).await.unwrap();
    assert_eq!(client.usage().await.unwrap().limit, 60);
    client
        .get::<Thing>(&interactive(), thing())
        .await
        .unwrap_err();
    assert_eq!(server.seconds(), [0, 0]);
}
