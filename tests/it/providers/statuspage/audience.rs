//! Whether a page is audience-specific: what each sign proves, and how few requests it takes.

use serde_json::{Value, json};
use status_roster::{
    providers::{
        ProviderError,
        statuspage::{Seen, evidence},
    },
    roster::{Audience, Evidence, Page},
};

use super::super::support::{Stage, fixture};

const VIEWERS: &str = "/pages/pgalpha00001/page_access_users";
const GROUPS: &str = "/pages/pgalpha00001/page_access_groups";

async fn a_page(stage: &Stage, body: &Value) -> Page {
    stage.answers("GET", "/pages", 200, &json!([body])).await;
    stage
        .statuspage
        .pages()
        .rest(&stage.cx)
        .await
        .unwrap()
        .remove(0)
}

async fn look(
    viewers: (u16, Value),
    groups: (u16, Value),
) -> (Result<Evidence, ProviderError>, usize) {
    let stage = Stage::new().await;
    let page = a_page(&stage, &json!({ "id": "pgalpha00001" })).await;
    stage.answers("GET", VIEWERS, viewers.0, &viewers.1).await;
    stage.answers("GET", GROUPS, groups.0, &groups.1).await;
    let found = stage.statuspage.audience(&stage.cx, &page, false).await;
    (found, stage.sent().await.len() - 1)
}

#[tokio::test]
async fn somebody_in_a_list_proves_it_and_the_first_proof_is_enough() {
    let (found, requests) = look((200, fixture("viewers")), (200, json!([]))).await;
    assert_eq!((found.unwrap().audience, requests), (Audience::Yes, 1));
    let (found, requests) = look((200, json!([])), (200, fixture("groups"))).await;
    assert_eq!((found.unwrap().audience, requests), (Audience::Yes, 2));
    let (found, requests) = look((200, json!([{ "id": "un/readable" }])), (200, json!([]))).await;
    assert_eq!(
        (found.unwrap().audience, requests),
        (Audience::Yes, 1),
        "a row that cannot be read is somebody"
    );
}

#[tokio::test]
async fn empty_lists_prove_nothing_and_a_refusal_even_less() {
    let (found, requests) = look((200, json!([])), (200, json!([]))).await;
    let found = found.unwrap();
    assert_eq!((found.audience, requests), (Audience::NoEvidence, 2));
    assert!(
        found.reasons[0].contains("for every type of page"),
        "{found:?}"
    );
    let (found, requests) = look((403, json!({})), (200, json!([]))).await;
    assert_eq!((found.unwrap().audience, requests), (Audience::Unknown, 1));
    let (found, requests) = look((200, json!([])), (403, json!({}))).await;
    assert_eq!((found.unwrap().audience, requests), (Audience::Unknown, 2));
    let (found, _) = look((404, json!({})), (200, json!([]))).await;
    assert!(
        found.unwrap_err().is_not_found(),
        "a page that is not there has no type"
    );
}

#[tokio::test]
async fn a_private_page_and_an_operators_word_cost_no_request() {
    let stage = Stage::new().await;
    let private = a_page(
        &stage,
        &json!({ "id": "pgalpha00001", "viewers_must_be_team_members": true }),
    )
    .await;
    let found = stage
        .statuspage
        .audience(&stage.cx, &private, false)
        .await
        .unwrap();
    assert_eq!(found.audience, Audience::NoEvidence);
    let found = stage
        .statuspage
        .audience(&stage.cx, &private, true)
        .await
        .unwrap();
    assert_eq!(found.audience, Audience::Yes);
    assert_eq!(
        found.reasons.len(),
        2,
        "what speaks against it is said: {found:?}"
    );
    assert_eq!(stage.sent().await, ["GET /pages"]);
}

#[tokio::test]
async fn signs_that_contradict_each_other_leave_it_open() {
    let stage = Stage::new().await;
    let private = a_page(
        &stage,
        &json!({ "id": "pgalpha00001", "ip_restrictions": "10.0.0.0/8" }),
    )
    .await;
    let seen = Seen {
        viewers: Some(true),
        ..Seen::default()
    };
    let found = evidence(&private, &seen);
    assert_eq!(found.audience, Audience::Unknown);
    assert!(
        found
            .reasons
            .iter()
            .any(|reason| reason.contains("contradict"))
    );
}
