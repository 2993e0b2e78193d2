//! A segment stays one segment, whatever is in it.

use status_roster::upstream::{Error, Path, Write};

use super::script::{Script, ok};
use super::{Thing, client, frozen, intent, interactive, things};

#[tokio::test(start_paused = true)]
async fn slashes_dots_and_percent_signs_do_not_leave_their_segment() {
    let clock = frozen();
    let turns = vec![ok(r#"{"id":"t1"}"#); 4];
    let server = Script::start(clock, turns).await;
    let client = client(&server.url, clock);
    for id in ["../pages", "a%2Fb", "a?b#c", "é\n"] {
        client
            .get::<Thing>(&interactive(), things().push(id))
            .await
            .unwrap();
    }
    assert_eq!(
        server.lines(),
        [
            "GET /v1/things/..%2Fpages",
            "GET /v1/things/a%252Fb",
            "GET /v1/things/a%3Fb%23c",
            "GET /v1/things/%C3%A9%0A"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_segment_that_no_address_can_carry_is_refused_and_nothing_is_sent() {
    let clock = frozen();
    let server = Script::start(clock, vec![]).await;
    let client = client(&server.url, clock);
    let (intent, _kept) = intent(clock).await;
    for id in ["", ".", ".."] {
        let delete = Write::delete(things().push(id));
        let error = client
            .write(&interactive(), &intent, delete)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Unsendable { .. }));
        assert!(error.to_string().ends_with("Nothing was sent."), "{error}");
        assert!(!error.is_transient() && !error.effect_unknown());
    }
    assert!(server.lines().is_empty());
    assert_eq!(client.counters().requests, 0);
}

#[test]
fn a_path_prints_as_it_is_sent() {
    assert_eq!(
        Path::new().push("pages").push("kctbh9vrtdwd").to_string(),
        "pages/kctbh9vrtdwd"
    );
}
