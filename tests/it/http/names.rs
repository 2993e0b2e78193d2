//! One person under several names, over HTTP.

use serde_json::json;
use status_roster::sandbox::known::{SAM_DIRECTORY_USER, SHARED, SOL_DIRECTORY_USER, UMA, UMA_UPN};
use status_roster::sandbox::{People, Settings};

use super::office::Office;
use crate::tools::world::Make;

#[tokio::test]
async fn a_person_is_one_person_over_http_too() {
    let all = Make::everything();
    let office = Office::around(Make {
        sandbox: Settings {
            people: People::Namesakes,
            ..all.sandbox
        },
        ..all
    })
    .await;
    let found = office
        .call(None, "find_person", json!({"email": UMA_UPN}))
        .await;
    let found = &found["structuredContent"];
    assert_eq!(found["also_known_as"][0]["name"], UMA, "{found}");
    assert!(
        found["records"].to_string().contains("tm_umaunlike"),
        "{found}"
    );
    let refused = office
        .call(None, "offboard_person", json!({"email": SHARED}))
        .await;
    let words = refused["content"][0]["text"].as_str().unwrap();
    assert!(
        refused["isError"] == true
            && words.contains(SAM_DIRECTORY_USER)
            && words.contains(SOL_DIRECTORY_USER),
        "{words}"
    );
    let decorated = json!({"emails": ["mailto:ada@example.com", "<joe@example.com>"]});
    let refused = office.call(None, "find_person", decorated).await;
    let words = refused["content"][0]["text"].as_str().unwrap();
    assert!(
        words.contains("`ada@example.com`?") && words.contains("`joe@example.com`?"),
        "{words}"
    );
}
