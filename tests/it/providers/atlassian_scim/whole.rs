//! When a list of the directory is taken for the whole.

use serde_json::json;
use status_roster::providers::atlassian_scim::UserFilter;

use super::{Stage, rows};

#[tokio::test]
async fn a_full_page_that_counts_only_itself_is_not_taken_for_the_whole_list() {
    let stage = Stage::new().await;
    let played = &stage.played;
    let at = "/d-1/Users";
    played
        .page(at, ("startIndex", "1"), &rows(0, 100, 100))
        .await;
    played
        .page(at, ("startIndex", "101"), &rows(100, 37, 37))
        .await;
    let mut scan = stage.directory.users(None);
    let people = scan.rest(&played.cx).await.unwrap();
    assert_eq!(people.len(), 137);
    assert!(scan.progress().complete);
}

#[tokio::test]
async fn a_directory_that_lists_nobody_is_not_believed() {
    let stage = Stage::new().await;
    let nobody = json!({"totalResults": 0, "Resources": []});
    stage
        .played
        .answers("GET", "/d-1/Users", 200, &nobody)
        .await;
    let mut everybody = stage.directory.users(None);
    everybody.rest(&stage.played.cx).await.unwrap();
    assert!(
        everybody
            .emptiness()
            .is_some_and(|why| why.contains("directory_id"))
    );
    let by_name = UserFilter::UserName("nobody@example.com".to_owned());
    let mut one = stage.directory.users(Some(&by_name));
    one.rest(&stage.played.cx).await.unwrap();
    assert_eq!(one.emptiness(), None, "a search may find nobody");
}
