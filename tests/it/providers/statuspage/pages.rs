//! Pages: which there are, and what each says about who may look.

use serde_json::json;
use status_roster::roster::Audience;

use super::super::support::{Stage, fixture, page};

#[tokio::test]
async fn pages_come_in_one_request_with_what_they_say_about_their_audience() {
    let stage = Stage::new().await;
    stage.answers("GET", "/pages", 200, &fixture("pages")).await;
    let mut scan = stage.statuspage.pages();
    let pages = scan.rest(&stage.cx).await.unwrap();
    assert!(scan.progress().complete);
    assert_eq!(stage.sent().await, ["GET /pages"]);
    let [alpha, beta, gamma, delta] = &pages[..] else {
        panic!("four pages")
    };
    assert_eq!(alpha.name.as_deref(), Some("Alpha Status"));
    assert_eq!(alpha.url.as_deref(), Some("https://status.alpha.example"));
    assert_eq!(
        (alpha.audience, alpha.ip_restricted),
        (Audience::Unknown, false)
    );
    assert_eq!(beta.url.as_deref(), Some("https://beta.statuspage.io"));
    assert_eq!(beta.audience, Audience::NoEvidence);
    assert!(beta.audience_reasons[0].contains("viewers_must_be_team_members"));
    assert_eq!(
        (gamma.audience, gamma.ip_restricted, &gamma.url),
        (Audience::NoEvidence, true, &None)
    );
    assert_eq!((delta.audience, &delta.name), (Audience::Unknown, &None));
}

#[tokio::test]
async fn one_page_is_asked_for_by_id() {
    let stage = Stage::new().await;
    stage
        .answers("GET", "/pages/pgalpha00001", 200, &fixture("pages")[0])
        .await;
    assert_eq!(
        stage.statuspage.page(&stage.cx, &page()).await.unwrap().id,
        page()
    );
    let stage = Stage::new().await;
    stage
        .answers("GET", "/pages/pgalpha00001", 200, &json!({ "id": "a/b" }))
        .await;
    let error = stage
        .statuspage
        .page(&stage.cx, &page())
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("cannot be read at `id`"), "{error}");
}
