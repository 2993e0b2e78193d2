//! Answers of writes, and that what is logged names nobody.

use serde_json::json;
use status_roster::upstream::Write;

use super::script::{Script, Turn, ok};
use super::{client, frozen, intent, interactive, thing};

#[tokio::test(start_paused = true)]
async fn any_2xx_is_a_success_with_or_without_a_body() {
    for (status, body, read) in [
        (200, r#"{"id":"t1"}"#, Some(json!({"id": "t1"}))),
        (201, "[]", Some(json!([]))),
        (202, "  \n", None),
        (204, "", None),
    ] {
        let clock = frozen();
        let server =
            Script::start(clock, vec![Turn::Answer(status, vec![], body.to_owned())]).await;
        let (intent, _kept) = intent(clock).await;
        let answer = client(&server.url, clock)
            .write(&interactive(), &intent, Write::delete(thing()))
            .await
            .unwrap();
        assert_eq!((answer.status, answer.body), (status, read));
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_that_cannot_be_read_leaves_the_effect_unknown() {
    let clock = frozen();
    let server = Script::start(clock, vec![ok("<html>")]).await;
    let (intent, _kept) = intent(clock).await;
    let write = Write::put(thing(), json!({}));
    let error = client(&server.url, clock)
        .write(&interactive(), &intent, write)
        .await
        .unwrap_err();
    assert!(error.effect_unknown());
    assert_eq!(server.lines(), ["PUT /v1/things/t1"]);
}
