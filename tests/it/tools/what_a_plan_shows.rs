//! Every value that a step writes stands in its words, old and new: for the model, in a form, and for the operator.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, COMPONENT, JANE, JANE_DIRECTORY_USER, JANE_VIEWER,
};

use status_roster::clock::Clock;
use status_roster::store::Store;

use super::whom_a_rule_covers::{cases::cases, given};
use super::world::{Make, World};

/// Every text and number in a value.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.clone())),
        Value::Number(number) => drop(found.insert(number.to_string())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        Value::Null | Value::Bool(_) => {}
    }
}

fn words(step: &Value) -> String {
    format!("{}: {}", step["action"], step["target"])
}

#[tokio::test]
async fn every_value_that_a_step_writes_stands_in_its_words() {
    let mut seen = 0;
    for at in 0.. {
        let world = Make::everything().world().await;
        let mut cases = cases(&given(&world).await);
        if at >= cases.len() {
            break;
        }
        let case = cases.remove(at);
        let mut arguments = case.arguments;
        let shown = format!("{} by {} {arguments}", case.step, case.tool);
        let mut answer = world.result(case.tool, arguments.clone()).await;
        let mut said: Vec<String> = answer["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(words)
            .collect();
        if answer["status"] == "confirmation_required" {
            let summary = answer["summary"].as_str().unwrap();
            assert!(
                summary.contains(" will ") && !summary.contains("are removed"),
                "{summary}"
            );
            arguments["confirmation_token"] = answer["confirmation_token"].clone();
            // Of a longer plan an answer shows the first steps alone.
            if !answer["not_shown"].is_null() {
                continue;
            }
            answer = world.result(case.tool, arguments).await;
            let done: Vec<String> = answer["steps"]
                .as_array()
                .unwrap()
                .iter()
                .map(words)
                .collect();
            assert_eq!(
                said.iter().collect::<BTreeSet<_>>(),
                done.iter().collect(),
                "{shown}"
            );
        }
        let summary = answer["summary"].as_str().unwrap();
        let made = answer["status"] == "applied";
        assert!(
            !made || !summary.contains(" will "),
            "a result is in the past: {answer}"
        );
        said.push(answer["steps"].to_string());
        let said = said.join("\n");
        for line in world.audit().iter().filter(|line| line["kind"] == "intent") {
            let (mut new, mut old) = (BTreeSet::new(), BTreeSet::new());
            texts(&line["target"]["exact"], &mut new);
            texts(&line["before"], &mut old);
            for value in new.difference(&old) {
                assert!(
                    said.contains(value.as_str()),
                    "{shown} hides {value}: {said}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 30, "the record holds what was written: {seen}");
}

#[tokio::test]
async fn a_change_of_several_values_shows_each_old_and_new_and_the_switching_on() {
    let world = Make::everything().world().await;
    let off = json!({"system": "atlassian_scim", "email": JANE});
    confirmed(&world, "remove_user", off).await;
    let change = json!({"email": JANE, "new_email": "eve@example.com", "active": true, "external_id": "other"});
    let plan = world.result("update_directory_user", change).await;
    let step = plan["steps"][0]["action"].as_str().unwrap();
    for words in [
        "switch the whole Atlassian account on",
        "eve@example.com",
        JANE,
        "→ other",
    ] {
        assert!(step.contains(words), "{words}: {step}");
    }
    assert!(
        plan["losses"].to_string().contains("identity provider"),
        "{plan}"
    );
}

async fn confirmed(world: &World, tool: &str, mut arguments: Value) -> (Value, Value) {
    let plan = world.result(tool, arguments.clone()).await;
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    let done = world.result(tool, arguments).await;
    (plan, done)
}

#[tokio::test]
async fn what_a_removal_destroys_and_what_stays_is_named() {
    let world = Make::everything().world().await;
    let viewer =
        json!({"system": "statuspage_page", "page_id": AUDIENCE_PAGE, "user_id": JANE_VIEWER});
    let (plan, done) = confirmed(&world, "remove_user", viewer).await;
    let loss = plan["losses"].to_string();
    let page = world.stored_page(AUDIENCE_PAGE);
    let name = page["name"].as_str().unwrap();
    for words in [
        name,
        "Enterprise EU (groupeurope1)",
        COMPONENT,
        "metrics given directly",
    ] {
        assert!(loss.contains(words), "{words}: {loss}");
    }
    assert!(
        plan["summary"]
            .as_str()
            .unwrap()
            .contains("will be removed"),
        "{plan}"
    );
    let stays = plan["warnings"].to_string();
    assert!(stays.contains("subscription"), "{stays}");
    let done = done["summary"].as_str().unwrap();
    assert!(
        done.contains("was removed") && done.contains("Verified"),
        "{done}"
    );
}

#[tokio::test]
async fn a_result_holds_what_is_now() {
    let world = Make::everything().world().await;
    let grant = json!({"email": JANE, "grant": [{"page_id": AUDIENCE_PAGE, "roles": ["page_configuration"]}]});
    let done = world.result("set_permissions", grant).await;
    let after = &done["steps"][0]["after"];
    let page = &after["pages"]["Example Customers (customerpage)"];
    let roles = page["roles"].to_string();
    assert!(roles.contains("page_configuration"), "{done}");
    let name = json!({"user_id": JANE_DIRECTORY_USER, "last_name": "Roe"});
    let done = world.result("update_directory_user", name).await;
    assert_eq!(done["steps"][0]["after"]["last_name"], "Roe", "{done}");
}

#[tokio::test]
async fn a_group_of_hundreds_is_shown_with_numbers_of_ids() {
    let world = Make::everything().world().await;
    let rename = json!({"page_id": AUDIENCE_PAGE, "group_id": "groupamerica", "name": "US"});
    let done = world.result("save_page_access_group", rename).await;
    let after = &done["steps"][0]["after"];
    assert_eq!(after["name"], "US", "{done}");
    let members = after["member_ids"].as_str().unwrap_or_default();
    assert!(members.ends_with(" ids"), "{done}");
    assert!(done.to_string().len() < 1_500, "{done}");
}

/// What the operator approves is the same text.
#[tokio::test]
async fn the_operator_is_shown_the_same_words() {
    let make = Make {
        more: "[confirmation]\nrequire = \"operator\"".to_owned(),
        ..Make::everything()
    };
    let world = make.world().await;
    let change = json!({"email": JANE, "new_email": "eve@example.com"});
    let plan = world.result("update_directory_user", change).await;
    let step = format!(
        "{}: {}",
        plan["steps"][0]["action"].as_str().unwrap(),
        plan["steps"][0]["target"].as_str().unwrap()
    );
    let store = Store::in_directory(&world.state.path().join("state"), Clock::system()).unwrap();
    let kept = store.plans().await.unwrap();
    let shown = kept[0].shown.as_ref().unwrap();
    assert_eq!(shown.steps, [step.as_str()]);
    assert!(step.contains("eve@example.com"), "{step}");
}
