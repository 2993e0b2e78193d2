//! Questions that change nothing.

use serde_json::json;
use status_roster::sandbox::known;

use super::job::Job;
use crate::tools::world::World;

#[tokio::test]
async fn who_is_jane_here() {
    let world = World::new().await;
    let mut job = Job::of(&world, "What access does Jane have?");
    let found = job.ask("find_person", json!({"email": known::JANE})).await;
    assert_eq!(found["verdict"], "found");
    job.took(1, 8_000, 40);
}

#[tokio::test]
async fn is_somebody_a_viewer() {
    let world = World::new().await;
    let mut job = Job::of(&world, "Can Jane look at the customers' page?");
    let jane = json!({"page_id": known::AUDIENCE_PAGE, "email": known::JANE});
    let list = job.ask("list_page_access_users", jane).await;
    assert_eq!(list["records"][0]["id"], known::JANE_VIEWER);
    job.took(1, 1_000, 3);
    let all = world.writes();
    assert_eq!(all, Vec::<String>::new());
}
