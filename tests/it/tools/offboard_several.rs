//! Several people leave by one plan, grouped by person, with one confirmation and one report; what looking for them costs is said.

use serde_json::{Value, json};
use status_roster::sandbox::known::{JANE, JANE_MEMBER, JANE_USER, LEAVER, OWNER, SHARED};
use status_roster::sandbox::{Accounts, Settings};

use super::offboard_person::confirmed;
use super::world::{Make, World, ask, customers};

const NOBODY: &str = "nobody.at.all@example.org";

fn leavers(emails: &[&str]) -> Value {
    let people: Vec<Value> = emails.iter().map(|email| json!({"email": email})).collect();
    json!({ "people": people })
}

fn whose(report: &Value) -> Vec<&str> {
    let steps = report["steps"].as_array().unwrap().iter();
    let mut people: Vec<&str> = steps.map(|it| it["person"].as_str().unwrap()).collect();
    people.dedup();
    people
}

#[tokio::test]
async fn four_leavers_go_in_two_calls() {
    let world = Make::everything().world().await;
    let customer = customers(&world, 1).remove(0);
    let four = [JANE, LEAVER, customer.as_str(), NOBODY];
    let plan = world.result("offboard_person", leavers(&four)).await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert_eq!(whose(&plan), four[..3], "person by person: {plan}");
    let people = plan["people"].as_array().unwrap();
    assert_eq!(people.len(), 4);
    assert_eq!(people[3]["status"], "already", "{plan}");
    assert!(
        plan["looked"].as_str().unwrap().contains("request"),
        "{plan}"
    );
    assert_eq!(world.writes(), [""; 0]);

    let done = world
        .result("offboard_person", confirmed(&plan, leavers(&four)))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    for person in done["people"].as_array().unwrap() {
        assert_eq!(person["left"], Value::Null, "{person}");
    }
    assert_eq!(done["residual"], json!([]), "the plan said it: {done}");
    assert_eq!(done["losses"], Value::Null);
    assert_eq!(world.stored_member(JANE_USER), Value::Null);
    for email in [JANE, LEAVER, customer.as_str()] {
        let found = world.result("find_person", json!({"email": email})).await;
        let on = |row: &Value| row["status"] != "inactive";
        assert!(
            !found["records"].as_array().unwrap().iter().any(on),
            "{found}"
        );
    }
}

#[tokio::test]
async fn somebody_who_is_not_clear_or_must_stay_does_not_hold_up_the_others() {
    let make = Make {
        sandbox: Settings {
            people: status_roster::sandbox::People::Namesakes,
            ..Make::everything().sandbox
        },
        ..Make::everything()
    };
    let world = make.world().await;
    let plan = world
        .result("offboard_person", leavers(&[JANE, SHARED]))
        .await;
    assert_eq!(plan["status"], "confirmation_required", "{plan}");
    assert_eq!(whose(&plan), [JANE]);
    let unclear = &plan["people"][1];
    assert_eq!(unclear["status"], "failed", "{plan}");
    assert!(
        unclear["summary"]
            .as_str()
            .unwrap()
            .contains("directory_user_id"),
        "{unclear}"
    );
    let done = world
        .result(
            "offboard_person",
            confirmed(&plan, leavers(&[JANE, SHARED])),
        )
        .await;
    assert_eq!(done["status"], "partial", "{done}");
    assert!(
        done["next"].as_str().unwrap().contains("`failed`"),
        "{done}"
    );
}

#[tokio::test]
async fn a_team_is_not_emptied_because_each_of_them_may_go() {
    let make = Make {
        sandbox: Settings {
            team_members: 2,
            ..Make::default().sandbox
        },
        ..Make::default()
    };
    let world = make.world().await;
    let plan = world
        .result("offboard_person", leavers(&[JANE, OWNER]))
        .await;
    let failed: Vec<&Value> = plan["people"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["status"] == "failed")
        .collect();
    assert_eq!(failed.len(), 1, "{plan}");
}

#[tokio::test]
async fn what_one_system_never_accepts_is_left_of_that_person_alone() {
    let make = Make {
        sandbox: Settings {
            accounts: Accounts::Atlassian,
            ..Make::everything().sandbox
        },
        ..Make::everything()
    };
    let world = make.world().await;
    let two = leavers(&[JANE, LEAVER]);
    let plan = world.result("offboard_person", two.clone()).await;
    let done = world.result("offboard_person", confirmed(&plan, two)).await;
    assert_eq!(done["status"], "residual", "{done}");
    let left = done["people"][0]["left"].to_string();
    assert!(
        left.contains("team member") && left.contains("admin.atlassian.com"),
        "{left}"
    );
    assert_eq!(done["people"][1]["status"], "applied", "{done}");
    assert_eq!(done["people"][1]["left"], Value::Null);
}

#[tokio::test]
async fn one_person_costs_two_requests_a_page_and_what_names_what_was_found() {
    let world = World::new().await;
    let pages = world.result("list_pages", json!({})).await["records"]
        .as_array()
        .unwrap()
        .len();
    let lists = || async {
        let before = world.sandbox.requests().len();
        let plan = world
            .result("offboard_person", json!({"email": NOBODY}))
            .await;
        assert_eq!(plan["status"], "already", "{plan}");
        let all = world.sandbox.requests();
        let of_people = |it: &&status_roster::sandbox::Request| {
            it.target.contains("page_access_users") || it.target.contains("subscribers")
        };
        all[before..].iter().filter(of_people).count()
    };
    lists().await;
    // How the searches compare is known now.
    assert_eq!(lists().await, 2 * pages);
}

#[tokio::test]
async fn many_people_are_looked_for_in_the_whole_list_where_that_is_cheaper() {
    let world = World::new().await;
    let many = customers(&world, 50);
    let people: Vec<&str> = many.iter().map(String::as_str).collect();
    let before = world.sandbox.requests().len();
    let plan = world.result("offboard_person", leavers(&people)).await;
    assert_eq!(plan["people"].as_array().unwrap().len(), 50, "{plan}");
    let requests = world.sandbox.requests();
    let of = |part: &str| {
        let rows = requests[before..].iter();
        rows.filter(|it| it.target.contains(part)).count()
    };
    assert!(
        of("email=") <= 3,
        "how the search compares is all that is asked"
    );
    assert!(of("/subscribers") + of("/page_access_users?") < 50);
    let looked = plan["looked"].as_str().unwrap();
    assert!(looked.contains("lists whole"), "{looked}");
}

#[tokio::test]
async fn another_process_finishes_it_with_the_same_token() {
    let world = Make::everything().world().await;
    let two = leavers(&[JANE, LEAVER]);
    let plan = world.result("offboard_person", two.clone()).await;
    let other = world.another().await;
    let done = ask(
        &other,
        "local",
        "offboard_person",
        confirmed(&plan, two.clone()),
    )
    .await;
    let done = done.structured().unwrap();
    assert_eq!(done["status"], "applied", "{done}");
    let again = world.result("offboard_person", confirmed(&plan, two)).await;
    assert_eq!(again["status"], "already", "{again}");
    assert_eq!(again["people"].as_array().unwrap().len(), 2, "{again}");
    assert!(done.to_string().contains(JANE_MEMBER));
}

#[tokio::test]
async fn people_and_one_person_are_not_given_together() {
    let world = World::new().await;
    let mut both = leavers(&[JANE]);
    both["email"] = json!(LEAVER);
    let refusal = world.refusal("offboard_person", both).await;
    assert!(refusal.contains("`people`"), "{refusal}");
    let twice = leavers(&[JANE, LEAVER, "Jane.Doe@example.com"]);
    let refusal = world.refusal("offboard_person", twice).await;
    assert!(refusal.contains("two people"), "{refusal}");
    let many: Vec<String> = (0..51).map(|at| format!("p{at}@example.org")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refusal = world.refusal("offboard_person", leavers(&many)).await;
    assert!(refusal.contains("51"), "{refusal}");
    assert_eq!(world.sandbox.report().requests, 0);
}
