//! More changes: one group, one person, one record of the directory.

use serde_json::{Value, json};
use status_roster::sandbox::known::{
    AUDIENCE_PAGE, GROUPS, JANE, JANE_DIRECTORY_USER, JANE_SUBSCRIBER, JANE_USER, LEAVER,
    LEAVER_DIRECTORY_USER, METRIC, PRIVATE_PAGE,
};

use super::job::{Job, Took};
use super::state::{ids, nothing_else, unique_component};
use crate::tools::world::{Make, World, customers};

pub(super) async fn delete_a_group_by_its_name() -> Took {
    let world = World::new().await;
    let (id, name) = GROUPS[7];
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Delete the group Retired resellers");
    let ask = json!({"page_id": "Example Customers", "group_id": name});
    let (_, done) = job.confirm("remove_page_access_group", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &[id]);
    job.took(2, 4_000, 20)
}

pub(super) async fn rename_a_group() -> Took {
    let world = World::new().await;
    let (id, name) = GROUPS[6];
    let before = world.sandbox.world();
    let mut job = Job::of(
        &world,
        "Call the group Trial accounts Evaluation from now on",
    );
    let ask = json!({"page_id": AUDIENCE_PAGE, "group_id": name, "name": "Evaluation"});
    let mut done = job.ask("save_page_access_group", ask.clone()).await;
    let mut calls = 1;
    if done["status"] == "confirmation_required" {
        let mut again = ask;
        again["confirmation_token"] = done["confirmation_token"].clone();
        done = job.ask("save_page_access_group", again).await;
        calls = 2;
    }
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &[id]);
    job.took(calls, 5_000, 14)
}

pub(super) async fn give_a_group_a_component_by_name() -> Took {
    let world = World::new().await;
    let (id, name) = GROUPS[7];
    let (component, _) = unique_component(&world, AUDIENCE_PAGE);
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Retired resellers may see that component");
    let ask = json!({"page_id": AUDIENCE_PAGE, "group_id": name, "add_component_ids": [component]});
    let done = job.ask("save_page_access_group", ask).await;
    assert!(
        ["applied", "already"].contains(&done["status"].as_str().unwrap()),
        "{done}"
    );
    if done["status"] == "applied" {
        nothing_else(&before, &world, &[id]);
    }
    job.took(1, 2_500, 20)
}

pub(super) async fn give_a_customer_a_metric() -> Took {
    let world = World::new().await;
    let one = customers(&world, 1);
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Let this customer see the uptime metric");
    let ask = json!({"page_id": AUDIENCE_PAGE, "email": one[0], "grant_metric_ids": [METRIC]});
    let done = job.ask("change_viewer_access", ask).await;
    assert!(
        ["applied", "already"].contains(&done["status"].as_str().unwrap()),
        "{done}"
    );
    let who = ids(&world, AUDIENCE_PAGE, "viewers", &one);
    if done["status"] == "applied" {
        nothing_else(&before, &world, &[&who[0]]);
    }
    job.took(1, 12_000, 20)
}

pub(super) async fn jane_leaves_a_group() -> Took {
    let world = World::new().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Jane is no Payments customer any more");
    let ask = json!({"page_id": AUDIENCE_PAGE, "email": JANE, "revoke_group_ids": [GROUPS[5].1]});
    let (plan, done) = job.confirm("change_viewer_access", ask).await;
    assert!(plan["losses"].to_string().contains(GROUPS[5].1), "{plan}");
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &["janedoeview1", GROUPS[5].0]);
    job.took(2, 16_000, 26)
}

pub(super) async fn jane_leaves_the_internal_page() -> Took {
    let world = World::new().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Jane no longer needs the internal page");
    let ask = json!({"email": JANE, "revoke": [{"page_id": PRIVATE_PAGE, "roles": []}]});
    let (plan, done) = job.confirm("set_permissions", ask).await;
    assert!(
        plan["steps"].to_string().contains("Example Internal"),
        "{plan}"
    );
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &[JANE_USER]);
    job.took(2, 4_000, 20)
}

pub(super) async fn end_one_subscription() -> Took {
    let world = World::new().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Jane is told no more about the customers' page");
    let ask =
        json!({"system": "statuspage_subscriber", "page_id": "Example Customers", "email": JANE});
    let (_, done) = job.confirm("remove_user", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &[JANE_SUBSCRIBER]);
    job.took(2, 3_500, 20)
}

pub(super) async fn add_a_colleague_to_the_team() -> Took {
    let world = World::new().await;
    let mut job = Job::of(
        &world,
        "Add a colleague who manages incidents of the public page",
    );
    let new = json!({"email": "new.colleague@example.com", "first_name": "New", "last_name": "Colleague"});
    let done = job.ask("add_org_user", new).await;
    assert_eq!(done["status"], "applied", "{done}");
    let ask = json!({"email": "new.colleague@example.com", "grant": [{"page_id": "Example Status", "roles": ["incident_manager"]}]});
    let done = job.ask("set_permissions", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(2, 3_000, 24)
}

pub(super) async fn invite_somebody_to_statusapp() -> Took {
    let world = Make::everything().world().await;
    let mut job = Job::of(&world, "Invite a colleague to StatusApp, to look");
    let new = json!({"email": "looks.only@example.com", "role": "viewer"});
    let done = job.ask("invite_team_member", new).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(1, 1_500, 8)
}

pub(super) async fn jane_has_married() -> Took {
    let world = Make::everything().world().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Jane's last name is Roe now, in the directory");
    let ask = json!({"email": JANE, "last_name": "Roe", "display_name": "Jane Roe"});
    let done = job.ask("update_directory_user", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &[JANE_DIRECTORY_USER]);
    job.took(1, 2_000, 12)
}

pub(super) async fn lena_comes_back() -> Took {
    let world = Make::everything().world().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Lena is back: switch her Atlassian account on");
    let ask = json!({"email": LEAVER, "active": true});
    let done = job.ask("update_directory_user", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &[LEAVER_DIRECTORY_USER]);
    job.took(1, 2_000, 12)
}

pub(super) async fn a_new_hire_gets_an_account() -> Took {
    let world = Make::everything().world().await;
    let mut job = Job::of(
        &world,
        "Make an Atlassian account for somebody who starts on Monday",
    );
    let ask = json!({"email": "starts.monday@example.com", "first_name": "Starts", "last_name": "Monday"});
    let done = job.ask("provision_directory_user", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    job.took(1, 2_000, 12)
}

pub(super) async fn jane_leaves_a_directory_group() -> Took {
    let world = Make::everything().world().await;
    let made = json!({"new_group": "status-writers", "add": [JANE]});
    world.result("change_directory_group", made).await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Jane leaves the directory group status-writers");
    let ask = json!({"group_id": "status-writers", "remove": [JANE]});
    let (_, done) = job.confirm("change_directory_group", ask).await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(&before, &world, &["/atlassian_scim/groups"]);
    job.took(2, 3_500, 16)
}

pub(super) async fn make_the_viewers_equal_a_list() -> Took {
    let make = Make::default();
    let sandbox = status_roster::sandbox::Settings {
        viewers: 40,
        ..make.sandbox.clone()
    };
    let world = Make { sandbox, ..make }.world().await;
    let page = world.stored_page(AUDIENCE_PAGE);
    let rows = page["viewers"].as_array().unwrap().iter();
    let every: Vec<&str> = rows.filter_map(|row| row["email"].as_str()).collect();
    let fine: Vec<&&str> = every
        .iter()
        .filter(|it| it.parse::<status_roster::roster::Email>().is_ok())
        .collect();
    let gone = *fine[fine.len() - 1];
    let mut desired = String::from("Email\n");
    for email in every.iter().filter(|it| **it != gone) {
        desired += &format!("{email}\n");
    }
    desired += "joins@customer.example\n";
    let mut job = Job::of(&world, "Make the viewers equal this list");
    let ask = json!({"page_id": AUDIENCE_PAGE, "desired": desired});
    let (plan, done) = job.confirm("sync_page_viewers", ask).await;
    assert!(plan["losses"].to_string().contains(gone), "{plan}");
    assert_eq!(done["status"], "applied", "{done}");
    let left = world.stored_page(AUDIENCE_PAGE)["viewers"].clone();
    let has = |email: &str| {
        let rows = left.as_array().unwrap().iter();
        rows.clone().any(|row: &Value| row["email"] == email)
    };
    assert!(!has(gone) && has("joins@customer.example"));
    job.took(2, 8_000, 60)
}

pub(super) async fn offboard_one_person() -> Took {
    let world = Make::everything().world().await;
    let before = world.sandbox.world();
    let mut job = Job::of(&world, "Lena has left: take everything");
    let (_, done) = job
        .confirm("offboard_person", json!({"email": LEAVER}))
        .await;
    assert_eq!(done["status"], "applied", "{done}");
    nothing_else(
        &before,
        &world,
        &[
            "lenaleaver",
            LEAVER_DIRECTORY_USER,
            "/subscribers/",
            "/unsubscribed/",
        ],
    );
    job.took(2, 9_000, 60)
}
