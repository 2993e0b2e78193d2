//! A client that listens is told of a roster that changed, and of nothing that it did not name.

use std::time::Duration;

use rmcp::model::{ServerNotification, SubscriptionFilter};
use serde_json::json;
use status_roster::sandbox::known;

use super::client::{Client, Era, call, status};
use crate::tools::world::World;

#[tokio::test]
async fn a_change_is_told_to_who_listens() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let filter = SubscriptionFilter::builder()
        .resource_subscriptions(["roster://snapshots/team", "https://example.com/other"])
        .build();
    let mut listening = running.listen(filter).await.unwrap();
    let accepted = listening.acknowledged().resource_subscriptions.clone();
    assert_eq!(accepted, Some(vec!["roster://snapshots/team".to_owned()]));

    let add = json!({"page_id": known::AUDIENCE_PAGE, "email": "new.person@example.org"});
    assert_eq!(
        status(&call(&running, "add_page_viewer", &add).await),
        "applied"
    );
    let told = tokio::time::timeout(Duration::from_secs(5), listening.next())
        .await
        .unwrap();
    match told.unwrap().unwrap() {
        ServerNotification::ResourceUpdatedNotification(update) => {
            assert_eq!(update.params.uri, "roster://snapshots/team");
        }
        other => unreachable!("told of something else: {other:?}"),
    }
}

#[tokio::test]
async fn a_session_is_not_offered_what_only_listening_can_do() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Session)
        .await;
    let server = running.peer_info().unwrap();
    let resources = server.capabilities.resources.clone().unwrap();
    assert_eq!(resources.subscribe, None);
    assert_eq!(
        server
            .instructions
            .clone()
            .unwrap()
            .chars()
            .count()
            .min(2_000),
        server.instructions.clone().unwrap().chars().count()
    );
}
