//! Writes whose answer does not come: sent once or safely again, and never reported as if nothing had happened.

use std::time::Duration;

use serde_json::json;
use status_roster::upstream::{Error, Write};

use super::script::{Script, Turn, ok, status};
use super::{client, frozen, intent, interactive, thing, things};

#[tokio::test(start_paused = true)]
async fn a_post_is_sent_once_whatever_becomes_of_it() {
    for turn in [Turn::Reset, Turn::Truncated, Turn::Silence] {
        for write in [
            Write::post(things(), json!({"a": 1})),
            Write::patch(thing(), json!({"a": 1})),
        ] {
            let clock = frozen();
            let server = Script::start(clock, vec![turn.clone()]).await;
            let (intent, _kept) = intent(clock).await;
            let client = client(&server.url, clock);
            let error = client
                .write(&interactive(), &intent, write)
                .await
                .unwrap_err();
            assert!(
                matches!(error, Error::AnswerLost { .. }),
                "{turn:?}: {error}"
            );
            assert!(error.effect_unknown() && !error.is_transient());
            assert!(
                error
                    .to_string()
                    .ends_with("whether it took effect is unknown"),
                "{error}"
            );
            assert_eq!(server.lines().len(), 1, "{turn:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_that_failed_upstream_is_not_sent_again() {
    let clock = frozen();
    let server = Script::start(clock, vec![status(502)]).await;
    let (intent, _kept) = intent(clock).await;
    let write = Write::post(things(), json!({}));
    let error = client(&server.url, clock)
        .write(&interactive(), &intent, write)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Broke { status: 502, .. }));
    assert!(error.effect_unknown());
    assert_eq!(server.lines(), ["POST /v1/things"]);
}

#[tokio::test(start_paused = true)]
async fn a_put_and_a_delete_are_sent_again() {
    for write in [Write::put(thing(), json!({"a": 1})), Write::delete(thing())] {
        let clock = frozen();
        let server = Script::start(clock, vec![Turn::Reset, Turn::Truncated, ok("{}")]).await;
        let (intent, _kept) = intent(clock).await;
        let answer = client(&server.url, clock)
            .write(&interactive(), &intent, write)
            .await
            .unwrap();
        assert_eq!(answer.body, Some(json!({})));
        assert_eq!(server.lines().len(), 3);
        let bodies: Vec<String> = server.seen().into_iter().map(|seen| seen.body).collect();
        assert_eq!(
            bodies,
            vec![bodies[0].clone(); 3],
            "the same request each time"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_second_sending_does_not_hide_the_first() {
    for refusal in [400, 401, 403, 409, 422] {
        let clock = frozen();
        let server = Script::start(clock, vec![Turn::Reset, status(refusal)]).await;
        let (intent, _kept) = intent(clock).await;
        let error = client(&server.url, clock)
            .write(&interactive(), &intent, Write::delete(thing()))
            .await
            .unwrap_err();
        assert!(error.effect_unknown(), "{refusal}: {error}");
        assert!(
            error.to_string().contains("when sent again"),
            "{refusal}: {error}"
        );
        assert_eq!(server.lines().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_when_it_is_deleted_again_is_told_as_gone() {
    let clock = frozen();
    let server = Script::start(clock, vec![Turn::Reset, status(404)]).await;
    let (intent, _kept) = intent(clock).await;
    let error = client(&server.url, clock)
        .write(&interactive(), &intent, Write::delete(thing()))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_does_not_hide_that_a_put_was_sent() {
    let clock = frozen();
    let server = Script::start(clock, vec![Turn::Reset]).await;
    let (intent, _kept) = intent(clock).await;
    let (client, cx) = (client(&server.url, clock), interactive());
    let leave = async {
        clock.sleep(Duration::from_millis(100)).await;
        cx.cancel.cancel();
    };
    let put = client.write(&cx, &intent, Write::put(thing(), json!({})));
    let (answer, ()) = tokio::join!(put, leave);
    assert!(matches!(
        answer.unwrap_err(),
        Error::AnswerLost { method: "PUT", .. }
    ));
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_does_not_hide_that_a_delete_was_sent() {
    let clock = frozen();
    let server = Script::start(clock, vec![Turn::Reset]).await;
    let (intent, _kept) = intent(clock).await;
    let client = client(&server.url, clock);
    let cx = interactive();
    let delete = client.write(&cx, &intent, Write::delete(thing()));
    let stop = async {
        clock.sleep(Duration::from_millis(100)).await;
        let lines = server.lines();
        drop(server);
        lines
    };
    let (answer, lines) = tokio::join!(delete, stop);
    assert!(matches!(
        answer.unwrap_err(),
        Error::AnswerLost {
            method: "DELETE",
            ..
        }
    ));
    assert_eq!(lines.len(), 1);
    assert_eq!(client.counters().requests, 4);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_neither_cuts_a_write_short_nor_hides_it() {
    let clock = frozen();
    let server = Script::start(
        clock,
        vec![Turn::After(Duration::from_secs(20)), Turn::Reset],
    )
    .await;
    let (intent, _kept) = intent(clock).await;
    let client = client(&server.url, clock);
    let cx = interactive().until(Duration::from_secs(10));
    client
        .write(&cx, &intent, Write::put(thing(), json!({})))
        .await
        .unwrap();
    assert_eq!(clock.monotonic().as_secs(), 20, "it was given its time");
    let cx = interactive().until(clock.monotonic() + Duration::from_millis(200));
    let error = client
        .write(&cx, &intent, Write::put(thing(), json!({})))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::AnswerLost { method: "PUT", .. }));
    assert_eq!(server.lines().len(), 2);
}
