//! Pages cost one request, however many there are; evidence of what a page is comes for those that are asked for.

use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::world::{Make, World};

fn row<'a>(list: &'a Value, id: &str) -> &'a Value {
    let rows = list["records"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap()
}

#[tokio::test]
async fn all_pages_cost_one_request_and_say_who_can_look_at_each() {
    let world = World::new().await;
    let list = world.result("list_pages", json!({})).await;
    let asked: Vec<String> = world
        .sandbox
        .requests()
        .into_iter()
        .map(|it| it.target)
        .collect();
    assert_eq!(asked, ["/v1/pages"]);
    let audience = row(&list, known::AUDIENCE_PAGE);
    assert_eq!(audience["audience"], "unknown");
    assert!(
        audience["visible_to"]
            .as_str()
            .unwrap()
            .contains("with `page_ids`"),
        "{audience}"
    );
    let private = row(&list, known::PRIVATE_PAGE);
    assert_eq!(private["audience"], "no_evidence");
    assert!(
        private["visible_to"]
            .as_str()
            .unwrap()
            .starts_with("team members who have access"),
        "{private}"
    );
}

#[tokio::test]
async fn evidence_comes_for_the_pages_that_are_named_and_for_no_other() {
    let world = World::new().await;
    let named = json!({"page_ids": [known::AUDIENCE_PAGE, known::PUBLIC_PAGE]});
    let list = world.result("list_pages", named).await;
    assert_eq!(list["matched"], 2);
    assert_eq!(row(&list, known::AUDIENCE_PAGE)["audience"], "yes");
    let viewers = row(&list, known::AUDIENCE_PAGE)["visible_to"]
        .as_str()
        .unwrap();
    assert!(viewers.starts_with("its page access users"), "{viewers}");
    let public = row(&list, known::PUBLIC_PAGE);
    assert_eq!(public["audience"], "no_evidence");
    assert!(
        public["visible_to"]
            .as_str()
            .unwrap()
            .starts_with("everybody"),
        "{public}"
    );
    assert_eq!(
        world.sandbox.requests().len(),
        4,
        "the list, one look and two looks"
    );
}

#[tokio::test]
async fn what_the_operator_says_of_a_page_needs_no_look() {
    let statuspage = format!("audience_specific_pages = [\"{}\"]", known::AUDIENCE_PAGE);
    let world = Make {
        statuspage,
        ..Make::default()
    }
    .world()
    .await;
    let list = world.result("list_pages", json!({})).await;
    assert_eq!(row(&list, known::AUDIENCE_PAGE)["audience"], "yes");
    assert_eq!(world.sandbox.requests().len(), 1);
}

#[tokio::test]
async fn a_page_that_is_not_there_or_not_allowed_is_refused() {
    let more = format!("[policy]\npages = [\"{}\"]\n", known::PUBLIC_PAGE);
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let words = world
        .refusal("list_pages", json!({"page_ids": [known::AUDIENCE_PAGE]}))
        .await;
    assert!(words.contains("policy.pages"), "{words}");
    let world = World::new().await;
    let words = world
        .refusal("list_pages", json!({"page_ids": ["nosuchpage01"]}))
        .await;
    assert!(words.contains("`nosuchpage01` was not found"), "{words}");
}
