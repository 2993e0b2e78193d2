//! What a removal of one account leaves is looked up and said.

use serde_json::{Value, json};
use status_roster::sandbox::known::{JANE, PRIVATE_PAGE};
use status_roster::sandbox::{Fault, Faults};

use super::world::{Make, World};

fn about_others(plan: &Value) -> String {
    let warnings = plan["warnings"].as_array().unwrap().iter();
    let said = warnings.filter_map(Value::as_str);
    let about: Vec<&str> = said.filter(|said| said.contains("other account")).collect();
    assert_eq!(about.len(), 1, "{plan}");
    about.concat()
}

async fn everything() -> World {
    Make::everything().world().await
}

#[tokio::test]
async fn the_accounts_that_stay_are_named_for_every_kind_that_is_removed() {
    let world = everything().await;
    let found = world.result("find_person", json!({"email": JANE})).await;
    let accounts = found["records"].as_array().unwrap();
    assert!(accounts.len() > 2, "{found}");
    for system in ["statuspage_team", "atlassian_scim", "statusapp"] {
        let ask = json!({"system": system, "email": JANE});
        let plan = world.result("remove_user", ask).await;
        if plan["status"] == "already" {
            continue;
        }
        let said = about_others(&plan);
        let removed = plan["steps"].to_string();
        let staying = accounts
            .iter()
            .map(|account| account["id"].as_str().unwrap())
            .filter(|id| !removed.contains(id));
        for id in staying {
            assert!(said.contains(id), "{system}: {id} is not in: {said}");
        }
        assert!(said.contains("stay"), "{said}");
        assert!(said.contains("offboard_person"), "{said}");
    }
}

#[tokio::test]
async fn somebody_without_another_account_is_said_to_have_none() {
    let world = everything().await;
    let email = "only.here@example.org";
    world
        .result(
            "add_org_user",
            json!({"email": email, "first_name": "Only", "last_name": "Here"}),
        )
        .await;
    let ask = json!({"system": "statuspage_team", "email": email});
    let plan = world.result("remove_user", ask.clone()).await;
    let said = about_others(&plan);
    assert!(said.starts_with("no other account"), "{said}");
    assert!(!said.contains("Not looked at"), "{said}");

    // The call that confirms does not search again.
    let before = world.sandbox.requests().len();
    let mut confirmed = ask;
    confirmed["confirmation_token"] = plan["confirmation_token"].clone();
    world.result("remove_user", confirmed).await;
    let after = world.sandbox.requests().split_off(before);
    let searches =
        |target: &str| target.contains("page_access_users") || target.contains("subscribers");
    assert!(
        !after.iter().any(|request| searches(&request.target)),
        "{after:?}"
    );
}

#[tokio::test]
async fn what_could_not_be_looked_at_is_said_and_keeps_nobody_from_removing() {
    let world = everything().await;
    let path = format!("/v1/pages/{PRIVATE_PAGE}/page_access_users");
    let mut faults = Faults::next(Fault::Status500, "GET", &path);
    faults.next[0].times = 30;
    world.sandbox.faults(faults);
    let ask = json!({"system": "statuspage_team", "email": JANE});
    let plan = world.result("remove_user", ask).await;
    assert_eq!(plan["status"], "confirmation_required");
    let said = about_others(&plan);
    assert!(said.contains("Not looked at"), "{said}");
}
