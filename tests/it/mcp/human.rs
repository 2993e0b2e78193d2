//! `confirmation.require = "human"`: nothing is taken away unless a person typed the word of the plan.

use rmcp::model::CallToolResponse;
use serde_json::{Value, json};
use status_roster::sandbox::known;

use super::client::{Client, Does, ERAS, Era, Running, call, refusal, request, status, words};
use crate::tools::world::{Make, World};

async fn world() -> World {
    let more = "[confirmation]\nrequire = \"human\"\n".to_owned();
    Make {
        more,
        ..Make::default()
    }
    .world()
    .await
}

fn removal() -> Value {
    json!({"system": "statuspage_team", "email": known::JANE})
}

#[tokio::test]
async fn what_is_typed_right_is_done_in_both_eras() {
    for era in ERAS {
        let world = world().await;
        let client = Client::with_forms(Does::Types(known::JANE));
        let running = client.connect(&world.app, era).await;
        let done = call(&running, "remove_user", &removal()).await;
        assert_eq!(status(&done), "applied", "{era:?}");
        assert_eq!(world.writes().len(), 1, "{era:?}");
        let forms = client.seen();
        assert_eq!(forms.len(), 1, "{era:?}");
        let message = forms[0]["message"].as_str().unwrap();
        assert!(message.contains(known::JANE), "{message}");
        assert!(message.contains("Lost by it:\n- "), "{message}");
        assert!(
            message.ends_with(&format!("To agree, type: {}", known::JANE)),
            "{message}"
        );
        let schema = &forms[0]["requestedSchema"];
        assert_eq!(schema["required"], json!(["typed"]));
        assert_eq!(schema["properties"]["typed"]["type"], "string");
        assert!(
            schema["properties"]["typed"].get("default").is_none(),
            "a form that is filled in already confirms nothing"
        );
        let confirmed =
            |line: &Value| line["kind"] == "event" && line.to_string().contains("\"confirmed\"");
        assert!(world.audit().iter().any(confirmed), "{era:?}");
    }
}

#[tokio::test]
async fn the_case_of_an_address_does_not_matter() {
    let world = world().await;
    let shouting: &'static str = known::JANE.to_uppercase().leak();
    let client = Client::with_forms(Does::Types(shouting));
    let running = client.connect(&world.app, Era::Modern).await;
    assert_eq!(
        status(&call(&running, "remove_user", &removal()).await),
        "applied"
    );
}

#[tokio::test]
async fn every_other_reply_is_a_refusal_that_changes_nothing() {
    let world = world().await;
    for era in ERAS {
        for (does, says) in [
            (Does::Declines, "declined"),
            (Does::Closes, "closed the form"),
            (Does::SendsItEmpty, "came back empty"),
            (Does::Types("   "), "came back empty"),
            (Does::Types("yes"), "something else"),
            (Does::Types("jane"), "something else"),
        ] {
            let client = Client::with_forms(does.clone());
            let running = client.connect(&world.app, era).await;
            let words = refusal(&call(&running, "remove_user", &removal()).await);
            assert!(words.contains(says), "{era:?} {does:?}: {words}");
            assert!(words.ends_with("Nothing was changed."), "{words}");
            assert_eq!(client.seen().len(), 1);
        }
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_client_without_forms_is_refused_and_told_what_to_do_instead() {
    let world = world().await;
    for era in ERAS {
        let client = Client::without_forms();
        let running = client.connect(&world.app, era).await;
        let words = refusal(&call(&running, "remove_user", &removal()).await);
        assert!(
            words.contains("elicitation") && words.contains("`status-roster call"),
            "{words}"
        );
        assert!(words.ends_with("Nothing was changed."), "{words}");
        assert!(client.seen().is_empty());
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn no_answer_hands_out_a_token() {
    let world = world().await;
    let publishes = json!({"page_id": known::AUDIENCE_PAGE, "user_id": "nobody"});
    for era in ERAS {
        for client in [
            Client::without_forms(),
            Client::with_forms(Does::Declines),
            Client::with_forms(Does::Types(known::JANE)),
        ] {
            let running = client.connect(&world.app, era).await;
            for (tool, arguments) in [
                ("remove_user", removal()),
                ("offboard_person", json!({"email": known::JANE})),
                ("change_viewer_access", publishes.clone()),
            ] {
                let answer = json!(call(&running, tool, &arguments).await).to_string();
                assert!(
                    !answer.contains("confirmation_token"),
                    "{era:?} {tool}: {answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn server_status_says_who_confirms() {
    let world = world().await;
    let status = world.result("server_status", json!({})).await;
    let rules = status["rules"].to_string();
    assert!(
        rules.contains("`confirmation.require` is `human`"),
        "{rules}"
    );
}

#[tokio::test]
async fn what_only_adds_asks_nobody() {
    let world = world().await;
    let client = Client::without_forms();
    let running = client.connect(&world.app, Era::Modern).await;
    let arguments = json!({"page_id": known::AUDIENCE_PAGE, "email": "new.person@example.org"});
    let added = call(&running, "add_page_viewer", &arguments).await;
    assert_eq!(status(&added), "applied");
}

#[tokio::test]
async fn a_token_among_the_arguments_is_not_taken() {
    let world = world().await;
    let client = Client::with_forms(Does::Types(known::JANE));
    let running = client.connect(&world.app, Era::Modern).await;
    let state = ask_once(&running).await;
    let mut arguments = removal();
    arguments["confirmation_token"] = state.into();
    let words = refusal(&call(&running, "remove_user", &arguments).await);
    assert!(words.contains("is not taken"), "{words}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

/// The first round by hand: what the server keeps with the client until the reply.
async fn ask_once(running: &Running) -> String {
    let first = request("remove_user", &removal());
    let CallToolResponse::InputRequired(asked) = running.call_tool_once(first).await.unwrap()
    else {
        unreachable!("not asked");
    };
    assert!(asked.input_requests.unwrap().contains_key("confirm"));
    asked.request_state.unwrap()
}

fn reply(typed: &str) -> std::collections::BTreeMap<String, Value> {
    let reply = json!({"action": "accept", "content": {"typed": typed}});
    [("confirm".to_owned(), reply)].into()
}

#[tokio::test]
async fn a_reply_counts_once_and_only_with_its_own_plan() {
    let world = world().await;
    let client = Client::with_forms(Does::Declines);
    let running = client.connect(&world.app, Era::Modern).await;
    let state = ask_once(&running).await;

    let other = json!({"system": "statuspage_page", "page_id": known::AUDIENCE_PAGE, "email": known::LEAVER});
    let elsewhere = request("remove_user", &other)
        .with_input_responses(reply(known::LEAVER))
        .with_request_state(state.clone());
    let words = refused(&running, elsewhere).await;
    assert!(words.contains("given for another call"), "{words}");

    let tampered = request("remove_user", &removal())
        .with_input_responses(reply(known::JANE))
        .with_request_state(format!("{}A", &state[..state.len() - 1]));
    let words = refused(&running, tampered).await;
    assert!(words.contains("none that this server knows"), "{words}");
    assert_eq!(world.writes(), Vec::<String>::new());

    let good = request("remove_user", &removal())
        .with_input_responses(reply(known::JANE))
        .with_request_state(state.clone());
    let done = running.call_tool(good.clone()).await.unwrap();
    assert_eq!(status(&done), "applied");
    let replay = running.call_tool(good).await.unwrap();
    assert_eq!(status(&replay), "already");
    assert_eq!(world.writes().len(), 1);
}

async fn refused(running: &Running, request: rmcp::model::CallToolRequestParams) -> String {
    refusal(&running.call_tool(request).await.unwrap())
}

#[tokio::test]
async fn state_without_a_reply_asks_again() {
    let world = world().await;
    let client = Client::with_forms(Does::Declines);
    let running = client.connect(&world.app, Era::Modern).await;
    let state = ask_once(&running).await;
    let bare = request("remove_user", &removal()).with_request_state(state);
    let again = running.call_tool_once(bare).await.unwrap();
    assert!(
        matches!(again, CallToolResponse::InputRequired(_)),
        "{again:?}"
    );
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_reply_from_a_request_that_cannot_show_forms_does_not_count() {
    let world = world().await;
    let client = Client::with_forms(Does::Declines);
    let running = client.connect(&world.app, Era::Modern).await;
    let state = ask_once(&running).await;

    // The same caller, but this request says that its client has no forms: nobody can have been asked.
    let bare = request("remove_user", &removal())
        .with_input_responses(reply(known::JANE))
        .with_request_state(state);
    let plain = Client::without_forms()
        .connect(&world.app, Era::Modern)
        .await;
    let words = refused(&plain, bare).await;
    assert!(words.contains("did not declare"), "{words}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_world_that_changed_while_the_person_read_is_shown_anew() {
    let world = world().await;
    let client = Client::with_forms(Does::Types(known::JANE));
    let running = client.connect(&world.app, Era::Modern).await;
    let state = ask_once(&running).await;

    let grant = json!({"email": known::JANE, "grant": [{"page_id": known::AUDIENCE_PAGE, "roles": ["maintenance_manager"]}]});
    let given = call(&running, "set_permissions", &grant).await;
    assert_eq!(status(&given), "applied", "{}", words(&given));
    let before = world.writes().len();

    let late = request("remove_user", &removal())
        .with_input_responses(reply(known::JANE))
        .with_request_state(state);
    let CallToolResponse::InputRequired(again) = running.call_tool_once(late).await.unwrap() else {
        unreachable!("not asked again");
    };
    let forms = serde_json::to_value(again.input_requests.unwrap()).unwrap();
    let message = forms["confirm"]["params"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("This changed since you agreed"),
        "{message}"
    );
    assert_eq!(world.writes().len(), before);
}

#[tokio::test]
async fn under_token_no_form_is_shown_even_to_a_client_that_could() {
    let world = World::new().await;
    for era in ERAS {
        let client = Client::with_forms(Does::Types(known::JANE));
        let running = client.connect(&world.app, era).await;
        let planned = call(&running, "remove_user", &removal()).await;
        assert_eq!(status(&planned), "confirmation_required");
        assert!(client.seen().is_empty());
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn taking_roles_asks_for_the_address_too() {
    let world = world().await;
    let client = Client::with_forms(Does::Declines);
    let running = client.connect(&world.app, Era::Session).await;
    let held = call(&running, "get_permissions", &json!({"email": known::JANE})).await;
    let pages = held.structured_content.unwrap()["pages"].clone();
    let page = pages[0]["page_id"].clone();
    let revoke = json!({"email": known::JANE, "revoke": [{"page_id": page, "roles": []}]});
    refusal(&call(&running, "set_permissions", &revoke).await);
    client.now(Does::Types(known::JANE));
    let done = call(&running, "set_permissions", &revoke).await;
    assert_eq!(status(&done), "applied");
}
