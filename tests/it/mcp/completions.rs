//! Completions come from memory: they never cost a request, and never show what a caller may not see.

use rmcp::model::{ArgumentInfo, CompleteRequestParams, CompletionContext, Reference};
use serde_json::json;
use status_roster::sandbox::known;

use super::client::{Client, Era, Running, call};
use crate::tools::world::{Make, World};

async fn complete(running: &Running, of: Reference, argument: &str, typed: &str) -> Vec<String> {
    let argument = ArgumentInfo::new(argument, typed);
    let request = CompleteRequestParams::new(of, argument);
    running.complete(request).await.unwrap().completion.values
}

async fn read_everything(running: &Running) {
    call(running, "list_pages", &json!({})).await;
    call(running, "list_org_users", &json!({})).await;
    for tool in ["list_page_access_groups", "list_components"] {
        call(running, tool, &json!({"page_id": known::AUDIENCE_PAGE})).await;
    }
}

fn page() -> Reference {
    Reference::for_resource("roster://pages/{page_id}")
}

#[tokio::test]
async fn nothing_is_known_before_something_was_read_and_nothing_is_asked() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let person = Reference::for_resource("roster://people/{email}");
    assert!(complete(&running, person, "email", "j").await.is_empty());
    assert!(complete(&running, page(), "page_id", "").await.is_empty());
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn pages_groups_and_addresses_are_completed_from_the_last_reads() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    read_everything(&running).await;
    let before = world.sandbox.requests().len();

    let ids = complete(&running, page(), "page_id", "cust").await;
    assert_eq!(ids, [known::AUDIENCE_PAGE]);
    let onboard = Reference::for_prompt("onboard_viewer");
    let people = complete(&running, onboard.clone(), "email", "JANE.d").await;
    assert_eq!(people, [known::JANE]);
    let groups = complete(&running, onboard.clone(), "groups", "enterprise").await;
    assert_eq!(groups.len(), 3, "{groups:?}");
    assert!(groups[0].starts_with("Enterprise Americas ("), "{groups:?}");

    let argument = ArgumentInfo::new("groups", "");
    let elsewhere = CompletionContext::with_arguments(
        [("page".to_owned(), known::PUBLIC_PAGE.to_owned())].into(),
    );
    let request = CompleteRequestParams::new(onboard, argument).with_context(elsewhere);
    let none = running.complete(request).await.unwrap().completion.values;
    assert!(none.is_empty(), "another page's groups: {none:?}");
    assert_eq!(world.sandbox.requests().len(), before);
}

#[tokio::test]
async fn a_change_does_not_make_the_server_forget_names() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    read_everything(&running).await;
    let add = json!({"page_id": known::AUDIENCE_PAGE, "email": "new.person@example.org"});
    call(&running, "add_page_viewer", &add).await;
    let people = complete(
        &running,
        Reference::for_prompt("offboard_person"),
        "email",
        "jane.d",
    )
    .await;
    assert_eq!(people, [known::JANE]);
}

#[tokio::test]
async fn no_more_than_a_hundred_are_given_and_the_rest_is_counted() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Session)
        .await;
    call(&running, "list_org_users", &json!({"limit": 200})).await;
    call(&running, "list_org_users", &json!({"name": "zz"})).await;
    let argument = ArgumentInfo::new("email", "");
    let request = CompleteRequestParams::new(Reference::for_prompt("offboard_person"), argument);
    let found = running.complete(request).await.unwrap().completion;
    assert_eq!(found.values.len(), 100);
    assert_eq!(found.has_more, Some(true));
    assert!(found.total.unwrap() > 200);
}

#[tokio::test]
async fn who_may_not_list_people_is_not_told_of_them_letter_by_letter() {
    let more = "[policy]\nwithout_tools = [\"list_org_users\"]\n".to_owned();
    let world = Make {
        more,
        ..Make::default()
    }
    .world()
    .await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    call(&running, "get_permissions", &json!({"email": known::JANE})).await;
    let people = complete(
        &running,
        Reference::for_prompt("offboard_person"),
        "email",
        "",
    )
    .await;
    assert!(people.is_empty(), "{people:?}");
}

#[tokio::test]
async fn an_unknown_prompt_template_or_argument_is_an_error() {
    let world = World::new().await;
    let running = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    for (of, argument) in [
        (Reference::for_prompt("nothing"), "email"),
        (Reference::for_prompt("offboard_person"), "page"),
        (Reference::for_resource("roster://{x}"), "x"),
        (page(), "email"),
    ] {
        let request = CompleteRequestParams::new(of, ArgumentInfo::new(argument, ""));
        let error = running.complete(request).await.unwrap_err().to_string();
        assert!(error.contains("-32602"), "{error}");
    }
}
