//! `offboard_person`: the plan first, then every account in a safe order, and what no API removes is said.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, JANE, JANE_USER, JANE_VIEWER, OWNER, PUBLIC_PAGE,
};
use status_roster::sandbox::{Accounts, Fault, Faults, Settings};

use super::world::{Make, World};

fn jane() -> Value {
    json!({"email": JANE})
}

fn confirmed(plan: &Value, mut arguments: Value) -> Value {
    arguments["confirmation_token"] = plan["confirmation_token"].clone();
    arguments
}

fn statuses(report: &Value) -> Vec<&str> {
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
        .refusal("offboard_person", confirmed(&plan, jane()))
        .await;
    assert!(spent.contains("already"), "{spent}");
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
async fn where_atlassian_accounts_are_used_the_roles_go_and_the_rest_is_said() {
    let make = Make {
        sandbox: Settings {
            accounts: Accounts::Atlassian,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    let plan = world.result("offboard_person", jane()).await;
    let done = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(statuses(&done)[..5], ["applied"; 5]);
    assert_eq!(statuses(&done)[5], "failed");
    assert!(
        done["steps"][5]["detail"]
            .as_str()
            .unwrap()
            .contains("admin.atlassian.com")
    );
    assert!(
        done["residual"]
            .to_string()
            .contains("could not be removed"),
        "{done}"
    );
    assert_eq!(world.stored_member(JANE_USER)["permissions"], json!({}));
}

#[tokio::test]
async fn the_first_failure_stops_the_rest_and_the_next_call_finishes_it() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    world
        .sandbox
        .faults(Faults::next(Fault::Forbidden, "DELETE", "/subscribers/"));
    let stopped = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(stopped["status"], "failed");
    assert_eq!(
        statuses(&stopped),
        [
            "applied",
            "failed",
            "not_attempted",
            "not_attempted",
            "not_attempted",
            "not_attempted"
        ]
    );
    assert!(
        world.stored_member(JANE_USER)["permissions"]
            .as_object()
            .unwrap()
            .len()
            == 3
    );
    world.sandbox.faults(Faults::default());
    let rest = world.result("offboard_person", jane()).await;
    assert_eq!(
        rest["steps"].as_array().unwrap().len(),
        5,
        "only what is left"
    );
    let done = world
        .result("offboard_person", confirmed(&rest, jane()))
        .await;
    assert_eq!(done["status"], "applied");
    let deletes = world
        .writes()
        .into_iter()
        .filter(|it| it.contains(JANE_VIEWER));
    assert_eq!(deletes.count(), 1, "what was done is not done twice");
}

#[tokio::test]
async fn an_account_that_appears_in_between_is_a_new_plan() {
    let world = World::new().await;
    let plan = world.result("offboard_person", jane()).await;
    let add = json!({"page_id": AUDIENCE_PAGE, "email": "other@example.com"});
    world.result("add_page_viewer", add).await;
    let keep = json!({"email": JANE, "keep": ["subscriber"]});
    let keeping = world.result("offboard_person", keep.clone()).await;
    world
        .result("offboard_person", confirmed(&keeping, keep))
        .await;
    let writes = world.writes().len();
    let changed = world
        .result("offboard_person", confirmed(&plan, jane()))
        .await;
    assert_eq!(changed["refused"], "state_changed", "{changed}");
    assert!(
        changed["difference"].to_string().contains("no longer"),
        "{changed}"
    );
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
    assert_eq!(done["status"], "applied");
    assert!(
        done["unknown"].to_string().contains("internalpage"),
        "{done}"
    );
}
