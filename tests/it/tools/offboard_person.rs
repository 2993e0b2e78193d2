//! `offboard_person`: the plan first, then every account in a safe order, and what no API removes is said.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, JANE, JANE_USER, JANE_VIEWER, LEAVER, OWNER, PUBLIC_PAGE,
};
use status_roster::sandbox::{Accounts, Fault, Faults, Settings};

use super::world::{Make, World};

pub(super) fn jane() -> Value {
    json!({"email": JANE})
}

pub(super) fn confirmed(plan: &Value, mut arguments: Value) -> Value {
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    arguments
}

pub(super) fn statuses(report: &Value) -> Vec<&str> {
    let steps = report["steps"].as_array().unwrap().iter();
    steps.map(|step| step["status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_first_call_plans_in_a_safe_order_and_changes_nothing() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    assert_eq!(plan["status"], "confirmation_required");
    let actions: Vec<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions.len(), 6, "{actions:?}");
    assert!(actions[0].contains("page access user"), "{actions:?}");
    assert!(
        actions[1..4]
            .iter()
            .all(|it| it.contains("subscription") && it.contains("no message")),
        "{actions:?}"
    );
    assert!(actions[4].contains("revoke"), "{actions:?}");
    assert!(actions[5].contains("team member"), "{actions:?}");
    assert!(plan["cost"]["requests"].as_u64().unwrap() >= 12);
    assert!(plan["residual"].to_string().contains("API keys"));
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn every_loss_is_told_once_and_says_whose_it_is() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    let losses: Vec<String> = serde_json::from_value(plan["losses"].clone()).unwrap();
    let whose = |loss: &&String| !loss.to_lowercase().contains(JANE);
    assert_eq!(losses.iter().find(whose), None, "{losses:#?}");
    let mut once = losses.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), losses.len(), "{losses:#?}");
}

#[tokio::test]
async fn the_second_call_removes_every_account_and_tells_nobody() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    let done = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    assert_eq!(statuses(&done), ["applied"; 6]);
    assert_eq!(world.stored_member(JANE_USER), Value::Null);
    for page in [AUDIENCE_PAGE, PUBLIC_PAGE] {
        let stored = world.stored_page(page);
        for kind in ["viewers", "subscribers"] {
            assert!(
                !stored[kind].to_string().to_lowercase().contains(JANE),
                "{page} {kind}"
            );
        }
    }
    assert_eq!(
        world.sandbox.report().mails,
        [],
        "the person is not told by a mail"
    );
    let again = world.result("find_person", jane()).await;
    assert_eq!(again["verdict"], "none");
    let nothing = world.result("offboard_person", jane()).await;
    assert_eq!(nothing["status"], "already");
    let spent = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(spent["status"], "already", "{spent}");
}

#[tokio::test]
async fn what_is_to_be_kept_stays() {
    let world = World::new().await;
    let keep = json!({"email": JANE, "keep": ["team_member", "subscriber"]});
    let plan = world.result("offboard_person", keep.clone()).await;
    let done = world
        .result("offboard_person", confirmed(&plan, keep))
        .await;
    assert_eq!(statuses(&done), ["applied"]);
    assert!(
        !world.stored_page(AUDIENCE_PAGE)["viewers"]
            .to_string()
            .contains(JANE_VIEWER)
    );
    assert_eq!(world.stored_member(JANE_USER)["email"], JANE);
    assert_eq!(world.writes().len(), 1);
}

#[tokio::test]
async fn a_protected_person_is_refused_before_anything_is_read() {
    let make = Make {
        more: format!(
            "[policy]\nprotected_people = [\"{}\"]\n",
            OWNER.to_uppercase()
        ),
        ..Make::default()
    };
    let world = make.world().await;
    let refusal = world
        .refusal("offboard_person", json!({"email": OWNER}))
        .await;
    assert!(refusal.contains("policy.protected_people"), "{refusal}");
    assert_eq!(world.sandbox.report().requests, 0);
}

#[tokio::test]
async fn a_team_that_would_be_empty_is_refused() {
    let make = Make {
        sandbox: Settings {
            team_members: 2,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    let plan = world.result("offboard_person", jane()).await;
    world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    let refusal = world
        .refusal("offboard_person", json!({"email": OWNER}))
        .await;
    assert!(
        refusal.contains("only team member") && refusal.ends_with("Nothing was changed."),
        "{refusal}"
    );
}

#[tokio::test]
async fn where_atlassian_accounts_are_used_that_step_is_left_over_and_the_rest_is_made() {
    let make = Make {
        sandbox: Settings {
            accounts: Accounts::Atlassian,
            ..Make::everything().sandbox
        },
        ..Make::everything()
    };
    let world = make.world().await;
    let plan = world.result("offboard_person", jane()).await;
    let done = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(done["status"], "residual", "{done}");
    let steps = done["steps"].as_array().unwrap();
    for step in steps {
        let refused = step["action"] == "remove the team member from the organization";
        let wanted = if refused { "residual" } else { "applied" };
        assert_eq!(step["status"], wanted, "{step}");
        if refused {
            let detail = step["detail"].as_str().unwrap();
            assert!(detail.contains("admin.atlassian.com"), "{detail}");
        }
    }
    let last = steps.last().unwrap()["action"].as_str().unwrap();
    assert!(last.contains("switch off"), "{done}");
    assert!(
        done["residual"]
            .to_string()
            .contains("could not be removed"),
        "{done}"
    );
    assert_eq!(world.stored_member(JANE_USER)["permissions"], json!({}));
}

#[tokio::test]
async fn what_is_gone_in_between_is_told_and_does_not_void_the_token() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    let keep = json!({"email": JANE, "keep": ["subscriber"]});
    let keeping = world.result("offboard_person", keep.clone()).await;
    world
        .result("offboard_person", confirmed(&keeping, keep))
        .await;
    let writes = world.writes().len();
    let done = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    let told = statuses(&done);
    assert_eq!(told.iter().filter(|it| **it == "applied").count(), 3);
    assert_eq!(told.iter().filter(|it| **it == "already").count(), 3);
    assert_eq!(world.writes().len(), writes + 3);
}

#[tokio::test]
async fn an_account_that_appears_in_between_is_a_new_plan() {
    let world = World::new().await;
    let only = json!({"email": JANE, "keep": ["team_member"]});
    let plan = world.result("offboard_person", only.clone()).await;
    let add = json!({"page_id": "internalpage", "email": JANE});
    let added = world.result("add_subscriber", add).await;
    assert_eq!(added["status"], "applied", "{added}");
    let writes = world.writes().len();
    let changed = world
        .result("offboard_person", confirmed(&plan, only))
        .await;
    assert_eq!(changed["refused"], "state_changed", "{changed}");
    let difference = changed["difference"].to_string();
    assert!(difference.contains("now also"), "{changed}");
    assert_eq!(
        world.writes().len(),
        writes,
        "nothing was sent for a refused token"
    );
}

#[tokio::test]
async fn a_page_that_cannot_be_read_is_told_in_the_plan_and_after_it() {
    let world = World::new().await;
    let mut faults = Faults::next(Fault::Forbidden, "GET", "internalpage/subscribers");
    faults.next[0].times = 2;
    world.sandbox.faults(faults);
    let plan = world.result("offboard_person", jane()).await;
    assert!(
        plan["unknown"].to_string().contains("internalpage"),
        "{plan}"
    );
    assert!(
        plan["warnings"]
            .to_string()
            .contains("could not be looked at")
    );
    let done = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(done["status"], "incomplete", "{done}");
    assert!(
        done["unknown"].to_string().contains("internalpage"),
        "{done}"
    );
}

#[tokio::test]
async fn a_refused_plan_warns_of_what_was_not_warned_of_before() {
    let world = Make::everything().world().await;
    let lena = json!({"email": LEAVER});
    let plan = world.result("offboard_person", lena.clone()).await;
    let whole = "switches off the whole Atlassian account";
    assert!(!plan["warnings"].to_string().contains(whole), "{plan}");
    let on = json!({"email": LEAVER, "active": true});
    let on = world.result("update_directory_user", on).await;
    assert_eq!(on["status"], "applied", "{on}");
    let anew = world
        .result("offboard_person", confirmed(&plan, lena))
        .await;
    assert_eq!(anew["refused"], "state_changed", "{anew}");
    assert!(anew["warnings"].to_string().contains(whole), "{anew}");
    for warning in plan["warnings"].as_array().into_iter().flatten() {
        let again = anew["warnings"].as_array().unwrap().contains(warning);
        assert!(!again, "said before: {warning}");
    }
    assert!(anew.get("losses").is_none() && anew["steps"] == json!([]));
}
